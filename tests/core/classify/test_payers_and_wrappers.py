"""What stands around a name: words of pay, a wrapper, a till, the holder of the account, what an insurer insures."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.core.classify.decide import Label


@pytest.mark.parametrize(
    "text", ["BUILDERTREND PAYMENTS PPD", "Workiz Pay Deposit", "THE HOME DEPOT INSTALLER PMT WEB"]
)
def test_words_of_pay_beside_a_shop_are_asked_as_income(label: Callable[..., Label], text: str) -> None:
    made = label(text, sign=1, trade="contractor")
    assert (made.kind, made.line, made.auto) == ("income", "C1", False)
    assert "refund" in {choice.kind for choice in made.choices}


def test_words_of_pay_beside_one_who_pays_too_are_booked(label: Callable[..., Label]) -> None:
    made = label("TASKRABBIT PAYMENTS", sign=1, trade="contractor")
    assert (made.kind, made.line, made.auto) == ("income", "C1", True)


@pytest.mark.parametrize("text", ["DEEL US PMT PPD", "RISE WORKS VENDOR PMT CCD", "RIPPLING PAYMENT PPD"])
def test_who_employs_for_others_is_asked_about(label: Callable[..., Label], text: str) -> None:
    made = label(text, sign=1)
    assert (made.kind, made.line, made.auto) == ("income", "C1", False)


@pytest.mark.parametrize("text", ["FACEBOOK CREATOR PAYOUT CCD", "GOOGLE YOUTUBE ADSENSE"])
def test_money_for_advertising_stays_a_question_beside_words_of_pay(label: Callable[..., Label], text: str) -> None:
    made = label(text, sign=1)
    assert (made.kind, made.line, made.auto) == ("income", "C1", False)


@pytest.mark.parametrize(
    "text",
    [
        "RECURRING PAYMENT AUTHORIZED ON 04/03 CPACHARGE*R KLEIN EA 650-555-0199 CA S123456789012345 CARD 1234",
        "POS DEBIT TASKRABBIT PAYMENTS SAN FRANCISCO CA",
    ],
)
def test_what_a_card_bought_and_came_back_is_no_income(label: Callable[..., Label], text: str) -> None:
    assert label(text, sign=1).kind == "refund"


def test_a_fee_given_back_is_not_booked_as_sales(label: Callable[..., Label]) -> None:
    assert label("ACH CREDIT ELAVON MERCH DEP", sign=1).auto
    assert not label("ACH CREDIT ELAVON MERCH FEE", sign=1).auto


def test_the_name_of_the_holder_says_nothing_of_the_money(label: Callable[..., Label]) -> None:
    entry = "STRIPE DES:TRANSFER ID:ST-A1B2 INDN:{} CO ID:1800948598 CCD"
    for holder in ("RED CEDAR ELECTRIC", "MAPLE WEDDING PHOTO"):
        made = label(entry.format(holder), sign=1)
        assert (made.kind, made.auto) == ("income", True), holder
    assert not label("MAPLE WEDDING GIFT PAYMENT CCD", sign=1).auto


@pytest.mark.parametrize(
    ("text", "kind"), [("TST* BAJA BURBERRY HILL", "personal"), ("TST* THE CEDAR ROOM", "personal")]
)
def test_behind_the_till_of_restaurants_stands_a_restaurant(label: Callable[..., Label], text: str, kind: str) -> None:
    made = label(text, account="credit")
    assert (made.kind, made.auto) == (kind, False)
    assert ("expense", "C24b") in {(choice.kind, choice.line) for choice in made.choices}


@pytest.mark.parametrize(
    ("text", "kind", "line", "auto"),
    [
        ("STATE FARM BUS INS", "expense", "C15", True),
        ("NATIONWIDE COMM INS PREM", "expense", "C15", True),
        ("ASSURANT RENTERS", "personal", "NONE", True),
        ("STATE FARM INSURANCE", "personal", "NONE", False),
        ("DELTA DENTAL PREMIUM", "personal", "S1_HEALTH", True),
    ],
)
def test_what_an_insurer_insures_is_read(
    label: Callable[..., Label], text: str, kind: str, line: str, *, auto: bool
) -> None:
    made = label(text)
    assert (made.kind, made.line, made.auto) == (kind, line, auto)


def test_a_lender_to_businesses_is_asked_about_whatever_its_words(label: Callable[..., Label]) -> None:
    made = label("KABBAGE LOAN PYMT")
    assert (made.kind, made.auto) == ("loan", False)
    assert label("STRIPE CAPITAL FUNDING PPD", sign=1).auto


def test_an_id_of_letters_glued_to_a_service_keeps_the_service(label: Callable[..., Label]) -> None:
    made = label("GOOGLE *ADS3UQ7P2 CC@GOOGLE.COM CA", account="credit")
    assert (made.merchant, made.line) == ("Google Ads", "C8")


def test_an_entry_cut_in_its_second_field_is_found(label: Callable[..., Label]) -> None:
    made = label("COX DES:COMMUNICAT ID:5HEQG0WD INDN:SOMEBODY CO ID:XXXXX12345 PPD")
    assert made.merchant == "Cox Communications"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("NJ DIV OF TAX NJGIT PYMT", "tax_payment"),
        ("OH DEPT TAXATION OHIO PIT", "tax_payment"),
        ("ONLINE TRANSFER TO WELLS FARGO BUSINESS CARD XXXXX1234", "card_payment"),
        ("BEST BUY AUTO PYMT PPD", "card_payment"),
        ("Zelle payment to Jordan personal OWNER DRAW", "owner_draw"),
        ("NATL FIN SVC LLC EFT PPD", "transfer"),
    ],
)
def test_banks_and_agencies_own_words_are_booked(label: Callable[..., Label], text: str, kind: str) -> None:
    made = label(text)
    assert (made.kind, made.auto) == (kind, True)
