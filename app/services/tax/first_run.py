"""The first minute: how strong a passphrase is by its length, and the two answers a tax figure needs most."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.books.vocabulary import FilingStatus
from app.core.security.key_derivation import MIN_PASSPHRASE
from app.core.tax.profile_keys import STATES
from app.services.tax.tax_page import FILING_STATUS_WORDS

_GOOD, _STRONG = 16, 24
_FEW = 5
"""Different characters below which a long passphrase is still a short thought."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strength:
    """`score` is 0 (refused) to 3; the meter is by length, no list of passwords is consulted."""

    score: int
    accepted: bool
    words: str


def strength(passphrase: str) -> Strength:
    """Judge a passphrase while it is typed. It is neither kept nor logged."""
    size = len(passphrase)
    if size < MIN_PASSPHRASE:
        left = MIN_PASSPHRASE - size
        words = f"{left} more character{'' if left == 1 else 's'}" if size else f"{MIN_PASSPHRASE} characters or more"
        return Strength(score=0, accepted=False, words=words)
    if len(set(passphrase)) < _FEW:
        return Strength(score=1, accepted=True, words="long, but it repeats itself")
    if size >= _STRONG:
        return Strength(score=3, accepted=True, words="strong")
    return Strength(score=2, accepted=True, words="good") if size >= _GOOD else Strength(
        score=1, accepted=True, words="fair; four or five unrelated words are better"
    )  # fmt: skip


def filing_statuses() -> list[tuple[str, str]]:
    """Return (value, words) for the field of the filing status, in the order of the form."""
    return [(status.value, FILING_STATUS_WORDS[status].capitalize()) for status in FilingStatus]


def states() -> list[tuple[str, str]]:
    """Return (code, name) of the states and DC, by name."""
    return sorted(((code, STATE_NAMES[code]) for code in STATES), key=lambda pair: pair[1])


STATE_NAMES = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
    "CT": "Connecticut", "DC": "District of Columbia", "DE": "Delaware", "FL": "Florida", "GA": "Georgia",
    "HI": "Hawaii", "IA": "Iowa", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "KS": "Kansas", "KY": "Kentucky",
    "LA": "Louisiana", "MA": "Massachusetts", "MD": "Maryland", "ME": "Maine", "MI": "Michigan", "MN": "Minnesota",
    "MO": "Missouri", "MS": "Mississippi", "MT": "Montana", "NC": "North Carolina", "ND": "North Dakota",
    "NE": "Nebraska", "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico", "NV": "Nevada",
    "NY": "New York", "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon", "PA": "Pennsylvania", "RI": "Rhode Island",
    "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VA": "Virginia",
    "VT": "Vermont", "WA": "Washington", "WI": "Wisconsin", "WV": "West Virginia", "WY": "Wyoming",
}  # fmt: skip
