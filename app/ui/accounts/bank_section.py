"""How the bank of an account stands, in the account's pane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from app.ui.runtime import bank_words
from app.ui.runtime.bank_port import COMPLETE, GONE, RECONNECT
from app.ui.theme.fonts import Role
from app.ui.widgets.buttons import Button
from app.ui.widgets.card import Fact
from app.ui.widgets.pane import Section
from app.ui.widgets.text import Label

if TYPE_CHECKING:
    from app.ui.runtime.bank_port import Link
    from app.ui.runtime.bank_watch import BankWatch

_HEALTH = {"ok": "in order", RECONNECT: "sign in again", GONE: "ended at the bank", "waiting": "does not answer"}


class BankSection(Section):
    """Hidden where no bank is linked. Emits `wanted` with sync, stop, sign_in or disconnect, and the bank's number."""

    wanted = Signal(str, int)

    def __init__(self, account: str) -> None:
        super().__init__("Bank link")
        self._link: Link | None = None
        self._parts = {name: Fact(name, "") for name in ("Bank", "Last synced", "History", "How it stands")}
        for fact in self._parts.values():
            self.add(fact)
        self.note = Label("", Role.CAPTION, "muted", wrap=True)
        self.sync = Button("Sync now", icon="sync", size="small")
        self.sign_in = Button("Sign in again…", key="F", size="small")
        self.disconnect_button = Button("Disconnect…", kind="danger", size="small")
        for button, what in ((self.sync, "sync"), (self.sign_in, "sign_in"), (self.disconnect_button, "disconnect")):
            button.clicked.connect(lambda what=what: self._want(what))
            self.add(button, 8)
            if what == "sync":
                self.add(self.note, 6)
        self.sync.setAccessibleName(f"Sync now: {account}")
        self.hide()

    def fill(self, bank: BankWatch | None, account_id: int) -> None:
        """Show the bank whose rows go to an account."""
        link = bank.link_of(account_id) if bank is not None else None
        self._link = link
        holder = self.parentWidget()
        if holder is not None and holder.objectName() != "pane":
            holder.setVisible(link is not None)
        self.setVisible(link is not None)
        if link is None or bank is None:
            return
        runs, asks = bank.running == link.id, link.health in {RECONNECT, GONE}
        wait = bank.wait_ms(link.id)
        values = {
            "Bank": link.institution,
            "Last synced": "not yet" if link.synced_at is None else bank_words.ago(link.synced_at, bank.now_ms()),
            "History": "complete" if link.history == COMPLETE else "still loading",
            "How it stands": "fetching" if runs else _HEALTH.get(link.health, "in order"),
        }
        for name, value in values.items():
            self._parts[name].say(value)
        self.sync.set_words("Stop" if runs else "Sync now")
        self.sync.setVisible(not asks)
        self.sync.setEnabled(runs or not wait)
        self.sign_in.setVisible(link.health == RECONNECT)
        trouble = bank.trouble_of(link)
        if trouble is not None and not asks:
            self.note.setText(bank_words.error_words(trouble))
        else:
            self.note.setText(bank_words.wait(wait) if wait and not runs and not asks else "")
        self.note.setVisible(bool(self.note.text()))

    def _want(self, what: str) -> None:
        if self._link is not None:
            self.wanted.emit("stop" if what == "sync" and self.sync.text() == "Stop" else what, self._link.id)
