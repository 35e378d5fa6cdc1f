"""First run: what the program promises on the left, on the right the ways in and two short steps to open books."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, QTimeZone, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.core.errors import AppError, Refused
from app.ui.onboarding import view_model
from app.ui.onboarding.passphrase_step import PassphraseStep
from app.ui.onboarding.promise import Promise
from app.ui.onboarding.start_step import StartStep
from app.ui.theme.theme import current
from app.ui.widgets.scroll import ScrollArea
from app.ui.widgets.themed import Themed, pad

if TYPE_CHECKING:
    from app.services.books import Books
    from app.ui.main_window import MainWindow
    from app.ui.onboarding.household_step import HouseholdStep

_CONTENT = 756
_PROMISE_FROM = 940
"""Width of the window (at 100 %) from which there is a left column."""


class FirstRunPage(Themed, QWidget):
    """The window without books."""

    _told = Signal(int, int)

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self._window, self._session = window, window.session
        self._was_shown = False
        self.promise = Promise()
        self.start = StartStep()
        self.start.choose_files.connect(window.choose_files)
        self.start.sample.connect(self.open_sample)
        self.start.existing.connect(lambda: window.choose_home("Open existing books"))
        self.start.empty.connect(self._ask_passphrase)
        self.passphrase = PassphraseStep()
        self.passphrase.back.connect(lambda: self._show(self.start, 1))
        self.passphrase.done.connect(self._ask_household)
        self.household: HouseholdStep | None = None
        self._step: StartStep | PassphraseStep | HouseholdStep = self.start
        self._told.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        self._lay_out()
        self.follow_theme()
        if window.waiting_files:
            self.take_files(window.waiting_files)

    def _lay_out(self) -> None:
        self.steps = QWidget()
        self._column = QVBoxLayout(self.steps)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addStretch(1)
        self._column.addWidget(self.start)
        self._column.addWidget(self.passphrase)
        self._column.addStretch(1)
        self.passphrase.hide()
        content = QWidget()
        middle = QHBoxLayout(content)
        middle.addStretch(1)
        middle.addWidget(self.steps, 1000)
        middle.addStretch(1)
        self._middle = middle
        sheet = QFrame()
        sheet.setObjectName("sheet")
        across = QHBoxLayout(sheet)
        across.setContentsMargins(1, 1, 1, 1)
        across.setSpacing(0)
        across.addWidget(self.promise)
        across.addWidget(ScrollArea(content), 1)
        self._outer = QVBoxLayout(self)
        self._outer.addWidget(sheet)

    def restyle(self) -> None:
        dp = current().dp
        pad(self._outer, 8, 8, 8, 8)
        pad(self._middle, 32, 32, 32, 32)
        self.steps.setMaximumWidth(dp(_CONTENT))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        dp = current().dp
        self.promise.fit(self.width(), self.height())
        self.promise.setVisible(self.width() >= dp(_PROMISE_FROM))

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt
        """Work the example out once the window is there: it loads the tax engine."""
        super().showEvent(event)
        if not self._was_shown:
            self._was_shown = True
            QTimer.singleShot(0, self, self._ask_example)

    def _ask_example(self) -> None:
        year = self._session.wiring.today().year
        self._window.tasks.free(lambda _token: view_model.example(year), self.promise.example.set_example)

    def focus_first(self) -> None:
        self._step.focus_first()

    def _show(self, step: StartStep | PassphraseStep | HouseholdStep, number: int) -> None:
        self._step.hide()
        self._step = step
        step.show()
        self.promise.set_step(number)
        self.focus_first()

    # --- the ways in

    def take_files(self, paths: list[Path]) -> None:
        """Keep files until there are books; what cannot be a bank file is refused with the reason."""
        found = view_model.sort_files(paths)
        self._window.set_waiting_files(found.waiting)
        self.start.note.say(found.refused)
        if found.waiting:
            self._ask_passphrase()
        else:
            self._show(self.start, 1)

    def open_sample(self) -> None:
        """Make the sample books in the background; the window goes to them when they are there."""
        self.start.set_busy(busy=True)
        self._session.open_sample(lambda: None, self._sample_failed, self._told.emit)

    def _tell(self, done: int, whole: int) -> None:
        self.start.set_busy(busy=True, percent=done * 100 // whole if whole else 0)

    def _sample_failed(self, error: Exception) -> None:
        self.start.set_busy(busy=False)
        if isinstance(error, AppError):
            self.start.note.say(f"{error.message} {error.hint}".strip())
        else:
            self._window.fail(error)

    # --- new books

    def _ask_passphrase(self) -> None:
        files = len(self._window.waiting_files)
        self.passphrase.set_files(
            f"{view_model.waiting_words(files)} to be looked at once the books are made." if files else ""
        )
        self._show(self.passphrase, 2)

    def _ask_household(self) -> None:
        if self.household is None:
            from app.ui.onboarding.household_step import HouseholdStep  # noqa: PLC0415 - its choices load services

            self.household = HouseholdStep()
            self.household.back.connect(self._ask_passphrase)
            self.household.done.connect(self.make_books)
            self._column.insertWidget(self._column.count() - 1, self.household)
        self._show(self.household, 3)

    def make_books(self) -> None:
        """Make the books with what was typed and answered; the answers are in them before anything shows."""
        step = self.household
        assert step is not None, "the last step makes the books"
        zone = bytes(QTimeZone.systemTimeZoneId().data()).decode("ascii", "replace")
        values = view_model.first_profile(*step.answers(), zone)
        step.note.say("")
        step.set_busy(busy=True)

        def begin(books: Books) -> None:
            from app.services import profile  # noqa: PLC0415

            year = books.clock.today().year
            try:
                profile.change(books, year, values)
            except Refused:  # a time zone of this system the zone files do not know
                profile.change(books, year, {key: value for key, value in values.items() if key != "time_zone"})

        self._session.create("passphrase", self.passphrase.secret(), self.passphrase.clear, self._failed, begin)

    def _failed(self, error: Exception) -> None:
        assert self.household is not None
        self.household.set_busy(busy=False)
        if isinstance(error, AppError):
            self.household.note.say(f"{error.message} {error.hint}".strip())
            self.household.make.setFocus()
        else:
            self._window.fail(error)


PAGE = FirstRunPage
