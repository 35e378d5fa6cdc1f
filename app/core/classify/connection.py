"""What the category of a bank means here: weaker than a name, better than nothing.

A connection gives a code (Plaid's personal finance category), a file of a bank its own words in a column. Either is
kept as the row's type word; `Knowledge.code_of` reads it. A code the connection itself is unsure of is kept with its
level behind it, which makes it no code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from app.core.books.vocabulary import LINES, NO_LINE, Kind, Role
from app.core.classify.answers import Subject, Verdict

ONLY_IN = frozenset({Kind.INCOME, Kind.INTEREST, Kind.WAGES, Kind.REFUND, Kind.OWNER_CONTRIBUTION})
"""Kinds of money that comes in."""

ASK_VEHICLE = "ask_vehicle"
_DECISIONS = frozenset({"auto", "ask", "ask_payer", ASK_VEHICLE, "account_role"})


class Connected(NamedTuple):
    """One category code. `decision`: auto, ask, ask_payer, ask_vehicle or account_role."""

    code: str
    kind: str
    line: str
    decision: str
    confidence: int
    alternatives: tuple[tuple[str, str], ...]
    trades: frozenset[str]
    """Trades of the merchant base that carry this code."""

    vague: bool
    """Whether a word of the text says more."""
    high: bool
    """Whether the code is narrow enough to book by itself."""

    def books(self, role: str) -> bool:
        if self.decision == "account_role":
            return role == Role.BUSINESS and not self.vague
        return self.decision == "auto" and self.high


def load_connection(
    rows: Iterable[Mapping[str, str]], trades: Iterable[str], limits: Mapping[str, int]
) -> dict[str, Connected]:
    """Return the codes. Raises: ValueError for an unknown kind, line, decision or trade."""
    known = frozenset(trades)
    found: dict[str, Connected] = {}
    for row in rows:
        line, decision, own = row["line"], row["decision"], frozenset(row["trades"].split())
        if line not in LINES or decision not in _DECISIONS or not own <= known:
            raise ValueError(f"category {row['code']!r}: an unknown line, decision or trade")
        pairs = tuple((Kind(kind).value, other) for kind, _, other in (p.partition("/") for p in _parts(row)))
        said = int(row["confidence"])
        found[row["code"]] = Connected(
            row["code"], Kind(row["kind"]).value, line, decision, said, pairs, own,
            said < limits["connection vague"], said >= limits["connection auto"],
        )  # fmt: skip
    return found


def load_words(rows: Iterable[Mapping[str, str]], known: Mapping[str, Connected]) -> dict[str, str]:
    """Return the code by the words banks print for it. Raises: ValueError for an unknown code."""
    found: dict[str, str] = {}
    for row in rows:
        if row["code"] not in known:
            raise ValueError(f"bank category {row['words']!r}: unknown code {row['code']!r}")
        found.update((word.strip(), row["code"]) for word in row["words"].split("|"))
    return found


def _parts(row: Mapping[str, str]) -> list[str]:
    return row["alternatives"].split("|") if row["alternatives"] else []


def verdict(connected: Connected, subject: Subject) -> Verdict | None:
    """Return what the category says of a row; None when it cannot be on this side."""
    sure = connected.books(subject.account_role)
    plain = Verdict(
        connected.kind, connected.line, connected.confidence, sure, not sure, connected.alternatives, "connection",
        f"pfc-{connected.code}", "Your bank puts it into this category.",
    )  # fmt: skip
    if subject.sign < 0:
        return None if connected.kind in ONLY_IN else plain
    if connected.kind not in {Kind.EXPENSE, Kind.PERSONAL} or connected.code.startswith("INCOME"):
        return plain
    return plain._replace(
        kind=Kind.REFUND, sure=False, ambiguous=True, state="money back",
        alternatives=((Kind.PERSONAL, NO_LINE), (Kind.INCOME, "C1")),
    )  # fmt: skip
