"""Help › Report a problem: every file of the report as it will be saved, shown before anything is written."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QGridLayout, QPlainTextEdit
from shiboken6 import isValid

from app.ui.runtime.places import Places
from app.ui.runtime.session import State
from app.ui.theme import theme
from app.ui.theme.fonts import Role
from app.ui.widgets.buttons import Button, CheckBox
from app.ui.widgets.dialog import Sheet
from app.ui.widgets.text import Label

if TYPE_CHECKING:
    from app.services.books.open_books import Books
    from app.services.program.diagnostics import Bundle
    from app.ui.frame.main_window import MainWindow

_SECTIONS = (
    ("system", "The kind of computer"),
    ("app", "The version of the program"),
    ("database", "The state of the books"),
    ("sync", "Bank connections"),
    ("events", "What happened when"),
    ("errors", "Errors of the program"),
    ("imports", "How imports went"),
)
_SCALES = ((100, "100"), (125, "125"), (150, "150"), (175, "175"), (200, "200"))
_INTRO = (
    "The report is saved on this computer and sent to nobody; you decide who gets it. It holds codes, versions and "
    "counts in ranges: no name, no amount, no text of yours. This is every file as it will be saved."
)


class ReportSheet(Sheet):
    """Makes the report anew whenever a section is ticked or not; what is shown last is what is saved."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window, "Report a problem", width=820)
        self._main = window
        self._places = Places(self)
        self._bundle: Bundle | None = None
        self._asked = 0
        self.boxes = {name: CheckBox(words) for name, words in _SECTIONS}
        self.preview = QPlainTextEdit()
        self.preview.setReadOnly(True)
        self.preview.setTabChangesFocus(True)
        self.preview.setAccessibleName("The report as it will be saved")
        self.preview.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.total = Label("", Role.SMALL, "muted", wrap=True)
        self._lay_out()
        cancel = Button("Cancel")
        cancel.clicked.connect(self.close_box)
        self.save = Button("Save the report…", kind="primary")
        self.save.clicked.connect(self._ask)
        self.add_button(cancel)
        self.add_button(self.save)
        for box in self.boxes.values():
            box.setChecked(True)
            box.toggled.connect(lambda _on: self._make())
        self._make()

    def _lay_out(self) -> None:
        self.body.addWidget(Label(_INTRO, Role.BODY, "text", wrap=True))
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.current().dp(24))
        for number, box in enumerate(self.boxes.values()):
            grid.addWidget(box, number // 3, number % 3)
        grid.setColumnStretch(3, 1)
        self.body.addLayout(grid)
        self.preview.setMinimumHeight(theme.current().dp(200))
        self.body.addWidget(self.preview, 1)
        self.body.addWidget(self.total)

    def _make(self) -> None:
        """Make the report of what is ticked; an answer to an older question is dropped."""
        chosen = [name for name, box in self.boxes.items() if box.isChecked()]
        self._asked += 1
        self._bundle = None
        self.save.setEnabled(False)
        home, today, scale = self._main.session.home, self._main.session.wiring.today(), self._scale()

        def work(books: Books | None) -> Bundle:
            from app.services.program import diagnostics  # noqa: PLC0415 - reports are rare

            trouble = None if books is not None else "locked"
            return diagnostics.preview(books, home, today, sections=chosen, trouble=trouble, screen_scale=scale)

        done = partial(self._show, self._asked)
        if self._is_open:
            self._main.tasks.run(lambda books, _token: work(books), done, self._main.fail)
        else:
            self._main.tasks.free(lambda _token: work(None), done, self._main.fail)

    @property
    def _is_open(self) -> bool:
        return self._main.session.state is State.OPEN

    def _scale(self) -> str:
        percent = round(self.devicePixelRatioF() * 100)
        return next((name for limit, name in _SCALES if percent <= limit), "over_200")

    def _show(self, asked: int, bundle: Bundle) -> None:
        if not isValid(self) or asked != self._asked:
            return
        self._bundle = bundle
        parts = [f"{file.name} · {len(file.data):,} bytes\n\n{file.data.decode('ascii')}" for file in bundle.files]
        self.preview.setPlainText("\n".join(parts))
        total = sum(len(file.data) for file in bundle.files)
        self.total.setText(f"{len(bundle.files)} files, {total:,} bytes. Nothing is saved yet.")
        self.save.setEnabled(True)

    def _ask(self) -> None:
        if self._bundle is not None:
            write = partial(self._write, self._bundle)
            self._places.ask_new("Save the report", self._bundle.name, write, suffix="zip", kind="ZIP file")

    def _write(self, bundle: Bundle, target: Path) -> None:
        def work(books: Books | None) -> Path:
            from app.services.program import diagnostics  # noqa: PLC0415 - loaded already

            return diagnostics.save(bundle, target, books)

        if self._is_open:
            self._main.tasks.write(work, self._saved, self._main.fail)
        else:
            self._main.tasks.free(lambda _token: work(None), self._saved, self._main.fail)

    def _saved(self, path: Path) -> None:
        self._main.toast(f"Report saved as {path.name}. Nothing was sent.", undo=False)
        if isValid(self):
            self.close_box()


def open_report_sheet(window: MainWindow) -> ReportSheet:
    """Show the report of a problem, with open books or without."""
    sheet = ReportSheet(window)
    sheet.closed.connect(sheet.deleteLater)
    sheet.open_box()
    return sheet
