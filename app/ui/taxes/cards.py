"""The cards under the figure: what was paid on the four dates, and what each deposit sets aside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.services.tax_dates import ASKED
from app.ui.taxes import tables, view_model
from app.ui.taxes.paid_rows import PaidRow, paid_rows
from app.ui.taxes.tables import CardTable
from app.ui.taxes.view_model import Loaded, many
from app.ui.theme.theme import current
from app.ui.widgets.amount import amount_text
from app.ui.widgets.buttons import LinkButton
from app.ui.widgets.card import Card
from app.ui.widgets.themed import Themed

if TYPE_CHECKING:
    from app.services.tax_dates import DueDate
    from app.services.tax_page import DepositRow
    from app.services.tax_rows import BankRow


class Foot(Themed, QWidget):
    """The end of a card: a selected row above it stays clear of the round corners."""

    def restyle(self) -> None:
        self.setFixedHeight(current().dp(7))

    def __init__(self) -> None:
        super().__init__()
        self.follow_theme()


class Gap(Themed, QWidget):
    """Parts two links from each other."""

    def __init__(self) -> None:
        super().__init__()
        self.follow_theme()

    def restyle(self) -> None:
        self.setFixedWidth(current().dp(1))


class PaymentsCard(Card):
    """`show_rows` opens bank rows; `explain` asks what a payment was for."""

    show_rows = Signal(tuple)
    explain = Signal(object)

    def __init__(self) -> None:
        super().__init__("Federal payments", " ")
        self._loaded: Loaded | None = None
        self._dates: tuple[DueDate, ...] = ()
        self._rows: list[PaidRow] = []
        self._ask = LinkButton("", color="warn")
        self._ask.clicked.connect(self._explain_first)
        self._all = LinkButton("")
        self._all.clicked.connect(self.turn)
        self.add_link(self._ask)
        self.add_link(Gap())
        self.add_link(self._all)
        self.due = CardTable("Due dates", tables.DUE_HEADS, tables.DUE_WIDTHS)
        self.due.row_activated.connect(self._open_due)
        self.add_row(self.due)
        self.paid = CardTable("Payments", tables.PAID_HEADS, tables.PAID_WIDTHS)
        self.paid.row_activated.connect(self._open_paid)
        self.paid.hide()
        self.body.addWidget(self.paid)
        self._foot = Foot()
        self.body.addWidget(self._foot)

    @property
    def is_open(self) -> bool:
        return not self.paid.isHidden()

    def show_loaded(self, loaded: Loaded) -> None:
        self._loaded = loaded
        page = loaded.page
        self._dates = page.due_dates
        self.due.show_rows([tables.due_cells(each) for each in page.due_dates])
        self._rows = paid_rows(loaded)
        self.paid.show_rows([tables.paid_cells(row) for row in self._rows])
        self._tell_total()
        count = len(loaded.waiting)
        self._ask.set_words("Explain the April payment" if count == 1 else f"Explain {count} April payments")
        self._ask.setVisible(bool(count))
        if not self._rows:
            self.paid.hide()
        self._all.setVisible(bool(self._rows))
        self._tell()

    def restyle(self) -> None:
        super().restyle()
        self._tell_total()

    def _tell_total(self) -> None:
        loaded = getattr(self, "_loaded", None)
        if loaded is not None:
            total = sum(each.paid_cents for each in self._dates)
            until = "" if loaded.is_past else " so far"
            self.set_title("Federal payments", f"{amount_text(total)} for {loaded.page.year}{until}")

    def turn(self) -> None:
        """Show or hide the payments one by one."""
        self.paid.setVisible(not self.is_open and bool(self._rows))
        self._tell()

    def open_payments(self) -> None:
        if not self.is_open:
            self.turn()

    def current_bank_row(self) -> BankRow | None:
        """Return the unrecorded payment the keyboard is on, if it is on one."""
        row = self.paid.currentIndex().row()
        return self._rows[row].bank if self.paid.hasFocus() and 0 <= row < len(self._rows) else None

    def _tell(self) -> None:
        count = many(len(self._rows), "payment")
        self._all.set_words(f"Hide the {count}" if self.is_open else f"Show the {count}")

    def _explain_first(self) -> None:
        if self._loaded is not None and self._loaded.waiting:
            self.explain.emit(self._loaded.waiting[0])

    def _open_due(self, row: int) -> None:
        if self._dates[row].state == ASKED:
            self._explain_first()
        elif self._dates[row].transaction_ids:
            self.show_rows.emit(self._dates[row].transaction_ids)

    def _open_paid(self, row: int) -> None:
        paid = self._rows[row]
        if paid.bank is not None and paid.bank.waits:
            self.explain.emit(paid.bank)
        elif paid.transaction_id is not None:
            self.show_rows.emit((paid.transaction_id,))


class DepositsCard(Card):
    """The newest deposits and one line for the rest, or all of them."""

    show_rows = Signal(tuple)

    def __init__(self) -> None:
        super().__init__("Set aside by deposit")
        self._deposits: Sequence[DepositRow] = ()
        self._shown: Sequence[DepositRow] = ()
        self._is_past = False
        self.shows_all = False
        self._all = LinkButton("")
        self._all.clicked.connect(self.turn)
        self.add_link(self._all)
        self.table = CardTable("Deposits", tables.DEPOSIT_HEADS, tables.DEPOSIT_WIDTHS)
        self.table.row_activated.connect(self._open)
        self.add_row(self.table)
        self.body.addWidget(Foot())

    def show_deposits(self, deposits: Sequence[DepositRow], *, is_past: bool = False) -> None:
        self._deposits, self._is_past = deposits, is_past
        shown, rest = view_model.folded(deposits)
        if self.shows_all:
            shown, rest = deposits, None
        self._shown = shown
        rows = [tables.deposit_cells(row, is_past=is_past) for row in shown]
        if rest is not None:
            rows.append(tables.rest_cells(rest))
        self.table.show_rows(rows)
        self._all.setVisible(rest is not None or self.shows_all)
        self._all.set_words("Newest only" if self.shows_all else f"All {len(deposits):,}")
        self.setVisible(bool(deposits))

    def turn(self) -> None:
        """Show all deposits or fold the older ones again; the current one stays."""
        row = self.table.currentIndex().row()
        self.shows_all = not self.shows_all
        self.show_deposits(self._deposits, is_past=self._is_past)
        if row >= 0:
            self.table.go_to(min(row, len(self._shown)))

    def _open(self, row: int) -> None:
        if row < len(self._shown):
            self.show_rows.emit((self._shown[row].transaction_id,))
        else:
            self.turn()
