"""Masks numbers and secrets before anything is written down.

Masking is one-way and keeps at most the last four digits. It runs over every descriptor of an import and over
everything a log could show, so a look at the text comes first that lets nearly all of them go untouched.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from app.core.ingest.redact_numbers import numbers_in
from app.core.ingest.redact_secrets import secrets_in
from app.core.ingest.redact_shadow import BARRIER, Shadow, shadow_of

_DIGITS = re.compile(r"[0-9](?:[^0-9A-Za-z]{0,3}[0-9]){6}")
_LONG_WORD = re.compile(r"(?<!\S)\S{20}")
_ROUNDS = 4
"""One mask can free what stands beside it; the text is looked at again until nothing is found."""


class Masked(NamedTuple):
    text: str
    count: int  # type: ignore[assignment]  # the plain word; nobody counts the members of this pair
    """How many stretches were masked."""


def mask(text: str) -> Masked:
    """Return the text with card, account, routing and social security numbers, tokens and passwords masked.

    What is masked and what stays: design security 3.4. `mask(mask(x).text)` changes nothing and counts 0.
    """
    if text.isascii() and text.isprintable():
        has_digits = _DIGITS.search(text) is not None
        has_secrets = _has_sign(text) or _LONG_WORD.search(text) is not None
        if not has_digits and not has_secrets:
            return Masked(text, 0)
    else:
        has_digits = has_secrets = True
    count = 0
    for _ in range(_ROUNDS):
        changed, found = _once(text, has_digits=has_digits, has_secrets=has_secrets)
        if not found:
            break
        text, count = changed, count + found
        has_digits = has_secrets = True
    return Masked(text, count)


def last_four(number: str) -> str | None:
    """Return the last four digits of an account or card number, None when it has fewer than four."""
    digits = "".join(c for c in shadow_of(number).text if "0" <= c <= "9")
    return digits[-4:] if len(digits) >= 4 else None


def _has_sign(text: str) -> bool:
    low = text.lower()
    # Written out, because a loop over the signs takes four times as long and every descriptor comes through here.
    signs = "=" in text or ":" in text or "_" in text or "%" in text or "&#" in text or "--" in text
    return signs or "pass" in low or "pwd" in low


def _once(text: str, *, has_digits: bool, has_secrets: bool) -> tuple[str, int]:
    shadow = shadow_of(text)
    plain = shadow.text
    found: list[tuple[int, int, str]] = []
    if has_secrets or shadow.starts is not None:
        spans = [span for span in secrets_in(plain) if plain[slice(*span)].strip(BARRIER)]
        found = [(start, end, "[token]") for start, end in _apart(spans)]
        for start, end, _ in found:
            plain = plain[:start] + BARRIER * (end - start) + plain[end:]
    if has_digits or shadow.starts is not None:
        found += numbers_in(plain)
    return (_replaced(text, shadow, found), len(found)) if found else (text, 0)


def _apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the spans joined where they overlap, in order."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _replaced(text: str, shadow: Shadow, found: list[tuple[int, int, str]]) -> str:
    parts: list[str] = []
    place = 0
    for start, end, label in sorted(found):
        begin, stop = shadow.span(start, end)
        # One original character can stand for several of the shadow (a ligature), and so for two stretches.
        parts += [text[place : max(begin, place)], label]
        place = max(stop, place)
    parts.append(text[place:])
    return "".join(parts)
