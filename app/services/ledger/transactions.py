"""What a person does to single transactions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from app.core.books.vocabulary import Kind
from app.core.errors import Conflict, NotFound, Refused
from app.core.ingest.typed import kept, kept_lines
from app.core.money import WHOLE, money_text
from app.services.backup.safety import before_bulk
from app.services.books.open_books import Books
from app.services.books.work import Outcome, Work
from app.services.derived import movements
from app.services.ledger import balances, which_account
from app.services.ledger.typed_values import bookable_day, business, check_kind, check_line, line_for, percent
from app.store.decisions import Decision
from app.store.descriptors import Text
from app.store.labels import Group
from app.store.transactions import Listed

SETTABLE = ("kind", "line", "business_percent", "business", "merchant", "note", "tags", "date")


class Part(NamedTuple):
    cents: int
    kind: str
    line: str
    percent: int


def existing(books: Books, transaction_id: int) -> Listed:
    """Return a transaction. Raises: NotFound."""
    row = books.transactions.get(transaction_id)
    if row is None:
        raise NotFound(f"There is no transaction {transaction_id}.", "Look it up with: ops1099 transactions list")
    return row


def announce(work: Work, transaction_id: int) -> None:
    """Say that a decision about a row comes: its sums leave, and where it may pair, its days are matched again."""
    books = work.books
    work.touch([transaction_id])
    row = books.transactions.get(transaction_id)
    if row is None:
        return
    partners = movements.partners(books, transaction_id)
    if (
        partners
        or books.row_labels.may_differ(transaction_id)
        or books.pairs.has_counterpart(transaction_id, movements.CANDIDATE_DAYS)
    ):
        work.touch(partners)
        work.span(row.posted_date, row.posted_date)


def set_values(books: Books, transaction_id: int, values: Mapping[str, str], *, dry_run: bool = False) -> Outcome:
    """Change what a person may change about a row; an empty value takes a decision back.

    `values` has the keys of `SETTABLE`, as typed. Raises: NotFound, Refused, SealedYear.
    """
    existing(books, transaction_id)
    with books.work.operation("set", dry_run=dry_run) as work:
        put_values(work, transaction_id, values)
    return work.outcome


def put_values(work: Work, transaction_id: int, values: Mapping[str, str]) -> None:
    """Change what a person may change about a row, inside an open operation. Raises: NotFound, Refused."""
    books = work.books
    strange = sorted(set(values) - set(SETTABLE))
    if strange:
        raise Refused(f"“{strange[0]}” cannot be set.", f"These can: {', '.join(SETTABLE)}.")
    row = existing(books, transaction_id)
    announce(work, transaction_id)
    decision = decided(books, row, books.decisions.get(transaction_id), values)
    if "date" in values:
        day = bookable_day(values["date"])
        if day != row.tax_date:
            books.transactions.set_tax_date(transaction_id, day)
    if decision != books.decisions.get(transaction_id):
        books.decisions.decide(transaction_id, decision)


def decided(books: Books, row: Listed, decision: Decision, values: Mapping[str, str]) -> Decision:
    """Return a decision with values of `SETTABLE` laid over it. Raises: NotFound, Refused."""
    if "note" in values:
        decision = decision._replace(note=kept_lines(values["note"]) or None)
    if "merchant" in values:
        decision = decision._replace(merchant=kept(values["merchant"]) or None)
        if decision.merchant:
            # The name gets a number among the texts: a payer is known by it (`payers`).
            books.descriptors.intern([Text(decision.merchant, None, None)])
    if "tags" in values:
        decision = decision._replace(tags=kept(kept(values["tags"]).replace(",", " ")))
    if "business" in values:
        decision = decision._replace(business_id=business(books, values["business"]))
    if values.get("kind") == "":
        return decision._replace(kind=None, line=None, percent=None)
    if {"kind", "line", "business_percent"} & set(values):
        line = check_line(values["line"]) if values.get("line") else None
        kind = check_kind(values["kind"]) if "kind" in values else _kind_for(row, line)
        keeps = line is None and kind == row.kind
        decision = decision._replace(
            kind=kind,
            line=line_for(kind, row.line if keeps else line),
            percent=_share(values, row.percent if keeps else WHOLE),
        )  # fmt: skip
    return decision


def _share(values: Mapping[str, str], otherwise: int) -> int:
    typed = values.get("business_percent")
    return percent(typed) if typed else otherwise


def _kind_for(row: Listed, line: str | None) -> str:
    """A line says the kind where the kind does not fit it: an expense line on a personal row makes it an expense."""
    if line is None or not line.startswith("C"):
        return row.kind
    if line in {"C1", "C6"}:
        return Kind.INCOME
    if row.kind in {Kind.EXPENSE, Kind.REFUND}:
        return row.kind
    return Kind.REFUND if row.cents > 0 else Kind.EXPENSE


def add(
    books: Books, *, date: str, cents: int, account_selector: str, description: str, dry_run: bool = False
) -> tuple[Outcome, int | None]:
    """Enter a row by hand: cash, or what no file holds. Returns the outcome and the new id."""
    day = bookable_day(date)
    text = kept(description)
    if not text:
        raise Refused("A transaction needs a description.", "Say in a few words what it was.")
    account_id = which_account.existing(books, account_selector).id
    held = books.accounts.get(account_id)
    assert held is not None
    with books.work.operation("add", dry_run=dry_run) as work:
        ids = books.descriptors.intern([Text(text, None, None)])
        number = ids[Text(text, None, None)]
        books.told_rows.insert([
            (
                held.business_id, account_id, number, day, day, None, cents, held.currency,
                None, None, None, None, None, None,
            )
        ])  # fmt: skip
        made = books.transactions.last_id()
        balances.follow_opening(books, account_id, day)
    return work.outcome, made if work.outcome.operation else None


def split(books: Books, transaction_id: int, parts: Sequence[Part], *, dry_run: bool = False) -> Outcome:
    """Split a row into parts that sum to it. Raises: Refused when they do not."""
    row = existing(books, transaction_id)
    parts = [part._replace(kind=check_kind(part.kind), line=check_line(part.line)) for part in parts]
    total = sum(part.cents for part in parts)
    # A fee stays a part of its own on line 10: what is split is the gross.
    whole = row.cents if row.fee_cents is None or row.gross_cents is None else row.gross_cents
    if total != whole:
        raise Refused(
            f"The parts sum to {money_text(total)}, what is split is {money_text(whole)}.",
            "Change a part so that they are equal; parts carry the sign of the transaction.",
        )
    with books.work.operation("split", dry_run=dry_run) as work:
        announce(work, transaction_id)
        work.rematch_all = bool(books.pairs.of(transaction_id))
        books.decisions.split(transaction_id, [(part.cents, part.kind, part.line, part.percent) for part in parts])
    return work.outcome


def unsplit(books: Books, transaction_id: int, *, dry_run: bool = False) -> Outcome:
    row = existing(books, transaction_id)
    if not row.is_split:
        raise Conflict(f"Transaction {transaction_id} is not split.", "Nothing was changed.")
    with books.work.operation("unsplit", dry_run=dry_run) as work:
        announce(work, transaction_id)
        books.decisions.split(transaction_id, [])
    return work.outcome


def delete(books: Books, ids: Sequence[int], reason: str, *, dry_run: bool = False) -> Outcome:
    """Delete rows: they stay as state `deleted`, so that no import brings them back."""
    words = kept(reason)
    if not words:
        raise Refused("A deletion needs a reason.", "Say in a few words why, with --reason.")
    rows = [existing(books, number) for number in ids]
    if not dry_run:
        before_bulk(books, len(rows))
    with books.work.operation("delete", dry_run=dry_run) as work:
        for row in rows:
            announce(work, row.id)
            decision = books.decisions.get(row.id)
            books.decisions.decide(row.id, decision._replace(deleted_reason=words))
            balances.follow_opening(books, row.account_id, row.posted_date)
    return work.outcome


def restore(books: Books, transaction_id: int, *, dry_run: bool = False) -> Outcome:
    row = existing(books, transaction_id)
    if row.status != "deleted":
        raise Conflict(f"Transaction {transaction_id} is not deleted.", "Nothing was changed.")
    with books.work.operation("restore", dry_run=dry_run) as work:
        announce(work, transaction_id)
        work.span(row.posted_date, row.posted_date)
        decision = books.decisions.get(transaction_id)
        books.decisions.decide(transaction_id, decision._replace(deleted_reason=None))
        balances.follow_opening(books, row.account_id, row.posted_date)
    return work.outcome


def group_of(books: Books, transaction_id: int) -> Group:
    row = books.connection.execute(
        "SELECT descriptor_id, account_id, cents >= 0 FROM transactions WHERE id = ?", (transaction_id,)
    ).fetchone()
    return Group(*row)
