"""What a backup is called in the window: when, why, how large, what opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.dates import day_of
from app.ui.runtime.when import when_words
from app.ui.sheets.restore_words import size

if TYPE_CHECKING:
    from app.services.backup.backup_page import Row
    from app.services.books.open_books import Books

_WHY = {
    "asked": "made by you", "daily": "automatic", "migration": "before a new version",
    "rotation": "before the key was renewed", "restore": "before a restore", "bulk": "before a large change",
}  # fmt: skip


def moment(stamp: str, books: Books) -> str:
    return when_words(stamp, books.zone(), day_of(books.clock.today())) if stamp else ""


def second(row: Row) -> str:
    """Return the second line of a backup in the list."""
    if row.trouble:
        return row.trouble
    parts = [_WHY.get(row.reason, row.reason)]
    if row.rows is not None:
        parts.append(f"{row.rows:,} transactions")
    parts.append(size(row.size))
    parts.append(f"opens with {ways(row)}")
    if row.tested:
        parts.append("tested")
    return ", ".join(parts)


def ways(row: Row) -> str:
    return " or ".join(row.opens_with) or "the key of these books"
