"""When and by what rule a jurisdiction wants its tax paid during the year.

The rules are data; a jurisdiction without data has no dates here, and the caller says so. The federal dates are never
taken for a state's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any, NamedTuple

from app.core.books.vocabulary import FilingStatus
from app.core.dates import Day, day_of, month_days
from app.core.tax.due_dates import DueDateRules, moved

FEDERAL = "federal"
STATUSES = frozenset({"enacted", "published", "projected"})

REQUIRED, NO_TAX, VOLUNTARY = "required", "no_tax", "voluntary"
"""A jurisdiction asks for instalments, has no income tax, or asks for none."""


class BadScheduleError(ValueError):
    """The file of the instalments is not usable: our bug or a damaged installation."""


class Slot(NamedTuple):
    """One instalment of any year. `share` is the part of the year's payment due by then, the earlier ones included."""

    number: int
    month: int
    day: int
    years_later: int
    income_to_month: int
    share: Decimal


class Due(NamedTuple):
    """One instalment of one year."""

    number: int
    due: Day
    """The last day on which it is on time."""
    counts_from: Day
    """Where days of delay are counted from: the law's own date, which no weekend moves, or the postponed one."""
    share: Decimal
    income_to: Day
    months: int
    postponed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The rule of one jurisdiction. A rate of None: the program does not know that part of the rule."""

    jurisdiction: str
    kind: str = REQUIRED
    slots: tuple[Slot, ...] = ()
    current_rate: Decimal | None = None
    """The part of this year's tax that is enough."""
    prior_rate: Decimal | None = None
    """The part of last year's tax that is enough."""
    high_prior_rate: Decimal | None = None
    high_income_cents: Mapping[FilingStatus, int] | None = None
    """Above this income of last year the high rate holds."""
    no_prior_from_cents: Mapping[FilingStatus, int] | None = None
    """From this income of this year on, last year's tax is no way out."""
    minimum_cents: Mapping[FilingStatus, int] | None = None
    """Below this much after withholding nothing is asked for."""
    annualized: bool = False
    file_by_january: bool = False
    """The last instalment falls away for who files and pays by 31 January."""
    form: str
    source: str
    status: str
    verified: bool
    """Whether the figures were compared with the agency's own text."""
    read: date


def load(data: Mapping[str, Any]) -> dict[str, Rules]:
    """Return the rules by jurisdiction from the plain data of their file.

    Raises: BadScheduleError that names the jurisdiction and the figure.
    """
    slots = {name: _slots(name, rows) for name, rows in data["schedules"].items()}
    return {row["jurisdiction"]: _rules(row, slots) for row in data["jurisdictions"]}


def dates(
    rules: Rules, tax_year: int, closed: DueDateRules, postponed: Mapping[int, Day] | None = None
) -> tuple[Due, ...]:
    """Return the instalments of a tax year in their order; `postponed` is by number."""
    found = []
    later = postponed or {}
    for slot in rules.slots:
        nominal = date(tax_year + slot.years_later, slot.month, slot.day)
        due = later.get(slot.number)
        found.append(
            Due(
                number=slot.number,
                due=moved(nominal, closed) if due is None else due,
                counts_from=day_of(nominal) if due is None else due,
                share=slot.share,
                income_to=month_days(tax_year * 100 + slot.income_to_month)[1],
                months=slot.income_to_month,
                postponed=due is not None,
            )
        )
    return tuple(found)


def last_counted_day(tax_year: int) -> Day:
    """Return the day after which delay costs no more of this penalty. Source: IRC 6654(b)(2)(A)."""
    return day_of(date(tax_year + 1, 4, 15))


def file_and_pay_by(tax_year: int, closed: DueDateRules) -> Day:
    """Return the day by which a filed and paid return makes the fourth instalment needless. Source: IRC 6654(h)."""
    return moved(date(tax_year + 1, 1, 31), closed)


def _slots(name: str, rows: list[Mapping[str, Any]]) -> tuple[Slot, ...]:
    slots = tuple(
        Slot(
            row["number"], row["month"], row["day"], row["years_later"], row["income_to_month"],
            _rate(f"{name}.share", row["share"]),
        )
        for row in rows
    )  # fmt: skip
    if not slots or slots[-1].share != 1 or any(low.share >= high.share for low, high in pairwise(slots)):
        raise BadScheduleError(f"{name}: the shares must rise to 1")
    return slots


_KNOWN = frozenset({
    "jurisdiction", "kind", "schedule", "current_rate", "prior_rate", "high_prior_rate", "high_income_cents",
    "no_prior_from_cents", "minimum_cents", "annualized", "file_by_january", "form", "source", "status", "verified",
    "read",
})  # fmt: skip


def _rules(row: Mapping[str, Any], slots: Mapping[str, tuple[Slot, ...]]) -> Rules:
    where = str(row.get("jurisdiction"))
    unknown = set(row) - _KNOWN
    if unknown:
        raise BadScheduleError(f"{where}: unknown {', '.join(sorted(unknown))}")
    kind = row.get("kind", REQUIRED)
    if kind not in {REQUIRED, NO_TAX, VOLUNTARY} or (kind == REQUIRED) != ("schedule" in row):
        raise BadScheduleError(f"{where}: a kind, and with it a schedule or none")
    if row.get("status") not in STATUSES or not row.get("source") or not isinstance(row.get("read"), date):
        raise BadScheduleError(f"{where}: status, source and read are needed")
    rates = {
        name: _rate(f"{where}.{name}", row[name]) if name in row else None
        for name in ("current_rate", "prior_rate", "high_prior_rate")
    }
    amounts = {
        name: _by_status(f"{where}.{name}", row[name]) if name in row else None
        for name in ("high_income_cents", "no_prior_from_cents", "minimum_cents")
    }
    if (rates["high_prior_rate"] is None) != (amounts["high_income_cents"] is None):
        raise BadScheduleError(f"{where}: a high rate and where it begins belong together")
    return Rules(
        jurisdiction=where,
        kind=kind,
        slots=slots[row["schedule"]] if "schedule" in row else (),
        annualized=bool(row.get("annualized", False)),
        file_by_january=bool(row.get("file_by_january", False)),
        form=str(row.get("form", "")),
        source=row["source"],
        status=row["status"],
        verified=bool(row["verified"]),
        read=row["read"],
        current_rate=rates["current_rate"],
        prior_rate=rates["prior_rate"],
        high_prior_rate=rates["high_prior_rate"],
        high_income_cents=amounts["high_income_cents"],
        no_prior_from_cents=amounts["no_prior_from_cents"],
        minimum_cents=amounts["minimum_cents"],
    )


def _rate(where: str, value: object) -> Decimal:
    try:
        rate = Decimal(value) if isinstance(value, str) else Decimal(-1)
    except InvalidOperation:
        rate = Decimal(-1)
    if not 0 < rate < 2:
        raise BadScheduleError(f"{where}: {value!r} is not a part of a year's tax")
    return rate


def _by_status(where: str, value: object) -> Mapping[FilingStatus, int]:
    """Return one amount for each status: a plain one holds for all, a table may name exceptions beside `all`."""
    table: Mapping[str, Any] = value if isinstance(value, Mapping) else {"all": value}
    if not all(isinstance(cents, int) and not isinstance(cents, bool) and cents >= 0 for cents in table.values()):
        raise BadScheduleError(f"{where}: {value!r} is not an amount")
    if "all" not in table or set(table) - {"all", *FilingStatus}:
        raise BadScheduleError(f"{where}: `all` and perhaps statuses are needed")
    return {status: table.get(status, table["all"]) for status in FilingStatus}
