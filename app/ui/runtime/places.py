"""Asking where a file goes or where one is: the dialogs of the system, opened without waiting for them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QWidget


class Places:
    """Remembers the last folder while the window is open."""

    def __init__(self, parent: QWidget) -> None:
        self._parent = parent
        self._folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)

    def ask_new(
        self, title: str, name: str, chosen: Callable[[Path], None], *, suffix: str = "", kind: str = ""
    ) -> None:
        """Ask for the name of something new. Whether it is there already is told by what writes it."""
        dialog = self._dialog(title, chosen)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        if suffix:
            dialog.setDefaultSuffix(suffix)
            dialog.setNameFilter(f"{kind} (*.{suffix})")
        dialog.selectFile(name)
        dialog.open()

    def ask_folder(self, title: str, chosen: Callable[[Path], None]) -> None:
        dialog = self._dialog(title, chosen)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.open()

    def ask_file(self, title: str, kind: str, suffix: str, chosen: Callable[[Path], None]) -> None:
        dialog = self._dialog(title, chosen)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(f"{kind} (*.{suffix})")
        dialog.open()

    def _dialog(self, title: str, chosen: Callable[[Path], None]) -> QFileDialog:
        dialog = QFileDialog(self._parent, title, self._folder)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def taken(name: str) -> None:
            self._folder = str(Path(name).parent)
            chosen(Path(name))

        dialog.fileSelected.connect(taken)
        return dialog
