"""What lies where on this computer, telling of a problem without giving data away, and erasing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.ui.settings.egress_card import EgressCard
from app.ui.settings.erase_sheets import EverythingSheet, PayerSheet, say_gone
from app.ui.settings.section import Section
from app.ui.settings.tall_row import TallRow
from app.ui.sheets.restore_words import size
from app.ui.widgets.badge import Badge
from app.ui.widgets.buttons import Button
from app.ui.widgets.card import Card

if TYPE_CHECKING:
    from app.services.books.open_books import Books
    from app.services.privacy.data_page import Named, Place
    from app.ui.frame.page import Page
    from app.ui.runtime.tasks import Token

_PLACES = {
    "books": ("Books", "encrypted: everything you entered and imported"),
    "keys": ("Keys", "wrapped: useless without what opens the books"),
    "backups": ("Backups", "encrypted, each under a key of its own"),
    "receipts": ("Receipts", "the files you keep as proof"),
    "relay": ("Your own bank link", "sealed: a bank just linked, for minutes; in no backup"),
    "logs": ("Logs", "codes and times; no name, no amount"),
    "exports": ("Exports", "readable: what you saved for others"),
}


class PrivacySection(Section):
    def __init__(self, page: Page) -> None:
        super().__init__(
            page, "Privacy and data",
            "Everything lies on this computer. Only a bank link makes connections, once you set one up; each is listed "
            "here.",
        )  # fmt: skip
        self.places = Card("What lies where", " ")
        self.cards.addWidget(self.places)
        self.egress = EgressCard(page)
        self.cards.addWidget(self.egress)
        card = Card()
        row = TallRow("Report a problem", "a file you look at first; codes and counts, nothing of yours")
        self.report = Button("Report…", size="small")
        self.report.setAccessibleName("Report a problem")
        self.report.clicked.connect(lambda: page.frame.commands.trigger("help.report"))
        row.add_right(self.report)
        card.add_row(row)
        self.cards.addWidget(card)
        card = Card("Erase")
        row = TallRow("A payer", "every word about them goes; amounts and dates stay under another name")
        self.payer = Button("Erase a payer…", size="small")
        self.payer.clicked.connect(self._ask_payer)
        row.add_right(self.payer)
        card.add_row(row)
        row = TallRow("Everything", "books, keys, backups, receipts, exports and logs in this folder")
        self.everything = Button("Erase everything…", kind="danger", size="small")
        self.everything.clicked.connect(self._ask_everything)
        row.add_right(self.everything)
        card.add_row(row)
        self.cards.addWidget(card)
        self.cards.addStretch(1)

    def load(self) -> None:
        is_sample = self.page.frame.session.is_sample
        for button in (self.payer, self.everything):
            button.setEnabled(not is_sample)
        self.page.fetch(_ask, self._show, name="privacy")
        self.egress.load()

    def _show(self, found: list[Place]) -> None:
        total = size(sum(place.size for place in found))
        self.places.set_title("What lies where", f"{total} in {self.page.frame.session.home}")
        self.places.clear_rows()
        for place in found:
            name, second = _PLACES[place.kind]
            row = TallRow(name, f"{place.path.name}, {second}")
            many = (
                "nothing"
                if not place.files
                else (f"{place.files} {'file' if place.files == 1 else 'files'}, {size(place.size)}")
            )
            row.add_right(Badge(many, "warn" if place.kind == "exports" and place.files else "neutral"))
            self.places.add_row(row)

    def _ask_payer(self) -> None:
        def asked(names: list[Named]) -> None:
            PayerSheet(self.page, names).open_box()

        self.page.fetch(_names, asked, name="payers")

    def _ask_everything(self) -> None:
        frame, window = self.page.frame, self.page.window()
        randomness = frame.session.wiring.randomness

        def work(books: Books) -> tuple[str, tuple[str, ...]]:
            from app.services.privacy import erase_home, erasure_requests  # noqa: PLC0415 - rare

            _, code, _ = erasure_requests.request(books, None, randomness())
            return code, erase_home.copies_elsewhere(books)

        def made(answer: tuple[str, tuple[str, ...]]) -> None:
            EverythingSheet(self.page, *answer, partial(say_gone, window)).open_box()

        frame.tasks.write(work, made, frame.fail)


def _ask(books: Books, _token: Token) -> list[Place]:
    from app.services.privacy import data_page  # noqa: PLC0415 - the page is painted first

    return data_page.places(books.home)


def _names(books: Books, _token: Token) -> list[Named]:
    from app.services.privacy import data_page  # noqa: PLC0415 - rare

    return data_page.names(books)
