"""What each deposit sets aside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.ui.taxes import tables, view_model
from app.ui.theme.theme import current
from app.ui.widgets.buttons import LinkButton
from app.ui.widgets.card import Card
from app.ui.widgets.card_table import CardTable
from app.ui.widgets.themed import Themed

if TYPE_CHECKING:
    from app.services.tax.tax_page import DepositRow


class Foot(Themed, QWidget):
    """The end of a card: a selected row above it stays clear of the round corners."""

    def restyle(self) -> None:
        self.setFixedHeight(current().dp(7))

    def __init__(self) -> None:
        super().__init__()
        self.follow_theme()


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
        self.table = CardTable("Deposits", tables.DEPOSIT_HEADS, tables.DEPOSIT_WIDTHS, tables.DEPOSIT_YIELDS)
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
