"""Another day for an instalment, as after a disaster: for which government, until when, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.core.dates import iso
from app.core.errors import UserError
from app.ui.taxes.paid_rows import whom
from app.ui.taxes.view_model import day_text
from app.ui.theme.fonts import Role
from app.ui.widgets.buttons import Button
from app.ui.widgets.dialog import Sheet
from app.ui.widgets.fields import DateEdit, Field, LineEdit
from app.ui.widgets.form_choice import FormChoice
from app.ui.widgets.text import Label

if TYPE_CHECKING:
    from app.core.dates import Day
    from app.services.books.open_books import Books
    from app.services.books.work import Outcome
    from app.ui.frame.page import Frame
    from app.ui.taxes.plan_model import PlanRow

_WORDS = (
    "The IRS and states postpone due dates where a disaster was declared. They say on their own pages for which "
    "counties and until when; enter here what holds for you. Nothing is sent to anybody."
)


class PostponeSheet(Sheet):
    """Writes through `postponed`; what is wrong is said at its field."""

    def __init__(self, frame: Frame, window: QWidget, row: PlanRow, year: int, today: Day) -> None:
        super().__init__(window, f"Postpone {day_text(row.due, year=True)}")
        self._frame, self._row, self._year = frame, row, year
        self.to = FormChoice([(code, whom(code)) for code in row.numbers], name="Whose date")
        self.day = DateEdit(today, row.due if row.postponed else None, name="New due date")
        self.day.setPlaceholderText("such as 7/15/2027")
        self.reason = LineEdit("such as the name of the storm", name="Reason")
        self._day_field = Field("New due date", self.day)
        self.body.addWidget(Label(_WORDS, Role.SMALL, "muted", wrap=True))
        self.body.addWidget(Field("Whose date", self.to))
        self.body.addWidget(self._day_field)
        self.body.addWidget(Field("Reason, for your own records", self.reason))
        self.back = Button("Back to the date of the law")
        self.back.clicked.connect(self._clear)
        self.back.setVisible(row.postponed)
        cancel = Button("Cancel")
        cancel.clicked.connect(self.close_box)
        self.act = Button("Postpone", kind="primary")
        self.act.clicked.connect(self.submit)
        self.day.returnPressed.connect(self.submit)
        self.reason.returnPressed.connect(self.submit)
        if row.postponed:
            self.add_button(self.back)
        self.add_button(cancel)
        self.add_button(self.act)

    def submit(self) -> None:
        """Postpone, or say at the field what is wrong."""
        try:
            day = self.day.day()
        except ValueError as problem:
            self._say(str(problem))
            return
        if day is None:
            self._say("Type the day it is due now.")
            return
        code, number, due, why = str(self.to.value()), self._number, iso(day), self.reason.text().strip()

        def work(books: Books) -> Outcome:
            from app.services.tax import postponed  # noqa: PLC0415 - rare

            return postponed.postpone(books, code, self._year, number, due, why)

        self._frame.tasks.write(work, lambda _done: self._done("Due date postponed."), self._failed)

    @property
    def _number(self) -> int:
        return self._row.numbers[str(self.to.value())]

    def _clear(self) -> None:
        code, number = str(self.to.value()), self._number

        def work(books: Books) -> Outcome:
            from app.services.tax import postponed  # noqa: PLC0415 - rare

            return postponed.clear(books, code, self._year, number)

        self._frame.tasks.write(work, lambda _done: self._done("Back to the date of the law."), self._failed)

    def _done(self, words: str) -> None:
        self.close_box()
        self._frame.toast(words)

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, UserError):
            self._frame.fail(error)
            return
        hint = "" if "--" in (error.hint or "") else error.hint or ""
        self._say(f"{error.message} {hint}".strip())

    def _say(self, text: str) -> None:
        self._day_field.set_error(text)
        self.day.setFocus()
        self.place_box()
