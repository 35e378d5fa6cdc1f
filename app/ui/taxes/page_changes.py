"""What the page Taxes writes: payments, filing status and state, money that was moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.ui.taxes.paid_rows import whom
from app.ui.widgets.amount import amount_text

if TYPE_CHECKING:
    from app.services.books.open_books import Books
    from app.services.books.work import Outcome
    from app.ui.taxes.page import TaxesPage


class Changes:
    """The changes of one page, each one operation."""

    def __init__(self, page: TaxesPage) -> None:
        self._page = page

    def record(self, values: dict[str, Any]) -> None:
        def work(books: Books) -> None:
            from app.services.tax import taxes_paid  # noqa: PLC0415

            taxes_paid.record(books, values)

        def done(_nothing: None) -> None:
            to = whom(values["jurisdiction"])
            self._page.frame.toast(f"Recorded {amount_text(values['cents'])} to {to} for {values['for_year']}.")
            self._page.payments.open_payments()
            self._page.side.back()

        self._page.write(work, done)

    def keep_moved(self) -> None:
        """Keep the set-asides as they are shown: the money was moved."""

        def work(books: Books) -> Outcome:
            from app.services.tax import set_asides  # noqa: PLC0415

            return set_asides.keep(books)

        def done(outcome: Outcome) -> None:
            if outcome.operation is None:
                self._page.frame.toast("These set-asides are kept already.", undo=False)
            else:
                self._page.frame.toast("Noted as moved. These set-asides stay; later deposits take what changes.")

        self._page.write(work, done)

    def tell_profile(self, values: dict[str, str]) -> None:
        assert self._page.loaded is not None
        year = self._page.loaded.page.year

        def work(books: Books) -> None:
            from app.services.tax import profile  # noqa: PLC0415

            profile.change(books, year, values)

        def done(_nothing: None) -> None:
            self._page.frame.toast("Filing status and state noted.")
            self._page.main_widget().setFocus()

        self._page.write(work, done)
