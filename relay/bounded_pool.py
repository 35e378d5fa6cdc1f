"""A connection pool that reads no answer longer, and no longer, than the relay wants.

plaid-python would read an error page to its end, however long it is, and a time-out between two pieces alone would let
a dripping answer hold a place for hours.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from urllib3 import HTTPResponse, PoolManager
from urllib3.response import BaseHTTPResponse

_LARGEST_ERROR = 64 * 1024
_LONGEST_SECONDS = 20
_PIECE = 64 * 1024


class BoundedPool(PoolManager):
    def request(self, *arguments: Any, **named: Any) -> BaseHTTPResponse:
        answer = super().request(*arguments, **named)
        if 200 <= answer.status < 300:
            return answer
        try:
            body = Share(None).read(answer, _LARGEST_ERROR, time.monotonic() + _LONGEST_SECONDS)
        finally:
            answer.close()
        # plaid-python decodes it as UTF-8, and trips over none at all.
        text = body.decode("utf-8", "replace").encode() or b"-"
        return HTTPResponse(text, headers=answer.headers, status=answer.status, reason=answer.reason)


class Budget:
    """How many bytes of answers may lie in memory at a time.

    What would go above it waits, but never for one another: the one whose turn it is may go on up to its own limit.
    """

    def __init__(self, most: int) -> None:
        self._left, self._free, self._turn = most, threading.Condition(), threading.Lock()

    @contextmanager
    def share(self) -> Iterator[Share]:
        share = Share(self)
        try:
            yield share
        finally:
            share.give_back()

    def take(self, more: int, until: float) -> bool:
        """Say whether there is room for more bytes; otherwise it is this reader's turn to go on without."""
        while True:
            with self._free:
                if self._left >= more:
                    self._left -= more
                    return True
                if self._turn.acquire(blocking=False):
                    return False
                if not self._free.wait(until - time.monotonic()):
                    raise TimeoutError

    def give_back(self, taken: int, *, had_turn: bool) -> None:
        with self._free:
            self._left += taken
            if had_turn:
                self._turn.release()
            self._free.notify_all()


class Share:
    """What one answer takes of the budget; the first bytes of each are free."""

    def __init__(self, budget: Budget | None) -> None:
        self._budget, self._taken, self._has_turn, self.is_large = budget, 0, False, False

    def read(self, answer: Any, most: int, until: float) -> bytearray:
        """Return up to `most` decoded bytes of an answer. Raises: TimeoutError when it is not there by then."""
        body = bytearray()
        while len(body) < most:
            piece = answer.read1(min(_PIECE, most - len(body)), decode_content=True)
            if not piece:
                break
            if len(body) + len(piece) > _PIECE:
                self._grow(len(piece), until)
            body += piece
            if time.monotonic() > until:
                raise TimeoutError
        return body

    def give_back(self) -> None:
        if self._budget is not None:
            self._budget.give_back(self._taken, had_turn=self._has_turn)

    def _grow(self, more: int, until: float) -> None:
        self.is_large = True
        if self._budget is not None and not self._has_turn:
            if self._budget.take(more, until):
                self._taken += more
            else:
                self._has_turn = True
