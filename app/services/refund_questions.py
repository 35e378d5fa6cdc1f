"""Money back that fits several purchases which count differently: one question, showing each of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from hashlib import blake2b

from app.core.books.vocabulary import NO_LINE, Kind
from app.core.dates import iso
from app.core.money import money_text
from app.services import transactions
from app.services.books import Books
from app.services.review_items import Choice, Item, plain_name
from app.store.given_back import BACK_TYPES
from app.store.labels import PairRow
from app.store.transactions import Listed

NONE_OF_THESE = "None of these"


def items(books: Books, rows: dict[int, Listed], waiting: Collection[int]) -> list[Item]:
    """Return the questions; where all originals count the same there is nothing to ask."""
    open_ones: dict[int, list[PairRow]] = defaultdict(list)
    for pair in books.labels.questions():
        if pair.type in BACK_TYPES and pair.in_id in waiting:
            open_ones[pair.in_id].append(pair)
    found = []
    for number, pairs in sorted(open_ones.items()):
        pairs.sort(key=lambda pair: (-pair.score, pair.out_id))
        originals = [rows.get(pair.out_id) or transactions.existing(books, pair.out_id) for pair in pairs]
        repaid = pairs[0].type == "reimbursement"
        if repaid or len({(row.kind, row.line, row.percent) for row in originals}) > 1:
            found.append(_item(rows[number], pairs, originals, repaid=repaid))
    return found


def _item(back: Listed, pairs: list[PairRow], originals: list[Listed], *, repaid: bool) -> Item:
    choices = [
        Choice(
            n=n, label=f"{money_text(-row.cents)} at {row.merchant or row.text} on {iso(row.tax_date)}: {_counts(row)}",
            kind=Kind.REFUND, line=row.line if row.kind == Kind.EXPENSE else NO_LINE, percent=row.percent,
            confidence=min(8_500, max(1_000, 5_000 + pair.score * 5)), pair=(pair.out_id, pair.in_id),
        )
        for n, (pair, row) in enumerate(zip(pairs, originals, strict=True), 1)
    ]  # fmt: skip
    choices.append(Choice(n=len(choices) + 1, label=NONE_OF_THESE, kind="", line=NO_LINE))
    name, cents = back.merchant or back.text, money_text(abs(back.cents))
    question = f"Does {name} repay a cost of yours? ({cents}, {back.account})" if repaid else (
        f"Which purchase did {name} give {cents} back for? ({back.account})"
    )  # fmt: skip
    return Item(
        id=f"refund-{blake2b(str(back.id).encode(), digest_size=6).hexdigest()}", type="refund", rows=[back],
        question=question, choices=choices, reason=pairs[0].reason[0].upper() + pairs[0].reason[1:] + ".",
        evidence=[f"{r.account}  {iso(r.tax_date)}  {money_text(r.cents)}  {r.text}" for r in (back, *originals)],
    )  # fmt: skip


def _counts(row: Listed) -> str:
    return plain_name(row.kind, row.line, row.percent)
