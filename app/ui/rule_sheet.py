"""Making a rule: what it matches, what it books, and how many rows would change, before it is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from app.core.books import naming
from app.core.money import WHOLE
from app.ui.category_picker import Category, CategoryPicker
from app.ui.theme.fonts import Role
from app.ui.widgets.buttons import Button, CheckBox, Segmented
from app.ui.widgets.dialog import Sheet
from app.ui.widgets.fields import LineEdit, field
from app.ui.widgets.text import Label

if TYPE_CHECKING:
    from app.services.books import Books
    from app.services.rules import TestedRow
    from app.services.unit_of_work import Outcome
    from app.ui.page import Frame
    from app.ui.runtime.tasks import Token

_TYPING_MS = 250


class RuleSheet(Sheet):
    """Fields on the left of nothing: a short form whose last line says what the rule would change."""

    def __init__(self, frame: Frame, window: QWidget, values: dict[str, Any]) -> None:
        super().__init__(window, "New rule", width=520)
        self._frame = frame
        self._kind, self._line = str(values.get("kind", "expense")), str(values.get("line", "C18"))
        self._percent = int(values.get("percent", WHOLE))
        self._account = values.get("account_id")
        self._token: Token | None = None
        self.text = LineEdit("part of the bank’s text", name="Text the rule looks for")
        self.text.setText(str(values.get("text", "")))
        self.sign = Segmented([(None, "In and out"), (-1, "Money out"), (1, "Money in")], name="Direction")
        self.sign.set_value(values.get("sign"))
        self.category = Button("", icon="tag")
        self.ask = CheckBox("Never book by itself, always ask")
        self.effect = Label("", Role.SMALL, "muted", wrap=True)
        self.body.addWidget(field("The bank’s text holds", self.text))
        self.body.addWidget(field("Direction", self.sign))
        self.body.addWidget(field("Book as", self.category))
        self.body.addWidget(self.ask)
        self.body.addWidget(self.effect)
        cancel, self.make = Button("Cancel"), Button("Make the rule", kind="primary")
        cancel.clicked.connect(self.close_box)
        self.make.clicked.connect(self._make)
        self.add_button(cancel)
        self.add_button(self.make)
        self._picker = CategoryPicker(window)
        self.category.clicked.connect(self._choose)
        self._wait = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._wait.timeout.connect(self._test)
        self.text.textChanged.connect(lambda _text: self._soon())
        self.sign.changed.connect(lambda _value: self._soon())
        self.ask.toggled.connect(lambda _on: self._soon())
        self._name_category()
        self._soon()

    def _name_category(self) -> None:
        self.category.set_words(naming.category(self._kind, self._line))

    def _choose(self) -> None:
        def chosen(category: Category) -> None:
            self._kind, self._line = category.kind, category.line
            self._name_category()
            self._soon()

        year = self._frame.session.wiring.today().year
        self._picker.ask(year, chosen, money_in=self.sign.value() == 1)

    def _values(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "text": self.text.text().strip(), "kind": self._kind, "line": self._line, "percent": self._percent,
            "ask": int(self.ask.isChecked()),
        }  # fmt: skip
        if self.sign.value() is not None:
            found["sign"] = self.sign.value()
        if self._account is not None:
            found["account_id"] = self._account
        return found

    def _soon(self) -> None:
        self.make.setEnabled(bool(self.text.text().strip()))
        self._wait.start()

    def _test(self) -> None:
        """Say what the rule would change: it is tried on the writer and rolled back."""
        values = self._values()
        if not values["text"]:
            self.effect.setText("Say which text the rule looks for.")
            return

        def work(books: Books) -> list[TestedRow]:
            from app.services import rules  # noqa: PLC0415

            return rules.effect_of_new(books, values)

        def done(rows: list[TestedRow]) -> None:
            many = naming.counted(len(rows), "transaction")
            self.effect.setText(f"{many} would be booked otherwise." if rows else "No transaction would change now.")

        self._frame.tasks.write(work, done, lambda error: self.effect.setText(str(error)))

    def _make(self) -> None:
        values = self._values()

        def work(books: Books) -> Outcome:
            from app.services import rules  # noqa: PLC0415

            return rules.add(books, values)[0]

        def done(_outcome: Outcome) -> None:
            self.close_box()
            self._frame.toast(f"Rule for “{values['text']}” made.")

        self._frame.tasks.write(work, done, self._frame.fail)


def open_rule_sheet(frame: Frame, **values: Any) -> RuleSheet:  # noqa: ANN401 - what `rules.add` takes
    """Open the form over the window, filled in with what is known."""
    assert isinstance(frame, QWidget)
    sheet = RuleSheet(frame, frame, values)
    sheet.closed.connect(sheet.deleteLater)
    sheet.open_box()
    return sheet
