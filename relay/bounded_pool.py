"""A connection pool that reads no answer longer, and no longer, than the relay wants.

plaid-python would read an error page to its end, however long it is, and a time-out between two pieces alone would let
a dripping answer hold a place for hours.
"""

from __future__ import annotations

import time
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
            body = read_bounded(answer, _LARGEST_ERROR, time.monotonic() + _LONGEST_SECONDS)
        finally:
            answer.close()
        # plaid-python decodes it as UTF-8, and trips over none at all.
        body = body.decode("utf-8", "replace").encode() or b"-"
        return HTTPResponse(body, headers=answer.headers, status=answer.status, reason=answer.reason)


def read_bounded(answer: Any, most: int, until: float) -> bytes:
    """Return up to `most` decoded bytes of an answer. Raises: TimeoutError when it is not there by then."""
    body = bytearray()
    while len(body) < most:
        piece = answer.read1(min(_PIECE, most - len(body)), decode_content=True)
        if not piece:
            break
        body += piece
        if time.monotonic() > until:
            raise TimeoutError
    return bytes(body)
