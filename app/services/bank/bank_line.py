"""The line to a bank's relay, so that another thread can hang up: whoever locks the books does not wait for a bank."""

from __future__ import annotations

import contextlib
from _thread import allocate_lock  # threading.Lock by its own name: a command has one thread and loads no more
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.adapters.relay_client import RelayClient


class Line:
    """Who is talked to just now. Once it was dropped, nobody is talked to any more: every call is Cancelled."""

    def __init__(self) -> None:
        self._lock = allocate_lock()
        self._client: RelayClient | None = None
        self._is_dropped = False

    @contextlib.contextmanager
    def taken_by(self, client: RelayClient) -> Iterator[None]:
        with self._lock:
            before, self._client = self._client, client
            if self._is_dropped:
                client.hang_up()
        try:
            yield
        finally:
            with self._lock:
                self._client = before

    def drop(self) -> None:
        with self._lock:
            self._is_dropped = True
            if self._client is not None:
                self._client.hang_up()
