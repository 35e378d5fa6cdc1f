"""Rows that their file splits: nothing is booked on its word, the parts are offered as an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.books.vocabulary import Status
from app.core.ingest.memo_marks import SPLIT

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from app.services.books.open_books import Books
    from app.services.review.review_items import Item
    from app.store.descriptors import Text
    from app.store.labels import Outcome
    from app.store.transactions import Listed

TYPE = "split"
_WHY = "The file it came from splits it into parts."


def held_back(outcome: Outcome, text: Text) -> Outcome:
    """Return an outcome without the program's own booking where the file splits the row: one line cannot be right."""
    if outcome.status != Status.AUTO or not text.memo:
        return outcome

    if SPLIT not in text.memo:
        return outcome
    return outcome._replace(status=str(Status.SUGGESTED), reason=_WHY)


def items(books: Books, rows: Mapping[int, Listed], waiting: Collection[int]) -> list[Item]:
    """Return a question for each open row whose file splits it: book it in these parts?"""
    from app.core.classify.own_categories import meaning  # noqa: PLC0415 - only the inbox asks, changes do not
    from app.core.dates import iso  # noqa: PLC0415 - same
    from app.core.ingest.qif_parts import parts_in  # noqa: PLC0415 - same
    from app.core.money import WHOLE, money_text  # noqa: PLC0415 - same
    from app.services.review.review_items import Choice, Item, plain_name  # noqa: PLC0415 - same

    found = []
    for number, memo in books.told_rows.memos_with(SPLIT):
        row = rows.get(number)
        if row is None or number not in waiting or not (parts := parts_in(memo, row.cents)):
            continue
        told = [(part, *meaning(part.category, money_in=part.cents >= 0)) for part in parts]
        words = ", ".join(f"{plain_name(kind, line)} {money_text(part.cents)}" for part, kind, line in told)
        _, kind, line = max(told, key=lambda each: abs(each[0].cents))
        split = Choice(
            n=1, label=f"In parts: {words}", kind=kind, line=line,
            parts=tuple((part.cents, kind, line, WHOLE) for part, kind, line in told),
        )  # fmt: skip
        whole = Choice(n=2, label=f"As one: {plain_name(row.kind, row.line, row.percent)}", kind=row.kind,
                       line=row.line, percent=row.percent, confidence=row.confidence)  # fmt: skip
        found.append(
            Item(
                id=f"{TYPE}-{number}", type=TYPE, rows=[row], choices=[split, whole], reason=_WHY,
                question=f"Book {row.text} of {iso(row.tax_date)} in the {len(parts)} parts of its file?",
                evidence=[
                    " ".join(filter(None, (part.category, part.memo, money_text(part.cents)))) for part in parts[:8]
                ],
            )
        )  # fmt: skip
    return found
