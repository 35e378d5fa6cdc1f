"""What the page Accounts does about banks: connecting, fetching, signing in again, taking off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shiboken6 import isValid

from app.core.errors import AppError
from app.ui.accounts import bank_panel, bank_rows
from app.ui.accounts.bank_sheets import DisconnectSheet
from app.ui.accounts.connect.sheet import ConnectSheet
from app.ui.runtime import bank_words
from app.ui.runtime.bank_port import GONE, RECONNECT

if TYPE_CHECKING:
    from app.services.ledger.account_page import AccountRow
    from app.ui.accounts.page import AccountsPage
    from app.ui.runtime.bank_port import Link, Synced
    from app.ui.widgets.dialog import Sheet


class BankPart:
    """Keeps what the page shows of banks up to date, and opens the sheets."""

    def __init__(self, page: AccountsPage) -> None:
        self._page, self._bank = page, page.frame.bank
        self.sheet: Sheet | None = None
        self._by_hand: set[int] = set()
        self._bank.changed.connect(self.refresh)
        self._bank.synced.connect(self._synced)
        page.banners.wanted.connect(self.do)
        page.panes.add.connect_wanted.connect(self.connect)
        page.connect_button.clicked.connect(self.connect)
        page.sync_button.clicked.connect(self._sync_all)
        page.panes.editor.bank_wanted.connect(self.do)
        page.panes.editor.show_bank(self._bank)

    def bind(self) -> None:
        bind = self._page.frame.commands.bind
        bind("accounts.connect", self.connect, lambda: self._bank.can_link)
        bind("accounts.sync", self._sync_current, lambda: bool(self._bank.standing.links))
        bind("accounts.sign_in", self._sign_in_current, lambda: self._asking() is not None)
        bind("accounts.disconnect", self._disconnect_current, lambda: self._current() is not None)

    def refresh(self) -> None:
        """Show how the banks stand now."""
        page = self._page
        if not isValid(page):
            return
        bank = self._bank
        page.list.set_links(bank_rows.rows(bank))
        page.banners.fill(bank)
        page.panes.editor.show_bank(bank)
        page.panes.add.bank.set_possible(possible=bank.can_link)
        page.connect_button.setVisible(bank.can_link)
        links = bank.standing.links
        page.sync_button.setVisible(bool(links))
        page.sync_button.set_icon("close" if bank.running is not None else "sync")
        if bank.standing.unanswered or links:
            page.show_with_banks()
        page.fit_head()

    def sync_words(self) -> str:
        return "Stop" if self._bank.running is not None else "Sync all"

    def show_what(self, what: str) -> None:
        """Do what another part of the window sent the person here for: connect, or what a bank wants."""
        if what == "connect":
            self.connect()
        else:
            link = self._asking()
            if link is not None:
                self.do(bank_panel.DISCONNECT if link.health == GONE else bank_panel.SIGN_IN, link.id)

    def do(self, what: str, number: int) -> None:
        """Do what a button asks for."""
        link = self._bank.link(number)
        if what == bank_panel.SET_UP:
            self._open(ConnectSheet(self._page.window(), self._page.frame, self._known(), set_up=True))
        elif what == bank_panel.FINISH:
            self._open(ConnectSheet(self._page.window(), self._page.frame, self._known(), finish=True))
        elif link is None:
            return
        elif what == bank_panel.SIGN_IN:
            self._open(ConnectSheet(self._page.window(), self._page.frame, self._known(), link))
        elif what == bank_panel.DISCONNECT:
            self._open(DisconnectSheet(self._page.window(), self._page.frame, link))
        elif what == "stop":
            self._bank.cancel()
        elif what == "sync":
            self._sync(link)

    def row_acted(self, row: AccountRow) -> bool:
        """Do what the button of a linked account says; return False where it is not the bank's."""
        link = self._bank.link_of(row.id)
        if link is None or (row.health.value == "bad" and link.health != RECONNECT):
            return False
        if link.health == GONE:
            self._page.edit()
        elif link.health == RECONNECT:
            self.do(bank_panel.SIGN_IN, link.id)
        else:
            self.do("stop" if self._bank.running == link.id else "sync", link.id)
        return True

    def connect(self) -> None:
        if self._bank.can_link:
            self._open(ConnectSheet(self._page.window(), self._page.frame, self._known()))

    def _open(self, sheet: Sheet) -> None:
        self.sheet = sheet
        sheet.open_box()

    def _known(self) -> list[tuple[int, str]]:
        return [(account.id, account.name) for account in self._page.frame.session.gui.accounts.all()]

    # --- fetching

    def _sync(self, link: Link) -> None:
        if self._bank.sync(link.id):
            self._by_hand.add(link.id)
        else:
            self._page.frame.toast(bank_words.wait(self._bank.wait_ms(link.id)), undo=False)

    def _sync_all(self) -> None:
        if self._bank.running is not None:
            self._bank.cancel()
            return
        ready = [link for link in self._bank.standing.links if link.health not in {RECONNECT, GONE}]
        waits = [self._bank.wait_ms(link.id) for link in ready]
        if ready and all(waits):
            self._page.frame.toast(bank_words.wait(min(waits)), undo=False)
            return
        for link, wait in zip(ready, waits, strict=True):
            if not wait:
                self._sync(link)

    def _synced(self, connection: int, found: Synced | AppError | None) -> None:
        """Say what came, where the person asked for it and no sheet says it."""
        by_hand = connection in self._by_hand
        self._by_hand.discard(connection)
        link = self._bank.link(connection)
        if link is None or not isValid(self._page):
            return
        joined = "" if found is None or isinstance(found, AppError) else bank_words.joined(found.joined)
        if not by_hand and not joined:
            return
        if isinstance(found, AppError):
            self._page.frame.toast(f"{link.institution}: {bank_words.error_words(found)}", undo=False)
        elif found is not None:
            words = bank_words.brought(link.institution, found.added, found.modified, found.removed)
            self._page.frame.toast(f"{words} {joined}".rstrip(), undo=found.operation is not None)

    # --- what the keys are about

    def _current(self) -> Link | None:
        row = self._page.current_account()
        return self._bank.link_of(row.id) if row is not None else None

    def _asking(self) -> Link | None:
        """Return the bank to sign in at: that of the current account, else the first that wants it."""
        here = self._current()
        if here is not None and (here.health in {RECONNECT, GONE} or here.permission_ends is not None):
            return here
        links = self._bank.standing.links
        asking = next((link for link in links if link.health in {RECONNECT, GONE}), None)
        return asking or next((link for link in links if link.permission_ends is not None), None)

    def _sync_current(self) -> None:
        link = self._current()
        if link is not None and link.health not in {RECONNECT, GONE}:
            self._sync(link)
        else:
            self._sync_all()

    def _sign_in_current(self) -> None:
        self.show_what("ask")

    def _disconnect_current(self) -> None:
        link = self._current()
        if link is not None:
            self.do(bank_panel.DISCONNECT, link.id)
