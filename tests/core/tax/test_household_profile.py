"""From the words of a profile to a household, and the sentences that say what was assumed."""

from __future__ import annotations

import pytest

from app.core.books.vocabulary import FilingStatus
from app.core.errors import Refused
from app.core.tax import profile as said
from app.core.tax.model import Itemized, Owner
from app.core.tax.profile import household_from_profile
from app.core.tax.profile_keys import PROFILE_KEYS, cents_of, normalized


def test_an_empty_profile_is_a_first_guess_that_says_so() -> None:
    household, notes = household_from_profile({}, [("self", 5_000_000, False)], 2026)
    assert household.filing_status is FilingStatus.SINGLE
    assert (household.primary.age, household.children_ages, household.net_profit_cents) == (None, (), 5_000_000)
    assert notes == (said.ASSUMED_SINGLE, said.ASSUMED_NO_CHILDREN, said.ASSUMED_NO_AGE, said.NO_OTHER_INCOME)


def test_a_full_profile() -> None:
    profile = {
        "filing_status": "mfj",
        "birth_year": "1961",
        "spouse_birth_year": "1986",
        "spouse_blind": "yes",
        "children": "2010, 2018,2027",
        "wages": "1,000.5",
        "spouse_wages": "$60000",
        "withholding": "100",
        "spouse_withholding": "7000.25",
        "interest": "12.34",
        "dividends": "100",
        "qualified_dividends": "60",
        "short_term_gains": "-500",
        "long_term_gains": "1500",
        "social_security": "9000",
        "other_income": "-20",
        "health_insurance": "6000",
        "retirement": "5000",
        "carryover_qbi_loss": "300",
    }
    household, notes = household_from_profile(profile, [("self", 10, True), ("spouse", -20, False)], 2026)
    assert household.primary.age == 65
    assert household.spouse is not None
    assert (household.spouse.age, household.spouse.blind) == (40, True)
    assert household.children_ages == (16, 8)  # the one of 2027 is not born in 2026
    assert household.primary.wages_cents == 100_050
    assert household.spouse.wages_cents == 6_000_000
    assert household.withholding_cents == 710_025
    assert household.short_term_gains_cents == -50_000
    assert household.other_income_cents == -2_000
    assert household.primary.health_insurance_cents == 600_000
    assert household.spouse.health_insurance_cents == 0
    assert [(business.owner, business.sstb) for business in household.businesses] == [
        (Owner.SELF, True),
        (Owner.SPOUSE, False),
    ]
    assert notes == (said.WITHHOLDING_EVENLY, said.OWN_INSURANCE)


def test_wages_without_withholding_are_pointed_out() -> None:
    _, notes = household_from_profile({"filing_status": "single", "birth_year": "1980", "wages": "10"}, [], 2026)
    assert notes == (said.NO_WITHHOLDING,)


def test_what_belongs_to_the_spouse_stays_out_of_a_separate_return() -> None:
    household, notes = household_from_profile(
        {"filing_status": "mfs", "birth_year": "1980", "spouse_wages": "9"}, [("spouse", 100, False)], 2026
    )
    assert household.spouse is None
    assert household.businesses == ()
    assert {said.SPOUSE_LEFT_OUT, said.SEPARATE_CREDIT} <= set(notes)


def test_insurance_belongs_to_whoever_has_the_business() -> None:
    household, _ = household_from_profile(
        {"filing_status": "mfj", "health_insurance": "100"}, [("spouse", 100_000, False)], 2026
    )
    assert household.spouse is not None
    assert (household.primary.health_insurance_cents, household.spouse.health_insurance_cents) == (0, 10_000)


def test_marketplace_insurance_names_what_is_missing() -> None:
    _, notes = household_from_profile({"marketplace_insurance": "yes"}, [], 2026)
    assert said.ADVANCE_CREDIT in notes


def test_qualified_dividends_alone_are_dividends_too() -> None:
    household, _ = household_from_profile({"qualified_dividends": "50"}, [], 2026)
    assert household.dividends_cents == household.qualified_dividends_cents == 5_000


@pytest.mark.parametrize(
    ("key", "typed", "kept"),
    [
        ("filing_status", " HOH ", "hoh"),
        ("state", "ny", "NY"),
        ("wages", " $1,234.50 ", "1234.50"),
        ("other_income", "-15", "-15"),
        ("children", "2010, 2015", "2010,2015"),
        ("blind", "True", "yes"),
        ("blind", "no", "no"),
        ("entity", "single_member_llc", "single_member_llc"),
        ("locality", "New York City", "New York City"),
        ("time_zone", "America/New_York", "America/New_York"),
        ("wages", "  ", ""),
    ],
)
def test_words_a_key_takes(key: str, typed: str, kept: str) -> None:
    assert normalized(key, typed) == kept


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("filing_status", "married"),
        ("state", "ZZ"),
        ("wages", "-5"),
        ("wages", "12.345"),
        ("wages", "1,23"),
        ("wages", "ten"),
        ("wages", "1e9"),
        ("wages", "99999999999999"),
        ("birth_year", "85"),
        ("birth_year", "1850"),
        ("birth_year", "١٩٨٥"),
        ("children", "2010,,2012"),
        ("blind", "perhaps"),
        ("profession", "astronaut"),
        ("no_such_key", "1"),
    ],
)
def test_words_a_key_refuses(key: str, typed: str) -> None:
    with pytest.raises(Refused) as caught:
        normalized(key, typed)
    assert caught.value.code == "invalid_value"
    assert caught.value.hint
    assert key in caught.value.message


def test_a_damaged_profile_is_refused_not_guessed_at() -> None:
    with pytest.raises(Refused):
        household_from_profile({"wages": "lots"}, [], 2026)


def test_plans_tips_and_deductions_of_each_spouse() -> None:
    profile = {
        "filing_status": "mfj",
        "retirement": "100",
        "spouse_retirement": "200",
        "retirement_deferral": "300",
        "spouse_retirement_deferral": "400",
        "ira": "500",
        "spouse_ira": "600",
        "spouse_workplace_plan": "yes",
        "spouse_health_insurance": "700",
        "business_tips": "800",
        "property_tax": "900",
        "mortgage_interest": "1000",
        "charity_cash": "1100",
        "charity_other": "1200",
        "medical": "1300",
        "other_itemized": "1400",
        "sales_tax": "1500",
        "carryover_short_term_loss": "1600",
        "carryover_long_term_loss": "1700",
    }
    household, _ = household_from_profile(profile, [("self", 10, False), ("spouse", 20, False)], 2026)
    spouse = household.spouse
    assert spouse is not None
    assert (household.primary.retirement_cents, spouse.retirement_cents) == (10_000, 20_000)
    assert (household.primary.deferral_cents, spouse.deferral_cents) == (30_000, 40_000)
    assert (household.primary.ira_cents, spouse.ira_cents) == (50_000, 60_000)
    assert (household.primary.workplace_plan, spouse.workplace_plan) == (False, True)
    assert (household.primary.health_insurance_cents, spouse.health_insurance_cents) == (0, 70_000)
    assert [business.tips_cents for business in household.businesses] == [80_000, 0]
    assert household.itemized == Itemized(
        property_tax_cents=90_000,
        mortgage_interest_cents=100_000,
        charity_cash_cents=110_000,
        charity_other_cents=120_000,
        medical_cents=130_000,
        other_cents=140_000,
        sales_tax_cents=150_000,
    )
    assert household.short_term_loss_carryover_cents == 160_000
    assert household.long_term_loss_carryover_cents == 170_000


def test_nothing_entered_for_itemizing_compares_nothing() -> None:
    assert household_from_profile({"wages": "5"}, [], 2026)[0].itemized is None


def test_a_birth_after_the_tax_year_is_refused() -> None:
    with pytest.raises(Refused, match="birth_year cannot be 2027: the tax year is 2026"):
        household_from_profile({"birth_year": "2027"}, [], 2026)


def test_dollars_become_cents() -> None:
    assert [cents_of("wages", text) for text in ("1234.5", "0.07", "$10", "1,000,000")] == [123_450, 7, 1_000, 10**8]


def test_every_choice_key_names_its_choices() -> None:
    for name, key in PROFILE_KEYS.items():
        assert (key.type in {"choice", "status"}) == bool(key.choices), name
