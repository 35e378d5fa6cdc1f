"""The pane that adds: a drop area, an account made by hand, the layouts of tables that were worked out once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.books.vocabulary import AccountKind
from app.core.books.vocabulary import Role as Whose
from app.ui.accounts.bank_panel import ConnectSection
from app.ui.accounts.view_model import KINDS, ROLE_MEANING, ROLES
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.buttons import Button, DropDown, IconButton
from app.ui.widgets.dialog import Sheet
from app.ui.widgets.drop_area import DropArea
from app.ui.widgets.fields import AmountEdit, Field, LineEdit
from app.ui.widgets.icon_label import IconLabel
from app.ui.widgets.pane import Pane, PaneTitle, Section
from app.ui.widgets.text import ElidedLabel, Label
from app.ui.widgets.themed import Themed, clear, pad

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.services.ingest.import_history import SavedLayout

WIDTH = 324
MASKED = "Account numbers are masked to four digits before they are written."


class NewAccount(NamedTuple):
    """What a person typed for an account made by hand."""

    values: dict[str, str]
    opening_cents: int | None


class AddPane(Pane):
    """Emits `files_wanted`, `account_wanted` with a NewAccount, and what to do with a layout."""

    closed = Signal()
    files_wanted = Signal()
    connect_wanted = Signal()
    account_wanted = Signal(object)
    rename_wanted = Signal(str)
    remove_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__(WIDTH, "Add an account")
        title = PaneTitle("Add an account")
        self._close = IconButton("close", "Close", "small", framed=False)
        self._close.clicked.connect(self.closed)
        title.add_right(self._close)
        self.set_header(title, line=False)
        self.drop = DropArea("Drop a bank file here", "OFX, QFX, QBO, QIF or CSV", "Choose file")
        self.drop.clicked.connect(self.files_wanted)
        self.drop.setFixedHeight(current().dp(148))
        self._drop = Section()
        self._drop.add(self.drop)
        self.body.addWidget(self._drop)
        self.bank = ConnectSection()
        self.bank.wanted.connect(self.connect_wanted)
        self.body.addSpacing(current().dp(14))
        self.add_section(self.bank)
        self.form = ManualAccount()
        self.form.made.connect(self.account_wanted)
        self.add_section(self.form)
        self.layouts = _Layouts()
        self.layouts.rename_wanted.connect(self.rename_wanted)
        self.layouts.remove_wanted.connect(self.remove_wanted)
        self.body.addWidget(self.layouts)
        self.body.addStretch(1)
        foot = QWidget()
        self._foot_inner = QVBoxLayout(foot)
        self._foot_inner.addWidget(Label(MASKED, Role.CAPTION, "muted", wrap=True))
        self._column.addWidget(foot)
        pad(self._foot_inner, 20, 10, 20, 16)

    def set_closable(self, *, closable: bool) -> None:
        """Offer to close where the pane lies over the page."""
        self._close.setVisible(closable)

    def set_layouts(self, layouts: Sequence[SavedLayout]) -> None:
        self.layouts.fill(layouts)

    def set_drop_shown(self, *, shown: bool) -> None:
        """Leave the drop area out where the page itself has one."""
        self._drop.setVisible(shown)


class ManualAccount(Section):
    """A short form, shut until it is asked for. Emits `made` with a NewAccount that has a name."""

    made = Signal(object)

    def __init__(self) -> None:
        super().__init__("Keep an account by hand")
        self.add(Label("For cash, or a bank that gives no files.", Role.SMALL, "muted", wrap=True), 2)
        self.open_button = Button("Enter an account", icon="plus")
        self.open_button.clicked.connect(lambda: self.set_open(open_=True))
        self.add(self.open_button, 10)
        self._form = QWidget()
        column = QVBoxLayout(self._form)
        column.setContentsMargins(0, 0, 0, 0)
        self._inner = column
        self.name = LineEdit("Business checking")
        self._name = Field("Name", self.name)
        self.kind = DropDown(list(KINDS), AccountKind.CHECKING, name="Kind")
        self.role = DropDown(list(ROLES), Whose.MIXED, name="Whose money")
        self.meaning = Label(ROLE_MEANING[Whose.MIXED], Role.CAPTION, "muted", wrap=True)
        self.role.changed.connect(lambda role: self.meaning.setText(ROLE_MEANING[role]))
        self.last4 = LineEdit("4821")
        self.last4.setMaxLength(4)
        self._last4 = Field("Last four digits", self.last4)
        self.opening = AmountEdit(name="Balance at the start")
        self._opening = Field("Balance at the start", self.opening)
        self.add_button = Button("Add account")
        self.cancel = Button("Cancel", kind="quiet")
        self.add_button.clicked.connect(self._make)
        self.cancel.clicked.connect(lambda: self.set_open(open_=False))
        pair = QHBoxLayout()
        pair.addWidget(self._last4, 2)
        pair.addWidget(self._opening, 3)
        pair.setAlignment(self._last4, Qt.AlignmentFlag.AlignTop)
        pair.setAlignment(self._opening, Qt.AlignmentFlag.AlignTop)
        buttons = QHBoxLayout()
        buttons.addWidget(self.add_button)
        buttons.addWidget(self.cancel)
        buttons.addStretch(1)
        for part in (self._name, Field("Kind", self.kind), Field("Whose money", self.role), self.meaning):
            column.addWidget(part)
        column.addLayout(pair)
        column.addWidget(
            Label("What it held before its first row; leave it empty for zero.", Role.CAPTION, "muted", wrap=True)
        )
        column.addLayout(buttons)
        self._pairs = (pair, buttons)
        self.add(self._form, 10)
        self._form.hide()
        for edit in (self.name, self.last4, self.opening):
            edit.returnPressed.connect(self._make)

    def restyle(self) -> None:
        super().restyle()
        if hasattr(self, "_pairs"):
            self._inner.setSpacing(current().dp(12))
            for row in self._pairs:
                row.setSpacing(current().dp(8))

    def set_open(self, *, open_: bool) -> None:
        self._form.setVisible(open_)
        self.open_button.setVisible(not open_)
        self.restyle()
        (self.name if open_ else self.open_button).setFocus(Qt.FocusReason.TabFocusReason)

    def clear_form(self) -> None:
        for edit in (self.name, self.last4, self.opening):
            edit.clear()
        self.set_open(open_=False)

    def _make(self) -> None:
        name, last4 = self.name.text().strip(), self.last4.text().strip()
        self._name.set_error("" if name and not name.isdecimal() else "Give it a few words.")
        self._last4.set_error("" if not last4 or (last4.isdecimal() and len(last4) == 4) else "Four digits.")
        try:
            opening = self.opening.cents()
        except ValueError as problem:
            self._opening.set_error(str(problem))
            return
        self._opening.set_error("")
        if not name or name.isdecimal() or (last4 and not (last4.isdecimal() and len(last4) == 4)):
            (self.name if not name or name.isdecimal() else self.last4).setFocus()
            return
        values = {"name": name, "kind": str(self.kind.value()), "role": str(self.role.value())}
        self.made.emit(NewAccount({**values, "last4": last4} if last4 else values, opening))


class _Layouts(Themed, QWidget):
    rename_wanted = Signal(str)
    remove_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self.hide()
        self.follow_theme()

    def restyle(self) -> None:
        pad(self._column, 20, 10, 12, 14)
        self._column.setSpacing(0)

    def fill(self, layouts: Sequence[SavedLayout]) -> None:
        clear(self._column)
        self.setVisible(bool(layouts))
        if layouts:
            self._column.addWidget(Label("Saved file layouts", Role.SMALL_TITLE))
        for layout in layouts:
            row = QWidget()
            across = QHBoxLayout(row)
            across.setContentsMargins(0, 0, 0, 0)
            across.setSpacing(current().dp(8))
            texts = QVBoxLayout()
            texts.setSpacing(0)
            texts.addWidget(ElidedLabel(layout.name, Role.SMALL))
            texts.addWidget(ElidedLabel(layout.words, Role.CAPTION, "muted"))
            rename = IconButton("edit", f"Rename the layout {layout.name}", "small", framed=False)
            rename.clicked.connect(partial(self.rename_wanted.emit, layout.name))
            remove = IconButton("trash", f"Forget the layout {layout.name}", "small", framed=False)
            remove.clicked.connect(partial(self.remove_wanted.emit, layout.name))
            across.addWidget(IconLabel("reports", "muted", 16))
            across.addLayout(texts, 1)
            across.addWidget(rename)
            across.addWidget(remove)
            row.setFixedHeight(current().dp(44))
            self._column.addWidget(row)


def ask_name(window: QWidget, now: str, done: Callable[[str], None]) -> Sheet:
    """Ask for another name of a layout."""
    sheet = Sheet(window, "Rename the layout", width=400)
    edit = LineEdit(now)
    edit.setText(now)
    edit.selectAll()
    sheet.body.addWidget(Field("Name", edit, "The bank’s name says it best."))

    def take() -> None:
        if edit.text().strip():
            sheet.close_box()
            done(edit.text().strip())

    cancel, save = Button("Cancel"), Button("Rename", kind="primary")
    cancel.clicked.connect(sheet.close_box)
    save.clicked.connect(take)
    edit.returnPressed.connect(take)
    sheet.add_button(cancel)
    sheet.add_button(save)
    sheet.closed.connect(sheet.deleteLater)
    sheet.open_box()
    return sheet
