"""A report as a table of typed columns, so that a writer knows which cells are money and which are foreign text.

The type belongs to the column, not to the cell: writers decide once per file how to treat a column and stay fast on a
hundred thousand rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

Cell = str | int | None


class ColumnType(Enum):
    TEXT = "text"
    """Text that may come from outside; a spreadsheet must never run it."""
    PLAIN = "plain"
    """Our own words and numbers: codes, ISO dates, counts."""
    CENTS = "cents"
    """Integer US cents, written as dollars with two decimals."""


class Column(NamedTuple):
    name: str
    type: ColumnType = ColumnType.TEXT


class Table(NamedTuple):
    header: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    total_cents: int | None
    """The sum of the column `amount`; None where a table has none."""


def text(*names: str) -> list[Column]:
    return [Column(name) for name in names]


def plain(*names: str) -> list[Column]:
    return [Column(name, ColumnType.PLAIN) for name in names]


def cents(*names: str) -> list[Column]:
    return [Column(name, ColumnType.CENTS) for name in names]
