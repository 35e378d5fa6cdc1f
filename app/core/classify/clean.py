"""From a bank's descriptor to the words that name the merchant.

Banks wrap the name in purchase phrases, terminal numbers, trace ids, phones and places; payment facilitators put their
mark before it. What is left here is stable between two purchases at the same merchant, so it is the key by which the
program remembers an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from app.core.later import later

_STATES = frozenset(
    [
        "al",
        "ak",
        "az",
        "ar",
        "ca",
        "co",
        "ct",
        "de",
        "dc",
        "fl",
        "ga",
        "hi",
        "id",
        "il",
        "in",
        "ia",
        "ks",
        "ky",
        "la",
        "me",
        "md",
        "ma",
        "mi",
        "mn",
        "ms",
        "mo",
        "mt",
        "ne",
        "nv",
        "nh",
        "nj",
        "nm",
        "ny",
        "nc",
        "nd",
        "oh",
        "ok",
        "or",
        "pa",
        "ri",
        "sc",
        "sd",
        "tn",
        "tx",
        "ut",
        "vt",
        "va",
        "wa",
        "wv",
        "wi",
        "wy",
        "pr",
    ]
)
_NOISE = frozenset(
    [
        "inc",
        "llc",
        "ltd",
        "corp",
        "co",
        "com",
        "www",
        "www2",
        "us",
        "usa",
        "net",
        "org",
        "the",
        "of",
        "and",
        "web",
        "pos",
        "ppd",
        "ccd",
        "tel",
        "id",
        "ref",
        "no",
        "x",
    ]
)
_ID_MARKS = frozenset(
    [
        "ref",
        "txn",
        "trn",
        "chk",
        "seq",
        "pos",
        "inv",
        "ord",
        "tid",
        "mid",
        "aut",
        "crd",
        "car",
        "sto",
        "trx",
        "cus",
        "sub",
        "acc",
        "num",
        "rec",
    ]
)
"""Three letters before a number that mark an id; other letters before a number are a name: ADS836."""
_BEFORE_IDS = frozenset(["ads", "gsuite", "workspace", "cloud", "domains", "fiber"])
"""What a company prints before an id of letters and digits to say which of its services is paid: GOOGLE *ADS3UQ7P2."""
_KEY_WORDS = 5
_ACH_FIELD = 15
"""The company name of an ACH entry has 16 characters (Nacha file layout); one may be a space at its end."""

_ENTRY_FIELD = 10
"""The description of an ACH entry has 10 characters; some banks put words of the name there."""

_NAME_COLUMNS = (25, 22, 23)
"""Widths of the merchant name on card statements."""

_NAME, _CITY, _STATE = 20, 20, 2
"""Widths of name, city and state on American Express statements."""

_BOUGHT = ("purchase", "pos ", "checkcard", "check card", "debit pos", "recurring payment", "recurring debit card")
_BY_ACH = ("electronic ", "ach ", "preauthorized ", "pre-authorized ", "external ")
_BACK = ("return", "refund", "voucher", "card credit", "merchandise credit", "purchase ret")

_ORIGINATOR = later(
    r"orig co name:\s*(?P<name>.*?)\s*orig id:\s*(?P<id>\S+).*?co entry descr:\s*(?P<what>.*?)\s*(?:sec:.*)?$"
)
_ENTRY = later(r"(?P<name>.*?)\s+des:\s*(?P<what>.*?)\s+(?:id:|indn:|co id:)(?:.*?co id:\s*(?P<id>\S+))?.*$")
_WRAPPER = later(
    r"(?:(?:purchase return|purchase|recurring payment|recurring|atm withdrawal) authorized on \d\d/\d\d(?:/\d\d)?"
    r"|merchandise(?:/services| services)? return|services return|purchase ret(?:urn)?|(?:return|refund)(?: of)?"
    r"|credit voucher|merchandise credit|check ?card (?:credit|refund|return)"
    r"|check ?card(?: purchase)?(?: \d{4})?|debit pos, \*+\w+, aut \d+ visa dda (?:pur|ref)"
    r"|(?:visa )?(?:debit|dbt|credit) (?:card )?purchase(?: x+\d+)?(?: ?-?visa)?(?: -)?"
    r"|pos (?:debit|purchase|pur|refund|return|withdrawal)(?: -?visa)?|debit pos|debit card (?:debit|refund|return)"
    r"|(?:recurring )?card purchase(?: return)?(?: with pin)?(?: \d\d/\d\d)?|purchase(?: with pin)? \d\d/\d\d"
    r"|purchase (?=\d{4} )|recurring debit card"
    r"|(?:electronic|ach|external|preauthorized|pre-authorized|online) (?:withdrawal|deposit|debit|credit|pmt)"
    r"(?: to| from|:| -)?|(?:withdrawal|deposit) from|aplpay|apple pay|gglpay|gpay|contactless|pending)[\s:-]+"
)
_FACILITATOR = re.compile(
    r"(?P<mark>sq|tst|paypal|pp|py|sp|clv|ic|dd|eb|fs|bt|cke|in|dri|2co\.com|paddle\.net|fsprg|ctlp|goog|spo|zip"
    r"|afterpay|klarna|ppl|stripe|gumrd|bb|ls|evt|tm|bigc|wpy|wl|ext|int|rbt|digitalriver)\s?\*\s*(?=\S)|sp (?=\w{3})"
)
_TAIL = re.compile(
    r"\s+(?:\d\d/\d\d\s+(?:#\d+\s+)?(?:mobile\s+)?(?:purchase|refund|return)\b|\d{3}[-. ]\d{3}[-. ]\d{4}\b|s\d{12,}"
    r"|card \d{4}\b"
    r"|terminal \d|ref ?[=#:]|(?:ppd|web|ccd|tel|ctx) id:|\d{6} (?=[a-z0-9]*\d)[a-z0-9]{8,}|conf(?:irmation)?\s?#"
    r"|ref number|indn:|on \d\d/\d\d|x{3,}\d+|s?eed:).*$"
)
_BACK_IN_TAIL = re.compile(r"\s\d\d/\d\d\s+(?:#\d+\s+)?(?:mobile\s+)?(?:purchase\s+)?(?:refund|return)\b")
_GAP = re.compile(r"(?<=\S\S\S\S) {2,}[^\s*].*$")
_DATE_AT_END = re.compile(r"(?:\s+\d\d/\d\d(?:/\d\d)?|\s+\d{7,}|\s+(?:ppd|web|ccd|tel|ctx))+$")
_COUNTRY = re.compile(r"\s([a-z]{2})us$")
_WORD = re.compile(r"[a-z]+|\d+")
_MIXED_ID = re.compile(r"\b(?=[a-z]*\d+[a-z]+\d)[a-z\d]{8,}\b")
"""A made-up id: no phrase stands in it, though its letters and digits alternate like `W2` and `401K`."""
_CHUNK = re.compile(r"[^\s*/#:,;]+")
_APOSTROPHES = str.maketrans("", "", "'’`´")
_DIGIT = re.compile("[0-9]")
_LAST_OF_FIELDS = frozenset("bdlx")
"""The last letters of `ppd`, `web`, `ccd`, `tel` and `ctx`."""


class Cleaned(NamedTuple):
    """`words`: lower-case letters or digits only, in order, without wrapper, place, ids."""

    words: tuple[str, ...]
    key: str
    """Stable name of the merchant: at most five words without numbers; never empty."""
    facilitator: str | None
    company_id: str | None
    """The originator's id of an ACH entry: stable per company."""
    state: str | None
    ach: bool
    refund: bool
    """The wrapper itself says that money was given back."""
    purchase: bool
    """The wrapper says that a card bought something: money in is given back by whom it names."""
    said: list[str]
    """All words without wrapper and ACH labels, tail and place still on: what fixed phrases are sought in."""
    wrapped: bool
    """The text has a wrapper or labels, which `said` lacks."""
    cut_at: int
    """Letters of an ACH company name that fills its field, so may be cut; else 0."""


def gentle(text: str) -> str:
    """Return the text in lower case without apostrophes."""
    text = text.casefold()
    if not text.isascii():
        return text.translate(_APOSTROPHES)
    return text.replace("'", "").replace("`", "") if "'" in text or "`" in text else text


def words_of(text: str) -> list[str]:
    """Return the lower-case words of a text: runs of letters or of digits; apostrophes vanish."""
    return _WORD.findall(gentle(text))


def clean(text: str, places: frozenset[str] = frozenset(), numbers: frozenset[str] = frozenset()) -> Cleaned:
    """Return the merchant words of a descriptor.

    `places` holds city names as space-joined lower-case words; they are cut from the end of the text. `numbers` are
    numbers that belong to names and phrases (365, 401, 800): they are no ids.
    """
    folded = gentle(_name_of_columns(text.strip(), places)).strip()
    body, company_id, ach, cut_at = _unwrap_ach(folded)
    body, head = _unwrap(body)
    in_tail = ("refund" in body or "return" in body) and _BACK_IN_TAIL.search(body) is not None
    refund = in_tail or any(word in head for word in _BACK)
    wrapped_ach = any(word in head for word in _BY_ACH)
    said = _WORD.findall(_MIXED_ID.sub(" ", body) if _DIGIT.search(body) else body)
    wrapped = len(body) != len(folded)
    body, facilitator = _split_facilitator(body)
    body = _cut_column(body, places)
    body = _cut_end(_TAIL.sub("", " " + body))
    body, state = _cut_state(body)
    words = _drop_place(_meaningful(body, numbers), places, sure=state is not None)
    return Cleaned(
        tuple(words),
        _key(words) or " ".join(words_of(text)[:_KEY_WORDS]) or "?",
        facilitator,
        company_id,
        state,
        ach or wrapped_ach,
        refund,
        any(word in head for word in _BOUGHT),
        said,
        wrapped,
        cut_at,
    )


def _unwrap_ach(body: str) -> tuple[str, str | None, bool, int]:
    found = _ORIGINATOR.search(body) if "orig co name:" in body else _ENTRY.match(body) if " des:" in body else None
    if found:
        name = found["name"]
        what = found["what"]
        cut = name if len(name) >= _ACH_FIELD else f"{name} {what}" if len(what) == _ENTRY_FIELD else ""
        return f"{name} {what}", found["id"], True, sum(map(str.isalnum, cut))
    ach = body.endswith((" ppd", " ccd", " web", " ctx")) or " id: " in body
    return body, None, ach, 0


def _name_of_columns(text: str, places: frozenset[str]) -> str:
    """Take the city away where it stands in a column of its own, or glued to a name that fills one of twenty.

    `AplPay TST* BAJA BURBERRY HILL          TN`: with the blanks of the columns left, the state stands at 40; without
    them the city must be known.
    """
    state = text[-_STATE:]
    if len(text) <= _NAME + _STATE or text[-_STATE - 1] != " " or state.casefold() not in _STATES:
        return text
    name, city = text[:_NAME], text[_NAME:-_STATE].strip()
    if len(text) == _NAME + _CITY + _STATE and text[-_STATE - 2] == " " and "  " not in city:
        return f"{name} {state}"
    glued = name[-1] != " " != text[_NAME] and city.casefold() in places
    return f"{name} {state}" if glued and not name.casefold().endswith(f" {city.casefold()}") else text


def _cut_column(body: str, places: frozenset[str]) -> str:
    """Cut a city glued to a name that fills its column: `CITY OF AUSTIN BLDG PERMIAUSTIN       TX`."""
    for width in _NAME_COLUMNS:
        if len(body) > width + 3 and body[width - 1] != " " != body[width]:
            city = body[width:].partition("  ")[0].strip()
            if city in places and not body[:width].endswith(f" {city}"):
                return body[:width]
    return body


def _unwrap(body: str) -> tuple[str, str]:
    """Return the text without wrappers, and the wrappers."""
    heads = ""
    for _ in range(3):
        found = _WRAPPER.match(body)
        if not found:
            break
        heads += found.group()
        body = body[found.end() :].lstrip(" -*:")
    return body, heads


def _cut_end(body: str) -> str:
    """Cut dates, long numbers and marks of ACH entries from the end, and what stands behind a gap."""
    last = body[-1:]
    if last.isdecimal() or last in _LAST_OF_FIELDS:
        body = _DATE_AT_END.sub("", body)
    body = body.strip()
    return _GAP.sub("", body) if "  " in body else body


def _split_facilitator(body: str) -> tuple[str, str | None]:
    found = _FACILITATOR.match(body)
    if not found:
        return body, None
    return body[found.end() :], found["mark"] or "sp"


def _cut_state(body: str) -> tuple[str, str | None]:
    found = _COUNTRY.search(body) if body.endswith("us") else None
    if found and found[1] in _STATES:
        return body[: found.start()], found[1]
    head, _, last = body.rpartition(" ")
    if last in _STATES and head.strip(" *"):
        return head.rstrip(" *"), last
    return body, None


def _meaningful(body: str, numbers: frozenset[str]) -> list[str]:
    """Return the words of a text without ids: chunks that mix letters with three or more digits, long numbers."""
    if body.isascii() and _DIGIT.search(body) is None:
        return _WORD.findall(body)
    words: list[str] = []
    for chunk in _CHUNK.findall(body):
        if chunk.isalpha() and chunk.isascii():
            words.append(chunk)
            continue
        digits = sum(map(str.isdigit, chunk))
        if digits >= 3 and words:
            parts = _WORD.findall(chunk)
            # A store number glued to the name keeps the name: RACETRAC6085. So does one that belongs to it: 401K.
            if len(parts) <= 2 and any(part in numbers for part in parts):
                words.extend(parts)
            elif parts[0] in _BEFORE_IDS or (
                len(parts) == 2 and len(parts[0]) >= 3 and parts[0] not in _ID_MARKS and parts[1].isdigit()
            ):
                words.append(parts[0])
            continue
        parts = _WORD.findall(chunk)
        if digits >= 2 and len(chunk) >= 6 and words and (chunk[0].isdigit() or len(parts) >= 3):
            continue
        words.extend(parts)
    return words


def _drop_place(words: list[str], places: frozenset[str], *, sure: bool) -> list[str]:
    """Cut a city from the end; without a state behind it only when two words stay."""
    for size in (3, 2, 1):
        if len(words) - size >= (1 if sure else 2) and " ".join(words[-size:]) in places and words[-size - 1] != "of":
            return words[:-size]
    return words


def _key(words: Iterable[str]) -> str:
    plain = list(words)
    named = [word for i, word in enumerate(plain) if word not in _NOISE and (i == 0 or not word.isdigit())]
    return " ".join((named or plain)[:_KEY_WORDS])
