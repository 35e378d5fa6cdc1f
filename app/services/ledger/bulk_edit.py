"""One change to many rows at once: one operation, one step to undo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.core.books import naming
from app.core.books.vocabulary import Status
from app.core.errors import Refused
from app.core.ingest.typed import kept
from app.services.backup.safety import before_bulk
from app.services.books.open_books import Books
from app.services.books.work import Outcome, Work
from app.services.ledger import balances, transactions
from app.store.decisions import Decision
from app.store.transactions import Listed

SETTABLE = tuple(name for name in transactions.SETTABLE if name != "date")


def change_many(books: Books, ids: Sequence[int], values: Mapping[str, str], *, dry_run: bool = False) -> Outcome:
    """Change what a person may change about rows, all in the same way; rows that are gone are left out.

    `values` has the keys of `SETTABLE`, as typed; nothing is changed when they do not fit one of the rows.
    Raises: NotFound, Refused, SealedYear.
    """
    strange = sorted(set(values) - set(SETTABLE))
    if strange:
        raise Refused(f"“{strange[0]}” cannot be set for many rows.", f"These can: {', '.join(SETTABLE)}.")
    rows = books.transactions.block(ids)
    held = books.decisions.of_many([row.id for row in rows])
    with books.work.operation("set_many", dry_run=dry_run) as work:
        _decide(work, rows, held, {
            row.id: transactions.decided(books, row, held.get(row.id, Decision()), values) for row in rows
        })  # fmt: skip
    return work.outcome


def confirm_many(books: Books, ids: Sequence[int], *, dry_run: bool = False) -> tuple[Outcome, int]:
    """Settle rows as they are booked or suggested; returns the outcome and how many had no suggestion and stay open.

    Raises: SealedYear.
    """
    rows = [row for row in books.transactions.block(ids) if row.status in {Status.AUTO, Status.SUGGESTED}]
    sure = [row for row in rows if naming.confidence_word(row.confidence) != naming.NO_SUGGESTION]
    held = books.decisions.of_many([row.id for row in sure])
    with books.work.operation("confirm", dry_run=dry_run) as work:
        _decide(work, sure, held, {
            row.id: held.get(row.id, Decision())._replace(
                kind=row.kind, line=row.line, percent=row.percent, skipped=0, snoozed_until=None
            )
            for row in sure
        })  # fmt: skip
    return work.outcome, len(rows) - len(sure)


def delete_many(books: Books, ids: Sequence[int], reason: str, *, dry_run: bool = False) -> Outcome:
    """Delete rows: they stay as state `deleted`, so that no import brings them back. Raises: Refused, SealedYear."""
    words = kept(reason)
    if not words:
        raise Refused("A deletion needs a reason.", "Say in a few words why.")
    rows = [row for row in books.transactions.block(ids) if row.status != Status.DELETED]
    held = books.decisions.of_many([row.id for row in rows])
    if not dry_run:
        before_bulk(books, len(rows))
    earliest: dict[int, int] = {}
    for row in rows:
        earliest[row.account_id] = min(row.posted_date, earliest.get(row.account_id, row.posted_date))
    with books.work.operation("delete", dry_run=dry_run) as work:
        _decide(work, rows, held, {
            row.id: held.get(row.id, Decision())._replace(deleted_reason=words) for row in rows
        })  # fmt: skip
        for account_id, day in earliest.items():
            balances.follow_opening(books, account_id, day)
    return work.outcome


def _decide(work: Work, rows: Sequence[Listed], held: Mapping[int, Decision], wanted: Mapping[int, Decision]) -> None:
    """Write the decisions that differ; with one account nothing can pair, so nothing is matched again."""
    books = work.books
    changed = {number: wish for number, wish in wanted.items() if wish != held.get(number, Decision())}
    if not changed:
        return
    work.touch(changed)
    if len(books.accounts.all()) > 1:
        work.touch(books.pairs.partners(list(changed)))
        days = [row.posted_date for row in rows if row.id in changed]
        work.span(min(days), max(days))
    books.decisions.decide_many(changed)
