"""What a person says of two rows: that they belong together, are one, or are two."""

from __future__ import annotations

from app.core.errors import Conflict, NotFound, Refused
from app.services.books.open_books import Books
from app.services.books.work import Outcome, Work
from app.services.derived.movements import LINK_KIND
from app.services.ledger import balances
from app.services.ledger.transactions import announce, existing
from app.store.decisions import Decision
from app.store.transactions import Listed

LINK_TYPES = ("transfer", "card_payment", "payout", "refund", "chargeback", "reimbursement", "duplicate")


def link(books: Books, first_id: int, second_id: int, type_: str, *, dry_run: bool = False) -> Outcome:
    """Say that two rows belong together. A transfer, payout or card payment takes both out of profit."""
    if type_ not in LINK_TYPES:
        raise Refused(f"“{type_}” is not a link.", f"Links are: {', '.join(LINK_TYPES)}.")
    first, second = _two(books, first_id, second_id)
    if type_ != "duplicate" and (first.cents > 0) == (second.cents > 0):
        raise Refused(
            "Both rows move money the same way.", f"A {type_.replace('_', ' ')} has one row out and one row in."
        )
    if type_ in LINK_KIND and type_ != "duplicate" and first.account_id == second.account_id:
        raise Refused("Both rows are of one account.", "A transfer joins two accounts.")
    return _relate(books, "link", type_, first, second, dry_run=dry_run)


def unlink(books: Books, first_id: int, second_id: int, *, dry_run: bool = False) -> Outcome:
    """Take a link back; one the matcher found is refused for good, so that it is not found again."""
    first, second = _two(books, first_id, second_id)
    derived = any({p.out_id, p.in_id} == {first_id, second_id} for p in books.pairs.of(first_id))
    decided = any({a, b} == {first_id, second_id} for _, a, b, _ in books.decisions.links_touching([first_id]))
    if not derived and not decided:
        raise NotFound(f"Transactions {first_id} and {second_id} are not linked.", "Nothing was changed.")
    with books.work.operation("unlink", dry_run=dry_run) as work:
        for number in (first_id, second_id):
            announce(work, number)
        work.rematch_all = True
        if decided:
            books.decisions.remove_links(first_id, second_id)
        if derived:
            books.decisions.add_link("not_a_pair", first.id, second.id, 0)
    return work.outcome


def merge(books: Books, kept_id: int, other_id: int, *, dry_run: bool = False) -> Outcome:
    """Two rows are one: the second is deleted as a duplicate of the first."""
    kept, other = _two(books, kept_id, other_id)
    if kept.account_id != other.account_id or kept.cents != other.cents:
        raise Refused("Only two rows of one account and one amount can be one.", "Delete the wrong one instead.")
    with books.work.operation("merge", dry_run=dry_run) as work:
        merge_in(work, kept, other)
    return work.outcome


def merge_in(work: Work, kept: Listed, other: Listed) -> None:
    """Delete a row as a duplicate of another, inside an open operation; what a person said of it goes over."""
    books = work.books
    announce(work, other.id)
    decision = books.decisions.get(other.id)
    _hand_over(work, decision, kept.id, other.id)
    books.decisions.decide(other.id, decision._replace(deleted_reason=f"duplicate of {kept.id}"))
    balances.follow_opening(books, other.account_id, other.posted_date)
    work.rematch_all = True


def _hand_over(work: Work, said: Decision, kept_id: int, other_id: int) -> None:
    """Let a row have what a person said of another, as far as they said nothing of the row itself."""
    books = work.books
    own = books.decisions.get(kept_id)
    is_open = own.kind is None and not own.is_split
    wanted = own._replace(
        note=own.note or said.note, merchant=own.merchant or said.merchant, tags=own.tags or said.tags,
        business_id=said.business_id if own.business_id is None else own.business_id,
    )  # fmt: skip
    if is_open and said.kind is not None:
        wanted = wanted._replace(kind=said.kind, line=said.line, percent=said.percent, skipped=0, snoozed_until=None)
    parts = books.decisions.parts(other_id) if is_open and said.is_split else []
    if wanted != own or parts:
        announce(work, kept_id)
        books.decisions.decide(kept_id, wanted)
        if parts:
            books.decisions.split(kept_id, parts)


def not_duplicate(books: Books, first_id: int, second_id: int, *, dry_run: bool = False) -> Outcome:
    first, second = _two(books, first_id, second_id)
    return _relate(books, "not_duplicate", "not_duplicate", first, second, dry_run=dry_run)


def _two(books: Books, first_id: int, second_id: int) -> tuple[Listed, Listed]:
    if first_id == second_id:
        raise Refused("A transaction cannot be related to itself.", "Name two different ones.")
    return existing(books, first_id), existing(books, second_id)


def _relate(books: Books, code: str, type_: str, first: Listed, second: Listed, *, dry_run: bool) -> Outcome:
    known = books.decisions.links_touching([first.id])
    if any(t == type_ and {a, b} == {first.id, second.id} for t, a, b, _ in known):
        raise Conflict("These two are related that way already.", "Nothing was changed.")
    with books.work.operation(code, dry_run=dry_run) as work:
        for row in (first, second):
            announce(work, row.id)
            work.span(row.posted_date, row.posted_date)
            for pair in books.pairs.of(row.id):
                work.touch([pair.out_id, pair.in_id])
        books.decisions.add_link(type_, first.id, second.id, min(abs(first.cents), abs(second.cents)))
    return work.outcome
