"""CSV files for people and spreadsheets: UTF-8 with BOM, CRLF, amounts from integer cents, text that never runs.

A cell of foreign text that a spreadsheet would take for a formula gets a leading apostrophe; amounts stay numbers.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import islice, repeat
from typing import TextIO, cast

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
    csv.writer(stream, lineterminator=_END).writerow([column.name for column in header])
    types = [column.type for column in header]
    rows, count = iter(rows), 0
    while block := list(islice(rows, _BLOCK)):
        count += len(block)
        columns = [_written(cells, kind) for cells, kind in zip(zip(*block, strict=True), types, strict=True)]
        if len(columns) == 1:
            # a row of one empty cell must not become a blank line
            columns = [[cell or '""' for cell in islice(columns[0], len(block))]]
        stream.write(_END.join(islice(map(",".join, zip(*columns, strict=False)), len(block))) + _END)
    return count


_END = "\r\n"
_BLOCK = 2000
"""Rows treated together: columns are then gone through at once, and equal cells once."""
_QUOTED = re.compile(r'[,"\r\n]')
"""What makes the csv module write a cell in quotation marks."""


def _written(cells: Sequence[Cell], kind: ColumnType) -> Iterable[str]:
    """Return the cells of a column as they stand in the file; endless where all of them are equal.

    The csv module looks at every character of every cell; most columns hold few distinct cells or numbers.
    """
    first = cells[0]
    if cells.count(first) == len(cells):
        return repeat(_cell(first, kind))
    types = set(map(type, cells))
    if types == {int}:
        return _decimals(cells) if kind is ColumnType.CENTS else map(str, cells)
    if types == {str}:
        return _texts(cast("Sequence[str]", cells), kind)
    made = {cell: _cell(cell, kind) for cell in set(cells)}
    return [made[cell] for cell in cells]


def _decimals(column: Sequence[Cell]) -> list[str]:
    """Return `decimal_text` of each of a column of amounts, written out: the call would cost as much as the work."""
    return [f"{digits[:-2]}.{digits[-2:]}" if len(digits) > 3 else _few(digits) for digits in map(str, column)]


@cache
def _few(digits: str) -> str:
    return decimal_text(int(digits))


def _texts(column: Sequence[str], kind: ColumnType) -> Sequence[str]:
    """Return a column of texts as `_cell` writes them, looking for what is special in all of them at once."""
    if kind is ColumnType.TEXT and not SUSPECT.isdisjoint([text[:1] for text in column]):
        return [_cell(text, kind) for text in column]
    whole = "".join(column)
    special = [mark for mark in ',"\r\n' if mark in whole]
    if special == [","]:
        return [f'"{text}"' if "," in text else text for text in column]
    return [_cell(text, kind) for text in column] if special else column


def _cell(cell: Cell, kind: ColumnType) -> str:
    if cell is None:
        return ""
    if not isinstance(cell, str):
        return decimal_text(cell) if kind is ColumnType.CENTS else str(cell)
    text = guarded(cell) if kind is ColumnType.TEXT and cell[:1] in SUSPECT else str(cell)
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def decimal_text(cents: int) -> str:
    """Return `money.dollars(cents)` by cutting the digits, which is the faster way for long files."""
    digits = str(cents)
    if len(digits) > 3:
        return f"{digits[:-2]}.{digits[-2:]}"
    return dollars(cents)
