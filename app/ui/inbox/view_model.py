"""What Today shows and what can be answered, without a widget: loaded in the pool, decided here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from app.core.books import naming
from app.core.books.vocabulary import PROFIT_KINDS, Kind
from app.core.dates import year_of
from app.core.money import WHOLE, rate_text
from app.ui.widgets.amount import amount_text

if TYPE_CHECKING:
    from app.services.books.history_words import Entry
    from app.services.books.open_books import Books
    from app.services.books.work import Outcome
    from app.services.ledger.listing import Listed
    from app.services.review.inbox import Card, Evidence
    from app.services.review.questions import Answered, Choice
    from app.services.review.would_change import Change
    from app.services.today import Today
    from app.ui.runtime.tasks import Token

ONLY_THIS, ALWAYS, ASK = "only_this", "always", "ask_each_time"
_MOST_CHOICES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """All the page needs for its first look."""

    summary: Today
    cards: tuple[Card, ...]
    waiting: int
    """Questions that were put off to a later day."""
    last: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """What the pane adds for one question. `effects` are cents by choice number; None where it can't be said."""

    item_id: str
    evidence: tuple[Evidence, ...]
    earlier: tuple[Listed, ...]
    earlier_count: int
    effects: dict[int, int | None]
    changes: tuple[Change, ...]
    usual: str = "only_this"
    """What an answer is taken for when nothing else is said."""
    alike: tuple[int, ...] = ()
    """Other rows of the same merchant, direction and account that an answer for always books alike."""


class Pick(NamedTuple):
    """One choice as the pane lists it."""

    n: int
    words: str
    code: str
    sure: str
    second: str = ""


def load(books: Books, token: Token, *, by_date: bool) -> Loaded:
    from app.services import today  # noqa: PLC0415 - the window is painted before they load
    from app.services.books import history_words  # noqa: PLC0415 - the window is painted before they load
    from app.services.review import inbox  # noqa: PLC0415 - the window is painted before they load

    with books.reading():
        cards = inbox.cards(books, by_date=by_date)
        token.check()
        waiting = len(inbox.cards(books, snoozed=True))
        token.check()
        return Loaded(
            summary=today.summary(books), cards=tuple(cards), waiting=waiting,
            last=tuple(history_words.entries(books, limit=8)),
        )  # fmt: skip


def load_detail(books: Books, token: Token, card: Card) -> Detail:
    from app.core.errors import NotFound, Refused  # noqa: PLC0415
    from app.services.review import effects as effects_of  # noqa: PLC0415
    from app.services.review import inbox, questions, would_change  # noqa: PLC0415

    with books.reading():
        rows, count = inbox.earlier(books, card.item, 4)
        evidence = inbox.evidence_lines(books, card.item)
        token.check()
        effects: dict[int, int | None] = {}
        try:
            engine = effects_of.engine(books)
            for choice in card.item.choices:
                token.check()
                effects[choice.n] = engine.of(card.item, choice)
        except (Refused, NotFound):
            effects = {}
        return Detail(
            item_id=card.item.id, evidence=tuple(evidence), earlier=tuple(rows), earlier_count=count, effects=effects,
            changes=would_change.of(books, card.item), usual=questions.usual_mode(books, card.item),
            alike=_alike(books, card),
        )  # fmt: skip


def _alike(books: Books, card: Card) -> tuple[int, ...]:
    from app.services.classify import remembered  # noqa: PLC0415

    item = card.item
    if not item.merchant_key:
        return ()
    own = {row.id for row in item.rows}
    sign = 1 if item.rows[0].cents >= 0 else -1
    found = remembered.equal_rows(books, item.merchant_key, sign, item.rows[0].account_id)
    return tuple(number for number in found if number not in own)


class Answering:
    """The answer being put together for one question; nothing is written until it is confirmed."""

    def __init__(self, card: Card) -> None:
        self.card = card
        self.said_mode: str | None = None
        """What a person chose; None until then."""
        self.usual = ONLY_THIS
        self.percent: int | None = None
        self.other: tuple[str, str] | None = None
        """A kind and line that were not among the choices."""
        self.usd_cents: int | None = None
        self.source = ""
        """Where the dollars are from, as typed."""
        self.chosen: int | None = self.first_choice()

    def first_choice(self) -> int | None:
        """Return the suggestion, where it is one: no guess means that nothing is chosen."""
        if self.card.item.choices and self.card.sure != naming.NO_SUGGESTION:
            return self.card.item.choices[0].n
        return None

    @property
    def is_suggestion(self) -> bool:
        """Return whether a person has changed nothing of what is suggested."""
        held = (self.chosen, self.percent, self.said_mode, self.usd_cents)
        return held == (self.first_choice(), None, None, None)

    @property
    def mode(self) -> str:
        """Return what the answer is taken for: what was said, else what is usual for this merchant."""
        return self.usual if self.said_mode is None else self.said_mode

    @mode.setter
    def mode(self, mode: str) -> None:
        self.said_mode = mode

    @property
    def choices(self) -> list[Choice]:
        return self.card.item.choices[:_MOST_CHOICES]

    @property
    def takes_anything(self) -> bool:
        """Return whether a category outside the choices may be given."""
        return self.card.item.takes_any_line

    def picks(self) -> list[Pick]:
        year = year_of(self.card.newest)
        found = [self._pick(choice, year) for choice in self.choices]
        if self.takes_anything:
            words = naming.category(*self.other) if self.other else "Something else"
            code = naming.line_code(self.other[1], year) if self.other else "search"
            found.append(Pick(len(found) + 1, words, code, ""))
        return found

    def _pick(self, choice: Choice, year: int) -> Pick:
        way = next((each for each in self.card.ways if each.n == choice.n), None)
        if way is not None:
            sure = naming.confidence_word(choice.confidence)
            return Pick(choice.n, way.words, amount_text(way.cents), sure, way.second)
        plain = choice.pair is None and choice.payment is None and not choice.parts and choice.kind
        words = naming.category(choice.kind, choice.line) if plain else choice.label
        if plain and choice.percent != WHOLE:
            words = f"{words}, {rate_text(choice.percent)} %"
        code = naming.line_code(choice.line, year) if plain else ""
        sure = naming.confidence_word(choice.confidence) if choice.confidence else ""
        return Pick(choice.n, words, "none" if code == naming.DASH else code, sure)

    @property
    def else_number(self) -> int | None:
        return len(self.choices) + 1 if self.takes_anything else None

    def choose(self, number: int) -> bool:
        """Take a choice; return False for one that does not exist or asks for more first."""
        if number == self.else_number:
            if self.other is None:
                return False
        elif number not in {choice.n for choice in self.choices}:
            return False
        self.chosen = number
        self.percent = None
        return True

    def choose_other(self, kind: str, line: str) -> None:
        """Take a category that was found by searching; one that is listed is that choice."""
        for choice in self.choices:
            if (choice.kind, choice.line, choice.percent) == (kind, line, WHOLE):
                self.choose(choice.n)
                return
        self.other = (kind, line)
        self.chosen = self.else_number
        self.percent = None

    @property
    def meaning(self) -> tuple[str, str, int] | None:
        """Return kind, line and share of what is chosen."""
        if self.chosen is None:
            return None
        if self.chosen == self.else_number and self.other is not None:
            return (*self.other, WHOLE if self.percent is None else self.percent)
        choice = next(choice for choice in self.choices if choice.n == self.chosen)
        return choice.kind, choice.line, choice.percent if self.percent is None else self.percent

    @property
    def has_share(self) -> bool:
        """Return whether a part of it may be private: only what stands on Schedule C."""
        meaning = self.meaning
        return self.takes_anything and meaning is not None and meaning[0] in PROFIT_KINDS and meaning[0] != Kind.INCOME

    @property
    def has_memory(self) -> bool:
        """Return whether the answer can hold for later rows of the same merchant."""
        return self.takes_anything and bool(self.card.item.merchant_key)

    @property
    def can_confirm(self) -> bool:
        if self.card.item.type == "currency":
            return bool(self.usd_cents)
        return self.chosen is not None

    def answered(self) -> Answered:
        """Return the answer as the service takes it."""
        from app.services.review.questions import Answered  # noqa: PLC0415

        if self.card.item.type == "currency":
            return Answered(usd_cents=self.usd_cents, source=self.source)
        mode = self.said_mode if self.has_memory else ONLY_THIS
        percent = None if self.percent is None else rate_text(self.percent)
        if self.chosen == self.else_number and self.other is not None:
            return Answered(kind=self.other[0], line=self.other[1], percent=percent, mode=mode)
        return Answered(choice=self.chosen, percent=percent, mode=mode)

    def said(self) -> str:
        """Return the sentence of the toast, such as `Booked 3 Lyft rides as Travel`."""
        what = f"{self.card.name}, {self.card.count}" if self.card.count else self.card.name
        if self.card.item.is_about_pairs:
            return f"Settled {what}."
        if self.meaning is None or not self.meaning[0]:
            return f"Answered {what}."
        as_what = naming.category(self.meaning[0], self.meaning[1])
        return f"Booked {what} as {as_what}."


def answer(books: Books, item_id: str, given: Answered) -> Outcome:
    from app.services.review import questions  # noqa: PLC0415

    return questions.answer(books, item_id, given)[0]


def personal(card: Card) -> Answering | None:
    """Return the answer `personal` to a question that can have it."""
    given = Answering(card)
    if not given.takes_anything:
        return None
    given.choose_other(Kind.PERSONAL, "NONE")
    return given


def without(cards: tuple[Card, ...], ids: set[str]) -> tuple[Card, ...]:
    return tuple(card for card in cards if card.item.id not in ids)
