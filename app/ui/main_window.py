"""The window: what is in front (first run, unlock, the books), and the frame every page is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMainWindow, QMenu, QStackedWidget, QWidget
from shiboken6 import isValid

from app.core.errors import AppError, Cancelled, DamagedBooks, InUse, Refused, UserError
from app.ui import bindings, pages
from app.ui.actions import MENU_TITLES, MENUS, SPECS, Actions
from app.ui.alt_menus import AltMenus
from app.ui.overlays import BACKUP, DropOverlay, show_crash, show_damage, show_error
from app.ui.page import AloneWork, T
from app.ui.preferences import Preferences
from app.ui.runtime import dropped
from app.ui.runtime.autolock import AutoLock
from app.ui.runtime.clipboard import clipboard
from app.ui.runtime.progress import Progress
from app.ui.runtime.system_lock import SystemLock
from app.ui.runtime.tasks import Token
from app.ui.runtime.upkeep import Upkeep
from app.ui.session import Session, Shut, State
from app.ui.shell import Shell
from app.ui.theme import theme
from app.ui.widgets.overlay import Overlay

if TYPE_CHECKING:
    from app.ui.onboarding.page import FirstRunPage
    from app.ui.runtime.single_instance import SingleInstance
    from app.ui.unlock.page import UnlockPage
    from app.ui.widgets.palette_box import PaletteBox
    from app.ui.widgets.toast import More

_BANK_FILES = "Bank files (*.ofx *.qfx *.qbo *.qif *.csv *.xml *.OFX *.QFX *.QBO *.QIF *.CSV *.XML)"
SMALLEST = (900, 600)
FIRST_SIZE = (1440, 900)


class MainWindow(QMainWindow):
    """Implements `app.ui.page.Frame`."""

    def __init__(self, session: Session, preferences: Preferences) -> None:
        super().__init__()
        self.session, self.preferences, self.tasks = session, preferences, session.tasks
        self.tasks.unexpected = self.fail
        self.upkeep = Upkeep(session, self)
        self.setWindowTitle("1099 Ops")
        self._files: list[Path] = []
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
        self._drop = DropOverlay(self)
        self._progress = Progress(self.shell.status.progress, self)
        self.palette_box: PaletteBox | None = None
        self.instance: SingleInstance | None = None
        self._door: UnlockPage | FirstRunPage | None = None
        self._crash: QWidget | None = None
        self._damage: QWidget | None = None
        self._hid_amounts = False
        self.setAcceptDrops(True)
        self.shell.status.undo.connect(lambda: self.commands.trigger("edit.undo"))
        self.shell.status.hide_amounts.connect(lambda: self.commands.trigger("view.hide_amounts"))
        self.shell.sample_bar.leave.connect(self.leave_sample)
        self.shell.status.backups.connect(lambda: self.commands.trigger("go.backups"))
        self.shell.notice.acted.connect(self._mend)
        self.upkeep.changed.connect(self._show_upkeep)
        self.shell.shown.connect(lambda id_: self.setWindowTitle(f"{pages.title(id_)} – 1099 Ops"))
        self.shell.toast.undo_clicked.connect(lambda: self.commands.trigger("edit.undo"))
        bindings.bind(self)
        clipboard().clears = preferences.is_on("lock/clear_clipboard")
        self.auto_lock = AutoLock(self, preferences.number("lock/minutes"))
        self.auto_lock.idle.connect(self._idle)
        self.system_lock = SystemLock(self)
        self.system_lock.locked.connect(self._away)
        preferences.changed.connect(self._preference)
        preferences.not_kept.connect(self._not_kept)
        session.state_changed.connect(self._front_of_state)
        session.changed.connect(self._books_changed)
        theme.current().changed.connect(self._smallest)
        self._smallest()
        self.resize(theme.current().dp(FIRST_SIZE[0]), theme.current().dp(FIRST_SIZE[1]))
        self.restoreGeometry(preferences.blob("window/geometry"))
        self._front_of_state()

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
            if self._door is None or not self._door.keeps_front:
                self.enter()
        else:
            self._forget()
            self._door = self._locked_page() if state is State.LOCKED else self._first_run_page()
            self._bring(self._door)
            self._door.focus_first()

    @property
    def shows_books(self) -> bool:
        """Whether open books are in front, and not the last steps of the first run."""
        return self.session.state is State.OPEN and self._door is None

    def enter(self) -> None:
        """Bring the open books to the front."""
        session = self.session
        self.preferences.keep_in(session.home) if not session.is_sample else None
        self.shell.sample_bar.setVisible(session.is_sample)
        encrypted = "Books damaged, only read" if session.only_looks else "Books encrypted"
        self.shell.status.set_books("lock", "Sample books" if session.is_sample else encrypted)
        self._door = None
        self._bring(self.shell)
        self.shell.show_page("today")
        self._ask_frame_facts()
        if self._files and not session.is_sample:
            files, self._files = self._files, []
            self.import_files(files)
        if session.by_recovery_key:
            session.by_recovery_key = False
            self._offer_passphrase()

    def _offer_passphrase(self) -> None:
        from app.ui.lost_passphrase import LostPassphrase  # noqa: PLC0415 - rare

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
        """A sentence for what the user can act on; the calm window for our own bugs."""
        if isinstance(error, Cancelled):
            if self.session.state is State.OPEN:
                self.toast("Stopped. Nothing was changed.", undo=False)
        elif isinstance(error, DamagedBooks) and self.session.state is State.OPEN:
            if self.session.only_looks:
                self.toast(error.message, undo=False)  # the person knows, and looks at what there is
            else:
                self._show_damage(error)
        elif isinstance(error, (UserError, AppError)):
            show_error(self, error)
        else:
            raise error

    def _show_damage(self, error: AppError) -> None:
        """Say it once at a time: what cannot be read is asked for again by the next paint."""
        if self._damage is None or not isValid(self._damage) or self._damage.isHidden():
            self._damage = show_damage(self, error, lambda: self.session.lock(shut=Shut.DAMAGED))

    def tell_of_damage(self, error: Exception) -> None:
        """Tell of an error of the database that nobody translated: a page that cannot be read, mostly."""
        self.fail(self.tasks.told(error))

    def progress(self, text: str, token: Token | None) -> Callable[[int, int], None]:
        return self._progress.begin(text, token)

    def end_progress(self) -> None:
        self._progress.end()

    def work_alone(self, title: str, words: str, work: AloneWork[T], done: Callable[[T], None], **how: bool) -> None:
        from app.ui.alone import work_alone  # noqa: PLC0415 - rare

        page = work_alone(self, title, words, work, done, **how)
        if self.session.state is State.ALONE:
            self._bring(page)
            page.cancel.setFocus()

    def choose_files(self) -> None:
        dialog = QFileDialog(self, "Choose bank files")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters([_BANK_FILES, "All files (*)"])
        dialog.filesSelected.connect(lambda names: self.import_files([Path(name) for name in names]))
        dialog.open()

    def import_files(self, offered: list[Path] | None) -> None:
        """Show what importing these files would do; before there are open books they wait."""
        try:
            paths = dropped.refuse_too_many(offered)
        except Refused as error:
            show_error(self, error)
            return
        if any(path.suffix.lower() == BACKUP for path in paths):
            self._take_backup(paths)
            return
        if self.shows_books:
            self.go("accounts", files=paths)
            return
        self._files = paths
        if self._door is not None:
            self._door.take_files(paths)

    def _take_backup(self, paths: list[Path]) -> None:
        """A backup is restored where there are no books yet; elsewhere say where that is done."""
        if self.session.state is State.NONE and len(paths) == 1:
            self.restore_backup(paths[0])
            return
        where = (
            "Unlock the books first, then restore it under Settings."
            if self.session.state is State.LOCKED
            else ("Restore it under Settings." if self.session.state is State.OPEN else "Choose the backup alone.")
        )
        show_error(self, Refused("This is a backup of 1099 Ops, not a bank file.", where))

    def restore_backup(self, file: Path | None = None) -> None:
        """Put a backup back where no books are open; without a file it is asked for."""
        from app.ui.restore_sheet import RestoreSheet  # noqa: PLC0415 - rare

        sheet = RestoreSheet(self, file=file)
        sheet.open_box()
        if file is None:
            sheet.ask_file()

    @property
    def waiting_files(self) -> list[Path]:
        """The files to look at once there are open books."""
        return self._files

    def set_waiting_files(self, paths: list[Path]) -> None:
        self._files = paths

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

    # --- the books

    def open_sample(self) -> None:
        """Open the sample books over whatever home there is; leaving them comes back to it."""
        door = getattr(self._door, "open_sample", None)  # first run shows how far it is
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
            self.import_files(files)

    def _idle(self) -> None:
        if not self.session.is_sample:
            self.session.lock(shut=Shut.IDLE)

    def _away(self) -> None:
        if not self.session.is_sample and self.preferences.is_on("lock/when_away"):
            self.session.lock(shut=Shut.AWAY)

    def _books_changed(self) -> None:
        self.shell.mark_stale()
        self._ask_frame_facts()

    def _ask_frame_facts(self) -> None:
        """Ask for what the frame itself shows: name, open questions, steps to undo."""
        from app.ui.frame_facts import frame_facts  # noqa: PLC0415 - pulls in services

        self.tasks.run(frame_facts, self._show_frame_facts)

    def _show_frame_facts(self, facts: Any) -> None:  # noqa: ANN401 - FrameFacts, loaded late
        self.shell.sidebar.brand.set_book_name(facts.name)
        self.shell.sidebar.items["today"].set_count(facts.questions)
        self.shell.status.set_steps(facts.steps, facts.newest)
        self.commands["edit.undo"].setText(f"Undo: {facts.newest}" if facts.newest else "Undo")
        self._when_quiet()

    def _show_upkeep(self) -> None:
        """Say quietly when the last backup was made, and above the page what must not stay unseen."""
        self.shell.status.set_backup(self.upkeep.backup_words, failed=self.upkeep.backup_trouble is not None)
        self.shell.show_notice(self.upkeep.notice)

    def _mend(self) -> None:
        if self.upkeep.notice is not None and self.session.state is State.OPEN:
            self.go("settings", section=self.upkeep.notice.section)

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

    def tell_of_crash(self, place: list[str]) -> None:
        """Tell of a bug of ours, once at a time: what breaks while painting would break again under its own sheet."""
        if self._crash is None or self._crash.isHidden():
            self._crash = show_crash(self, place)

    def _preference(self, name: str) -> None:
        if name == "lock/minutes":
            self.auto_lock.set_minutes(self.preferences.number(name))
        elif name == "lock/clear_clipboard":
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
        paths = dropped.paths_in(event.mimeData())
        if paths is None or paths:
            event.acceptProposedAction()
            self._drop.show_for(paths or [])

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802 - Qt
        self._drop.hide()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt
        self._drop.hide()
        paths = dropped.paths_in(event.mimeData())
        if paths is None or paths:
            event.acceptProposedAction()
            self.import_files(paths)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt
        super().showEvent(event)
        self.auto_lock.watch(self.windowHandle())
        if self._alt_menus is not None:
            self._alt_menus.watch(self.windowHandle())

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange and self.isMinimized():
            if self.preferences.is_on("lock/when_minimised") and not self.session.is_sample:
                self.session.lock(shut=Shut.ASKED)
        elif event.type() == QEvent.Type.ActivationChange and self.preferences.is_on("lock/hide_amounts_unfocused"):
            self._hide_while_away(away=not self.isActiveWindow())

    def _hide_while_away(self, *, away: bool) -> None:
        """Hide the amounts while another window is in front; who hid them by hand finds them hidden."""
        look = theme.current()
        if away and not look.hide_amounts:
            self._hid_amounts = True
            look.set_hide_amounts(True)
        elif not away and self._hid_amounts:
            self._hid_amounts = False
            look.set_hide_amounts(False)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt
        super().resizeEvent(event)
        self._drop.setGeometry(self.rect())

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt
        self.preferences.set_blob("window/geometry", self.saveGeometry())
        self.preferences.save()
        self.session.lock()
        super().closeEvent(event)
