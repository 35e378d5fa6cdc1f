"""Webhooks, where the operator takes them: verified, reduced to a hint, and kept without a user.

Plaid signs with ES256 and the hash of the body. Other senders use HMAC-SHA256 over time and body with a shared secret,
of which two may live at once. What stays is a code and a time, under a name only the holder of the Item can ask for.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from jwt.algorithms import ECAlgorithm

from relay.encoding import digest
from relay.errors import RelayError
from relay.messages import Events, Item
from relay.plaid_gateway import Plaid
from relay.shared_state import Shared
from relay.tokens import Caller, Tokens

Json = dict[str, Any]

OLDEST_SECONDS, _AHEAD_SECONDS = 300, 60
_REPEAT_SECONDS = 600
_EVENT_SECONDS, _MOST_EVENTS = 72 * 3600, 20
_MOST_KEYS, _LOOK_UPS_PER_MINUTE = 50, 10
_KEY_SECONDS = 86_400
_LONGEST = 8_192
_TAKEN: Final = {
    ("TRANSACTIONS", "SYNC_UPDATES_AVAILABLE"): "sync",
    ("ITEM", "ERROR"): "error",
    ("ITEM", "LOGIN_REPAIRED"): "repaired",
    ("ITEM", "PENDING_DISCONNECT"): "reconnect",
    ("ITEM", "PENDING_EXPIRATION"): "reconnect",
    ("ITEM", "USER_PERMISSION_REVOKED"): "gone",
    ("ITEM", "USER_ACCOUNT_REVOKED"): "account",
    ("ITEM", "NEW_ACCOUNTS_AVAILABLE"): "accounts",
}
"""Which of Plaid's events are kept, and as what. Those about links carry tokens and are never read further."""
_CODES: Final = frozenset(_TAKEN.values())


@dataclass(frozen=True, slots=True)
class _Key:
    """A key of Plaid's: when it was asked for, and when it ends. One not fresh is asked for again where possible."""

    key: EllipticCurvePublicKey
    asked_at: float
    ends: float
    is_fresh: bool = True


class Hooks:
    """The two intakes and what devices read of them. Raises: RelayError `bad_proof` for anything not signed right."""

    def __init__(
        self, *, plaid: Plaid, state: Shared, tokens: Tokens, key: bytes, secrets: Sequence[bytes],
        clock: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        self._plaid, self._state, self._tokens, self._clock = plaid, state, tokens, clock
        self._key, self._secrets = hmac.new(key, b"1099ops events", hashlib.sha256).digest(), list(secrets)
        self._keys: dict[str, _Key] = {}
        self._asked: list[float] = []

    async def from_plaid(self, body: bytes, signature: str) -> Json:
        """Take a webhook of Plaid's (plaid.com/docs/api/webhooks/webhook-verification)."""
        claims = await self._verified(signature)
        issued = claims.get("iat")
        if not isinstance(issued, int) or not self._is_now(issued):
            raise RelayError("bad_proof")
        said = claims.get("request_body_sha256")
        wanted = hashlib.sha256(body).hexdigest()
        if not isinstance(said, str) or not hmac.compare_digest(said.encode("utf-8", "replace"), wanted.encode()):
            raise RelayError("bad_proof")
        if await self._state.once(f"hook:{digest(signature)}", seconds=_REPEAT_SECONDS):
            about = _object(body)
            code = _TAKEN.get((str(about.get("webhook_type")), str(about.get("webhook_code"))))
            await self._keep(about.get("item_id"), code)
        return {}

    async def from_others(self, body: bytes, signature: str) -> Json:
        """Take a webhook signed `t=SECONDS,v1=HEX`: HMAC-SHA256 over `SECONDS.body`; each is good once."""
        parts = dict(part.strip().partition("=")[::2] for part in signature.split(",")[:8])
        stamp, signed = parts.get("t", ""), parts.get("v1", "")
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12) or not self._is_now(int(stamp)):
            raise RelayError("bad_proof")
        text = stamp.encode() + b"." + body
        made = [hmac.new(secret, text, hashlib.sha256).hexdigest() for secret in self._secrets]
        fits = [hmac.compare_digest(each.encode(), signed.encode("utf-8", "replace")) for each in made]
        if not any(fits):
            raise RelayError("bad_proof")
        if not await self._state.once(f"hook:{digest(signed)}", seconds=_REPEAT_SECONDS):
            raise RelayError("bad_proof")
        about = _object(body)
        code = about.get("code")
        await self._keep(about.get("item_id"), code if code in _CODES else None)
        return {}

    async def events(self, asked: Events, caller: Caller) -> Json:
        """Return what came for Items whose sealed tokens the device shows, and forget it."""
        found: list[Json] = []
        for item in asked.items:
            self._tokens.open(Item(sealed_token=item.sealed_token, item_id=item.item_id), caller)
            key = self._name(item.item_id)
            found += [{"item_id": item.item_id, **json.loads(each)} for each in await self._state.listed(key)]
            await self._state.remove(key)
        return {"events": found}

    async def _keep(self, item_id: object, code: str | None) -> None:
        if code is None or not isinstance(item_id, str) or not item_id:
            return
        text = json.dumps({"code": code, "at": int(self._clock())}).encode()
        await self._state.append(self._name(item_id), text, seconds=_EVENT_SECONDS, most=_MOST_EVENTS)

    def _name(self, item_id: str) -> str:
        return "events:" + hmac.new(self._key, item_id.encode("utf-8", "replace"), hashlib.sha256).hexdigest()

    def _is_now(self, issued: int) -> bool:
        return -_AHEAD_SECONDS <= self._clock() - issued <= OLDEST_SECONDS

    async def _verified(self, signature: str) -> Json:
        try:
            if not signature or len(signature) > _LONGEST:
                raise RelayError("bad_proof")
            header = jwt.get_unverified_header(signature)
            kid = header.get("kid")
            if header.get("alg") != "ES256" or not isinstance(kid, str) or not 0 < len(kid) <= 128:
                raise RelayError("bad_proof")
            key = await self._public_key(kid)
            options = {"verify_iat": False, "verify_exp": False, "verify_aud": False}
            return jwt.decode(signature, key, algorithms=["ES256"], options=options)  # type: ignore[arg-type]
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
            raise RelayError("bad_proof") from None

    async def _public_key(self, kid: str) -> EllipticCurvePublicKey:
        """Return Plaid's key of a name, from the cache or from Plaid; who invents names gets few of them looked up.

        A key serves for a day; while Plaid does not answer, one that is to be looked at again serves until then.
        """
        held, now = self._keys.get(kid), self._clock()
        if held is not None and now >= held.ends:
            raise RelayError("bad_proof")
        if held is not None and held.is_fresh and now - held.asked_at < _KEY_SECONDS:
            return held.key
        try:
            found = await self._looked_up(kid, now)
        except RelayError as error:
            if error.code == "invalid":
                self._keys.pop(kid, None)
                raise RelayError("bad_proof") from None
            if held is not None and now - held.asked_at < _KEY_SECONDS:
                return held.key
            # The sender comes again; a refusal would tell it that the webhook was forged.
            raise RelayError("busy", after=60) from None
        if held is None:
            # Plaid changes keys: which of the others have an end by now is worth a look at their next use.
            self._keys = {name: replace(key, is_fresh=False) for name, key in self._keys.items()}
        while len(self._keys) >= _MOST_KEYS:
            self._keys.pop(next(iter(self._keys)))
        self._keys[kid] = found
        if now >= found.ends:
            raise RelayError("bad_proof")
        return found.key

    async def _looked_up(self, kid: str, now: float) -> _Key:
        self._asked = [at for at in self._asked if now - at < 60]
        if len(self._asked) >= _LOOK_UPS_PER_MINUTE:
            raise RelayError("limited", after=60)
        self._asked.append(now)
        answer = await self._plaid.call("webhook_verification_key_get", {"key_id": kid})
        jwk = answer.get("key")
        if not isinstance(jwk, dict) or jwk.get("alg") != "ES256" or jwk.get("kid") != kid:
            raise RelayError("invalid")
        expired = jwk.get("expired_at")
        try:
            key = ECAlgorithm.from_jwk({name: jwk.get(name) for name in ("kty", "crv", "x", "y")})
        except (jwt.PyJWTError, ValueError, TypeError):
            raise RelayError("invalid") from None
        if not isinstance(key, EllipticCurvePublicKey) or jwk.get("crv") != "P-256":
            raise RelayError("invalid")
        return _Key(key, now, float(expired) if isinstance(expired, int | float) else math.inf)


def _object(body: bytes) -> Json:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise RelayError("invalid") from None
    if not isinstance(found, dict):
        raise RelayError("invalid")
    return found
