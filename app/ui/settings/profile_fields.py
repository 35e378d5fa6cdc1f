"""What the profile asks for, card by card: the key of the books, its name, and where on a form it stands."""

from __future__ import annotations

from typing import NamedTuple

from app.core.books.vocabulary import Profession


class Field(NamedTuple):
    """One key of the profile. `hint` says what it is on a return or payslip."""

    key: str
    name: str
    hint: str = ""
    for_married: bool = False
    """Shown only where there is a spouse on the return, or a value is kept already."""


class Block(NamedTuple):
    title: str
    note: str
    fields: tuple[Field, ...]


MARRIED = frozenset({"mfj", "mfs"})
PROFESSIONS = tuple((str(value), value.replace("_", " ").capitalize()) for value in Profession)
ENTITIES = (
    ("", "not set"),
    ("sole_proprietor", "Sole proprietor"),
    ("single_member_llc", "Single-member LLC"),
    ("other", "Something else"),
)

MONEY: tuple[Block, ...] = (
    Block("Last year’s return", "gives the safe harbor without a forecast", (
        Field("prior_year_tax", "Total tax", "Form 1040, line 24"),
        Field("prior_year_agi", "Adjusted gross income", "Form 1040, line 11"),
        Field("applied_overpayment", "Refund applied to this year", "Form 1040, line 36"),
        Field("carryover_qbi_loss", "Business loss carried over", "Form 8995, line 16"),
    )),
    Block("Pay with withholding", "for the whole year", (
        Field("wages", "Your wages", "W-2, box 1"),
        Field("withholding", "Federal tax withheld from you", "W-2, box 2"),
        Field("spouse_wages", "Spouse’s wages", "W-2, box 1", for_married=True),
        Field("spouse_withholding", "Federal tax withheld from spouse", "W-2, box 2", for_married=True),
    )),
    Block("Other income and deductions", "for the whole year", (
        Field("interest", "Interest", "1099-INT, box 1"),
        Field("dividends", "Dividends", "1099-DIV, box 1a"),
        Field("qualified_dividends", "of which qualified", "1099-DIV, box 1b"),
        Field("long_term_gains", "Long-term gains", "may be negative"),
        Field("short_term_gains", "Short-term gains", "may be negative"),
        Field("social_security", "Social security benefits", "SSA-1099, box 5"),
        Field("other_income", "Other income", "may be negative"),
        Field("health_insurance", "Health insurance you pay yourself", "premiums of the year"),
        Field("retirement", "Retirement plan payments", "SEP, or the employer part of a solo 401(k)"),
    )),
)  # fmt: skip

BORN = (
    Field("birth_year", "Birth year"),
    Field("spouse_birth_year", "Spouse’s birth year", for_married=True),
    Field("children", "Children’s birth years", "with commas between"),
)
SWITCHES = (
    Field("blind", "You are blind", "a larger standard deduction"),
    Field("spouse_blind", "Your spouse is blind", for_married=True),
    Field("lived_apart", "You lived apart all year", for_married=True),
    Field("marketplace_insurance", "Health insurance from the Marketplace", "its tax credit is not computed here"),
)

_ZONES = (
    ("America/New_York", "Eastern"),
    ("America/Chicago", "Central"),
    ("America/Denver", "Mountain"),
    ("America/Phoenix", "Arizona"),
    ("America/Los_Angeles", "Pacific"),
    ("America/Anchorage", "Alaska"),
    ("Pacific/Honolulu", "Hawaii"),
    ("America/Puerto_Rico", "Puerto Rico"),
    ("UTC", "UTC"),
)
ZONES = (("", "not set"), *_ZONES)


def zone_words(zone: str) -> str:
    """Return how a zone that is not in the list is called: `Boise` for America/Boise."""
    return dict(ZONES).get(zone) or zone.rpartition("/")[2].replace("_", " ")
