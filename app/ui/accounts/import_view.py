"""What importing some files would do, before anything is written; then the import, and what became of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.books.naming import counted
from app.core.errors import Cancelled
from app.ui.accounts import import_model as model
from app.ui.accounts.file_card import FileCard
from app.ui.runtime.tasks import Token
from app.ui.theme.theme import current
from app.ui.widgets.buttons import Button
from app.ui.widgets.card import Card, Row
from app.ui.widgets.header import PageHeader
from app.ui.widgets.scroll import ScrollArea
from app.ui.widgets.themed import Themed, clear, discard, pad

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.services.books.open_books import Books
    from app.services.ingest.import_preview import Preview
    from app.ui.frame.page import Page


class ImportView(Themed, QWidget):
    """Emits `left` when the person goes back to the accounts."""

    left = Signal()

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page
        self.setAccessibleName("Import")
        self.files: list[model.Looked] = []
        self.cards: list[FileCard] = []
        self.ended: model.Ended | None = None
        self._accounts: list[tuple[int, str]] = []
        self._tokens: dict[Path, Token] = {}
        self._importing: Token | None = None
        self.header = PageHeader("Import")
        self.back = Button("Back", key="Esc")
        self.back.clicked.connect(self.leave)
        self.act = Button("Import", kind="primary", icon="import")
        self.act.clicked.connect(self._act)
        self.header.add_action(self.back)
        self.header.add_action(self.act)
        content = QWidget()
        outer = QVBoxLayout(content)
        outer.setContentsMargins(0, 0, 0, 0)
        self._cards = QVBoxLayout()
        outer.addLayout(self._cards)
        outer.addStretch(1)
        self._scroll = ScrollArea(content)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self._scroll, 1)
        self.follow_theme()

    def restyle(self) -> None:
        pad(self._cards, 24, 0, 24, 24)
        self._cards.setSpacing(current().dp(14))

    @property
    def is_busy(self) -> bool:
        return self._importing is not None

    # --- looking

    def take(self, paths: Sequence[Path], accounts: Sequence[tuple[int, str]], account: int | None = None) -> None:
        """Look at files; those that are looked at already stay as they are."""
        if self.is_busy:
            self._page.frame.toast("An import is running. Add these files when it is done.", undo=False)
            return
        if self.ended is not None:
            self._forget_files()
        self._accounts = list(accounts)
        known = {file.path for file in self.files}
        for path in dict.fromkeys(paths):
            if path in known:
                continue
            file = model.Looked(path=path, choices=model.Choices(account=str(account) if account else None))
            self.files.append(file)
            card = FileCard(file, self._accounts)
            card.said.connect(partial(self._look, file, card))
            card.left_out.connect(partial(self._leave_out, file, card))
            self.cards.append(card)
            self._cards.addWidget(card)
            self._look(file, card)
        self._tell()
        self.back.setFocus(Qt.FocusReason.OtherFocusReason)

    def _look(self, file: model.Looked, card: FileCard) -> None:
        held = self._tokens.pop(file.path, None)
        if held is not None:
            held.cancel()
        path, options = file.path, file.options()

        def done(shown: Preview) -> None:
            self._tokens.pop(path, None)
            file.heard(shown)
            card.show_file()
            self._tell()

        self._tokens[path] = self._page.fetch(
            lambda books, token: model.look(books, token, path, options), done, name=f"file {path}"
        )
        self._tell()

    def _leave_out(self, file: model.Looked, card: FileCard) -> None:
        token = self._tokens.pop(file.path, None)
        if token is not None:
            token.cancel()
        self.files.remove(file)
        self.cards.remove(card)
        discard(card)
        if self.files:
            self._tell()
            self.back.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.leave()

    def _tell(self) -> None:
        """Say in the header what the files are and what the one button does."""
        if self.ended is not None:
            return
        reading = any(file.standing == model.READING or file.path in self._tokens for file in self.files)
        self.header.set_title("Import " + ("a file" if len(self.files) == 1 else counted(len(self.files), "file")))
        waits = sum(file.standing == model.ASKS for file in self.files)
        refused = sum(file.standing == model.REFUSED for file in self.files)
        said = ["nothing is written before you import"]
        if model.overlap(self.files):
            said.insert(0, "rows that two files share are taken once")
        if waits:
            said.insert(0, f"{waits} {'waits' if waits == 1 else 'wait'} for a choice")
        if refused:
            said.insert(0, f"{refused} refused")
        self.header.set_subtitle("reading" if reading else ", ".join(said[:2]))
        ready = any(file.goes_in for file in self.files) and not reading and not self.is_busy
        had_focus = self.back.hasFocus()
        self.act.set_words("Importing" if self.is_busy else model.button_words(self.files))
        self.act.setEnabled(ready)
        self.back.setEnabled(not self.is_busy)
        if ready and had_focus:
            self.act.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- importing

    def _act(self) -> None:
        if self.ended is not None:
            self.leave()
            self._page.frame.go("today")
        elif self.act.isEnabled():
            self._import()

    def _import(self) -> None:
        jobs = [
            (file.path, file.options(), sum(each.rows for each in file.preview.statements))
            for file in self.files
            if file.goes_in and file.preview is not None
        ]
        token = self._importing = Token()
        frame = self._page.frame
        tell = frame.progress("Importing", token)
        self._tell()

        def work(books: Books) -> model.Ended:
            return model.run(books, token, jobs, tell)

        frame.tasks.write(work, self._ended, self._failed, token=token)

    def _ended(self, ended: model.Ended) -> None:
        self._importing = None
        frame = self._page.frame
        frame.end_progress()
        if ended.stopped and not ended.done:
            frame.toast("Stopped. Nothing was imported.", undo=False)
            self._again()
            return
        self.ended = ended
        self._show_results(ended)
        frame.toast(model.toast_words(ended), undo=any(result.operation for result in ended.done))

    def _failed(self, error: Exception) -> None:
        self._importing = None
        self._page.frame.end_progress()
        self._again()
        if not isinstance(error, Cancelled):
            self._page.frame.fail(error)

    def _again(self) -> None:
        """Look at all files once more: what is in the books may be different now."""
        for file, card in zip(self.files, self.cards, strict=True):
            self._look(file, card)
        self._tell()
        self.back.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- what became of it

    def _show_results(self, ended: model.Ended) -> None:
        clear(self._cards)
        self.cards.clear()
        left = [file for file in self.files if not file.goes_in]
        new = f"{ended.added:,} {'transaction' if ended.added == 1 else 'transactions'}"
        self.header.set_title(f"Imported {new}")
        self.header.set_subtitle(f"from {counted(len(ended.done), 'file')}")
        card = Card("What became of each file")
        for result in ended.results:
            wrong = result.error is not None
            second = result.error.hint if result.error else "; ".join(model.tie_words(each) for each in result.accounts)
            row = Row(result.path.name, model.result_words(result), second,
                      icon="alert" if wrong else "check", icon_color="danger" if wrong else "money_in")  # fmt: skip
            card.add_row(row)
        for file in left:
            said = file.preview.error if file.preview and file.preview.error else "in the books already"
            card.add_row(Row(file.path.name, "left out", said or "", icon="info"))
        if ended.stopped:
            card.add_row(Row("Stopped", "files that are not listed here brought nothing", icon="info"))
        self._cards.addWidget(card)
        self.back.set_words("Done")
        self.back.setEnabled(True)
        self.back.setFocus(Qt.FocusReason.OtherFocusReason)
        self.act.hide()
        self._page.fetch(model.open_questions, self._offer_questions, name="questions")

    def _offer_questions(self, questions: int) -> None:
        """Offer to answer what is open now; the person may have gone on meanwhile."""
        if self.ended is None:
            return
        self.act.set_icon(None)
        self.act.set_words(f"Answer {counted(questions, 'question')}")
        self.act.setVisible(questions > 0)
        self.act.setEnabled(True)
        if questions and self.back.hasFocus():
            self.act.setFocus(Qt.FocusReason.OtherFocusReason)

    def operations(self) -> set[int]:
        """Return the operations of the import that just ended."""
        if self.ended is None:
            return set()
        return {result.operation for result in self.ended.done if result.operation is not None}

    # --- leaving

    def _forget_files(self) -> None:
        for token in self._tokens.values():
            token.cancel()
        self._tokens.clear()
        clear(self._cards)
        self.files.clear()
        self.cards.clear()
        self.ended = None
        self.back.set_words("Back")
        self.act.set_icon("import")
        self.act.show()

    def leave(self) -> None:
        """Go back; a running import goes on, what was only looked at is forgotten."""
        if self.is_busy:
            return
        self._forget_files()
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
            return
        if event.key() == Qt.Key.Key_U and self.ended is not None and self._page.frame.offers_undo():
            self._page.frame.commands.trigger("edit.undo")
            return
        super().keyPressEvent(event)
