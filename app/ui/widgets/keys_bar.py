"""The keys of a page at its foot: caps and what they do. What does not fit is left out from the right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.paint import draw_text, key_width, native_key, paint_key, text_width
from app.ui.widgets.themed import Themed


class KeysBar(Themed, QLabel):
    def __init__(
        self,
        keys: Sequence[tuple[Sequence[str], str]] = (),
        inset: int = 24,
        height: int = 40,
        *,
        line: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._keys = list(keys)
        self._inset = inset
        self._height = height
        self._line = line
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.follow_theme()
        self.set_keys(keys)

    def set_keys(self, keys: Sequence[tuple[Sequence[str], str]]) -> None:
        self._keys = list(keys)
        self.setText(", ".join(f"{' or '.join(map(native_key, caps))}: {words}" for caps, words in self._keys))
        self.update()

    def restyle(self) -> None:
        self.setFixedHeight(current().dp(self._height))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(0, current().dp(self._height))

    def full_width(self) -> int:
        """Return the width that shows every key."""
        dp = current().dp
        each = (
            sum(key_width(cap) + dp(5) for cap in caps) + round(text_width(words, Role.CAPTION)) + dp(16)
            for caps, words in self._keys
        )
        return sum(each) + 2 * dp(self._inset)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        theme = current()
        painter = QPainter(self)
        if self._line:
            painter.fillRect(0, 0, self.width(), 1, theme.color("divider"))
        x: float = theme.dp(self._inset)
        top = (self.height() - theme.dp(20)) / 2
        for caps, words in self._keys:
            width = sum(key_width(cap) + theme.dp(5) for cap in caps) + text_width(words, Role.CAPTION)
            if x + width > self.width() - theme.dp(8):
                break
            for cap in caps:
                x += paint_key(painter, x, top, cap) + theme.dp(5)
            box = QRectF(x, 0, self.width(), self.height())
            x += draw_text(painter, box, words, Role.CAPTION, "muted") + theme.dp(16)
