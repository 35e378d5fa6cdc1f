"""The household a profile describes, and what is assumed where it is silent.

Every value is checked again here, so a profile written by an older version is refused with a plain sentence instead of
guessed at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.core.books.vocabulary import FilingStatus
from app.core.errors import Refused
from app.core.tax.model import Business, Household, Itemized, Owner, Person
from app.core.tax.profile_keys import cents_of, normalized
from app.core.tax.projection import Plan
from app.core.tax.validation import validated

ASSUMED_SINGLE = "Filing status is not set: single is assumed."
ASSUMED_NO_CHILDREN = "Children are not set: none is counted."
ASSUMED_NO_AGE = "Birth year is not set: no deduction or credit that depends on age is counted."
NO_WITHHOLDING = "Wages are entered without withholding: nothing is taken off for tax already withheld."
WITHHOLDING_EVENLY = "Wages and withholding are taken as full-year figures, withheld evenly over the year."
SPOUSE_LEFT_OUT = "The spouse’s business and pay are left out: this is not a joint return."
ADVANCE_CREDIT = "Marketplace insurance: this does not include repayment of advance credit."
OWN_INSURANCE = (
    "Own health insurance counts for months in which no plan of an employer was open to you, nor one of your spouse’s."
)
SEPARATE_CREDIT = "Filing separately: no earned income credit is counted."
NO_OTHER_INCOME = "No wages or other income are entered: only the business is counted."


def household_from_profile(
    profile: Mapping[str, str], businesses: Sequence[tuple[str, int, bool]], year: int
) -> tuple[Household, tuple[str, ...]]:
    """Return the household of a year and the sentences of what was assumed.

    `businesses` are owner (self or spouse), net profit in cents, and whether it is a specified service.
    Raises: Refused when a value of the profile is not usable.
    """
    answers = _Answers(profile)
    status = FilingStatus(answers.text("filing_status") or FilingStatus.SINGLE)
    joint = status is FilingStatus.MFJ
    owned = [
        Business(owner=Owner(owner), net_profit_cents=profit, sstb=sstb)
        for owner, profit, sstb in businesses
        if joint or owner == Owner.SELF
    ]
    # Premiums, plan and tips without “spouse_” belong to whoever has the business.
    spouse_works = bool(owned) and all(business.owner is Owner.SPOUSE for business in owned)
    primary = answers.person("", year, has_business=not spouse_works)
    spouse = answers.person("spouse_", year, has_business=spouse_works)
    dividends = answers.cents("dividends")
    qualified = answers.cents("qualified_dividends")
    household = Household(
        year=year,
        filing_status=status,
        primary=primary,
        spouse=spouse if joint else None,
        children_ages=tuple(year - born for born in answers.years("children") if born <= year),
        businesses=_with_tips(owned, answers.cents("business_tips")),
        interest_cents=answers.cents("interest"),
        # Ordinary dividends include the qualified ones; someone who fills in only the latter has at least those.
        dividends_cents=max(dividends, qualified),
        qualified_dividends_cents=qualified,
        short_term_gains_cents=answers.cents("short_term_gains"),
        long_term_gains_cents=answers.cents("long_term_gains"),
        short_term_loss_carryover_cents=answers.cents("carryover_short_term_loss"),
        long_term_loss_carryover_cents=answers.cents("carryover_long_term_loss"),
        social_security_cents=answers.cents("social_security"),
        other_income_cents=answers.cents("other_income"),
        qbi_loss_carryover_cents=answers.cents("carryover_qbi_loss"),
        itemized=answers.itemized(),
        lived_apart=answers.yes("lived_apart"),
    )
    left_out = not joint and (len(owned) < len(businesses) or spouse.wages_cents > 0)
    return validated(household), _assumptions(answers, household, spouse_left_out=left_out)


def _with_tips(owned: list[Business], tips: int) -> tuple[Business, ...]:
    """Return the businesses with the tips at the first of them: a profile says no more than their sum."""
    if not owned or not tips:
        return tuple(owned)
    return (replace(owned[0], tips_cents=tips), *owned[1:])


def plan_of(profile: Mapping[str, str]) -> Plan | None:
    """Return what the user expects of the year; None without a planned profit. Raises: Refused."""
    answers = _Answers(profile)
    if not answers.text("planned_profit"):
        return None
    income = answers.text("planned_income")
    return Plan(answers.cents("planned_profit"), answers.cents("planned_income") if income else None)


def _assumptions(answers: _Answers, household: Household, *, spouse_left_out: bool) -> tuple[str, ...]:
    wages = sum(person.wages_cents for _, person in household.persons)
    separate = household.filing_status is FilingStatus.MFS and not household.lived_apart
    said = (
        (ADVANCE_CREDIT, answers.yes("marketplace_insurance")),
        (ASSUMED_SINGLE, not answers.text("filing_status")),
        # Whoever answered the first question has seen the one about children, and left it empty.
        (ASSUMED_NO_CHILDREN, not answers.text("filing_status") and not household.children_ages),
        (ASSUMED_NO_AGE, household.primary.age is None),
        (NO_OTHER_INCOME, not wages and not household.withholding_cents),
        (NO_WITHHOLDING, wages > 0 and not household.withholding_cents),
        (WITHHOLDING_EVENLY, household.withholding_cents > 0),
        (SPOUSE_LEFT_OUT, spouse_left_out),
        (OWN_INSURANCE, any(person.health_insurance_cents for _, person in household.persons)),
        (SEPARATE_CREDIT, separate),
    )
    return tuple(sentence for sentence, holds in said if holds)


class _Answers:
    """Reads a profile key by key, each checked again."""

    def __init__(self, profile: Mapping[str, str]) -> None:
        self._profile = profile

    def text(self, key: str) -> str:
        return normalized(key, self._profile.get(key) or "")

    def cents(self, key: str) -> int:
        value = self.text(key)
        return cents_of(key, value) if value else 0

    def yes(self, key: str) -> bool:
        return self.text(key) == "yes"

    def years(self, key: str) -> list[int]:
        return [int(born) for born in self.text(key).split(",") if born]

    def person(self, prefix: str, year: int, *, has_business: bool) -> Person:
        return Person(
            age=self.age(f"{prefix}birth_year", year),
            blind=self.yes(f"{prefix}blind"),
            wages_cents=self.cents(f"{prefix}wages"),
            withholding_cents=self.cents(f"{prefix}withholding"),
            state_withholding_cents=self.cents(f"{prefix}state_withholding"),
            health_insurance_cents=self.own(prefix, "health_insurance", has_business=has_business),
            retirement_cents=self.own(prefix, "retirement", has_business=has_business),
            deferral_cents=self.own(prefix, "retirement_deferral", has_business=has_business),
            ira_cents=self.cents(f"{prefix}ira"),
            workplace_plan=self.yes(f"{prefix}workplace_plan"),
        )

    def own(self, prefix: str, key: str, *, has_business: bool) -> int:
        """Return what a person pays for the own business; where only the spouse has one, the plain key is theirs."""
        if prefix:
            return self.cents(f"{prefix}{key}") + (self.cents(key) if has_business else 0)
        return self.cents(key) if has_business else 0

    def itemized(self) -> Itemized | None:
        """Return what may be itemized; None when nothing is entered, so that nothing is compared."""
        found = Itemized(
            sales_tax_cents=self.cents("sales_tax"),
            property_tax_cents=self.cents("property_tax"),
            mortgage_interest_cents=self.cents("mortgage_interest"),
            charity_cash_cents=self.cents("charity_cash"),
            charity_other_cents=self.cents("charity_other"),
            medical_cents=self.cents("medical"),
            other_cents=self.cents("other_itemized"),
        )
        return None if found == Itemized() else found

    def age(self, key: str, year: int) -> int | None:
        value = self.text(key)
        if value and int(value) > year:
            raise Refused(f"{key} cannot be {value}: the tax year is {year}.", "Correct the year of birth.")
        return year - int(value) if value else None
