"""The ten questions of the tax set-up in words: what each asks, why, and which fields it has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from app.services.tax.tax_setup import (
    CARRIED,
    FAMILY,
    HEALTH,
    HOME,
    KIND,
    LAST_YEAR,
    PAID,
    START,
    VEHICLE,
    WITHHOLDING,
)


class FieldSpec(NamedTuple):
    """One field. `kind`: money, text, day, yes, or choice with its `choices`. `table`: where it is kept."""

    key: str
    label: str
    hint: str = ""
    kind: str = "money"
    choices: tuple[tuple[str, str], ...] = ()
    table: str = "profile"
    for_married: bool = False
    example: str = ""


class CardSpec(NamedTuple):
    """One question. `adds`: the table its fields add a row to; else they are values of the profile."""

    title: str
    why: str
    fields: tuple[FieldSpec, ...] = ()
    adds: str = ""
    then: str = ""
    """What else there is to do elsewhere."""


KINDS = (
    ("", "Not answered yet"),
    ("sole_proprietor", "Sole proprietor, on my own"),
    ("single_member_llc", "LLC with one owner"),
    ("couple", "Married couple, one business together"),
    ("other", "LLC with partners, or an S or C corporation"),
    ("unsure", "Not sure"),
)
KIND_NOTES = {
    "couple": "A business of two is a partnership, unless you choose two Schedule Cs (qualified joint venture; in some "
    "states by community property). With two Schedule Cs, add the business of your spouse under Settings › Profile.",
    "other": "1099 Ops can keep your books, but its tax pages are for Schedule C and stay off.",
    "unsure": "Look at last year’s return: a Schedule C means sole proprietor or one-owner LLC, a Form 1065 a "
    "partnership, a Form 1120 or 1120-S a corporation.",
}
"""What follows from an answer that is not plain."""
KIND_VALUES = {"couple": "sole_proprietor", "unsure": ""}

INSURANCE = (
    ("", "Not answered yet"),
    ("none", "None"),
    ("employer", "Through an employer, mine or my spouse’s"),
    ("own", "A policy of my own"),
    ("marketplace", "Marketplace, with advance credit"),
)
ADVANCE = (
    "The reserve does not include repayment of advance credit. For 2026 there is no cap on it, and the credit ends at "
    "four times the poverty line."
)
METHODS = (("", "Not answered yet"), ("standard", "Standard mileage rate"), ("actual", "Actual costs"))
HOME_METHODS = (("", "Not answered yet"), ("simplified", "Simplified, by square feet"), ("actual", "Actual costs"))

_YEAR = "the whole year; from a payslip: so far, plus what is to come"

SPECS: Mapping[int, CardSpec] = {
    KIND: CardSpec(
        "What are you?", "The tax pages work out a Schedule C, so they need to know that you have one.",
        (FieldSpec("entity", "As the IRS sees your business", kind="choice", choices=KINDS),),
    ),
    LAST_YEAR: CardSpec(
        "Last year’s return", "Gives amounts that meet the rule against the underpayment penalty, with no forecast.",
        (
            FieldSpec("prior_year_tax", "Total tax", "Form 1040, line 24"),
            FieldSpec("prior_year_agi", "Adjusted gross income", "Form 1040, line 11"),
            FieldSpec("prior_year_state_tax", "Tax of your state", "total tax on last year’s state return"),
            FieldSpec("applied_overpayment", "Refund applied to this year", "Form 1040, line 36"),
        ),
    ),
    WITHHOLDING: CardSpec(
        "Pay with withholding", "Wages share the brackets with your profit; what is withheld pays for part of the tax.",
        (
            FieldSpec("wages", "Your wages", _YEAR),
            FieldSpec("withholding", "Federal tax withheld from you", "W-2 box 2, the whole year"),
            FieldSpec("state_withholding", "State tax withheld from you", "W-2 box 17, the whole year"),
            FieldSpec("spouse_wages", "Wages of your spouse", _YEAR, for_married=True),
            FieldSpec("spouse_withholding", "Federal tax withheld from your spouse", for_married=True),
            FieldSpec("spouse_state_withholding", "State tax withheld from your spouse", for_married=True),
        ),
    ),
    FAMILY: CardSpec(
        "Children and ages", "Credits for children, and deductions from the age of 65.",
        (
            FieldSpec("children", "Birth years of your children", "with commas between; only those on your return",
                      kind="text", example="2015, 2018"),
            FieldSpec("birth_year", "Your birth year", kind="text", example="1985"),
            FieldSpec("spouse_birth_year", "Birth year of your spouse", kind="text", for_married=True),
            FieldSpec("blind", "You are blind", kind="yes"),
            FieldSpec("spouse_blind", "Your spouse is blind", kind="yes", for_married=True),
        ),
    ),
    HEALTH: CardSpec(
        "Health insurance", "Premiums you pay yourself lower the income tax, not the self-employment tax.",
        (
            FieldSpec("insurance", "How you are insured", kind="choice", choices=INSURANCE),
            FieldSpec("health_insurance", "Premiums you pay yourself", "the whole year, after any credit"),
        ),
    ),
    VEHICLE: CardSpec(
        "Vehicle", "Business driving is a cost of Schedule C; which method you used first decides what is open now.",
        (
            FieldSpec("name", "What you call it", kind="text", table="vehicle", example="Golf"),
            FieldSpec("in_service", "Used for the business since", kind="day", table="vehicle"),
            FieldSpec("first_method", "Method in its first year", kind="choice", choices=METHODS, table="vehicle"),
            FieldSpec("method", "Method of this year", kind="choice", choices=METHODS, table="vehicle"),
            FieldSpec("business_miles", "Business miles this year", kind="text", table="vehicle", example="9,000"),
            FieldSpec("odometer_last", "Odometer now", kind="text", table="vehicle"),
        ),
        adds="vehicle",
    ),
    HOME: CardSpec(
        "Home office", "Only a part of the home used for nothing else, and regularly, counts.",
        (
            FieldSpec("name", "What you call it", kind="text", table="home_office", example="Back room"),
            FieldSpec("area", "Its square feet", kind="text", table="home_office"),
            FieldSpec("home_area", "Square feet of the home", kind="text", table="home_office"),
            FieldSpec("exclusive", "It is used for nothing but the business", kind="yes", table="home_office"),
            FieldSpec("owned", "You own the home", kind="yes", table="home_office"),
            FieldSpec("first_day", "Used since", kind="day", table="home_office"),
            FieldSpec("method", "Method of this year", kind="choice", choices=HOME_METHODS, table="home_office"),
        ),
        adds="home_office",
    ),
    PAID: CardSpec(
        "What you already paid", "Payments for this year count against what is needed, each for its own government.",
        then="Record a payment…",
    ),
    START: CardSpec(
        "How far back do your files reach?", "Months that are missing now are hard to get in April: bank downloads "
        "often stop at 90 days or 24 months.",
        (FieldSpec("started", "When the business started", kind="day", table="business"),),
        then="Import files…",
    ),
    CARRIED: CardSpec(
        "Carried over from last year", "What last year’s return left over, and equipment that is still written off.",
        (
            FieldSpec("carryover_home_office", "Home office", "Form 8829, line 43 and 44"),
            FieldSpec("carryover_qbi_loss", "Qualified business loss", "Form 8995, line 16"),
            FieldSpec("carryover_short_term_loss", "Short-term capital loss", "Schedule D"),
            FieldSpec("carryover_long_term_loss", "Long-term capital loss", "Schedule D"),
            FieldSpec("name", "Equipment: what it is", kind="text", table="asset", example="Camera"),
            FieldSpec("cost", "What it cost", table="asset"),
            FieldSpec("in_service", "In use since", kind="day", table="asset"),
            FieldSpec("prior_depreciation", "Written off so far", "from the depreciation schedule", table="asset"),
            FieldSpec("prior_year", "Written off up to the year", kind="text", table="asset", example="2025"),
        ),
        adds="asset",
    ),
}  # fmt: skip


def known_insurance(values: Mapping[str, str]) -> str:
    """Return the choice that stands for what the profile holds."""
    if values.get("marketplace_insurance") == "yes":
        return "marketplace"
    return "own" if values.get("health_insurance") else ""


def insurance_values(choice: str, premium: str) -> dict[str, str]:
    """Return what the profile is to hold for a choice."""
    if not choice:
        return {"health_insurance": premium} if premium else {}
    pays = choice in {"own", "marketplace"}
    return {
        "health_insurance": premium if pays else "", "marketplace_insurance": "yes" if choice == "marketplace" else "no"
    }  # fmt: skip
