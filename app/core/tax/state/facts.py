"""What a state's worksheet may start from: the household and its federal return, by plain names. Amounts in cents.

Every name stands in `FACTS` with its meaning, so that a worksheet can be checked before any household is known. Names
that end in `_count` count heads; `children_under_17_count` and `aged_65_count` take their age from the name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.core.books.vocabulary import FilingStatus
from app.core.tax.model import Household, Itemized, Owner

FACTS: dict[str, str] = {
    "wages": "Wages of both persons",
    "primary_wages": "Wages of the taxpayer",
    "spouse_wages": "Wages of the spouse on a joint return",
    "profit": "Net profit of all businesses, negative for a loss",
    "primary_profit": "Net profit of the taxpayer's businesses",
    "spouse_profit": "Net profit of the spouse's businesses",
    "half_se": "Deductible half of self-employment tax, both persons",
    "primary_half_se": "The same, of the taxpayer",
    "spouse_half_se": "The same, of the spouse",
    "se_tax": "Self-employment tax, both persons",
    "primary_se_tax": "The same, of the taxpayer",
    "spouse_se_tax": "The same, of the spouse",
    "se_earnings": "Net earnings from self-employment that count, both persons",
    "additional_medicare": "Additional Medicare tax",
    "employee_tax": "Social Security and Medicare tax withheld from wages",
    "interest": "Taxable interest",
    "dividends": "Ordinary dividends, the qualified ones included",
    "qualified_dividends": "Qualified dividends",
    "short_gains": "Short-term gains less losses carried over, negative for a loss",
    "long_gains": "Long-term gains less losses carried over, negative for a loss",
    "net_long_gain": "Long-term gain after short-term losses, never negative",
    "capital": "Capital gain, or the loss that may be deducted this year",
    "benefits": "Social Security benefits",
    "taxable_benefits": "Social Security benefits that federal tax counts",
    "other_income": "Other income",
    "health_insurance": "Deducted self-employed health insurance",
    "retirement": "Deducted own retirement contributions",
    "adjustments": "All federal adjustments to income",
    "federal_agi": "Federal adjusted gross income",
    "primary_agi": "The taxpayer's part of it, with everything that is not one person's",
    "spouse_agi": "The spouse's own pay and profit in it, after the spouse's own adjustments",
    "federal_standard": "Federal standard deduction with its additions",
    "federal_senior": "Federal deduction for seniors",
    "federal_deduction": "The deduction the federal return takes, standard or itemized, without senior and QBI",
    "federal_itemizes_count": "1 if the federal return itemizes, else 0",
    "federal_salt": "State and local taxes among the itemized deductions",
    "property_tax": "Property tax entered as an itemized deduction",
    "itemized_entered": "Mortgage interest, property tax, gifts and other deductions as entered, no limits",
    "federal_qbi": "Federal deduction for qualified business income",
    "federal_taxable": "Federal taxable income",
    "federal_tax_before_credits": "Federal income tax before credits, with AMT",
    "federal_amt": "Federal alternative minimum tax",
    "federal_nonrefundable": "Federal credits that lower the tax to zero at most, as used",
    "federal_income_tax": "Federal income tax after all credits, without the net investment income tax",
    "federal_niit": "Net investment income tax",
    "eitc": "Federal earned income credit",
    "child_credit": "Federal child credit and credit for other dependents, both parts",
    "refundable_child_credit": "The part of it that is paid out",
    "investment": "Interest, dividends and gains as the earned income credit looks at them",
    "earned": "Earned income: wages and profit less half of self-employment tax",
    "joint_count": "1 on a joint return, else 0",
    "filers_count": "2 on a joint return, else 1",
    "dependents_count": "Children on the return",
    "blind_count": "Blind filers",
    "blind_primary_count": "1 if the taxpayer is blind",
    "blind_spouse_count": "1 if the spouse is blind",
    "primary_age_count": "Age of the taxpayer, 0 while unknown",
    "spouse_age_count": "Age of the spouse on a joint return, else 0",
}
"""Every fact with its meaning."""

_AGES = re.compile(r"(?P<who>children_under|aged|primary_aged|spouse_aged)_(?P<age>\d{1,3})_count", re.ASCII)


def is_counted(name: str) -> bool:
    """Return whether a name counts heads by age: `children_under_6_count`, `aged_65_count` (filers of 65 and more)."""
    return _AGES.fullmatch(name) is not None


def counted(name: str, household: Household) -> int:
    """Return what such a name counts."""
    match = _AGES.fullmatch(name)
    if match is None:
        raise ValueError(f"{name} counts nothing")
    age = int(match["age"])
    if match["who"] == "children_under":
        return sum(child < age for child in household.children_ages)
    wanted = {"aged": tuple(Owner), "primary_aged": (Owner.SELF,), "spouse_aged": (Owner.SPOUSE,)}[match["who"]]
    return sum(person.age is not None and person.age >= age for owner, person in household.persons if owner in wanted)


_WITH_PROFIT = ("profit", "primary_profit", "federal_agi", "primary_agi", "federal_taxable")
"""Facts that are higher where the state takes back some of the federal depreciation."""


class Facts(dict[str, "int"]):
    """The facts of one household; a head count is taken when a worksheet first asks for it."""

    __slots__ = ("household",)

    def __init__(self, household: Household, federal: Mapping[str, int]) -> None:
        super().__init__(federal)
        self.household = household
        self.update(_of_household(household))
        if household.state_profit_difference_cents:
            for name in _WITH_PROFIT:
                self[name] += household.state_profit_difference_cents

    def __missing__(self, name: str) -> int:
        found = self[name] = counted(name, self.household)
        return found


def _of_household(household: Household) -> dict[str, int]:
    joint = household.filing_status is FilingStatus.MFJ
    primary, spouse = household.primary, household.spouse
    paid = household.itemized or Itemized()
    gifts = paid.charity_cash_cents + paid.charity_other_cents
    return {
        "wages": sum(person.wages_cents for _, person in household.persons),
        "primary_wages": primary.wages_cents,
        "spouse_wages": spouse.wages_cents if spouse else 0,
        "interest": household.interest_cents,
        "dividends": household.dividends_cents,
        "qualified_dividends": household.qualified_dividends_cents,
        "benefits": household.social_security_cents,
        "other_income": household.other_income_cents,
        "property_tax": paid.property_tax_cents,
        "itemized_entered": paid.mortgage_interest_cents + paid.property_tax_cents + gifts + paid.other_cents,
        "joint_count": int(joint),
        "filers_count": 2 if joint else 1,
        "dependents_count": len(household.children_ages),
        "blind_count": sum(person.blind for _, person in household.persons),
        "blind_primary_count": int(primary.blind),
        "blind_spouse_count": int(bool(spouse and spouse.blind)),
        "primary_age_count": primary.age or 0,
        "spouse_age_count": (spouse.age or 0) if spouse else 0,
    }
