"""One linked bank to read, by way of the relay."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from app.core.bank.words import refused
from app.services.bank import bank_records, bank_secrets
from app.services.bank.bank_asking import asking

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.core.ports import BankFeed
    from app.services.bank.bank_client import Relay
    from app.services.books.open_books import Books

Json = dict[str, Any]

PAGE_SIZE = 500


@contextlib.contextmanager
def feed(books: Books, connection_id: int, *, allowed_by: str = "bank sync") -> Iterator[BankFeed]:
    """Give one linked bank to read. Raises: NotFound; the calls raise BankUnreachable, BankRefused."""
    bank = bank_records.standing(books, connection_id)
    if bank.health == "gone" and bank.item_id not in held_tokens(books):
        raise refused("gone")
    with asking(books, allowed_by, in_batch=True) as relay:
        yield _Feed(relay, bank.item_id)


class _Feed:
    """Implements `ports.BankFeed`."""

    def __init__(self, relay: Relay, item_id: str) -> None:
        self._relay, self._item_id = relay, item_id

    def accounts(self) -> list[Json]:
        found = self._relay.item("/v1/accounts", self._item_id, "accounts").get("accounts")
        return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []

    def page(self, cursor: str) -> Json:
        return self._relay.item("/v1/transactions/sync", self._item_id, "transactions", cursor=cursor, count=PAGE_SIZE)

    def health(self) -> Json:
        return self._relay.item("/v1/item", self._item_id, "health")


def held_tokens(books: Books) -> set[str]:
    """Return the Items whose sealed token is kept."""
    return set(bank_secrets.names(books, bank_secrets.TOKEN))
