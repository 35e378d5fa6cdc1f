"""Finds card, social security, bank account and routing numbers in the shadow of a text.

A shape alone is never enough: a card needs its issuer's prefix and length and the check digit (ISO/IEC 7812-1), a plain
nine-digit number needs a word, an account number needs an account word beside it, a routing number a word and the ABA
checksum, an IBAN its country's length and mod-97 (ISO 13616). Everything else (phones, orders, EINs, dates) stays.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import pairwise

from app.core.digits import blotted
from app.core.ingest.redact_accounts import accounts_in, looks_like_bank, pairs_in
from app.core.ingest.redact_shadow import BARRIER
from app.core.later import later

Found = tuple[int, int, str]
"""Start and end in the shadow, and the mask to write there."""

_RUN = re.compile(r"[0-9]+")
_GAP = re.compile(r"[^0-9A-Za-z\x01]{1,3}")
_USUAL_GAP = frozenset(" .-/_,|")
_CHAIN = re.compile(r"[0-9](?:[^0-9A-Za-z]{0,3}[0-9]){6,}")
_IBAN_LIKE = re.compile(r"[a-z]{2}[0-9]{2}[ .\-/_]{0,2}[0-9a-z]{4}[ .\-/_]{0,2}[0-9a-z]{3}|iban")
_CARD_LAYOUTS = {
    *((4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 1), (4, 3, 3, 3), (1, 4, 4, 4), (4, 4, 5), (4, 5, 4), (8, 8)),
    *((4, 4, 4, 4, n) for n in (1, 2, 3)),
    *((4, 4, 4, n) for n in (2, 3, 5, 6, 7)),
}
_SSN = re.compile(
    r"(?<![0-9])([0-9]{3})( {0,2}[-.]{1,2} {0,2}| {1,3})([0-9]{2})( {0,2}[-.]{1,2} {0,2}| {1,3})([0-9]{4})(?![0-9])"
)
_ITIN_GROUPS = {*range(50, 66), *range(70, 89), 90, 91, 92, *range(94, 100)}

# Length of an IBAN by country. Source: SWIFT IBAN registry (ISO 13616), as known in 2025.
# fmt: off
_IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BI": 27, "BR": 29,
    "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27, "DK": 18, "DO": 28, "EE": 20, "EG": 29,
    "ES": 24, "FI": 18, "FK": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28,
    "HN": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20,
    "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19,
    "MN": 20, "MR": 27, "MT": 31, "MU": 30, "NI": 28, "NL": 18, "NO": 15, "OM": 23, "PK": 24, "PL": 28, "PS": 29,
    "PT": 25, "QA": 29, "RO": 24, "RS": 22, "RU": 33, "SA": 24, "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24,
    "SM": 27, "SO": 23, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
    "YE": 30,
}
# fmt: on


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """Compile on first use."""
    return {
        "card word": later(r"card|visa|amex|master|discover|\bpan\b|diners|\bmc\b|\bcc\b"),
        "phone code": later(r"\+[0-9]{1,3} ?$"),
        "uuid": later(
            r"(?<![0-9A-Za-z])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9A-Za-z])"
            r"|(?<![0-9A-Za-z])(?=[0-9]*[a-f])[0-9a-f]{32,}(?![0-9A-Za-z])"
        ),
        "iban": later(
            r"(?<![0-9a-z])(?P<w>iban[^0-9a-z\x01]{0,3})?"
            r"(?P<v>[a-z]{2}[ .\-]?[0-9]{2}(?:[ .\-/_]{0,2}[0-9a-z]){11,30})",
        ),
        "ssn word": later(
            r"(?<![a-z])(?:s\.? ?s\.? ?n(?![a-z])|ssns|soc(?:ial)?[. ]{0,2}sec(?:urity)?|ss ?(?:#|nos?\b|num)"
            r"|itin(?![a-z])|tins?(?![a-z])|tax ?payer|tax ?id|social (?:no|num|#)|soc ?#)",
        ),
        "nine": later(r"(?P<gap>[^0-9\x01]{0,24})(?P<v>[0-9](?:[^0-9A-Za-z\x01]{0,3}[0-9]){8})(?![0-9])"),
        "nine before": later(
            r"(?<![0-9])(?<![0-9][ .\-])(?P<v>[0-9]{3}[ .\-]?[0-9]{2,3}[ .\-]?[0-9]{3,4})[^0-9A-Za-z\x01]{0,3}$"
        ),
        "person": later(
            r"(?<![a-z])(?:dl ?(?:#|no\b|num(?:ber)?\b|nbr\b)|dln|drivers?'?s? ?(?:license|licence|lic)\b|passport|"
            r"state id|alien (?:reg(?:istration)? )?(?:no|num(?:ber)?|#))"
            r"[^0-9a-z\x01]{0,3}(?:(?:no|num|number|nbr|id)\b[^0-9a-z\x01]{0,3})?"
            r"(?P<v>[a-z]{0,2}[0-9](?:-?[0-9a-z]){4,18}(?![0-9a-z])|[a-z]{0,2}[0-9](?:[ -]?[0-9a-z]){4,18}?)"
            r"(?![0-9a-z])",
        ),
        "other id": later(r"(?<![a-z])(?:f?ein|duns|zip)(?![a-z])"),
        "named card": later(
            r"(?:card|maestro|debit|\bpan|\bmir)[^0-9a-z\x01]{0,3}(?:(?:no|num|number|nbr|nr)\b[^0-9a-z\x01]{0,3})?$"
        ),
        "track": later(r"(?:=[0-9]{4,}|\^[^\^\x01]{2,40}\^[0-9]{4,})\??"),
    }


def numbers_in(text: str) -> list[Found]:
    """Return the numbers to mask; they do not overlap."""
    # Which digits they are says nothing yet: texts that differ in them only are looked at once.
    card, ssn, iban, bank, taxpayer, person = looks = _looks_like(blotted(text))
    if not any(looks):
        return []
    low = text.lower()
    patterns = _patterns()
    found: list[Found] = []
    if "-" in low or len(low) >= 32:
        low = patterns["uuid"].sub(lambda match: BARRIER * len(match[0]), low)
    if iban:
        low = _take(low, found, _ibans(low, patterns["iban"]))
    if bank:
        # A partner of a routing number may pass for a card by chance; the two are taken together first.
        low = _take(low, found, pairs_in(low))
    if card:
        low = _take(low, found, _cards(low, patterns["track"]))
    if ssn:
        low = _take(low, found, _ssn_shapes(low))
    if taxpayer:
        low = _take(low, found, _ssns_named(low, patterns))
    if person:
        low = _take(low, found, _persons(low, patterns["person"]))
    if bank:
        _take(low, found, accounts_in(low))
    return found


@lru_cache(maxsize=4096)
def _looks_like(text: str) -> tuple[bool, bool, bool, bool, bool, bool]:
    """Return whether there could be a card, an SSN, an IBAN, a bank's, a taxpayer's and a person's number."""
    low = text.lower()
    card = ssn = False
    for chain in _CHAIN.findall(text):
        if len(chain) >= 11:
            card = card or _may_be_card(chain)
            ssn = ssn or _SSN.search(chain) is not None
    iban = _IBAN_LIKE.search(low) is not None
    return card, ssn, iban, looks_like_bank(low), _names_taxpayer(low), _names_person(low)


def _may_be_card(chain: str) -> bool:
    if chain.isdigit():
        return 13 <= len(chain) <= 19
    return len(chain) >= 14 and sum(map(str.isdigit, chain)) >= 13


def _names_taxpayer(low: str) -> bool:
    # Written out, because a loop over the hints takes four times as long.
    return "ss" in low or "s.s" in low or "s. s" in low or "soc" in low or "tin" in low or "tax" in low or "s s" in low


def _names_person(low: str) -> bool:
    return "dl" in low or "driv" in low or "passport" in low or "state id" in low or "alien" in low


def _take(text: str, found: list[Found], new: list[Found]) -> str:
    """Add the new finds and return the text with barriers in their place: no digit is masked twice."""
    for start, end, label in new:
        if BARRIER in text[start:end]:
            continue
        found.append((start, end, label))
        text = text[:start] + BARRIER * (end - start) + text[end:]
    return text


# Cards


def passes_luhn(digits: str) -> bool:
    """Check digit of card numbers. Source: ISO/IEC 7812-1, annex B."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def is_card_number(digits: str) -> bool:
    """Tell whether an issuer could have given this number: prefix with its length, and the check digit."""
    size, two, four = len(digits), int(digits[:2]), int(digits[:4])
    known = (
        (digits[0] == "4" and size in {13, 16, 19})
        or (size == 16 and (51 <= two <= 55 or 2221 <= four <= 2720 or 3528 <= four <= 3589))
        or (size == 16 and (two == 65 or four == 6011 or 644 <= int(digits[:3]) <= 649))
        or (size == 15 and two in {34, 37})
        or (size == 14 and two in {30, 36, 38})
        or (two == 62 and 16 <= size <= 19)
    )
    return known and len(set(digits)) > 1 and passes_luhn(digits)


def _is_rare_card(digits: str, text: str, start: int) -> bool:
    """Tell whether a number is a card of issuers whose prefix proves little (Maestro, Mir), right behind the word."""
    if not (digits[:2] in {"50", "56", "57", "58"} or digits[0] == "6" or "2200" <= digits[:4] <= "2204"):
        return False
    return passes_luhn(digits) and _patterns()["named card"].search(text, 0, start) is not None


def _cards(text: str, track: re.Pattern[str]) -> list[Found]:
    runs = [(found.start(), found.end()) for found in _RUN.finditer(text)]
    # gaps[i] is what stands between run i and run i + 1 when it can join two groups of one number, else None.
    gaps = [
        text[left[1] : right[0]] if _GAP.fullmatch(text, left[1], right[0]) else None for left, right in pairwise(runs)
    ]
    found: list[Found] = []
    first = 0
    while first < len(runs):
        last = _card_from(text, runs, gaps, first)
        if last is None:
            first += 1
            continue
        start, end = runs[first][0], runs[last][1]
        tail = track.match(text, end)
        digits = "".join(text[a:b] for a, b in runs[first : last + 1])
        found.append((start, tail.end() if tail else end, f"[card …{digits[-4:]}]"))
        first = last + 1
    return found


def _card_from(text: str, runs: list[tuple[int, int]], gaps: list[str | None], first: int) -> int | None:
    """Return the last run of a card number that begins with run `first`, else None."""
    digits = ""
    for last in range(first, min(first + 19, len(runs))):
        if last > first and gaps[last - 1] is None:
            return None
        digits += text[runs[last][0] : runs[last][1]]
        if len(digits) > 19:
            return None
        if len(digits) < 13 or not (is_card_number(digits) or _is_rare_card(digits, text, runs[first][0])):
            continue
        if _is_laid_out(text, runs, gaps, first, last):
            return last
    return None


def _is_laid_out(text: str, runs: list[tuple[int, int]], gaps: list[str | None], first: int, last: int) -> bool:
    """Tell whether the groups look like one number: a usual layout, or alone with equal gaps, or named a card."""
    sizes = tuple(b - a for a, b in runs[first : last + 1])
    if len(sizes) == 1:
        return True
    odd = not all(gap and _USUAL_GAP.issuperset(gap) for gap in gaps[first:last])
    if sizes in _CARD_LAYOUTS or set(sizes) == {1}:
        return not odd or len(set(gaps[first:last])) == 1
    if odd:
        return False
    if sizes[:3] == (3, 3, 4) or (len(sizes) == 2 and gaps[first] == "." and sizes[1] == 2):
        return False
    if _patterns()["card word"].search(text[max(0, runs[first][0] - 24) : runs[first][0]]):
        return True
    inner = {gap.strip() if gap else gap for gap in gaps[first:last]}
    alone = (first == 0 or gaps[first - 1] is None) and (last == len(runs) - 1 or gaps[last] is None)
    return alone and len(inner) == 1 and min(sizes) >= 2


# Social security and taxpayer numbers


def is_person_number(digits: str) -> bool:
    """Tell whether nine digits can be an SSN or an ITIN. Source: SSA numbering rules; IRS ITIN ranges."""
    area, group, serial = digits[:3], int(digits[3:5]), digits[5:]
    if area[0] == "9":
        return group in _ITIN_GROUPS
    return area not in {"000", "666"} and group > 0 and serial != "0000"


def _ssn_shapes(text: str) -> list[Found]:
    return [
        (match.start(), match.end(), "[ssn]")
        for match in _SSN.finditer(text)
        if is_person_number(match[1] + match[3] + match[5]) and not _is_longer(text, match)
    ]


def _ssns_named(text: str, patterns: dict[str, re.Pattern[str]]) -> list[Found]:
    found: list[Found] = []
    for word in patterns["ssn word"].finditer(text):
        after = patterns["nine"].match(text, word.end())
        if after and not patterns["other id"].search(after["gap"]) and _is_written_person(after["v"]):
            found.append((*after.span("v"), "[ssn]"))
        before = patterns["nine before"].search(text, max(0, word.start() - 16), word.start())
        if before and len(re.sub(r"[^0-9]", "", before["v"])) == 9 and _is_written_person(before["v"]):
            found.append((*before.span("v"), "[ssn]"))
    return found


def _is_longer(text: str, match: re.Match[str]) -> bool:
    """Tell whether the groups go on with the same sign (a serial number), or follow a country's dialling code."""
    start, end = match.span()
    sign = match[2].strip()
    if sign and text[start - 1 : start] == sign and text[max(0, start - 2) : start - 1].isdigit():
        return True
    sign = match[4].strip()
    if sign and text[end : end + 1] == sign and text[end + 1 : end + 2].isdigit():
        return True
    return _patterns()["phone code"].search(text, 0, start) is not None


def _is_written_person(written: str) -> bool:
    groups = _RUN.findall(written)
    # Two and seven digits are an employer's number (EIN): public, and kept.
    return [len(group) for group in groups] != [2, 7] and is_person_number("".join(groups))


def _persons(text: str, pattern: re.Pattern[str]) -> list[Found]:
    return [(*match.span("v"), "[id]") for match in pattern.finditer(text) if sum(c.isdigit() for c in match["v"]) >= 5]


# IBAN


def _ibans(text: str, pattern: re.Pattern[str]) -> list[Found]:
    found: list[Found] = []
    place = 0
    while match := pattern.search(text, place):
        # What looks like the beginning may be a word before it: the next try begins inside.
        span = _iban_at(text, match)
        if span:
            found.append(span)
        place = span[1] if span else match.start("v") + 1
    return found


def _iban_at(text: str, match: re.Match[str]) -> Found | None:
    start = match.start("v")
    length = _IBAN_LENGTHS.get(match["v"][:2].upper())
    if length is None and not match["w"]:
        return None
    number = ""
    for place in range(start, match.end("v")):
        if not text[place].isalnum():
            continue
        number += text[place].upper()
        if text[place + 1 : place + 2].isalnum() or len(number) != (length or max(15, len(number))):
            continue
        if _passes_mod97(number):
            return start, place + 1, f"[account …{number[-4:]}]"
    return None


def _passes_mod97(number: str) -> bool:
    """Source: ISO 13616-1, which takes the check of ISO/IEC 7064 (mod 97-10)."""
    return number.isascii() and int("".join(str(int(c, 36)) for c in number[4:] + number[:4])) % 97 == 1
