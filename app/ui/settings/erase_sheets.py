"""Erasing a payer, or everything: what would go is said first, and a code that is shown must be typed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QStringListModel, Qt
from PySide6.QtGui import QPainter

from app.core.books import naming
from app.ui.settings.form import Form
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.buttons import Button, CheckBox
from app.ui.widgets.dialog import Sheet
from app.ui.widgets.fields import Field, LineEdit
from app.ui.widgets.paint import draw_text
from app.ui.widgets.rows import Index, RowDelegate, RowList
from app.ui.widgets.text import Label

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from PySide6.QtWidgets import QWidget

    from app.services.books.open_books import Books
    from app.services.privacy.data_page import Named
    from app.services.privacy.erase_home import Gone
    from app.services.privacy.erasure import Erased
    from app.services.privacy.erasure_scope import Plan
    from app.ui.frame.page import Page, Tell
    from app.ui.runtime.tasks import Token

_ROWS = 6
_LEFT = "Names of accounts, businesses and imported files stay; change them by hand where they name somebody."


class _NameRow(RowDelegate):
    """A name, and at the right how many rows name it."""

    def paint_row(self, painter: QPainter, rect: QRectF, index: Index) -> None:
        name, _, rows = str(index.data(Qt.ItemDataRole.DisplayRole)).partition("\t")
        inner = rect.adjusted(current().dp(12), 0, -current().dp(20), 0)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        draw_text(painter, inner, rows, Role.SMALL, "muted", right)
        draw_text(painter, inner.adjusted(0, 0, -current().dp(80), 0), name, elide=True)


class PayerSheet(Form):
    """Finds the payer; the next sheet says what would go."""

    def __init__(self, page: Page, names: list[Named]) -> None:
        super().__init__(page, "Erase a payer", "Continue", width=520)
        self._page, self._names = page, names
        self.say("Every word about them goes: bank texts, notes, rules, remembered answers. Amounts and dates stay.")
        self.search = LineEdit("Search", name="Payer or merchant")
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self.finish)
        self.body.addWidget(Field("Payer or merchant", self.search))
        self.list = RowList("Payers and merchants")
        self._model = QStringListModel(self)
        self.list.setModel(self._model)
        self.list.setItemDelegate(_NameRow(self.list))
        self.list.row_activated.connect(lambda _row: self.finish())
        self.list.setMinimumHeight(current().dp(36 * _ROWS))
        self.list.setMaximumHeight(current().dp(36 * _ROWS))
        self.body.addWidget(self.list)
        self._shown: list[Named] = []
        self._filter("")

    def _filter(self, typed: str) -> None:
        wanted = " ".join(typed.split()).casefold()
        self._shown = [each for each in self._names if wanted in each.name.casefold()]
        lines = [f"{each.name}\t{naming.counted(each.rows, 'row')}" for each in self._shown]
        self._model.setStringList(lines)
        if wanted and self._shown:
            self.list.go_to(0)
        self.send.setEnabled(bool(self._shown))
        self.note.say("" if self._shown else "Nobody in the books has that name.")

    def finish(self) -> None:
        row = max(self.list.current_row(), 0)
        if row >= len(self._shown):
            return
        name, page = self._shown[row].name, self._page
        randomness = self.frame.session.wiring.randomness

        def work(books: Books) -> tuple[Plan | None, str, datetime]:
            from app.services.privacy import erasure_requests  # noqa: PLC0415 - rare

            return erasure_requests.request(books, name, randomness())

        def made(answer: tuple[Plan | None, str, datetime]) -> None:
            if answer[0] is not None:
                PlanSheet(page, name, answer[0], answer[1]).open_box()

        self.run(work, made, "Looking")


class _CodeSheet(Form):
    """Shows a code that a person types; nothing goes before."""

    def __init__(self, page: Page, title: str, send: str, code: str) -> None:
        super().__init__(page, title, send, kind="danger", width=560)
        self._code = code
        self.code = LineEdit(name="Code")
        self.code.returnPressed.connect(self.finish)
        self._field = Field(f"To do it, type {code}", self.code, "It holds for ten minutes.")

    def typed(self) -> bool:
        """Return whether the code was typed; else say so."""
        if self.code.text().strip().upper() == self._code:
            return True
        self._field.set_error(f"Type the code as it is shown: {self._code}")
        self.code.setFocus()
        self.code.selectAll()
        self.place_box()
        return False

    def say_copies(self, copies: tuple[str, ...]) -> None:
        """Name the copies that are out of reach."""
        if copies:
            home = self.frame.session.home / "backups"
            shown = "\n".join(Path(each).name if Path(each).parent == home else each for each in copies[:8])
            more = f"\nand {len(copies) - 8} more" if len(copies) > 8 else ""
            self.say("Out of reach, and to be deleted by hand if they should go too:")
            self.body.addWidget(Label(shown + more, Role.SMALL, "muted", wrap=True))


class PlanSheet(_CodeSheet):
    def __init__(self, page: Page, name: str, plan: Plan, code: str) -> None:
        super().__init__(page, "Erase this payer for good", "Erase for good", code)
        self._name = name
        self.say(f"{name}: {plan.rows:,} transactions would be shown as “{plan.shown_as}”. Their amounts stay.")
        self.say(
            f"Gone for good: {naming.counted(plan.texts, 'bank text')}, {naming.counted(plan.notes, 'note')}, "
            f"{naming.counted(plan.answers, 'remembered answer')}, and the name in "
            f"{naming.counted(plan.rules, 'rule')} and wherever else it stands."
        )
        self.say("This cannot be undone, and imports that brought these rows can no longer be undone either.", "warn")
        self.say(_LEFT, "muted")
        self.say_copies(plan.backups)
        self.body.addWidget(self._field)

    def finish(self) -> None:
        if not self.typed():
            return
        frame, name, code = self.frame, self._name, self._code
        randomness = frame.session.wiring.randomness

        def work(books: Books, _token: Token, _tell: Tell) -> Erased:
            from app.services.privacy import erasure, erasure_requests  # noqa: PLC0415 - rare

            erasure_requests.confirm(books, name, code)
            return erasure.erase_payer(books, name, randomness())

        def done(erased: Erased) -> None:
            frame.go("settings", section="privacy")
            rest = "" if erased.clean else " What the file still holds of it goes at the next start."
            frame.toast(f"Erased. {erased.rows:,} rows are now shown as “{erased.shown_as}”.{rest}", undo=False)

        self.close_box()
        frame.work_alone("Erasing", "Every word about them goes, from the books and from their history.", work, done)


class EverythingSheet(_CodeSheet):
    """Two confirmations: the code, and that it is known to be for good."""

    def __init__(self, page: Page, code: str, copies: tuple[str, ...], gone: Callable[[Gone], None]) -> None:
        super().__init__(page, "Erase everything", "Erase everything", code)
        self._gone = gone
        self.say(
            "Everything in the folder of these books goes: the books, their keys, backups, receipts, exports and logs. "
            "The keys go first, so that no copy of the file in this folder opens any more."
        )
        self.say("This cannot be undone by anybody.", "danger")
        self.say_copies(copies)
        self.body.addWidget(self._field)
        self.known = CheckBox("I know that nobody can bring it back")
        self.known.toggled.connect(self.send.setEnabled)
        self.body.addWidget(self.known)
        self.send.setEnabled(False)

    def finish(self) -> None:
        if not self.known.isChecked() or not self.typed():
            return
        frame, code, gone = self.frame, self._code, self._gone
        keychain = frame.session.wiring.keychain

        def work(books: Books, _token: Token, _tell: Tell) -> Gone:
            from app.services.privacy import erase_home, erasure_requests  # noqa: PLC0415 - rare
            from app.services.program import program_log  # noqa: PLC0415 - rare

            erasure_requests.confirm(books, None, code)
            program_log.silence()  # its file goes too
            return erase_home.erase(books, keychain)

        self.close_box()
        frame.preferences.let_go()
        frame.work_alone("Erasing everything", "The keys first, then all that is here.", work, gone)


def say_gone(window: QWidget, gone: Gone) -> None:
    """Say over the first page what was erased, and what was out of reach."""
    sheet = Sheet(window, "Everything is erased")
    sheet.body.addWidget(Label("Nothing opens these books any more.", Role.BODY, "text", wrap=True))
    if gone.elsewhere:
        words = "Copies in other places were out of reach; delete them there:\n" + "\n".join(gone.elsewhere[:8])
        sheet.body.addWidget(Label(words, Role.BODY, "muted", wrap=True))
    if not gone.keychain:
        words = "The keychain could not be asked. An entry named 1099ops may be left in it; it opens nothing here."
        sheet.body.addWidget(Label(words, Role.BODY, "muted", wrap=True))
    close = Button("Close", kind="primary")
    close.clicked.connect(sheet.close_box)
    sheet.add_button(close)
    sheet.closed.connect(sheet.deleteLater)
    sheet.open_box()
