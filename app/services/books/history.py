"""Undo, redo, and what was done. The sentences are made when shown; the books keep only codes."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.errors import Conflict, NotFound, NothingToUndo
from app.services.backup.safety import before_bulk
from app.services.books.open_books import Books
from app.services.books.work import Outcome, Work
from app.store import journal, operations
from app.store.labels import Group
from app.store.reversal import Reversal

LABELS = {
    "start": "Made the books",
    "import": "Imported a file",
    "add": "Added a transaction",
    "set": "Changed a transaction",
    "split": "Split a transaction",
    "unsplit": "Joined a split transaction",
    "link": "Linked two transactions",
    "unlink": "Unlinked two transactions",
    "merge": "Merged two transactions",
    "not_duplicate": "Kept two transactions apart",
    "delete": "Deleted transactions",
    "restore": "Restored a transaction",
    "answer": "Answered a question",
    "skip": "Put a question off",
    "snooze": "Put a question off to a day",
    "wake": "Brought a question back",
    "confirm": "Confirmed suggestions",
    "set_many": "Changed many transactions",
    "rule_add": "Added a rule",
    "rule_set": "Changed a rule",
    "rule_remove": "Removed a rule",
    "rules_order": "Changed the order of the rules",
    "answer_learn": "Remembered an answer",
    "answer_remove": "Forgot a remembered answer",
    "answer_set": "Changed a remembered answer",
    "answer_rule": "Made a rule of a remembered answer",
    "account_add": "Added an account",
    "account_set": "Changed an account",
    "account_remove": "Removed an account",
    "profile": "Changed the profile",
    "business_add": "Added a business",
    "business_set": "Changed a business",
    "tax_payment": "Recorded a tax payment",
    "set_asides": "Kept the set-asides as shown",
    "tax_postpone": "Changed the date of an instalment",
    "vehicle_add": "Added a vehicle",
    "vehicle_set": "Changed a vehicle",
    "vehicle_remove": "Removed a vehicle",
    "asset_add": "Added equipment",
    "asset_set": "Changed equipment",
    "asset_remove": "Removed equipment",
    "home_office_add": "Added a home office",
    "home_office_set": "Changed a home office",
    "home_office_remove": "Removed a home office",
    "business_facts": "Changed the yearly facts of a business",
    "payer_set": "Changed a payer",
    "payer_merge": "Joined two payers",
    "payer_split": "Parted a payer",
    "payer_apart": "Kept two payers apart",
    "expected_add": "Added an expected payment",
    "expected_set": "Changed an expected payment",
    "expected_remove": "Removed an expected payment",
    "form_add": "Recorded a form 1099",
    "form_set": "Changed a form 1099",
    "form_remove": "Removed a form 1099",
    "layout_rename": "Renamed a file layout",
    "layout_remove": "Removed a file layout",
    "erase": "Erased a payer",
    "bank_setup": "Set up the bank link",
    "bank_link": "Connected a bank",
    "bank_disconnect": "Disconnected a bank",
    "bank_sync": "Fetched rows from a bank",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One entry of the history."""

    id: int
    at: str
    actor: str
    label: str
    rows: int
    undone_by: int | None


def history(books: Books, *, limit: int = 200, transaction_id: int | None = None) -> list[Operation]:
    """Return operations, newest first; 0 = all. With a transaction, only those that touched it.

    Raises: NotFound for a transaction that never was.
    """
    wanted = None
    if transaction_id is not None:
        wanted = set(books.transactions.touched_by(transaction_id))
        if not wanted and not books.transactions.exists(transaction_id):
            raise NotFound(f"There is no transaction {transaction_id}.", "Look it up with: ops1099 transactions list")
    found = operations.newest(books.connection, limit if wanted is None else 0, wanted)
    return [
        Operation(
            id=row.id,
            at=row.at,
            actor=row.actor,
            label=_label(books, row),
            rows=row.row_count,
            undone_by=row.undone_by,
        )
        for row in found
    ]


def _label(books: Books, row: operations.OperationRow) -> str:
    if row.undoes is None:
        return LABELS.get(row.code, row.code)
    target = operations.get(books.connection, row.undoes)
    if target is None:
        return "Undid a change"
    if target.undoes is None:
        return f"Undid: {LABELS.get(target.code, target.code)}"
    first = operations.get(books.connection, target.undoes)
    return f"Redid: {LABELS.get(first.code, first.code)}" if first else "Redid a change"


def undo(books: Books, operation: int | None = None, *, dry_run: bool = False, actor: str = "user") -> Outcome:
    """Put back one operation; without a number the newest that stands.

    Raises: NothingToUndo; NotFound; Conflict naming the operations in the way.
    """
    if operation is None:
        operation = journal.newest_to_undo(books.connection)
        if operation is None or operation <= _first(books):
            raise NothingToUndo("There is nothing to undo.", "See what was done with: ops1099 history")
    row = operations.get(books.connection, operation)
    if row is None:
        raise NotFound(f"There is no operation {operation}.", "See what was done with: ops1099 history")
    if operation <= _first(books):
        raise Conflict("The first operation made the books; it cannot be undone.", "Nothing was changed.")
    if row.code == journal.ERASE:
        raise Conflict("An erasure cannot be taken back: what it removed is nowhere any more.", "Nothing was changed.")
    if row.code in journal.FINAL:
        raise Conflict(
            "Connecting and disconnecting a bank cannot be undone: the bank took part in it.",
            "Disconnect the bank, or connect it again, under Accounts.",
        )
    if row.undone_by is not None:
        raise Conflict(
            f"Operation {operation} is undone already, by operation {row.undone_by}.", "Nothing was changed."
        )
    return _reverse(books, operation, actor, dry_run=dry_run)


def redo(books: Books, *, dry_run: bool = False, actor: str = "user") -> Outcome:
    """Undo the newest undo, if nothing was done since. Raises: NothingToUndo; Conflict."""
    operation = journal.newest_to_redo(books.connection)
    if operation is None:
        raise NothingToUndo("There is nothing to redo.", "Redo works right after an undo, before any other change.")
    return _reverse(books, operation, actor, dry_run=dry_run)


def _first(books: Books) -> int:
    """The operation that made the books stays."""
    return operations.first(books.connection)


def _reverse(books: Books, operation: int, actor: str, *, dry_run: bool) -> Outcome:
    if operation <= journal.horizon(books.connection):
        raise Conflict(
            "The format of the books changed its meaning since, so this operation can no longer be undone.",
            "Change the rows by hand; the history still shows what was done.",
        )
    if not dry_run:
        before_bulk(books, operations.transactions_made(books.connection, operation))
    with books.work.operation("undo", undoes=operation, actor=actor, dry_run=dry_run, durable=True) as work:
        reversal = Reversal(books.connection, operation)
        blocking = reversal.in_the_way()
        if blocking:
            raise journal.conflict(blocking)
        ids = _announce(work, reversal)
        reversal.apply()
        _relabel(work, ids)
        books.forget_professions()
    return work.outcome


def _announce(work: Work, reversal: Reversal) -> list[int]:
    """Say what will count otherwise once the operation is put back, so that everything derived follows."""
    ids = sorted(reversal.touched_transactions())
    work.touch(ids)
    _relabel(work, ids)
    tables = reversal.tables()
    # An opening balance says nothing about what a row is.
    accounts_differ = "account" in tables and bool(reversal.changes("account") - {"opening_cents", "opening_known"})
    if accounts_differ or tables & {"rule", "answer", "business", "vehicle", "vehicle_year"}:
        work.relabel_all = work.rematch_all = True
    if tables & {"link", "part"}:
        work.rematch_all = True
    return ids


def _relabel(work: Work, ids: list[int]) -> None:
    """Name the groups and days of rows as they stand: before the operation is put back, and again after it."""
    for groups, span in operations.standing(work.books.connection, ids):
        work.groups |= {Group(*group) for group in groups}
        if span:
            work.span(*span)
