"""Making or changing a rule: what it matches, what it books, and which rows would stand otherwise, shown before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.core.books import naming
from app.core.errors import UserError
from app.core.money import WHOLE, rate_text
from app.ui.sheets.category_picker import Category, CategoryPicker
from app.ui.sheets.rule_trial import Trial, Tried, said, tried
from app.ui.theme import theme
from app.ui.theme.fonts import Role
from app.ui.widgets.buttons import Button, CheckBox, DropDown, LinkButton, Segmented
from app.ui.widgets.dialog import Sheet
from app.ui.widgets.fields import AmountEdit, DateEdit, LineEdit, field
from app.ui.widgets.text import Label

if TYPE_CHECKING:
    from app.services.books.open_books import Books
    from app.services.books.work import Outcome
    from app.ui.frame.page import Frame

_TYPING_MS = 250
_CONDITIONS = (
    "text", "regex", "counterparty", "sign", "amount_min", "amount_max", "date_from", "date_to", "account_id",
)  # fmt: skip
_NEEDS_CONDITION = "Say what the rule looks for: a text, a name, a direction, an amount, a day or an account."


class RuleSheet(Sheet):
    """A form that shows what the rule would change. With an `id` among the values it changes a rule.

    With `instead_of` (merchant, direction, account) the rule takes the place of a remembered answer.
    """

    def __init__(self, frame: Frame, window: QWidget, values: dict[str, Any]) -> None:
        super().__init__(window, "Edit the rule" if "id" in values else "New rule", width=600)
        self._frame = frame
        self._instead_of: tuple[str, int, int] | None = values.pop("instead_of", None)
        self._id: int | None = values.get("id")
        self._kind, self._line = str(values.get("kind", "expense")), str(values.get("line", "C18"))
        self.text = LineEdit("part of the bank’s text", name="Text the rule looks for")
        self.text.setText(str(values.get("text") or ""))
        self.sign = Segmented([(None, "In and out"), (-1, "Money out"), (1, "Money in")], name="Direction")
        self.sign.set_value(values.get("sign"))
        self.least = AmountEdit(values.get("amount_min"), "any", name="Smallest amount")
        self.most = AmountEdit(values.get("amount_max"), "any", name="Largest amount")
        accounts = [(a.id, naming.account_short(a.name, a.last4, a.institution)) for a in _accounts(frame)]
        self.account = DropDown([(None, "Any account"), *accounts], values.get("account_id"), name="Account")
        self.category = Button("", icon="tag", size="foot")
        self.share = LineEdit("100", name="Business share in percent")
        self.share.setText(rate_text(int(values.get("percent") or WHOLE)))
        today = frame.session.today
        self.counterparty = LineEdit("as the lists name it", name="Payee or payer")
        self.counterparty.setText(str(values.get("counterparty") or ""))
        self.regex = LineEdit("for those who know RE2", name="Pattern")
        self.regex.setText(str(values.get("regex") or ""))
        self.since = DateEdit(today, values.get("date_from"), name="First day")
        self.until = DateEdit(today, values.get("date_to"), name="Last day")
        self.called = LineEdit("optional", name="Name of the rule")
        self.called.setText(str(values.get("name") or ""))
        self.more = LinkButton("More conditions")
        self.more.clicked.connect(self._show_more)
        self._more_fields = QWidget()
        self.ask = CheckBox("Never book by itself, always ask")
        self.ask.setChecked(bool(values.get("ask")))
        self.effect = Label("", Role.SMALL, "muted", wrap=True)
        self.trial = Trial()
        self._lay_out()
        cancel = Button("Cancel")
        self.make = Button("Change the rule" if self._id is not None else "Make the rule", kind="primary")
        cancel.clicked.connect(self.close_box)
        self.make.clicked.connect(self._make)
        self.add_button(cancel)
        self.add_button(self.make)
        self._picker = CategoryPicker(window)
        self.category.clicked.connect(self._choose)
        self._wait = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._wait.timeout.connect(self._test)
        self._fit = QTimer(self, singleShot=True, interval=0)
        self._fit.timeout.connect(self.place_box)  # once what is new in the form has been measured
        self._connect()
        theme.current().changed.connect(self._hide_amounts)
        self._hide_amounts()
        self._name_category()
        self._soon()

    def _connect(self) -> None:
        typed = (
            self.text, self.least, self.most, self.share, self.counterparty, self.regex, self.since, self.until,
            self.called,
        )  # fmt: skip
        for edit in typed:
            edit.textChanged.connect(lambda _text: self._soon())
            edit.returnPressed.connect(self._enter)
        self.sign.changed.connect(lambda _value: self._soon())
        self.account.changed.connect(lambda _value: self._soon())
        self.ask.toggled.connect(lambda _on: self._soon())

    def _lay_out(self) -> None:
        gap = theme.current().dp(12)
        self.body.addWidget(field("The bank’s text holds", self.text, "capitals or not, anywhere in it"))
        self.body.addLayout(_beside(gap, field("Direction", _left(self.sign)), field("Account", _left(self.account))))
        self.body.addLayout(_beside(gap, field("Amount from", self.least), field("Amount up to", self.most)))
        more = QVBoxLayout(self._more_fields)
        more.setContentsMargins(0, 0, 0, 0)
        more.setSpacing(gap)
        more.addLayout(_beside(gap, field("With", self.counterparty), field("Pattern", self.regex)))
        more.addLayout(_beside(gap, field("Since", self.since), field("Until", self.until)))
        more.addWidget(field("Name", self.called))
        self.body.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self._more_fields)
        used = any(edit.text() for edit in (self.counterparty, self.regex, self.since, self.until, self.called))
        self.more.setVisible(not used)
        self._more_fields.setVisible(used)
        share = field("Business share, %", self.share)
        share.setMaximumWidth(theme.current().dp(130))
        self.body.addLayout(_beside(gap, field("Book as", self.category), share))
        self.body.addWidget(self.ask)
        self.body.addWidget(self.trial)
        self.foot.insertWidget(0, self.effect, 1)  # beside the answers: what is wrong never scrolls away

    def _show_more(self) -> None:
        self.more.hide()
        self._more_fields.show()
        self._fit.start()
        self.counterparty.setFocus(Qt.FocusReason.TabFocusReason)

    def _hide_amounts(self) -> None:
        mode = QLineEdit.EchoMode.Password if theme.amounts_hidden() else QLineEdit.EchoMode.Normal
        self.least.setEchoMode(mode)
        self.most.setEchoMode(mode)

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
        """Return the columns of the rule. Raises: ValueError with a sentence for the person."""
        from app.services.ledger.typed_values import percent  # noqa: PLC0415 - pulls in services

        try:
            share = percent(self.share.text().strip().removesuffix("%").strip() or "100")
        except UserError as error:
            raise ValueError(f"{error.message} {error.hint}") from error
        return {
            "text": self.text.text().strip() or None, "sign": self.sign.value(), "amount_min": self.least.cents(),
            "amount_max": self.most.cents(), "account_id": self.account.value(), "kind": self._kind,
            "line": self._line, "percent": share, "ask": int(self.ask.isChecked()),
            "counterparty": self.counterparty.text().strip() or None, "regex": self.regex.text().strip() or None,
            "date_from": self.since.day(), "date_to": self.until.day(), "name": self.called.text().strip() or None,
        }  # fmt: skip

    def _soon(self) -> None:
        """Test what the form says a moment after the last key."""
        self._wait.start()
        try:
            values = self._values()
        except ValueError as problem:
            self._tell(str(problem), is_wrong=True)
            return
        found = any(values[name] is not None for name in _CONDITIONS)
        self._tell("" if found else _NEEDS_CONDITION, is_wrong=not found)

    def _tell(self, text: str, *, is_wrong: bool) -> None:
        self.make.setEnabled(not is_wrong)
        if is_wrong:
            self._wait.stop()
            self.trial.clear()
        if text or is_wrong:
            self.effect.setText(text)
            self.effect.set_color("danger" if is_wrong and text != _NEEDS_CONDITION else "muted")
            self._fit.start()

    def _test(self) -> None:
        """Say what the rule would change: it is tried on the writer and rolled back."""
        values, rule_id = self._values(), self._id

        instead_of = self._instead_of

        def work(books: Books) -> Tried:
            from app.services.classify import rule_trials  # noqa: PLC0415

            if rule_id is None:
                effect = rule_trials.of_new(books, values, instead_of=instead_of)
            else:
                effect = rule_trials.of_change(books, rule_id, values)
            return tried(books, effect)

        def done(found: Tried) -> None:
            if self._is_newest(values):
                self._tell(said(found.effect), is_wrong=False)
                self.trial.show_tried(found)
                self._fit.start()

        def failed(error: Exception) -> None:
            if not isinstance(error, UserError):
                self._frame.fail(error)
            elif self._is_newest(values):
                self._tell(f"{error.message} {error.hint}".strip(), is_wrong=True)

        self._frame.tasks.write(work, done, failed)

    def _is_newest(self, values: dict[str, Any]) -> bool:
        """Return whether the form still says what was tested; it may be gone, and older words tell nothing."""
        try:
            return isValid(self) and not self.isHidden() and self._values() == values
        except ValueError:
            return False

    def _enter(self) -> None:
        if self.make.isEnabled():
            self._make()

    def _make(self) -> None:
        values, rule_id = self._values(), self._id
        instead_of = self._instead_of
        self.make.setEnabled(False)
        words = values["name"] or values["text"] or values["counterparty"] or values["regex"]
        name = f"“{words}”" if words else "this"

        def work(books: Books) -> Outcome:
            from app.services.classify import remembered, rules  # noqa: PLC0415

            if instead_of is not None:
                return remembered.make_rule(books, *instead_of, values)[0]
            return rules.add(books, values)[0] if rule_id is None else rules.change(books, rule_id, values)

        def done(outcome: Outcome) -> None:
            self.close_box()
            if outcome.operation is not None:
                self._frame.toast(f"Rule for {name} {'made' if rule_id is None else 'changed'}.")

        def failed(error: Exception) -> None:
            if isinstance(error, UserError):
                self._tell(f"{error.message} {error.hint}".strip(), is_wrong=True)
            else:
                self._frame.fail(error)

        self._frame.tasks.write(work, done, failed)


def _accounts(frame: Frame) -> list[Any]:
    return frame.session.gui.accounts.all()


def _beside(gap: int, *widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(gap)
    for widget in widgets:
        row.addWidget(widget, 1)
    return row


def _left(widget: QWidget) -> QWidget:
    """Return a holder in which a widget is as wide as its words."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    row = QHBoxLayout()
    row.addWidget(widget)
    row.addStretch(1)
    column.addLayout(row)
    return holder


def open_rule_sheet(frame: Frame, **values: Any) -> RuleSheet:  # noqa: ANN401 - the columns of a rule
    """Open the form over the window, filled in with what is known."""
    assert isinstance(frame, QWidget)
    sheet = RuleSheet(frame, frame, values)
    sheet.closed.connect(sheet.deleteLater)
    sheet.open_box()
    return sheet
