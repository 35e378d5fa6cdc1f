"""Money back that fits several purchases which count differently: one question, showing each of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple

from app.core.books import naming
from app.core.books.vocabulary import NO_LINE, Kind
from app.core.dates import iso
from app.core.money import money_of
from app.services.books.open_books import Books
from app.services.ledger import transactions
from app.services.review.review_items import Choice, Item, id_of, plain_name
from app.store.given_back import BACK_TYPES, GivenBack
from app.store.pairs import PairRow
from app.store.transactions import Listed

NONE_OF_THESE = "None of these"
_DISPUTE_DAYS = 180
_ALL_OF_IT, _ONE_PART, _A_PART = 9_000, 7_000, 5_500
"""How likely money back is for all parts of a purchase, for the only part that is large enough, for one of several."""
_LINE: dict[str, str] = {Kind.INCOME: "C2", Kind.PERSONAL: NO_LINE}
"""What money back for other than a cost stands on."""


def items(books: Books, rows: dict[int, Listed], waiting: Collection[int]) -> list[Item]:
    """Return the questions; where all originals count the same there is nothing to ask."""
    open_ones: dict[int, list[PairRow]] = defaultdict(list)
    for pair in books.pairs.questions():
        if pair.type in BACK_TYPES and pair.in_id in waiting:
            open_ones[pair.in_id].append(pair)
    found = []
    for number, pairs in sorted(open_ones.items()):
        pairs.sort(key=lambda pair: (-pair.score, pair.out_id))
        originals = [rows.get(pair.out_id) or transactions.existing(books, pair.out_id) for pair in pairs]
        repaid = pairs[0].type == "reimbursement"
        if repaid or len({(row.kind, row.line, row.percent) for row in originals}) > 1:
            key = books.transactions.merchant_keys([number])[number][0]
            found.append(_item(rows[number], key, pairs, originals, repaid=repaid))
    return found


def _item(back: Listed, key: str, pairs: list[PairRow], originals: list[Listed], *, repaid: bool) -> Item:
    choices = [
        Choice(
            n=n, label=f"{money_of(-row.cents, row.currency)} at {row.merchant or row.text} on {iso(row.tax_date)}: "
            f"{_counts(row)}",
            kind=Kind.REFUND, line=_LINE.get(row.kind, row.line), percent=row.percent,
            confidence=min(8_500, max(1_000, 5_000 + pair.score * 5)), pair=(pair.out_id, pair.in_id),
        )
        for n, (pair, row) in enumerate(zip(pairs, originals, strict=True), 1)
    ]  # fmt: skip
    choices.append(Choice(n=len(choices) + 1, label=NONE_OF_THESE, kind="", line=NO_LINE))
    name, cents = back.merchant or naming.payee(key, back.text), money_of(abs(back.cents), back.currency)
    question = f"Does {name} repay a cost of yours? ({cents}, {back.account})" if repaid else (
        f"This looks like money back from {name}. For which purchase? ({cents}, {back.account})"
    )  # fmt: skip
    return Item(
        id=f"refund-{id_of(back.id)}", type="refund", rows=[back],
        merchant_key=key, question=question, choices=choices, reason=_sentence(pairs[0].reason),
        evidence=[
            f"{r.account}  {iso(r.tax_date)}  {money_of(r.cents, r.currency)}  {r.text}" for r in (back, *originals)
        ],
    )  # fmt: skip


class Purchases(NamedTuple):
    """What rows may give money back for: the purchases they are linked to, and how many others may be meant."""

    linked: list[Listed]
    possible: int


def purchases(books: Books, rows: Iterable[Listed]) -> Purchases:
    """Return the purchases behind money that came back."""
    pairs = [pair for row in rows for pair in books.pairs.of(row.id)
             if pair.type in BACK_TYPES and pair.in_id == row.id]  # fmt: skip
    linked = sorted({pair.out_id for pair in pairs if pair.state == "linked"})
    possible = {pair.out_id for pair in pairs if pair.state == "question"}
    return Purchases([transactions.existing(books, number) for number in linked], len(possible))


class Parts(NamedTuple):
    """A purchase that was split, of which money came back, and what its parts count as."""

    bought: Listed
    of: list[tuple[int, str, str, int]]


def split_purchases(books: Books, rows: Iterable[Listed]) -> dict[int, Parts]:
    """Return, by row, the purchase behind money back where a person split it: then which part came back is asked."""
    wanted = GivenBack(books.connection).of_split_ones()
    found = {row.id: purchases(books, [row]).linked for row in rows if row.id in wanted}
    return {number: Parts(linked[0], books.decisions.parts(linked[0].id)) for number, linked in found.items()
            if len(linked) == 1}  # fmt: skip


def choices_of_parts(back: Listed, parts: Parts) -> list[Choice]:
    """Return what money back for a split purchase may be: all of its parts, or one that is large enough."""
    turned = [(-cents, *_turned(kind, line), percent) for cents, kind, line, percent in parts.of]
    if sum(part[0] for part in turned) == back.cents:
        words = ", ".join(f"{plain_name(kind, line, share)} {money_of(cents, back.currency)}"
                          for cents, kind, line, share in turned)  # fmt: skip
        _, kind, line, _ = max(turned, key=lambda part: abs(part[0]))
        return [Choice(n=1, label=f"In the same parts: {words}", kind=kind, line=line, confidence=_ALL_OF_IT,
                       parts=tuple(turned))]  # fmt: skip
    large = [part for part in turned if abs(part[0]) >= abs(back.cents)]
    large.sort(key=lambda part: -abs(part[0]))
    return [
        Choice(n=n, label=plain_name(kind, line, share), kind=kind, line=line, percent=share,
               confidence=_A_PART if len(large) > 1 else _ONE_PART)
        for n, (kind, line, share) in enumerate(dict.fromkeys(part[1:] for part in large), 1)
    ]  # fmt: skip


def _turned(kind: str, line: str) -> tuple[str, str]:
    """Return what a part counts as when its money comes back."""
    return (Kind.REFUND, _LINE.get(kind, line)) if kind in {Kind.EXPENSE, Kind.INCOME, Kind.PERSONAL} else (kind, line)


def is_won_dispute(row: Listed) -> bool:
    """Return whether a client's money, taken back once, came again: money in on the line of what was given back."""
    return row.kind == Kind.REFUND and row.line == "C2" and row.cents > 0


def words_for(books: Books, name: str, row: Listed) -> str:
    """Return the question about money back whose purchase waits itself, may be one of several, or is not here."""
    found = purchases(books, [row])
    if is_won_dispute(row):
        taken = books.transactions.taken_before(row.account_id, row.cents, row.posted_date, _DISPUTE_DAYS)
        amount = money_of(row.cents, row.currency)
        if taken is None:
            return f"This looks like a dispute that was decided for you: {amount} that had been taken. Is it?"
        return (
            f"This looks like a dispute that was decided for you: {amount}, taken on {iso(taken)}, came again. Is it?"
        )
    if found.linked:
        bought = found.linked[0]
        amount = money_of(abs(bought.cents), bought.currency)
        if bought.is_split:
            return f"This is money back for {name} of {iso(bought.tax_date)}, {amount}, which you split. Which part?"
        return f"This looks like money back for {name} of {iso(bought.tax_date)}, {amount}. What was that for?"
    if found.possible:
        return f"This looks like money back for one of {found.possible} purchases from {name}. What were they for?"
    return f"This looks like money back from {name}, but no purchase there fits it. What was it for?"


def _sentence(reason: str) -> str:
    return f"{naming.capital(reason)}."


def _counts(row: Listed) -> str:
    return plain_name(row.kind, row.line, row.percent)
