"""What is in front while work has the books to itself: what goes on, how far it is, and Cancel where it can be had."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.errors import Cancelled
from app.ui.runtime.tasks import Token
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.bars import ProgressBar
from app.ui.widgets.buttons import Button
from app.ui.widgets.text import Label
from app.ui.widgets.themed import Themed

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.books.open_books import Books
    from app.ui.frame.main_window import MainWindow
    from app.ui.frame.page import AloneWork, T

_WIDTH = 420


class AlonePage(Themed, QWidget):
    """Shows nothing of the books. `tell` may be called from any thread."""

    _told = Signal(int, int)

    def __init__(self, title: str, words: str, token: Token | None) -> None:
        super().__init__()
        self.setAccessibleName(title)
        self._token = token
        self.title = Label(title, Role.PANE_TITLE)
        self.words = Label(words, Role.BODY, "muted", wrap=True)
        self.bar = ProgressBar(height=6, name="How far it is")
        self.cancel = Button("Cancel", size="foot")
        self.cancel.setVisible(token is not None)
        self.cancel.clicked.connect(self._stop)
        self._holder = QWidget()
        self._column = QVBoxLayout(self._holder)
        self._column.setContentsMargins(0, 0, 0, 0)
        for each in (self.title, self.words, self.bar):
            self._column.addWidget(each)
        answers = QHBoxLayout()
        answers.addWidget(self.cancel)
        answers.addStretch(1)
        self._column.addLayout(answers)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(self._holder)
        across.addStretch(1)
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        outer.addLayout(across)
        outer.addStretch(3)
        self._told.connect(self._step, Qt.ConnectionType.QueuedConnection)
        self.follow_theme()

    def restyle(self) -> None:
        self._holder.setFixedWidth(current().dp(_WIDTH))
        self._column.setSpacing(current().dp(12))

    def tell(self, done: int, whole: int) -> None:
        self._told.emit(done, whole)

    def _step(self, done: int, whole: int) -> None:
        self.bar.set_share(done, max(whole, 1))

    def _stop(self) -> None:
        if self._token is not None:
            self._token.cancel()
            self.cancel.setEnabled(False)
            self.words.setText("Stopping. The books stay as they were.")


def work_alone(
    window: MainWindow, title: str, words: str, work: AloneWork[T], done: Callable[[T], None], *, closed: bool = False,
    can_cancel: bool = False,
) -> AlonePage:  # fmt: skip
    """Run it and return the page to bring to the front. With `closed` the books are closed while it runs."""
    token = Token()
    page = AlonePage(title, words, token if can_cancel else None)

    def job(books: Books) -> T:
        return work(books, token, page.tell)

    def failed(error: Exception) -> None:
        if isinstance(error, Cancelled):
            window.toast("Stopped. Nothing was changed.", undo=False)
        else:
            window.fail(error)

    window.session.alone(job, done, failed, closed=closed)
    return page
