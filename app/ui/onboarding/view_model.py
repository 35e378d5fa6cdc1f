"""What first run decides: whether a passphrase will do, the example at the side, which files wait."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from app.core.books import naming
from app.core.errors import Refused

READABLE = (".ofx", ".qfx", ".qbo", ".qif", ".csv")

METER = 28
"""Characters at which the meter is full."""


class Strength(NamedTuple):
    """How far the meter is filled, what stands beside it, and why the passphrase cannot be used, if so."""

    filled: int
    words: str
    problem: str


def strength(text: str) -> Strength:
    """Judge a new passphrase by its length, and by the list of common ones."""
    from app.core.security.key_derivation import MAX_PASSPHRASE  # noqa: PLC0415 - when something is typed
    from app.services.tax import first_run  # noqa: PLC0415
    from app.services.vault import passphrases  # noqa: PLC0415

    judged = first_run.strength(text)
    words = naming.capital(judged.words)
    filled = min(len(text), METER)
    try:
        passphrases.check_new(text)
    except Refused as refused:
        if not judged.accepted:
            return Strength(filled, words, refused.message)
        short = "Too long" if len(text) > MAX_PASSPHRASE else "Not this one"
        return Strength(filled, short, f"{refused.message} {refused.hint}".strip())
    return Strength(filled, words, "")


def check_pair(first: str, second: str) -> tuple[str, str]:
    """Return what is wrong with the first and with the second field; two empty sentences when they can be used."""
    problem = strength(first).problem
    if problem:
        return problem, ""
    if not second:
        return "", "Type it once more."
    return "", "" if first == second else "The two are not the same."


class Mode(StrEnum):
    """What opens new books, as `ops.keys` calls it."""

    BOTH = "both"
    PASSPHRASE = "passphrase"  # noqa: S105 - a mode
    KEYCHAIN = "keychain"


MODES = (Mode.BOTH, Mode.PASSPHRASE, Mode.KEYCHAIN)
NAMES = {
    Mode.BOTH: "Passphrase and keychain", Mode.PASSPHRASE: "Passphrase alone",
    Mode.KEYCHAIN: "This computer’s keychain",
}  # fmt: skip
MEANING = {
    Mode.BOTH: "Opening takes your passphrase on this computer. Whoever steals the file cannot even try passphrases. "
    "On another computer the recovery sheet of the next step opens them.",
    Mode.PASSPHRASE: "Opening takes your passphrase, on any computer that has the file. A forgotten one cannot be "
    "reset.",
    Mode.KEYCHAIN: "The books open without asking. Whoever is logged in here can open them; on another computer only "
    "the recovery sheet of the next step does.",
}
_LOOKING = "Looking for this computer’s keychain…"
_WITH = "Your passphrase and this computer’s keychain open the books together."
_WITHOUT = "The passphrase alone opens the books: this computer has no keychain that can be used."
_SHUT = "The passphrase alone opens the books: this computer’s keychain is locked just now."


def mode_line(code: str | None) -> str:
    """Return the one line about the keychain; "" when it can be used, None while nobody knows."""
    if code is None:
        return _LOOKING
    if not code:
        return _WITH
    return _SHUT if code == "keychain_locked" else _WITHOUT


class Example(NamedTuple):
    """One deposit of an invented single filer, worked out by the engine the books use. Cents."""

    deposit_cents: int
    set_aside_cents: int
    words: str


_DEPOSIT, _YEAR_DEPOSITS, _YEAR_PROFIT = 4_800_00, 96_000_00, 80_000_00


def example(year: int) -> Example:
    """Return what the example would set aside, by the rules of the year or of the last one known."""
    from app.core.money import share, split_by_weights  # noqa: PLC0415 - all of it after the first window is painted
    from app.core.tax.by_profit import tax_by_profit  # noqa: PLC0415
    from app.core.tax.model import Business, Household  # noqa: PLC0415
    from app.services.classify import knowledge  # noqa: PLC0415
    from app.services.tax import taxes  # noqa: PLC0415

    known = knowledge.federal_years()
    year = min(max(year, known[0]), known[-1])
    household = Household(year=year, businesses=(Business(net_profit_cents=_YEAR_PROFIT),))
    tax = tax_by_profit(household, taxes.figures_of(year))(_YEAR_PROFIT)
    part = split_by_weights(tax.total, (_DEPOSIT, _YEAR_DEPOSITS - _DEPOSIT))[0]
    tenths = share(1000, Decimal(part) / _DEPOSIT)
    words = (
        f"{tenths // 10}.{tenths % 10}%: federal and self-employment tax {year} of a single filer with $96,000 of "
        "deposits and $80,000 of profit, before state tax"
    )
    return Example(_DEPOSIT, part, words)


class Files(NamedTuple):
    """Files that were chosen before there are books: those that wait, and why others do not."""

    waiting: list[Path]
    refused: str


def sort_files(paths: Iterable[Path]) -> Files:
    """Keep what may be a bank file; what it really is, the preview finds out."""
    waiting: list[Path] = []
    others: list[Path] = []
    for path in paths:
        (waiting if path.suffix.lower() in READABLE and path.is_file() else others).append(path)
    if not others:
        return Files(waiting, "")
    one = len(others) == 1
    names = others[0].name if one else f"{len(others)} of the files"
    verb = "is not a bank file" if one else "are not bank files"
    return Files(waiting, f"{names} {verb}. 1099 Ops reads OFX, QFX, QBO, QIF and CSV.")


def waiting_words(count: int) -> str:
    return "1 file waits" if count == 1 else f"{count} files wait"


def first_profile(status: object, state: object) -> dict[str, str]:
    """Return the answers as the profile keeps them; what was not answered is left out."""
    answers = {"filing_status": status, "state": state}
    return {key: str(value) for key, value in answers.items() if value}
