"""Rows as sources told them: written in bulk, and looked at when another source tells of them again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from app.core.dates import Day
from app.store.connection import Connection
from app.store.descriptors import Text
from app.store.statements import blocks, marks_of, update_of

INSERT = (
    "INSERT INTO transactions (business_id, account_id, descriptor_id, tax_date, posted_date, transacted_date, cents, "
    "currency, usd_cents, gross_cents, fee_cents, source_key, file_id, line) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_AT_ONCE = 200
"""Rows of one statement."""

PlainRow = tuple[int, int, int, int, int]
"""Descriptor, posting date, cents, source key, line."""


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


def _code(currency: str) -> str:
    """Return an ISO currency code fit to stand in a statement. Raises: ValueError for anything else."""
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        raise ValueError("not a currency code")
    return currency


class Told(NamedTuple):
    """A row as what later files tell is held against it."""

    id: int
    posted: Day
    cents: int
    text: str
    layout: str | None
    """Of the file that brought it; None for a row entered by hand."""
    currency: str
    transacted: Day | None


class ToldRows:
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

    def source_keys(self, account_id: int, first: Day, last: Day) -> dict[int, int]:
        """Return id by source key for an account's rows posted in a span of days."""
        return dict(
            self._connection.execute(
                "SELECT source_key, id FROM transactions WHERE account_id = ? AND source_key IS NOT NULL "
                "AND posted_date BETWEEN ? AND ?",
                (account_id, first, last),
            ).fetchall()
        )

    def in_span(self, account_id: int, first: Day, last: Day) -> list[Told]:
        """Return an account's rows in a span, deleted ones included."""
        rows = self._connection.execute(
            "SELECT t.id, t.posted_date, t.cents, x.text, f.layout, t.currency, t.transacted_date FROM transactions t "
            "JOIN descriptor x ON x.id = t.descriptor_id LEFT JOIN imported_file f ON f.id = t.file_id "
            "WHERE t.account_id = ? AND t.posted_date BETWEEN ? AND ? ORDER BY t.id",
            (account_id, first, last),
        )
        return [Told._make(row) for row in rows]

    def held(self, ids: Sequence[int]) -> dict[int, Held]:
        """Return what sources told of some rows; left out are those entered by hand, pending and deleted ones."""
        found: dict[int, Held] = {}
        for block in blocks(ids):
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
        for block in blocks(ids):
            found |= dict(
                self._connection.execute(
                    f"SELECT id, descriptor_id FROM transactions WHERE id IN ({marks_of(block)})", block
                ).fetchall()
            )
        return found

    def change(self, transaction_id: int, values: Mapping[str, Any]) -> None:
        """Set columns that a source tells; the names are the program's own."""
        self._connection.execute(update_of("transactions", values), [*values.values(), transaction_id])

    def days_by_hand(self, account_id: int) -> list[Day]:
        """Return the days of an account's rows that no file brought."""
        rows = self._connection.execute(
            "SELECT DISTINCT posted_date FROM transactions WHERE account_id = ? AND file_id IS NULL", (account_id,)
        )
        return [row[0] for row in rows]

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
