"""The sentences of the policy: what each role of an account lets the evidence book."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from app.core.classify.answers import BY_YEAR, COVERED
from app.core.classify.decide import Classifier, Knowledge, Label, Subject
from app.core.classify.merchant_index import Merchant

COSTS = ("SLACK T01ABCD", "ADOBE *CREATIVE CLD", "LEGALZOOM", "MONTHLY SERVICE FEE", "UPWORK SERVICE FEE", "WEWORK")
REFUNDS = ("SLACK", "PURCHASE RETURN AUTHORIZED ON 05/25 ADOBE", "CREDIT VOUCHER LEGALZOOM")
MOVES = {"ONLINE TRANSFER TO SAV 1234": "transfer", "AMEX EPAYMENT ACH PMT": "card_payment"}


@pytest.mark.parametrize("text", COSTS)
def test_business_account_books_what_is_certain(label: Callable[..., Label], text: str) -> None:
    made = label(text)
    assert (made.kind, made.auto) == ("expense", True)


@pytest.mark.parametrize("role", ["mixed", "personal"])
@pytest.mark.parametrize("text", COSTS)
def test_no_cost_is_booked_where_private_money_lies(label: Callable[..., Label], role: str, text: str) -> None:
    made = label(text, role=role)
    assert not made.auto
    assert "personal" in {choice.kind for choice in made.choices}


def test_what_plainly_is_private_is_no_question_on_a_mixed_account(label: Callable[..., Label]) -> None:
    for text in ("NETFLIX.COM LOS GATOS CA", "TRADER JOE S #861", "24 HOUR FITNESS #0412"):
        made = label(text, role="mixed")
        assert (made.kind, made.auto) == ("personal", True), text
    assert not label("COSTCO WHSE #0482", role="mixed").auto, "both kinds of things are bought there"


@pytest.mark.parametrize("role", ["mixed", "personal"])
@pytest.mark.parametrize("text", REFUNDS)
def test_no_cost_is_lowered_there_either(label: Callable[..., Label], role: str, text: str) -> None:
    assert label(text, sign=1, account="credit").auto
    made = label(text, sign=1, account="credit", role=role)
    assert (made.kind, made.auto) == ("refund", False)


def test_client_refund_books_only_where_clients_pay(label: Callable[..., Label]) -> None:
    text = "PAYMENT REFUND TO ANN"
    assert label(text, account="paypal", role="mixed").auto
    assert not label("DISPUTE DEBIT", account="checking", role="mixed").auto
    assert label("DISPUTE DEBIT", account="checking", role="business").line == "C2"


@pytest.mark.parametrize("role", ["business", "mixed", "personal"])
@pytest.mark.parametrize("text", MOVES)
def test_moves_book_by_their_evidence(label: Callable[..., Label], role: str, text: str) -> None:
    made = label(text, role=role)
    assert (made.kind, made.auto) == (MOVES[text], True)


@pytest.mark.parametrize(("role", "auto"), [("business", True), ("mixed", True), ("personal", False)])
def test_client_money_books_but_not_on_a_personal_account(
    label: Callable[..., Label], role: str, *, auto: bool
) -> None:
    made = label("NORTHWIND AP PAYMENT CCD", sign=1, role=role)
    assert (made.kind, made.line, made.auto) == ("income", "C1", auto)


def test_personal_account_books_the_unknown_as_personal(label: Callable[..., Label]) -> None:
    made = label("ZZYX WIDGET 12", role="personal")
    assert (made.kind, made.auto) == ("personal", True)
    assert not label("ZZYX WIDGET 12", role="mixed").auto
    assert not label("ZZYX WIDGET 12", role="business").auto


def test_reserve_takes_transfers_taxes_and_interest_and_asks_the_rest(label: Callable[..., Label]) -> None:
    assert label("IRS USATAXPYMT", role="reserve").kind == "tax_payment"
    assert label("INTEREST PAID", sign=1, account="savings", role="reserve").kind == "interest"
    made = label("SLACK", role="reserve")
    assert (made.kind, made.auto, made.choices[1].kind) == ("transfer", False, "expense")


@pytest.mark.parametrize(
    "text",
    ["ZELLE FROM ANN", "STRIPE PAYOUT", "PAYROLL DIR DEP", "OWNER CONTRIBUTION", "LOAN PROCEEDS", "UPWORK", "ZZ"],
)
def test_credit_on_a_card_is_never_income(label: Callable[..., Label], text: str) -> None:
    made = label(text, sign=1, account="credit")
    assert made.kind in {"refund", "card_payment", "transfer", "personal"}


@pytest.mark.parametrize("trade", ["designer", "contractor", "rideshare_driver", "other"])
@pytest.mark.parametrize("role", ["business", "mixed", "personal"])
@pytest.mark.parametrize("text", ["SHELL OIL 123", "GEICO AUTO", "JIFFY LUBE", "TESLA SUPERCHARGER"])
def test_vehicle_costs_are_never_booked_without_a_method(
    label: Callable[..., Label], text: str, role: str, trade: str
) -> None:
    made = label(text, role=role, trade=trade)
    assert not (made.auto and made.line == "C9A")


def test_pay_from_an_employer_is_asked_and_never_client_money(label: Callable[..., Label]) -> None:
    for text in ("ACME INC PAYROLL PPD", "ORIG CO NAME:ACME ORIG ID:1 DESC DATE:1 CO ENTRY DESCR:DIR DEP SEC:PPD"):
        made = label(text, sign=1)
        assert (made.kind, made.auto) == ("wages", False)


def test_costs_of_every_trade_of_the_base_offer_personal_and_never_book_on_mixed(
    knowledge: Knowledge, label: Callable[..., Label]
) -> None:
    for category, profession in knowledge.categories:
        merchant = next((m for m in _merchants(knowledge) if m.category == category), None)
        if merchant is None:
            continue
        made = label(merchant.name, role="mixed", trade=profession or "other")
        assert made.kind != "expense" or not made.auto
        assert made.kind != "expense" or "personal" in {choice.kind for choice in made.choices}


def test_one_label_a_shape_is_kept_whatever_the_digits(knowledge: Knowledge) -> None:
    assert knowledge.blotted("ACME #9123 05/17 555-4567") == "ACME #0000 00/00 000-0000"
    assert knowledge.blotted("OFFICE 365 INV 9911") == "OFFICE 365 INV 0000"
    assert Classifier(knowledge, [], {})


def _merchants(knowledge: Knowledge) -> Iterator[Merchant]:
    return knowledge.merchants.all()


@pytest.mark.parametrize("text", ["SHELL OIL 5544", "ROADSIDE PUMPS 12"])
def test_a_vehicles_cost_is_booked_by_its_method_alone(knowledge: Knowledge, text: str) -> None:
    def asked(trade: str, vehicle: str | None) -> Label:
        pfc = None if text.startswith("SHELL") else "TRANSPORTATION_GAS"
        subject = Subject(text, -1, "credit", "business", trade, None, None, 7, pfc, vehicle)
        return Classifier(knowledge, [], {}).label(subject)

    for method in (None, BY_YEAR):
        assert (asked("contractor", method).auto, asked("contractor", method).line) == (False, "C9A")
    assert (asked("contractor", "actual").auto, asked("contractor", "actual").line) == (True, "C9A")
    covered = asked("contractor", "standard")
    assert (covered.auto, covered.kind, covered.reason) == (True, "personal", COVERED)
    assert not asked("designer", "actual").auto
    assert not asked("designer", "standard").auto


@pytest.mark.parametrize(
    ("account", "sign", "text", "kind", "line"),
    [
        ("etsy", 1, "Payment for Order #311 Sale", "income", "C1"),
        ("etsy", -1, "$44.88 sent to your bank account Deposit", "transfer", "NONE"),
        ("etsy", -1, "Refund to buyer for Order #311 Refund", "refund", "C2"),
        ("wise", -1, "Converted 500.00 EUR to 521.40 USD", "transfer", "NONE"),
        ("wise", 1, "Converted 500.00 EUR to 521.40 USD", "transfer", "NONE"),
        ("paypal", -1, "General Currency Conversion", "transfer", "NONE"),
        ("paypal", 1, "General Currency Conversion", "transfer", "NONE"),
    ],
)
def test_what_a_wallet_itself_calls_its_rows_is_booked(
    label: Callable[..., Label], account: str, sign: int, text: str, kind: str, line: str
) -> None:
    found = label(text, sign=sign, account=account)
    assert (found.auto, found.kind, found.line) == (True, kind, line)
