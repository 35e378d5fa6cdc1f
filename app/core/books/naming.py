"""The short words the window uses for kinds, lines, accounts, days and how sure a suggestion is."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from app.core.books.vocabulary import LINES, NO_LINE, Kind
from app.core.dates import Day, date_of, day_from_iso
from app.core.later import later

DASH = "–"

SURE, LIKELY, UNSURE, NO_SUGGESTION = "sure", "likely", "unsure", "no suggestion"
CONFIDENCE = ((9_000, SURE), (6_500, LIKELY), (5_001, UNSURE), (0, NO_SUGGESTION))
"""From which confidence (basis points) a word holds. An even bet between two guesses is no suggestion."""

CHOOSE = "Choose a line"

_CATEGORY = {
    "C1": "Client income",
    "C6": "Other income",
    "C9": "Car",
    "C9A": "Car",
    "C9P": "Parking and tolls",
    "C13": "Equipment to depreciate",
    "C17": "Legal and professional",
    "C20a": "Rent of equipment",
    "C20b": "Rent",
    "C30": "Home office",
    "S1_HEALTH": "Health insurance",
    "S1_RETIRE": "Retirement plan",
    "S1_OTHER": "Other income",
}
"""Where the plain name of a line is too long for a column."""

_ASKED = {
    "C1": "income", "C2": "refund to a client", "C4": "goods sold", "C6": "income", "C9": "car", "C9A": "car",
    "C9P": "parking", "C10": "fees", "C11": "contractor", "C13": "equipment", "C15": "insurance", "C17": "legal",
    "C18": "office", "C20a": "rent", "C20b": "rent", "C22": "supplies", "C23": "taxes", "C24a": "travel",
    "C24b": "meals", "C25": "utilities", "C27": "other cost", "C30": "home office", "S1_HEALTH": "health insurance",
    "S1_RETIRE": "retirement",
}  # fmt: skip
"""One or two words for a line in a question such as `Car or personal?`."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


_ISO = later(r"\b20[0-9]{2}-[01][0-9]-[0-3][0-9]\b")
_BEHIND_RAIL = later(
    r"^(?:zelle (?:payment )?(?:from|to)|venmo payment (?:from|to)|invoice \S+ -) (?P<who>.+)", re.IGNORECASE
)


class Meaning(NamedTuple):
    """What a row may be."""

    kind: str
    line: str


def category(kind: str, line: str) -> str:
    """Return the name of what a row is: `Office expense`, `Client income`, `Supplies, refund`, `Card payment`."""
    words = kind.replace("_", " ").capitalize()
    if line in {NO_LINE, ""}:
        return words
    name = _CATEGORY.get(line) or LINES.get(line, words)
    return f"{name}, refund" if kind == Kind.REFUND and line != "C2" else name


def line_code(line: str, year: int) -> str:
    """Return a line as the year's form prints it: `18`, `24a`; a dash for none."""
    if line.startswith("S1"):
        return "Sch. 1"
    if line in {NO_LINE, ""}:
        return DASH
    from app.core.report.schedule_c import printed_line  # noqa: PLC0415 - a whole form, for the few who print its lines

    return printed_line(line, year)


def confidence_word(confidence: int) -> str:
    """Return how sure a suggestion is, in words. Units: basis points."""
    return next(word for least, word in CONFIDENCE if confidence >= least)


def asked(choices: Collection[Meaning], *, money_in: bool) -> str:
    """Return the question the best two meanings make: `Car or personal?`, `Income or repayment?`."""
    words = list(dict.fromkeys(_asked_word(choice, money_in=money_in) for choice in choices))[:2]
    if len(words) < 2:
        return CHOOSE
    first, second = words if words[0] != "personal" else reversed(words)
    return f"{first.capitalize()} or {second}?"


def _asked_word(choice: Meaning, *, money_in: bool) -> str:
    if choice.kind == Kind.REFUND or (choice.kind == Kind.PERSONAL and money_in):
        return "repayment"
    if choice.line in _ASKED:
        return _ASKED[choice.line]
    if choice.line.startswith("C"):
        return LINES[choice.line].lower()
    return choice.kind.replace("_", " ")


def suggestion(choices: Collection[Meaning], confidence: int, *, money_in: bool) -> str:
    """Return what the category column says of a row that is not settled: a name, a question, or `Choose a line`."""
    word = confidence_word(confidence)
    if not choices or word == NO_SUGGESTION:
        return CHOOSE
    if word == UNSURE and len(choices) > 1:
        return asked(choices, money_in=money_in)
    return category(*next(iter(choices)))


def account_short(name: str, last4: str | None = None, institution: str | None = None) -> str:
    """Return an account in few words: `Checking ··6620`; its bank is left away where the name begins with it."""
    words = name
    if institution and words.casefold().startswith(f"{institution.casefold()} "):
        words = words[len(institution) + 1 :].strip()
    if last4 and last4 not in words:
        words = f"{words} ··{last4}"
    return words or name


def day_words(day: Day, this_year: int) -> str:
    """Return `Nov 18`, with the year where it is another one."""
    value = date_of(day)
    words = f"{_MONTHS[value.month - 1]} {value.day}"
    return words if value.year == this_year else f"{words}, {value.year}"


def date_words(day: Day) -> str:
    """Return `Nov 18, 2026`."""
    return day_words(day, 0)


def with_days(text: str, this_year: int) -> str:
    """Return a text with its ISO dates as days: `the purchase of Nov 18`."""
    return _ISO.sub(lambda found: day_words(day_from_iso(found[0]), this_year), text)


def days_words(days: Collection[Day], this_year: int) -> str:
    """Return the days of some rows: `Nov 16`, `Nov 3 and 18`, `Nov 11 to 16`, `Oct 29 to Nov 3`."""
    known = sorted(set(days))
    if not known:
        return ""
    first, last = date_of(known[0]), date_of(known[-1])
    if len(known) == 1:
        return day_words(known[0], this_year)
    link = "and" if len(known) == 2 else "to"
    if (first.year, first.month) == (last.year, last.month):
        tail = "" if last.year == this_year else f", {last.year}"
        return f"{_MONTHS[first.month - 1]} {first.day} {link} {last.day}{tail}"
    if first.year == last.year != this_year:
        return f"{_MONTHS[first.month - 1]} {first.day} {link} {day_words(known[-1], this_year)}"
    return f"{day_words(known[0], this_year)} {link} {day_words(known[-1], this_year)}"


def counted(number: int, noun: str) -> str:
    """Return `1 charge`, `3 charges`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def capital(words: str) -> str:
    """Return words as they begin a sentence."""
    return words[:1].upper() + words[1:]


def payee(words: str, text: str = "") -> str:
    """Return whom a row is about when the merchant base does not know it.

    `words` are the merchant's key, in small letters; `text` is the bank's. Where the text names a person behind a
    rail (Zelle, a wire, an invoice), that name is taken from it.
    """
    behind = _BEHIND_RAIL.search(text)
    if behind:
        words = " ".join(word for word in behind["who"].split() if not any(mark.isdigit() for mark in word))
    if words in {words.casefold(), words.upper()}:
        words = " ".join(word.capitalize() for word in words.split())
    return words or text
