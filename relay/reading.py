"""What the relay reads of a request, within its limits: who asks, under which name, and the body."""

from __future__ import annotations

import asyncio
from typing import Any

from pydantic import ValidationError
from starlette.requests import Request

from relay import api
from relay.errors import RelayError
from relay.limits import subscriber
from relay.proof import LONGEST_PROOF
from relay.settings import LOOPBACK, Settings

_MOST_HEADERS = 32


class Reader:
    """Reads requests as the settings say. Everything it raises is a RelayError."""

    def __init__(self, settings: Settings, *, has_secret_path: bool) -> None:
        self._settings = settings
        self._has_secret_path = has_secret_path

    def address(self, request: Request) -> str:
        """Return who asks: past the operator's own proxies, the last address one of them saw."""
        address = request.client.host if request.client else ""
        told = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
        while told and self._settings.is_trusted(address):
            before = told.pop().strip()
            if not subscriber(before):
                break
            address = before
        return address

    def check_host(self, request: Request) -> None:
        """On loopback a web page could reach us under a name of its own that it let resolve to 127.0.0.1."""
        if self._has_secret_path:
            host = request.headers.get("host", "").rpartition(":")[0] or request.headers.get("host", "")
            if host.strip("[]") not in LOOPBACK or request.headers.get("origin") is not None:
                raise RelayError("not_found")

    async def body(self, request: Request, largest: int) -> bytes:
        """Return what was sent: JSON of a bounded size, sent in bounded time."""
        self.check_host(request)
        if len(request.headers) > _MOST_HEADERS:
            raise RelayError("invalid")
        if request.headers.get("content-type", "").partition(";")[0].strip().casefold() != api.JSON_TYPE:
            raise RelayError("wrong_type")
        length = request.headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit() or int(length) > largest:
            raise RelayError("too_large")
        body = bytearray()
        try:
            async with asyncio.timeout(self._settings.limits.request_seconds):
                async for piece in request.stream():
                    body += piece
                    if len(body) > largest:
                        raise RelayError("too_large")
        except TimeoutError:
            raise RelayError("invalid") from None
        return bytes(body)


def header(request: Request, name: str) -> str:
    """Return a header that must be there exactly once. Raises: RelayError `bad_proof`."""
    found = request.headers.getlist(name)
    if len(found) != 1 or len(found[0]) > 2 * LONGEST_PROOF:
        raise RelayError("bad_proof")
    return found[0]


def certificate(request: Request) -> str:
    scheme, _, text = _authorization(request).partition(" ")
    if scheme.casefold() != "dpop" or not text:
        raise RelayError("bad_certificate")
    return text.strip()


def _authorization(request: Request) -> str:
    found = request.headers.getlist("authorization")
    if len(found) != 1:
        raise RelayError("bad_certificate")
    return found[0]


def parsed(path: api.Path, body: bytes) -> Any:
    try:
        return path.takes.model_validate_json(body)
    except ValidationError:
        raise RelayError("invalid") from None
