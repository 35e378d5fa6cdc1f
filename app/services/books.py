"""The open books: one connection, its keys, its repositories. Made by `create` and `open_books`, closed by `close`."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from datetime import UTC, tzinfo
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from app.adapters import safe_files
from app.adapters.home_lock import HomeLock, refuse_network_home
from app.core.errors import AppError, DamagedFile, InUse, Refused
from app.core.ports import Clock, Keychain, Randomness
from app.services import vault
from app.services.shared import Shared
from app.store import migrate
from app.store.connection import Connection, guard, interrupt, looks_encrypted, open_connection, translated

if TYPE_CHECKING:
    from app.core.classify.decide import Classifier
    from app.core.security.envelope import Keys, Mode
    from app.core.security.key_derivation import Purpose
    from app.services.unit_of_work import UnitOfWork
    from app.store.accounts import Accounts
    from app.store.decisions import Decisions
    from app.store.descriptors import Descriptors
    from app.store.labels import Labels
    from app.store.lines import Lines
    from app.store.rules import Rules
    from app.store.search import Search
    from app.store.settings import Settings
    from app.store.totals import Totals
    from app.store.transactions import Transactions

ANCHOR_FILE = "audit.anchor"
FOLDERS = ("backups", "receipts", "logs", "exports")


class Unlock(NamedTuple):
    """What the user gave to open the books. Nothing of it shows in `repr`."""

    passphrase: str | None = None
    key_hex: str | None = None
    ask: Callable[[], str | None] | None = None
    """Asks for the passphrase, once, when it is needed and was not given."""

    def __repr__(self) -> str:
        return "Unlock()"


class Books:
    """An open home. Several processes may hold the same one; a thread that only reads has a `reader` of its own."""

    def __init__(self, home: Path, connection: Connection, keys: Keys, clock: Clock, lock: HomeLock | None) -> None:
        """Take over an open connection. Without a lock it is a reader: whoever made it holds the home."""
        self.home = home
        self.connection = connection
        self.clock = clock
        self.changed = False
        self.shared = Shared()
        self._keys = keys
        self._lock = lock
        self._professions: dict[int, str] = {}
        self.schema_version = migrate.version_of(connection)

    # Each repository loads when it is first asked for: a command needs two or three of them, and starts twice as fast.

    @cached_property
    def work(self) -> UnitOfWork:
        from app.services.unit_of_work import UnitOfWork  # noqa: PLC0415

        return UnitOfWork(self)

    @cached_property
    def transactions(self) -> Transactions:
        from app.store.transactions import Transactions  # noqa: PLC0415

        return Transactions(self.connection)

    @cached_property
    def search(self) -> Search:
        from app.store.search import Search  # noqa: PLC0415

        return Search(self.connection)

    @cached_property
    def decisions(self) -> Decisions:
        from app.store.decisions import Decisions  # noqa: PLC0415

        return Decisions(self.connection)

    @cached_property
    def accounts(self) -> Accounts:
        from app.store.accounts import Accounts  # noqa: PLC0415

        return Accounts(self.connection)

    @cached_property
    def labels(self) -> Labels:
        from app.store.labels import Labels  # noqa: PLC0415

        return Labels(self.connection)

    @cached_property
    def rules(self) -> Rules:
        from app.store.rules import Rules  # noqa: PLC0415

        return Rules(self.connection)

    @cached_property
    def settings(self) -> Settings:
        from app.store.settings import Settings  # noqa: PLC0415

        return Settings(self.connection)

    @cached_property
    def totals(self) -> Totals:
        from app.store.totals import Totals  # noqa: PLC0415

        return Totals(self.connection)

    @cached_property
    def descriptors(self) -> Descriptors:
        from app.store.descriptors import Descriptors  # noqa: PLC0415

        return Descriptors(self.connection)

    @cached_property
    def lines(self) -> Lines:
        from app.store.lines import Lines  # noqa: PLC0415

        return Lines(self.connection)

    def __repr__(self) -> str:
        return "Books()"

    # --- several connections

    def reader(self) -> Books:
        """Return second books for the calling thread, which see what is committed and cannot write.

        They share nothing of the database with these and are closed on their thread, before these are.
        """
        connection = open_connection(self.home / vault.BOOKS_FILE, self._keys.dbk.hex(), read_only=True)
        guard(connection)
        made = Books(self.home, connection, self._keys, self.clock, None)
        made.shared = self.shared
        return made

    @property
    def is_changing(self) -> bool:
        """Return whether a change is open on this connection: what it reads then nobody else may be told."""
        return self._lock is not None and self.connection.in_transaction

    def state(self) -> int:
        """Return a number that is the same on every connection for the same contents, and grows with every change."""
        from app.store import audit  # noqa: PLC0415

        return audit.head(self.connection)[0]

    @property
    def reads_only(self) -> bool:
        return bool(self.connection.execute("PRAGMA query_only").fetchone()[0])

    def refuse_reader(self) -> None:
        """Raises: Refused when these books are a reader."""
        if self._lock is None:
            raise Refused("These books are open for reading only.", "Make the change where they are open for writing.")

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """Read everything inside from one moment of the books. Raises: Cancelled after `interrupt`; DamagedFile."""
        with translated():
            if self.connection.in_transaction:
                yield
                return
            self.connection.execute("BEGIN")
            try:
                yield
            finally:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")

    def interrupt(self) -> None:
        """Stop what this connection is reading; the only method another thread may call. Closed books read nothing."""
        interrupt(self.connection)

    def data_version(self) -> int:
        """Return a number that changes when another connection, of this or another program, has changed the books."""
        return int(self.connection.execute("PRAGMA data_version").fetchone()[0])

    def key_hex(self) -> str:
        """Return the database key for a helper process's `--key-fd`; never for a person, a log or an argument."""
        return self._keys.dbk.hex()

    def subkey(self, purpose: str) -> bytes:
        from app.core.security import key_derivation  # noqa: PLC0415 - reading needs no subkey

        return key_derivation.subkey(self._keys.brs, _purpose(purpose))

    def stamp(self) -> str:
        """Return the present moment for records: UTC, milliseconds."""
        return self.clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def profession(self, business_id: int) -> str:
        if business_id not in self._professions:
            self._professions = {business.id: business.profession for business in self.settings.businesses()}
        return self._professions.get(business_id, "other")

    def zone(self) -> tzinfo:
        """Return the profile's time zone; UTC until one is set."""
        values, _ = self.settings.profile(self.clock.today().year)
        name = values.get("time_zone", "UTC")
        if name == "UTC":
            return UTC
        from zoneinfo import ZoneInfo  # noqa: PLC0415 - the zone files are read only when a zone needs them

        return ZoneInfo(name)

    def forget_professions(self) -> None:
        self._professions = {}

    def classifier(self) -> Classifier:
        """Return the engine with the rules and answers as they stand now."""
        from app.core.classify.decide import Classifier, Remembered, UserRule  # noqa: PLC0415
        from app.services import knowledge  # noqa: PLC0415

        rules = [
            UserRule(
                id=rule.id, order=rule.position, text=rule.text, amount_min=rule.amount_min,
                amount_max=rule.amount_max, account_id=rule.account_id, sign=rule.sign, kind=rule.kind,
                line=rule.line, percent=rule.percent, ask=bool(rule.ask),
            )
            for rule in self.rules.all()
            if rule.is_on
        ]  # fmt: skip
        memory = {
            (a.merchant_key, a.sign, a.account_id): Remembered(a.kind, a.line, a.percent, bool(a.ask))
            for a in self.rules.answers()
        }
        return Classifier(knowledge.merchants(), rules, memory)

    # --- the anchor of the audit log

    def write_anchor(self) -> None:
        """Note the newest audit entry outside the books: what shows that an old file was put back."""
        from app.store import audit  # noqa: PLC0415 - only after a change

        seq, mac = audit.head(self.connection)
        body: dict[str, int | str] = {"uuid": self._keys.uuid, "seq": seq, "mac": mac}
        sealed = audit.seal_anchor(self.subkey("audit-mac"), body)
        safe_files.write_atomic(self.home / ANCHOR_FILE, json.dumps({**body, "seal": sealed}).encode())

    def anchor_holds(self) -> bool | None:
        """Return whether the books are at least as new as last noted; None when nothing was noted."""
        from app.store import audit  # noqa: PLC0415

        try:
            data = json.loads(safe_files.read_limited(self.home / ANCHOR_FILE, 4096))
            body = {name: data[name] for name in ("uuid", "seq", "mac")}
            seal = str(data["seal"])
        except (AppError, OSError):
            return None
        except (ValueError, KeyError, TypeError):
            return False
        if audit.seal_anchor(self.subkey("audit-mac"), body) != seal or body["uuid"] != self._keys.uuid:
            return False
        return bool(body["seq"] == 0 or audit.mac_at(self.connection, int(body["seq"])) == body["mac"])

    def close(self) -> None:
        """Close the connection; after a change the anchor is written first. A reader closes only its connection."""
        if self._lock is None:
            self.connection.close()
            return
        try:
            if self.changed:
                self.write_anchor()
                self.changed = False
        finally:
            self.connection.close()
            self._lock.release()
        self._sweep(self._lock)

    def _sweep(self, lock: HomeLock) -> None:
        """Remove what writers that were killed left half written, unless another program may be writing just now."""
        if any(self.home.glob(f".*{safe_files.PART_SUFFIX}")):
            with contextlib.suppress(InUse):
                lock.acquire_exclusive(wait_seconds=0)
                try:
                    safe_files.remove_parts(self.home)
                finally:
                    lock.release()


def _purpose(name: str) -> Purpose:
    from app.core.security.key_derivation import Purpose  # noqa: PLC0415

    return Purpose(name)


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
        vault.discard(opened, keychain)
        raise
    guard(books.connection)
    books.write_anchor()
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
    program: str = "ops1099",
) -> Books:  # fmt: skip
    """Open existing books; migrate them first when they are older.

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
            return Books(home, connection, keys, clock, lock)
        except BaseException:
            connection.close()
            raise
    except BaseException:
        lock.release()
        raise


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
        from app.core.security.key_derivation import subkey  # noqa: PLC0415
        from app.store import audit  # noqa: PLC0415

        audit.append(
            connection, subkey(keys.brs, _purpose("audit-mac")), at=stamp, monotonic_ms=clock.monotonic_ms(),
            event="migration", actor="system", object_kind="books", object_id=None, body={"schema_version": version},
        )  # fmt: skip

    with lock.exclusive():
        migrate.migrate(connection, at=stamp, before_each=before, after_each=after)
