"""The tax set-up: ten questions one after the other, each saved by itself, each of them skippable."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.core.errors import UserError
from app.services.tax.tax_setup import CARDS, HEALTH, LAST_YEAR, PAID, START, Setup
from app.ui.taxes import setup_words as words
from app.ui.taxes.setup_cards import ADVANCE, SPECS
from app.ui.taxes.setup_form import CardForm
from app.ui.taxes.setup_list import CardList
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.announce import announce
from app.ui.widgets.buttons import Button, DropDown, LinkButton
from app.ui.widgets.dialog import Sheet
from app.ui.widgets.live import LiveLabel
from app.ui.widgets.note import Note
from app.ui.widgets.text import Label
from app.ui.widgets.themed import clear

if TYPE_CHECKING:
    from app.core.dates import Day
    from app.services.books.open_books import Books
    from app.services.tax.tax_setup import Effect
    from app.ui.frame.page import Frame
    from app.ui.runtime.tasks import Token

WIDTH, LIST_WIDTH, TWO_COLUMNS = 840, 268, 720
_SOON_MS = 200


class SetupSheet(Sheet):
    """`wants` asks the page for what is done elsewhere: payment or import."""

    wants = Signal(str)

    def __init__(self, frame: Frame, window: QWidget, setup: Setup, today: Day, number: int = 0) -> None:
        self._columns: QBoxLayout | None = None
        super().__init__(window, "Tax set-up", width=WIDTH)
        self._frame, self.setup, self._today = frame, setup, today
        self.number = number or setup.next
        self.form: CardForm | None = None
        self._token: Token | None = None
        self._asked = 0
        self.list = CardList()
        self.list.chosen.connect(self.turn_to)
        self.drop = DropDown([], name="Question")
        self.drop.changed.connect(lambda chosen: self.turn_to(int(str(chosen))))
        self.heading = Label("", Role.FIGURE_S, wrap=True)
        self.why = Label("", Role.SMALL, "muted", wrap=True)
        self.known = LiveLabel(str, Role.SMALL, wrap=True)
        self.effect = LiveLabel(str, Role.SMALL_STRONG, wrap=True)
        self.then = LinkButton("")
        self.then.clicked.connect(self._go_elsewhere)
        self.advance, self.trouble = Note("danger", "alert"), Note()
        self.follows = Note("warn", "info")
        self._lay_out()
        self._wait = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._wait.timeout.connect(self._ask)
        self._place = QTimer(self, singleShot=True, interval=0)  # once the layouts know what they hold now
        self._place.timeout.connect(self.place_box)
        close, self.skip = Button("Close"), Button("Skip")
        self.save = Button("Save", kind="primary")
        close.clicked.connect(self.close_box)
        self.skip.clicked.connect(self._next)
        self.save.clicked.connect(self.submit)
        self.foot.insertWidget(0, close)
        self.add_button(self.skip)
        self.add_button(self.save)
        self._show()

    def _lay_out(self) -> None:
        self._right = QWidget()
        self._answer = QVBoxLayout(self._right)
        self._answer.setContentsMargins(0, 0, 0, 0)
        self._holder_of_form = QVBoxLayout()
        above: tuple[QWidget, ...] = (self.drop, self.heading, self.why, self.known)
        below: tuple[QWidget, ...] = (self.follows, self.advance, self.effect, self.trouble)
        for part in above:
            self._answer.addWidget(part)
        self._answer.addLayout(self._holder_of_form)
        for part in below:
            self._answer.addWidget(part)
        self._answer.addWidget(self.then, 0, Qt.AlignmentFlag.AlignLeft)
        self._answer.addStretch(1)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.addWidget(self.list, 0, Qt.AlignmentFlag.AlignTop)
        self._columns.addWidget(self._right, 1)
        self.body.addLayout(self._columns)
        self.restyle()

    def restyle(self) -> None:
        if self._columns is not None:
            self._columns.setSpacing(current().dp(24))
            self._answer.setSpacing(current().dp(10))
        super().restyle()

    def place_box(self) -> None:
        if self._columns is not None:
            dp = current().dp
            beside = min(dp(WIDTH), self.width() - dp(32)) >= dp(TWO_COLUMNS)
            self.list.setVisible(beside)
            self.list.setFixedWidth(dp(LIST_WIDTH))
            self.drop.setVisible(not beside)
            if self.form is not None:
                self.form.set_room(wide=beside)
            # From the inside out: a layout learns of what changed inside its widgets only with the next events.
            for part in (self.form, self._right, self._holder, self.box):
                layout = part.layout() if part is not None else None
                if layout is not None:
                    layout.activate()
        super().place_box()

    # --- one question

    def turn_to(self, number: int) -> None:
        """Show another question; what was typed into this one and not saved is dropped."""
        self.number = number
        self._show()

    def _next(self) -> None:
        """Go on to the next open question, or the next one when none is."""
        later = (*CARDS[self.number :], *CARDS[: self.number - 1])
        open_ = [each for each in later if each not in self.setup.answered]
        self.turn_to(open_[0] if open_ else self.number % len(CARDS) + 1)

    def _show(self) -> None:
        spec = SPECS[self.number]
        self.list.show_cards(self.setup, self.number)
        self.drop.set_choices([(str(each), words.numbered(each)) for each in CARDS], str(self.number))
        self.title.setText(f"Tax set-up for {self.setup.year}: {words.progress(self.setup)}")
        self.heading.setText(spec.title)
        self.why.setText(spec.why)
        self.known.set_words(partial(words.known, self.setup, self.number))
        self.known.setVisible(bool(words.known(self.setup, self.number)))
        clear(self._holder_of_form)
        self.form = CardForm(self.number, self.setup, self._today)
        self.form.changed.connect(self._typed)
        self.form.done.connect(self.submit)
        self._holder_of_form.addWidget(self.form)
        self.then.set_words(spec.then)
        self.then.setVisible(bool(spec.then))
        self.trouble.say("")
        self.effect.set_words(str)
        self.effect.hide()
        self._tell()
        self._ask()
        self._place.start()
        stops = [widget for widget in self.form.fields.values() if widget.isEnabled()]
        if self.isVisible():
            (stops[0] if stops else self.save).setFocus(Qt.FocusReason.OtherFocusReason)

    def _tell(self) -> None:
        form = self.form
        assert form is not None
        self.save.set_words("Save" if not form.is_empty else words.NOTHING[self.number])
        self.follows.say(form.note())
        chosen = form.typed_profile() or {}
        is_advance = self.number == HEALTH and chosen.get("marketplace_insurance") == "yes"
        self.advance.say(ADVANCE if is_advance else "")

    def _typed(self) -> None:
        self._tell()
        self.trouble.say("")
        self._wait.start()
        self._place.start()

    # --- what an answer changes

    def _ask(self) -> None:
        """Work out what stands in the form: the amounts by last year's tax, or the difference in all taxes."""
        form, year = self.form, self.setup.year
        typed = form.typed_profile() if form is not None else None
        if form is None or typed is None or (not form.is_changed and self.number != LAST_YEAR):
            self.effect.hide()
            return
        if self._token is not None:
            self._token.cancel()
        self._asked += 1
        asked, number = self._asked, self.number

        def work(books: Books, _token: Token) -> tuple[words.Dates, words.Dates, Effect | None]:
            from app.services.tax import tax_setup  # noqa: PLC0415 - with the services

            if number != LAST_YEAR:
                return (), (), tax_setup.effect(books, year, typed)
            state = books.settings.profile(year)[0].get("state") or ""
            by_state = tax_setup.by_last_year(books, year, typed, state) if state else ()
            return tax_setup.by_last_year(books, year, typed, "federal"), by_state, None

        def done(found: tuple[words.Dates, words.Dates, Effect | None]) -> None:
            if isValid(self) and asked == self._asked:
                federal, state, changed = found
                said = partial(words.effect, year, changed) if changed else partial(words.last_year, federal, state)
                self.effect.set_words(said)
                self.effect.setVisible(bool(said()))
                self._place.start()

        def failed(error: Exception) -> None:
            if not isinstance(error, UserError):
                self._frame.fail(error)
            elif isValid(self) and asked == self._asked:
                self.effect.hide()

        self._token = self._frame.tasks.run(work, done, failed)

    # --- saving

    def submit(self) -> None:
        """Save the answer in one step, or say at its field what is wrong, and go on to the next open question."""
        form = self.form
        assert form is not None
        wrong = form.problems()
        form.show_problems(wrong)
        if wrong:
            self._place.start()
            return
        year, number, values, facts = self.setup.year, self.number, form.profile_values(), form.fact_values()
        today, adds, business = self._today, form.spec.adds, str(self.setup.business.id)

        def work(books: Books) -> Setup:
            from app.services.tax import profile, tax_facts, tax_setup  # noqa: PLC0415 - with the services

            if number == START and facts:
                profile.change_business(books, business, facts)
            elif adds and facts:
                tax_facts.add(books, adds, facts, year=year)
            if values or not facts:
                tax_setup.answer(books, year, number, values)
            return tax_setup.load(books, year, today)

        self.save.setEnabled(False)
        self._frame.tasks.write(work, self._saved, self._refused)

    def _saved(self, setup: Setup) -> None:
        self._frame.toast(f"Noted: {SPECS[self.number].title.rstrip('?').lower()}.")
        if not isValid(self):
            return
        self.save.setEnabled(True)
        self.setup = setup
        if setup.is_done:
            self.close_box()
            return
        announce(self.box, words.progress(setup))
        self._next()

    def _refused(self, error: Exception) -> None:
        if not isValid(self):
            return
        self.save.setEnabled(True)
        if isinstance(error, UserError):
            self.trouble.say(words.plain(error))
            self._place.start()
        else:
            self._frame.fail(error)

    def _go_elsewhere(self) -> None:
        where = {PAID: "payment", START: "import"}.get(self.number, "")
        self.close_box()
        self.wants.emit(where)
