"""A few values side by side, one of them current: one Tab stop, arrows move."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QRadioButton, QSizePolicy, QWidget

from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.paint import ALIGN_MIDDLE, draw_text, fill_round, paint_round, text_width
from app.ui.widgets.themed import Themed, pad
from app.ui.widgets.tips import tip

INSET = 2


class Segmented(Themed, QWidget):
    """`size`: small 28 or normal 32. `changed` tells of a person's choice, not of `set_value`."""

    changed = Signal(object)

    def __init__(
        self,
        choices: Sequence[tuple[object, str]],
        value: object = None,
        size: str = "small",
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._height = 28 if size == "small" else 32
        self._role = Role.CAPTION if size == "small" else Role.SMALL
        self._strong = Role.CAPTION_STRONG if size == "small" else Role.SMALL_STRONG
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout(self)
        self._row.setSpacing(0)
        self._parts: dict[object, _Segment] = {}
        for at, text in choices:
            part = _Segment(text, self._role, self._strong, self._height - 2 * INSET, self)
            part.clicked.connect(lambda _checked=False, at=at: self._chosen(at))
            self._parts[at] = part
            self._row.addWidget(part)
        self._value: object = None
        if choices:
            self.set_value(choices[0][0] if value is None else value)
        self.follow_theme()

    def value(self) -> object:
        return self._value

    def set_value(self, value: object) -> None:
        """Show a value without telling anyone. Raises: KeyError for a value that is no choice."""
        self._value = value
        self._parts[value].setChecked(True)

    def set_text(self, value: object, text: str, name: str = "") -> None:
        """Change the words of a value; `name` is what it is called in full, where the words are short for it."""
        part = self._parts[value]
        if part.words != text:
            part.set_words(text)
        if name:
            part.setAccessibleName(name)
            part.setToolTip(tip(name) if name != text else "")

    def restyle(self) -> None:
        pad(self._row, INSET, INSET, INSET, INSET)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        fill_round(QPainter(self), QRectF(self.rect()), current().dp(8), "av")

    def _chosen(self, value: object) -> None:
        if value != self._value:
            self._value = value
            self.changed.emit(value)


class _Segment(Themed, QRadioButton):
    def __init__(self, text: str, role: Role, strong: Role, height: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._words = text
        self._role = role
        self._strong = strong
        self._down_px = height
        self._over = False
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("ring_radius", 6)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.follow_theme()

    @property
    def words(self) -> str:
        return self._words

    def set_words(self, text: str) -> None:
        self._words = text
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(text)
        self.updateGeometry()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        dp = current().dp
        return QSize(int(text_width(self._words, self._strong)) + 1 + 2 * dp(10), dp(self._down_px))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:  # noqa: N802 - Qt's name
        return self.rect().contains(pos)

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802 - Qt's name
        self._over = True
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        self._over = False
        super().leaveEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        box = QRectF(self.rect())
        on = self.isChecked()
        if on:
            paint_round(painter, box, current().dp(6), "nav_on", "border")
        ink = "faint" if not self.isEnabled() else "text" if on or self._over else "muted"
        draw_text(painter, box, self._words, self._strong if on else self._role, ink, ALIGN_MIDDLE)
