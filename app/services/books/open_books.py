"""The open books: one connection, its keys, its repositories. Made by `opening`, closed by `close`."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import UTC, tzinfo
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NoReturn, Protocol

from app.adapters.home_lock import WAIT_SECONDS, HomeLock
from app.adapters.live_secrets import LIVE
from app.core.errors import Conflict, DamagedBooks, Refused
from app.services.bank.bank_line import Line
from app.services.books import sweeping
from app.services.books.repositories import Repositories
from app.services.books.shared import Shared
from app.services.integrity.disk_room import told_apart
from app.services.vault import book_keys
from app.store import migrate
from app.store.connection import Connection, file_of, guard, interrupt, open_connection, open_cut

if TYPE_CHECKING:
    from app.core.ports import Clock, Keychain
    from app.core.security.envelope import Keys
    from app.services.bank.bank_child import RelayChild
    from app.services.books.work import Operations
    from app.store.digest import Digest


class Unlock(NamedTuple):
    """What the user gave to open the books. Nothing of it shows in `repr`."""

    passphrase: str | None = None
    key_hex: str | None = None
    ask: Callable[[], str | None] | None = None
    """Asks for the passphrase, once, when it is needed and was not given."""
    recovery_key: str | None = None
    """A recovery key given as such; one given as the passphrase is recognised too."""

    def __repr__(self) -> str:
        return "Unlock()"


class Entry(NamedTuple):
    """An entry of the audit log, as notes of the newest one tell of it."""

    seq: int
    mac: str


class Follows(Protocol):
    """What a change, closing or damage brings with it beside the database; `keeping` is what opened books have."""

    def operations(self, books: Books) -> Operations:
        """Return the one flow of every change."""

    def committed(self, books: Books, *, synced: bool) -> None:
        """Note that a change was committed; `synced` when the disk has it."""

    def closing(self, books: Books) -> None:
        """Note the books as they are when they close after a change. Raises: Conflict, DamagedBooks."""

    def damaged(self, books: Books, trouble: DamagedBooks) -> None:
        """Remember damage, so that nothing writes to these books any more."""


class Books(Repositories):
    """An open home. Several processes may hold the same one; a thread that only reads has a `reader` of its own."""

    def __init__(
        self, home: Path, connection: Connection, keys: Keys, clock: Clock, lock: HomeLock | None,
        follows: Follows | None = None,
    ) -> None:  # fmt: skip
        """Take over an open connection. Without a lock it is a reader: whoever made it holds the home.

        Without `follows` they are a copy that is looked at: nothing is changed in it, nothing noted beside it.
        """
        LIVE.hold(keys.dbk)
        super().__init__(connection)
        self.home = home
        self.clock = clock
        self.changed = False
        self.keychain: Keychain | None = None
        """Where the newest audit entry is noted too, when the keys of these books use it."""
        self.anchor_in_keychain = False
        """Whether that note is to be brought up to date with the next one beside the books; see `anchor`."""
        self.in_window = False
        """Whether a person has them open in the window: then that is done when they close."""
        self.child: RelayChild | None = None
        """The relay of own bank keys, while it runs; it ends when these books are closed."""
        self.line = Line()
        self.shared = Shared()
        self._keys = keys
        self._lock = lock
        self._follows = follows
        self._file = file_of(home / book_keys.BOOKS_FILE)
        self.synced: Entry | None = None
        """The newest entry that is known to be on the disk, once something was noted."""
        self.is_cut = False
        """Whether a part of the file is gone, so that the rescue reads what is left of it."""
        self._professions: dict[int, str] = {}
        self.schema_version = migrate.version_of(connection)

    @cached_property
    def work(self) -> Operations:
        """The one flow of every change. Raises: Refused on a copy that is only looked at."""
        if self._follows is None:
            self._refuse_reading()
        return self._follows.operations(self)

    @cached_property
    def digest(self) -> Digest:
        from app.store.digest import Digest  # noqa: PLC0415

        return Digest(self.connection, self.subkey("row-digest"))

    def __repr__(self) -> str:
        return "Books()"

    # --- several connections

    def reader(self) -> Books:
        """Return second books for the calling thread, which see what is committed and cannot write.

        They share nothing of the database with these and are closed on their thread, before these are.
        """
        path, key = self.home / book_keys.BOOKS_FILE, self._keys.dbk.hex()
        connection = open_cut(path, key) if self.is_cut else open_connection(path, key, read_only=True)
        guard(connection)
        made = Books(self.home, connection, self._keys, self.clock, None, self._follows)
        made.is_cut = self.is_cut
        made.shared, made.keychain = self.shared, self.keychain
        return made

    @contextlib.contextmanager
    def alone(self, wait_seconds: float = WAIT_SECONDS) -> Iterator[Books]:
        """Hold the home alone and give second books without the guard, for work no use case may do. Raises: InUse."""
        self.refuse_reader()
        assert self._lock is not None
        with self._lock.exclusive(wait_seconds):
            connection = open_connection(self.home / book_keys.BOOKS_FILE, self._keys.dbk.hex())
            try:
                yield Books(self.home, connection, self._keys, self.clock, self._lock, self._follows)
            finally:
                connection.close()

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
        """Raises: Refused when these books are a reader; DamagedBooks; Conflict when they were opened to be read."""
        if self._lock is None:
            self._refuse_reading()
        if self.damaged:
            raise DamagedBooks(
                "These books are damaged, so nothing is written to them.",
                "Nothing was changed. `ops1099 rescue status` says what can be done.",
            )
        if self.reads_only:
            raise Conflict(
                "These books are open for reading only.", "Open them without --read-only to change them.",
                code="not_writable",
            )  # fmt: skip

    @property
    def damaged(self) -> DamagedBooks | None:
        """The damage that was met first; None while none was."""
        return self.shared.damage

    @contextlib.contextmanager
    def noticing(self) -> Iterator[None]:
        """Translate errors of the database; from the first damage on nothing is written any more."""
        try:
            with told_apart(self.home, self.connection):
                yield
        except DamagedBooks as trouble:
            if not self.damaged and self._follows is not None:
                self._follows.damaged(self, trouble)
            raise

    def committed(self, *, synced: bool = False) -> None:
        """Say that a change was committed, `synced` that the disk has it."""
        self.changed = True
        if self._follows is not None:
            self._follows.committed(self, synced=synced)

    def refuse_lost(self) -> None:
        """Raises: Conflict when books.db is gone or another file by now: a change would be lost when these close."""
        if self._file is not None and file_of(self.home / book_keys.BOOKS_FILE) != self._file:
            raise Conflict(
                "The books file is gone from its folder, or another one lies there since; nothing was changed.",
                "Put it back if you moved it, then close 1099 Ops and open the books again.", code="not_writable",
            )  # fmt: skip

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """Read everything inside from one moment of the books. Raises: Cancelled after `interrupt`; DamagedBooks."""
        if self.connection.in_transaction:
            # Inside a change: what goes wrong is told apart once that is undone, and the pages can be looked at.
            yield
            return
        with self.noticing():
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

    @property
    def lock(self) -> HomeLock:
        """The hold on the home. Raises: Refused when these books are a reader, which has none."""
        if self._lock is None:
            self._refuse_reading()
        return self._lock

    def _refuse_reading(self) -> NoReturn:
        raise Refused("These books are open for reading only.", "Make the change where they are open for writing.")

    def go_on_with(self, connection: Connection, keys: Keys) -> None:
        """Take over a connection opened with renewed keys; the old one is closed, and readers of it were before."""
        self.turn_to(connection)
        self._keys = keys

    @property
    def keys(self) -> Keys:
        """The open keys, for what wraps them anew; never for a person or a log."""
        return self._keys

    @property
    def uuid(self) -> str:
        """The identity of these books; it survives every change of keys."""
        return self._keys.uuid

    @property
    def generation(self) -> int:
        """Which database key this is; each rotation counts one up."""
        return self._keys.generation

    def subkey(self, purpose: str) -> bytes:
        from app.core.security import key_derivation  # noqa: PLC0415 - reading needs no subkey

        LIVE.hold(self._keys.brs)
        return key_derivation.subkey(self._keys.brs, key_derivation.Purpose(purpose))

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

    def close(self) -> None:
        """Close the connection; after a change the anchor is written first. A reader closes only its connection."""
        self._stop_child()
        if self._lock is None:
            self.connection.close()
            return
        try:
            if self.changed:
                if self._follows is not None:
                    self._follows.closing(self)
                self.changed = False
                _noted_as_closed()
        finally:
            self.connection.close()
            self._lock.release()
        sweeping.after_closing(self.home, self._lock)

    def let_go(self) -> None:
        """Close books that are no more: nothing is noted about them any more."""
        self._stop_child()
        self.changed = False
        self.connection.close()

    def hang_up(self) -> None:
        """Let no bank's answer be waited for on these books any more; any thread may say so."""
        self.line.drop()
        if self.child is not None:
            self.child.let_go()

    def _stop_child(self) -> None:
        child, self.child = self.child, None
        if child is not None:
            child.stop()


def _noted_as_closed() -> None:
    from app.adapters import logs  # noqa: PLC0415 - only after a change
    from app.core.log_events import Event  # noqa: PLC0415

    logs.note(Event.BOOKS_CLOSED, changed=1)
