"""What accounts of files are called, and whether two names of a bank are one."""

from __future__ import annotations

import re
from pathlib import PurePath

from app.core.books.vocabulary import AccountKind
from app.core.ingest.typed import kept

_SHORTEST_PART = 4
_NO_NAMES = frozenset(
    {"bank", "card", "credit", "checking", "savings", "account", "union", "america", "american", "financial", "capital"}
)
"""Words that many names of banks hold, so that alone they name none."""

_KIND_WORDS = {
    "checking": "Checking", "savings": "Savings", "credit": "Card", "paypal": "PayPal", "stripe": "Stripe",
    "square": "Square", "venmo": "Venmo", "cashapp": "Cash App", "wise": "Wise", "etsy": "Etsy", "upwork": "Upwork",
    "payoneer": "Payoneer", "cash": "Cash", "loan": "Loan", "other": "Account",
}  # fmt: skip


def same_name(one: str | None, other: str | None) -> bool:
    """Whether two names of a bank are one: letters only, one a part of the other (`CHASE`, `Chase Bank`).

    A part says nothing when it is shorter than a name or stands in many names: `u.csv`, `bank.csv`, `credit.csv`.
    """
    left, right = (re.sub(r"[^a-z]", "", (name or "").casefold()) for name in (one, other))
    if not left or not right or left == right:
        return bool(left) and left == right
    short, long = sorted((left, right), key=len)
    return len(short) >= _SHORTEST_PART and short not in _NO_NAMES and short in long


def name_letters(file_name: str) -> str | None:
    """Return the letters of a file's name without dates and numbers, None when it has none."""
    letters = re.sub(r"[^A-Za-z]+", " ", PurePath(file_name).stem).strip()
    return kept(letters)[:40] or None


def proposed_name(institution: str | None, kind: str | None, last4: str | None) -> str:
    word = _KIND_WORDS.get(kind or AccountKind.CHECKING, "Account")
    if institution and (same_name(institution, word) or institution.casefold().split()[-1:] == [word.casefold()]):
        word = ""
    parts = [institution or "", word, f"··{last4}" if last4 else ""]
    return " ".join(part for part in parts if part)
