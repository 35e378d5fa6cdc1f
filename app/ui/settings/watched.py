"""Long work of the settings in the pool, with its progress and Cancel in the status row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.ui.runtime.tasks import Token

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.services.backup.backups import Made
    from app.services.books.open_books import Books
    from app.ui.frame.page import AloneWork, Frame, T, Tell


def run(
    frame: Frame, text: str, work: AloneWork[T], done: Callable[[T], None],
    failed: Callable[[Exception], None] | None = None,
) -> Token:  # fmt: skip
    """Run a read; it gets the books of its thread, a token to ask now and then, and whom to tell how far it is."""
    asked = Token()
    tell: Tell = frame.progress(text, asked)

    def job(books: Books, token: Token) -> T:
        def told(count: int, whole: int) -> None:
            token.check()
            asked.check()
            tell(count, whole)

        return work(books, asked, told)

    def ended(result: T) -> None:
        frame.end_progress()
        done(result)

    def missed(error: Exception) -> None:
        frame.end_progress()
        (failed or frame.fail)(error)

    frame.tasks.run(job, ended, missed)
    return asked


def back_up(frame: Frame, done: Callable[[Made], None] | None = None, *, out: Path | None = None, full: bool = False,
            failed: Callable[[Exception], None] | None = None) -> None:  # fmt: skip
    """Make a backup in the pool and record it on the writer thread; then say so."""

    def write(books: Books, _token: Token, tell: Tell) -> Made:
        from app.services.backup import backups  # noqa: PLC0415 - only when one is made
        from app.services.bank import bank_copies  # noqa: PLC0415 - only when one is made

        return backups.write(
            books.home, books.key_hex(), created=books.stamp(), reason="asked", out=out, full=full, step=tell,
            link=bank_copies.sealed(books),
        )  # fmt: skip

    def record(books: Books, made: Made) -> Made:
        from app.services.backup import backups  # noqa: PLC0415 - loaded already

        backups.record(books, made)
        if out is None:
            backups.prune(books)
        return made

    def recorded(made: Made) -> None:
        where = "" if out is None else f" as {made.file.name}"
        frame.toast(f"Backed up{where} and read back: {made.rows:,} transactions, all equal.", undo=False)
        frame.upkeep.backed_up()
        if done is not None:
            done(made)

    def written(made: Made) -> None:
        frame.tasks.write(lambda books: record(books, made), recorded, failed or frame.fail)

    run(frame, "Backing up", write, written, failed)
