"""Books, a real relay process, and a stand-in for Plaid behind it: what a person's own computer and bank are here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.adapters.clock import SystemClock
from app.adapters.randomness import OsRandomness
from app.core.ports import Keychain
from app.core.security.envelope import Mode
from app.services.bank import bank_links
from app.services.bank.bank_linking import Page
from app.services.books import opening
from app.services.books.open_books import Books, Unlock
from tests.relay.conftest import RelayProcess, plaid, relay, relays, shared_relay, stand_in
from tests.relay.plaid_stand_in import Item, PlaidStandIn, account, transaction

__all__ = ["plaid", "relay", "relays", "shared_relay", "stand_in"]

PASSPHRASE = "violet anchor harvest tundra 41"
CLOCK = SystemClock("UTC", date(2026, 11, 20))


class MemoryKeychain:
    """Implements `ports.Keychain` without a desktop: one entry a name, as short as the real one takes them."""

    def __init__(self) -> None:
        self.entries: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        return self.entries.get(name)

    def set(self, name: str, value: str) -> None:
        assert len(value) < 1200
        self.entries[name] = value

    def delete(self, name: str) -> None:
        self.entries.pop(name, None)


@pytest.fixture
def keychain() -> MemoryKeychain:
    return MemoryKeychain()


@pytest.fixture
def make_books(tmp_path: Path) -> Iterator[Callable[..., Books]]:
    """Makes real encrypted books: with a keychain in its mode, else with a passphrase. All are closed in the end."""
    made: list[Books] = []

    def make(name: str = "home", keychain: Keychain | None = None) -> Books:
        mode = Mode.PASSPHRASE if keychain is None else Mode.KEYCHAIN
        opened, _ = opening.create(
            tmp_path / name, mode=mode, passphrase=PASSPHRASE if keychain is None else None, keychain=keychain,
            randomness=OsRandomness(), clock=CLOCK, kdf_memory_mib=64,
        )  # fmt: skip
        made.append(opened)
        return opened

    yield make
    for each in made:
        each.close()


@pytest.fixture
def books(make_books: Callable[..., Books], keychain: MemoryKeychain) -> Books:
    return make_books(keychain=keychain)


@pytest.fixture
def linked(books: Books, relay: RelayProcess, plaid: PlaidStandIn) -> Books:
    """Books whose bank link is set up."""
    bank_links.setup_relay(books, relay.origin)
    return books


def reopened(books: Books, keychain: Keychain | None = None) -> Books:
    """Close the books and open them again, as after a restart of the program."""
    key = books.key_hex()
    books.close()
    unlock = Unlock() if keychain is not None else Unlock(key_hex=key)
    return opening.open_books(books.home, unlock, keychain=lambda: keychain, clock=CLOCK)


def bank(plaid: PlaidStandIn, number: str = "acc1", **more: Any) -> Item:
    """Return a bank with three rows that can be linked."""
    item = plaid.new_item(accounts=[account(number)], **more)
    item.add(*(transaction(f"{number}-t{n}", number, 10 + n, "2026-03-02", f"COFFEE {n}") for n in range(3)))
    return item


def nobody(_: float) -> None:
    """Wait for nobody."""


def connect(books: Books, plaid: PlaidStandIn, item: Item, *, wait: float = 10) -> list[int]:
    """Link a bank as a person does: the page opens, they finish it, they say that it is theirs."""

    def person(_: Page) -> None:
        plaid.finish(plaid.last_link(), item)

    found = bank_links.connect(books, wait=wait, open_browser=None, tell=person, pause=nobody)
    return [bank_links.confirm(books, each.item_id) for each in found.linked]
