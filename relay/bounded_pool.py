"""A connection pool that never reads an error page to its end: plaid-python would, however long it is."""

from __future__ import annotations

from typing import Any

from urllib3 import HTTPResponse, PoolManager
from urllib3.response import BaseHTTPResponse

_LARGEST_ERROR = 64 * 1024


class BoundedPool(PoolManager):
    def request(self, *arguments: Any, **named: Any) -> BaseHTTPResponse:
        answer = super().request(*arguments, **named)
        if 200 <= answer.status < 300:
            return answer
        try:
            body = answer.read(_LARGEST_ERROR, decode_content=True)
        finally:
            answer.close()
        return HTTPResponse(body, headers=answer.headers, status=answer.status, reason=answer.reason)
