"""What a person is told of every answer a relay can give: what happened, and what to do now."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from app.core.errors import BankRefused

_LATER = "Nothing was changed. Try again later; files can be imported in the meantime."
_FILES = "Download a file at your bank's website and import it: ops1099 import FILE"
_SETUP = "Set the bank link up again: ops1099 bank setup"
_NEWER = "Install the newest 1099 Ops. Your books are not touched by this."

WORDS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType({
    "use_dpop_nonce": ("The bank link and this computer could not agree on a fresh number.", _LATER),
    "bad_proof": ("The bank link does not accept this computer's signature.", _SETUP),
    "bad_certificate": (
        "The bank link does not know this computer any more.",
        f"{_SETUP}, with a new grant where your relay wants one.",
    ),
    "certificate_expired": (
        "This computer was away for more than a month, and its permit for the bank link has ended.",
        f"{_SETUP}, with a new grant where your relay wants one.",
    ),
    "bad_grant": (
        "The bank link does not accept this grant: it is used up, too old, or of another relay.",
        "Ask whoever runs your relay for a new one.",
    ),
    "blocked": (
        "The bank link is blocked for this computer.",
        "Ask whoever runs your relay why. Everything else works, importing files too.",
    ),
    "plan_limit": (
        "Your plan's number of new banks in thirty days is used up.",
        "Wait until the first of them is thirty days old, or ask whoever runs your relay. Files can be imported.",
    ),
    "bad_sealed_token": (
        "The key of this bank does not fit this computer's bank link.",
        "Disconnect the bank, keeping its transactions (--keep-rows), and connect it again.",
    ),
    "bad_link": ("This way to the bank's page has ended.", "Begin again: ops1099 bank connect"),
    "invalid": ("The bank link did not understand what 1099 Ops asked.", _NEWER),
    "too_large": ("The bank link did not understand what 1099 Ops asked.", _NEWER),
    "wrong_type": ("The bank link did not understand what 1099 Ops asked.", _NEWER),
    "method_not_allowed": ("The bank link did not understand what 1099 Ops asked.", _NEWER),
    "not_found": (
        "At this address there is no bank link that 1099 Ops knows.",
        "Check the address of the relay with: ops1099 bank status",
    ),
    "limited": ("The bank link was asked too often just now.", _LATER),
    "busy": ("The bank link has too much to do just now.", _LATER),
    "reconnect": (
        "Your bank wants you to sign in again.",
        "Do so with: ops1099 bank reconnect. What was fetched before stays.",
    ),
    "gone": (
        "This connection was ended at the bank, or at my.plaid.com.",
        "Its key is deleted here; your transactions stay. Disconnect it here too, or connect the bank anew.",
    ),
    "restart": ("The bank's list changed while it was read.", _LATER),
    "institution": ("Your bank does not answer the bank link just now.", _LATER),
    "unsupported": ("This bank or this service cannot be used through the bank link.", _FILES),
    "upstream": ("The bank link got no usable answer from the bank's side.", _LATER),
    "upstream_timeout": ("The bank took too long to answer.", _LATER),
    "misconfigured": (
        "The bank link is not set up as it should be: its own keys are refused.",
        "Check your own Plaid keys at dashboard.plaid.com and run bank setup again, or tell whoever runs your relay.",
    ),
    "internal": ("Something broke inside the bank link.", _LATER),
})  # fmt: skip
"""For each code of the protocol (docs/relay.md): what happened, what to do."""

_OTHER = ("The bank link gave an answer this version does not know.", _NEWER)
_CODE = re.compile(r"[a-z_]{1,40}")


def said(code: str) -> tuple[str, str]:
    """Return the two sentences for a code; one that is not known has sentences too."""
    return WORDS.get(code, _OTHER)


def refused(code: str, *, retry: str = "no", detail: str = "", after: int | None = None) -> BankRefused:
    """Return the error for an answer of a relay. Its words are ours: of a code we do not know nothing is repeated."""
    known = code if _CODE.fullmatch(code) else "unknown"
    advice = retry if retry in {"no", "later", "restart", "reconnect"} else "no"
    kind = detail if _CODE.fullmatch(detail) else ""
    return BankRefused(known, retry=advice, detail=kind, after=after, said=said(known))


HEALTH: Final[Mapping[str, tuple[str, str]]] = MappingProxyType({
    "ok": ("Connected.", ""),
    "reconnect": WORDS["reconnect"],
    "gone": WORDS["gone"],
    "waiting": ("The bank does not answer just now.", _LATER),
})  # fmt: skip
"""What each health of a connection means."""


def ends_soon(day: date) -> tuple[str, str]:
    """Return the two sentences for a bank whose permission is given for a time that is nearly over."""
    return (
        f"Connected; your permission at the bank ends on {day.isoformat()}.",
        "Sign in again before then with: ops1099 bank reconnect. What was fetched before stays.",
    )


STATES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType({
    "waiting": ("The bank's page has not been opened yet.", "Open it in your browser."),
    "open": ("The bank's page is open in your browser.", "Finish there; this notices it by itself."),
    "linked": ("The bank is linked.", "Check that it is yours, and confirm."),
    "repaired": ("The bank is connected again.", ""),
    "left": ("The bank's page was closed before it was finished.", "Nothing was linked. Begin again when you like."),
    "expired": ("The bank's page has ended.", "Nothing was linked. Begin again when you like."),
})  # fmt: skip
"""How far a person is with the bank's page."""


def of_page(state: str, reason: str | None, banks: str = "") -> tuple[str, str]:
    """Return the two sentences for a page; why it ended stands there where a person can do something about it."""
    if reason == "lost":
        return (
            f"{banks or 'A bank'} was linked there, but the answer was lost on its way, so the link cannot be used.",
            f"End it at my.plaid.com, then connect {banks or 'the bank'} again: two links may both be billed.",
        )
    return WORDS["plan_limit"] if reason == "plan_limit" else STATES.get(state, STATES["expired"])
