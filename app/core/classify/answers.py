"""The values that go into and come out of the understanding of a bank row."""

from __future__ import annotations

from typing import NamedTuple

from app.core.classify.confidence import ASKED, SURE, Basis
from app.core.money import WHOLE

VEHICLE = "C9A"
COVERED = "vehicle-covered"
"""The reason of a vehicle's cost that the mileage rate covers: it is no deduction, whatever the account."""

BY_YEAR = "by year"
"""Of a group of rows: there are vehicles, so the year of each row says what a vehicle's cost is."""

ANY_ACCOUNT = 0
"""The account id of a memory that holds for every account."""


class Subject(NamedTuple):
    """What is known of a row before anybody decides what it is."""

    text: str
    sign: int
    """+1 money in, -1 money out."""
    account_kind: str
    account_role: str
    """A Role value: business, personal, mixed or reserve."""
    profession: str
    source_type: str | None
    """The bank's own type word; evidence only."""
    cents: int | None
    """None when a whole group of rows with the same text is asked about."""
    account_id: int | None
    pfc: str | None
    """A category code of the bank connection, None for files."""
    vehicle: str | None = None
    """The method of the vehicles in the row's year: a VehicleMethod value or BY_YEAR; None when none is set."""
    day: int | None = None
    """Its date; None like `cents` when a group is asked about."""


class Choice(NamedTuple):
    kind: str
    line: str
    percent: int
    """Business share in basis points."""
    confidence: int
    """0 to 10000."""


class Remembered(NamedTuple):
    """An answer a person gave for a merchant. `ask`: keep asking, with this answer on top."""

    kind: str
    line: str
    percent: int
    ask: bool


class UserRule(NamedTuple):
    """A person's own rule. All given conditions must hold; the first rule in `order` wins."""

    id: int
    order: int
    kind: str
    line: str
    text: str | None = None
    """Case-insensitive part of the descriptor, spaces folded."""
    amount_min: int | None = None
    """Cents of the absolute amount, inclusive."""
    amount_max: int | None = None
    account_id: int | None = None
    sign: int | None = None
    percent: int = WHOLE
    ask: bool = False
    regex: str | None = None
    """A pattern searched in the descriptor, spaces folded, any case."""
    date_from: int | None = None
    date_to: int | None = None
    """First and last day, inclusive."""
    counterparty: str | None = None
    """The merchant's name or key, any case, spaces folded."""


class Label(NamedTuple):
    """What a row is taken to be, why, and what else it could be."""

    kind: str
    line: str
    percent: int
    auto: bool
    """True: may be booked. False: a person is asked and `choices` are offered."""
    confidence: int
    """0 to 10000: how often a label of this sort is right."""
    source: str
    """rule, memory, structure, merchant, brand, connection, nearest, model or default."""
    reason: str
    """Stable code: the rule, phrase or category that decided."""
    reason_text: str
    merchant: str | None
    merchant_key: str
    ambiguous: bool
    choices: tuple[Choice, ...]
    """Best first; the first one is the label itself."""
    rule_id: int | None = None
    phrase: str | None = None
    """For the matcher: transfer, card_payment or payout, else None."""
    basis: Basis = Basis("", "", 0)
    """The sort of evidence its confidence was measured for."""
    by_row: bool = False
    """Single rows of this text may be something else: by a rule's amounts or days, by their year's vehicle, or by what
    equipment cost."""

    @property
    def of_vehicle(self) -> bool:
        """Whether the method of a vehicle decided, not a person."""
        return self.source not in {"rule", "memory"} and (self.line == VEHICLE or self.reason == COVERED)


class Layer(NamedTuple):
    """One step of the order and what it says by itself."""

    step: str
    """rule, memory, structure, merchant, brand, connection, nearest, words or model."""
    meaning: tuple[str, str]
    """Kind and line."""
    confidence: int
    speaks: bool
    text: str
    decided: bool = False


class Verdict(NamedTuple):
    """What one layer of evidence says, before account role and policy are applied."""

    kind: str
    line: str
    said: int
    """What the tables say of this phrase or trade, 0 to 10000; how it is shown, `confidence` says. 0: nothing."""
    sure: bool
    """The evidence is strong enough to book, if the account's role allows."""
    ambiguous: bool
    alternatives: tuple[tuple[str, str], ...]
    source: str
    reason: str
    reason_text: str
    phrase: str | None = None
    by_row: bool = False
    """The year's method of a vehicle decides, or the amount of what lasts, and neither is known here."""
    state: str = ""
    """How the evidence spoke, where that is neither plainly sure nor plainly asked (`confidence.csv`)."""
    only_offers: bool = False
    """Worth a place among the choices, not on top of them."""

    @property
    def held(self) -> Verdict:
        """The same, asked: as sure of what the row is, but not to be booked."""
        return self._replace(sure=False, state=self.basis.state)

    @property
    def basis(self) -> Basis:
        step = "words" if self.reason.startswith(("hint", "own")) else self.source
        return Basis(step, SURE if self.sure else self.state or ASKED, self.said)
