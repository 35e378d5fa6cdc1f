"""Finding transactions for the window: ids in an order, the rows of a block, what they come to, and a quick search."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from app.core.books import naming
from app.core.books.naming import Meaning
from app.core.books.vocabulary import Kind, Status
from app.core.dates import Day, year_days, year_of
from app.core.ingest.values import cents_of_typed
from app.services.books.open_books import Books
from app.services.review.merchant_questions import stored_choices
from app.services.tax import taxes
from app.store.row_filter import Filter
from app.store.search import SORTS, Payee
from app.store.transactions import Listed

__all__ = ["SORTS", "Found", "Hits", "Listed", "Payee", "Query", "Shown", "block", "ids", "search", "shown", "totals"]

Direction = Literal["in", "out"]
_OWN = frozenset({Kind.TRANSFER, Kind.CARD_PAYMENT})


class Query(NamedTuple):
    """What a list shows; None and () = any. Amounts are without their sign. Deleted rows only by their status."""

    first: Day | None = None
    last: Day | None = None
    account_ids: tuple[int, ...] = ()
    text: str = ""
    kinds: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    direction: Direction | None = None
    amount_min_cents: int | None = None
    amount_max_cents: int | None = None
    business_id: int | None = None
    sort: str = "date"
    descending: bool = True
    has_question: bool | None = None
    ids: Collection[int] | None = None
    """Exactly these rows, the deleted ones among them too; None = any."""

    def parse_text(self) -> Filter:
        """Return what the store looks for. A text that reads as an amount finds the rows of that amount too."""
        text = " ".join(self.text.split())
        return Filter(
            first=self.first,
            last=self.last,
            business_id=self.business_id,
            account_ids=self.account_ids,
            kinds=self.kinds,
            lines=self.lines,
            statuses=self.statuses,
            money_in=None if self.direction is None else self.direction == "in",
            least=self.amount_min_cents,
            most=self.amount_max_cents,
            anywhere=text or None,
            cents_too=_cents(text),
            has_question=self.has_question,
            ids=self.ids,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the rows of a query come to, in US cents; own transfers and card payments count in no sum."""

    count: int
    in_cents: int
    out_cents: int
    net_cents: int
    transfers_left_out: int
    questions: int
    """Rows with an open question."""
    foreign_left_out: int
    """Rows in another currency without a rate: they count in no sum."""


class Shown(NamedTuple):
    """The words of one row of the table. `payee` of a movement between own accounts names the other account."""

    payee: str
    category: str
    line: str
    has_question: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """What the command palette shows for a text. `count` is of all transactions that match."""

    payees: list[Payee]
    transactions: list[Listed]
    count: int


def _cents(text: str) -> int | None:
    if not any(mark.isdigit() for mark in text):
        return None
    try:
        return abs(cents_of_typed(text))
    except ValueError:
        return None


def ids(books: Books, query: Query) -> array[int]:
    """Return the ids of all rows found, in order. Raises: Cancelled."""
    with books.reading():
        return books.search.ids(query.parse_text(), query.sort, descending=query.descending)


def block(books: Books, numbers: Sequence[int]) -> list[Listed]:
    """Return the rows for some ids, in that order; ids that are gone are left out."""
    with books.reading():
        return books.transactions.block(numbers)


def totals(books: Books, query: Query) -> Found:
    """Return what the rows found come to. Raises: Cancelled."""
    with books.reading():
        sums = books.search.sums(query.parse_text())
    return Found(
        count=sums.rows,
        in_cents=sums.in_cents,
        out_cents=sums.out_cents,
        net_cents=sums.in_cents + sums.out_cents,
        transfers_left_out=sums.own,
        questions=sums.questions,
        foreign_left_out=sums.without_usd,
    )


def shown(books: Books, rows: Sequence[Listed]) -> list[Shown]:
    """Return what stands in the payee, category and line columns of each row."""
    known = books.transactions.merchant_keys([row.id for row in rows])
    moved = [row for row in rows if row.kind in _OWN and row.status != Status.SUGGESTED]
    others = _other_accounts(books, moved) if moved else {}
    return [_shown(row, *known.get(row.id, ("", None)), others.get(row.id)) for row in rows]


def _shown(row: Listed, key: str, choices: str | None, other: str | None) -> Shown:
    payee = row.merchant or naming.payee(key, row.text)
    if other is not None:
        payee = _moved(row, other)
    if row.is_split:
        return Shown(payee, "Split", naming.DASH, has_question=False)
    line = naming.line_code(row.line, year_of(row.tax_date))
    if row.status != Status.SUGGESTED:
        return Shown(payee, naming.category(row.kind, row.line), line, has_question=False)
    options = [
        Meaning(row.kind, row.line),
        *[Meaning(c.kind, c.line) for c in stored_choices(choices)],
    ]
    words = naming.suggestion(list(dict.fromkeys(options)), row.confidence, money_in=row.cents >= 0)
    return Shown(payee, words, naming.DASH if words == naming.CHOOSE else line, has_question=True)


def _moved(row: Listed, other: str) -> str:
    if row.kind == Kind.CARD_PAYMENT:
        return f"{other} payment" if row.cents < 0 else "Card payment"
    return f"To {other}" if row.cents < 0 else f"From {other}"


def _other_accounts(books: Books, rows: Sequence[Listed]) -> dict[int, str]:
    """Return the account at the other end of movements whose both sides are in the books."""
    ids_here = {row.id for row in rows}
    ends: dict[int, int] = {}
    for type_, first_id, second_id, *_ in books.decisions.links(sorted(ids_here)):
        if type_ in {"transfer", "card_payment", "payout", "funding"}:
            ends |= {own: far for own, far in ((first_id, second_id), (second_id, first_id)) if own in ids_here}
    account_of = {row.id: row.account_id for row in books.transactions.block(sorted(set(ends.values())))}
    labels = {a.id: naming.account_short(a.name, a.last4, a.institution) for a in books.accounts.all()}
    return {own: labels[account_of[far]] for own, far in ends.items() if far in account_of}


def search(books: Books, text: str, limit: int = 5) -> Hits:
    """Return the payees and the newest transactions a text finds. Raises: Cancelled."""
    words = " ".join(text.split())
    if not words:
        return Hits(payees=[], transactions=[], count=0)
    first, last = year_days(year_of(taxes.today(books)))
    with books.reading():
        found = ids(books, Query(text=words))
        return Hits(
            payees=[
                payee._replace(name=naming.payee(payee.name))
                for payee in books.search.payees(words, first, last, limit)
            ],
            transactions=block(books, found[:limit]),
            count=len(found),
        )
