"""The books as plain-text double entry: one journal for hledger and ledger, one for Beancount.

Foreign text stands in descriptions only, stripped of every character either format gives a meaning to, and never in a
comment, where hledger would read tags and dates. At the end of each month every dollar account asserts its balance.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from app.core.dates import Day, date_of, iso, month_days, month_of
from app.core.money import dollars
from app.core.report.ledger import Ledger, Leg

ROOTS = {"Suspense": "Equity:Suspense"}
"""Families that are no root account in both formats."""

BANKS = frozenset({"Assets", "Liabilities"})


class Entry(NamedTuple):
    name: str
    day: Day
    memo: str
    legs: Sequence[Leg]


class Assertion(NamedTuple):
    """What an account holds at the end of a day. Units: US cents."""

    account: str
    day: Day
    cents: int


def entries(book: Ledger) -> list[Entry]:
    """Return the legs put together again, by date and transaction."""
    found: dict[tuple[int, tuple[int, int]], list[Leg]] = defaultdict(list)
    for leg in book.legs:
        found[leg.date, leg.order].append(leg)
    return [
        Entry(legs[0].entry, day, next((leg.memo for leg in legs if leg.memo), ""), legs)
        for (day, _), legs in sorted(found.items(), key=lambda item: item[0])
    ]


def assertions(book: Ledger, banks: frozenset[str], last: Day) -> list[Assertion]:
    """Return what each bank account holds at the end of every month from its first entry, and on the last day."""
    found = []
    moves: dict[str, list[Leg]] = defaultdict(list)
    for leg in book.legs:
        if leg.account in banks:
            moves[leg.account].append(leg)
    for account, legs in moves.items():
        ends = {min(month_days(month)[1], last) for month in _months(month_of(legs[0].date), month_of(last))}
        held = at = 0
        for end in sorted(ends):
            while at < len(legs) and legs[at].date <= end:
                held += legs[at].cents
                at += 1
            found.append(Assertion(account, end, held))
    return sorted(found, key=lambda each: (each.day, each.account))


def _months(first: int, last: int) -> Iterator[int]:
    while first <= last:
        yield first
        first += 1 if first % 100 < 12 else 89


def hledger_text(book: Ledger, banks: frozenset[str], last: Day, title: str) -> str:
    """Return the journal for hledger and ledger. `banks` are the accounts that assert their balance."""
    names = _unique({name: _hledger_account(name) for name in book.balances})
    checks: dict[Day, list[Assertion]] = defaultdict(list)
    for check in assertions(book, banks, last):
        checks[check.day].append(check)
    out = [f"; {plain_text(title)}", "; Plain-text accounting: hledger -f books.journal check --strict", "",
           "commodity USD", "    format 1000.00 USD", ""]  # fmt: skip
    out.extend(f"account {name}" for name in names.values())
    days = sorted({*checks, *(leg.date for leg in book.legs)})
    by_day: dict[Day, list[Entry]] = defaultdict(list)
    for entry in entries(book):
        by_day[entry.day].append(entry)
    for day in days:
        for entry in by_day[day]:
            out.extend(("", f"{iso(day)} * ({entry.name}) {plain_text(entry.memo)}".rstrip()))
            out.extend(f"    {names[leg.account]}  {dollars(leg.cents)} USD" for leg in entry.legs)
        if checks[day]:
            out.extend(("", f"{iso(day)} * Balance check"))
            out.extend(f"    {names[check.account]}  0.00 USD = {dollars(check.cents)} USD" for check in checks[day])
    return "\n".join(out) + "\n"


def beancount_text(book: Ledger, banks: frozenset[str], last: Day, title: str) -> str:
    """Return the file for Beancount; its balance directives hold at the start of the following day.

    Each states its tolerance: left alone, Beancount would let a cent pass.
    """
    names = _unique({name: _beancount_account(name) for name in book.balances})
    first = min((leg.date for leg in book.legs), default=last)
    opened = iso(min(first, last))
    out = [f'option "title" "{plain_text(title)}"', 'option "operating_currency" "USD"', ""]
    out.extend(f"{opened} open {name} USD" for name in names.values())
    for entry in entries(book):
        out.extend(("", f'{iso(entry.day)} * "{plain_text(entry.memo)}"', f'  entry: "{entry.name}"'))
        out.extend(f"  {names[leg.account]}  {dollars(leg.cents)} USD" for leg in entry.legs)
    out.append("")
    out.extend(
        f"{date_of(check.day + 1).isoformat()} balance {names[check.account]}  {dollars(check.cents)} ~ 0.00 USD"
        for check in assertions(book, banks, last)
    )
    return "\n".join(out) + "\n"


def plain_text(text: str) -> str:
    """Return foreign text as one line of letters, figures and harmless signs."""
    kept = "".join(
        char if char.isalnum() or unicodedata.category(char) in {"Mn", "Mc"} or char in " .,-_&/+#'!?%$*@" else " "
        for char in unicodedata.normalize("NFC", text)
        if not "\ud800" <= char <= "\udfff"
    )
    return " ".join(kept.split())


def _hledger_account(name: str) -> str:
    family, _, rest = name.partition(": ")
    words = re.sub(r"[^\w .&'/+#-]", " ", rest)
    return f"{ROOTS.get(family, family)}:{' '.join(words.split()) or 'Account'}"


def _beancount_account(name: str) -> str:
    family, _, rest = name.partition(": ")
    ascii_only = unicodedata.normalize("NFKD", rest).encode("ascii", "ignore").decode()
    part = re.sub(r"[^A-Za-z0-9]+", "-", ascii_only).strip("-") or "Account"
    return f"{ROOTS.get(family, family)}:{part[0].upper()}{part[1:]}"


def _unique(names: dict[str, str]) -> dict[str, str]:
    """Return the names with a number added where two became alike."""
    taken: set[str] = set()
    found = {}
    for key, name in names.items():
        free, number = name, 2
        while free.casefold() in taken:
            free, number = f"{name}-{number}", number + 1
        taken.add(free.casefold())
        found[key] = free
    return found
