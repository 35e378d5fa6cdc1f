"""What a device gets to see of Plaid's answers, whatever Plaid says."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relay import fields
from relay.errors import RelayError

RUN = re.compile(r"\d{6}")
ALLOWED = {
    "account_id", "name", "official_name", "mask", "type", "subtype", "balances", "available", "current", "limit",
    "iso_currency_code", "persistent_account_id", "holder_category", "transaction_id", "amount",
    "unofficial_currency_code", "date", "authorized_date", "pending", "pending_transaction_id", "original_description",
    "merchant_name", "merchant_entity_id", "payment_channel", "check_number", "transaction_code",
    "merchant_category_code", "personal_finance_category", "primary", "detailed", "confidence_level", "version",
    "counterparties", "entity_id", "payment_meta", "payment_method", "payment_processor", "payer", "payee",
    "status", "added", "modified", "removed", "accounts", "next_cursor", "has_more",
}  # fmt: skip
FREE = {"name", "official_name", "original_description", "merchant_name", "payer", "payee", "payment_processor"}
SECRET = {"location", "account_owner", "logo_url", "website", "account_numbers", "reference_number", "ppd_id", "reason"}

text = st.text(st.sampled_from("0123456789 -ABé٣x"), max_size=40)
scalar = st.none() | st.booleans() | st.integers() | st.decimals(allow_nan=False, allow_infinity=False) | text
key = st.sampled_from(sorted(ALLOWED | SECRET | {"whatever"}))
anything = st.recursive(
    scalar, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(key, inner, max_size=3), max_leaves=6
)
party = st.dictionaries(key, anything, max_size=6)


def row() -> st.SearchStrategy[dict[str, Any]]:
    """Return rows with what none can be without, and whatever else."""
    needed = st.fixed_dictionaries({
        "transaction_id": st.text("abcXYZ", min_size=1), "account_id": st.text("abcXYZ", min_size=1),
        "amount": st.decimals(-10**9, 10**9, places=2), "date": st.just("2026-03-01"),
    })  # fmt: skip
    more = st.dictionaries(
        key.filter(lambda name: name not in {"transaction_id", "account_id", "amount", "date"}), anything
    )
    named = st.fixed_dictionaries({
        "name": text, "original_description": text, "counterparties": st.lists(party, max_size=2),
        "payment_meta": party,
    })  # fmt: skip
    return st.builds(
        lambda *parts: {name: value for part in parts for name, value in part.items()}, more, named, needed
    )


def account() -> st.SearchStrategy[dict[str, Any]]:
    needed = st.fixed_dictionaries({"account_id": st.text("abcXYZ", min_size=1), "name": text})
    return st.builds(lambda more, some: {**more, **some}, st.dictionaries(key, anything), needed)


def names_in(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {name for each in value.values() for name in names_in(each)}
    return {name for each in value for name in names_in(each)} if isinstance(value, list) else set()


def free_texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [each for name, each in value.items() if name in FREE and isinstance(each, str)]
        return own + [each for inner in value.values() for each in free_texts(inner)]
    return [each for inner in value for each in free_texts(inner)] if isinstance(value, list) else []


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(row(), max_size=3), st.lists(row(), max_size=2), st.lists(account(), max_size=2), scalar)
def test_a_page_holds_allowed_fields_only_and_no_long_numbers(
    added: list[Any], modified: list[Any], accounts: list[Any], status: Any
) -> None:
    page = fields.page({
        "added": added, "modified": modified, "removed": [], "accounts": accounts, "next_cursor": "c",
        "has_more": False, "transactions_update_status": status, "location": {"city": "Springfield"},
    })  # fmt: skip
    assert names_in(page) <= ALLOWED
    assert [each for each in free_texts(page) if RUN.search(each)] == []
    assert [each["amount"] for each in page["added"]] == [format(each["amount"], "f") for each in added]
    json.dumps(page, allow_nan=False)


@given(st.text(max_size=2_000) | text)
def test_masking_twice_changes_nothing_and_no_run_of_six_digits_stays(value: str) -> None:
    once = fields.masked(value)
    assert not RUN.search(once)
    assert fields.masked(once) == once


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("ZELLE TO 123456789", "ZELLE TO …6789"),
        ("SSN 123-45-6789", "SSN …6789"),
        ("CARD 4111 1111 1111 1111", "CARD …1111"),
        ("UBER 12345", "UBER 12345"),
        ("2026-03-01", "2026-03-01"),
        ("ACME 12/31", "ACME 12/31"),
    ],
)
def test_numbers_are_cut_to_their_last_four(said: str, shown: str) -> None:
    assert fields.masked(said) == shown


def test_a_number_that_is_cut_by_the_end_of_a_long_text_is_masked_first() -> None:
    made = fields.only({"name": "x" * 495 + "123456789"}, fields.TRANSACTION)["name"]
    assert made == "x" * 495 + "…6789"


@pytest.mark.parametrize(
    "broken",
    [
        {"added": None}, {"added": "x"}, {"added": [1]}, {"added": [{}]}, {"removed": [{"account_id": "a"}]},
        {"next_cursor": None}, {"has_more": "yes"}, {"accounts": [{"name": "x"}]},
        {"added": [{"transaction_id": "t", "account_id": None, "amount": Decimal(1), "date": "2026-01-01"}]},
        {"added": [{"transaction_id": "", "account_id": "a", "amount": Decimal(1), "date": "2026-01-01"}]},
    ],
)  # fmt: skip
def test_a_page_that_is_not_whole_is_asked_for_again(broken: dict[str, Any]) -> None:
    whole = {"added": [], "modified": [], "removed": [], "accounts": [], "next_cursor": "c", "has_more": False}
    fields.page(whole)
    with pytest.raises(RelayError) as refused:
        fields.page({**whole, **broken})
    assert (refused.value.code, refused.value.after) == ("upstream", 60)


@pytest.mark.parametrize(
    ("lacks", "passes"),
    [
        ({"amount": None}, {"amount": None, "date": "2026-01-01"}), ({}, {"amount": None, "date": "2026-01-01"}),
        ({"amount": "12.00"}, {"amount": None, "date": "2026-01-01"}),
        ({"amount": Decimal("1e999999999")}, {"amount": None, "date": "2026-01-01"}),
        ({"amount": True}, {"amount": None, "date": "2026-01-01"}),
        ({"amount": Decimal("5.10"), "date": None}, {"amount": "5.10", "date": None}),
        ({"amount": Decimal("5.10"), "date": 5}, {"amount": "5.10", "date": None}),
    ],
)  # fmt: skip
def test_a_row_without_an_amount_or_a_date_passes_beside_the_good_ones(
    lacks: dict[str, Any], passes: dict[str, Any]
) -> None:
    good = {"transaction_id": "g", "account_id": "a", "amount": Decimal("1.50"), "date": "2026-01-02"}
    bad = {"transaction_id": "t", "account_id": "a", "date": "2026-01-01", **lacks}
    made = fields.transactions([good, bad])
    assert made[0]["amount"] == "1.50"
    assert {name: made[1][name] for name in passes} == passes
