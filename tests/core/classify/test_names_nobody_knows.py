"""Names nobody wrote down: what their own words say of fees, brokers, shops and licences, and where they are asked."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.core.classify.decide import Label

Labeller = Callable[..., Label]


@pytest.mark.parametrize(
    "text",
    [
        "BOOK TRANSFER FEE", "BKOFAMERICA ATM WITHDRAWAL FEE", "FEE - OUTGOING WIRE", "WT FED#01288 FEE",
        "ONLINE INTERNATIONAL WIRE TRANSFER FEE", "Service Charge Wire", "REAL TIME PAYMENT FEE", "SWIFT CHARGE",
        "DEPOSIT ITEM CHARGEBACK FEE", "EXCESSIVE WITHDRAWAL FEE", "WITHDRAWAL FEE FOREIGN ATM",
    ],
)  # fmt: skip
def test_the_fee_says_more_than_what_it_was_taken_for(label: Labeller, text: str) -> None:
    made = label(text)
    assert (made.kind, made.line, made.auto) == ("expense", "C27", True)


@pytest.mark.parametrize("text", ["WIRE TRANSFER TO FEEHAN BROS", "ATM WITHDRAWAL 0221 FEEDMILL RD"])
def test_a_name_that_begins_like_fee_is_no_fee(label: Labeller, text: str) -> None:
    assert label(text).line != "C27"


@pytest.mark.parametrize("text", ["OVERDRAFT FEE REVERSAL", "ATM FEE REBATE", "REVERSAL OF RETURNED ITEM FEE"])
def test_a_bank_fee_given_back_is_booked_as_money_back(label: Labeller, text: str) -> None:
    made = label(text, sign=1)
    assert (made.kind, made.line, made.auto) == ("refund", "C27", True)


def test_a_fee_credit_that_may_be_a_clients_is_asked(label: Labeller) -> None:
    assert not label("KESTREL CONSULTING FEE CREDIT", sign=1).auto


@pytest.mark.parametrize(
    "text",
    [
        "PINE HOLLOW SECURITIES ACH TRANSFER", "QUENTIN BROKERAGE ACH", "LARKHILL WEALTH MANAGEMENT INVEST",
        "OAKRIDGE MUTUAL FUNDS PURCHASE", "MERIT CRYPTO PURCHASE ACH",
    ],
)  # fmt: skip
def test_money_to_an_unknown_broker_is_ones_own(label: Labeller, text: str) -> None:
    made = label(text)
    assert (made.kind, made.auto) == ("transfer", True)
    assert label(text, account="credit").kind != "transfer" or not label(text, account="credit").auto


def test_money_from_a_broker_is_suggested_as_ones_own_and_asked(label: Labeller) -> None:
    made = label("VANGUARD SELL INVESTMENT", sign=1)
    assert (made.kind, made.auto) == ("transfer", False)


@pytest.mark.parametrize(
    "text",
    ["KIM'S BARBER SHOP OAKLAND CA", "TWIN PINES DENTIST BOISE ID", "LA ESTRELLA SUPERMARKET", "OLD TOWN THEATRE"],
)
def test_a_plain_word_of_private_life_books_a_strangers_name(label: Labeller, text: str) -> None:
    made = label(text, account="credit")
    assert (made.kind, made.auto) == ("personal", True)


@pytest.mark.parametrize(
    "text", ["TST* FARMERS MARKET TABLE", "TST* HAIR OF THE DOG", "TST* LIQUOR & LACE", "SQ *THE BARBER POLE PUB"]
)
def test_behind_a_restaurants_till_no_word_of_another_trade_books(label: Labeller, text: str) -> None:
    assert not label(text, account="credit").auto


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("ROC CONTRACTOR LICENSE", "contractor"),
        ("ELECTRICAL PERMIT 2210", "contractor"),
        ("MIDSTATE COUNSELING ASSOC", "therapist"),
        ("VALLEY PHOTOGRAPHERS ASSOCIATION", "photographer"),
    ],
)
def test_dues_and_licences_of_a_trade_are_booked_for_that_trade_alone(label: Labeller, text: str, own: str) -> None:
    assert label(text, account="credit", trade=own).auto
    assert not label(text, account="credit", trade="software_consultant").auto


def test_what_lasts_and_costs_much_is_asked(label: Labeller) -> None:
    cheap = label("KEH CAMERA", account="credit", trade="photographer", cents=-90_000)
    dear = label("KEH CAMERA", account="credit", trade="photographer", cents=-310_000)
    group = label("KEH CAMERA", account="credit", trade="photographer")
    assert (cheap.auto, dear.auto, dear.choices[1].line) == (True, False, "C13")
    assert group.by_row, "the amount of each row decides"


def test_money_from_a_shop_without_a_sign_of_a_card_is_asked(label: Labeller) -> None:
    assert not label("ISTOCK CONTRIBUTOR 260212 29AJAUGUXMNX JORDAN R AVERY", sign=1).auto
    assert label("FASTSIGNS RICHMOND VA", sign=1).auto


def test_cash_app_behind_a_banks_withdrawal_is_no_cash(label: Labeller) -> None:
    assert label("ACH Withdrawal CASH APP INVESTING JORDAN R AVERY").kind != "owner_draw"


def test_insurance_of_employees_is_asked(label: Labeller) -> None:
    assert label("AETNA HEALTH PREMIUM").auto
    made = label("AETNA EMPLOYER GROUP PREM")
    assert (made.auto, made.line) == (False, "C14")


def test_affiliate_money_is_asked_whatever_the_rail(label: Labeller) -> None:
    assert not label("AWIN AFFILIATE PAYOUT B2MC1W4V CCD ID: 8101625052", sign=1).auto


def test_a_company_tax_of_california_is_no_income_tax(label: Labeller) -> None:
    made = label("FRANCHISE TAX BD LLC FEE")
    assert (made.line, made.auto) == ("C23", False)


def test_a_payer_in_a_wallet_whose_name_ends_like_a_state_is_asked_about_as_income(label: Labeller) -> None:
    """Wallets print no places: `Co` is a company, not Colorado, and nothing is money back for that."""
    for text in ("logo design Hollis Brandt Co", "Quorn Vale & Co", "Maria De La Vega Pa"):
        found = label(text, sign=1, account="venmo", role="mixed")
        assert (found.kind, found.line, found.auto) == ("income", "C1", False)
    assert label("WILLOW LANE GOODS DENVER CO", sign=1, account="credit").kind == "refund"


def test_a_number_inside_a_phone_or_a_mask_is_no_word(label: Labeller) -> None:
    plan, phone = label("NY 529 PLAN CONTRIB"), label("PURCHASE 05/21 ARIZONA CORP COMM 212-529-3944 CO")
    assert (plan.kind, plan.auto) == ("personal", True)
    assert phone.line == "C23"
    assert not label("MARIA LOPEZ XXXXX1099", sign=1).auto


@pytest.mark.parametrize("text", ["ACH RETURN FEE", "ACCT SERVICE FEE", "CROSS-BORDER TRANSACTION FEE"])
def test_a_fee_in_words_of_banks_alone_is_the_banks(label: Labeller, text: str) -> None:
    made = label(text)
    assert (made.line, made.auto) == ("C27", True)


@pytest.mark.parametrize("text", ["SAFEWAY AUTO INSURANCE", "GUGGENHEIM FUNDS PURCHASE", "PAYPAL XFER TO BANK"])
def test_words_behind_a_known_name_take_its_certainty(label: Labeller, text: str) -> None:
    made = label(text, sign=1 if text.startswith("PAYPAL") else -1)
    assert not (made.auto and made.kind == "personal")
    assert not (made.auto and text.startswith("PAYPAL"))


@pytest.mark.parametrize(
    "text",
    [
        "Debit Card Purchase - BESTBUY #1397 OMAHA NE", "DEBIT MASTERCARD RECURRING PAYMENT NETFLIX",
        "CHECK CARD PYMT GEICO", "DEBIT CARD PAYMENT TO T-MOBILE", "NAVY FCU VISA DEBIT PURCHASE SHELL OIL",
    ],
)  # fmt: skip
def test_a_purchase_with_a_debit_card_pays_no_credit_card(label: Labeller, text: str) -> None:
    assert label(text).kind != "card_payment"


@pytest.mark.parametrize("text", ["PARAMOUNT BUILDERS GROUP", "DISNEY HOTEL ORLANDO FL", "HALLMARK # 1633 CHICAGO IL"])
def test_a_name_with_a_plus_behind_it_is_no_name_without_it(label: Labeller, text: str) -> None:
    assert not label(text, account="credit").auto


@pytest.mark.parametrize("account", ["upwork", "stripe", "paypal", "payoneer"])
def test_a_fee_on_a_platforms_account_is_the_platforms(label: Labeller, account: str) -> None:
    assert label("Service Fee", account=account).line == "C10"
    assert label("SERVICE FEE").line == "C27"


def test_a_clients_check_that_came_back_is_asked_as_one(label: Labeller) -> None:
    made = label("DEPOSITED ITEM RETURNED")
    assert (made.kind, made.line, made.auto) == ("refund", "C2", False)
    assert label("RETURNED DEPOSITED ITEM FEE").line == "C27"
