"""The log: one JSON object a line, of fields with fixed meanings. No body, no address, no token has a field."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import secrets
import sys
import time
import warnings
from typing import TextIO

_DAY = 86_400
_SHOWN = 12


class Log:
    """Writes events. A device is named by a keyed hash whose key lasts a day and never leaves the process."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._key, self._day = b"", -1

    def request(
        self, *, path: str, status: int, code: str | None, ref: str, upstream_ref: str | None, seconds: float,
        thumbprint: str | None,
    ) -> None:  # fmt: skip
        self._write({
            "event": "request", "path": path, "status": status, "code": code, "ref": ref,
            "upstream_ref": upstream_ref, "ms": round(seconds * 1000, 1),
            "device": self._device(thumbprint) if thumbprint else None,
        })  # fmt: skip

    def event(self, event: str, **facts: int | str | bool) -> None:
        """Write an event of the relay itself; facts are numbers and fixed words."""
        self._write({"event": event, **facts})

    def take_over(self) -> None:
        """Let libraries say that something happened, not what: their texts and tracebacks may hold anything."""
        handler = _NamesOnly(self)
        handler.setLevel(logging.WARNING)
        root = logging.getLogger()
        root.handlers[:] = [handler]
        warnings.simplefilter("ignore")

    def _write(self, said: dict[str, object]) -> None:
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        line = json.dumps({"at": stamp, **{name: value for name, value in said.items() if value is not None}})
        self._stream.write(line + "\n")
        self._stream.flush()

    def _device(self, thumbprint: str) -> str:
        today = int(time.time()) // _DAY
        if today != self._day:
            self._key, self._day = secrets.token_bytes(32), today
        return hmac.new(self._key, thumbprint.encode(), hashlib.sha256).hexdigest()[:_SHOWN]


class _NamesOnly(logging.Handler):
    """Writes of a library's record where it came from, how bad it is and the kind of the error."""

    def __init__(self, log: Log) -> None:
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        self._log.event("library", logger=record.name, level=record.levelname, kind=kind)
