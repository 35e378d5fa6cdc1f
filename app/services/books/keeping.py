"""What opened books bring with them beside the database: the flow of changes, notes of the newest one, the marker."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from app.core.errors import AppError, Conflict, DamagedBooks
from app.services.books import head_note

if TYPE_CHECKING:
    from app.services.books.open_books import Books
    from app.services.books.work import Operations


class Keeping:
    """One for all connections to the books of a home."""

    def __init__(self) -> None:
        self._since_anchor = 0

    def operations(self, books: Books) -> Operations:
        from app.services.books.unit_of_work import UnitOfWork  # noqa: PLC0415 - reading changes nothing

        return UnitOfWork(books)

    def committed(self, books: Books, *, synced: bool) -> None:
        """Note a change at once; the anchor follows every hundred changes and on closing."""
        from app.services.audit import anchor  # noqa: PLC0415 - only after a change

        head_note.write(books, synced=synced)
        self._since_anchor += 1
        if self._since_anchor >= anchor.EVERY:
            self._since_anchor = 0
            # The change stands, whatever becomes of the note: the next one, or closing, writes it.
            with contextlib.suppress(AppError):
                anchor.write(books)

    def closing(self, books: Books) -> None:
        from app.services.audit import anchor  # noqa: PLC0415 - only after a change

        try:
            with books.noticing():
                anchor.write(books, closing=True)
        except DamagedBooks:
            raise
        except AppError as trouble:
            raise Conflict(
                "What was changed is kept. The disk only refused the note of it that lies beside the books.",
                "Check the disk and how much room it has; the next change writes the note again.", code=trouble.code,
            ) from trouble  # fmt: skip

    def damaged(self, books: Books, trouble: DamagedBooks) -> None:
        from app.services.integrity import damage  # noqa: PLC0415 - rare

        damage.mark(books, trouble)
