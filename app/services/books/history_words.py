"""What was done, in sentences that name what it was about. Names are read when shown; the books keep row numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.books import naming
from app.core.books.naming import counted
from app.core.errors import NotFound
from app.services.books import history
from app.services.books.history import Operation
from app.services.books.open_books import Books
from app.services.ledger import finding
from app.store import journal, operations
from app.store.operations import OperationRow
from app.store.reversal import Reversal

CAP = 99
"""More steps to undo are not counted."""
_LOOKED_AT = 50
"""Rows of an operation that are read for their names."""

_ABOUT = {
    "import": "Imported {about}",
    "add": "Added {about}",
    "set": "Changed {about}",
    "set_many": "Changed {about}",
    "split": "Split {about}",
    "unsplit": "Joined {about} again",
    "link": "Linked {about}",
    "unlink": "Unlinked {about}",
    "merge": "Merged {about}",
    "delete": "Deleted {about}",
    "restore": "Restored {about}",
    "answer": "Booked {about}",
    "confirm": "Booked {about}",
    "skip": "Put off {about}",
    "snooze": "Put off {about}",
    "wake": "Brought back {about}",
    "rule_add": "Added the rule for {about}",
    "rule_set": "Changed the rule for {about}",
    "rule_remove": "Removed the rule for {about}",
    "answer_learn": "Remembered the answer for {about}",
    "answer_remove": "Forgot the answer for {about}",
    "answer_set": "Changed the answer for {about}",
    "answer_rule": "Made a rule of the answer for {about}",
    "account_add": "Added the account {about}",
    "account_set": "Changed the account {about}",
    "account_remove": "Removed the account {about}",
}
_NAMED_BY = {
    "import": ("imported_file", "name"),
    "rule_add": ("rule", "name", "text", "counterparty", "regex"),
    "rule_set": ("rule", "name", "text", "counterparty", "regex"),
    "rule_remove": ("rule", "name", "text", "counterparty", "regex"),
    "answer_learn": ("answer", "merchant_key"),
    "answer_remove": ("answer", "merchant_key"),
    "answer_set": ("answer", "merchant_key"),
    "answer_rule": ("answer", "merchant_key"),
    "account_add": ("account", "name"),
    "account_set": ("account", "name"),
    "account_remove": ("account", "name"),
}
"""Operations that are about something other than transactions: the table and the column that name it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of the history. `can_undo` may still meet later changes that rest on it: `preview_undo` says."""

    operation: Operation
    sentence: str
    about: str
    """Payee, file or account; empty where there is none."""
    can_undo: bool
    undone: bool


def entries(books: Books, *, limit: int = 50, transaction_id: int | None = None) -> list[Entry]:
    """Return what was done, newest first, named. Raises: NotFound for a transaction that never was."""
    reach = max(journal.horizon(books.connection), operations.first(books.connection))
    found = []
    for operation in history.history(books, limit=limit, transaction_id=transaction_id):
        row = operations.get(books.connection, operation.id)
        if row is None:
            continue
        about, sentence = _said(books, row, operation.label)
        undone = operation.undone_by is not None
        found.append(
            Entry(
                operation=operation, sentence=sentence, about=about, undone=undone,
                can_undo=not undone and row.undoes is None and operation.id > reach and row.code not in journal.FINAL,
            )
        )  # fmt: skip
    return found


def _said(books: Books, row: OperationRow, label: str) -> tuple[str, str]:
    """Return what an operation was about, and the sentence for it."""
    if row.undoes is not None:
        target = operations.get(books.connection, row.undoes)
        if target is None:
            return "", label
        again = target.undoes is not None
        first = operations.get(books.connection, target.undoes) if target.undoes is not None else target
        if first is None:
            return "", label
        about, sentence = _said(books, first, history.LABELS.get(first.code, first.code))
        return about, f"{'Redid' if again else 'Undid'}: {sentence}"
    about = _about(books, row)
    return about, _ABOUT[row.code].format(about=about) if about and row.code in _ABOUT else label


def _about(books: Books, row: OperationRow) -> str:
    if row.code in _NAMED_BY:
        table, *columns = _NAMED_BY[row.code]
        names = next(
            (found for column in columns if (found := operations.names_in(books.connection, row.id, table, column))), []
        )
        return _several([naming.payee(name) for name in names] if row.code.startswith("answer_") else names)
    ids, count = operations.transactions_in(books.connection, row.id, _LOOKED_AT)
    rows = books.transactions.block(ids)
    names = list(dict.fromkeys(shown.payee for shown in finding.shown(books, rows)))
    if len(names) == 1:
        return names[0] if count == 1 else f"{names[0]}, {counted(count, 'row')}"
    return _several(names) if count <= _LOOKED_AT else f"{names[0]} and others, {counted(count, 'row')}"


def _several(names: Sequence[str]) -> str:
    if len(names) < 3:
        return " and ".join(names)
    return f"{names[0]} and {len(names) - 1} more"


def newest_label(books: Books) -> str | None:
    """Return what undo would take back now, for the menu: `Booked Figma`; None when there is nothing."""
    number = journal.newest_to_undo(books.connection)
    if number is None or number <= operations.first(books.connection):
        return None
    return sentence(books, number)


def redo_label(books: Books) -> str | None:
    """Return what redo would do again, or None."""
    number = journal.newest_to_redo(books.connection)
    row = operations.get(books.connection, number) if number is not None else None
    return sentence(books, row.undoes) if row is not None and row.undoes is not None else None


def sentence(books: Books, number: int) -> str:
    """Return what an operation did, named; empty for one that never was."""
    row = operations.get(books.connection, number)
    return "" if row is None else _said(books, row, history.LABELS.get(row.code, row.code))[1]


def steps_to_undo(books: Books, cap: int = CAP) -> int:
    """Return how many operations can be taken back one after another; at most `cap`."""
    reach = max(journal.horizon(books.connection), operations.first(books.connection))
    return journal.count_to_undo(books.connection, reach, cap)


def in_the_way(books: Books, operation: int) -> list[tuple[int, str]]:
    """Return the steps that must be undone before an operation can be, newest first, each with its sentence."""
    blocking = Reversal(books.connection, operation).in_the_way()
    return [(number, sentence(books, number)) for number in sorted(blocking, reverse=True)]


def touched(books: Books, operation: int) -> tuple[int, ...]:
    """Return the transactions an operation was about that are still in the books."""
    ids, count = operations.transactions_in(books.connection, operation, _LOOKED_AT)
    if count > _LOOKED_AT:
        ids, _ = operations.transactions_in(books.connection, operation, count)
    return tuple(number for number in ids if books.transactions.exists(number))


def preview_undo(books: Books, operation: int) -> str:
    """Return in words what undoing an operation would bring back, or what stands in the way. Raises: NotFound."""
    row = operations.get(books.connection, operation)
    if row is None:
        raise NotFound(f"There is no operation {operation}.", "Look at the history again.")
    if row.undone_by is not None:
        return "This is undone already."
    if operation <= max(journal.horizon(books.connection), operations.first(books.connection)):
        return "This can no longer be undone."
    reversal = Reversal(books.connection, operation)
    blocking = reversal.in_the_way()
    if blocking:
        named = "; ".join(sentence(books, number) for number in blocking[:3])
        return f"Later changes rest on this one. Undo these first: {named}."
    made = {table: last - first + 1 for table, (first, last) in reversal.made.items()}
    if made.get("transactions"):
        rows = counted(made["transactions"], "transaction")
        leave = "leaves" if made["transactions"] == 1 else "leave"
        again = " The file can be imported again." if row.code == "import" else ""
        return f"{rows} {leave} the books.{again}"
    touched = len(reversal.touched_transactions())
    if touched:
        return f"{counted(touched, 'transaction')} will be as {'it was' if touched == 1 else 'they were'} before."
    return "Everything will be as it was before."
