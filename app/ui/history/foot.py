"""The foot of the history: whether the audit log holds, and what was handed out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.announce import announce
from app.ui.widgets.buttons import LinkButton
from app.ui.widgets.card import Divider
from app.ui.widgets.icon_label import IconLabel
from app.ui.widgets.text import ElidedLabel
from app.ui.widgets.themed import Themed, pad

if TYPE_CHECKING:
    from app.services.audit.audit_log import AuditState


class HistoryFoot(Themed, QWidget):
    verify_wanted = Signal()
    packs_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._mark = IconLabel("shield", "muted", 16)
        self.audit = ElidedLabel("The audit log was not checked yet", Role.SMALL, "muted")
        self.verify = LinkButton("Check it")
        self.verify.setAccessibleName("Check the audit log")
        self.verify.clicked.connect(self.verify_wanted)
        self.packs = ElidedLabel("", Role.SMALL, "muted")
        self.show_them = LinkButton("Show packs")
        self.show_them.clicked.connect(self.packs_wanted)
        self._holder = QWidget()
        self._row = QHBoxLayout(self._holder)
        for part in (self._mark, self.audit, self.verify):
            self._row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        self._row.addStretch(1)
        for part in (self.packs, self.show_them):
            self._row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Divider())
        column.addWidget(self._holder)
        self.follow_theme()

    def restyle(self) -> None:
        dp = current().dp
        self._holder.setFixedHeight(dp(44))
        pad(self._row, 24, 0, 24, 0)
        self._row.setSpacing(dp(10))

    def show_packs(self, words: str, *, can_show: bool) -> None:
        self.packs.setText(words)
        self.show_them.setVisible(can_show)

    def show_checking(self) -> None:
        self.verify.setEnabled(False)
        self.audit.setText("The audit log is being checked")

    def show_audit(self, state: AuditState) -> None:
        """Say what the check found, in its own words."""
        self.verify.setEnabled(True)
        self.verify.set_words("Check again")
        self._mark.set_icon("check" if state.ok else "alert", "money_in" if state.ok else "danger")
        self.audit.setText(f"Audit log: {state.sentence}")
        self.audit.set_color("text" if state.ok else "danger")
        announce(self, state.sentence)
