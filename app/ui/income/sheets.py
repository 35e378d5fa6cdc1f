"""What is typed on the page Income: a client, an expected payment, a form 1099, another name, two that are one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.core.dates import Day
from app.core.errors import UserError
from app.core.income.forms import FormType
from app.ui.theme.fonts import Role
from app.ui.widgets.buttons import Button
from app.ui.widgets.dialog import Sheet
from app.ui.widgets.fields import AmountEdit, DateEdit, Field, LineEdit
from app.ui.widgets.form_choice import FormChoice
from app.ui.widgets.text import Label

if TYPE_CHECKING:
    from app.services.books.open_books import Books
    from app.services.books.work import Outcome
    from app.services.income.expected_payments import Standing
    from app.ui.frame.page import Frame

Choices = Sequence[tuple[object, str]]
"""Payers: number and name."""


class IncomeSheet(Sheet):
    """Says at a field what is wrong with it, and closes once the books have what was typed."""

    def __init__(self, frame: Frame, window: QWidget, title: str, act: str) -> None:
        super().__init__(window, title)
        self.frame = frame
        self.act = Button(act, kind="primary")
        self.act.clicked.connect(self.submit)
        self.cancel = Button("Cancel")
        self.cancel.clicked.connect(self.close_box)
        self.closed.connect(self.deleteLater)

    def end(self, *before: Button) -> None:
        for button in (*before, self.cancel, self.act):
            self.add_button(button)

    def submit(self) -> None:
        """Write what was typed, or say what is wrong."""

    def write(self, work: Callable[[Books], object], said: str, field: Field) -> None:
        def done(_made: object) -> None:
            self.close_box()
            self.frame.toast(said)

        def failed(error: Exception) -> None:
            if isinstance(error, UserError):
                self.say(field, error.message)
            else:
                self.frame.fail(error)

        self.frame.tasks.write(work, done, failed)

    def say(self, field: Field, text: str) -> None:
        for each in self.findChildren(Field):
            each.set_error(text if each is field else "")
        field.widget.setFocus()
        self.place_box()


def _amount(sheet: IncomeSheet, field: Field, *, needed: bool = True) -> int | None:
    """Return the cents of a field; None, with the reason said at it, when there are none that count."""
    edit = field.widget
    assert isinstance(edit, AmountEdit)
    try:
        cents = edit.cents()
    except ValueError as problem:
        sheet.say(field, str(problem))
        return None
    if cents is None and not needed:
        return 0
    if cents is None or cents < 0 or (needed and not cents):
        sheet.say(field, "Type an amount above zero.")
        return None
    return cents


class ClientSheet(IncomeSheet):
    def __init__(self, frame: Frame, window: QWidget) -> None:
        super().__init__(frame, window, "Add a client", "Add client")
        self.name = LineEdit("such as Northwind Labs LLC", name="Name")
        self.name.returnPressed.connect(self.submit)
        self._field = Field("Name", self.name, "Deposits that bear this name are taken for theirs by themselves.")
        self.body.addWidget(self._field)
        self.end()

    def submit(self) -> None:
        name = self.name.text()

        def work(books: Books) -> object:
            from app.services.income import payer_changes  # noqa: PLC0415 - most visits only look

            return payer_changes.add(books, name)

        self.write(work, "Client added", self._field)


class RenameSheet(IncomeSheet):
    def __init__(self, frame: Frame, window: QWidget, payer: int, name: str) -> None:
        super().__init__(frame, window, f"Rename {name}", "Rename")
        self._payer = payer
        self.name = LineEdit("", name="Name")
        self.name.setText(name)
        self.name.selectAll()
        self.name.returnPressed.connect(self.submit)
        self._field = Field("Name", self.name, "Leave it empty to go back to the name in the bank's texts.")
        self.body.addWidget(self._field)
        self.end()

    def submit(self) -> None:
        payer, name = str(self._payer), self.name.text()

        def work(books: Books) -> Outcome:
            from app.services.income import payer_changes  # noqa: PLC0415 - as above

            return payer_changes.change(books, payer, {"name": name})

        self.write(work, "Name changed", self._field)


class JoinSheet(IncomeSheet):
    """Joins another payer into the chosen one."""

    def __init__(self, frame: Frame, window: QWidget, payer: int, name: str, others: Choices) -> None:
        super().__init__(frame, window, f"Join with {name}", "Join")
        self._payer = payer
        self.other = FormChoice(others, name="Other payer")
        self._field = Field("Other payer", self.other, f"All payments of both stand under {name} from now on.")
        self.body.addWidget(self._field)
        self.end()

    def submit(self) -> None:
        payer, other = str(self._payer), str(self.other.value())

        def work(books: Books) -> Outcome:
            from app.services.income import payer_changes  # noqa: PLC0415 - as above

            return payer_changes.merge(books, payer, [other])

        self.write(work, "Joined", self._field)


class ExpectSheet(IncomeSheet):
    """A payment to come: a new one, perhaps with what is likely filled in, or one that is changed."""

    def __init__(
        self, frame: Frame, window: QWidget, payers: Choices, today: Day, *, payer: int | None = None,
        due: Day | None = None, cents: int | None = None, held: Standing | None = None,
    ) -> None:  # fmt: skip
        super().__init__(frame, window, "Expected payment" if held else "Expect a payment", "Save" if held else "Add")
        self._held = held
        self.payer = FormChoice(payers, held.payer_id if held else payer, name="Payer")
        self.amount = AmountEdit(held.cents if held else cents, name="Amount")
        self.due = DateEdit(today, held.due if held else due, name="Due")
        self.note = LineEdit("such as the invoice's number", name="Note")
        self.note.setText((held.note or "") if held else "")
        self._amount_field, self._due_field = Field("Amount", self.amount), Field("Due", self.due)
        self._note_field = Field("Note", self.note)
        for field in (Field("Payer", self.payer), self._amount_field, self._due_field, self._note_field):
            self.body.addWidget(field)
        for edit in (self.amount, self.due, self.note):
            edit.returnPressed.connect(self.submit)
        self.remove = Button("Remove")
        self.remove.clicked.connect(self._remove)
        self.end(*([self.remove] if held else []))
        self.remove.setVisible(held is not None)

    def submit(self) -> None:
        cents = _amount(self, self._amount_field)
        if cents is None:
            return
        try:
            due = self.due.day()
        except ValueError as problem:
            self.say(self._due_field, str(problem))
            return
        if due is None:
            self.say(self._due_field, "Type the day it should be there.")
            return
        payer, note, held = str(self.payer.value()), self.note.text(), self._held

        def work(books: Books) -> object:
            from app.services.income import expected_payments  # noqa: PLC0415 - as above

            if held is None:
                return expected_payments.add(books, payer, due, cents, note)
            values = {"due": due, "cents": cents, "note": note, "payer": payer}
            return expected_payments.change(books, held.id, values)

        self.write(work, "Expected payment kept", self._note_field)

    def _remove(self) -> None:
        assert self._held is not None
        number = self._held.id

        def work(books: Books) -> Outcome:
            from app.services.income import expected_payments  # noqa: PLC0415 - as above

            return expected_payments.remove(books, number)

        self.write(work, "Expected payment removed", self._note_field)


class FormSheet(IncomeSheet):
    """A form 1099 that came. It asks for no number of a person: none is kept."""

    def __init__(
        self,
        frame: Frame,
        window: QWidget,
        payers: Choices,
        years: Sequence[int],
        year: int,
        payer: int | None = None,
        form: str = FormType.NEC,
    ) -> None:
        super().__init__(frame, window, "Record a form 1099", "Record form")
        self.payer = FormChoice(payers, payer, name="Payer")
        self.form = FormChoice([(each.value, each.value) for each in FormType], form, name="Form")
        self.year = FormChoice([(each, str(each)) for each in years], year, name="Year")
        self.amount, self.fees = AmountEdit(name="Amount"), AmountEdit(name="Fees")
        self.refunds, self.tax = AmountEdit(name="Refunds"), AmountEdit(name="Sales tax")
        self._amount_field = Field("Amount in its box", self.amount)
        self._parts = (
            Field("Of it, fees kept back", self.fees),
            Field("Of it, refunds to customers", self.refunds),
            Field("Of it, sales tax", self.tax, "As the payer's own statement names them."),
        )
        self.body.addWidget(
            Label(
                "Type what the form says. Tax numbers are not asked for and never kept.", Role.SMALL, "muted", wrap=True
            )
        )
        for label, choice in (("Payer", self.payer), ("Form", self.form), ("Year", self.year)):
            self.body.addWidget(Field(label, choice))
        self.body.addWidget(self._amount_field)
        for field in self._parts:
            self.body.addWidget(field)
        self.form.changed.connect(lambda _form: self._show_parts())
        for edit in (self.amount, self.fees, self.refunds, self.tax):
            edit.returnPressed.connect(self.submit)
        self.end()
        self._show_parts()

    def _show_parts(self) -> None:
        """A form 1099-K holds more than reached the bank; the others hold what was paid."""
        for field in self._parts:
            field.setVisible(self.form.value() == FormType.K)
        if not self.isHidden():
            self.place_box()

    def submit(self) -> None:
        cents = _amount(self, self._amount_field)
        if cents is None:
            return
        values: dict[str, int] = {"cents": cents}
        if self.form.value() == FormType.K:
            for name, field in zip(("fees", "refunds", "sales_tax"), self._parts, strict=True):
                part = _amount(self, field, needed=False)
                if part is None:
                    return
                values[name] = part
        payer, form, year = str(self.payer.value()), str(self.form.value()), int(str(self.year.value()))

        def work(books: Books) -> object:
            from app.services.income import forms_1099  # noqa: PLC0415 - as above

            return forms_1099.add(books, payer, year, form, values)

        self.write(work, "Form recorded", self._amount_field)
