"""What a tax return asks that no bank row says: vehicles, equipment, home offices, and their years."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from app.core.dates import Day
from app.store.connection import Connection
from app.store.statements import insert_into, marks_of, update_of

Values = dict[str, Any]

YEARS: Mapping[str, tuple[str, str]] = {
    "vehicle": ("vehicle_year", "vehicle_id"),
    "asset": ("asset_year", "asset_id"),
    "home_office": ("home_office_year", "home_office_id"),
    "business": ("business_year", "business_id"),
}
"""Where the years of a thing stand, and by which column they name it."""


class Tagged(NamedTuple):
    """Rows of a year that carry tags, summed. `value` is US cents; `business_cents` what counts on the line."""

    business_id: int
    kind: str
    line: str
    tags: str
    note: str
    merchant: str
    day: Day
    value: int
    business_cents: int


class TaxFacts:
    """Tables and columns are named by the program alone, never by what is typed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rows(self, table: str) -> list[Values]:
        cursor = self._connection.execute(f"SELECT * FROM {table} ORDER BY id")
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def any(self, tables: tuple[str, ...]) -> bool:
        """Tell whether one of the tables has a row: most books have none, and then nothing is worked out."""
        parts = " OR ".join(f"EXISTS (SELECT 1 FROM {table})" for table in tables)
        return bool(self._connection.execute(f"SELECT {parts}").fetchone()[0])

    def add(self, table: str, values: Values) -> int:
        cursor = self._connection.execute(insert_into(table, values), list(values.values()))
        return int(cursor.lastrowid)

    def change(self, table: str, number: int, values: Values) -> None:
        self._connection.execute(update_of(table, values), [*values.values(), number])

    def remove(self, table: str, number: int) -> None:
        """Remove a thing with all its years."""
        years, column = YEARS[table]
        self._connection.execute(f"DELETE FROM {years} WHERE {column} = ?", (number,))
        self._connection.execute(f"DELETE FROM {table} WHERE id = ?", (number,))

    def put_year(self, table: str, number: int, year: int, values: Values) -> None:
        years, column = YEARS[table]
        row = self._connection.execute(
            f"SELECT id FROM {years} WHERE {column} = ? AND year = ?", (number, year)
        ).fetchone()
        if row is None:
            self.add(years, {column: number, "year": year, **values})
        else:
            self.change(years, row[0], values)

    def tagged(self, first: Day, last: Day) -> list[Tagged]:
        """Return the booked rows of a span that carry tags; tags are only ever set by a person."""
        rows = self._connection.execute(
            "SELECT l.business_id, l.kind, l.line, l.tags, COALESCE(l.note, ''), COALESCE(l.merchant, ''), l.tax_date, "
            "COALESCE(l.value, 0), l.business_cents FROM decision d JOIN lines l ON l.id = d.transaction_id "
            "WHERE d.tags <> '' AND l.tax_date BETWEEN ? AND ? AND l.status IN ('auto', 'confirmed')",
            (first, last),
        )
        return [Tagged(*row) for row in rows]

    def line_parts(self, number: int) -> list[tuple[int, str, Day, int]]:
        """Return (business, line, day, business cents) of a booked row, part by part."""
        rows = self._connection.execute(
            "SELECT business_id, line, tax_date, business_cents FROM lines WHERE id = ? AND line <> 'NONE' "
            "AND status IN ('auto', 'confirmed') AND kind IN ('income', 'expense', 'refund')",
            (number,),
        )
        return list(rows.fetchall())

    def large(self, first: Day, last: Day, lines: tuple[str, ...], cents: int) -> list[tuple[int, int, str, int, str]]:
        """Return (id, business, line, cents, text) of the booked costs on some lines above an amount."""
        marks = marks_of(lines)
        rows = self._connection.execute(
            "SELECT l.id, l.business_id, l.line, -l.business_cents, COALESCE(l.merchant, x.text) FROM lines l "
            "JOIN descriptor x ON x.id = l.descriptor_id WHERE l.tax_date BETWEEN ? AND ? AND l.kind = 'expense' "
            f"AND l.status IN ('auto', 'confirmed') AND l.line IN ({marks}) AND l.business_cents < ? ORDER BY l.id",
            (first, last, *lines, -cents),
        )
        return list(rows.fetchall())
