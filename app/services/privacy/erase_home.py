"""Erase everything: the keys first, so that no copy of the books' file in this home opens, then all that is here.

A file says that it was begun, before anything goes: a program that is killed on the way goes on at its next start, so
either all is there or nothing opens. Only what the program itself put into the folder is removed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from app.adapters import safe_files
from app.adapters.home_lock import LOCK_FILE, HomeLock
from app.core.errors import AppError, Locked
from app.services.audit import anchor
from app.services.backup import restoring
from app.services.bank import bank_child, bank_leaving, bank_secrets
from app.services.books import head_note
from app.services.books.home_folder import ERASING, FOLDERS
from app.services.privacy import erasure_scope
from app.services.vault import attempts, book_keys, keychain_entries

if TYPE_CHECKING:
    from app.core.ports import Keychain
    from app.services.books.open_books import Books

RECEIPT = "ERASED.txt"
REMOVAL_LIST = "banks-to-end.txt"
"""What is left when linked banks could not be ended: their sealed tokens, which the relay alone can open, signed."""
_LONGEST = 65_536
_FILES = (
    *(book_keys.BOOKS_FILE + end for end in ("", "-wal", "-shm", "-journal", ".new", ".new-wal", ".new-shm")),
    book_keys.KEYS_FILE, anchor.ANCHOR_FILE, head_note.HEAD_FILE, attempts.FILE, "window.ini",
)  # fmt: skip


class Gone(NamedTuple):
    """What was erased, for the receipt and for who asked."""

    home: Path
    keychain: bool
    """False when the keychain could not be asked: an entry without a file it belongs to opens nothing here."""
    elsewhere: tuple[str, ...]
    """Copies in other places. They still open with what opened them."""
    banks_ended: int = 0
    banks_open: int = 0
    """Linked banks that could not be ended at their side, which nobody can do from here any more."""
    removal_list: str | None = None
    """The file by which whoever runs the relay can end them."""


def copies_elsewhere(books: Books) -> tuple[str, ...]:
    """Return the backups the books know of that do not lie in their own folder."""
    home = books.home.resolve()
    return tuple(each for each in erasure_scope.copies(books) if not Path(each).resolve().is_relative_to(home))


def erase(books: Books, keychain: Callable[[], Keychain | None]) -> Gone:
    """Erase these books and all that lies with them; the code was confirmed. The books are closed then.

    Raises: InUse while another program has them open; nothing was erased then.
    """
    home, elsewhere = books.home, copies_elsewhere(books)
    with books.lock.exclusive():
        banks = bank_leaving.leave_all(books)
        if banks.removal_list is not None:
            safe_files.write_atomic(home / REMOVAL_LIST, banks.removal_list.encode("ascii"))
        entries = [*_entries(home), *bank_secrets.entries(books)]
        begun = _Begun(books.uuid, entries, books.stamp(), len(elsewhere), banks.open)
        safe_files.write_atomic(home / ERASING, json.dumps(begun._asdict()).encode())
        books.let_go()
        reached = _wipe(home, begun, keychain)
    books.close()
    safe_files.remove(home / LOCK_FILE)  # where a file that is held cannot be removed
    kept = REMOVAL_LIST if banks.removal_list is not None else None
    return Gone(home, reached, elsewhere, banks.ended, banks.open, kept)


def finish(home: Path, keychain: Callable[[], Keychain | None]) -> None:
    """Go on with an erasure that was cut off. Raises: InUse; BadFile when the folder cannot be written."""
    lock = HomeLock(home, "1099 Ops")
    lock.acquire_exclusive()
    try:
        begun = _begun(home)
        if begun is None or not _is_of_this_home(home, begun):
            # Not written by an erasure of these books: nothing goes because of it.
            safe_files.remove(home / ERASING)
            return
        _wipe(home, begun, keychain)
    finally:
        lock.release()
    safe_files.remove(home / LOCK_FILE)


class _Begun(NamedTuple):
    """What is needed to go on once the keys are gone."""

    uuid: str
    entries: list[str]
    at: str
    elsewhere: int
    banks: int = 0


def _begun(home: Path) -> _Begun | None:
    try:
        held = json.loads(safe_files.read_limited(home / ERASING, _LONGEST))
        return _Begun(
            str(held["uuid"]), [str(each) for each in held["entries"]], str(held["at"]), int(held["elsewhere"]),
            int(held.get("banks", 0)),
        )  # fmt: skip
    except (AppError, ValueError, KeyError, TypeError):
        return None


def _is_of_this_home(home: Path, begun: _Begun) -> bool:
    """Whether the keys that are here, if they can still be read, are those of the books that were to go."""
    try:
        return book_keys.read_key_file(home).uuid == begun.uuid
    except AppError:
        return True


def _entries(home: Path) -> list[str]:
    """Return the names of the keychain's entries for these books; none where no keychain is used."""
    if book_keys.mode_of(home).value == "passphrase":
        return []
    keyfile = book_keys.read_key_file(home)
    numbers = {1, *(each.number for each in keyfile.generations)}
    return [*(keychain_entries.entry_name(keyfile.uuid, n) for n in sorted(numbers)), f"{keyfile.uuid}.anchor"]


def _wipe(home: Path, begun: _Begun, keychain: Callable[[], Keychain | None]) -> bool:
    """Take everything away, the keys first; returns whether the keychain could be asked."""
    safe_files.shred(home / book_keys.KEYS_FILE)
    reached = _forget_entries(begun.entries, keychain)
    for name in (*_FILES, *(path.name for path in home.glob("bank-*.lock"))):
        safe_files.remove(home / name)
    for name in (*FOLDERS, bank_child.FOLDER, restoring.STAGING):
        safe_files.remove_folder(home / name)
    safe_files.remove_parts(home)
    safe_files.write_atomic(home / RECEIPT, _receipt(begun, reached=reached).encode())
    safe_files.remove(home / LOCK_FILE)
    safe_files.remove(home / ERASING)
    safe_files.sync_folder(home)
    return reached


def _forget_entries(names: Iterable[str], keychain: Callable[[], Keychain | None]) -> bool:
    wanted = list(names)
    try:
        store = keychain() if wanted else None
        if store is not None:
            for name in wanted:
                store.delete(name)
    except Locked:
        return False
    return True


def _receipt(begun: _Begun, *, reached: bool) -> str:
    lines = [
        f"The books that were here were erased on {begun.at[:10]} at {begun.at[11:16]} UTC.",
        "Their keys were destroyed first, so no copy of the books' file that was in this folder can be opened.",
    ]
    if begun.elsewhere:
        lines.append(
            f"{begun.elsewhere} backup(s) in other places were out of reach. They still open with the passphrase or "
            "the recovery key of their day: delete them there."
        )
    if begun.banks:
        lines.append(
            f"{begun.banks} linked bank(s) could not be ended at their side. End them at my.plaid.com, or give the "
            f"file {REMOVAL_LIST}, if there is one, to whoever runs your relay."
        )
    if not reached:
        lines.append("The keychain could not be asked; an entry named 1099ops may be left. It opens nothing.")
    return "\n".join([*lines, ""])
