"""Movements between own accounts: which rows are the two sides of one, and which may be."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from app.core.books.vocabulary import Kind
from app.store.pairs import LegRow, PairRow

if TYPE_CHECKING:
    from app.core.match.transfers import AccountFacts, Leg, Pair, Rival
    from app.services.books.open_books import Books
    from app.store.accounts import Account

CANDIDATE_DAYS = 8
"""Days around a row within which the other side of it may lie."""

LINK_KIND = {
    "transfer": Kind.TRANSFER,
    "card_payment": Kind.CARD_PAYMENT,
    "payout": Kind.TRANSFER,
    "duplicate": Kind.TRANSFER,
}
"""What a link makes of both rows; of other links (refund, chargeback, reimbursement) one row follows the other."""
FUNDING = "funding"
"""A pair of which only the bank's side is a movement: the wallet's side is what was bought."""
SPLIT = "split"
"""A pair that stands for a part: one amount left and arrived as several. Always a question about all of them."""
PAIR_TYPES = frozenset({*LINK_KIND, FUNDING, SPLIT})
"""Pairs that the search for movements between own accounts makes."""


def match(books: Books, legs: list[LegRow], accounts: list[Account]) -> set[PairRow]:
    """Pair the legs of each currency: equal numbers of euros and dollars are no movement of money."""
    barred = _barred(books)
    rows: set[PairRow] = set()
    for currency in {leg.currency for leg in legs}:
        rows |= _match_one(books, [leg for leg in legs if leg.currency == currency], accounts, barred)
    return rows


def _barred(books: Books) -> set[tuple[int, int]]:
    """Return what a person said does not belong together, in both directions."""
    return {
        pair for type_, one, other, _ in books.decisions.decided_links() if type_ == "not_a_pair"
        for pair in ((one, other), (other, one))
    }  # fmt: skip


def _match_one(
    books: Books, legs: list[LegRow], accounts: list[Account], barred: set[tuple[int, int]]
) -> set[PairRow]:  # fmt: skip
    from app.core.match.transfers import pair  # noqa: PLC0415 - not for books of one account

    if len({leg.account_id for leg in legs}) < 2:
        return set()
    found = pair(_told(books, legs), _facts(accounts), barred)
    rows = {_row(each, "linked") for each in found.linked}
    return rows | {_row(each, "question") for question in found.questions for each in question.candidates}


def _row(pair: Pair, state: str) -> PairRow:
    score = round(pair.score * 100)
    return PairRow(pair.out_id, pair.in_id, pair.type, pair.cents, pair.fee_cents, score, state, pair.reason)


def _told(books: Books, legs: list[LegRow]) -> list[Leg]:
    """Return rows as the matcher wants them: with what the bank wrote."""
    from app.core.match.transfers import Leg  # noqa: PLC0415 - as above

    texts = books.descriptors.texts(leg.descriptor_id for leg in legs)
    return [
        Leg(leg.id, leg.account_id, leg.day, leg.cents, leg.phrase, texts[leg.descriptor_id].text) for leg in legs
    ]  # fmt: skip


def _facts(accounts: Iterable[Account]) -> list[AccountFacts]:
    from app.core.match.transfers import AccountFacts  # noqa: PLC0415 - as above

    return [AccountFacts(a.id, a.kind, a.role, a.institution, a.name, a.last4) for a in accounts]


def partners(books: Books, transaction_id: int) -> set[int]:
    """Return the rows that a row pairs with, or may, or that a person linked: they follow each other."""
    found = {number for pair in books.pairs.of(transaction_id) for number in (pair.out_id, pair.in_id)}
    return found | {number for _, *ends, _ in books.decisions.links_touching([transaction_id]) for number in ends}


def rivals(books: Books, transaction_id: int) -> list[Rival]:
    """Return the ways to pair a row with one of another account, best first, as the matcher weighs them now."""
    from app.core.match.transfers import rivals as all_ways  # noqa: PLC0415 - asked for single rows

    row = books.transactions.get(transaction_id)
    if row is None:
        return []
    legs = books.pairs.legs(row.posted_date - CANDIDATE_DAYS, row.posted_date + CANDIDATE_DAYS)
    legs = [leg for leg in legs if leg.currency == row.currency]
    return all_ways(transaction_id, _told(books, legs), _facts(books.accounts.all()), _barred(books))


def missing_side(books: Books, text: str) -> str:
    """Return words for the other side of a movement that pairs with no row here."""
    return missing_sides(books)(text)


def missing_sides(books: Books) -> Callable[[str], str]:
    """Return what gives those words for each text, with the accounts looked at once."""
    from app.core.match.transfers import missing_side as said  # noqa: PLC0415 - asked for rows that stand alone

    facts = _facts(books.accounts.all())
    return lambda text: said(text, facts)
