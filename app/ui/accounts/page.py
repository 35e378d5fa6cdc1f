"""Accounts: how each stands, which months its statements cover, what was imported, and the way to add more."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from app.ui.accounts import view_model
from app.ui.accounts.accounts_card import AccountsCard
from app.ui.accounts.bank_page import BankPart
from app.ui.accounts.bank_panel import BankBanners
from app.ui.accounts.import_view import ImportView
from app.ui.accounts.imports_card import ImportsCard
from app.ui.accounts.page_changes import Changes
from app.ui.accounts.panes import Panes
from app.ui.accounts.statements_card import StatementsCard
from app.ui.accounts.undo_sheet import ask_undo
from app.ui.frame.page import Frame, Page
from app.ui.theme.theme import current
from app.ui.widgets.buttons import Button
from app.ui.widgets.drop_area import DropArea
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.header import PageHeader
from app.ui.widgets.scroll import ScrollArea
from app.ui.widgets.themed import pad
from app.ui.widgets.tips import tip

if TYPE_CHECKING:
    from app.services.ingest.import_history import ImportEntry
    from app.services.ledger.account_page import AccountRow

PATTERNS = "*.ofx *.qfx *.qbo *.qif *.csv *.xml *.OFX *.QFX *.QBO *.QIF *.CSV *.XML"


class AccountsPage(Page):
    id, title = "accounts", "Accounts"
    help = (
        "Your accounts with their balances, the months their statements cover, and what was imported. Enter opens an "
        "account, C compares a month with its statement, U takes an import back. A linked bank is fetched by itself, "
        "and with Shift+S at once."
    )

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.loaded: view_model.Loaded | None = None
        self.changes = Changes(self)
        self._build()
        self.panes = Panes(self)
        self.add_button.clicked.connect(self.panes.open_adding)
        self.set_pane(self.panes)
        self.bank = BankPart(self)
        self._bind()

    # --- building

    def _build(self) -> None:
        self.header = PageHeader("Accounts")
        self.add_button = Button("Add account", icon="plus")
        self.header.add_action(self.add_button)
        self.sync_button = Button("Sync all", icon="sync")
        self.sync_button.hide()
        self.header.add_action(self.sync_button)
        button = Button("Import file", kind="primary", icon="import", key="I")
        button.clicked.connect(self.frame.choose_files)
        self.header.add_action(button)
        self.accounts = AccountsCard()
        self.list = self.accounts.list
        self.list.row_activated.connect(lambda _row: self.edit())
        self.list.acted.connect(self._row_acted)
        self.statements = StatementsCard()
        self.statements.compare_wanted.connect(self.compare)
        self.imports = ImportsCard()
        self.imports.undo_wanted.connect(self._ask_undo)
        self.imports.table.row_activated.connect(lambda _row: self.edit())
        content = QWidget()
        self._cards = QVBoxLayout(content)
        self.banners = BankBanners()
        for card in (self.banners, self.accounts, self.statements, self.imports):
            self._cards.addWidget(card)
        self._cards.addStretch(1)
        self.empty = EmptyState(
            "accounts", "No accounts yet",
            "Import a file from your bank: the account is made from what it says. You see everything before it is "
            "written.",
        )  # fmt: skip
        self.drop = DropArea("Drop bank files here", "OFX, QFX, QBO, QIF or CSV", "Choose files")
        self.drop.clicked.connect(self.frame.choose_files)
        self.empty.add_widget(self.drop)
        self.connect_button = Button("Connect a bank…", icon="link")
        self.empty.add_action(self.connect_button)
        self.scroller = ScrollArea(content)
        self.main = QWidget()
        column = QVBoxLayout(self.main)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.scroller, 1)
        column.addWidget(self.empty, 1)
        self.empty.hide()
        self.view = ImportView(self)
        self.view.left.connect(self._leave_import)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.main)
        self.stack.addWidget(self.view)
        self.column.addWidget(self.stack, 1)
        current().changed.connect(self._resize)
        self._resize()

    def _resize(self) -> None:
        pad(self._cards, 24, 0, 24, 24)
        self._cards.setSpacing(current().dp(14))
        self.drop.setMinimumHeight(current().dp(180))

    def _bind(self) -> None:
        def has_account() -> bool:
            return self.current_account() is not None and not self._previews

        bind = self.frame.commands.bind
        bind("accounts.import", self.frame.choose_files)
        bind("accounts.edit", self.edit, has_account)
        bind("accounts.rows", self.show_rows, has_account)
        bind("accounts.compare", self.compare, lambda: has_account() or bool(self._broken()))
        bind("accounts.undo_import", self.undo_import, self._can_undo)
        self.bank.bind()
        for widget in (self.list, self.imports.table):
            self.frame.commands.attach("accounts", widget)

    def _can_undo(self) -> bool:
        return self.frame.offers_undo() or self.import_to_undo() is not None

    def main_widget(self) -> QWidget:
        if self._previews:
            return self.view.act if self.view.act.isEnabled() and self.view.act.isVisible() else self.view.back
        return self.list if self.list.isVisibleTo(self) else self.drop.findChild(Button) or self.content

    @property
    def _previews(self) -> bool:
        return self.stack.currentWidget() is self.view

    # --- loading

    def load(self) -> None:
        today = self.frame.session.today
        self.fetch(lambda books, token: view_model.load(books, token, today=today), self._show)

    def _show(self, loaded: view_model.Loaded) -> None:
        is_first, self.loaded = self.loaded is None, loaded
        any_accounts = bool(loaded.page.accounts)
        self.scroller.setVisible(any_accounts)
        self.empty.setVisible(not any_accounts)
        self.accounts.fill(loaded.page)
        self.statements.fill(loaded.page)
        if is_first and not self._previews:
            self.main_widget().setFocus(Qt.FocusReason.OtherFocusReason)
        self.imports.fill(loaded.imports, loaded.zone)
        self.panes.add.set_layouts(loaded.layouts)
        self.panes.add.set_drop_shown(shown=any_accounts)
        self.bank.refresh()
        if self.list.current() is None:
            self.list.go_to(0)
        self.panes.refresh()
        undone = {entry.operation for entry in loaded.imports if entry.undone}
        if self._previews and self.view.operations() and self.view.operations() <= undone:
            self.view.leave()

    def show_with_banks(self) -> None:
        """Show the page where there is no account yet, but something to be said of a bank."""
        if not self.banners.isHidden() and self.empty.isVisible():
            self.scroller.show()
            self.accounts.setVisible(bool(self.loaded and self.loaded.page.accounts))

    def account(self, account_id: int) -> AccountRow | None:
        rows = self.loaded.page.accounts if self.loaded else ()
        return next((row for row in rows if row.id == account_id), None)

    def current_account(self) -> AccountRow | None:
        """Return the account the keys are about: that of the import under the focus, else the one in the list."""
        if self.imports.table.hasFocus():
            entry = self.imports.table.current_entry()
            return self.account(entry.account_id) if entry else None
        return self.list.current()

    def show_what(self, **what: Any) -> None:  # noqa: ANN401 - files, or an account with a month
        if "files" in what:
            self.preview([Path(path) for path in what["files"]])
        elif "bank" in what:
            self.bank.show_what(str(what["bank"]))
        elif "account" in what:
            self.list.select(int(what["account"]))
            if "month" in what:
                self.compare(int(what["account"]), int(what["month"]))
            else:
                self.edit()

    # --- the current account

    def edit(self) -> None:
        row = self.current_account()
        if row is not None:
            self.panes.edit(row)

    def show_rows(self) -> None:
        row = self.current_account()
        if row is not None:
            self.frame.go("transactions", account_id=row.id)

    def _broken(self) -> list[view_model.Broken]:
        return view_model.broken(self.loaded.page) if self.loaded else []

    def compare(self, account_id: int | None = None, month: int | None = None) -> None:
        """Compare a month with its statement: the one asked for, else the one of the account that needs it most."""
        row = self.account(account_id) if account_id is not None else self.current_account()
        if row is None and account_id is None and self._broken():
            row = self.account(self._broken()[0].account_id)
        wanted = month or (view_model.month_to_compare(row) if row else None)
        if row is not None and wanted is not None:
            self.panes.ask_comparison(row.id, wanted, focus=True)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() == Qt.Key.Key_Escape and not self._previews and not self.panes.is_adding:
            self.panes.show_adding()
            return
        super().keyPressEvent(event)

    def _place_pane(self) -> None:
        """The preview of an import has the page to itself."""
        super()._place_pane()
        if self.pane is None:
            return
        if self._previews:
            self.pane.hide()
        self.add_button.setVisible(self.pane_overlays)
        if hasattr(self, "bank"):
            self.fit_head()
        self.panes.add.set_closable(closable=self.pane_overlays)

    def fit_head(self) -> None:
        """Leave words out of the head where they have no room, and keep the banners within what can be seen."""
        texts = ((self.sync_button, self.bank.sync_words()), (self.add_button, "Add account"))
        for button, words in texts:
            button.set_words(words)
            button.setAccessibleName(words)
        for button, _ in reversed(texts):
            if not button.isHidden() and self.header.wanted_width() > self.content.width():
                name = button.accessibleName()
                button.set_words("")
                button.setAccessibleName(name)
                button.setToolTip(tip(name))
            else:
                button.setToolTip("")
        self.banners.setMaximumWidth(max(current().dp(200), self.scroller.viewport().width() - current().dp(48)))

    # --- imports

    def choose_for(self, account_id: int | None = None) -> None:
        """Ask for files that go to one account."""
        dialog = QFileDialog(self, "Choose bank files")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters([f"Bank files ({PATTERNS})", "All files (*)"])
        dialog.filesSelected.connect(lambda names: self.preview([Path(name) for name in names], account_id))
        dialog.open()

    def _row_acted(self, number: int) -> None:
        row = self.loaded.page.accounts[number] if self.loaded else None
        if row is None or self.bank.row_acted(row):
            return
        if row.health.value == "bad":
            self.compare(row.id)
        else:
            self.choose_for(row.id)

    def preview(self, paths: list[Path], account_id: int | None = None) -> None:
        """Show what importing these files would do, in place of the page."""
        if not paths:
            return
        known = [(account.id, account.name) for account in self.frame.session.gui.accounts.all()]
        self.stack.setCurrentWidget(self.view)
        self.close_pane()
        self.view.take(paths, known, account_id)

    def _leave_import(self) -> None:
        self.stack.setCurrentWidget(self.main)
        self._place_pane()
        self.main_widget().setFocus(Qt.FocusReason.OtherFocusReason)

    def import_to_undo(self) -> ImportEntry | None:
        """Return the import under the focus, else the newest of the current account."""
        if self.loaded is None or self._previews:
            return None
        if self.imports.table.hasFocus():
            entry = self.imports.table.current_entry()
            return entry if entry is not None and entry.can_undo else None
        row = self.list.current()
        return next(
            (each for each in self.loaded.imports if row is not None and each.account_id == row.id and each.can_undo),
            None,
        )

    def undo_import(self) -> None:
        if self.frame.offers_undo():
            self.frame.commands.trigger("edit.undo")
            return
        entry = self.import_to_undo()
        if entry is not None:
            self._ask_undo(entry)

    def _ask_undo(self, entry: ImportEntry) -> None:
        def known(sentence: str) -> None:
            ask_undo(self.window(), entry, sentence, lambda: self.changes.undo_import(entry))

        self.fetch(lambda books, token: view_model.load_undo(books, token, entry.operation), known, name="undo")


PAGE = AccountsPage
