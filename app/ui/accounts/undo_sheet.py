"""Taking an import back: what it would mean, in one sentence, before it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.ui.accounts.view_model import private
from app.ui.theme.fonts import Role
from app.ui.widgets.buttons import Button
from app.ui.widgets.dialog import Sheet
from app.ui.widgets.text import Label

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from app.services.ingest.import_history import ImportEntry

IN_THE_WAY = ("Later changes", "This is undone", "This can no longer")
"""How the sentences begin that say why an undo would be refused."""


def ask_undo(window: QWidget, entry: ImportEntry, sentence: str, undo: Callable[[], None]) -> Sheet:
    """Show what an undo would do; where it would be refused, only why."""
    sheet = Sheet(window, f"Undo the import of {entry.file}", width=460)
    sheet.body.addWidget(Label(private(sentence), Role.BODY, wrap=True))
    close = Button("Close" if sentence.startswith(IN_THE_WAY) else "Cancel")
    close.clicked.connect(sheet.close_box)
    sheet.add_button(close)
    last = close
    if not sentence.startswith(IN_THE_WAY):
        act = Button("Undo import", kind="primary")

        def take() -> None:
            sheet.close_box()
            undo()

        act.clicked.connect(take)
        sheet.add_button(act)
        last = act
    sheet.closed.connect(sheet.deleteLater)
    sheet.open_box()
    last.setFocus()
    return sheet
