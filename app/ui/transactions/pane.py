"""The pane of one transaction: everything that can be said of it, each change saved at once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.books import naming
from app.core.dates import Day
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.transactions.model import amount_of
from app.ui.transactions.row_form import RowForm
from app.ui.transactions.row_story import RowStory
from app.ui.widgets.amount import AmountLabel
from app.ui.widgets.buttons import Button, IconButton
from app.ui.widgets.paint import monogram
from app.ui.widgets.pane import Pane
from app.ui.widgets.pressable import Pressable
from app.ui.widgets.text import ElidedLabel, Label
from app.ui.widgets.themed import Themed, pad
from app.ui.widgets.tile import Tile

if TYPE_CHECKING:
    from app.services.ledger.row_detail import Detail
    from app.ui.transactions.model import Line

WIDTH = 380


class RowPane(Pane):
    """Shows one row; what it cannot do itself its parts ask the page for."""

    closed = Signal()
    do_wanted = Signal(str)
    """confirm, split, transfer, delete or restore."""

    def __init__(self, today: Day) -> None:
        super().__init__(WIDTH, "Details of the transaction")
        self.shown_id: int | None = None
        self._account = ""
        self.close_button: Pressable = IconButton("close", "Close the details", "small", framed=False)
        self.form = RowForm(today)
        self.add_section(self.form)
        self.story = RowStory(self)
        for section in self.story.sections:
            self.add_section(section)
        self.story.clear()
        self._foot()

    def _foot(self) -> None:
        self.buttons: dict[str, Button] = {}
        for name, words, kind in (
            ("confirm", "Confirm", "primary"), ("split", "Split…", "plain"), ("transfer", "Transfer", "plain"),
            ("delete", "Delete…", "plain"), ("restore", "Restore", "plain"),
        ):  # fmt: skip
            button = Button(words, kind, size="foot")
            button.clicked.connect(partial(self._do, name))
            self.buttons[name] = button
            self.add_foot(button, 1)

    def _do(self, name: str) -> None:
        self.do_wanted.emit(name)

    def show_line(self, line: Line, account: str) -> None:
        """Show what the list knows of a row already; the rest follows with `show_detail`."""
        row, shown = line
        fresh = row.id != self.shown_id
        self.shown_id = row.id
        foreign = amount_of(row)
        amount = Label(foreign, Role.CARD_TITLE) if foreign else AmountLabel(row.cents, Role.CARD_TITLE)
        self._account = account
        head = _Head(shown.payee, naming.date_words(row.tax_date), amount)
        head.close_button.clicked.connect(self.closed)
        self.close_button = head.close_button
        self.set_header(head)
        self.form.show_line(line)
        deleted = row.status == "deleted"
        for name, foot in self.buttons.items():
            foot.setVisible((name == "restore") == deleted)
        self.buttons["confirm"].setVisible(shown.has_question)
        self.buttons["transfer"].setVisible(not shown.has_question and not deleted)
        if fresh:
            self.story.clear()
            self.scroller.verticalScrollBar().setValue(0)

    def show_detail(self, detail: Detail) -> None:
        if detail.row.id == self.shown_id:
            self.form.show_own_payee(detail.own_payee)
            self.story.show_detail(detail, self._account)

    def focus_on(self, name: str) -> None:
        """Take the focus to a field, or show a section."""
        edits = {"note": self.form.note, "category": self.form.category}
        if name in edits:
            edits[name].setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif name == "history":
            self.scroller.ensureWidgetVisible(self.story.history.section)
            bar = self.scroller.verticalScrollBar()
            bar.setValue(bar.maximum())

    def set_leading(self, *, on: bool) -> None:
        """Make Confirm the one primary button of the window, or leave that to the bar of the marked rows."""
        self.buttons["confirm"].set_kind("primary" if on else "plain")

    def tab_stops(self) -> list[QWidget]:
        """Return what stays in the pane whatever row it shows, in reading order."""
        return [*self.form.tab_stops(), *self.buttons.values()]

    def forget(self) -> None:
        self.shown_id = None
        self.form.forget()
        self.story.clear()
        self.set_header(QWidget(), line=False)


class _Head(Themed, QWidget):
    """Tile, the whole payee, under it the day and the amount."""

    def __init__(self, payee: str, day: str, amount: QWidget) -> None:
        super().__init__()
        self.close_button = IconButton("close", "Close the details", "small", framed=False)
        self._row = QHBoxLayout(self)
        self._row.addWidget(Tile(monogram(payee), 40), 0, Qt.AlignmentFlag.AlignVCenter)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(ElidedLabel(payee, Role.PANE_TITLE))
        second = QHBoxLayout()
        second.addWidget(Label(day, Role.SMALL, "muted"))
        second.addStretch(1)
        second.addWidget(amount)
        texts.addLayout(second)
        self._row.addLayout(texts, 1)
        self._row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self.follow_theme()

    def restyle(self) -> None:
        pad(self._row, 20, 18, 16, 18)
        self._row.setSpacing(current().dp(12))
