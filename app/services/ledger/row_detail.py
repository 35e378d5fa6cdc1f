"""All there is to say about one transaction: its parts and links, why it stands as it does, and its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from app.core.books.vocabulary import Status
from app.services.books import history, history_words
from app.services.books.open_books import Books
from app.services.classify import explaining
from app.services.classify.explaining import Explained
from app.services.derived import movements
from app.services.ledger import finding, row_links, transactions
from app.services.ledger.finding import Shown
from app.services.ledger.transactions import Part
from app.store.transactions import Listed

_LATEST = 20
"""Steps of the history that are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """A row this one belongs to. `type` is one of `row_links.LINK_TYPES`, or `movements.FUNDING`."""

    type: str
    row: Listed
    payee: str


class Step(NamedTuple):
    """One step of a row's history. An import is undone where all its rows are seen, not from one of them."""

    operation: int
    sentence: str
    at: datetime
    undone: bool
    can_undo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    row: Listed
    shown: Shown
    parts: tuple[Part, ...]
    whole_cents: int
    """What the parts must sum to: with a fee, the gross."""
    links: tuple[Linked, ...]
    why: Explained | None
    """Why it stands as it does; None for a deleted row."""
    own_payee: str
    """The payee a person gave; empty where it is the program's."""
    deleted_because: str
    history: tuple[Step, ...]
    """Newest first."""


def detail(books: Books, transaction_id: int) -> Detail:
    """Raises: NotFound."""
    with books.reading():
        row = transactions.existing(books, transaction_id)
        decision = books.decisions.get(transaction_id)
        deleted = row.status == Status.DELETED
        return Detail(
            row=row,
            shown=finding.shown(books, [row])[0],
            parts=tuple(
                Part(cents=c, kind=k, line=n, percent=p) for c, k, n, p in books.decisions.parts(transaction_id)
            ),
            whole_cents=row.cents if row.fee_cents is None or row.gross_cents is None else row.gross_cents,
            links=_links(books, transaction_id),
            why=None if deleted else explaining.explain(books, transaction_id),
            own_payee=decision.merchant or "",
            deleted_because=decision.deleted_reason or "",
            history=_history(books, transaction_id),
        )


def _history(books: Books, transaction_id: int) -> tuple[Step, ...]:
    found = history_words.entries(books, limit=_LATEST, transaction_id=transaction_id)
    zone = books.zone()
    return tuple(
        Step(
            operation=entry.operation.id,
            sentence=entry.sentence,
            at=datetime.fromisoformat(entry.operation.at).astimezone(zone),
            undone=entry.undone,
            can_undo=entry.can_undo and entry.operation.label != history.LABELS["import"],
        )
        for entry in found
    )


def _links(books: Books, transaction_id: int) -> tuple[Linked, ...]:
    types = {
        (second_id if first_id == transaction_id else first_id): type_
        for type_, first_id, second_id, *_ in books.decisions.links([transaction_id])
        if type_ in {*row_links.LINK_TYPES, movements.FUNDING}
    }
    rows = books.transactions.block(sorted(types))
    names = finding.shown(books, rows)
    return tuple(Linked(type=types[row.id], row=row, payee=shown.payee) for row, shown in zip(rows, names, strict=True))
