"""The first step: the ways in, side by side."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.buttons import Button, LinkButton
from app.ui.widgets.drop_area import DropArea
from app.ui.widgets.gap import Gap
from app.ui.widgets.icon_label import IconLabel
from app.ui.widgets.note import Note
from app.ui.widgets.paint import paint_round
from app.ui.widgets.text import Label
from app.ui.widgets.themed import Themed, pad

_SIDE_BY_SIDE = 590
"""From which width on the ways stand beside each other."""


class Way(Themed, QFrame):
    """A way in: what it is, what it takes, its button."""

    def __init__(self, icon: str, title: str, text: str, button: str, *, first: bool) -> None:
        super().__init__()
        self._first = first
        self.setAccessibleName(title)
        self.button = Button(button, kind="primary" if first else "plain", size="foot")
        self._column = QVBoxLayout(self)
        self._column.addWidget(IconLabel(icon, "accent" if first else "muted", 24))
        self._column.addWidget(Gap(4))
        self._column.addWidget(Label(title, Role.PANE_TITLE))
        self._column.addWidget(Label(text, Role.SMALL, "muted", wrap=True), 0, Qt.AlignmentFlag.AlignTop)
        self._column.addStretch(1)
        self._column.addWidget(Gap(2))
        self._column.addWidget(self.button)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.follow_theme()

    def restyle(self) -> None:
        pad(self._column, 21, 24, 21, 20)
        self._column.setSpacing(current().dp(8))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt
        edge, width = ("accent", 2.0) if self._first else ("border", 1.0)
        paint_round(QPainter(self), QRectF(self.rect()), current().dp(10), "surface", edge, width=width)


class StartStep(Themed, QWidget):
    """Emits what the person chose."""

    choose_files = Signal()
    bank = Signal()
    sample = Signal()
    existing = Signal()
    restore = Signal()
    empty = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.files = Way("import", "Import a bank file",
                         "OFX, QFX, QBO, QIF or CSV from your bank’s website. Works offline.",
                         "Choose files…", first=True)  # fmt: skip
        self.bank_way = Way("link", "Connect a bank",
                            "Sign in at your bank in the browser. Read only, and you can disconnect at any time.",
                            "Connect…", first=False)  # fmt: skip
        self.bank_way.button.clicked.connect(self.bank)
        self.look = Way("eye", "Look around", "A designer’s year with made-up data. Nothing is kept.",
                        "Open sample data", first=False)  # fmt: skip
        self.files.button.clicked.connect(self.choose_files)
        self.look.button.clicked.connect(self.sample)
        self.note = Note()
        self.drop = DropArea("or drop one or more bank files anywhere in this window", icon="reports")
        self._restore = LinkButton("Restore a backup…")
        self._restore.clicked.connect(self.restore)
        self._existing = LinkButton("Open existing books…")
        self._existing.clicked.connect(self.existing)
        self._empty = LinkButton("Start empty")
        self._empty.clicked.connect(self.empty)
        self._is_stacked = False
        self._ways = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._ways.addWidget(self.files, 1)
        self._ways.addWidget(self.bank_way, 1)
        self._ways.addWidget(self.look, 1)
        self._links = QHBoxLayout()
        self._links.addWidget(self._restore)
        self._links.addWidget(self._existing)
        self._links.addWidget(self._empty)
        self._links.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(Label("How would you like to start?", Role.UNLOCK))
        self._column.addWidget(Label("You can add more accounts later, in either way.", Role.BODY, "muted"))
        self._column.addWidget(Gap(18))
        self._column.addLayout(self._ways)
        self._column.addWidget(Gap(18))
        self._column.addWidget(self.drop)
        self._column.addWidget(self.note)
        self._column.addWidget(Gap(16))
        self._column.addLayout(self._links)
        self.follow_theme()

    def restyle(self) -> None:
        dp = current().dp
        self._column.setSpacing(dp(4))
        self._ways.setSpacing(dp(24))
        self._links.setSpacing(dp(16))
        self.drop.setFixedHeight(dp(128))
        for way in (self.files, self.bank_way, self.look):
            way.setMinimumHeight(0 if self._is_stacked else dp(216))

    def fit(self, room: int) -> None:
        """Put the ways one under the other where they have no room side by side."""
        stacked = room < current().dp(_SIDE_BY_SIDE)
        if stacked != self._is_stacked:
            self._is_stacked = stacked
            way = QBoxLayout.Direction
            self.drop.setVisible(not stacked)  # a drop is taken everywhere, and its words have no room
            self._ways.setDirection(way.TopToBottom if stacked else way.LeftToRight)
            self.restyle()

    def focus_first(self) -> None:
        self.files.button.setFocus()

    def set_busy(self, *, busy: bool, percent: int = 0) -> None:
        """Show that the sample is being made; nothing else can be begun meanwhile."""
        for widget in (
            self.files.button,
            self.bank_way.button,
            self.look.button,
            self._restore,
            self._existing,
            self._empty,
        ):
            widget.setEnabled(not busy)
        words = f"Opening… {percent}%" if percent else "Opening…"
        self.look.button.set_words(words if busy else "Open sample data")
