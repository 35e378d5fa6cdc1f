"""The two things a first guess lacks, asked where the guess stands."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.books import naming
from app.core.books.vocabulary import FilingStatus
from app.services.tax.tax_page import FILING_STATUS_WORDS, TaxPage
from app.ui.taxes.states import STATE_NAMES, state_code
from app.ui.taxes.view_model import first_guess_lines
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.badge import Badge
from app.ui.widgets.buttons import Button, DropDown
from app.ui.widgets.card import Divider
from app.ui.widgets.fields import LineEdit
from app.ui.widgets.text import ElidedLabel, Label
from app.ui.widgets.themed import Themed, pad

CHOOSE = "Filing status"
UNKNOWN_STATE = "Type a state such as CA or California."
NO_STATUS = "Choose your filing status first."


class FirstGuess(Themed, QWidget):
    """`told` hands over the values of the profile."""

    told = Signal(dict)

    def __init__(self) -> None:
        super().__init__()
        self._status = DropDown([(None, CHOOSE), *((s, _capital(w)) for s, w in FILING_STATUS_WORDS.items())],
                                name="Filing status")  # fmt: skip
        self._state = LineEdit("State, such as CA", size=32, name="State")
        self._state.returnPressed.connect(self._tell)
        self._save = Button("Save")
        self._save.clicked.connect(self._tell)
        self._ask = ElidedLabel("Tell us your filing status and state", Role.SMALL)
        self._note = Label("", Role.CAPTION, "muted", wrap=True)
        self._first = QHBoxLayout()
        self._first.addWidget(Badge("first guess", "warn", "alert"), 0, Qt.AlignmentFlag.AlignVCenter)
        self._first.addWidget(self._ask, 1)
        self._first.addWidget(self._status)
        self._first.addWidget(self._state)
        self._first.addWidget(self._save)
        self._inner = QVBoxLayout()
        self._inner.addLayout(self._first)
        self._inner.addWidget(self._note)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Divider())
        column.addLayout(self._inner)
        self.follow_theme()

    def restyle(self) -> None:
        dp = current().dp
        pad(self._inner, 16, 12, 16, 12)
        self._inner.setSpacing(dp(8))
        self._first.setSpacing(dp(10))
        self._state.setFixedWidth(dp(150))

    def first_field(self) -> QWidget:
        return self._status

    def show_page(self, page: TaxPage) -> None:
        parts = page.household.split(", ")
        status = next((s for s, words in FILING_STATUS_WORDS.items() if words in parts), None)
        if self._status.value() is None and status is not FilingStatus.SINGLE:
            self._status.set_value(status)
        if not self._state.text() and parts[-1] in STATE_NAMES:
            self._state.setText(parts[-1])
        self._say(first_guess_lines(page))

    def _tell(self) -> None:
        status, state = self._status.value(), state_code(self._state.text())
        if status is None:
            self._say(NO_STATUS, wrong=True)
            self._status.setFocus()
        elif not state:
            self._say(UNKNOWN_STATE, wrong=True)
            self._state.set_wrong(wrong=True)
            self._state.setFocus()
        else:
            self._state.set_wrong(wrong=False)
            self.told.emit({"filing_status": str(status), "state": state})

    def _say(self, text: str, *, wrong: bool = False) -> None:
        self._note.setText(text)
        self._note.set_color("danger" if wrong else "muted")
        self._note.setVisible(bool(text))


def _capital(words: str) -> str:
    return naming.capital(words)
