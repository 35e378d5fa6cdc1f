"""The card that leads the page: the ring, what to set aside now, and what that is made of."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.ui.taxes.first_guess import FirstGuess
from app.ui.taxes.view_model import Hero, Loaded, hero, move_line, true_up_line
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.amount import AmountLabel, amount_text
from app.ui.widgets.buttons import Button, LinkButton
from app.ui.widgets.card import Card, Divider
from app.ui.widgets.flow import Flow
from app.ui.widgets.gauge import Gauge
from app.ui.widgets.live import LiveFigure, LiveLabel
from app.ui.widgets.paint import fill_round
from app.ui.widgets.text import ElidedLabel, Label
from app.ui.widgets.themed import Themed, clear, pad

LEGEND_WIDTH = 264
QWIDGETSIZE_MAX = 16_777_215
RING_AT = {False: Qt.AlignmentFlag.AlignVCenter, True: Qt.AlignmentFlag.AlignLeft}


class HeroCard(Card):
    """`mark_reserve` asks for the page Accounts, `moved` says that money was moved, `told` has the profile's values."""

    mark_reserve = Signal()
    moved = Signal()
    what_if = Signal()
    told = Signal(dict)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Set aside")
        self._is_narrow = False
        self._ring = Gauge(0, 0, "set aside")
        self._caption = Label("", Role.CAPTION_STRONG, "muted")
        self._figure = LiveFigure(str, Role.FIGURE_L)
        self._line = LiveLabel(str, Role.CAPTION, "muted", wrap=True)
        self._move = Label("", Role.CAPTION, "muted", wrap=True)
        self._mark = LinkButton("Choose the account on Accounts", role=Role.CAPTION_STRONG)
        self._mark.clicked.connect(self.mark_reserve)
        self._true_up = LiveLabel(str, Role.CAPTION, "muted", wrap=True)
        self.keep = Button("Mark as moved", icon="check", size="small")
        self.keep.clicked.connect(self.moved)
        self.ask = Button("What if", key="W", size="small")
        self.ask.clicked.connect(self.what_if)
        self._buttons = Flow(10)
        self._buttons.addWidget(self.keep)
        self._buttons.addWidget(self.ask)
        self._words = QVBoxLayout()
        self._words.addStretch(1)
        for part in (self._caption, self._figure, self._line, self._true_up, self._move):
            self._words.addWidget(part)
        self._words.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignLeft)
        self._words.addSpacing(current().dp(4))
        self._words.addLayout(self._buttons)
        self._words.addStretch(1)
        self._rule = Divider(upright=True)
        self._legend = QVBoxLayout()
        self._legend.setSpacing(0)
        self._legend_holder = QWidget()
        self._legend_holder.setLayout(self._legend)
        holder = QWidget()
        self._row = QHBoxLayout(holder)
        self._row.addWidget(self._ring, 0, Qt.AlignmentFlag.AlignVCenter)
        self._row.addLayout(self._words, 1)
        self._row.addWidget(self._rule)
        self._row.addWidget(self._legend_holder)
        self.body.addWidget(holder)
        self._guess = FirstGuess()
        self._guess.told.connect(self.told)
        self._guess.hide()
        self.body.addWidget(self._guess)
        self.restyle()

    def restyle(self) -> None:
        if not hasattr(self, "_row"):
            return
        dp = current().dp
        pad(self._row, 20, 14, 20, 15)
        self._row.setSpacing(dp(24))
        self._words.setSpacing(dp(4))
        self._legend.setContentsMargins(0, 0, 0, 0)
        self._legend_holder.setMinimumWidth(dp(LEGEND_WIDTH))
        self._legend_holder.setMaximumWidth(QWIDGETSIZE_MAX if self._is_narrow else dp(LEGEND_WIDTH))
        self._row.setAlignment(self._ring, RING_AT[self._is_narrow])

    def set_narrow(self, *, narrow: bool) -> None:
        """Put what the figure is made of below it."""
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        self._rule.setVisible(not narrow)
        self._is_narrow = narrow
        self.restyle()

    def show_loaded(self, loaded: Loaded) -> None:
        told = hero(loaded)
        self._ring.set_share(told.held, told.needed, told.ring)
        self._caption.setText(told.caption)
        self._figure.set_words(partial(amount_text, told.cents))
        self._line.set_words(lambda: hero(loaded).line)
        self._move.setText(move_line(loaded))
        self._move.setVisible(not loaded.is_past)
        self._true_up.set_words(lambda: true_up_line(loaded))
        self._true_up.setVisible(bool(true_up_line(loaded)))
        self.keep.setVisible(not loaded.is_past and bool(loaded.page.deposits))
        self._mark.setVisible(not loaded.is_past and loaded.page.move.account_id is None)
        self._fill_legend(told)
        self._guess.setVisible(loaded.page.first_guess)
        if loaded.page.first_guess:
            self._guess.show_page(loaded.page)

    def _fill_legend(self, told: Hero) -> None:
        clear(self._legend)
        self._legend.addStretch(1)
        for color, words, cents in told.legend:
            if not color:
                self._legend.addSpacing(current().dp(4))
                self._legend.addWidget(Divider())
                self._legend.addSpacing(current().dp(4))
            self._legend.addWidget(LegendRow(color, words, cents))
        self._legend.addStretch(1)


class LegendRow(Themed, QWidget):
    """A mark, what it stands for, an amount; the sum has no mark."""

    def __init__(self, color: str, words: str, cents: int, height: int = 30) -> None:
        super().__init__()
        self._height = height
        self._row = QHBoxLayout(self)
        self._row.addWidget(Swatch(color), 0, Qt.AlignmentFlag.AlignVCenter)
        self._row.addWidget(ElidedLabel(words, Role.SMALL, "text" if color else "muted"), 1)
        self._row.addWidget(AmountLabel(cents, Role.SMALL_STRONG if color else Role.CARD_TITLE, plain=True))
        self.follow_theme()

    def restyle(self) -> None:
        self.setFixedHeight(current().dp(self._height))
        pad(self._row, 0, 0, 0, 0)
        self._row.setSpacing(current().dp(9))


class Swatch(Themed, QWidget):
    """A mark of 10 in a colour of the theme; without one it keeps the room."""

    def __init__(self, color: str) -> None:
        super().__init__()
        self._color = color
        self.follow_theme()

    def restyle(self) -> None:
        self.setFixedSize(current().dp(10), current().dp(10))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt
        if self._color:
            fill_round(QPainter(self), QRectF(self.rect()), current().dp(3), self._color)
