"""The question that is current: the answer a person puts together for it, and what speaks for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from app.core.dates import date_of
from app.ui.inbox import sheets, view_model
from app.ui.inbox.view_model import Answering, Detail
from app.ui.sheets.category_picker import Category, CategoryPicker

if TYPE_CHECKING:
    from app.services.review.inbox import Card
    from app.ui.inbox.page import TodayPage

_REST_MS = 60
"""How long a question must stay before what speaks for it is looked up when another stood there just before."""


class Current:
    """What is put together stays with its question until that is answered, or asks something else."""

    def __init__(self, page: TodayPage) -> None:
        self._page = page
        self._answering: dict[str, Answering] = {}
        self._details: dict[str, Detail] = {}
        self._looked_up = ""
        self._picker = CategoryPicker(page.window())
        self._resting = QTimer(page, singleShot=True, interval=_REST_MS)
        self._resting.timeout.connect(self._look_up)
        page.detail.share_wanted.connect(self._ask_share)

    @property
    def answering(self) -> Answering | None:
        card = self._page.card
        if card is None:
            return None
        held = self._answering.get(card.item.id)
        if held is None:
            held = self._answering[card.item.id] = Answering(card)
        return held

    @property
    def known_detail(self) -> Detail | None:
        """What was looked up about the question, once it is here."""
        card = self._page.card
        return self._details.get(card.item.id) if card is not None else None

    def has_own_answer(self, card: Card) -> bool:
        """Return whether a person has put together another answer than the suggested one."""
        held = self._answering.get(card.item.id)
        return held is not None and not held.is_suggestion

    def keep(self, cards: Iterable[Card]) -> None:
        """Keep the answers to these questions alone."""
        self._answering = {card.item.id: self._kept(card) for card in cards if card.item.id in self._answering}

    def _kept(self, card: Card) -> Answering:
        held = self._answering.get(card.item.id)
        if held is not None and held.card.item.choices == card.item.choices:
            held.card = card
            return held
        return Answering(card)

    def look_again(self) -> None:
        """Forget what was looked up: the books have changed."""
        self._details.clear()
        self._looked_up = ""

    def forget(self) -> None:
        self._answering.clear()
        self.look_again()

    def show(self) -> None:
        """Show the question in the pane, and look up what speaks for it."""
        card, answering = self._page.card, self.answering
        if card is None or answering is None:
            return
        self._page.detail.show_question(answering, self._details.get(card.item.id))
        self._page.detail.confirms(self._page.together)
        if card.item.id not in self._details:
            if not self._resting.isActive():
                self._look_up()
            self._resting.start()

    def _look_up(self) -> None:
        card = self._page.card
        if card is not None and card.item.id not in {*self._details, self._looked_up}:
            self._looked_up = card.item.id
            self._page.fetch(
                lambda books, token: view_model.load_detail(books, token, card), self._found, name="detail",
                failed=lambda _error: None,
            )  # fmt: skip

    def _found(self, detail: Detail) -> None:
        self._details[detail.item_id] = detail
        card, answering = self._page.card, self.answering
        if card is not None and card.item.id == detail.item_id and answering is not None:
            answering.usual = detail.usual
            self._page.detail.show_question(answering, detail)
            self._page.detail.confirms(self._page.together)

    # --- putting an answer together

    def keep_choice(self) -> None:
        answering = self.answering
        if answering is not None and answering.chosen is not None and answering.card.item.type != "currency":
            self._page.detail.choices.select(answering.chosen)

    def search_category(self) -> None:
        answering, card = self.answering, self._page.card
        if answering is None or card is None:
            return

        def chosen(category: Category) -> None:
            answering.choose_other(category.kind, category.line)
            self._page.show_current()

        self._picker.ask(date_of(card.newest).year, chosen, money_in=card.cents > 0)

    def set_share(self, percent: int) -> None:
        """Take a business share. Units: hundredths of a percent."""
        if self.answering is not None:
            self.answering.percent = percent
            self._page.show_current()

    def _ask_share(self) -> None:
        answering = self.answering
        if answering is not None:
            sheets.share(self._page, answering)
