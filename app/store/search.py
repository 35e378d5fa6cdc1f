"""Searching: ids in an order, what they come to, and payees by name."""

from __future__ import annotations

from array import array
from itertools import chain
from typing import NamedTuple

from app.core.dates import Day
from app.store.connection import Connection
from app.store.joins import OF_ITS_GROUP
from app.store.row_filter import Filter, conditions, like
from app.store.transactions import USD_CENTS

SORTS = {
    "date": "e.tax_date",
    "payee": "COALESCE(e.merchant, e.merchant_key) COLLATE NOCASE",
    "amount": f"COALESCE({USD_CENTS}, e.cents)",
    "category": "CASE WHEN e.line = 'NONE' THEN '~' || e.kind ELSE e.line END",
    "account": "",
}
"""What a list can be sorted by; newer rows stand first among equals. By account: by the rank of its name."""


class Sums(NamedTuple):
    """What the rows of a filter come to, in US cents; movements between own accounts are counted, not added."""

    rows: int
    in_cents: int
    out_cents: int
    own: int
    questions: int
    without_usd: int


class Payee(NamedTuple):
    """A payee with the number of its rows of all time and their cents in a span."""

    name: str
    rows: int
    cents: int
    newest_id: int


class Search:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ids(self, wanted: Filter, sort: str, *, descending: bool, limit: int = 0) -> array[int]:
        """Return the ids a filter finds, in order; limit 0 = all. `sort` is a key of `SORTS`."""
        where, values = conditions(wanted, "e")
        way = "DESC" if descending else "ASC"
        then = "" if sort == "date" else ", e.tax_date DESC"
        tie = way if sort == "date" else "DESC"
        rows = self._connection.execute(
            f"SELECT e.id FROM effective e WHERE {where} "
            f"ORDER BY {SORTS[sort] or self._account_rank()} {way}{then}, e.id {tie} LIMIT ?",
            [*values, limit or -1],
        )
        return array("q", chain.from_iterable(rows))

    def _account_rank(self) -> str:
        """Return an expression over a handful of numbers: far faster to sort by than the names themselves."""
        rows = self._connection.execute("SELECT id FROM account ORDER BY name COLLATE NOCASE, id").fetchall()
        cases = " ".join(f"WHEN {number:d} THEN {rank:d}" for rank, (number,) in enumerate(rows))
        return f"CASE e.account_id {cases} END" if cases else "e.account_id"

    def sums(self, wanted: Filter) -> Sums:
        where, values = conditions(wanted, "e")
        counts = "e.kind NOT IN ('transfer', 'card_payment')"
        row = self._connection.execute(
            f"SELECT COUNT(*), COALESCE(SUM(CASE WHEN {counts} AND {USD_CENTS} > 0 THEN {USD_CENTS} END), 0), "
            f"COALESCE(SUM(CASE WHEN {counts} AND {USD_CENTS} < 0 THEN {USD_CENTS} END), 0), "
            f"COUNT(CASE WHEN NOT {counts} THEN 1 END), "
            "COUNT(CASE WHEN e.status = 'suggested' OR e.currency <> 'USD' AND e.usd_cents IS NULL THEN 1 END), "
            f"COUNT(*) - COUNT({USD_CENTS}) FROM effective e WHERE {where}",
            values,
        ).fetchone()
        return Sums(*row)

    def payees(self, text: str, first: Day, last: Day, limit: int) -> list[Payee]:
        """Return payees whose name holds a text: rows of all time, cents of a span. Names that begin so come first."""
        held = like(text)
        rows = self._connection.execute(
            "WITH known AS MATERIALIZED (SELECT id, COALESCE(name, key) AS name FROM merchant "
            "WHERE COALESCE(name, key) LIKE ?1 ESCAPE '\\' "
            "ORDER BY COALESCE(name, key) NOT LIKE ?2 ESCAPE '\\', name LIMIT ?5), "
            "rows AS (SELECT k.name AS name, t.id, t.tax_date, t.cents, t.currency, t.usd_cents FROM known k "
            "CROSS JOIN label l ON l.merchant_id = k.id CROSS JOIN transactions t "
            f"ON {OF_ITS_GROUP} "
            "LEFT JOIN decision d ON d.transaction_id = t.id WHERE d.merchant IS NULL AND d.deleted_reason IS NULL "
            "UNION ALL SELECT d.merchant, t.id, t.tax_date, t.cents, t.currency, t.usd_cents FROM decision d "
            "JOIN transactions t ON t.id = d.transaction_id "
            "WHERE d.merchant LIKE ?1 ESCAPE '\\' AND d.deleted_reason IS NULL) "
            "SELECT name, COUNT(*), COALESCE(SUM(CASE WHEN tax_date BETWEEN ?3 AND ?4 THEN "
            "CASE WHEN currency = 'USD' THEN cents ELSE usd_cents END END), 0), MAX(id) FROM rows "
            "GROUP BY name COLLATE NOCASE ORDER BY name NOT LIKE ?2 ESCAPE '\\', COUNT(*) DESC, name LIMIT ?5",
            (held, held[1:], first, last, limit),
        )
        return [Payee(*row) for row in rows]
