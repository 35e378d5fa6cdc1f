"""Listening: the socket, uvicorn's settings, and the end of a relay that an app started for itself."""

from __future__ import annotations

import ctypes
import json
import os
import socket
import sys
import threading

import uvicorn

from relay.http_guard import guarded
from relay.logs import Log
from relay.server import Relay, behind
from relay.settings import Secrets, Settings, Unusable

_KEEP_ALIVE_SECONDS = 15
_FINISH_SECONDS = 45
"""Calls under way are let finish. An exchange is waited for beyond that: to the time-outs of Plaid's answers."""
_OWN_FINISH_SECONDS = 1
"""The same for a relay whose only user has gone."""
_LAST_SECONDS = 180
"""When a relay ends in any case whose app is gone; three exchanges in a row can time out by then."""
_MOST_AT_ONCE = 1_000
_LARGEST_HEAD = 16 * 1024
_HEAP = {-8: 1, -3: 128 * 1024, -1: 128 * 1024}
"""M_ARENA_MAX, M_MMAP_THRESHOLD and M_TRIM_THRESHOLD of malloc.h."""


def serve(settings: Settings) -> int:
    """Listen until told to stop. Raises: Unusable.

    With own keys one line on stdout says on which port, and the end of stdin ends the process: the app that started it
    is gone then, however it went.
    """
    secret = Secrets(settings)
    host, _ = settings.address
    listener = _listener(settings)
    port = int(listener.getsockname()[1])
    scheme = "https" if settings.tls_cert_file else "http"
    origin = settings.public_origin.rstrip("/") or f"{scheme}://{host}:{port}"
    if secret.path_token:
        origin += f"/{secret.path_token}"
    log = Log()
    log.take_over()
    _give_memory_back()
    relay = Relay(settings, secret, origin=origin, log=log)
    limits = settings.limits
    protocol = guarded(limits.connections_per_address, limits.request_seconds, settings.is_trusted)
    config = uvicorn.Config(
        behind(relay, secret.path_token), log_config=None, access_log=False, server_header=False, proxy_headers=False,
        http=protocol, ws="none", lifespan="on", timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        h11_max_incomplete_event_size=_LARGEST_HEAD, limit_concurrency=_MOST_AT_ONCE,
        timeout_graceful_shutdown=_FINISH_SECONDS if settings.own is None else _OWN_FINISH_SECONDS,
        ssl_certfile=settings.tls_cert_file, ssl_keyfile=settings.tls_key_file,
    )  # fmt: skip
    _Server(config, port=port, log=log, has_parent=settings.own is not None).run(sockets=[listener])
    if settings.own is not None:
        # Threads that still read an answer of Plaid's are not waited for: exchanges are over, and nobody is there.
        os._exit(0)
    return 0


def _give_memory_back() -> None:
    """Let threads share one heap, and large answers go back to the system at once, where the C library is glibc.

    By itself it makes a heap for each of 64 threads and keeps in each what the largest answers took.
    """
    try:
        libc = os.confstr("CS_GNU_LIBC_VERSION") or ""
    except (AttributeError, ValueError, OSError):
        libc = ""
    if not libc.startswith("glibc"):
        return
    library = ctypes.CDLL(None)
    for option, value in _HEAP.items():
        library.mallopt(option, value)


def _listener(settings: Settings) -> socket.socket:
    host, port = settings.address
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's waiting off for sockets that say they are TCP; else the body of each answer waits 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise Unusable(f"{settings.listen} cannot be listened on: {error.strerror}") from None
    return listener


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, *, port: int, log: Log, has_parent: bool) -> None:
        super().__init__(config)
        self._port, self._log, self._has_parent = port, log, has_parent

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._log.event("listening", port=self._port)
        if os.name == "posix" and os.geteuid() == 0:
            self._log.event("runs_as_root")
        if self._has_parent:
            # No task and no pool's thread: either would be waited for at the end.
            threading.Thread(target=self._watch_parent, daemon=True).start()
            sys.stdout.write(json.dumps({"event": "ready", "port": self._port}) + "\n")
            sys.stdout.flush()

    def _watch_parent(self) -> None:
        try:
            while os.read(sys.stdin.fileno(), 1_024):
                pass
        except OSError:
            pass
        last = threading.Timer(_LAST_SECONDS, os._exit, [1])
        last.daemon = True
        last.start()
        self.should_exit = True
