"""A page as it will be printed: white in both modes, in the proportion of letter paper."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.paint import draw_text_at, text_width
from app.ui.widgets.themed import Themed

WIDTH, HEIGHT = 500, 647
EDGE = "#C9CFD8"
SHEET = "#FFFFFF"
INK = "#556070"


class Paper(Themed, QWidget):
    """Without an image it says what it waits for."""

    def __init__(self, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._placeholder = placeholder
        self._image = QImage()
        self._shown = QImage()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(placeholder)
        self.follow_theme()

    def set_page(self, image: QImage, name: str) -> None:
        """Show a page; `name` is what a screen reader says, such as "01-summary.pdf, page 1 of 14"."""
        self._image = image
        self._shown = QImage()
        self.setAccessibleName(name)
        self.update()

    def set_placeholder(self, text: str) -> None:
        self._placeholder = text
        self._image = self._shown = QImage()
        self.setAccessibleName(text)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(current().dp(WIDTH), current().dp(HEIGHT))

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        return round(min(width, current().dp(WIDTH)) * HEIGHT / WIDTH)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        width = min(self.width(), round(self.height() * WIDTH / HEIGHT))
        height = round(width * HEIGHT / WIDTH)
        box = QRectF((self.width() - width) // 2, 0, width, height)
        painter.fillRect(box, QColor(SHEET))
        if not self._image.isNull():
            self._scale(width, height)
            painter.drawImage(box, self._shown)
        else:
            at = box.center().x() - text_width(self._placeholder, Role.SMALL) / 2
            draw_text_at(painter, at, box.center().y(), self._placeholder, Role.SMALL, QColor(INK))
        painter.setPen(QPen(QColor(EDGE), 1))
        painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))

    def _scale(self, width: int, height: int) -> None:
        ratio = self.devicePixelRatioF()
        wanted = QSize(round(width * ratio), round(height * ratio))
        if self._shown.size() != wanted:
            keep, smooth = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            self._shown = self._image.scaled(wanted, keep, smooth)
            self._shown.setDevicePixelRatio(ratio)
