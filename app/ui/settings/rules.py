"""The user's own rules, the first that matches wins; and the answers that are remembered."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import Qt

from app.core.books import rule_words
from app.core.books.naming import counted
from app.ui.settings.remembered import RememberedCard
from app.ui.settings.section import Section
from app.ui.settings.tall_row import TallRow
from app.ui.theme import theme
from app.ui.widgets.amount import amount_text
from app.ui.widgets.buttons import Button, CheckBox, IconButton, LinkButton
from app.ui.widgets.card import Card, Row
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.fields import LineEdit

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QWidget

    from app.services.books.open_books import Books
    from app.services.classify.remembered import Memory
    from app.services.classify.rules import Rule
    from app.ui.frame.page import Page
    from app.ui.runtime.tasks import Token


_SEARCHED_FROM = 8
"""From so many rules on there is a field to find one."""
_MOST = 100


class RuleLine(NamedTuple):
    """A rule, what it does in words, and how many rows it books now."""

    rule: Rule
    account: str
    then: str
    hits: int


class Loaded(NamedTuple):
    rules: list[RuleLine]
    memories: list[Memory]


class RulesSection(Section):
    def __init__(self, page: Page) -> None:
        super().__init__(
            page, "Your rules",
            "The first rule that matches a transaction decides. R on Today makes one; Alt and an arrow move one.",
        )  # fmt: skip
        self.add = LinkButton("Add a rule")
        self.add.clicked.connect(self._add)
        self.card = Card("Rules", "in this order")
        self.search = LineEdit("Find", icon="search", size=28, name="Find a rule")
        self.search.textChanged.connect(lambda _text: self._fill())
        self.card.add_link(self.search)
        self.card.add_link(self.add)
        self.empty = EmptyState("tag", "No rules yet", "Add one for a text that returns, or press R at a question.")
        self.first = Button("Add a rule", kind="primary", icon="plus")
        self.first.clicked.connect(self._add)
        self.empty.add_action(self.first)
        self.remembered = RememberedCard(self)
        self._lines: list[RuleLine] = []
        self.cards.addWidget(self.card)
        self.cards.addWidget(self.empty)
        self.cards.addWidget(self.remembered)
        self.cards.addStretch(1)
        theme.current().changed.connect(self._fill)

    def load(self) -> None:
        self.page.fetch(_loaded, self._show, name="rules")

    def _show(self, found: Loaded) -> None:
        self._lines = found.rules
        self._fill()
        self.remembered.show_memories(found.memories)

    def _fill(self) -> None:
        """Write the rows anew; the focus stays on the same button of the same rule."""
        held = self._focused()
        self.card.clear_rows()
        self.empty.setVisible(not self._lines)
        self.card.setVisible(bool(self._lines))
        self.search.setFixedWidth(theme.current().dp(160))
        self.search.setVisible(len(self._lines) >= _SEARCHED_FROM)
        words = self.search.text().casefold().split()
        fitting = [
            (at, line) for at, line in enumerate(self._lines)
            if all(word in f"{called(line)} {when(line)} {line.then}".casefold() for word in words)
        ]  # fmt: skip
        made: dict[tuple[int, str], QWidget] = {}
        for at, line in fitting[:_MOST]:
            row = self._row(line)
            for name, widget in self._controls(line, at).items():
                widget.setObjectName(f"{line.rule.id}:{name}")
                row.add_right(widget)
                made[line.rule.id, name] = widget
            self.card.add_row(row)
        if self._lines and (not fitting or len(fitting) > _MOST):
            left = "No rule fits." if not fitting else f"{len(fitting) - _MOST:,} more: use Find."
            self.card.add_row(Row("", left))
        if held is not None:
            same = made.get(held)
            other = self.add if self._lines else self.first
            (same if same is not None and same.isEnabled() else other).setFocus()

    @staticmethod
    def _row(line: RuleLine) -> TallRow:
        times = counted(line.hits, "transaction") if line.rule.is_on else "switched off"
        first = f"{when(line)}. " if line.rule.name else ""
        return TallRow(called(line), f"{first}{line.then}. {times[0].upper()}{times[1:]}.")

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Move the rule that has the focus with Alt and the arrows, remove it with Delete."""
        held = self._focused()
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if held is not None and steps is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._move(held[0], steps)
        elif held is not None and event.key() == Qt.Key.Key_Delete:
            self._remove(held[0])
        else:
            super().keyPressEvent(event)

    def _focused(self) -> tuple[int, str] | None:
        widget = self.window().focusWidget() if self.isVisible() else None
        number, _, name = widget.objectName().partition(":") if widget is not None else ("", "", "")
        return (int(number), name) if widget and self.card.isAncestorOf(widget) and number.isdecimal() else None

    def _controls(self, line: RuleLine, at: int) -> dict[str, QWidget]:
        rule, what = line.rule, when(line)

        def button(icon: str, name: str, do: Any, *, enabled: bool = True) -> IconButton:  # noqa: ANN401 - a slot
            made = IconButton(icon, name, "small", framed=False)
            made.clicked.connect(do)
            made.setEnabled(enabled)
            return made

        switch = CheckBox("", name=f"The rule for {what} is on")
        switch.setToolTip("On or off")
        switch.setChecked(bool(rule.is_on))
        switch.clicked.connect(lambda on: self._switch(rule.id, on))
        last = len(self._lines) - 1
        return {
            "up": button(
                "chevron-up", f"Move the rule for {what} up", partial(self._move, rule.id, -1), enabled=at > 0
            ),
            "down": button(
                "chevron-down", f"Move the rule for {what} down", partial(self._move, rule.id, 1), enabled=at < last
            ),
            "history": button("clock", f"History of the rule for {what}", partial(self._history, line)),
            "edit": button("edit", f"Edit the rule for {what}", partial(self._edit, rule)),
            "remove": button("trash", f"Remove the rule for {what}", partial(self._remove, rule.id)),
            "switch": switch,
        }

    def _switch(self, rule_id: int, on: bool) -> None:  # noqa: FBT001 - Qt's signal
        def work(books: Books) -> Any:  # noqa: ANN401 - Outcome
            from app.services.classify import rules  # noqa: PLC0415

            return rules.change(books, rule_id, {"is_on": int(on)})

        self.change(work, "Rule switched on." if on else "Rule switched off.")

    def _move(self, rule_id: int, steps: int) -> None:
        def work(books: Books) -> Any:  # noqa: ANN401 - Outcome
            from app.services.classify import rules  # noqa: PLC0415

            return rules.move(books, rule_id, steps)

        self.change(work, "Rule moved up." if steps < 0 else "Rule moved down.")

    def _remove(self, rule_id: int) -> None:
        def work(books: Books) -> Any:  # noqa: ANN401 - Outcome
            from app.services.classify import rules  # noqa: PLC0415

            return rules.remove(books, rule_id)

        self.change(work, "Rule removed.")

    def _history(self, line: RuleLine) -> None:
        from app.ui.settings.rule_history_sheet import open_rule_history  # noqa: PLC0415 - only when asked for

        open_rule_history(self.page, line.rule.id, called(line))

    def _add(self) -> None:
        from app.ui.sheets.rule_sheet import open_rule_sheet  # noqa: PLC0415 - only when asked for

        open_rule_sheet(self.page.frame, text="", kind="expense", line="C18")

    def _edit(self, rule: Rule) -> None:
        from app.ui.sheets.rule_sheet import open_rule_sheet  # noqa: PLC0415 - only when asked for

        open_rule_sheet(self.page.frame, **rule._asdict())


def when(line: RuleLine) -> str:
    """Return what a rule looks for, in words; amounts as the window shows them."""
    return rule_words.conditions(line.rule._asdict(), line.account, amount_text)


def called(line: RuleLine) -> str:
    return line.rule.name or when(line)


def _loaded(books: Books, _token: Token) -> Loaded:
    from app.services.classify import remembered, rules  # noqa: PLC0415

    accounts = rules.account_names(books)
    lines = [
        RuleLine(rule, accounts.get(rule.account_id or 0, ""), rule_words.action(rule._asdict()), hits)
        for rule, hits in rules.listed(books)
    ]
    return Loaded(lines, remembered.listed(books))
