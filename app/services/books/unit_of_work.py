"""One flow for every change: a transaction of the change, its journal, its audit entry and what follows from it.

A service method opens an operation, changes facts or decisions through the repositories, and leaves. On the way out the
derived rows of what was touched are made again by the same code for every kind of change, undo included; then the
operation is closed, audited and committed. Anything raised on the way leaves the books as they were.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.services.books.work import Work
from app.store import audit, journal

if TYPE_CHECKING:
    from app.services.books.open_books import Books


SYNC_MS = 1000
"""A change waits for the disk when the last one that did is this old: a power cut takes at most a second of edits."""


class UnitOfWork:
    def __init__(self, books: Books) -> None:
        self._books = books
        self._synced_ms: int | None = None

    @contextmanager
    def operation(
        self, code: str, *, actor: str = "user", undoes: int | None = None, dry_run: bool = False, durable: bool = False
    ) -> Iterator[Work]:
        """Run one undoable change. `durable` waits for the disk; of other edits a power cut may take the last second.

        Raises: Busy after five seconds behind another writer; Conflict when the commit finds rows pointing to nothing;
        SealedYear; Refused on books that only read; DamagedBooks.
        """
        from app.services.derived import derive  # noqa: PLC0415 - loaded with the first change

        books = self._books
        books.refuse_reader()
        books.refuse_lost()
        connection = books.connection
        now_ms = books.clock.monotonic_ms()
        durable = durable or self._synced_ms is None or now_ms - self._synced_ms >= SYNC_MS
        with books.noticing():
            if durable:
                connection.execute("PRAGMA synchronous = FULL")
            connection.execute("BEGIN IMMEDIATE")
            try:
                work = Work(books, self._begin(code, actor, undoes), books.transactions.last_id() + 1)
                yield work
                derive.settle(work)
                rows = journal.close(connection, work.id, work.refs)
                work.outcome.rows = rows
                if dry_run or not rows:
                    connection.execute("ROLLBACK")
                else:
                    self._record(work, code, actor, undoes, rows)
                    journal.commit(connection, work.id)
                    if durable:
                        self._synced_ms = now_ms
                    work.outcome.operation = work.id
                    books.committed(synced=durable)
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            finally:
                if durable:
                    connection.execute("PRAGMA synchronous = NORMAL")

    def _begin(self, code: str, actor: str, undoes: int | None) -> int:
        books = self._books
        return journal.begin(
            books.connection, at=books.stamp(), actor=actor, code=code, undoes=undoes,
            schema_version=books.schema_version,
        )  # fmt: skip

    def _record(self, work: Work, code: str, actor: str, undoes: int | None, rows: int) -> None:
        books = self._books
        digest = books.digest.follow(work.id, work.marks, books.written.keys)
        audit.append(
            books.connection, books.subkey("audit-mac"), at=books.stamp(), monotonic_ms=books.clock.monotonic_ms(),
            event="undo" if undoes else "change", actor=actor, object_kind="operation", object_id=work.id,
            body={"code": code, "rows": rows, "undoes": undoes, "digest": digest, **work.audit_body},
        )  # fmt: skip
