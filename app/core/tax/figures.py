"""The figures of one federal tax year, typed and frozen. `parameters.load` makes them from plain data.

Named tuples, because making so many data classes takes a third of the time a program has to start.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from app.core.books.vocabulary import FilingStatus

ByStatus = Mapping[FilingStatus, int]
StepsByStatus = Mapping[FilingStatus, tuple[int, ...]]
Amounts = tuple[int, ...]
Rates = tuple[Decimal, ...]


class SelfEmployment(NamedTuple):
    net_earnings_factor: Decimal
    social_security_rate: Decimal
    medicare_rate: Decimal
    deductible_share: Decimal
    wage_base_cents: int
    floor_cents: int


class AdditionalMedicare(NamedTuple):
    rate: Decimal
    threshold_cents: ByStatus


class Adjustments(NamedTuple):
    capital_loss_limit_cents: ByStatus


class Retirement(NamedTuple):
    """Own plans of the self-employed and traditional IRAs.

    The cap on the pay that counts is no figure here: a quarter of it is always more than `limit_cents`.
    """

    employer_rate: Decimal
    limit_cents: int
    deferral_limit_cents: int
    catch_up_cents: int
    catch_up_from_age: int
    older_catch_up_cents: int
    older_from_age: int
    older_under_age: int
    ira_limit_cents: int
    ira_catch_up_cents: int
    ira_phase_out_from_cents: ByStatus
    ira_phase_range_cents: ByStatus
    ira_spouse_phase_out_from_cents: int
    """A joint return where only the other spouse takes part in a plan."""
    ira_spouse_phase_range_cents: int
    ira_step_cents: int
    ira_least_cents: int


class Benefits(NamedTuple):
    """Taxation of Social Security benefits. The `apart` bases are for separate returns of spouses who live apart."""

    first_base_cents: ByStatus
    second_base_cents: ByStatus
    apart_first_base_cents: int
    apart_second_base_cents: int
    first_rate: Decimal
    second_rate: Decimal


class Deduction(NamedTuple):
    standard_cents: ByStatus
    additional_cents: ByStatus
    aged_from: int
    senior_cents: ByStatus
    senior_threshold_cents: ByStatus
    senior_rate: Decimal


class Itemizing(NamedTuple):
    """Limits of Schedule A. The cap on state and local taxes of separate filers is half of what comes out."""

    taxes_cap_cents: int
    taxes_floor_cents: int
    taxes_phase_out_from_cents: ByStatus
    taxes_phase_out_rate: Decimal
    taxes_separate_share: Decimal
    charity_cash_rate: Decimal
    charity_other_rate: Decimal
    charity_floor_rate: Decimal
    charity_without_cents: ByStatus
    """Cash gifts deducted beside the standard deduction."""
    medical_floor_rate: Decimal
    reduction_parts: Amounts
    """Numerator and denominator of what the top bracket loses."""


class Tips(NamedTuple):
    limit_cents: ByStatus
    threshold_cents: ByStatus
    step_cents: int
    step_reduction_cents: int


class Tables(NamedTuple):
    """The printed tables: from each income on, bands of one width; the tax is that of the middle of a band."""

    below_cents: int
    bands_from_cents: Amounts
    bands_width_cents: Amounts
    credit_width_cents: int


class Brackets(NamedTuple):
    """`up_to_cents` are the upper edges of all rates but the last."""

    rates: Rates
    up_to_cents: StepsByStatus


class Niit(NamedTuple):
    rate: Decimal
    threshold_cents: ByStatus


class Amt(NamedTuple):
    exemption_cents: ByStatus
    phase_out_from_cents: ByStatus
    phase_out_rate: Decimal
    low_rate: Decimal
    high_rate: Decimal
    high_rate_above_cents: ByStatus


class Qbi(NamedTuple):
    rate: Decimal
    threshold_cents: ByStatus
    phase_range_cents: ByStatus
    wage_rate: Decimal
    wage_rate_with_property: Decimal
    property_rate: Decimal
    minimum_cents: int
    minimum_income_cents: int


class ChildCredit(NamedTuple):
    child_cents: int
    refundable_cents: int
    other_dependent_cents: int
    child_under_age: int
    threshold_cents: ByStatus
    step_cents: int
    step_reduction_cents: int
    earned_floor_cents: int
    refundable_rate: Decimal
    many_children: int
    employee_tax_rate: Decimal
    employee_medicare_rate: Decimal


class ElderlyCredit(NamedTuple):
    rate: Decimal
    initial_cents: ByStatus
    """For one person of the age: couples and heads never owe tax where this credit reaches."""
    threshold_cents: ByStatus
    excess_share: Decimal


class EarnedCredit(NamedTuple):
    """Tuples run over no, one, two, three or more children."""

    rates: Rates
    maximum_cents: Amounts
    full_from_cents: Amounts
    phase_out_from_cents: Amounts
    joint_addition_cents: Amounts
    phase_out_rates: Rates
    investment_limit_cents: int
    child_under_age: int
    alone_from_age: int
    alone_under_age: int


class Parameters(NamedTuple):
    """One federal tax year. `sources` is by `section.name`; `read` is the latest day a figure was taken in."""

    year: int
    version: str
    read: date
    self_employment: SelfEmployment
    additional_medicare: AdditionalMedicare
    adjustments: Adjustments
    retirement: Retirement
    benefits: Benefits
    deduction: Deduction
    itemizing: Itemizing
    tips: Tips
    tables: Tables
    brackets: Brackets
    gains: Brackets
    niit: Niit
    amt: Amt
    qbi: Qbi
    elderly_credit: ElderlyCredit | None
    """None where other deductions end the tax before this credit begins."""
    child_credit: ChildCredit
    earned_credit: EarnedCredit
    sources: Mapping[str, str]
    projected: tuple[str, ...]
    """Names of the figures that are not law yet."""
