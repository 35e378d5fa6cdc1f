"""What would change the suggestion of a question, made from what the books hold: each is a fact with what follows."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from itertools import islice
from typing import NamedTuple

from app.core.books import naming
from app.core.books.proofs import proof
from app.core.books.vocabulary import NO_LINE, AccountKind, Kind, Role
from app.core.dates import year_of
from app.services.books.open_books import Books
from app.services.derived import group_labels
from app.services.ledger import transactions
from app.services.review.refund_questions import is_won_dispute, purchases
from app.services.review.review_items import Item
from app.store.accounts import Account

_MOST = 4
_PROOFS = 2
_CAR_LINES = frozenset({"C9", "C9A"})
_MOVES = frozenset({Kind.TRANSFER, Kind.CARD_PAYMENT})


class What(StrEnum):
    """The fact that would have to be known."""

    ACCOUNT_MISSING = "account_missing"
    ACCOUNT_ROLE = "account_role"
    VEHICLE_METHOD = "vehicle_method"
    RECEIPT = "receipt"
    ORIGINAL = "original"
    RATE = "rate"
    CONFIRMATION = "confirmation"
    STATEMENT = "statement"


class Change(NamedTuple):
    what: What
    text: str
    """In words, without a full stop: `If this account were for business only`."""
    kind: str = ""
    """What the rows would then be; empty where that depends on what is found."""
    line: str = NO_LINE
    books: bool = False
    """Whether they would then be booked without a question."""

    @property
    def leads_to(self) -> str:
        """Return what it would then be, in the window's short words; empty where that is open."""
        return naming.category(self.kind, self.line) if self.kind else ""


def of(books: Books, item: Item) -> tuple[Change, ...]:
    """Return what would change the suggestion, what is likeliest to be had first."""
    return tuple(islice(_found(books, item), _MOST))


def _found(books: Books, item: Item) -> Iterator[Change]:
    if item.type == "currency":
        yield Change(What.RATE, "Your bank’s rate of that day, or one that was published")
    elif item.type == "tax_payment":
        yield Change(What.CONFIRMATION, "The confirmation of the payment: it names the year and what it is for")
    elif item.type == "duplicate":
        yield Change(What.STATEMENT, "The statement of these days: it shows one of them, or both")
    elif item.type == "transfer":
        yield from _of_legs(books, item)
    elif item.is_about_pairs:
        yield Change(What.RECEIPT, "A credit note that names what was bought")
        yield Change(What.ORIGINAL, "The purchase itself, if it is none of these: in a file not imported yet")
    else:
        yield from _of_rows(books, item)


def _of_legs(books: Books, item: Item) -> Iterator[Change]:
    yield from _missing_accounts(books, item)
    yield Change(What.STATEMENT, "A statement that names the other account or a reference on both sides")


def _of_rows(books: Books, item: Item) -> Iterator[Change]:
    top = item.choices[0]
    account = books.accounts.get(item.rows[0].account_id)
    if any(choice.kind in _MOVES for choice in item.choices[:3]):
        yield from _missing_accounts(books, item)
    if item.type == "refund" and is_won_dispute(item.rows[0]):
        yield Change(What.CONFIRMATION, "The processor’s word on how the dispute ended", Kind.REFUND, "C2")
        return
    if item.type == "refund":
        yield from _purchases(books, item)
    if account is not None:
        yield from _roles(books, item, account)
    if any(choice.line in _CAR_LINES for choice in item.choices):
        yield from _vehicle(books, item)
    others = [choice for choice in item.choices if (choice.kind, choice.line) != (top.kind, top.line)]
    said: set[str] = set()
    for choice in [top] if item.type == "refund" or not any(proof(c.kind, c.line) for c in others) else others:
        words = proof(choice.kind, choice.line)
        if words and words not in said and len(said) < _PROOFS:
            said.add(words)
            yield Change(What.RECEIPT, words, choice.kind, choice.line)


def _purchases(books: Books, item: Item) -> Iterator[Change]:
    """Name the purchase that money back follows, or the file that would hold it."""
    found = purchases(books, item.rows)
    if len(found.linked) == 1 and found.linked[0].is_split:
        return  # it is booked, in parts: which of them came back, only a person knows
    if len(found.linked) == 1:
        when = naming.day_words(found.linked[0].tax_date, year_of(item.rows[0].tax_date))
        yield Change(What.ORIGINAL, f"Booking the purchase of {when}: this follows it")
    elif found.linked or found.possible:
        yield Change(What.ORIGINAL, "Booking the purchases there: this follows them")
    elif not any(choice.line == "C6" for choice in item.choices):  # a bonus of the bank has no purchase
        yield Change(What.ORIGINAL, "Importing the file that holds the purchase")


def _missing_accounts(books: Books, item: Item) -> Iterator[Change]:
    """Name the account on the other side by the digits a text gives for it, else by its kind."""
    from app.core.match.naming import mentions_of  # noqa: PLC0415 - not for questions about costs

    known = {account.last4 for account in books.accounts.all()}
    named = sorted({digits for row in item.rows for digits in mentions_of(row.text).references} - known)
    top = item.choices[0]
    kind = top.kind if top.kind in _MOVES else Kind.TRANSFER
    if named:
        yield Change(What.ACCOUNT_MISSING, f"Importing the account ending {named[0]}", kind)
    elif top.kind in _MOVES and item.type != "transfer":
        whose = "card that was paid" if top.kind == Kind.CARD_PAYMENT else "account on the other side"
        yield Change(What.ACCOUNT_MISSING, f"Importing the {whose}", kind)


def _roles(books: Books, item: Item, account: Account) -> Iterator[Change]:
    """Ask the engine what it would say if the account held one sort of money only."""
    group = transactions.group_of(books, item.rows[0].id)
    now = group_labels.label_as(books, group, account.role)
    thing = "card" if account.kind == AccountKind.CREDIT else "account"
    for role, words in ((Role.BUSINESS, "business only"), (Role.PERSONAL, "private money only")):
        then = group_labels.label_as(books, group, role)
        fits = role != account.role and (role == Role.PERSONAL or then.kind != Kind.PERSONAL)
        if fits and then.auto and (then.kind, then.line, then.auto) != (now.kind, now.line, now.auto):
            text = f"If this {thing} were for {words}"
            yield Change(What.ACCOUNT_ROLE, text, str(then.kind), then.line, books=True)


def _vehicle(books: Books, item: Item) -> Iterator[Change]:
    """Say what the method of the car makes of such rows; it is chosen by vehicle and year."""
    from app.services.report import schedule_facts  # noqa: PLC0415 - few questions are about cars

    year = max(year_of(row.tax_date) for row in item.rows)
    methods = {
        said.method
        for vehicle in schedule_facts.vehicles(books)
        if (said := vehicle.years.get(year)) is not None and said.method
    }
    if methods == {"standard"}:
        yield Change(What.VEHICLE_METHOD, "If the car were on actual costs", Kind.EXPENSE, "C9A")
    elif methods == {"actual"}:
        yield Change(What.VEHICLE_METHOD, "If the car were on the mileage rate: fuel counts in it", Kind.PERSONAL)
    else:
        yield Change(
            What.VEHICLE_METHOD, "Saying whether the car goes by mileage or by actual costs", Kind.EXPENSE, "C9A"
        )
