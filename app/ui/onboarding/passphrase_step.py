"""The second step: what opens new books. A passphrase, typed twice, and this computer's keychain where it has one."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.onboarding.view_model import MEANING, MODES, NAMES, Mode, mode_line
from app.ui.sheets.new_passphrase import NewPassphrase
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.busy import Busy
from app.ui.widgets.buttons import Button, LinkButton
from app.ui.widgets.choices import ChoiceList
from app.ui.widgets.gap import Gap
from app.ui.widgets.note import Note
from app.ui.widgets.text import Label
from app.ui.widgets.themed import Themed

_WIDTH = 420


class PassphraseStep(Themed, QWidget):
    """Emits `back`, and `done` once what opens the books is settled."""

    back = Signal()
    done = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._code: str | None = None
        self.is_busy = False
        self.mode = Mode.PASSPHRASE
        self.new = NewPassphrase("Passphrase")
        self.new.submitted.connect(self._go_on)
        self.way = Label("", Role.SMALL, "muted", wrap=True)
        self.other = LinkButton("Choose another way")
        self.other.clicked.connect(self._offer_modes)
        self.modes = ChoiceList("What opens the books")
        self.modes.changed.connect(lambda number: self._set_mode(MODES[number - 1]))
        self.meaning = Label("", Role.SMALL, "muted", wrap=True)
        self.note, self.busy = Note(), Busy()
        self.files = Label("", Role.BODY, "muted", wrap=True)
        self.next = Button("Make my books", kind="primary", size="foot")
        self._back = Button("Back", size="foot")
        self.next.clicked.connect(self._go_on)
        self._back.clicked.connect(self.back)
        self._lay_out()
        self.set_keychain(None)
        self.follow_theme()

    def _lay_out(self) -> None:
        self._holder = QWidget()
        self._form = QVBoxLayout(self._holder)
        self._form.setContentsMargins(0, 0, 0, 0)
        line = QHBoxLayout()
        line.addWidget(self.other)
        line.addStretch(1)
        self._gap = Gap(6)
        for each in (self.modes, self.meaning, self._gap, self.new, self.way):
            self._form.addWidget(each)
        self._form.addLayout(line)
        for below in (self.note, self.busy, Gap(8)):
            self._form.addWidget(below)
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
        self._column.addWidget(Gap(14))
        across = QHBoxLayout()
        across.addWidget(self._holder)
        across.addStretch(1)
        self._column.addLayout(across)
        for each in (self.modes, self.meaning, self._gap):
            each.hide()

    def restyle(self) -> None:
        dp = current().dp
        self._column.setSpacing(dp(6))
        self._form.setSpacing(dp(8))
        self._buttons.setSpacing(dp(10))
        self._holder.setFixedWidth(dp(_WIDTH))

    def focus_first(self) -> None:
        self.new.first.edit.setFocus() if self.mode is not Mode.KEYCHAIN else self.next.setFocus()

    def set_files(self, words: str) -> None:
        self.files.setText(words)
        self.files.setVisible(bool(words))

    def set_keychain(self, code: str | None) -> None:
        """Say whether the keychain can be used: "" when it can, None while nobody knows, else the code of why not."""
        self._code = code
        self.way.setText(mode_line(code))
        self.other.setVisible(code == "")
        if code == "":
            self._set_mode(Mode.BOTH)
        else:
            for each in (self.modes, self.meaning, self._gap):
                each.hide()
            self.way.show()
            self._set_mode(Mode.PASSPHRASE)

    @property
    def knows_keychain(self) -> bool:
        return self._code is not None

    def _offer_modes(self) -> None:
        """Show the three ways in the place of the one line."""
        self.modes.set_choices(
            [(n, NAMES[mode], "recommended" if mode is Mode.BOTH else "", "") for n, mode in enumerate(MODES, 1)],
            MODES.index(self.mode) + 1,
        )
        for each in (self.modes, self.meaning, self._gap):
            each.show()
        self.way.hide()
        self.other.hide()
        self.modes.focus_chosen()

    def _set_mode(self, mode: Mode) -> None:
        self.mode = mode
        self.meaning.setText(MEANING[mode])
        self.new.setVisible(mode is not Mode.KEYCHAIN)

    def secret(self) -> str | None:
        return None if self.mode is Mode.KEYCHAIN else self.new.secret()

    def clear(self) -> None:
        """Forget what was typed."""
        self.new.clear()

    def set_busy(self, *, busy: bool, words: str = "Making your books") -> None:
        """Show that the books are being made; working the key out takes about a second."""
        self.is_busy = busy
        for widget in (self.new, self.modes, self.other, self.next, self._back):
            widget.setEnabled(not busy)
        self.note.say("")
        self.busy.begin(words) if busy else self.busy.end()

    def _go_on(self) -> None:
        if self.next.isEnabled() and (self.mode is Mode.KEYCHAIN or self.new.check()):
            self.done.emit()
