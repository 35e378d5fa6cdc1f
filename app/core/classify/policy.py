"""Two questions are kept apart: what is it, and may it be booked on this account without asking.

Evidence answers the first; the role of the account answers the second. On a mixed account costs are asked once a
merchant, whatever the merchant; on a personal account nothing reaches Schedule C without a person.
"""

from __future__ import annotations

from app.core.books.vocabulary import NO_LINE, AccountKind, Kind, Role, VehicleMethod
from app.core.classify.answers import COVERED, VEHICLE, Subject, Verdict
from app.core.classify.source_types import WALLETS

_COSTS = frozenset({Kind.EXPENSE, Kind.REFUND})
NEVER_ON_CARD = frozenset({Kind.INCOME, Kind.WAGES, Kind.OWNER_CONTRIBUTION, Kind.LOAN})
"""What a credit on a card never is."""


def allowed(verdict: Verdict, subject: Subject) -> Verdict:
    """Return the verdict as this account may take it."""
    verdict = _on_card(verdict, subject)
    if subject.account_role == Role.RESERVE:
        return _in_reserve(verdict)
    if verdict.line == VEHICLE and subject.vehicle != VehicleMethod.ACTUAL:
        verdict = verdict.held
    if subject.account_role == Role.PERSONAL:
        return _on_personal(verdict, subject)
    if subject.account_role == Role.MIXED:
        return _on_mixed(verdict, subject)
    return verdict


def _on_card(verdict: Verdict, subject: Subject) -> Verdict:
    """A credit on a card is never income: somebody gave money back, or the card was paid."""
    if subject.account_kind != AccountKind.CREDIT or subject.sign < 0:
        return verdict
    if verdict.kind in NEVER_ON_CARD:
        return verdict._replace(
            kind=Kind.REFUND, line=NO_LINE, sure=False, state="card credit",
            alternatives=((Kind.CARD_PAYMENT, NO_LINE), (Kind.PERSONAL, NO_LINE)),
        )  # fmt: skip
    return verdict


def _in_reserve(verdict: Verdict) -> Verdict:
    """Tax money moves in and out; what is neither interest nor a tax payment is a transfer until somebody says more."""
    if verdict.kind in {Kind.INTEREST, Kind.TAX_PAYMENT, Kind.TRANSFER}:
        return verdict
    return Verdict(
        kind=Kind.TRANSFER, line=NO_LINE, said=0, sure=False, ambiguous=True,
        alternatives=((verdict.kind, verdict.line), (Kind.PERSONAL, NO_LINE)), source="default", reason="reserve",
        reason_text="Money of a tax reserve moves to and from your other accounts.",
        phrase=verdict.phrase or "transfer", state="reserve",
    )  # fmt: skip


def _on_personal(verdict: Verdict, subject: Subject) -> Verdict:
    guessed = verdict.source == "model" and subject.account_kind not in WALLETS
    if guessed or (verdict.source == "default" and verdict.kind == Kind.PERSONAL):
        others = ((verdict.kind, verdict.line), *verdict.alternatives)
        return verdict._replace(
            kind=Kind.PERSONAL, line=NO_LINE, sure=True, ambiguous=False, alternatives=others, source="default"
        )
    if verdict.kind in {Kind.INCOME, *_COSTS}:
        return verdict.held
    return verdict


def _on_mixed(verdict: Verdict, subject: Subject) -> Verdict:
    """Costs are asked; what plainly is private, income, transfers, card and tax payments may book by their evidence.

    So may money given back to a client out of a wallet: nothing else is sold there.
    """
    if verdict.reason == COVERED:
        return verdict
    is_cost = verdict.kind in _COSTS and not (verdict.line == "C2" and subject.account_kind in WALLETS)
    if is_cost or (verdict.kind == Kind.PERSONAL and verdict.source == "default"):
        return verdict.held
    return verdict
