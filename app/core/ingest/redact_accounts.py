"""Finds bank account and routing numbers beside the words and marks that give them away.

One random nine-digit number in ten passes the ABA checksum and any eight digits could be an account, so without a word,
a MICR mark or a partner nothing here is taken.
"""

from __future__ import annotations

import re
from functools import cache

Found = tuple[int, int, str]

_JOINED = re.compile("[0-9]{6} ?[/|:] ?[0-9]|[:at|][0-9]{9}[:at|]")
_FILES = (".csv", ".ofx", ".qfx", ".qbo", ".qif", ".txt")
_ADJACENT = r"[ /|:,;\-]{1,3}"


def looks_like_bank(low: str) -> bool:
    """A quick look whether any of the words is there at all."""
    # Written out, because a loop or one pattern takes four times as long and most rows come through here.
    accounts = "acc" in low or "acnt" in low or "a/c" in low or "ac " in low or "ac/" in low or "ac#" in low
    accounts = (
        accounts
        or "ac:" in low
        or "ac-" in low
        or "act#" in low
        or "act n" in low
        or "dda" in low
        or "chk" in low
        or "checking" in low
        or "chequ" in low
        or "ckg" in low
        or "sav" in low
        or "svg" in low
    )
    routing = "rout" in low or "rtn" in low or "rtg" in low or "rt " in low or "rt#" in low or "rt:" in low
    routing = routing or "aba" in low or "r/t" in low or "transit" in low or "bankid" in low or "bank id" in low
    routing = routing or "rt/" in low
    marks = "⑆" in low or "⑇" in low or "⑈" in low or "⑉" in low
    return accounts or routing or marks or _JOINED.search(low) is not None


def passes_aba(digits: str) -> bool:
    """Checksum of US routing numbers: weights 3, 7, 1. Source: ABA Key to Routing Numbers."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, (3, 7, 1) * 3, strict=True))
    return total % 10 == 0 and total > 0


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """Compile on first use."""
    filler = (
        r"(?:[^0-9a-z\x01]{0,4}(?:no|nr|nbr|num|numb|number|numbers|code|id|is|ending|ended|end|in|acct|account|"
        r"checking|savings|chk|sav|dda|to|from|x{1,12}|\*{1,12}|routing|transit|aba|rtn|ach|fed|wire|bank))"
    )
    account_word = (
        r"(?<![a-z])(?P<w>accts?|acctid|accounts?|accnt|acnt|(?<!\*)acc|a/c|ac(?= ?[/#:\-])|"
        r"act(?= ?(?:#|no\b|num|nbr))|dda|chkg?|ckg|checking|chequing|sav|svgs?|savings)(?![a-z])"
    )
    routing_word = (
        r"(?<![a-z])(?:routing|rout|bank ?id|rtg|rtn|rt(?=[ #:/]{1,2}(?:no|num|#|[0-9]))|aba|r/t|transit)(?![a-z])"
    )
    return {
        "reference": re.compile(
            r"(?:ref|reference|trace|trans|transaction|conf|confirmation|id|order|invoice|inv|check|seq|batch|po|auth)"
            r"[^0-9a-z]{0,4}$",
        ),
        "transfer before": re.compile(r"(?:to|from|acct|account|into|my)[^0-9a-z]{0,3}$"),
        "account": re.compile(
            account_word + filler + r"{0,3}[^0-9a-z$\x01]{0,4}(?:[a-z]{1,3}(?=[0-9]{6}))?"
            r"(?P<v>[0-9]{8,17}|[0-9]{1,12}(?:-[0-9]{1,12}){1,4}|[0-9]{3,6}(?:[ .][0-9]{3,6}){1,4})(?![0-9])",
        ),
        "account after": re.compile(
            r"(?<![0-9,\-/$])(?<![0-9]\.)(?P<v>[0-9]{8,17})[^0-9a-z\x01]{1,3}(?:acct|account|dda)(?![a-z])"
            r"|(?<![a-z])(?:to|from)[^0-9a-z$\x01]{1,6}(?P<u>[0-9]{8,17})[^0-9a-z\x01]{1,3}"
            r"(?:checking|savings|chk|sav)(?![a-z])"
        ),
        "routing": re.compile(routing_word + filler + r"{0,3}[^0-9a-z\x01]{0,4}(?P<v>[0-9](?:[- ]?[0-9]){8})(?![0-9])"),
        "routing after": re.compile(r"(?<![0-9])(?P<v>[0-9]{9})[^0-9a-z\x01]{1,3}(?:routing|rtn|aba)(?![a-z])"),
        "pair": re.compile(r"(?<![0-9])(?P<a>[0-9]{6,17})(?P<gap> ?[/|:] ?| {1,2}| ?- ?)(?P<b>[0-9]{6,17})(?![0-9])"),
        "pair words": re.compile(r"(?<![a-z])(?:ach|wire|ppd|ccd|web|fed|direct dep|dep)(?![a-z])"),
        "bank words": re.compile(r"(?<![a-z])(?:acct|account|routing|aba|rtn|transit)(?![a-z])"),
        "next": re.compile(rf"{_ADJACENT}(?P<v>[0-9]{{6,17}})(?![0-9])"),
        "previous": re.compile(rf"(?<![0-9])(?P<v>[0-9]{{9}}){_ADJACENT}$"),
        "micr": re.compile(r"(?P<m>⑆|\|:|:|[at])(?P<v>[0-9]{9})(?P=m)"),
        "micr digits": re.compile(r"[0-9](?:[ \-⑉]?[0-9]){5,16}"),
        "amount": re.compile(r"[.,][0-9]{2}(?![0-9])"),
        "day": re.compile(r"20[1-4][0-9](?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"),
    }


def accounts_in(text: str) -> list[Found]:
    """Return routing and account numbers of a lower-case text; where two overlap, the first one counts."""
    patterns = _patterns()
    found = _micr(text, patterns)
    for name in ("routing", "routing after"):
        for match in patterns[name].finditer(text):
            if passes_aba(_digits(match["v"])):
                found.append((*match.span("v"), "[routing]"))
    place = 0
    while worded := patterns["account"].search(text, place):
        # The word may be followed by a further account word that has the number.
        place = worded.start() + 1
        if _is_account(text, worded, patterns):
            found.append((*worded.span("v"), _label(worded["v"])))
            place = worded.end()
    for match in patterns["account after"].finditer(text):
        name = "v" if match["v"] else "u"
        if not patterns["reference"].search(text, 0, match.start()) and not patterns["day"].fullmatch(match[name]):
            found.append((*match.span(name), _label(match[name])))
    return found + _neighbours(text, found, patterns)


def _digits(text: str) -> str:
    return "".join(c for c in text if "0" <= c <= "9")


def _label(number: str) -> str:
    return f"[account …{_digits(number)[-4:]}]"


def _is_account(text: str, match: re.Match[str], patterns: dict[str, re.Pattern[str]]) -> bool:
    number = match["v"]
    digits = _digits(number)
    if not 8 <= len(digits) <= 17 or patterns["day"].fullmatch(digits):
        return False
    if patterns["amount"].match(text, match.end("v")):
        return False
    sizes = [len(part) for part in re.split(r"[ .\-]", number)]
    if sizes in ([3, 3, 4], [1, 3, 3, 4], [2, 2, 4], [4, 2, 2]):
        return False  # a phone number or a date
    if sizes == [4, 4] and "1990" <= digits[4:] <= "2049" and text.endswith(_FILES):
        return False  # the last four and the year in the name of a statement's file
    if match["w"] == "chk" and digits.startswith("000"):
        # `CHK 000001234` is the number of a cheque, unless the sentence speaks of a transfer.
        return patterns["transfer before"].search(text, 0, match.start()) is not None
    return True


def pairs_in(text: str) -> list[Found]:
    """Return a routing number joined to an account number, in either order, in a text that speaks of banking."""
    patterns = _patterns()
    found: list[Found] = []
    for match in patterns["pair"].finditer(text):
        words = patterns["bank words"].search(text) is not None
        if match["gap"].strip() in {"/", "|", ":"}:
            words = words or patterns["pair words"].search(text) is not None
        if not words or patterns["amount"].match(text, match.end()):
            continue
        for routing, account in (("a", "b"), ("b", "a")):
            if len(match[routing]) == 9 and passes_aba(match[routing]):
                found.append((*match.span(routing), "[routing]"))
                found.append((*match.span(account), _label(match[account])))
                break
    return found


def _micr(text: str, patterns: dict[str, re.Pattern[str]]) -> list[Found]:
    """Find the foot of a cheque: routing between two transit marks, then the account. Source: ANSI X9.100-160."""
    found: list[Found] = []
    for match in patterns["micr"].finditer(text):
        if match["m"] != "⑆" and not passes_aba(match["v"]):
            continue
        found.append((*match.span("v"), "[routing]"))
        after = re.compile(r"[^0-9A-Za-z\x01]{0,4}(?P<v>[0-9](?:[ \-]?[0-9]){5,16})(?![0-9])").match(text, match.end())
        if after:
            found.append((*after.span("v"), _label(after["v"])))
    if any(mark in text for mark in "⑆⑈⑉⑇"):
        taken = [(start, end) for start, end, _ in found]
        found += [
            (*match.span(), _label(match[0]))
            for match in patterns["micr digits"].finditer(text)
            if not any(match.start() < end and start < match.end() for start, end in taken)
        ]
    return found


def _neighbours(text: str, found: list[Found], patterns: dict[str, re.Pattern[str]]) -> list[Found]:
    """Numbers without a word of their own, directly beside a routing or an account number."""
    more: list[Found] = []
    for start, end, label in found:
        after = patterns["next"].match(text, end)
        if label == "[routing]" and after and not patterns["amount"].match(text, after.end()):
            more.append((*after.span("v"), _label(after["v"])))
        elif after and len(after["v"]) == 9 and passes_aba(after["v"]):
            more.append((*after.span("v"), "[routing]"))
        before = patterns["previous"].search(text, 0, start)
        if label != "[routing]" and before and passes_aba(before["v"]):
            more.append((*before.span("v"), "[routing]"))
    return more
