"""A household that cannot be is refused with the field's name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.core.books.vocabulary import FilingStatus
from app.core.errors import Refused
from app.core.tax.model import Business, Household, Itemized, Owner, Person
from app.core.tax.validation import household_problems, validated

PLAIN = Household(
    year=2026,
    primary=Person(age=40, wages_cents=100),
    businesses=(Business(net_profit_cents=-500),),
    itemized=Itemized(charity_cash_cents=5),
    long_term_gains_cents=-1,
    children_ages=(0, 17),
)


def test_a_household_that_can_be_passes_as_it_is() -> None:
    assert validated(PLAIN) is PLAIN
    assert list(household_problems(replace(PLAIN, filing_status=FilingStatus.MFJ, spouse=Person(age=130)))) == []


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"filing_status": "married"}, "filing_status cannot be “married”"),
        ({"filing_status": FilingStatus.MFJ}, "there is no spouse"),
        ({"spouse": Person()}, "A spouse does not belong"),
        ({"primary": Person(wages_cents=-1)}, "wages cannot be negative"),
        ({"filing_status": FilingStatus.MFJ, "spouse": Person(wages_cents=-1)}, "spouse_wages cannot be negative"),
        ({"primary": Person(age=131)}, "age cannot be 131"),
        ({"primary": Person(age=-1)}, "age cannot be -1"),
        ({"filing_status": FilingStatus.MFJ, "spouse": Person(age=200)}, "spouse_age cannot be 200"),
        ({"children_ages": (5, -1)}, "children cannot be -1"),
        ({"primary": Person(tips_cents=1)}, "tips are more than wages"),
        ({"primary": Person(ira_cents=-1)}, "ira cannot be negative"),
        ({"interest_cents": -1}, "interest cannot be negative"),
        ({"interest_cents": 10**15}, "interest is larger"),
        ({"long_term_gains_cents": -(10**15)}, "long_term_gains is larger"),
        ({"qualified_dividends_cents": 2, "dividends_cents": 1}, "qualified_dividends are more than dividends"),
        ({"itemized": Itemized(medical_cents=-1)}, "medical cannot be negative"),
        ({"businesses": (Business(net_profit_cents=1, w2_wages_cents=-1),)}, "business 1: w2_wages cannot be negative"),
        ({"businesses": (Business(net_profit_cents=1, owner=Owner.SPOUSE),)}, "owner spouse belongs on a joint return"),
        ({"businesses": (Business(net_profit_cents=1, owner="me"),)}, "business 1: owner cannot be “me”"),
    ],
)
def test_what_cannot_be_is_named(change: dict[str, Any], named: str) -> None:
    with pytest.raises(Refused, match=named) as refused:
        validated(replace(PLAIN, **change))
    assert refused.value.hint
