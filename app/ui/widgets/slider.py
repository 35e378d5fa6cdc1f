"""A slider: an amount set by hand. Beside it always stands a field for those who type or need it exact."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QSlider, QStyle, QWidget

from app.ui.theme.theme import current
from app.ui.widgets.paint import fill_round
from app.ui.widgets.themed import Themed

HANDLE, TRACK, HEIGHT = 16, 4, 28


class Slider(Themed, QSlider):
    """From `low` to `high` in whole steps; filled from zero where zero lies inside, else from the left."""

    def __init__(self, low: int, high: int, name: str, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(low, high)
        self.setPageStep(max(1, (high - low) // 20))
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setProperty("ring_radius", 8)
        self.follow_theme()

    def restyle(self) -> None:
        self.setFixedHeight(current().dp(HEIGHT))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(current().dp(160), current().dp(HEIGHT))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(current().dp(80), current().dp(HEIGHT))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        self._take(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        self._take(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        event.accept()

    def _take(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            left, length = self._span()
            at = round(event.position().x() - left)
            self.setValue(QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), at, round(length)))
        event.accept()

    def _span(self) -> tuple[float, float]:
        """Return where the middle of the handle may stand: from where on, and over what length."""
        half = current().dp(HANDLE) / 2 + 1
        return half, self.width() - 2 * half

    def _x(self, value: int) -> float:
        left, length = self._span()
        return left + length * (value - self.minimum()) / max(1, self.maximum() - self.minimum())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        theme, painter = current(), QPainter(self)
        middle, thick = self.height() / 2, theme.dp(TRACK)
        left, length = self._span()
        fill_round(painter, QRectF(left, middle - thick / 2, length, thick), thick / 2, "track")
        zero, here = self._x(max(self.minimum(), min(0, self.maximum()))), self._x(self.value())
        filled = QRectF(min(zero, here), middle - thick / 2, abs(here - zero), thick)
        fill_round(painter, filled, thick / 2, "accent")
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("accent"), 2))
        painter.setBrush(theme.color("surface"))
        reach = theme.dp(HANDLE) / 2 - 1
        painter.drawEllipse(QPointF(here, middle), reach, reach)
