"""What every page is, and what the window gives it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar, cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.runtime.tasks import Failed, Tasks, Token
from app.ui.theme import theme
from app.ui.widgets.buttons import IconButton
from app.ui.widgets.themed import take_out

if TYPE_CHECKING:
    from app.services.books.open_books import Books
    from app.ui.frame.actions import Actions
    from app.ui.runtime.bank_watch import BankWatch
    from app.ui.runtime.preferences import Preferences
    from app.ui.runtime.session import Session
    from app.ui.runtime.upkeep import Upkeep
    from app.ui.widgets.toast import More

T = TypeVar("T")
Tell = Callable[[int, int], None]
AloneWork = Callable[["Books", Token, Tell], T]
"""It gets the writing books, a token that says when it is to stop, and what to tell (done, all)."""

PANE_OVERLAYS_UNDER = 1180
"""Window width (at 100 %) below which the pane slides over the page."""


def focus_of(widget: QWidget) -> QWidget:
    """Return what has the focus in the widget's window; the window itself when nothing has."""
    held = cast("QWidget | None", widget.window().focusWidget())
    return widget.window() if held is None else held


class Frame(Protocol):
    """The window, as a page sees it."""

    session: Session
    tasks: Tasks
    commands: Actions
    preferences: Preferences
    upkeep: Upkeep
    bank: BankWatch

    def go(self, page: str, /, **what: Any) -> None:  # noqa: ANN401 - each page takes its own words
        """Open a page; `what` goes to its `show_what`."""

    def toast(self, text: str, *, undo: bool = True, more: Sequence[More] = ()) -> None:
        """Say what was done, with Undo and what else can be done about it, for some seconds."""

    def offers_undo(self) -> bool:
        """Return whether a toast with Undo is shown: its key then takes back what it speaks of."""

    def fail(self, error: Exception) -> None:
        """Show an error: a sentence with its way out, or the window for our own bugs."""

    def progress(self, text: str, token: Token | None) -> Callable[[int, int], None]:
        """Show long work in the status row with Cancel; returns what to tell (done, all), from any thread."""

    def end_progress(self) -> None:
        """Take the progress away."""

    def work_alone(self, title: str, words: str, work: AloneWork[T], done: Callable[[T], None], **how: bool) -> None:
        """Run work that needs the books to itself, with a page in front that says what goes on."""

    def choose_files(self) -> None:
        """Ask for bank files and show what importing them would do."""

    def import_files(self, paths: list[Path]) -> None:
        """Show what importing these files would do."""


class Page(QWidget):
    """One page of the window: a content column, perhaps a pane on the right.

    `load` is called when the page is shown and what it shows may be out of date. It asks the services by `fetch` and
    shows the answer; it never reads more than a block of rows on the GUI thread.
    """

    id: ClassVar[str] = ""
    title: ClassVar[str] = ""
    help: ClassVar[str] = ""
    """A few sentences for F1, in plain words."""

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self.frame = frame
        self.is_stale = True
        self._fetching: dict[str, Token] = {}
        self._pane: QWidget | None = None
        self._pane_is_open = False
        self._across = QHBoxLayout(self)
        self._across.setContentsMargins(0, 0, 0, 0)
        self._across.setSpacing(0)
        self.content = QWidget(self)
        self.column = QVBoxLayout(self.content)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self._across.addWidget(self.content, 1)

    # --- what a page says of itself

    def load(self) -> None:
        """Ask for what the page shows."""

    def show_what(self, **what: Any) -> None:  # noqa: ANN401 - each page takes its own words
        """Show a certain filter, row or year."""

    def forget(self) -> None:
        """Drop everything that came from the books: they are being locked."""

    def main_widget(self) -> QWidget:
        """Return the part that takes the focus when the page is opened."""
        return self.content

    def show_transactions(self, ids: tuple[int, ...]) -> None:
        """Go to some transactions; a single one is opened."""
        if len(ids) == 1:
            self.frame.go("transactions", row=ids[0])
        else:
            self.frame.go("transactions", ids=ids)

    # --- services off the GUI thread

    def fetch(
        self, work: Callable[[Books, Token], T], done: Callable[[T], None], *, name: str = "page",
        failed: Failed | None = None,
    ) -> Token:  # fmt: skip
        """Run a read in the pool; a newer fetch of the same name calls off the older one."""
        held = self._fetching.get(name)
        if held is not None:
            held.cancel()
        token = self.frame.tasks.run(work, done, failed or self.frame.fail)
        self._fetching[name] = token
        return token

    def write(self, work: Callable[[Books], T], done: Callable[[T], None] | None = None) -> None:
        """Run a change on the writer thread."""
        self.frame.tasks.write(work, done, self.frame.fail)

    # --- the pane

    def set_pane(self, pane: QWidget) -> None:
        """Put a pane of fixed width at the right edge."""
        self._pane = pane
        pane.setParent(self)
        self._across.addWidget(pane)
        self._close = IconButton("close", "Close the details")
        self._close.setParent(self)
        self._close.clicked.connect(self.leave_pane)
        self._close.hide()
        self._place_pane()

    @property
    def pane(self) -> QWidget | None:
        return self._pane

    @property
    def pane_overlays(self) -> bool:
        return self.window().width() < theme.current().dp(PANE_OVERLAYS_UNDER)

    @property
    def pane_is_visible(self) -> bool:
        return self._pane is not None and self._pane.isVisible()

    def open_pane(self) -> None:
        """Show the pane where it lies over the page; beside the page it always shows."""
        self._pane_is_open = True
        self._place_pane()

    def close_pane(self) -> None:
        self._pane_is_open = False
        self._place_pane()

    def leave_pane(self) -> None:
        """Close the pane and give the focus back to the row that opened it."""
        self.close_pane()
        self.main_widget().setFocus()

    has_pane = True
    """Whether the pane has anything to show just now."""

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt
        super().resizeEvent(event)
        self._place_pane()

    def _place_pane(self) -> None:
        pane = self._pane
        if pane is None:
            return
        if not self.pane_overlays:
            if self._across.indexOf(pane) < 0:
                self._across.addWidget(pane)
            pane.setVisible(self.has_pane)
            self._close.hide()
            return
        if self._across.indexOf(pane) >= 0:
            take_out(pane)
        width = min(pane.maximumWidth(), self.width())
        pane.setGeometry(self.width() - width, 0, width, self.height())
        shown = self._pane_is_open and self.has_pane
        pane.setVisible(shown)
        self._close.setVisible(shown)
        if shown:
            pane.raise_()
            gap = theme.current().dp(8)
            self._close.resize(self._close.sizeHint())
            self._close.move(pane.x() - self._close.sizeHint().width() - gap, gap)
            self._close.raise_()

    def keyPressEvent(self, event: Any) -> None:  # noqa: ANN401, N802 - Qt
        if event.key() == Qt.Key.Key_Escape and self._pane_is_open and self.pane_overlays:
            self.leave_pane()
            return
        super().keyPressEvent(event)
