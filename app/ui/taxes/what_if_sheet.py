"""“What if”: a few amounts set by hand, and at once what the taxes of the year would be. The books are only read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.core.errors import UserError
from app.ui.taxes import what_if_model as model
from app.ui.taxes.states import STATE_NAMES
from app.ui.taxes.what_if_model import STATE, STATUS, STATUS_CHOICES, WRITE_OFFS, WRITTEN_OFF, Asked, Found
from app.ui.taxes.what_if_result import Result
from app.ui.taxes.what_if_rows import AmountRow, ChoiceRow
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.announce import announce
from app.ui.widgets.buttons import Button
from app.ui.widgets.dialog import Sheet
from app.ui.widgets.note import Note
from app.ui.widgets.text import Label

if TYPE_CHECKING:
    from app.services.books.open_books import Books
    from app.services.tax.what_if import Expected
    from app.ui.frame.page import Frame
    from app.ui.runtime.tasks import Token

WIDTH, QUESTIONS_WIDTH = 1000, 400
TWO_COLUMNS = 860
"""From this width of the box on, in px of the design, the answer stands beside the questions."""
_SOON_MS = 60
_MARRIED = frozenset({"mfj", "mfs"})
_PROMISE = (
    "Nothing here is written to your books. It is worked out anew from the year as it is expected, and forgotten when "
    "you close it. An estimate, not advice."
)


class WhatIfSheet(Sheet):
    """Each change is worked out off the GUI thread; an older answer that comes late is dropped."""

    def __init__(self, frame: Frame, window: QWidget, year: int) -> None:
        self._columns: QBoxLayout | None = None
        super().__init__(window, "What if", width=WIDTH)
        self._frame, self._year = frame, year
        self._expected: Expected | None = None
        self._token: Token | None = None
        self._asked = 0
        self._curve = model.QUESTIONS[0].key
        self._place = QTimer(self, singleShot=True, interval=0)  # once the layouts know what they hold now
        self._place.timeout.connect(self.place_box)
        self.rows = {each.key: AmountRow(each) for each in model.questions()}
        as_it_is: tuple[object, str] = (None, "as it is")
        self.status = ChoiceRow(STATUS, "Filing status", [as_it_is, *((str(s), w) for s, w in STATUS_CHOICES)])
        self.state = ChoiceRow(STATE, "State", [as_it_is, *STATE_NAMES.items()])
        self.written_off = ChoiceRow(WRITTEN_OFF, "How it is written off", [(None, "bonus"), *WRITE_OFFS])
        self.result = Result()
        self.result.grew.connect(self._place.start)
        self.trouble = Note()
        self._lay_out()
        self._wait = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._wait.timeout.connect(self.ask)
        reset, close = Button("Start again"), Button("Close")
        reset.clicked.connect(self.reset)
        close.clicked.connect(self.close_box)
        self.add_button(reset)
        self.add_button(close)
        self._tell_rows()
        self._load()

    def _lay_out(self) -> None:
        self.body.addWidget(Label(_PROMISE, Role.SMALL, "muted", wrap=True))
        self._left = QWidget()
        self._questions = QVBoxLayout(self._left)
        self._questions.setContentsMargins(0, 0, 0, 0)
        for key, row in self.rows.items():
            row.changed.connect(lambda key=key: self._soon(key))
            self._questions.addWidget(row)
            if key == "spouse_wages":
                self._questions.insertWidget(self._questions.count() - 1, self.status)
                self._questions.addWidget(self.state)
            if key == model.EQUIPMENT:
                self._questions.addWidget(self.written_off)
        for choice in self._choices():
            choice.changed.connect(lambda: self._soon(""))
        self._questions.addWidget(self.trouble)
        self._questions.addStretch(1)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.addWidget(self._left)
        self._columns.addWidget(self.result, 1)
        self.body.addLayout(self._columns)
        self.body.addWidget(self.result.below)
        self.restyle()

    def restyle(self) -> None:
        if self._columns is not None:
            dp = current().dp
            self._columns.setSpacing(dp(28))
            self._questions.setSpacing(dp(12))
        super().restyle()

    def place_box(self) -> None:
        if self._columns is not None:
            dp = current().dp
            beside = min(dp(WIDTH), self.width() - dp(32)) >= dp(TWO_COLUMNS)
            way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
            self._columns.setDirection(way)
            self._left.setMinimumWidth(dp(QUESTIONS_WIDTH) if beside else 0)
            self._left.setMaximumWidth(dp(QUESTIONS_WIDTH) if beside else 16_777_215)
            # From the inside out: a layout learns of what changed inside its widgets only with the next events.
            for part in (self.result, self.result.below, self._left, self._holder, self.box):
                layout = part.layout()
                assert layout is not None
                layout.activate()
        super().place_box()

    # --- asking

    def _load(self) -> None:
        """Read the year as it is expected, once; every question starts from it."""

        def work(books: Books, _token: Token) -> Expected:
            from app.services.tax import what_if  # noqa: PLC0415 - loaded when the sheet is opened

            return what_if.expected(books, self._year)

        self._frame.tasks.run(work, self._loaded, self._failed)

    def _loaded(self, expected: Expected) -> None:
        if isValid(self):
            self._expected = expected
            self._tell_rows()
            self.ask()

    def _soon(self, key: str) -> None:
        if key:
            self._curve = key
        self._tell_rows()
        self._wait.start()

    def _tell_rows(self) -> None:
        """Ask for a spouse's wages only where there is one, how to write off only where something is bought."""
        known = self._expected.values.get(STATUS, "") if self._expected is not None else ""
        married = (self.status.word() or known) in _MARRIED
        row = self.rows["spouse_wages"]
        row.setVisible(married)
        if not married and row.cents():
            row.set_cents(0)
        buys = model.EQUIPMENT in self.rows and bool(self.rows[model.EQUIPMENT].cents())
        self.written_off.setVisible(buys)
        if not buys:
            self.written_off.clear()

    def _choices(self) -> tuple[ChoiceRow, ...]:
        return self.status, self.state, self.written_off

    def asked(self) -> Asked:
        amounts = {key: row.cents() for key, row in self.rows.items() if row.cents()}
        words = {each.key: each.word() for each in self._choices() if each.word()}
        return Asked(amounts=amounts, words=words, curve=self._curve)

    def ask(self) -> None:
        """Work out what stands in the sheet now."""
        expected, asked = self._expected, self.asked()
        if expected is None:
            return
        if self._token is not None:
            self._token.cancel()
        self._asked += 1
        number = self._asked

        def done(found: Found) -> None:
            if isValid(self) and number == self._asked:
                self._show(found)

        def failed(error: Exception) -> None:
            if isValid(self) and number == self._asked:
                self._failed(error)

        self._token = self._frame.tasks.free(lambda token: model.compute(expected, asked, token), done, failed)

    def _show(self, found: Found) -> None:
        self.trouble.say("")
        self.result.show_found(found)
        announce(self.result.figure, model.difference_words(found))
        self._place.start()

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, UserError):
            self._frame.fail(error)
        elif isValid(self):
            self.trouble.say(f"{error.message} {error.hint or ''}".strip())
            self._place.start()

    def reset(self) -> None:
        """Put every question back to how it is."""
        for row in self.rows.values():
            row.set_cents(0)
        for choice in self._choices():
            choice.clear()
        self._soon("")
