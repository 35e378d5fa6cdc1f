"""CSV files for people and spreadsheets: UTF-8 with BOM, CRLF, amounts from integer cents, text that never runs.

A cell of foreign text that a spreadsheet would take for a formula gets a leading apostrophe; amounts stay numbers.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TextIO

from app.core.money import dollars
from app.core.report.table import Cell, Column, ColumnType

BOM = "\ufeff"

FORMULA_STARTS = frozenset("=+-@\t\r\n\0＝＋－＠")
"""First characters spreadsheets evaluate or skip on the way to one; the full-width forms are folded by some."""

SKIPPED_STARTS = frozenset(" \u00a0\u200b\u2060\u3000\ufeff\x0b\x0c")
"""Characters some programs drop before they look for a formula."""

SUSPECT = FORMULA_STARTS | SKIPPED_STARTS
_SKIPPED = "".join(sorted(SKIPPED_STARTS))


def guarded(text: str) -> str:
    """Return text that a spreadsheet shows and never evaluates."""
    start = text.lstrip(_SKIPPED)
    return f"'{text}" if start and start[0] in FORMULA_STARTS else text


def write_rows(stream: TextIO, header: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> int:
    """Write a whole file to a text stream opened with newline="" and UTF-8; return the number of rows.

    Rows may come from a generator: nothing is kept.
    """
    stream.write(BOM)
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([column.name for column in header])
    cells = _Cells(header, rows)
    writer.writerows(cells)
    return cells.count


_BLOCK = 2000
"""Rows treated together: columns of equal kind are then gone through at once, and equal texts once."""


class _Cells:
    """The rows as csv takes them, counted on the way."""

    def __init__(self, header: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> None:
        self.count = 0
        self._rows = iter(rows)
        self._text = [i for i, column in enumerate(header) if column.type is ColumnType.TEXT]
        self._cents = [i for i, column in enumerate(header) if column.type is ColumnType.CENTS]

    def __iter__(self) -> Iterator[Sequence[Any]]:
        while block := list(islice(self._rows, _BLOCK)):
            self.count += len(block)
            columns: list[Sequence[Any]] = list(zip(*block, strict=True))
            for i in self._text:
                column = columns[i]
                hostile = {cell: guarded(cell) for cell in set(column) if cell and cell[0] in SUSPECT}
                if hostile:
                    columns[i] = [hostile.get(cell, cell) for cell in column]
            for i in self._cents:
                columns[i] = [None if cell is None else decimal_text(cell) for cell in columns[i]]
            yield from zip(*columns, strict=True)


def decimal_text(cents: int) -> str:
    """Return `money.dollars(cents)` by cutting the digits, which is the faster way for long files."""
    digits = str(cents)
    if len(digits) > 3:
        return f"{digits[:-2]}.{digits[-2:]}"
    return dollars(cents)
