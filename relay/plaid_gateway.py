"""The one place that talks to Plaid: raw answers, time-outs on every call, no redirects, no retries of its own.

plaid-python builds and sends the request; its typed answers cost two hundred times the parsing, so bodies are taken as
text, read by our own reader, and money becomes Decimal there. The list of paths is closed: nothing a device sends can
choose another.
"""

from __future__ import annotations

import json
import threading
import time
from decimal import Decimal
from typing import Any, Final, NoReturn

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
PATHS: Final = frozenset({
    "link_token_create", "link_token_get", "item_public_token_exchange", "accounts_get", "accounts_balance_get",
    "transactions_sync", "transactions_refresh", "item_get", "item_access_token_invalidate", "item_remove",
    "webhook_verification_key_get",
})  # fmt: skip
"""What may be asked of Plaid: the names of plaid-python's methods, which are those of the paths."""


Json = dict[str, Any]


class Plaid:
    """Plaid's API as the relay uses it. Raises: RelayError, whatever goes wrong."""

    def __init__(self, host: str, client_id: str, secret: str, *, at_once: int) -> None:
        self._host, self._client_id, self._secret, self._at_once = host, client_id, secret, at_once
        self._slots = CapacityLimiter(at_once)
        self._api: Any = None
        self._making = threading.Lock()

    async def call(self, method: str, body: Json) -> Json:
        """Send one request in a thread and return the answer's object; floats are Decimal."""
        if self._slots.borrowed_tokens >= self._at_once:
            raise RelayError("busy", after=2)
        return await to_thread.run_sync(self._call, method, body, limiter=self._slots)

    def load(self) -> None:
        """Load plaid-python (over a second of imports), so that no user's first call pays for it."""
        self._client()

    def _client(self) -> Any:
        with self._making:
            if self._api is None:
                import plaid  # noqa: PLC0415 - 691 modules; `keys`, `grant` and `doctor` need none of them
                from plaid.api import plaid_api  # noqa: PLC0415 - as above
                from urllib3 import Retry  # noqa: PLC0415 - as above

                from relay.bounded_pool import BoundedPool  # noqa: PLC0415 - as above

                settings = plaid.Configuration(
                    host=self._host, api_key={"clientId": self._client_id, "secret": self._secret}
                )
                retries = Retry(total=0, redirect=0, raise_on_redirect=False, raise_on_status=False)
                client = plaid.ApiClient(settings)
                client.rest_client.pool_manager = BoundedPool(
                    maxsize=self._at_once, retries=retries, cert_reqs="CERT_REQUIRED"
                )
                self._api = plaid_api.PlaidApi(client)
            return self._api

    def _call(self, method: str, body: Json) -> Json:
        from plaid import ApiException, OpenApiException  # noqa: PLC0415 - as above
        from urllib3.exceptions import ConnectTimeoutError, HTTPError, ReadTimeoutError  # noqa: PLC0415 - as above

        from relay.bounded_pool import read_bounded  # noqa: PLC0415 - as above

        if method not in PATHS:
            raise ValueError(method)
        call = getattr(self._client(), method)
        try:
            answer = call(_request(method, body), _preload_content=False, _request_timeout=_SECONDS)
            try:
                data = read_bounded(answer, LARGEST_ANSWER + 1, time.monotonic() + _LONGEST_SECONDS)
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
        return _object(data)


def _request(method: str, body: Json) -> Any:
    """Return plaid-python's model of a request; what lies in an object is made the model it belongs to."""
    from importlib import import_module  # noqa: PLC0415 - beside the only modules loaded so

    name = f"{method}_request"
    module = import_module(f"plaid.model.{name}")
    model = getattr(module, "".join(part.capitalize() for part in name.split("_")))
    import plaid  # noqa: PLC0415 - as above

    return model(**body, _configuration=plaid.Configuration.get_default_copy(), _spec_property_naming=False)


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


def _object(data: bytes) -> Json:
    try:
        found = json.loads(data, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise RelayError("upstream", after=60) from None
    if not isinstance(found, dict):
        raise RelayError("upstream", after=60)
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")
