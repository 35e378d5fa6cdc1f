"""The one place that talks to Plaid: raw answers, time-outs on every call, no redirects, no retries of its own.

plaid-python builds and sends the request; its typed answers cost two hundred times the parsing, so bodies are taken as
text, read by our own reader, and money becomes Decimal there. Its `PlaidApi` would load a model for each answer of
Plaid's (690 modules), so the client below it is used. The list of paths is closed: nothing a device sends can choose
another.

However many answers come at once and whatever they hold, memory stays bounded: their bytes by `Budget`, and only one of
them at a time is taken apart, up to what a device gets of it.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from decimal import Decimal
from importlib import import_module
from types import MappingProxyType
from typing import Any, Final, NoReturn, TypeVar

from anyio import CapacityLimiter, to_thread

from relay.errors import RelayError, from_plaid

_SECONDS = (5, 40)
"""To connect, and between two pieces of an answer."""
_LONGEST_SECONDS = 60
"""For a whole answer, however steadily it drips."""
_LONGEST_BREAK = 3_600
"""No device is asked to wait longer at one time, whatever Plaid says."""
LARGEST_ANSWER = 8 * 1024 * 1024
_LARGEST_ERROR = 64 * 1024
_MOST_AT_ONCE = 16 * 1024 * 1024
"""Bytes of answers being read; one that needs more waits for its turn to be the only one above."""
_MOST_PIECES = 150_000
"""Commas and brackets of an answer: a full page has 40,000. Small objects weigh thirty times their text."""
PATHS: Final[Mapping[str, str]] = MappingProxyType({
    "link_token_create": "/link/token/create", "link_token_get": "/link/token/get",
    "item_public_token_exchange": "/item/public_token/exchange", "accounts_get": "/accounts/get",
    "accounts_balance_get": "/accounts/balance/get", "transactions_sync": "/transactions/sync",
    "transactions_refresh": "/transactions/refresh", "item_get": "/item/get",
    "item_access_token_invalidate": "/item/access_token/invalidate", "item_remove": "/item/remove",
    "webhook_verification_key_get": "/webhook_verification_key/get",
})  # fmt: skip
"""What may be asked of Plaid: the names of plaid-python's methods, and their paths."""
_KEYS: Final = ["clientId", "plaidVersion", "secret"]
T = TypeVar("T")


Json = dict[str, Any]


class Plaid:
    """Plaid's API as the relay uses it. Raises: RelayError, whatever goes wrong."""

    def __init__(self, host: str, client_id: str, secret: str, *, at_once: int) -> None:
        self._host, self._client_id, self._secret, self._at_once = host, client_id, secret, at_once
        self._slots = CapacityLimiter(at_once)
        self._client: Any = None
        self._making = threading.Lock()
        self._room: Any = None
        self._taking_apart = threading.Lock()

    async def call(self, method: str, body: Json) -> Json:
        """Send one request in a thread and return the answer's object; floats are Decimal."""
        return await self.read(method, body, _whole)

    async def read(self, method: str, body: Json, reader: Callable[[Json], T]) -> T:
        """The same for answers that can be large: `reader`, in the thread, returns what is wanted of it."""
        if self._slots.borrowed_tokens >= self._at_once:
            raise RelayError("busy", after=2)
        return await to_thread.run_sync(self._call, method, body, reader, limiter=self._slots)

    def load(self) -> None:
        """Load what of plaid-python is used, so that no user's first call pays for it."""
        self._made()

    def _made(self) -> Any:
        with self._making:
            if self._client is None:
                import plaid  # noqa: PLC0415 - `keys`, `grant` and `doctor` need none of it
                from urllib3 import Retry  # noqa: PLC0415 - as above

                from relay.bounded_pool import BoundedPool, Budget  # noqa: PLC0415 - as above

                settings = plaid.Configuration(
                    host=self._host, api_key={"clientId": self._client_id, "secret": self._secret}
                )
                retries = Retry(total=0, redirect=0, raise_on_redirect=False, raise_on_status=False)
                client = plaid.ApiClient(settings)
                client.rest_client.pool_manager = BoundedPool(
                    maxsize=self._at_once, retries=retries, cert_reqs="CERT_REQUIRED"
                )
                for method in PATHS:
                    _model(method)
                self._room = Budget(_MOST_AT_ONCE)
                self._client = client
            return self._client

    def _call(self, method: str, body: Json, reader: Callable[[Json], T]) -> T:
        try:
            return self._asked(method, body, reader)
        except RelayError as error:
            # What was raised holds on to the answer it was raised about, for as long as somebody looks at it.
            refused = RelayError(error.code, error.after, error.ref, error.detail)
        raise refused

    def _asked(self, method: str, body: Json, reader: Callable[[Json], T]) -> T:
        from plaid import ApiException, OpenApiException  # noqa: PLC0415 - as above
        from urllib3.exceptions import ConnectTimeoutError, HTTPError, ReadTimeoutError  # noqa: PLC0415 - as above

        path, client = PATHS[method], self._made()
        with self._room.share() as share:
            try:
                answer = client.call_api(
                    path, "POST", header_params={"Accept": "application/json", "Content-Type": "application/json"},
                    body=_request(method, body), auth_settings=_KEYS, _preload_content=False,
                    _request_timeout=_SECONDS,
                )  # fmt: skip
                try:
                    data = share.read(answer, LARGEST_ANSWER + 1, time.monotonic() + _LONGEST_SECONDS)
                finally:
                    if answer.isclosed():
                        answer.release_conn()
                    else:
                        answer.close()
            except ApiException as error:
                _refused(error.status, error.body, (error.headers or {}).get("Retry-After"))
            except (ReadTimeoutError, ConnectTimeoutError, TimeoutError):
                raise RelayError("upstream_timeout", after=60) from None
            except (HTTPError, OSError):
                raise RelayError("upstream", after=60) from None
            except OpenApiException:
                # plaid-python would not even send it.
                raise RelayError("invalid") from None
            if len(data) > LARGEST_ANSWER:
                raise RelayError("upstream", after=300)
            # A small one, like the answer with a new bank's token, waits for no large one.
            with self._taking_apart if share.is_large else nullcontext():
                return reader(_object(data))


def _whole(answer: Json) -> Json:
    return answer


def _model(method: str) -> Any:
    """Return plaid-python's model of a request."""
    name = f"{method}_request"
    module = import_module(f"plaid.model.{name}")
    if load := getattr(module, "lazy_import", None):
        load()
    return getattr(module, "".join(part.capitalize() for part in name.split("_")))


def _request(method: str, body: Json) -> Any:
    """Return the body of a request; what lies in an object is made the model it belongs to."""
    import plaid  # noqa: PLC0415 - as above

    settings = plaid.Configuration.get_default_copy()
    return _model(method)(**body, _configuration=settings, _spec_property_naming=False)


def _refused(status: int | None, body: object, wait: object = None) -> NoReturn:
    data = body if isinstance(body, bytes) else str(body or "").encode()
    try:
        said = _object(data[:_LARGEST_ERROR])
    except RelayError:
        said = {}
    kind, code = said.get("error_type"), said.get("error_code")
    ref = said.get("request_id")
    ref = ref if isinstance(ref, str) and ref.isalnum() and len(ref) <= 64 else None
    if not isinstance(kind, str) or not isinstance(code, str):
        # A page of HTML, a proxy's answer, half a body.
        raise RelayError("limited" if status == 429 else "upstream", after=_break(wait) or 60, ref=ref)
    error = from_plaid(kind, code, message=str(said.get("error_message") or "")[:500], ref=ref)
    if error.code == "limited":
        error.after = _break(wait) or error.after
    raise error


def _break(told: object) -> int | None:
    """Return the seconds a `Retry-After` asks for, at most an hour; None for a date, or for what is no number."""
    text = told.strip() if isinstance(told, str) else ""
    return max(1, min(int(text), _LONGEST_BREAK)) if text.isascii() and text.isdigit() and len(text) <= 20 else None


def _object(data: bytes | bytearray) -> Json:
    """Return the object of an answer that is one; what would weigh too much when it is taken apart is none."""
    if data.count(b",") + data.count(b"[") + data.count(b"{") > _MOST_PIECES:
        raise RelayError("upstream", after=300)
    try:
        text = data.decode("utf-8-sig", "surrogatepass")
        if isinstance(data, bytearray):
            data.clear()
        found = json.loads(text, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise RelayError("upstream", after=60) from None
    if not isinstance(found, dict):
        raise RelayError("upstream", after=60)
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")
