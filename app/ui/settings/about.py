"""Which program this is, what it is made of, and under which licences."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from app.core.product import APP_VERSION
from app.ui.settings.section import Section
from app.ui.widgets.buttons import Button
from app.ui.widgets.card import Card, Row

if TYPE_CHECKING:
    from app.services.books.open_books import Books
    from app.ui.frame.page import Page
    from app.ui.runtime.tasks import Token


class AboutSection(Section):
    def __init__(self, page: Page) -> None:
        super().__init__(page, "About 1099 Ops", "Local, encrypted books and a tax reserve for US freelancers.")
        card = Card()
        self.version = Row("Version", "")
        notices = Button("Licenses", size="small")
        notices.clicked.connect(lambda: page.frame.go("help", about=True))
        self.version.add_right(notices)
        card.add_row(self.version)
        self.parts = Row("Made with", "")
        card.add_row(self.parts)
        self.rules = Row("Tax rules", "")
        card.add_row(self.rules)
        card.add_row(Row("Estimates", "from the rules shipped with the program; not tax advice"))
        self.cards.addWidget(card)
        self.cards.addStretch(1)

    def load(self) -> None:
        self.page.fetch(_facts, self._show, name="about")

    def _show(self, facts: tuple[str, str, str]) -> None:
        for row, words in zip((self.version, self.parts, self.rules), facts, strict=True):
            row.note.setText(words)
            row.note.setVisible(True)


def _facts(books: Books, _token: Token) -> tuple[str, str, str]:
    from PySide6.QtCore import qVersion  # noqa: PLC0415

    from app.services.classify import knowledge  # noqa: PLC0415

    python = ".".join(map(str, sys.version_info[:3]))
    cipher = str(books.connection.execute("PRAGMA cipher_version").fetchone()[0]).split(maxsplit=1)[0]
    years = knowledge.federal_years()
    made_with = f"Python {python}, Qt {qVersion()}, SQLCipher {cipher}"
    return APP_VERSION, made_with, f"federal, {years[0]} to {years[-1]}"
