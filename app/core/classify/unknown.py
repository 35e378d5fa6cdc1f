"""What a row is taken to be that nothing speaks for: the commonest case of its account, and it is asked."""

from __future__ import annotations

from collections.abc import Callable

from app.core.books.vocabulary import NO_LINE, AccountKind, Kind, Profession, Role
from app.core.classify.answers import Subject, Verdict
from app.core.classify.clean import Cleaned
from app.core.classify.source_types import WALLETS

_WITH_MATERIAL = frozenset({Profession.CONTRACTOR, Profession.PHOTOGRAPHER})
_COUNTERS = frozenset({"sq", "clv", "py"})
"""Marks of tills that small shops, salons and restaurants use."""
_SQUEEZED = frozenset({"paypal", "pp"})
"""Marks of those who print a name without its blanks."""
_ONE_WORD, _TWO_WORDS = 5_000, 3_000
"""What a name says by its length: `Calendly` is software more often than `Two Brothers Kitchen Supply`."""


def unknown(subject: Subject, cleaned: Cleaned, line: Callable[[], str]) -> Verdict:
    """Return the question; `line` finds that of the likeliest cost, for money given back."""
    if subject.sign > 0:
        return _unknown_credit(subject, cleaned, line)
    if subject.account_role == Role.BUSINESS or subject.account_kind in WALLETS:
        return _at_a_counter() if cleaned.facilitator in _COUNTERS else _cost(subject, cleaned)
    return Verdict(
        Kind.PERSONAL, NO_LINE, 0, False, True, ((Kind.EXPENSE, "C27"), (Kind.EXPENSE, "C22")), "default",
        "unknown", "The merchant is not known yet.", state="private cost",
    )  # fmt: skip


def _at_a_counter() -> Verdict:
    return Verdict(
        Kind.PERSONAL, NO_LINE, 0, False, True, ((Kind.EXPENSE, "C24b"), (Kind.EXPENSE, "C22")), "default",
        "unknown", "The merchant is not known yet.", state="counter",
    )  # fmt: skip


def _cost(subject: Subject, cleaned: Cleaned) -> Verdict:
    """Return the commonest cost, software and the office; then what its trade or everybody buys."""
    count = 0 if cleaned.ach or cleaned.facilitator == "sp" else len(cleaned.words)
    if cleaned.facilitator in _SQUEEZED:
        count = 2
    material = subject.profession in _WITH_MATERIAL
    return Verdict(
        Kind.EXPENSE, "C18", {1: _ONE_WORD, 2: _TWO_WORDS}.get(count, 0), False, True,
        ((Kind.PERSONAL, NO_LINE), (Kind.EXPENSE, "C22" if material else "C27")), "default",
        "unknown", "The merchant is not known yet.", state="cost",
    )  # fmt: skip


def _next(subject: Subject) -> tuple[str, str]:
    """Return the commonest cost of a trade: material where one works with it, else software and the office."""
    return Kind.EXPENSE, "C22" if subject.profession in _WITH_MATERIAL else "C18"


def _unknown_credit(subject: Subject, cleaned: Cleaned, line: Callable[[], str]) -> Verdict:
    # Purchases print a place, and so does money back from them; deposits print none. A wallet prints names only, and a
    # name may end like a state: `Quorn Vale Co`.
    of_a_card = cleaned.state is not None and not cleaned.ach and subject.account_kind not in WALLETS
    if subject.account_kind == AccountKind.CREDIT or cleaned.refund or cleaned.purchase or of_a_card:
        return Verdict(
            Kind.REFUND, line(), 0, False, True,
            (
                (Kind.REFUND, NO_LINE), (Kind.REFUND, _next(subject)[1]), (Kind.CARD_PAYMENT, NO_LINE),
                (Kind.PERSONAL, NO_LINE),
            ),
            "default", "unknown-credit", "Money back, from a merchant that is not known yet.",
            state="money back",
        )  # fmt: skip
    if subject.account_kind == AccountKind.SAVINGS:
        return Verdict(
            Kind.TRANSFER, NO_LINE, 0, False, True, ((Kind.INCOME, "C1"), (Kind.PERSONAL, NO_LINE)), "default",
            "unknown-credit", "A deposit into savings that names no source known yet.", state="savings",
        )  # fmt: skip
    return Verdict(
        Kind.INCOME, "C1", 0, False, True, ((Kind.PERSONAL, NO_LINE), (Kind.TRANSFER, NO_LINE)), "default",
        "unknown-credit", "A deposit whose payer is not known yet: client money or private?",
        state="deposit",
    )  # fmt: skip
