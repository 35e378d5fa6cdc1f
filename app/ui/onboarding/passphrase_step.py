"""The second step: the passphrase of new books, typed twice, with a meter by its length."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.onboarding.view_model import METER, check_pair, strength
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.bars import ProgressBar
from app.ui.widgets.buttons import Button
from app.ui.widgets.fields import PasswordEdit
from app.ui.widgets.gap import Gap
from app.ui.widgets.note import Note
from app.ui.widgets.text import Label
from app.ui.widgets.themed import Themed

_WIDTH = 420


class PassphraseStep(Themed, QWidget):
    """Emits `back`, and `done` once the two fields hold the same usable passphrase."""

    back = Signal()
    done = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.first = PasswordEdit(name="Passphrase")
        self.second = PasswordEdit(name="The same once more")
        self.meter = ProgressBar(height=6, name="Length")
        self.words = Label("", Role.CAPTION, "muted")
        self.note = Note()
        self.files = Label("", Role.BODY, "muted", wrap=True)
        self.next = Button("Continue", kind="primary", size="foot")
        self._back = Button("Back", size="foot")
        self.first.edited.connect(self._typed)
        self.second.edited.connect(lambda _text: self._clear_problem())
        self.first.submitted.connect(self.second.setFocus)
        self.second.submitted.connect(self._go_on)
        self.next.clicked.connect(self._go_on)
        self._back.clicked.connect(self.back)
        self._lay_out()
        self._typed("")
        self.follow_theme()

    def _lay_out(self) -> None:
        self._holder = QWidget()
        self._form = QVBoxLayout(self._holder)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.addWidget(self._name("Passphrase", self.first))
        self._form.addWidget(self.first)
        line = QHBoxLayout()
        line.addWidget(self.meter, 1)
        line.addWidget(self.words)
        self._line = line
        self._form.addLayout(line)
        self._form.addWidget(Gap(10))
        self._form.addWidget(self._name("The same once more", self.second))
        self._form.addWidget(self.second)
        self._form.addWidget(self.note)
        self._form.addWidget(Gap(14))
        self._buttons = QHBoxLayout()
        self._buttons.addWidget(self.next)
        self._buttons.addWidget(self._back)
        self._buttons.addStretch(1)
        self._form.addLayout(self._buttons)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(Label("Choose a passphrase", Role.UNLOCK))
        self._column.addWidget(
            Label("It encrypts your books. Nobody can reset it for you, so keep it somewhere safe. Four or more "
                  "unrelated words are long enough and easy to remember.", Role.BODY, "muted", wrap=True)
        )  # fmt: skip
        self._column.addWidget(self.files)
        self._column.addWidget(Gap(20))
        across = QHBoxLayout()
        across.addWidget(self._holder)
        across.addStretch(1)
        self._column.addLayout(across)

    @staticmethod
    def _name(text: str, edit: PasswordEdit) -> Label:
        label = Label(text, Role.SMALL_STRONG)
        label.setBuddy(edit.edit)
        return label

    def restyle(self) -> None:
        dp = current().dp
        self._column.setSpacing(dp(6))
        self._form.setSpacing(dp(6))
        self._line.setSpacing(dp(12))
        self._buttons.setSpacing(dp(10))
        self._holder.setFixedWidth(dp(_WIDTH))

    def focus_first(self) -> None:
        self.first.edit.setFocus()

    def set_files(self, words: str) -> None:
        self.files.setText(words)
        self.files.setVisible(bool(words))

    def secret(self) -> str:
        return self.first.text()

    def clear(self) -> None:
        """Forget what was typed."""
        self.first.clear()
        self.second.clear()
        self._typed("")

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

    def _go_on(self) -> None:
        one, two = check_pair(self.first.text(), self.second.text())
        self.first.set_wrong(wrong=bool(one))
        self.second.set_wrong(wrong=bool(two))
        self.note.say(one or two)
        if one or two:
            wrong = self.first if one else self.second
            wrong.edit.setFocus()
            wrong.edit.selectAll()
        else:
            self.done.emit()
