"""The card of the instalments: what each method asks on each date, what was paid, and which way is recommended."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from app.core.books import naming
from app.ui.taxes import plan_model, tables
from app.ui.taxes.paid_rows import PaidRow, paid_rows
from app.ui.taxes.plan_model import METHODS, SHORT_NAMES, PlanRow
from app.ui.taxes.plan_table import PlanTable
from app.ui.taxes.view_model import Loaded
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.buttons import DropDown, LinkButton, Segmented
from app.ui.widgets.card import INSET, Card, Divider
from app.ui.widgets.card_table import CardTable
from app.ui.widgets.flow import Flow
from app.ui.widgets.live import LiveLabel
from app.ui.widgets.themed import pad

if TYPE_CHECKING:
    from app.services.tax.tax_rows import BankRow


class PaymentsCard(Card):
    """`show_rows` opens bank rows; `explain` asks what a payment was for; `record` and `postpone` are of a due date."""

    show_rows = Signal(tuple)
    explain = Signal(object)
    record = Signal()
    postpone = Signal(object)
    print_plan = Signal()
    last_year = Signal()
    """Wants the question about last year's return."""

    def __init__(self) -> None:
        super().__init__("Payments by method", " ")
        self._loaded: Loaded | None = None
        self._rows: list[PlanRow] = []
        self._paid: list[PaidRow] = []
        self._picked = self._tells_notes = False
        self.method = METHODS[0]
        self._add_choice()
        self.due = PlanTable()
        self.due.row_activated.connect(self._open_due)
        self.due.wants_menu.connect(self._pop_up)
        self.due.columns_changed.connect(self._tell_state)
        self.add_row(self.due)
        self.paid = CardTable("Payments", tables.PAID_HEADS, tables.PAID_WIDTHS, tables.PAID_YIELDS)
        self.paid.row_activated.connect(self._open_paid)
        self.paid.hide()
        self.body.addWidget(self.paid)
        self.body.addWidget(Divider())
        self._add_words()

    def _add_choice(self) -> None:
        choices = [(name, SHORT_NAMES[name]) for name in METHODS]
        self.choice = Segmented(choices, name="Pay by")
        self.drop = DropDown(choices, size="small", name="Pay by")
        for each in (self.choice, self.drop):
            each.changed.connect(self._choose)
            self.add_link(each)
        self.drop.hide()

    def _add_words(self) -> None:
        holder = QWidget()
        self._words = QVBoxLayout(holder)
        self.beside = LiveLabel(str, Role.SMALL_STRONG, wrap=True)
        self.why = LiveLabel(str, Role.SMALL, wrap=True)
        self.notes = LiveLabel(str, Role.CAPTION, "muted", wrap=True)
        self.missing = LinkButton("Enter last year’s return")
        self.missing.clicked.connect(self.last_year)
        self._ask = LinkButton("", color="warn")
        self._ask.clicked.connect(self._explain_first)
        self._all = LinkButton("")
        self._all.clicked.connect(self.turn)
        self.save = LinkButton("Save as PDF…")
        self.save.clicked.connect(self.print_plan)
        self.later = LinkButton("Postpone…")
        self.later.clicked.connect(lambda: self.postpone.emit(self.current_due()))
        self.more = LinkButton("Notes")
        self.more.clicked.connect(self._turn_notes)
        self._links = Flow()
        for link in (self.missing, self._ask, self._all, self.save, self.later, self.more):
            self._links.addWidget(link)
        self._words.addWidget(self.beside)
        self._words.addWidget(self.why)
        self._words.addWidget(self.notes)
        self._words.addLayout(self._links)
        self.body.addWidget(holder)
        self.restyle()

    @property
    def is_open(self) -> bool:
        return not self.paid.isHidden()

    # --- what it shows

    def show_loaded(self, loaded: Loaded) -> None:
        if self._loaded is None or self._loaded.page.year != loaded.page.year:
            self._picked = False
        self._loaded = loaded
        if not self._picked:
            self._set_method(plan_model.recommended(loaded))
        self._show_plan()
        self._paid = paid_rows(loaded)
        self.paid.show_rows([tables.paid_cells(row) for row in self._paid])
        self.set_title("Payments by method", plan_model.note(loaded))
        count = len(loaded.waiting)
        self._ask.set_words("Explain the April payment" if count == 1 else f"Explain {count} April payments")
        self._ask.setVisible(bool(count))
        if not self._paid:
            self.paid.hide()
        self._all.setVisible(bool(self._paid))
        self.later.setVisible(not loaded.is_past)
        self._tell()

    def _show_plan(self) -> None:
        loaded = self._loaded
        if loaded is None:
            return
        self._rows = plan_model.rows(loaded, self.method)
        self.due.show_plan(loaded, self._rows, self.method)
        self.due.setVisible(bool(self._rows))
        self.beside.set_words(lambda: plan_model.state_in_words(loaded, self.method))
        self._tell_state()
        self.why.set_words(lambda: "\n".join(plan_model.reasons(loaded, self.method)))
        self.notes.set_words(lambda: plan_model.notes(loaded))
        self.more.setVisible(bool(plan_model.notes(loaded)))
        self.notes.setVisible(self._tells_notes and bool(plan_model.notes(loaded)))
        self.missing.setVisible(plan_model.lacks_last_year(loaded))

    def restyle(self) -> None:
        super().restyle()
        if hasattr(self, "_words"):
            pad(self._words, INSET, 12, INSET, 12)
            self._words.setSpacing(current().dp(6))
            self._show_plan()

    def set_narrow(self, *, narrow: bool) -> None:
        """Offer the methods in a menu where they do not stand beside each other."""
        self.choice.setVisible(not narrow)
        self.drop.setVisible(narrow)

    def _tell_state(self) -> None:
        if hasattr(self, "beside"):
            self.beside.setVisible(self.due.hides_state)

    def _turn_notes(self) -> None:
        self._tells_notes = not self._tells_notes
        self.more.set_words("Hide notes" if self._tells_notes else "Notes")
        self._show_plan()

    # --- the method

    def _choose(self, method: object) -> None:
        self._picked = True
        self._set_method(str(method))
        self._show_plan()

    def _set_method(self, method: str) -> None:
        self.method = method
        self.choice.set_value(method)
        self.drop.set_value(method)

    # --- payments one by one

    def turn(self) -> None:
        """Show or hide the payments one by one."""
        self.paid.setVisible(not self.is_open and bool(self._paid))
        self._tell()

    def open_payments(self) -> None:
        if not self.is_open:
            self.turn()

    def current_bank_row(self) -> BankRow | None:
        """Return the unrecorded payment the keyboard is on, if it is on one."""
        row = self.paid.currentIndex().row()
        return self._paid[row].bank if self.paid.hasFocus() and 0 <= row < len(self._paid) else None

    def _tell(self) -> None:
        count = naming.counted(len(self._paid), "payment")
        self._all.set_words(f"Hide the {count}" if self.is_open else f"Show the {count}")

    def _explain_first(self) -> None:
        if self._loaded is not None and self._loaded.waiting:
            self.explain.emit(self._loaded.waiting[0])

    def _open_paid(self, row: int) -> None:
        paid = self._paid[row]
        if paid.bank is not None and paid.bank.waits:
            self.explain.emit(paid.bank)
        elif paid.transaction_id is not None:
            self.show_rows.emit((paid.transaction_id,))

    # --- a due date

    def current_due(self) -> PlanRow | None:
        """Return the due date that is current, else the next one, else the last."""
        row = self.due.currentIndex().row()
        if 0 <= row < len(self._rows):
            return self._rows[row]
        today = self._loaded.today if self._loaded is not None else 0
        return next((each for each in self._rows if each.due >= today), self._rows[-1] if self._rows else None)

    def _open_due(self, row: int) -> None:
        if row >= len(self._rows):
            self.turn()
        elif self._rows[row].is_asked:
            self._explain_first()
        elif self._rows[row].transaction_ids:
            self.show_rows.emit(self._rows[row].transaction_ids)
        else:
            self.record.emit()

    def menu_of(self, row: PlanRow) -> QMenu:
        """Return what can be done about a due date."""
        menu = QMenu(self)
        if row.is_asked:
            menu.addAction("Say what the April payment was for…", self._explain_first)
        if row.transaction_ids:
            menu.addAction("Show the payment", partial(self.show_rows.emit, row.transaction_ids))
        menu.addAction("Record a payment…", self.record.emit)
        if self._loaded is not None and not self._loaded.is_past:
            menu.addAction("Change the postponed date…" if row.postponed else "Postpone this date…",
                           partial(self.postpone.emit, row))  # fmt: skip
        return menu

    def _pop_up(self, row: int, at: QPoint) -> None:
        if row < len(self._rows):
            menu = self.menu_of(self._rows[row])
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(at)
