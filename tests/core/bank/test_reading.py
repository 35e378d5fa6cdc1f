"""What a bank link says, turned into ours: signs, cents, dates, currencies, categories."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.bank import reading
from app.core.bank.reading import Unreadable
from app.core.dates import day_from_iso


def told(**more: Any) -> dict[str, Any]:
    return {"transaction_id": "t", "account_id": "a", "amount": "1.00", "date": "2026-03-02", "name": "SHOP", **more}


@given(st.integers(-(10**14), 10**14), st.sampled_from(["", "0", "000"]))
def test_every_amount_of_whole_cents_comes_back_exactly(cents: int, zeros: str) -> None:
    sign = "-" if cents < 0 else ""
    assert reading.cents(f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}{zeros}") == cents


@pytest.mark.parametrize(
    ("amount", "cents"),
    [("12.340000000000001", 1234), ("19.989999999999998", 1999), ("-0.30000000000000004", -30), ("-0.0", 0),
     ("99.999999999999", 10_000), ("1234567.8900000001", 123_456_789)],
)  # fmt: skip
def test_what_a_banks_binary_numbers_lie_beside_a_cent_costs_no_row(amount: str, cents: int) -> None:
    assert reading.cents(amount) == cents


@pytest.mark.parametrize(
    "amount",
    [
        "0.005",
        "12.345",
        "12.3401",
        "0.0000001",
        "0.0000000000001",
        "1.001",
        "",
        "1e3",
        "NaN",
        " 1",
        "1,00",
        "+1",
        None,
        1.5,
        10,
        "9" * 30,
        "0x1",
        "١",
    ],
)
def test_an_amount_that_is_no_whole_number_of_cents_is_refused(amount: object) -> None:
    with pytest.raises(Unreadable):
        reading.cents(amount)


def test_money_out_is_negative_here_and_both_days_are_kept() -> None:
    row = reading.row(told(amount="12.30", authorized_date="2026-02-27")).source
    assert (row.cents, row.posted, row.transacted) == (-1230, day_from_iso("2026-03-02"), day_from_iso("2026-02-27"))


@pytest.mark.parametrize("day", [None, "", "2026-02-30", "1969-12-31", "2200-01-01", 5])
def test_a_row_without_a_real_day_is_refused(day: object) -> None:
    with pytest.raises(Unreadable):
        reading.row(told(date=day))


@pytest.mark.parametrize(
    ("category", "word"),
    [
        (None, None), ("FOOD", None), ({}, None),
        ({"detailed": "INCOME_WAGES", "confidence_level": "VERY_HIGH"}, "INCOME_WAGES"),
        ({"detailed": "INCOME_WAGES", "confidence_level": "HIGH"}, "INCOME_WAGES"),
        ({"detailed": "INCOME_WAGES", "confidence_level": "LOW"}, "INCOME_WAGES LOW"),
        ({"detailed": "INCOME_WAGES"}, "INCOME_WAGES"),
        ({"detailed": None, "primary": "INCOME", "confidence_level": "UNKNOWN"}, "INCOME UNKNOWN"),
        ({"detailed": "NEVER_SEEN_BEFORE", "confidence_level": "MEDIUM"}, "NEVER_SEEN_BEFORE MEDIUM"),
    ],
)  # fmt: skip
def test_a_category_is_kept_as_it_is_with_how_sure_the_provider_is(category: object, word: str | None) -> None:
    assert reading.type_word(category) == word


def test_the_banks_own_text_comes_first_and_who_it_was_with_stands_beside_it() -> None:
    row = reading.row(told(name="Shop", original_description="POS  SHOP 0041 ", merchant_name="Corner Shop")).source
    assert (row.text, row.memo) == ("POS SHOP 0041", "Corner Shop")
    assert reading.row(told(merchant_name="shop")).source.memo is None
    assert reading.row(told(name="")).source.text == "(no text)"


def test_what_is_owed_is_below_zero() -> None:
    held = {"current": "120.50", "iso_currency_code": "USD"}
    card = reading.account({"account_id": "a", "type": "credit", "subtype": "credit card", "balances": held})
    bank = reading.account({"account_id": "a", "type": "depository", "subtype": "checking", "balances": held})
    assert card is not None
    assert bank is not None
    assert (card.balance_cents, card.kind, bank.balance_cents, bank.kind) == (-12050, "credit", 12050, "checking")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
            st.sampled_from(["added", "modified", "removed", "accounts", "next_cursor", "has_more", "status",
                             "transaction_id", "amount", "date", "personal_finance_category", "balances"]),
            inner, max_size=6,
        ),
        max_leaves=20,
    ).filter(lambda value: isinstance(value, dict))
)  # fmt: skip
def test_no_answer_however_strange_does_more_than_be_refused(answer: dict[str, Any]) -> None:
    try:
        found = reading.page(answer)
    except ValueError:
        return
    assert isinstance(found.next_cursor, str)
