"""Finds passwords, keys and tokens in a text.

Three kinds of evidence: a prefix with the shape that its issuer gives its tokens; a word such as `password` or `key`
with a value behind it; the syntax of key files and addresses. Hashes and UUIDs without such a word are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from app.core.later import later

# Prefix and shape of tokens, as their issuers document them (Plaid, Stripe, AWS, GitHub, GitLab, Slack, OpenAI,
# Anthropic, Google, SendGrid, Square, Shopify, npm, PyPI, DigitalOcean, Hugging Face, Mailgun, Telegram;
# JSON web tokens: RFC 7519, whose first part is base64 of `{"`).
# Banks write everything in capitals, so a prefix that says enough counts in any case.
_SHAPES = (
    r"(?i:(?:access|public|processor|link|asset-report|user|payment|transfer)-(?:sandbox|development|production)-)[\w-]{8,}",
    r"(?i:(?:sk|rk|pk|ek|acct|cus|pi|seti|src|whsec)_(?:live|test)_)\w{8,}",
    r"(?i:whsec_)[\w+/=-]{16,}",
    r"(?<![A-Za-z0-9])(?:AKIA|ASIA|AROA|AIDA|AGPA|ANPA|ABIA|ACCA)[0-9A-Z]{16}(?![0-9A-Za-z])",
    r"(?i:gh[opusr]_)\w{16,}",
    r"(?i:github_pat_)\w{16,}",
    r"(?i:gl(?:pat|dt|rt|ft|soat|cbt)-)[\w-]{16,}",
    r"(?i:xox[a-z](?:\.xox[a-z])?-)[\w-]{8,}",
    r"(?i:xapp-)[\w-]{10,}",
    r"(?i:hooks\.slack\.com/(?:services|workflows)/)[\w/]{8,}",
    r"(?<![A-Za-z0-9])sk-(?:proj-|ant-|svcacct-|admin-|or-)?[\w-]{16,}",
    r"(?<![A-Za-z0-9])(?i:AIza)[\w-]{30,}",
    r"(?<![A-Za-z0-9])ya29\.[\w-]{16,}",
    r"GOCSPX-[\w-]{16,}",
    r"(?<![A-Za-z0-9])SG\.[\w-]{12,}(?:\.[\w-]{12,})?",
    r"sq0[a-z]{3}-[\w-]{16,}",
    r"(?<![A-Za-z0-9])EAAA[\w-]{40,}",
    r"shp(?:at|ca|pa|ss|ua)_[0-9A-Fa-f]{16,}",
    r"(?<![A-Za-z0-9])npm_\w{20,}",
    r"pypi-[\w-]{20,}",
    r"do[opr]_v1_[0-9a-f]{20,}",
    r"(?<![A-Za-z0-9])hf_[A-Za-z0-9]{20,}",
    r"(?<![A-Za-z0-9])key-[0-9a-f]{32}(?![0-9A-Za-z])",
    r"(?<![0-9])[0-9]{8,10}:AA[\w-]{30,}",
    r"(?<![A-Za-z0-9])(?i:eyJ)[\w-]{6,}\s?\.\s?[\w-]{4,}(?:\s?\.\s?[\w-]+)*",
    r"[xX]'[0-9A-Fa-f]{32,}'",
    r"(?i:otpauth(?:-migration)?://)\S+",
    r"(?i:-----BEGIN [^-]{0,40}PRIVATE KEY[^-]{0,12}-----(?:.*?-----END [^-]{0,60}-----|.*))",
)
# One of these is in every text that holds a token of those shapes: a look that costs a microsecond.
_SHAPE_HINTS = re.compile(
    r"-sandbox-|-development-|-production-|_live_|_test_|whsec_|a[ksrignbc][iodpcn]a|gh[opusr]_|github_pat_|gl[a-z]{2,4}-"
    r"|xox|xapp-|hooks\.slack|sk-|aiza|ya29\.|gocspx-|sg\.|sq0|eaaa|shp|npm_|pypi-|_v1_|hf_|key-|:aa|eyj|x'|otpauth"
    r"|-----begin"
)
_WORD_HINTS = re.compile(
    r"pass|pwd|secret|tok|key|cred|auth|bearer|basic|cv[cv]|pin|otp|session|sid|pw|mnemonic|seed|phrase|security code"
)
_SCHEMES = frozenset({"bearer", "basic", "digest", "token", "negotiate"})


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """Compile on first use: most runs of the program never meet a secret."""
    word = r"(?:pass(?:word|wd|phrase|code)s?|pwd|secrets?|tokens?|keys?|tok|credentials?|apikey)"
    return {
        "always": later(
            r"(?:^|[_.\-])(?:pass(?:word|wd|wort|phrase|code)s?|pwd|secrets?|authorization|credentials?|cvv2?|cvc2?|totp|"
            r"mnemonic|seed|bearer)$"
            r"|(?:password|passwd|passphrase|secret|token|apikey|accesskey|privatekey|secretkey)s?$"
        ),
        "perhaps": later(r"(?:^|[_.\-])(?:keys?|tokens?|pass|pw|pin|auth|otp|session|sessionid|sid|apikey)$"),
        "phrase key": later(r"(?:passphrase|mnemonic|seed|phrase)s?$"),
        "phrase": later(
            r"(?:(?:seed|recovery|backup|wallet|secret) phrase|mnemonic)[\s:=\"']{1,3}"
            r"(?P<v>[a-z]{3,8}(?:[\s,]{1,2}[a-z]{3,8}){5,23})(?![a-z])",
            re.IGNORECASE,
        ),
        "numeric": later(
            r"(?<![A-Za-z0-9])(?:(?:cvv2?|cvc2?|card code|security code)[\s:#=]{1,3}(?:is\s)?(?P<v>[0-9]{3,4})"
            r"|(?:password|passwd|passcode|pwd)[\s:#=]{1,3}(?:is\s)?(?P<u>[0-9]{4,12}))(?![0-9A-Za-z])",
            re.IGNORECASE,
        ),
        "base32": later(
            r"(?<![A-Za-z])(?:secret|totp|2fa|mfa|otp)(?:\s(?:key|secret|seed))?[\s:=\"']{1,3}(?P<v>[A-Z2-7]{16,64})(?![0-9A-Za-z])"
        ),
        "userinfo": later(r"[A-Za-z][A-Za-z0-9+.\-]*://(?P<v>[^\s/:@]*:[^\s@]+(?:@[^\s/@]+(?=@))*|[^\s/@]+)@"),
        "header": later(
            r"authorization[\"']?\s{0,3}[:=]\s{0,3}[\"']?(?:[A-Za-z]+\s{1,3})?(?P<v>[^\s\"',;\x01]{6,})", re.IGNORECASE
        ),
        "bearer": later(r"\b(?:bearer[\s:=]|basic\s)\s{0,2}(?P<v>[\w.~+/\-]{12,}=*)", re.IGNORECASE),
        "opaque": later(rf"(?<![A-Za-z]){word}[\"':=\s]{{1,4}}(?P<v>[\w+/.=\-]{{20,}})", re.IGNORECASE),
        "spoken": later(
            r"(?<![A-Za-z0-9])(?:password|passwd|passphrase|passcode|pwd)\s{1,3}(?:(?:is|was)\s{1,3})?"
            r"(?P<v>[^\s\"';,\x01]{6,})",
            re.IGNORECASE,
        ),
        "flag": later(
            r"--(?:[a-z]+-)*(?:password|passwd|passphrase|secret|token|key|pwd)[ =]{1,2}(?P<v>[^\s\x01]{3,})",
            re.IGNORECASE,
        ),
        "pair": later(
            r"(?<![A-Za-z0-9_.\-])(?P<k>[A-Za-z_][A-Za-z0-9_.\-]*)[\"'\]\)]{0,2}\s{0,3}(?::=|=>|[:=])\s{0,3}"
            r"(?P<v>\"[^\"]{1,400}\"?|'[^']{1,400}'?|[^\s\"'&;,\x01][^\s\"'&;,\x01]*)"
        ),
    }


@cache
def _shapes() -> re.Pattern[str]:
    """Compile on first use, apart from the others: it is the longest."""
    return re.compile("|".join(_SHAPES), re.DOTALL)


def secrets_in(text: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a shadow that hold a secret; they may overlap."""
    low = text.lower()
    if _SHAPE_HINTS.search(low):
        for found in _shapes().finditer(text):
            yield found.span()
    if "://" in text and "@" in text:
        for found in _patterns()["userinfo"].finditer(text):
            yield found.span("v")
    if not _WORD_HINTS.search(low):
        return
    patterns = _patterns()
    for name in ("numeric", "phrase", "base32"):
        for found in patterns[name].finditer(text):
            yield found.span("v") if found["v"] else found.span("u")
    for name in ("header", "bearer", "opaque", "spoken", "flag"):
        for found in patterns[name].finditer(text):
            if name in {"header", "flag"} or _looks_made(found["v"]):
                yield found.span("v")
    if "=" in text or ":" in text:
        yield from _pairs(text, patterns["pair"])


def _pairs(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    place = 0
    while found := pattern.search(text, place):
        # The value may itself be the key of a further pair (`body: token=…`): look into it again.
        place = found.start("v")
        start, end = found.span("v")
        key = found["k"].lower()
        if text[start] in "\"'":
            quote = text[start]
            start, end = start + 1, end - (1 if end - start > 1 and text[end - 1] == quote else 0)
        value = text[start:end].strip()
        if BARRIER_IN_VALUE.search(value) or not _is_secret(
            key, value, assigned=":" not in text[found.end("k") : start]
        ):
            continue
        if _patterns()["phrase key"].search(key) and text[found.start("v")] not in "\"'":
            rest = re.compile(r"[^;&\"'\x01]*").match(text, start)
            end = max(end, rest.end() if rest else end)
        yield start, end
        place = end


BARRIER_IN_VALUE = re.compile(r"\x01")


def _is_secret(key: str, value: str, *, assigned: bool) -> bool:
    if value.lower() in _SCHEMES or not value:
        return False
    if _patterns()["always"].search(key):
        return len(value) >= 3
    if not _patterns()["perhaps"].search(key):
        return False
    if key.endswith("pin"):
        return value.isdigit() and 4 <= len(value) <= 8
    return len(value) >= 4 if assigned else len(value) >= 8 and _looks_made(value)


def _looks_made(value: str) -> bool:
    """Tell a machine's or careful person's secret from a word: letters and digits together, or mixed signs."""
    letters = any(c.isalpha() for c in value)
    return letters and any(c.isdigit() for c in value)
