"""Month totals: what reports add up, kept as sums so that ten years answer as fast as one month.

Every write that changes what rows count as does three things: `forget` the rows, change them, `remember` them. The
sums are derived: `rebuild` makes the same table from the rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from app.core.dates import month_of
from app.core.money import WHOLE
from app.store.connection import Connection
from app.store.joins import OF_ITS_GROUP
from app.store.statements import blocks, marks_of

_MONTH = (
    "CAST(strftime('%Y', tax_date * 86400, 'unixepoch') AS INTEGER) * 100"
    " + CAST(strftime('%m', tax_date * 86400, 'unixepoch') AS INTEGER)"
)
_KEY = "month, business_id, account_id, kind, line, booked, currency"
_SUMS = (
    "SELECT day_month AS month, business_id, account_id, kind, line, booked, currency, "
    "{sign}SUM(cents), {sign}SUM(business_cents), {sign}SUM(n) FROM ("
    f"SELECT {_MONTH} AS day_month, business_id, account_id, kind, line, status <> 'suggested' AS booked, currency, "
    "SUM(cents) AS cents, SUM(business_cents) AS business_cents, SUM(part < 2) AS n "
    "FROM lines WHERE {where} GROUP BY tax_date, business_id, account_id, kind, line, booked, currency) "
    "GROUP BY 1, 2, 3, 4, 5, 6, 7"
)

_MANY = 1000
"""New rows from which on the shorter way to their sums is worth its look ahead."""
_LOW = (1 << 32) - 1
_PLAIN = (
    "SELECT t.tax_date << 32 | l.outcome_id, SUM(t.cents), COUNT(*) FROM transactions t JOIN label l "
    f"ON {OF_ITS_GROUP} "
    "WHERE t.id BETWEEN ? AND ? {but} GROUP BY 1"
)
"""By day and outcome, packed into one number: to sort by a number takes half as long as by the words behind it."""
_OUTCOMES = (
    "SELECT id, kind, line, status <> 'suggested', line <> 'NONE' AND kind IN ('income', 'expense', 'refund'), percent "
    "FROM outcome"
)


class Cell(NamedTuple):
    """One sum. `business_cents` is what stands on the Schedule C line; `n` counts rows."""

    month: int
    business_id: int
    account_id: int
    kind: str
    line: str
    booked: int
    currency: str
    cents: int
    business_cents: int
    n: int


class Totals:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rebuild(self) -> None:
        self._connection.execute("DELETE FROM month_total")
        self._connection.execute(f"INSERT INTO month_total {_SUMS.format(sign='', where='1')}")

    def forget(self, ids: Iterable[int]) -> None:
        """Take rows out of the sums, as they stand now."""
        self._add(ids, "-")

    def remember(self, ids: Iterable[int]) -> None:
        """Put rows into the sums, as they stand now; ids that are gone are left out."""
        self._add(ids, "")

    def remember_range(self, first: int, last: int) -> None:
        """Put a whole range of new rows into the sums."""
        if last - first < _MANY or not self._remember_plain(first, last):
            self._upsert("", "id BETWEEN ? AND ?", (first, last))

    def _remember_plain(self, first: int, last: int) -> bool:
        """Put new rows into the sums that all went into one account as one file brings them; False where they did not.

        Dollars without fees count as their group's label says, so they are added up by labels. The few that have a
        label or a decision of their own are added one by one.
        """
        account, business, *others, special, rows = self._connection.execute(
            "SELECT MIN(account_id), MIN(business_id), MAX(account_id), MAX(business_id), "
            "MAX(pending OR fee_cents IS NOT NULL OR currency <> 'USD'), COUNT(*) "
            "FROM transactions WHERE id BETWEEN ? AND ?",
            (first, last),
        ).fetchone()
        if special or [account, business] != others:
            return False
        apart = [row[0] for row in self._connection.execute(
            "SELECT transaction_id FROM row_label WHERE transaction_id BETWEEN ?1 AND ?2 "
            "UNION SELECT transaction_id FROM decision WHERE transaction_id BETWEEN ?1 AND ?2", (first, last))
        ]  # fmt: skip
        if 4 * len(apart) > rows:
            return False
        but = "AND t.id NOT IN (SELECT transaction_id FROM row_label UNION ALL SELECT transaction_id FROM decision)"
        found = self._connection.execute(_PLAIN.format(but=but if apart else ""), (first, last)).fetchall()
        sums = _by_month(found)
        outcomes = {row[0]: row[1:] for row in self._connection.execute(_OUTCOMES)}
        met = [outcomes[key & _LOW] for key in sums]
        if sum(n for _, n in sums.values()) + len(apart) != rows or any(row[3] and row[4] != WHOLE for row in met):
            return False
        self.add_cells(
            (key >> 32, business, account, kind, line, booked, "USD", cents, cents if counts else 0, n)
            for (key, (cents, n)), (kind, line, booked, counts, _) in zip(sums.items(), met, strict=True)
        )
        self.remember(apart)
        return True

    def _add(self, ids: Iterable[int], sign: str) -> None:
        wanted = sorted(set(ids))
        for block in blocks(wanted, 500):
            self._upsert(sign, f"id IN ({marks_of(block)})", block)
        if wanted and sign:
            self._connection.execute("DELETE FROM month_total WHERE n = 0 AND cents = 0 AND business_cents = 0")

    def _upsert(self, sign: str, where: str, values: Sequence[int]) -> None:
        rows = self._connection.execute(_SUMS.format(sign=sign, where=where), values).fetchall()
        self.add_cells(rows)

    def add_cells(self, cells: Iterable[Sequence[int | str]]) -> None:
        self._connection.executemany(
            "INSERT INTO month_total VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
            f"ON CONFLICT ({_KEY}) DO UPDATE SET cents = cents + excluded.cents, "
            "business_cents = business_cents + excluded.business_cents, n = n + excluded.n",
            cells,
        )

    def cells(self, first_month: int, last_month: int) -> list[Cell]:
        rows = self._connection.execute(
            f"SELECT {', '.join(Cell._fields)} FROM month_total WHERE month BETWEEN ? AND ?", (first_month, last_month)
        )
        return [Cell(*row) for row in rows]

    def account_sums(self) -> dict[tuple[int, str], tuple[int, int]]:
        """Return cents and rows of each account and currency, all rows that are not deleted.

        A foreign row that was turned into dollars moved the dollars of its account.
        """
        rows = self._connection.execute(
            "SELECT account_id, currency, SUM(cents), SUM(n) FROM month_total GROUP BY account_id, currency"
        )
        found = {(account, currency): (cents, n) for account, currency, cents, n in rows}
        converted = self._connection.execute(
            "SELECT t.account_id, SUM(t.usd_cents) FROM transactions t LEFT JOIN decision d ON d.transaction_id = t.id "
            "WHERE t.currency <> 'USD' AND t.usd_cents IS NOT NULL AND t.pending = 0 AND d.deleted_reason IS NULL "
            "GROUP BY t.account_id"
        )
        for account, cents in converted:
            held = found.get((account, "USD"), (0, 0))
            found[account, "USD"] = (held[0] + cents, held[1])
        return found

    def added_up(self) -> list[Cell]:
        """Return what `rebuild` would write."""
        return [Cell(*row) for row in self._connection.execute(_SUMS.format(sign="", where="1"))]

    def dump(self) -> list[Cell]:
        return [Cell(*row) for row in self._connection.execute(f"SELECT * FROM month_total ORDER BY {_KEY}")]


def _by_month(found: Iterable[tuple[int, int, int]]) -> dict[int, tuple[int, int]]:
    """Return cents and rows by month and outcome, from those by day and outcome; each pair is packed in one number."""
    months: dict[int, int] = {}
    sums: dict[int, tuple[int, int]] = {}
    for packed, cents, n in found:
        day = packed >> 32
        month = months.get(day)
        if month is None:
            month = months[day] = month_of(day) << 32
        key = month | packed & _LOW
        held = sums.get(key)
        sums[key] = (cents, n) if held is None else (held[0] + cents, held[1] + n)
    return sums
