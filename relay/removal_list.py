"""Ending Items for somebody who erased everything while the relay was out of reach.

The app leaves a list then: a JWT with the sealed tokens, signed by the device key that was erased with the rest. It
proves that the device itself asked; the seals open for that key alone. Whoever runs the relay ends them with it.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import jwt

from relay import proof
from relay.errors import RelayError
from relay.plaid_gateway import Plaid
from relay.sealing import SealRing
from relay.settings import Secrets, Settings, Unusable, read_file

KIND = "1099ops-removal+jwt"
_ANY_TIME = {"verify_exp": False, "verify_iat": False, "verify_aud": False}


def end(settings: Settings, path: Path) -> int:
    """End every Item of a list and say how that went; 0 when all are ended. Raises: Unusable."""
    thumbprint, items = read(read_file(path, secret=False).decode("ascii", "replace").strip())
    secret = Secrets(settings)
    ring = SealRing(secret.seal_keys, [settings.plaid_env, secret.client_id])
    plaid = Plaid(settings.upstream, secret.client_id, secret.plaid_secret, at_once=1)
    failed = 0
    for item_id, sealed in items:
        code = asyncio.run(_ended(plaid, ring, thumbprint, item_id, sealed))
        failed += code != "ended"
        sys.stdout.write(f"{item_id}: {code}\n")
    return 1 if failed else 0


def read(text: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the thumbprint of the key that signed a list, and its Items with their tokens. Raises: Unusable."""
    try:
        header = jwt.get_unverified_header(text)
        jwk = header.get("jwk") or {}
        if header.get("typ") != KIND or header.get("alg") != "EdDSA":
            raise Unusable("This is no list of banks to end.")
        claims = jwt.decode(text, proof.key_of(jwk, "EdDSA"), algorithms=["EdDSA"], options=_ANY_TIME)  # type: ignore[arg-type]
        items = [(str(each["item_id"]), str(each["sealed_token"])) for each in claims["remove"]]
    except (jwt.PyJWTError, ValueError, TypeError, KeyError, RecursionError):
        raise Unusable("This is no list of banks to end, or it was changed.") from None
    return proof.thumbprint(jwk, "EdDSA"), items


async def _ended(plaid: Plaid, ring: SealRing, thumbprint: str, item_id: str, sealed: str) -> str:
    try:
        token: Any = ring.open(sealed, thumbprint, item_id).plain.decode("ascii")
        await plaid.call("item_remove", {"access_token": token})
    except RelayError as error:
        return "ended" if error.code == "gone" else error.code
    return "ended"
