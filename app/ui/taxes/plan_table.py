"""The table of the instalments: due date, the three methods, the state, what was paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QContextMenuEvent, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from app.services.tax.tax_dates import ASKED, DUE, OVERDUE, PAID
from app.ui.taxes import plan_model
from app.ui.taxes.paid_rows import EARNED
from app.ui.taxes.plan_model import LONG_NAMES, METHODS, NOTHING, PlanRow
from app.ui.taxes.view_model import Loaded, day_text
from app.ui.theme.theme import current
from app.ui.widgets.amount import amount_text
from app.ui.widgets.card_table import CardRows, CardTable, Index, Row
from app.ui.widgets.cell import Cell

if TYPE_CHECKING:
    from app.core.dates import Day
    from app.core.tax.instalments.plan import Instalment

DUE_COLUMN, STATE_COLUMN, PAID_COLUMN = 0, 4, 5
WIDTHS = (124, 116, 124, 138, 118, 0)
LEAST_PAID = 140
"""What the last column needs for its words."""
_ICONS = {PAID: ("check", ""), DUE: ("clock", "muted"), OVERDUE: ("alert", "danger"), ASKED: ("alert", "warn")}


class _PlanRows(CardRows):
    """The column of the chosen method stands on the tint of a choice."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        table = self._table
        if isinstance(table, PlanTable) and index.column() == table.chosen_column:
            painter.fillRect(option.rect, current().color("sel"))
        super().paint(painter, option, index)


class PlanTable(CardTable):
    """Where not all columns fit, the methods that are not chosen give way, then the state. `wants_menu` is a row."""

    wants_menu = Signal(int, QPoint)
    columns_changed = Signal()

    def __init__(self) -> None:
        self.chosen_column = 1
        self._has_state = False
        heads = ("Due", *(f">{LONG_NAMES[name]}" for name in METHODS), ">State", ">Paid")
        super().__init__("Payments by method", heads, WIDTHS)
        self.setItemDelegate(_PlanRows(self))

    def show_plan(self, loaded: Loaded, rows: list[PlanRow], method: str) -> None:
        self.chosen_column = 1 + METHODS.index(method)
        self._has_state = plan_model.has_state_column(loaded)
        heads = ["Due", *(f">{LONG_NAMES[name]}" for name in METHODS), f">{loaded.plan.state_name or 'State'}", ">Paid"]
        self.cells.set_heads(heads)
        cells = [row_cells(row, method, loaded.today) for row in rows]
        self.show_rows([*cells, year_cells(loaded, method)] if rows else [])

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt
        if event.reason() is QContextMenuEvent.Reason.Mouse:
            row, at = self.rowAt(event.pos().y()), event.globalPos()
        else:
            row = self.currentIndex().row()
            at = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())
        if row >= 0:
            self.wants_menu.emit(row, at)

    @property
    def hides_state(self) -> bool:
        """Whether the state has amounts and no room for them."""
        return self._has_state and self.isColumnHidden(STATE_COLUMN)

    def _share_width(self) -> None:
        before = self.hides_state
        super()._share_width()
        if self.hides_state != before:
            self.columns_changed.emit()

    def _fitting(self, room: int) -> set[int]:
        dp = current().dp
        methods = set(range(1, STATE_COLUMN))
        state = {STATE_COLUMN} if self._has_state else set()
        always = {DUE_COLUMN, self.chosen_column, PAID_COLUMN}
        for extra in (methods | state, state):
            shown = always | extra
            if sum(dp(WIDTHS[column] or LEAST_PAID) for column in shown) <= room:
                return shown
        return always


def row_cells(row: PlanRow, method: str, today: Day) -> Row:
    day, earned = day_text(row.due, year=True), EARNED.get(row.numbers.get("federal", 0), "")
    due = Cell(
        kind="status" if row.postponed else "name", text=day, icon="calendar" if row.postponed else "", color="muted"
        if row.postponed else "", spoken=f"{day}, postponed by you" if row.postponed else day,
        tip="Postponed by you" if row.postponed else f"For what you earned in {earned}" if earned else "",
    )  # fmt: skip
    methods = []
    for name in METHODS:
        each = row.federal.get(name)
        methods.append(_dash() if each is None else _amount(each.required, strong=name == method))
    state = _dash("none") if row.state is None else _state_cell(row.state)
    return (due, *methods, state, _status_cell(row, method, today))


def _state_cell(state: Instalment) -> Cell:
    if not state.late:
        return _amount(state.required, strong=True)
    short = f"{amount_text(state.due_now)} short"
    return Cell(
        kind="status", text=amount_text(state.required), icon="alert", color="danger", right=True, tip=short,
        spoken=f"{amount_text(state.required)}, {short}",
    )  # fmt: skip


def _status_cell(row: PlanRow, method: str, today: Day) -> Cell:
    found = plan_model.status(row, method, today)
    icon, color = _ICONS[found.state]
    if found.words == NOTHING:
        return Cell(kind="muted", text=NOTHING, right=True)
    said = {PAID: "paid", DUE: "due", OVERDUE: "overdue"}.get(found.state, "")
    return Cell(
        kind="status", text=found.words, icon=icon, color=color, right=True, spoken=f"{said} {found.words}".strip()
    )


def year_cells(loaded: Loaded, method: str) -> Row:
    methods = []
    for name in METHODS:
        each = plan_model.federal(loaded).method(name)
        known = each is not None and each.available
        methods.append(_amount(each.annual, strong=name == method) if each is not None and known else _dash())
    state = plan_model.state_method(loaded, method)
    codes = {plan.jurisdiction for plan in loaded.plan.plans}
    paid = sum(row.cents for row in loaded.page.payments if row.jurisdiction in codes)
    return (
        Cell(kind="strong", text="Year"),
        *methods,
        _dash("none") if state is None else _amount(state.annual, strong=True),
        Cell(kind="amount", cents=paid, plain=True, color="muted"),
    )


def _amount(cents: int, *, strong: bool) -> Cell:
    return Cell(kind="amount", cents=cents, plain=True, quiet=not strong)


def _dash(words: str = "–") -> Cell:
    return Cell(kind="muted", text=words, right=True, spoken="none")
