"""Keys and passphrases that are in use just now, so that no text on its way out can hold one.

They are kept as hashes under a key of this process, with their lengths: enough to find one in a text again, not enough
to read it here. They are forgotten when the books are locked, because a hash of a passphrase is quicker to try than
the stretching of its key.
"""

from __future__ import annotations

import os
from binascii import b2a_base64  # base64 takes a quarter of a millisecond to load

_SHORTEST = 8
_LONGEST_TEXT = 20_000
"""Characters that are looked through; a longer text is no sentence of this program and is withheld."""
HIDDEN = "[secret]"


class LiveSecrets:
    def __init__(self) -> None:
        self._key = os.urandom(16)
        self._held: dict[int, set[bytes]] = {}

    def __repr__(self) -> str:
        return "LiveSecrets()"

    def hold(self, *secrets: str | bytes | None) -> None:
        """Remember secrets, and the texts their bytes are written as, until `forget`."""
        for secret in secrets:
            if not secret:
                continue
            forms = {secret} if isinstance(secret, str) else {secret.hex(), repr(secret)[2:-1]}
            data = secret.encode("utf-8", "surrogatepass") if isinstance(secret, str) else secret
            encoded = b2a_base64(data, newline=False).decode().rstrip("=")
            forms |= {encoded, encoded.replace("+", "-").replace("/", "_")}
            for form in forms:
                if len(form) >= _SHORTEST:
                    self._held.setdefault(len(form), set()).add(self._hash(form.lower()))

    def forget(self) -> None:
        self._held.clear()

    def scrub(self, text: str) -> str:
        """Return the text with every secret that is in use replaced."""
        if not self._held:
            return text
        if len(text) > _LONGEST_TEXT:
            return HIDDEN
        low = text.lower()
        if len(low) != len(text):  # a letter whose small form is two: places would not agree
            text = low
        for length in sorted(self._held, reverse=True):
            known, place = self._held[length], 0
            while place + length <= len(text):
                if self._hash(low[place : place + length]) in known:
                    text = text[:place] + HIDDEN + text[place + length :]
                    low = text.lower() if len(text.lower()) == len(text) else text
                    place += len(HIDDEN)
                else:
                    place += 1
        return text

    def _hash(self, text: str) -> bytes:
        from hashlib import blake2b  # noqa: PLC0415 - loaded with the keys

        return blake2b(text.encode("utf-8", "surrogatepass"), key=self._key, digest_size=16).digest()


LIVE = LiveSecrets()
"""Those of this process."""
