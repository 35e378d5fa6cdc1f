"""Masks numbers and secrets before anything is written down.

Masking is one-way and keeps at most the last four digits. It runs over every descriptor of an import and over
everything a log could show, so a look at the text comes first that lets nearly all of them go untouched.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from app.core.ingest.redact_numbers import Found, numbers_in
from app.core.ingest.redact_secrets import secrets_in
from app.core.ingest.redact_shadow import BARRIER, shadow_of

_DIGITS = re.compile(r"[0-9](?:[^0-9A-Za-z]{0,3}[0-9]){6}")
_LONG_WORD = re.compile(r"(?<!\S)\S{20}")
_BEGINS = re.compile(r"[^0-9A-Za-z]{0,3}[0-9]|[_\-]")
_TAIL = 64
_BEGUN = re.compile(r"[A-Za-z]_|-[A-Za-z]+-|[=:.]|(?:AKIA|ASIA|AIza)[0-9A-Za-z]*$")
"""The look of a secret that may go on in the next column."""

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
        has_secrets = _has_sign(text) or _LONG_WORD.search(text) is not None
        # An account number of another country may be mostly letters.
        has_digits = has_secrets or _DIGITS.search(text) is not None
        if not has_digits:
            return Masked(text, 0)
    else:
        has_digits = has_secrets = True
    count = 0
    for _ in range(_ROUNDS):
        found = _stretches(text, has_digits=has_digits, has_secrets=has_secrets) or _behind_signs(text)
        if not found:
            break
        text, count = _replaced(text, found), count + len(found)
        has_digits = has_secrets = True
    return Masked(text, count)


def mask_columns(left: str, right: str) -> tuple[Masked, Masked]:
    """Mask two texts of one row: also what the end of the first column cut in two, or from the word that names it.

    Banks cut a long text at the width of a column and go on in the next. What both hold a piece of counts once.
    """
    cut = 0
    if right and (_BEGINS.match(right) or _BEGUN.search(left[-_TAIL:])):
        left, right, cut = _over_the_edge(left, right)
    first, second = mask(left), mask(right)
    return first._replace(count=first.count + cut), second


def last_four(number: str) -> str | None:
    """Return the last four digits of an account or card number, None when it has fewer than four."""
    digits = "".join(c for c in shadow_of(number).text if "0" <= c <= "9")
    return digits[-4:] if len(digits) >= 4 else None


def _has_sign(text: str) -> bool:
    low = text.lower()
    # Written out, because a loop over the signs takes four times as long and every descriptor comes through here.
    signs = "=" in text or ":" in text or "_" in text or "%" in text or "--" in text or "\\" in text
    words = "pass" in low or "pwd" in low or "secret" in low or "bearer" in low or "iban" in low or "phrase" in low
    signs = signs or ("&" in text and ";" in text)
    return signs or words or "cvv" in low or "cvc" in low or "security code" in low


def _behind_signs(text: str) -> list[Found]:
    """Return what is found when a percent sign, an ampersand or a backslash is only that, and begins no escape."""
    if "%" in text or "&#" in text or "\\" in text:
        return _stretches(text, escapes=False)
    return []


def _stretches(text: str, *, has_digits: bool = True, has_secrets: bool = True, escapes: bool = True) -> list[Found]:
    """Return what is to be masked, with its place in the text."""
    shadow = shadow_of(text, escapes=escapes)
    plain = shadow.text
    found: list[Found] = []
    if has_secrets or shadow.starts is not None:
        spans = [span for span in secrets_in(plain) if plain[slice(*span)].strip(BARRIER)]
        found = [(start, end, "[token]") for start, end in _apart(spans)]
        for start, end, _ in found:
            plain = plain[:start] + BARRIER * (end - start) + plain[end:]
    if has_digits or shadow.starts is not None:
        found += numbers_in(plain)
    if shadow.starts is None:
        return found
    return [(*shadow.span(start, end), label) for start, end, label in found]


def _over_the_edge(left: str, right: str) -> tuple[str, str, int]:
    """Return the two texts with what lies in both masked in both, and how much that was."""
    # Nothing stands between the two halves of a number, a space between two groups or a word and its number.
    for between in ("", " "):
        edge = len(left)
        begin = edge + len(between)
        alone = {(start + begin, end + begin) for start, end, _ in _stretches(right)}
        over = [
            (start, end, label)
            for start, end, label in sorted(_stretches(left + between + right))
            if end > begin and (start, end) not in alone
        ]
        if over:
            ends = [(max(start - begin, 0), end - begin, label) for start, end, label in over]
            starts = [(start, edge, label) for start, _, label in over if start < edge]
            return _replaced(left, starts), _replaced(right, ends), len(over)
    return left, right, 0


def _apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the spans joined where they overlap, in order."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _replaced(text: str, found: list[Found]) -> str:
    parts: list[str] = []
    place = 0
    for begin, stop, label in sorted(found):
        # One original character can stand for several of the shadow (a ligature), and so for two stretches.
        parts += [text[place : max(begin, place)], label]
        place = max(stop, place)
    parts.append(text[place:])
    return "".join(parts)
