"""What uvicorn leaves open: a client that never finishes its headers, and one that opens hundreds of connections."""

from __future__ import annotations

import asyncio
from collections import Counter

from uvicorn.protocols.http.h11_impl import H11Protocol

HEADER_SECONDS = 10.0


def guarded(per_address: int, trusted: frozenset[str]) -> type[H11Protocol]:
    """Return a protocol that closes slow and surplus connections; `trusted` are proxies, which may hold any number."""
    held: Counter[str] = Counter()

    class Guarded(H11Protocol):
        _timer: asyncio.TimerHandle | None = None
        _address = ""

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._address = self.client[0] if self.client else ""
            held[self._address] += 1
            if held[self._address] > per_address and self._address not in trusted:
                transport.abort()
                return
            self._arm()

        def connection_lost(self, exc: Exception | None) -> None:
            self._disarm()
            held[self._address] -= 1
            if held[self._address] <= 0:
                del held[self._address]
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            before = self.cycle
            super().data_received(data)
            if self.cycle is not before:
                self._disarm()
            elif before is None or before.response_complete:  # type: ignore[redundant-expr]
                self._arm()

        def _arm(self) -> None:
            if self._timer is None:
                self._timer = asyncio.get_running_loop().call_later(HEADER_SECONDS, self._too_slow)

        def _disarm(self) -> None:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

        def _too_slow(self) -> None:
            self._timer = None
            self.transport.abort()

        def timeout_keep_alive_handler(self) -> None:
            self._disarm()
            super().timeout_keep_alive_handler()

    return Guarded
