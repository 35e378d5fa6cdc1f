"""Open a backup with what a person gave, and prove what is in it: the same steps for every use of a backup."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from app.adapters import backup_file, safe_files
from app.adapters.backup_file import Found, Step
from app.adapters.clock import SystemClock
from app.core.errors import AppError, DamagedBooks, Locked, WrongPassphrase
from app.core.ports import Keychain
from app.core.security import backup_container, envelope
from app.core.security.backup_container import BackupKeys, Header
from app.core.security.backup_facts import Compared, Facts, compare
from app.core.security.envelope import Keys, Mode
from app.core.security.key_file import SlotKind
from app.services.audit import audit_chain
from app.services.backup.restoring import BACKUPS
from app.services.books.open_books import Books, Unlock
from app.services.vault import attempts, book_keys
from app.store import backup, migrate

OBJECTS = "objects"


def silent(_done: int, _total: int) -> None:
    """Tell nobody how far the work is."""


class Opened(NamedTuple):
    """A backup with its keys. Nothing is proved about its content yet."""

    found: Found
    keys: Keys
    backup_keys: BackupKeys
    facts: Facts

    @property
    def header(self) -> Header:
        return self.found.header

    def __repr__(self) -> str:
        return f"Opened({str(self.found.path)!r})"


class Proof(NamedTuple):
    """What was found when the database inside was opened afresh. Damage of the file itself is raised, never listed."""

    sha256: str
    compared: tuple[Compared, ...]
    """What it holds against what was written down when it was made."""
    sound: tuple[Compared, ...]
    """What the books themselves state: every audit entry, and every row as it was last written."""

    @property
    def ok(self) -> bool:
        return all(each.equal for each in (*self.compared, *self.sound))


def open_backup(
    path: Path, unlock: Unlock, *, keychain: Callable[[], Keychain | None], known: Keys | None = None,
    home: Path | None = None,
) -> Opened:  # fmt: skip
    """Read a backup's beginning and unlock it.

    `known` are open keys of the same books: they open it however the keys were changed since. Else what was given is
    tried on the ways of that day, and last on those of the `home` today, whose keys know the older ones.

    Raises: BadFile, DamagedFile, NewerSchema, and every unlocking error of the contract.
    """
    found = backup_file.find(path)
    header = found.header
    keys = _by_known(header, known) or _by_what_was_given(header, unlock, keychain, home)
    backup_keys = backup_container.open_key(header, keys.dbk)
    return Opened(found, keys, backup_keys, backup_keys.facts(header))


def _by_known(header: Header, known: Keys | None) -> Keys | None:
    if known is None or known.uuid != header.uuid:
        return None
    with contextlib.suppress(Locked):
        return envelope.with_key(header.keyfile, known.dbk)
    older = known.older().get(header.generation)
    return None if older is None else envelope.with_key(header.keyfile, older)


def _by_what_was_given(
    header: Header, unlock: Unlock, keychain: Callable[[], Keychain | None], home: Path | None
) -> Keys:
    """Try what a person gave. On the computer of these books a wrong passphrase counts as one at their own door."""
    today = _key_file_of(home, header)
    watched = home if today is not None and unlock.key_hex is None else None
    now = SystemClock("UTC").now()
    if watched is not None:
        attempts.refuse_too_soon(watched, now)
    try:
        return unlocked(header.keyfile, unlock, keychain)
    except Locked as error:
        if today is not None:
            with contextlib.suppress(AppError):
                keys = _by_known(header, unlocked(today, unlock._replace(ask=None), keychain))
                if keys is not None:
                    return keys
        if watched is not None and isinstance(error, WrongPassphrase):
            attempts.note_failure(watched, now)
        if unlock.key_hex is None:
            raise
        raise Locked(
            "The key given is not the one of this backup.",
            f"Open it with the {_or(header.opens_with)} that was valid on {header.created[:10]}.",
        ) from error


def _key_file_of(home: Path | None, header: Header) -> envelope.KeyFile | None:
    """Return the key file of a home if it is that of the books a backup was made of."""
    if home is None:
        return None
    try:
        found = book_keys.key_file_alone(home)
    except AppError:
        return None
    return found if found.uuid == header.uuid else None


def unlocked(keyfile: envelope.KeyFile, unlock: Unlock, keychain: Callable[[], Keychain | None]) -> Keys:
    """Return the keys of a key file that lies in a home or in a backup. Raises: Locked and its kin, KeysDamaged."""
    if unlock.key_hex is not None:
        return book_keys.keys_of(keyfile, key_hex=unlock.key_hex)
    if unlock.recovery_key is not None:
        return book_keys.keys_of(keyfile, recovery_key=unlock.recovery_key)
    mode = envelope.mode_of(keyfile)
    passphrase = unlock.passphrase
    if mode is not Mode.KEYCHAIN and passphrase is None and unlock.ask:
        passphrase = unlock.ask()
    try:
        return book_keys.keys_of(
            keyfile, passphrase=passphrase, keychain=None if mode is Mode.PASSPHRASE else keychain()
        )
    except Locked:
        # On another computer the keychain is of no use, and the recovery key is.
        if mode is not Mode.KEYCHAIN or keyfile.newest.slot(SlotKind.RECOVERY) is None or unlock.ask is None:
            raise
        return book_keys.keys_of(keyfile, passphrase=unlock.ask())


def _or(words: tuple[str, ...]) -> str:
    return " or the ".join(words) or "key"


def refuse_newer(header: Header) -> None:
    """Raises: NewerSchema for a backup of a later program's books."""
    migrate.refuse_newer(header.schema_version)


@contextlib.contextmanager
def unpacked(
    opened: Opened, work: Path, *, objects: Path | None = None, step: Step = silent
) -> Iterator[tuple[Path, str]]:
    """Take the database out of a backup into a workplace, gone in the end; with the SHA-256 of the file."""
    image = work / "image.db"
    try:
        yield image, backup_file.unpack(opened.found, opened.backup_keys, image, objects, step)
    finally:
        safe_files.remove(image)


def prove(opened: Opened, image: Path, sha256: str) -> Proof:
    """Open the database that was taken out with a connection of its own and compare it with what was written down.

    Raises: DamagedFile when it cannot be read as a whole.
    """
    with _as_damage(), backup.opened(image, opened.backup_keys.image_hex) as connection:
        backup.refuse_damage(connection)
        version = migrate.version_of(connection)
        compared = (
            Compared("format", str(opened.header.schema_version), str(version)),
            *compare(opened.facts, backup.facts(connection)),
        )
        return Proof(sha256, compared, sound(Books(image.parent, connection, opened.keys, SystemClock("UTC"), None)))


@contextlib.contextmanager
def _as_damage() -> Iterator[None]:
    """Say of the backup what the database says of its file, so that it is not taken for damage of the books."""
    try:
        yield
    except DamagedBooks as error:
        raise backup_container.damaged("the books in it cannot be read as a whole") from error


def sound(copy: Books) -> tuple[Compared, ...]:
    """Return whether each audit entry and each row of a copy is as it was written. Older forms keep no sum of rows."""
    chain = "every entry holds" if audit_chain.holds(copy.connection, copy.keys) else "an entry was changed"
    found = [Compared("audit log", "every entry holds", chain)]
    if copy.schema_version == migrate.CURRENT:
        proof = copy.digest.prove(lambda: None)
        whole = proof.kept and proof.sum_holds and not proof.bad
        found.append(Compared("every single row", "as last written", "as last written" if whole else "not all are"))
    return tuple(found)


def missing_receipts(opened: Opened, step: Step = silent) -> list[str]:
    """Return the names of receipts that are not whole beside the file. Packed ones are proved with the file."""
    if opened.header.full:
        return []
    store = opened.found.path.parent / OBJECTS
    missing = []
    for number, receipt in enumerate(opened.header.receipts):
        step(number, len(opened.header.receipts))
        try:
            whole = backup_file.sha256(store / receipt.sha256) == receipt.sha256
        except AppError:
            whole = False
        if not whole:
            missing.append(receipt.sha256)
    return missing


@contextlib.contextmanager
def workspace(home: Path | None) -> Iterator[Path]:
    """Give a private folder for what is taken out of a backup: in the home if there is one. It is gone in the end."""
    if home is not None and (home / BACKUPS).is_dir():
        with safe_files.workplace(home / BACKUPS / "look") as work:
            yield work
        return
    folder = safe_files.temporary_folder("1099ops-look-")
    try:
        yield folder
    finally:
        safe_files.remove_folder(folder)


def require(opened: Opened, image: Path, sha256: str) -> Proof:
    """As `prove`, for a database that is to be used. Raises: DamagedFile also when anything differs."""
    proof = prove(opened, image, sha256)
    require_equal(proof)
    return proof


def require_equal(proof: Proof) -> None:
    """Raises: DamagedFile naming the first thing that differs."""
    if not proof.ok:
        first = next(each.what for each in (*proof.compared, *proof.sound) if not each.equal)
        raise backup_container.damaged(f"it does not hold what was written down when it was made ({first})")
