"""Statements by month: the grid, what its marks mean, and the sentence of the month that needs a look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.ui.accounts import view_model
from app.ui.theme.theme import current
from app.ui.widgets.buttons import Button, LinkButton
from app.ui.widgets.card import INSET, Card, Divider
from app.ui.widgets.coverage import CoverageGrid, CoverageLegend
from app.ui.widgets.gap import Gap
from app.ui.widgets.icon_label import IconLabel
from app.ui.widgets.text import StrongLabel
from app.ui.widgets.themed import Themed, pad

if TYPE_CHECKING:
    from app.services.ledger.account_page import AccountPage


class StatementsCard(Card):
    """Emits `compare_wanted` with (account, month)."""

    compare_wanted = Signal(int, int)

    def __init__(self) -> None:
        super().__init__("Statements by month")
        self.legend = CoverageLegend()
        self.add_link(self.legend)
        self.grid = CoverageGrid()
        self.grid.activated.connect(self._cell)
        self.body.addWidget(self.grid)
        self.body.addWidget(Gap(12))
        self.line = Divider()
        self.sentence = BrokenRow()
        self.sentence.compare_wanted.connect(self.compare_wanted)
        self.body.addWidget(self.line)
        self.body.addWidget(self.sentence)
        for part in (self.line, self.sentence):
            part.hide()  # until it is known whether a month needs a look
        self._page: AccountPage | None = None

    def fill(self, page: AccountPage) -> None:
        self._page = page
        self.grid.set_coverage(*view_model.grid(page))
        found = view_model.broken(page)
        self.sentence.fill(found)
        self.line.setVisible(bool(found))

    def restyle(self) -> None:
        super().restyle()
        if getattr(self, "_page", None) is not None:
            self.fill(self._page)  # type: ignore[arg-type]  # checked above

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self.legend.setVisible(self.width() > self.legend.sizeHint().width() + current().dp(200))

    def _cell(self, row: int, column: int) -> None:
        if self._page is not None:
            account = self._page.accounts[row]
            self.compare_wanted.emit(account.id, account.months[column].month)


class BrokenRow(Themed, QWidget):
    """One month at a time, the worst first; the others a press away."""

    compare_wanted = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self._found: list[view_model.Broken] = []
        self._at = 0
        self._icon = IconLabel("alert", "danger", 16)
        self._words = StrongLabel("", "")
        self.next = LinkButton("")
        self.next.clicked.connect(self._turn)
        self.button = Button("Compare", size="small")
        self.button.clicked.connect(self._compare)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._icon)
        self._row.addWidget(self._words, 1)
        self._row.addWidget(self.next)
        self._row.addWidget(self.button)
        self.follow_theme()

    def restyle(self) -> None:
        self.setFixedHeight(current().dp(44))
        pad(self._row, INSET, 0, INSET, 0)
        self._row.setSpacing(current().dp(10))
        self._tell()

    def fill(self, found: list[view_model.Broken]) -> None:
        now = self._found[self._at][:2] if self._at else None  # the worst stays first unless somebody went on
        self._found = found
        self._at = next((n for n, each in enumerate(found) if each[:2] == now), 0)
        self.setVisible(bool(found))
        self._tell()

    def _tell(self) -> None:
        if not self._found:
            return
        each = self._found[self._at]
        who, _, what = view_model.private(each.sentence).partition(": ")
        self._icon.set_icon("alert", "danger" if each.state == "untied" else "warn")
        self._words.set_texts(f"{who}:", f" {what}")
        many = len(self._found)
        self.next.setVisible(many > 1)
        self.next.set_words(f"{self._at + 1} of {many}, next")
        self.button.setAccessibleDescription(each.sentence)

    def _turn(self) -> None:
        self._at = (self._at + 1) % len(self._found)
        self._tell()

    def _compare(self) -> None:
        each = self._found[self._at]
        self.compare_wanted.emit(each.account_id, each.month)
