"""The lead sheet: every line of Schedule C against the year before, each with the workpaper that proves it.

Amounts stand as the form prints them. The year before is what these books hold of it, not the return as filed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from app.core.books.vocabulary import LINES, line_on_form
from app.core.dates import iso, year_days
from app.core.money import WHOLE, change_rate, whole_dollars
from app.core.report.counterparty import shown
from app.core.report.lines import LineRow, settled_line
from app.core.report.pack_input import PackInput, VehicleFacts
from app.core.report.schedule_c import HOME_LINE, LineTotal, ScheduleC, printed_line

FLAG_ABOVE_CENTS = 500_00
FLAG_ABOVE_RATE = 2_000
"""A change is flagged when it exceeds both: dollars, and basis points of the year before."""

RECEIPT_LINES = ("C1", "C2")
INCOME_CODES = frozenset({"C1", "C2", "C4", "C6"})

NOT_ANSWERED = "Not answered"
NOT_KEPT = "Not kept in these books"


class LeadRow(NamedTuple):
    """One row of the lead sheet. Units: US cents as the form prints them."""

    style: str
    """line, part, total or result."""
    code: str
    """The line code; empty for results."""
    number: str
    label: str
    reference: str
    """The workpaper of the line; empty for parts and results."""
    cents: int
    full_cents: int
    """Before the limit of the line."""
    limit: int
    prior_cents: int | None
    rows: int | None

    @property
    def change_cents(self) -> int | None:
        return None if self.prior_cents is None else self.cents - self.prior_cents

    @property
    def change_rate(self) -> int | None:
        """Basis points; None where there was nothing before."""
        return change_rate(self.cents, self.prior_cents) if self.prior_cents else None

    @property
    def flagged(self) -> bool:
        change, rate = self.change_cents, self.change_rate
        return change is not None and abs(change) > FLAG_ABOVE_CENTS and (rate is None or abs(rate) > FLAG_ABOVE_RATE)


class Answer(NamedTuple):
    letter: str
    question: str
    answer: str


class Item(NamedTuple):
    """What was paid to one payee. Units: US cents, as the form prints them."""

    name: str
    cents: int
    rows: int


def reference(code: str, year: int) -> str:
    """Return the workpaper reference of a form line: `C-24b`."""
    return f"C-{printed_line(line_on_form(code), year)}"


def grouped(form: ScheduleC) -> dict[str, list[LineTotal]]:
    """Return the lines under the line of the form they are printed on."""
    groups: dict[str, list[LineTotal]] = {}
    for line in form.lines:
        groups.setdefault(line_on_form(line.code), []).append(line)
    return groups


def lead_rows(form: ScheduleC, prior: ScheduleC | None) -> list[LeadRow]:
    """Return the lines with rows in either year, in the form's order, and the results between them."""
    now, before = grouped(form), grouped(prior) if prior else {}
    present = [code for code in LINES if code in now or code in before]
    costs = [code for code in present if code not in INCOME_CODES and code != HOME_LINE]

    def lines(codes: Iterable[str]) -> list[LeadRow]:
        return [
            row
            for code in codes
            if code in present
            for row in _line(code, now.get(code, ()), None if prior is None else before.get(code, ()), form.year)
        ]

    def result(number: str, label: str, name: str, style: str = "total") -> LeadRow:
        value = getattr(form, name)
        then = None if prior is None else getattr(prior, name)
        return LeadRow(style, "", number, label, "", value, value, WHOLE, then, None)

    net_receipts = [result("3", "Receipts less returns", "net_receipts_cents", "line")] if "C2" in present else []
    return [
        *lines(RECEIPT_LINES),
        *net_receipts,
        *lines(("C4", "C6")),
        result("7", "Gross income", "gross_income_cents"),
        *lines(costs),
        result("28", "Total expenses", "expenses_cents"),
        *lines((HOME_LINE,)),
        result("31", "Net profit or (loss)", "net_profit_cents", "result"),
    ]


def _line(code: str, group: Sequence[LineTotal], before: Sequence[LineTotal] | None, year: int) -> list[LeadRow]:
    """Return one printed line and, where it gathers several codes, its parts."""
    then = {line.code: line for line in before or ()}
    limit = min((line.limit for line in (*group, *then.values())), default=WHOLE)
    row = LeadRow(
        style="line",
        code=code,
        number=printed_line(code, year),
        label=LINES[code],
        reference=reference(code, year),
        cents=sum(line.form_cents for line in group),
        full_cents=sum(full_cents(line) for line in group),
        limit=limit,
        prior_cents=None if before is None else sum(line.form_cents for line in before),
        rows=sum(line.count for line in group),
    )
    parts = {line.code: line for line in group}
    codes = [each for each in LINES if each in parts or each in then]
    if codes == [code]:
        return [row]
    return [row, *(_part(parts.get(each), then.get(each), each, known=before is not None) for each in codes)]


def _part(now: LineTotal | None, then: LineTotal | None, code: str, *, known: bool) -> LeadRow:
    cents = now.form_cents if now else 0
    before = (then.form_cents if then else 0) if known else None
    return LeadRow("part", code, "", LINES[code], "", cents, cents, WHOLE, before, now.count if now else 0)


def full_cents(line: LineTotal) -> int:
    """Return the total before its limit, signed as on the form."""
    return line.cents if line.code in {"C1", "C6"} else -line.cents


def whole_amounts(rows: Sequence[LeadRow]) -> list[int | None]:
    """Return each row in whole dollars as a form is filled: lines rounded, results added from them, parts left out."""
    found: list[int | None] = []
    receipts = gross = expenses = home = 0
    for row in rows:
        whole = whole_dollars(row.cents)
        if row.style == "part":
            found.append(None)
            continue
        if row.code in {"C1", "C2"}:
            receipts += whole if row.code == "C1" else -whole
        elif row.code in {"C4", "C6"}:
            gross += whole if row.code == "C6" else -whole
        elif row.code == HOME_LINE:
            home += whole
        elif row.code:
            expenses += whole
        results = {"3": receipts, "7": receipts + gross, "28": expenses, "31": receipts + gross - expenses - home}
        found.append(whole if row.code else results[row.number])
    return found


def rounding(rows: Sequence[LeadRow]) -> int:
    """Return by how many cents net profit in whole dollars is above the exact one."""
    whole = whole_amounts(rows)[-1]
    assert whole is not None
    return whole * 100 - rows[-1].cents


def part_v(rows: Sequence[LineRow], *, initials_only: bool) -> list[Item]:
    """Return the items of other expenses (Part V, line 48) by payee, the largest first."""
    return by_payee((row for row in rows if settled_line(row) == "C27"), initials_only=initials_only)


def by_payee(rows: Iterable[LineRow], *, initials_only: bool) -> list[Item]:
    """Return what the business share of costs came to by payee, the largest first."""
    sums: dict[str, list[int]] = {}
    for row in rows:
        held = sums.setdefault(shown(row, initials_only=initials_only), [0, 0])
        held[0] -= row.business_cents
        held[1] += 1
    return sorted(
        (Item(name or "No name", cents, count) for name, (cents, count) in sums.items()),
        key=lambda item: (-item.cents, item.name),
    )


def answers(source: PackInput, over_limit: int) -> list[Answer]:
    """Return what the books know of lines A to J; the rest is said to be open. `over_limit` counts contractors."""
    business = source.business
    started = NOT_ANSWERED
    if business.started is not None:
        first, last = year_days(source.year)
        started = f"{'Yes' if first <= business.started <= last else 'No'}, started {iso(business.started)}"
    limit = source.limit
    paid = f"{NOT_ANSWERED}. The limit of {source.year} is not known here" if limit is None else (
        f"{over_limit} on line 11 at or above ${limit.cents // 100:,} by bank or cash; see Contractors"
        if over_limit else f"None found on line 11 at or above ${limit.cents // 100:,} by bank or cash"
    )  # fmt: skip
    profession = business.profession.replace("_", " ").capitalize()
    return [
        Answer("A", "Principal business or profession", profession or NOT_ANSWERED),
        Answer("B", "Principal business code", business.principal_code or NOT_ANSWERED),
        Answer("C", "Business name", business.name or NOT_ANSWERED),
        Answer("D", "Employer ID number", NOT_KEPT),
        Answer("E", "Business address", NOT_KEPT),
        Answer("F", "Accounting method", "Cash"),
        Answer("G", "Material participation", NOT_ANSWERED),
        Answer("H", f"Started or acquired in {source.year}", started),
        Answer("I", "Payments that need a Form 1099", paid),
        Answer("J", "Those forms filed", NOT_ANSWERED),
    ]


def part_answers(form: ScheduleC, vehicles: Sequence[VehicleFacts] = ()) -> list[Answer]:
    """Return what the books know of Part III (goods) and Part IV (vehicle)."""
    codes: Mapping[str, LineTotal] = {line.code: line for line in form.lines}
    goods = "Lines 36 to 39 from rows where shown above; inventory and method not answered"
    vehicle = "Not answered. Line 9 has rows: date in service, miles and evidence are needed"
    if vehicles:
        return [
            Answer("Part III", "Cost of goods sold", goods if form.goods_cents else f"{NOT_ANSWERED}. No rows"),
            *(Answer("Part IV", f"Vehicle {each.name}", _vehicle_answer(each)) for each in vehicles),
        ]
    return [
        Answer("Part III", "Cost of goods sold", goods if form.goods_cents else f"{NOT_ANSWERED}. No rows"),
        Answer("Part IV", "Vehicle", vehicle if {"C9", "C9A", "C9P", "C9M"} & set(codes) else
               f"{NOT_ANSWERED}. No rows, and no vehicle is entered"),
    ]  # fmt: skip


def _vehicle_answer(each: VehicleFacts) -> str:
    return (
        f"In service {iso(each.in_service)}, {each.method}; miles: business {each.business_miles}, "
        f"commuting {each.commuting_miles}, other {each.other_miles}; free for private trips: {each.personal_use}; "
        f"another car: {each.another_car}; evidence: {each.evidence}; written: {each.written}"
    )
