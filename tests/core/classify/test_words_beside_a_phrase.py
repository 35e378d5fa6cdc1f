"""Words beside the bank's own phrases: what else they may mean, and what a place behind a payer says."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.core.classify.decide import Label

Labeller = Callable[..., Label]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("OFFICE RENT PAYMENT", "C20b"), ("MAIN ST OFFICE PROPERTY MGMT", "C20b"), ("STUDIO RENT PAYMENT", "C20b"),
        ("SBA 7A CRE MORTGAGE INT", "C16a"), ("COMM MTG PAYMENT", "C16a"), ("RENTAL PROPERTY MORTGAGE PMT", "C16a"),
        ("LARKHILL EMPLOYEE HEALTH INSURANCE", "C14"), ("GROUP HEALTH INSURANCE PREM", "C14"),
        ("PAYROLL 401K CONTRIBUTION", "C19"), ("KEY MAN LIFE INSURANCE", "C15"), ("CHURCH HALL RENTAL", "C20b"),
        ("DONATION SPONSORSHIP LITTLE LEAGUE", "C8"), ("IRS 941 TAX DEPOSIT", "C23"), ("EFTPS 940 PAYMENT", "C23"),
        ("FRANCHISE TAX BOARD LLC", "C23"), ("INSURANCE PREM CARD PAYMENT", "C15"),
    ],
)  # fmt: skip
def test_a_cost_of_the_business_is_not_booked_as_private_or_as_income_tax(
    label: Labeller, text: str, line: str
) -> None:
    made = label(text)
    assert (made.kind, made.line, made.auto) == ("expense", line, False)


@pytest.mark.parametrize(
    "text",
    [
        "BUSINESS AUTO LOAN PMT", "COMMERCIAL TRUCK LOAN CHASE AUTO", "AMEX BUSINESS LOAN PMT",
        "ORIG CO NAME:AMEX BUSINESS LO ORIG ID:7666292776 DESC DATE:260101 CO ENTRY DESCR:PMT SEC:CCD",
    ],
)  # fmt: skip
def test_a_loan_of_the_business_is_asked(label: Labeller, text: str) -> None:
    made = label(text)
    assert (made.kind, made.auto) == ("loan", False)


@pytest.mark.parametrize("text", ["SALES TAX REFUND", "PAYROLL TAX REFUND", "CITY TAX REFUND"])
def test_a_refund_of_another_tax_is_asked(label: Labeller, text: str) -> None:
    made = label(text, sign=1)
    assert not made.auto
    assert ("refund", "C23") in [(choice.kind, choice.line) for choice in made.choices]


@pytest.mark.parametrize(
    ("text", "sign", "kind"),
    [
        ("PINECREST APARTMENTS RENT", -1, "personal"), ("LARKHILL HOME MORTGAGE PMT", -1, "personal"),
        ("LARKHILL HEALTH INSURANCE", -1, "personal"), ("MERIDIAN SEP IRA CONTRIB", -1, "personal"),
        ("IRS USATAXPYMT 270694157394", -1, "tax_payment"), ("NYS ESTIMATED INC TAX", -1, "tax_payment"),
        ("NYS TAX REFUND DTF", 1, "tax_payment"), ("FRANCHISE TAX BO PAYMENTS", -1, "tax_payment"),
    ],
)  # fmt: skip
def test_without_such_words_it_is_booked(label: Labeller, text: str, sign: int, kind: str) -> None:
    made = label(text, sign=sign)
    assert (made.kind, made.auto) == (kind, True)


@pytest.mark.parametrize(
    "text",
    [
        "DUBSADO OMAHA NE", "HONEYBOOK INC.          SAN FRANCISCO CA", "PIXIESET NEW YORK NY",
        "SHOPIFY OTTAWA CA 12/03", "JOBBER NEW YORK NY",
    ],
)  # fmt: skip
def test_a_credit_that_names_a_place_is_money_back_from_who_sells(label: Labeller, text: str) -> None:
    made = label(text, sign=1)
    assert (made.kind, made.line, made.auto) == ("refund", "C18", True)


@pytest.mark.parametrize("text", ["DUBSADO PAYOUT", "HONEYBOOK", "STRIPE PAYMENTS CA", "SHOPIFY TRANSFER PPD"])
def test_what_a_processor_pays_out_stays_income(label: Labeller, text: str) -> None:
    assert label(text, sign=1).kind == "income"


@pytest.mark.parametrize(
    "text",
    [
        "FIRST NATL BK CARD PAYMENT", "CHASE CARD SVC EPAY", "ELAN FINANCIAL CARDMEMBER PMT", "HARBOR CU VISA PMT",
        "SYNCB LOWES PAYMENT",
    ],
)  # fmt: skip
def test_a_payment_to_a_card_is_known_whoever_gave_it_out(label: Labeller, text: str) -> None:
    made = label(text)
    assert (made.kind, made.auto) == ("card_payment", True)


@pytest.mark.parametrize(
    "text", ["GIFT CARD MALL PAYMENT", "BUSINESS CARD PRINTING PMT", "NETFLIX CARD PAYMENT", "SHELL FLEET CARD PMT"]
)
def test_other_cards_and_purchases_are_no_payment_to_a_card(label: Labeller, text: str) -> None:
    assert label(text).kind != "card_payment"


def test_own_money_from_and_to_personal_accounts_is_known_with_a_name_between(label: Labeller) -> None:
    came = label("TRANSFER FROM LEE R DOE PERSONAL CHECKING REF #A1", sign=1)
    went = label("TRANSFER TO LEE R DOE PERSONAL SAVINGS REF #A1")
    assert (came.kind, came.auto) == ("owner_contribution", True)
    assert (went.kind, went.auto) == ("owner_draw", True)


def test_a_dispute_gives_money_back_to_a_client(label: Labeller) -> None:
    made = label("STRIPE DISPUTE X1Y2Z3")
    assert (made.kind, made.line, made.auto) == ("refund", "C2", True)


def test_notes_of_a_lender_are_ones_own_money_and_its_loans_are_loans(label: Labeller) -> None:
    assert label("LENDINGCLUB NOTES INVEST").kind == "transfer"
    assert (label("LENDINGCLUB LOAN PMT").kind, label("LENDINGCLUB LOAN PMT").auto) == ("loan", True)


def test_the_workshop_of_a_car_lender_is_asked(label: Labeller) -> None:
    made = label("DRIVETIME SERVICE")
    assert (made.kind, made.auto) == ("personal", False)


@pytest.mark.parametrize("text", ["POSHMARK FEES", "EBAY O*X123 FEES", "MERCARI SELLING FEES"])
def test_fees_of_a_marketplace_are_no_purchase_there(label: Labeller, text: str) -> None:
    assert (label(text).kind, label(text).line) == ("expense", "C10")


@pytest.mark.parametrize(
    ("text", "trade", "other"),
    [
        ("BLUEFIN MALPRACTICE INS", "therapist", "designer"),
        ("HALCYON CE CREDITS ONLINE", "therapist", "software_consultant"),
        ("SOUTHERN PHOTOGRAPHERS ASSOCIATION", "photographer", "designer"),
        ("COASTAL ILLUSTRATORS ASSOCIATION", "designer", "photographer"),
        ("GRANITE CONTRACTORS LIABILITY", "contractor", "therapist"),
    ],
)
def test_what_belongs_to_one_profession_is_asked_of_the_others(
    label: Labeller, text: str, trade: str, other: str
) -> None:
    assert label(text, account="credit", trade=trade).auto
    assert not label(text, account="credit", trade=other).auto


@pytest.mark.parametrize(
    ("text", "merchant"),
    [("LIQUID WEB", "Liquid Web"), ("W B MASON", "W.B. Mason"), ("YOU CAN BOOK ME", "YouCanBookMe")],
)
def test_a_name_that_ends_like_a_place_is_found_when_it_is_the_whole_text(
    label: Labeller, text: str, merchant: str
) -> None:
    assert label(text, account="credit").merchant == merchant


def test_what_is_paid_at_a_counter_is_likelier_private_and_a_long_name_is_less_sure(label: Labeller) -> None:
    counter = label("SQ *XYLOQUENT", account="credit")
    assert (counter.kind, counter.auto) == ("personal", False)
    short, long = label("XYLOQUENT", account="credit"), label("XYLOQUENT BRANDOLF QUERST", account="credit")
    assert (short.kind, short.line) == (long.kind, long.line) == ("expense", "C18")
    assert short.confidence > long.confidence
