"""The keys of a profile and the words they take.

The values are kept as the user typed them, once they have been checked here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from app.core.books.vocabulary import FilingStatus, Profession
from app.core.errors import Refused
from app.core.money import LARGEST_CENTS

FIRST_BIRTH_YEAR = 1900
LAST_BIRTH_YEAR = 2100


class KeyType(StrEnum):
    """What a key takes."""

    MONEY = "money"
    SIGNED_MONEY = "signed_money"
    STATUS = "status"
    STATE = "state"
    YEAR = "year"
    YEARS = "years"
    BOOL = "bool"
    TEXT = "text"
    ZONE = "zone"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class ProfileKey:
    type: KeyType
    choices: tuple[str, ...] = ()
    per_year: bool = True
    """Whether a new year may bring another value; a time zone or a profession is kept across years."""
    carried: bool = True
    """Whether a new year starts with the value of the last one. What was said of one return is true of no other."""


_MONEY = ProfileKey(KeyType.MONEY)
_SIGNED = ProfileKey(KeyType.SIGNED_MONEY)
_MONEY_ONCE = ProfileKey(KeyType.MONEY, carried=False)
_SIGNED_ONCE = ProfileKey(KeyType.SIGNED_MONEY, carried=False)
_BOOL = ProfileKey(KeyType.BOOL)

PROFILE_KEYS: dict[str, ProfileKey] = {
    "filing_status": ProfileKey(KeyType.STATUS, tuple(FilingStatus)),
    "state": ProfileKey(KeyType.STATE),
    "locality": ProfileKey(KeyType.TEXT),
    "time_zone": ProfileKey(KeyType.ZONE, per_year=False),
    "entity": ProfileKey(KeyType.CHOICE, ("sole_proprietor", "single_member_llc", "other")),
    "profession": ProfileKey(KeyType.CHOICE, tuple(Profession), per_year=False),
    "reserve_mode": ProfileKey(KeyType.CHOICE, ("share", "annualized")),
    "birth_year": ProfileKey(KeyType.YEAR),
    "spouse_birth_year": ProfileKey(KeyType.YEAR),
    "blind": _BOOL,
    "spouse_blind": _BOOL,
    "children": ProfileKey(KeyType.YEARS),
    "lived_apart": _BOOL,
    "wages": _MONEY,
    "spouse_wages": _MONEY,
    "withholding": _MONEY,
    "spouse_withholding": _MONEY,
    "state_withholding": _MONEY,
    "spouse_state_withholding": _MONEY,
    "interest": _MONEY,
    "dividends": _MONEY,
    "qualified_dividends": _MONEY,
    "short_term_gains": _SIGNED,
    "long_term_gains": _SIGNED,
    "social_security": _MONEY,
    "other_income": _SIGNED,
    "planned_profit": _SIGNED_ONCE,
    "planned_income": _MONEY_ONCE,
    "prior_year_tax": _MONEY_ONCE,
    "prior_year_agi": _SIGNED_ONCE,
    "prior_year_state_tax": _MONEY_ONCE,
    "applied_overpayment": _MONEY_ONCE,
    "health_insurance": _MONEY,
    "spouse_health_insurance": _MONEY,
    "marketplace_insurance": _BOOL,
    "retirement": _MONEY,
    "spouse_retirement": _MONEY,
    "retirement_deferral": _MONEY,
    "spouse_retirement_deferral": _MONEY,
    "ira": _MONEY,
    "spouse_ira": _MONEY,
    "workplace_plan": _BOOL,
    "spouse_workplace_plan": _BOOL,
    "business_tips": _MONEY,
    "property_tax": _MONEY,
    "sales_tax": _MONEY,
    "mortgage_interest": _MONEY,
    "charity_cash": _MONEY,
    "charity_other": _MONEY,
    "medical": _MONEY,
    "other_itemized": _MONEY,
    "carryover_home_office": _MONEY_ONCE,
    "carryover_qbi_loss": _MONEY_ONCE,
    "carryover_short_term_loss": _MONEY_ONCE,
    "carryover_long_term_loss": _MONEY_ONCE,
    "setup_answered": ProfileKey(KeyType.TEXT),
}
"""Every key of `profile set` with what it takes. Money is dollars of the whole year."""

OF_ONE_YEAR = frozenset(name for name, key in PROFILE_KEYS.items() if not key.carried)
"""Keys that a profile of another year says nothing about."""

_STATE_CODES = (
    "AL AK AZ AR CA CO CT DC DE FL GA HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH NJ NM NV NY OH OK OR "
    "PA RI SC SD TN TX UT VA VT WA WI WV WY"
)
STATES = frozenset(_STATE_CODES.split())

_YES, _NO = frozenset({"yes", "true", "1"}), frozenset({"no", "false", "0"})

_DOLLARS = re.compile(r"(?P<sign>-)?\$?(?P<whole>\d{1,3}(?:,\d{3})+|\d{1,14})(?:\.(?P<rest>\d{1,2}))?", re.ASCII)


def normalized(key: str, text: str) -> str:
    """Return the value as it is stored. An empty text clears the key.

    Raises: Refused (invalid_value) with what the key takes.
    """
    if key not in PROFILE_KEYS:
        raise Refused(f"The profile has no key {key!r}.", "The keys are: " + ", ".join(PROFILE_KEYS) + ".")
    value = text.strip()
    if not value:
        return ""
    return _NORMALIZERS[PROFILE_KEYS[key].type](key, value)


def cents_of(key: str, text: str) -> int:
    """Return typed dollars as cents. Raises: Refused."""
    signed = PROFILE_KEYS[key].type is KeyType.SIGNED_MONEY
    match = _DOLLARS.fullmatch(text.strip())
    if match is None or (match["sign"] and not signed):
        hint = "Use dollars like 1234.50" + (" or -1234.50." if signed else "; the amount cannot be negative.")
        raise Refused(f"{key} takes an amount of dollars, not “{text}”.", hint)
    cents = int(match["whole"].replace(",", "")) * 100 + int((match["rest"] or "").ljust(2, "0"))
    if cents > LARGEST_CENTS:
        raise Refused(f"{key} is larger than any amount the books take.", "Check the amount.")
    return -cents if match["sign"] else cents


def _money(key: str, value: str) -> str:
    cents_of(key, value)
    return value.replace("$", "").replace(",", "")


def _choice(key: str, value: str) -> str:
    word = value.lower()
    choices = PROFILE_KEYS[key].choices
    if word not in choices:
        raise Refused(f"{key} cannot be “{value}”.", f"Choose one of: {', '.join(choices)}.")
    return word


def _state(key: str, value: str) -> str:
    code = value.upper()
    if code not in STATES:
        raise Refused(f"{key} cannot be “{value}”.", "Use the two letters of a state or DC, like NY.")
    return code


def _year(key: str, value: str) -> str:
    if not (value.isascii() and value.isdigit() and FIRST_BIRTH_YEAR <= int(value) <= LAST_BIRTH_YEAR):
        raise Refused(f"{key} cannot be “{value}”.", "Use a year with four digits, like 1985.")
    return value


def _years(key: str, value: str) -> str:
    return ",".join(_year(key, part.strip()) for part in value.split(","))


def _bool(key: str, value: str) -> str:
    word = value.lower()
    if word not in _YES | _NO:
        raise Refused(f"{key} cannot be “{value}”.", "Answer yes or no.")
    return "yes" if word in _YES else "no"


def _text(_key: str, value: str) -> str:
    return value


_NORMALIZERS: dict[KeyType, Callable[[str, str], str]] = {
    KeyType.MONEY: _money,
    KeyType.SIGNED_MONEY: _money,
    KeyType.STATUS: _choice,
    KeyType.CHOICE: _choice,
    KeyType.STATE: _state,
    KeyType.YEAR: _year,
    KeyType.YEARS: _years,
    KeyType.BOOL: _bool,
    KeyType.TEXT: _text,
    # Whether a zone exists is known to the edge that has the zone data.
    KeyType.ZONE: _text,
}
