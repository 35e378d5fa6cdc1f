"""Single transactions as they stand: read in blocks, listed by filters, added up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from app.core.dates import Day
from app.store.connection import Connection
from app.store.joins import OF_ITS_GROUP
from app.store.row_filter import Filter, conditions
from app.store.statements import blocks, marks_of


class Listed(NamedTuple):
    """One transaction with its effective standing, as lists show it."""

    id: int
    tax_date: Day
    posted_date: Day
    transacted_date: Day | None
    account_id: int
    account: str
    last4: str | None
    text: str
    merchant: str | None
    cents: int
    gross_cents: int | None
    fee_cents: int | None
    pending: int
    currency: str
    usd_cents: int | None
    kind: str
    line: str
    business_id: int
    percent: int
    tags: str
    status: str
    confidence: int
    reason: str
    is_split: int
    note: str | None
    file: str | None
    file_line: int | None
    file_id: int | None


_LISTED = (
    "SELECT e.id, e.tax_date, e.posted_date, e.transacted_date, e.account_id, a.name, a.last4, x.text, e.merchant, "
    "e.cents, e.gross_cents, e.fee_cents, e.pending, e.currency, e.usd_cents, e.kind, e.line, e.business_id, "
    "e.percent, e.tags, e.status, e.confidence, e.reason, e.is_split, e.note, f.name, e.source_line, e.file_id "
    "FROM effective e CROSS JOIN account a ON a.id = e.account_id CROSS JOIN descriptor x ON x.id = e.descriptor_id "
    "LEFT JOIN imported_file f ON f.id = e.file_id"
)


USD_CENTS = "CASE WHEN e.currency = 'USD' THEN e.cents ELSE e.usd_cents END"


class BookedRow(NamedTuple):
    id: int
    tax_date: Day
    cents: int
    kind: str
    line: str
    percent: int


class Transactions:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def last_id(self) -> int:
        row = self._connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'transactions'").fetchone()
        return int(row[0]) if row else 0

    def days_and_cents(self, account_id: int) -> set[tuple[Day, int]]:
        rows = self._connection.execute(
            "SELECT posted_date, cents FROM transactions WHERE account_id = ?", (account_id,)
        )
        return {(day, cents) for day, cents in rows}

    def sum_through(self, account_id: int, day: Day, currency: str) -> int:
        """Return the cents of an account's rows posted up to a day, deleted and pending ones left out."""
        return int(
            self._connection.execute(
                "SELECT COALESCE(SUM(CASE WHEN t.currency = ?3 THEN t.cents WHEN ?3 = 'USD' THEN t.usd_cents END), 0) "
                "FROM transactions t WHERE t.account_id = ?1 AND t.posted_date <= ?2 AND t.pending = 0 AND t.id NOT IN "
                "(SELECT transaction_id FROM decision WHERE deleted_reason IS NOT NULL)",
                (account_id, day, currency),
            ).fetchone()[0]
        )

    def span(self, account_id: int) -> tuple[Day, Day] | None:
        """Return the first and last posting day of an account."""
        first, last = self._connection.execute(
            "SELECT MIN(posted_date), MAX(posted_date) FROM transactions WHERE account_id = ?", (account_id,)
        ).fetchone()
        return None if first is None else (first, last)

    def posted_within(self, ids: Iterable[int], first: Day, last: Day) -> set[int]:
        """Return those of some rows that were posted in a span."""
        wanted = sorted(ids)
        found: set[int] = set()
        for block in blocks(wanted):
            marks = marks_of(block)
            rows = self._connection.execute(
                f"SELECT id FROM transactions WHERE id IN ({marks}) AND posted_date BETWEEN ? AND ?",
                [*block, first, last],
            )
            found.update(row[0] for row in rows)
        return found

    def rows_by_month(self) -> dict[tuple[int, int], int]:
        """Return how many rows each account has in each month, by posting date."""
        rows = self._connection.execute(
            "SELECT account_id, CAST(strftime('%Y%m', posted_date * 86400, 'unixepoch') AS INTEGER), COUNT(*) "
            "FROM transactions GROUP BY 1, 2"
        )
        return {(account, month): count for account, month, count in rows}

    def set_tax_date(self, transaction_id: int, day: Day) -> None:
        self._connection.execute("UPDATE transactions SET tax_date = ? WHERE id = ?", (day, transaction_id))

    def exists(self, transaction_id: int) -> bool:
        row = self._connection.execute("SELECT 1 FROM transactions WHERE id = ?", (transaction_id,)).fetchone()
        return row is not None

    def taken_before(self, account_id: int, cents: int, day: Day, days: int) -> Day | None:
        """Return the newest day on which an account gave a client as much back, so many days before at most."""
        row = self._connection.execute(
            "SELECT MAX(tax_date) FROM effective WHERE tax_date BETWEEN ?3 - ?4 AND ?3 AND account_id = ?1 "
            "AND cents = -?2 AND line = 'C2' AND status <> 'deleted'",
            (account_id, cents, day, days),
        ).fetchone()
        return None if row[0] is None else int(row[0])

    def set_usd(self, transaction_id: int, usd_cents: int) -> None:
        self._connection.execute("UPDATE transactions SET usd_cents = ? WHERE id = ?", (usd_cents, transaction_id))

    # --- reading

    def get(self, transaction_id: int) -> Listed | None:
        row = self._connection.execute(f"{_LISTED} WHERE e.id = ?", (transaction_id,)).fetchone()
        return Listed(*row) if row else None

    def listed(self, wanted: Filter, limit: int) -> Iterator[Listed]:
        """Yield rows newest first; limit 0 = all."""
        where, values = conditions(wanted, "e")
        if wanted.after is not None:
            where += " AND (e.tax_date, e.id) < (SELECT tax_date, id FROM transactions WHERE id = ?)"
            values.append(wanted.after)
        sql = f"{_LISTED} WHERE {where} ORDER BY e.tax_date DESC, e.id DESC LIMIT ?"
        rows: Iterator[tuple[Any, ...]] = self._connection.execute(sql, [*values, limit or -1])
        return map(Listed._make, rows)

    def count(self, wanted: Filter) -> tuple[int, int]:
        """Return how many rows a filter finds and the sum of their US cents; a row without them counts in no sum."""
        where, values = conditions(wanted, "e")
        row = self._connection.execute(
            f"SELECT COUNT(*), COALESCE(SUM({USD_CENTS}), 0) FROM effective e WHERE {where}", values
        ).fetchone()
        return int(row[0]), int(row[1])

    def block(self, ids: Sequence[int]) -> list[Listed]:
        """Return the rows for some ids, in that order; ids that are gone are left out."""
        found: dict[int, Listed] = {}
        for few in blocks(ids, 500):
            rows = self._connection.execute(f"{_LISTED} WHERE e.id IN ({marks_of(few)})", few)
            found.update((row[0], Listed._make(row)) for row in rows)
        return [found[number] for number in ids if number in found]

    def business_cents(self, ids: Sequence[int]) -> dict[int, int]:
        """Return the Schedule C cents of rows, summed over their parts."""
        marks = marks_of(ids)
        return dict(
            self._connection.execute(
                f"SELECT id, SUM(business_cents) FROM lines WHERE id IN ({marks}) GROUP BY id", list(ids)
            ).fetchall()
        )

    def merchant_keys(self, ids: Sequence[int]) -> dict[int, tuple[str, str | None]]:
        """Return the merchant key and the stored choices (JSON) of rows."""
        found: dict[int, tuple[str, str | None]] = {}
        for block in blocks(ids):
            rows = self._connection.execute(
                f"SELECT id, merchant_key, choices FROM effective WHERE id IN ({marks_of(block)})", block
            )
            found.update((number, (key or "", choices)) for number, key, choices in rows)
        return found

    def booked_of_merchant(self, merchant_key: str, *, money_in: bool, but: Sequence[int]) -> list[BookedRow]:
        """Return the settled rows of a merchant in one direction, newest first; some ids are left out."""
        rows = self._connection.execute(
            "SELECT e.id, e.tax_date, e.cents, e.kind, e.line, e.percent FROM effective e WHERE e.id IN ("
            f"SELECT t.id FROM label l CROSS JOIN transactions t ON {OF_ITS_GROUP} "
            "WHERE l.merchant_id = (SELECT id FROM merchant WHERE key = ?) AND l.money_in = ?) "
            "AND e.status IN ('auto', 'confirmed') ORDER BY e.tax_date DESC, e.id DESC",
            (merchant_key, int(money_in)),
        )
        gone = set(but)
        return [BookedRow._make(row) for row in rows if row[0] not in gone]

    def without_usd(self) -> list[int]:
        """Return rows in another currency that count nowhere yet."""
        rows = self._connection.execute(
            "SELECT t.id FROM transactions t LEFT JOIN decision d ON d.transaction_id = t.id "
            "WHERE t.currency <> 'USD' AND t.usd_cents IS NULL AND t.pending = 0 AND d.deleted_reason IS NULL "
            "ORDER BY t.id"
        )
        return [row[0] for row in rows]

    def touched_by(self, transaction_id: int) -> list[int]:
        """Return the operations that changed a row or a decision about it, oldest first."""
        rows = self._connection.execute(
            "SELECT operation_id FROM made WHERE table_name = 'transactions' AND ? BETWEEN first_id AND last_id "
            "UNION SELECT operation_id FROM journal WHERE table_name = 'transactions' AND row_id = ? "
            "UNION SELECT j.operation_id FROM journal j JOIN decision d ON d.id = j.row_id "
            "WHERE j.table_name = 'decision' AND d.transaction_id = ? "
            "UNION SELECT m.operation_id FROM made m JOIN decision d ON d.id BETWEEN m.first_id AND m.last_id "
            "WHERE m.table_name = 'decision' AND d.transaction_id = ? ORDER BY 1",
            (transaction_id,) * 4,
        )
        return [row[0] for row in rows]
