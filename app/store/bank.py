"""Linked banks: connections, their accounts, and which row of the books each row of a bank is."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from app.core.bank.planning import Held
from app.core.dates import Day
from app.store.connection import Connection
from app.store.statements import marks_of, update_of

LAYOUT = "bank-link"
"""What a link's record among the imported files says: rows of two links of one account are of one source."""
FORMAT = "bank"
GONE = "The bank took it back."
"""Why a row is deleted that a bank no longer tells; a person's own reason is never this."""


class BankConnection(NamedTuple):
    id: int
    item_id: str
    institution_id: str | None
    institution: str
    env: str
    cursor: str
    history: str
    ended: int
    health: str
    synced_at: int | None
    """When it was last read whole, in milliseconds since 1970."""
    synced_day: Day | None
    tried_at: int | None
    failures: int
    restarts: int
    held_back: str
    awaited_since: int | None
    """When its rows of the past were asked for, in milliseconds since 1970."""
    consent_ends: Day | None
    """The day a permission that was given for a time ends."""


class BankAccount(NamedTuple):
    id: int
    connection_id: int
    account_id: int
    provider_id: str
    persistent_id: str | None
    last4: str | None
    type: str
    subtype: str | None
    name: str


_STATE = (
    "health", "synced_at", "synced_day", "tried_at", "failures", "restarts", "held_back", "awaited_since",
    "consent_ends",
)  # fmt: skip
_CONNECTION = tuple(name for name in BankConnection._fields if name not in _STATE)
_NOW = {"cursor": "CASE WHEN s.resumes_for = c.cursor THEN s.resumes_at ELSE c.cursor END"}
_SELECT = (
    f"SELECT {', '.join(_NOW.get(name, f'c.{name}') for name in _CONNECTION)}, COALESCE(s.health, 'ok'), s.synced_at, "
    "s.synced_day, s.tried_at, COALESCE(s.failures, 0), COALESCE(s.restarts, 0), COALESCE(s.held_back, ''), "
    "s.awaited_since, s.consent_ends "
    "FROM bank_connection c LEFT JOIN bank_state s ON s.connection_id = c.id"
)
_HELD = (
    "t.id, t.account_id, t.posted_date, t.transacted_date, t.tax_date, t.cents, t.currency, t.pending, "
    "t.descriptor_id, x.text, x.type_word, x.memo, COALESCE(f.layout = ?1, 0), "
    "EXISTS (SELECT 1 FROM source_row r WHERE r.transaction_id = t.id), d.deleted_reason, t.usd_cents, "
    "COALESCE(d.is_split, 0) "
)
_FROM = (
    "JOIN descriptor x ON x.id = t.descriptor_id LEFT JOIN imported_file f ON f.id = t.file_id "
    "LEFT JOIN decision d ON d.transaction_id = t.id"
)

NewRow = tuple[int, int, int, Day, Day, Day | None, int, str, int, int | None, int]
"""Business, account, descriptor, tax day, posting day, day of the purchase, cents, currency, pending, key, file."""
_NEW = (
    "business_id, account_id, descriptor_id, tax_date, posted_date, transacted_date, cents, currency, pending, "
    "source_key, file_id"
)
_AT_ONCE = 50


class Bank:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # --- connections

    def connections(self, *, ended: bool = False) -> list[BankConnection]:
        """Return the linked banks, oldest first; those that were disconnected only when asked for."""
        where = "" if ended else " WHERE c.ended = 0"
        return [BankConnection._make(row) for row in self._connection.execute(f"{_SELECT}{where} ORDER BY c.id")]

    def connection(self, number: int) -> BankConnection | None:
        row = self._connection.execute(f"{_SELECT} WHERE c.id = ?", (number,)).fetchone()
        return BankConnection._make(row) if row else None

    def of_item(self, item_id: str) -> BankConnection | None:
        row = self._connection.execute(f"{_SELECT} WHERE c.item_id = ?", (item_id,)).fetchone()
        return BankConnection._make(row) if row else None

    def add_connection(self, *, item_id: str, institution_id: str | None, institution: str, env: str) -> int:
        """Only inside an operation."""
        cursor = self._connection.execute(
            "INSERT INTO bank_connection (item_id, institution_id, institution, env) VALUES (?, ?, ?, ?)",
            (item_id, institution_id, institution, env),
        )
        return int(cursor.lastrowid)

    def set_connection(self, number: int, **values: Any) -> None:  # noqa: ANN401 - columns of several types
        """Set columns of a connection; those of its state need no operation, the others do."""
        facts = {name: value for name, value in values.items() if name not in _STATE}
        if facts:
            self._connection.execute(
                update_of("bank_connection", facts),
                [*facts.values(), number],
            )
        if state := {name: value for name, value in values.items() if name in _STATE}:
            self._connection.execute(
                f"INSERT INTO bank_state (connection_id, {', '.join(state)}) "
                f"VALUES (?{', ?' * len(state)}) ON CONFLICT (connection_id) DO UPDATE SET "
                f"{', '.join(f'{name} = excluded.{name}' for name in state)}",
                [number, *state.values()],
            )

    def resume(self, number: int, cursor: str) -> None:
        """Go on from another cursor without a change of the books; one that is undone or made later sets it aside."""
        self._connection.execute(
            "INSERT INTO bank_state (connection_id, resumes_for, resumes_at) SELECT id, cursor, ? FROM bank_connection "
            "WHERE id = ? ON CONFLICT (connection_id) DO UPDATE SET resumes_for = excluded.resumes_for, "
            "resumes_at = excluded.resumes_at",
            (cursor, number),
        )

    # --- accounts

    def accounts_of(self, number: int) -> list[BankAccount]:
        rows = self._connection.execute(
            f"SELECT {', '.join(BankAccount._fields)} FROM bank_account WHERE connection_id = ? ORDER BY id", (number,)
        )
        return [BankAccount._make(row) for row in rows]

    def add_account(
        self, *, connection_id: int, account_id: int, provider_id: str, persistent_id: str | None, last4: str | None,
        type: str, subtype: str | None, name: str,  # noqa: A002 - the provider's word
    ) -> None:  # fmt: skip
        self._connection.execute(
            f"INSERT INTO bank_account ({', '.join(BankAccount._fields[1:])}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (connection_id, account_id, provider_id, persistent_id, last4, type, subtype, name),
        )

    def set_account(self, number: int, **values: Any) -> None:  # noqa: ANN401 - columns of several types
        self._connection.execute(
            update_of("bank_account", values),
            [*values.values(), number],
        )

    def accounts_everywhere(self) -> list[BankAccount]:
        """Return the accounts of all connections, ended ones too, the newest first."""
        rows = self._connection.execute(f"SELECT {', '.join(BankAccount._fields)} FROM bank_account ORDER BY id DESC")
        return [BankAccount._make(row) for row in rows]

    def env(self) -> str:
        """Return the provider's environment that the person set up; production where nothing is set up."""
        row = self._connection.execute("SELECT env FROM bank_setting ORDER BY id LIMIT 1").fetchone()
        return str(row[0]) if row else "production"

    def file_of(self, account_id: int) -> int | None:
        """Return the record that stands for what the link brought into an account."""
        row = self._connection.execute(
            "SELECT id FROM imported_file WHERE account_id = ? AND layout = ?", (account_id, LAYOUT)
        ).fetchone()
        return int(row[0]) if row else None

    def set_file(self, number: int, values: dict[str, Any]) -> None:
        self._connection.execute(
            update_of("imported_file", values),
            [*values.values(), number],
        )

    def refresh_file(self, number: int, today: Day) -> None:
        """Count the rows that a link tells, be they told by a file as well, and let its record reach to a day."""
        count, total, first, last = self._connection.execute(
            "SELECT COUNT(*), COALESCE(SUM(cents), 0), MIN(posted_date), MAX(posted_date) FROM transactions "
            "WHERE pending = 0 AND (file_id = ?1 "
            "OR id IN (SELECT transaction_id FROM source_row WHERE file_id = ?1))",
            (number,),
        ).fetchone()
        old = self._connection.execute(
            "SELECT row_count, added, sum_cents, first_day, last_day FROM imported_file WHERE id = ?", (number,)
        ).fetchone()
        new = (count, count, total, min(first or today, old[3] or today), max(last or today, today))
        if new != old:
            self._connection.execute(
                "UPDATE imported_file SET row_count = ?, added = ?, sum_cents = ?, first_day = ?, last_day = ? "
                "WHERE id = ?",
                (*new, number),
            )

    def note_refused(
        self, number: int, refused: Mapping[str, str], mended: Collection[str] | None, most: int
    ) -> None:  # fmt: skip
        """List rows of a link that could not be read, by the provider's ids, and take off the list what is `mended`.

        None takes all off that are not refused now. So many are kept.
        """
        before = self.unread(number)
        now = {} if mended is None else {each: reason for each, reason in before.items() if each not in mended}
        now = dict(list({**now, **refused}.items())[-most:])
        if now != before:
            troubles = {"skipped": [], "rejected": [[0, reason] for reason in now.values()], "ids": list(now)}
            self.set_file(number, {"troubles": json.dumps(troubles)})

    def unread(self, number: int) -> dict[str, str]:
        """Return why rows that a link tells could not be read, by the provider's ids of those rows."""
        (text,) = self._connection.execute("SELECT troubles FROM imported_file WHERE id = ?", (number,)).fetchone()
        held = json.loads(text)
        reasons = [reason for _, reason in held.get("rejected", [])]
        return dict(zip(held.get("ids") or map(str, range(len(reasons))), reasons, strict=True))

    def count_repeats(self, number: int, more: int) -> None:
        self._connection.execute("UPDATE imported_file SET duplicates = duplicates + ? WHERE id = ?", (more, number))

    # --- rows

    def rows(self, number: int, provider_ids: Collection[str] | None = None) -> list[Held]:
        """Return the rows of a connection that the books hold; None = all of them."""
        sql = (
            f"SELECT b.provider_id, {_HELD} FROM bank_row b JOIN transactions t ON t.id = b.transaction_id {_FROM} "
            "WHERE b.connection_id = ?2"
        )
        values: list[Any] = [LAYOUT, number]
        if provider_ids is not None:
            sql += " AND b.provider_id IN (SELECT value FROM json_each(?3))"
            values.append(json.dumps(sorted(provider_ids)))
        return [Held._make(row) for row in self._connection.execute(f"{sql} ORDER BY b.id", values)]

    def taken_back(self, number: int, accounts: Collection[int], first: Day, last: Day) -> list[Held]:
        """Return rows of these days that a bank took back: one may come again under another id.

        Their provider's id is that of this connection, empty where it tells nothing of them.
        """
        rows = self._connection.execute(
            f"SELECT COALESCE(b.provider_id, ''), {_HELD} FROM decision g JOIN transactions t "
            f"ON t.id = g.transaction_id {_FROM} "
            "LEFT JOIN bank_row b ON b.transaction_id = t.id AND b.connection_id = ?2 "
            "WHERE g.deleted_reason = ?3 AND t.account_id IN (SELECT value FROM json_each(?4)) "
            "AND t.posted_date BETWEEN ?5 AND ?6 ORDER BY t.id",
            (LAYOUT, number, GONE, json.dumps(sorted(accounts)), first, last),
        )
        return [Held._make(row) for row in rows]

    def told(self, number: int, account_id: int, first: Day, last: Day) -> set[int]:
        """Return the rows of an account, of some days, that a connection tells of."""
        rows = self._connection.execute(
            "SELECT t.id FROM transactions t JOIN bank_row b ON b.transaction_id = t.id "
            "WHERE t.account_id = ? AND t.posted_date BETWEEN ? AND ? AND b.connection_id = ?",
            (account_id, first, last, number),
        )
        return {row[0] for row in rows}

    def is_told_elsewhere(self, number: int, transaction_id: int) -> bool:
        """Return whether another connection that has not ended tells of a row: of an account that two people share."""
        row = self._connection.execute(
            "SELECT 1 FROM bank_row b JOIN bank_connection c ON c.id = b.connection_id "
            "WHERE b.transaction_id = ? AND b.connection_id <> ? AND c.ended = 0",
            (transaction_id, number),
        ).fetchone()
        return row is not None

    def has_rows_in(self, account_id: int, currency: str) -> bool:
        """Return whether an account has a row in a currency."""
        row = self._connection.execute(
            "SELECT 1 FROM transactions WHERE account_id = ? AND currency = ? LIMIT 1", (account_id, currency)
        ).fetchone()
        return row is not None

    def insert(self, first_id: int, rows: Sequence[NewRow]) -> None:
        """Insert rows, the first under a given id and the others behind it; many in one statement, as imports do."""
        if not rows:
            return
        width = len(rows[0])
        whole = len(rows) - len(rows) % _AT_ONCE
        for size, start, end in ((_AT_ONCE, 0, whole), (1, whole, len(rows))):
            if start == end:
                continue
            one = f"({marks_of(range(width + 1))})"
            self._connection.executemany(
                f"INSERT INTO transactions (id, {_NEW}) VALUES {', '.join([one] * size)}",
                (
                    list(chain.from_iterable((first_id + n, *rows[n]) for n in range(place, place + size)))
                    for place in range(start, end, size)
                ),
            )

    def bind(self, number: int, pairs: Sequence[tuple[str, int]]) -> None:
        """Note which rows of the books new rows of a bank are: (provider's id, transaction)."""
        whole = len(pairs) - len(pairs) % _AT_ONCE
        for size, start, end in ((_AT_ONCE, 0, whole), (1, whole, len(pairs))):
            if start == end:
                continue
            self._connection.executemany(
                "INSERT INTO bank_row (connection_id, provider_id, transaction_id) VALUES "
                + ", ".join([f"({number:d}, ?, ?)"] * size),
                (list(chain.from_iterable(pairs[place : place + size])) for place in range(start, end, size)),
            )

    def bind_again(self, number: int, old_id: str, new_id: str, transaction_id: int) -> None:
        """A row of the bank goes by another id now, or is another row of the books."""
        self._connection.execute(
            "UPDATE bank_row SET provider_id = ?, transaction_id = ? WHERE connection_id = ? AND provider_id = ?",
            (new_id, transaction_id, number, old_id),
        )

    def unbind(self, number: int, provider_ids: Iterable[str]) -> None:
        self._connection.executemany(
            "DELETE FROM bank_row WHERE connection_id = ? AND provider_id = ?",
            [(number, each) for each in provider_ids],
        )
