"""Lists of transactions, for people and as the product's own CSV."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from app.core.books.vocabulary import Kind, Status
from app.core.dates import Day, year_days
from app.core.errors import Refused
from app.core.money import percent_of
from app.services.books.open_books import Books
from app.store.row_filter import Filter
from app.store.transactions import Listed

__all__ = ["Filter", "Listed", "business_cents", "count", "page", "rows", "save_csv", "wanted", "write_csv"]

YOU_LINKED = "You linked it."
_BLOCK = 5000
_MOVEMENTS = frozenset({Kind.TRANSFER, Kind.CARD_PAYMENT})


def wanted(
    books: Books, *, year: int | None = None, first: Day | None = None, last: Day | None = None,
    account: str | None = None, text: str | None = None, line: str | None = None, kind: str | None = None,
    status: str | None = None, business: str | None = None, after: int | None = None,
) -> Filter:  # fmt: skip
    """Return the filter a person asked for. Raises: Refused, NotFound."""
    if year is not None:
        start, end = year_days(year)
        first = start if first is None else max(first, start)
        last = end if last is None else min(last, end)
    if status is not None and status not in set(Status):
        raise Refused(f"“{status}” is not a status.", f"They are: {', '.join(Status)}.")
    if (after, account, line, kind, business) == (None,) * 5:
        return Filter(first=first, last=last, text=text, status=status)
    from app.services.ledger import typed_values, which_account  # noqa: PLC0415 - where something is named only

    if after is not None:
        from app.services.ledger import transactions  # noqa: PLC0415 - half the modules there are, to look up one row

        transactions.existing(books, after)
    return Filter(
        first=first,
        last=last,
        account_id=which_account.existing(books, account).id if account else None,
        text=text,
        line=typed_values.check_line(line) if line else None,
        kind=typed_values.check_kind(kind) if kind else None,
        status=status,
        business_id=typed_values.business(books, business) if business else None,
        after=after,
    )


def count(books: Books, found: Filter) -> tuple[int, int]:
    """Return how many rows a filter finds and their cents; where a list continues does not matter."""
    return books.transactions.count(found._replace(after=None))


class Page(NamedTuple):
    """Rows as far as they were asked for, and how many there are in all."""

    rows: list[tuple[Listed, list[dict[str, Any]], int]]
    total: int
    cents: int


def page(books: Books, found: Filter, limit: int) -> Page:
    """Return the first rows of a filter, 0 = all, with the number of all it finds and their US cents."""
    told = list(rows(books, found, limit))
    if found.after is None and (not limit or len(told) < limit):
        # These are all: nothing is left to be counted.
        cents = (row.cents if row.currency == "USD" else row.usd_cents or 0 for row, _, _ in told)
        return Page(told, len(told), sum(cents))
    return Page(told, *count(books, found))


def rows(books: Books, found: Filter, limit: int) -> Iterator[tuple[Listed, list[dict[str, Any]], int]]:
    """Yield rows, each with its links and its Schedule C cents."""
    listed = books.transactions.listed(found, limit)
    alone = _Alone(books)
    while block := list(islice(listed, _BLOCK)):
        links = _links(books, [row.id for row in block])
        parted = [row.id for row in block if row.is_split or row.fee_cents is not None]
        sums = books.transactions.business_cents(parted) if parted else {}
        for row in block:
            linked = links.get(row.id, [])
            told = alone.told(row) if row.kind in _MOVEMENTS and not linked else row
            yield told, linked, sums.get(row.id, business_cents(row))


class _Alone:
    """Names the account that is missing where only one side of a movement is in the books."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._asked: frozenset[int] | None = None
        self._missing: Callable[[str], str] | None = None
        self._said: dict[str, str] = {}

    def told(self, row: Listed) -> Listed:
        """Return a row without links with what is known of its other side, unless that is asked or a person decided."""
        if row.status == Status.CONFIRMED or row.pending:
            return row
        if self._asked is None:
            self._asked = frozenset(id_ for pair in self._books.pairs.questions() for id_ in (pair.out_id, pair.in_id))
        if row.id in self._asked:
            return row
        said = self._said.get(row.text)
        if said is None:
            words = self._words()(row.text)
            said = self._said[row.text] = f"{words[0].upper()}{words[1:]}."
        return row._replace(reason=f"{row.reason} {said}".strip())

    def _words(self) -> Callable[[str], str]:
        if self._missing is None:
            from app.services.derived import movements  # noqa: PLC0415 - most lists show both sides of all movements

            self._missing = movements.missing_sides(self._books)
        return self._missing


def business_cents(row: Listed) -> int:
    """Return what a whole row puts on its Schedule C line: the rule of the view `lines`."""
    value = row.cents if row.currency == "USD" else row.usd_cents
    if value is None or row.line == "NONE" or row.kind not in {"income", "expense", "refund"} or row.pending:
        return 0
    return percent_of(value, row.percent)


def _links(books: Books, ids: list[int]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for link in books.decisions.links(ids):
        if link.type == "not_a_pair":
            continue
        said = {
            "type": link.type, "cents": link.cents, "fee_cents": link.fee_cents,
            "by": "you" if link.reason is None else "program", "reason": link.reason or YOU_LINKED,
            "score": None if link.score is None else link.score / 100,
        }  # fmt: skip
        for own, other in ((link.first_id, link.second_id), (link.second_id, link.first_id)):
            found.setdefault(own, []).append({"other_id": other, **said})
    return found


def write_csv(books: Books, found: Filter, limit: int, target: BinaryIO) -> int:
    """Stream the own CSV (exports design): one line a row of the view `lines`. Returns the number of lines."""
    from app.adapters import csv_out  # noqa: PLC0415
    from app.core.report import own_csv  # noqa: PLC0415

    stream = io.TextIOWrapper(target, encoding="utf-8", newline="", write_through=False)
    try:
        return csv_out.write_rows(stream, own_csv.COLUMNS, own_csv.transaction_rows(books.lines.listed(found, limit)))
    finally:
        stream.flush()
        stream.detach()


def save_csv(books: Books, found: Filter, path: Path, check: Callable[[], None]) -> int:
    """Write the own CSV to a file, whole or not at all; returns the number of lines.

    Raises: what `check` raises, BadFile, DiskFull, Refused (a name that hides or runs).
    """
    from app.adapters import safe_files  # noqa: PLC0415

    safe_files.refuse_name(path)
    with safe_files.writing(path) as target:
        lines = write_csv(books, found, 0, target)
        check()
    return lines
