"""What follows from facts and decisions: labels, pairs, sums. One way for imports, edits, rules and undo alike.

`settle` makes the derived rows of what an operation touched; `rebuild` makes all of them. A test holds the two equal.
What each of them is, its own module says: `group_labels`, `movements`, `row_labels`, `refunds`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services.derived import group_labels, movements

if TYPE_CHECKING:
    from app.core.dates import Day
    from app.services.books.open_books import Books
    from app.services.books.work import Work
    from app.store.labels import Group
    from app.store.pairs import PairRow

_REACH = 60
"""Days around a touched span that the matcher looks at again: pairs lie within 7 days, chains of pairs rarely reach."""

_EVER = (-(10**6), 10**6)


def settle(work: Work) -> None:
    """Bring labels, pairs and sums in line with what the operation changed."""
    books = work.books
    last_new = books.transactions.last_id()
    has_new = last_new >= work.first_new
    group_labels.settle(work, _fresh(work, last_new) if has_new else set())
    work.check()
    span = _EVER if work.rematch_all else _union(work, last_new if has_new else None)
    if span:
        _settle_rows(work, *span)
    books.totals.remember(work.touched)
    if has_new:
        books.totals.remember_range(work.first_new, last_new)


def _fresh(work: Work, last_new: int) -> set[Group]:
    if work.fresh is not None:
        return set(work.fresh)
    return work.books.labels.groups_of_range(work.first_new, last_new)


def rebuild(work: Work) -> None:
    """Make everything derived again from nothing."""
    books = work.books
    books.labels.clear()
    books.row_labels.clear()
    books.pairs.clear()
    group_labels.relabel(work, books.labels.groups_in_use())
    _settle_rows(work, *_EVER)
    books.totals.rebuild()


def match_all(work: Work) -> None:
    """Find all pairs and all money back again, with the labels as they are."""
    _settle_rows(work, *_EVER)


def _union(work: Work, last_new: int | None) -> tuple[Day, Day] | None:
    spans = list(work.spans)
    if last_new is not None:
        row = work.books.connection.execute(
            "SELECT MIN(posted_date), MAX(posted_date) FROM transactions WHERE id BETWEEN ? AND ?",
            (work.first_new, last_new),
        ).fetchone()
        if row[0] is not None:
            spans.append((row[0], row[1]))
    if not spans:
        return None
    return min(first for first, _ in spans), max(last for _, last in spans)


def _settle_rows(work: Work, first: Day, last: Day) -> None:
    """Make the pairs and the single-row labels of a span again, and write only what differs."""
    from app.services.derived import refunds, row_labels  # noqa: PLC0415 - most single changes pair nothing anew

    books = work.books
    accounts = books.accounts.all()
    low, high = first - _REACH, last + _REACH
    old_pairs = [pair for pair in books.pairs.dated_in(low, high) if pair.type in movements.PAIR_TYPES]
    legs = books.pairs.legs(low, high) if len(accounts) > 1 else []
    inside = {leg.id for leg in legs}
    gone = {p for p in old_pairs if not _exists(books, p)}
    kept = {p for p in old_pairs if p not in gone and not (p.out_id in inside and p.in_id in inside)}
    kept = {p for p in kept if _reaches_outside(books, p, low, high)}
    busy = {number for pair in kept for number in (pair.out_id, pair.in_id)}
    pairs = movements.match(books, [leg for leg in legs if leg.id not in busy], accounts) | kept
    old = set(old_pairs)
    labels = row_labels.of_span(books, pairs, [leg for leg in legs if leg.id not in busy], accounts, low, high)
    # Of a pair that reaches out of the span, the far leg keeps what it has: not all evidence about it was looked at.
    near = books.transactions.posted_within(labels, low, high)
    labels = {number: row for number, row in labels.items() if number in near}
    known = {n: row for n, row in books.row_labels.posted_in(low, high).items() if row.source != refunds.SOURCE}
    changed = [row for number, row in labels.items() if known.get(number) != row]
    dropped = [number for number in known if number not in labels and number not in busy]
    work.touch([row.transaction_id for row in changed] + dropped)
    books.pairs.drop(old - pairs)
    books.pairs.put(sorted(pairs - old))
    books.row_labels.drop(dropped)
    books.row_labels.put(changed)
    refunds.settle(work, first, last)
    books.row_labels.drop_orphans()


def _exists(books: Books, pair: PairRow) -> bool:
    return books.transactions.exists(pair.out_id) and books.transactions.exists(pair.in_id)


def _reaches_outside(books: Books, pair: PairRow, low: Day, high: Day) -> bool:
    rows = books.connection.execute(
        "SELECT MIN(posted_date), MAX(posted_date) FROM transactions WHERE id IN (?, ?)", (pair.out_id, pair.in_id)
    ).fetchone()
    return bool(rows[0] < low or rows[1] > high)
