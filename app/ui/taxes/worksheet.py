"""Worksheet lines: form, line, amount, the formula with its inputs, and where the rule stands."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.tax.model import Line
from app.ui.taxes.view_model import by_form, formula_text, inputs_text
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.amount import AmountLabel
from app.ui.widgets.card import Divider
from app.ui.widgets.live import LiveLabel
from app.ui.widgets.pane import INSET
from app.ui.widgets.scroll import ScrollArea
from app.ui.widgets.text import ElidedLabel, Label
from app.ui.widgets.themed import Themed, pad


class LineView(Themed, QWidget):
    """One line; `form` names the form where no heading does."""

    def __init__(self, line: Line, *, form: bool = True) -> None:
        super().__init__()
        where = " ".join(part for part in (line.form if form else "", line.line) if part)
        self._column = QVBoxLayout(self)
        self._head = QHBoxLayout()
        self._head.addWidget(ElidedLabel(line.label, Role.SMALL_STRONG), 1)
        self._head.addWidget(AmountLabel(line.cents, Role.SMALL_STRONG, plain=True))
        self._column.addLayout(self._head)
        if where:
            self._column.addWidget(ElidedLabel(where if form else f"Line {where}", Role.CAPTION, "muted"))
        self._column.addWidget(Label(formula_text(line), Role.CAPTION, "muted", wrap=True))
        self._column.addWidget(LiveLabel(partial(inputs_text, line), Role.CAPTION, "muted", wrap=True))
        if line.source:
            self._column.addWidget(Label(line.source, Role.CAPTION, "faint", wrap=True))
        self.follow_theme()

    def restyle(self) -> None:
        pad(self._column, 0, 0, 0, 0)
        self._column.setSpacing(current().dp(2))
        self._head.setSpacing(current().dp(12))


class Worksheet(Themed, QWidget):
    """All lines under their forms. It takes the keyboard so that arrows and page keys scroll it."""

    def __init__(self, lines: Sequence[Line], scroller: ScrollArea) -> None:
        super().__init__()
        self._scroller = scroller
        self.setAccessibleName("Worksheet")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ring", False)
        self._column = QVBoxLayout(self)
        for number, (form, each) in enumerate(by_form(lines)):
            if number:
                self._column.addWidget(Divider())
            self._column.addWidget(Label(form, Role.CARD_TITLE))
            for line in each:
                self._column.addWidget(LineView(line, form=False))
        self.follow_theme()

    def restyle(self) -> None:
        pad(self._column, INSET, 14, INSET, 20)
        self._column.setSpacing(current().dp(12))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt
        bar = self._scroller.verticalScrollBar()
        page, step = bar.pageStep(), current().dp(40)
        key = Qt.Key(event.key())
        moves = {
            Qt.Key.Key_Down: step, Qt.Key.Key_Up: -step, Qt.Key.Key_PageDown: page, Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_Home: -bar.maximum(), Qt.Key.Key_End: bar.maximum(),
        }  # fmt: skip
        if key not in moves:
            super().keyPressEvent(event)
            return
        bar.setValue(bar.value() + moves[key])
