"""Who may ask: the checks every call passes before anything costs or reaches Plaid."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from relay import proof
from relay.certificates import OPEN, Certificate, Grant, Office, read_grant
from relay.encoding import digest
from relay.errors import RelayError
from relay.limits import Limiter
from relay.messages import Enrol
from relay.proof import Nonces, Proof
from relay.settings import Unusable, read_file
from relay.shared_state import Shared
from relay.tokens import Caller

Json = dict[str, Any]

_SEEN_SECONDS = 6 * 60
"""Longer than a nonce lives."""
_REREAD_SECONDS = 60
_LONGEST_ONCE_WITHOUT_REDIS = 7 * 86_400
_DENIED = "deny"


class DenyList:
    """Thumbprints and grants that may not call: a file and a set in Redis, read again every minute."""

    def __init__(self, path: Path | None, state: Shared) -> None:
        self._path, self._state = path, state
        self._denied: frozenset[str] = frozenset()
        self._read_at = -_REREAD_SECONDS * 1.0

    async def refuse(self, *names: str) -> None:
        """Raises: RelayError `blocked` when one of the names is on the list."""
        if time.monotonic() - self._read_at >= _REREAD_SECONDS:
            self._denied = self._of_file() | await self._state.members(_DENIED)
            self._read_at = time.monotonic()
        if not self._denied.isdisjoint(names):
            raise RelayError("blocked")

    def _of_file(self) -> frozenset[str]:
        if self._path is None or not self._path.exists():
            return frozenset()
        try:
            text = read_file(self._path, secret=False).decode("ascii", "ignore")
        except Unusable:
            # A list that cannot be read for a moment is the list that was read before.
            return self._denied
        return frozenset(line.split("#")[0].strip() for line in text.splitlines()) - {""}


class Gate:
    """Reads proofs and certificates, and lets devices enrol. Raises: RelayError."""

    def __init__(
        self, *, office: Office, nonces: Nonces, state: Shared, limiter: Limiter, denied: DenyList,
        grant_key: Ed25519PublicKey | None, is_open: bool,
    ) -> None:  # fmt: skip
        self._office, self._nonces, self._state, self._limiter = office, nonces, state, limiter
        self._denied, self._grant_key, self._is_open = denied, grant_key, is_open

    def nonce_for(self, thumbprint: str) -> str:
        return self._nonces.issue(thumbprint)

    def read_proof(self, text: str, *, url: str, body: bytes, certificate: str | None) -> Proof:
        """Return a proof that fits the request; its nonce and number are looked at by `admit`."""
        read = proof.read(text)
        if not read.fits(method="POST", url=url, body_hash=digest(body), certificate=certificate):
            raise RelayError("bad_proof")
        return read

    async def admit(self, read: Proof, certificate: str, *, even_expired: bool = False) -> Caller:
        """Return the device behind a proof and a certificate; each proof is good once."""
        held = self._office.read(certificate, thumbprint=read.thumbprint, even_expired=even_expired)
        nonce = await self._once(read, held)
        return Caller(read.thumbprint, held, nonce, certificate)

    async def enrol(self, asked: Enrol, read: Proof) -> Json:
        """Turn a grant into a certificate; a device that lost the answer may ask again with the same grant."""
        await self._once(read, None)
        grant = OPEN
        if not self._is_open:
            if self._grant_key is None:
                raise RelayError("bad_grant")
            grant = read_grant(asked.grant, self._grant_key)
            await self._denied.refuse(grant.number)
            await self._use(grant, read.thumbprint)
        certificate, expires = self._office.issue(read.thumbprint, grant)
        return {"certificate": certificate, "expires_at": expires}

    def renew(self, caller: Caller) -> Json:
        """Return a new certificate, from ten days before the old one's end."""
        held = caller.certificate
        if not held.may_renew(time.time()):
            raise RelayError("invalid")
        grant = Grant(held.grant, held.plan, held.max_items, 0, once=True)
        certificate, expires = self._office.issue(caller.thumbprint, grant, held.subject)
        return {"certificate": certificate, "expires_at": expires}

    async def _once(self, read: Proof, held: Certificate | None) -> str:
        nonce = read.claims.get("nonce")
        if not self._nonces.accepts(nonce, read.thumbprint, self._state.not_before):
            raise RelayError("use_dpop_nonce")
        await self._denied.refuse(read.thumbprint, *([held.grant, held.subject] if held else []))
        await self._limiter.device(read.thumbprint)
        if not await self._state.once(f"jti:{digest(read.thumbprint + read.number)}", seconds=_SEEN_SECONDS):
            raise RelayError("bad_proof")
        return str(nonce)

    async def _use(self, grant: Grant, thumbprint: str) -> None:
        """Raises: RelayError `bad_grant` when another device used it."""
        if not grant.once:
            return
        left = max(60, grant.expires - int(time.time()))
        if not self._state.is_shared and left > _LONGEST_ONCE_WITHOUT_REDIS:
            # A memory that ends with the process cannot promise "once" for that long.
            raise RelayError("bad_grant")
        key = f"grant:{grant.number}"
        if not await self._state.once(key, thumbprint.encode("ascii"), seconds=left):
            user = await self._state.get(key)
            if user != thumbprint.encode("ascii"):
                raise RelayError("bad_grant")
