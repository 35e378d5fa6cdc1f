"""Numbered choices, one of them chosen: a radio group whose keys are 1 to 9."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QRadioButton, QSizePolicy, QVBoxLayout, QWidget

from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.paint import (
    ALIGN_RIGHT,
    draw_text,
    key_width,
    paint_icon,
    paint_key,
    paint_round,
    text_width,
)
from app.ui.widgets.themed import Themed, clear

HEIGHT = 34
TALL = 50
"""With a second line."""
INSET = 8


class ChoiceList(Themed, QWidget):
    """Choices are (number, text, what stands at the right, how sure in words or ""). `changed` gives the number."""

    changed = Signal(int)

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._parts: dict[int, _Choice] = {}
        self._chosen: int | None = None
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.follow_theme()

    def set_choices(
        self,
        choices: Sequence[tuple[int, str, str, str]],
        chosen: int | None = None,
        seconds: Mapping[int, str] | None = None,
    ) -> None:
        """Show these; `seconds` are second lines by number."""
        had_focus = any(part.hasFocus() for part in self._parts.values())
        clear(self._column)
        self._parts.clear()
        self._chosen = None
        for number, text, right, confidence in choices:
            part = _Choice(number, text, right, confidence, (seconds or {}).get(number, ""), self)
            part.clicked.connect(lambda _checked=False, number=number: self._pick(number))
            self._parts[number] = part
            self._column.addWidget(part)
        if chosen is not None:
            self.select(chosen)
        if had_focus:
            self.focus_chosen()

    def select(self, number: int) -> None:
        """Choose without telling anyone. Raises: KeyError for a number that is no choice."""
        self._parts[number].setChecked(True)
        self._chosen = number

    def choose(self, number: int) -> bool:
        """Choose as a person does, by key; return whether there is such a choice."""
        if number not in self._parts:
            return False
        self._parts[number].setChecked(True)
        self._pick(number, again=True)
        return True

    def chosen(self) -> int | None:
        return self._chosen

    def focus_chosen(self) -> None:
        part = self._parts.get(self._chosen or 0) or next(iter(self._parts.values()), None)
        if part is not None:
            part.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.text().isdigit() and self.choose(int(event.text())):
            self.focus_chosen()
            return
        super().keyPressEvent(event)

    def _pick(self, number: int, *, again: bool = True) -> None:
        if again or number != self._chosen:
            self._chosen = number
            self.changed.emit(number)


class _Choice(Themed, QRadioButton):
    def __init__(self, number: int, text: str, right: str, confidence: str, second: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._number = number
        self._words = text
        self._right = right
        self._second = second
        self._over = False
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(", ".join(part for part in (text, right, second, confidence) if part))
        self.setAccessibleDescription(f"Key {number}")
        self.setToolTip(confidence)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("ring_radius", 8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.follow_theme()

    def restyle(self) -> None:
        self.setFixedHeight(current().dp(self._tall()))

    def _tall(self) -> int:
        return TALL if self._second else HEIGHT

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        dp = current().dp
        width = key_width(str(self._number)) + text_width(self._words, Role.CARD_TITLE) + dp(90)
        return QSize(round(width), dp(self._tall()))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(current().dp(120), current().dp(self._tall()))

    def hitButton(self, pos: QPoint) -> bool:  # noqa: N802 - Qt's name
        return self.rect().contains(pos)

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802 - Qt's name
        self._over = True
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        self._over = False
        super().leaveEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        dp = current().dp
        painter = QPainter(self)
        box = QRectF(self.rect())
        on = self.isChecked()
        if on:
            paint_round(painter, box, dp(8), "sel", "sel_line")
        elif self._over:
            paint_round(painter, box, dp(8), "hover", None)
        x = dp(INSET)
        x += paint_key(painter, x, (box.height() - dp(20)) / 2, str(self._number)) + dp(10)
        code = text_width(self._right, Role.CAPTION)
        edge = box.right() - dp(INSET) - dp(16) - dp(10)
        first = dp(26) if self._second else 0
        room = QRectF(x, dp(4) if first else 0, edge - code - dp(8) - x, first or box.height())
        role = Role.CARD_TITLE if on else Role.BODY
        draw_text(painter, room, self._words, role, "text" if self.isEnabled() else "faint", elide=True)
        right = QRectF(0, room.top(), edge, room.height())
        draw_text(painter, right, self._right, Role.CAPTION, "muted", ALIGN_RIGHT)
        if self._second:
            under = QRectF(x, room.bottom() - dp(4), edge - x, dp(18))
            draw_text(painter, under, self._second, Role.CAPTION, "muted", elide=True)
        if on:
            paint_icon(painter, "check", QPointF(box.right() - dp(INSET) - dp(8), box.center().y()), 16, "accent")
