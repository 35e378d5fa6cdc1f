"""An open change and what becomes of it: what it touches is gathered here, and derived rows follow from that."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Protocol

from app.core.dates import Day
from app.store.labels import Group

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

    from app.services.books.open_books import Books
    from app.services.ingest.duplicates import NewRow
    from app.store.descriptors import Text


class Outcome:
    """What a change did. `operation` is None when nothing changed or nothing was to be changed (dry run)."""

    __slots__ = ("operation", "rows")

    def __init__(self) -> None:
        self.operation: int | None = None
        self.rows = 0


class Work:
    """An open operation: what it has touched so far, so that the derived rows can follow.

    `fresh` are the groups of the new rows where an import knows them, else None; `texts` the descriptors it knows;
    `check` is called now and then during long work and may raise Cancelled.
    """

    def __init__(self, books: Books, number: int, first_new: int) -> None:
        self.books = books
        self.id = number
        self.first_new = first_new
        self.marks = books.digest.marks(number)
        books.written.clear()
        self.refs: dict[str, Any] = {}
        self.touched: set[int] = set()
        self.groups: set[Group] = set()
        self.fresh: set[Group] | None = None
        self.texts: dict[int, Text] = {}
        self.spans: list[tuple[Day, Day]] = []
        self.relabel_all = False
        self.rematch_all = False
        self.outcome = Outcome()
        self.audit_body: dict[str, int | str | None] = {}
        self.check: Callable[[], None] = lambda: None

    def touch(self, ids: Iterable[int]) -> None:
        """Say, before it happens, that rows will count as something else: their sums are taken out now."""
        new = {number for number in ids if number < self.first_new} - self.touched
        self.books.totals.forget(new)
        self.touched |= new

    def know(self, texts: Mapping[int, Text], account_id: int, rows: Iterable[NewRow]) -> None:
        """Hand over what an import knows anyway: the texts of its descriptors, and the groups of its new rows."""
        self.texts.update(texts)
        # One whole number each: a hundred thousand tuples take twice as long to tell apart.
        ways = {descriptor_id << 1 | (row[3] >= 0) for descriptor_id, row, _ in rows}
        self.fresh = (self.fresh or set()) | {Group(way >> 1, account_id, way & 1) for way in ways}

    def span(self, first: Day, last: Day) -> None:
        """Say that rows of these days may pair otherwise now."""
        self.spans.append((first, last))


class Operations(Protocol):
    """What opens a change; see `unit_of_work`."""

    def operation(
        self, code: str, *, actor: str = "user", undoes: int | None = None, dry_run: bool = False, durable: bool = False
    ) -> AbstractContextManager[Work]:
        """Run one undoable change."""
