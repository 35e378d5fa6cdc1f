"""What the words of a row say it is, before rules of a person and roles of accounts are asked.

The bank's own fixed phrases speak first, then the payer's business-payment words, the merchant base, the category of a
bank connection, weak phrases, and last a word that suggests a trade. The first that speaks decides; what contradicts
it only takes away the certainty, so that the row is asked.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import NamedTuple

from app.core.books.vocabulary import NO_LINE, AccountKind, Kind
from app.core.classify import connection, guesses
from app.core.classify.answers import Subject, Verdict
from app.core.classify.clean import Cleaned, words_of
from app.core.classify.connection import Connected
from app.core.classify.hinted import FED, Hinted
from app.core.classify.knowledge import Category, Knowledge
from app.core.classify.merchant_index import Found
from app.core.classify.named import Named, by_vehicle
from app.core.classify.phrase_book import Hit, PhraseBook, of_phrase
from app.core.classify.policy import NEVER_ON_CARD
from app.core.classify.source_types import phrase_words
from app.core.classify.unknown import unknown

_HOLDER = re.compile(r"\b(?:INDN:.*?(?=CO ID:|$)|IND NAME:.*?(?=TRN:|$))", re.IGNORECASE)
"""Who gets the money of an ACH entry: the holder of the account, whose name says nothing of what the money is."""
_NEVER_CLIENTS = frozenset({Kind.TRANSFER, Kind.LOAN})
"""Kinds of trades that keep or lend money: what comes from them is seldom a client's."""
_PAY_RAIL = "wages-rail"
"""Words of the rail by which employers pay, and platforms too: where one of those is named, they say nothing."""
_FEES = frozenset({"fee", "fees", "charge", "charges", "chg", "surcharge"})
_DEBIT_CARDS = frozenset({("debit", "card"), ("check", "card"), ("debit", "mastercard"), ("visa", "debit")})
_CONTRADICTABLE = frozenset({Kind.EXPENSE, Kind.PERSONAL, Kind.LOAN, Kind.REFUND})
"""Kinds whose phrases are ordinary words too: `church`, `mortgage`. Those of transfers and taxes are not."""


class Evidence(NamedTuple):
    """One row under the eyes of one set of knowledge."""

    knowledge: Knowledge
    subject: Subject
    cleaned: Cleaned
    found: Found | None

    @property
    def _named(self) -> Named:
        return Named(self.knowledge, self.subject, self.cleaned, self.found)

    @property
    def _hinted(self) -> Hinted:
        return Hinted(self.knowledge, self.subject, self.cleaned)

    def verdict(self) -> Verdict:
        """Return what the row is taken to be. Pure."""
        said = self._first_that_speaks()
        return self._doubted(said) if said.kind == Kind.INCOME and said.sure else said

    def _first_that_speaks(self) -> Verdict:
        knowledge, subject = self.knowledge, self.subject
        texts = self._texts()
        strong = self._strong(texts)
        if strong is not None and self._speaks(strong):
            return self._checked(of_phrase(strong), strong)
        weak = self._best(knowledge.weak, texts)
        if weak is not None and not self._speaks(weak):
            weak = None
        if weak is not None and weak.phrase.auto and subject.sign > 0 and not self._named.is_known_payer():
            # The payer's own business-payment words say more than a name: bill payers carry merchants' names.
            return of_phrase(weak)
        return self._named.of_pay(weak) or self._named.verdict() or self._of_rest(weak)

    def layers(self) -> tuple[tuple[str, Verdict | None], ...]:
        """Return what each kind of evidence says by itself, in the order in which they are asked."""
        knowledge, subject = self.knowledge, self.subject
        texts = self._texts()
        strong, weak = self._strong(texts), self._best(knowledge.weak, texts)
        category = knowledge.connection.get(subject.pfc or "")
        hint = self._hinted.best(subject.sign)
        named = self._named.verdict()
        brand = self.found is not None and self.found.merchant.brand
        return (
            ("structure", of_phrase(strong) if strong and self._speaks(strong) else None),
            ("merchant", None if brand else named),
            ("brand", named if brand else None),
            ("connection", self._connected(category)),
            ("words", of_phrase(weak) if weak and self._speaks(weak) else self._hinted.verdict(hint) if hint else None),
            ("model", self._of_model(category)),
        )

    def _of_rest(self, weak: Hit | None) -> Verdict:
        """Return what a name nobody knows is: the category of a connection, words in it, how it sounds."""
        subject = self.subject
        hint = self._hinted.best(subject.sign)
        hinted = self._hinted.verdict(hint) if hint is not None else None
        category = self.knowledge.connection.get(subject.pfc or "")
        connected = self._connected(category)
        if connected is not None and connected.sure:
            return connected
        phrased = of_phrase(weak) if weak else None
        if hinted is not None and hinted.sure and (phrased is None or _same(phrased, hinted)):
            return hinted
        if phrased is not None and phrased.kind == Kind.REFUND and phrased.line == NO_LINE:
            phrased = phrased._replace(line=self._refund_line(), state="money back")
        if hinted is not None and hinted.sure and weak is not None and not weak.phrase.auto:
            # What else would be booked says more than a word which banks and names share: `Crest Capital Wealth Mgmt`.
            phrased, hinted = hinted._replace(sure=False, ambiguous=True, state="doubted"), phrased
        if category is None or connected is None:
            return self._merged([phrased, hinted, self._of_model(None)])
        sounds = self._of_model(category)
        if sounds is not None and sounds.sure:
            return sounds
        agreed = hinted if hinted is not None and hint is not None and hint.phrase.category in category.trades else None
        if not category.vague:
            return self._merged([connected, agreed, sounds])
        return self._merged([phrased, agreed, sounds, connected, hinted])

    def _connected(self, category: Connected | None) -> Verdict | None:
        subject = self.subject
        said = connection.verdict(category, subject) if category is not None else None
        if category is None or said is None or subject.sign > 0 or category.decision != connection.ASK_VEHICLE:
            return said
        meant = (self.knowledge.category(trade, subject.profession) for trade in category.trades)
        drives = any(trade is not None and trade.vehicle for trade in meant)
        return by_vehicle(subject, said, "By your bank's category, a cost of a vehicle") if drives else said

    def _merged(self, found: Sequence[Verdict | None]) -> Verdict:
        """Return the first, with what the others think of among its choices."""
        told = [verdict for verdict in found if verdict is not None]
        nothing = unknown(self.subject, self.cleaned, self._refund_line)
        first, *others_said = sorted((*told, nothing), key=lambda verdict: verdict.only_offers)
        if (first is nothing and not told) or first.sure:
            return first
        others = [(other.kind, other.line) for other in others_said]
        mixed = [*first.alternatives[:1], *others[:1], *first.alternatives[1:], *others[1:]]
        kept = tuple(dict.fromkeys(pair for pair in mixed if pair != (first.kind, first.line)))
        return first._replace(alternatives=kept)

    def _refund_line(self) -> str:
        """Return the line of what was likeliest bought, where money comes back from a name nobody knows."""
        if self.subject.sign < 0:
            return NO_LINE
        hint = self._hinted.best(-1)
        trade = self.knowledge.category(hint.phrase.category or "", self.subject.profession) if hint else None
        if trade is not None:
            return trade.line if trade.kind == Kind.EXPENSE else NO_LINE
        sorted_out = self._sounds(None)
        return guesses.line_of_refund(sorted_out) if sorted_out and sorted_out.shares else NO_LINE

    def _of_model(self, category: Connected | None) -> Verdict | None:
        model = self.knowledge.model()
        if self.subject.sign > 0 or model is None:
            return None
        found = self._sounds(category)
        if found is None or not found.shares:
            return None
        return guesses.verdict(found, model.booked_from, narrowed_by=category is not None and bool(category.trades))

    def _sounds(self, category: Connected | None) -> guesses.Sorted | None:
        model = self.knowledge.model()
        if model is None:
            return None
        shares = model.shares(self.cleaned.words)
        if not shares:
            return guesses.NOTHING
        return guesses.sorted_out(
            guesses.narrowed(model.trades, shares, category),
            self.knowledge.meanings(self.subject.profession, model.trades),
            self.subject.account_role,
            self.knowledge.scale.limits["model stands out"],
        )

    # --- phrases

    def _texts(self) -> tuple[Sequence[str], ...]:
        """Return what is left of the text without wrapper and labels, and the whole where it says more."""
        subject, said = self.subject, self.cleaned.said
        typed = phrase_words(subject.source_type, subject.account_kind)
        more = words_of(typed) if typed else []
        texts = (said, words_of(subject.text)) if self.cleaned.wrapped else (said,)
        return tuple((*text, *more) for text in texts) if more else texts

    def _best(self, book: PhraseBook, texts: tuple[Sequence[str], ...]) -> Hit | None:
        """Return the heavier of the phrases in the two texts; the shorter text wins with a phrase that may book."""
        subject = self.subject
        first = book.best(texts[0], subject.sign, subject.account_kind)
        if len(texts) == 1 or (first is not None and first.phrase.auto):
            return first
        second = book.best(texts[1], subject.sign, subject.account_kind)
        if first is None or second is None:
            return first or second
        return second if second.weight > first.weight else first

    def _strong(self, texts: tuple[Sequence[str], ...]) -> Hit | None:
        """Return the heaviest strong phrase; what names a fee or the owner goes before what says only `transfer`."""
        found = self._best(self.knowledge.strong, texts)
        moved = found is not None and (found.phrase.phrase == "transfer" or found.phrase.kind == Kind.OWNER_DRAW)
        if self.subject.sign < 0 and (found is None or found.phrase.kind != Kind.EXPENSE) and self._names_fee():
            fees = self.knowledge.fees
            return (self._best(fees.book, texts) if moved else None) or fees.plain(self.cleaned.said) or found
        if found is None or found.phrase.kind != Kind.TRANSFER or found.phrase.phrase is None:
            return found
        return self._best(self.knowledge.owners, texts) or found

    def _names_fee(self) -> bool:
        """Whether a fee heads the text or ends it: `Fee - outgoing wire`, `ATM withdrawal fee`."""
        named = [word for word in self.cleaned.said if not word.isdigit()]
        return bool(named) and not _FEES.isdisjoint((named[0], named[-1]))

    def _doubted(self, income: Verdict) -> Verdict:
        """Take the certainty from client money that may be pay, a loan, a gift or one's own money."""
        own = words_of(self._named.name()) if self._named.pays_people() else []
        text = _HOLDER.sub(" ", self.subject.text) if self.cleaned.ach else self.subject.text
        words = [word for word in words_of(text) if word not in own]
        hit = self.knowledge.doubts.best(words, 1, self.subject.account_kind)
        category = self._named.category()
        if hit is not None:
            kind, text = hit.phrase.kind, f"The words “{hit.words}” may mean {hit.phrase.meaning}."
        elif category is not None and (category.kind in _NEVER_CLIENTS or category.line == "S1_RETIRE"):
            kind, text = category.kind, f"{self._named.name()}: {category.label}, and so hardly client money."
        else:
            return income
        if kind == Kind.INCOME:
            return income._replace(sure=False, ambiguous=True, state="contradicted", reason_text=text)
        return income._replace(
            kind=kind, line=NO_LINE, sure=False, ambiguous=True, state="contradicted", phrase=None,
            alternatives=((income.kind, income.line), *income.alternatives), reason_text=text,
        )  # fmt: skip

    def _speaks(self, hit: Hit) -> bool:
        """Whether a phrase can be meant here at all."""
        subject, kind = self.subject, hit.phrase.kind
        if subject.sign > 0 and kind in NEVER_ON_CARD and (subject.account_kind == AccountKind.CREDIT):
            return False
        if subject.sign > 0 and self._named.gives_back() and kind == Kind.INCOME:
            return False
        if hit.phrase.id == _PAY_RAIL and self._named.pays_people():
            return False
        if kind == Kind.CARD_PAYMENT and subject.sign < 0 and self._with_debit_card():
            return False
        return not self._inside_merchant(hit)

    def _with_debit_card(self) -> bool:
        """Whether a debit card paid: it buys, and pays no credit card."""
        words = words_of(self.subject.text)
        return self.cleaned.purchase or any(pair in _DEBIT_CARDS for pair in itertools.pairwise(words))

    def _inside_merchant(self, hit: Hit) -> bool:
        """Whether the phrase is no more than a part of the merchant's own name: `Payment` in `Payment Depot`."""
        if self.found is None or hit.phrase.phrase is not None:
            return False
        name = " ".join(words_of(self.found.merchant.name))
        return hit.words in name and hit.words != name

    # --- merchants

    def _checked(self, verdict: Verdict, hit: Hit) -> Verdict:
        """Take the certainty from an ordinary word when the name has one of a trade too: `Mortgage Lounge`."""
        if not verdict.sure or verdict.kind not in _CONTRADICTABLE:
            return verdict
        lender = self._named.category()
        owed = self.subject.sign < 0 and verdict.kind == Kind.LOAN
        if owed and lender is not None and lender.kind == Kind.LOAN and lender.ambiguous:
            return verdict._replace(sure=False, ambiguous=True, state="contradicted", alternatives=lender.alternatives)
        own = frozenset(words_of(hit.words))
        words = [word for word in self.cleaned.said if word not in own]
        other = _trade(self.knowledge, words, self.subject.profession)
        if other is None or ((verdict.kind, verdict.line) == (other.kind, other.line) and not other.ambiguous):
            return verdict
        if self.subject.sign > 0:
            return verdict._replace(sure=False, ambiguous=True, state="contradicted")
        return verdict._replace(
            kind=other.kind, line=other.line, sure=False, ambiguous=True, state="contradicted", phrase=None,
            alternatives=((verdict.kind, verdict.line), *other.alternatives),
            reason_text=f"The name suggests {other.label}, but: {verdict.reason_text}",
        )  # fmt: skip

    # --- what is left: connections, hints, the model


def _same(one: Verdict, other: Verdict) -> bool:
    return (one.kind, one.line) == (other.kind, other.line)


def _trade(knowledge: Knowledge, words: Sequence[str], profession: str) -> Category | None:
    hit = knowledge.contrary.best(words, -1, AccountKind.CHECKING)
    return knowledge.category(hit.phrase.category or "", profession) if hit is not None else None


def is_namesake(knowledge: Knowledge, found: Found, profession: str, facilitator: str | None) -> bool:
    """Whether words behind the name, or the till before it, say that this is another business: `Figma Cafe`.

    Only where the merchant's own trade is certain or a cost: general stores have pharmacies and garages.
    """
    own = knowledge.category(found.merchant.category, profession)
    if own is not None and facilitator == "tst" and own.key not in FED:
        return True
    if own is None or not found.rest or (own.ambiguous and own.kind != Kind.EXPENSE):
        return False
    other = _trade(knowledge, found.rest, profession)
    if other is None or other.key == own.key:
        return False
    return other.ambiguous or (other.kind, other.line) != (own.kind, own.line)
