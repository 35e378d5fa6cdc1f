"""What scrolls on the page: the year's figures, names that may be one, payers, what is to come, the forms."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.books.naming import counted
from app.services.bank.bank_history import not_late_yet
from app.ui.income import view_model
from app.ui.income.view_model import Loaded
from app.ui.theme import theme
from app.ui.theme.fonts import Role
from app.ui.widgets.amount import amount_text
from app.ui.widgets.bars import SplitBar
from app.ui.widgets.buttons import Button
from app.ui.widgets.card import Card
from app.ui.widgets.card_table import CardTable
from app.ui.widgets.flow import Flow
from app.ui.widgets.icon_label import IconLabel
from app.ui.widgets.live import LiveFigure, LiveLabel
from app.ui.widgets.scroll import ScrollArea
from app.ui.widgets.text import Label
from app.ui.widgets.themed import Themed, pad

if TYPE_CHECKING:
    from app.core.income.payers import Near

_STANDING = (
    "Gross is what Schedule C counts on line 1. That a form matches your books says nothing about either being right; "
    "the IRS may compare the form with your return."
)


class _Fact(Themed, QWidget):
    """A caption over a figure."""

    def __init__(self, role: Role) -> None:
        super().__init__()
        self.caption = Label("", Role.CAPTION, "muted")
        self.figure = LiveFigure(str, role)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.caption)
        self._column.addWidget(self.figure)
        self.follow_theme()

    def show_cents(self, caption: str, cents: int, *, plus: bool = False) -> None:
        self.caption.setText(caption)
        self.figure.set_words(lambda: amount_text(cents, plus=plus))
        self.setAccessibleName(caption)

    def restyle(self) -> None:
        pad(self._column, 0, 0, 0, 0)
        self._column.setSpacing(current_dp(2))


def current_dp(px: float) -> int:
    return theme.current().dp(px)


class Hero(Card):
    """The year's sum, the month, what is to come; under it who paid how much of it."""

    def __init__(self) -> None:
        super().__init__()
        self.total, self.month, self.soon, self.late = (
            _Fact(Role.FIGURE_L), _Fact(Role.FIGURE_M), _Fact(Role.FIGURE_M), _Fact(Role.FIGURE_M),
        )  # fmt: skip
        self.largest = LiveLabel(str, Role.SMALL, "muted", wrap=True)
        self.bar = SplitBar(height=12)
        holder = QWidget()
        facts = Flow(28)
        for fact in (self.total, self.month, self.soon, self.late):
            facts.addWidget(fact)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(current_dp(12))
        column.addLayout(facts)
        column.addWidget(self.bar)
        column.addWidget(self.largest)
        self.add_inset(holder)

    def show_loaded(self, loaded: Loaded) -> None:
        income, ahead = loaded.income, loaded.outlook
        self.total.show_cents(f"Money in, {loaded.year}", income.total_cents)
        self.month.show_cents(view_model.month_name(loaded), loaded.month_cents)
        self.month.setVisible(not loaded.is_past)
        self.soon.show_cents("Expected in 30 days", ahead.next_30_cents, plus=True)
        self.soon.setVisible(not loaded.is_past and ahead.next_30_cents > 0)
        self.late.show_cents("Late", ahead.late_cents)
        self.late.setVisible(not loaded.is_past and ahead.late_cents > 0)
        parts = [(row.total_cents, view_model.color_of(place), row.name) for place, row in enumerate(income.payers)]
        self.bar.set_parts(parts, max(0, income.total_cents - sum(part[0] for part in parts)))
        self.bar.setVisible(income.total_cents > 0)
        share = view_model.percent(income.largest_share)
        count = sum(1 for row in income.payers if row.count)
        words = f"{counted(count, 'payer')}. The largest paid {share} of the year."
        if ahead.awaits and not loaded.is_past:
            words = f"{words} {not_late_yet(ahead.awaits)}"
        self.largest.set_words(lambda: words)
        self.largest.setVisible(income.total_cents > 0)


class NearCard(Card):
    """Names that may be one payer: a person says which. Nothing is joined before."""

    join = Signal(int, int)
    apart = Signal(int, int)

    def __init__(self) -> None:
        super().__init__("One payer or two?")
        self.buttons: list[Button] = []

    def show_loaded(self, loaded: Loaded) -> None:
        self.clear_rows()
        self.buttons = []
        for near in loaded.income.near[:_MOST_NEAR]:
            self.add_row(self._row(loaded, near))
        more = len(loaded.income.near) - _MOST_NEAR
        self.set_title("One payer or two?", f"{more} more after these" if more > 0 else "")
        self.setVisible(bool(loaded.income.near))

    def _row(self, loaded: Loaded, near: Near) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        pad(column, 16, 10, 16, 12)
        column.setSpacing(current_dp(8))
        column.addWidget(Label(view_model.near_words(loaded, near), Role.SMALL, wrap=True))
        one, two = Button("One payer", size="small"), Button("Two payers", size="small")
        one.clicked.connect(lambda _checked=False: self.join.emit(near.one, near.other))
        two.clicked.connect(lambda _checked=False: self.apart.emit(near.one, near.other))
        answers = Flow(8)
        for button in (one, two):
            answers.addWidget(button)
            self.buttons.append(button)
        column.addLayout(answers)
        return holder


_MOST_NEAR = 3


class Cards(ScrollArea):
    """All cards of the page. `show_nameless` opens the deposits that name nobody."""

    show_nameless = Signal()
    record = Signal()
    expect = Signal()

    def __init__(self) -> None:
        self.body = QWidget()
        super().__init__(self.body)
        self.hero, self.near = Hero(), NearCard()
        self.payers = CardTable(
            "Payers", view_model.PAYER_HEADS, view_model.PAYER_WIDTHS, view_model.PAYER_YIELDS,
            least=view_model.NAME_LEAST
        )  # fmt: skip
        self.payers_card = Card("Payers", " ")
        self.nameless = Button("Name them", key="M", size="small")
        self.nameless.clicked.connect(self.show_nameless)
        self.payers_card.add_link(self.nameless)
        self.payers_card.add_row(self.payers)
        self.expected = CardTable(
            "Expected payments",
            view_model.EXPECTED_HEADS,
            view_model.EXPECTED_WIDTHS,
            view_model.EXPECTED_YIELDS,
            least=view_model.NAME_LEAST,
        )
        self.expected_card = self._card("Expected", self.expected, Button("Expect a payment", key="E", size="small"))
        self.forms = CardTable(
            "Forms 1099",
            view_model.FORM_HEADS,
            view_model.FORM_WIDTHS,
            view_model.FORM_YIELDS,
            least=view_model.NAME_LEAST,
        )
        self.forms_card = self._card("Forms 1099", self.forms, Button("Record form", key="9", size="small"))
        self.standing = Label(_STANDING, Role.CAPTION, "muted", wrap=True)
        self._foot = QHBoxLayout()
        self._foot.addWidget(IconLabel("info", "muted", 14, 16), 0, Qt.AlignmentFlag.AlignTop)
        self._foot.addWidget(self.standing, 1)
        self._column = QVBoxLayout(self.body)
        for card in (self.hero, self.near, self.payers_card, self.expected_card, self.forms_card):
            self._column.addWidget(card)
        self._column.addLayout(self._foot)
        self._column.addStretch(1)
        for table in (self.payers, self.expected, self.forms):
            table.selectionModel().currentChanged.connect(partial(self._keep_seen, table))
        self.body.hide()
        theme.current().changed.connect(self._restyle)
        self._restyle()

    def _card(self, title: str, table: CardTable, button: Button) -> Card:
        card = Card(title, " ")
        button.clicked.connect(self.expect if table is self.expected else self.record)
        card.add_link(button)
        card.add_row(table)
        return card

    def show_loaded(self, loaded: Loaded) -> None:
        income = loaded.income
        self.hero.show_loaded(loaded)
        self.near.show_loaded(loaded)
        self.payers.show_rows([view_model.payer_cells(loaded, place, row) for place, row in enumerate(income.payers)])
        count = income.nameless_count
        self.payers_card.set_title("Payers", f"{counted(count, 'deposit')} without a name" if count else "")
        self.nameless.setVisible(bool(count))
        rows = view_model.expected_rows(loaded)
        likely = [] if loaded.is_past else list(loaded.outlook.likely)
        self.expected.show_rows(
            [view_model.expected_cells(row, loaded.this_year) for row in rows]
            + [view_model.likely_cells(row, loaded.this_year) for row in likely]
        )
        self.expected.setVisible(bool(rows or likely))
        self.expected_card.set_title("Expected", "" if rows or likely else "nothing is written down")
        self.expected_card.setVisible(not loaded.is_past)
        self.forms.show_rows([view_model.form_cells(row) for row in loaded.check.rows])
        self.forms.setVisible(any(row.form for row in loaded.check.rows))
        self.forms_card.set_title(f"Forms 1099 for {loaded.year}", view_model.check_note(loaded))
        self.body.show()

    def _restyle(self) -> None:
        dp = theme.current().dp
        self._column.setContentsMargins(dp(24), 0, dp(24), dp(12))
        self._column.setSpacing(dp(14))
        self._foot.setSpacing(dp(8))

    def _keep_seen(self, table: CardTable, now: QModelIndex, before: QModelIndex) -> None:
        # Taking the focus chooses the first row: only a move from row to row scrolls.
        if not table.hasFocus() or not now.isValid() or not before.isValid():
            return
        box = table.visualRect(now).translated(0, table.head.height())
        middle = table.mapTo(self.body, box.center())
        self.ensureVisible(middle.x(), middle.y(), 0, box.height())
