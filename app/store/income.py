"""Deposits with the texts that name their payers, and what a person settled about payers."""

from __future__ import annotations

from typing import NamedTuple

from app.core.dates import Day
from app.store.connection import Connection
from app.store.statements import insert_into, update_of


class ReceiptRow(NamedTuple):
    """One booked transaction that is income, or money given back to a client. Units: US cents, what counts."""

    id: int
    day: Day
    posted: Day
    account_id: int
    text_id: int
    text: str
    memo: str | None
    merchant: str | None
    said: int
    """1 when a person gave the name."""
    business_id: int
    gross: int
    fees: int
    """Kept back before the deposit; zero or negative."""
    returned: int
    """Given back to the client on line 2; zero or negative."""


class PayerRow(NamedTuple):
    id: int
    text_id: int
    name: str | None
    into_text: int | None
    apart: int
    counted: int


class ExpectedRow(NamedTuple):
    id: int
    text_id: int
    due: Day
    cents: int
    note: str | None


class FormRow(NamedTuple):
    id: int
    text_id: int
    year: int
    type: str
    cents: int
    fees_cents: int
    refunds_cents: int
    sales_tax_cents: int
    note: str | None


class Income:
    """Tables and columns are named by the program alone, never by what is typed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def receipts(self, first: Day, last: Day) -> list[ReceiptRow]:
        """Return the booked income of a span, a transaction each, oldest first. Nothing but kind income counts."""
        rows = self._connection.execute(
            "WITH money AS (SELECT id, tax_date, posted_date, account_id, descriptor_id, merchant, business_id, "
            "SUM(CASE WHEN kind = 'income' THEN business_cents ELSE 0 END) AS gross, "
            "SUM(CASE WHEN kind = 'expense' AND line = 'C10' THEN business_cents ELSE 0 END) AS fees, "
            "SUM(CASE WHEN kind = 'refund' AND line = 'C2' THEN business_cents ELSE 0 END) AS returned, "
            "MAX(kind = 'income' OR kind = 'refund' AND line = 'C2') AS wanted "
            "FROM lines WHERE tax_date BETWEEN ? AND ? AND status IN ('auto', 'confirmed') GROUP BY id) "
            "SELECT m.id, m.tax_date, m.posted_date, m.account_id, m.descriptor_id, x.text, x.memo, m.merchant, "
            "d.merchant IS NOT NULL, m.business_id, m.gross, m.fees, m.returned FROM money m "
            "JOIN descriptor x ON x.id = m.descriptor_id LEFT JOIN decision d ON d.transaction_id = m.id "
            "WHERE m.wanted ORDER BY m.tax_date, m.id",
            (first, last),
        )
        return list(map(ReceiptRow._make, rows))

    def payers(self) -> list[PayerRow]:
        return list(map(PayerRow._make, self._connection.execute(f"SELECT {_names(PayerRow)} FROM payer ORDER BY id")))

    def apart(self) -> list[tuple[int, int]]:
        return list(self._connection.execute("SELECT one_text, other_text FROM payer_apart ORDER BY id").fetchall())

    def expected(self) -> list[ExpectedRow]:
        rows = self._connection.execute(f"SELECT {_names(ExpectedRow)} FROM expected_payment ORDER BY due, id")
        return list(map(ExpectedRow._make, rows))

    def forms(self) -> list[FormRow]:
        rows = self._connection.execute(f"SELECT {_names(FormRow)} FROM form_1099 ORDER BY year, id")
        return list(map(FormRow._make, rows))

    def settled_texts(self) -> set[int]:
        """Return the texts by which a person's word about payers and payments to come is kept."""
        rows = self._connection.execute(
            "SELECT text_id FROM payer UNION SELECT into_text FROM payer WHERE into_text IS NOT NULL "
            "UNION SELECT one_text FROM payer_apart UNION SELECT other_text FROM payer_apart "
            "UNION SELECT text_id FROM expected_payment"
        )
        return {row[0] for row in rows}

    def put_payer(self, text_id: int, values: dict[str, str | int | None]) -> None:
        """Note what a person settled about the payer of a text, beside what was settled before."""
        row = self._connection.execute("SELECT id FROM payer WHERE text_id = ?", (text_id,)).fetchone()
        if row is None:
            self.add("payer", {"text_id": text_id, **values})
        else:
            self.change("payer", int(row[0]), values)

    def keep_apart(self, one: int, other: int) -> None:
        low, high = sorted((one, other))
        known = self._connection.execute(
            "SELECT 1 FROM payer_apart WHERE one_text = ? AND other_text = ?", (low, high)
        ).fetchone()
        if known is None:
            self.add("payer_apart", {"one_text": low, "other_text": high})

    def join_again(self, number: int) -> None:
        self._connection.execute("DELETE FROM payer_apart WHERE id = ?", (number,))

    def apart_between(self, some: frozenset[int], others: frozenset[int]) -> list[int]:
        """Return the numbers of what keeps two sets of texts apart."""
        rows = self._connection.execute("SELECT id, one_text, other_text FROM payer_apart").fetchall()
        return [
            number for number, one, other in rows if {one, other} & some and {one, other} & others
        ]  # fmt: skip

    def add(self, table: str, values: dict[str, str | int | None]) -> int:
        cursor = self._connection.execute(insert_into(table, values), list(values.values()))
        return int(cursor.lastrowid)

    def change(self, table: str, number: int, values: dict[str, str | int | None]) -> None:
        self._connection.execute(update_of(table, values), [*values.values(), number])

    def remove(self, table: str, number: int) -> None:
        self._connection.execute(f"DELETE FROM {table} WHERE id = ?", (number,))


def _names(row: type[PayerRow | ExpectedRow | FormRow]) -> str:
    return ", ".join(row._fields)
