"""The pane of one account: what it is, whose money lies in it, and the way to its transactions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.ui.accounts.add_pane import WIDTH
from app.ui.accounts.bank_section import BankSection
from app.ui.accounts.view_model import KINDS, ROLE_MEANING, ROLES, balance, icon_of, kind_words
from app.ui.theme.fonts import Role
from app.ui.widgets.buttons import Button, DropDown, IconButton
from app.ui.widgets.card import Fact
from app.ui.widgets.fields import Field, LineEdit
from app.ui.widgets.pane import Pane, PaneHead, Section
from app.ui.widgets.text import Label

if TYPE_CHECKING:
    from app.services.ledger.account_page import AccountRow
    from app.ui.runtime.bank_watch import BankWatch

WHY_NOT = "It holds transactions. Undo its imports first; then it can be removed."


class EditPane(Pane):
    """Each change is made at once and can be undone. Emits `changed` with (account, column, value)."""

    changed = Signal(int, str, str)
    closed = Signal()
    rows_wanted = Signal(int)
    compare_wanted = Signal(int)
    remove_wanted = Signal(int)
    bank_wanted = Signal(str, int)
    """What is wanted of the bank (sync, sign_in, disconnect), and its number."""

    def __init__(self) -> None:
        super().__init__(WIDTH, "Account")
        self.account: AccountRow | None = None
        self._bank: BankWatch | None = None
        self._more: dict[str, str] = {}
        self.add_foot(rows := Button("Show transactions", key="T", size="foot"), 1)
        rows.clicked.connect(self._rows)

    def _rows(self) -> None:
        if self.account is not None:
            self.rows_wanted.emit(self.account.id)

    def show_account(self, row: AccountRow, institution: str, last4: str) -> None:
        """Fill the pane; an edit under way is left alone when it is the same account."""
        same = self.account is not None and self.account.id == row.id
        focus = self.focusWidget()
        if same and isinstance(focus, LineEdit) and focus.hasFocus() and focus.isModified():
            self.account = row
            return
        name = next((n for n, w in self._fields().items() if w is focus and w.hasFocus()), "") if same else ""
        self.account = row
        close = IconButton("close", "Close", "small", framed=False)
        close.clicked.connect(self.closed)
        self.set_header(PaneHead(row.name, kind_words(row.kind), right=close, icon=icon_of(row.kind)))
        self.setAccessibleName(f"Account {row.name}")
        self.clear_sections()
        self.add_section(self._facts(row))
        self._bank_section = BankSection(row.name)
        self._bank_section.wanted.connect(self.bank_wanted)
        self.add_section(self._bank_section)
        self._bank_section.fill(self._bank, row.id)
        self.add_section(self._form(row, institution, last4))
        self.add_section(self._removal(row))
        self.body.addStretch(1)
        if name:
            self._fields()[name].setFocus()

    def show_bank(self, bank: BankWatch) -> None:
        """Show how the bank stands whose rows go to this account."""
        self._bank = bank
        if self.account is not None:
            self._bank_section.fill(bank, self.account.id)

    def _fields(self) -> dict[str, QWidget]:
        if not hasattr(self, "name"):
            return {}
        return {"name": self.name, "kind": self.kind, "role": self.role, "institution": self.institution,
                "last4": self.last4}  # fmt: skip

    def first_field(self) -> QWidget:
        return self.name

    def _facts(self, row: AccountRow) -> Section:
        section = Section()
        section.add(Fact("Balance", Label(balance(row.balance_cents, row.currency), Role.SMALL_TITLE)))
        if not row.balance_known:
            section.add(Label("No file has stated a balance: this is the sum of its rows.", Role.CAPTION, "muted",
                              wrap=True))  # fmt: skip
        section.add(Fact("Transactions", f"{row.rows:,}"))
        compare = Button("Compare with the statement", key="C", size="small")
        compare.clicked.connect(lambda: self.compare_wanted.emit(row.id))
        if row.rows:
            section.add(compare, 8)
        return section

    def _form(self, row: AccountRow, institution: str, last4: str) -> Section:
        section = Section()
        self.name = self._edit(row, "name", row.name)
        section.add(Field("Name", self.name))
        self.kind = DropDown(list(KINDS), row.kind, name="Kind")
        self.kind.changed.connect(lambda value: self.changed.emit(row.id, "kind", str(value)))
        section.add(Field("Kind", self.kind), 12)
        self.role = DropDown(list(ROLES), row.role, name="Whose money")
        self.role.changed.connect(lambda value: self.changed.emit(row.id, "role", str(value)))
        meaning = {str(role): words for role, words in ROLE_MEANING.items()}
        section.add(Field("Whose money", self.role), 12)
        section.add(Label(meaning.get(row.role, ""), Role.CAPTION, "muted", wrap=True), 6)
        self.institution = self._edit(row, "institution", institution)
        section.add(Field("Bank", self.institution), 12)
        self.last4 = self._edit(row, "last4", last4)
        self.last4.setMaxLength(4)
        self._last4_field = Field("Last four digits", self.last4)
        section.add(self._last4_field, 12)
        return section

    def _edit(self, row: AccountRow, column: str, value: str) -> LineEdit:
        edit = LineEdit()
        edit.setText(value)
        held = [value]

        def save() -> None:
            text = edit.text().strip()
            if text == held[0]:
                return
            if column == "last4" and text and not (text.isdecimal() and len(text) == 4):
                self._last4_field.set_error("Four digits, never the whole number.")
                return
            if column == "name" and not text:
                edit.setText(held[0])
                return
            held[0] = text
            edit.setModified(False)
            self.changed.emit(row.id, column, text)

        edit.editingFinished.connect(save)
        return edit

    def _removal(self, row: AccountRow) -> Section:
        section = Section()
        self.remove = Button("Remove account", kind="danger", size="small")
        self.remove.clicked.connect(lambda: self.remove_wanted.emit(row.id))
        self.remove.setEnabled(not row.rows)
        section.add(self.remove)
        if row.rows:
            self.remove.setAccessibleDescription(WHY_NOT)
            section.add(Label(WHY_NOT, Role.CAPTION, "muted", wrap=True), 8)
        return section
