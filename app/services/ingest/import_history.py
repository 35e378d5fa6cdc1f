"""What was imported, newest first, and the layouts of tables that a person or the program worked out once."""

from __future__ import annotations

import json
from dataclasses import dataclass

from app.core.errors import Conflict, NotFound, Refused
from app.core.ingest.typed import kept
from app.services.books.open_books import Books
from app.services.books.work import Outcome
from app.store import import_records


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportEntry:
    """One account of one file. `can_undo` takes back the whole file: `history.undo(books, operation)`.

    An undo may still be refused when later changes rest on the file; the refusal names them.
    """

    operation: int
    at: str
    """UTC, ISO, milliseconds."""
    file: str
    account: str
    account_id: int
    rows: int
    added: int
    already_there: int
    rejected: int
    skipped: int
    undone: bool
    can_undo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedLayout:
    """How a table without a layout of its own is read. `words` tells what is known about it."""

    name: str
    words: str


def listed(books: Books, limit: int = 50) -> list[ImportEntry]:
    """Return the newest imports; `limit` counts files, 0 = all."""
    found = []
    for record in import_records.newest(books.connection, limit):
        troubles = json.loads(record.troubles)
        undone = record.undone_by is not None
        found.append(
            ImportEntry(
                operation=record.operation, at=record.at, file=record.file, account=record.account,
                account_id=record.account_id, rows=record.row_count, added=record.added,
                already_there=record.duplicates, rejected=len(troubles.get("rejected", [])),
                skipped=len(troubles.get("skipped", [])), undone=undone, can_undo=not undone and record.reachable,
            )
        )  # fmt: skip
    return found


def layouts(books: Books) -> list[SavedLayout]:
    """Return the saved layouts of tables."""
    found = []
    for name, _, body in books.settings.mappings():
        mapping = json.loads(body)
        roles = [role for role in ("date", "text", "amount", "debit", "credit", "balance") if mapping.get(role)]
        if mapping.get("format") == "qif":
            words = "day first" if mapping.get("date_order") == "dmy" else "month first"
            found.append(SavedLayout(name=name, words=f"QIF: dates {words}"))
            continue
        order = {"dmy": ", day first", "mdy": ", month first"}.get(str(mapping.get("date_order")), "")
        found.append(SavedLayout(name=name, words=f"CSV: {', '.join(roles)}{order}"))
    return found


def rename_layout(books: Books, name: str, new_name: str) -> Outcome:
    """Give a saved layout another name. Raises: NotFound, Refused, Conflict."""
    wanted = kept(new_name)[:60]
    if not wanted:
        raise Refused("A layout needs a name.", "Give it a few words, such as the name of the bank.")
    _existing(books, name)
    if wanted != name and any(each == wanted for each, _, _ in books.settings.mappings()):
        raise Conflict(f"There is a layout “{wanted}” already.", "Choose another name.")
    with books.work.operation("layout_rename") as work:
        if wanted != name:
            books.settings.rename_mapping(name, wanted)
    return work.outcome


def remove_layout(books: Books, name: str) -> Outcome:
    """Forget a saved layout: the next file with these columns is worked out anew. Raises: NotFound."""
    _existing(books, name)
    with books.work.operation("layout_remove") as work:
        books.settings.remove_mapping(name)
    return work.outcome


def _existing(books: Books, name: str) -> None:
    if all(each != name for each, _, _ in books.settings.mappings()):
        raise NotFound(f"There is no saved layout “{name}”.", "It may have been removed just now.")
