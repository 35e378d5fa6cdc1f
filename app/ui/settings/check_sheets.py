"""What a check of the books found, each with what to do; and accepting books that are older than last noted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.ui.settings.form import Form
from app.ui.theme.fonts import Role
from app.ui.widgets.buttons import Button, CheckBox
from app.ui.widgets.card import Card, Row
from app.ui.widgets.dialog import Sheet
from app.ui.widgets.icon_label import IconLabel
from app.ui.widgets.text import Label

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.books.open_books import Books
    from app.services.integrity.health import Health
    from app.ui.frame.page import Page

SUMS, NEWEST = "month totals", "newest changes"
_NAMES = {
    "file size": "The file has the size it should have",
    "pages": "Every page can be read",
    "structure": "The pages hang together",
    "audit log": "The history is unbroken",
    NEWEST: "The newest changes are there",
    "rows": "Every row is as it was last written",
    "references": "Rows point to rows that are there",
    SUMS: "The month totals add up",
}
_WHAT_NOW = {
    SUMS: "They follow from the transactions, so they can be added up again. Nothing is lost.",
    NEWEST: "If you put an old copy back on purpose, accept these books. Else restore the newest backup.",
}
_RESTORE = "Restore the newest backup. What is there now is kept beside it for 30 days."


class FindingsSheet(Sheet):
    def __init__(self, page: Page, health: Health, *, restore: Callable[[], None], accept: Callable[[], None]) -> None:
        title = "The books are whole" if health.ok else "What the check found"
        super().__init__(page.window(), title, width=600)
        self._page = page
        card = Card()
        for finding in health.findings:
            mark = IconLabel(*(("check", "money_in") if finding.ok else ("alert", "danger")), 16)
            mark.setAccessibleName("in order" if finding.ok else "not in order")
            card.add_row(Row(_NAMES.get(finding.name, finding.name), lead=mark, height=36, role=Role.BODY))
        self.body.addWidget(card)
        names = {finding.name for finding in health.troubles}
        for finding in health.troubles:
            self.body.addWidget(Label(finding.said, Role.BODY, "danger", wrap=True))
            self.body.addWidget(Label(_WHAT_NOW.get(finding.name, _RESTORE), Role.BODY, "muted", wrap=True))
        close = Button("Close", kind="primary" if health.ok else "plain")
        close.clicked.connect(self.close_box)
        self.add_button(close)
        if SUMS in names:
            self.repair = self._answer("Add up again", self._repair)
        if NEWEST in names and names <= {NEWEST, SUMS}:
            self.accept = self._answer("Accept these books…", accept)
        if names - {SUMS}:
            self.restore = self._answer("Restore a backup…", restore, kind="primary")
        self.closed.connect(self.deleteLater)

    def _answer(self, words: str, do: Callable[[], None], kind: str = "plain") -> Button:
        button = Button(words, kind=kind)

        def pressed() -> None:
            self.close_box()
            do()

        button.clicked.connect(pressed)
        self.add_button(button)
        return button

    def _repair(self) -> None:
        frame = self._page.frame

        def work(books: Books) -> None:
            from app.services.integrity import rescue  # noqa: PLC0415 - hardly ever

            rescue.repair(books)

        def done(_none: None) -> None:
            frame.toast("The month totals are added up again.", undo=False)
            frame.upkeep.begin()

        frame.tasks.write(work, done, frame.fail)


class AcceptSheet(Form):
    """Takes the books as they are for the newest: only a person can say so."""

    def __init__(self, page: Page, sentence: str, done: Callable[[], None]) -> None:
        super().__init__(page, "Accept these books", "Accept these books", kind="danger")
        self._done = done
        self.say(sentence)
        self.say(
            "Accept them only if you know why, because you put back an old copy, or moved to a new computer. What was "
            "changed after they were saved is not in them, and nobody can bring it back. The history keeps a note."
        )
        self.known = CheckBox("I know why, and these are the books I want to go on with")
        self.known.toggled.connect(self.send.setEnabled)
        self.send.setEnabled(False)
        self.body.addWidget(self.known)

    def finish(self) -> None:
        def work(books: Books) -> None:
            from app.services.audit import audit_log  # noqa: PLC0415 - hardly ever
            from app.services.integrity import accepting, rescue  # noqa: PLC0415 - hardly ever

            if books.damaged:
                rescue.accept(books)
            if not audit_log.verify(books).ok:
                accepting.accept(books)

        def made(_none: None) -> None:
            self.frame.toast("You go on with these books.", undo=False)
            self.frame.upkeep.begin()
            self._done()

        self.run(work, made, "Accepting")
