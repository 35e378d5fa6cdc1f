"""What scrolls on the page: the cards and the sentence under them; or, without any row, what to do first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.taxes.deposits_card import DepositsCard
from app.ui.taxes.hero import HeroCard
from app.ui.taxes.payments_card import PaymentsCard
from app.ui.taxes.reserve_card import ReserveCard
from app.ui.taxes.setup_strip import SetupStrip
from app.ui.theme import theme
from app.ui.theme.fonts import Role
from app.ui.widgets.buttons import Button
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.icon_label import IconLabel
from app.ui.widgets.note import Note
from app.ui.widgets.scroll import ScrollArea
from app.ui.widgets.text import Label

if TYPE_CHECKING:
    from app.ui.taxes.view_model import Loaded

NARROW = 660
"""Width in px of the design below which figures and their legends stand one below the other."""


class Cards(ScrollArea):
    """The figure that leads, payments, deposits, and what must be said beside them."""

    def __init__(self) -> None:
        self.body = QWidget()
        super().__init__(self.body)
        self.setup, self.hero, self.payments, self.deposits = SetupStrip(), HeroCard(), PaymentsCard(), DepositsCard()
        self.reserve = ReserveCard()
        self.wants_setup = True
        self.advance = Note()
        self.standing = Label("", Role.CAPTION, "muted", wrap=True)
        self._foot = QHBoxLayout()
        self._foot.addWidget(IconLabel("info", "muted", 14, 16), 0, Qt.AlignmentFlag.AlignTop)
        self._foot.addWidget(self.standing, 1)
        self._column = QVBoxLayout(self.body)
        for card in (self.setup, self.advance, self.hero, self.payments, self.deposits, self.reserve):
            self._column.addWidget(card)
        self._column.addLayout(self._foot)
        self._column.addStretch(1)
        self.deposits.table.selectionModel().currentChanged.connect(self._keep_seen)
        self.body.hide()
        theme.current().changed.connect(self._restyle)
        self._restyle()

    def show_loaded(self, loaded: Loaded) -> None:
        self.setup.show_setup(loaded.setup)
        self.setup.setVisible(self.wants_setup and not loaded.setup.is_done and not loaded.is_past)
        self.advance.say(" ".join(loaded.page.warnings))
        self.hero.show_loaded(loaded)
        self.payments.show_loaded(loaded)
        self.deposits.show_deposits(loaded.page.deposits, is_past=loaded.is_past)
        self.reserve.show_curve(loaded.curve)
        self.standing.setText(loaded.page.standing)
        self.body.show()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt
        super().resizeEvent(event)
        self._tell_width()

    def _tell_width(self) -> None:
        """Tell the cards when what stands side by side in them has to stand one below the other."""
        narrow = self.viewport().width() < theme.current().dp(NARROW)
        self.hero.set_narrow(narrow=narrow)
        self.payments.set_narrow(narrow=narrow)

    def _restyle(self) -> None:
        dp = theme.current().dp
        self._column.setContentsMargins(dp(24), 0, dp(24), dp(12))
        self._column.setSpacing(dp(14))
        self._foot.setSpacing(dp(8))
        self._tell_width()

    def _keep_seen(self, now: QModelIndex, before: QModelIndex) -> None:
        table = self.deposits.table
        # Taking the focus chooses the first row: only a move from row to row scrolls.
        if not table.hasFocus() or not now.isValid() or not before.isValid():
            return
        box = table.visualRect(now).translated(0, table.head.height())
        middle = table.mapTo(self.body, box.center())
        self.ensureVisible(middle.x(), middle.y(), 0, box.height())


class NothingYet(EmptyState):
    """No row yet, or no figures for these books: says so, with the two ways on."""

    import_files = Signal()
    accounts = Signal()
    setup = Signal()

    def __init__(self, title: str, sentence: str, *, is_off: bool = False) -> None:
        super().__init__("taxes", title, sentence)
        if is_off:
            self.first = Button("Change what you are", "primary")
            self.first.clicked.connect(self.setup)
            self.add_action(self.first)
            return
        self.first = Button("Import files", "primary", icon="import")
        self.first.clicked.connect(self.import_files)
        other = Button("Open Accounts")
        other.clicked.connect(self.accounts)
        self.add_action(self.first)
        self.add_action(other)
