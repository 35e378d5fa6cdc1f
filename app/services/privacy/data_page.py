"""What lies where on this computer, and whom an erasure could name: for Settings › Privacy and data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from app.services.audit import anchor
from app.services.vault import book_keys
from app.store import erasure

if TYPE_CHECKING:
    from app.services.books.open_books import Books


class Place(NamedTuple):
    """`kind`: books, keys, backups, receipts, relay, logs or exports. `relay` is there with one's own keys only."""

    kind: str
    path: Path
    files: int
    size: int


class Named(NamedTuple):
    """A payer or merchant as the transactions show it."""

    name: str
    rows: int


def places(home: Path) -> list[Place]:
    """Return where everything of a home lies, and how large it is."""
    held = [
        _place("books", home / book_keys.BOOKS_FILE, home.glob(book_keys.BOOKS_FILE + "*")),
        _place("keys", home / book_keys.KEYS_FILE, [home / book_keys.KEYS_FILE, home / anchor.ANCHOR_FILE]),
    ]
    # What one's own relay keeps for minutes, so that a link is not lost with it; no backup takes it.
    own = ("relay",) if (home / "relay").is_dir() else ()
    folders = ("backups", "receipts", *own, "logs", "exports")
    return held + [_place(name, home / name, (home / name).rglob("*")) for name in folders]


def _place(kind: str, path: Path, files: Iterable[Path]) -> Place:
    sizes = []
    for each in files:
        try:
            if each.is_file():
                sizes.append(each.stat().st_size)
        except OSError:
            continue  # it went away just now
    return Place(kind, path, len(sizes), sum(sizes))


def names(books: Books) -> list[Named]:
    """Return everybody the transactions name, most rows first."""
    with books.reading():
        counted = Counter(name for row in erasure.named(books.connection) if (name := row.override or row.name))
    return [Named(name, rows) for name, rows in sorted(counted.items(), key=lambda each: (-each[1], each[0]))]
