"""Recording a tax payment: what was paid, when, to whom, for which year; checked where it is typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.dates import Day, iso
from app.ui.taxes.paid_rows import TYPES, default_year, whom
from app.ui.taxes.view_model import day_text
from app.ui.theme.theme import current
from app.ui.widgets.amount import amount_text
from app.ui.widgets.fields import AmountEdit, DateEdit, Field, LineEdit
from app.ui.widgets.form_choice import FormChoice
from app.ui.widgets.themed import Themed, pad

if TYPE_CHECKING:
    from app.services.tax.tax_rows import BankRow

NO_ROW = "None of them"
COUNTS = {
    "estimate": "Counts against the tax of its year.",
    "extension": "Counts against the tax of its year.",
    "applied": "Counts against the tax of its year.",
    "balance": "Settles the return. It does not lower what to set aside.",
    "penalty": "Does not count against the tax.",
}


class PaymentForm(Themed, QWidget):
    """`wants_rows` asks for bank rows of an amount near a day; `submitted` hands over what `values` returned."""

    wants_rows = Signal(int, int)
    submitted = Signal(dict)
    cancelled = Signal()

    def __init__(self, today: Day, year: int, states: Sequence[str], found: Sequence[BankRow]) -> None:
        super().__init__()
        self._today = today
        self._found = {row.transaction_id: row for row in found}
        self._offered: Sequence[BankRow] = ()
        self._touched_year = self._touched_row = False
        self.amount = AmountEdit()
        self.date = DateEdit(today, today)
        self.to = FormChoice([(code, _recipient(code)) for code in ("federal", *states)], "federal", name="Paid to")
        self.year = FormChoice([(y, str(y)) for y in range(max(year, default_year(today)), year - 3, -1)],
                             default_year(today), name="Tax year")  # fmt: skip
        self.type = FormChoice(TYPES, "estimate", name="What for")
        self.confirmation = LineEdit("Optional")
        self.row = FormChoice([], name="Bank row")
        self._fields = {
            "cents": Field("Amount", self.amount),
            "date": Field("Paid on", self.date),
            "jurisdiction": Field("Paid to", self.to),
            "type": Field("What for", self.type, COUNTS["estimate"]),
            "for_year": Field("Tax year", self.year),
            "transaction_id": Field("Bank row it matches", self.row, "So that it is not counted twice."),
            "confirmation": Field("Confirmation number", self.confirmation),
        }
        self._column = QVBoxLayout(self)
        for each in self._fields.values():
            self._column.addWidget(each)
        self._column.addStretch(1)
        self._ask = QTimer(self, singleShot=True, interval=250)
        self._ask.timeout.connect(self._ask_for_rows)
        for edit in (self.amount, self.date):
            edit.textEdited.connect(lambda _text: self._ask.start())
            edit.returnPressed.connect(self.submit)
        self.date.editingFinished.connect(self._guess_year)
        self.confirmation.returnPressed.connect(self.submit)
        self.type.changed.connect(lambda kind: self._fields["type"].set_hint(COUNTS[kind]))
        self.year.changed.connect(lambda _year: setattr(self, "_touched_year", True))
        self.row.changed.connect(self._row_chosen)
        self._offer(tuple(found))
        self.follow_theme()

    def restyle(self) -> None:
        pad(self._column, 0, 0, 0, 0)
        self._column.setSpacing(current().dp(14))
        chosen = self.row.value()
        self._offer(self._offered)  # amounts may be hidden or shown now
        self.row.set_value(chosen)

    # --- bank rows

    def choose(self, row: BankRow) -> None:
        """Fill the form from a bank row."""
        self._found[row.transaction_id] = row
        self._offer((row, *(each for each in self._found.values() if each is not row)))
        self.row.set_value(row.transaction_id)
        self._take(row)
        self._touched_row = True

    def take_rows(self, rows: Sequence[BankRow]) -> None:
        """Offer the rows that fit what is typed; the nearest is taken unless a person has chosen."""
        exact = {row.transaction_id for row in rows}
        self._found.update({row.transaction_id: row for row in rows})
        chosen = self.row.value()
        self._offer((*rows, *(row for row in self._found.values() if row.transaction_id not in exact)))
        if self._touched_row and chosen in self._found:
            self.row.set_value(chosen)
        elif not self._touched_row:
            self.row.set_value(rows[0].transaction_id if rows else None)

    def _offer(self, rows: Sequence[BankRow]) -> None:
        self._offered = rows
        shown = [(row.transaction_id, f"{day_text(row.day)}, {amount_text(row.cents)}, {row.text}") for row in rows]
        self.row.set_choices([(None, NO_ROW if rows else "No bank row fits"), *shown], None)

    def _row_chosen(self, number: object) -> None:
        self._touched_row = True
        if isinstance(number, int):
            self._take(self._found[number])

    def _take(self, row: BankRow) -> None:
        self.amount.set_cents(row.cents)
        self.date.set_day(row.day)
        if row.jurisdiction in self.to.values():
            self.to.set_value(row.jurisdiction)
        self._guess_year()
        for each in self._fields.values():
            each.set_error("")

    def _ask_for_rows(self) -> None:
        try:
            cents, day = self.amount.cents(), self.date.day()
        except ValueError:
            return
        if cents and cents > 0 and day is not None:
            self.wants_rows.emit(cents, day)

    def _guess_year(self) -> None:
        try:
            day = self.date.day()
        except ValueError:
            return
        if day is not None and not self._touched_year:
            year = default_year(day)
            if year in self.year.values():
                self.year.set_value(year)

    # --- checking

    def submit(self) -> None:
        """Hand the payment over, or say at each field what is missing."""
        wrong = self.problems()
        for name, each in self._fields.items():
            each.set_error(wrong.get(name, ""))
        if wrong:
            self._fields[next(iter(wrong))].widget.setFocus()
            return
        self.submitted.emit(self.values())

    def problems(self) -> dict[str, str]:
        """Return what is wrong, by field, in the order of the form."""
        wrong: dict[str, str] = {}
        try:
            cents = self.amount.cents()
            if cents is None:
                wrong["cents"] = "Type what was paid."
            elif cents <= 0:
                wrong["cents"] = "A payment is more than zero. Type it without a sign."
        except ValueError as problem:
            wrong["cents"] = str(problem)
        try:
            day = self.date.day()
            if day is None:
                wrong["date"] = "Type the day it was paid."
            elif day > self._today:
                wrong["date"] = "This day is still to come. Record a payment once it is made."
        except ValueError as problem:
            wrong["date"] = str(problem)
        return wrong

    def values(self) -> dict[str, Any]:
        """Return the payment in the words of the service. Only after `problems` found none."""
        day = self.date.day()
        assert day is not None
        return {
            "cents": self.amount.cents(), "date": iso(day), "jurisdiction": self.to.value(),
            "for_year": self.year.value(), "type": self.type.value(),
            "confirmation": self.confirmation.text().strip() or None, "transaction_id": self.row.value(),
        }  # fmt: skip

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
            return
        super().keyPressEvent(event)


def _recipient(code: str) -> str:
    return "IRS (federal)" if code == "federal" else f"{whom(code)} (state)"
