"""The keyed digest of the stored rows, kept up by every operation and proved by a walk over all rows.

Each table is cut into blocks of neighbouring keys. An operation hashes again only the blocks it touched. Before that it
puts each of those blocks together as it was when the operation began, from the rows it left alone and the before-images
of those it changed: if that is not what was hashed last, an old page has crept in, and the operation is refused rather
than made the new truth.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import NamedTuple

from app.core.errors import DamagedBooks
from app.core.security import row_digest
from app.store import schema
from app.store.connection import Connection


class Kept(NamedTuple):
    """How a table is cut: by which column, and how many low bits of it one block spans."""

    key: str
    bits: int


# Long tables that are written by the thousand have large blocks, those that a single edit touches have small ones.
_BITS = {"transactions": 7, "source_row": 7}
_SMALL = 5

TABLES: dict[str, Kept] = {
    **{table: Kept("id", _BITS.get(table, _SMALL)) for table in schema.BOOKS},
    "descriptor": Kept("id", 7),
    "operation": Kept("id", _SMALL),
    "made": Kept("operation_id", _SMALL),
    "journal": Kept("id", _SMALL),
    "outcome": Kept("id", _SMALL),
    "merchant": Kept("id", 7),
    "label": Kept("descriptor_id", 7),
    "row_label": Kept("transaction_id", _SMALL),
    "pair": Kept("out_id", _SMALL),
}
"""Month totals are proved by adding up again, the audit log by its chain."""

_NEVER = 1 << 62
"""A key no row has."""

FORMAT = "format"
"""The name under which the schema and what a migration notes are hashed, as one block."""


class Marks(NamedTuple):
    """Where the records ended when an operation began."""

    operation: int
    made: int
    journal: int
    descriptor: int


class Bad(NamedTuple):
    """A block that does not hold: rows of a table whose keys lie in a span."""

    table: str
    first: int
    last: int


class Proof(NamedTuple):
    """What a walk over all rows found. `blocks` are kept as they are found; the sum is that of the rows themselves."""

    bad: list[Bad]
    sum_holds: bool
    kept: bool
    """False when no entry of the audit log states a sum yet."""

    @property
    def ok(self) -> bool:
        return self.kept and self.sum_holds and not self.bad


class Digest:
    """The digest of the books behind one connection. Writing methods run inside the transaction of the change."""

    def __init__(self, connection: Connection, key: bytes) -> None:
        self._connection = connection
        self._key = key
        self._rows: dict[str, tuple[str, str]] = {}

    # --- kept up

    def marks(self, operation: int) -> Marks:
        """Return where the records end; asked when an operation has begun and changed nothing yet."""
        journal, descriptor = self._connection.execute(
            "SELECT (SELECT COALESCE(MAX(id), 0) FROM journal), (SELECT COALESCE(MAX(id), 0) FROM descriptor)"
        ).fetchone()
        return Marks(operation - 1, operation - 1, journal, descriptor)

    def follow(self, operation: int, marks: Marks, derived: Mapping[str, Collection[int]]) -> str:
        """Hash what an operation touched and return the new sum for its audit entry.

        `derived` are the keys it wrote of tables that have no journal: nothing is known of what they were.

        Raises: DamagedBooks when a block it touched was not as it was last hashed.
        """
        before = self.stated()
        if before is None:
            return self.rebuild()
        change = _Change()
        for table, mark in zip(Marks._fields, marks, strict=True):
            self._append(change, table, mark)
        made = {
            table: (first, last)
            for table, first, last in self._connection.execute(
                "SELECT table_name, first_id, last_id FROM made WHERE operation_id = ?", (operation,)
            )
        }
        images: dict[str, dict[int, str | None]] = {}
        for table, row, image in self._connection.execute(
            "SELECT table_name, row_id, before FROM journal WHERE id > ? ORDER BY id", (marks.journal,)
        ):
            images.setdefault(table, {}).setdefault(row, image)
        for table in sorted(images.keys() | made.keys()):
            self._touch(change, table, made.get(table), images.get(table, {}))
        for table, keys in derived.items():
            for block in {key >> TABLES[table].bits for key in keys}:
                change.put(table, block, self._stored(table, block), self._now(table, block))
        self._store(change)
        return row_digest.render(row_digest.changed(before, change.gone, change.come))

    def rebuild(self) -> str:
        """Hash everything again and return the sum: after a migration, or when rows were removed for good."""
        self._connection.execute("DELETE FROM row_digest")
        change = _Change()
        for table in TABLES:
            for block, text in self._blocks(table):
                change.put(table, block, b"", self._mac(table, block, text))
        change.put(FORMAT, 0, b"", self._format())
        self._store(change)
        return row_digest.render(row_digest.changed(0, (), change.come))

    def stated(self) -> int | None:
        """Return the sum that the audit log states last; None when it never did."""
        row = self._connection.execute(
            "SELECT body ->> 'digest' FROM audit WHERE body ->> 'digest' IS NOT NULL ORDER BY seq DESC LIMIT 1"
        ).fetchone()
        return row_digest.parse(row[0]) if row else None

    def _append(self, change: _Change, table: str, mark: int) -> None:
        """Hash the blocks of a record's new rows; those before the mark must be as they were."""
        last = self._connection.execute(f"SELECT MAX({TABLES[table].key}) FROM {table}").fetchone()[0] or 0
        if last > mark:
            self._touch(change, table, (mark + 1, last), {})

    def _touch(self, change: _Change, table: str, made: tuple[int, int] | None, images: dict[int, str | None]) -> None:
        """Hash the blocks of new rows and of changed ones, each compared with what it was."""
        bits = TABLES[table].bits
        first_new, last_new = made or (_NEVER, _NEVER)
        mixed = {number >> bits for number in images}
        if made:
            start = first_new >> bits
            if first_new & ((1 << bits) - 1):
                mixed.add(start)
                start += 1
            for block in range(start, (last_new >> bits) + 1):
                if block not in mixed:
                    change.put(table, block, b"", self._now(table, block))
        for block in sorted(mixed):
            self._compare(change, table, block, first_new, images)

    def _compare(self, change: _Change, table: str, block: int, first_new: int, images: dict[int, str | None]) -> None:
        bits = TABLES[table].bits
        low = block << bits
        rows = self._connection.execute(self._sql(table)[1], (low, low + (1 << bits) - 1)).fetchall()
        untouched = [(key, text) for key, text in rows if key < first_new and key not in images]
        untouched += [
            (key, image) for key in range(low, low + (1 << bits))
            if key < first_new and (image := images.get(key)) is not None
        ] if images else []  # fmt: skip
        untouched.sort(key=_place)
        was = self._mac(table, block, "".join([text for _, text in untouched]))
        if was != self._stored(table, block):
            raise damaged()
        change.put(table, block, was, self._mac(table, block, "".join([text for _, text in rows])))

    def _store(self, change: _Change) -> None:
        self._connection.executemany("INSERT OR REPLACE INTO row_digest VALUES (?, ?, ?)", change.rows)
        if change.empty:
            self._connection.executemany("DELETE FROM row_digest WHERE table_name = ? AND block = ?", change.empty)

    # --- proved

    def prove(self, check: Callable[[], None]) -> Proof:
        """Hash every row and compare. `check` is called now and then and may raise Cancelled."""
        bad: list[Bad] = []
        found: list[bytes] = []
        for table, kept in TABLES.items():
            stored = dict(
                self._connection.execute("SELECT block, mac FROM row_digest WHERE table_name = ?", (table,)).fetchall()
            )
            for number, (block, text) in enumerate(self._blocks(table)):
                if number % 64 == 0:
                    check()
                mac = self._mac(table, block, text)
                found.append(mac)
                if stored.pop(block, None) != mac:
                    bad.append(Bad(table, block << kept.bits, ((block + 1) << kept.bits) - 1))
            bad += [Bad(table, block << kept.bits, ((block + 1) << kept.bits) - 1) for block in stored]
        mac = self._format()
        found.append(mac)
        row = self._connection.execute("SELECT mac FROM row_digest WHERE table_name = ?", (FORMAT,)).fetchone()
        if row is None or row[0] != mac:
            bad.append(Bad(FORMAT, 0, 0))
        stated = self.stated()
        return Proof(bad, stated == row_digest.changed(0, (), found), stated is not None)

    # --- reading

    def _blocks(self, table: str) -> Iterator[tuple[int, str]]:
        """Yield each block that has rows: its number and its text."""
        key, bits = TABLES[table]
        following = f"SELECT MIN({key}) FROM {table} WHERE {key} >= ?"
        lowest = self._connection.execute(f"SELECT MIN({key}) FROM {table}").fetchone()[0]
        while lowest is not None:
            block = lowest >> bits
            yield block, self._text(table, block)
            lowest = self._connection.execute(following, ((block + 1) << bits,)).fetchone()[0]
            if lowest is not None and lowest >> bits <= block:
                raise damaged()  # a tree that is out of order would be walked for ever

    def _text(self, table: str, block: int) -> str:
        low = block << TABLES[table].bits
        high = low + (1 << TABLES[table].bits) - 1
        return self._connection.execute(self._sql(table)[0], (low, high)).fetchone()[0] or ""

    def _sql(self, table: str) -> tuple[str, str]:
        """Return two queries over a span of keys: all rows as one text, and the text of each.

        The text of a row is the array the journal keeps as its before-image: it begins and ends with a bracket and
        quotes what is text, so no other rows give the same.
        """
        if table not in self._rows:
            columns = ", ".join(row[1] for row in self._connection.execute(f"PRAGMA table_info({table})"))
            span = f"FROM {table} WHERE {TABLES[table].key} BETWEEN ? AND ?"
            order = "operation_id, table_name" if table == "made" else "id"
            self._rows[table] = (
                f"SELECT group_concat(json_array({columns}), '') {span}",
                f"SELECT {TABLES[table].key}, json_array({columns}) {span} ORDER BY {order}",
            )
        return self._rows[table]

    def _now(self, table: str, block: int) -> bytes:
        return self._mac(table, block, self._text(table, block))

    def _stored(self, table: str, block: int) -> bytes:
        row = self._connection.execute(
            "SELECT mac FROM row_digest WHERE table_name = ? AND block = ?", (table, block)
        ).fetchone()
        return bytes(row[0]) if row else b""

    def _mac(self, table: str, block: int, text: str) -> bytes:
        return row_digest.block_mac(self._key, table, block, text) if text else b""

    def _format(self) -> bytes:
        """Return the hash of the schema and of what migrations noted."""
        rows: list[tuple[object, ...]] = []
        for query in (
            "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name",
            "SELECT * FROM migration ORDER BY version",
            "SELECT * FROM image_columns ORDER BY schema_version, table_name",
        ):
            rows += self._connection.execute(query).fetchall()
        return row_digest.block_mac(self._key, FORMAT, 0, repr(rows))


class _Change:
    """The hashes an operation takes out of the sum and puts into it."""

    def __init__(self) -> None:
        self.gone: list[bytes] = []
        self.come: list[bytes] = []
        self.rows: list[tuple[str, int, bytes]] = []
        self.empty: list[tuple[str, int]] = []

    def put(self, table: str, block: int, was: bytes, now: bytes) -> None:
        if was:
            self.gone.append(was)
        if now:
            self.come.append(now)
            self.rows.append((table, block, now))
        elif was:
            self.empty.append((table, block))


def _place(row: tuple[int, str]) -> int:
    return row[0]


def damaged() -> DamagedBooks:
    return DamagedBooks(
        "A part of the books is not what was last written: an older piece of the file was put back, or it is damaged.",
        "Nothing was changed. `ops1099 doctor` names the place and what to do.",
    )
