"""The panes of the page, one at a time: adding, an account, a month held against its statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from app.ui.accounts import view_model
from app.ui.accounts.add_pane import WIDTH, AddPane
from app.ui.accounts.compare_pane import ComparePane
from app.ui.accounts.edit_pane import EditPane
from app.ui.theme.theme import current

if TYPE_CHECKING:
    from app.services.ledger.account_page import AccountRow
    from app.services.ledger.compare_month import Comparison
    from app.ui.accounts.page import AccountsPage


class Panes(QStackedWidget):
    """All of one width. Adding is what there is when nothing else was asked for."""

    def __init__(self, page: AccountsPage) -> None:
        super().__init__()
        self._page = page
        self._return_to: QWidget = page.list
        """Where the keyboard goes when a pane closes."""
        self.setAccessibleName("Details")
        self.add = AddPane()
        self.editor = EditPane()
        self.comparison = ComparePane()
        for pane in (self.add, self.editor, self.comparison):
            self.addWidget(pane)
            pane.closed.connect(self.show_adding)
        frame, changes = page.frame, page.changes
        self.add.files_wanted.connect(frame.choose_files)
        self.add.account_wanted.connect(changes.add_account)
        self.add.rename_wanted.connect(changes.rename_layout)
        self.add.remove_wanted.connect(changes.remove_layout)
        self.editor.changed.connect(changes.change_account)
        self.editor.rows_wanted.connect(lambda account: frame.go("transactions", account_id=account))
        self.editor.compare_wanted.connect(page.compare)
        self.editor.remove_wanted.connect(changes.remove_account)
        self.comparison.rows_wanted.connect(lambda rows, of: frame.go("transactions", ids=rows, of=of, row=rows[0]))
        self.comparison.row_wanted.connect(lambda row: frame.go("transactions", row=row))
        self.comparison.import_wanted.connect(page.choose_for)
        current().changed.connect(self._resize)
        self._resize()

    def _resize(self) -> None:
        self.setFixedWidth(current().dp(WIDTH))

    @property
    def is_adding(self) -> bool:
        return self.currentWidget() is self.add

    def refresh(self) -> None:
        """Show anew what the shown pane is about; what is gone gives way to adding."""
        shown = self.comparison.shown
        if self.currentWidget() is self.editor and self.editor.account is not None:
            row = self._page.account(self.editor.account.id)
            if row is None:
                self.show_adding()
            else:
                self._fill_editor(row)
        elif self.currentWidget() is self.comparison and shown is not None:
            if self._page.account(shown.account_id) is None:
                self.show_adding()
            else:
                self.ask_comparison(shown.account_id, shown.month, focus=False)

    def show_adding(self) -> None:
        """Go back to the pane that adds; the focus returns to what opened the other one."""
        had_focus = self._has_focus()
        self.setCurrentWidget(self.add)
        self._page.close_pane()
        if had_focus:
            target = self._return_to if self._return_to.isVisible() else self._page.main_widget()
            if target is self._page.statements.sentence:
                target = self._page.statements.sentence.button
            target.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_adding(self) -> None:
        self._open(self.add)
        self.add.form.open_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def edit(self, row: AccountRow) -> None:
        self._fill_editor(row)
        self._open(self.editor)
        self.editor.first_field().setFocus(Qt.FocusReason.OtherFocusReason)

    def restore_editor(self, account_id: int) -> None:
        """Show an account as it is stored, in place of what was typed."""
        row = self._page.account(account_id)
        if row is not None:
            self.editor.account = None
            self._fill_editor(row)

    def _fill_editor(self, row: AccountRow) -> None:
        held = self._page.frame.session.gui.accounts.get(row.id)
        self.editor.show_account(row, (held.institution if held else "") or "", (held.last4 if held else "") or "")

    def ask_comparison(self, account_id: int, month: int, *, focus: bool) -> None:
        def done(found: Comparison) -> None:
            self.comparison.show_comparison(found)
            if focus:
                self._open(self.comparison)
                if found.rows:
                    self.comparison.list.setFocus(Qt.FocusReason.OtherFocusReason)

        self._page.fetch(
            lambda books, token: view_model.load_comparison(books, token, account_id, month), done, name="comparison"
        )

    def _has_focus(self) -> bool:
        focus: QWidget | None = QApplication.focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    def _open(self, pane: QWidget) -> None:
        page = self._page
        focus: QWidget | None = QApplication.focusWidget()
        if focus is not None and not self._has_focus():
            # Only parts that stay: what held the focus may be gone when the pane closes.
            stays = (page.imports.table, page.statements.grid, page.statements.sentence)
            self._return_to = next((part for part in stays if part is focus or part.isAncestorOf(focus)), page.list)
        self.setCurrentWidget(pane)
        page.open_pane()
