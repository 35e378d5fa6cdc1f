"""What the profile asks for, group by group: the key of the books, its name, and where on a form it stands.

The window and the command line show the profile by these words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

JOINT, SEPARATE = "mfj", "mfs"


class Field(NamedTuple):
    """One key of the profile. `hint` says what it is on a return or payslip."""

    key: str
    name: str
    hint: str
    only: str = ""
    """The filing status it is asked for, where it is asked for one alone."""
    example: str = ""


class Group(NamedTuple):
    title: str
    note: str
    fields: tuple[Field, ...]


GROUPS: tuple[Group, ...] = (
    Group("You and your household", "", (
        Field("filing_status", "Filing status", "as on this year’s return"),
        Field("state", "State", "where you live; its income tax is part of the estimate"),
        Field("locality", "City or county", "one with an income tax of its own"),
        Field("entity", "Kind of business", "as the IRS sees it"),
        Field("time_zone", "Time zone", "decides which day it is"),
        Field("birth_year", "Birth year", "what depends on age counts only with it", example="1985"),
        Field("blind", "You are blind", "a larger standard deduction"),
        Field("spouse_birth_year", "Spouse’s birth year", "what depends on age counts only with it", JOINT, "1985"),
        Field("spouse_blind", "Your spouse is blind", "a larger standard deduction", JOINT),
        Field("children", "Children’s birth years", "of those you claim, with commas between", example="2015, 2018"),
        Field("lived_apart", "You lived apart all year", "and the rules for separated spouses are met", SEPARATE),
    )),
    Group("Other income and pay", "for the whole year", (
        Field("wages", "Your wages", "W-2, box 1"),
        Field("spouse_wages", "Spouse’s wages", "W-2, box 1", JOINT),
        Field("interest", "Interest", "1099-INT, box 1"),
        Field("dividends", "Dividends", "1099-DIV, box 1a"),
        Field("qualified_dividends", "Qualified dividends", "1099-DIV, box 1b; part of the dividends"),
        Field("short_term_gains", "Short-term gains", "held a year or less; a loss is negative"),
        Field("long_term_gains", "Long-term gains", "held longer than a year; a loss is negative"),
        Field("social_security", "Social security benefits", "SSA-1099, box 5"),
        Field("other_income", "Other income", "what is taxed and stands nowhere else; may be negative"),
        Field("business_tips", "Tips in your business", "from customers; part of your deposits already"),
    )),
    Group("Withheld", "for the whole year", (
        Field("withholding", "Federal tax withheld from you", "W-2, box 2, and what a 1099 shows as withheld"),
        Field("state_withholding", "State tax withheld from you", "W-2, box 17"),
        Field("spouse_withholding", "Federal tax withheld from spouse", "W-2, box 2", JOINT),
        Field("spouse_state_withholding", "State tax withheld from spouse", "W-2, box 17", JOINT),
    )),
    Group("Last year’s return", "for the safe harbor", (
        Field("prior_year_tax", "Total tax", "Form 1040, line 24"),
        Field("prior_year_agi", "Adjusted gross income", "Form 1040, line 11; may be negative"),
        Field("prior_year_state_tax", "State income tax", "the whole tax on your state return"),
        Field("applied_overpayment", "Refund applied to this year", "Form 1040, line 36"),
    )),
    Group("Insurance and retirement", "for the whole year", (
        Field("health_insurance", "Health insurance you pay yourself", "premiums, where no employer offers a plan"),
        Field("spouse_health_insurance", "Health insurance your spouse pays", "for a business of the spouse", JOINT),
        Field("marketplace_insurance", "Health insurance from the Marketplace", "its credit is not worked out here"),
        Field("retirement", "Retirement plan, as employer", "SEP, or the employer part of a solo 401(k)"),
        Field("retirement_deferral", "Solo 401(k), as employee", "what you pay in as your own employee"),
        Field("spouse_retirement", "Spouse’s plan, as employer", "SEP, or the employer part of a solo 401(k)", JOINT),
        Field("spouse_retirement_deferral", "Spouse’s solo 401(k), as employee", "what the spouse pays in", JOINT),
        Field("ira", "Traditional IRA", "paid in for this year; a Roth IRA is not deducted"),
        Field("spouse_ira", "Spouse’s traditional IRA", "paid in for this year", JOINT),
        Field("workplace_plan", "An employer’s plan covers you", "W-2, box 13; your own plan counts by itself"),
        Field("spouse_workplace_plan", "An employer’s plan covers your spouse", "W-2, box 13", JOINT),
    )),
    Group("Itemized deductions", "where they come to more", (
        Field("property_tax", "Property tax", "of your home, without the part of a home office"),
        Field("sales_tax", "Sales tax", "counts in place of state income tax, where more"),
        Field("mortgage_interest", "Home mortgage interest", "Form 1098, box 1; without the part of a home office"),
        Field("charity_cash", "Gifts of money", "to charities"),
        Field("charity_other", "Gifts of things", "at the value that may be deducted"),
        Field("medical", "Medical costs you paid", "without the premiums above"),
        Field("other_itemized", "Other itemized deductions", "Schedule A, line 16"),
    )),
    Group("Carry-overs", "from last year’s return", (
        Field("carryover_qbi_loss", "Business loss for the QBI deduction", "Form 8995, line 16; without a minus"),
        Field("carryover_short_term_loss", "Short-term capital loss", "goes on Schedule D, line 6; without a minus"),
        Field("carryover_long_term_loss", "Long-term capital loss", "goes on Schedule D, line 14; without a minus"),
    )),
    Group("What you expect of this year", "", (
        Field("planned_profit", "Profit you expect", "for the whole year, in place of the forecast"),
        Field("planned_income", "Deposits you expect", "before costs; counts only beside a profit you expect"),
        Field("reserve_mode", "What a deposit sets aside", "by period suits income that comes late in the year"),
    )),
)  # fmt: skip
"""In the order of the page; the keys of one person stand before those of the spouse."""

ELSEWHERE: Mapping[str, Field] = {
    field.key: field
    for field in (
        Field("profession", "What your business does", "asked with the business"),
        Field("carryover_home_office", "Home office carry-over", "not counted here: asked with each home office"),
        Field("setup_answered", "Tax set-up", "which of its cards you answered, kept by the cards themselves"),
    )
}
"""Keys without a field of their own on the page, and where they are asked."""

CHOICES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "entity": (
        ("sole_proprietor", "Sole proprietor"), ("single_member_llc", "Single-member LLC"), ("other", "Something else"),
    ),
    "reserve_mode": (("share", "Its share of the year’s tax"), ("annualized", "What is owed by period")),
}  # fmt: skip
"""The words of the keys that take one of a few; filing status and state have lists of their own."""

FIRST_HOLDS = frozenset({"reserve_mode"})
"""Keys whose first choice is what holds while nothing is chosen."""


def grouped() -> Iterator[tuple[str, tuple[Field, ...]]]:
    """Return every key under the title of its group, those asked elsewhere at the end."""
    for group in GROUPS:
        yield group.title, group.fields
    yield "Asked elsewhere", tuple(ELSEWHERE.values())


def asked(field: Field, values: Mapping[str, str]) -> bool:
    """Whether a household with these values is asked for a field; a value that is kept stays in sight."""
    return not field.only or values.get("filing_status") == field.only or values.get(field.key, "") not in {"", "no"}


def said(field: Field, sentence: str) -> str:
    """Return a sentence about a key with the field's name in its place."""
    return field.name + sentence.removeprefix(field.key) if sentence.startswith(f"{field.key} ") else sentence
