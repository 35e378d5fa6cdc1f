"""Make backups, list them, prove them, let old ones go.

A backup is written, synced, read back from the disk, opened with a connection of its own and compared with what the
books held; only then does it get its name and count. Nobody is asked anything: its key is sealed under the key of the
open books, and the ways to open it are those of the books on that day.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from app.adapters import backup_file, safe_files
from app.adapters.backup_file import Step
from app.adapters.randomness import OsRandomness
from app.adapters.safe_files import moving
from app.core.errors import AppError, DamagedBooks, Refused
from app.core.ports import Keychain, Randomness
from app.core.product import APP_VERSION
from app.core.security import backup_container, backup_generations, envelope, rewrap
from app.core.security.backup_container import SUFFIX, BackupKeys, Header, Reason, Receipt
from app.core.security.backup_facts import Compared
from app.core.security.backup_generations import Dated
from app.core.security.key_derivation import KEY_SIZE
from app.services.audit.audit_notes import note, noting
from app.services.backup import backup_opening, restoring
from app.services.backup.backup_opening import OBJECTS, Opened, silent
from app.services.backup.restoring import BACKUPS
from app.services.bank import bank_copies
from app.services.books.open_books import Books, Unlock
from app.services.ledger import receipt_files
from app.services.vault import book_keys
from app.store import audit, backup, migrate
from app.store.connection import Connection, open_connection

_MARGIN = 1_000_000
"""Bytes of room beyond what is counted."""


class Made(NamedTuple):
    """A backup that was written and verified."""

    file: Path
    created: str
    reason: str
    rows: int
    totals_equal: bool
    audit_seq: int
    audit_mac: str
    portable: bool
    opens_with: tuple[str, ...]
    receipts: int
    damaged_receipts: tuple[str, ...]
    full: bool
    size: int
    sha256: str


class Listed(NamedTuple):
    """A file in the folder of backups; `trouble` says why it is no use, and then there is no header."""

    file: Path
    size: int
    header: Header | None
    trouble: AppError | None


class Verified(NamedTuple):
    """The full check of one backup: every byte, every page, and what it holds."""

    file: Path
    header: Header
    rows: int
    compared: tuple[Compared, ...]
    sound: tuple[Compared, ...]
    missing_receipts: tuple[str, ...]
    sha256: str

    @property
    def totals_equal(self) -> bool:
        return all(each.equal for each in self.compared)

    @property
    def ok(self) -> bool:
        return self.totals_equal and all(each.equal for each in self.sound) and not self.missing_receipts


def create(books: Books, *, reason: str, out: Path | None = None, full: bool = False, step: Step = silent) -> Made:
    """Make a backup of open books, verified before it counts, and let go what it makes superfluous.

    Raises: Conflict disk_full, Exists, BadFile, DamagedFile; then no file of the final name is there.
    """
    made = write(
        books.home, books.key_hex(), created=books.stamp(), reason=reason, out=out, full=full, step=step,
        link=bank_copies.sealed(books),
    )  # fmt: skip
    record(books, made)
    if out is None and not books.reads_only:
        prune(books)
    return made


def write(
    home: Path, key_hex: str, *, created: str, reason: str, out: Path | None = None, full: bool = False,
    step: Step = silent, randomness: Randomness | None = None, link: Mapping[str, str] | None = None,
) -> Made:  # fmt: skip
    """Write and verify one backup of a home with its database key. It opens its own connections: any thread may.

    `link` is what `bank_copies.sealed` gave of what the keychain holds for linked banks.
    """
    reason = Reason(reason)
    safe_files.private_folder(home / BACKUPS, within=home)
    folder = home / BACKUPS if out is None else out
    final = _free_name(folder, created, reason) if folder.is_dir() else folder
    safe_files.refuse_name(final)
    backup_file.refuse_existing(final)
    with safe_files.workplace(home / BACKUPS / final.name) as work, safe_files.workplace(final) as beside:
        part = beside / final.name
        damaged = _write_part(
            home, key_hex, work, part, created, reason, step, randomness or OsRandomness(), full=full, link=link
        )
        made = _verified(part, key_hex, final, work, damaged, step)
        moving.move_new(part, final)
    return made


def _write_part(
    home: Path, key_hex: str, work: Path, part: Path, created: str, reason: Reason, step: Step,
    randomness: Randomness, *, full: bool, link: Mapping[str, str] | None,
) -> tuple[str, ...]:  # fmt: skip
    books_file = home / book_keys.BOOKS_FILE
    receipts, damaged = _whole_receipts(home, full=full)
    packed = sum(each.size for each in receipts) if full else 0
    backup_file.require_space(home, 2 * books_file.stat().st_size + packed + _MARGIN)
    backup_file.require_space(part.parent, books_file.stat().st_size + packed + _MARGIN)
    dbk = bytes.fromhex(key_hex)
    keyfile = book_keys.read_key_file(home)
    generation = envelope.with_key(keyfile, dbk).generation
    backup_key = randomness.token(KEY_SIZE)
    keys = BackupKeys(backup_key)
    image = work / "image.db"
    safe_files.new_empty(image)
    source = open_connection(books_file, key_hex, read_only=True)
    try:
        facts = backup.snapshot(source, image, keys.image_hex, step)
        version = migrate.version_of(source)
    finally:
        source.close()
    start = backup_container.build(
        keys=rewrap.only(keyfile, generation), dbk=dbk, backup_key=backup_key, facts=facts,
        created=created, schema_version=version, app_version=APP_VERSION, reason=str(reason),
        image_size=image.stat().st_size, receipts=receipts, full=full, randomness=randomness, link=link,
    )  # fmt: skip
    pieces = [(image, image.stat().st_size)]
    if full:
        pieces += [(home / receipt_files.FOLDER / each.sha256, each.size) for each in receipts]
    backup_file.write(part, start, pieces, keys.trailer, step)
    safe_files.remove(image)
    return damaged


def _verified(part: Path, key_hex: str, final: Path, work: Path, damaged: tuple[str, ...], step: Step) -> Made:
    """Prove the file that was written, by the steps any later reader takes."""
    opened = backup_opening.open_backup(part, Unlock(key_hex=key_hex), keychain=lambda: None)
    with backup_opening.unpacked(opened, work, step=step) as (image, sha256):
        proof = backup_opening.prove(opened, image, sha256)
    if all(each.equal for each in proof.compared) and not proof.ok:
        raise DamagedBooks(
            "The books are damaged, so what would be backed up is not what was last written.",
            "No backup was made, and older ones stay. Check the books with: ops1099 doctor",
        )
    backup_opening.require_equal(proof)
    header, facts = opened.header, opened.facts
    return Made(
        file=final, created=header.created, reason=header.reason, rows=facts.rows, totals_equal=True,
        audit_seq=facts.audit_seq, audit_mac=facts.audit_mac, portable=header.portable,
        opens_with=header.opens_with, receipts=len(header.receipts), full=header.full, size=opened.found.size,
        sha256=sha256, damaged_receipts=damaged,
    )  # fmt: skip


def _whole_receipts(home: Path, *, full: bool) -> tuple[tuple[Receipt, ...], tuple[str, ...]]:
    """Return the receipts a backup holds, and the names of damaged ones, which must not keep the books from it.

    A scheduled backup leaves each receipt in the folder of objects, where it is stored once for all backups.
    """
    store = home / BACKUPS / OBJECTS
    receipts = receipt_files.stored(home)
    if receipts and not full:
        safe_files.private_folder(store, within=home)
    whole: list[Receipt] = []
    damaged: list[Receipt] = []
    for receipt in receipts:
        source, target = home / receipt_files.FOLDER / receipt.sha256, store / receipt.sha256
        good = backup_file.sha256(source) == target.name if full else target.exists() or _store(source, target)
        (whole if good else damaged).append(receipt)
    return tuple(whole), tuple(each.sha256 for each in damaged)


def _store(source: Path, target: Path) -> bool:
    """Copy a receipt into the folder of objects, under its name only if it is whole; return whether it is."""
    with safe_files.workplace(target) as work:
        if backup_file.copy(source, work / target.name) != target.name:
            return False
        moving.move_new(work / target.name, target)
    return True


def record(books: Books, made: Made) -> None:
    """Note a backup in the books and in the audit log; books that only read, or of an older form, note nothing."""
    if books.reads_only:
        return
    with noting(books):
        note_in(books.connection, made)
        note(
            books, "backup.made", reason=made.reason, rows=made.rows, bytes=made.size, sha256=made.sha256,
            seq=made.audit_seq, full=int(made.full), portable=int(made.portable), receipts=made.receipts,
        )  # fmt: skip


def note_in(connection: Connection, made: Made) -> None:
    """Write the record of a backup, in the transaction that is open."""
    backup.note_made(
        connection, at=made.created, reason=made.reason, place=str(made.file.absolute()), sha256=made.sha256,
        audit_seq=made.audit_seq,
    )  # fmt: skip


def daily(books: Books, *, step: Step = silent) -> Made | None:
    """Make today's backup if there is none and something was changed since the newest; else return None."""
    found = newest(books)
    if found is not None and (found.created[:10] == books.stamp()[:10] or not changed_since(books, found)):
        return None
    return create(books, reason=Reason.DAILY, step=step)


def newest(books: Books) -> Header | None:
    """Return the newest whole backup of these books in their home."""
    headers = [each.header for each in listed(books.home) if each.header and each.header.uuid == books.uuid]
    return max(headers, key=lambda header: header.created, default=None)


def changed_since(books: Books, header: Header) -> bool:
    """Return whether the books changed after a backup was made."""
    return audit.head_of_changes(books.connection)[0] > header.audit_seq


def listed(home: Path) -> list[Listed]:
    """Return the backups in the home's folder, newest first, damaged ones last. Nothing is unlocked."""
    found = []
    for path in sorted((home / BACKUPS).glob(f"*{SUFFIX}"), reverse=True):
        if path.name.startswith("."):
            continue
        try:
            looked = backup_file.find(path)
            found.append(Listed(path, looked.size, looked.header, None))
        except AppError as error:
            with contextlib.suppress(FileNotFoundError):
                found.append(Listed(path, path.lstat().st_size, None, error))
    return sorted(found, key=lambda each: each.header.created if each.header else "", reverse=True)


def replaced(home: Path) -> list[Path]:
    """Return the databases that restores replaced and that are still kept."""
    return sorted((home / BACKUPS).glob(restoring.REPLACED + "*.db"), reverse=True)


def rows_of(home: Path, unlock: Unlock, keychain: Callable[[], Keychain | None]) -> dict[Path, int]:
    """Return how many transactions each backup holds that the keys of today open. Raises: Locked and its kin."""
    keys = backup_opening.unlocked(book_keys.key_file_alone(home), unlock, keychain)
    found = {}
    for each in listed(home):
        with contextlib.suppress(AppError):
            opened = backup_opening.open_backup(each.file, Unlock(), keychain=lambda: None, known=keys)
            found[each.file] = opened.facts.rows
    return found


def verify(
    path: Path, unlock: Unlock, *, keychain: Callable[[], Keychain | None], home: Path | None = None,
    step: Step = silent,
) -> Verified:  # fmt: skip
    """Check every byte and every page of a backup, and what it holds. Raises: DamagedFile, BadFile, Locked kinds."""
    opened = backup_opening.open_backup(path, unlock, keychain=keychain, home=home)
    return verify_opened(opened, home, step)


def verify_opened(opened: Opened, home: Path | None, step: Step = silent) -> Verified:
    with (
        backup_opening.workspace(home) as work,
        backup_opening.unpacked(opened, work, step=step) as (image, sha256),
    ):
        proof = backup_opening.prove(opened, image, sha256)
    return Verified(
        file=opened.found.path, header=opened.header, rows=opened.facts.rows, compared=proof.compared,
        sound=proof.sound, missing_receipts=tuple(backup_opening.missing_receipts(opened)), sha256=sha256,
    )  # fmt: skip


def prune(books: Books) -> list[Path]:
    """Remove backups of these books that no generation needs, and databases a restore replaced long ago."""
    everything = listed(books.home)
    own = {each.file.name: each for each in everything if each.header and each.header.uuid == books.uuid}
    today = date.fromisoformat(books.stamp()[:10])
    dated = [Dated(name, each.header.created, each.header.reason) for name, each in own.items() if each.header]
    gone = [own[each.name].file for each in backup_generations.outlived(dated, today)]
    for path in gone:
        safe_files.remove(path)
    _remove_objects(books.home)
    restoring.forget_replaced(books.home, today)
    if gone:
        note(books, "backup.pruned", count=len(gone))
    return gone


def _remove_objects(home: Path) -> None:
    """Remove stored receipts that no backup names any more; none while a backup cannot be read."""
    store = home / BACKUPS / OBJECTS
    left = listed(home)
    if not store.is_dir() or any(each.header is None for each in left):
        return
    named = {receipt.sha256 for each in left if each.header for receipt in each.header.receipts}
    for path in store.iterdir():
        if path.name not in named and not path.name.startswith("."):
            safe_files.remove(path)


def _free_name(folder: Path, created: str, reason: Reason) -> Path:
    """Return a name that is not taken: the moment and the reason, so that names sort as time does."""
    moment = re.sub("[:.]", "", created[:23]).replace("T", "-")
    for number in range(1, 1000):
        path = folder / f"1099ops-{moment}{f'-{number}' if number > 1 else ''}-{reason}{SUFFIX}"
        if not os.path.lexists(path):
            return path
    raise Refused("There are too many backups of this moment.", "Try again.")
