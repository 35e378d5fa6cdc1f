"""Backups nobody asks for: before many rows go at once, and after the first change of a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.backup.backups import Made
    from app.services.books.open_books import Books

BULK_ROWS = 50
"""Rows that go at once from which on a backup is made before."""


def before_bulk(books: Books, rows: int) -> Made | None:
    """Make a backup unless few rows go, or the newest one holds the books as they are.

    Raises: DiskFull and its kin; then nothing was changed yet.
    """
    if rows < BULK_ROWS or books.reads_only:
        return None
    from app.services.backup import backups  # noqa: PLC0415 - few changes are that large

    newest = backups.newest(books)
    if newest is not None and not backups.changed_since(books, newest):
        return None
    return backups.create(books, reason="bulk")


def daily_after_change(books: Books, step: Callable[[int, int], None]) -> Made | None:
    """Make today's backup after the first change of a day, for those who never open the window.

    Books that were made today have nothing older to lose yet, so the first day makes none.
    """
    from app.store import operations  # noqa: PLC0415 - only after a change

    made = operations.get(books.connection, operations.first(books.connection))
    if books.reads_only or made is None or made.at[:10] >= books.stamp()[:10]:
        return None
    from app.services.backup import backups  # noqa: PLC0415 - at most once a day

    return backups.daily(books, step=step)
