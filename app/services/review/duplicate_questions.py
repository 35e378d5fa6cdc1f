"""Rows of one account that two sources tell too differently to be taken for one, and too alike for two: asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from app.core.books.vocabulary import NO_LINE
from app.core.dates import Day, iso
from app.services.books.open_books import Books
from app.services.books.work import Work
from app.services.ledger import account_page, row_links, transactions
from app.services.review.review_items import Choice, Item

TYPE = "duplicate"
ONE, TWO = 1, 2
_DAYS = 3


class _Row(NamedTuple):
    id: int
    day: Day
    cents: int
    currency: str
    layout: str


_Spans = dict[str, list[tuple[Day, Day]]]
"""The days that the files of each layout cover."""


def items(books: Books) -> list[Item]:
    """Return a question for each two rows of one account and amount that only one source each tells of.

    Both sources cover both days, so each should have told of both rows. A row entered by hand stands in words of its
    own, so one of a file near it may be the same whatever it says. Two that a person kept apart are not asked about
    again.
    """
    apart = {(min(pair), max(pair)) for pair in books.decisions.kept_apart()}
    skipped: set[int] | None = None
    found = []
    for account in books.accounts.all():
        spans: _Spans = defaultdict(list)
        added: set[str] = set()
        for file in books.accounts.files(account.id):
            if file.first_day is not None and file.last_day is not None:
                spans[file.layout].append((file.first_day, file.last_day))
                added |= {file.layout} if file.added else set()
        pairs = _by_hand(books, account.id, apart) if added else []
        if len(added) > 1:
            taken = {number for pair in pairs for number in pair}
            rows = [_Row(*row) for row in books.told_rows.told_by_one(account.id) if row[0] not in taken]
            pairs += _pairs(rows, spans, apart)
        for one, other in pairs:
            skipped = books.decisions.skipped() if skipped is None else skipped
            if not skipped & {one, other}:
                found.append(_item(books, one, other))
    return found


def _by_hand(books: Books, account_id: int, apart: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return pairs of a row entered by hand and one of a file, the nearest days first; the person's own comes first."""
    edges = [
        (abs(day - other_day), mine, other)
        for mine, day, other, other_day in books.told_rows.near_those_by_hand(account_id, _DAYS)
        if (min(mine, other), max(mine, other)) not in apart
    ]
    taken: set[int] = set()
    found = []
    for _, mine, other in sorted(edges):
        if not taken & {mine, other}:
            taken |= {mine, other}
            found.append((mine, other))
    return found


def _pairs(rows: Sequence[_Row], spans: _Spans, apart: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return pairs of ids, the nearest days first; each row stands in one pair at most."""
    alike: dict[tuple[int, str], list[_Row]] = defaultdict(list)
    for row in rows:
        if row.cents:
            alike[row.cents, row.currency].append(row)
    edges = []
    for group in alike.values():
        for at, one in enumerate(group):
            for other in group[at + 1 :]:
                if other.day - one.day > _DAYS:
                    break
                if one.layout != other.layout and _covers(spans, one, other) and _covers(spans, other, one):
                    edges.append((other.day - one.day, min(one.id, other.id), max(one.id, other.id)))
    taken: set[int] = set()
    found = []
    for _, first, second in sorted(edges):
        if not taken & {first, second} and (first, second) not in apart:
            taken |= {first, second}
            found.append((first, second))
    return found


def _covers(spans: _Spans, one: _Row, other: _Row) -> bool:
    return any(first <= one.day <= last for first, last in spans[other.layout])


def _item(books: Books, one: int, other: int) -> Item:
    rows = [transactions.existing(books, one), transactions.existing(books, other)]
    by_hand = rows[0].file_id is None
    amount = account_page.amount(rows[0].cents, rows[0].currency)
    return Item(
        id=f"{TYPE}-{min(one, other)}-{max(one, other)}", type=TYPE, rows=rows,
        question=f"Are these two one transaction of {amount} in {rows[0].account}?",
        choices=[
            Choice(n=ONE, label="One: keep mine" if by_hand else "One: keep the first", kind="", line=NO_LINE),
            Choice(n=TWO, label="Two: keep both", kind="", line=NO_LINE),
        ],
        reason="You entered one of them by hand; the other came from a file or the bank." if by_hand
        else "Two sources that both cover these days tell of one of them each.",
        evidence=[f"{iso(row.posted_date)}  {row.text}  {row.file or ''}".rstrip() for row in rows],
    )  # fmt: skip


def settle(work: Work, item: Item, choice: Choice) -> None:
    """Put the answer into the books: the second row goes, or the two are never asked about again."""
    kept, other = item.rows
    if choice.n == ONE:
        row_links.merge_in(work, kept, other)
    else:
        work.books.decisions.add_link("not_duplicate", kept.id, other.id, abs(kept.cents))
