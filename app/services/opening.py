"""Make new books, and open existing ones: keys, lock, connection, migration, in that order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from app.adapters import safe_files
from app.adapters.home_lock import HomeLock, refuse_network_home
from app.core.errors import DamagedBooks, DamagedFile
from app.core.ports import Clock, Keychain, Randomness
from app.services import anchor, damage, head_note, vault
from app.services.books import Books, Unlock
from app.store import migrate
from app.store.connection import Connection, guard, looks_encrypted, open_connection, translated

if TYPE_CHECKING:
    from app.core.security.envelope import Keys, Mode

FOLDERS = ("backups", "receipts", "logs", "exports")


def create(
    home: Path, *, mode: Mode | None, passphrase: str | None, keychain: Keychain | None, randomness: Randomness,
    clock: Clock, kdf_memory_mib: int | None = None,
) -> tuple[Books, Mode]:  # fmt: skip
    """Make new encrypted books in a home without. Raises: Exists, Locked and its kin; nothing is left behind then."""
    if home.exists():
        refuse_network_home(home)
    extra = {} if kdf_memory_mib is None else {"kdf_memory_mib": kdf_memory_mib}
    opened = vault.create(home, mode=mode, passphrase=passphrase, keychain=keychain, randomness=randomness, **extra)
    path = home / vault.BOOKS_FILE
    lock = HomeLock(home, "1099 Ops")
    try:
        lock.acquire_exclusive()
        # The file gets its final name only when it is whole, so a half-made one is never taken for books.
        part = home / (vault.BOOKS_FILE + ".new")
        _fill(part, opened.keys, clock, opened.mode)
        part.rename(path)
        for name in FOLDERS:
            safe_files.private_folder(home / name)
        lock.release()
        lock.acquire_shared()
        books = Books(home, open_connection(path, opened.keys.dbk.hex()), opened.keys, clock, lock)
    except BaseException:
        lock.release()
        for leftover in (vault.BOOKS_FILE + ".new", vault.BOOKS_FILE):
            for suffix in ("", "-wal", "-shm"):
                (home / (leftover + suffix)).unlink(missing_ok=True)
        head_note.forget(home)
        vault.discard(opened, keychain)
        raise
    guard(books.connection)
    anchor.write(books)
    return books, opened.mode


def _fill(path: Path, keys: Keys, clock: Clock, mode: Mode) -> None:
    """Make the tables and the first business. The write-ahead log is folded in before the file is renamed."""
    path.touch(mode=0o600, exist_ok=False)
    connection = open_connection(path, keys.dbk.hex(), create=True)
    lock = HomeLock(path.parent, "")
    books = None
    try:
        stamp = clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        migrate.migrate(connection, at=stamp, before_each=lambda _version: None)
        books = Books(path.parent, connection, keys, clock, lock)
        with books.work.operation("start", actor="system", durable=True) as work:
            work.audit_body = {"mode": str(mode), "schema_version": books.schema_version}
            books.settings.add_business({"name": "My business"})
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
    refuse_network_home(home)
    keyfile_mode = vault.mode_of(home) if unlock.key_hex is None else None
    passphrase = unlock.passphrase
    if keyfile_mode is not None and keyfile_mode.value != "keychain" and passphrase is None and unlock.ask:
        passphrase = unlock.ask()
    needs_keychain = keyfile_mode is not None and keyfile_mode.value != "passphrase"
    keys = vault.open_keys(
        home, passphrase=passphrase, key_hex=unlock.key_hex, keychain=keychain() if needs_keychain else None
    )
    lock = HomeLock(home, program)
    if not read_only:
        lock.acquire_shared(announce=False)
    try:
        connection = _connect(home, keys, read_only=read_only)
        try:
            _migrate(home, connection, keys, clock, lock, read_only=read_only)
            guard(connection)
            lock.announce()
            books = Books(home, connection, keys, clock, lock)
            _look(books, raises=not (read_only or rescue))
        except BaseException:
            connection.close()
            raise
    except BaseException:
        lock.release()
        raise
    return books


def _look(books: Books, *, raises: bool) -> None:
    try:
        with translated():
            damage.look(books)
    except DamagedBooks as trouble:
        if raises:
            raise
        books.shared.damage = trouble


def _connect(home: Path, keys: Keys, *, read_only: bool) -> Connection:
    try:
        return open_connection(home / vault.BOOKS_FILE, keys.dbk.hex(), read_only=read_only)
    except DamagedFile as trouble:
        if "own key" in trouble.message:
            raise vault.not_these_books() from trouble
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
    stamp = clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def before(version: int) -> None:
        from app.store import backup  # noqa: PLC0415 - migrations are rare

        safe_files.private_folder(home / "backups")
        name = f"before-format-{version + 1}-{stamp[:19].replace(':', '')}.db"
        backup.copy(connection, home / "backups" / name, keys.dbk.hex())

    def after(version: int) -> None:
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

    with lock.exclusive():
        migrate.migrate(connection, at=stamp, before_each=before, after_each=after)
