"""The few short forms of the page: a span of days, an amount, a share, the reason of a deletion."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.core.dates import Day
from app.ui.sheets.split_sheet import percent_typed
from app.ui.theme.fonts import Role
from app.ui.transactions.filters import Filters
from app.ui.widgets.buttons import Button, Segmented
from app.ui.widgets.dialog import Sheet
from app.ui.widgets.fields import AmountEdit, DateEdit, Field, LineEdit
from app.ui.widgets.text import Label

if TYPE_CHECKING:
    from app.services.ledger.finding import Direction


class _Form(Sheet):
    """A short form that Enter sends off and Esc leaves."""

    def __init__(self, window: QWidget, title: str, send: str) -> None:
        super().__init__(window, title, width=420)
        self._cancel = Button("Cancel")
        self._cancel.clicked.connect(self.close_box)
        self.send = Button(send, kind="primary")
        self.send.clicked.connect(self.finish)
        self.closed.connect(self.deleteLater)

    def open_box(self) -> None:
        self.add_button(self._cancel)  # last, so that Tab comes to the fields first
        self.add_button(self.send)
        super().open_box()

    def add_field(self, label: str, edit: QWidget, hint: str = "") -> Field:
        made = Field(label, edit, hint)
        if isinstance(edit, LineEdit):
            edit.returnPressed.connect(self.finish)
        self.body.addWidget(made)
        return made

    def finish(self) -> None:
        """Take what was typed, or say what is wrong with it."""


class DatesSheet(_Form):
    """A span of days; either end may stay open."""

    def __init__(self, window: QWidget, filters: Filters, today: Day, done: Callable[[Filters], None]) -> None:
        super().__init__(window, "Dates", "Show")
        self._filters, self._done = filters, done
        self.first = DateEdit(today, filters.first, name="From")
        self.last = DateEdit(today, filters.last, name="To")
        self._from = self.add_field("From", self.first, "Empty: from the beginning")
        self._to = self.add_field("To", self.last, "Empty: up to the newest")

    def finish(self) -> None:
        days: list[Day | None] = []
        for field, edit in ((self._from, self.first), (self._to, self.last)):
            try:
                days.append(edit.day())
            except ValueError as problem:
                field.set_error(str(problem))
                edit.setFocus()
                return
            field.set_error("")
        first, last = days
        if first is not None and last is not None and last < first:
            self._to.set_error("The last day lies before the first.")
            self.last.setFocus()
            return
        self.close_box()
        self._done(replace(self._filters, first=first, last=last))


class AmountSheet(_Form):
    """An amount without its sign, and which way the money went."""

    def __init__(self, window: QWidget, filters: Filters, done: Callable[[Filters], None]) -> None:
        super().__init__(window, "Amount", "Show")
        self._filters, self._done = filters, done
        self.way = Segmented(
            [(None, "In and out"), ("in", "Money in"), ("out", "Money out")], filters.direction, name="Direction"
        )
        self.least = AmountEdit(filters.least, name="From")
        self.most = AmountEdit(filters.most, name="To")
        self.body.addWidget(self.way)
        self._from = self.add_field("From", self.least)
        self._to = self.add_field("To", self.most)

    def finish(self) -> None:
        bounds: list[int | None] = []
        for field, edit in ((self._from, self.least), (self._to, self.most)):
            try:
                cents = edit.cents()
            except ValueError as problem:
                field.set_error(str(problem))
                edit.setFocus()
                return
            bounds.append(None if cents is None else abs(cents))
            field.set_error("")
        least, most = bounds
        if least is not None and most is not None and most < least:
            self._to.set_error("The largest amount is below the smallest.")
            self.most.setFocus()
            return
        self.close_box()
        way = self.way.value()
        direction: Direction | None = "in" if way == "in" else "out" if way == "out" else None
        self._done(replace(self._filters, least=least, most=most, direction=direction))


class ShareSheet(_Form):
    """How much of some rows is for the business."""

    def __init__(self, window: QWidget, what: str, percent: str, done: Callable[[str], None]) -> None:
        super().__init__(window, "Business share", "Set the share")
        self._done = done
        self.body.addWidget(Label(what, Role.BODY, "muted", wrap=True))
        self.percent = LineEdit("100", name="Percent")
        self.percent.setText(percent)
        self.percent.selectAll()
        self._field = self.add_field("Percent for the business", self.percent, "0 to 100; the rest is personal")

    def finish(self) -> None:
        percent = percent_typed(self.percent.text())
        if percent is None:
            self._field.set_error("Type a number from 0 to 100.")
            self.percent.setFocus()
            return
        self.close_box()
        self._done(percent)


class DeleteSheet(_Form):
    """Why some rows are deleted; they stay in the books as deleted and can be restored."""

    REASONS = ("Duplicate", "Entered by mistake", "Not mine")

    def __init__(self, window: QWidget, what: str, count: int, done: Callable[[str], None]) -> None:
        super().__init__(window, f"Delete {what}", "Delete")
        self._done = done
        self.send.set_kind("danger")
        self.body.addWidget(
            Label(
                "It counts nowhere any more, and no import brings it back. You find it under the status “Deleted” and "
                "can restore it there."
                if count == 1
                else "They count nowhere any more, and no import brings them back. You find them under the status "
                "“Deleted” and can restore them there.",
                Role.BODY, "muted", wrap=True,
            )
        )  # fmt: skip
        self.reason = LineEdit("In a few words", name="Reason")
        self._field = self.add_field("Reason", self.reason)
        self.quick = Segmented([(words, words) for words in self.REASONS], name="Common reasons")
        self.quick.changed.connect(lambda words: self.reason.setText(str(words)))
        self.reason.setText(self.REASONS[0])
        self.reason.selectAll()
        self.body.addWidget(self.quick)

    def finish(self) -> None:
        words = self.reason.text().strip()
        if not words:
            self._field.set_error("Say in a few words why.")
            self.reason.setFocus()
            return
        self.close_box()
        self._done(words)
