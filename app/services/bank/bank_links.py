"""The linked banks, for both front ends: connect, see how they are, read, sign in again, disconnect."""

from __future__ import annotations

import contextlib
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from app.core.bank import reading, schedule
from app.core.bank.words import HEALTH, WORDS, ends_soon
from app.core.dates import date_of, day_of
from app.core.errors import BankError, BankRefused, BankUnreachable, Locked
from app.services.bank import bank_client, bank_linking, bank_moving, bank_records
from app.services.bank.bank_accounts import joined
from app.services.bank.bank_asking import asking
from app.services.bank.bank_feed import held_tokens
from app.services.bank.bank_leaving import Left, disconnect, forget_gone, reject
from app.services.bank.bank_linking import Linked, Page, begin, check, confirm, linked, pages
from app.services.bank.bank_setup import Ready, setup_own_keys, setup_relay
from app.services.bank.bank_unread import Unread, unread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from app.core.ports import Browser
    from app.services.books.open_books import Books
    from app.store.bank import BankAccount, BankConnection
    from app.store.bank_settings import BankSetting

Json = dict[str, Any]

__all__ = [
    "Connected", "Left", "Linked", "Page", "Ready", "Standing", "Status", "begin", "check", "confirm", "connect",
    "disconnect", "joined", "linked", "pages", "reconnect", "reject", "setup_own_keys", "setup_relay", "status",
]  # fmt: skip

_NO_WAIT_HELPS = frozenset({"misconfigured", "unsupported", "bad_sealed_token"})


class Connected(NamedTuple):
    """How far linking came: the page, and the banks that wait for the person's word."""

    page: Page
    linked: list[Linked]


class Standing(NamedTuple):
    """How one linked bank is. `last_sync` is a moment in UTC."""

    id: int
    institution: str
    health: str
    history: str
    last_sync: str | None
    accounts: list[BankAccount]
    asked: bool
    """Whether the bank's side said so just now; else it is what was known last."""
    has_token: bool
    consent_ends: date | None = None
    """The day a permission that is given for a time ends, as the bank's side said now or last."""
    ends_soon: bool = False
    code: str | None = None
    """Which answer of the bank link is behind it, where it said one."""
    unread: tuple[Unread, ...] = ()
    """Rows that came incomplete and are not booked."""
    names: Mapping[int, str] = MappingProxyType({})
    """The names of the accounts of the books its rows go to, by their numbers."""

    @property
    def words(self) -> tuple[str, str]:
        """What happened, and what to do."""
        if self.ends_soon and self.consent_ends is not None and self.health == "ok":
            return ends_soon(self.consent_ends)
        if self.health == "waiting" and self.code in _NO_WAIT_HELPS:
            return WORDS[self.code]
        return HEALTH.get(self.health, HEALTH["waiting"])


class Status(NamedTuple):
    setting: BankSetting | None
    connections: list[Standing]
    linked: list[Linked]
    pages: list[Page]
    trouble: BankError | Locked | None
    """Why the bank's side could not be asked."""
    lost: list[tuple[str, str]]
    """Banks whose link was lost and that were not linked since: the name, and the day."""


def connect(
    books: Books, *, wait: float, open_browser: Browser | None, tell: Callable[[Page], None],
    pause: Callable[[float], None], mode: str = "new", connection: int | None = None,
    heard: Callable[[str], None] = lambda _state: None,
) -> Connected:  # fmt: skip
    """Begin a page, or go on with the one that is open, and wait for the person to finish it.

    `tell` hears of the page before anything else, `pause` waits and may raise Cancelled: nothing is lost then, since
    the page is found again. What was linked waits for `confirm`. `heard` is told how far the person is, each time
    the bank's side was asked.

    Raises: as `bank_linking.begin`; a relay that cannot be reached while waiting is asked again.
    """
    page = _open_page(books, mode, connection)
    if page is None:
        return Connected(Page("", "", mode, connection, 0, "linked"), linked(books))
    tell(page)
    if open_browser is not None:
        open_browser(page.url)
    page = _wait(books, page, wait, pause, heard)
    return Connected(page, linked(books))


def _open_page(books: Books, mode: str, connection: int | None) -> Page | None:
    """Return the page to show: one that is open already, else a new one; None when a bank waits for the word."""
    checked = check(books)
    if mode == "new" and linked(books):
        return None
    same = [each for each in checked if (each.mode, each.connection) == (mode, connection)]
    still = [each for each in same if each.state in {"waiting", "open"}]
    return still[-1] if still else begin(books, mode=mode, connection=connection)


def _wait(books: Books, page: Page, wait: float, pause: Callable[[float], None], heard: Callable[[str], None]) -> Page:
    waited, every = 0.0, bank_linking.FIRST_EVERY
    while waited < wait and page.state in {"waiting", "open"}:
        step = min(every, wait - waited)
        pause(step)
        waited += step
        every = bank_linking.FIRST_EVERY if waited < bank_linking.FIRST_SECONDS else bank_linking.LATER_EVERY
        try:
            stands = check(books)
        except BankUnreachable:
            every = bank_linking.LATER_EVERY
            continue
        except BankRefused as error:
            if error.retry != "later":
                raise
            every = float(min(max(error.after or 0, bank_linking.LATER_EVERY), 60))
            continue
        page = next((each for each in stands if each.handle == page.handle), page._replace(state="expired"))
        heard(page.state)
    return page


def reconnect(
    books: Books, connection_id: int, *, wait: float, open_browser: Browser | None, tell: Callable[[Page], None],
    pause: Callable[[float], None], accounts: bool = False, heard: Callable[[str], None] = lambda _state: None,
) -> Page:  # fmt: skip
    """Let the person sign in at the bank again, or choose `accounts` anew. Raises: as `connect`."""
    mode = "accounts" if accounts else "repair"
    return connect(
        books, wait=wait, open_browser=open_browser, tell=tell, pause=pause, mode=mode, connection=connection_id,
        heard=heard,
    ).page  # fmt: skip


def status(books: Books, *, ask: bool = True) -> Status:
    """Return how every linked bank is; with `ask` as the bank's side says now, also of pages that were begun.

    Offline it is what was known last: this raises nothing for a relay that does not answer.
    """
    setting = bank_client.setting_of(books)
    banks = books.bank.connections()
    trouble: BankError | Locked | None = None
    said: dict[int, _Said] = {}
    if ask and setting is not None and not books.reads_only:
        try:
            if bank_moving.is_due(books):
                bank_moving.move(books)
            check(books)
            said = _asked(books, [bank for bank in banks if bank.item_id in held_tokens(books)])
        except (BankError, Locked) as error:
            trouble = error
    held = held_tokens(books)
    found = [_standing(books, bank, said.get(bank.id), has_token=bank.item_id in held) for bank in banks]
    return Status(setting, found, linked(books), list(_pages(books)), trouble, list(bank_linking.lost(books).values()))


class _Said(NamedTuple):
    """What the bank's side says of one bank."""

    health: str
    consent_ends: date | None = None
    code: str | None = None


def _said(answer: Json) -> _Said:
    code = answer.get("code")
    return _Said(
        str(answer.get("health")), reading.day_told(answer.get("consent_expires")),
        code if isinstance(code, str) else None,
    )  # fmt: skip


def _asked(books: Books, banks: list[BankConnection]) -> dict[int, _Said]:
    found: dict[int, _Said] = {}
    if not banks:
        return found
    with asking(books, "bank status", in_batch=True) as relay:
        for bank in banks:
            try:
                found[bank.id] = _said(relay.item("/v1/item", bank.item_id, "health"))
            except BankRefused as error:
                if error.reason in {"reconnect", "gone"}:
                    found[bank.id] = _Said(error.reason)
                elif error.reason == "bad_sealed_token":
                    found[bank.id] = _Said("waiting", code=error.reason)  # of this bank; the others are asked on
                elif error.reason != "limited":
                    raise
    known = {number: said for number, said in found.items() if said.health in HEALTH}
    for bank in banks:
        if bank.id not in known:
            continue
        heard = known[bank.id]
        ends = day_of(heard.consent_ends) if heard.consent_ends is not None else None
        if heard.health != bank.health or (heard.health == "ok" and ends != bank.consent_ends):
            bank_records.note_health(books, bank.id, heard.health, ends)
        if heard.health == "gone":
            forget_gone(books, bank.item_id)
    return known


def _pages(books: Books) -> Iterator[Page]:
    with contextlib.suppress(Locked):
        yield from pages(books).values()


def _standing(books: Books, bank: BankConnection, said: _Said | None, *, has_token: bool) -> Standing:
    last = None
    if bank.synced_at is not None:
        moment = datetime.fromtimestamp(bank.synced_at / 1000, UTC)
        last = moment.isoformat(timespec="seconds").replace("+00:00", "Z")
    known = None if bank.consent_ends is None else date_of(bank.consent_ends)
    ends = said.consent_ends if said is not None else known
    accounts = books.bank.accounts_of(bank.id)
    names = {each.account_id: found.name for each in accounts if (found := books.accounts.get(each.account_id))}
    return Standing(
        bank.id, bank.institution, said.health if said is not None else bank.health, bank.history, last,
        accounts, said is not None, has_token, ends, schedule.ends_soon(ends, books.clock.today()),
        said.code if said is not None else None, unread(books, bank.id), names,
    )  # fmt: skip
