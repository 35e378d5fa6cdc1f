"""Who changed a rule, when, and what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.runtime.when import when_words
from app.ui.theme.fonts import Role
from app.ui.widgets.amount import amount_text
from app.ui.widgets.buttons import Button
from app.ui.widgets.dialog import Sheet
from app.ui.widgets.text import Label

if TYPE_CHECKING:
    from app.services.books.open_books import Books
    from app.services.classify.rule_history import Change
    from app.ui.frame.page import Page
    from app.ui.runtime.tasks import Token

_MOST = 50
_WHO = {"user": "you", "system": "the program"}


def open_rule_history(page: Page, rule_id: int, name: str) -> Sheet:
    """Open the changes of a rule, newest first."""
    window = page.window()
    sheet = Sheet(window, f"History of {name}", width=560)
    close = Button("Close", kind="primary")
    close.clicked.connect(sheet.close_box)
    sheet.add_button(close)
    sheet.closed.connect(sheet.deleteLater)

    def work(books: Books, _token: Token) -> list[tuple[str, str]]:
        from app.services.classify import rule_history  # noqa: PLC0415
        from app.services.tax import taxes  # noqa: PLC0415

        zone, today = books.zone(), taxes.today(books)
        found = rule_history.of(books, rule_id, amount=amount_text)[:_MOST]
        return [(_when(each, when_words(each.at, zone, today)), each.what) for each in found]

    def done(lines: list[tuple[str, str]]) -> None:
        for when, what in lines:
            sheet.body.addWidget(_entry(when, what))
        sheet.open_box()

    page.fetch(work, done, name="rule-history")
    return sheet


def _when(change: Change, words: str) -> str:
    undone = ", undone since" if change.undone_by is not None else ""
    return f"{words}, {_WHO.get(change.actor, change.actor)}{undone}"


def _entry(when: str, what: str) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(Label(when, Role.CAPTION, "muted"))
    column.addWidget(Label(what, Role.SMALL, wrap=True))
    return holder
