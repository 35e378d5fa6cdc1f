"""Grants and certificates: a licence becomes a certificate that only one device key can use.

A grant is signed offline by the operator (or a shop), a certificate by the relay; both are EdDSA JWTs. Nothing about
who the user is stands in either.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from relay.encoding import b64url, canonical, digest
from relay.errors import RelayError

CERTIFICATE_SECONDS = 30 * 86_400
RENEW_SECONDS = 10 * 86_400
"""How long before its end a certificate may be renewed."""
RENEW_AFTER_SECONDS = 90 * 86_400
"""And how long after it: whoever was away for a summer needs no new licence. An ended licence stands on the deny list
that much longer."""
_LONGEST = 4_096
_CERTIFICATE, _GRANT = "1099ops-cert+jwt", "1099ops-grant+jwt"
_OPEN_PLAN, _OPEN_ITEMS = "sandbox", 100
_LEEWAY = 60


@dataclass(frozen=True, slots=True)
class Grant:
    """A licence: `number` is its jti. One that is `once` serves one device key."""

    number: str
    plan: str
    max_items: int
    expires: int
    once: bool


OPEN = Grant("", _OPEN_PLAN, _OPEN_ITEMS, 0, once=False)
"""What stands in for a grant where everybody may enrol."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """Who a device is to the relay: a name that says nothing, the thumbprint of its key, and what its plan allows."""

    subject: str
    thumbprint: str
    env: str
    plan: str
    max_items: int
    expires: int
    grant: str

    def may_renew(self, now: float) -> bool:
        return now >= self.expires - RENEW_SECONDS

    def is_over(self, now: float) -> bool:
        """Say whether it ended too long ago to be renewed."""
        return now > self.expires + RENEW_AFTER_SECONDS


class Office:
    """Writes and reads certificates with the relay's signing key."""

    def __init__(
        self, key: Ed25519PrivateKey, *, issuer: str, env: str, clock: Callable[[], float] = time.time
    ) -> None:
        self._key, self._issuer, self._env, self._clock = key, issuer, env, clock

    def issue(self, thumbprint: str, grant: Grant, subject: str | None = None) -> tuple[str, int]:
        """Return a certificate and when it ends (seconds since 1970). A renewed one keeps its subject.

        The same device with the same grant always gets the same subject: to enrol again is no way to a fresh plan.
        """
        now = int(self._clock())
        expires = now + CERTIFICATE_SECONDS
        name = digest(canonical(["1099ops subject", grant.number, thumbprint]))[:22]
        claims = {
            "iss": self._issuer, "sub": subject or name, "cnf": {"jkt": thumbprint},
            "env": self._env, "plan": grant.plan, "max_items": grant.max_items, "iat": now, "exp": expires,
            "jti": b64url(secrets.token_bytes(12)), "gid": grant.number,
        }  # fmt: skip
        return jwt.encode(claims, self._key, algorithm="EdDSA", headers={"typ": _CERTIFICATE}), expires

    def read(self, text: str, *, thumbprint: str, even_expired: bool = False) -> Certificate:
        """Return a certificate of ours for this device key. Raises: RelayError `bad_certificate` or its end."""
        claims = _claims(text, self._key.public_key(), _CERTIFICATE, "bad_certificate")
        try:
            made = Certificate(
                str(claims["sub"]), str(claims["cnf"]["jkt"]), str(claims["env"]), str(claims["plan"]),
                int(claims["max_items"]), int(claims["exp"]), str(claims.get("gid", "")),
            )  # fmt: skip
        except (KeyError, TypeError, ValueError):
            raise RelayError("bad_certificate") from None
        if claims.get("iss") != self._issuer or made.env != self._env or made.thumbprint != thumbprint:
            raise RelayError("bad_certificate")
        if made.expires < self._clock() - _LEEWAY and not even_expired:
            raise RelayError("certificate_expired")
        return made


def sign_grant(key: Ed25519PrivateKey, grant: Grant) -> str:
    claims = {
        "jti": grant.number, "plan": grant.plan, "max_items": grant.max_items, "exp": grant.expires, "once": grant.once,
    }  # fmt: skip
    return jwt.encode(claims, key, algorithm="EdDSA", headers={"typ": _GRANT})


def read_grant(text: str, key: Ed25519PublicKey, clock: Callable[[], float] = time.time) -> Grant:
    """Return what the operator signed. Raises: RelayError `bad_grant`."""
    claims = _claims(text.strip(), key, _GRANT, "bad_grant")
    try:
        grant = Grant(
            str(claims["jti"]), str(claims["plan"]), int(claims["max_items"]), int(claims["exp"]),
            once=claims.get("once") is not False,
        )  # fmt: skip
    except (KeyError, TypeError, ValueError):
        raise RelayError("bad_grant") from None
    if grant.expires < clock() or grant.max_items < 1 or not grant.number:
        raise RelayError("bad_grant")
    return grant


def _claims(text: str, key: Ed25519PublicKey, kind: str, code: str) -> dict[str, Any]:
    if not text or len(text) > _LONGEST:
        raise RelayError(code)
    try:
        if jwt.get_unverified_header(text).get("typ") != kind:
            raise RelayError(code)
        # Its end is looked at by the caller, who may have a use for one that has ended.
        options = {"verify_exp": False, "verify_iat": False, "verify_aud": False, "require": ["exp", "jti"]}
        return jwt.decode(text, key, algorithms=["EdDSA"], options=options)  # type: ignore[arg-type]
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
        raise RelayError(code) from None
