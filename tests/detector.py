"""A detector of sensitive numbers and secrets that shares nothing with the masker.

It works the other way round: it undoes every dress it knows (escapes, foreign digits, invisible characters), takes the
digits with what stands between them, and slides windows over them. It is stricter than needed in what it believes and
so may be asked of whole files: `findings` names what looks sensitive, `holds` tells whether a known needle is there in
any dress. What it does not undo: compression, encryption and base64; the caller unpacks files before asking.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import unquote

MASKS = re.compile(r"\[(?:card …\d{1,4}|account …[0-9A-Za-z]{1,4}|ssn|routing|token|id)\]")
JOINERS = frozenset(" -./_,|\n")
"""What people and banks write between the groups of one number."""

ISSUERS = (
    *((("4",), size) for size in (13, 16, 19)),
    (tuple(str(n) for n in range(51, 56)), 16),
    (tuple(str(n) for n in range(2221, 2721)), 16),
    (("34", "37"), 15),
    (("30", "36", "38"), 14),
    (("6011", "65", *(str(n) for n in range(644, 650))), 16),
    (tuple(str(n) for n in range(3528, 3590)), 16),
    *((("62",), size) for size in (16, 17, 18, 19)),
)
"""Prefixes and length of payment cards, as their issuers publish them."""

_IBAN_COUNTRIES = (
    "NO15 BE16 DK18 FI18 FO18 GL18 NL18 FK18 SD18 MK19 SI19 AT20 BA20 EE20 KZ20 LT20 LU20 MN20 XK20 CH21 HR21 LI21 "
    "LV21 BG22 BH22 CR22 DE22 GB22 GE22 IE22 ME22 RS22 VA22 AE23 GI23 IL23 IQ23 OM23 SO23 TL23 AD24 CZ24 ES24 MD24 "
    "PK24 RO24 SA24 SE24 SK24 TN24 VG24 LY25 PT25 ST25 IS26 TR26 BI27 DJ27 FR27 GR27 IT27 MC27 MR27 SM27 AL28 AZ28 "
    "BY28 CY28 DO28 GT28 HN28 HU28 LB28 NI28 PL28 SV28 BR29 EG29 PS29 QA29 UA29 JO30 KW30 MU30 YE30 MT31 SC31 LC32 RU33"
)
IBAN_SIZES = {entry[:2]: int(entry[2:]) for entry in _IBAN_COUNTRIES.split()}

_TOKENS = (
    ("plaid", r"(?:access|public|link|processor)-(?:sandbox|development|production)-[0-9a-f]{8}-?[0-9a-f]{4}"),
    ("stripe", r"(?:sk|rk)_(?:live|test)_[0-9a-z]{10}|whsec_[0-9a-z]{16}"),
    ("github", r"gh[pousr]_[0-9a-z]{20}|github_pat_[0-9a-z_]{20}"),
    ("aws", r"(?<![0-9a-z])(?:akia|asia)[0-9a-z]{16}(?![0-9a-z])"),
    ("slack", r"xox[abprs]-[0-9a-z-]{10}"),
    ("google", r"aiza[0-9a-z_-]{35}"),
    ("jwt", r"eyj[0-9a-z_-]{8,}\.[0-9a-z_-]{8,}\.[0-9a-z_-]{4,}"),
    ("key file", r"-----begin [a-z ]*private key[a-z ]*-----\s*[0-9a-z+/=]"),
    ("otp", r"otpauth://[a-z]+/\S+secret=[a-z2-7]"),
    ("login in address", r"[a-z][a-z0-9+.-]*://[^\s/@\[\]]*:[^\s/@\[\]]+@"),
    ("raw key", r"x'[0-9a-f]{64}'"),
)
_SHAPES = tuple((kind, re.compile(shape, re.DOTALL)) for kind, shape in _TOKENS)
_NAMED = re.compile(
    r"(?:password|passwd|passphrase|client_secret|api_key|secret_key|access_token|auth_token)"
    r"[\"']?\s*[=:]\s*[\"']?([^\s\"'&;,\[\]<>]{3,})|authorization:\s*(?:bearer|basic)\s+([^\s\"'\[\]]{6,})"
)
_SSN_WORDS = ("ssn", "social security", "soc sec", "soc.sec", "itin", "taxpayer id")
_ACCOUNT_WORDS = ("account", "acct", "dda", "a/c")
_ROUTING_WORDS = ("routing", "aba", "rtn", "⑆")


class Finding(NamedTuple):
    kind: str
    value: str


def undressed(text: str, *, escapes: bool = True) -> str:
    """Return the text without its dresses: escapes undone, digits plain, invisible characters gone, lower case."""
    for _ in range(2 if escapes else 0):
        if "\\u" in text:
            text = re.sub(r"\\+u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        text = html.unescape(unquote(text, errors="replace")) if "%" in text or "&" in text else text
    out = []
    for letter in unicodedata.normalize("NFKC", text):
        kind = unicodedata.category(letter)
        if kind == "Nd":
            out.append(str(unicodedata.digit(letter)))
        elif kind == "Pd" or letter in "\u00ad\u2212\u2043\u30fc":
            out.append("-")
        elif kind in {"Zs", "Zl", "Zp"} or letter in "\t\r\n\v\f":
            out.append(" ")
        elif kind in {"Cf", "Cc", "Mn", "Me", "Cs"}:
            continue
        elif unicodedata.digit(letter, None) is not None:
            out.append(str(unicodedata.digit(letter)))
        else:
            out.append(letter)
    return "".join(out).casefold()


def holds(text: str, needle: str) -> bool:
    """Tell whether a known number or secret stands in the text, in any dress; masks in the text count as walls."""
    walled = MASKS.sub("\u2588", text)
    ways = (True, False) if any(sign in text for sign in "%&\\") else (False,)
    return any(bare(needle, escapes=False) in bare(walled, escapes=way) for way in ways)


def bare(text: str, *, escapes: bool) -> str:
    """Return letters, digits and walls only."""
    return "".join(letter for letter in undressed(text, escapes=escapes) if letter.isalnum() or letter == "\u2588")


def findings(text: str) -> list[Finding]:
    """Return everything in a text that looks like a sensitive number or a secret."""
    walled = MASKS.sub("\u2588", text)
    found = _findings(undressed(walled, escapes=False))
    if any(sign in text for sign in "%&\\"):
        found += [each for each in _findings(undressed(walled)) if each not in found]
    return found


def _findings(plain: str) -> list[Finding]:
    found = [Finding(kind, match[0]) for kind, shape in _SHAPES for match in shape.finditer(plain)]
    found += [Finding("named secret", match[0]) for match in _NAMED.finditer(plain)]
    found += _ibans(plain)
    if sum(map(str.isdigit, plain)) >= 8:
        chains = list(_chains(plain))
        found += _cards(chains)
        found += _persons(plain, chains)
        found += _bank_numbers(plain, chains)
    return found


class _Chain(NamedTuple):
    """Digits that could be one number: the groups, and where they begin and end in the text."""

    groups: tuple[str, ...]
    joints: tuple[str, ...]
    start: int
    end: int


def _chains(plain: str) -> Iterator[_Chain]:
    """Yield maximal runs of digit groups with at most three joining characters between two groups."""
    groups: list[str] = []
    joints: list[str] = []
    start = place = 0
    while place < len(plain):
        if not plain[place].isdigit():
            place += 1
            continue
        begin = place
        while place < len(plain) and plain[place].isdigit():
            place += 1
        if not groups:
            start = begin
        groups.append(plain[begin:place])
        step = place
        while step < len(plain) and step - place < 4 and plain[step] in JOINERS:
            step += 1
        joint = plain[place:step]
        if 0 < len(joint) <= 3 and step < len(plain) and plain[step].isdigit():
            joints.append(joint)
            place = step
            continue
        yield _Chain(tuple(groups), tuple(joints), start, place)
        groups, joints = [], []


def luhn(digits: str) -> bool:
    odd = [int(d) for d in digits[-1::-2]]
    even = [sum(divmod(2 * int(d), 10)) for d in digits[-2::-2]]
    return (sum(odd) + sum(even)) % 10 == 0


def aba(digits: str) -> bool:
    a, b, c, d, e, f, g, h, i = map(int, digits)
    return digits != "0" * 9 and (3 * (a + d + g) + 7 * (b + e + h) + c + f + i) % 10 == 0


def mod_97(number: str) -> bool:
    rest = 0
    for letter in number[4:] + number[:4]:
        for digit in str(int(letter, 36)):
            rest = (rest * 10 + int(digit)) % 97
    return rest == 1


def of_an_issuer(digits: str) -> bool:
    return any(len(digits) == size and digits.startswith(prefixes) for prefixes, size in ISSUERS)


def person(digits: str) -> bool:
    area, group = int(digits[:3]), int(digits[3:5])
    if area >= 900:
        return group in (*range(50, 66), *range(70, 89), *range(90, 93), *range(94, 100))
    return 0 < area != 666 and group > 0 and digits[5:] != "0000"


def _cards(chains: Iterable[_Chain]) -> Iterator[Finding]:
    """Yield cards: one run of digits, or groups of four with the rest, all joined alike."""
    for chain in chains:
        for first in range(len(chain.groups)):
            for last in range(first + 1, min(first + 5, len(chain.groups)) + 1):
                sizes = [len(group) for group in chain.groups[first:last]]
                digits = "".join(chain.groups[first:last])
                alike = len(set(chain.joints[first : last - 1])) <= 1
                usual = len(sizes) == 1 or sizes[:-1] == [4] * (len(sizes) - 1) or sizes in ([4, 6, 5], [4, 6, 4])
                if alike and usual and len(set(digits)) > 1 and of_an_issuer(digits) and luhn(digits):
                    yield Finding("card", digits)


def _persons(plain: str, chains: Iterable[_Chain]) -> Iterator[Finding]:
    for chain in chains:
        sizes = tuple(len(group) for group in chain.groups)
        digits = "".join(chain.groups)
        if sizes == (3, 2, 4) and chain.joints[0].strip() == chain.joints[1].strip() in {"-", ".", ""}:
            if person(digits) and plain[max(0, chain.start - 1) : chain.start] != "+":
                yield Finding("ssn", digits)
        elif sizes == (9,) and person(digits):
            before = plain[max(0, chain.start - 24) : chain.start]
            if any(word in before for word in _SSN_WORDS) and "ein" not in before:
                yield Finding("ssn", digits)


def _bank_numbers(plain: str, chains: Iterable[_Chain]) -> Iterator[Finding]:
    """Yield a plain run of digits that stands right behind an account or routing word."""
    for chain in chains:
        word = re.search(r"([^\d\s:#.]+)[\s:#.]{0,3}$", plain[max(0, chain.start - 24) : chain.start])
        digits = chain.groups[0]
        if word is None or len(chain.groups) > 1 or (digits[:2] == "20" and len(digits) == 8):
            continue
        if word[1] in _ROUNDED and len(digits) == 9 and aba(digits):
            yield Finding("routing", digits)
        elif word[1] in _ACCOUNT_WORDS and 8 <= len(digits) <= 17 and not re.match(r"[.,]\d\d", plain[chain.end :]):
            yield Finding("account", digits)


_ROUNDED = frozenset(_ROUTING_WORDS)


def _ibans(plain: str) -> Iterator[Finding]:
    """Yield IBANs: from each pair of letters with two digits on, as many letters and digits as the country has."""
    for place in range(len(plain) - 14):
        country = plain[place : place + 2].upper()
        if country not in IBAN_SIZES or not plain[place + 2 : place + 4].isdecimal():
            continue
        if place and plain[place - 1].isalnum():
            continue
        number, step = "", place
        while step < len(plain) and len(number) < IBAN_SIZES[country]:
            if plain[step].isascii() and plain[step].isalnum():
                number += plain[step].upper()
            elif plain[step] not in " -.":
                break
            step += 1
        if len(number) == IBAN_SIZES[country] and mod_97(number):
            yield Finding("iban", number)
