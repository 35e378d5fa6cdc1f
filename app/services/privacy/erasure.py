"""Erase a payer: every word about them goes, amounts and dates stay under another name.

Two steps: `erasure_requests` says what will happen and makes a code, which the caller shows to a person and to nobody
else; `erase_payer` goes to work once that code came back. What was erased cannot be taken back. All changes are one
transaction; what the file still holds in free pages and in its log is cleaned right after it, or at the next start.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from app.core.books.erasing import Eraser, Payer
from app.core.errors import AppError
from app.core.security.audit_events import Event
from app.services.audit.audit_notes import note
from app.services.books.work import Work
from app.services.derived import derive
from app.services.privacy import erasure_scope
from app.store import erasure, journal
from app.store.connection import translated
from app.store.decisions import Decision
from app.store.descriptors import Text

if TYPE_CHECKING:
    from app.core.ports import Randomness
    from app.services.books.open_books import Books


class Erased(NamedTuple):
    operation: int
    shown_as: str
    rows: int
    clean: bool
    """False when another program held the file: its old pages go at the next start."""


def erase_payer(books: Books, selector: str, randomness: Randomness) -> Erased:
    """Erase a payer whose code was confirmed. Raises: NotFound; InUse while another program has the books open."""
    books.refuse_reader()
    with books.alone() as alone:
        payer = erasure_scope.find(alone, selector)
        operation = _erase(alone, payer, int.from_bytes(randomness.token(6), "big") + 1)
        cleaned = _cleaned(alone)
    books.anchor_in_keychain = True
    books.committed()
    return Erased(operation, payer.shown, len(payer.rows), cleaned)


def resume(books: Books) -> None:
    """Clean up behind an erasure that was interrupted, if the home can be had alone; else the next start does."""
    if books.reads_only or not erasure.is_unfinished(books.connection):
        return
    try:
        with books.alone(0) as alone:
            _cleaned(alone)
    except AppError:
        return


def _cleaned(books: Books) -> bool:
    with translated():
        erasure.clean(books.connection)
    return not erasure.is_unfinished(books.connection)


def _erase(books: Books, payer: Payer, number: int) -> int:
    """Do it all in one transaction, and return the operation that stands for it in the history."""
    connection = books.connection
    with translated():
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("BEGIN IMMEDIATE")
        try:
            before = erasure.standing(connection)
            operation = journal.begin(
                connection, at=books.stamp(), actor="user", code=journal.ERASE, undoes=None,
                schema_version=books.schema_version,
            )  # fmt: skip
            work = Work(books, operation, books.transactions.last_id() + 1)
            with erasure.unsealed(connection):
                changes = _wash(books, payer)
                derive.rebuild(work)
                _hold(work, before)
                journal.close(connection, operation, {})
            erasure.wash_images(connection, changes)
            erasure.drop_unused(connection)
            erasure.begin(connection, number, books.stamp())
            _record(books, number)
            journal.commit(connection, operation)
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        finally:
            connection.execute("PRAGMA synchronous = NORMAL")
    return operation


def _wash(books: Books, payer: Payer) -> dict[str, Callable[[erasure.Row], erasure.Row | None]]:
    """Wash the rows of the books; returns what does the same to their old images."""
    connection = books.connection
    eraser = Eraser(payer)
    theirs = erasure_scope.texts_of(books, payer, eraser)
    only_theirs = erasure_scope.rules_of(books, theirs)
    about = theirs | _texts_naming(books, eraser)
    changes: dict[str, Callable[[erasure.Row], erasure.Row | None]] = {
        "decision": eraser.decision,
        "rule": lambda row: eraser.rule(row, only_theirs),
        "answer": lambda row: None if erasure_scope.is_theirs(row["merchant_key"], payer, eraser) else row,
        "tax_payment": eraser.tax_payment,
        **dict.fromkeys(("vehicle", "asset", "home_office"), eraser.thing),
        "tax_override": eraser.override,
        "payer": lambda row: eraser.about(row, "name", about),
        "expected_payment": lambda row: eraser.about(row, "note", about),
        "form_1099": lambda row: eraser.about(row, "note", about),
    }
    for table in erasure.WASHED:
        erasure.wash(connection, table, changes[table])
    _wash_texts(books, payer, eraser, theirs)
    return {**changes, "answer": lambda row: _without_key(row, payer, eraser)}


def _without_key(row: erasure.Row, payer: Payer, eraser: Eraser) -> erasure.Row:
    theirs = erasure_scope.is_theirs(row["merchant_key"], payer, eraser)
    return {**row, "merchant_key": payer.shown.casefold()} if theirs else row


def _texts_naming(books: Books, eraser: Eraser) -> set[int]:
    """Return the texts that name them, whether a row has them or a person typed them as a payer's name."""
    every = [row[0] for row in books.connection.execute("SELECT id FROM descriptor")]
    return {number for number, text in books.descriptors.texts(every).items() if eraser.names(text.text)}


def _wash_texts(books: Books, payer: Payer, eraser: Eraser, theirs: set[int]) -> None:
    every = [row[0] for row in books.connection.execute("SELECT id FROM descriptor ORDER BY id")]
    held = books.descriptors.texts(every)
    taken = {text.text for text in held.values()}
    count = 1
    for number, text in held.items():
        if number in theirs:
            while (shown := payer.shown if count == 1 else f"{payer.shown} ({count})") in taken:
                count += 1
            taken.add(shown)
            books.descriptors.rewrite(number, Text(shown, None, None))
            continue
        new = Text(eraser.washed(text.text) or "", eraser.washed(text.type_word), eraser.washed(text.memo))
        if new != text:
            books.descriptors.rewrite(number, new)


def _hold(work: Work, before: dict[int, erasure.Standing]) -> None:
    """Settle what only the erased words had settled, so that every sum stays as it was."""
    books = work.books
    now = erasure.standing(books.connection)
    decisions: dict[int, Decision] = {}
    for number, was in before.items():
        if was.status in {"auto", "confirmed"} and not was.is_split and now[number][:3] != was[:3]:
            held = books.decisions.get(number)
            decisions[number] = held._replace(kind=was.kind, line=was.line, percent=was.percent)
    if decisions:
        books.decisions.decide_many(decisions)
        derive.rebuild(work)


def _record(books: Books, number: int) -> None:
    """Note it in the audit log by a random number and the time; whose it was is written nowhere.

    Rows and images of all ages were changed, so the digest of the books begins anew, and the entry states it.
    """
    note(books, Event.ERASURE, object_id=number, code="payer", digest=books.digest.rebuild())
