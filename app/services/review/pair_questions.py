"""Rows of two accounts that may be one movement, in more than one way: which belong together is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.core.books.vocabulary import NO_LINE, Kind
from app.core.dates import iso
from app.core.match.rivals import joined
from app.core.money import money_of
from app.services.books.open_books import Books
from app.services.books.work import Work
from app.services.derived.movements import PAIR_TYPES, SPLIT
from app.services.ledger import transactions
from app.services.review.review_items import Choice, Item, id_of
from app.store.pairs import PairRow
from app.store.transactions import Listed


def items(books: Books, rows: dict[int, Listed], waiting: set[int]) -> list[Item]:
    """One card for legs that may belong together in more than one way."""
    found = []
    open_pairs = (pair for pair in books.pairs.questions() if pair.type in PAIR_TYPES)
    for pairs in joined(open_pairs, lambda pair: (pair.out_id, pair.in_id)):
        ids = {number for pair in pairs for number in (pair.out_id, pair.in_id)}
        members = [rows[number] for number in sorted(ids & waiting)]
        if not members or len(ids & waiting) < len(ids):
            continue
        ordered = sorted(pairs, key=lambda p: (-p.score, p.out_id, p.in_id))
        parts = tuple((p.out_id, p.in_id) for p in ordered if p.type == SPLIT)
        choices = [_parts_choice(ordered, rows)] if parts else [
            Choice(
                n=n, label=_pair_words(books, p, rows),
                kind=Kind.CARD_PAYMENT if p.type == "card_payment" else Kind.TRANSFER,
                line=NO_LINE, confidence=min(9_000, max(0, 3_000 + p.score * 10)), pair=(p.out_id, p.in_id),
            )
            for n, p in enumerate(ordered, 1)
        ]  # fmt: skip
        choices.append(Choice(n=len(choices) + 1, label="These do not belong together", kind="", line=NO_LINE))
        found.append(
            Item(
                id=f"transfer-{id_of(*sorted(ids))}", type="transfer", rows=members,
                question="Which of these belong together as one movement between your accounts?",
                choices=choices, reason=ordered[0].reason,
                evidence=[
                    f"{r.account}  {iso(r.tax_date)}  {money_of(r.cents, r.currency)}  {r.text}" for r in members
                ],
            )
        )  # fmt: skip
    return found


def _parts_choice(pairs: Sequence[PairRow], rows: Mapping[int, Listed]) -> Choice:
    """Return the one choice that links all parts of an amount."""
    left = rows[pairs[0].out_id]
    said = ", ".join(
        money_of(rows[p.in_id].cents, rows[p.in_id].currency) for p in sorted(pairs, key=lambda p: p.in_id)
    )
    return Choice(
        n=1, label=f"{money_of(abs(left.cents), left.currency)} arrived as {said}", kind=Kind.TRANSFER, line=NO_LINE,
        confidence=5_000, pair=(pairs[0].out_id, pairs[0].in_id), pairs=tuple((p.out_id, p.in_id) for p in pairs),
    )  # fmt: skip


def _pair_words(books: Books, pair: PairRow, rows: dict[int, Listed]) -> str:
    out = rows.get(pair.out_id) or transactions.existing(books, pair.out_id)
    into = rows.get(pair.in_id) or transactions.existing(books, pair.in_id)
    return (
        f"{money_of(abs(out.cents), out.currency)} from {out.account} on {iso(out.posted_date)} "
        f"to {into.account} on {iso(into.posted_date)}"
    )


def settle(work: Work, item: Item, choice: Choice | None) -> None:
    """Link what belongs together, or keep apart what does not; the parts of one amount are linked as transfers."""
    books = work.books
    if choice is None:
        return
    for row in item.rows:
        transactions.announce(work, row.id)
        work.span(row.posted_date, row.posted_date)
    if choice.pair:
        for out_id, in_id in choice.pairs or (choice.pair,):
            pair = next(p for p in books.pairs.of(out_id) if p.in_id == in_id)
            books.decisions.add_link("transfer" if pair.type == SPLIT else pair.type, out_id, in_id, pair.cents)
        return
    for pair in {p for row in item.rows for p in books.pairs.of(row.id) if p.state == "question"}:
        books.decisions.add_link("not_a_pair", pair.out_id, pair.in_id, 0)
