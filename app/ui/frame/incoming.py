"""Files that come to the window, chosen, dropped or handed over: shown what importing them would do, or kept for it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from app.core.errors import Refused
from app.ui.frame.overlays import BACKUP, DropOverlay, show_error
from app.ui.runtime import dropped
from app.ui.runtime.session import State

if TYPE_CHECKING:
    from PySide6.QtGui import QDragEnterEvent, QDropEvent

    from app.ui.frame.main_window import MainWindow

_BANK_FILES = "Bank files (*.ofx *.qfx *.qbo *.qif *.csv *.xml *.OFX *.QFX *.QBO *.QIF *.CSV *.XML)"


class Incoming:
    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.waiting: list[Path] = []
        """The files to look at once there are open books."""
        self.drop_hint = DropOverlay(window)

    def choose(self) -> None:
        """Ask for bank files."""
        dialog = QFileDialog(self._window, "Choose bank files")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters([_BANK_FILES, "All files (*)"])
        dialog.filesSelected.connect(lambda names: self.take([Path(name) for name in names]))
        dialog.open()

    def take(self, offered: list[Path] | None) -> None:
        """Show what importing these files would do; before there are open books they wait."""
        window = self._window
        try:
            paths = dropped.refuse_too_many(offered)
        except Refused as error:
            show_error(window, error)
            return
        if any(path.suffix.lower() == BACKUP for path in paths):
            self._take_backup(paths)
            return
        if window.shows_books:
            window.go("accounts", files=paths)
            return
        self.waiting = paths
        if window.door is not None:
            window.door.take_files(paths)

    def take_waiting(self) -> None:
        files, self.waiting = self.waiting, []
        self.take(files)

    def _take_backup(self, paths: list[Path]) -> None:
        """A backup is restored where there are no books yet; elsewhere say where that is done."""
        state = self._window.session.state
        if state is State.NONE and len(paths) == 1:
            self.restore(paths[0])
            return
        where = (
            "Unlock the books first, then restore it under Settings."
            if state is State.LOCKED
            else ("Restore it under Settings." if state is State.OPEN else "Choose the backup alone.")
        )
        show_error(self._window, Refused("This is a backup of 1099 Ops, not a bank file.", where))

    def restore(self, file: Path | None = None) -> None:
        """Put a backup back where no books are open; without a file it is asked for."""
        from app.ui.sheets.restore_sheet import RestoreSheet  # noqa: PLC0415 - rare

        sheet = RestoreSheet(self._window, file=file)
        sheet.open_box()
        if file is None:
            sheet.ask_file()

    # --- drops

    def hover(self, event: QDragEnterEvent) -> None:
        """Say what dropping would do, while files are held over the window."""
        paths = dropped.paths_in(event.mimeData())
        if paths is None or paths:
            event.acceptProposedAction()
            self.drop_hint.show_for(paths or [])

    def drop(self, event: QDropEvent) -> None:
        self.drop_hint.hide()
        paths = dropped.paths_in(event.mimeData())
        if paths is None or paths:
            event.acceptProposedAction()
            self.take(paths)
