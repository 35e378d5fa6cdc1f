"""What the window asks of the bank link, and what it is told: the services behind it are named only in `bank_services`.

Everything that waits for the network runs on the thread beside (`Tasks.beside`); `standing` and `egress` are reads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from app.services.books.open_books import Books

OK, RECONNECT, GONE, WAITING = "ok", "reconnect", "gone", "waiting"
"""How a connection is."""
COMPLETE = "complete"
"""What is said of a history that is there to its beginning."""


class Way(NamedTuple):
    """How banks are reached: through a relay at an address, or with a person's own keys of Plaid."""

    mode: str
    address: str
    env: str

    @property
    def is_own(self) -> bool:
        return self.mode == "own_keys"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A linked bank. `accounts` are those of the books its rows go to; moments are ms since 1970."""

    id: int
    institution: str
    health: str = OK
    history: str = COMPLETE
    synced_at: int | None = None
    tried_at: int | None = None
    failures: int = 0
    """Tries in a row that failed, or found the bank not ready."""
    accounts: tuple[int, ...] = ()
    permission_ends: date | None = None
    """The day the bank's permission ends, where that is near, and how many days are left."""
    permission_days: int = 0
    unread: tuple[tuple[str, str], ...] = ()
    """Rows that came incomplete and are not booked: the account, and which row and why."""


class Standing(NamedTuple):
    """How the bank link stands; `way` is None while it is not set up.

    `unanswered` are banks that were linked and wait for the person's word, by name.
    """

    way: Way | None
    links: tuple[Link, ...]
    unanswered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundAccount:
    """An account of a bank that was just linked; `account_id` is the one of the books it looks like."""

    provider_id: str
    name: str
    last4: str
    kind: str
    role: str = "mixed"
    account_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A bank that was just linked and waits for the person's word."""

    institution: str
    accounts: tuple[FoundAccount, ...]
    linked_before: bool = False
    """Whether the same bank is linked already: a second link would be billed twice."""
    lost_before: bool = False
    """Whether an earlier link of this bank was lost: it cannot be used, and may be billed until it is ended."""


class Goes(NamedTuple):
    """Where the rows of a bank's account go: an account of the books, or a new one of this name, kind and role."""

    account_id: int | None
    name: str
    kind: str
    role: str


Answer = Mapping[str, Goes]
"""For each account of the bank where its rows go."""


class Talk(Protocol):
    """How connecting speaks with the person while it waits, from the thread beside."""

    def wait(self, seconds: float) -> None:
        """Wait, or less when the person says they are done. Raises: Cancelled."""

    def open_page(self, url: str) -> bool:
        """Open the bank's page in the person's browser."""

    def tell(self, state: str) -> None:
        """Say how far it is: waiting, open, linked, repaired."""

    def confirm(self, found: Found) -> Answer | None:
        """Show what was linked and ask; None when the person does not want it. Raises: Cancelled."""


class Synced(NamedTuple):
    """What a sync brought. `joined` are accounts of the bank that were in the books already: its name, ours."""

    added: int
    modified: int
    removed: int
    operation: int | None
    history: str
    joined: tuple[tuple[str, str], ...] = ()


class Sent(NamedTuple):
    """An entry of the list of what left this machine. `at` is ms since 1970."""

    at: int
    host: str
    purpose: str
    sent: int
    received: int
    allowed_by: str


class Egress(NamedTuple):
    """The newest entries, and how many there are with the bytes of all."""

    newest: tuple[Sent, ...]
    entries: int
    sent: int
    received: int


class BankPort(Protocol):
    """The bank link. All that asks the network raises BankUnreachable, BankRefused, Cancelled."""

    def standing(self, books: Books) -> Standing: ...

    def set_up_relay(self, books: Books, url: str, *, grant: str) -> None: ...

    def set_up_own_keys(self, books: Books, client_id: str, secret: str, *, env: str) -> None: ...

    def connect(self, books: Books, talk: Talk, *, only_waiting: bool = False) -> tuple[int, ...]:
        """Link a bank: page, wait, the person's word; or only ask for banks that wait for it.

        Returns the connections that were made.
        """

    def reconnect(self, books: Books, connection: int, talk: Talk) -> None: ...

    def sync(self, books: Books, connection: int, *, check: Callable[[], None], tell: Callable[[int], None]) -> Synced:
        """Fetch what is new; `tell` takes the rows fetched so far."""

    def disconnect(self, books: Books, connection: int, *, keep_rows: bool) -> None: ...

    def egress(self, books: Books, limit: int) -> Egress: ...

    def export_egress(self, books: Books, path: Path) -> int:
        """Write the whole list as CSV; return how many entries."""
