"""First run: what the program promises on the left, on the right the ways in and three short steps to open books."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, QTimeZone, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.core.errors import AppError, Refused
from app.ui.onboarding import view_model
from app.ui.onboarding.passphrase_step import PassphraseStep
from app.ui.onboarding.promise import Promise
from app.ui.onboarding.start_step import StartStep
from app.ui.sheets import restore_words
from app.ui.theme.theme import current
from app.ui.widgets.scroll import ScrollArea
from app.ui.widgets.themed import Themed, pad

if TYPE_CHECKING:
    from app.services.books.open_books import Books
    from app.ui.frame.main_window import MainWindow
    from app.ui.onboarding.household_step import HouseholdStep
    from app.ui.onboarding.recovery_step import RecoveryStep
    from app.ui.runtime.tasks import Token

    AnyStep = StartStep | PassphraseStep | RecoveryStep | HouseholdStep

_CONTENT = 756
_PROMISE_FROM = 940
"""Width of the window (at 100 %) from which there is a left column, should it be high enough too."""


class FirstRunPage(Themed, QWidget):
    """The window without books."""

    _told = Signal(int, int)

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self._window, self._session = window, window.session
        self._was_shown = False
        self.keeps_front = False
        """Whether books that are open wait behind the last steps."""
        self.promise = Promise()
        self.start = StartStep()
        self.start.choose_files.connect(window.choose_files)
        self.start.sample.connect(self.open_sample)
        self.start.existing.connect(lambda: window.choose_home("Open existing books"))
        self.start.restore.connect(window.incoming.restore)
        self.start.empty.connect(self._ask_passphrase)
        self.start.bank.connect(self._ask_for_bank)
        self.passphrase = PassphraseStep()
        self.passphrase.back.connect(self._go_back)
        self.passphrase.done.connect(self.make_books)
        self.recovery: RecoveryStep | None = None
        self.household: HouseholdStep | None = None
        self._step: AnyStep = self.start
        self._told.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        self._lay_out()
        self.follow_theme()
        if window.incoming.waiting:
            self.take_files(window.incoming.waiting)

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
        inside = self.height() - 2 * dp(8) - 2  # between the edges of the sheet
        beside = self.promise.fit(self.width(), inside) and self.width() >= dp(_PROMISE_FROM)
        self.promise.setVisible(beside)
        self.start.fit(self.width() - (self.promise.width() if beside else 0) - 2 * dp(40))

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt
        """Work the example out once the window is there: it loads the tax engine."""
        super().showEvent(event)
        if not self._was_shown:
            self._was_shown = True
            QTimer.singleShot(0, self, self._ask_example)

    def _ask_example(self) -> None:
        year = self._session.wiring.today().year
        self._window.tasks.free(lambda _token: view_model.example(year), self._show_example)

    def _show_example(self, example: view_model.Example) -> None:
        self.promise.example.set_example(example)
        self._fit()

    def focus_first(self) -> None:
        self._step.focus_first()

    def _show(self, step: AnyStep, number: int) -> None:
        self._step.hide()
        self._step = step
        step.show()
        self.promise.set_step(number)
        self.focus_first()

    # --- the ways in

    def take_files(self, paths: list[Path]) -> None:
        """Keep files until there are books; what cannot be a bank file is refused with the reason."""
        found = view_model.sort_files(paths)
        self._window.incoming.waiting = found.waiting
        if self.keeps_front:
            return
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

    def _go_back(self) -> None:
        self._window.connect_at_start = False
        self._show(self.start, 1)

    def _ask_for_bank(self) -> None:
        """Make the books first: the key of a bank is kept with them. Then the window goes to connecting."""
        self._window.connect_at_start = True
        self._ask_passphrase()

    def _ask_passphrase(self) -> None:
        files = len(self._window.incoming.waiting)
        words = f"{view_model.waiting_words(files)} to be looked at once the books are made." if files else ""
        if not files and self._window.connect_at_start:
            words = "Your bank is connected once the books are made."
        self.passphrase.set_files(words)
        self._show(self.passphrase, 2)
        if not self.passphrase.knows_keychain:
            self._look_for_keychain()

    def _look_for_keychain(self) -> None:
        """Write and remove an entry of no meaning; a keychain may take seconds, and may ask for its own password."""
        wiring = self._session.wiring

        def look(_token: Token) -> str:
            from app.services.vault import keychain_entries  # noqa: PLC0415 - loads the keychain's library

            trouble = keychain_entries.trouble(wiring.keychain(), wiring.randomness())
            return trouble.code if trouble is not None else ""

        self._window.tasks.free(look, self._found_keychain, lambda _error: self._found_keychain("no_keychain"))

    def _found_keychain(self, code: str) -> None:
        if isValid(self) and not self.passphrase.is_busy:
            self.passphrase.set_keychain(code)

    def make_books(self) -> None:
        """Make the books with what was typed. They are whole from here on, whatever is left of the steps."""
        step = self.passphrase
        zone = bytes(QTimeZone.systemTimeZoneId().data()).decode("ascii", "replace")
        step.set_busy(busy=True)
        self.keeps_front = True

        def begin(books: Books) -> None:
            from app.services.tax import profile  # noqa: PLC0415

            with contextlib.suppress(Refused):  # a time zone of this system the zone files do not know
                profile.change(books, books.clock.today().year, {"time_zone": zone})

        self._session.create(step.mode.value, step.secret(), self._made, self._failed, begin)

    def _made(self) -> None:
        from app.ui.onboarding.recovery_step import RecoveryStep  # noqa: PLC0415 - its page is made with the books

        self.passphrase.clear()
        self.passphrase.set_busy(busy=False)
        required = self.passphrase.mode is view_model.Mode.BOTH
        self.recovery = RecoveryStep(self._window, required=required)
        self.recovery.done.connect(self._ask_household)
        self._column.insertWidget(self._column.count() - 1, self.recovery)
        self._show(self.recovery, 3)

    def _failed(self, error: Exception) -> None:
        self.keeps_front = False
        self.passphrase.set_busy(busy=False)
        if isinstance(error, AppError):
            if error.code in {"no_keychain", "keychain_locked"}:
                self.passphrase.set_keychain(error.code)
            self.passphrase.note.say(restore_words.trouble(error))
            self.passphrase.next.setFocus()
        else:
            self._window.fail(error)

    def _ask_household(self) -> None:
        from app.ui.onboarding.household_step import HouseholdStep  # noqa: PLC0415 - its choices load services

        self.household = HouseholdStep()
        self.household.done.connect(self.open_books)
        self._column.insertWidget(self._column.count() - 1, self.household)
        self._show(self.household, 4)

    def open_books(self) -> None:
        """Keep the answers, then go to the books: what they say is in the first figures."""
        step = self.household
        assert step is not None, "the last step opens the books"
        values = view_model.first_profile(*step.answers())
        if not values:
            self._window.enter()
            return
        step.note.say("")
        step.set_busy(busy=True)

        def keep(books: Books) -> None:
            from app.services.tax import profile  # noqa: PLC0415

            profile.change(books, books.clock.today().year, values)

        def missed(error: Exception) -> None:
            step.set_busy(busy=False)
            if isinstance(error, AppError):
                step.note.say(f"{error.message} {error.hint}".strip())
            else:
                self._window.fail(error)

        self._window.tasks.write(keep, lambda _none: self._window.enter(), missed)


PAGE = FirstRunPage
