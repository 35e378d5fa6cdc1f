"""The card with the one field: the passphrase, the recovery key, or the keychain's button in their place."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.ui.theme import icons, theme
from app.ui.theme.fonts import Role
from app.ui.widgets.buttons import Button, LinkButton
from app.ui.widgets.fields import PasswordEdit
from app.ui.widgets.gap import Gap
from app.ui.widgets.note import Note
from app.ui.widgets.recovery_edit import RecoveryEdit
from app.ui.widgets.text import Label
from app.ui.widgets.themed import Themed, pad

WIDTH, INSET = 442, 48
_ICON = 72


class AppMark(Themed, QWidget):
    """The program's own icon."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._size = size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.follow_theme()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt
        side = theme.current().dp(self._size)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt
        QPainter(self).drawPixmap(0, 0, icons.app_pixmap(self._size, self.devicePixelRatioF()))


class UnlockCard(Themed, QFrame):
    """Emits `submitted` and `other_books`. The recovery key is offered where the books have one."""

    submitted = Signal()
    other_books = Signal()

    def __init__(self, *, needs_passphrase: bool, has_recovery_key: bool = False) -> None:
        super().__init__()
        self.setObjectName("card")
        self.needs_passphrase = needs_passphrase
        self.by_recovery = False
        self.is_busy = False
        self._note_gap = Gap(8)
        self._wait = 0
        self._title = Label("", Role.UNLOCK)
        self._line = Label("", Role.BODY, "muted")
        for label in (self._title, self._line):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.password = PasswordEdit(name="Passphrase")
        self.password.submitted.connect(self.submitted)
        self.password.edited.connect(lambda _text: self.say(""))
        self.recovery = RecoveryEdit()
        self.recovery.submitted.connect(self.submitted)
        self.recovery.edited.connect(lambda: self.say(""))
        self._name = Label("Passphrase", Role.SMALL_STRONG)
        self._note = Note()
        self.button = Button("", kind="primary", size="large")
        self.button.clicked.connect(self.submitted)
        self.switch = LinkButton("")
        self.switch.clicked.connect(lambda: self.use_recovery(on=not self.by_recovery))
        self.other = LinkButton("Open other books…")
        self.other.clicked.connect(self.other_books)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(0)
        self._fill()
        self.switch.setVisible(has_recovery_key)
        self.use_recovery(on=False)
        self.follow_theme()

    def _fill(self) -> None:
        column, middle = self._column, Qt.AlignmentFlag.AlignHCenter
        column.addWidget(AppMark(_ICON), 0, middle)
        for above, widget in (
            (Gap(22), self._title), (Gap(3), self._line), (Gap(28), self._name), (Gap(6), self.password),
            (Gap(0), self.recovery), (self._note_gap, self._note), (Gap(18), self.button),
        ):  # fmt: skip
            column.addWidget(above)
            column.addWidget(widget)
        self._note_gap.hide()
        column.addWidget(Gap(16))
        links = QHBoxLayout()
        links.addStretch(1)
        links.addWidget(self.switch)
        links.addWidget(self.other)
        links.addStretch(1)
        self._links = links
        column.addLayout(links)

    def restyle(self) -> None:
        self.setFixedWidth(theme.current().dp(WIDTH))
        pad(self._column, INSET, 45, INSET, 30)
        self._links.setSpacing(theme.current().dp(20))

    # --- what the page tells it

    def set_greeting(self, title: str, line: str) -> None:
        self._title.setText(title)
        self._line.setText(line)

    def use_recovery(self, *, on: bool) -> None:
        """Ask for the recovery key in the place of what opens the books otherwise, or the other way round."""
        self.by_recovery = on
        asks = self.needs_passphrase and not on
        self._name.setText("Recovery key" if on else "Passphrase")
        self._name.setBuddy(self.recovery.edit if on else self.password.edit)
        self._name.setVisible(on or asks)
        self.password.setVisible(asks)
        self.recovery.setVisible(on)
        usual = "the passphrase" if self.needs_passphrase else "the keychain"
        self.switch.set_words(f"Use {usual} instead" if on else "Use the recovery key")
        self.say("")
        self._tell()
        if self.isVisible():
            self.focus_first()

    def secret(self) -> str:
        return self.recovery.text() if self.by_recovery else self.password.text()

    def problem(self) -> str:
        """Return what is wrong with what was typed, before anything is tried with it."""
        if self.by_recovery:
            return self.recovery.problem() if self.secret() else "Type the recovery key from your sheet."
        return "" if self.secret() or not self.needs_passphrase else "Type your passphrase."

    def clear(self) -> None:
        """Forget what was typed."""
        self.password.clear()
        self.recovery.clear()

    def say(self, text: str) -> None:
        """Say what is wrong under the field."""
        self._note.say(text)
        self._note_gap.setVisible(bool(text))
        self.recovery.words.setVisible(not text)  # one of the two says what is wrong
        # while no other line stands there, the button stays under the pointer
        self.password.keep_room(keep=not text)
        self.password.set_wrong(wrong=bool(text))
        if not self.by_recovery:
            self.password.edit.setAccessibleDescription(text)

    @property
    def said(self) -> str:
        return self._note.said

    def set_busy(self, *, busy: bool) -> None:
        """Show that the key is being worked out; it takes about a second."""
        self.is_busy = busy
        if busy:
            self.say("")
        for widget in (self.password, self.recovery, self.switch, self.other):
            widget.setEnabled(not busy)
        self._tell()
        if not busy:
            self.focus_first()
            self.password.edit.selectAll()

    def set_wait(self, seconds: int) -> None:
        """Count down to the next try."""
        self._wait = seconds
        self._tell()

    def focus_first(self) -> None:
        first = self.recovery.edit if self.by_recovery else self.password.edit
        (first if self.by_recovery or self.needs_passphrase else self.button).setFocus()

    def _tell(self) -> None:
        if self.is_busy:
            text = "Unlocking…"
        elif self._wait:
            text = f"Try again in {self._wait} s"
        elif self.needs_passphrase or self.by_recovery:
            text = "Unlock"
        else:
            text = "Unlock with this computer’s keychain"
        quiet = self.is_busy or bool(self._wait)
        self.button.set_key(None if quiet else "Enter")
        self.button.set_words(text)
        self.button.setEnabled(not quiet)
