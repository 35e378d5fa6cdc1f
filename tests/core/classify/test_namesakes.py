"""Names inside other names, ordinary words that are phrases too, names cut or glued by networks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.core.classify.decide import Label

MADE_UP = [
    "JUST WORKS", "SQ *JUST WORKS CAFE", "PEAK DESIGNS", "WHITE CAP CAFE", "CHURCH ST CAFE", "OCHO TACOS",
    "COBRA PUMA GOLF", "DRAFT HOUSE", "ZOOM CAR WASH", "SLACK FARMS MARKET", "FIGMA CAFE",
    "NOTION COFFEE BAR", "RENDER COFFEE", "HOVER CRAFT BEER", "BUFFER ZONE BAR", "DROPBOX PIZZA", "PARISH OYSTER BAR",
    "MARSHALLS PLUMBING", "SHELL LUMBER", "CHASE PLUMBING SUPPLY", "SUBWAY TILE CO", "GUSTO TRATTORIA",
    "RAMP SKATE SHOP", "TOAST OF THE TOWN BAKERY", "CLOVER FLORIST", "MEDICARE AUTO GLASS", "GODADDY DINER",
    "LULU LEMONADE STAND", "MORTGAGE LOUNGE", "MINISTRY OF COFFEE", "MAILCHIMP BAR", "ADOBE GRILL", "BASECAMP OUTDOOR",
    "EVERNOTE PUB", "VISTA PRINTERS DELI", "INDEED BREWING", "THE HARTFORD CAFE", "NEXT DOOR BAR", "WIX CANDLES",
]  # fmt: skip


@pytest.mark.parametrize("text", MADE_UP)
def test_namesakes_are_asked(label: Callable[..., Label], text: str) -> None:
    assert not label(text, account="credit").auto


def test_a_namesake_is_what_its_word_of_a_trade_says(label: Callable[..., Label]) -> None:
    made = label("STRIPE AND CO SALON", account="credit")
    assert (made.merchant, made.kind, made.reason) == (None, "personal", "own-health")


@pytest.mark.parametrize(
    ("text", "merchant"),
    [
        ("GOOGLE*ADS8364028473", "Google Ads"),
        ("GOOGLE *ADS4820193 CC@GOOGLE.COM CA", "Google Ads"),
        ("UBER   *ONE", "Uber One"),
        ("UBER *EATS", "Uber Eats"),
        ("AMAZON MKTPLACE PMTS AMZN.COM/BILL WA", "Amazon"),
        ("MSFT * OFFICE 365", "Microsoft 365"),
        ("1 800ACCOUNTANT", "1-800Accountant"),
        ("STRIPE ATLAS", "Stripe Atlas"),
        ("PAYPAL *ADOBE SYSTE", "Adobe"),
        ("TRADER JOE S #123", "Trader Joe's"),
        ("COSTCO TIRE CENTER", "Costco"),
    ],
)
def test_known_names_are_found_however_they_are_printed(label: Callable[..., Label], text: str, merchant: str) -> None:
    assert label(text, account="credit").merchant == merchant


def test_amazon_purchase_is_no_platform(label: Callable[..., Label]) -> None:
    made = label("AMAZON MKTPLACE PMTS", account="credit")
    assert (made.auto, made.ambiguous, made.reason) == (False, True, "merchant-general")


def test_platform_pays_and_takes(label: Callable[..., Label]) -> None:
    paid = label("GUMROAD PAYOUT PPD", sign=1)
    assert (paid.kind, paid.line) == ("income", "C1")
    assert label("GUMROAD", sign=-1).kind == "expense"
    assert label("PURCHASE RETURN GUMROAD", sign=1).kind == "refund"


def test_credit_by_ach_from_a_shop_is_asked(label: Callable[..., Label]) -> None:
    assert label("CANVA", sign=1, account="credit").auto
    made = label("CANVA 8D2K9A PPD ID: 0011223344", sign=1)
    assert (made.kind, made.auto) == ("refund", False)
    assert "income" in {choice.kind for choice in made.choices}


def test_money_paid_to_a_payer_is_no_income(label: Callable[..., Label]) -> None:
    made = label("CLKBANK*COM_SA9Q95JY", sign=-1, account="credit")
    assert (made.kind, made.auto) == ("expense", False)


@pytest.mark.parametrize(
    ("text", "trade", "auto"),
    [
        ("PESI INC SEMINAR", "therapist", True),
        ("PESI INC SEMINAR", "designer", False),
        ("PROF PHOTOGRAPHERS OF AM", "photographer", True),
        ("PROF PHOTOGRAPHERS OF AM", "contractor", False),
        ("UBER DRIVER SVC FEE", "rideshare_driver", True),
        ("UBER DRIVER SVC FEE", "therapist", False),
        ("RIVERSIDE LUMBER SUPPLY CO", "contractor", True),
        ("RIVERSIDE LUMBER SUPPLY CO", "therapist", False),
    ],
)
def test_costs_of_a_trade_are_asked_of_others(
    label: Callable[..., Label], text: str, trade: str, *, auto: bool
) -> None:
    assert label(text, trade=trade).auto is auto


@pytest.mark.parametrize(
    ("text", "kind", "line"),
    [
        ("OAKDALE FAMILY DENTISTRY", "personal", "NONE"),
        ("RIVERBEND GOLF CLUB", "personal", "NONE"),
        ("MAPLE BOOKKEEPING LLC", "expense", "C17"),
        ("HARBOR COMPUTER REPAIR", "expense", "C21"),
    ],
)
def test_unmistakable_trade_words_book_and_others_do_not(
    label: Callable[..., Label], text: str, kind: str, line: str
) -> None:
    made = label(text, account="credit")
    assert (made.kind, made.line, made.auto) == (kind, line, True)
    assert not label(f"{text} MARKETING", account="credit").auto


def test_category_of_a_connection_fills_in_but_not_on_the_wrong_side(label: Callable[..., Label]) -> None:
    groceries = "FOOD_AND_DRINK_GROCERIES"
    assert (label("ZZYX 12").kind, label("ZZYX 12", pfc=groceries).kind) == ("expense", "personal")
    back = label("ZZYX 12", sign=1, pfc=groceries)
    assert (back.kind, back.auto) == ("refund", False)
    assert label("ZZYX 12", pfc="INCOME_WAGES").kind == "expense"
    assert label("SLACK", pfc=groceries).line == "C18"
