"""The columns of the list: what they are called, how wide they are, which give way first; and what is remembered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """`width` in px of the design; `drop` is the place in the order in which columns give way, 0 = never."""

    id: str
    title: str
    width: int
    sort: str = ""
    right: bool = False
    drop: int = 0
    tip: str = ""


RING = "A ring marks what still needs your answer"

COLUMNS: Final = (
    Column(id="check", title="", width=40, tip="Mark all that match"),
    Column(id="date", title="Date", width=68, sort="date", tip="The day it counts for tax"),
    Column(id="payee", title="Payee", width=208, sort="payee"),
    Column(id="text", title="Bank text", width=200, tip="What the bank wrote"),
    Column(id="category", title="Category", width=178, sort="category", tip=RING),
    Column(id="line", title="Line", width=56, drop=3, tip="Line of Schedule C"),
    Column(id="account", title="Account", width=150, sort="account", drop=2),
    Column(id="share", title="Share", width=64, right=True, drop=1, tip="How much of it is for the business"),
    Column(id="amount", title="Amount", width=142, sort="amount", right=True),
)
BY_ID: Final = {column.id: number for number, column in enumerate(COLUMNS)}
TEXT_LEAST: Final = 170
"""The bank's text takes what is left, but not less than this before a column gives way; it goes last of all."""
WITH_YEAR: Final = 34
"""How much wider the dates are when they carry their year."""
_WIDEST = 600
_AT_ALL: Final = {"text": 130, "payee": 110, "category": 110}
"""Down to this these three give room, together, before the bank's text goes."""
_NAME_LEAST = 80
"""Down to this payees and categories give room once the bank's text is gone."""


def hidden(room: float, widths: dict[str, float]) -> frozenset[str]:
    """Return the columns that give way in a room; all in px of the design."""
    gone: set[str] = set()
    for column in sorted((column for column in COLUMNS if column.drop), key=lambda column: column.drop):
        needed = sum(TEXT_LEAST if name == "text" else width for name, width in widths.items() if name not in gone)
        if needed <= room:
            break
        gone.add(column.id)
    if sum(_AT_ALL.get(name, width) for name, width in widths.items() if name not in gone) > room:
        gone.add("text")
    return frozenset(gone)


def squeezed(room: float, widths: dict[str, float], gone: frozenset[str]) -> dict[str, float]:
    """Return widths that fit: names and categories give room before an amount leaves the window."""
    fitted = dict(widths)
    over = sum(_AT_ALL[name] if name == "text" else width for name, width in widths.items() if name not in gone) - room
    for name in ("payee", "category"):
        less = max(0.0, min(over, fitted[name] - _NAME_LEAST))
        fitted[name] -= less
        over -= less
    return fitted


def packed(order: list[str], widths: dict[str, float]) -> str:
    """Return order and widths as one setting: `check:40,date:68,…`."""
    return ",".join(f"{name}:{round(widths[name])}" for name in order)


def unpacked(setting: str) -> tuple[list[str], dict[str, float]]:
    """Return order and widths; what a setting does not know, or knows wrongly, is as designed."""
    widths: dict[str, float] = {column.id: column.width for column in COLUMNS}
    order = []
    for part in setting.split(","):
        name, _, width = part.partition(":")
        if name in widths and name not in order:
            order.append(name)
            if name not in {"check", "text"} and width.isdecimal():
                widths[name] = min(max(int(width), 40), _WIDEST)
    if sorted(order) != sorted(widths) or order[0] != "check":
        order = [column.id for column in COLUMNS]
    return order, widths
