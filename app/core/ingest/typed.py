"""Text a person typed or pasted, as it enters the books: what can be seen of it, with sensitive numbers masked."""

from __future__ import annotations

from app.core.dates import Day, day_from_iso
from app.core.errors import Refused

LONGEST = 4000
"""Characters of one text; a bank's own are no longer."""

_INVISIBLE = frozenset({"Cf", "Cs", "Co", "Cn"})


def kept(text: str) -> str:
    """Return a text as one line: spaces are folded before it is masked, so that no gap hides a number.

    Direction marks and control characters would let a text look other than it is. Raises: Refused (too long).
    """
    from app.core.ingest.redact import mask  # noqa: PLC0415 - most changes bring no text

    return mask(" ".join(_seen(text).split())).text


def kept_lines(text: str) -> str:
    """Return a text of several lines; its lines stay unless a number runs over them. Raises: Refused (too long)."""
    from app.core.ingest.redact import mask  # noqa: PLC0415 - as above

    lines = "\n".join(_seen(line) for line in text.splitlines())
    shown, folded = mask(lines).text.strip(), kept(text)
    return shown if " ".join(shown.split()) == folded else folded


def day_typed(text: str) -> Day:
    """Return the day that a person wrote. Raises: Refused."""
    try:
        return day_from_iso(text)
    except ValueError as error:
        raise Refused(f"“{text}” is not a date.", "Write it as 2026-11-20.") from error


def _seen(text: str) -> str:
    if len(text) > LONGEST:
        raise Refused(f"This text is longer than {LONGEST:,} characters.", "Shorten it.")
    if text.isprintable():
        return text
    from unicodedata import category  # noqa: PLC0415 - nearly all texts can be seen

    shown = (" " if c.isspace() or category(c) == "Cc" else "" if category(c) in _INVISIBLE else c for c in text)
    return "".join(shown)
