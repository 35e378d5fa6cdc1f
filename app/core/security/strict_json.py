"""JSON of which two readers cannot think differently: no name twice, no fractions, no `NaN`."""

from __future__ import annotations

import json
from typing import NoReturn


def parse(data: bytes) -> object:
    """Return what the text says. Raises: ValueError (also for bytes that are no UTF-8), RecursionError."""
    return json.loads(
        data.decode("utf-8"), object_pairs_hook=_no_repeats, parse_float=_no_number, parse_constant=_no_number
    )


def _no_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no whole number")
