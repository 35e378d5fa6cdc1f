"""The page with the recovery key: as a PDF to print, or as plain text. Written before the key is in force.

In this order a crash leaves at worst a page whose key opens nothing yet, and never a key that stands on no page.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from app.adapters import safe_files
from app.core.errors import Exists
from app.core.security import recovery

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.core.ports import Randomness
    from app.services.books.open_books import Books

SECRET_SIZE = recovery.SIZE
TITLE = "Recovery key of your 1099 Ops books"
WHAT = "With this key and the books or one of their backups, anyone can open them, on any computer. So can you."
_USE = (
    "To use it: open the books, or restore a backup, and type the key in place of the passphrase. "
    "Small letters, blanks and dashes do not matter; the digit 0 counts as the letter O, the digit 1 as I or L."
)
_ONLY = (
    "Nothing keeps a copy of it: not the program, not its makers. A new recovery key makes this page worthless for "
    "the books, but not for backups made while it was in force."
)
LINES = ("Keep this page where you keep passports and contracts, not with the computer.", _USE, _ONLY)


def write(books: Books, out: Path, *, randomness: Randomness) -> None:
    """Write the page of a new recovery key to a new file, then put the key into force.

    Raises: Exists, BadFile, Busy, as `key_changes.set_recovery_key`; the file is gone again then.
    """
    from app.services.vault import key_changes  # noqa: PLC0415 - `written` alone needs none of it

    secret = randomness.token(recovery.SIZE)
    with_page(
        out, secret, books.clock.today(), lambda: key_changes.set_recovery_key(books, secret, randomness=randomness)
    )


def show(books: Books, say: Callable[[str], object], *, randomness: Randomness) -> None:
    """Say a new recovery key once, then put it into force. Raises: as `key_changes.set_recovery_key`."""
    from app.services.vault import key_changes  # noqa: PLC0415

    secret = randomness.token(recovery.SIZE)
    say(recovery.render(secret) + "\n")
    key_changes.set_recovery_key(books, secret, randomness=randomness)


def with_page(out: Path, secret: bytes, day: date, put_in_force: Callable[[], None]) -> None:
    """Write the page, then do what makes its key open something; without that the page goes again."""
    key = recovery.render(secret)
    data = as_pdf(key, day) if out.suffix.lower() == ".pdf" else as_text(key, day).encode()
    try:
        safe_files.write_atomic(out, data, replace=False)
    except Exists as error:
        raise Exists(
            f"There is a file {safe_files.shown(out)} already; no recovery key is written over anything.",
            "Name a new file.",
        ) from error
    try:
        put_in_force()
    except BaseException:
        safe_files.remove(out)
        raise


def as_text(key: str, day: date) -> str:
    """Return the page as text. The key is the first line, so that the file serves as `--recovery-file` as it is."""
    return "\n\n".join((key, f"{TITLE}, {day.isoformat()}", WHAT, *LINES)) + "\n"


def as_pdf(key: str, day: date) -> bytes:
    """Return the page as a PDF made in memory."""
    from app.adapters import pdf  # noqa: PLC0415 - only for this page

    return pdf.render("recovery", _data(key, day), timestamp=day)


def as_images(key: str, day: date, dpi: int) -> list[bytes]:
    """Return the page as PNG images for a printer, made in memory."""
    from app.adapters import pdf  # noqa: PLC0415 - only for this page

    return pdf.page_images("recovery", _data(key, day), timestamp=day, dpi=dpi)


def _data(key: str, day: date) -> dict[str, object]:
    groups = key.split("-")
    return {
        "title": TITLE, "what": WHAT, "lines": list(LINES), "rows": [groups[:3], groups[3:6], groups[6:]],
        "foot": f"Made {day.isoformat()} by 1099 Ops.",
    }  # fmt: skip
