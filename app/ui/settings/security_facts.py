"""What the security check-up shows, asked of the services in one go."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from app.services.backup.backup_page import Standing
    from app.services.books.open_books import Books
    from app.services.vault.vault_status import Status
    from app.ui.runtime.tasks import Token


class Facts(NamedTuple):
    """Moments are in words, empty where there is none."""

    status: Status
    size: int
    entries: int
    verified: str
    """When the chain was last found whole."""
    checked: str
    """When the books were last checked in this session."""
    backup: Standing
    backed_up: str
    tested: str
    made: str
    passphrase_changed: str
    recovery_changed: str
    renewed: str
    trouble: str
    """What is wrong with the notes of the newest entry outside the books."""


def facts(verified: str, checked: str, books: Books, _token: Token) -> Facts:
    from app.services.audit import anchor, audit_log  # noqa: PLC0415 - the page is painted first
    from app.services.backup import backup_page  # noqa: PLC0415 - the page is painted first
    from app.services.vault import vault_status  # noqa: PLC0415 - the page is painted first

    size = sum(path.stat().st_size for path in books.home.glob("books.db*"))
    newest = audit_log.listed(books, 1)
    status = vault_status.of_books(books)
    standing = backup_page.standing(books)
    beside = anchor.look(books)
    older = "" if beside is anchor.Standing.HOLDS else f"The entries hold, but {_OUTSIDE[beside.value]}"
    return Facts(
        status, size, newest[0].seq if newest else 0, when(verified, books), when(checked, books), standing,
        when(standing.created, books), when(standing.tested, books), when(status.created_at, books),
        when(status.passphrase_changed_at, books), when(status.recovery_changed_at, books),
        when(status.rotated_at, books), older,
    )  # fmt: skip


_OUTSIDE = {
    "older": "these books are older than the ones you last used",
    "changed": "the note of the newest one beside the books was changed",
    "missing": "the note of the newest one beside the books is missing",
    "unknown": "the note of the newest one could not be read",
}


def when(stamp: str | None, books: Books) -> str:
    """Return a moment as people say it: `today 9:12`, `Nov 3`; empty for none."""
    try:
        at = datetime.fromisoformat(stamp or "").astimezone(books.zone())
    except ValueError:
        return ""
    today = books.clock.today()
    if at.date() == today:
        return f"today {at.hour}:{at.minute:02d}"
    return f"{at:%b} {at.day}" if at.year == today.year else f"{at:%b} {at.day}, {at.year}"
