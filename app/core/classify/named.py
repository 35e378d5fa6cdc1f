"""What the name of a merchant or payer says of a row: a purchase, money back, pay."""

from __future__ import annotations

from typing import NamedTuple

from app.core.books.vocabulary import NO_LINE, AccountKind, Kind, VehicleMethod
from app.core.classify.answers import BY_YEAR, COVERED, Subject, Verdict
from app.core.classify.clean import Cleaned
from app.core.classify.connection import ONLY_IN
from app.core.classify.knowledge import Category, Knowledge
from app.core.classify.merchant_index import Found
from app.core.classify.phrase_book import Hit, of_phrase

_PAYROLL = "C26"
"""The line of wages: whose trade is payroll pays employees too."""
_ASSET = (Kind.EXPENSE.value, "C13")
_AT_ONCE_CENTS = 2_500_00
"""What an item may cost and still be a cost of its year, by the de minimis election (Reg. 1.263(a)-1(f))."""


class Named(NamedTuple):
    """One row with the name that was found in it, if any."""

    knowledge: Knowledge
    subject: Subject
    cleaned: Cleaned
    found: Found | None

    def category(self) -> Category | None:
        """Return the trade of the name, or the one that words beside the name make of it."""
        if self.found is None:
            return None
        key = self.found.merchant.category
        turns = self.knowledge.turns.get(key)
        turned = turns.best(self.cleaned.said, self.subject.sign, self.subject.account_kind) if turns else None
        return self.knowledge.category((turned and turned.phrase.category) or key, self.subject.profession)

    def pays_people(self) -> bool:
        """Return whether the name pays those who work for it or sell through it."""
        category = self.category()
        return category is not None and (category.money_in == Kind.INCOME or self._pays())

    def is_known_payer(self) -> bool:
        """Whether the name says more of its money than words of pay do: a platform, or one for advertisers."""
        category = self.category()
        if category is None or category.money_in != Kind.INCOME:
            return False
        return not category.ambiguous_in or category.kind == Kind.INCOME

    def _pays(self) -> bool:
        return self.found is not None and self.found.merchant.pays

    def verdict(self) -> Verdict | None:
        """Return what the name says of the row; None where it says nothing."""
        category = self.category()
        if self.found is None or category is None:
            return None
        merchant, asked = self.found.merchant, self._asked()
        if self.subject.sign > 0 and self._inside_payer(category):
            return None
        if self.subject.sign > 0:
            return self._as_brand(self._money_in(category, asked=asked))
        if category.kind in ONLY_IN:
            return self._paid_to_a_payer(category)
        ambiguous = category.ambiguous or asked
        said = self._as_brand(Verdict(
            category.kind, category.line, category.confidence, not ambiguous, ambiguous, category.alternatives,
            "merchant", f"merchant-{category.key}",
            f"{merchant.name}: {category.label}.", state="" if category.ambiguous else "doubted",
        ))  # fmt: skip
        if category.vehicle and not asked:
            return by_vehicle(self.subject, said, f"{merchant.name}: {category.label}")
        return self._of_equipment(said)

    def _asked(self) -> bool:
        """Whether this merchant is asked about whatever its trade says."""
        assert self.found is not None, "asked of a name that was found"
        merchant = self.found.merchant
        return merchant.ambiguous or (bool(merchant.trades) and self.subject.profession not in merchant.trades)

    def _inside_payer(self, category: Category) -> bool:
        """Whether the name of a shop is no more than a word in the name of who pays: `Ardent BioLabs`."""
        assert self.found is not None, "asked of a name that was found"
        bank = not self._on_card() and not self.gives_back() and self.cleaned.facilitator is None
        return bank and self.cleaned.ach and not self.found.first and category.money_in == "refund"

    def _of_equipment(self, said: Verdict) -> Verdict:
        """What lasts and costs more than may be a cost at once is asked: it may be written off over years."""
        if not said.sure or _ASSET not in said.alternatives:
            return said
        cents = self.subject.cents
        if cents is None:
            return said._replace(by_row=True)
        if abs(cents) <= _AT_ONCE_CENTS:
            return said
        others = (_ASSET, *(pair for pair in said.alternatives if pair != _ASSET))
        return said._replace(sure=False, ambiguous=True, alternatives=others, state="doubted")

    def _as_brand(self, verdict: Verdict) -> Verdict:
        """A brand of a list nobody looked through name by name is a step of its own."""
        if self.found is None or not self.found.merchant.brand:
            return verdict
        return verdict._replace(
            source="brand", reason=verdict.reason.replace("merchant", "brand", 1),
        )  # fmt: skip

    def of_pay(self, weak: Hit | None) -> Verdict | None:
        """Words of pay beside a name known by what it sells: `Buildertrend Payments`, `Lowes Installer Pay`."""
        category = self.category()
        if weak is None or weak.phrase.kind != Kind.INCOME or category is None or category.kind != Kind.EXPENSE:
            return None
        if self.subject.sign < 0 or self._on_card() or self.gives_back():
            return None
        if self.pays_people():
            return self._as_brand(self._paid(category, asked=self._asked() or category.line == _PAYROLL))
        if category.money_in != "refund":
            return None
        said = of_phrase(weak)._replace(sure=False, ambiguous=True)
        line = category.line if category.kind == Kind.EXPENSE else NO_LINE
        return said._replace(alternatives=tuple(dict.fromkeys(((Kind.REFUND, line), *said.alternatives))))

    def _paid(self, category: Category, *, asked: bool) -> Verdict:
        return Verdict(
            Kind.INCOME, "C1", category.confidence, not asked, asked,
            ((Kind.TRANSFER, NO_LINE), (Kind.PERSONAL, NO_LINE)), "merchant", "merchant-income",
            f"{self.name()}: {category.label}.", state="payer" if asked else "",
        )  # fmt: skip

    def gives_back(self) -> bool:
        """Whether the bank's wrapper says that a card bought something, or that money of it came back."""
        return self.cleaned.refund or self.cleaned.purchase

    def _money_in(self, category: Category, *, asked: bool) -> Verdict:
        """A credit from a merchant is money back unless the trade pays people."""
        name = self.name()
        text = f"{name}: {category.label}."
        paid = category.money_in == Kind.INCOME or self._pays()
        back = self.gives_back() or self._on_card()
        for_life = category.kind == Kind.PERSONAL and self.gives_back()
        bought = paid or category.kind == Kind.EXPENSE
        if (category.money_in == "refund" and not self._pays()) or (back and bought) or for_life:
            line = category.line if category.kind == Kind.EXPENSE else NO_LINE
            # Cards give money back on their own rails; an ACH entry from a shop may be what it pays its sellers.
            plain = back or self.cleaned.state is not None or self.cleaned.facilitator is not None
            sure = plain and not (category.ambiguous or asked or self.cleaned.ach)
            return Verdict(
                Kind.REFUND, line, category.confidence, sure, not sure,
                ((Kind.PERSONAL, NO_LINE), (Kind.INCOME, "C1")), "merchant", "merchant-refund",
                f"Money back from {name}.", state="money back",
            )  # fmt: skip
        if paid:
            return self._paid(category, asked=asked or category.ambiguous_in or self._pays())._replace(state="payer")
        kind = category.money_in if category.money_in in {Kind.LOAN, Kind.PERSONAL} else Kind.PERSONAL
        if category.kind == Kind.TRANSFER:
            kind = Kind.TRANSFER
        others = ((Kind.PERSONAL, NO_LINE), (Kind.REFUND, NO_LINE), (Kind.INCOME, "C1"), (Kind.TRANSFER, NO_LINE))
        return Verdict(
            kind, NO_LINE, 0, False, True, tuple(pair for pair in others if pair != (kind, NO_LINE)),
            "merchant", "merchant-credit", text, state="credit",
        )  # fmt: skip

    def _paid_to_a_payer(self, category: Category) -> Verdict:
        """Money to somebody who mostly pays: a purchase, a fee, or money given back."""
        return Verdict(
            Kind.EXPENSE, "C27", 0, False, True,
            ((Kind.PERSONAL, NO_LINE), (Kind.EXPENSE, "C10"), (Kind.REFUND, "C2")), "merchant",
            f"merchant-{category.key}", f"{self.name()}: mostly pays you; here you paid.",
            state="paid to a payer",
        )  # fmt: skip

    def name(self) -> str:
        """Return the name; empty where none was found."""
        return self.found.merchant.name if self.found else ""

    def _on_card(self) -> bool:
        return self.subject.account_kind == AccountKind.CREDIT


def by_vehicle(subject: Subject, asked: Verdict, what: str) -> Verdict:
    """A cost of the vehicle: deducted as it is only under actual costs, never beside the mileage rate."""
    method = subject.vehicle
    if method == VehicleMethod.ACTUAL:
        text = f"{what}, by the actual costs of your vehicle."
        return asked._replace(sure=True, ambiguous=False, reason_text=text)
    if method == VehicleMethod.STANDARD:
        return asked._replace(
            kind=Kind.PERSONAL, line=NO_LINE, sure=True, ambiguous=False, reason=COVERED,
            alternatives=((asked.kind, asked.line),),
            reason_text=f"{what}. The mileage rate covers it, so it is not deducted.",
        )  # fmt: skip
    text = f"{what}. It counts only by the method of your vehicle."
    return asked._replace(by_row=method == BY_YEAR, reason_text=text)
