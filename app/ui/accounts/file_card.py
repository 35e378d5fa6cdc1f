"""One file before its import: what it is, where it goes, what it would bring, and what a person may say otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from app.ui.accounts import import_model as model
from app.ui.accounts.account_choice import AccountChoice
from app.ui.accounts.mapper import Mapper
from app.ui.accounts.sample_rows import SampleRows
from app.ui.accounts.statement_facts import StatementFacts
from app.ui.accounts.view_model import private
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.badge import Badge
from app.ui.widgets.buttons import IconButton, LinkButton
from app.ui.widgets.card import INSET, Card
from app.ui.widgets.gap import Gap
from app.ui.widgets.icon_label import IconLabel
from app.ui.widgets.text import Label
from app.ui.widgets.themed import pad

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.core.ingest.statement import RowTrouble
    from app.services.ingest.import_preview import Preview

MOST_TROUBLES = 50
BADGES = {
    model.READING: ("reading", "neutral", None),
    model.READY: ("ready", "ok", "check"),
    model.NOTHING_NEW: ("nothing new", "neutral", None),
    model.KNOWN: ("imported already", "neutral", "check"),
    model.ASKS: ("needs a choice", "warn", "alert"),
    model.REFUSED: ("refused", "danger", "close"),
}


class FileCard(Card):
    """Emits `said` when a choice was changed: the file is to be looked at again; `left_out` when it is not wanted."""

    said = Signal()
    left_out = Signal()

    def __init__(self, file: model.Looked, accounts: Sequence[tuple[int, str]]) -> None:
        super().__init__(file.path.name)
        self.file = file
        self._accounts = accounts
        self._auto = ""
        self.choice: AccountChoice | None = None
        self.mapper: Mapper | None = None
        self.badge = Badge("reading")
        leave = IconButton("close", f"Leave {file.path.name} out", "small", framed=False)
        leave.clicked.connect(self.left_out)
        self.add_link(self.badge)
        self.add_link(leave)
        self.show_file()

    def show_file(self) -> None:
        """Show what is known now; the control that had the keyboard keeps it."""
        held = self._focused()
        standing = self.file.standing
        self.badge.set_badge(*BADGES[standing])
        shown = self.file.preview
        if shown is None and self.body.count() > 1:
            return  # it is looked at again: what stands there stays until the answer is in
        self.clear_rows()
        self.choice = self.mapper = None
        self.set_title(shown.file if shown else self.file.path.name, shown.layout_words if shown else "")
        if shown is None:
            self._say("clock", "muted", "Reading the file.")
            return
        if shown.error:
            color = "warn" if standing == model.ASKS else "danger"
            self._say("alert", color, private(shown.error), shown.hint)
        if standing == model.KNOWN:
            self._say("check", "money_in", "This very file is in the books already.", "It brings nothing more.")
            self._notes(shown)
            return
        if standing == model.NOTHING_NEW:
            self._say("info", "muted", "Every row is in the books already.",
                      "Importing it notes the period it covers and its balance.")  # fmt: skip
        if self.file.doubt and shown.statements:
            name = shown.statements[0].account_words
            self._say("alert", "warn", f"These rows look like those of {name}. Is it the same account?",
                      f"{self.file.doubt} If it is another account, choose that one here, or a new one.")  # fmt: skip
        self._account(shown)
        if shown.can_change:
            self._map(shown)
        self._statements(shown)
        self._troubles("rejected", shown.rejected)
        self._troubles("skipped", shown.skipped)
        self._notes(shown)
        self._refocus(held)

    # --- the parts

    def _say(self, icon: str, color: str, text: str, second: str = "") -> None:
        row = QWidget()
        across = QHBoxLayout(row)
        pad(across, INSET, 10, INSET, 10)
        across.setSpacing(current().dp(10))
        across.addWidget(IconLabel(icon, color, 16, 18), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Label(text, Role.SMALL_STRONG, wrap=True))
        if second:
            words.addWidget(Label(second, Role.SMALL, "muted", wrap=True))
        across.addLayout(words, 1)
        self.add_row(row)

    def _account(self, shown: Preview) -> None:
        """Offer the account; a file of several accounts finds each by itself."""
        if len(shown.statements) > 1 or (shown.error and shown.asks != "account"):
            return
        statement = shown.statements[0] if shown.statements else None
        if self.file.choices.account is None and statement is not None:
            self._auto = statement.account_words
        self.choice = AccountChoice(self.file.choices, statement, self._auto, self._accounts)
        self.choice.said.connect(self.said)
        self.add_row(self.choice)

    def _map(self, shown: Preview) -> None:
        self.mapper = Mapper(shown)
        self.mapper.column_said.connect(self._column_said)
        self.mapper.dates_said.connect(self._dates_said)
        self.mapper.sign_said.connect(self._sign_said)
        self.mapper.accepted.connect(self._accepted)
        self.add_row(self.mapper)

    def _column_said(self, key: str, role: str) -> None:
        assert self.file.preview is not None
        self.file.choices.columns = model.columns_with(self.file.preview, key, role)
        self.said.emit()

    def _accepted(self) -> None:
        assert self.file.preview is not None
        self.file.choices.columns = model.columns_shown(self.file.preview)
        self.said.emit()

    def _dates_said(self, order: str) -> None:
        self.file.choices.date_order = order or None
        self.said.emit()

    def _sign_said(self, sign: str) -> None:
        self.file.choices.sign = sign
        self.said.emit()

    def _statements(self, shown: Preview) -> None:
        for number, statement in enumerate(shown.statements):
            several = len(shown.statements) > 1
            facts = StatementFacts(statement, shown if number == 0 else None, with_account=several)
            self.add_row(facts)
            if statement.samples:
                self.add_row(SampleRows(statement))
                self.body.addWidget(Gap(8))

    def _troubles(self, what: str, rows: Sequence[RowTrouble]) -> None:
        """Say how many rows did not make it; which and why shows when asked for."""
        if not rows:
            return
        holder = QWidget()
        column = QVBoxLayout(holder)
        pad(column, INSET, 8, INSET, 8)
        column.setSpacing(current().dp(4))
        many = f"{len(rows):,} {'row' if len(rows) == 1 else 'rows'} {what}"
        link = LinkButton(f"{many}: show why")
        link.setProperty("part", what)
        lines = [f"Line {row.line}: {row.reason}" for row in rows[:MOST_TROUBLES]]
        if len(rows) > MOST_TROUBLES:
            lines.append(f"and {len(rows) - MOST_TROUBLES:,} more")
        why = Label("\n".join(lines), Role.SMALL, "muted", wrap=True)
        why.hide()

        def turn() -> None:
            why.setVisible(why.isHidden())
            link.set_words(f"{many}: {'show why' if why.isHidden() else 'hide'}")

        link.clicked.connect(turn)
        column.addWidget(link)
        column.addWidget(why)
        self.add_row(holder)

    def _notes(self, shown: Preview) -> None:
        notes = [note for note in shown.notes if self.file.standing != model.KNOWN or "very file" not in note]
        if shown.masked:
            many = (
                "1 account or card number was"
                if shown.masked == 1
                else f"{shown.masked:,} account or card numbers were"
            )
            notes.append(f"{many} masked to the last four digits.")
        for note in notes:
            self._say_note(private(note))

    def _say_note(self, text: str) -> None:
        row = QWidget()
        across = QHBoxLayout(row)
        pad(across, INSET, 8, INSET, 8)
        across.setSpacing(current().dp(10))
        across.addWidget(IconLabel("info", "muted", 16, 18), 0, Qt.AlignmentFlag.AlignTop)
        across.addWidget(Label(text, Role.SMALL, "muted", wrap=True), 1)
        self.add_row(row)

    # --- focus over a rebuild

    def _parts(self) -> dict[str, QWidget]:
        found: dict[str, QWidget] = {}
        if self.choice is not None:
            found |= self.choice.parts()
        if self.mapper is not None:
            found |= {f"column {key}": drop for key, drop in self.mapper.drops.items()}
            found |= {"dates": self.mapper.dates} if self.mapper.dates is not None else {}
            found |= {"accept": self.mapper.accept} if self.mapper.accept is not None else {}
            found |= {"sign": self.mapper.sign} if self.mapper.sign is not None else {}
        return found

    def _focused(self) -> str:
        focus: QWidget | None = QApplication.focusWidget()
        if focus is None:
            return ""
        return next((name for name, part in self._parts().items() if part is focus or part.isAncestorOf(focus)), "")

    def _refocus(self, name: str) -> None:
        part = self._parts().get(name)
        if part is not None:
            part.setFocus(Qt.FocusReason.OtherFocusReason)
