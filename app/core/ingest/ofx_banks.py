"""Plain names for the codes that stand for a bank in its OFX files.

Source: the organisation and institution ids that the banks use in their OFX servers, as listed by the public OFX Home
directory (read 2026). A bank that is not here goes by the ORG it writes.
"""

from __future__ import annotations

BY_ORG = {
    "B1": "Chase",
    "HAN": "Bank of America",
    "BANK OF AMERICA": "Bank of America",
    "WF": "Wells Fargo",
    "WELLS FARGO BANK": "Wells Fargo",
    "AMEX": "American Express",
}
"""ORG in upper case to plain name."""

BY_FID = {
    "10898": "Chase",
    "5959": "Bank of America",
    "6805": "Bank of America",
    "3000": "Wells Fargo",
    "3001": "Wells Fargo",
    "3101": "American Express",
}
"""FID (also INTU.BID) to plain name."""


def institution(org: str, *ids: str) -> str | None:
    """Return the plain name of a bank by its ORG, else by one of its ids, else the ORG itself, else None."""
    known = BY_ORG.get(org.upper()) or next((BY_FID[i] for i in ids if i in BY_FID), None)
    return known or org or None
