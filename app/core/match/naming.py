"""Which account a bank's text speaks of.

A transfer's two texts name each other by the last four digits, the bank, the kind of account or the name the owner gave
it. Naming another account is as strong a sign against a pair as naming the right one is for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from app.core.books.vocabulary import AccountKind

WALLETS = frozenset(
    {
        *(AccountKind.PAYPAL, AccountKind.STRIPE, AccountKind.SQUARE, AccountKind.VENMO, AccountKind.CASHAPP),
        *(AccountKind.WISE, AccountKind.ETSY, AccountKind.UPWORK, AccountKind.PAYONEER),
    }
)
"""Accounts that clients pay into and that pay out to a bank."""

# How statements write the names of US institutions. Own collection from public knowledge of statement texts; words
# that are ordinary English ("target", "found", "relay") count only as an account's own name.
_ALIASES: dict[str, tuple[str, ...]] = {
    "American Express": ("AMEX", "AMERICAN EXPRESS", "AMERICANEXPRESS", "AMERICAN EXP", "AMXEXPRESS"),
    "Chase": ("CHASE", "JPMORGAN", "JPMORGANCHASE", "JPM CHASE", "JPMCB", "JP MORGAN"),
    "Bank of America": ("BANK OF AMERICA", "BOFA", "BK OF AMER", "BKOFAMERICA", "BK OF AMERICA", "BANKAMERICARD"),
    "Wells Fargo": ("WELLS FARGO", "WELLSFARGO", "WF CREDIT", "WFB", "WF BUSINESS"),
    "Capital One": ("CAPITAL ONE", "CAPITALONE", "CAP ONE", "CAPONE", "CAPITAL 360"),
    "Citi": ("CITI", "CITIGROUP", "CITIBANK", "CITICARD", "CITICARDS", "CITICTP", "CITI CARD"),
    "Discover": ("DISCOVER",),
    "Barclays": ("BARCLAYS", "BARCLAYCARD", "BARCLAYCARDUS", "BARCLAYS US"),
    "Synchrony": ("SYNCHRONY", "SYF PAYMNT", "SYNCB"),
    "Goldman Sachs": ("GOLDMAN SACHS", "GSBANK", "APPLECARD", "APPLE CARD", "MARCUS BY"),
    "U.S. Bank": ("US BANK", "U S BANK", "USBANK", "ELAN FINANCIAL", "CARDMEMBER SERV"),
    "PNC": ("PNC",),
    "TD Bank": ("TD BANK", "TDBANK"),
    "Truist": ("TRUIST", "SUNTRUST"),
    "Ally": ("ALLY BANK", "ALLY"),
    "Schwab": ("SCHWAB",),
    "Fidelity": ("FIDELITY", "FID BKG"),
    "Vanguard": ("VANGUARD",),
    "E*TRADE": ("E TRADE", "ETRADE"),
    "Robinhood": ("ROBINHOOD",),
    "Betterment": ("BETTERMENT",),
    "Wealthfront": ("WEALTHFRONT",),
    "Coinbase": ("COINBASE",),
    "Merrill": ("MERRILL LYNCH", "MERRILL EDGE", "MERRILL MLPF"),
    "Morgan Stanley": ("MORGAN STANLEY",),
    "Edward Jones": ("EDWARD JONES",),
    "Interactive Brokers": ("INTERACTIVE BROK", "INTERACTIVE BROKERS"),
    "TreasuryDirect": ("TREASURYDIRECT", "TREASURY DIRECT"),
    "USAA": ("USAA",),
    "Navy Federal": ("NAVY FEDERAL", "NAVY FED", "NFCU", "NFO"),
    "Mercury": ("MERCURY",),
    "Novo": ("NOVO",),
    "Bluevine": ("BLUEVINE",),
    "Chime": ("CHIME",),
    "SoFi": ("SOFI", "SOFI BANK"),
    "Revolut": ("REVOLUT",),
    "Huntington": ("HUNTINGTON",),
    "Fifth Third": ("FIFTH THIRD", "5 3 BANK"),
    "KeyBank": ("KEYBANK",),
    "Citizens": ("CITIZENS BANK", "CITIZENS NA"),
    "BMO": ("BMO",),
    "HSBC": ("HSBC",),
    "Santander": ("SANTANDER",),
    "Brex": ("BREX",),
    "PayPal": ("PAYPAL",),
    "Venmo": ("VENMO",),
    "Cash App": ("CASH APP", "CASHAPP"),
    "Stripe": ("STRIPE",),
    "Square": ("SQUARE", "SQUARE INC", "SQ PAYOUT"),
    "Wise": ("WISE", "TRANSFERWISE", "WISE US"),
    "Etsy": ("ETSY",),
    "Upwork": ("UPWORK",),
    "Payoneer": ("PAYONEER",),
    "eBay": ("EBAY",),
    "Shopify": ("SHOPIFY",),
}
_BY_WORDS = {f" {alias} ": name for name, aliases in _ALIASES.items() for alias in aliases}
_KIND_NAMES = {
    AccountKind.PAYPAL: "PayPal",
    AccountKind.STRIPE: "Stripe",
    AccountKind.SQUARE: "Square",
    AccountKind.VENMO: "Venmo",
    AccountKind.CASHAPP: "Cash App",
    AccountKind.WISE: "Wise",
    AccountKind.ETSY: "Etsy",
    AccountKind.UPWORK: "Upwork",
    AccountKind.PAYONEER: "Payoneer",
}
_KIND_WORDS = {
    " SAV ": AccountKind.SAVINGS,
    " SAVINGS ": AccountKind.SAVINGS,
    " CHK ": AccountKind.CHECKING,
    " CHECKING ": AccountKind.CHECKING,
    " CREDIT CARD ": AccountKind.CREDIT,
    " CREDIT CRD ": AccountKind.CREDIT,
}
_NOT_A_NAME = frozenset(
    "ACCOUNT BANK BUSINESS CARD CHECKING CREDIT PERSONAL SAVINGS MAIN MY JOINT CASH OTHER ONLINE TRANSFER".split()  # noqa: SIM905 - a list of words reads best as a sentence
)
_OTHER_SIGNS = re.compile(r"[^A-Z0-9]+")
_REFERENCE_TO = re.compile(
    r"(?:\.{2,}|…|[x*•·]+|\b(?:ending(?: in)?|ends in|acct|account|chk|sav|card|crd))[ #:]{0,2}([0-9]{4})(?![0-9])",
    re.IGNORECASE,
)
_BESIDE_DIGITS = "().…*x•·-#"
_FOUR = re.compile(r"(?<![0-9A-Za-z.,/\-])[0-9]{4}(?![0-9A-Za-z.,/\-])")


class AccountFacts(NamedTuple):
    account_id: int
    kind: str
    """An AccountKind value."""
    role: str
    institution: str | None
    name: str
    last4: str | None


class Account(NamedTuple):
    """An account with the words its partners' texts may use for it."""

    facts: AccountFacts
    institutions: frozenset[str]
    own_words: tuple[str, ...]
    """The owner's name for it and its bank's as ` WORDS `, without those that are words of any account."""


class Mentions(NamedTuple):
    """What a text speaks of, read once for each leg."""

    words: str
    institutions: frozenset[str]
    references: frozenset[str]
    """Four digits that the text says are an account's or card's last."""
    fours: frozenset[str]
    """Any four digits that stand alone."""
    kinds: frozenset[str]


class Naming(NamedTuple):
    points: int
    named: bool
    contradicts: bool
    note: str
    """For people, empty when the text names nothing."""


def words_of(text: str) -> str:
    """Return the text as upper-case words with a space on both sides."""
    return f" {_OTHER_SIGNS.sub(' ', text.upper()).strip()} "


def institutions_in(words: str) -> frozenset[str]:
    """Return the plain names of the known institutions in a text given as words."""
    return frozenset(name for alias, name in _BY_WORDS.items() if alias in words)


def institution_words(words: str) -> frozenset[str]:
    """Return the words of a text by which it writes the names of institutions: `BKOFAMERICA`, `JPM CHASE`."""
    return frozenset(word for alias in _BY_WORDS if alias in words for word in alias.split())


def accounts_by_id(facts: Iterable[AccountFacts]) -> dict[int, Account]:
    found: dict[int, Account] = {}
    for given in facts:
        # Where no file gave the digits, the owner's name for the account may: `BofA checking 1416`.
        fact = given if given.last4 else given._replace(last4=_digits_in(given.name))
        named = institutions_in(words_of(f"{fact.institution or ''} {fact.name}"))
        own_words = tuple(dict.fromkeys(words for name in (fact.name, fact.institution or "")
                                        if _is_a_name(words := words_of(name))))  # fmt: skip
        kind_name = _KIND_NAMES.get(AccountKind(fact.kind))
        found[fact.account_id] = Account(fact, named | ({kind_name} if kind_name else set()), own_words)
    return found


def _digits_in(name: str) -> str | None:
    """Return the four digits at the end of an account's name, unless they may be a year."""
    last = name.split()[-1:]
    four = last[0].strip(_BESIDE_DIGITS) if last else ""
    return four if len(four) == 4 and four.isdecimal() and four[:2] not in {"19", "20"} else None


def _is_a_name(words: str) -> bool:
    return len(words) > 5 and not _NOT_A_NAME.issuperset(words.split()) and words not in _BY_WORDS


def mentions_of(text: str) -> Mentions:
    words = words_of(text)
    return Mentions(
        words,
        institutions_in(words),
        frozenset(_REFERENCE_TO.findall(text)),
        frozenset(_FOUR.findall(text)),
        frozenset(kind for word, kind in _KIND_WORDS.items() if word in words),
    )


def naming(says: Mentions, own: Account, other: Account, *, pays_card: bool) -> Naming:
    """Return how far the text of a leg in `own` speaks of `other`.

    Units: points are hundredths of the score of the design (2 for the last four digits, 1.5 for bank or name, -2.5 when
    it names another account). `pays_card`: the text is a card payment's, so a bank's name in it is the card's.
    """
    last4 = other.facts.last4
    label = "card" if other.facts.kind == AccountKind.CREDIT else "account"
    if last4 and last4 != own.facts.last4 and last4 in says.references | says.fours:
        return Naming(200, True, False, f"the text names {label} ··{last4}")
    if any(words in says.words for words in other.own_words if words not in own.own_words):
        return Naming(150, True, False, f"the text names “{other.facts.name}”")
    if last4 and says.references - {own.facts.last4}:
        return Naming(-250, False, True, "the text names another account")
    shared = says.institutions & other.institutions
    if shared:
        # The own bank's name in a text is half a sign when both accounts are there.
        points = 75 if shared <= own.institutions and not pays_card else 150
        return Naming(points, True, False, f"the text names {min(shared)}")
    strange = says.institutions if pays_card else says.institutions - own.institutions
    # Of an account whose bank is not known, a bank's name may be its own: `CAPITAL ONE MOBILE PYMT`.
    if strange and other.institutions and (pays_card or own.institutions):
        return Naming(-250, False, True, f"the text names {min(strange)}")
    kinds = says.kinds - {own.facts.kind}
    if kinds:
        fits = other.facts.kind in kinds
        return Naming(
            100 if fits else -100, fits, False, f"the text names a {other.facts.kind} account" if fits else ""
        )
    return Naming(0, False, False, "")
