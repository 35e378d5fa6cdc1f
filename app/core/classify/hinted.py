"""What words in a name suggest: the trade of a merchant nobody knows."""

from __future__ import annotations

from typing import NamedTuple

from app.core.books.vocabulary import Kind
from app.core.classify.answers import Subject, Verdict
from app.core.classify.clean import Cleaned, words_of
from app.core.classify.knowledge import Category, Knowledge
from app.core.classify.phrase_book import Hit

_STEM = 5
"""Letters by which a word of a pattern with an open end is known again."""
_TILLS = {
    "tst": "restaurant",
    "dd": "restaurant",
    "ctlp": "concession",
    "eb": "tickets",
    "evt": "tickets",
    "tm": "tickets",
}
"""Marks of payment facilitators that serve one trade, as a word that suggests it: Toast is a restaurant's till."""
MEALS = "meals"
FED = frozenset({MEALS, "grocery", "fun", "travel"})
"""Trades behind a restaurant's till. A shop's name there is a namesake: `TST* Baja Burberry`."""
_SHOPS = frozenset({"shop", "shoppe", "store", "mart", "mall", "assoc", "associates", "company", "city", "town"})
"""Words that stand beside those of any trade, and suggest nothing there."""


class Hinted(NamedTuple):
    """One row whose name no table has."""

    knowledge: Knowledge
    subject: Subject
    cleaned: Cleaned

    def best(self, sign: int) -> Hit | None:
        """Return the word in the name that suggests a trade; a till that only one trade uses is such a word too."""
        book, kind = self.knowledge.hints, self.subject.account_kind
        till = _TILLS.get(self.cleaned.facilitator or "")
        found = book.best(self.cleaned.words, sign, kind)
        if found is not None and not found.phrase.auto:
            found = self.knowledge.plain.best(self.cleaned.words, sign, kind) or found
        if found is not None and found.phrase.auto and found.phrase.category not in FED:
            # Restaurants are called anything: `Hardware Cafe`.
            other = self._besides(found, sign)
            found = other if other is not None and other.phrase.category == MEALS else found
        # A till of one trade says more than a word that would else be booked: `TST* Hair of the Dog`.
        return book.best([till], sign, kind) if till and (found is None or found.phrase.auto) else found

    def verdict(self, hit: Hit) -> Verdict | None:
        """A word in the name suggests a trade: mostly a suggestion, a booking when it can hardly mean anything else."""
        category = self.knowledge.category(hit.phrase.category or "", self.subject.profession)
        if category is None:
            return None
        sure = hit.phrase.auto and not category.ambiguous and self._alone(hit, category)
        return Verdict(
            category.kind, category.line, min(category.confidence, hit.phrase.confidence), sure=sure,
            ambiguous=not sure, alternatives=category.alternatives, source="structure", reason=hit.phrase.id,
            reason_text=f"The word “{hit.words}” suggests {hit.phrase.meaning}.",
            state="doubted" if hit.phrase.auto else "",
        )  # fmt: skip

    def _besides(self, hit: Hit, sign: int) -> Hit | None:
        """Return what the other words of the name suggest."""
        own = {word[:_STEM] for word in words_of(hit.words)}
        others = [word for word in self.cleaned.words if word[:_STEM] not in own and word not in _SHOPS]
        return self.knowledge.hints.best(others, sign, self.subject.account_kind)

    def _alone(self, hit: Hit, category: Category) -> bool:
        """Whether no other word of the name suggests something else: `Dental Software` is no dentist."""
        other = self._besides(hit, self.subject.sign)
        meant = self.knowledge.category(other.phrase.category or "", self.subject.profession) if other else None
        if meant is None:
            return True
        same = (meant.kind, meant.line) == (category.kind, category.line)
        return same and (not meant.ambiguous or category.kind == Kind.EXPENSE)
