"""What is left of a descriptor, and that equal merchants get equal keys."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.classify.clean import clean, words_of

PLACES = frozenset({"austin", "san francisco", "salt lake cit", "boston", "new york"})
NUMBERS = frozenset({"365", "401", "800"})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("SLACK T01ABCD SAN FRANCISCO CA", "slack"),
        ("CHECKCARD 0719 SLACK 800-860-1988 CA 77183029094582907981902", "slack"),
        ("PURCHASE AUTHORIZED ON 11/11 SLACK 212-225-9425 CA S123859650000000", "slack"),
        ("POS PURCHASE SLACK BOSTON MA TERMINAL 98963931", "slack"),
        ("BIG RACETRAC6085 AUSTIN TX", "big racetrac"),
        ("GIANT 6962 SALT LAKE CIT UT          12/15", "giant"),
        ("UBER   *ONE          SAN FRANCISCO CA", "uber one"),
        ("GOOGLE*ADS8364028473", "google ads"),
        ("GOOGLE *ADS123", "google ads"),
        ("ACME REF836402 BOSTON MA", "acme"),
        ("MSFT * OFFICE 365", "msft office 365"),
        ("SOLO 401K CONTRIB", "solo 401 k contrib"),
        ("1 800ACCOUNTANT", "1 800 accountant"),
        ("CITY OF AUSTIN BLDG PERMIAUSTIN       TX", "city of austin bldg permi"),
        ("DISCOVER DES:E-PAYMENT ID:1468 INDN:J DOE CO ID:XXXXX1", "discover e payment"),
        ("ORIG CO NAME:SPACES BY ORIG ID:3516362951 DESC DATE:261204 CO ENTRY DESCR:IWG SEC:PPD", "spaces by iwg"),
        ("Electronic Deposit From NORTHWIND AP PAYMENT REF=390070843947100", "northwind ap payment"),
    ],
)
def test_words_of_the_merchant_stay(text: str, words: str) -> None:
    assert " ".join(clean(text, PLACES, NUMBERS).words) == words


@pytest.mark.parametrize(
    "text",
    [
        "MERCHANDISE/SERVICES RETURN CANVA",
        "PURCHASE RETURN AUTHORIZED ON 05/25 CANVA BOSTON MA",
        "CREDIT VOUCHER CANVA",
        "CHECKCARD CREDIT CANVA",
        "RETURN CANVA AUSTIN TX",
        "POS REFUND CANVA",
        "Card Purchase Return 03/10 CANVA Austin TX Card 6509",
        "CANVA 03/10 PURCHASE RETURN AUSTIN TX",
        "CANVA 03/10 REFUND AUSTIN TX",
        "CANVA AUSTIN TX 03/10 #000551234 RETURN",
    ],
)
def test_money_given_back_is_seen_and_keeps_the_key_of_the_purchase(text: str) -> None:
    found = clean(text, PLACES, NUMBERS)
    assert found.refund
    assert found.key == clean("CANVA", PLACES, NUMBERS).key == "canva"


def test_no_phrase_is_found_inside_an_id() -> None:
    said = clean("STRIPE DES:TRANSFER ID:ST-UX6GSXQ3W2TS INDN:R ASHGROVE CO ID:1800948598 CCD").said
    assert said == ["stripe", "transfer"]
    assert clean("STRIPE TRANSFER 937558 ST-UX6GSXQ3W2TS 401K W2").said[2:] == ["937558", "st", "401", "k", "w", "2"]


def test_purchase_is_no_refund() -> None:
    assert not clean("CHECKCARD 0719 CANVA", PLACES, NUMBERS).refund
    assert not clean("CANVA 03/10 PURCHASE AUSTIN TX", PLACES, NUMBERS).refund
    assert not clean("RETURN OF THE RECORDS 03/10 PURCHASE AUSTIN TX", PLACES, NUMBERS).key.startswith("purchase")


@pytest.mark.parametrize("day", ["01/09", "12/31"])
@pytest.mark.parametrize("wrapper", ["Card Purchase", "Recurring Card Purchase", "Card Purchase With Pin"])
def test_the_day_of_a_card_purchase_is_no_part_of_the_name(wrapper: str, day: str) -> None:
    found = clean(f"{wrapper} {day} CANVA 800-5551212 TX Card 6509", PLACES, NUMBERS)
    assert (found.key, found.purchase, found.refund) == ("canva", True, False)


@pytest.mark.parametrize(
    ("mark", "text"), [("sq", "SQ *BLUE DOOR"), ("paypal", "PAYPAL *BLUEDOOR"), ("tst", "TST* BLUE")]
)
def test_facilitator_is_split_off(mark: str, text: str) -> None:
    found = clean(text)
    assert found.facilitator == mark
    assert found.words[0].startswith("blue")


def test_full_company_name_may_be_cut() -> None:
    full = "ORIG CO NAME:SHUTTERSTOCK CON ORIG ID:1 DESC DATE:1 CO ENTRY DESCR:PAY SEC:PPD"
    assert clean(full).cut_at == len("shutterstockcon")
    assert clean(full.replace("SHUTTERSTOCK CON", "ADOBE")).cut_at == 0
    assert clean(full).ach


@given(st.text(max_size=80))
def test_any_text_gets_a_key_and_plain_words(text: str) -> None:
    found = clean(text, PLACES, NUMBERS)
    assert found.key
    assert found == clean(text, PLACES, NUMBERS)
    assert all(words_of(word) == [word] for word in found.words)


def test_a_city_in_or_glued_to_a_column_of_twenty_is_cut() -> None:
    assert clean("AplPay TST* BAJA BURBERRY HILL          TN").words == ("baja", "bur")
    assert clean("LSU THE BRIGHTSIDE MMIAMI FL", frozenset({"miami"})).words == ("lsu", "the", "brightside", "m")
    assert clean("HARBOR FREIGHT TOOLS RALEIGH NC", frozenset({"raleigh"})).words == ("harbor", "freight", "tools")
