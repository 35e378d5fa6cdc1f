"""Access tokens on their way through: opened for one call, sealed for one device, never kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from relay.certificates import Certificate
from relay.messages import Item
from relay.sealing import SealRing

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Caller:
    """A device that proved who it is."""

    thumbprint: str
    certificate: Certificate
    proof_nonce: str
    raw_certificate: str


@dataclass(frozen=True, slots=True, repr=False)
class Access:
    """An opened token. It has no repr: it must not end in a log by way of a traceback."""

    token: str
    reseal: Json | None

    def with_reseal(self, answer: Json) -> Json:
        """Return an answer, with the token under the present key when it came under an old one."""
        return {**answer, "reseal": self.reseal} if self.reseal else answer


class Tokens:
    def __init__(self, ring: SealRing) -> None:
        self._ring = ring

    def seal(self, token: str, caller_thumbprint: str, item_id: str) -> str:
        return self._ring.seal(token.encode("ascii"), caller_thumbprint, item_id)

    def open(self, item: Item, caller: Caller) -> Access:
        """Return the access token of an Item. Raises: RelayError `bad_sealed_token`."""
        opened = self._ring.open(item.sealed_token, caller.thumbprint, item.item_id)
        token = opened.plain.decode("ascii")
        again = {"item_id": item.item_id, "sealed_token": self.seal(token, caller.thumbprint, item.item_id)}
        return Access(token, again if opened.is_old else None)
