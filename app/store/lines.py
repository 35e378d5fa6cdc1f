"""Reading the view `lines`, and the month totals where whole months are asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from app.core.dates import Day
from app.core.report.lines import LineRow
from app.store.connection import Connection
from app.store.row_filter import Filter, conditions


class Sum(NamedTuple):
    """Booked cents and number of rows of one business on one line."""

    business_id: int
    line: str
    cents: int
    rows: int


class Open(NamedTuple):
    """A suggested row with what it may be. `value` is US cents, None while a rate is missing."""

    id: int
    business_id: int
    value: int | None
    kind: str
    line: str
    percent: int
    source: str | None
    choices: list[list[str | int]]


class DepositRow(NamedTuple):
    id: int
    day: Day
    payer: str
    value: int
    status: str
    business_id: int


_ROWS = (
    "SELECT l.id, l.part, l.tax_date, l.posted_date, l.account_id, a.name, a.last4, l.merchant, x.text, "
    "CASE WHEN l.currency = 'USD' THEN l.cents ELSE COALESCE(l.value, 0) END, l.currency, l.kind, l.line, "
    "l.percent, l.business_cents, l.status, l.note, l.tags, f.name, l.source_line, "
    "(SELECT m.operation_id FROM made m WHERE m.table_name = 'imported_file' "
    "AND l.file_id BETWEEN m.first_id AND m.last_id) "
    "FROM lines l CROSS JOIN account a ON a.id = l.account_id CROSS JOIN descriptor x ON x.id = l.descriptor_id "
    "LEFT JOIN imported_file f ON f.id = l.file_id"
)


_WHOLE = (
    "SELECT e.id, e.tax_date, e.posted_date, e.account_id, e.merchant, x.text, "
    "CASE WHEN e.currency = 'USD' THEN e.cents ELSE COALESCE(e.usd_cents, 0) END, e.currency, e.kind, e.line, "
    "e.percent, CASE WHEN e.line = 'NONE' OR e.kind NOT IN ('income', 'expense', 'refund') THEN 0 "
    "WHEN e.currency <> 'USD' AND e.usd_cents IS NULL THEN 0 "
    "ELSE (CASE WHEN e.cents < 0 THEN -1 ELSE 1 END) * "
    "((ABS(CASE WHEN e.currency = 'USD' THEN e.cents ELSE e.usd_cents END) * e.percent + 5000) / 10000) END, "
    "e.status, e.note, e.tags, e.file_id, e.source_line, e.is_split OR e.fee_cents IS NOT NULL "
    "FROM effective e CROSS JOIN descriptor x ON x.id = e.descriptor_id"
)
"""Whole transactions with what `LineRow` needs of them; last, whether the row is in parts instead.

What thousands of rows share (account, file) is looked up once by its id, not joined to each of them.
"""


_BLOCK = 2000
"""Rows read at once: the engine and Python each run faster when they do not take turns at every row."""

_Names = dict[int, tuple[str, str | None]]
_Files = dict[int | None, tuple[str | None, int | None]]


class Lines:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def sums(self, first: Day, last: Day) -> list[Sum]:
        """Return the booked sums of Schedule C lines for a span of tax dates, from the rows."""
        rows = self._connection.execute(
            "SELECT business_id, line, SUM(business_cents), COUNT(*) FROM lines WHERE tax_date BETWEEN ? AND ? "
            "AND status IN ('auto', 'confirmed') AND kind IN ('income', 'expense', 'refund') AND line <> 'NONE' "
            "GROUP BY business_id, line",
            (first, last),
        )
        return [Sum(*row) for row in rows]

    def open_rows(self, first: Day, last: Day) -> list[Open]:
        """Return the rows of a span that nobody has settled and no evidence has booked."""
        rows = self._connection.execute(
            "SELECT e.id, e.business_id, CASE WHEN e.currency = 'USD' THEN e.cents ELSE e.usd_cents END, e.kind, "
            "e.line, e.percent, r.source, e.choices FROM effective e LEFT JOIN row_label r ON r.transaction_id = e.id "
            "WHERE e.tax_date BETWEEN ? AND ? AND e.status = 'suggested' AND e.pending = 0",
            (first, last),
        )
        return [Open._make((*row[:-1], json.loads(row[-1] or "[]"))) for row in rows]

    def deposits(self, first: Day, last: Day) -> list[DepositRow]:
        """Return rows of kind income, gross of fees, booked or suggested; open payouts count as income here."""
        rows = self._connection.execute(
            "SELECT l.id, l.tax_date, COALESCE(l.merchant, x.text), l.value, "
            "CASE WHEN l.status = 'suggested' THEN 'suggested' ELSE 'booked' END, l.business_id FROM lines l "
            "JOIN descriptor x ON x.id = l.descriptor_id LEFT JOIN row_label r ON r.transaction_id = l.id "
            "WHERE l.tax_date BETWEEN ? AND ? AND l.value > 0 "
            "AND (l.kind = 'income' OR l.status = 'suggested' AND r.source = 'payout') ORDER BY l.tax_date, l.id",
            (first, last),
        )
        return [DepositRow(*row) for row in rows]

    def rows(self, first: Day, last: Day) -> Iterator[LineRow]:
        """Yield every line of a span, oldest first, for reports."""
        rows = self._connection.execute(
            f"{_ROWS} WHERE l.tax_date BETWEEN ? AND ? ORDER BY l.tax_date, l.id, l.part", (first, last)
        )
        return map(LineRow._make, rows)

    def listed(self, wanted: Filter, limit: int) -> Iterator[LineRow]:
        """Yield the lines of what a filter finds, newest first; limit counts transactions, 0 = all.

        Whole rows come straight along the index on dates; only rows in parts are asked of the view.
        """
        where, values = conditions(wanted, "e")
        rows = self._connection.execute(
            f"{_WHOLE} WHERE {where} AND e.pending = 0 ORDER BY e.tax_date DESC, e.id DESC LIMIT ?",
            [*values, limit or -1],
        )
        accounts = self._account_names()
        files = self._file_names()
        while block := rows.fetchmany(_BLOCK):
            yield from self._block(block, accounts, files)

    def _block(self, rows: list[tuple[Any, ...]], accounts: _Names, files: _Files) -> Iterator[LineRow]:
        """Yield the lines of rows of `_WHOLE`. All fields are named, because a hundred thousand rows feel a loop."""
        new = tuple.__new__
        for (number, day, posted, account, merchant, text, cents, currency, kind, line, percent, business, status, note,
             tags, file, file_line, in_parts) in rows:  # fmt: skip
            if in_parts:
                parts = self._connection.execute(f"{_ROWS} WHERE l.id = ? ORDER BY l.part", (number,))
                yield from map(LineRow._make, parts.fetchall())
                continue
            account_name, last4 = accounts[account]
            name, operation = files[file]
            yield new(
                LineRow,
                (number, 0, day, posted, account, account_name, last4, merchant, text, cents, currency, kind, line,
                 percent, business, status, note, tags, name, file_line, operation),
            )  # fmt: skip

    def _account_names(self) -> _Names:
        """Return name and last four digits of every account, removed ones too."""
        return {number: (name, last4) for number, name, last4 in self._connection.execute(
            "SELECT id, name, last4 FROM account")}  # fmt: skip

    def _file_names(self) -> _Files:
        """Return the name of every file and the operation that brought it in; nothing for rows of no file."""
        rows = self._connection.execute(
            "SELECT f.id, f.name, (SELECT m.operation_id FROM made m WHERE m.table_name = 'imported_file' "
            "AND f.id BETWEEN m.first_id AND m.last_id) FROM imported_file f"
        )
        found: _Files = {None: (None, None)}
        found.update((number, (name, operation)) for number, name, operation in rows)
        return found

    def account_flow(self, account_id: int, currency: str, first: Day, last: Day) -> tuple[int, int, int, int]:
        """Return an account's cents before a span, in and out during it, and its rows in it, by tax date."""
        row = self._connection.execute(
            "SELECT COALESCE(SUM(CASE WHEN tax_date < ?3 THEN moved END), 0), "
            "COALESCE(SUM(CASE WHEN tax_date >= ?3 AND moved > 0 THEN moved END), 0), "
            "COALESCE(SUM(CASE WHEN tax_date >= ?3 AND moved < 0 THEN moved END), 0), "
            "COUNT(CASE WHEN tax_date >= ?3 THEN 1 END) FROM ("
            "SELECT tax_date, CASE WHEN currency = ?2 THEN cents WHEN ?2 = 'USD' THEN usd_cents END AS moved "
            "FROM effective WHERE account_id = ?1 AND tax_date <= ?4 AND status <> 'deleted' AND pending = 0) "
            "WHERE moved IS NOT NULL",
            (account_id, currency, first, last),
        ).fetchone()
        return row[0], row[1], row[2], row[3]

    def days(self, first: Day, last: Day) -> tuple[Day, Day] | None:
        """Return the first and last tax date with rows in a span."""
        low, high = self._connection.execute(
            "SELECT MIN(tax_date), MAX(tax_date) FROM transactions WHERE tax_date BETWEEN ? AND ?", (first, last)
        ).fetchone()
        return None if low is None else (low, high)

    def tax_payments(self, first: Day, last: Day) -> list[tuple[int, Day, int, str]]:
        """Return booked rows of kind tax_payment that no recorded payment names: (id, day, cents, text)."""
        rows = self._connection.execute(
            "SELECT l.id, l.tax_date, l.value, x.text FROM lines l JOIN descriptor x ON x.id = l.descriptor_id "
            "WHERE l.kind = 'tax_payment' AND l.status <> 'suggested' AND l.tax_date BETWEEN ? AND ? "
            "AND NOT EXISTS (SELECT 1 FROM tax_payment p WHERE p.transaction_id = l.id) ORDER BY l.tax_date, l.id",
            (first, last),
        )
        return list(rows.fetchall())
