"""Make new books, and open existing ones: keys, lock, connection, migration, in that order."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from app.adapters import logs, safe_files
from app.adapters.home_lock import HomeLock, refuse_network_home
from app.adapters.live_secrets import LIVE
from app.core.errors import Conflict, DamagedBooks, DamagedFile
from app.services.books import head_note
from app.services.books.home_folder import ERASING, FOLDERS
from app.services.books.keeping import Keeping
from app.services.books.open_books import Books, Unlock
from app.services.integrity import damage
from app.services.integrity.disk_room import told_apart
from app.services.vault import book_keys, unlocking
from app.store import migrate
from app.store.connection import Connection, guard, looks_encrypted, open_connection, open_cut, translated

if TYPE_CHECKING:
    from app.core.ports import Clock, Keychain, Randomness
    from app.core.security.envelope import Keys, Mode


def create(
    home: Path, *, mode: Mode | None, passphrase: str | None, keychain: Keychain | None, randomness: Randomness,
    clock: Clock, kdf_memory_mib: int | None = None,
) -> tuple[Books, Mode]:  # fmt: skip
    """Make new encrypted books in a home without. Raises: Exists, Locked and its kin; nothing is left behind then."""
    from app.services.audit import anchor  # noqa: PLC0415 - opening needs none

    LIVE.hold(passphrase)
    if home.exists():
        refuse_network_home(home)
        _finish_erasure(home, lambda: keychain)
    extra = {} if kdf_memory_mib is None else {"kdf_memory_mib": kdf_memory_mib}
    opened = book_keys.create(home, mode=mode, passphrase=passphrase, keychain=keychain, randomness=randomness, **extra)
    path = home / book_keys.BOOKS_FILE
    lock = HomeLock(home, "1099 Ops")
    try:
        lock.acquire_exclusive()
        # The file gets its final name only when it is whole, so a half-made one is never taken for books.
        part = home / (book_keys.BOOKS_FILE + ".new")
        _fill(part, opened.keys, clock, opened.mode)
        safe_files.rename_new(part, path)
        for name in FOLDERS:
            safe_files.private_folder(home / name, within=home)
        lock.release()
        lock.acquire_shared()
        books = Books(home, open_connection(path, opened.keys.dbk.hex()), opened.keys, clock, lock, Keeping())
    except BaseException:
        lock.release()
        for leftover in (book_keys.BOOKS_FILE + ".new", book_keys.BOOKS_FILE):
            for suffix in ("", "-wal", "-shm"):
                safe_files.remove(home / (leftover + suffix))
        safe_files.remove(home / anchor.ANCHOR_FILE)
        head_note.forget(home)
        book_keys.discard(opened, keychain)
        raise
    guard(books.connection)
    books.keychain = None if opened.mode == "passphrase" else keychain
    return books, opened.mode


def _fill(path: Path, keys: Keys, clock: Clock, mode: Mode) -> None:
    """Make the tables and the first business. The write-ahead log is folded in before the file is renamed."""
    from app.services.audit import anchor  # noqa: PLC0415 - as above

    safe_files.new_empty(path)
    connection = open_connection(path, keys.dbk.hex(), create=True)
    lock = HomeLock(path.parent, "")
    books = None
    try:
        stamp = clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        migrate.migrate(connection, at=stamp, before=lambda _version: None)
        books = Books(path.parent, connection, keys, clock, lock, Keeping())
        with books.work.operation("start", actor="system", durable=True) as work:
            work.audit_body = {"mode": str(mode), "schema_version": books.schema_version}
            books.settings.add_business({"name": "My business"})
        # Before the books have their name: where there are books, there is a note of their newest entry.
        anchor.begin(books)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        connection.execute("PRAGMA journal_mode = DELETE").fetchone()
    finally:
        connection.close()
    if not looks_encrypted(path):
        raise DamagedFile("The new books file is not encrypted.", "Install 1099 Ops again.")


def open_books(
    home: Path, unlock: Unlock, *, keychain: Callable[[], Keychain | None], clock: Clock, read_only: bool = False,
    program: str = "ops1099", rescue: bool = False,
) -> Books:  # fmt: skip
    """Open existing books; migrate them first when they are older.

    Damage that is seen at once is an error, unless the books are only to be read, or looked at for the `rescue`: then
    it stands in `damaged`, and nothing is written.

    Raises: every opening error of the contract, each with nothing made and nothing changed.
    """
    LIVE.hold(unlock.passphrase)
    refuse_network_home(home)
    _finish_erasure(home, keychain)
    _finish_restore(home, program, read_only=read_only)
    found_keys = unlocking.unlocked(home, unlock, keychain, clock, rescue=rescue)
    ended = None
    if found_keys.damage is None:
        ended = unlocking.settled(home, found_keys.keys, keychain, program, read_only=read_only)
    keys = found_keys.keys if ended is None else ended.keys
    lock = HomeLock(home, program)
    if not read_only:
        lock.acquire_shared(announce=False)
    try:
        connection, cut = _connected(home, keys, read_only=read_only, also_cut=rescue or read_only)
        try:
            found = migrate.version_of(connection)
            _migrate(home, connection, keys, clock, lock, read_only=read_only)
            guard(connection)
            lock.announce()
            books = Books(home, connection, keys, clock, lock, Keeping())
            books.is_cut = cut is not None
            books.shared.damage = cut or (damage.of_keys(found_keys.damage) if found_keys.damage else None)
            _look(books, raises=not (read_only or rescue))
            _opened(books, found_keys.keychain, found)
            if not (read_only or books.damaged):
                try:
                    with books.noticing():
                        from app.services.books import after_opening  # noqa: PLC0415 - only to write

                        after_opening.catch_up(books, ended, found_keys)
                        _clean_up(books)
                except DamagedBooks:
                    if not rescue:
                        raise
        except BaseException:
            connection.close()
            raise
        else:
            return books
    except BaseException:
        lock.release()
        raise


def _finish_erasure(home: Path, keychain: Callable[[], Keychain | None]) -> None:
    """Go on with an erasure of everything that was cut off; there are no books then."""
    if not (home / ERASING).exists():
        return
    from app.services.privacy import erase_home  # noqa: PLC0415 - hardly ever

    erase_home.finish(home, keychain)


def _clean_up(books: Books) -> None:
    """Go on behind an erasure that was interrupted; one cheap look in every other case."""
    if books.connection.execute("SELECT EXISTS (SELECT 1 FROM erasure WHERE state = 'cleaning')").fetchone()[0]:
        from app.services.privacy import erasure  # noqa: PLC0415 - hardly ever

        erasure.resume(books)


def _look(books: Books, *, raises: bool) -> None:
    try:
        with translated():
            damage.look(books)
    except DamagedBooks as trouble:
        if raises:
            raise
        books.shared.damage = trouble


def _opened(books: Books, keychain: Keychain | None, found: int) -> None:
    books.keychain = keychain
    if found != books.schema_version:
        from app.services.audit import anchor  # noqa: PLC0415 - migrations are rare

        anchor.after_migration(books, found)


def _finish_restore(home: Path, program: str, *, read_only: bool) -> None:
    """Go on with a restore that was cut off, or take it back: the books are the new ones or the old ones."""
    if not (home / book_keys.RESTORING).exists():
        return
    if read_only:
        raise Conflict(
            "A restore of these books was cut off.", "Open them once without --read-only, which brings it to its end."
        )
    from app.services.backup import restoring  # noqa: PLC0415 - hardly ever

    lock = HomeLock(home, program)
    lock.acquire_exclusive()
    try:
        restoring.finish(home)
    finally:
        lock.release()


def _connected(home: Path, keys: Keys, *, read_only: bool, also_cut: bool) -> tuple[Connection, DamagedBooks | None]:
    """Open the file; with `also_cut` one that was cut off too, only to be read, with what is wrong with it."""
    try:
        return _connect(home, keys, read_only=read_only), None
    except DamagedBooks as trouble:
        if not also_cut:
            raise
        with contextlib.suppress(DamagedFile):
            return open_cut(home / book_keys.BOOKS_FILE, keys.dbk.hex()), trouble
        raise


def _connect(home: Path, keys: Keys, *, read_only: bool) -> Connection:
    try:
        with told_apart(home):
            return open_connection(home / book_keys.BOOKS_FILE, keys.dbk.hex(), read_only=read_only)
    except DamagedFile as trouble:
        if "own key" in trouble.message:
            book_keys.refuse_renewed(home, keys)
            raise book_keys.not_these_books() from trouble
        raise


def _migrate(home: Path, connection: Connection, keys: Keys, clock: Clock, lock: HomeLock, *, read_only: bool) -> None:
    found = migrate.version_of(connection)
    migrate.refuse_newer(found)
    if found == migrate.CURRENT:
        return
    if found == 0:
        raise DamagedFile("The books file holds no books.", "Put back books.db from a backup. Nothing was changed.")
    if read_only:
        raise DamagedFile("These books are of an older format.", "Open them once without --read-only to bring them up.")
    from app.services.backup import backups  # noqa: PLC0415 - migrations are rare
    from app.store import backup  # noqa: PLC0415 - same

    stamp = clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
    made: list[backups.Made] = []

    def before(_version: int) -> None:
        if not made:
            made.append(backups.write(home, keys.dbk.hex(), created=stamp, reason="migration"))

    def after(version: int) -> None:
        from app.core.log_events import Event  # noqa: PLC0415
        from app.core.security.key_derivation import Purpose, subkey  # noqa: PLC0415
        from app.store import audit  # noqa: PLC0415
        from app.store.digest import Digest  # noqa: PLC0415

        body: dict[str, int | str | None] = {"schema_version": version}
        if version == migrate.CURRENT:
            body["digest"] = Digest(connection, subkey(keys.brs, Purpose.ROW_DIGEST)).rebuild()
        audit.append(
            connection, subkey(keys.brs, Purpose.AUDIT_MAC), at=stamp, monotonic_ms=clock.monotonic_ms(),
            event="migration", actor="system", object_kind="books", object_id=None, body=body,
        )  # fmt: skip
        if made and version == max(backup.RECORDED_SINCE, found + 1):
            backups.note_in(connection, made[0])
        logs.note(Event.MIGRATION_DONE, format=version)

    with lock.exclusive():
        migrate.migrate(connection, at=stamp, before=before, after_each=after)
