"""Masking held against the detector of `tests.detector`: every kind of number and secret, in every dress."""

from __future__ import annotations

import csv
import random
import string
from pathlib import Path

import detector
import pytest
import sensitive
from hypothesis import given, settings
from hypothesis import strategies as st
from sensitive import some, word

from app.core.ingest.redact import mask, mask_columns

REFERENCE = Path(__file__).parents[2] / "data" / "reference"
CASES = 800


def leaks(shown: str, needles: tuple[str, ...]) -> list[str]:
    return [needle for needle in needles if detector.holds(shown, needle)] + [str(f) for f in detector.findings(shown)]


@pytest.mark.parametrize("kind", sensitive.KINDS)
def test_nothing_that_the_detector_knows_gets_through(kind: str) -> None:
    dice = random.Random(kind)
    leaked = []
    for _ in range(CASES):
        case = sensitive.KINDS[kind](dice)
        masked = mask(case.text)
        if masked.count == 0 or leaks(masked.text, case.needles):
            leaked.append((case, masked))
        assert mask(masked.text) == (masked.text, 0), case
    assert leaked == []


@pytest.mark.parametrize("kind", sensitive.KINDS)
def test_the_detector_itself_sees_the_needle_before_it_is_masked(kind: str) -> None:
    dice = random.Random(kind)
    for _ in range(100):
        case = sensitive.KINDS[kind](dice)
        assert all(detector.holds(case.text, needle) for needle in case.needles), case


@settings(max_examples=250, deadline=None)
@given(
    st.sampled_from(sorted(set(sensitive.KINDS) - {"shouted token"})),
    st.integers(0, 2**40),
    st.text(alphabet=string.ascii_letters + " .,*#'é漢🙂", max_size=12),
    st.text(alphabet=string.ascii_letters + " .,*#'é漢🙂", max_size=12),
)
def test_the_place_in_the_text_does_not_matter(kind: str, seed: int, before: str, after: str) -> None:
    case = sensitive.KINDS[kind](random.Random(seed))
    text = f"{before} {case.text} {after}"
    masked = mask(text)
    assert not leaks(masked.text, case.needles), (text, masked)
    assert mask(masked.text) == (masked.text, 0)


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(("card", "person", "account", "token")), st.integers(0, 2**40))
def test_numbers_cut_in_two_by_columns_are_masked_in_both(kind: str, seed: int) -> None:
    dice = random.Random(seed)
    if kind == "card":
        number, frame = sensitive.card(dice), "PAYMENT {}"
    elif kind == "person":
        plain = sensitive.person(dice)
        number, frame = f"{plain[:3]}-{plain[3:5]}-{plain[5:]}", "PAYROLL {}"
    elif kind == "account":
        number, frame = sensitive.account(dice), "TO ACCOUNT {}"
    else:
        number, frame = f"sk_live_{word(dice, 24)}", "KEY {}"
    # A column ends where it ends: also between the word and its number.
    cut = dice.randrange({"account": 0, "token": 2}.get(kind, 1), len(number))
    left, right = frame.format(number[:cut]).strip(), number[cut:] + dice.choice(("", " THANKS", " REF"))
    masked = mask_columns(left, right)
    together = "".join(part.text for part in masked)
    assert not detector.holds(together, number), (left, right, masked)
    assert mask_columns(*(part.text for part in masked)) == tuple((part.text, 0) for part in masked)


def test_columns_that_do_not_belong_together_stay() -> None:
    for left, right in (
        ("PAYPAL *EBAYINC", "402-935-7733 CA"),
        ("DOORDASH*ORDER 12345", "CHECK 1001"),
        ("ONLINE TRANSFER TO CHK ...1234", "TRANSACTION#: 23456789012"),
        ("GUSTO PAYROLL 6SEMJT7", "ID 94-1234567"),
        ("ZELLE FROM", "JANE 415-555-0132"),
    ):
        assert mask_columns(left, right) == ((left, 0), (right, 0))


def test_harmless_descriptors_stay_as_they_are() -> None:
    with (REFERENCE / "desc-public.csv").open(encoding="utf-8", newline="") as file:
        texts = [row["descriptor"] for row in csv.DictReader(file)]
    assert len(texts) == 1575
    assert [text for text in texts if mask(text).count] == []


def harmless(dice: random.Random) -> str:
    """Numbers and ids that stand on statements and are nobody's secret."""

    def n(size: int) -> str:
        return some(dice, string.digits, size)

    def luhn(body: str) -> str:
        return next(body + d for d in string.digits if detector.luhn(body + d))

    def h(size: int) -> str:
        return word(dice, size, sensitive.HEX)

    w = word(dice, 24)
    phone = f"{dice.randrange(201, 990)}{{}}{n(3)}{{}}{n(4)}"
    return dice.choice((
        f"ZOOM.US {phone.format('-', '-')}", f"({n(3)}) {n(3)}-{n(4)} CALL", f"+1 {phone.format(' ', ' ')}",
        f"FAX {phone.format('.', '.')}", f"TEL {n(10)}", f"1-800-{n(3)}-{n(4)}", f"+44 20 {n(4)} {n(4)}",
        f"NEW YORK NY {n(5)}-{n(4)}", f"EIN {n(2)}-{n(7)}", f"TAX ID {n(2)}-{n(7)}", f"2026-{n(2)}-{n(2)} POSTED",
        f"11/22/2026 {n(2)}:{n(2)}", f"ORDER {luhn('9' + n(14))}", f"ORDER 112-{n(7)}-{n(7)}",
        f"INVOICE {n(3)}-{n(2)}-{n(3)}", f"INV-2026-{n(6)}", f"{h(8)}-{h(4)}-{h(4)}-{h(4)}-{h(12)}",
        f"sha256 {h(64)}", f"git {h(40)}", f"md5 {h(32)}", f"UPS 1Z{word(dice, 6).upper()}{n(10)}",
        f"USPS 94{n(20)}", f"FEDEX {n(12)}", f"TRACKING {n(15)}", f"STORE {n(5)} SEATTLE WA",
        f"STORE #{n(4)} TEL 415-555-{n(4)}", f"UPWORK ESCROW {n(9)}", f"PAYPAL ID {w[:17].upper()}", f"ch_{w}",
        f"pi_{w}", f"re_{w}", f"txn_{w}", f"po_{w}", f"cus_{w[:14]}", f"IMEI {luhn('35' + n(12))}",
        f"DELTA AIR 006{n(10)}", f"AIRBNB HM{word(dice, 8).upper()}", f"HOTEL RES {n(10)}", f"CHECK {n(4)}",
        f"CARD ENDING {n(4)}", f"**** **** **** {n(4)}", f"XXXXXXXXXXXX{n(4)}", f"ACCT ...{n(4)}",
        f"PPD ID: {n(10)}", f"TRACE#:{n(15)}", f"REF# {n(9)} MEMO", f"CONF {n(11)}", f"BATCH 20260203 SEQ {n(6)}",
        f"LAT 37.{n(7)} LON -122.{n(7)}", f"BALANCE {n(9)}.{n(2)}", f"${n(1)},{n(3)},{n(3)}.{n(2)}",
        f"VIN 1HGCM{n(2)}633A{n(6)}", f"ISBN 978-3-16-{n(6)}-{n(1)}", f"EPOCH 17{n(11)}", f"v10.{n(2)}.{n(1)}",
        f"10.{n(2)}.{n(2)}.{n(1)}", f"POLICY {n(3)}-{n(2)}-{n(5)}", f"GOOGLE *ADS{n(10)}", f"SUNPASS*ACC{n(8)}",
        f"PO {n(9)}", f"DUNS {n(9)}", f"SKU 000{n(11)}", f"https://shop.example/p/{n(9)}?id={n(9)}", f"AUTH {n(6)}",
        f"METER {n(8)}", f"KWH {n(6)}", f"CLAIM {n(2)}-{n(6)}", f"CA FTB WEB PAY {n(9)}",
        f"IRS USATAXPYMT 22{n(13)}",
    ))  # fmt: skip


def test_harmless_ids_and_numbers_stay_as_they_are() -> None:
    dice = random.Random(11)
    texts = [harmless(dice) for _ in range(6_000)]
    changed = [text for text in texts if mask(text).count]
    assert len(changed) <= len(texts) // 200, changed[:20]


def test_what_is_not_undone_is_known() -> None:
    """The limit, so that nobody believes more: a number that was encoded or compressed on purpose is not looked for."""
    assert mask("NDExMTExMTExMTExMTExMQ==").count == 0
