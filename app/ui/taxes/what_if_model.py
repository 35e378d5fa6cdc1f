"""What can be asked with “What if”, and the answer as the sheet shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.books.vocabulary import FilingStatus
from app.core.tax.cautions import credit_end_note
from app.ui.taxes.view_model import private
from app.ui.widgets.amount import amount_text, whole_text

if TYPE_CHECKING:
    from app.core.tax.model import Line, Result
    from app.core.tax.what_if import LineChange, Point
    from app.services.tax.what_if import Answer, Expected
    from app.ui.runtime.tasks import Token

PROFIT, DELAY, EQUIPMENT = "profit", "delay", "equipment"
STATUS, STATE, WRITTEN_OFF = "filing_status", "state", "equipment_method"
NOTES = 6
"""Sentences that are shown of what was assumed: those of the question come first, the page has all."""
UNIT = 10_000
"""One step of a slider: a hundred dollars, in cents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One amount that may be otherwise. Cents; `low` below zero: it may be less than it is."""

    key: str
    label: str
    hint: str
    low: int
    high: int
    adds: bool = True
    """Whether the amount comes on top of what is known; otherwise it stands in its place."""


QUESTIONS = (
    Question(key="retirement", label="More into my retirement plan", hint="SEP, or a solo 401(k) as employer",
             low=0, high=7_000_000),
    Question(key=PROFIT, label="Profit, more or less", hint="than the year is expected to bring",
             low=-10_000_000, high=10_000_000),
    Question(key="wages", label="A job beside the business", hint="wages of the year, W-2 box 1",
             low=0, high=20_000_000),
    Question(key="spouse_wages", label="A job of my spouse", hint="on a joint return", low=0, high=20_000_000),
    Question(key=EQUIPMENT, label="Equipment bought", hint="placed in service this year", low=0, high=10_000_000,
             adds=False),
    Question(key=DELAY, label="Income that comes in January instead", hint="a later invoice",
             low=0, high=5_000_000, adds=False),
)  # fmt: skip


def questions() -> tuple[Question, ...]:
    """Return the amounts the engine can be asked about."""
    from app.core.tax.profile_keys import PROFILE_KEYS  # noqa: PLC0415 - with the services
    from app.services.tax.what_if import EXTRA_KEYS  # noqa: PLC0415 - loaded when the sheet is opened

    return tuple(each for each in QUESTIONS if each.key in EXTRA_KEYS or each.key in PROFILE_KEYS)


def patch_text(question: Question, cents: int) -> str:
    """Return an amount as the service takes it: `+5000.00`, `-200.00`, `5000.00`."""
    sign = "-" if cents < 0 else "+" if question.adds else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the sheet asks: amounts by their question's key, words by theirs, and which amount the curve is over."""

    amounts: Mapping[str, int]
    words: Mapping[str, str]
    curve: str

    def patch(self, known: Sequence[Question]) -> dict[str, str]:
        by_key = {each.key: each for each in known}
        found = {key: patch_text(by_key[key], cents) for key, cents in self.amounts.items() if cents}
        return {**found, **{key: word for key, word in self.words.items() if word}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The answer, the curve over one amount (as much more or less of it) and where it meets the taxes of now."""

    asked: Asked
    answer: Answer
    question: Question
    points: tuple[Point, ...]
    base: int
    """What is known of the amount of the curve now, in cents."""
    even: int | None
    """How much more or less of it brings all taxes back to what they are now; None without another change."""
    before: int
    after: int

    def more(self, point: Point) -> int:
        return point.value - self.base if self.question.adds else point.value

    def here(self) -> int:
        return self.asked.amounts.get(self.question.key, 0)


def compute(year: Expected, asked: Asked, token: Token) -> Found:
    """Return the answer. Takes some hundred evaluations: never on the GUI thread. Raises: Refused; Cancelled."""
    from app.core.tax.profile_keys import cents_of  # noqa: PLC0415 - as above
    from app.services.tax import what_if  # noqa: PLC0415 - as above

    known = questions()
    patch = asked.patch(known)
    answer = what_if.ask(year, patch)
    token.check()
    question = next((each for each in known if each.key == asked.curve), known[0])
    key = question.key
    base = 0
    if question.adds:
        # What comes in January is not in this year's profit, so the curve over the profit begins without it.
        base = (
            year.profit - asked.amounts.get(DELAY, 0) if key == PROFIT else cents_of(key, year.values.get(key) or "0")
        )
    others = {name: value for name, value in patch.items() if name != key}
    low, high = base + question.low, base + question.high
    points = what_if.curve(year, key, low, high, others)
    token.check()
    before, after = what_if.total(answer.before), what_if.total(answer.after)
    met = what_if.solve(year, key, before, low, high, others) if others else None
    even = None if met is None else met - base
    return Found(
        asked=asked, answer=answer, question=question, points=points, base=base, even=even, before=before, after=after
    )


# --- words ------------------------------------------------------------------------------------------------------------

_TOTALS = (
    ("se_tax_cents", "Self-employment tax"),
    ("federal_income_tax_cents", "Federal income tax"),
    ("additional_medicare_cents", "Additional Medicare Tax"),
    ("niit_cents", "Net investment income tax"),
    ("state_tax_cents", "State income tax"),
    ("local_tax_cents", "Local income tax"),
)


def by_tax(answer: Answer) -> Iterator[tuple[str, int, int]]:
    """Return each tax before and after; one that is nothing in both is left out."""
    for key, label in _TOTALS:
        before, after = answer.before.totals.get(key, 0), answer.after.totals.get(key, 0)
        if before or after:
            yield label, before, after


def line_of(result: Result, change: LineChange) -> Line | None:
    """Return the worksheet line of a change, with its formula."""
    place = (change.form, change.line, change.label)
    return next((line for line in result.lines if (line.form, line.line, line.label) == place), None)


def difference_words(found: Found) -> str:
    change = found.after - found.before
    if not found.asked.amounts and not found.asked.words:
        return "Nothing is changed yet"
    if not change:
        return "No difference in all taxes"
    return f"{amount_text(abs(change))} {'more' if change > 0 else 'less'} in all taxes"


def curve_words(found: Found) -> str:
    """Say what the curve shows, with its ends."""
    first, last = found.points[0], found.points[-1]
    label = found.question.label
    return (
        f"All taxes over “{label}”: {whole_text(first.tax)} at {whole_text(found.more(first), plus=True)}, "
        f"{whole_text(last.tax)} at {whole_text(found.more(last), plus=True)}."
    )


def next_words(found: Found) -> str:
    """Say what the next thousand dollars of the amount would do."""
    at = found.base + found.here() if found.question.adds else found.here()
    later = next((point for point in found.points if point.value > at), found.points[-1])
    earlier = next((point for point in reversed(found.points) if point.value <= at), found.points[0])
    across = later.value - earlier.value
    if across <= 0:
        return ""
    change = (later.tax - earlier.tax) * 100_000 // across
    way = "add" if change >= 0 else "take off"
    return f"From here, another $1,000 would {way} about {whole_text(abs(change))}."


def even_words(found: Found) -> str:
    """Say where the taxes are again what they are without any change."""
    if not any(key != found.question.key for key in (*found.asked.amounts, *found.asked.words)):
        return ""
    if found.even is None:
        return f"No amount of “{found.question.label}” brings all taxes back to {amount_text(found.before)}."
    return (
        f"Break-even: with {amount_text(found.even, plus=True)} of “{found.question.label}” all taxes are "
        f"{amount_text(found.before)} again."
    )


def credit_words(found: Found) -> str:
    """Say how far the end of the Marketplace credit would be; empty without such insurance."""
    ends = found.answer.credit_end
    return "" if ends is None else private(credit_end_note(ends[1]))


def notes(found: Found) -> str:
    """Return what was assumed, but for what is said at its own place."""
    ends = found.answer.credit_end
    told = credit_end_note(ends[1]) if ends is not None else ""
    return "\n".join([private(note) for note in found.answer.assumptions if note != told][:NOTES])


WRITE_OFFS = (("section_179", "Section 179"), ("years", "over the years"))
STATUS_CHOICES = (
    (FilingStatus.SINGLE, "Single"),
    (FilingStatus.MFJ, "Married, one return"),
    (FilingStatus.MFS, "Married, two returns"),
    (FilingStatus.HOH, "Head of household"),
    (FilingStatus.QSS, "Surviving spouse"),
)
