"""Rows of a table read by whole columns: what nearly every line of nearly every file allows.

A block is a stretch of lines that are one record each, all of one width. Its cells are read column by column, equal
texts once. Whatever is not plain about a block (a missing date, an amount in another shape, a status, a second account)
sends all of it the careful way, row by row, which alone knows what to say about a bad row.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import repeat
from typing import NamedTuple, cast

from app.core.ingest.csv_columns import Columns, cents_of_cell, fold
from app.core.ingest.csv_days import DayReader
from app.core.ingest.csv_layouts import WIDEST
from app.core.ingest.csv_lines import QUOTE, Record, records
from app.core.ingest.statement import SourceRow

SIZE = 2000
"""Lines of one block: few enough that a block is small beside the file."""

_MOST_TEXTS = 50_000
"""Distinct cells that are remembered at once."""

Money = Callable[[list[str]], int]

_PLAIN_AMOUNTS = re.compile(r"(?:-?[0-9]{1,10}\.[0-9]{2}\n)+")

_new_row = cast("type[SourceRow]", partial(tuple.__new__, SourceRow))
"""Makes a row of the tuple of its fields, without a call of Python for each."""


class Block(NamedTuple):
    """Records of one width, one a line, the first of them on line `first`."""

    first: int
    rows: list[list[str]]

    def records(self) -> Iterator[Record]:
        """Return the block one by one."""
        return enumerate(self.rows, self.first)


def blocks(lines: list[str], delimiter: str, first: int, columns: int) -> Iterator[Block | Iterator[Record]]:
    """Yield the records from line index `first` on, in blocks as long as it goes; then the rest, one by one."""
    quoted = any(QUOTE in line for line in lines)
    for start in range(first, len(lines), SIZE):
        part = lines[start : start + SIZE]
        while part and not part[-1]:
            part.pop()
        try:
            rows = list(csv.reader(part, delimiter=delimiter, strict=True)) if quoted else _split(part, delimiter)
        except csv.Error:
            rows = []
        if len(rows) != len(part):
            # A record that reaches over lines, or is broken: where it ends must be looked for.
            yield records(lines, delimiter, start, columns)
            return
        if len(set(map(len, rows))) == 1:
            yield Block(start + 1, rows)
        else:
            yield ((line, fields) for line, fields in enumerate(rows, start + 1) if fields)


def _split(part: list[str], delimiter: str) -> list[list[str]]:
    return [line.split(delimiter) if line else [] for line in part]


class _Texts(dict[str, str]):
    """Folded text by cell, each distinct cell folded once."""

    def __init__(self, doubtful: re.Pattern[str] | None = None) -> None:
        super().__init__()
        self.doubtful: set[str] = set()
        """Cells whose text begins as the rows of balances and totals do."""
        self._doubtful = doubtful

    def __missing__(self, cell: str) -> str:
        if len(self) >= _MOST_TEXTS:
            self.clear()
        self[cell] = text = fold(cell)
        if self._doubtful is not None and self._doubtful.match(text):
            self.doubtful.add(cell)
        return text


class ColumnReader:
    """Reads the blocks of a table whose rows need nothing but their date, text, words and amount."""

    def __init__(self, columns: Columns, days: DayReader, money: Money, not_a_row: re.Pattern[str]) -> None:
        self._columns = columns
        self._days = days
        self._money = money
        self._texts = _Texts(not_a_row)
        self._words = _Texts()
        self._flipped = columns.layout.sign == "flipped"

    @staticmethod
    def fits(columns: Columns) -> bool:
        """Whether a layout is one whose rows have nothing that only a single row can tell."""
        layout = columns.layout
        single = (
            columns.status, columns.impact, columns.direction, columns.fee, columns.currency, columns.account,
            columns.account_name, columns.institution,
        )  # fmt: skip
        special = (
            layout.zoned or layout.html_text or layout.net_of_parts or layout.amount_in_text_types
            or layout.skipped_type_words or layout.mirror_types or layout.conversion_word or columns.more_text
        )  # fmt: skip
        return not special and max(single) < 0 and len(columns.text) == 1

    def read(self, block: Block) -> tuple[list[SourceRow], list[str], int] | None:
        """Return the rows of a block, their balance cells and how many amounts are negative.

        None when the block has a row that is not plain; nothing is kept of it then.
        """
        columns, days = self._columns, self._days
        if len(block.rows[0]) < columns.width:
            return None
        cells = list(zip(*block.rows, strict=True))
        if columns.width < WIDEST and any(cell.strip() for beyond in cells[columns.width :] for cell in beyond):
            return None
        try:
            if columns.amount >= 0:
                amounts = _cents(cells[columns.amount], columns.layout.decimal_comma)
            else:
                amounts = list(map(self._money, block.rows))
        except ValueError:
            return None
        posted = list(map(days.__getitem__, cells[columns.date]))
        if None in posted:
            return None
        labels = cells[columns.text[0]]
        texts = list(map(self._texts.__getitem__, labels))
        if not all(texts) or not self._texts.doubtful.isdisjoint(labels):
            return None
        words: list[str] | None = None
        for at in columns.type:
            more = map(self._words.__getitem__, cells[at])
            words = list(more) if words is None else [word or other for word, other in zip(words, more, strict=True)]
            if all(words):
                break
        rows = map(
            _new_row,
            zip(
                range(block.first, block.first + len(block.rows)),
                posted,
                map(days.__getitem__, cells[columns.transacted]) if columns.transacted >= 0 else repeat(None),
                [-cents for cents in amounts] if self._flipped else amounts,
                texts,
                map(identifier, cells[columns.bank_id]) if columns.bank_id >= 0 else repeat(None),
                repeat(None) if words is None else (word or None for word in words),
                *repeat(repeat(None), 4),
                self._memos(cells) if columns.memo else repeat(None),
                strict=False,
            ),
        )
        balances = list(cells[columns.balance]) if columns.balance >= 0 else []
        negative = sum(cents < 0 for cents in amounts) if columns.amount >= 0 else 0
        return list(rows), balances, negative

    def _memos(self, cells: list[tuple[str, ...]]) -> Iterator[str | None]:
        words = self._words
        for parts in zip(*(cells[at] for at in self._columns.memo), strict=True):
            yield "; ".join(filter(None, map(words.__getitem__, parts))) or None


def _cents(cells: tuple[str, ...], decimal_comma: bool) -> list[int]:  # noqa: FBT001 - as `cents_of_cell`
    """Return the cents of a column of amounts; all in the plain form of machines take a short way. Raises: ValueError.

    What the short way takes is what `cents_of_cell` takes without looking twice, and it gives the same cents.
    """
    joined = "\n".join(cells) + "\n"
    if _PLAIN_AMOUNTS.fullmatch(joined):
        return list(map(int, joined.replace(".", "").split()))
    return [cents_of_cell(cell, decimal_comma) for cell in cells]


def identifier(cell: str) -> str | None:
    """Return what a source calls a row, without the marks banks put around it."""
    return fold(cell).strip("'\"` ") or None
