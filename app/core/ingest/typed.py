"""Text a person typed or pasted, as it enters the books."""

from __future__ import annotations

import unicodedata

from app.core.errors import Refused
from app.core.ingest.redact import mask

LONGEST = 4000
"""Characters of one text; a bank's own are no longer."""

_INVISIBLE = frozenset({"Cf", "Cs", "Co", "Cn"})


def typed(text: str) -> str:
    """Return one line of what can be seen: numbers that must not be kept are masked, blanks are single.

    Direction marks and control characters would let a text look other than it is. Raises: Refused (too long).
    """
    if len(text) > LONGEST:
        raise Refused(f"This text is longer than {LONGEST:,} characters.", "Shorten it.")
    if not text.isprintable():
        text = "".join(" " if c.isspace() or unicodedata.category(c) == "Cc" else _seen(c) for c in text)
    return " ".join(mask(text).text.split())


def _seen(character: str) -> str:
    return "" if unicodedata.category(character) in _INVISIBLE else character
