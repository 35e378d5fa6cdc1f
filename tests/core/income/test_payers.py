"""Variants of one payer are one payer; two payers never become one without a word."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from payer_texts import (
    COMPANY_WRAPPERS,
    FIRST,
    LEGAL,
    PERSON_WRAPPERS,
    SECOND,
    company,
    digits,
    person,
)

from app.core.income.payer_name import Method, named, squeezed
from app.core.income.payers import Choice, Payers, Seen, grouped


def seen(texts: list[str]) -> list[Seen]:
    return [Seen(number, named(text), 1) for number, text in enumerate(texts, 1)]


def written(dice: random.Random, name: str, wrappers: dict[str, object]) -> list[str]:
    company_id = digits(dice, 10)
    made = []
    for wrapper in wrappers.values():
        legal = dice.choice(LEGAL) if wrappers is COMPANY_WRAPPERS else ""
        made.append(wrapper(dice, f"{name}{legal}", company_id))  # type: ignore[operator]
    return made


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9))
def test_all_ways_of_writing_a_payer_are_one_and_other_payers_stay_others(seed: int) -> None:
    dice = random.Random(seed)
    companies = sorted({company(dice) for _ in range(12)})
    persons = sorted({person(dice) for _ in range(6)})
    truth: list[tuple[str, str]] = []
    for name in companies:
        truth += [(name, text) for text in written(dice, name, COMPANY_WRAPPERS)]
    for name in persons:
        truth += [(name, text) for text in written(dice, name, PERSON_WRAPPERS)]
    dice.shuffle(truth)
    found = grouped(seen([text for _, text in truth]))
    of_name: dict[str, set[int]] = {}
    names_of: dict[int, set[str]] = {}
    for number, (name, _) in enumerate(truth, 1):
        of_name.setdefault(name, set()).add(found.of_text[number])
        names_of.setdefault(found.of_text[number], set()).add(name)
    assert {name: len(numbers) for name, numbers in of_name.items()} == dict.fromkeys(of_name, 1)
    assert all(len(names) == 1 for names in names_of.values())


def test_every_pair_of_two_word_names_stays_two() -> None:
    names = [f"{first} {second}" for first in FIRST for second in SECOND]
    found = grouped(seen([f"ACH CREDIT {name.upper()} LLC PAYMENT" for name in names]))
    assert len(found.payers) == len(names)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**9))
def test_the_order_of_the_texts_does_not_matter(seed: int) -> None:
    dice = random.Random(seed)
    names = [company(dice) for _ in range(8)]
    texts = seen([text for name in names for text in written(dice, name, COMPANY_WRAPPERS)])
    first = grouped(texts)
    dice.shuffle(texts)
    assert grouped(texts) == first


@pytest.mark.parametrize(
    ("text", "key", "method"),
    [
        ("Zelle payment from SARAH RUSSO BACh7yk3q", "sarahrusso", Method.ZELLE),
        ("PAYPAL *NORTHWIND LABS", "northwindlabs", Method.PAYPAL),
        ("Stripe Transfer St-3L8Cu750C7V8", "stripe", Method.PROCESSOR),
        ("Payment from HALDEN & CO", "halden", Method.OTHER),
        ("MOBILE CHECK DEPOSIT", "", Method.CHECK),
        ("REMOTE ONLINE DEPOSIT # 1", "", Method.CHECK),
        ("MOBILE CHECK DEPOSIT - HALDEN & CO", "halden", Method.CHECK),
        ("FAIRVIEW PAYMENT SYSTEMS LLC", "fairviewpaymentsystems", Method.OTHER),
        ("MOBILE WEB MEDIA", "mobilewebmedia", Method.OTHER),
        ("Erased payer 48211", "erasedpayer48211", Method.OTHER),
    ],
)
def test_a_text_names_its_payer(text: str, key: str, method: Method) -> None:
    found = named(text)
    assert (found.key, found.method) == (key, method)


def test_what_a_person_calls_a_row_wins_over_its_text() -> None:
    assert named("MOBILE CHECK DEPOSIT", "Halden & Co", said=True).key == squeezed("HALDEN AND CO")
    assert named("STRIPE TRANSFER", "Stripe").name == "Stripe"


def test_in_a_processors_account_the_processor_pays() -> None:
    assert named("Charge for Jane Doe", None, "stripe").key == "stripe"
    assert named("Jane Doe", None, "paypal")[:2] == ("janedoe", ("jane", "doe"))
    assert named("Jane Doe", None, "paypal").network == "paypal"


def payers_of(*texts: str, choices: tuple[Choice, ...] = (), apart: tuple[frozenset[int], ...] = ()) -> Payers:
    return grouped(seen(list(texts)), choices, apart)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ORIG CO NAME:HOLLIS BRANDT STUDI", "Hollis Brandt Studi"),  # a field of 32 letters
        ("ORIG CO NAME:RIDGEWAY DENTAL ORIG", "Ridgeway Dental"),
        ("ORIG CO NAME:RIDGEWAY DENTAL ORIG ID:12", "Ridgeway Dental"),
        ("ORIG CO NAME:HOLLIS BRANDT STUDIO LLC DESC DATE:0220 CO ENTRY DESCR:INVOICE", "Hollis Brandt Studio LLC"),
        ("ORIG CO NAME:TRACE LABS INC ORIG ID:44 DESC DATE:1 CO ENTRY DESCR:PMT SEC:CCD TRACE#:0021", "Trace Labs Inc"),
    ],
)
def test_a_cut_field_of_a_company_names_the_company_alone(text: str, name: str) -> None:
    assert named(text).name == name


CUT = "ORIG CO NAME:SUMMIT DENTAL GR ORIG ID:1234567890 DESC DATE:260817 CO ENTRY DESCR:PMT SEC:CCD"


def test_a_cut_name_joins_the_one_name_it_begins() -> None:
    assert [payer.name for payer in payers_of(CUT, "SUMMIT DENTAL GROUP PAYMENT").payers] == ["Summit Dental Group"]


def test_a_cut_name_that_may_be_two_joins_neither_and_asks() -> None:
    cut = "ORIG CO NAME:MERIDIAN PARTNER ORIG ID:1234567890 DESC DATE:260817 CO ENTRY DESCR:PMT SEC:CCD"
    found = payers_of(cut, "MERIDIAN PARTNERS WEST", "MERIDIAN PARTNERS EAST")
    assert len(found.payers) == 3
    assert {(1, 2), (1, 3)} <= {(each.one, each.other) for each in found.near}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zelle from Sarah Russo", "Venmo from Sarah R Russo"),
        ("NORTHWIND", "NORTHWIND LABS"),
        ("KESTREL ROBOTICS", "KESTRAL ROBOTICS"),
        ("NWL CORP PMT CCD ID: 1234567890", "NORTHWIND LABS PMT CCD ID: 1234567890"),
    ],
)
def test_near_names_are_asked_about_and_never_joined_in_silence(one: str, other: str) -> None:
    found = payers_of(one, other)
    assert (len(found.payers), len(found.near)) == (2, 1)


def test_a_company_id_joins_a_name_and_its_longer_form() -> None:
    found = payers_of("FAIRVIEW PMT CCD ID: 1234567890", "FAIRVIEW SCHOOLS PMT CCD ID: 1234567890")
    assert len(found.payers) == 1
    hidden = payers_of(
        "FAIRVIEW DES:PMT ID:A1 INDN:ME CO ID:XXXXX67890 CCD",
        "FAIRVIEW SCHOOLS DES:PMT ID:B2 INDN:ME CO ID:XXXXX67890 CCD",
    )
    assert len(hidden.payers) == 2


def choice(text_id: int, name: str | None = None, into: int | None = None, *, apart: bool = False) -> Choice:
    return Choice(text_id, name, into, apart, counted=True)


def test_what_a_person_settled_wins_over_the_texts() -> None:
    texts = (CUT, "SUMMIT DENTAL GROUP PAYMENT", "VENMO FROM OMAR HASSAN")
    joined = payers_of(*texts, choices=(choice(3, into=1),))
    assert [(payer.id, payer.name) for payer in joined.payers] == [(1, "Summit Dental Group")]
    parted = payers_of(*texts, choices=(choice(1, apart=True),))
    assert len(parted.payers) == 3
    kept = payers_of(*texts, apart=(frozenset((1, 2)),))
    assert (len(kept.payers), kept.near) == (3, [])
    named_by_hand = payers_of(*texts, choices=(choice(2, "Dr. Summit"), choice(3, into=2)))
    assert [payer.name for payer in named_by_hand.payers] == ["Dr. Summit"]


def test_a_payers_number_stays_when_others_join_later() -> None:
    early = payers_of("ACH CREDIT FJORD FOODS PAYMENT")
    later = payers_of("ACH CREDIT FJORD FOODS PAYMENT", "Zelle payment from FJORD FOODS LLC ABC123456")
    assert [payer.id for payer in early.payers] == [payer.id for payer in later.payers] == [1]
