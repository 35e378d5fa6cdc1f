"""From the profit of the year down to what is still to move: steps that add up, each with its line of the return.

Nothing is computed here that the engine has not computed: every figure is a total of the evaluation or an input of one
of its lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.core.books.vocabulary import NO_LINE
from app.core.dates import year_days
from app.core.money import money_text
from app.core.report.lines import settled_line
from app.core.report.profit_range import contribution
from app.core.tax import reserve
from app.core.tax.by_profit import with_profit
from app.core.tax.model import Line
from app.services.books.open_books import Books
from app.services.tax import reserves, taxes
from app.services.tax.tax_dates import words_of
from app.store.row_filter import Filter

PART, SUM = "part", "sum"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of the ladder. A sum is the sum before it and the parts in between."""

    key: str
    role: str
    """part or sum."""
    label: str
    form: str
    """The line of the return, empty for a step that is on no form."""
    cents: int
    note: str = ""
    lines: tuple[Line, ...] = ()
    """The worksheet lines behind it, with formula and source."""
    has_rows: bool = False
    """Whether `rows_behind` finds transactions for it."""
    is_known: bool = True
    """Whether the amount was worked out; of a state that is not set or not known it was not."""


@dataclass(slots=True)
class _Ladder:
    steps: list[Step] = field(default_factory=list)
    running: int = 0

    def part(
        self, key: str, label: str, cents: int, form: str = "", note: str = "", *, lines: tuple[Line, ...] = (),
        rows: bool = False, always: bool = False, known: bool = True,
    ) -> None:  # fmt: skip
        """Add a part; one of zero is left out unless it must be seen."""
        if cents or always:
            self.running += cents
            self.steps.append(
                Step(
                    key=key, role=PART, label=label, form=form, cents=cents, note=note, lines=lines, has_rows=rows,
                    is_known=known,
                )
            )  # fmt: skip

    def sum(
        self, key: str, label: str, cents: int, form: str = "", note: str = "", *, lines: tuple[Line, ...] = (),
        rows: bool = False,
    ) -> None:  # fmt: skip
        """Close a group. Only a sum that stops at zero may differ from its parts, and a step says so."""
        if cents == 0 and self.running < 0:
            self.part(f"{key}_floor", "It never goes below zero", -self.running, always=True)
        self.steps.append(
            Step(key=key, role=SUM, label=label, form=form, cents=cents, note=note, lines=lines, has_rows=rows)
        )
        self.running = cents

    def restart(self) -> None:
        """Begin a new group of parts: tax is not a part of income."""
        self.running = 0


def ladder(found: reserves.ReserveToday) -> tuple[tuple[Step, ...], tuple[Line, ...]]:
    """Return the steps and the whole worksheet they come from."""
    answer = found.reserve
    result = found.rules.evaluate(with_profit(found.household, answer.projection.profit))
    sheet = _Sheet(result.lines, found.rules.state_code)
    steps = _Ladder()
    _profit(steps, found)
    _income(steps, found, sheet)
    steps.restart()
    _tax(steps, found, sheet)
    _reserve(steps, found)
    return tuple(steps.steps), (*result.lines, *answer.lines)


class _Sheet:
    """The lines of the evaluation by their label; several of one label (two spouses) stay together.

    The state's sheet has lines of the same names: it is kept apart.
    """

    def __init__(self, lines: tuple[Line, ...], state: str) -> None:
        of_state = [bool(state) and line.form.startswith(f"{state} ") for line in lines]
        self.state = tuple(line for line, is_there in zip(lines, of_state, strict=True) if is_there)
        self._lines = tuple(line for line, is_there in zip(lines, of_state, strict=True) if not is_there)

    def named(self, *labels: str) -> tuple[Line, ...]:
        return tuple(line for line in self._lines if line.label.removesuffix(" (spouse)") in labels)

    def of_form(self, *forms: str) -> tuple[Line, ...]:
        return tuple(line for line in self._lines if line.form in forms)

    def inputs(self, label: str) -> Mapping[str, int]:
        return self.named(label)[-1].inputs


def _profit(steps: _Ladder, found: reserves.ReserveToday) -> None:
    year, ahead = found.year, found.reserve.projection
    steps.part("booked", "Booked so far", found.booked_cents, "Sch. C 31", rows=True, always=True)
    steps.part(
        "open", "Open questions, as they look now", found.net.expected - found.booked_cents,
        note=f"between {money_text(found.net.low)} and {money_text(found.net.high)} in all, until they are answered",
        rows=True,
    )  # fmt: skip
    steps.part(
        "to_come", "To come, at the pace so far", ahead.profit - found.net.expected,
        note=ahead.assumptions[0] if ahead.assumptions else "",
    )  # fmt: skip
    steps.sum("profit", f"Profit expected for {year}", ahead.profit, "Sch. C 31")


def _income(steps: _Ladder, found: reserves.ReserveToday, sheet: _Sheet) -> None:
    income = sheet.inputs("Income without Social Security benefits")
    if income["net_profit"] != found.reserve.projection.profit:
        # A separate return leaves the spouse's business out.
        difference = income["net_profit"] - found.reserve.projection.profit
        steps.part("not_on_return", "Not on this return", difference)
    steps.part("wages", "Wages", income["wages"], "1040, 1a", "from the profile")
    steps.part("interest", "Interest", income["interest"], "1040, 2b", "from the profile")
    steps.part("dividends", "Dividends", income["dividends"], "1040, 3b", "from the profile")
    steps.part("capital", "Gains and losses", income["capital"], "1040, 7", "from the profile")
    steps.part("other_income", "Other income", income["other_income"], "Sch. 1", "from the profile")
    adjusted = sheet.inputs("Adjusted gross income")
    steps.part("benefits", "Taxable Social Security benefits", adjusted["taxable_benefits"], "1040, 6b")
    less = sheet.inputs("Adjustments")
    steps.part(
        "half_se", "Half of self-employment tax", -less["half_self_employment_tax"], "Sch. 1, 15",
        lines=sheet.of_form("Schedule SE"),
    )  # fmt: skip
    steps.part(
        "health", "Health insurance", -less["health_insurance"], "Sch. 1, 17",
        lines=sheet.named("Self-employed health insurance"),
    )  # fmt: skip
    steps.part(
        "retirement", "Own retirement plan", -less["retirement"], "Sch. 1, 16",
        lines=sheet.named("Employer part", "Employee part", "Own retirement plan"),
    )  # fmt: skip
    steps.part("ira", "IRA", -less["ira"], "Sch. 1, 20", lines=sheet.named("IRA deduction"))
    taxable = sheet.inputs("Taxable income")
    listed = sheet.of_form("Schedule A")
    steps.part(
        "standard", "Itemized or standard deduction" if listed else "Standard deduction", -taxable["deduction"],
        "1040, 12", lines=listed + sheet.named("Standard deduction", "Itemized or standard deduction, the larger"),
    )  # fmt: skip
    steps.part(
        "senior", "Senior deduction", -taxable["senior"], "Sch. 1-A",
        lines=sheet.named("Senior deduction of one person", "Senior deduction"),
    )  # fmt: skip
    steps.part("tips", "Tips", -taxable["tips"], "Sch. 1-A", lines=sheet.named("Tips"))
    forms = ("Form 8995", "Form 8995-A", "Form 8995-A Schedule A", "Form 8995-A Schedule C")
    steps.part("qbi", "Qualified business income", -taxable["qbi"], "1040, 13", lines=sheet.of_form(*forms))
    line = sheet.named("Taxable income")
    steps.sum("taxable", "Taxable income", line[0].cents, "1040, 15", lines=line)


def _tax(steps: _Ladder, found: reserves.ReserveToday, sheet: _Sheet) -> None:
    after, whole = sheet.inputs("Income tax after credits"), sheet.inputs("Federal tax")
    gains = sheet.of_form("Qualified Dividends and Capital Gain Worksheet")
    tax_lines = gains + sheet.named("Tax on ordinary income", "Tax by the table", "Tax")
    steps.part("income_tax", "Federal income tax", after["tax"], "1040, 16", lines=tax_lines, always=True)
    steps.part("amt", "Alternative minimum tax", after["amt"], "Form 6251", lines=sheet.of_form("Form 6251"))
    steps.part(
        "elderly_credit", "Credit for the elderly", -after["elderly_credit"], "Sch. 3, 6d",
        lines=sheet.of_form("Schedule R"),
    )  # fmt: skip
    children = sheet.named("Part that lowers the tax", "Credit for children and other dependents")
    steps.part("child_credit", "Credit for children", -after["child_credit"], "1040, 19", lines=children)
    earned = sheet.named("Earned income credit", "Earned income credit by the table")
    steps.part("earned_credit", "Earned income credit", -after["earned_income_credit"], "1040, 27", lines=earned)
    steps.part(
        "additional_credit", "Additional child tax credit", -after["additional_child_credit"], "1040, 28",
        lines=sheet.named("Additional child tax credit"),
    )  # fmt: skip
    steps.part("niit", "Net investment income tax", whole["net_investment_income_tax"], "Form 8960")
    steps.part(
        "se_tax", "Self-employment tax", whole["self_employment_tax"], "Sch. SE 12",
        lines=sheet.of_form("Schedule SE"), always=True,
    )  # fmt: skip
    steps.part(
        "medicare", "Additional Medicare Tax", whole["additional_medicare_tax"], "Form 8959",
        lines=sheet.of_form("Form 8959"),
    )  # fmt: skip
    _state(steps, found, sheet)
    steps.sum("tax", f"Tax for {found.year}", found.reserve.lines[0].cents, lines=found.reserve.lines[:1])


def _state(steps: _Ladder, found: reserves.ReserveToday, sheet: _Sheet) -> None:
    state, tax = found.rules.state, found.reserve.tax
    if state is None:
        steps.part("state", "State income tax", 0, note=found.rules.notes[0], always=True, known=False)
        return
    lines = sheet.state
    steps.part("state", f"{state.name} income tax", tax.state, note=found.rules.notes[0], lines=lines, always=True)
    place = state.localities.get(found.rules.locality, "")
    steps.part("local", f"Income tax of {place}" if place else "Local income tax", tax.local, lines=lines)


def _reserve(steps: _Ladder, found: reserves.ReserveToday) -> None:
    answer, day = found.reserve, words_of(found.as_of)
    standing = answer.standing
    tax, share = answer.lines[0].cents, answer.lines[1].cents
    so_far, year = answer.lines[1].inputs["deposits_so_far"], answer.lines[1].inputs["deposits_of_year"]
    part = f"{_percent(so_far, year)} of the year’s deposits came by {day}" if year else "no deposits yet"
    steps.part("later_deposits", "For deposits still to come", share - tax, note=part)
    steps.sum("share", f"Share of the deposits up to {day}", share, note=part, lines=answer.lines[1:2], rows=True)
    steps.part(
        "withheld", f"Withheld from pay up to {day}", -standing.withholding_to_date_cents, "1040, 25a",
        "spread evenly over the year",
    )  # fmt: skip
    count = len(found.payments)
    paid = f"{count} payment{'' if count == 1 else 's'}"
    steps.part("paid", "Paid already", -standing.paid_cents, "1040, 26", paid, rows=True)
    if standing.mode == reserve.ANNUALIZED:
        later = answer.needed_cents - steps.running
        steps.part("not_yet_asked", "Asked for at another date, by income as it came", later)
    steps.sum("needed", "Needed in reserve", answer.needed_cents, lines=answer.lines[2:3])
    for view in found.reserve_accounts:
        steps.part(f"account_{view.account.id}", f"In {view.account.name}", -view.balance_cents, always=True, rows=True)
    label = "Still to move" if answer.gap_cents >= 0 else "More than is needed"
    # A surplus is a sum below zero on purpose, so the group is closed by hand.
    steps.steps.append(Step(key="gap", role=SUM, label=label, form="", cents=answer.gap_cents, lines=answer.lines[3:4]))


def _percent(part: int, whole: int) -> str:
    points = part * 10_000 // whole if whole else 0
    return f"{points // 100}.{points % 100:02d} %"


# --- the rows behind a step -------------------------------------------------------------------------------------------


def rows_behind(books: Books, found: reserves.ReserveToday, key: str) -> tuple[int, ...]:
    """Return the transactions of a step, newest first."""
    if key == "share":
        return tuple(row.deposit.transaction_id for row in reversed(found.reserve.deposits))
    if key == "paid":
        numbers = [row.transaction_id for row in found.payments if row.transaction_id is not None]
        return tuple(reversed(numbers))
    if key.startswith("account_") and key.removeprefix("account_").isdecimal():
        wanted = Filter(account_id=int(key.removeprefix("account_")))
        return tuple(row.id for row in books.transactions.listed(wanted, 0) if not row.pending)
    if key == "open":
        rows = books.lines.open_rows(year_days(found.year)[0], found.as_of)
        counted = [(row, taxes.suggested(row)) for row in rows if row.value is not None]
        return tuple(sorted((row.id for row, each in counted if contribution(each.cents, each.expected)), reverse=True))
    if key == "booked":
        lines = books.lines.rows(year_days(found.year)[0], found.as_of)
        numbers = [row.transaction_id for row in lines if settled_line(row) != NO_LINE]
        return tuple(dict.fromkeys(reversed(numbers)))
    return ()
