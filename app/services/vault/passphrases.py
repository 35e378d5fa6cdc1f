"""Whether a new passphrase will do: its length, and a list of common ones that comes with the program."""

from __future__ import annotations

from functools import cache

from app.core.errors import Refused
from app.core.security import key_derivation, passphrase_rules, recovery


def check_new(text: str) -> None:
    """Raises: Refused, with what is wrong and what would be better."""
    key_derivation.check_new_passphrase(text)
    if recovery.looks_like_one(text):
        raise Refused("That is a recovery key; the passphrase must be something else.", "Think of four words.")
    passphrase_rules.refuse_common(text, common())


@cache
def common() -> frozenset[str]:
    """Return the common passwords, in small letters; read when a new passphrase is to be judged."""
    from importlib import resources  # noqa: PLC0415 - opening books judges no passphrase

    text = (resources.files("resources") / "passphrases" / "common.txt").read_text("utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))
