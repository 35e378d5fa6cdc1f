"""The tax of a year that went on as it began: the household of a part of the year, taken for twelve months.

Form 2210, Schedule AI annualizes every flow of a period and leaves the amounts of a year (standard deduction,
thresholds, wage base, carry-overs) as they are. The wage base divided by the factor less the period's wages, times the
rate times the factor, is the same arithmetic the other way round; Part II is written out in the form's own lines.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from app.core.money import share
from app.core.tax.figures import Parameters, SelfEmployment
from app.core.tax.model import Household, Line, Owner, Result
from app.core.tax.schedule_se import SelfEmploymentTax
from app.core.tax.trace import Sheet

FORM = "Form 2210 Schedule AI"
MONTHS = 12

_OF_THE_YEAR = frozenset({"ubia_cents"})
"""Amounts that no length of time changes. Carry-overs from last year are others."""


class PeriodTax(NamedTuple):
    """The annualized tax of one period, after credits, other than the credits for what was paid. Cents."""

    tax: int
    lines: tuple[Line, ...] = ()


PeriodTaxOf = Callable[[Household, Decimal], PeriodTax]
"""The household of a period (from 1 January to its end) and its factor -> the annualized tax."""

_D = TypeVar("_D")


def factor_of(months: int) -> Decimal:
    """Return by what a period of so many months is multiplied: 4, 2.4, 1.5, 1."""
    return Decimal(MONTHS) / months


def annualized(household: Household, factor: Decimal) -> Household:
    """Return the household with every flow multiplied; amounts that belong to the year stay."""
    return _scaled(household, factor)


def _scaled(part: _D, factor: Decimal) -> _D:
    changes: dict[str, Any] = {}
    for field in fields(part):  # type: ignore[arg-type]
        value = getattr(part, field.name)
        if is_dataclass(value):
            changes[field.name] = _scaled(value, factor)
        elif isinstance(value, tuple) and value and is_dataclass(value[0]):
            changes[field.name] = tuple(_scaled(each, factor) for each in value)
        elif field.name.endswith("_cents") and isinstance(value, int) and not _stays(field.name):
            changes[field.name] = share(value, factor)
    return replace(part, **changes)  # type: ignore[type-var]


def _stays(name: str) -> bool:
    return "carryover" in name or name in _OF_THE_YEAR


def part_of_year(household: Household, profits: Sequence[int], months: int) -> Household:
    """Return the household of the first months: profits as given, all else in even parts of the year's figures."""
    part = annualized(household, Decimal(months) / MONTHS)
    businesses = tuple(
        replace(business, net_profit_cents=profit) for business, profit in zip(part.businesses, profits, strict=True)
    )
    return replace(part, businesses=businesses)


def federal_period(
    figures: Parameters, evaluate: Callable[[Household], Result], *, explain: bool = True
) -> PeriodTaxOf:
    """Return the annualized federal tax as a function of a period.

    `evaluate` is the whole federal return; the self-employment part is worked out in the lines of the form.
    """

    def tax(period: Household, factor: Decimal) -> PeriodTax:
        result = evaluate(annualized(period, factor))
        sheet = Sheet(figures.sources, explain=explain)
        own = 0
        for owner, person in period.persons:
            profit = sum(each.net_profit_cents for each in period.businesses if each.owner is owner)
            own += _part_two(sheet, figures.self_employment, profit, person.wages_cents, factor, owner)
        return PeriodTax(_part_one(sheet, result.totals, result.components, own, factor), tuple(sheet.lines))

    return tax


def annualized_self_employment(
    figures: SelfEmployment, net_profit: int, wages: int, factor: Decimal
) -> SelfEmploymentTax:
    """Return the annualized self-employment tax on one person's profit of a period; the half is the period's. Cents."""
    sheet = Sheet({}, explain=False)
    tax = _part_two(sheet, figures, net_profit, wages, factor, Owner.SELF)
    earnings = share(max(0, net_profit), figures.net_earnings_factor)
    return SelfEmploymentTax(earnings if tax else 0, 0, tax, share(tax, figures.deductible_share / factor))


def _part_two(sheet: Sheet, figures: SelfEmployment, net_profit: int, wages: int, factor: Decimal, owner: Owner) -> int:
    if net_profit <= 0:
        return 0
    whose = " (spouse)" if owner is Owner.SPOUSE else ""
    earnings = sheet.add(
        FORM, "28", f"Net earnings of the period{whose}", share(net_profit, figures.net_earnings_factor),
        f"net_profit * {figures.net_earnings_factor}", "self_employment.net_earnings_factor", net_profit=net_profit,
    )  # fmt: skip
    if share(earnings, factor) < figures.floor_cents:
        return 0
    limit = sheet.add(
        FORM, "29", f"Social Security limit of the period{whose}", share(figures.wage_base_cents, 1 / factor),
        f"wage_base / {factor.normalize():f}", "self_employment.wage_base_cents", wage_base=figures.wage_base_cents,
    )  # fmt: skip
    room = sheet.add(
        FORM, "31", f"Limit left after wages of the period{whose}", max(0, limit - wages),
        "max(0, limit - wages)", "", limit=limit, wages=wages,
    )  # fmt: skip
    social_rate, medicare_rate = figures.social_security_rate * factor, figures.medicare_rate * factor
    social = sheet.add(
        FORM, "33", f"Social Security part, annualized{whose}", share(min(earnings, room), social_rate),
        f"min(net_earnings, room) * {social_rate.normalize():f}", "self_employment.social_security_rate",
        net_earnings=earnings, room=room,
    )  # fmt: skip
    medicare = sheet.add(
        FORM, "35", f"Medicare part, annualized{whose}", share(earnings, medicare_rate),
        f"net_earnings * {medicare_rate.normalize():f}", "self_employment.medicare_rate", net_earnings=earnings,
    )  # fmt: skip
    return sheet.add(
        FORM, "36", f"Annualized self-employment tax{whose}", social + medicare,
        "social_security + medicare", "", social_security=social, medicare=medicare,
    )  # fmt: skip


def _part_one(sheet: Sheet, totals: Mapping[str, int], parts: Mapping[str, int], own: int, factor: Decimal) -> int:
    """Write lines 1 to 19 from the evaluation of the annualized household, and return the tax after credits."""
    by = f"{factor.normalize():f}"
    income = parts["agi"]
    sheet.add(
        FORM, "1", "Adjusted gross income of the period", share(income, 1 / factor) if income >= 0 else
        -share(-income, 1 / factor), f"annualized_income / {by}", "", annualized_income=income,
    )  # fmt: skip
    sheet.add(FORM, "3", "Annualized income", income, "annualized_income", "", annualized_income=income)
    deducted = max(0, income) - parts["taxable_income"]
    sheet.add(
        FORM, "10", "Standard or itemized deduction, others and qualified business income", max(0, deducted),
        "max(0, max(0, annualized_income) - taxable_income)", "",
        annualized_income=income, taxable_income=parts["taxable_income"],
    )  # fmt: skip
    sheet.add(
        FORM, "13", "Annualized taxable income", parts["taxable_income"], "taxable_income", "",
        taxable_income=parts["taxable_income"],
    )  # fmt: skip
    before = parts["income_tax_before_credits"]
    credited = before - totals["federal_income_tax_cents"]
    other = totals["additional_medicare_cents"] + totals["niit_cents"]
    whole = sheet.add(
        FORM, "17", "Total tax", before + own + other,
        "income_tax_and_amt + self_employment_tax + additional_medicare_tax + net_investment_income_tax", "",
        income_tax_and_amt=before, self_employment_tax=own,
        additional_medicare_tax=totals["additional_medicare_cents"], net_investment_income_tax=totals["niit_cents"],
    )  # fmt: skip
    return sheet.add(
        FORM, "19", "Annualized tax after credits", max(0, whole - credited),
        "max(0, total_tax - credits)", "", total_tax=whole, credits=credited,
    )  # fmt: skip
