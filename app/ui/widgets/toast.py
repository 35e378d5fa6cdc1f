"""What was just done, with Undo, over the lower edge of the page for eight seconds. It never takes the focus."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QSizePolicy, QWidget

from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.announce import announce
from app.ui.widgets.icon_label import IconLabel
from app.ui.widgets.paint import draw_text, key_width, paint_key, paint_round, text_width
from app.ui.widgets.pressable import Pressable
from app.ui.widgets.text import Label
from app.ui.widgets.themed import Themed, pad

SHOWN_MS = 8000
ABOVE_EDGE = 20
LEAST_WIDTH = 320
_MOST_MORE = 2
_LEAST_WORDS = 160
"""Words narrower than this beside the buttons would become a column."""


class More(NamedTuple):
    """Something else that can be done about what was just done; of several, the least needed comes first."""

    words: str
    key: str
    do: Callable[[], None]


class Toast(Themed, QFrame):
    undo_clicked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._host = parent
        self._mark = IconLabel("check", "toast_mark")
        self._label = Label("", Role.SMALL, "toast_text", wrap=True)
        self._undo = _ToastButton("Undo", "U")
        self._undo.clicked.connect(self._take_back)
        self._more = [_ToastButton("", "") for _ in range(_MOST_MORE)]
        self._do: list[Callable[[], None]] = []
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._words, self._buttons = QHBoxLayout(), QHBoxLayout()
        self._words.addWidget(self._mark)
        self._words.addWidget(self._label, 1)
        self._buttons.addStretch(1)
        for number, button in enumerate(self._more):
            button.clicked.connect(partial(self._do_more, number))
            self._buttons.addWidget(button)
        self._buttons.addWidget(self._undo)
        self._row.addLayout(self._words, 1)
        self._row.addLayout(self._buttons)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_MS)
        self._timer.timeout.connect(self.hide)
        parent.installEventFilter(self)
        self.follow_theme()
        self.hide()

    def show_text(self, text: str, *, undo: bool = False, icon: str = "check", more: Sequence[More] = ()) -> None:
        self._label.setText(text)
        self._do = [each.do for each in more]
        for button, each in zip(self._more, more, strict=False):
            button.name(each.words, each.key)
        self._mark.set_icon(icon, "toast_mark" if icon == "check" else "toast_text")
        self._undo.setVisible(undo)
        self.setAccessibleName(text)
        self._place()
        self.show()
        self.raise_()
        self._timer.start()
        keys = [f"{each.words} with {each.key}." for each in more]
        keys += ["Undo with U."] if undo else []
        announce(self, " ".join([f"{text.removesuffix('.')}.", *keys]) if keys else text)

    @property
    def offers_undo(self) -> bool:
        return not self.isHidden() and not self._undo.isHidden()

    def restyle(self) -> None:
        pad(self._row, 16, 0, 6, 0)
        for row in (self._row, self._words, self._buttons):
            row.setSpacing(current().dp(12))
        self._place()

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802 - Qt's name
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        self._timer.start()
        super().leaveEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() is QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        paint_round(QPainter(self), QRectF(self.rect()), current().dp(8), "toast", "toast_line")

    def _place(self) -> None:
        dp = current().dp
        parent = self._host
        room = parent.width() - 2 * dp(16)
        for number, button in enumerate(self._more):
            button.setVisible(number < len(self._do))
        text, around = int(text_width(self._label.text(), Role.SMALL)) + dp(8), dp(16 + 16 + 12 + 12)
        wanted = max(dp(LEAST_WIDTH), text + around + self._buttons_width() + dp(12))
        beside = room - (wanted - text)
        width, height = min(wanted, room), dp(40)
        below = wanted > room and beside < min(text, dp(_LEAST_WORDS))
        if below:  # in a small window, or with large text, the buttons stand under the words
            for button in self._more:
                button.setVisible(not button.isHidden() and self._buttons_width() <= room - dp(16 + 6))
            height = self._label.heightForWidth(room - around) + dp(12 + 8 + 28 + 10)
        elif wanted > room:  # words that do not fit beside the buttons go on in a second line
            height = max(height, self._label.heightForWidth(beside) + dp(16))
        way = QBoxLayout.Direction
        self._row.setDirection(way.TopToBottom if below else way.LeftToRight)
        pad(self._row, 16, 12 if below else 0, 6, 10 if below else 0)
        self._row.setSpacing(dp(8 if below else 12))
        self.setFixedHeight(height)
        left = (parent.width() - width) // 2
        self.setGeometry(left, parent.height() - self.height() - dp(ABOVE_EDGE), width, self.height())

    def _buttons_width(self) -> int:
        shown = [button.sizeHint().width() for button in (*self._more, self._undo) if not button.isHidden()]
        return sum(shown) + current().dp(12) * max(0, len(shown) - 1)

    def _do_more(self, number: int, _on: bool = False) -> None:  # noqa: FBT001, FBT002 - Qt's signal says whether it is down
        self.hide()
        self._do[number]()

    def _take_back(self) -> None:
        self.hide()
        self.undo_clicked.emit()


class _ToastButton(Pressable):
    def __init__(self, text: str, key: str) -> None:
        super().__init__(text, None)
        self._key = key
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.follow_theme()

    def name(self, words: str, key: str) -> None:
        self._words, self._key = words, key
        self.setAccessibleName(words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        dp = current().dp
        width = text_width(self._words, Role.SMALL_TITLE) + key_width(self._key) + dp(8) + 2 * dp(10)
        return QSize(round(width), dp(28))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        theme = current()
        painter = QPainter(self)
        painter.setOpacity(0.8 if self.isDown() else 0.9 if self._over_now() else 1.0)
        paint_round(painter, QRectF(self.rect()), theme.dp(6), "toast_fill", None)
        left = theme.dp(10)
        box = QRectF(left, 0, self.width(), self.height())
        width = draw_text(painter, box, self._words, Role.SMALL_TITLE, "toast_text")
        at = QPointF(left + width + theme.dp(8), (self.height() - theme.dp(20)) / 2)
        paint_key(painter, at.x(), at.y(), self._key, ink_name="toast_text")
