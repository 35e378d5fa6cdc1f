"""What being late costs, against cases worked by hand, and how payments meet instalments."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.dates import day_from_iso
from app.core.tax.due_dates import DueDateRules
from app.core.tax.instalments.penalty import (
    Late,
    Piece,
    Rates,
    applied,
    load_rates,
    penalty,
    withheld_evenly,
)
from app.core.tax.instalments.required import Credit
from app.core.tax.instalments.schedule import Due, Rules, dates, last_counted_day

Penalties = Callable[..., Late]

FLAT = Rates({(2020, 1): Decimal("0.07")}, {(2020, 1): "a rate for all quarters"})


def _paid(*payments: tuple[str, int]) -> list[Credit]:
    return [Credit(day_from_iso(day), dollars * 100) for day, dollars in payments]


@pytest.fixture
def late(schedules: dict[str, Rules], due_rules: DueDateRules, rates: Rates) -> Penalties:
    """Work out the penalty of a year: instalments in dollars, payments as (day, dollars)."""

    def found(
        year: int, required: tuple[int, ...], *payments: tuple[str, int], until: str = "", **postponed: str
    ) -> Late:
        later = {int(name.removeprefix("n")): day_from_iso(day) for name, day in postponed.items()}
        dues = dates(schedules["federal"], year, due_rules, later)
        end = day_from_iso(until) if until else last_counted_day(year)
        return penalty(dues, [dollars * 100 for dollars in required], _paid(*payments), rates, until=end)

    return found


def test_one_instalment_of_2025_never_paid(late: Penalties) -> None:
    # From 15 April 2025: 76 days to 30 June, 92, 92, then 105 days to 15 April 2026, all at 7 %; the rate of the first
    # quarter of 2026 runs on to 15 April although the second has 6 %.
    # 1,000 x 0.07 x 76 / 365 = 14.58; x 92 / 365 = 17.64, 17.64; x 105 / 365 = 20.14; together 70.00
    found = late(2025, (1000, 0, 0, 0))
    assert found.by_instalment == (7000, 0, 0, 0)
    assert [line.cents for line in found.lines] == [1458, 1764, 1764, 2014]
    assert found.assumed == ()


def test_nothing_paid_for_2024_a_leap_year_until_april(late: Penalties) -> None:
    # 8 % and 366 days in 2024, 7 % and 365 days in 2025.
    # 1: 2,500 x 0.08 x 76 / 366 = 41.53; x 92 / 366 = 50.27, 50.27; x 0.07 x 105 / 365 = 50.34; 192.41
    # 2: from Saturday 15 June: x 0.08 x 15 / 366 = 8.20; 50.27; 50.27; 50.34; 159.08
    # 3: from Sunday 15 September: 8.20; 50.27; 50.34; 108.81
    # 4: x 0.07 x 90 / 365 = 43.15
    assert late(2024, (2500, 2500, 2500, 2500)).by_instalment == (19241, 15908, 10881, 4315)


def test_payments_go_to_the_earliest_instalment_that_is_open(late: Penalties) -> None:
    # 1: 1,000 of 3,000 is late, from 15 April to 1 August 2025: 76 days 14.58 and 32 days 6.14; 20.72
    # 2: 3,000 from 15 June to 1 August: 15 days 8.63 and 32 days 18.41; 27.04
    # 3 and 4 were paid on their days.
    found = late(
        2025, (3000, 3000, 3000, 3000),
        ("2025-04-15", 2000), ("2025-08-01", 4000), ("2025-09-15", 3000), ("2026-01-15", 3000),
    )  # fmt: skip
    assert found.by_instalment == (2072, 2704, 0, 0)


def test_a_weekend_excuses_who_pays_on_monday_and_nobody_else(late: Penalties) -> None:
    assert late(2025, (0, 3000, 0, 0), ("2025-06-16", 3000)).cents == 0
    # Tuesday: the two days count from Sunday, 3,000 x 0.07 x 2 / 365 = 1.15.
    assert late(2025, (0, 3000, 0, 0), ("2025-06-17", 3000)).cents == 115


def test_a_quarter_without_a_rate_takes_the_last_known_one_and_says_so(late: Penalties) -> None:
    # 6 % in the second quarter of 2026, then taken on: 76, 92, 92, 105 days: 12.49 + 15.12 + 15.12 + 17.26 = 59.99
    found = late(2026, (1000, 0, 0, 0))
    assert found.cents == 5999
    assert found.assumed == ("2026 Q3", "2026 Q4", "2027 Q1")


def test_withholding_by_its_days_and_evenly(
    late: Penalties, schedules: dict[str, Rules], due_rules: DueDateRules
) -> None:
    # All of 12,000 on 20 December 2025, 3,000 each from 15 April, 15 June, 15 September to that day at 7 %:
    # 1: 76 days 43.73, 92 days 52.93, 81 days 46.60; 143.26
    # 2: 15 days 8.63, 52.93, 46.60; 108.16
    # 3: 15 days 8.63, 46.60; 55.23
    required = (3000, 3000, 3000, 3000)
    assert late(2025, required, ("2025-12-20", 12000)).by_instalment == (14326, 10816, 5523, 0)
    dues = dates(schedules["federal"], 2025, due_rules)
    evenly = withheld_evenly(1_200_000, dues)
    assert [each.cents for each in evenly] == [300_000] * 4
    assert penalty(dues, [300_000] * 4, evenly, FLAT, until=last_counted_day(2025)).cents == 0


def test_withholding_in_california_follows_its_parts(schedules: dict[str, Rules], due_rules: DueDateRules) -> None:
    dues = dates(schedules["CA"], 2026, due_rules)
    assert [each.cents for each in withheld_evenly(100_000, dues)] == [30_000, 40_000, 30_000]
    assert withheld_evenly(0, dues) == []


def test_a_postponed_instalment_counts_from_its_new_day(late: Penalties) -> None:
    required = (0, 3000, 0, 0)
    assert late(2025, required, ("2025-10-15", 3000), n2="2025-10-15").cents == 0
    # Five days: 3,000 x 0.07 x 5 / 365 = 2.88
    assert late(2025, required, ("2025-10-20", 3000), n2="2025-10-15").cents == 288


def test_the_penalty_stops_on_15_april_and_grows_until_the_day_asked_about(late: Penalties) -> None:
    required = (1000, 1000, 1000, 1000)
    whole = late(2025, required)
    assert late(2025, required, ("2026-05-01", 4000)) == whole
    # On 30 June: 76 days of the first 14.58, 15 of the second 2.88.
    assert late(2025, required, until="2025-06-30").by_instalment == (1458, 288, 0, 0)
    assert late(2025, required, until="2025-04-15").cents == 0


# --- properties


amounts = st.integers(0, 5_000_000)
payments = st.lists(st.tuples(st.integers(20_100, 20_700), st.integers(0, 3_000_000)), max_size=8)


def _dues() -> tuple[Due, ...]:
    days = [day_from_iso(text) for text in ("2025-04-15", "2025-06-15", "2025-09-15", "2026-01-15")]
    return tuple(
        Due(number, day, day, Decimal(number) / 4, day, 3, postponed=False) for number, day in enumerate(days, start=1)
    )


@given(st.lists(amounts, min_size=4, max_size=4), payments)
def test_every_cent_of_an_instalment_is_paid_once_or_open(required: list[int], money: list[tuple[int, int]]) -> None:
    found = applied(required, [Credit(day, cents) for day, cents in money])
    assert [sum(piece.cents for piece in pieces) for pieces in found] == required
    used = sum(piece.cents for pieces in found for piece in pieces if piece.paid is not None)
    assert used == min(sum(required), sum(cents for _, cents in money))
    days = [piece.paid for pieces in found for piece in pieces if piece.paid is not None]
    assert all(before <= after for before, after in pairwise(days))


@given(st.lists(amounts, min_size=4, max_size=4), payments, st.randoms())
def test_the_order_of_payments_of_one_day_means_nothing(
    required: list[int], money: list[tuple[int, int]], chance: random.Random
) -> None:
    credits_ = [Credit(day // 30 * 30, cents) for day, cents in money]
    end = last_counted_day(2025)
    first = penalty(_dues(), required, credits_, FLAT, until=end)
    chance.shuffle(credits_)
    assert penalty(_dues(), required, credits_, FLAT, until=end) == first


@given(st.lists(amounts, min_size=4, max_size=4))
def test_paying_on_time_costs_nothing_and_paying_less_never_costs_less(required: list[int]) -> None:
    end = last_counted_day(2025)
    on_time = [Credit(due.due, cents) for due, cents in zip(_dues(), required, strict=True)]
    assert penalty(_dues(), required, on_time, FLAT, until=end).cents == 0
    less = [each._replace(cents=each.cents * 9 // 10) for each in on_time]
    nothing = penalty(_dues(), required, [], FLAT, until=end).cents
    assert 0 <= penalty(_dues(), required, less, FLAT, until=end).cents <= nothing


def test_money_of_one_day_is_one_payment() -> None:
    assert applied([100, 50], [Credit(9, 60), Credit(9, 70)]) == [[Piece(100, 9)], [Piece(30, 9), Piece(20, None)]]


# --- the file of the rates


def test_the_rates_a_second_time(rates: Rates) -> None:
    eight = {(2024, quarter): Decimal("0.08") for quarter in (1, 2, 3, 4)}
    seven = {(2025, quarter): Decimal("0.07") for quarter in (1, 2, 3, 4)}
    assert rates.known == {**eight, **seven, (2026, 1): Decimal("0.07"), (2026, 2): Decimal("0.06")}
    assert all(rates.sources.values())
    with pytest.raises(KeyError):
        rates.of(2023, 4)


@pytest.mark.parametrize(
    "row",
    [
        {"status": "published", "source": "x"},
        {"status": "not yet published", "source": "x", "value": "0.07"},
        {"status": "published", "source": "", "value": "0.07"},
    ],
)
def test_a_damaged_file_of_rates_is_refused(row: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="2026Q1"):
        load_rates({"quarters": {"2026Q1": row}})
    with pytest.raises(ValueError, match="2026Q5"):
        load_rates({"quarters": {"2026Q5": {"status": "published", "source": "x", "value": "0.07"}}})
