"""Before a pack goes out: what is open, what does not tie, what is missing. Each with its way out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.core.dates import Day, year_days
from app.services.books.open_books import Books
from app.services.derived import movements
from app.services.ledger import account_page
from app.services.ledger.account_page import MonthState
from app.services.review import questions
from app.services.tax import profile, taxes
from app.store.row_filter import Filter


class Level(StrEnum):
    WARN = "warn"
    INFO = "info"
    OK = "ok"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """`note` is the muted part beside the text. `target` is the page of the action, empty where there is none."""

    key: str
    level: Level
    text: str
    note: str = ""
    action: str = ""
    target: str = ""
    account_id: int | None = None
    month: int | None = None
    ids: tuple[int, ...] = ()
    """The transactions it is about, where the action shows them."""


def checks(books: Books, year: int, as_of: Day | None = None) -> list[Check]:
    """Return what a pack of a year would carry with it, what needs a person first."""
    first, last = year_days(year)
    day = min(as_of if as_of is not None else taxes.today(books), last)
    found = [
        *_questions(books, first, day), *_months(books, year, day), *_transfers(books, first, day),
        *_foreign(books, first, day), *_profile(books, year),
    ]  # fmt: skip
    order = list(Level)
    return sorted(found, key=lambda check: order.index(check.level))


def to_look_at(found: list[Check]) -> int:
    """Return how many of the checks need a person."""
    return sum(check.level == Level.WARN for check in found)


def _questions(books: Books, first: Day, last: Day) -> Iterator[Check]:
    asked = [item for item in questions.items(books) if any(first <= row.tax_date <= last for row in item.rows)]
    if not asked:
        yield Check(key="questions", level=Level.OK, text="No question is open")
        return
    rows = {row.id for item in asked for row in item.rows if first <= row.tax_date <= last}
    yield Check(
        key="questions", level=Level.WARN, text=_count(len(asked), "question") + " open",
        note=f"{_count(len(rows), 'transaction')}, listed in the pack", action="Review", target="review",
    )  # fmt: skip


def _months(books: Books, year: int, day: Day) -> Iterator[Check]:
    if day < year_days(year)[0]:
        return
    page = account_page.page(books, day)
    cells = [(row, cell) for row in page.accounts for cell in row.months if cell.month // 100 == year and cell.sentence]
    for row, cell in cells:
        if cell.state == MonthState.UNTIED:
            yield Check(
                key="untied", level=Level.WARN,
                text=f"{account_page.month_name(cell.month)} of {row.name} does not tie",
                note=account_page.amount(abs(cell.difference_cents), row.currency), action="Compare",
                target="accounts", account_id=row.id, month=cell.month,
            )  # fmt: skip
    for state, words, level in (
        (MonthState.MISSING, "missing", Level.WARN), (MonthState.INCOMPLETE, "incomplete", Level.INFO)
    ):  # fmt: skip
        some = [(row, cell) for row, cell in cells if cell.state == state]
        if some:
            note = "; ".join(f"{row.name}, {account_page.month_name(cell.month)}" for row, cell in some[:3])
            yield Check(
                key=words, level=level, text=f"{_count(len(some), 'statement month')} {words}",
                note=note + ("; …" if len(some) > 3 else ""), action="Import", target="accounts",
                account_id=some[0][0].id, month=some[0][1].month,
            )  # fmt: skip
    if page.accounts and not cells:
        stated = sum(cell.state == MonthState.TIES for row in page.accounts for cell in row.months)
        note = f"{_count(stated, 'balance')} stated and equal" if stated else "no second balance is stated to compare"
        yield Check(key="months", level=Level.OK, text="No month is missing", note=note)


def _transfers(books: Books, first: Day, last: Day) -> Iterator[Check]:
    """Name movements between own accounts whose other half is in no account of these books."""
    if len(books.accounts.all()) < 2:
        return
    rows = [
        row.id
        for kind in ("transfer", "card_payment")
        for row in books.transactions.listed(Filter(first=first, last=last, kind=kind), 0)
        if not row.pending
    ]
    if not rows:
        return
    pairs = [pair for pair in books.pairs.dated_in(first, last) if pair.state == "linked"]
    paired = {number for pair in pairs for number in (pair.out_id, pair.in_id)}
    paired |= {
        number for type_, *ends, _ in books.decisions.decided_links() if type_ in movements.LINK_KIND for number in ends
    }
    alone = [number for number in rows if number not in paired]
    if alone:
        yield Check(
            key="transfers", level=Level.INFO, text=f"{_count(len(alone), 'transfer')} with one side only",
            note="the other account is not in these books", action="Show", target="transactions", ids=tuple(alone),
        )  # fmt: skip
    else:
        yield Check(
            key="transfers", level=Level.OK, text="All transfers have two sides", note=_count(len(rows) // 2, "pair")
        )


def _foreign(books: Books, first: Day, last: Day) -> Iterator[Check]:
    rows = [books.transactions.get(number) for number in books.transactions.without_usd()]
    waiting = [row for row in rows if row is not None and first <= row.tax_date <= last]
    if waiting:
        yield Check(
            key="foreign", level=Level.WARN, text=f"{_count(len(waiting), 'foreign row')} without dollars",
            note="in no total until you say how many dollars it was", action="Answer", target="review",
        )  # fmt: skip


def _profile(books: Books, year: int) -> Iterator[Check]:
    shown = profile.show(books, year)
    missing = [name for name in taxes.FIRST_QUESTIONS if not shown.values.get(name)]
    if missing:
        yield Check(
            key="profile", level=Level.WARN, text="The household is not set up",
            note=" and ".join(name.replace("_", " ") for name in missing), action="Set up", target="settings",
        )  # fmt: skip
    elif shown.carried_over_from is not None:
        yield Check(
            key="profile", level=Level.INFO, text=f"The household is carried over from {shown.carried_over_from}",
            note=f"look whether it still holds for {year}", action="Look", target="settings",
        )  # fmt: skip


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number:,} {noun}s"
