"""What the page Taxes shows, decided without painting anything."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from app.core.books import naming
from app.core.dates import Day, year_of
from app.ui.theme.theme import amounts_hidden
from app.ui.widgets.amount import HIDDEN, amount_text, whole_text

if TYPE_CHECKING:
    from app.core.tax.model import Line
    from app.services.books.open_books import Books
    from app.services.tax.reserve_curve import Curve
    from app.services.tax.tax_ladder import Step
    from app.services.tax.tax_page import DepositRow, TaxPage
    from app.services.tax.tax_plan import Planned
    from app.services.tax.tax_rows import BankRow
    from app.services.tax.tax_setup import Setup
    from app.ui.runtime.tasks import Token

NEWEST_SHOWN = 4
"""Deposits shown before the rest is one line."""

MONEY = re.compile("[-\N{MINUS SIGN}]?\\$[\\d,]+(?:\\.\\d\\d)?")
BASIS_POINTS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """`years` are those the books hold, newest first; without any there is no row yet."""

    page: TaxPage
    years: tuple[int, ...]
    unrecorded: tuple[BankRow, ...]
    today: Day
    this_year: int
    plan: Planned
    setup: Setup
    curve: Curve

    @property
    def is_past(self) -> bool:
        return self.page.year < self.this_year

    @property
    def is_empty(self) -> bool:
        return not self.years and not self.page.recorded

    @property
    def waiting(self) -> tuple[BankRow, ...]:
        """Payments that count for nothing until somebody says what they were for."""
        return tuple(row for row in self.unrecorded if row.waits and row.jurisdiction == "federal")


def load(books: Books, token: Token, year: int | None) -> Loaded:
    """Raises: Refused for a year without figures, or another entity."""
    from app.services.tax import reserve_curve, reserves, tax_page, tax_plan, tax_rows, tax_setup, taxes  # noqa: PLC0415 - the window is painted before they load

    page = tax_page.page(books, year=year)
    token.check()
    this_year = page.year if year is None else reserves.reserve_today(books).year
    return Loaded(
        page=page, years=tax_rows.years(books), unrecorded=tax_rows.unrecorded(books, page.year),
        today=taxes.today(books), this_year=this_year, plan=tax_plan.planned(books, year=page.year),
        setup=tax_setup.load(books, page.year, taxes.today(books)), curve=reserve_curve.curve(books, year=page.year),
    )  # fmt: skip


def is_off(books: Books, year: int | None) -> bool:
    """Return whether the tax pages are off, because the business is none of a Schedule C."""
    from app.services.tax import tax_setup  # noqa: PLC0415 - as above

    return tax_setup.taxes_are_off(books, year or books.clock.today().year)


def load_setup(books: Books, year: int | None) -> tuple[Setup, Day]:
    """Return the questions of the tax set-up where the page has no figures."""
    from app.services.tax import tax_setup, taxes  # noqa: PLC0415 - as above

    today = taxes.today(books)
    return tax_setup.load(books, year or books.clock.today().year, today), today


# --- words ------------------------------------------------------------------------------------------------------------


def private(text: str) -> str:
    """Return a sentence of the services with its amounts hidden while amounts are hidden."""
    return MONEY.sub(HIDDEN, text) if amounts_hidden() else text


def rate_text(basis_points: int) -> str:
    """Return `26.4%` of 2643 basis points, half up."""
    tenths = (basis_points * 10 + BASIS_POINTS // 2) // BASIS_POINTS
    return f"{tenths // 10}.{tenths % 10}%"


def day_text(day: Day, *, year: bool = False) -> str:
    return naming.date_words(day) if year else naming.day_words(day, year_of(day))


# --- the figure that leads --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Hero:
    """The ring and the figure; `held` of `needed` is what the ring shows. Units: US cents."""

    caption: str
    cents: int
    line: str
    ring: str
    held: int
    needed: int
    legend: tuple[tuple[str, str, int], ...]
    """Colour of the mark (empty for the sum), words, cents."""


def hero(loaded: Loaded) -> Hero:
    return _past(loaded) if loaded.is_past else _now(loaded)


def _now(loaded: Loaded) -> Hero:
    gauge = loaded.page.gauge
    rest = ("track", "Still to move", gauge.set_aside_now_cents)
    if gauge.surplus_cents:
        rest = ("track", "More than is needed", gauge.surplus_cents)
    return Hero(
        caption=_caption(loaded), cents=gauge.set_aside_now_cents, line=_range_line(loaded), ring="set aside",
        held=gauge.held_cents, needed=gauge.needed_cents,
        legend=(("accent", "In reserve", gauge.held_cents), rest, ("", needed_by(loaded), gauge.needed_cents)),
    )  # fmt: skip


def _caption(loaded: Loaded) -> str:
    return "Still to move, a first guess" if loaded.page.first_guess else "Still to move"


def needed_by(loaded: Loaded) -> str:
    """Return what is needed, with the day by which somebody wants a part of it next: `Needed by Jan 15`."""
    days = [plan.next_due for plan in loaded.plan.plans if plan.next_due is not None]
    return f"Needed by {day_text(min(days))}" if days else "Needed in reserve"


def true_up_line(loaded: Loaded) -> str:
    """Say what later deposits take because the year turns out otherwise than when the money was moved."""
    cents = loaded.page.gauge.true_up_cents
    if not cents or loaded.is_past:
        return ""
    if cents > 0:
        return f"What you moved earlier is {amount_text(cents)} short of its share now; later deposits take it."
    return f"What you moved earlier is {amount_text(-cents)} more than its share now; later deposits need less."


def _range_line(loaded: Loaded) -> str:
    gauge, count = loaded.page.gauge, loaded.page.open_questions
    if not count:
        return "All questions are answered" if not gauge.surplus_cents else "The reserve covers what is needed"
    verb = "is" if count == 1 else "are"
    if gauge.low_cents != gauge.high_cents:
        span = f"{whole_text(gauge.low_cents)} to {whole_text(gauge.high_cents)}"
        return f"{span} until {naming.counted(count, 'question')} {verb} answered"
    if not gauge.high_cents:
        return f"Nothing to move, with {naming.counted(count, 'question')} open"
    return f"The same, however {naming.counted(count, 'question')} {verb} answered"


def _past(loaded: Loaded) -> Hero:
    steps = {step.key: step.cents for step in loaded.page.ladder}
    tax, left = steps.get("tax", 0), steps.get("needed", 0)
    paid = -steps.get("withheld", 0) - steps.get("paid", 0)
    return Hero(
        caption=f"Not covered by payments for {loaded.page.year}", cents=left,
        line="An estimate of the year as it ended, not what your return says", ring="paid", held=paid, needed=tax,
        legend=(
            ("accent", "Paid and withheld", paid),
            ("track", "Not covered", left),
            ("", f"Tax for {loaded.page.year}", tax),
        ),
    )  # fmt: skip


def move_line(loaded: Loaded) -> str:
    """Say which account holds the reserve, and what to do at the bank."""
    account = loaded.page.move.account
    if account is None:
        return "No account holds your tax money yet. Give one the role “reserve”; what lies in it then counts."
    if loaded.page.gauge.set_aside_now_cents:
        return f"Move it to {account} at your bank. It counts once the next file is imported."
    return f"Counted in {account}"


def marginal_line(page: TaxPage) -> str:
    """Say what the newest deposit costs on top of all others: the reason why its share is another amount."""
    if not page.deposits:
        return ""
    cents, of = page.newest_marginal_cents, page.deposits[0].cents
    rate = rate_text((cents * 20_000 + of) // (2 * of)) if of > 0 else ""
    return (
        f"On top of everything else it adds {amount_text(cents)} to the year’s tax{f', {rate} of it' if rate else ''}."
    )


def not_in_it(loaded: Loaded) -> list[str]:
    """Return what the figure leaves out, and how far that of the state can be relied on."""
    count = loaded.page.open_questions
    asked = f"{naming.counted(count, 'question')} not answered yet: the range shows what they may change."
    return [*([asked] if count and not loaded.is_past else []), *loaded.page.not_included]


def first_guess_lines(page: TaxPage) -> str:
    """Return what is taken for granted while the profile is incomplete."""
    said = [note for note in page.assumptions if "not set" in note or "not given" in note or "taken as" in note]
    return " ".join(said[:2])


# --- deposits ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """The deposits that are not shown one by one."""

    before: Day
    count: int
    cents: int
    set_aside_cents: int
    words: str

    @property
    def rate(self) -> int:
        return (self.set_aside_cents * 20_000 + self.cents) // (2 * self.cents) if self.cents > 0 else 0


def folded(deposits: Sequence[DepositRow]) -> tuple[Sequence[DepositRow], Rest | None]:
    """Return the newest deposits and one line for the rest, when a line saves anything."""
    if len(deposits) <= NEWEST_SHOWN + 1:
        return deposits, None
    rest = deposits[NEWEST_SHOWN:]
    to_move = sum(row.status == "to_move" for row in rest)
    waiting = sum(row.status == "waits" for row in rest)
    words = f"{to_move:,} to move" if to_move else f"{waiting:,} to answer" if waiting else "moved or paid"
    return deposits[:NEWEST_SHOWN], Rest(
        before=rest[0].day, count=len(rest), cents=sum(row.cents for row in rest),
        set_aside_cents=sum(row.set_aside_cents for row in rest), words=words,
    )  # fmt: skip


# --- the worksheet ----------------------------------------------------------------------------------------------------


_STEPS = re.compile(r"\((?:\(\d+, [\d.]+\)(?:, )?)+,?\)")
_STEP = re.compile(r"\((\d+), ([\d.]+)\)")


def _rates(found: re.Match[str]) -> str:
    """Write the brackets of a formula, cents and rates, as people read them: `1% from 0, 2% from 22,660`."""
    steps = [(int(low), float(rate) * 100) for low, rate in _STEP.findall(found[0])]
    return ", ".join(f"{rate:.4g}% from {low // 100:,}" for low, rate in steps)


def formula_text(line: Line) -> str:
    return _STEPS.sub(_rates, line.formula).replace("*", "\N{MULTIPLICATION SIGN}").replace("_", " ")


def inputs_text(line: Line) -> str:
    """Return `net profit $142,601.95, floor $400.00`."""
    parts = []
    for name, value in line.inputs.items():
        shown = f"{value:,}" if name.endswith("_count") else amount_text(value)
        parts.append(f"{name.replace('_', ' ')} {shown}")
    return ", ".join(parts)


def by_form(lines: Iterable[Line]) -> list[tuple[str, list[Line]]]:
    """Return the lines under their forms, in the order they are worked out in; a form may come twice."""
    return [(form, list(each)) for form, each in groupby(lines, key=lambda line: line.form)]


def worksheet_text(page: TaxPage) -> str:
    """Return the whole worksheet as text to paste elsewhere."""
    out = [f"1099 Ops, estimate, {page.household}, as of {day_text(page.as_of, year=True)}", page.standing]
    for form, lines in by_form(page.worksheet):
        out += ["", form]
        for line in lines:
            out.append(f"{line.line}\t{line.label}\t{amount_text(line.cents)}")
            out.append(f"\t{formula_text(line)}\t{inputs_text(line)}")
            if line.source:
                out.append(f"\t{line.source}")
    return "\n".join(out)


def shown_steps(loaded: Loaded) -> tuple[Step, ...]:
    """Return the steps of the ladder; of a past year without what lies aside today."""
    if not loaded.is_past:
        return loaded.page.ladder
    kept = (step for step in loaded.page.ladder if step.key != "gap" and not step.key.startswith("account_"))
    return tuple(replace(step, label="Not covered by payments") if step.key == "needed" else step for step in kept)


def explanation(step: Step) -> str:
    """Return the words of a step that has no worksheet line of its own."""
    if step.note:
        return private(f"{naming.capital(step.note)}{'' if step.note.endswith('.') else '.'}")
    if step.lines:
        return ""
    if step.key == "booked":
        return "Income less expenses of everything that is booked, as on Schedule C."
    return "The steps above, added up." if step.role == "sum" else ""
