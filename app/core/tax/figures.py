"""The figures of one federal tax year, typed and frozen. `parameters.load` makes them from plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.core.books.vocabulary import FilingStatus

ByStatus = Mapping[FilingStatus, int]
StepsByStatus = Mapping[FilingStatus, tuple[int, ...]]
Amounts = tuple[int, ...]
Rates = tuple[Decimal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfEmployment:
    net_earnings_factor: Decimal
    social_security_rate: Decimal
    medicare_rate: Decimal
    deductible_share: Decimal
    wage_base_cents: int
    floor_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AdditionalMedicare:
    rate: Decimal
    threshold_cents: ByStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustments:
    retirement_limit_cents: int
    capital_loss_limit_cents: ByStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefits:
    """Taxation of Social Security benefits. The `apart` bases are for separate returns of spouses who live apart."""

    first_base_cents: ByStatus
    second_base_cents: ByStatus
    apart_first_base_cents: int
    apart_second_base_cents: int
    first_rate: Decimal
    second_rate: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Deduction:
    standard_cents: ByStatus
    additional_cents: ByStatus
    aged_from: int
    senior_cents: ByStatus
    senior_threshold_cents: ByStatus
    senior_rate: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Brackets:
    """`up_to_cents` are the upper edges of all rates but the last."""

    rates: Rates
    up_to_cents: StepsByStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Niit:
    rate: Decimal
    threshold_cents: ByStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Amt:
    exemption_cents: ByStatus
    phase_out_from_cents: ByStatus
    phase_out_rate: Decimal
    low_rate: Decimal
    high_rate: Decimal
    high_rate_above_cents: ByStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Qbi:
    rate: Decimal
    threshold_cents: ByStatus
    phase_range_cents: ByStatus
    wage_rate: Decimal
    wage_rate_with_property: Decimal
    property_rate: Decimal
    minimum_cents: int
    minimum_income_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildCredit:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class EarnedCredit:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """One federal tax year. `sources` is by `section.name`; `read` is the latest day a figure was taken in."""

    year: int
    version: str
    read: date
    self_employment: SelfEmployment
    additional_medicare: AdditionalMedicare
    adjustments: Adjustments
    benefits: Benefits
    deduction: Deduction
    brackets: Brackets
    gains: Brackets
    niit: Niit
    amt: Amt
    qbi: Qbi
    child_credit: ChildCredit
    earned_credit: EarnedCredit
    sources: Mapping[str, str]
    projected: tuple[str, ...]
    """Names of the figures that are not law yet."""
