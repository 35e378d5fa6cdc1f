"""Where a file may be dropped, and the button that does the same."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.buttons import Button
from app.ui.widgets.icon_label import IconLabel
from app.ui.widgets.paint import paint_round
from app.ui.widgets.text import Label
from app.ui.widgets.themed import Themed, pad


class DropArea(Themed, QFrame):
    """The window takes the drop; it calls `set_hot` while a file is over it. `clicked` comes from the button.

    Without a button text the area is one line: an icon and what may be dropped.
    """

    clicked = Signal()

    def __init__(
        self, text: str, hint: str = "", button_text: str = "", icon: str = "import", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._hot = False
        self.setAccessibleName(f"{text}. {hint}" if hint else text)
        self._column = QVBoxLayout(self)
        self._column.addStretch(1)
        middle = Qt.AlignmentFlag.AlignHCenter
        if button_text:
            self._icon = IconLabel(icon, "muted", 24)
            self._column.addWidget(self._icon, 0, middle)
            self._title = Label(text, Role.CARD_TITLE)
            self._hint = Label(hint, Role.CAPTION, "muted", wrap=True)
            button = Button(button_text, size="small")
            button.clicked.connect(self.clicked)
            for label in (self._title, self._hint):
                label.setAlignment(Qt.AlignmentFlag.AlignCenter)
                self._column.addWidget(label)
            self._hint.setVisible(bool(hint))
            self._column.addWidget(button, 0, middle)
        else:
            self._icon = IconLabel(icon, "muted", 20)
            self._title = Label(text, Role.BODY, "muted")
            line = QHBoxLayout()
            line.addStretch(1)
            line.addWidget(self._icon)
            line.addSpacing(current().dp(12))
            line.addWidget(self._title)
            line.addStretch(1)
            self._column.addLayout(line)
        self._column.addStretch(1)
        self.follow_theme()

    def set_hot(self, hot: bool) -> None:  # noqa: FBT001 - Qt's way of naming setters
        if hot != self._hot:
            self._hot = hot
            self._icon.set_icon("import", "accent" if hot else "muted")
            self.update()

    def restyle(self) -> None:
        pad(self._column, 16, 18, 16, 18)
        self._column.setSpacing(current().dp(8))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        fill, edge = ("sel", "accent") if self._hot else (None, "control")
        paint_round(QPainter(self), QRectF(self.rect()), current().dp(10), fill, edge, width=1.5, dashed=True)
