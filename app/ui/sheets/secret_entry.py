"""Asking for what opens books or a backup: the passphrase, or the recovery key in its place."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.runtime.wiring import Secret
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.buttons import LinkButton
from app.ui.widgets.fields import PasswordEdit
from app.ui.widgets.recovery_edit import RecoveryEdit
from app.ui.widgets.text import Label
from app.ui.widgets.themed import Themed


class SecretEntry(Themed, QWidget):
    """Emits `submitted` on Enter, `edited` while typing, `switched` when it asks for the other one."""

    submitted = Signal()
    edited = Signal()
    switched = Signal()

    def __init__(self, name: str = "Passphrase") -> None:
        super().__init__()
        self.by_recovery = False
        self._ways = (True, False)
        self._words = name
        self.name = Label(name, Role.SMALL_STRONG)
        self.password = PasswordEdit(name=name)
        self.recovery = RecoveryEdit()
        self.switch = LinkButton("")
        self.password.submitted.connect(self.submitted)
        self.recovery.submitted.connect(self.submitted)
        self.password.edited.connect(lambda _text: self.edited.emit())
        self.recovery.edited.connect(self.edited)
        self.switch.clicked.connect(lambda: self.use_recovery(on=not self.by_recovery))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        for each in (self.name, self.password, self.recovery):
            self._column.addWidget(each)
        line = QHBoxLayout()
        line.addWidget(self.switch)
        line.addStretch(1)
        self._column.addLayout(line)
        self.use_recovery(on=False)
        self.follow_theme()

    def restyle(self) -> None:
        self._column.setSpacing(current().dp(6))

    def set_ways(self, *, passphrase: bool, recovery_key: bool) -> None:
        """Say which of the two can be given; with neither nothing is asked."""
        self._ways = (passphrase, recovery_key)
        self.use_recovery(on=recovery_key and not passphrase)
        self.setVisible(passphrase or recovery_key)

    def use_recovery(self, *, on: bool) -> None:
        self.by_recovery = on
        self.name.setText("Recovery key" if on else self._words)
        self.name.setBuddy(self.recovery.edit if on else self.password.edit)
        self.password.setVisible(not on)
        self.recovery.setVisible(on)
        self.switch.set_words("Use the passphrase instead" if on else "Use the recovery key")
        self.switch.setVisible(all(self._ways))
        if self.isVisible():
            self.focus_first()
        self.switched.emit()

    def focus_first(self) -> None:
        (self.recovery.edit if self.by_recovery else self.password.edit).setFocus()

    def secret(self) -> Secret:
        if not any(self._ways):
            return Secret()
        if self.by_recovery:
            return Secret(recovery_key=self.recovery.text())
        return Secret(passphrase=self.password.text())

    def problem(self) -> str:
        """Return what is wrong with what was typed, before anything is tried with it."""
        if not any(self._ways):
            return ""
        if self.by_recovery:
            return self.recovery.problem() if self.recovery.text() else "Type the recovery key from your sheet."
        return "" if self.password.text() else "Type the passphrase."

    def clear(self) -> None:
        """Forget what was typed."""
        self.password.clear()
        self.recovery.clear()
