"""The two fields of a new passphrase, with the meter by its length: for whatever asks for one."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.onboarding.view_model import METER, check_pair, strength
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.bars import ProgressBar
from app.ui.widgets.fields import PasswordEdit
from app.ui.widgets.note import Note
from app.ui.widgets.text import Label
from app.ui.widgets.themed import Themed


class NewPassphrase(Themed, QWidget):
    """Emits `submitted` when Enter is pressed in the second field. `check` says what is wrong, in its own note."""

    submitted = Signal()

    def __init__(self, name: str = "New passphrase") -> None:
        super().__init__()
        self.first = PasswordEdit(name=name)
        self.second = PasswordEdit(name="The same once more")
        self.meter = ProgressBar(height=6, name="Length")
        self.words = Label("", Role.CAPTION, "muted")
        self.note = Note()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._name(name, self.first)
        self._line = QHBoxLayout()
        self._line.addWidget(self.meter, 1)
        self._line.addWidget(self.words)
        self._column.addLayout(self._line)
        self._name("The same once more", self.second)
        self._column.addWidget(self.note)
        self.first.edited.connect(self._typed)
        self.second.edited.connect(lambda _text: self._clear_problem())
        self.first.submitted.connect(self.second.setFocus)
        self.second.submitted.connect(self.submitted)
        self._typed("")
        self.follow_theme()

    def _name(self, text: str, edit: PasswordEdit) -> None:
        label = Label(text, Role.SMALL_STRONG)
        label.setBuddy(edit.edit)
        self._column.addWidget(label)
        self._column.addWidget(edit)

    def restyle(self) -> None:
        self._column.setSpacing(current().dp(6))
        self._line.setSpacing(current().dp(12))

    def secret(self) -> str:
        return self.first.text()

    def clear(self) -> None:
        """Forget what was typed."""
        self.first.clear()
        self.second.clear()

    def check(self) -> bool:
        """Return whether the two hold the same usable passphrase; else say what is wrong."""
        one, two = check_pair(self.first.text(), self.second.text())
        self.first.set_wrong(wrong=bool(one))
        self.second.set_wrong(wrong=bool(two))
        self.note.say(one or two)
        if one or two:
            wrong = self.first if one else self.second
            wrong.edit.setFocus()
            wrong.edit.selectAll()
        return not (one or two)

    def refuse(self, words: str) -> None:
        """Say why it was not taken, such as a passphrase that many have."""
        self.first.set_wrong(wrong=True)
        self.note.say(words)
        self.first.edit.setFocus()
        self.first.edit.selectAll()

    def _typed(self, text: str) -> None:
        judged = strength(text)
        self.meter.set_share(judged.filled, METER)
        self.words.setText(judged.words)
        self.words.set_color("muted" if judged.problem or not text else "money_in")
        self._clear_problem()

    def _clear_problem(self) -> None:
        self.note.say("")
        for edit in (self.first, self.second):
            edit.set_wrong(wrong=False)
