"""What the card of the instalments shows: a row for each due date, the methods side by side, the reason in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.tax.instalments.plan import Instalment, Method, Plan
from app.core.tax.instalments.required import ANNUALIZED, NO_PRIOR, PRIOR_YEAR, REGULAR
from app.services.tax.tax_dates import ASKED, DUE, OVERDUE, PAID, until
from app.ui.taxes.view_model import Loaded, day_text, private
from app.ui.widgets.amount import amount_text

if TYPE_CHECKING:
    from app.core.dates import Day
    from app.services.tax.tax_dates import DueDate

METHODS = (PRIOR_YEAR, REGULAR, ANNUALIZED)
SHORT_NAMES = {PRIOR_YEAR: "Last year’s tax", REGULAR: "90% of this year", ANNUALIZED: "Annualized"}
LONG_NAMES = {PRIOR_YEAR: "Last year’s tax", REGULAR: "90% of this year", ANNUALIZED: "Annualized income"}
SAID = {
    PRIOR_YEAR: "Paying by last year’s tax",
    REGULAR: "Paying 90% of this year’s tax",
    ANNUALIZED: "Paying by income as it came",
}
NOTHING = "nothing due"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """One due date. `numbers` are the instalments that fall on it, by jurisdiction."""

    due: Day
    numbers: dict[str, int]
    federal: dict[str, Instalment]
    """By method; empty on a day that is only the state's."""
    state: Instalment | None
    paid: DueDate | None
    """What was paid for the federal instalment."""
    postponed: bool

    @property
    def transaction_ids(self) -> tuple[int, ...]:
        return self.paid.transaction_ids if self.paid is not None else ()

    @property
    def is_asked(self) -> bool:
        return self.paid is not None and self.paid.state == ASKED


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How a due date stands: its state and the words for it."""

    state: str
    words: str


def federal(loaded: Loaded) -> Plan:
    return loaded.plan.plans[0]


def of_state(loaded: Loaded) -> Plan | None:
    return loaded.plan.plans[1] if len(loaded.plan.plans) > 1 else None


def state_method(loaded: Loaded, method: str) -> Method | None:
    """Return the way the state is paid by: the chosen one where the state has it, else the one that is best there."""
    plan = of_state(loaded)
    if plan is None:
        return None
    chosen = plan.method(method)
    return chosen if chosen is not None and chosen.available else plan.method(plan.recommended)


def recommended(loaded: Loaded) -> str:
    return federal(loaded).recommended or REGULAR


def rows(loaded: Loaded, method: str) -> list[PlanRow]:
    """Return the due dates in their order; a day of the state that is none of the federal ones has a row of its own."""
    by_method = {each.name: each for each in federal(loaded).methods if each.available}
    dated = {each.number: each for each in loaded.page.due_dates}
    found: dict[Day, dict[str, Instalment]] = {}
    for name, each in by_method.items():
        for instalment in each.instalments:
            found.setdefault(instalment.due, {})[name] = instalment
    beside = state_method(loaded, method)
    of_its_own = {each.due: each for each in beside.instalments} if beside is not None else {}
    code = loaded.plan.plans[1].jurisdiction if of_its_own else ""
    return [
        _row(day, found.get(day, {}), of_its_own.get(day), dated, code) for day in sorted(set(found) | set(of_its_own))
    ]


def _row(
    day: Day, by_method: dict[str, Instalment], state: Instalment | None, dated: dict[int, DueDate], code: str
) -> PlanRow:
    one = next(iter(by_method.values()), None)
    numbers = {"federal": one.number} if one is not None else {}
    if state is not None:
        numbers[code] = state.number
    return PlanRow(
        due=day, numbers=numbers, federal=by_method, state=state,
        paid=dated.get(one.number) if one is not None else None,
        postponed=any(each.postponed for each in (one, state) if each is not None),
    )  # fmt: skip


def status(row: PlanRow, method: str, today: Day) -> Status:
    """Say how a due date stands when the instalments are paid by a method."""
    asked = row.federal.get(method) or next(iter(row.federal.values()), None) or row.state
    if row.is_asked and (asked is None or asked.due_now):
        return Status(state=ASKED, words="waits for your answer")
    if asked is None:
        return Status(state=DUE, words="")
    if not asked.due_now:
        return _covered(row, asked)
    if row.due >= today:
        return Status(state=DUE, words=until(row.due - today))
    return Status(state=OVERDUE, words=f"{amount_text(asked.due_now)} short")


def _covered(row: PlanRow, asked: Instalment) -> Status:
    if row.paid is not None and row.paid.paid_on is not None:
        return Status(state=PAID, words=day_text(row.paid.paid_on))
    return Status(state=PAID, words="covered" if asked.required else NOTHING)


# --- words ------------------------------------------------------------------------------------------------------------


def note(loaded: Loaded) -> str:
    return f"federal, with {loaded.plan.state_name} beside it" if has_state_column(loaded) else "federal"


def has_state_column(loaded: Loaded) -> bool:
    plan = of_state(loaded)
    return plan is not None and bool(plan.methods)


def reasons(loaded: Loaded, method: str) -> Iterator[str]:
    """Say what the chosen way asks and leaves, for the federal government and for the state."""
    plan = federal(loaded)
    chosen = plan.method(method)
    if chosen is not None and not chosen.available:
        yield f"{SAID[method]} cannot be worked out: {chosen.why_not}"
    elif chosen is None or method == plan.recommended or plan.exempt:
        yield private(plan.why)
    else:
        yield _what_it_asks(plan, chosen)
        yield f"Recommended: {LONG_NAMES[plan.recommended or REGULAR].lower()}. {private(plan.why)}"
    state = of_state(loaded)
    if state is not None and state.why:
        shown = state_method(loaded, method)
        other = shown is not None and shown.name != state.recommended
        head = f"by {LONG_NAMES[shown.name].lower()} above; recommended there: " if shown is not None and other else ""
        yield f"{loaded.plan.state_name or state.jurisdiction}: {head}{private(state.why)}"


def _what_it_asks(plan: Plan, method: Method) -> str:
    coming = plan.next_due
    now = amount_text(method.until(coming) if coming is not None else 0)
    by = f" by {day_text(coming, year=True)}" if coming is not None else ""
    april = f"about {amount_text(method.april)} is left for April" if method.april > 0 else "nothing is left for April"
    late = f" For what is late the penalty is about {amount_text(method.penalty)} so far." if method.penalty else ""
    return f"{SAID[method.name]} asks for {now}{by}; as projected {april}.{late}"


def state_in_words(loaded: Loaded, method: str) -> str:
    """Return what the state asks for on each date, for where its column has no room."""
    found = state_method(loaded, method)
    if found is None:
        return ""
    each = (f"{amount_text(one.required)} by {day_text(one.due, year=True)}" for one in found.instalments)
    return f"{loaded.plan.state_name}: {', '.join(each)}."


def lacks_last_year(loaded: Loaded) -> bool:
    """Return whether last year's tax would open a way that is closed for want of it."""
    return any(each.why_not == NO_PRIOR for plan in loaded.plan.plans for each in plan.methods)


def notes(loaded: Loaded) -> str:
    """Return what else must be known of the dates, each once."""
    found = [private(each) for plan in loaded.plan.plans for each in plan.notes]
    return " ".join(dict.fromkeys(found))
