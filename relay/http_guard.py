"""What uvicorn leaves open: clients that never finish, hundreds of connections, a request with two lengths.

An address that holds too many loses the oldest of those that have asked nothing yet, so that a real request still gets
in beside them; only when all of them are being answered is a new one refused.
"""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

_LEFT_OVER_SECONDS = 5.0
"""For the rest of a body that was answered before it was read."""
_LARGEST_HEAD = 16 * 1024
_LARGEST_LEFT_OVER = 16 * 1024 * 1024


_LENGTHS: Final = re.compile(rb"^(?:content-length|transfer-encoding)[ \t]*:", re.IGNORECASE | re.MULTILINE)
_LISTED: Final = re.compile(rb"^content-length[ \t]*:[^\r\n]*,", re.IGNORECASE | re.MULTILINE)


class _OneLength(h11.Connection):
    """Takes no request whose length is told twice (RFC 9112, 6.1 and 6.3), even when both say the same.

    A proxy in front might believe the other one, and see another request in what we take for a body. h11 puts equal
    lengths together and lets Transfer-Encoding win, so the head is looked at as it came.
    """

    def next_event(self) -> Any:
        before = self.trailing_data[0] if self.their_state is h11.IDLE else b""
        event = super().next_event()
        if isinstance(event, h11.Request):
            head = before[: len(before) - len(self.trailing_data[0])]
            if len(_LENGTHS.findall(head)) > 1 or _LISTED.search(head):
                raise h11.RemoteProtocolError("more than one length")
        return event


def guarded(per_address: int, seconds: float, is_trusted: Callable[[str], bool]) -> type[H11Protocol]:
    """Return a protocol that closes slow and surplus connections; proxies that are trusted may hold any number."""
    held: defaultdict[str, OrderedDict[Guarded, None]] = defaultdict(OrderedDict)

    class Guarded(H11Protocol):
        _timer: asyncio.TimerHandle | None = None
        _address = ""
        _left_over = 0

        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, **named)
            self.conn = _OneLength(h11.SERVER, self.config.h11_max_incomplete_event_size or _LARGEST_HEAD)

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._address = self.client[0] if self.client else ""
            others = held[self._address]
            others[self] = None
            if len(others) > per_address and not is_trusted(self._address):
                surplus = next((each for each in others if each is not self and each.is_waiting), self)
                surplus.transport.abort()
                others.pop(surplus)
            self._arm(seconds)

        def connection_lost(self, exc: Exception | None) -> None:
            self._disarm()
            others = held[self._address]
            others.pop(self, None)
            if not others:
                del held[self._address]
            super().connection_lost(exc)

        @property
        def is_waiting(self) -> bool:
            """Say whether this connection has no whole request that is being answered."""
            cycle = self._asked
            return cycle is None or cycle.response_complete or cycle.more_body

        @property
        def _asked(self) -> RequestResponseCycle | None:
            """Return the last request, none before the first: its class does not say so."""
            return self.cycle

        def data_received(self, data: bytes) -> None:
            before = self._asked
            super().data_received(data)
            after = self._asked
            if after is not before:
                self._disarm()
                self._left_over = 0
            elif before is None:
                self._arm(seconds)
            elif before.response_complete:
                self._drain(len(data))

        def _drain(self, more: int) -> None:
            """Take the rest of a body nobody wants, so that its sender gets to read why; but not for ever."""
            if self.conn.their_state is not h11.SEND_BODY:
                self._arm(seconds)
                return
            self._left_over += more
            self._arm(_LEFT_OVER_SECONDS)
            if self._left_over > _LARGEST_LEFT_OVER:
                self.transport.abort()

        def _arm(self, patience: float) -> None:
            if self._timer is None:
                self._timer = asyncio.get_running_loop().call_later(patience, self._too_slow)

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
