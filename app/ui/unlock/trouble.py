"""The card for books that do not open: what is the matter, what it means, and the ways out."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.ui.theme import theme
from app.ui.theme.fonts import Role
from app.ui.unlock.view_model import LESSER, WAY_TEXT, Trouble
from app.ui.widgets.busy import Busy
from app.ui.widgets.buttons import Button, LinkButton
from app.ui.widgets.icon_label import IconLabel
from app.ui.widgets.note import Note
from app.ui.widgets.text import Label
from app.ui.widgets.themed import Themed, clear, pad

_WIDTH, _INSET = 442, 48
_A_LINE = 2
"""Small ways in one line."""


class TroubleCard(Themed, QFrame):
    """Emits `chosen` with the way a person takes, and `stopped` when what runs is to stop."""

    chosen = Signal(str)
    stopped = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self.title = Label("", Role.UNLOCK, wrap=True)
        self.sentence = Label("", Role.BODY, wrap=True)
        self.hint = Label("", Role.BODY, "muted", wrap=True)
        self.ways: dict[str, Button | LinkButton] = {}
        self.note = Note()
        self.busy = Busy()
        self.busy.cancelled.connect(self.stopped)
        self._column = QVBoxLayout(self)
        self._column.addWidget(IconLabel("alert", "warn", 32), 0, Qt.AlignmentFlag.AlignLeft)
        for label in (self.title, self.sentence, self.hint):
            self._column.addWidget(label)
        self._holder = QWidget()
        self._buttons = QVBoxLayout(self._holder)
        self._buttons.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.note)
        self._column.addWidget(self.busy)
        self._column.addWidget(self._holder)
        self.follow_theme()

    def restyle(self) -> None:
        dp = theme.current().dp
        self.setFixedWidth(dp(_WIDTH))
        pad(self._column, _INSET, 40, _INSET, 40)
        self._column.setSpacing(dp(12))
        self._buttons.setContentsMargins(0, dp(8), 0, 0)
        self._buttons.setSpacing(dp(8))

    def set_trouble(self, trouble: Trouble) -> None:
        self.title.setText(trouble.title)
        self.sentence.setText(trouble.sentence)
        self.hint.setText(trouble.hint)
        self.hint.setVisible(bool(trouble.hint))
        self.setAccessibleName(f"{trouble.title}. {trouble.sentence} {trouble.hint}")
        clear(self._buttons)
        self.ways = {}
        self.note.say("")
        self.busy.end()
        line: QHBoxLayout | None = None
        for number, way in enumerate(trouble.ways):
            small = way in LESSER and number > 0
            button = LinkButton(WAY_TEXT[way]) if small else Button(
                WAY_TEXT[way], kind="primary" if number == 0 else "plain", size="foot"
            )  # fmt: skip
            button.clicked.connect(lambda _on=False, way=way: self.chosen.emit(way))
            self.ways[way] = button
            if not small:
                self._buttons.addWidget(button)
                continue
            if line is None or line.count() > _A_LINE:
                line = QHBoxLayout()
                line.setSpacing(theme.current().dp(20))
                line.addStretch(1)
                self._buttons.addLayout(line)
            line.insertWidget(line.count() - 1, button)

    def set_busy(self, words: str) -> None:
        """Say what goes on; nothing else can be begun meanwhile. No words: it is over."""
        for button in self.ways.values():
            button.setEnabled(not words)
        self.note.say("")
        self.busy.begin(words) if words else self.busy.end()

    def focus_first(self) -> None:
        next(iter(self.ways.values())).setFocus()
