"""Words by which a row says that it gives money back, and the name it is given back for."""

from __future__ import annotations

import re

from app.core.later import later

_BACK = later(
    r"\b(?:refund(?:ed|s)?|rfnd|rfd|return(?:ed|s)?|reversal|reversed|credit voucher|merchandise credit|charge ?back"
    r"|dispute|purchase ret)\b",
    re.IGNORECASE,
)
_DISPUTED = later(r"\b(?:charge ?back|dispute)", re.IGNORECASE)
_LEAD = later(
    r"^\W*(?:(?:partial|payment|full) )?(?:refund|return|reversal|chargeback|dispute)(?: withdrawal| reversal)?"
    r"(?: (?:for|of|to|from))?(?: (?:charge|payment|purchase|invoice payment)(?! for\b))?\W+",
    re.IGNORECASE,
)
_WORD = later(r"[A-Z0-9]+")
_NO_NAMES = frozenset(
    {"CH", "PY", "PI", "DP", "DU", "FOR", "OF", "CHARGE", "CHARGEBACK", "DISPUTE", "PAYMENT", "WITHDRAWAL"}
)


def says_back(text: str, type_word: str | None) -> str | None:
    """Return `chargeback` or `refund` when the words of a row say that it gives money back."""
    # A tax refund gives back no purchase: the category of a bank connection says so in one word.
    for words in ("" if type_word == "INCOME_TAX_REFUND" else type_word or "", text):
        words = words.replace("_", " ")  # noqa: PLW2901 - the same words, readable
        if _DISPUTED.search(words):
            return "chargeback"
        if _BACK.search(words):
            return "refund"
    return None


def subject(text: str) -> str:
    """Return the text of what was given back, without the processor's own words before it, as upper-case words."""
    plain = _LEAD.sub("", text.replace("_", " "), count=1) or text
    return " ".join(_WORD.findall(plain.upper()))


def names_nobody(text: str) -> bool:
    """Tell whether a row that gives back says no more than a processor's number: `Chargeback withdrawal for ch_3Nx`."""
    return all(word in _NO_NAMES or not word.isalpha() for word in subject(text).split())


def head(key: str) -> str:
    """Return the word by which rows are brought together that may be of one merchant."""
    return key.split(" ", 1)[0]


def back_key(move_text: str, key: str) -> str:
    """Return the name that a row giving back stands under: after the words of the processor where it has some."""
    plain = subject(move_text)
    if plain == " ".join(_WORD.findall(move_text.upper())):
        return key
    named = [word for word in plain.lower().split() if not any(map(str.isdigit, word))]
    return " ".join(named[:5]) or key
