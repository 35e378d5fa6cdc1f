"""One calm card for the time of the year: what a freelancer does now. Never a nag, never advice.

Source: design year.md 2. Dates of tax come from the rules of due dates, so they move with weekends and holidays.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.core.dates import Day, date_of
from app.core.tax import due_dates as rules
from app.services.classify import knowledge
from app.services.tax.tax_dates import words_of

_BEFORE_DUE = 21
_FRIDAY = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """`target` is the page its button opens: taxes, accounts, review, reports or income."""

    key: str
    title: str
    text: str
    target: str


def card(today: Day) -> Card:
    """Return the card of a day: the nearest date of tax first, then the season, then the week."""
    due = rules.next_due(today, rules.load_rules(knowledge.due_dates()))
    if due.due - today <= _BEFORE_DUE:
        return _instalment(due)
    date = date_of(today)
    season = (date.month, date.day)
    year = date.year
    if date.month == 12:
        return Card(
            key="year_end", title=f"Before {year} ends",
            text="Pay open bills, note the odometer on the 31st, and look for months without a bank file.",
            target="accounts",
        )  # fmt: skip
    if (1, 16) <= season <= (2, 15):
        return Card(
            key="forms", title=f"Forms for {year - 1} arrive",
            text="Compare each 1099 with what your books received, and ask for corrections now rather than in April.",
            target="reports",
        )  # fmt: skip
    if date.month in {2, 3}:
        return Card(
            key="check_up", title=f"Check up on {year - 1}",
            text="Answer the last questions, then make the pack for your accountant.", target="reports",
        )  # fmt: skip
    if season >= (11, 1):
        return Card(
            key="coverage", title="Close the gaps of the year",
            text="Download missing months while your bank still has them. If you buy Marketplace insurance, open "
            "enrolment asks for your expected income.", target="accounts",
        )  # fmt: skip
    if date.day >= 25 or date.day <= 5:
        return Card(
            key="month_end", title="A month ends",
            text="Import the last files of the month and see whether each balance ties.", target="accounts",
        )  # fmt: skip
    if date.weekday() == _FRIDAY:
        return Card(
            key="week", title="Ten minutes on Friday",
            text="Answer this week’s questions while you remember who you met and why.", target="review",
        )  # fmt: skip
    return Card(key="quiet", title="Nothing is due", text=f"The next tax date is {words_of(due.due)}.", target="taxes")


def _instalment(due: rules.Instalment) -> Card:
    name = {1: "first", 2: "second", 3: "third", 4: "fourth"}[due.number]
    text = (
        "Pay with IRS Direct Pay or your IRS Online Account, reason “Estimated Tax”, and choose the year "
        f"{due.tax_year}. Keep the confirmation number, then record the payment here."
    )
    if due.number == 1:
        text += f" The return of {due.tax_year - 1}, or Form 4868, is due the same day."
    return Card(
        key=f"instalment_{due.number}", title=f"The {name} payment for {due.tax_year} is due {words_of(due.due)}",
        text=text, target="taxes",
    )  # fmt: skip
