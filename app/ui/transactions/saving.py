"""The rows of the filter as a CSV file: where to, how far it is, what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from app.ui.transactions import view_model

if TYPE_CHECKING:
    from app.ui.transactions.page import TransactionsPage


class Saving:
    def __init__(self, page: TransactionsPage) -> None:
        self._page, self._frame = page, page.frame

    def ask(self) -> None:
        """Ask where to write them."""
        dialog = QFileDialog(self._page.window(), "Save these transactions")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.setNameFilters(["CSV (*.csv)"])
        dialog.selectFile("transactions.csv")
        dialog.fileSelected.connect(lambda name: self.save_to(Path(name)))
        dialog.open()

    def save_to(self, path: Path) -> None:
        query = self._page.filters.query()
        token = self._page.fetch(
            lambda books, token: view_model.save_csv(books, token, query, path),
            lambda count: self._saved(path, count), name="csv", failed=self._not_saved,
        )  # fmt: skip
        self._frame.progress("Writing the CSV", token)

    def _saved(self, path: Path, count: int) -> None:
        self._frame.end_progress()
        self._frame.toast(f"Saved {count:,} lines to {path.name}.", undo=False)

    def _not_saved(self, error: Exception) -> None:
        self._frame.end_progress()
        self._frame.fail(error)
