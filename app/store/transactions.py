"""Single transactions: inserts in bulk, reads in blocks, lists by filters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from app.core.dates import Day
from app.core.records import NamedTuple
from app.store.connection import Connection
from app.store.descriptors import Text
from app.store.row_filter import Filter, conditions, marks_of

INSERT = (
    "INSERT INTO transactions (business_id, account_id, descriptor_id, tax_date, posted_date, transacted_date, cents, "
    "currency, usd_cents, gross_cents, fee_cents, source_key, file_id, line) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


_AT_ONCE = 200
"""Rows of one statement."""

PlainRow = tuple[int, int, int, int, int]
"""Descriptor, posting date, cents, source key, line."""


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


def _code(currency: str) -> str:
    """Return an ISO currency code fit to stand in a statement. Raises: ValueError for anything else."""
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        raise ValueError("not a currency code")
    return currency


USD_CENTS = "CASE WHEN e.currency = 'USD' THEN e.cents ELSE e.usd_cents END"


class Held(NamedTuple):
    """What the books hold of a row that a source brought, as the source told it."""

    id: int
    descriptor_id: int
    text: str
    type_word: str | None
    memo: str | None
    posted: Day
    transacted: Day | None
    tax_date: Day
    cents: int
    gross: int | None
    fee: int | None
    usd: int | None
    source_key: int | None
    file_id: int
    line: int | None
    """None for rows of a bank link."""
    is_split: int

    @property
    def said(self) -> Text:
        return Text(self.text, self.type_word, self.memo)


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

    def insert(self, rows: Iterable[Sequence[Any]]) -> None:
        """Insert rows in the column order of `INSERT`."""
        self._connection.executemany(INSERT, rows)

    def insert_plain(
        self, business_id: int, account_id: int, currency: str, file_id: int, rows: Sequence[PlainRow]
    ) -> None:
        """Insert rows that share everything but what a `PlainRow` holds; their tax date is the posting date.

        Most rows of a file are such. They go in by hundreds: the triggers of the journal and the seal make the
        engine keep a way back for each statement, and for one row that way back costs more than the row.
        """
        into = (
            "INSERT INTO transactions (business_id, account_id, currency, file_id, descriptor_id, tax_date, "
            "posted_date, cents, source_key, line) VALUES "
        )
        shared = f"{business_id:d}, {account_id:d}, '{_code(currency)}', {file_id:d}"
        whole = len(rows) - len(rows) % _AT_ONCE
        for size, part in ((_AT_ONCE, rows[:whole]), (1, rows[whole:])):
            if not part:
                continue
            places = (f"({shared}, ?{n + 1}, ?{n + 2}, ?{n + 2}, ?{n + 3}, ?{n + 4}, ?{n + 5})"
                      for n in range(0, 5 * size, 5))  # fmt: skip
            self._connection.executemany(
                into + ", ".join(places),
                (list(chain.from_iterable(part[start : start + size])) for start in range(0, len(part), size)),
            )

    def last_id(self) -> int:
        row = self._connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'transactions'").fetchone()
        return int(row[0]) if row else 0

    def source_keys(self, account_id: int, first: Day, last: Day) -> dict[int, int]:
        """Return id by source key for an account's rows posted in a span of days."""
        return dict(
            self._connection.execute(
                "SELECT source_key, id FROM transactions WHERE account_id = ? AND source_key IS NOT NULL "
                "AND posted_date BETWEEN ? AND ?",
                (account_id, first, last),
            ).fetchall()
        )

    def in_span(self, account_id: int, first: Day, last: Day) -> list[tuple[int, Day, int, str, str | None, str]]:
        """Return (id, posted, cents, text, layout, currency) of an account's rows in a span, deleted ones included."""
        rows = self._connection.execute(
            "SELECT t.id, t.posted_date, t.cents, x.text, f.layout, t.currency FROM transactions t "
            "JOIN descriptor x ON x.id = t.descriptor_id LEFT JOIN imported_file f ON f.id = t.file_id "
            "WHERE t.account_id = ? AND t.posted_date BETWEEN ? AND ? ORDER BY t.id",
            (account_id, first, last),
        )
        return list(rows.fetchall())

    def held(self, ids: Sequence[int]) -> dict[int, Held]:
        """Return what sources told of some rows; left out are those entered by hand, pending and deleted ones."""
        found: dict[int, Held] = {}
        for start in range(0, len(ids), 5000):
            block = list(ids[start : start + 5000])
            rows = self._connection.execute(
                "SELECT t.id, t.descriptor_id, x.text, x.type_word, x.memo, t.posted_date, t.transacted_date, "
                "t.tax_date, t.cents, t.gross_cents, t.fee_cents, t.usd_cents, t.source_key, t.file_id, t.line, "
                "COALESCE(d.is_split, 0) FROM transactions t JOIN descriptor x ON x.id = t.descriptor_id "
                f"LEFT JOIN decision d ON d.transaction_id = t.id WHERE t.id IN ({marks_of(block)}) "
                "AND t.file_id IS NOT NULL AND t.pending = 0 AND d.deleted_reason IS NULL",
                block,
            )
            found.update((row[0], Held._make(row)) for row in rows)
        return found

    def descriptors_of(self, ids: Sequence[int]) -> dict[int, int]:
        """Return the number of the text of each of some rows."""
        found: dict[int, int] = {}
        for start in range(0, len(ids), 5000):
            block = list(ids[start : start + 5000])
            found |= dict(
                self._connection.execute(
                    f"SELECT id, descriptor_id FROM transactions WHERE id IN ({marks_of(block)})", block
                ).fetchall()
            )
        return found

    def set_told(self, transaction_id: int, values: Mapping[str, Any]) -> None:
        """Set columns that a source tells; the names are the program's own."""
        names = ", ".join(f"{name} = ?" for name in values)
        self._connection.execute(f"UPDATE transactions SET {names} WHERE id = ?", [*values.values(), transaction_id])

    def days_by_hand(self, account_id: int) -> list[Day]:
        """Return the days of an account's rows that no file brought."""
        rows = self._connection.execute(
            "SELECT DISTINCT posted_date FROM transactions WHERE account_id = ? AND file_id IS NULL", (account_id,)
        )
        return [row[0] for row in rows]

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

    def told_by_one(self, account_id: int) -> list[tuple[int, Day, int, str, str]]:
        """Return (id, posted, cents, currency, layout) of rows that files of a single layout tell of, oldest first."""
        rows = self._connection.execute(
            "SELECT t.id, t.posted_date, t.cents, t.currency, f.layout FROM transactions t "
            "JOIN imported_file f ON f.id = t.file_id LEFT JOIN decision d ON d.transaction_id = t.id "
            "WHERE t.account_id = ? AND d.deleted_reason IS NULL AND NOT EXISTS (SELECT 1 FROM source_row s "
            "JOIN imported_file g ON g.id = s.file_id WHERE s.transaction_id = t.id AND g.layout <> f.layout) "
            "ORDER BY t.posted_date, t.id",
            (account_id,),
        )
        return list(rows.fetchall())

    def near_those_by_hand(self, account_id: int, days: int) -> list[tuple[int, Day, int, Day]]:
        """Return each row of an account that was entered by hand with those of its amount that a source brought.

        As (id, day, id, day); rows that a file met already and deleted ones are in none.
        """
        rows = self._connection.execute(
            "SELECT h.id, h.posted_date, t.id, t.posted_date FROM transactions h "
            "CROSS JOIN transactions t ON t.account_id = h.account_id AND t.cents = h.cents "
            "AND t.currency = h.currency AND t.file_id IS NOT NULL AND t.pending = 0 "
            # The index on tax days leads: what a card charged counts up to a month before it is posted.
            "AND t.tax_date BETWEEN h.posted_date - ?2 - 31 AND h.posted_date + ?2 "
            "AND t.posted_date BETWEEN h.posted_date - ?2 AND h.posted_date + ?2 "
            "LEFT JOIN decision dh ON dh.transaction_id = h.id LEFT JOIN decision dt ON dt.transaction_id = t.id "
            "WHERE h.account_id = ?1 AND h.source_key IS NULL AND h.file_id IS NULL AND h.cents <> 0 "
            "AND dh.deleted_reason IS NULL AND dt.deleted_reason IS NULL "
            "AND NOT EXISTS (SELECT 1 FROM source_row s WHERE s.transaction_id = h.id) "
            "AND NOT EXISTS (SELECT 1 FROM bank_row b WHERE b.transaction_id = h.id) ORDER BY h.id, t.id",
            (account_id, days),
        )
        return list(rows.fetchall())

    def taken_before(self, account_id: int, cents: int, day: Day, days: int) -> Day | None:
        """Return the newest day on which an account gave a client as much back, so many days before at most."""
        row = self._connection.execute(
            "SELECT MAX(tax_date) FROM effective WHERE tax_date BETWEEN ?3 - ?4 AND ?3 AND account_id = ?1 "
            "AND cents = -?2 AND line = 'C2' AND status <> 'deleted'",
            (account_id, cents, day, days),
        ).fetchone()
        return None if row[0] is None else int(row[0])

    def kept_apart(self) -> set[tuple[int, int]]:
        """Return the pairs of rows that a person said are two."""
        rows = self._connection.execute("SELECT first_id, second_id FROM link WHERE type = 'not_duplicate'")
        return {(first, second) for first, second in rows}

    def memos_with(self, mark: str) -> list[tuple[int, str]]:
        """Return (id, memo) of rows that QIF files tell of whose memo holds a mark."""
        rows = self._connection.execute(
            "SELECT t.id, x.memo FROM (SELECT t.id FROM imported_file f JOIN transactions t ON t.file_id = f.id "
            "WHERE f.format = 'qif' UNION SELECT s.transaction_id FROM imported_file f JOIN source_row s "
            "ON s.file_id = f.id WHERE f.format = 'qif') q JOIN transactions t ON t.id = q.id "
            "JOIN descriptor x ON x.id = t.descriptor_id WHERE INSTR(x.memo, ?) > 0 ORDER BY t.id",
            (mark,),
        )
        return list(rows.fetchall())

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
        for start in range(0, len(ids), 500):
            few = list(ids[start : start + 500])
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
        for start in range(0, len(ids), 5000):
            block = list(ids[start : start + 5000])
            rows = self._connection.execute(
                f"SELECT id, merchant_key, choices FROM effective WHERE id IN ({marks_of(block)})", block
            )
            found.update((number, (key or "", choices)) for number, key, choices in rows)
        return found

    def booked_of_merchant(self, merchant_key: str, *, money_in: bool, but: Sequence[int]) -> list[BookedRow]:
        """Return the settled rows of a merchant in one direction, newest first; some ids are left out."""
        rows = self._connection.execute(
            "SELECT e.id, e.tax_date, e.cents, e.kind, e.line, e.percent FROM effective e WHERE e.id IN ("
            "SELECT t.id FROM label l CROSS JOIN transactions t ON t.descriptor_id = l.descriptor_id "
            "AND t.account_id = l.account_id AND (t.cents >= 0) = l.money_in "
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
