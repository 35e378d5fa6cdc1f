"""The inbox: the questions of every kind in the order of their effect, and an answer to one as one operation."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from app.core.books.vocabulary import Kind
from app.core.errors import NotFound, Refused, Usage
from app.core.money import WHOLE
from app.services.books.open_books import Books
from app.services.books.shared import shared
from app.services.books.work import Outcome, Work
from app.services.classify import remembered
from app.services.classify.lessons import Lessons
from app.services.ingest.collector import no_collection
from app.services.ledger import transactions, typed_values
from app.services.review import (
    currency_questions,
    duplicate_questions,
    merchant_questions,
    pair_questions,
    payment_questions,
    refund_questions,
    split_questions,
    stakes,
)
from app.services.review.review_items import ALWAYS, ASK_EACH_TIME, ONLY_THIS, Answered, Choice, Item, plain_name
from app.services.tax import taxes_paid
from app.store.decisions import Decision
from app.store.row_filter import Filter
from app.store.rules import Answer

__all__ = [
    "ALWAYS", "ASK_EACH_TIME", "ONLY_THIS", "Answered", "Choice", "Item", "answer", "count", "existing", "items",
    "plain_name", "settle", "settle_all", "skip", "usual_mode",
]  # fmt: skip


def items(books: Books) -> list[Item]:
    """Return the open questions, those first that change tax the most. They may be shared: do not change them."""
    return list(shared(books, "questions", lambda: _items(books)))


def _items(books: Books) -> list[Item]:
    rows = {row.id: row for row in books.transactions.listed(Filter(status="suggested"), 0)}
    waiting = set(rows) - books.decisions.skipped()
    found = pair_questions.items(books, rows, waiting) + refund_questions.items(books, rows, waiting)
    found += split_questions.items(books, rows, waiting - {row.id for item in found for row in item.rows})
    asked = {row.id for item in found for row in item.rows}
    found += merchant_questions.items(books, [rows[number] for number in sorted(waiting - asked)])
    found += duplicate_questions.items(books)
    found += currency_questions.items(books)
    found += payment_questions.items(books)
    stakes.put(books, found)
    return sorted(found, key=lambda item: (-item.stake_cents, -item.amount_cents, item.id))


def count(books: Books) -> int:
    """Return how many questions are open, for those who only count: what was found is freed bit by bit.

    100,000 new rows ask thousands of questions; freed at once, or looked through for cycles, they hold up a window.
    """
    with no_collection():
        found = items(books)
        many = len(found)
        while found:
            found.pop()
    return many


def existing(books: Books, item_id: str) -> Item:
    """Return an open question. Raises: NotFound."""
    for item in items(books):
        if item.id == item_id:
            return item
    raise NotFound(f"There is no open question “{item_id}”.", "See them with: ops1099 review list")


def answer(
    books: Books, item_id: str, given: Answered, *, only: Collection[int] | None = None, dry_run: bool = False
) -> tuple[Outcome, int]:
    """Settle a question, or only some of its rows; returns the outcome and how many questions remain.

    Raises: NotFound, Refused, Usage.
    """
    item = existing(books, item_id) if only is None else _narrowed(existing(books, item_id), only)
    choice = _chosen(item, given)
    with books.work.operation("answer", dry_run=dry_run) as work:
        settle(work, item, choice, given)
    return work.outcome, len(items(books))


def settle(work: Work, item: Item, choice: Choice | None, given: Answered) -> None:
    """Put an answer into the books, inside an open operation."""
    settle_all(work, [(item, choice, given)])


def settle_all(work: Work, answers: Sequence[tuple[Item, Choice | None, Answered]]) -> None:
    """Put answers into the books, inside an open operation; what they teach is looked at once for all of them."""
    unsaid = [item for item, _, given in answers if given.mode is None]
    lessons = Lessons(work.books, [item.rows[0] for item in unsaid]) if unsaid else None
    taught: dict[tuple[str, int, int], Answer] = {}
    for item, choice, given in answers:
        if item.type == "currency":
            currency_questions.settle(work, item, given)
        elif item.is_about_pairs:
            pair_questions.settle(work, item, choice)
        elif item.type == "tax_payment" and choice and choice.payment:
            taxes_paid.record_row(work.books, item.rows[0], *choice.payment, choice.jurisdiction)
        elif item.type == "duplicate" and choice:
            duplicate_questions.settle(work, item, choice)
        elif choice and choice.parts:
            transactions.announce(work, item.rows[0].id)
            work.books.decisions.split(item.rows[0].id, choice.parts)
        elif choice:
            mode = lessons.mode(item) if lessons is not None and given.mode is None else given.mode
            if mode in {ALWAYS, ASK_EACH_TIME} and item.merchant_key:
                answer = _answer_for(item, choice, asks=mode == ASK_EACH_TIME)
                taught[answer[:3]] = answer
            _answer_rows(work, item, choice)
    if taught:
        remembered.learn_all(work, list(taught.values()))


def usual_mode(books: Books, item: Item) -> str:
    """Return what an answer is taken for when a person does not say."""
    return Lessons(books, item.rows[:1]).mode(item)


def _narrowed(item: Item, only: Collection[int]) -> Item:
    """Return the question about some of its rows. Raises: NotFound, Refused."""
    rows = [row for row in item.rows if row.id in only]
    if len(rows) < len(set(only)) or not rows:
        raise NotFound("Some of these rows are not part of the question any more.", "Look at the question again.")
    if len(rows) < len(item.rows) and item.type in {"transfer", "duplicate"}:
        raise Refused("Both sides of a movement are settled together.", "Answer for all of its rows.")
    return replace(item, rows=rows)


def _chosen(item: Item, given: Answered) -> Choice | None:
    if given.choice is not None:
        for choice in item.choices:
            if choice.n == given.choice:
                return _with_share(item, choice, given.percent)
        raise Refused(f"This question has no choice {given.choice}.", f"Choose 1 to {len(item.choices)}.")
    if item.type == "currency":
        if (given.usd_cents is None) == (given.rate is None):
            raise Usage(
                "Say how many US dollars it was, or at what rate.",
                "Give --usd with an amount such as -12.50, or --rate with the dollars of one unit, such as 1.0842.",
            )
        return None
    if given.kind is None and given.line is None:
        raise Usage("An answer needs --choice, or --kind and --line.", "See the choices with: ops1099 review list")
    if not item.takes_any_line:
        raise Refused("This question is answered by one of its choices.", "Give --choice.")
    line = typed_values.check_line(given.line) if given.line else None
    kind = typed_values.check_kind(given.kind) if given.kind else _kind_of(item, line)
    percent = typed_values.percent(given.percent) if given.percent else WHOLE
    line = typed_values.line_for(kind, line)
    return Choice(n=0, label=plain_name(kind, line, percent), kind=kind, line=line, percent=percent)


def _with_share(item: Item, choice: Choice, percent: str | None) -> Choice:
    if percent is None or not item.takes_any_line:
        return choice
    share = typed_values.percent(percent)
    return replace(choice, percent=share, label=plain_name(choice.kind, choice.line, share))


def _kind_of(item: Item, line: str | None) -> str:
    if line in {"C1", "C6"}:
        return Kind.INCOME
    if line is None or not line.startswith("C"):
        return Kind.PERSONAL
    return Kind.REFUND if item.rows[0].cents > 0 else Kind.EXPENSE


def _answer_for(item: Item, choice: Choice, *, asks: bool) -> Answer:
    sign = 1 if item.rows[0].cents >= 0 else -1
    account_id = item.rows[0].account_id
    return Answer(item.merchant_key, sign, account_id, choice.kind, choice.line, choice.percent, int(asks))


def _answer_rows(work: Work, item: Item, choice: Choice) -> None:
    decisions = work.books.decisions
    held = decisions.of_many([row.id for row in item.rows])
    for row in item.rows:
        transactions.announce(work, row.id)
        decisions.decide(
            row.id,
            held.get(row.id, Decision())._replace(
                kind=choice.kind, line=choice.line, percent=choice.percent, skipped=0, snoozed_until=None
            ),
        )


def skip(books: Books, item_id: str, *, dry_run: bool = False) -> tuple[Outcome, int]:
    """Put a question off: its rows stay unsettled and are not asked again until the skip is undone."""
    item = existing(books, item_id)
    if item.type in {"currency", "tax_payment"}:
        raise Refused("This question cannot be put off: a total waits for it.", "Answer it, or leave it open.")
    with books.work.operation("skip", dry_run=dry_run) as work:
        for row in item.rows:
            work.touch([row.id])
            books.decisions.decide(row.id, books.decisions.get(row.id)._replace(skipped=1))
    return work.outcome, len(items(books))
