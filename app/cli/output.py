"""What the command line prints: data on stdout, everything else on stderr; with --json always exactly one object."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from app.core.dates import Day, iso
from app.core.errors import AppError
from app.core.money import money_text

SCHEMA_VERSION = 1
_UNSEEN = r"[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
"""Compiled when a text needs it: most answers are ASCII."""


def emit(body: dict[str, Any], *, as_json: bool, text: str) -> None:
    """Print the answer: the whole object, or the text for people."""
    if as_json:
        _print_object(body)
    elif text:
        sys.stdout.write(_encodable(text if text.endswith("\n") else text + "\n"))


def emit_error(error: AppError, *, as_json: bool) -> None:
    """Say what happened and what to do: as the object on stdout, or as plain words on stderr.

    A message may repeat what was typed, and terminals keep their text: it is masked like everything that is kept.
    """
    from app.services.program.program_log import scrub  # noqa: PLC0415 - only where something went wrong

    message, hint = scrub(error.message), scrub(error.hint)
    if as_json:
        _print_object({"error": {"code": error.code, "message": message, "hint": hint or None}})
        return
    say(f"{paint('Error', '31')}: {printable(message)}")
    if hint:
        say(printable(hint))


def emit_rows(name: str, rows: Iterable[dict[str, Any]], rest: Callable[[], dict[str, Any]]) -> None:
    """Print an object as JSON whose rows need not fit into memory together."""
    sys.stdout.write(f'{{"schema_version": {SCHEMA_VERSION}, "{name}": [')
    between = ""
    for row in rows:
        sys.stdout.write(between + _json(row))
        between = ", "
    sys.stdout.write("]" + "".join(f", {_json(key)}: {_json(value)}" for key, value in rest().items()) + "}\n")


def emit_ready(name: str, rows: Sequence[str], rest: dict[str, Any]) -> None:
    """Print an object as JSON whose rows are JSON already."""
    tail = "".join(f", {json.dumps(key)}: {json.dumps(value)}" for key, value in rest.items())
    text = f'{{"schema_version": {SCHEMA_VERSION}, "{name}": [{", ".join(rows)}]{tail}}}\n'
    sys.stdout.write(_safe(text))


def _print_object(body: dict[str, Any]) -> None:
    sys.stdout.write(_json({"schema_version": SCHEMA_VERSION, **body}) + "\n")


def _json(value: object) -> str:
    return _safe(json.dumps(value, ensure_ascii=False))


def _safe(text: str) -> str:
    """Return JSON as it may be printed."""
    if not text.isascii():
        # JSON leaves them as they are, and a terminal would obey them.
        text = re.sub(_UNSEEN, lambda found: f"\\u{ord(found[0]):04x}", text)
    return _encodable(text)


def _encodable(text: str) -> str:
    """Return the text with a mark for what cannot be written: a file's name may hold bytes that are no text."""
    return text.encode("utf-8", "replace").decode()


def say(text: str) -> None:
    sys.stderr.write(_encodable(text) + "\n")


def paint(text: str, code: str, *, out: bool = False) -> str:
    """Colour a word where the terminal wants it (NO_COLOR, FORCE_COLOR, TERM=dumb); `out` is for the data itself."""
    stream = sys.stdout if out else sys.stderr
    if os.environ.get("NO_COLOR"):
        return text
    wanted = bool(os.environ.get("FORCE_COLOR")) or (stream.isatty() and os.environ.get("TERM") != "dumb")
    return f"\x1b[{code}m{text}\x1b[0m" if wanted else text


def table(header: Sequence[str], rows: Iterable[Sequence[object]], *, right: Iterable[int] = ()) -> str:
    """Return columns that line up; `right` names those set to the right. Cells never hold control signs."""
    cells = [[printable(str(cell)) for cell in row] for row in rows]
    if not cells:
        return ""
    flush_right = set(right)
    widths = [max(len(header[i]), *(len(row[i]) for row in cells)) for i in range(len(header))]

    def line(values: Sequence[str]) -> str:
        parts = [
            value.rjust(width) if i in flush_right else value.ljust(width)
            for i, (value, width) in enumerate(zip(values, widths, strict=True))
        ]
        return "  ".join(parts).rstrip()

    return "\n".join([line(header), line(["-" * width for width in widths]), *(line(row) for row in cells)])


def printable(text: str) -> str:
    """Return a data text fit for a terminal: what moves the cursor or turns the writing is shown as a mark."""
    return "".join(c if c.isprintable() else "�" for c in text)


def cut(text: str, longest: int) -> str:
    """Return a text for a column; what is cut off shows as a mark."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def money(cents: int | None, currency: str = "USD") -> str:
    """Return an amount for people: `-$1,234.50`, in another currency `-1,234.50 EUR`."""
    if cents is None:
        return ""
    return money_text(cents) if currency == "USD" else f"{money_text(cents).replace('$', '')} {currency}"


def day(value: Day | None) -> str | None:
    return None if value is None else iso(value)


def confidence(value: int) -> float:
    """Return 0 to 1 with four decimals."""
    return round(value / 10_000, 4)


def percent_json(basis_points: int) -> int | float:
    return basis_points // 100 if basis_points % 100 == 0 else basis_points / 100
