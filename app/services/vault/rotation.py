"""Renew the database key, and with it every key it is wrapped with. Whatever stops it, the books open afterwards.

The steps: alone with the home, enough space, a verified backup; a new key, and `ops.keys` with both generations on
disk; the database re-encrypted in one transaction of its own; read back with the new key and compared; `ops.keys` with
the new generation alone; the old keychain entry last. While both generations stand in the file a rotation is pending:
which one holds is decided by the books themselves, since exactly one key opens them (`settle`).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from app.adapters import safe_files
from app.adapters.home_lock import HomeLock
from app.adapters.safe_files import moving
from app.core.errors import BadFile, Busy, Conflict, DamagedFile, InUse, Locked, WrongPassphrase
from app.core.security import envelope, key_derivation, key_file, recovery, rewrap
from app.core.security.envelope import Mode
from app.core.security.key_file import KeyFile
from app.core.security.wrapping import SLOT_OF_MODE, Way
from app.services.audit.audit_notes import note
from app.services.vault import book_keys, keychain_entries
from app.store import rekey
from app.store.connection import guard, open_connection, opens

if TYPE_CHECKING:
    from app.core.ports import Keychain, Randomness
    from app.core.security.envelope import Keys
    from app.services.books.open_books import Books

SPACE_TENTHS = 22
"""Free space that is needed, in tenths of the size of the books: the write-ahead log holds a whole second copy."""


class Rotated(NamedTuple):
    generation: int
    rows: int
    """Rows of all tables, counted before and after."""
    keychain_renewed: bool


class Settled(NamedTuple):
    """How an interrupted rotation ended (`finished`, `undone`, nothing yet), and the keys that open the books."""

    keys: Keys
    code: str


def free_bytes(home: Path) -> int:
    room = moving.room(home)
    return room if room is not None else 1 << 62  # a disk that cannot be asked is not said to be full


def rotate(
    books: Books, *, passphrase: str | None, keychain: Keychain | None, randomness: Randomness,
    backup: Callable[[Books], object] | None = None, free: Callable[[Path], int] = free_bytes,
    told: Callable[[str], object] = lambda _step: None,
) -> Rotated:  # fmt: skip
    """Renew the keys of open books; they stay open, with the new key. `told` is called with the name of each step.

    No other connection may be open, in this program or another one. Raises: Locked, WrongPassphrase, the keychain's
    errors, InUse, Busy, Conflict (no space), DamagedFile; the books are open with the key that then holds.
    """
    books.refuse_reader()
    with books.lock.exclusive():
        keyfile = book_keys.read_key_file(books.home)
        if keyfile.pending or keyfile.newest.number != books.keys.generation:
            raise Conflict("The keys of these books were changed by another program.", "Open the books again.")
        way = _present_way(books, keyfile, passphrase, keychain)
        _refuse_company(books)
        _refuse_little_space(books.home, free)
        (backup or _back_up)(books)
        told("backed up")
        note(books, "vault.rotation", code="begun", generation=keyfile.newest.number)
        before = rekey.row_counts(books.connection)
        after = _renewed(books, keyfile, way, keychain, randomness, told)
        if after != before:
            raise DamagedFile(
                "The books do not hold as many rows as before the key was renewed.",
                "Restore the backup that was made just before.",
            )
        note(books, "vault.rotation", code="done", generation=books.keys.generation)
        return Rotated(books.keys.generation, sum(after.values()), way.mode is not Mode.PASSPHRASE)


def _renewed(
    books: Books, keyfile: KeyFile, way: Way, keychain: Keychain | None, randomness: Randomness,
    told: Callable[[str], object],
) -> dict[str, int]:  # fmt: skip
    """Do what cannot be undone by hand; however it ends, the books are open with the key that holds."""
    path, old = books.home / book_keys.BOOKS_FILE, books.keys
    dbk = randomness.token(key_derivation.KEY_SIZE)
    new_entry = keychain_entries.entry_name(old.uuid, old.generation + 1)
    new_way = way
    if way.mode is not Mode.PASSPHRASE:
        new_way = way._replace(keychain_key=keychain_entries.put_new(keychain, new_entry, randomness))
    try:
        both = rewrap.begin_rotation(keyfile, old, dbk, new_way, randomness)
        _prove(both, new_way, dbk)
    except BaseException:
        if way.mode is not Mode.PASSPHRASE:
            keychain_entries.forget(keychain, new_entry)
        raise
    books.connection.close()
    try:
        safe_files.write_atomic(books.home / book_keys.KEYS_FILE, both)
        told("both keys written")
        rekey.run(path, old.dbk.hex(), dbk.hex())
        told("re-encrypted")
        counts = rekey.verified_counts(path, dbk.hex())
        told("read back")
    finally:
        # Also after a failure both keys are at hand. Should this fail too, the next opening does it.
        kept = _settle(books.home, old, dbk).keys
        told("one key written")
        connection = open_connection(path, kept.dbk.hex())
        guard(connection)
        books.go_on_with(connection, kept)
        if way.mode is not Mode.PASSPHRASE:
            _forget_other_entry(old.uuid, {old.generation, old.generation + 1}, kept, keychain)
    told("done")
    return counts


def settle(
    home: Path, keys: Keys, *, keychain: Callable[[], Keychain | None], program: str, read_only: bool
) -> Settled | None:
    """End a rotation that was interrupted; None when none was. A reader finds out which key holds and writes nothing.

    Raises: InUse (a rotation is under way just now), Locked (only the other key is at hand), KeysDamaged.
    """
    keyfile = book_keys.read_key_file(home)
    if not keyfile.pending:
        return None
    if read_only:
        return _fitting(home, keyfile, keys)
    lock = HomeLock(home, program)
    lock.acquire_exclusive()
    try:
        keyfile = book_keys.read_key_file(home)
        if not keyfile.pending:
            raise Busy("The keys of these books were changed just now.", "Try again.")
        settled = _fitting(home, keyfile, keys)
        try:
            safe_files.write_atomic(home / book_keys.KEYS_FILE, rewrap.only(keyfile, settled.keys.generation))
        except BadFile:
            # A full disk must not keep the books shut; both keys stay where they are until there is room.
            return settled._replace(code="")
        if envelope.mode_of(keyfile) is not Mode.PASSPHRASE:
            numbers = {each.number for each in keyfile.generations}
            _forget_other_entry(keyfile.uuid, numbers, settled.keys, keychain())
        return settled
    finally:
        lock.release()


def _settle(home: Path, old: Keys, dbk: bytes) -> Settled:
    """End this program's own rotation, finished or failed, with both keys at hand."""
    keyfile = book_keys.read_key_file(home)
    if not keyfile.pending:
        return Settled(old, "undone")
    settled = _fitting(home, keyfile, envelope.with_key(keyfile, dbk))
    safe_files.write_atomic(home / book_keys.KEYS_FILE, rewrap.only(keyfile, settled.keys.generation))
    return settled


def _fitting(home: Path, keyfile: KeyFile, keys: Keys) -> Settled:
    """Return the keys that open the books, of both generations as far as they are at hand. The newer is tried first."""
    at_hand = [keys]
    if keys.generation == keyfile.newest.number:
        at_hand.extend(envelope.with_key(keyfile, dbk) for number, dbk in keys.older().items()
                       if number == keyfile.generations[0].number)  # fmt: skip
    for each in at_hand:
        if opens(home / book_keys.BOOKS_FILE, each.dbk.hex()):
            return Settled(each, "finished" if each.generation == keyfile.newest.number else "undone")
    if len(at_hand) == 1:
        raise Locked(
            "The database key was being renewed when the program was stopped, and what was given opens only the old "
            "one, which does not hold any more.",
            "Open the books once with the passphrase, the keychain or the recovery key.",
        )
    raise book_keys.not_these_books()


def _present_way(books: Books, keyfile: KeyFile, passphrase: str | None, keychain: Keychain | None) -> Way:
    """Return what opens the books now, proved. The new key is wrapped with the same passphrase at the same cost."""
    mode = envelope.mode_of(keyfile)
    slot = keyfile.newest.slot(SLOT_OF_MODE[mode])
    assert slot is not None
    key = stretched = b""
    if mode is not Mode.PASSPHRASE:
        name = keychain_entries.entry_name(books.uuid, books.keys.generation)
        key = keychain_entries.stored(keychain, name)
    if slot.kdf is not None:
        if passphrase is None:
            raise Locked(
                "Renewing the database key takes the passphrase, and it was not given.",
                "Give it at the prompt, with --passphrase-file or with --passphrase-fd.",
            )
        stretched = key_derivation.stretch(passphrase, slot.kdf)
    way = Way(mode, key, stretched, slot.kdf)
    if rewrap.opened_by(keyfile, way) != books.keys.dbk:
        if passphrase is not None and recovery.looks_like_one(passphrase):
            raise Locked(
                "Renewing the database key takes the passphrase itself; the recovery key is not enough.",
                "Set a new passphrase first: ops1099 vault passphrase",
            )
        if slot.kdf is None:
            raise Locked("The keychain holds another key than the one of these books.", "Restore the keychain's entry.")
        raise WrongPassphrase("The passphrase is not the one of these books.", "Check the keyboard layout; try again.")
    return way


def _refuse_company(books: Books) -> None:
    if not rekey.is_alone(books.connection):
        raise InUse(
            "Something else still reads these books, so their key cannot be renewed now.",
            "Close other windows and commands that use them, and try again.",
        )


def _refuse_little_space(home: Path, free: Callable[[Path], int]) -> None:
    path = home / book_keys.BOOKS_FILE
    needed = path.stat().st_size * SPACE_TENTHS // 10
    left = free(home)
    if left < needed:
        raise Conflict(
            f"Renewing the key needs {_megabytes(needed)} of free space beside the books, and "
            f"{left // 1_000_000:,} MB are left.",
            "Free some space and try again. Nothing was changed.",
            code="disk_full",
        )


def _megabytes(size: int) -> str:
    return f"{max(1, -(-size // 1_000_000)):,} MB"


def _back_up(books: Books) -> None:
    """Make a backup under the present key, which stays known under the new one."""
    from app.services.backup import backups  # noqa: PLC0415 - it rests on much that nobody else here needs

    backups.create(books, reason="rotation")


def _prove(data: bytes, way: Way, dbk: bytes) -> None:
    if rewrap.opened_by(key_file.read(data), way) != dbk:
        raise DamagedFile("The new keys do not open the books, so the old ones stay.", "Install 1099 Ops again.")


def _forget_other_entry(uuid: str, numbers: set[int], kept: Keys, keychain: Keychain | None) -> None:
    for number in numbers - {kept.generation}:
        keychain_entries.forget(keychain, keychain_entries.entry_name(uuid, number))
