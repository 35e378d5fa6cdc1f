"""A new passphrase for books that were opened by their recovery key, where the way they had is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.errors import Locked
from app.core.security import envelope
from app.core.security.envelope import Mode
from app.services.vault import book_keys, key_changes

if TYPE_CHECKING:
    from app.core.ports import Keychain, Randomness
    from app.services.books.open_books import Books


def choose(books: Books, passphrase: str, *, keychain: Keychain | None, randomness: Randomness) -> Mode:
    """Let a passphrase open the books from now on, and return their mode.

    Where the keychain has no key for them any more, as on another computer, the passphrase alone opens them.

    Raises: Refused (too short, too common), Busy, Conflict.
    """
    mode = envelope.mode_of(book_keys.read_key_file(books.home))
    if mode is not Mode.KEYCHAIN:
        try:
            key_changes.change_passphrase(books, passphrase, keychain=keychain, randomness=randomness)
        except Locked:
            if mode is Mode.PASSPHRASE:
                raise
        else:
            return mode
    key_changes.change_mode(books, Mode.PASSPHRASE, passphrase=passphrase, keychain=keychain, randomness=randomness)
    return Mode.PASSPHRASE
