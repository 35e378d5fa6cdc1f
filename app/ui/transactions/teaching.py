"""What the newest change could teach, or taught: offered on the toast, kept until something else is changed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.core.books import naming
from app.ui.widgets.toast import More

if TYPE_CHECKING:
    from collections.abc import Collection

    from app.services.books.open_books import Books
    from app.services.classify.remembered import Memory, Offer
    from app.ui.transactions.changes import Did
    from app.ui.transactions.page import TransactionsPage


class Teaching:
    def __init__(self, page: TransactionsPage) -> None:
        self._page = page
        self.offer: Offer | None = None
        self.memory: Memory | None = None
        self._booked: int | None = None
        self._learned: int | None = None

    def bind(self) -> None:
        act = self._page.frame.commands
        act.bind("transactions.learn", self.learn, lambda: self.offer is not None)
        act.bind("transactions.alike", self.look, lambda: self.offer is not None and bool(self.offer.rows))

    def take(self, did: Did) -> tuple[More, ...]:
        """Take what a change offers, if anything; returns what its toast adds."""
        self.offer, self.memory, self._booked, self._learned = did.offer, None, did.operation, None
        if did.offer is None:
            return ()
        if not did.offer.rows:
            return (More("From now on", "L", self.learn),)
        return More("Show them", "V", self.look), self._more(did.offer)

    def _more(self, offer: Offer) -> More:
        return More(f"{len(offer.rows):,} more and from now on", "L", self.learn)

    def undone(self, steps: Collection[int]) -> None:
        """Forget what rests on steps that were taken back."""
        if self._learned in steps:
            self.memory = self._learned = None
        if self._booked in steps:
            self.forget()

    def forget(self) -> None:
        self.offer = self.memory = self._booked = self._learned = None

    def look(self) -> None:
        """Show the rows that would be booked alike; the offer stands."""
        offer = self.offer
        if offer is None or not offer.rows:
            return
        self._page.show_what(ids=offer.rows, of=offer.name)
        if self.memory is None:
            many = "These rows" if len(offer.rows) > 1 else "This row"
            said = f"{many} would be booked as {naming.category(offer.kind, offer.line)}."
            self._page.frame.toast(said, undo=False, more=(self._more(offer),))

    def learn(self) -> None:
        """Book the merchant so from now on; once that is done, show what was learned."""
        if self.memory is not None:
            from app.ui.sheets.learned_sheet import open_learned_sheet  # noqa: PLC0415 - only when asked for

            open_learned_sheet(self._page.frame, self.memory)
        elif self.offer is not None:
            self._page.write(partial(_learn, self.offer), self._done)

    def _done(self, learned: tuple[int | None, Memory, str]) -> None:
        self._learned, self.memory, said = learned
        if self._learned is not None:
            self._page.remember_step(self._learned, (self.offer.transaction_id,) if self.offer else ())
        self._page.frame.toast(said, undo=self._learned is not None, more=(More("Edit", "L", self.learn),))


def _learn(offer: Offer, books: Books) -> tuple[int | None, Memory, str]:
    from app.services.classify import remembered  # noqa: PLC0415 - services are loaded when first used

    outcome, memory = remembered.learn_from(books, offer.transaction_id)
    return outcome.operation, memory, remembered.told(memory)
