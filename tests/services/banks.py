"""A bank behind a relay, in memory: it keeps the truth of its rows and tells what changed, page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from app.core.errors import BankRefused
from app.services.bank import bank_accounts
from app.services.bank.bank_sync import Feed
from app.services.books.open_books import Books

Json = dict[str, Any]


def account(number: str = "acc-1", **more: Any) -> Json:
    return {
        "account_id": number, "name": "Everyday Checking", "official_name": None, "mask": "4417", "type": "depository",
        "subtype": "checking", "persistent_account_id": None, "holder_category": "personal",
        "balances": {"available": None, "current": None, "limit": None, "iso_currency_code": "USD"}, **more,
    }  # fmt: skip


def row(number: str, amount: str, day: str, name: str, **more: Any) -> Json:
    """Return a row as the relay tells it: money out is positive."""
    return {
        "transaction_id": number, "account_id": "acc-1", "amount": amount, "iso_currency_code": "USD",
        "unofficial_currency_code": None, "date": day, "authorized_date": None, "pending": False,
        "pending_transaction_id": None, "name": name, "original_description": name, "merchant_name": None,
        "personal_finance_category": None, "counterparties": [], "payment_meta": {}, **more,
    }  # fmt: skip


class Bank:
    """`before_page` may raise what a relay would, or change the bank, before a page is told."""

    def __init__(self, item_id: str = "item-1", name: str = "Stand-in Bank", page: int = 500) -> None:
        self.item_id, self.name, self.size = item_id, name, page
        self.accounts: list[Json] = [account()]
        self.changes: list[tuple[str, Json]] = []
        self.status = "complete"
        self.asked: list[str] = []
        self.before_page: Callable[[str], None] = lambda _cursor: None
        self.names_accounts, self.roster_fails = True, False
        self.era = 0
        """Cursors of another era are good no more."""

    def add(self, *rows: Json) -> None:
        self.changes += [("added", each) for each in rows]

    def modify(self, *rows: Json) -> None:
        self.changes += [("modified", each) for each in rows]

    def remove(self, *numbers: str) -> None:
        self.changes += [("removed", {"transaction_id": each, "account_id": "acc-1"}) for each in numbers]

    def linked_item(self) -> Json:
        return {"item_id": self.item_id, "sealed_token": "sealed", "institution": {"id": "ins_1", "name": self.name},
                "accounts": self.accounts}  # fmt: skip

    def link(self, books: Books) -> int:
        return bank_accounts.remember_linked(books, self.linked_item())

    # --- the feed

    def roster(self) -> list[Json]:
        if self.roster_fails:
            raise BankRefused("limited", retry="later", after=60)
        return self.accounts

    def page(self, cursor: str) -> Json:
        self.asked.append(cursor)
        self.before_page(cursor)
        if self.status == "loading":
            return self._told([], "", more=False)
        start = 0
        if cursor:
            era, _, place = cursor.partition(":")
            if int(era) != self.era:
                raise BankRefused("restart", retry="restart", detail="cursor")
            start = int(place)
        some = self.changes[start : start + self.size]
        end = start + len(some)
        return self._told(some, f"{self.era}:{end}", more=end < len(self.changes))

    def _told(self, some: list[tuple[str, Json]], cursor: str, *, more: bool) -> Json:
        answer: Json = {"status": self.status, "added": [], "modified": [], "removed": [], "next_cursor": cursor,
                        "has_more": more, "accounts": self.accounts if self.names_accounts else []}  # fmt: skip
        for what, each in some:
            answer[what].append(each)
        return answer


class _Asked:
    def __init__(self, bank: Bank) -> None:
        self._bank = bank

    def accounts(self) -> list[Json]:
        return self._bank.roster()

    def page(self, cursor: str) -> Json:
        return self._bank.page(cursor)

    def health(self) -> Json:
        return {"health": "ok"}


def feed_of(*banks: Bank) -> Feed:
    """Return the way to these banks, by the item of each connection."""

    @contextmanager
    def feed(books: Books, number: int) -> Iterator[_Asked]:
        connection = books.bank.connection(number)
        assert connection is not None
        yield _Asked(next(bank for bank in banks if bank.item_id == connection.item_id))

    return feed
