"""The backups of these books: what there is, making one, testing one, putting one back."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from app.core.books import naming
from app.ui.runtime.places import Places
from app.ui.runtime.session import State
from app.ui.settings import backup_sheets, backup_words, watched
from app.ui.settings.section import Section
from app.ui.settings.tall_row import TallRow
from app.ui.sheets.restore_words import size
from app.ui.widgets.badge import Badge
from app.ui.widgets.buttons import Button, CheckBox
from app.ui.widgets.card import Card
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.icon_label import IconLabel
from app.ui.widgets.note import Note

if TYPE_CHECKING:
    from app.services.backup import backup_page
    from app.services.books.open_books import Books
    from app.ui.frame.page import Page
    from app.ui.runtime.tasks import Token

_SUFFIX = "opsbak"
_LEAD = (
    "One is made by itself each day on which something was changed, and before anything large. Each is encrypted, and "
    "read back before it counts."
)


class Shown(NamedTuple):
    page: backup_page.BackupPage
    moments: list[str]
    """When each was made, in words."""


class BackupsSection(Section):
    def __init__(self, page: Page) -> None:
        super().__init__(page, "Backups", _LEAD)
        self._places = Places(self)
        self._wanted = ""
        self.trouble = Note("warn")
        self.cards.addWidget(self.trouble)
        self.make = Card()
        self.next = TallRow("Next automatic one", " ")
        self.back_up = Button("Back up now", kind="primary")
        self.back_up.clicked.connect(lambda: self.do("backup"))
        self.next.add_right(self.back_up)
        self.make.add_row(self.next)
        self.elsewhere = TallRow("To another disk", "a stick, a network folder, a cloud folder")
        self.full = CheckBox("with receipts", name="Pack the receipts into the one file too")
        self.to = Button("Back up to…", size="small")
        self.to.clicked.connect(lambda: self.do("backup_to"))
        self.elsewhere.add_right(self.full)
        self.elsewhere.add_right(self.to)
        self.make.add_row(self.elsewhere)
        self.tested = TallRow("Test my backup", "restores the newest beside the books, compares, removes it again")
        self.test = Button("Test", size="small")
        self.test.setAccessibleName("Test my backup")
        self.test.clicked.connect(lambda: self.do("test"))
        self.tested.add_right(self.test)
        self.make.add_row(self.tested)
        self.from_file = TallRow("Restore from a file", "from another disk or an older computer")
        self.choose = Button("Choose a file…", size="small")
        self.choose.clicked.connect(self._choose)
        self.from_file.add_right(self.choose)
        self.make.add_row(self.from_file)
        self.cards.addWidget(self.make)
        self.list = Card("In the folder of these books", " ")
        self.folder = Button("Show folder", size="small")
        self.folder.clicked.connect(self._show_folder)
        self.list.add_link(self.folder)
        self.cards.addWidget(self.list)
        self.empty = EmptyState("database", "No backup yet", "The first one is made by itself, or now.")
        self.cards.addWidget(self.empty)
        self.cards.addStretch(1)
        self.restores: dict[str, Button] = {}
        page.frame.upkeep.changed.connect(self._upkeep)

    def load(self) -> None:
        self.page.fetch(_ask, self._show, name="backups")

    def _upkeep(self) -> None:
        if self.page.frame.session.state is State.OPEN:
            self.load()

    def do(self, what: str) -> None:
        if what == "backup":
            watched.back_up(self.page.frame, lambda _made: self.load())
        elif what == "backup_to":
            self._places.ask_new("Back up to", f"1099ops.{_SUFFIX}", self.write, suffix=_SUFFIX, kind="Backup")
        elif what == "test":
            backup_sheets.try_out(self.page)

    def write(self, path: Path) -> None:
        """Make a backup in another place."""
        watched.back_up(self.page.frame, out=path, full=self.full.isChecked())

    def _choose(self) -> None:
        take = partial(backup_sheets.chosen, self.page)
        self._places.ask_file("Choose a backup", "Backups of 1099 Ops", _SUFFIX, take)

    def _show_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.page.frame.session.home / "backups")))

    def _show(self, shown: Shown) -> None:
        held, standing = shown.page, shown.page.standing
        trouble = self.page.frame.upkeep.backup_trouble
        if trouble is not None:
            self.trouble.say(f"Today’s backup could not be made: {trouble.message} {trouble.hint}".strip())
        elif not held.can_travel:
            self.trouble.say(
                "Backups made now open only on this computer. Print the recovery sheet under Security, then back up "
                "again."
            )
        else:
            self.trouble.say("")
        is_sample = self.page.frame.session.is_sample
        self.next.second.setText("none: sample books are not kept" if is_sample else _next(standing))
        self._fill(shown)
        self.test.setEnabled(bool(standing.created))
        self.choose.setEnabled(not is_sample)
        self.list.setVisible(bool(held.rows))
        self.empty.setVisible(not held.rows)

    def _fill(self, shown: Shown) -> None:
        held = shown.page
        total = size(sum(row.size for row in held.rows))
        kept = len(held.replaced)
        before = f", and {kept} set aside by a restore" if kept else ""
        self.list.set_title(
            "In the folder of these books", f"{naming.counted(len(held.rows), 'file')}, {total}{before}"
        )
        self.list.clear_rows()
        self.restores.clear()
        for row, when in zip(held.rows, shown.moments, strict=True):
            self.list.add_row(self._row(row, when))

    def _row(self, row: backup_page.Row, when: str) -> TallRow:
        mark = IconLabel(*(("alert", "danger") if row.trouble else ("database", "muted")), 16)
        shown = TallRow(row.file.name if row.trouble else naming.capital(when), backup_words.second(row),
                    lead=mark)  # fmt: skip
        if row.trouble:
            shown.add_right(Badge("damaged", "danger", "alert"))
            return shown
        if not row.portable:
            shown.add_right(Badge("only here", "warn"))
        if not row.is_own:
            shown.add_right(Badge("other books", "neutral"))
            return shown
        button = Button("Restore…", size="small")
        button.setAccessibleName(f"Restore the backup of {when}")
        button.setEnabled(not self.page.frame.session.is_sample)
        button.clicked.connect(lambda: backup_sheets.RestoreSheet(self.page, row, when).open_box())
        self.restores[row.file.name] = button
        shown.add_right(button)
        return shown


def _next(standing: backup_page.Standing) -> str:
    if standing.is_due:
        return "today, in a moment"
    return "tomorrow, if something is changed" if standing.has_changes else "when something is changed"


def _ask(books: Books, _token: Token) -> Shown:
    from app.services.backup import backup_page  # noqa: PLC0415 - the page is painted first

    page = backup_page.page(books)
    return Shown(page, [backup_words.moment(row.created, books) for row in page.rows])
