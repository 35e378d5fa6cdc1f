"""Fetches what is new at a linked bank: all pages first, then one change of the books with the new cursor in it.

Nothing is written while pages come. When all are here, one operation writes the rows, what became of those that were
known, and the cursor, so that a crash at any moment leaves either all of an update or nothing of it.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from app.adapters.home_lock import one_sync_at_a_time
from app.core.bank import reading, schedule
from app.core.bank.reading import AccountFacts
from app.core.dates import day_of
from app.core.errors import BankError, BankRefused, Busy, NotFound, UserError
from app.services.bank import bank_records
from app.services.bank.bank_accounts import Joined, joined
from app.services.bank.bank_pages import Staged, Staging
from app.services.bank.bank_unread import Unread, unread
from app.services.bank.bank_writing import Writing
from app.services.ingest.collector import no_collection
from app.services.ingest.import_reading import never
from app.store import journal

if TYPE_CHECKING:
    from app.core.ports import BankFeed
    from app.services.books.open_books import Books
    from app.store.bank import BankConnection

Feed = Callable[["Books", int], AbstractContextManager["BankFeed"]]


class Synced(NamedTuple):
    """What one bank brought. `error` says why it brought nothing.

    `refused` are rows of this update that could not be read, `unread` all of the bank that still stand so. `joined` are
    accounts of the bank that this update found in the books already.
    """

    connection: int
    institution: str
    added: int = 0
    modified: int = 0
    removed: int = 0
    operation: int | None = None
    history: str = "loading"
    refused: int = 0
    held_back: int = 0
    error: UserError | None = None
    unread: tuple[Unread, ...] = ()
    joined: tuple[Joined, ...] = ()
    skipped: bool = False
    """Whether it was not asked, since its time had not come."""
    due: str | None = None
    """When it is next read by itself, in UTC; None when not before the person did something."""


class SyncResult(NamedTuple):
    """What all banks asked brought together; `connections` has each."""

    added: int
    modified: int
    removed: int
    operation: int | None
    history: str
    connections: tuple[Synced, ...]


def sync(
    books: Books, connection_id: int | None = None, *, feed: Feed | None = None, only_due: bool = False,
    check: Callable[[], None] = never, tell: Callable[[int], None] | None = None,
    wait: Callable[[float], None] = time.sleep,
) -> SyncResult:  # fmt: skip
    """Fetch what is new at a bank, or at every linked one. `tell` hears how many rows have come.

    `check` may raise Cancelled; nothing of the update at work is kept then. Where several banks are asked, one that
    fails, or is being read elsewhere, does not keep the others from it: its error stands in the result, and is raised
    when none could be read. `only_due` leaves out the banks whose time has not come by the schedule of the window:
    every six hours, sooner after a try that failed.

    Raises: NotFound; Busy while another sync of the bank runs; BankUnreachable, BankRefused.
    """
    wanted = _wanted(books, connection_id)
    books.refuse_reader()
    ask = feed if feed is not None else _links()
    found: list[Synced] = []
    for each in wanted:
        if only_due and not schedule.is_due(_look(each), _now(books)):
            found.append(Synced(each.id, each.institution, history=each.history, skipped=True))
            continue
        try:
            found.append(_sync_one(books, each.id, ask, check, tell or (lambda _rows: None), wait))
        except (BankError, Busy) as error:
            if connection_id is not None:
                raise
            found.append(Synced(each.id, each.institution, history=each.history, error=error))
    failed = [each.error for each in found if each.error is not None]
    if failed and len(failed) == len(found):
        raise failed[0]
    found = [each._replace(due=_due(books, each.connection)) for each in found]
    return SyncResult(
        sum(each.added for each in found), sum(each.modified for each in found), sum(each.removed for each in found),
        max((each.operation for each in found if each.operation), default=None),
        min((each.history for each in found), key=reading.HISTORY.index), tuple(found),
    )  # fmt: skip


def _look(bank: BankConnection) -> schedule.Look:
    return schedule.Look(bank.health, bank.tried_at, bank.synced_at, bank.failures)


def _due(books: Books, number: int) -> str | None:
    bank = books.bank.connection(number)
    due = None if bank is None or bank.ended else schedule.due_at(_look(bank))
    if not due:
        return None
    return datetime.fromtimestamp(due / 1000, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _links() -> Feed:
    from app.services.bank import bank_feed  # noqa: PLC0415 - only where a bank is really asked

    return bank_feed.feed


def _wanted(books: Books, connection_id: int | None) -> list[BankConnection]:
    if connection_id is None:
        found = books.bank.connections()
        if not found:
            raise NotFound("No bank is connected.", "Connect one with: ops1099 bank connect")
        return found
    connection = books.bank.connection(connection_id)
    if connection is None or connection.ended:
        raise NotFound(f"There is no connected bank {connection_id}.", "See the banks with: ops1099 bank status")
    return [connection]


def _sync_one(
    books: Books, number: int, feed: Feed, check: Callable[[], None], tell: Callable[[int], None],
    wait: Callable[[float], None],
) -> Synced:  # fmt: skip
    with one_sync_at_a_time(books.home, number) as free:
        if not free:
            raise busy()
        connection = books.bank.connection(number)
        if connection is None or connection.ended:
            raise NotFound("The bank was disconnected.", "See the banks with: ops1099 bank status")
        try:
            with feed(books, number) as source, no_collection():
                staged = Staging(source, check, tell, wait).staged(connection, anew=_is_unsealed(books, connection))
                made = _apply(books, connection, staged, source, check)
                _look_at_permission(books, connection, source)
        except BankError as error:
            _note_failure(books, connection, error)
            if isinstance(error, BankRefused) and error.reason == "gone":
                from app.services.bank import bank_leaving  # noqa: PLC0415 - rare

                bank_leaving.forget_gone(books, connection.item_id)
            raise
    return made


def _look_at_permission(books: Books, before: BankConnection, source: BankFeed) -> None:
    """Learn once a day until when the bank may be read; a bank that does not say so now may say it tomorrow."""
    if before.synced_day == day_of(books.clock.today()):
        return
    try:
        told = source.health()
    except BankError:
        return
    ends = reading.day_told(told.get("consent_expires"))
    bank_records.note(books, before.id, consent_ends=None if ends is None else day_of(ends))


def _is_unsealed(books: Books, connection: BankConnection) -> bool:
    """Say whether rows were left out for the sake of a sealed year that is open again: then all rows are asked for."""
    years = set(map(int, connection.held_back.split()))
    return bool(years and years - set(books.settings.sealed_years()))


def busy() -> Busy:
    return Busy("This bank is being read already.", "Wait until that is done.")


def _note_failure(books: Books, connection: BankConnection, error: BankError) -> None:
    reason = error.reason if isinstance(error, BankRefused) else ""
    health = reason if reason in {"reconnect", "gone"} else "waiting"
    restarts = connection.restarts + 1 if reason == "restart" else connection.restarts
    bank_records.note(
        books, connection.id, health=health, tried_at=_now(books), failures=connection.failures + 1, restarts=restarts
    )


def _now(books: Books) -> int:
    return int(books.clock.now().timestamp() * 1000)


def _apply(
    books: Books, connection: BankConnection, staged: Staged, source: BankFeed, check: Callable[[], None]
) -> Synced:
    """Write an update: rows and cursor in one operation. What brought nothing is no change, only a look."""
    history = reading.further(connection.history, staged.history)
    state = _state(books, connection, staged)
    if not (staged.rows or staged.removed or staged.refused or staged.whole or history != connection.history):
        bank_records.note(books, connection.id, **state)
        return Synced(connection.id, connection.institution, history=history, unread=unread(books, connection.id))
    roster = _roster(books, connection, staged, source)
    with books.work.operation("bank_sync", actor="system", durable=True) as work:
        work.check = check
        now = books.bank.connection(connection.id)
        if now is None or now.ended or now.cursor != connection.cursor:
            raise busy()
        writing = Writing(work, connection, staged)
        writing.all(roster)
        state["held_back"] = writing.seals.years("" if staged.whole else connection.held_back)
        # Read anew from the beginning, and nothing was new: only the place to go on from is, and that is no change.
        is_a_look = (
            staged.whole and bool(connection.cursor) and history == connection.history
            and not journal.has_changes(books.connection, work.id)
        )  # fmt: skip
        if not is_a_look:
            books.bank.set_connection(
                connection.id, cursor=staged.cursor or connection.cursor, history=history, **state
            )  # fmt: skip
        work.refs = {"connection": connection.id, "added": writing.added}
        work.audit_body = {"added": writing.added}
    if is_a_look:
        bank_records.note(books, connection.id, staged.cursor, **state)
    return Synced(
        connection.id, connection.institution, writing.added, writing.modified, writing.removed,
        work.outcome.operation, history, len(staged.refused), writing.held_back, unread=unread(books, connection.id),
        joined=joined(books, connection.id, writing.joined),
    )  # fmt: skip


def _state(books: Books, connection: BankConnection, staged: Staged) -> dict[str, int | str | None]:
    now = _now(books)
    waits = staged.history == "loading" and not staged.cursor
    return {
        "health": "ok", "tried_at": now, "restarts": 0, "synced_at": connection.synced_at if waits else now,
        "synced_day": connection.synced_day if waits else day_of(books.clock.today()),
        "failures": connection.failures + 1 if waits else 0,
    }  # fmt: skip


def _roster(books: Books, connection: BankConnection, staged: Staged, source: BankFeed) -> dict[str, AccountFacts]:
    """Return what is known of the accounts of a bank.

    The bank is asked for all of them when one is new, when rows came without a word about their account, and once a
    day: an account without rows has a balance too. An update names only accounts with news, so what it does not name
    is not gone.
    """
    found = dict(staged.accounts)
    linked = books.bank.accounts_of(connection.id)
    known = {each.provider_id for each in linked}
    named = {row.account for row in staged.rows.values()}
    named |= {row.account for row in staged.refused.values() if row.account}
    is_new = bool((named | found.keys()) - known)
    is_first = connection.synced_day != day_of(books.clock.today())
    if (
        is_new
        or is_first
        or named - found.keys()
        or any(books.bank.file_of(each.account_id) is None for each in linked)
    ):
        # Without a balance the rows are right all the same.
        with contextlib.nullcontext() if is_new else contextlib.suppress(BankError):
            for each in source.accounts():
                account = reading.account(each)
                if account is not None:
                    found.setdefault(account.provider_id, account)
    return found
