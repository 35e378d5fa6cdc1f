"""One payer in full: the year by months, how it pays, its last payments, what is expected, its forms."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from app.core.books.naming import counted, day_words
from app.core.dates import date_of
from app.ui.income import view_model
from app.ui.income.month_bars import MonthBars
from app.ui.income.view_model import Detail, Loaded
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.amount import AmountLabel
from app.ui.widgets.badge import Badge
from app.ui.widgets.buttons import Button, IconButton, LinkButton
from app.ui.widgets.card import Fact
from app.ui.widgets.pane import Pane, PaneHead, Section
from app.ui.widgets.text import ElidedLabel, Label
from app.ui.widgets.themed import Themed, pad

WIDTH = 340


class PayerPane(Pane):
    """`rows_wanted` opens transactions; `part` makes a name of the payer one of its own."""

    rows_wanted = Signal(tuple)
    rename_wanted = Signal()
    join_wanted = Signal()
    hide_wanted = Signal()
    expect_wanted = Signal()
    part = Signal(int)

    def __init__(self) -> None:
        super().__init__(WIDTH, "The payer in full")
        self.detail: Detail | None = None
        self.all: Button | None = None
        self.menu = QMenu(self)
        self.menu.setAccessibleName("More about this payer")
        for text, told in (
            ("Expect a payment…", self.expect_wanted), ("Rename…", self.rename_wanted),
            ("Join with another payer…", self.join_wanted), ("This is not a payer", self.hide_wanted),
        ):  # fmt: skip
            self.menu.addAction(text).triggered.connect(lambda _checked=False, told=told: told.emit())
        self.show_nothing()

    def show_nothing(self) -> None:
        self.detail = self.all = None
        self.clear_sections()
        self.clear_foot()
        self.set_header(PaneHead("No payer chosen", "Choose one in the list", icon="income"))

    def show_detail(self, loaded: Loaded, detail: Detail) -> None:
        focused = next((each.objectName() for each in self.findChildren(QPushButton) if each.hasFocus()), "")
        self.detail = detail
        payer = detail.payer
        self.set_header(PaneHead(payer.name, view_model.since_words(payer), tile=_letters(payer.name)))
        self.clear_sections()
        self.clear_foot()
        self._add_year(loaded, detail)
        self._add_facts(detail)
        self._add_payments(loaded, detail)
        self._add_expected(loaded, detail)
        self._add_forms(loaded, detail)
        self._add_names(detail)
        self._add_foot(detail)
        found = self.findChild(QPushButton, focused) if focused else None
        if found is not None:
            found.setFocus()

    def _add_year(self, loaded: Loaded, detail: Detail) -> None:
        section = Section()
        section.add(Label(str(loaded.year), Role.CAPTION, "muted"))
        section.add(_Total(detail.payer.total_cents, counted(detail.payer.count, "payment")))
        bars = MonthBars()
        last = 12 if loaded.is_past else date_of(loaded.income.as_of).month
        bars.show_months(detail.payer.months_cents, last)
        section.add(bars, top=12)
        self.add_section(section)

    def _add_facts(self, detail: Detail) -> None:
        payer, section = detail.payer, Section()
        section.add(Fact("Share of the year", view_model.percent(payer.share)))
        section.add(Fact("Pays", view_model.rhythm_words(payer)))
        if payer.rhythm.usual_cents is not None:
            section.add(Fact("Usual amount", AmountLabel(payer.rhythm.usual_cents, Role.SMALL, plain=True)))
        section.add(Fact("By", view_model.methods_words(payer)))
        if payer.fees_cents:
            section.add(Fact("Fees kept back", AmountLabel(payer.fees_cents, Role.SMALL, plain=True)))
        if payer.returned_cents:
            section.add(Fact("Given back", AmountLabel(payer.returned_cents, Role.SMALL, plain=True)))
        self.add_section(section)

    def _add_payments(self, loaded: Loaded, detail: Detail) -> None:
        shown = [each for each in detail.payments if each.gross or each.returned][: view_model.PAYMENTS_SHOWN]
        if not shown:
            return
        section = Section("Last payments")
        for each in shown:
            row = _Payment(
                day_words(each.day, loaded.year), detail.accounts.get(each.account_id, ""),
                each.gross + each.fees + each.returned,
            )  # fmt: skip
            row.link.setObjectName(f"row-{each.id}")
            row.link.clicked.connect(partial(self._show_row, each.id))
            section.add(row)
        self.add_section(section)

    def _add_expected(self, loaded: Loaded, detail: Detail) -> None:
        waiting = [row for row in detail.expected if row.open_cents]
        if not waiting:
            return
        section = Section("Expected")
        for row in waiting:
            when = f"{row.days_late} days late" if row.days_late else day_words(row.due, loaded.this_year)
            section.add(Fact(when, AmountLabel(row.open_cents, Role.SMALL, plain=True)))
        self.add_section(section)

    def _add_forms(self, loaded: Loaded, detail: Detail) -> None:
        check = detail.check
        if check is None or not check.forms:
            return
        section = Section(f"Forms 1099 for {loaded.year}")
        for form in check.forms:
            section.add(Fact(form.type, AmountLabel(form.cents, Role.SMALL, plain=True)))
        for step in check.bridge:
            section.add(_Step(step.what, step.cents), top=4)
        cell = view_model.state_cell(check.difference_cents)
        section.add(Badge(cell.text, cell.badge, cell.icon or None), top=6)
        self.add_section(section)

    def _add_names(self, detail: Detail) -> None:
        if not detail.names:
            return
        section = Section("Names in the bank's texts")
        for name in detail.names:
            link = None
            if len(detail.names) > 1:
                link = LinkButton("Own payer")
                link.setObjectName(f"name-{name.text_id}")
                link.setAccessibleName(f"Make {name.name} a payer of its own")
                link.clicked.connect(partial(self._part, name.text_id))
            section.add(_Name(name.name, counted(name.count, "deposit"), link))
        self.add_section(section)

    def _add_foot(self, detail: Detail) -> None:
        self.all = Button("All transactions", key="Enter", size="foot")
        self.all.setObjectName("all")
        self.all.clicked.connect(lambda _checked=False: self.rows_wanted.emit(detail.ids))
        self.all.setEnabled(bool(detail.ids))
        more = IconButton("more", "More about this payer")
        more.setObjectName("more")
        more.clicked.connect(lambda _checked=False: self.menu.popup(more.mapToGlobal(QPoint(0, 0))))
        self.add_foot(self.all, 1)
        self.add_foot(more)
        self.all.show()
        more.show()

    def _show_row(self, number: int, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - Qt's signal
        self.rows_wanted.emit((number,))

    def _part(self, text_id: int, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - Qt's signal
        self.part.emit(text_id)


def _letters(name: str) -> str:
    words = [word for word in name.split() if word[:1].isalnum()]
    return "".join(word[0].upper() for word in words[:2])


class _Total(Themed, QWidget):
    """The sum of the year, with the number of payments at the right end of its line."""

    def __init__(self, cents: int, words: str) -> None:
        super().__init__()
        self._row = QHBoxLayout(self)
        self._row.addWidget(AmountLabel(cents, Role.FIGURE_M, plain=True))
        self._row.addStretch(1)
        self._row.addWidget(Label(words, Role.SMALL, "muted"))
        self.follow_theme()

    def restyle(self) -> None:
        pad(self._row, 0, 0, 0, 0)
        self._row.setSpacing(current().dp(8))


class _Step(Themed, QWidget):
    """A step of the bridge from a form to the books."""

    def __init__(self, words: str, cents: int) -> None:
        super().__init__()
        self._row = QHBoxLayout(self)
        self._row.addWidget(Label(words, Role.SMALL, "muted", wrap=True), 1)
        self._row.addWidget(AmountLabel(cents, Role.SMALL, plain=True))
        self.follow_theme()

    def restyle(self) -> None:
        pad(self._row, 0, 0, 0, 0)
        self._row.setSpacing(current().dp(12))


class _Payment(Themed, QWidget):
    """One payment: its day is the link to its transaction."""

    def __init__(self, day: str, account: str, cents: int) -> None:
        super().__init__()
        self.link = LinkButton(day, role=Role.SMALL)
        self.link.setAccessibleName(f"{day}, {account}: open the transaction")
        self._row = QHBoxLayout(self)
        self._row.addWidget(self.link)
        self._row.addWidget(ElidedLabel(account, Role.SMALL, "muted"), 1)
        self._row.addWidget(AmountLabel(cents, Role.SMALL))
        self.follow_theme()

    def restyle(self) -> None:
        self.setFixedHeight(current().dp(28))
        self.link.setMinimumWidth(current().dp(56))
        pad(self._row, 0, 0, 0, 0)
        self._row.setSpacing(current().dp(12))


class _Name(Themed, QWidget):
    """A name of the payer, how many deposits bear it, and at the right the way to part it."""

    def __init__(self, name: str, words: str, link: LinkButton | None) -> None:
        super().__init__()
        self._row = QHBoxLayout(self)
        self._row.addWidget(ElidedLabel(name, Role.SMALL), 1)
        self._row.addWidget(Label(words, Role.SMALL, "muted"))
        if link is not None:
            self._row.addWidget(link)
        self.follow_theme()

    def restyle(self) -> None:
        self.setFixedHeight(current().dp(28))
        pad(self._row, 0, 0, 0, 0)
        self._row.setSpacing(current().dp(10))
