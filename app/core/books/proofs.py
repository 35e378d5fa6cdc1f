"""What would show that a row is of a kind, in plain words: it stands beside a question as what could change the answer.

It names papers and facts that a person has or has not; never whether something may be deducted.
"""

from __future__ import annotations

from app.core.books.vocabulary import NO_LINE, Kind

_OF_LINE = {
    "C1": "An invoice of yours to this payer",
    "C2": "An invoice that you gave money back for",
    "C36": "A receipt for things you bought to sell",
    "C38": "A receipt for materials of the things you sell",
    "C6": "A letter or contract that says what the money was for",
    "C8": "An invoice for advertising or printing",
    "C9": "A log of drives for the business",
    "C9A": "A log of drives for the business",
    "C9P": "A receipt for parking or a toll on a drive for a client",
    "C10": "A statement of fees taken for selling or being paid",
    "C11": "An invoice or agreement for work somebody did for your business",
    "C13": "A receipt for equipment that lasts for years",
    "C15": "A policy in the name of the business",
    "C16b": "A statement of interest on a debt of the business",
    "C17": "An invoice for legal or accounting work for the business",
    "C18": "A receipt for something used in the office",
    "C20a": "An agreement for hired equipment or a hired vehicle",
    "C20b": "A lease or membership for a place you work in",
    "C21": "A receipt for repairs of something the business uses",
    "C22": "A receipt for things used up in the work",
    "C23": "A notice for a tax or licence of the business",
    "C24a": "A ticket or booking of a trip for the work",
    "C24b": "A receipt showing a meal with a client",
    "C25": "A bill for a line or service the business uses",
    "C27": "A receipt that says what it was for in the business",
    "C30": "A room used only for the work",
    "S1_HEALTH": "A health policy in your name or the business’s",
    "S1_RETIRE": "A statement of a retirement plan of your own",
}
_OF_KIND: dict[str, str] = {
    Kind.INCOME: "An invoice of yours to this payer",
    Kind.EXPENSE: "A receipt that says what it was for in the business",
    Kind.REFUND: "A credit note that names what was bought",
    Kind.TRANSFER: "The same amount on the other side, in an account of yours",
    Kind.CARD_PAYMENT: "A statement of your card that shows the payment",
    Kind.TAX_PAYMENT: "A confirmation by the tax office",
    Kind.OWNER_DRAW: "The same amount arriving in a private account of yours",
    Kind.OWNER_CONTRIBUTION: "The same amount leaving a private account of yours",
    Kind.LOAN: "A loan agreement",
    Kind.WAGES: "A pay stub",
    Kind.INTEREST: "A bank’s statement of interest",
}


def proof(kind: str, line: str) -> str:
    """Return what would show it; empty for private money, which nothing has to show."""
    if kind == Kind.REFUND and line != "C2":
        return _OF_KIND[Kind.REFUND]
    return _OF_LINE.get(line, "") if line != NO_LINE else _OF_KIND.get(kind, "")
