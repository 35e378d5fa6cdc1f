"""What a person does with questions besides answering one: put off to a day, confirm many, mark as a transfer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.core.books import naming
from app.core.books.vocabulary import NO_LINE, Kind
from app.core.dates import Day, month_days, month_of
from app.core.errors import NotFound, Refused
from app.services.books.open_books import Books
from app.services.books.work import Outcome, Work
from app.services.review import inbox, questions
from app.services.review.questions import Answered, Choice, Item
from app.services.tax import taxes


def next_month_end(today: Day) -> Day:
    """Return the last day of this month; on that day, of the next one."""
    last = month_days(month_of(today))[1]
    return last if last > today else month_days(month_of(today + 1))[1]


def snooze(books: Books, item_id: str, until_day: Day, *, dry_run: bool = False) -> Outcome:
    """Hide a question until a day. It stays open for every estimate and comes back by itself.

    Raises: NotFound; Refused for a day that is not ahead.
    """
    if until_day <= taxes.today(books):
        raise Refused("A question can only wait for a day to come.", "Choose a later day.")
    item = questions.existing(books, item_id)
    with books.work.operation("snooze", dry_run=dry_run) as work:
        _wait(work, item, until_day)
    return work.outcome


def wake(books: Books, item_id: str, *, dry_run: bool = False) -> Outcome:
    """Bring a question back before its day. Raises: NotFound."""
    item = questions.existing(books, item_id)
    with books.work.operation("wake", dry_run=dry_run) as work:
        _wait(work, item, None)
    return work.outcome


def _wait(work: Work, item: Item, until: Day | None) -> None:
    decisions = work.books.decisions
    for row in item.rows:
        # the row counts as before, so its sums stay where they are
        decisions.decide(row.id, decisions.get(row.id)._replace(snoozed_until=until))


def confirm_suggestions(books: Books, item_ids: Sequence[str], *, dry_run: bool = False) -> tuple[Outcome, int]:
    """Answer questions with their own suggestion, as one operation; returns how many questions remain.

    Each teaches what it would teach if it were answered alone.
    Raises: NotFound; Refused when one of them has no suggestion.
    """
    known = {item.id: item for item in questions.items(books)}
    chosen: list[tuple[Item, Choice]] = []
    for item_id in dict.fromkeys(item_ids):
        if item_id not in known:
            raise NotFound(f"There is no open question “{item_id}”.", "Look at the questions again.")
        chosen.append((known[item_id], _top(known[item_id])))
    with books.work.operation("confirm", dry_run=dry_run) as work:
        questions.settle_all(work, [(item, choice, Answered(choice=choice.n, mode=None)) for item, choice in chosen])
    return work.outcome, len(questions.items(books))


def _top(item: Item) -> Choice:
    if inbox.sure(item) != naming.NO_SUGGESTION:
        return item.choices[0]
    raise Refused("One of these questions has no suggestion to confirm.", "Answer that one by itself.")


def transfer(books: Books, item_id: str, *, dry_run: bool = False) -> tuple[Outcome, int]:
    """Say that the rows of a question only moved between own accounts. Raises: NotFound, Refused."""
    item = questions.existing(books, item_id)
    if item.type != "transfer" and not item.takes_any_line:
        raise Refused("This question is about something else.", "Answer it by one of its choices.")
    likeliest = item.choices[0] if item.type == "transfer" else None
    choice = likeliest or Choice(
        n=0, label=questions.plain_name(Kind.TRANSFER, NO_LINE), kind=Kind.TRANSFER, line=NO_LINE
    )
    with books.work.operation("answer", dry_run=dry_run) as work:
        questions.settle(work, item, choice, Answered(choice=choice.n))
    return work.outcome, len(questions.items(books))


def rule_for(books: Books, item: Item) -> dict[str, Any]:
    """Return the columns of a rule that would book rows like these: what the rule editor opens with."""
    top = item.choices[0] if item.choices else None
    account = item.rows[0].account_id
    return {
        "text": rule_text([row.text for row in item.rows]) or inbox.card(books, item.id).name,
        "account_id": account if len(books.accounts.all()) > 1 else None,
        "sign": 1 if item.rows[0].cents >= 0 else -1,
        "kind": top.kind if top else Kind.PERSONAL,
        "line": top.line if top else NO_LINE,
        "percent": top.percent if top else 10_000,
    }


def rule_text(texts: Sequence[str]) -> str:
    """Return the words all texts begin with; of a single text those before its first number."""
    words = [text.split() for text in texts]
    common: list[str] = []
    for column in zip(*words, strict=False):
        if len({word.casefold() for word in column}) > 1 or (common and any(c.isdigit() for c in column[0])):
            break
        common.append(column[0])
    return " ".join(common)
