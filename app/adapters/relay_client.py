"""Talking to a relay: one POST at a time, each proved by the device key, each noted as traffic.

Nothing is repeated here but a call the relay refused for want of a fresh nonce: whether another repeat is safe, and
when, is the caller's to know.
"""

from __future__ import annotations

import contextlib
import json
import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from app.adapters.device_key import DeviceKey, encoded, hashed
from app.core.bank.words import refused
from app.core.errors import BankUnreachable, Cancelled

if TYPE_CHECKING:
    import httpx2

Json = dict[str, Any]

_CONNECT_SECONDS = 10.0
LARGEST_ANSWER = 16 * 1024 * 1024
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a relay may take, in seconds: between two pieces of an answer, and for all of it."""

    piece: float = 75.0
    whole: float = 180.0


@dataclass(frozen=True, slots=True)
class Traffic:
    """What one call sent and received, for the list of what left this machine."""

    host: str
    purpose: str
    sent: int
    received: int


class RelayClient:
    """A connection to one relay. Close it, or use it as a context.

    Raises: BankUnreachable, BankRefused; Cancelled once it was hung up.
    """

    def __init__(
        self, origin: str, key: DeviceKey, *, certificate: str = "", note: Callable[[Traffic], None],
        random: Callable[[int], bytes], now: Callable[[], float], at_once: bool = False,
        patience: Patience = Patience(),
    ) -> None:  # fmt: skip
        """Take the relay's address; `at_once` shortens the wait for a relay on this machine."""
        self._origin, self._key, self.certificate = origin.rstrip("/"), key, certificate
        self._note, self._random, self._now = note, random, now
        self._nonce = ""
        self.server_time: float | None = None
        """What time the relay says it is, in seconds since 1970; this computer's clock may be wrong."""
        self._local = urlsplit(origin).hostname in _LOOPBACK
        self._connect = 2.0 if at_once else _CONNECT_SECONDS
        self._patience = patience
        self._http: httpx2.Client | None = None
        self._line: socket.socket | None = None
        self._hung_up = threading.Event()
        self._heard: queue.SimpleQueue[httpx2.Response | Exception] = queue.SimpleQueue()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._http is not None:
            self._http.close()
            self._http = None
        if self._line is not None:
            self._line.close()
            self._line = None

    def hang_up(self) -> None:
        """Break the connection at once, from any thread: the call under way is Cancelled, and so is any other."""
        self._hung_up.set()
        self._heard.put(_cancelled())
        _shut(self._line)

    def _traced(self, event: str, told: Mapping[str, Any]) -> None:
        """Keep a handle of the connection's socket, which reaches it under TLS too."""
        if event == "connection.connect_tcp.complete":
            before, self._line = self._line, told["return_value"].get_extra_info("socket").dup()
            if before is not None:
                before.close()
            if self._hung_up.is_set():
                _shut(self._line)

    def config(self) -> Json:
        """Return what the relay offers."""
        status, _, data = self._sent("GET", "/v1/config", b"", {}, "settings")
        return self._answer(status, data)

    def post(self, path: str, body: Json, *, purpose: str, with_certificate: bool = True) -> Json:
        """Send one call and return its answer. `purpose` is a fixed word for the traffic list."""
        data = json.dumps(body, separators=(",", ":")).encode()
        status, headers, answer = self._proved(path, data, purpose, with_certificate=with_certificate)
        if status == 401 and _code(answer) == "use_dpop_nonce":
            status, headers, answer = self._proved(path, data, purpose, with_certificate=with_certificate)
        return self._answer(status, answer, headers.get("retry-after"))

    def proof(self, path: str, body_hash: str, key: DeviceKey | None = None) -> str:
        """Return a proof for a call; `key` is another device key, for a token that moves to it."""
        claims: Json = {
            "htm": "POST", "htu": self._origin + path, "iat": int(self._now()), "jti": encoded(self._random(16)),
            "bsh": body_hash, "nonce": self._nonce,
        }  # fmt: skip
        if self.certificate:
            claims["ath"] = hashed(self.certificate)
        return (key or self._key).signed(claims)

    def _proved(
        self, path: str, data: bytes, purpose: str, *, with_certificate: bool
    ) -> tuple[int, httpx2.Headers, bytes]:
        headers = {"Content-Type": "application/json", "DPoP": self.proof(path, hashed(data))}
        if with_certificate:
            headers["Authorization"] = f"DPoP {self.certificate}"
        status, answered, answer = self._sent("POST", path, data, headers, purpose)
        self._nonce = answered.get("dpop-nonce") or self._nonce
        self.server_time = _moment(answered.get("date")) or self.server_time
        return status, answered, answer

    def _sent(
        self, method: str, path: str, data: bytes, headers: dict[str, str], purpose: str
    ) -> tuple[int, httpx2.Headers, bytes]:
        import httpx2  # noqa: PLC0415 - 0.3 s; most starts of the program call nobody

        if self._hung_up.is_set():
            raise _cancelled()
        client = self._client()
        received = 0
        told = {"trace": self._traced}
        until = time.monotonic() + self._patience.whole
        try:
            address = self._origin + path
            request = client.build_request(method, address, content=data, headers=headers, extensions=told)
            with self._opened(client, request) as response:
                pieces = []
                for piece in response.iter_bytes():
                    received += len(piece)
                    if received > LARGEST_ANSWER:
                        raise refused("upstream", retry="later")
                    if time.monotonic() > until:
                        raise BankUnreachable(is_slow=True)
                    pieces.append(piece)
                return response.status_code, response.headers, b"".join(pieces)
        except httpx2.TimeoutException:
            raise (_cancelled() if self._hung_up.is_set() else BankUnreachable(is_slow=True)) from None
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError):
            raise (_cancelled() if self._hung_up.is_set() else BankUnreachable()) from None
        finally:
            self._note(Traffic(urlsplit(self._origin).hostname or "", purpose, len(data), received))

    @contextlib.contextmanager
    def _opened(self, client: httpx2.Client, request: httpx2.Request) -> Iterator[httpx2.Response]:
        """Send in a thread beside: finding a host and connecting can't be broken off, but nobody has to wait for it."""
        heard = self._heard

        def send() -> None:
            try:
                heard.put(client.send(request, stream=True))
            except Exception as error:  # noqa: BLE001 - whatever it is, it is the caller's
                heard.put(error)
            if self._hung_up.is_set():
                self.close()  # who hung up may have closed before there was anything to close

        threading.Thread(target=send, name="relay-call", daemon=True).start()
        found = heard.get()
        if isinstance(found, Exception):
            raise found
        with contextlib.closing(found):
            yield found

    def _client(self) -> httpx2.Client:
        if self._http is None:
            import httpx2  # noqa: PLC0415 - as above

            self._http = httpx2.Client(
                follow_redirects=False, trust_env=not self._local,
                timeout=httpx2.Timeout(self._patience.piece, connect=self._connect),
                headers={"User-Agent": "1099-ops", "Accept-Encoding": "identity" if self._local else "gzip"},
            )  # fmt: skip
        return self._http

    def _answer(self, status: int, data: bytes, after: str | None = None) -> Json:
        try:
            found = json.loads(data)
        except ValueError:
            raise refused("upstream", retry="later") from None
        if not isinstance(found, dict):
            raise refused("upstream", retry="later")
        if status == 200:
            return found
        said = found.get("error")
        if not isinstance(said, dict):
            raise refused("upstream", retry="later")
        wait = said.get("after")
        raise refused(
            str(said.get("code")), retry=str(said.get("retry")), detail=str(said.get("detail") or ""),
            after=wait if isinstance(wait, int) else int(after) if after and after.isdigit() else None,
        )  # fmt: skip


def _shut(line: socket.socket | None) -> None:
    if line is not None:
        with contextlib.suppress(OSError):  # it was closed already
            line.shutdown(socket.SHUT_RDWR)


def _cancelled() -> Cancelled:
    return Cancelled("Stopped.", "Nothing was changed.")


def _moment(text: str | None) -> float | None:
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - loaded with the library of the calls

    try:
        return parsedate_to_datetime(text).timestamp() if text else None
    except ValueError:
        return None


def _code(data: bytes) -> str:
    try:
        return str(json.loads(data)["error"]["code"])
    except (ValueError, KeyError, TypeError):
        return ""
