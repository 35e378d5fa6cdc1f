"""Pairs the two legs of transfers, card payments and payouts among the owner's accounts.

Amount and date are not enough: a pair needs words that speak of moving money and nothing that speaks against it, and it
must beat every other way to pair its legs. What is left over is asked, or marked as having its other side elsewhere;
no counterpart is ever made up.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from itertools import combinations
from typing import NamedTuple

from app.core.books.vocabulary import AccountKind
from app.core.match.assignment import best_pairs, total
from app.core.match.candidates import equal_amounts, funded, order, with_fee
from app.core.match.naming import WALLETS, Account, AccountFacts, Mentions, accounts_by_id, mentions_of
from app.core.match.rivals import joined
from app.core.match.scoring import (
    ASK,
    FLOOR,
    LINK,
    MARGIN,
    Leg,
    Score,
    funding,
    score,
)

__all__ = [
    "AccountFacts", "Leg", "Pair", "PairQuestion", "Pairing", "Rival", "Unpaired", "missing_side", "pair", "rivals",
]  # fmt: skip

_LARGEST_GROUP = 24
"""Legs up to which a group of rivals is solved exactly; in a bigger one only clear mutual favourites are linked."""
_LARGEST_SPLIT = 12
_SPLIT_DAYS = 5


class Pair(NamedTuple):
    out_id: int
    in_id: int
    cents: int
    """What arrived, positive."""
    fee_cents: int
    """What was lost on the way, positive or 0."""
    type: str
    """`transfer`, `card_payment`, `payout`; `funding`: the bank's debit of what was spent with a wallet; or `split`."""
    score: float
    reason: str
    """Plain words."""


class PairQuestion(NamedTuple):
    """Legs that belong together in more than one way, or perhaps not at all. One question to the owner."""

    out_ids: tuple[int, ...]
    in_ids: tuple[int, ...]
    candidates: tuple[Pair, ...]
    """Best first. For a split: one for each inflow, all of them together."""
    type: str
    """`choose` (several ways), `confirm` (one weak way) or `split` (one outflow, several inflows)."""
    reason: str


class Unpaired(NamedTuple):
    """A leg with a phrase and without a counterpart: its other side is in an account that is not here."""

    transaction_id: int
    phrase: str
    reason: str


class Pairing(NamedTuple):
    linked: tuple[Pair, ...]
    questions: tuple[PairQuestion, ...]
    unpaired: tuple[Unpaired, ...]


class _Candidate(NamedTuple):
    out: Leg
    into: Leg
    score: Score


def pair(
    legs: Iterable[Leg], accounts: Iterable[AccountFacts], barred: Collection[tuple[int, int]] = ()
) -> Pairing:  # fmt: skip
    """Return what is linked, what is to be asked and what has no counterpart.

    The caller leaves out legs that are linked already, deleted rows and parts of splits. The answer does not depend on
    the order of the input. Legs of accounts that are not given are ignored; `barred` are (outflow, inflow) that a
    person said do not belong together. Source: design matching, B.
    """
    known = accounts_by_id(accounts)
    ordered = sorted((leg for leg in legs if leg.account_id in known and leg.cents), key=order)
    candidates = _candidates(ordered, known)
    if barred:
        candidates = [c for c in candidates if (c.out.transaction_id, c.into.transaction_id) not in barred]
    linked = [found for group in _groups(candidates) for found in _settled(group)]
    used = {leg.transaction_id for found in linked for leg in (found.out, found.into)}
    open_ones = [c for c in candidates if c.out.transaction_id not in used and c.into.transaction_id not in used]
    questions = _questions(open_ones, known)
    asked = used | {number for question in questions for number in (*question.out_ids, *question.in_ids)}
    questions += _splits([leg for leg in ordered if leg.phrase and leg.transaction_id not in asked], known)
    questions = [q for q in questions if not any((c.out_id, c.in_id) in barred for c in q.candidates)]
    asked = used | {number for question in questions for number in (*question.out_ids, *question.in_ids)}
    brought = _brought([leg for leg in ordered if leg.transaction_id not in asked], known, barred)
    linked += brought
    asked |= {leg.transaction_id for found in brought for leg in (found.out, found.into)}
    lonely = [leg for leg in ordered if leg.phrase and leg.transaction_id not in asked]
    return Pairing(
        tuple(_pair_of(found, known) for found in sorted(linked, key=lambda c: (order(c.out), order(c.into)))),
        tuple(sorted(questions, key=lambda question: (question.out_ids, question.in_ids))),
        tuple(Unpaired(leg.transaction_id, leg.phrase or "", _why_alone(leg, known)) for leg in lonely),
    )


class Rival(NamedTuple):
    """One way to pair a leg."""

    other_id: int
    score: float
    reason: str


def rivals(
    leg_id: int, legs: Iterable[Leg], accounts: Iterable[AccountFacts], barred: Collection[tuple[int, int]] = ()
) -> list[Rival]:  # fmt: skip
    """Return every way to pair one leg that is worth a thought, best first."""
    known = accounts_by_id(accounts)
    ordered = sorted((leg for leg in legs if leg.account_id in known and leg.cents), key=order)
    around = [c for c in _candidates(ordered, known) if leg_id in {c.out.transaction_id, c.into.transaction_id}]
    around.sort(key=lambda c: (-c.score.points, order(c.out), order(c.into)))
    return [
        Rival(
            c.into.transaction_id if c.out.transaction_id == leg_id else c.out.transaction_id,
            c.score.points / 100, "; ".join(c.score.notes),
        )
        for c in around
        if (c.out.transaction_id, c.into.transaction_id) not in barred
    ]  # fmt: skip


def _candidates(legs: Sequence[Leg], known: dict[int, Account]) -> list[_Candidate]:
    """Return every pair worth a thought, best first for equal legs; only around legs with a phrase."""
    says: dict[int, Mentions] = {}
    found: list[_Candidate] = []
    for out, into in (*equal_amounts(legs, _telling(legs, known)), *with_fee(legs, _wallets(known))):
        for leg in (out, into):
            if leg.transaction_id not in says:
                says[leg.transaction_id] = mentions_of(leg.text)
        rated = score(
            *(out, into, known[out.account_id], known[into.account_id]),
            *(says[out.transaction_id], says[into.transaction_id]),
        )
        if rated.points >= ASK:
            found.append(_Candidate(out, into, rated))
    return found


def _telling(legs: Sequence[Leg], known: dict[int, Account]) -> set[int]:
    """Return the rows without a phrase that give the digits of another account: `Deposit from Chase ...1407`."""
    digits = {account.facts.last4: number for number, account in known.items() if account.facts.last4}
    found: set[int] = set()
    for leg in legs:
        if leg.phrase is None and any(four in leg.text for four in digits):
            named = mentions_of(leg.text).references & digits.keys()
            if any(digits[four] != leg.account_id for four in named):
                found.add(leg.transaction_id)
    return found


def _wallets(known: dict[int, Account]) -> set[int]:
    return {number for number, account in known.items() if account.facts.kind in WALLETS}


def _brought(
    legs: Sequence[Leg], known: dict[int, Account], barred: Collection[tuple[int, int]]
) -> list[_Candidate]:  # fmt: skip
    """Return the bank debits that brought the money for a purchase with a wallet, as far as they are beyond doubt."""
    wallets = _wallets(known)
    if not wallets:
        return []
    found: list[_Candidate] = []
    for out, spent in funded(legs, wallets):
        says, about = mentions_of(out.text), mentions_of(spent.text)
        rated = funding(out, spent, known[out.account_id], known[spent.account_id], says, about)
        if rated is not None and (out.transaction_id, spent.transaction_id) not in barred:
            found.append(_Candidate(out, spent, rated))
    return [candidate for group in _groups(found) for candidate in _settled(group)]


# Groups of rivals


def _groups(candidates: Iterable[_Candidate]) -> list[list[_Candidate]]:
    """Return the candidates that are weighed at all, in groups that share no leg."""
    strong = (candidate for candidate in candidates if candidate.score.points > FLOOR)
    return joined(strong, lambda candidate: (candidate.out.transaction_id, candidate.into.transaction_id))


def _settled(group: list[_Candidate]) -> list[_Candidate]:
    """Return the pairs of a group that are beyond doubt."""
    outs = sorted({c.out for c in group}, key=order)
    ins = sorted({c.into for c in group}, key=order)
    if len(outs) + len(ins) > _LARGEST_GROUP:
        return _mutual_favourites(group)
    row = {leg.transaction_id: place for place, leg in enumerate(outs)}
    column = {leg.transaction_id: place for place, leg in enumerate(ins)}
    by_edge = {(row[c.out.transaction_id], column[c.into.transaction_id]): c for c in group}
    weights = {edge: c.score.points - FLOOR for edge, c in by_edge.items()}
    chosen = best_pairs(weights, len(outs), len(ins))
    best = total(weights, chosen)
    settled: list[_Candidate] = []
    for edge in chosen.items():
        candidate = by_edge[edge]
        if candidate.score.points < LINK or not candidate.score.linkable:
            continue
        # Rows that cannot be told apart (same account, day, amount and text) may be exchanged: it changes nothing.
        rows = [place for place, leg in enumerate(outs) if _looks(leg) == _looks(outs[edge[0]])]
        columns = [place for place, leg in enumerate(ins) if _looks(leg) == _looks(ins[edge[1]])]
        if len(rows) != len(columns):
            continue
        rest = {key: value for key, value in weights.items() if key[0] not in rows or key[1] not in columns}
        if best - total(rest, best_pairs(rest, len(outs), len(ins))) >= MARGIN * len(rows):
            settled.append(candidate)
    return settled


def _looks(leg: Leg) -> tuple[int, int, int, str]:
    return leg.account_id, leg.day, leg.cents, leg.text


def _mutual_favourites(group: list[_Candidate]) -> list[_Candidate]:
    """For groups too big to solve: pairs that are first for both legs by the margin."""
    first: dict[int, list[int]] = defaultdict(list)
    for candidate in group:
        for leg in (candidate.out, candidate.into):
            first[leg.transaction_id].append(candidate.score.points)
    settled: list[_Candidate] = []
    for candidate in group:
        points = candidate.score.points
        rivals = [sorted(first[leg.transaction_id], reverse=True) for leg in (candidate.out, candidate.into)]
        clear = all(mine[0] == points and (len(mine) == 1 or points - mine[1] >= MARGIN) for mine in rivals)
        if clear and points >= LINK and candidate.score.linkable:
            settled.append(candidate)
    return settled


# What is left


def _questions(candidates: list[_Candidate], known: dict[int, Account]) -> list[PairQuestion]:
    questions: list[PairQuestion] = []
    seen: set[int] = set()
    for group in _groups(candidates):
        best = sorted(group, key=lambda c: (-c.score.points, order(c.out), order(c.into)))
        seen |= {leg.transaction_id for c in group for leg in (c.out, c.into)}
        questions.append(_question(best, known))
    weak = [c for c in candidates if c.score.points <= FLOOR and (c.out.phrase or c.into.phrase)]
    for candidate in sorted(weak, key=lambda c: (-c.score.points, order(c.out), order(c.into))):
        legs = {candidate.out.transaction_id, candidate.into.transaction_id}
        if not legs & seen:
            seen |= legs
            questions.append(_question([candidate], known))
    return questions


def _question(best: list[_Candidate], known: dict[int, Account]) -> PairQuestion:
    several = len(best) > 1
    return PairQuestion(
        tuple(dict.fromkeys(c.out.transaction_id for c in best)),
        tuple(dict.fromkeys(c.into.transaction_id for c in best)),
        tuple(_pair_of(c, known) for c in best),
        "choose" if several else "confirm",
        "these amounts can be paired in more than one way"
        if several
        else "the amounts fit, the texts do not say enough: " + "; ".join(best[0].score.notes),
    )


def _splits(legs: Sequence[Leg], known: dict[int, Account]) -> list[PairQuestion]:
    """One outflow that arrived as two or three inflows of one account. Always a question."""
    ins: dict[int, list[Leg]] = defaultdict(list)
    for leg in legs:
        if leg.cents > 0:
            ins[leg.account_id].append(leg)
    questions: list[PairQuestion] = []
    used: set[int] = set()
    for out in (leg for leg in legs if leg.cents < 0):
        for account_id, receiving in sorted(ins.items()):
            first = bisect_left(receiving, out.day, key=lambda leg: leg.day)
            last = bisect_right(receiving, out.day + _SPLIT_DAYS, key=lambda leg: leg.day)
            near = [leg for leg in receiving[first:last] if leg.cents < -out.cents and leg.transaction_id not in used]
            parts = _parts_of(-out.cents, near) if account_id != out.account_id else None
            if parts is None:
                continue
            used |= {leg.transaction_id for leg in parts}
            rated = Score(0, False, (f"{len(parts)} amounts that arrived make up the one that left",))
            candidates = tuple(
                _pair_of(_Candidate(out, leg, rated), known)._replace(fee_cents=0, type="split") for leg in parts
            )
            numbers = tuple(leg.transaction_id for leg in parts)
            questions.append(PairQuestion((out.transaction_id,), numbers, candidates, "split", rated.notes[0]))
            break
    return questions


def _parts_of(cents: int, legs: Sequence[Leg]) -> tuple[Leg, ...] | None:
    if not 2 <= len(legs) <= _LARGEST_SPLIT:
        return None
    for size in (2, 3):
        fitting = [parts for parts in combinations(legs, size) if sum(leg.cents for leg in parts) == cents]
        if len(fitting) == 1:
            return fitting[0]
    return None


def _pair_of(found: _Candidate, known: dict[int, Account]) -> Pair:
    out, into, rated = found
    if into.cents < 0:
        return Pair(
            *(out.transaction_id, into.transaction_id, -out.cents, 0, "funding"),
            *(rated.points / 100, "; ".join(rated.notes)),
        )
    paying, receiving = known[out.account_id].facts.kind, known[into.account_id].facts.kind
    if receiving == AccountKind.CREDIT or (out.phrase == into.phrase == "card_payment"):
        kind = "card_payment"
    elif paying in WALLETS and receiving not in WALLETS:
        kind = "payout"
    else:
        kind = "transfer"
    return Pair(
        *(out.transaction_id, into.transaction_id, into.cents, -out.cents - into.cents, kind),
        *(rated.points / 100, "; ".join(rated.notes)),
    )


def missing_side(text: str, accounts: Iterable[AccountFacts]) -> str:
    """Return words for the other side of a leg that pairs with nothing here, by what its text names."""
    return _missing(text, accounts_by_id(accounts))


def _why_alone(leg: Leg, known: dict[int, Account]) -> str:
    return _missing(leg.text, known)


def _missing(text: str, known: dict[int, Account]) -> str:
    own = frozenset[str]().union(*(account.institutions for account in known.values()))
    says = mentions_of(text)
    strange = says.institutions - own
    if strange:
        return f"the other account, {min(strange)}, is not in these books"
    digits = says.references - {account.facts.last4 for account in known.values()}
    if digits:
        return f"the other account, ending in {min(digits)}, is not in these books"
    return "no row of another account matches it; its other side may not be imported yet"
