"""What the list is filtered by, and the words of its chips."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from app.core.books import naming
from app.core.books.naming import counted
from app.core.books.vocabulary import Status
from app.core.dates import Day, date_of, day_of, month_days, month_of, year_days
from app.ui.widgets.amount import amount_text

if TYPE_CHECKING:
    from app.services.ledger.finding import Direction, Query

ANY_DATE, ANY_STATUS, ANY_AMOUNT, ALL_ACCOUNTS = "Any date", "Any status", "Any amount", "All accounts"

STATUSES: Final[Mapping[str, str]] = {
    "question": "Needs an answer",
    "booked": "Booked",
    "auto": "Booked by itself",
    "you": "Booked by you",
    "deleted": "Deleted",
}
_STORED: Final[Mapping[str, tuple[str, ...]]] = {
    "booked": (Status.AUTO, Status.CONFIRMED),
    "auto": (Status.AUTO,),
    "you": (Status.CONFIRMED,),
    "deleted": (Status.DELETED,),
}
_ASKED = {Status.SUGGESTED: "question", Status.AUTO: "auto", Status.CONFIRMED: "you", Status.DELETED: "deleted"}
"""What other parts of the window may ask for besides the names of `STATUSES`."""

Span = tuple[Day | None, Day | None]


def spans(today: Day) -> list[tuple[str, Span]]:
    """Return the spans of the menu of dates, by name."""
    now = date_of(today)
    this_month = month_of(today)
    last_month = month_of(month_days(this_month)[0] - 1)
    quarter = now.year * 100 + (now.month - 1) // 3 * 3 + 1
    return [
        ("This month", month_days(this_month)),
        ("Last month", month_days(last_month)),
        ("This quarter", (month_days(quarter)[0], month_days(quarter + 2)[1])),
        ("This year", year_days(now.year)),
        ("Last year", year_days(now.year - 1)),
        ("All dates", (None, None)),
    ]


def span_words(first: Day | None, last: Day | None, this_year: int) -> str:
    """Return a span in words: `2026`, `November 2026`, `Q4 2026`, `Nov 1 to 18, 2026`, `From Nov 3, 2026`."""
    if first is None and last is None:
        return ANY_DATE
    if first is None or last is None:
        word, day = ("From", first) if last is None else ("Until", last)
        assert day is not None
        return f"{word} {naming.date_words(day)}"
    start, end = date_of(first), date_of(last)
    if start.day == 1 and day_of(end) == month_days(month_of(last))[1] and start.year == end.year:
        if (start.month, end.month) == (1, 12):
            return str(start.year)
        if start.month == end.month:
            return f"{start:%B} {start.year}"
        if end.month - start.month == 2 and start.month % 3 == 1:
            return f"Q{end.month // 3} {start.year}"
    if first == last:
        return naming.date_words(first)
    return naming.days_words([first, last], this_year if start.year != end.year else 0).replace(" and ", " to ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """`ids` are exactly these rows, `of` says whose they are. Amounts are without their sign."""

    text: str = ""
    first: Day | None = None
    last: Day | None = None
    accounts: tuple[int, ...] = ()
    status: str = ""
    direction: Direction | None = None
    least: int | None = None
    most: int | None = None
    category: tuple[str, str] | None = None
    """A kind and a line."""
    ids: tuple[int, ...] | None = None
    of: str = ""
    sort: str = field(default="date", compare=False)
    descending: bool = field(default=True, compare=False)

    @property
    def is_plain(self) -> bool:
        """Return whether nothing is filtered out."""
        return self == Filters()

    def cleared(self) -> Filters:
        return Filters(sort=self.sort, descending=self.descending)

    def asked(self, status: str) -> Filters:
        """Return these with a status as others name it."""
        known = status if status in STATUSES else _ASKED.get(Status(status), "")
        return replace(self, status=known)

    def query(self) -> Query:
        """Return what the services look for."""
        from app.services.ledger.finding import Query  # noqa: PLC0415 - the window is painted before the services load

        kind, line = self.category or ("", "")
        return Query(
            first=self.first,
            last=self.last,
            account_ids=self.accounts,
            text=self.text,
            kinds=(kind,) if kind else (),
            lines=(line,) if line else (),
            statuses=_STORED.get(self.status, ()),
            direction=self.direction,
            amount_min_cents=self.least,
            amount_max_cents=self.most,
            sort=self.sort,
            descending=self.descending,
            has_question=True if self.status == "question" else None,
            ids=self.ids,
        )

    # --- words of the chips

    def date_words(self, this_year: int) -> str:
        return span_words(self.first, self.last, this_year)

    def account_words(self, labels: Mapping[int, str]) -> str:
        if not self.accounts:
            return ALL_ACCOUNTS
        if len(self.accounts) == 1:
            return labels.get(self.accounts[0], "One account")
        return f"{len(self.accounts)} accounts"

    def status_words(self) -> str:
        return STATUSES.get(self.status, ANY_STATUS)

    def amount_words(self) -> str:
        """Hidden amounts are hidden here too."""
        way = {"in": "Money in", "out": "Money out"}.get(self.direction or "", "")
        least = None if self.least is None else amount_text(self.least)
        most = None if self.most is None else amount_text(self.most)
        if least is not None and most is not None:
            bounds = least if self.least == self.most else f"{least} to {most}"
        else:
            bounds = f"over {least}" if least is not None else f"up to {most}" if most is not None else ""
        if not bounds:
            return way or ANY_AMOUNT
        return f"{way} {bounds}" if way else naming.capital(bounds)

    @property
    def has_amount(self) -> bool:
        return self.direction is not None or self.least is not None or self.most is not None

    def category_words(self) -> str:
        return naming.category(*self.category) if self.category else "Any category"

    def ids_words(self) -> str:
        many = counted(len(self.ids or ()), "transaction")
        return f"{many} of {self.of}" if self.of else many


def narrowest_year(filters: Filters, today: Day) -> int:
    """Return the year whose days need no year beside them: today's when the span may reach beyond it, else its own."""
    if filters.first is not None and filters.last is not None:
        first, last = date_of(filters.first), date_of(filters.last)
        if first.year == last.year:
            return first.year
    return date_of(today).year
