"""What a row is taken to be that nothing speaks for: the commonest case of its account, and it is asked."""

from __future__ import annotations

from collections.abc import Callable

from app.core.books.vocabulary import NO_LINE, AccountKind, Kind, Profession, Role
from app.core.classify.answers import Subject, Verdict
from app.core.classify.clean import Cleaned
from app.core.classify.source_types import WALLETS

_WITH_MATERIAL = frozenset({Profession.CONTRACTOR, Profession.PHOTOGRAPHER})


def unknown(subject: Subject, cleaned: Cleaned, line: Callable[[], str]) -> Verdict:
    """Return the question; `line` finds that of the likeliest cost, for money given back."""
    if subject.sign > 0:
        return _unknown_credit(subject, cleaned, line)
    if subject.account_role == Role.BUSINESS or subject.account_kind in WALLETS:
        return Verdict(
            Kind.EXPENSE, "C27", 0, False, True, ((Kind.PERSONAL, NO_LINE), _next(subject)), "default",
            "unknown", "The merchant is not known yet.", state="cost",
        )  # fmt: skip
    return Verdict(
        Kind.PERSONAL, NO_LINE, 0, False, True, ((Kind.EXPENSE, "C27"), (Kind.EXPENSE, "C22")), "default",
        "unknown", "The merchant is not known yet.", state="private cost",
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
