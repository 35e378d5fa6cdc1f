"""Makes sensitive numbers and secrets of every kind, in every dress a text can wear. All of them are invented.

Built from the rules of the issuers as `tests.detector` states them, with nothing of the masker.
"""

from __future__ import annotations

import json
import random
import string
from collections.abc import Callable
from typing import NamedTuple

import detector

HEX = "0123456789abcdef"
BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
WORD = string.ascii_letters + string.digits

DIGITS = (
    "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "০১২৩৪৫৬৭৮৯", "๐๑๒๓๔๕๖๗๘๙",
    "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", "𝟘𝟙𝟚𝟛𝟜𝟝𝟞𝟟𝟠𝟡", "𝟶𝟷𝟸𝟹𝟺𝟻𝟼𝟽𝟾𝟿", "⓪①②③④⑤⑥⑦⑧⑨", "⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉",
)  # fmt: skip
DASHES = ("-", "‐", "‑", "‒", "–", "—", "―", "−", "－", "﹣", "﹘", "⁃", "\u00ad")
SPACES = (" ", "\u00a0", "\u2002", "\u2007", "\u2009", "\u200a", "\u202f", "\u205f", "\u3000", "\t", "\n", "\r\n")
INVISIBLE = ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u200e", "\u202d", "\u061c", "\u180e", "\ufe0f")


class Case(NamedTuple):
    text: str
    needles: tuple[str, ...]


def some(dice: random.Random, letters: str, size: int) -> str:
    return "".join(dice.choice(letters) for _ in range(size))


def word(dice: random.Random, size: int, letters: str = WORD) -> str:
    """Letters and digits, at least one of both."""
    while True:
        made = some(dice, letters, size)
        if any(c.isdigit() for c in made) and any(c.isalpha() for c in made):
            return made


def card(dice: random.Random) -> str:
    prefixes, size = dice.choice(detector.ISSUERS)
    while True:
        body = dice.choice(prefixes)
        digits = body + some(dice, string.digits, size - len(body))
        if detector.luhn(digits) and len(set(digits)) > 1:
            return digits


def person(dice: random.Random) -> str:
    while True:
        digits = some(dice, string.digits, 9)
        if detector.person(digits):
            return digits


def routing(dice: random.Random) -> str:
    while True:
        digits = some(dice, string.digits, 9)
        if detector.aba(digits):
            return digits


def account(dice: random.Random) -> str:
    """An account number; eight digits that read as a day are left out, they are dates more often."""
    while True:
        digits = some(dice, string.digits, dice.randrange(8, 18))
        if not (len(digits) == 8 and digits.startswith("20")):
            return digits


def iban(dice: random.Random) -> str:
    country = dice.choice(sorted(detector.IBAN_SIZES))
    size = detector.IBAN_SIZES[country] - 4
    body = some(dice, string.digits, size)
    if size >= 14 and dice.random() < 0.5:
        # A bank's letters in front, as in half of the countries, and now and then one among the digits.
        body = some(dice, string.ascii_uppercase, 4) + body[4:]
        body = body[:-2] + dice.choice((body[-2:], some(dice, string.ascii_uppercase, 1) + body[-1]))
    rest = int("".join(str(int(c, 36)) for c in body + country + "00")) % 97
    return f"{country}{98 - rest:02d}{body}"


# Dresses


def grouped(number: str, sizes: tuple[int, ...], sign: str) -> str:
    parts = [number[sum(sizes[:n]) : sum(sizes[: n + 1])] for n in range(len(sizes))]
    return sign.join(part for part in [*parts, number[sum(sizes) :]] if part)


def sign(dice: random.Random, more: tuple[str, ...] = ()) -> str:
    kind = dice.randrange(5)
    if kind == 0:
        return dice.choice(DASHES)
    if kind == 1:
        return dice.choice(SPACES)
    return dice.choice(("-", " ", ".", " - ", *more)) if kind == 2 else dice.choice(("-", " "))


def foreign(dice: random.Random, text: str) -> str:
    digits = dice.choice(DIGITS)
    return "".join(digits[int(c)] if c in string.digits else c for c in text)


def haunted(dice: random.Random, text: str) -> str:
    """Put invisible characters between digits."""
    out = ""
    for letter in text:
        out += letter + (dice.choice(INVISIBLE) if letter.isdigit() and dice.random() < 0.4 else "")
    return out


def escaped(dice: random.Random, text: str) -> str:
    """Write some of the characters, the separators most of all, as escapes of one kind."""
    way: Callable[[str], str] = dice.choice((
        lambda c: "".join(f"%{byte:02X}" for byte in c.encode()),
        lambda c: f"&#{ord(c)};",
        lambda c: f"&#x{ord(c):x};",
        lambda c: f"\\u{ord(c):04x}" if ord(c) < 0x10000 else c,
    ))  # fmt: skip
    return "".join(way(c) if not c.isalnum() or (c.isdigit() and dice.random() < 0.3) else c for c in text)


def dressed(dice: random.Random, text: str) -> str:
    way = dice.randrange(8)
    if way == 0:
        return foreign(dice, text)
    if way == 1:
        return haunted(dice, text)
    if way == 2:
        return escaped(dice, text)
    if way == 3:
        return haunted(dice, foreign(dice, text))
    return text


def cased(dice: random.Random, text: str) -> str:
    return dice.choice((text, text, text.upper(), text.lower(), text.title()))


# Kinds


def card_case(dice: random.Random) -> Case:
    digits = card(dice)
    sizes = {15: (4, 6, 5), 14: (4, 6, 4)}.get(len(digits), (4, 4, 4, 4))
    written = grouped(digits, sizes, sign(dice, ("/", "_", "|", "  ")) if dice.random() < 0.6 else "")
    frame = dice.choice((
        "PURCHASE CARD {} AUTH 0423", "{}", "VISA{}", "card={};cvv", "pd with {} tip 5", "PAN:{}.", "ref {}, STORE 12",
        "“{}”", "({})", "<CARDNUM>{}</CARDNUM>", '{{"pan":"{}"}}', "Karte {} é", "x{}y", "cc#{}", "MC {} exp 04/29",
    ))  # fmt: skip
    return Case(cased(dice, frame).format(dressed(dice, written)), (digits,))


def track_case(dice: random.Random) -> Case:
    digits = card(dice)
    rest = some(dice, string.digits, 13)
    return Case(dice.choice((f";{digits}=2904{rest}?", f"%B{digits}^DOE/JANE^2904{rest}?")), (digits, f"2904{rest}"))


def person_case(dice: random.Random) -> Case:
    digits = person(dice)
    frame = dice.choice((
        "W9 on file {}", "ZELLE TO J DOE {}", "SSN {} PAYROLL", "memo={};ref=9", "{}", "id:{} dependent", "ssn={}",
        "({}) file", "W9_{}_signed.pdf", "1099 to {}, paid",
    ))  # fmt: skip
    written = grouped(digits, (3, 2, 4), sign(dice, (" -", "- ")))
    if dice.random() < 0.4:
        written = digits
        frame = dice.choice((
            "SSN {}", "ssn#{} rent", "Soc. Sec. No. {}", "SOCIAL SECURITY: {}", "TIN={}", "taxpayer id {}", "itin {}",
            "social security number is {}", "S.S.N. {}", "ssn:{}", "{} SSN", "TIN: {} backup",
        ))  # fmt: skip
    return Case(cased(dice, frame).format(dressed(dice, written)), (digits,))


def account_case(dice: random.Random) -> Case:
    digits = account(dice)
    frame = dice.choice((
        "ACCT {}", "ACCOUNT NO {}", "Account number: {} rent", "acct#{}", "DDA {} SWEEP", "A/C {}", "TO SAVINGS {}",
        "TRANSFER TO CHECKING {} CONF", "From account {}", "Account #: {}", "ACCT NBR {} FEE", "a/c no. {}", "ACCT={}",
        "Acct ending in {}", "TO SAVINGS ACCT {}", "<ACCTID>{}", '"account":"{}"', "account={}&x=1", "BNF/ACCT/{}",
    ))  # fmt: skip
    return Case(cased(dice, frame).format(dressed(dice, digits)), (digits,))


def routing_case(dice: random.Random) -> Case:
    digits = routing(dice)
    frame = dice.choice((
        "ABA {}", "routing no {}", "ROUTING NUMBER: {}", "RTN {} FED", "ABA/{} WIRE", "transit # {}", "R/T {}",
        "<BANKID>{}", "routing={}", '"routing":"{}"', "⑆{}⑆ 1001", "Rtn# {}",
    ))  # fmt: skip
    return Case(cased(dice, frame).format(dressed(dice, digits)), (digits,))


def both_case(dice: random.Random) -> Case:
    first, second = routing(dice), account(dice)
    frame = dice.choice((
        "WIRE RTN {} ACCT {}", "ACH {}/{} PPD acct", "⑆{}⑆ {}⑈ 1001", "ABA {} {}", "routing {} account {}",
        "|:{}|: {}", "RTN {}, A/C {}",
    ))  # fmt: skip
    return Case(cased(dice, frame).format(first, second), (first, second))


def iban_case(dice: random.Random) -> Case:
    number = iban(dice)
    written = grouped(number, (4,) * (len(number) // 4), dice.choice(("", "", " ", "-", "\u00a0", ".", "\u2009")))
    frame = dice.choice(("SEPA CT {} INV 9", "IBAN {}", "IBAN:{}", "to {}", "iban={};", '"iban":"{}"', "({})"))
    return Case(frame.format(dressed(dice, dice.choice((written, written.lower())))), (number,))


def token_case(dice: random.Random) -> Case:
    uuid = "-".join(some(dice, HEX, size) for size in (8, 4, 4, 4, 12))
    stage, part = dice.choice(("sandbox", "development", "production")), word(dice, 24)
    made = dice.choice((
        *(f"{kind}-{stage}-{uuid}" for kind in ("access", "public", "link", "processor")),
        f"{dice.choice(('sk', 'rk'))}_{dice.choice(('live', 'test'))}_{part}", f"whsec_{part}",
        f"gh{dice.choice('pousr')}_{word(dice, 36)}", f"github_pat_{word(dice, 22)}_{word(dice, 59)}",
        f"{dice.choice(('AKIA', 'ASIA'))}{some(dice, BASE32, 16)}",
        f"xox{dice.choice('abprs')}-{some(dice, string.digits, 12)}-{some(dice, string.digits, 12)}-{part}",
        f"AIza{word(dice, 35)}", f"ya29.{word(dice, 40)}", f"SG.{word(dice, 22)}.{word(dice, 43)}",
        f"eyJ{word(dice, 30)}.eyJ{word(dice, 40)}.{word(dice, 43)}", f"sk-proj-{word(dice, 40)}",
        f"sk-ant-api03-{word(dice, 40)}", f"glpat-{word(dice, 20)}", f"npm_{word(dice, 36)}",
        f"x'{some(dice, HEX, 64)}'",
    ))  # fmt: skip
    frame = dice.choice(("tok {} end", "{}", "key {}", "use {}.", "({})", '"token":"{}"', "WITH {} PAID", "x={}&y=2"))
    return Case(frame.format(made), (made,))


def shouted_token_case(dice: random.Random) -> Case:
    """Banks write everything in capitals; such a token may still be read."""
    uuid = "-".join(some(dice, HEX, size) for size in (8, 4, 4, 4, 12))
    made = dice.choice((f"access-production-{uuid}", f"sk_live_{word(dice, 24)}", f"ghp_{word(dice, 36)}")).upper()
    return Case(f"ACH DEBIT {made} WEB", (made,))


def named_case(dice: random.Random) -> Case:
    value = word(dice, dice.randrange(6, 30))
    frame = dice.choice((
        "password={}", "PASSWORD: {} x", "pwd={};", '"password":"{}"', "client_secret={}&x=1", "api_key = '{}'",
        "https://bob:{}@host.example/x", "Authorization: Bearer {}", '{{"client_secret":"{}"}}', "--token {}",
        "passphrase = {}", "db_password={}", "'secret': '{}'", "SECRET={}", "access_token={}", "password is {}",
        "Authorization: Basic {}", "postgres://u:{}@db/x", "X-Api-Key: {}k7Q2", "password%3D{}",
    ))  # fmt: skip
    return Case(frame.format(value), (value,))


def long_secret_case(dice: random.Random) -> Case:
    value, secret32 = word(dice, 32), some(dice, BASE32, 16)
    text, needle = dice.choice((
        (f"otpauth://totp/x?secret={secret32}&issuer=y", secret32),
        (f"-----BEGIN RSA PRIVATE KEY-----\n{value}\n-----END RSA PRIVATE KEY-----", value),
        (f"-----BEGIN PRIVATE KEY----- {value}", value),
        (f"db_key={some(dice, HEX, 60)}ab12", ""), (f"bearer {value}", value), (f"secret {value}", value),
        (f"aws_secret_access_key = {value}/K7MD", value), (f"token: {value}", value),
    ))  # fmt: skip
    return Case(text, (needle or text.partition("=")[2],))


def json_case(dice: random.Random) -> Case:
    """The memo of a source as a JSON text inside a text."""
    inner = dice.choice((card_case, person_case, account_case, named_case))(dice)
    return Case(json.dumps({"memo": inner.text}), inner.needles)


KINDS: dict[str, Callable[[random.Random], Case]] = {
    "card": card_case, "track": track_case, "person": person_case, "account": account_case, "routing": routing_case,
    "routing and account": both_case, "iban": iban_case, "token": token_case, "shouted token": shouted_token_case,
    "named": named_case, "long secret": long_secret_case, "json": json_case,
}  # fmt: skip
