"""A spreadsheet tab as typed columns: what is money, a day or foreign text is decided here, not by the writer."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

SheetCell = str | int | None


class SheetType(Enum):
    TEXT = "text"
    """Text that may come from outside; it is never anything but text."""
    CENTS = "cents"
    """Integer US cents, shown as dollars with two decimals, negative in brackets."""
    DOLLARS = "dollars"
    """Whole US dollars."""
    COUNT = "count"
    RATE = "rate"
    """Basis points, shown as a percentage."""
    DAY = "day"
    LINK = "link"
    """The workpaper reference of another tab of the same workbook; text where there is no such tab."""


class SheetColumn(NamedTuple):
    name: str
    type: SheetType = SheetType.TEXT
    width: int = 14


class Sheet(NamedTuple):
    """One tab, which is one workpaper."""

    name: str
    reference: str
    title: str
    columns: Sequence[SheetColumn]
    rows: Sequence[Sequence[SheetCell]]
    total: Sequence[SheetCell] | None = None
    """A row under the table, outside its filter."""
    notes: Sequence[str] = ()
    strong: frozenset[int] = frozenset()
    """Rows shown in bold: results of the form."""


def total_of(columns: Sequence[SheetColumn], rows: Sequence[Sequence[SheetCell]], *names: str) -> list[SheetCell]:
    """Return the total row of the columns named; its first cell says what it is."""
    cells: list[SheetCell] = [None] * len(columns)
    for at, column in enumerate(columns):
        if column.name in names:
            cells[at] = sum(value for row in rows if isinstance(value := row[at], int))
    cells[0] = "Total"
    return cells


def amounts(*names: str) -> list[SheetColumn]:
    return [SheetColumn(name, SheetType.CENTS, 15) for name in names]


def words(name: str, width: int) -> SheetColumn:
    return SheetColumn(name, SheetType.TEXT, width)


def count(name: str) -> SheetColumn:
    return SheetColumn(name, SheetType.COUNT, 8)


def day(name: str) -> SheetColumn:
    return SheetColumn(name, SheetType.DAY, 11)
