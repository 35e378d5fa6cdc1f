"""What the page Accounts writes: accounts, layouts of files, and imports taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.ui.accounts.add_pane import NewAccount, ask_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.books.open_books import Books
    from app.services.books.work import Outcome
    from app.services.ingest.import_history import ImportEntry
    from app.ui.accounts.page import AccountsPage


class Changes:
    """The changes of one page, each one operation."""

    def __init__(self, page: AccountsPage) -> None:
        self._page = page

    def _said(self, text: str) -> Callable[[Outcome], None]:
        def done(outcome: Outcome) -> None:
            if outcome.operation is not None:
                self._page.frame.toast(text)

        return done

    def add_account(self, new: NewAccount) -> None:
        def work(books: Books) -> Outcome:
            from app.services.ledger import accounts  # noqa: PLC0415 - loaded with the first change

            return accounts.add(books, new.values, opening_cents=new.opening_cents)[0]

        def done(_outcome: Outcome) -> None:
            self._page.panes.add.form.clear_form()
            self._page.frame.toast(f"Account {new.values['name']} added.")

        self._page.write(work, done)

    def change_account(self, account_id: int, column: str, value: str) -> None:
        def work(books: Books) -> Outcome:
            from app.services.ledger import accounts  # noqa: PLC0415

            return accounts.change(books, str(account_id), {column: value})

        def failed(error: Exception) -> None:
            self._page.panes.restore_editor(account_id)
            self._page.frame.fail(error)

        self._page.frame.tasks.write(work, self._said("Account changed."), failed)

    def remove_account(self, account_id: int) -> None:
        def work(books: Books) -> Outcome:
            from app.services.ledger import accounts  # noqa: PLC0415

            return accounts.remove(books, str(account_id))

        self._page.write(work, self._said("Account removed."))

    def undo_import(self, entry: ImportEntry) -> None:
        def work(books: Books) -> Outcome:
            from app.services.books import history  # noqa: PLC0415

            return history.undo(books, entry.operation)

        said = f"The import of {entry.file} is undone."
        self._page.write(work, lambda _outcome: self._page.frame.toast(said, undo=False))

    def rename_layout(self, name: str) -> None:
        def rename(wanted: str) -> None:
            def work(books: Books) -> Outcome:
                from app.services.ingest import import_history  # noqa: PLC0415

                return import_history.rename_layout(books, name, wanted)

            self._page.write(work, self._said("Layout renamed."))

        ask_name(self._page.window(), name, rename)

    def remove_layout(self, name: str) -> None:
        def work(books: Books) -> Outcome:
            from app.services.ingest import import_history  # noqa: PLC0415

            return import_history.remove_layout(books, name)

        self._page.write(work, self._said("Layout forgotten."))
