"""A relay that keeps a person waiting is given up, in words, and is not asked again at once."""

from __future__ import annotations

import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from app.adapters.device_key import DeviceKey
from app.adapters.relay_client import Patience, RelayClient
from app.core.errors import BankUnreachable


@contextmanager
def relay(answer: Callable[[socket.socket, threading.Event], None]) -> Iterator[str]:
    """Serve every connection with `answer`, until the test is over."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threads: list[threading.Thread] = []

        def serve() -> None:
            while not over.is_set():
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(65_536)
                    answer(connection, over)

        threads.append(threading.Thread(target=serve, daemon=True))
        threads[0].start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        over.set()


def client(origin: str, patience: Patience) -> RelayClient:
    return RelayClient(
        origin, DeviceKey(secrets.token_bytes(32)), note=lambda _: None, random=secrets.token_bytes, now=time.time,
        patience=patience,
    )  # fmt: skip


def silent(_: socket.socket, over: threading.Event) -> None:
    over.wait()


def dripping(connection: socket.socket, over: threading.Event) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n")
    while not over.wait(0.02):
        try:
            connection.sendall(b" ")
        except OSError:
            return


@pytest.mark.parametrize(
    ("answer", "patience"), [(silent, Patience(piece=0.2)), (dripping, Patience(piece=20, whole=0.2))]
)
def test_a_relay_that_takes_too_long_is_slow_and_not_away(
    answer: Callable[[socket.socket, threading.Event], None], patience: Patience
) -> None:
    with relay(answer) as origin, client(origin, patience) as asking, pytest.raises(BankUnreachable) as caught:
        asking.config()
    assert caught.value.is_slow
    assert "in time" in str(caught.value)


def test_a_relay_that_is_not_there_is_not_called_slow() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with client(f"http://127.0.0.1:{port}", Patience()) as asking, pytest.raises(BankUnreachable) as caught:
        asking.config()
    assert not caught.value.is_slow
