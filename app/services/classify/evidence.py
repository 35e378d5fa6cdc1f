"""The rows that a row belongs to, or may: what a person linked, what the matcher found, what it only asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from app.services.derived import movements
from app.services.ledger import row_links, transactions
from app.store.given_back import BACK_TYPES
from app.store.pairs import PairRow

if TYPE_CHECKING:
    from app.core.dates import Day
    from app.core.match.transfers import Rival
    from app.services.books.open_books import Books
    from app.store.transactions import Listed


class Evidence(NamedTuple):
    """A row this one belongs to, or may."""

    type: str
    transaction_id: int
    day: Day
    cents: int
    account: str
    reason: str
    by_person: bool
    certain: bool
    came_back: bool
    """This row gives back what that one paid, or charged."""
    fee_cents: int = 0
    """What was lost on the way."""
    score: float | None = None
    """How well the two fit by the matcher; None where a person said so."""
    rival: Rival | None = None
    """The next best way to pair this row."""

    @property
    def margin(self) -> float | None:
        """Return by how much the next best way is worse."""
        return None if self.score is None or self.rival is None else round(self.score - self.rival.score, 2)


def of_row(books: Books, row: Listed) -> tuple[Evidence, ...]:
    """Return the rows this one belongs to: by a person's word, as the matcher found, and as it only asks."""
    said = {
        (second if first == row.id else first): PairRow(first, second, type_, cents, 0, 0, "linked", "You linked them.")
        for type_, first, second, cents in books.decisions.links_touching([row.id])
        if type_ in row_links.LINK_TYPES
    }
    found = [_evidence(books, row, other, pair, by_person=True) for other, pair in said.items()]
    for pair in books.pairs.of(row.id):
        other = pair.out_id if pair.in_id == row.id else pair.in_id
        if other not in said:
            found.append(_evidence(books, row, other, pair, by_person=False))
    if any(link.certain and link.type in movements.LINK_KIND and not link.by_person for link in found):
        ways = movements.rivals(books, row.id)
        found = [
            link._replace(rival=next((way for way in ways if way.other_id != link.transaction_id), None))
            if link.type in movements.LINK_KIND and not link.by_person else link
            for link in found
        ]  # fmt: skip
    return tuple(sorted(found, key=lambda link: (not link.certain, link.transaction_id)))


def _evidence(books: Books, row: Listed, other: int, pair: PairRow, *, by_person: bool) -> Evidence:
    there = transactions.existing(books, other)
    return Evidence(
        pair.type, other, there.tax_date, pair.cents or abs(there.cents), there.account, pair.reason, by_person,
        pair.state == "linked", came_back=pair.type in BACK_TYPES and pair.in_id == row.id and not by_person,
        fee_cents=pair.fee_cents, score=None if by_person else pair.score / 100,
    )  # fmt: skip
