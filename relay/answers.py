"""What the relay answers with: JSON that nobody keeps or takes for anything else, and refusals by their code."""

from __future__ import annotations

import gzip
import json
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from relay import api
from relay.errors import RelayError

Json = dict[str, Any]

_GZIP_FROM = 1_000
_GZIP_LEVEL = 4
HEADERS: Final = {
    "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'",
}  # fmt: skip


def takes_gzip(request: Request) -> bool:
    return "gzip" in request.headers.get("accept-encoding", "").casefold()


def as_json(answer: Json, status: int, *, gzipped: bool = False) -> Response:
    data = json.dumps(answer, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
    headers = dict(HEADERS)
    if gzipped and len(data) >= _GZIP_FROM:
        data = gzip.compress(data, _GZIP_LEVEL, mtime=0)
        headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return Response(data, status, headers, api.JSON_TYPE)


def refusal(error: RelayError, ref: str) -> Response:
    response = as_json(error.body(ref), error.status)
    if error.after is not None:
        response.headers["Retry-After"] = str(error.after)
    return response
