"""Physical lines to records, whatever a bank did with its quotation marks.

The standard reader in strict mode does the ordinary work. Where it stumbles (an inner mark that was not doubled, a mark
that is never closed, a giant field) the record is cut again by a forgiving rule, and a record that cannot be closed
costs its own line only: it must never swallow the rows behind it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

QUOTE = '"'
LONGEST_RECORD = 20
"""Lines a broken record may reach over while its closing mark is looked for."""

_DAY_SHAPE = re.compile(r"\s*(?:\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|[A-Za-z]{3,9}\.? \d{1,2},? \d{4})")
_MONEY_SHAPE = re.compile(r"\s*[-+(]?\s*\$?\s*[-+]?\d[\d,.]*\)?\s*")

Record = tuple[int, list[str] | None]
"""The 1-based line a record starts on and its fields; None when a quotation mark in it is never closed."""


def split_lines(text: str) -> list[str]:
    """Return the physical lines of a text, ended by LF, CRLF or CR in any mixture, without the ends."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.removeprefix("\ufeff").rstrip("\x1a").split("\n")


def records(lines: list[str], delimiter: str, first: int, columns: int) -> Iterator[Record]:
    """Yield the records from line index `first` on; blank lines are left out.

    `columns` is the number of fields a whole record has: it tells an open quotation mark from a text of several lines.
    """
    if not any(QUOTE in line for line in lines):
        for number in range(first, len(lines)):
            if lines[number]:
                yield number + 1, lines[number].split(delimiter)
        return
    yield from _Cutter(lines, delimiter, first, columns).records()


class _Cutter:
    def __init__(self, lines: list[str], delimiter: str, first: int, columns: int) -> None:
        self._lines = lines
        self._delimiter = delimiter
        self._position = first
        self._columns = columns
        self._fewest = max(columns - 1, 1)
        """Delimiters of a whole record."""
        self._whole: dict[int, bool] = {}
        self._quiet = range(0)
        """Lines that are no whole transaction and close no mark."""

    def _feed(self) -> Iterator[str]:
        while self._position < len(self._lines):
            line = self._lines[self._position]
            self._position += 1
            yield line + "\n"

    def records(self) -> Iterator[Record]:
        while self._position < len(self._lines):
            start = self._position
            try:
                for fields in csv.reader(self._feed(), delimiter=self._delimiter, strict=True):
                    if self._position - start > 1 and self._swallows(start + 1, self._position):
                        self._position = start + 1
                        yield start + 1, None
                        break
                    if fields:
                        yield start + 1, fields
                    start = self._position
            except csv.Error:
                end = self._closing_line(start)
                self._position = end or start + 1
                cut = forgiving("\n".join(self._lines[start:end]), self._delimiter) if end else None
                yield start + 1, cut

    def _swallows(self, first: int, end: int) -> bool:
        return any(self._is_whole(number) for number in range(first, end))

    def _closing_line(self, start: int) -> int | None:
        """Return the index behind the line on which the record that starts here is complete, or None."""
        if forgiving(self._lines[start], self._delimiter) is not None:
            return start + 1
        first, limit = start + 1, min(start + LONGEST_RECORD, len(self._lines))
        # what an open mark before has passed over need not be looked at again
        known = self._quiet.stop if first in self._quiet else first
        self._quiet = range(first, max(known, first))
        for number in range(known, limit):
            self._quiet = range(first, number)
            if self._is_whole(number):
                return None
            line = self._lines[number]
            if QUOTE in line and (line.rstrip().endswith(QUOTE) or QUOTE + self._delimiter in line):
                joined = "\n".join(self._lines[start : number + 1])
                return number + 1 if forgiving(joined, self._delimiter) is not None else None
        self._quiet = range(first, max(limit, known))
        return None

    def _is_whole(self, number: int) -> bool:
        """Whether a line taken alone is a transaction: so many fields, a date and an amount among them."""
        known = self._whole.get(number)
        if known is None:
            line = self._lines[number]
            # Most lines of a text lack delimiters: those need not be cut into fields.
            may_be = len(line) < 100_000 and line.count(self._delimiter) >= self._fewest
            fields = forgiving(line, self._delimiter) if may_be else None
            known = (
                fields is not None
                and len(fields) >= self._columns
                and any(map(_DAY_SHAPE.match, fields))
                and any(map(_MONEY_SHAPE.fullmatch, fields))
            )
            self._whole[number] = known
        return known


def forgiving(text: str, delimiter: str) -> list[str] | None:
    """Return the fields of one record, a quotation mark closing only before a delimiter or the end; None if never."""
    fields: list[str] = []
    position, size = 0, len(text)
    while True:
        if position < size and text[position] == QUOTE:
            end = _end_of_quoted(text, position + 1, delimiter)
            if end < 0:
                return None
            fields.append(text[position + 1 : end].replace('""', QUOTE))
            position = text.find(delimiter, end)
        else:
            end = text.find(delimiter, position)
            fields.append(text[position:] if end < 0 else text[position:end])
            position = end
        if position < 0:
            return fields
        position += 1


def _end_of_quoted(text: str, position: int, delimiter: str) -> int:
    size = len(text)
    while True:
        found = text.find(QUOTE, position)
        if found < 0:
            return -1
        behind = found + 1
        while behind < size and text[behind] in " \n" and delimiter != " ":
            behind += 1
        if behind == size or text[behind] == delimiter:
            return found
        position = found + 2 if text.startswith('""', found) else found + 1
