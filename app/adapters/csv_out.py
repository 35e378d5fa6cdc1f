"""CSV files for people and spreadsheets: UTF-8 with BOM, CRLF, amounts from integer cents, text that never runs.

A cell of foreign text that a spreadsheet would take for a formula gets a leading apostrophe; amounts stay numbers.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TextIO

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


class _Cells:
    """The rows as csv takes them, counted on the way."""

    def __init__(self, header: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> None:
        self.count = 0
        self._rows = rows
        self._text = [i for i, column in enumerate(header) if column.type is ColumnType.TEXT]
        self._cents = [i for i, column in enumerate(header) if column.type is ColumnType.CENTS]

    def __iter__(self) -> Iterator[list[Any]]:
        # The hot loop of every export: no call per cell but where a cell needs one.
        text, cents, suspect = self._text, self._cents, SUSPECT
        count = 0
        for row in self._rows:
            cells: list[Any] = list(row)
            for i in text:
                cell = cells[i]
                if cell and cell[0] in suspect:
                    cells[i] = guarded(cell)
            for i in cents:
                amount = cells[i]
                if amount == 0:
                    cells[i] = "0.00"
                elif amount is not None:
                    digits = str(amount)
                    cells[i] = f"{digits[:-2]}.{digits[-2:]}" if len(digits) > 3 else decimal_text(amount)
            count += 1
            yield cells
        self.count = count


def decimal_text(cents: int) -> str:
    """Return `money.dollars(cents)` by cutting the digits, which is the faster way for long files."""
    digits = str(cents)
    if len(digits) > 3:
        return f"{digits[:-2]}.{digits[-2:]}"
    sign = "-" if cents < 0 else ""
    whole, rest = divmod(abs(cents), 100)
    return f"{sign}{whole}.{rest:02d}"
