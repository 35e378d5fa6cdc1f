"""One question of “What if”: what it is, a slider, and a field for the exact amount, tied together."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.taxes.what_if_model import UNIT, Question
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.buttons import DropDown
from app.ui.widgets.fields import AmountEdit
from app.ui.widgets.slider import Slider
from app.ui.widgets.text import ElidedLabel, Label
from app.ui.widgets.themed import Themed, pad

FIELD_WIDTH = 118


class AmountRow(Themed, QWidget):
    """`changed` tells of a person's change, by slider or field. What cannot be read is said and changes nothing."""

    changed = Signal()

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.question = question
        self._cents = 0
        self.slider = Slider(question.low // UNIT, question.high // UNIT, question.label)
        self.edit = AmountEdit(None, "0", size=32, name=f"{question.label}, exact amount")
        self._head = QHBoxLayout()
        self._head.addWidget(Label(question.label, Role.SMALL_STRONG))
        self._head.addWidget(ElidedLabel(question.hint, Role.CAPTION, "muted"), 1)
        self._line = QHBoxLayout()
        self._line.addWidget(self.slider, 1)
        self._line.addWidget(self.edit)
        self.wrong = Label("", Role.CAPTION, "danger", wrap=True)
        self.wrong.setParent(self)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._head)
        self._column.addLayout(self._line)
        self._column.addWidget(self.wrong)
        self.wrong.hide()
        self.slider.valueChanged.connect(self._slid)
        self.edit.textEdited.connect(lambda _text: self._typed())
        self.follow_theme()

    def restyle(self) -> None:
        pad(self._column, 0, 0, 0, 0)
        self._column.setSpacing(current().dp(2))
        self._head.setSpacing(current().dp(8))
        self._line.setSpacing(current().dp(12))
        self.edit.setFixedWidth(current().dp(FIELD_WIDTH))

    def cents(self) -> int:
        return self._cents

    def set_cents(self, cents: int) -> None:
        """Show an amount without telling anyone."""
        self._cents = cents
        self._say("")
        self.edit.set_cents(cents or None)
        self._place_slider()

    def _slid(self, value: int) -> None:
        self._cents = value * UNIT
        self._say("")
        self.edit.set_cents(self._cents or None)
        self.changed.emit()

    def _typed(self) -> None:
        try:
            cents = self.edit.cents() or 0
        except ValueError as problem:
            self._say(str(problem))
            return
        if cents < 0 <= self.question.low:
            self._say("This is an amount without a sign.")
            return
        self._say("")
        self._cents = cents
        self._place_slider()
        self.changed.emit()

    def _place_slider(self) -> None:
        self.slider.blockSignals(True)
        self.slider.setValue(round(self._cents / UNIT))
        self.slider.blockSignals(False)
        self.slider.update()

    def _say(self, text: str) -> None:
        self.wrong.setText(text)
        self.wrong.setVisible(bool(text))
        self.edit.set_wrong(wrong=bool(text))
        self.edit.setAccessibleDescription(text)


class ChoiceRow(Themed, QWidget):
    """A question whose answer is one of a few words; the first choice leaves it as it is."""

    changed = Signal()

    def __init__(self, key: str, label: str, choices: list[tuple[object, str]]) -> None:
        super().__init__()
        self.key = key
        self.drop = DropDown(choices, name=label)
        self.drop.changed.connect(lambda _value: self.changed.emit())
        self._row = QHBoxLayout(self)
        self._row.addWidget(Label(label, Role.SMALL_STRONG), 1, Qt.AlignmentFlag.AlignVCenter)
        self._row.addWidget(self.drop)
        self.follow_theme()

    def restyle(self) -> None:
        pad(self._row, 0, 0, 0, 0)
        self._row.setSpacing(current().dp(8))

    def word(self) -> str:
        return str(self.drop.value() or "")

    def clear(self) -> None:
        self.drop.set_value(None)
