"""From the profit to what is to be set aside, step by step; each opens its worksheet lines and its transactions."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from app.core.books import naming
from app.services.tax.tax_ladder import SUM, Step
from app.ui.taxes.view_model import explanation
from app.ui.taxes.worksheet import LineView
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.amount import amount_text
from app.ui.widgets.buttons import LinkButton
from app.ui.widgets.card import Divider
from app.ui.widgets.live import LiveLabel
from app.ui.widgets.paint import ALIGN_RIGHT, draw_text, fill_round, text_width
from app.ui.widgets.pane import INSET
from app.ui.widgets.pressable import Pressable
from app.ui.widgets.themed import Themed, clear, discard, pad

FORM_AT = 186
"""Where the line of the return stands, from the left of the text."""

NOT_INCLUDED = "not included"
LAST = "gap"


class StepButton(Pressable):
    """One step: what it is, its line of the return, its amount. 30 high, the last one 40 on a tinted ground."""

    def __init__(self, step: Step) -> None:
        self.step = step
        super().__init__(step.label, None)
        self.setProperty("ring_radius", 8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.follow_theme()

    def set_open(self, *, is_open: bool) -> None:
        self.setAccessibleDescription("Open" if is_open else "Closed. Press to see how it is worked out.")

    def restyle(self) -> None:
        said = self.amount() if self.step.is_known else NOT_INCLUDED
        self.setAccessibleName(", ".join(part for part in (self.step.label, self.step.form, said) if part))

    def amount(self) -> str:
        # The last step says "more than is needed" by its name, so the figure stands without a sign.
        return amount_text(abs(self.step.cents) if self.step.key == LAST else self.step.cents)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt
        if event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            event.ignore()  # the ladder moves to the next step; a button alone would move as Tab does
            return
        super().keyPressEvent(event)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt
        return QSize(current().dp(200), current().dp(40 if self.step.key == LAST else 30))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt
        theme, painter, step = current(), QPainter(self), self.step
        box = QRectF(self.rect())
        if step.key == LAST:
            fill_round(painter, box.adjusted(theme.dp(12), 0, -theme.dp(12), 0), theme.dp(8), "sel")
        elif self._over_now() or self.isDown():
            fill_round(painter, box.adjusted(theme.dp(12), 1, -theme.dp(12), -1), theme.dp(6), "hover")
        inner = box.adjusted(theme.dp(INSET), 0, -theme.dp(INSET), 0)
        is_sum = step.role == SUM
        if not step.is_known:
            width = draw_text(painter, inner, NOT_INCLUDED, Role.SMALL, "muted", ALIGN_RIGHT)
        else:
            role = Role.PANE_TITLE if step.key == LAST else Role.CARD_TITLE if is_sum else Role.SMALL
            width = draw_text(painter, inner, self.amount(), role, "text", ALIGN_RIGHT)
        right = inner.right() - width - theme.dp(10)
        words = Role.SMALL_TITLE if is_sum else Role.SMALL
        form = text_width(step.form, Role.CAPTION) if step.form else 0.0
        at = min(max(inner.left() + theme.dp(FORM_AT), inner.left() + text_width(step.label, words) + theme.dp(8)),
                 right - form)  # fmt: skip
        room = (at if step.form else right) - theme.dp(8) - inner.left()
        draw_text(painter, QRectF(inner.left(), 0, room, box.height()), step.label, words, "text", elide=True)
        if step.form:
            draw_text(painter, QRectF(at, 0, form + 1, box.height()), step.form, Role.CAPTION, "muted")


class StepDetail(Themed, QFrame):
    """What stands behind a step: words, worksheet lines, the way to its transactions."""

    show_rows = Signal(tuple)

    def __init__(self, step: Step) -> None:
        super().__init__()
        self._outer = QVBoxLayout(self)
        box = QFrame()
        box.setObjectName("card")
        self._outer.addWidget(box)
        self._column = QVBoxLayout(box)
        if explanation(step):
            self._column.addWidget(LiveLabel(lambda: explanation(step), Role.CAPTION, "muted", wrap=True))
        for number, line in enumerate(step.lines):
            if number:
                self._column.addWidget(Divider())
            self._column.addWidget(LineView(line))
        self._link = LinkButton("")
        self._link.hide()
        self._column.addWidget(self._link, 0, Qt.AlignmentFlag.AlignLeft)
        self._ids: tuple[int, ...] = ()
        self._link.clicked.connect(lambda: self.show_rows.emit(self._ids))
        self.follow_theme()

    def restyle(self) -> None:
        pad(self._outer, 12, 2, 12, 8)
        pad(self._column, 12, 10, 12, 10)
        self._column.setSpacing(current().dp(8))

    def take_rows(self, ids: tuple[int, ...]) -> None:
        """Offer the transactions once they are counted."""
        self._ids = ids
        self._link.set_words(
            f"Show the {naming.counted(len(ids), 'transaction')}" if len(ids) > 1 else "Show the transaction"
        )
        self._link.setVisible(bool(ids))


class Ladder(Themed, QWidget):
    """`wants_rows` asks for the transactions of a step, `show_rows` opens them."""

    wants_rows = Signal(str)
    show_rows = Signal(tuple)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("How is this computed?")
        self._steps: list[StepButton] = []
        self._open = ""
        self._detail: StepDetail | None = None
        self._column = QVBoxLayout(self)
        self._column.setSpacing(0)
        self.follow_theme()

    def restyle(self) -> None:
        pad(self._column, 0, 2, 0, 0)

    @property
    def open_key(self) -> str:
        return self._open

    def buttons(self) -> list[StepButton]:
        return list(self._steps)

    def detail(self) -> StepDetail | None:
        return self._detail

    def show_steps(self, steps: Sequence[Step]) -> None:
        """Show the steps; the one that was open and the one with the keyboard stay so."""
        focused = next((button.step.key for button in self._steps if button.hasFocus()), "")
        was_open, self._open, self._detail = self._open, "", None
        clear(self._column)
        self._steps = []
        for number, step in enumerate(steps):
            if step.role == SUM and step.key != LAST and number:
                self._column.addWidget(Divider())
            button = StepButton(step)
            button.set_open(is_open=False)
            button.clicked.connect(lambda _checked=False, key=step.key: self.toggle(key))
            self._steps.append(button)
            if step.key == LAST:
                self._column.addSpacing(current().dp(4))
            self._column.addWidget(button)
            if step.role == SUM and number < len(steps) - 1:
                self._column.addSpacing(current().dp(6))
        if any(step.key == was_open for step in steps):
            self.toggle(was_open)
        for button in self._steps:
            if button.step.key == focused:
                button.setFocus()

    def toggle(self, key: str) -> None:
        """Open a step and close the one that was open."""
        if self._detail is not None:
            discard(self._detail)
            self._detail = None
        was, self._open = self._open, ""
        for button in self._steps:
            button.set_open(is_open=False)
            if button.step.key == key and key != was:
                self._open = key
                button.set_open(is_open=True)
                self._detail = StepDetail(button.step)
                self._detail.show_rows.connect(self.show_rows)
                self._column.insertWidget(self._column.indexOf(button) + 1, self._detail)
                self._detail.show()
                if button.step.has_rows:
                    self.wants_rows.emit(key)

    def take_rows(self, key: str, ids: tuple[int, ...]) -> None:
        if key == self._open and self._detail is not None:
            self._detail.take_rows(ids)

    def focus_first(self) -> None:
        target = next((button for button in self._steps if button.step.key == self._open), None)
        if target is None and self._steps:
            target = self._steps[0]
        if target is not None:
            target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        here = next((n for n, button in enumerate(self._steps) if button.hasFocus()), None)
        if step is None or here is None:
            super().keyPressEvent(event)
            return
        self._steps[min(max(here + step, 0), len(self._steps) - 1)].setFocus(Qt.FocusReason.TabFocusReason)
