"""Whoever locks the books does not wait for a bank: the connection breaks at once, and the keys are let go of."""

from __future__ import annotations

import contextlib
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Self

import pytest

from app.adapters.device_key import DeviceKey
from app.adapters.relay_client import RelayClient, Traffic
from app.core.errors import Cancelled
from app.services.bank import bank_links, bank_sync
from app.services.books import opening
from app.services.books.open_books import Books, Unlock
from app.ui.runtime.beside import Beside
from app.ui.runtime.tasks import Token
from tests.bank.conftest import CLOCK, MemoryKeychain, bank, connect
from tests.relay.plaid_stand_in import CLIENT_ID, SECRET, PlaidStandIn

AT_ONCE = 3.0
"""Seconds; the wait for an answer is 60."""


class Slow:
    """Holds one of Plaid's answers back."""

    def __init__(self, plaid: PlaidStandIn, path: str) -> None:
        self.asked, self.let_go, self._path = threading.Event(), threading.Event(), path
        plaid.before_answer = self.wait

    def wait(self, path: str, _: Any) -> None:
        if path == self._path:
            self.asked.set()
            self.let_go.wait(60)


@pytest.fixture
def slow(plaid: PlaidStandIn) -> Iterator[Callable[[str], Slow]]:
    made: list[Slow] = []

    def hold(path: str) -> Slow:
        made.append(Slow(plaid, path))
        return made[-1]

    yield hold
    for each in made:
        each.let_go.set()


def closed_while_it_reads(books: Books, keychain: MemoryKeychain, slow: Slow) -> tuple[float, Books]:
    """Lock the books while a bank is read beside them; return how long the reading went on, and its closed books."""
    opened: list[Books] = []
    unlock = Unlock(key_hex=books.key_hex())

    def open_() -> Books:
        opened.append(opening.open_books(books.home, unlock, keychain=lambda: keychain, clock=CLOCK))
        opened[-1].keychain = keychain
        return opened[-1]

    beside, token = Beside(open_), Token()
    reading = beside.submit(lambda own, token: bank_sync.sync(own, check=token.check), token)
    assert slow.asked.wait(30)
    began = time.monotonic()
    token.cancel()
    beside.hang_up()
    beside.close(wait=True)
    took = time.monotonic() - began
    assert isinstance(reading.exception(), Cancelled)
    assert beside._books is None
    return took, opened[0]


def test_a_slow_bank_does_not_keep_the_keys_in_memory(
    linked: Books, plaid: PlaidStandIn, keychain: MemoryKeychain, slow: Callable[[str], Slow]
) -> None:
    connect(linked, plaid, bank(plaid))
    took, _ = closed_while_it_reads(linked, keychain, slow("/transactions/sync"))
    assert took < AT_ONCE
    (standing,) = bank_links.status(linked, ask=False).connections
    assert standing.health == "ok", "being locked is no failure of the bank"


def test_own_keys_relay_is_left_at_once_too(
    books: Books, plaid: PlaidStandIn, keychain: MemoryKeychain, slow: Callable[[str], Slow]
) -> None:
    bank_links.setup_own_keys(books, CLIENT_ID, SECRET, env="sandbox", plaid_host=plaid.host)
    connect(books, plaid, bank(plaid))
    took, beside = closed_while_it_reads(books, keychain, slow("/transactions/sync"))
    assert took < AT_ONCE
    assert beside.child is None


class Silent:
    """Takes a connection and never says a word, not even for TLS."""

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        return self

    def taken(self) -> socket.socket:
        return self._listener.accept()[0]

    def __exit__(self, *_: object) -> None:
        self._listener.close()


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_connection_that_says_nothing_is_broken_off(scheme: str) -> None:
    with Silent() as silent, ThreadPoolExecutor(1) as pool:
        key = DeviceKey(secrets.token_bytes(32))
        origin = f"{scheme}://127.0.0.1:{silent.port}"
        client = RelayClient(origin, key, note=lambda _: None, random=secrets.token_bytes, now=time.time)
        with client:
            call = pool.submit(client.config)
            with silent.taken() as line:
                assert line.recv(1), "it has spoken, and waits for an answer"
                began = time.monotonic()
                client.hang_up()
                assert isinstance(call.exception(timeout=AT_ONCE), Cancelled)
                assert time.monotonic() - began < AT_ONCE
            with pytest.raises(Cancelled):
                client.config()


@contextlib.contextmanager
def full() -> Iterator[int]:
    """Give the port of a place that lets nobody in and turns nobody away, as a network that loses everything does."""
    with socket.socket() as listener, contextlib.ExitStack() as waiting:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(16):
            one = waiting.enter_context(socket.socket())
            one.settimeout(0.2)
            try:
                one.connect(listener.getsockname())
            except TimeoutError:
                break
        else:
            pytest.skip("this system takes every connection")
        yield listener.getsockname()[1]


def test_a_connection_that_does_not_come_about_is_not_waited_for() -> None:
    noted: list[Traffic] = []
    with full() as port, ThreadPoolExecutor(1) as pool:
        client = RelayClient(
            f"http://127.0.0.1:{port}", DeviceKey(secrets.token_bytes(32)), note=noted.append,
            random=secrets.token_bytes, now=time.time, at_once=True,
        )  # fmt: skip
        with client:
            call = pool.submit(client.config)
            with pytest.raises(TimeoutError):
                call.exception(timeout=0.5)
            (thread,) = (each for each in threading.enumerate() if each.name == "relay-call")
            began = time.monotonic()
            client.hang_up()
            assert isinstance(call.exception(timeout=AT_ONCE), Cancelled)
            assert time.monotonic() - began < 1, "before the connection gave up by itself"
        thread.join(15)
    assert not thread.is_alive(), "it gave up by itself"
    assert [each.purpose for each in noted] == ["settings"]
