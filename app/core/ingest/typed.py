"""Text a person typed or pasted, as it enters the books: what can be seen of it, with sensitive numbers masked."""

from __future__ import annotations

import unicodedata

from app.core.errors import Refused
from app.core.ingest.redact import mask

LONGEST = 4000
"""Characters of one text; a bank's own are no longer."""

_INVISIBLE = frozenset({"Cf", "Cs", "Co", "Cn"})


def kept(text: str) -> str:
    """Return a text as one line: spaces are folded before it is masked, so that no gap hides a number.

    Direction marks and control characters would let a text look other than it is. Raises: Refused (too long).
    """
    return mask(" ".join(_seen(text).split())).text


def kept_lines(text: str) -> str:
    """Return a text of several lines; its lines stay unless a number runs over them. Raises: Refused (too long)."""
    lines = "\n".join(_seen(line) for line in text.splitlines())
    shown, folded = mask(lines).text.strip(), kept(text)
    return shown if " ".join(shown.split()) == folded else folded


def _seen(text: str) -> str:
    if len(text) > LONGEST:
        raise Refused(f"This text is longer than {LONGEST:,} characters.", "Shorten it.")
    if text.isprintable():
        return text
    return "".join(" " if c.isspace() or unicodedata.category(c) == "Cc" else _plain(c) for c in text)


def _plain(character: str) -> str:
    return "" if unicodedata.category(character) in _INVISIBLE else character
