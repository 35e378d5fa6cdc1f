"""The household's profile, the businesses, saved mappings, tax payments and sealed years."""

from __future__ import annotations

from typing import Any, NamedTuple

from app.core.dates import Day
from app.store.connection import Connection
from app.store.statements import insert_into, update_of


class Business(NamedTuple):
    id: int
    name: str
    owner: str
    principal_code: str | None
    profession: str
    sstb: int
    started: Day | None
    method: str


class TaxPayment(NamedTuple):
    id: int
    paid_date: Day
    cents: int
    jurisdiction: str
    for_year: int
    type: str
    confirmation: str | None
    transaction_id: int | None


class TaxOverride(NamedTuple):
    """An instalment with another date than the law's."""

    jurisdiction: str
    tax_year: int
    number: int
    due_date: Day
    reason: str | None


class Settings:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # --- profile

    def profile(self, year: int) -> tuple[dict[str, str], int | None]:
        """Return the values that hold for a year and the year they were entered for (an earlier one = carried over)."""
        row = self._connection.execute("SELECT MAX(year) FROM profile WHERE year <= ?", (year,)).fetchone()
        source = row[0]
        if source is None:
            row = self._connection.execute("SELECT MIN(year) FROM profile").fetchone()
            source = row[0]
        rows = self._connection.execute("SELECT name, value FROM profile WHERE year = ? ORDER BY name", (source,))
        values = dict(rows.fetchall())
        if source in {None, year}:
            return values, source
        from app.core.tax.profile_keys import OF_ONE_YEAR  # noqa: PLC0415 - every command asks for the time zone

        return {name: value for name, value in values.items() if name not in OF_ONE_YEAR}, source

    def set_profile(self, year: int, name: str, value: str) -> None:
        self._connection.execute(
            "INSERT INTO profile (year, name, value) VALUES (?, ?, ?) "
            "ON CONFLICT (year, name) DO UPDATE SET value = excluded.value",
            (year, name, value),
        )

    # --- businesses

    def businesses(self) -> list[Business]:
        return [
            Business(*row)
            for row in self._connection.execute(f"SELECT {', '.join(Business._fields)} FROM business ORDER BY id")
        ]

    def add_business(self, values: dict[str, Any]) -> int:
        cursor = self._connection.execute(insert_into("business", values), list(values.values()))
        return int(cursor.lastrowid)

    def change_business(self, business_id: int, values: dict[str, Any]) -> None:
        self._connection.execute(update_of("business", values), [*values.values(), business_id])

    # --- mappings

    def mappings(self) -> list[tuple[str, str, str]]:
        """Return (name, header signature, JSON body)."""
        return list(self._connection.execute("SELECT name, signature, body FROM mapping ORDER BY id").fetchall())

    def add_mapping(self, name: str, signature: str, body: str) -> None:
        self._connection.execute(
            "INSERT INTO mapping (name, signature, body) VALUES (?, ?, ?) "
            "ON CONFLICT (signature) DO UPDATE SET body = excluded.body",
            (name, signature, body),
        )

    def rename_mapping(self, name: str, new_name: str) -> None:
        self._connection.execute("UPDATE mapping SET name = ? WHERE name = ?", (new_name, name))

    def remove_mapping(self, name: str) -> None:
        self._connection.execute("DELETE FROM mapping WHERE name = ?", (name,))

    # --- tax payments

    def tax_payments(self) -> list[TaxPayment]:
        return [
            TaxPayment(*row)
            for row in self._connection.execute(
                f"SELECT {', '.join(TaxPayment._fields)} FROM tax_payment ORDER BY paid_date, id"
            )
        ]

    def add_tax_payment(self, values: dict[str, Any]) -> int:
        cursor = self._connection.execute(
            insert_into("tax_payment", values),
            list(values.values()),
        )
        return int(cursor.lastrowid)

    # --- postponed instalments

    def tax_overrides(self) -> list[TaxOverride]:
        return [
            TaxOverride(*row)
            for row in self._connection.execute(
                f"SELECT {', '.join(TaxOverride._fields)} FROM tax_override ORDER BY jurisdiction, tax_year, number"
            )
        ]

    def set_tax_override(self, row: TaxOverride) -> None:
        self._connection.execute(
            f"INSERT INTO tax_override ({', '.join(TaxOverride._fields)}) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (jurisdiction, tax_year, number) "
            "DO UPDATE SET due_date = excluded.due_date, reason = excluded.reason",
            row,
        )

    def clear_tax_override(self, jurisdiction: str, tax_year: int, number: int) -> None:
        self._connection.execute(
            "DELETE FROM tax_override WHERE jurisdiction = ? AND tax_year = ? AND number = ?",
            (jurisdiction, tax_year, number),
        )

    def kept_set_asides(self, year: int) -> dict[int, int]:
        """Return what was set aside from deposits of a year as the user kept it, in cents by transaction."""
        rows = self._connection.execute(
            "SELECT transaction_id, cents FROM set_aside_shown WHERE year = ? ORDER BY transaction_id", (year,)
        )
        return dict(rows.fetchall())

    def keep_set_aside(self, transaction_id: int, year: int, cents: int, shown_on: Day) -> None:
        self._connection.execute(
            "INSERT INTO set_aside_shown (transaction_id, year, cents, shown_on) VALUES (?, ?, ?, ?)",
            (transaction_id, year, cents, shown_on),
        )

    def sealed_spans(self) -> list[tuple[Day, Day]]:
        """Return the first and the last day of each sealed year."""
        return list(self._connection.execute("SELECT first_day, last_day FROM sealed_year").fetchall())

    def sealed_years(self) -> list[int]:
        return [row[0] for row in self._connection.execute("SELECT year FROM sealed_year ORDER BY year")]
