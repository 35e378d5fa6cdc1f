"""Why a row stands as it does: which step decided and on what evidence, what the others say, what came second."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from app.core.books import naming
from app.core.books.vocabulary import Role, Status
from app.core.dates import day_of, year_of
from app.core.money import money_of, money_text
from app.services.books.open_books import Books
from app.services.classify import engine, evidence, rules
from app.services.derived import group_labels, movements, row_labels
from app.services.ledger import transactions
from app.services.review import merchant_questions, would_change
from app.services.review.review_items import Choice, Item, plain_name
from app.services.review.would_change import Change
from app.services.tax import taxes
from app.store import operations
from app.store.given_back import BACK_TYPES
from app.store.labels import Group, LabelRow
from app.store.row_labels import RowLabel
from app.store.transactions import Listed

if TYPE_CHECKING:
    from app.core.classify.answers import Subject, UserRule
    from app.store.decisions import Decision

YOU, MATCHER = "you", "matcher"
STEPS = {
    YOU: "Your own word for this row",
    "rule": "Your rules",
    "memory": "Your earlier answers",
    "structure": "The bank’s own words",
    MATCHER: "Rows that belong together",
    "merchant": "The list of merchants",
    "brand": "The list of brands",
    "connection": "The category your bank gives",
    "nearest": "Names nearly the same",
    "words": "Words that suggest a trade",
    "model": "What the name sounds like",
}
"""The steps in the order in which they are asked, in words."""

_NOT_ENOUGH = "That is not enough to book it, so you are asked."
_MIXED = "The account is used for private money too, so you are asked once."
_FOUND = frozenset({"pair", "payout", "refund"})
_AMOUNT = "structure"
"""The step of a row over 0.00: its amount says that there is nothing to book."""
_QUIET = "says nothing here"
_SPLIT = "You split it into parts."


class Step(NamedTuple):
    """What one step says by itself. The first that is certain decides."""

    step: str
    title: str
    speaks: bool
    decided: bool
    kind: str
    line: str
    confidence: int
    text: str

    @property
    def says(self) -> str:
        """Return it in short words: `Office expense`, or that it says nothing."""
        if self.text == _SPLIT:
            return "In parts"
        return naming.category(self.kind, self.line) if self.speaks else _QUIET


class Holding(NamedTuple):
    """A rule of the person's that fits the row; only the first decides."""

    id: int
    order: int
    text: str
    leads_to: str
    decided: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    row: Listed
    sentence: str
    """The answer in one sentence; the rest says it at length."""
    decided: str
    """The step that decided; empty where nothing was certain enough and a person is asked."""
    steps: tuple[str, ...]
    runner_up: Choice | None
    order: tuple[Step, ...]
    links: tuple[evidence.Evidence, ...]
    rules: tuple[Holding, ...]
    said_at: datetime | None
    """When the person said what decided, where one did."""
    changes: tuple[Change, ...]


def explain(books: Books, transaction_id: int) -> Explained:
    """Raises: NotFound."""
    with books.reading():
        return _Case(books, transaction_id).explained()


class _Case:
    """One row with all that was looked up about it."""

    def __init__(self, books: Books, transaction_id: int) -> None:
        self._books = books
        self.row = transactions.existing(books, transaction_id)
        self.decision: Decision = books.decisions.get(transaction_id)
        self.group: Group = transactions.group_of(books, transaction_id)
        self.label: LabelRow = group_labels.labelled(books, [self.group])[0]
        self.own: RowLabel | None = books.row_labels.get(transaction_id)
        self.subject: Subject = group_labels.subject_of(books, self.group, self.row.cents, self.row.tax_date)
        self.links = evidence.of_row(books, self.row)
        self.decided = self._decided()

    def explained(self) -> Explained:
        at = self._said_at()
        order = self._order()
        return Explained(
            row=self.row,
            sentence=self._sentence(at),
            decided=next((step.step for step in order if step.decided), ""),
            steps=tuple(self._steps()),
            runner_up=self._runner_up(),
            order=order,
            links=self.links,
            rules=self._rules(),
            said_at=at,
            changes=self._changes(),
        )

    # --- who decided

    def _decided(self) -> str:
        if self._is_own or any(link.by_person for link in self.links):
            return YOU
        if self.own is not None:
            if self.own.source in _FOUND:
                return MATCHER
            if self.own.source == "rule":
                return "rule"
            if self.own.source == row_labels.NOTHING_MOVED:
                return _AMOUNT
        return ""

    @property
    def _is_own(self) -> bool:
        return self.decision.kind is not None or bool(self.decision.is_split)

    def _order(self) -> tuple[Step, ...]:
        """Put the person and the matcher among the steps of the engine, where they are asked."""
        found: dict[str, Step] = {}
        for layer in engine.classifier(self._books).explained(self.subject):
            kind, line = layer.meaning
            decided = layer.decided if not self.decided else layer.step == self.decided
            found[layer.step] = Step(
                layer.step, STEPS[layer.step], layer.speaks, decided, kind, line, layer.confidence, layer.text
            )
        own, matched = self._is_own or self.decided == YOU, self._matched()
        if self.decided == _AMOUNT:
            found[_AMOUNT] = self._step(_AMOUNT, self.row.reason, self.row.confidence)
        said = _SPLIT if self.decision.is_split else "You said so for this row."
        found[YOU] = self._step(YOU, said if own else "", self.row.confidence)
        found[MATCHER] = self._step(MATCHER, matched, self.own.confidence if self.own else self.row.confidence)
        return tuple(found[name] for name in STEPS)

    def _step(self, name: str, text: str, confidence: int) -> Step:
        decided = self.decided == name
        kind, line = self.row.kind, self.row.line
        if not decided and self.own is not None:
            kind, line = self.own.kind, self.own.line
        return Step(name, STEPS[name], bool(text), decided, kind, line, confidence, text)

    def _matched(self) -> str:
        if self.own is not None and self.own.source in _FOUND:
            return self.own.reason
        return next((link.reason for link in self.links if not link.by_person and link.certain), "")

    # --- in words

    def _sentence(self, at: datetime | None) -> str:
        words = naming.category(self.row.kind, self.row.line)
        when = f" on {naming.day_words(day_of(at.date()), self._year())}" if at else ""
        if self.decision.is_split:
            return f"You split it into parts{when}."
        if self.decision.kind is not None:
            return f"You booked it as {words}{when}."
        link = next((each for each in self.links if each.certain), None)
        if link is not None and (link.by_person or link.came_back or link.type not in BACK_TYPES):
            return self._of_link(link, words, when)
        back = (
            f" {money_text(link.cents)} of it came back on {naming.day_words(link.day, self._year())}." if link else ""
        )
        return self._of_evidence(words, when) + back

    def _of_evidence(self, words: str, when: str) -> str:
        rules, asked = self._rules(), self.row.status == Status.SUGGESTED
        if rules and rules[0].decided:
            does = "books it" if not asked else "asks about it each time, and suggests to book it"
            return f"Your rule for {rules[0].text} {does} as {words}."
        if self.label.outcome.source == "memory" and asked and not self.own:
            return f"You want to be asked about {self._name()} each time; you said {words} last{when}."
        if self.label.outcome.source == "memory" and not asked:
            return f"You said{when} that {self._name()} is {words}."
        reason = self.row.reason
        if self.decided == _AMOUNT:
            return reason
        if not asked:
            return f"{reason} So it is {words}."
        return f"{reason} {_MIXED if self._waits_for_account() else _NOT_ENOUGH}"

    def _waits_for_account(self) -> bool:
        """Whether it would be booked if the account held business money only."""
        if self.decided or self.label.outcome.source in {"rule", "memory"}:
            return False
        then = group_labels.label_as(self._books, self.group, Role.BUSINESS)
        return then.auto and (then.kind, then.line) == (self.row.kind, self.row.line)

    def _of_link(self, link: evidence.Evidence, words: str, when: str) -> str:
        amount, day = money_text(abs(link.cents)), naming.day_words(link.day, self._year())
        if link.by_person:
            return f"You linked it to {amount} of {day} in {link.account}{when}."
        if link.came_back:
            what = "charged" if self.row.line == "C2" else "paid"
            if self.row.status == Status.SUGGESTED and transactions.existing(self._books, link.transaction_id).is_split:
                return (
                    f"It gives back {amount} of what was {what} on {day}. You split that into parts: which one is it?"
                )
            return f"It gives back {amount} of what was {what} on {day}, and counts as that does: {words}."
        return f"It is one movement with {amount} in {link.account} on {day}: {words}."

    def _name(self) -> str:
        return self.label.merchant.name or naming.payee(self.label.merchant.key, self.row.text)

    def _year(self) -> int:
        return year_of(taxes.today(self._books))

    def _steps(self) -> list[str]:
        row, label = self.row, self.label.outcome
        found = [f"The bank's text is “{row.text}”."]
        if self.label.merchant.name:
            found.append(f"It names {self.label.merchant.name}.")
        found.append(f"By itself this text is: {plain_name(label.kind, label.line, label.percent)}. {label.reason}")
        found += [
            f"It {'pairs' if link.type in movements.PAIR_TYPES else 'belongs'} with transaction {link.transaction_id}: "
            f"{link.reason}"
            for link in self.links
            if link.certain
        ]
        if row.kind in movements.LINK_KIND.values() and not any(link.certain for link in self.links):
            found.append(f"It is one side of a movement: {movements.missing_side(self._books, row.text)}.")
        if self._is_own:
            found.append("You booked it yourself; that stands above everything else.")
        elif row.reason not in {label.reason, ""} and not any(x.type in movements.PAIR_TYPES for x in self.links):
            found.append(row.reason)
        return [*found, f"So it is {row.status}: {self._counts()}."]

    def _counts(self) -> str:
        """Return what the row counts as, part by part where a person split it."""
        if not self.decision.is_split:
            return plain_name(self.row.kind, self.row.line, self.row.percent)
        return ", ".join(
            f"{plain_name(kind, line, percent)} {money_of(cents, self.row.currency)}"
            for cents, kind, line, percent in self._books.decisions.parts(self.row.id)
        )

    # --- what else there is

    def _runner_up(self) -> Choice | None:
        stood = (self.row.kind, self.row.line)
        every = merchant_questions.stored_choices(self.label.outcome.choices)
        return next((choice for choice in every if (choice.kind, choice.line) != stood), None)

    def _rules(self) -> tuple[Holding, ...]:
        first = self.decided in {"rule", ""}
        stored = {rule.id: rule for rule in self._books.rules.all()}
        accounts = rules.account_names(self._books)
        return tuple(
            Holding(
                rule.id, rule.order, rules.words(stored[rule.id], accounts),
                plain_name(rule.kind, rule.line, rule.percent), first and place == 0,
            )
            for place, rule in enumerate(self._holding())
        )  # fmt: skip

    def _holding(self) -> list[UserRule]:
        return engine.classifier(self._books).rules_for(self.subject)

    def _said_at(self) -> datetime | None:
        """Return when the person said it: about this row, or about the merchant."""
        wrote: operations.OperationRow | None = None
        connection = self._books.connection
        if self._is_own:
            wrote = operations.booked(connection, self.row.id)
        elif self.decided == YOU:
            wrote = operations.wrote(connection, "link", "first_id", self.row.id) or operations.wrote(
                connection, "link", "second_id", self.row.id
            )
        elif self.label.outcome.source == "memory":
            number = self._books.rules.answer_id(
                self.label.merchant.key, 1 if self.group.money_in else -1, self.group.account_id
            )
            wrote = operations.wrote(connection, "answer", "id", number) if number is not None else None
        if wrote is None:
            return None
        return datetime.fromisoformat(wrote.at).astimezone(self._books.zone())

    def _changes(self) -> tuple[Change, ...]:
        open_ = self.row.status == Status.SUGGESTED
        settled = any(link.certain and (link.type in movements.PAIR_TYPES or not open_) for link in self.links)
        if self._is_own or settled or self.decided == _AMOUNT or self.row.status == Status.DELETED:
            return ()
        stored = merchant_questions.stored_choices(self.label.outcome.choices)
        item = Item(
            id="", type=_type_of(self.row), rows=[self.row], question="", reason=self.row.reason,
            choices=merchant_questions.choices_of(self.row, stored),
        )  # fmt: skip
        return would_change.of(self._books, item)


def _type_of(row: Listed) -> str:
    return "currency" if row.currency != "USD" and row.usd_cents is None else "refund" if row.kind == "refund" else ""
