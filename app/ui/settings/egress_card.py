"""What left this machine: to whom, what for, how much, when, and what let it happen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.ui.runtime import bank_words
from app.ui.runtime.places import Places
from app.ui.runtime.when import when_words
from app.ui.settings.tall_row import TallRow
from app.ui.theme.fonts import Role
from app.ui.widgets.buttons import Button, LinkButton
from app.ui.widgets.card import Card
from app.ui.widgets.card_table import CardTable
from app.ui.widgets.cell import Cell
from app.ui.widgets.text import Label

if TYPE_CHECKING:
    from datetime import tzinfo
    from pathlib import Path

    from app.services.books.open_books import Books
    from app.ui.frame.page import Page
    from app.ui.runtime.bank_port import Egress, Sent
    from app.ui.runtime.tasks import Token

SHOWN = 8
_HEADS = ("When", "To", "What for", ">Sent", ">Received", "Because of")
_WIDTHS = (124, 0, 160, 76, 84, 124)
_YIELDS = (4, 5, 2, 3)


class EgressCard(Card):
    """The newest entries, all when asked for, and the list as a file."""

    def __init__(self, page: Page) -> None:
        super().__init__("What left this machine", " ")
        self._page = page
        self._all = False
        self._places = Places(self)
        self.export = Button("Save as CSV…", size="small")
        self.export.setAccessibleName("Save the list of what left this machine as CSV")
        self.export.clicked.connect(self._ask_place)
        self.more = LinkButton("All")
        self.more.clicked.connect(self._turn)
        self.add_link(self.more)
        self.table = CardTable("What left this machine", _HEADS, _WIDTHS, _YIELDS, least=96)
        self.body.addWidget(self.table)
        self.nothing = Label(
            "Nothing. These books have made no connection. Only a bank link makes any, once you set one up under "
            "Accounts.", Role.SMALL, "muted", wrap=True,
        )  # fmt: skip
        self.add_inset(self.nothing, 0, 14)
        self._foot = TallRow("", "Written as it stands here, with the time in UTC.")
        self._foot.add_right(self.export)
        self._line = self.add_row(self._foot)
        self.table.hide()
        self.more.hide()
        self._show_foot(shown=False)
        self._show_nothing(shown=False)  # nothing is said before the list was read

    def _show_nothing(self, *, shown: bool) -> None:
        holder = self.nothing.parentWidget()
        if holder is not None:
            holder.setVisible(shown)

    def _show_foot(self, *, shown: bool) -> None:
        self._foot.setVisible(shown)
        if self._line is not None:
            self._line.setVisible(shown)

    def load(self) -> None:
        limit = 0 if self._all else SHOWN
        port = self._page.frame.bank.port

        def ask(books: Books, _token: Token) -> tuple[Egress, tzinfo]:
            return port.egress(books, limit), books.zone()

        self._page.fetch(ask, lambda found: self._show(*found), name="egress")

    def _show(self, found: Egress, zone: tzinfo) -> None:
        today = self._page.frame.session.today
        self.table.show_rows([self._row(each, zone, today) for each in found.newest])
        any_at_all = bool(found.entries)
        self._show_nothing(shown=not any_at_all)
        self.table.setVisible(any_at_all)
        self._show_foot(shown=any_at_all)
        self._foot.name.setText("The whole list" if found.entries == 1 else f"The whole list of {found.entries:,}")
        self.more.setVisible(found.entries > SHOWN)
        self.more.set_words("Newest" if self._all else f"All {found.entries:,}")
        sums = f"{bank_words.size(found.sent)} sent, {bank_words.size(found.received)} received"
        self.set_title("What left this machine", sums if any_at_all else " ")

    @staticmethod
    def _row(each: Sent, zone: tzinfo, today: int) -> tuple[Cell, ...]:
        from datetime import UTC, datetime  # noqa: PLC0415 - only with rows

        stamp = datetime.fromtimestamp(each.at / 1000, UTC).isoformat()
        return (
            Cell(kind="muted", text=when_words(stamp, zone, today)),
            Cell(kind="name", text=each.host, tip=each.host),
            Cell(text=bank_words.purpose(each.purpose), tip=bank_words.purpose(each.purpose)),
            Cell(text=bank_words.size(each.sent), right=True),
            Cell(kind="muted", text=bank_words.size(each.received), right=True),
            Cell(kind="muted", text=bank_words.because(each.allowed_by), tip=each.allowed_by),
        )

    def _turn(self) -> None:
        self._all = not self._all
        self.load()

    # --- the list as a file

    def _ask_place(self) -> None:
        self._places.ask_new(
            "Save what left this machine", "what-left-this-machine.csv", self.save, suffix="csv", kind="CSV"
        )

    def save(self, path: Path) -> None:
        """Write the whole list; nothing that is there already is overwritten."""
        frame = self._page.frame

        def work(books: Books, _token: Token) -> int:
            return frame.bank.port.export_egress(books, path)

        def done(count: int) -> None:
            frame.toast(f"{count:,} {'entry' if count == 1 else 'entries'} saved as {path.name}.", undo=False)

        frame.tasks.run(work, done, frame.fail)
