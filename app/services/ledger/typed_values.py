"""What a person typed about a transaction, as the books take it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.books.vocabulary import LINES, NO_LINE, PROFIT_KINDS, Kind
from app.core.dates import FIRST_DAY, LAST_DAY, Day
from app.core.errors import NotFound, Refused
from app.core.ingest.typed import day_typed

if TYPE_CHECKING:
    from app.services.books.open_books import Books

_INCOME_LINES = frozenset({"C1", "C6"})


def check_kind(kind: str) -> str:
    if kind not in set(Kind):
        raise Refused(f"“{kind}” is not a kind.", f"Kinds are: {', '.join(Kind)}.")
    return kind


def check_line(line: str) -> str:
    """Return the line code as the books write it. Raises: Refused."""
    for code in LINES:
        if code.casefold() == line.casefold():
            return code
    raise Refused(f"“{line}” is not a line.", f"Lines are: {', '.join(LINES)}.")


def percent(text: str) -> int:
    """Return a percentage in basis points. Raises: Refused."""
    whole, _, part = text.strip().rstrip("%").partition(".")
    if not whole.isdecimal() or (part and not part.isdecimal()) or len(part) > 2:
        raise Refused(f"“{text}” is not a percentage.", "Give 0 to 100 with at most two decimals.")
    value = int(whole) * 100 + int((part + "00")[:2])
    if value > 10_000:
        raise Refused(f"“{text}” is over 100 percent.", "Give 0 to 100 with at most two decimals.")
    return value


def line_for(kind: str, line: str | None) -> str:
    """Return the line a kind stands on. Raises: Refused for a Schedule C line on a kind that has none."""
    wanted = check_line(line) if line else ("C1" if kind == Kind.INCOME else NO_LINE)
    if wanted.startswith("C") and kind not in PROFIT_KINDS:
        raise Refused(
            f"A {kind.replace('_', ' ')} stands on no Schedule C line.", "Leave the line away, or choose another kind."
        )
    if wanted.startswith("C") and (kind == Kind.INCOME) != (wanted in _INCOME_LINES) and kind != Kind.REFUND:
        raise Refused(f"An {kind} does not stand on {wanted}.", "Income stands on C1 or C6, a cost on another line.")
    if wanted == NO_LINE and kind in {Kind.EXPENSE, Kind.INCOME}:
        raise Refused(f"An {kind} needs a Schedule C line.", "Name one, such as C18 for office expense.")
    return wanted


def bookable_day(text: str) -> Day:
    """Return a day that the books can hold. Raises: Refused."""
    day = day_typed(text)
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Refused(f"{text} is too far away.", "Give a date between 1970 and 2199.")
    return day


def business(books: Books, selector: str) -> int:
    """Return the id of the business that an id or a name selects. Raises: NotFound."""
    for business in books.settings.businesses():
        if selector in {str(business.id), business.name}:
            return business.id
    raise NotFound(f"There is no business “{selector}”.", "See them with: ops1099 business list")
