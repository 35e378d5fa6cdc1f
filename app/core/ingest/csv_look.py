"""A look at a table nobody described: its names, its first rows, and what its columns seem to mean.

For a person who is asked which column is which; nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from app.core.errors import AppError
from app.core.ingest import csv_shape
from app.core.ingest.csv_layouts import WIDEST, normal
from app.core.ingest.csv_lines import Record, records, split_lines
from app.core.ingest.csv_mapping import ROLES
from app.core.ingest.csv_names import ROLE_NAMES, has_word
from app.core.ingest.csv_reader import DELIMITERS, HEAD, evenness

SURE, LIKELY, UNSURE = "sure", "likely", "unsure"
_LINES = 400
_LONGEST_CELL = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnLook:
    """One column: `key` names it in a mapping, `role` is what it seems to be, None when nothing speaks for any."""

    key: str
    name: str
    role: str | None
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLook:
    """`rows` are the first ones as they stand in the file, unmasked."""

    headerless: bool
    columns: tuple[ColumnLook, ...]
    rows: tuple[tuple[str, ...], ...]


def look(text: str, mapping: Mapping[str, str | int | list[str]] | None = None, rows: int = 5) -> TableLook | None:
    """Return what a table shows, None for a text that is no table.

    `mapping` is what is known of the columns already: those are sure.
    """
    start = list(islice(split_lines(text), _LINES))
    heads = {
        delimiter: list(islice(records(start, delimiter, 0, 2), HEAD))
        for delimiter in DELIMITERS
        if any(delimiter in line for line in start)
    }
    if not heads:
        return None
    delimiter = max(heads, key=lambda each: evenness(heads[each]))
    table = [
        (line, cells[:WIDEST]) for line, cells in heads[delimiter] if cells and any(cell.strip() for cell in cells)
    ]
    if not table:
        return None
    header, first = csv_shape.top_of(table)
    width = len(header) if header else max(len(cells) for _, cells in table[first:] or table)
    names = [" ".join(cell.split())[:60] for cell in header] if header else [f"Column {n + 1}" for n in range(width)]
    roles = _known(mapping) if mapping else _guessed(heads[delimiter], delimiter)
    if not roles:
        # The table as a whole stayed open; what single columns hold may still speak.
        roles = {f"#{index + 1}": role for index, role in csv_shape.roles_by_content(table[first:], len(names)).items()}
    columns = tuple(_column(index, name, roles, known=mapping is not None) for index, name in enumerate(names))
    shown = tuple(tuple(cell.strip()[:_LONGEST_CELL] for cell in cells[:width]) for _, cells in table[first:][:rows])
    return TableLook(headerless=header is None, columns=columns, rows=shown)


def _guessed(head: list[Record], delimiter: str) -> dict[str, str]:
    try:
        return _known(csv_shape.guess(head, delimiter).mapping)
    except AppError:
        return {}


def _known(mapping: Mapping[str, str | int | list[str]]) -> dict[str, str]:
    """Return the role of each column that a mapping names."""
    found: dict[str, str] = {}
    for role in ROLES:
        value = mapping.get(role) or []
        for name in value if isinstance(value, list) else [value]:
            text = str(name)
            key = f"#{text}" if text.isdigit() else text if text.startswith("#") else normal(text)
            found.setdefault(key, role)
    return found


def _column(index: int, name: str, roles: Mapping[str, str], *, known: bool) -> ColumnLook:
    short, key = normal(name), f"#{index + 1}"
    role = roles.get(key) or roles.get(short)
    if role is None or known:
        return ColumnLook(key=key, name=name, role=role, confidence=SURE if role else UNSURE)
    spoken = short in ROLE_NAMES.get(role, ())
    confidence = SURE if spoken else LIKELY if has_word(role, short) else UNSURE
    return ColumnLook(key=key, name=name, role=role, confidence=confidence)
