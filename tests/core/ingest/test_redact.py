"""Masking, tried on invented numbers of every kind in many dresses, with a detector of its own.

The generators know nothing of the patterns under test: they build numbers from the issuers' rules and write them the
way people and banks do.
"""

from __future__ import annotations

import csv
import random
import re
import string
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.ingest.redact import last_four, mask

PUBLIC = Path(__file__).parents[2] / "data" / "reference" / "redaction-public.csv"
DIGIT_SETS = ("0123456789", "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗")
DASHES = ("-", "‐", "‑", "‒", "–", "—", "−", "－", "﹣", "\u00ad")
SPACES = (" ", "\u00a0", "\u2007", "\u2009", "\u202f", "\u3000", "\t", "\n")
INVISIBLE = ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad\u200b"[1:])
CARD_PREFIXES = (
    *(("4", size) for size in (13, 16, 19)),
    *(
        (prefix, 16)
        for prefix in ("51", "53", "55", "2221", "2500", "2720", "6011", "65", "644", "649", "3528", "3589")
    ),
    *(("34", 15), ("37", 15), ("30", 14), ("36", 14), ("38", 14), ("62", 16), ("62", 18), ("62", 19)),
)


def luhn_digit(body: str) -> str:
    doubled = [sum(divmod(int(d) * 2, 10)) if place % 2 == 0 else int(d) for place, d in enumerate(reversed(body))]
    return str(-sum(doubled) % 10)


def a_card(dice: random.Random) -> str:
    prefix, size = dice.choice(CARD_PREFIXES)
    body = prefix + "".join(dice.choice("0123456789") for _ in range(size - len(prefix) - 1))
    return body + luhn_digit(body)


def an_ssn(dice: random.Random) -> str:
    area = dice.choice([n for n in range(1, 900) if n != 666])
    return f"{area:03d}{dice.randrange(1, 100):02d}{dice.randrange(1, 10_000):04d}"


def an_itin(dice: random.Random) -> str:
    group = dice.choice((50, 57, 65, 70, 80, 88, 90, 92, 94, 99))
    return f"9{dice.randrange(100):02d}{group}{dice.randrange(10_000):04d}"


def a_routing(dice: random.Random) -> str:
    while True:
        digits = f"{dice.choice((1, 3, 6, 7, 11, 12, 21, 25, 26, 31, 32)):02d}{dice.randrange(10**7):07d}"
        if sum(int(d) * w for d, w in zip(digits, (3, 7, 1) * 3, strict=True)) % 10 == 0:
            return digits


def an_account(dice: random.Random) -> str:
    while True:
        digits = "".join(dice.choice("0123456789") for _ in range(dice.randrange(8, 18)))
        if not re.fullmatch(r"20[1-4]\d{5}", digits):
            return digits


def an_iban(dice: random.Random) -> str:
    country, body = dice.choice(
        (
            ("DE", "".join(dice.choice("0123456789") for _ in range(18))),
            ("GB", "NWBK" + "".join(dice.choice("0123456789") for _ in range(14))),
            ("NL", "ABNA" + "".join(dice.choice("0123456789") for _ in range(10))),
            ("FR", "".join(dice.choice("0123456789") for _ in range(23))),
            ("NO", "".join(dice.choice("0123456789") for _ in range(11))),
        )
    )
    check = 98 - int("".join(str(int(c, 36)) for c in body + country + "00")) % 97
    return f"{country}{check:02d}{body}"


def a_word(dice: random.Random, size: int, letters: str = string.ascii_letters + string.digits) -> str:
    while True:
        word = "".join(dice.choice(letters) for _ in range(size))
        if any(c.isdigit() for c in word) and any(c.isalpha() for c in word):
            return word


def grouped(digits: str, sizes: tuple[int, ...], sign: str) -> str:
    parts, place = [], 0
    for size in sizes:
        parts.append(digits[place : place + size])
        place += size
    return sign.join([*parts, digits[place:]] if digits[place:] else parts)


def card_dress(dice: random.Random) -> tuple[str, str]:
    digits = a_card(dice)
    sizes = {15: (4, 6, 5), 14: (4, 6, 4)}.get(len(digits), (4, 4, 4, 4))
    sign = dice.choice((*SPACES, *DASHES, ".", "", "", ""))
    written = grouped(digits, sizes, sign) if sign else digits
    frame = dice.choice(
        ("PURCHASE CARD {} AUTH", "{}", "VISA{}", "card={};cvv", "pd with {}.", "ref {} STORE 12", "PAN:{}")
    )
    return frame.format(written), digits


def ssn_dress(dice: random.Random) -> tuple[str, str]:
    digits = dice.choice((an_ssn, an_itin))(dice)
    sign = dice.choice((*SPACES, *DASHES, ".", " - ", "- "))
    frame = dice.choice(
        ("W9 on file {}", "ZELLE TO J DOE {}", "SSN {} PAYROLL", "memo={};ref=9", "{}", "id:{} dependent")
    )
    if dice.random() < 0.3:
        sign = ""
        frame = dice.choice(
            ("SSN {}", "ssn#{} rent", "Soc. Sec. No. {}", "SOCIAL SECURITY: {}", "TIN={}", "taxpayer id {}")
        )
    return frame.format(grouped(digits, (3, 2, 4), sign)), digits


def account_dress(dice: random.Random) -> tuple[str, str]:
    digits = an_account(dice)
    frame = dice.choice(
        (
            *(
                "ACCT {}",
                "ACCOUNT NO {}",
                "Account number: {} rent",
                "acct#{}",
                "DDA {} SWEEP",
                "A/C {}",
                "TO SAVINGS {}",
            ),
            *("TRANSFER TO CHECKING {} CONF", "From account {}", "Account #: {}", "ACCT NBR {} FEE", "a/c no. {}"),
            *("Acct ending in {}", "TO SAVINGS ACCT {}", "BNF A/C: {} HARTWELL", "ACCT={}"),
        )
    )
    return frame.format(digits), digits


def routing_dress(dice: random.Random) -> tuple[str, str]:
    digits = a_routing(dice)
    frame = dice.choice(
        (
            "ABA {}",
            "routing no {}",
            "ROUTING NUMBER: {}",
            "RTN {} FED",
            "ABA/{} WIRE",
            "transit # {}",
            "R/T {}",
            "⑆{}⑆ 1001",
        )
    )
    return frame.format(digits), digits


def both_dress(dice: random.Random) -> tuple[str, str]:
    routing, account = a_routing(dice), an_account(dice)
    frame = dice.choice(
        ("WIRE RTN {} ACCT {}", "ACH {}/{} PPD acct", "⑆{}⑆ {}⑈ 1001", "ABA {} {}", "routing {} account {}")
    )
    return frame.format(routing, account), f"{routing}|{account}"


def iban_dress(dice: random.Random) -> tuple[str, str]:
    number = an_iban(dice)
    written = dice.choice((number, grouped(number, (4,) * (len(number) // 4), " "), number.lower()))
    return dice.choice(("SEPA CT {} INV 9", "IBAN {}", "IBAN:{}", "to {}")).format(written), number


def secret_dress(dice: random.Random) -> tuple[str, str]:
    hexadecimal = "0123456789abcdef"
    uuid = "-".join(a_word(dice, size, hexadecimal) for size in (8, 4, 4, 4, 12))
    word = a_word(dice, 40)
    text = dice.choice(
        (
            *(
                f"tok access-production-{uuid} end|access-production-{uuid}",
                f"public-sandbox-{uuid}|public-sandbox-{uuid}",
            ),
            *(
                f"key sk_live_{word}|sk_live_{word}",
                f"use ghp_{word}|ghp_{word}",
                f"github_pat_{word}|github_pat_{word}",
            ),
            *(f"AKIA{word[:16].upper()} x|AKIA{word[:16].upper()}", f"xoxb-{word[:24]}|xoxb-{word[:24]}"),
            *(f"jwt=eyJ{word}.eyJ{word}.{word[:30]}|eyJ{word}.eyJ{word}", f"sk-ant-{word}|sk-ant-{word}"),
            *(
                f"Authorization: Bearer {word}|{word}",
                f"password={word[:9]}|{word[:9]}",
                f"PWD: {word[:8]} x|{word[:8]}",
            ),
            *(
                f"https://bob:{word[:12]}@host.example/x|{word[:12]}",
                f"api_key = '{word}'|{word}",
                f"--token {word}|{word}",
            ),
            *(f'{{"client_secret":"{word[:30]}"}}|{word[:30]}', f"otpauth://totp/x?secret={word[:16]}|{word[:16]}"),
            *(f"-----BEGIN RSA PRIVATE KEY-----\n{word}\n-----END RSA PRIVATE KEY-----|{word}", f"SG.{word}|SG.{word}"),
            *(
                f"db_key={a_word(dice, 64, hexadecimal)}|KEY",
                f"AIza{word[:35]}|AIza{word[:35]}",
                f"token: {word[:20]}|{word[:20]}",
            ),
        )
    )
    shown, _, secret = text.rpartition("|")
    return shown, shown.partition("=")[2] if secret == "KEY" else secret


DRESSES = {
    "card": card_dress,
    "ssn": ssn_dress,
    "account": account_dress,
    "routing": routing_dress,
    "routing and account": both_dress,
    "iban": iban_dress,
    "secret": secret_dress,
}


def bare(text: str) -> str:
    """The detector's view: letters and digits only, digits made plain, invisible signs gone."""
    plain = (
        str(unicodedata.decimal(c)) if unicodedata.category(c) == "Nd" else c
        for c in unicodedata.normalize("NFKC", text)
    )
    return "".join(c for c in plain if c.isalnum()).lower()


def leaks(shown: str, secrets: str) -> list[str]:
    return [secret for secret in secrets.split("|") if bare(secret) in bare(shown)]


@pytest.mark.parametrize("kind", DRESSES)
def test_numbers_and_secrets_never_get_through(kind: str) -> None:
    dice = random.Random(kind)
    leaked = []
    for _ in range(1_500):
        text, secret = DRESSES[kind](dice)
        masked = mask(text)
        if leaks(masked.text, secret) or masked.count == 0:
            leaked.append((text, masked))
        assert mask(masked.text) == (masked.text, 0), text
    assert leaked == []


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(("card", "ssn", "account", "routing")), st.randoms(use_true_random=False))
def test_other_digits_and_invisible_signs_do_not_help(kind: str, dice: random.Random) -> None:
    text, secret = DRESSES[kind](dice)
    digits = dice.choice(DIGIT_SETS)
    text = "".join(digits[int(c)] if c in "0123456789" else c for c in text)
    place = dice.randrange(len(text) + 1)
    text = text[:place] + dice.choice(INVISIBLE) + text[place:]
    masked = mask(text)
    assert not leaks(masked.text, secret), (text, masked)
    assert mask(masked.text) == (masked.text, 0)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(DRESSES)), st.randoms(use_true_random=False), st.text(max_size=12), st.text(max_size=12))
def test_masks_stay_masks_whatever_stands_around(kind: str, dice: random.Random, before: str, after: str) -> None:
    text, _ = DRESSES[kind](dice)
    masked = mask(f"{before} {text} {after}")
    assert mask(masked.text) == (masked.text, 0)


@settings(max_examples=500, deadline=None)
@given(
    st.text(
        alphabet=st.one_of(st.sampled_from("0123456789-. /:=[]…card ssn acct\u00a0\u200b"), st.characters()),
        max_size=80,
    )
)
def test_any_text_is_taken_and_masked_once(text: str) -> None:
    masked = mask(text)
    assert (masked.text == text) == (masked.count == 0)
    assert mask(masked.text) == (masked.text, 0)


def harmless(dice: random.Random) -> str:
    """Texts of statements, invoices and shops that hold long numbers which are nobody's secret."""

    def n(size: int) -> str:
        return str(dice.randrange(10 ** (size - 1), 10**size))

    phone = f"{dice.randrange(201, 990)}-{n(3)}-{n(4)}"
    bad_card = next(d for d in iter(lambda: f"4{n(15)}", "") if luhn_digit(d[:-1]) != d[-1])
    return dice.choice(
        (
            *(f"ZOOM.US {phone}", f"T-MOBILE {phone.replace('-', '')} WA", f"FAX {phone.replace('-', '.')}"),
            *(f"EIN {n(2)}-{n(7)} ACME LLC", f"AMZN Mktp US 11{n(1)}-{n(7)}-{n(7)}", f"INVOICE {n(3)}-{n(2)}-{n(3)}"),
            *(
                f"CHECK 0000{n(5)}",
                f"TRACE {n(15)}",
                f"EPOCH 17{n(11)}",
                f"STORE CREDIT {bad_card}",
                f"ORDER 96{n(14)}",
            ),
            *(f"UPS 1Z999AA1{n(10)}", f"DUNS {n(9)}", f"ZIP {n(5)}-{n(4)}", f"2026-0{n(1)}-1{n(1)} POSTED"),
            *(f"ONLINE TRANSFER TO CHK ...{n(4)} TRANSACTION#: {n(11)}", f"PAYMENT {n(10)}", f"REF# {n(9)} MEMO"),
            *(
                f"CHECKCARD 0{n(3)} SHOP WA 24{n(21)}",
                f"ACCT XXXXXX{n(4)}",
                f"CARD ENDING {n(4)}",
                f"**** **** **** {n(4)}",
            ),
            *(
                f"BALANCE {n(9)}.00",
                f"SKU 000{n(11)} PAPER",
                f"PO {n(9)}",
                f"LAT 37.{n(7)} LON -122.{n(7)}",
                f"v10.{n(2)}.{n(1)}",
            ),
            *(
                f"tx id {a_word(dice, 8, '0123456789abcdef')}-878a-4d58-ad6d-455d768e25ca",
                "PASSWORD MANAGER 1PASSWORD.COM",
            ),
            *(
                "KEY FOOD #1234",
                "JWT INTERIORS LLC",
                "TOKEN OF THANKS GIFTS",
                "ACCT MGMT FEE Q1 2026",
                "SECRET GARDEN CAFE",
            ),
            *(
                f"ORIG CO NAME:UBER ORIG ID:{n(10)} SEC:CCD TRACE#:{n(15)} EED:260306 IND ID:{n(8)}",
                f"DELTA 006{n(10)}",
            ),
            *(
                f"SAVINGS INTEREST 2026013{n(1)[:1]}",
                f"sha256 {a_word(dice, 64, '0123456789abcdef')}",
                "PIN OAK NURSERY 12",
            ),
            *(
                "BASIC MATERIALS SUPPLY COMPANY",
                "CHECKING FEE: 12.00",
                "W2 BOX 12 CODE D 1200.00",
                f"RES {n(10)} HOTEL",
            ),
        )
    )


def test_harmless_texts_stay_as_they_are() -> None:
    dice = random.Random(8)
    texts = [harmless(dice) for _ in range(4_000)]
    changed = [text for text in texts if mask(text).count]
    assert len(changed) <= len(texts) // 100, changed[:10]


def test_the_public_list() -> None:
    with PUBLIC.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 127
    for row in rows:
        masked = mask(row["text"])
        if row["must_mask"] == "yes":
            assert all(part not in masked.text for part in row["substring"].split("|")), row
        else:
            assert masked == (row["text"], 0)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("CARD 4111 1111 1111 1111 X", "CARD [card …1111] X"),
        ("ssn 123-45-6789", "ssn [ssn]"),
        ("TO ACCOUNT 000123456789", "TO ACCOUNT [account …6789]"),
        ("ABA 021000021", "ABA [routing]"),
        ("password=hunter22 next", "password=[token] next"),
        ("IBAN GB82 WEST 1234 5698 7654 32", "IBAN [account …5432]"),
        ("passphrase: violet anchor harvest tundra 41", "passphrase: [token]"),
        ("ACH 032943520/4836690776318 PPD", "ACH [routing]/[account …6318] PPD"),
        ("<ACCTID>000123456789", "<ACCTID>[account …6789]"),
        ("XFER TO ...12345678901 CHECKING", "XFER TO ...[account …8901] CHECKING"),
        ("%B4111111111111111^DOE/J^2904101?", "%B[card …1111]"),
        ("4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "[card …1111]"),
        ("DL# D5928615 CA", "DL# [id] CA"),
        ("caf\u00e9 4111\u200b111111111111", "caf\u00e9 [card …1111]"),
        ("SSN%20123%2D45%2D6789", "SSN%20[ssn]"),
        ("123&#45;45&ndash;6789", "[ssn]"),
        ("\x014111\x01111111111111", "\x01[card …1111]"),
    ],
)
def test_what_a_mask_looks_like(text: str, shown: str) -> None:
    assert mask(text) == (shown, shown.count("["))


def test_several_are_counted() -> None:
    assert mask("4111111111111111 and 123-45-6789").count == 2


@pytest.mark.parametrize(
    "text",
    ["SSN 000-12-3456", "666-12-3456", "123-00-4567", "123-45-0000", "912-12-1234", "TIN 12-3456789", "123-45-6789-01"],
)
def test_numbers_nobody_was_given_stay(text: str) -> None:
    assert mask(text) == (text, 0)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Savings-3377-2022.csv", "Savings-3377-2022.csv"),
        ("checking 4821 2026.ofx", "checking 4821 2026.ofx"),
        ("Savings-3377-2022", "Savings-[account …2022]"),
        ("savings-3377-8822.csv", "savings-[account …8822].csv"),
    ],
)
def test_the_year_in_the_name_of_a_statement_is_no_part_of_an_account(text: str, shown: str) -> None:
    assert mask(text).text == shown


@pytest.mark.parametrize(
    ("number", "four"),
    [("000123456789", "6789"), ("XXXX-1234", "1234"), ("１２３４５", "2345"), ("123", None), ("", None)],
)
def test_last_four(number: str, four: str | None) -> None:
    assert last_four(number) == four
