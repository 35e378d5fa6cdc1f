"""Put a backup back: beside the books first, proved there, then into their place."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from app.adapters import backup_file, safe_files
from app.adapters.backup_file import Step
from app.adapters.home_lock import HomeLock, refuse_network_home
from app.adapters.safe_files import moving
from app.core.errors import AppError, Conflict, DamagedFile, DiskFull, Exists, KeysDamaged, KeysMissing, NoBooks
from app.core.ports import Clock, Keychain
from app.core.security.backup_container import Reason
from app.core.security.backup_facts import Compared
from app.core.security.envelope import Keys
from app.core.security.key_derivation import Purpose, subkey
from app.services.audit import anchor
from app.services.backup import backup_opening, backups, restoring
from app.services.backup.backup_opening import Opened, silent
from app.services.backup.backups import Made
from app.services.bank import bank_copies
from app.services.books.home_folder import FOLDERS
from app.services.books.open_books import Unlock
from app.services.ledger import receipt_files
from app.services.vault import book_keys, unlocking
from app.store import audit, backup
from app.store.connection import open_connection


class Restored(NamedTuple):
    """What a restore did, or with `dry_run` would do."""

    file: Path
    home: Path
    created: str
    rows: int
    compared: tuple[Compared, ...]
    audit_seq: int
    audit_mac: str
    portable: bool
    replaced: Path | None
    """The database that stood there before, kept for 30 days."""
    safety: Path | None
    """The backup of it that was made first."""
    receipts: int
    missing_receipts: tuple[str, ...]
    dry_run: bool


class _Home(NamedTuple):
    """What stands where the backup is to go."""

    home: Path
    uuid: str | None
    keys: Keys | None
    """None when there are no books, or their key file is missing or damaged."""


def restore(
    path: Path, home: Path, unlock: Unlock, *, keychain: Callable[[], Keychain | None], clock: Clock,
    into_new: bool = False, replace_other: bool = False, dry_run: bool = False, step: Step = silent,
    mark: bool = True,
) -> Restored:  # fmt: skip
    """Put a backup into a home, in the place of the books there if any.

    With `into_new` a home that has books is refused. Books of another identity are replaced only with `replace_other`.
    Nobody may have the home open. `mark` writes into the restored audit log that it was restored.

    Raises: InUse; Conflict (other books); Exists; DamagedFile, NewerSchema, BadFile (the backup); Locked and its kin;
    then the books are as they were.
    """
    made_folder = not home.exists()
    if not dry_run:
        safe_files.private_folder(home)
    if made_folder and dry_run:
        opened = backup_opening.open_backup(path, unlock, keychain=keychain)
        return _restored(opened, home, _proved(opened, None, step), None, dry_run=True)
    refuse_network_home(home)
    lock = HomeLock(home, "a restore of 1099 Ops")
    lock.acquire_exclusive()
    try:
        restoring.finish(home)
        target = _look(home, unlock, keychain, clock, into_new=into_new)
        opened = backup_opening.open_backup(path, unlock, keychain=keychain, known=target.keys)
        _refuse_other(target, opened, replace_other=replace_other)
        if dry_run:
            return _restored(opened, home, _proved(opened, home, step), None, dry_run=True)
        return _replace(opened, target, clock, step, mark=mark)
    finally:
        lock.release()
        if made_folder:
            _remove_empty(home)


def _look(
    home: Path, unlock: Unlock, keychain: Callable[[], Keychain | None], clock: Clock, *, into_new: bool
) -> _Home:  # fmt: skip
    """Return what stands there. Sound keys must open: who cannot open books may not replace them."""
    try:
        keyfile = book_keys.read_key_file(home)
        if not into_new:
            return _Home(home, keyfile.uuid, unlocking.unlocked(home, unlock, keychain, clock).keys)
    except NoBooks:
        return _Home(home, None, None)
    except AppError as error:
        if into_new:
            raise _books_there() from error
        if isinstance(error, KeysMissing | KeysDamaged):
            return _Home(home, None, None)
        # The books file alone is missing: the keys are there and still wrap its key.
        if not isinstance(error, DamagedFile) or not os.path.lexists(home / book_keys.KEYS_FILE):
            raise
        keyfile = book_keys.key_file_alone(home)
        return _Home(home, keyfile.uuid, backup_opening.unlocked(keyfile, unlock, keychain))
    raise _books_there()


def _books_there() -> Exists:
    return Exists(
        "There are books, or a part of them, in that folder already.", "Nothing was changed. Name a new folder."
    )


def _refuse_other(target: _Home, opened: Opened, *, replace_other: bool) -> None:
    backup_opening.refuse_newer(opened.header)
    if target.uuid is not None and target.uuid != opened.header.uuid and not replace_other:
        raise Conflict(
            "This backup is of other books than those in this home folder.",
            "Restore it into a folder of its own with --into DIR, or say --replace-other to put it in their place.",
        )


def _proved(opened: Opened, home: Path | None, step: Step) -> tuple[Compared, ...]:
    with (
        backup_opening.workspace(home) as work,
        backup_opening.unpacked(opened, work, step=step) as (image, sha256),
    ):
        return backup_opening.require(opened, image, sha256).compared


def _replace(opened: Opened, target: _Home, clock: Clock, step: Step, *, mark: bool) -> Restored:

    home = target.home
    for name in FOLDERS:
        safe_files.private_folder(home / name)
    stamp = clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
    backup_file.require_space(home, 3 * opened.header.image_size + opened.header.packed)
    safety = _safety(target, stamp, step)
    staging = home / restoring.STAGING
    safe_files.private_folder(staging)
    try:
        with backup_opening.unpacked(opened, staging, objects=staging, step=step) as (image, sha256):
            compared = backup_opening.require(opened, image, sha256).compared
            own = target.keys is not None and target.uuid == opened.header.uuid
            keys = target.keys if own and target.keys is not None else opened.keys
            _stage(home, opened, image, staging, keys, clock, stamp, sha256, safety, step, mark=mark)
        if not own:
            safe_files.write_atomic(staging / book_keys.KEYS_FILE, opened.header.keys)
        receipts, missing = _bring_receipts(opened, staging, home)
    except BaseException:
        safe_files.remove_folder(staging)
        raise
    replaced = _swapped(home, stamp)
    return _restored(opened, home, compared, safety, replaced=replaced, receipts=receipts, missing=missing)


def _swapped(home: Path, stamp: str) -> Path | None:
    """Put what is staged into its place. From the moment it is called ready on, it is gone on with, not taken back."""
    try:
        return restoring.commit(home, stamp)
    except AppError as error:
        if (home / restoring.STAGING / restoring.READY).exists():
            raise Conflict(
                f"{error.message} The restore is not at its end yet.",
                "Mend that and open the books: it goes on by itself. Nothing is lost.",
                code=error.code,
            ) from error
        safe_files.remove_folder(home / restoring.STAGING)
        raise


def _safety(target: _Home, stamp: str, step: Step) -> Made | None:
    """Back up what is replaced. Books that are damaged cannot be; they are kept as they are all the same."""
    if target.keys is None or not (target.home / book_keys.BOOKS_FILE).exists():
        return None
    try:
        return backups.write(target.home, target.keys.dbk.hex(), created=stamp, reason=Reason.RESTORE, step=step)
    except DamagedFile:
        return None


def _stage(
    home: Path, opened: Opened, image: Path, staging: Path, keys: Keys, clock: Clock, stamp: str, sha256: str,
    safety: Made | None, step: Step, *, mark: bool,
) -> None:  # fmt: skip
    """Write the database under the key it will have, tell its audit log, and note its newest entry."""
    target = staging / book_keys.BOOKS_FILE
    safe_files.new_empty(target)
    with backup.opened(image, opened.backup_keys.image_hex) as source:
        backup.copy(source, target, keys.dbk.hex(), step)
    key = subkey(keys.brs, Purpose.AUDIT_MAC)
    connection = open_connection(target, keys.dbk.hex())
    try:
        if safety is not None and opened.header.schema_version >= backup.RECORDED_SINCE:
            backups.note_in(connection, safety)
        if mark:
            backup.mark_restored(
                connection, key, at=stamp, monotonic_ms=clock.monotonic_ms(), sha256=sha256, rows=opened.facts.rows,
                reason=opened.header.reason,
            )  # fmt: skip
        bank_copies.bring(connection, opened.header, keys, None if keys is opened.keys else home / book_keys.BOOKS_FILE)
        seq, mac = audit.head(connection)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        connection.execute("PRAGMA journal_mode = DELETE").fetchone()
    finally:
        connection.close()
    moving.bring_to_disk(target)
    safe_files.write_atomic(staging / anchor.ANCHOR_FILE, anchor.restored(home, key, keys.uuid, seq, mac))


def _bring_receipts(opened: Opened, staging: Path, home: Path) -> tuple[int, tuple[str, ...]]:
    """Put the receipts a backup names back where they are not; return how many, and the names of those not found."""
    folder = home / receipt_files.FOLDER
    brought, missing = 0, []
    for receipt in opened.header.receipts:
        target = folder / receipt.sha256
        with contextlib.suppress(AppError):
            if target.exists() and backup_file.sha256(target) == receipt.sha256:
                continue
        store = opened.found.path.parent / backup_opening.OBJECTS
        source = staging / receipt.sha256 if opened.header.full else store / receipt.sha256
        try:
            with safe_files.workplace(target) as work:
                if backup_file.copy(source, work / "receipt") != receipt.sha256:
                    missing.append(receipt.sha256)
                    continue
                moving.move(work / "receipt", target)
                brought += 1
        except DiskFull:
            raise
        except AppError:
            missing.append(receipt.sha256)
    return brought, tuple(missing)


def _remove_empty(home: Path) -> None:
    """Take back a folder that was made for a restore which then failed."""
    if not (home / book_keys.BOOKS_FILE).exists() and not (home / restoring.STAGING).exists():
        safe_files.remove_folder(home)


def _restored(
    opened: Opened, home: Path, compared: tuple[Compared, ...], safety: Made | None, *, replaced: Path | None = None,
    receipts: int = 0, missing: tuple[str, ...] = (), dry_run: bool = False,
) -> Restored:  # fmt: skip
    return Restored(
        file=opened.found.path, home=home, created=opened.header.created, rows=opened.facts.rows, compared=compared,
        audit_seq=opened.facts.audit_seq, audit_mac=opened.facts.audit_mac, portable=opened.header.portable,
        replaced=replaced, safety=safety.file if safety else None, receipts=receipts, missing_receipts=missing,
        dry_run=dry_run,
    )  # fmt: skip
