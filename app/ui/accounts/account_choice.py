"""Which account a file goes to: the one found by itself, another, or a new one with its name, kind and role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.accounts.import_model import NEW
from app.ui.accounts.view_model import KINDS, ROLE_MEANING, ROLES
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.buttons import DropDown
from app.ui.widgets.card import INSET
from app.ui.widgets.fields import LineEdit
from app.ui.widgets.text import Label
from app.ui.widgets.themed import Themed, pad

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.ingest.import_preview import StatementPreview
    from app.ui.accounts.import_model import Choices

_AUTO = "auto"
_NEW_NAME = "New account"


class AccountChoice(Themed, QWidget):
    """Writes what is said into the choices and emits `said`."""

    said = Signal()

    def __init__(
        self, choices: Choices, statement: StatementPreview | None, auto: str, accounts: Sequence[tuple[int, str]]
    ) -> None:
        super().__init__()
        self._choices, self._statement, self._auto = choices, statement, auto
        self.account = DropDown(self._listed(accounts), self._value(accounts), name="Account")
        self.account.changed.connect(self._take)
        self._column = QVBoxLayout(self)
        first = QHBoxLayout()
        first.addWidget(Label("Goes to", Role.SMALL, "muted"))
        first.addWidget(self.account)
        first.addStretch(1)
        self._column.addLayout(first)
        self._rows = [first]
        self.name: LineEdit | None = None
        self.kind: DropDown | None = None
        self.role: DropDown | None = None
        if statement is not None and statement.account_id is None:
            self._column.addLayout(self._form(statement))
            meaning = {str(role): words for role, words in ROLE_MEANING.items()}
            self._column.addWidget(Label(meaning[statement.role], Role.CAPTION, "muted", wrap=True))
        self.follow_theme()

    def _listed(self, accounts: Sequence[tuple[int, str]]) -> list[tuple[object, str]]:
        found: list[tuple[object, str]] = []
        words = self._auto.replace("new: ", "A new account: ", 1)
        if self._auto or self._choices.account is None:
            found.append((_AUTO, words or "Choose an account"))
        found += [(str(number), name) for number, name in accounts if name != self._auto]
        return [*found, (NEW, "Another new account" if self._auto.startswith("new: ") else "A new account")]

    def _value(self, accounts: Sequence[tuple[int, str]]) -> str:
        said = self._choices.account
        if said is None:
            return _AUTO
        return said if any(str(number) == said for number, _ in accounts) else NEW

    def _form(self, statement: StatementPreview) -> QHBoxLayout:
        self.name = LineEdit("Name", size=32, name="Name of the new account")
        self.name.setText(statement.account_words.removeprefix("new: "))
        self.name.editingFinished.connect(self._named)
        self.kind = DropDown(list(KINDS), statement.kind, name="Kind")
        self.kind.changed.connect(self._kind_said)
        self.role = DropDown(list(ROLES), statement.role, name="Whose money")
        self.role.changed.connect(self._role_said)
        row = QHBoxLayout()
        row.addWidget(self.name, 1)
        row.addWidget(self.kind)
        row.addWidget(self.role)
        row.addStretch(1)
        self._rows.append(row)
        return row

    def parts(self) -> dict[str, QWidget]:
        """Return the controls by what they are for."""
        made = {"account": self.account, "name": self.name, "kind": self.kind, "role": self.role}
        return {name: part for name, part in made.items() if part is not None}

    def _take(self, value: object) -> None:
        self._choices.account = None if value == _AUTO else _NEW_NAME if value == NEW else str(value)
        self.said.emit()

    def _named(self) -> None:
        assert self.name is not None
        assert self._statement is not None
        text = self.name.text().strip()
        if text and not text.isdecimal() and text != self._statement.account_words.removeprefix("new: "):
            self._choices.account = text
            self.said.emit()

    def _kind_said(self, kind: object) -> None:
        self._choices.kind = str(kind)
        self.said.emit()

    def _role_said(self, role: object) -> None:
        self._choices.role = str(role)
        self.said.emit()

    def restyle(self) -> None:
        pad(self._column, INSET, 10, INSET, 12)
        self._column.setSpacing(current().dp(8))
        for row in self._rows:
            row.setSpacing(current().dp(10))
        if self.name is not None:
            self.name.setMaximumWidth(current().dp(320))
