"""Who may ask: the checks every call passes before anything costs or reaches Plaid."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from relay import proof
from relay.api import Auth
from relay.certificates import OPEN, Grant, Office, read_grant
from relay.encoding import digest
from relay.errors import RelayError
from relay.limits import Limiter
from relay.messages import Enrol
from relay.proof import Nonces, Proof
from relay.settings import Unusable, read_file
from relay.shared_state import Shared
from relay.tokens import Caller
from relay.used_grants import UsedGrants

Json = dict[str, Any]

_SEEN_SECONDS = 6 * 60
"""Longer than a nonce lives."""
_REREAD_SECONDS = 60
_LONGEST_ONCE_IN_MEMORY = 7 * 86_400
_DENIED = "deny"


class DenyList:
    """Thumbprints and grants that may not call: a file and a set in Redis, read again every minute."""

    def __init__(self, path: Path | None, state: Shared, clock: Callable[[], float] = time.monotonic) -> None:
        self._path, self._state, self._clock = path, state, clock
        self._in_file: frozenset[str] = frozenset()
        self._in_redis: frozenset[str] = frozenset()
        self._read_at = clock() - _REREAD_SECONDS

    async def refuse(self, *names: str) -> None:
        """Raises: RelayError `blocked` when one of the names is on the list."""
        if self._clock() - self._read_at >= _REREAD_SECONDS:
            self._read_at = self._clock()
            self._in_file = self._of_file()
            # A list that cannot be read for a moment is the list that was read before.
            told = await self._state.members(_DENIED)
            self._in_redis = self._in_redis if told is None else frozenset(told)
        if not (self._in_file | self._in_redis).isdisjoint(names):
            raise RelayError("blocked")

    def _of_file(self) -> frozenset[str]:
        if self._path is None:
            return frozenset()
        try:
            text = read_file(self._path, secret=False).decode("ascii", "ignore")
        except Unusable:
            return self._in_file
        return frozenset(line.split("#")[0].strip() for line in text.splitlines()) - {""}


class Gate:
    """Reads proofs and certificates, and lets devices enrol. Raises: RelayError."""

    def __init__(
        self, *, office: Office, nonces: Nonces, state: Shared, limiter: Limiter, denied: DenyList,
        grant_key: Ed25519PublicKey | None, is_open: bool, used: UsedGrants | None = None,
    ) -> None:  # fmt: skip
        self._used = used
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

    async def admit(self, read: Proof, certificate: str, auth: Auth) -> Caller:
        """Return the device behind a proof and a certificate; each proof is good once."""
        held = self._office.read(certificate, thumbprint=read.thumbprint, even_expired=auth != "device")
        # Whoever's licence was ended must still be able to leave; a stolen device must not do even that.
        names = [] if auth == "leaving" else [held.grant, held.subject]
        nonce = await self._once(read, names)
        return Caller(read.thumbprint, held, nonce, certificate)

    async def enrol(self, asked: Enrol, read: Proof) -> Json:
        """Turn a grant into a certificate; a device that lost the answer may ask again with the same grant."""
        await self._once(read, [])
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
        """Return a new certificate, from ten days before the old one's end to ninety days after it."""
        held = caller.certificate
        if held.is_over(time.time()):
            raise RelayError("certificate_expired")
        if not held.may_renew(time.time()):
            raise RelayError("invalid")
        grant = Grant(held.grant, held.plan, held.max_items, 0, once=True)
        certificate, expires = self._office.issue(caller.thumbprint, grant, held.subject)
        return {"certificate": certificate, "expires_at": expires}

    async def is_behind(self, read: Proof) -> bool:
        """Say whether a device just needs a fresh nonce, as each does from time to time."""
        return await self._limiter.may_have_old_nonce(read.thumbprint)

    async def _once(self, read: Proof, names: list[str]) -> str:
        nonce = read.claims.get("nonce")
        if not self._is_fresh(read):
            await self._state.look()
            raise RelayError("use_dpop_nonce")
        await self._denied.refuse(read.thumbprint, *names)
        await self._limiter.device(read.thumbprint)
        if not await self._state.first_use(f"jti:{digest(read.thumbprint + read.number)}", seconds=_SEEN_SECONDS):
            raise RelayError("bad_proof")
        if not self._is_fresh(read):
            # Only now it turned out that the memory of used proofs was lost after this nonce was issued.
            raise RelayError("use_dpop_nonce")
        return str(nonce)

    def _is_fresh(self, read: Proof) -> bool:
        return self._nonces.accepts(read.claims.get("nonce"), read.thumbprint, self._state.not_before)

    async def _use(self, grant: Grant, thumbprint: str) -> None:
        """Raises: RelayError `bad_grant` when another device used it."""
        if not grant.once:
            return
        left = max(60, grant.expires - int(time.time()))
        key = f"grant:{grant.number}"
        async with self._state.alone(key):
            if not await self._outlives_us(grant, thumbprint) and left > _LONGEST_ONCE_IN_MEMORY:
                # A memory that ends with the process cannot promise "once" for that long.
                raise RelayError("bad_grant")
            if self._state.is_degraded:
                raise RelayError("busy", after=30)
            if not await self._state.once(key, thumbprint.encode("ascii"), seconds=left):
                user = await self._state.get(key)
                if user != thumbprint.encode("ascii"):
                    raise RelayError("bad_grant")

    async def _outlives_us(self, grant: Grant, thumbprint: str) -> bool:
        """Say whether who used a grant is known beyond this process. Raises: RelayError `bad_grant` if another did."""
        if self._used is None:
            return self._state.is_shared
        try:
            user = await self._used.first(grant.number, thumbprint, grant.expires)
        except OSError:
            return False
        if user != thumbprint:
            raise RelayError("bad_grant")
        return True
