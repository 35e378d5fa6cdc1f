"""How paper words a figure: accountants read negatives in brackets, days in full, names on one line."""

from __future__ import annotations

from datetime import date

from app.core.dates import Day, date_of

LONGEST_NAME = 34


def bracketed(cents: int) -> str:
    """Return an amount as accountants print it: `1,234.50`, negatives as `(1,234.50)`."""
    whole, rest = divmod(abs(cents), 100)
    figure = f"{whole:,}.{rest:02d}"
    return f"({figure})" if cents < 0 else figure


def whole_bracketed(dollars: int) -> str:
    """Return whole dollars the same way: `(1,234)`."""
    return f"({-dollars:,})" if dollars < 0 else f"{dollars:,}"


def percent_text(basis_points: int) -> str:
    """Return a change to one decimal, in brackets when it fell; beyond tenfold only that."""
    if abs(basis_points) > 99_949:
        return "> 999" if basis_points > 0 else "(> 999)"
    whole, tenth = divmod((abs(basis_points) + 5) // 10, 10)
    return f"({whole}.{tenth})" if basis_points < 0 else f"{whole}.{tenth}"


def day_text(day: Day) -> str:
    value: date = date_of(day)
    return f"{value:%B} {value.day}, {value.year}"


def clipped(name: str, longest: int = LONGEST_NAME) -> str:
    """Return a name on one line and short enough for its column."""
    plain = " ".join(name.split())
    return plain if len(plain) <= longest else plain[: longest - 1].rstrip() + "…"


def counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def and_more(number: int, where: str) -> str:
    """Return the line that ends a cut list; empty when nothing is left out."""
    return f"and {number:,} more in {where}" if number else ""
