"""Who is calling: DPoP proofs (RFC 9449) with the hash of the body, and nonces the relay need not remember.

Freshness does not rest on the clock of the device, which is often wrong: a nonce carries the relay's own time and its
seal, and a proof carries the nonce. `iat` is a hint nobody reads.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from jwt.algorithms import ECAlgorithm, OKPAlgorithm

from relay.encoding import b64url, canonical, digest, from_b64url
from relay.errors import RelayError

LONGEST_PROOF = 4_096
NONCE_SECONDS = 300
_AHEAD_MS = 5_000
"""How far another instance's clock may be ahead of ours."""
_TIME, _MAC = 6, 15
_SHORTEST_ID, _LONGEST_ID = 8, 128

_MEMBERS: Final = {"EdDSA": {"kty", "crv", "x"}, "ES256": {"kty", "crv", "x", "y"}}
_CURVE: Final = {"EdDSA": ("OKP", "Ed25519"), "ES256": ("EC", "P-256")}
_ALLOWED_BESIDE: Final = frozenset({"alg", "use", "kid", "key_ops"})
_NO_CLOCK: Final = {
    "verify_iat": False, "verify_exp": False, "verify_nbf": False, "verify_aud": False, "verify_iss": False,
    "verify_sub": False, "verify_jti": False,
}  # fmt: skip

PublicKey = Ed25519PublicKey | EllipticCurvePublicKey


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof whose signature holds; what it says is checked against the request by `fits`."""

    thumbprint: str
    claims: Mapping[str, Any]

    def fits(self, *, method: str, url: str, body_hash: str, certificate: str | None) -> bool:
        """Say whether it was made for this very request, and for this certificate where one came along."""
        claims = self.claims
        return (
            claims.get("htm") == method
            and claims.get("htu") == url
            and _same(claims.get("bsh"), body_hash)
            and (certificate is None or _same(claims.get("ath"), digest(certificate)))
        )

    @property
    def number(self) -> str:
        """Return the `jti`. Raises: RelayError `bad_proof`."""
        number = self.claims.get("jti")
        if not isinstance(number, str) or not _SHORTEST_ID <= len(number) <= _LONGEST_ID or not number.isascii():
            raise RelayError("bad_proof")
        return number


def read(text: str) -> Proof:
    """Return a proof whose signature fits the key it carries. Raises: RelayError `bad_proof`."""
    if not text or len(text) > LONGEST_PROOF:
        raise RelayError("bad_proof")
    try:
        header = jwt.get_unverified_header(text)
        algorithm = header.get("alg")
        if header.get("typ") != "dpop+jwt" or algorithm not in _CURVE or "crit" in header:
            raise RelayError("bad_proof")
        jwk = header.get("jwk") or {}
        claims = jwt.decode(text, key_of(jwk, algorithm), algorithms=[algorithm], options=_NO_CLOCK)  # type: ignore[arg-type]
    except (jwt.PyJWTError, ValueError, TypeError, KeyError, RecursionError, UnsupportedAlgorithm):
        raise RelayError("bad_proof") from None
    return Proof(thumbprint(jwk, algorithm), claims)


def key_of(jwk: Any, algorithm: str) -> PublicKey:
    """Return the public key of a JWK. Raises: ValueError for one with a private member or of another kind."""
    if not isinstance(jwk, dict) or not all(isinstance(value, str) for value in jwk.values()):
        raise ValueError("no key")
    wanted = _MEMBERS[algorithm]
    if not wanted <= set(jwk) <= wanted | _ALLOWED_BESIDE or (jwk["kty"], jwk["crv"]) != _CURVE[algorithm]:
        raise ValueError("another kind of key, or a private one")
    public = {name: jwk[name] for name in wanted}
    reader = OKPAlgorithm if algorithm == "EdDSA" else ECAlgorithm
    key = reader.from_jwk(public)
    if not isinstance(key, Ed25519PublicKey | EllipticCurvePublicKey):
        raise TypeError("not a public key")
    return key


def named(jwk: Mapping[str, Any]) -> str:
    """Return the thumbprint of a key that comes by itself. Raises: RelayError `bad_proof` for a private or odd one."""
    algorithm = "EdDSA" if jwk.get("kty") == "OKP" else "ES256"
    try:
        key_of(jwk, algorithm)
    except (jwt.PyJWTError, ValueError, TypeError, KeyError, UnsupportedAlgorithm):
        raise RelayError("bad_proof") from None
    return thumbprint(jwk, algorithm)


def thumbprint(jwk: Mapping[str, Any], algorithm: str) -> str:
    """Return the thumbprint of a key by RFC 7638: the hash of its required members alone."""
    return digest(canonical({name: jwk[name] for name in _MEMBERS[algorithm]}))


class Nonces:
    """Nonces without a memory: the time of issue, and its seal under the device's key name.

    A relay that restarted has forgotten which proofs it saw, so nothing issued before `not_before` counts there.
    """

    def __init__(self, key: bytes, clock: Callable[[], float] = time.time) -> None:
        self._key, self._clock = key, clock

    def issue(self, thumbprint: str) -> str:
        stamp = int(self._clock() * 1000).to_bytes(_TIME, "big")
        return b64url(stamp + self._mac(stamp, thumbprint))

    def accepts(self, nonce: object, thumbprint: str, not_before: float = 0) -> bool:
        if not isinstance(nonce, str):
            return False
        try:
            raw = from_b64url(nonce)
        except ValueError:
            return False
        stamp, mac = raw[:_TIME], raw[_TIME:]
        if len(mac) != _MAC or not hmac.compare_digest(mac, self._mac(stamp, thumbprint)):
            return False
        issued, now = int.from_bytes(stamp, "big"), self._clock() * 1000
        # A nonce knows its millisecond only, so the moment is cut to one too.
        return now - NONCE_SECONDS * 1000 < issued <= now + _AHEAD_MS and issued >= int(not_before * 1000)

    def _mac(self, stamp: bytes, thumbprint: str) -> bytes:
        return hmac.new(self._key, stamp + thumbprint.encode("ascii"), hashlib.sha256).digest()[:_MAC]


def _same(said: object, wanted: str) -> bool:
    return isinstance(said, str) and hmac.compare_digest(said.encode("utf-8", "replace"), wanted.encode())
