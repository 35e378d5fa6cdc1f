"""The pages of one update of a linked bank, all held in memory until the last one is here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from app.core.bank import planning, reading
from app.core.bank.reading import AccountFacts, BankRow, Refused
from app.core.bank.words import refused as refusal
from app.core.errors import BankRefused, BankUnreachable

if TYPE_CHECKING:
    from app.core.ports import BankFeed
    from app.store.bank import BankConnection

RESTARTS = 3
"""So often an update that the bank changed while it was read is begun again at once."""
_PATIENCE_SECONDS = 1_800.0
"""A relay may ask for breaks in a long first update; longer ones end it until later."""
_LONGEST_BREAK = 90.0
_FIRST_BREAK = 15.0
"""Before the first page there is nothing yet that a break would save: whoever asks for a longer one is asked later."""
_MOST_ROWS = 1_000_000
_MOST_IDLE_PAGES = 30
"""A bank that says so often in a row that there is more, and brings nothing that was not there, never ends."""
_TRIES = 3


class Staged(NamedTuple):
    """A whole update, in memory."""

    rows: dict[str, BankRow]
    removed: set[str]
    accounts: dict[str, AccountFacts]
    cursor: str
    history: str
    whole: bool
    """Whether it began at the beginning, so that a row it does not name is gone."""
    refused: dict[str, Refused]
    """Rows that came and could not be read, by their ids; those that came whole after that are not among them."""


class Staging:
    """Reads all pages of one update."""

    def __init__(
        self, source: BankFeed, check: Callable[[], None], tell: Callable[[int], None], wait: Callable[[float], None]
    ) -> None:
        self._source, self._check, self._tell, self._wait = source, check, tell, wait
        self._patience = _PATIENCE_SECONDS

    def staged(self, connection: BankConnection, *, anew: bool = False) -> Staged:
        """Return the update after the connection's cursor, or all rows where that cursor is good no more or `anew`.

        Raises: BankUnreachable, BankRefused.
        """
        cursor = connection.cursor
        if anew or connection.restarts >= RESTARTS:
            cursor = ""  # update after update broke off: the cursor itself is in the way
        begun_anew = False
        tries = 0
        while True:
            self._pages = 0
            try:
                return self._all_pages(cursor)
            except BankRefused as error:
                if error.reason != "restart":
                    raise
                tries += 1
                is_stuck = error.detail == "cursor" or (tries > RESTARTS and not self._pages)
                if cursor and is_stuck and not begun_anew:
                    cursor, begun_anew, tries = "", True, 0
                elif tries > RESTARTS or error.detail == "cursor":
                    raise

    def _all_pages(self, first: str) -> Staged:
        added: list[BankRow] = []
        modified: list[BankRow] = []
        removed: list[str] = []
        refused: dict[str, Refused] = {}
        accounts: dict[str, AccountFacts] = {}
        cursor = first
        seen: set[str] = set()
        idle = 0
        while True:
            self._check()
            answer = self._page(cursor)
            try:
                page = reading.page(answer)
            except ValueError:
                raise refusal("upstream", retry="later") from None
            self._pages += 1
            added += page.added
            modified += page.modified
            removed += page.removed
            _settle(refused, page)
            accounts |= {found.provider_id: found for each in page.accounts if (found := reading.account(each))}
            self._tell(len(added) + len(modified))
            if not page.has_more:
                if not page.next_cursor and self._pages > 1:
                    raise refusal("upstream", retry="later")  # it broke off, and says nothing of where to go on
                break
            news = {each[:1] + number for each in ("added", "modified", "removed") for number in _ids(answer, each)}
            idle = 0 if news - seen else idle + 1
            seen |= news
            if page.next_cursor in {"", cursor} or idle > _MOST_IDLE_PAGES or len(seen) > _MOST_ROWS:
                raise refusal("upstream", retry="later")
            cursor = page.next_cursor
        rows, gone = planning.merged(added, modified, removed)
        refused = {number: each for number, each in refused.items() if number not in gone}
        # "" says that the bank is not ready: it is never kept over a cursor that is good.
        return Staged(
            rows, gone, accounts, page.next_cursor, page.history, not first and bool(page.next_cursor), refused
        )  # fmt: skip

    def _page(self, cursor: str) -> dict[str, Any]:
        """Return one page; what fails only now is asked again, after the break the relay asks for."""
        for tried in range(_TRIES):
            try:
                return self._source.page(cursor)
            except BankUnreachable as error:
                # Whoever kept us waiting for a minute would do so again.
                if error.is_slow or tried + 1 == _TRIES:
                    raise
            except BankRefused as error:
                break_ = float(error.after or 0)
                longest = min(_LONGEST_BREAK if self._pages else _FIRST_BREAK, self._patience)
                passes = error.reason == "upstream" or (error.reason in {"limited", "busy"} and break_ <= longest)
                if not passes or tried + 1 == _TRIES:
                    raise
                self._pause(break_ if error.reason != "upstream" else 0.0)
        raise AssertionError

    def _pause(self, seconds: float) -> None:
        self._patience -= seconds
        while seconds > 0:
            self._check()
            self._wait(min(seconds, 0.25))
            seconds -= 0.25


def _settle(refused: dict[str, Refused], page: reading.Page) -> None:
    """Take in a page's unreadable rows; one that was unreadable and comes whole now is none. Changes come after."""
    for is_change, whole in ((False, page.added), (True, page.modified)):
        for row in whole:
            refused.pop(row.provider_id, None)
        refused.update((each.number, each) for each in page.refused if each.is_change is is_change)


def _ids(answer: Mapping[str, Any], *names: str) -> set[str]:
    return {
        each["transaction_id"] for name in names for each in answer.get(name) or []
        if isinstance(each.get("transaction_id"), str)
    }  # fmt: skip
