"""What a person does with a question: its commands, each answer written as one operation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.books import naming
from app.core.errors import NotFound
from app.ui.inbox import sheets, view_model
from app.ui.inbox.view_model import ALWAYS, ONLY_THIS
from app.ui.widgets.announce import announce

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.books.open_books import Books
    from app.services.books.work import Outcome
    from app.services.classify.remembered import Memory
    from app.ui.inbox.page import TodayPage


class Deciding:
    """The commands of the page, on the question that is current."""

    def __init__(self, page: TodayPage) -> None:
        self._page = page
        self._frame = page.frame

    def bind(self) -> None:
        act, page = self._frame.commands, self._page

        def has_card() -> bool:
            return page.card is not None

        def takes_anything() -> bool:
            return page.current.answering is not None and page.current.answering.takes_anything

        def has_memory() -> bool:
            return page.current.answering is not None and page.current.answering.has_memory

        act.bind("today.next", lambda: page.list.step(1), has_card)
        act.bind("today.previous", lambda: page.list.step(-1), has_card)
        act.bind("today.confirm", self.confirm, has_card)
        for number in range(1, 10):
            act.bind(f"today.choose{number}", lambda n=number: self.choose(n), has_card)  # type: ignore[misc]
        act.bind("today.personal", self.personal, takes_anything)
        act.bind("today.transfer", self.transfer, has_card)
        act.bind("today.split", lambda: sheets.split(page), takes_anything)
        act.bind("today.rule", lambda: sheets.rule(page), takes_anything)
        act.bind("today.note", lambda: sheets.note(page), has_card)
        act.bind("today.undo", lambda: act.trigger("edit.undo"))
        act.bind("today.mark", self.mark, has_card)
        act.bind("today.all", self.mark_sure, lambda: bool(self.sure_and_unmarked()))
        act.bind("today.unmark", self.unmark, lambda: bool(page.model.marked))
        act.bind("today.extend_down", lambda: self.extend(1), has_card)
        act.bind("today.extend_up", lambda: self.extend(-1), has_card)
        act.bind("today.detail", page.enter, has_card)
        act.bind("today.snooze", self.snooze, has_card)
        act.bind("today.why", lambda: self._frame.go("taxes", ladder=True), has_card)
        act.bind("today.learned", page.teaching.show_learned, lambda: page.teaching.count > 0)
        act.bind("today.alike", page.teaching.show_alike, has_card)
        act.bind("today.always", self.always, has_memory)
        act.attach("today", page.list)
        act.attach("today", page.detail)

    def confirm(self) -> None:
        """Book the current question as chosen, or all that are marked as suggested."""
        if self._page.together:
            self._confirm_marked()
            return
        answering = self._page.current.answering
        if answering is None or not answering.can_confirm:
            self._frame.toast("Choose what it is first: 1 to 9.", undo=False)
            return
        item_id, given = answering.card.item.id, answering.answered()
        self._settle({item_id}, lambda books: view_model.answer(books, item_id, given), answering.said())

    def _confirm_marked(self) -> None:
        model = self._page.model
        wanted = [card for card in model.cards if card.item.id in model.marked]
        sure = [card.item.id for card in wanted if card.sure != naming.NO_SUGGESTION]
        if len(sure) < len(wanted):
            self._frame.toast("Some marked questions have no suggestion; answer those one by one.", undo=False)
            return
        own = next((card for card in wanted if self._page.current.has_own_answer(card)), None)
        if own is not None:
            self._page.list.go_to_card(own.item.id)
            self._frame.toast(f"You chose something else for {own.name}: take its mark away with X first.", undo=False)
            return

        followed = 0

        def work(books: Books) -> Outcome:
            nonlocal followed
            from app.services.review import questions, settling  # noqa: PLC0415

            before = len(questions.items(books))
            outcome, left = settling.confirm_suggestions(books, sure)
            followed = max(0, before - left - len(sure))
            return outcome

        def said() -> str:
            """Say what else it settled: money back follows the purchase it is for."""
            more = f" {followed} more followed from them." if followed else ""
            return f"Confirmed {naming.counted(len(sure), 'question')}.{more}"

        self._settle(set(sure), work, said)

    def _settle(self, ids: set[str], work: Callable[[Books], Outcome], said: str | Callable[[], str]) -> None:
        """Take questions off the list, then write; if that fails they come back."""
        self._page.take(ids)

        def whole(books: Books) -> tuple[int, Memory | None]:
            outcome = work(books)
            from app.services.classify import remembered  # noqa: PLC0415 - after the first answer only

            if outcome.operation is None:
                return 0, None
            count = remembered.count_learned(books, outcome.operation)
            return count, remembered.learned_by(books, outcome.operation) if count == 1 else None

        def done(taught: tuple[int, Memory | None]) -> None:
            self._page.give_back(ids, again=False)
            self._page.teaching.settled(said if isinstance(said, str) else said(), *taught)

        def failed(error: Exception) -> None:
            self._page.give_back(ids, again=True)
            if isinstance(error, NotFound):  # a name nearly the same was answered a moment before
                again = "An earlier answer settled one of them too. Nothing was confirmed: look again."
                self._frame.toast("An earlier answer settled this one too." if len(ids) == 1 else again, undo=False)
            else:
                self._frame.fail(error)

        self._frame.tasks.write(whole, done, failed)

    def choose(self, number: int) -> None:
        page = self._page
        answering = page.current.answering
        if answering is None:
            return
        if number == answering.else_number and (answering.other is None or answering.chosen == number):
            page.current.search_category()
        elif answering.choose(number):
            page.show_current()
        page.current.keep_choice()

    def personal(self) -> None:
        card = self._page.card
        given = view_model.personal(card) if card is not None else None
        if card is not None and given is not None:
            item_id, answered = card.item.id, given.answered()
            self._settle({item_id}, lambda books: view_model.answer(books, item_id, answered), given.said())

    def transfer(self) -> None:
        card = self._page.card
        if card is None or (card.item.type != "transfer" and not card.item.takes_any_line):
            self._frame.toast("This question is about something else.", undo=False)
            return
        item_id = card.item.id

        def work(books: Books) -> Outcome:
            from app.services.review import settling  # noqa: PLC0415

            return settling.transfer(books, item_id)[0]

        self._settle({item_id}, work, f"Booked {card.name} as a movement between your accounts.")

    def snooze(self) -> None:
        card = self._page.card
        if card is None:
            return
        item_id, today = card.item.id, self._frame.session.today

        def work(books: Books) -> Outcome:
            from app.services.review import settling  # noqa: PLC0415

            return settling.snooze(books, item_id, settling.next_month_end(today))

        self._settle({item_id}, work, f"{card.name} comes back at the month’s end.")

    def mark(self) -> None:
        page = self._page
        if page.card is not None:
            page.model.mark(page.card.item.id)

    def sure_and_unmarked(self) -> list[str]:
        """Return the merchants in the list whose suggestion is sure, but for those given another answer already."""
        page = self._page
        return [card.item.id for card in page.model.cards
                if card.item.type == "classify" and card.sure == naming.SURE
                and card.item.id not in page.model.marked and not page.current.has_own_answer(card)]  # fmt: skip

    def mark_sure(self) -> None:
        """Mark what is sure, for one Confirm of them all."""
        page = self._page
        page.model.mark_only(page.model.marked | set(self.sure_and_unmarked()))
        count = naming.counted(len(page.model.marked), "question")
        announce(page.list, f"{count} marked. E confirms them, Escape takes the marks away.")

    def unmark(self) -> None:
        self._page.model.mark_only(set())
        announce(self._page.list, "No question is marked.")

    def extend(self, by: int) -> None:
        page = self._page
        if page.card is not None:
            page.model.mark(page.card.item.id, on=True)
            page.list.step(by)
            page.model.mark(page.card.item.id, on=True)

    def always(self) -> None:
        answering = self._page.current.answering
        if answering is not None and answering.has_memory:
            answering.mode = ONLY_THIS if answering.mode == ALWAYS else ALWAYS
            self._page.show_current()
