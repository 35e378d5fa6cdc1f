"""The user's own rules: the first that matches wins over everything the program thinks."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from app.core.money import WHOLE, money_text
from app.ui.settings.section import Section
from app.ui.widgets.buttons import Button, CheckBox, IconButton
from app.ui.widgets.card import Card, Row
from app.ui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from app.services.books import Books
    from app.ui.page import Page
    from app.ui.runtime.tasks import Token


class RuleLine(NamedTuple):
    """A rule in words."""

    id: int
    when: str
    then: str
    hits: int
    is_on: bool


class RulesSection(Section):
    def __init__(self, page: Page) -> None:
        super().__init__(
            page, "Your rules", "The first rule that matches a transaction decides. Make one from a question with R."
        )
        add = Button("Add a rule", icon="plus")
        add.clicked.connect(self._add)
        self.card = Card("Rules")
        self.card.add_link(add)
        self.empty = EmptyState(
            "tag", "No rules yet", "Answer a question with “Always”, or add a rule for a text that returns."
        )
        self.cards.addWidget(self.card)
        self.cards.addWidget(self.empty)
        self.cards.addStretch(1)

    def load(self) -> None:
        self.page.fetch(_listed, self._show, name="rules")

    def _show(self, rules: list[RuleLine]) -> None:
        self.card.clear_rows()
        self.empty.setVisible(not rules)
        for rule in rules:
            times = f"{rule.hits} transaction{'' if rule.hits == 1 else 's'}"
            row = Row(rule.when, times, second=rule.then)
            switch = CheckBox("")
            switch.setAccessibleName(f"Rule for {rule.when} is on")
            switch.setChecked(rule.is_on)
            switch.toggled.connect(partial(self._switch, rule.id))
            remove = IconButton("trash", f"Remove the rule for {rule.when}")
            remove.clicked.connect(partial(self._remove, rule.id))
            row.add_right(switch)
            row.add_right(remove)
            self.card.add_row(row)

    def _switch(self, rule_id: int, on: bool) -> None:  # noqa: FBT001 - Qt's signal
        def work(books: Books) -> Any:  # noqa: ANN401 - Outcome
            from app.services import rules  # noqa: PLC0415

            return rules.change(books, rule_id, {"is_on": int(on)})

        self.change(work, "Rule switched on." if on else "Rule switched off.")

    def _remove(self, rule_id: int) -> None:
        def work(books: Books) -> Any:  # noqa: ANN401 - Outcome
            from app.services import rules  # noqa: PLC0415

            return rules.remove(books, rule_id)

        self.change(work, "Rule removed.")

    def _add(self) -> None:
        from app.ui.rule_sheet import open_rule_sheet  # noqa: PLC0415 - only when asked for

        open_rule_sheet(self.page.frame, text="", kind="expense", line="C18")


def _listed(books: Books, _token: Token) -> list[RuleLine]:
    from app.services import review, rules  # noqa: PLC0415

    accounts = {account.id: account.name for account in books.accounts.all()}
    found = []
    for rule, hits in rules.listed(books):
        parts = [f"“{rule.text}”" if rule.text else "any text"]
        if rule.sign:
            parts.append("money in" if rule.sign > 0 else "money out")
        if rule.amount_min is not None:
            parts.append(f"from {money_text(rule.amount_min)}")
        if rule.amount_max is not None:
            parts.append(f"up to {money_text(rule.amount_max)}")
        if rule.account_id is not None:
            parts.append(accounts.get(rule.account_id, ""))
        then = "Always ask" if rule.ask else f"Book as {review.plain_name(rule.kind, rule.line, rule.percent or WHOLE)}"
        found.append(RuleLine(rule.id, ", ".join(parts), then, hits, bool(rule.is_on)))
    return found
