"""The window: what is in front (first run, unlock, the books), and the frame every page is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QSize, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMainWindow, QMenu, QStackedWidget, QWidget

from app.core.errors import AppError, InUse
from app.ui.frame import bindings, pages
from app.ui.frame.actions import MENU_TITLES, MENUS, SPECS, Actions
from app.ui.frame.alt_menus import AltMenus
from app.ui.frame.incoming import Incoming
from app.ui.frame.overlays import show_error
from app.ui.frame.page import AloneWork, T
from app.ui.frame.shell import Shell
from app.ui.frame.standing import Standing
from app.ui.frame.troubles import Troubles
from app.ui.runtime.bank_watch import BankWatch
from app.ui.runtime.clipboard import clipboard
from app.ui.runtime.preferences import Preferences
from app.ui.runtime.progress import Progress
from app.ui.runtime.session import Session, State
from app.ui.runtime.tasks import Token
from app.ui.runtime.unattended import Unattended
from app.ui.runtime.upkeep import Upkeep
from app.ui.theme import theme
from app.ui.widgets.overlay import Overlay

if TYPE_CHECKING:
    from app.ui.onboarding.page import FirstRunPage
    from app.ui.runtime.single_instance import SingleInstance
    from app.ui.unlock.page import UnlockPage
    from app.ui.widgets.palette_box import PaletteBox
    from app.ui.widgets.toast import More

SMALLEST = (900, 600)
FIRST_SIZE = (1440, 900)


class MainWindow(QMainWindow):
    """Implements `app.ui.frame.page.Frame`."""

    def __init__(self, session: Session, preferences: Preferences) -> None:
        super().__init__()
        self.session, self.preferences, self.tasks = session, preferences, session.tasks
        self.troubles, self.unattended = Troubles(self), Unattended(self, session, preferences)
        self.tasks.unexpected = self.fail
        self.upkeep, self.bank = Upkeep(session, self), BankWatch(session, self)
        self.setWindowTitle("1099 Ops")
        self._settled: list[Callable[[], None]] = []
        self._alt_menus: AltMenus | None = None
        self.commands = Actions(self, preferences)
        self.menu = QMenu(self)
        self._fill_menus()
        self.shell = Shell(self.menu, lambda entry: pages.make(entry, self))
        self.stack = QStackedWidget()
        self.stack.addWidget(self.shell)
        self.setCentralWidget(self.stack)
        self._front: QWidget | None = None
        self.incoming = Incoming(self)
        self._progress = Progress(self.shell.status.progress, self)
        self.palette_box: PaletteBox | None = None
        self.instance: SingleInstance | None = None
        self.door: UnlockPage | FirstRunPage | None = None
        """What stands before the books: it asks to unlock them, or makes them."""
        self.connect_at_start = False
        """Whether new books are made to connect a bank."""
        self.setAcceptDrops(True)
        self.shell.status.undo.connect(lambda: self.commands.trigger("edit.undo"))
        self.shell.status.hide_amounts.connect(lambda: self.commands.trigger("view.hide_amounts"))
        self.shell.sample_bar.leave.connect(self.leave_sample)
        self.shell.status.backups.connect(lambda: self.commands.trigger("go.backups"))
        self.shell.status.banks.connect(lambda: self.go("accounts"))
        self.standing = Standing(self)
        self.shell.shown.connect(lambda id_: self.setWindowTitle(f"{pages.title(id_)} – 1099 Ops"))
        self.shell.toast.undo_clicked.connect(lambda: self.commands.trigger("edit.undo"))
        bindings.bind(self)
        clipboard().clears = preferences.is_on("lock/clear_clipboard")
        preferences.changed.connect(self._preference)
        preferences.not_kept.connect(self._not_kept)
        session.state_changed.connect(self._front_of_state)
        session.changed.connect(self._books_changed)
        theme.current().changed.connect(self._smallest)
        self._smallest()
        self.resize(self._first_size())
        self.restoreGeometry(preferences.blob("window/geometry"))
        self._front_of_state()

    def _first_size(self) -> QSize:
        dp = theme.current().dp
        return QSize(dp(FIRST_SIZE[0]), dp(FIRST_SIZE[1])).boundedTo(self.screen().availableGeometry().size())

    def _smallest(self) -> None:
        dp = theme.current().dp
        screen = self.screen().availableGeometry()
        self.setMinimumSize(min(dp(SMALLEST[0]), screen.width()), min(dp(SMALLEST[1]), screen.height()))

    # --- what is in front

    def _front_of_state(self) -> None:
        state = self.session.state
        if state is State.ALONE:
            self._forget()
        elif state is State.OPEN:
            if self.door is None or not self.door.keeps_front:
                self.enter()
        else:
            self._forget()
            self.door = self._locked_page() if state is State.LOCKED else self._first_run_page()
            self._bring(self.door)
            self.door.focus_first()

    @property
    def shows_books(self) -> bool:
        """Whether open books are in front, and not the last steps of the first run."""
        return self.session.state is State.OPEN and self.door is None

    def enter(self) -> None:
        """Bring the open books to the front."""
        session = self.session
        self.preferences.keep_in(session.home) if not session.is_sample else None
        self.shell.sample_bar.setVisible(session.is_sample)
        encrypted = "Books damaged, only read" if session.only_looks else "Books encrypted"
        self.shell.status.set_books("lock", "Sample books" if session.is_sample else encrypted)
        self.door = None
        self._bring(self.shell)
        self.shell.show_page("today")
        self.standing.ask()
        if self.incoming.waiting and not session.is_sample:
            self.incoming.take_waiting()
        elif self.connect_at_start and self.bank.can_link:
            self.go("accounts", bank="connect")
        self.connect_at_start = False
        if session.by_recovery_key:
            session.by_recovery_key = False
            self._offer_passphrase()

    def _offer_passphrase(self) -> None:
        from app.ui.sheets.lost_passphrase import LostPassphrase  # noqa: PLC0415 - rare

        LostPassphrase(self).open_box()

    def _bring(self, widget: QWidget) -> None:
        old, self._front = self._front, widget
        if self.stack.indexOf(widget) < 0:
            self.stack.addWidget(widget)
        self.stack.setCurrentWidget(widget)
        if old not in {None, widget, self.shell}:
            self.stack.removeWidget(old)
            old.deleteLater()

    def _forget(self) -> None:
        """Drop everything the window shows of the books: pages, words of the last step, sheets, dialogs, menus."""
        popup = QApplication.activePopupWidget()
        if popup is not None:
            popup.close()
        self.close_overlays()
        clipboard().forget()
        for opened in (*self.findChildren(Overlay), *self.findChildren(QDialog)):
            opened.close()
            opened.deleteLater()
        self.palette_box = None
        self.shell.forget()
        self.commands.unbind_pages()
        self.commands["edit.undo"].setText("Undo")
        self.setWindowTitle("1099 Ops")

    def _locked_page(self) -> UnlockPage:
        from app.ui.unlock.page import UnlockPage  # noqa: PLC0415 - only one of the three fronts is made at start

        return UnlockPage(self)

    def _first_run_page(self) -> FirstRunPage:
        from app.ui.onboarding.page import FirstRunPage  # noqa: PLC0415

        return FirstRunPage(self)

    def close_overlays(self) -> None:
        """Close what lies over the window: palette, sheets, dialogs, progress."""
        self._progress.end()
        for overlay in self.findChildren(Overlay):
            overlay.close_box()
        for dialog in self.findChildren(QDialog):
            if dialog.isVisible():
                dialog.reject()
                self.activateWindow()

    # --- Frame

    def go(self, page: str, /, **what: Any) -> None:  # noqa: ANN401 - each page takes its own words
        """Open a page; `what` goes to its `show_what`."""
        shown = self.shell.show_page(page)
        if what:
            shown.show_what(**what)

    def toast(self, text: str, *, undo: bool = True, more: Sequence[More] = ()) -> None:
        self.shell.toast.show_text(text, undo=undo, more=more)

    def offers_undo(self) -> bool:
        return self.shell.toast.offers_undo

    def fail(self, error: Exception) -> None:
        self.troubles.tell(error)

    def progress(self, text: str, token: Token | None) -> Callable[[int, int], None]:
        return self._progress.begin(text, token)

    def end_progress(self) -> None:
        self._progress.end()

    def work_alone(self, title: str, words: str, work: AloneWork[T], done: Callable[[T], None], **how: bool) -> None:
        from app.ui.frame.alone import work_alone  # noqa: PLC0415 - rare

        page = work_alone(self, title, words, work, done, **how)
        if self.session.state is State.ALONE:
            self._bring(page)
            page.cancel.setFocus()

    def choose_files(self) -> None:
        self.incoming.choose()

    def import_files(self, paths: list[Path]) -> None:
        self.incoming.take(paths)

    # --- which books

    def choose_home(self, title: str) -> None:
        """Ask for a folder and turn to the books in it, or to first run where there are none."""
        dialog = QFileDialog(self, title)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda name: self.open_home(Path(name)))
        dialog.open()

    def open_home(self, home: Path) -> None:
        """Turn to another home. Where another window has it, that one comes to the front."""
        if self.session.state in {State.OPEN, State.ALONE}:
            return
        if self.instance is not None and not self.instance.move_to(home):
            show_error(self, InUse("Another window has these books open.", "It has come to the front."))
            return
        self.session.use_home(home)

    def open_sample(self) -> None:
        """Open the sample books over whatever home there is; leaving them comes back to it."""
        door = getattr(self.door, "open_sample", None)  # first run shows how far it is
        if door is not None:
            door()
        elif self.session.state is not State.OPEN:
            self.session.open_sample(lambda: None, self.fail)

    def leave_sample(self) -> None:
        self.session.lock()

    def taken_over(self, files: list[Path]) -> None:
        """A second start handed over its files: come to the front."""
        self.showNormal() if self.isMinimized() else self.show()
        self.raise_()
        self.activateWindow()
        if files:
            self.incoming.take(files)

    def _books_changed(self) -> None:
        self.shell.mark_stale()
        self.standing.ask()

    def when_settled(self, do: Callable[[], None]) -> None:
        """Do something once no work runs and no result is on its way."""
        self._settled.append(do)
        QTimer.singleShot(0, self._when_quiet)

    def _when_quiet(self) -> None:
        if self._settled and self.tasks.is_idle:
            waiting, self._settled = self._settled, []
            for do in waiting:
                QTimer.singleShot(0, do)
        elif self._settled:
            QTimer.singleShot(20, self._when_quiet)

    def _preference(self, name: str) -> None:
        if name == "lock/clear_clipboard":
            clipboard().clears = self.preferences.is_on(name)
        elif name == "appearance/mode":
            theme.current().set_mode(self.preferences.text(name))
        elif name == "appearance/text_percent":
            theme.current().set_scale(self.preferences.number(name) / 100)
        elif name == "appearance/reduce_motion":
            theme.current().reduce_motion = self.preferences.is_on(name)

    def _not_kept(self, error: AppError) -> None:
        self.toast(f"The look of the window was not kept. {error.message}", undo=False)

    # --- menus

    def _fill_menus(self) -> None:
        bar = self.menuBar()
        for name in MENUS:
            menu = self.menu.addMenu(MENU_TITLES.get(name, f"&{name}"))
            self.commands.tell_in(menu)
            for spec in SPECS:
                if spec.menu == name:
                    menu.addAction(self.commands[spec.id])
            bar.addMenu(menu)
        if not bar.isNativeMenuBar():
            self._alt_menus = AltMenus(bar)

    # --- drops and closing

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt
        self.incoming.hover(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802 - Qt
        self.incoming.drop_hint.hide()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt
        self.incoming.drop(event)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt
        super().showEvent(event)
        self.unattended.auto_lock.watch(self.windowHandle())
        if self._alt_menus is not None:
            self._alt_menus.watch(self.windowHandle())

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt
        super().changeEvent(event)
        self.unattended.window_changed(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt
        super().resizeEvent(event)
        self.incoming.drop_hint.setGeometry(self.rect())

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt
        self.preferences.set_blob("window/geometry", self.saveGeometry())
        self.preferences.save()
        self.session.lock()
        super().closeEvent(event)
