"""What an answer is taken for when nobody says: for its merchant from then on, for these rows only, or asked again.

A whole inbox may be answered at once, so rules, answers and accounts are looked at once for all its rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.services.classify import engine
from app.services.classify.asking import Asking
from app.services.review.review_items import ALWAYS, ASK_EACH_TIME, ONLY_THIS, Item

if TYPE_CHECKING:
    from app.core.classify.decide import Label
    from app.services.books.open_books import Books
    from app.store.transactions import Listed


class Lessons:
    """Judges some rows by what the engine makes of them as the books stand now."""

    def __init__(self, books: Books, rows: Sequence[Listed]) -> None:
        self._classifier = engine.classifier(books)
        self._asking = Asking(books)
        self._groups = books.labels.groups_of_rows([row.id for row in rows])
        self._texts = books.descriptors.texts({group.descriptor_id for group in self._groups.values()})

    def label(self, row: Listed) -> Label:
        group = self._groups[row.id]
        text = self._texts[group.descriptor_id]
        return self._classifier.label(
            self._asking.row(group.account_id, text, group.money_in, row.cents, row.tax_date)
        )  # fmt: skip

    def mode(self, item: Item) -> str:
        """Return what an answer is taken for when a person does not say.

        A merchant that sells one thing, or a name that nobody knows yet, is booked alike from then on. Where much is
        sold, and behind words that are no name, the answer is for these rows only. Who asked to be asked goes on being
        asked: no answer makes the wish forgotten.
        """
        if item.type not in {"classify", "income"} or not item.merchant_key:
            return ONLY_THIS
        row = item.rows[0]
        label = self.label(row)
        if label.source == "memory":
            return ASK_EACH_TIME
        if label.source == "rule":
            return ONLY_THIS
        return ALWAYS if is_clear(label, row, item.merchant_key) else ONLY_THIS


def is_clear(label: Label, row: Listed, merchant_key: str) -> bool:
    """Return whether a merchant may be booked alike from one answer on.

    True of one that sells one thing and of a name that nobody knows yet; not where much is sold, and not behind words
    that are no name.
    """
    if label.merchant is not None:
        return not label.ambiguous
    is_new = label.reason == "unknown" or label.reason.startswith("hint")
    return is_new and names_a_seller(row, merchant_key)


def names_a_seller(row: Listed, merchant_key: str) -> bool:
    return row.cents < 0 and any(word.isalpha() and len(word) > 3 for word in merchant_key.split())
