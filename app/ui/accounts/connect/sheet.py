"""Connecting a bank, or signing in at one again: one step after the other, and nothing is sent before it is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer

from app.core.errors import AppError, Cancelled
from app.ui.accounts import bank_model
from app.ui.accounts.bank_talk import SheetTalk
from app.ui.accounts.connect.confirm_step import ConfirmStep
from app.ui.accounts.connect.fetch_step import FetchStep
from app.ui.accounts.connect.parts import Column, Point
from app.ui.accounts.connect.setup_step import SetupStep
from app.ui.accounts.connect.wait_step import WaitStep
from app.ui.accounts.connect.words_step import WordsStep
from app.ui.runtime import bank_words
from app.ui.theme.fonts import Role
from app.ui.widgets.announce import announce
from app.ui.widgets.buttons import Button
from app.ui.widgets.dialog import Sheet
from app.ui.widgets.note import Note
from app.ui.widgets.scroll import ScrollArea
from app.ui.widgets.text import Label
from app.ui.widgets.themed import clear, take_out

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QLayout, QWidget

    from app.services.books.open_books import Books
    from app.ui.frame.page import Frame
    from app.ui.runtime.bank_port import Found, Link, Synced
    from app.ui.runtime.tasks import Token

WIDTH = 560


class ConnectSheet(Sheet):
    """`again` is a linked bank that asks to sign in. Closing it at any step calls off what has not happened yet."""

    def __init__(
        self, window: QWidget, frame: Frame, known: Sequence[tuple[int, str]], again: Link | None = None, *,
        finish: bool = False, set_up: bool = False,
    ) -> None:  # fmt: skip
        """`finish` goes on with a bank that was linked and not answered for; `set_up` only sets the way up again."""
        title = f"Sign in at {again.institution} again" if again else "Connect a bank"
        title = "Set up the bank link" if set_up else title
        super().__init__(window, title, width=WIDTH)
        self.frame, self._known, self._again, self._only_set_up = frame, known, again, set_up
        self.bank = frame.bank
        self.talk: SheetTalk | None = None
        self._token: Token | None = None
        self._url = ""
        self._step: QWidget | None = None
        self._linked: list[int] = []
        self._is_over = False
        self.note = Note()
        self.cancel = Button("Cancel")
        self.cancel.clicked.connect(self._say_no)
        self.send = Button("Continue in browser", kind="primary")
        self.send.clicked.connect(self._send)
        self._do: Callable[[], None] = lambda: None
        self.add_button(self.cancel)
        self.add_button(self.send)
        self.bank.synced.connect(self._synced)
        self.bank.changed.connect(self._count)
        self.closed.connect(self._call_off)
        self.closed.connect(self.deleteLater)
        self._accounts: tuple[int, ...] = ()
        if set_up:
            self._choose_way()
        elif finish:
            self._begin(finish=True)
        elif again is not None:
            self._ask_again(again)
        else:
            self._ask_words()

    # --- the steps

    def _put(self, step: QWidget, send: str, do: Callable[[], None], cancel: str = "Cancel") -> None:
        """Show a step in the place of the one before."""
        clear_keeping(self.body, self.note)
        self._step = step
        self.body.addWidget(step)
        self.body.addWidget(self.note)
        step.show()
        self.note.say("")
        self._do = do
        self.send.set_words(send)
        self.send.setVisible(bool(send))
        self.cancel.set_words(cancel)
        for button in (self.send, self.cancel):
            button.setEnabled(True)
        if not self.isHidden():
            self.place_box()
            stops = [each for each in self.focusables() if step.isAncestorOf(each)]
            fields = isinstance(step, (SetupStep, ConfirmStep)) and stops
            (stops[0] if fields else self.send if send else self.cancel).setFocus(Qt.FocusReason.TabFocusReason)

    def open_box(self) -> None:
        super().open_box()
        self.send.setFocus(Qt.FocusReason.TabFocusReason)

    def _send(self) -> None:
        self._do()

    def _ask_words(self) -> None:
        way = self.bank.standing.way
        step = WordsStep(way)
        step.change_wanted.connect(self._choose_way)
        step.ways.changed.connect(lambda _way: self.place_box())
        if way is None:
            self._put(step, "Continue", lambda: self._set_up(step.chosen))
        else:
            self._put(step, "Continue in browser", self._begin)

    def _choose_way(self) -> None:
        """Choose the way anew: the words for each are said once more."""
        step = WordsStep(None)
        step.ways.changed.connect(lambda _way: self.place_box())
        self._put(step, "Continue", lambda: self._set_up(step.chosen))

    def _ask_again(self, link: Link) -> None:
        step = Column()
        step.add(Label(f"{link.institution} gives nothing more until you sign in there once again. Nothing has been "
                       "sent yet.", Role.BODY, "text", wrap=True))  # fmt: skip
        step.add(Point("export", "warn", "Leaves this computer: a request for the bank’s page, with the sealed key of "
                       "this link."))  # fmt: skip
        step.add(Point("check", "money_in", "Never leaves it: your bank password, your books, your passphrase."))
        step.add(Label("The accounts and every row stay as they are.", Role.CAPTION, "muted", wrap=True))
        self._put(step, "Continue in browser", self._begin)

    def _set_up(self, mode: str) -> None:
        step = SetupStep(mode, self.bank.standing.way)
        step.submitted.connect(lambda: self._keep_way(step))
        self._put(step, "Set up and continue", lambda: self._keep_way(step))

    def _keep_way(self, step: SetupStep) -> None:
        if self._token is not None or not step.check():
            self.place_box()
            return
        port = self.bank.port
        if step.mode == bank_model.OWN:
            client, secret, env = step.client_id.text().strip(), step.secret.text().strip(), str(step.env.value())

            def work(books: Books, _token: Token) -> None:
                port.set_up_own_keys(books, client, secret, env=env)
        else:
            url, grant = step.address.text().strip(), step.grant.text().strip()

            def work(books: Books, _token: Token) -> None:
                port.set_up_relay(books, url, grant=grant)

        def kept(_none: None) -> None:
            step.forget()
            self.bank.load()
            self._token = None
            if self._only_set_up:
                self.close_box()
                self.frame.toast("The bank link is set up.", undo=False)
                self.bank.sync_all()
            else:
                self._begin()

        self._ask(work, kept, "Asking the relay" if step.mode == bank_model.RELAY else "Asking Plaid")

    def _ask(self, work: Callable[[Books, Token], None], done: Callable[[None], None], words: str) -> None:
        self.note.say("")
        self.send.setEnabled(False)
        self.send.set_words(words)
        self._token = self.frame.tasks.beside(work, done, self._missed)

    # --- the bank's page

    def _begin(self, *, finish: bool = False) -> None:
        """Ask for the page, open it, and wait for it on the thread beside."""
        talk = self.talk = SheetTalk()
        step = WaitStep()
        step.again_wanted.connect(self._open_again)
        self._put(step, "I finished, check now", talk.wake)
        self.send.setEnabled(False)
        talk.opened.connect(self._open_page)
        talk.told.connect(self._tell)
        talk.asked.connect(self._confirm)
        port, again = self.bank.port, self._again

        def work(books: Books, token: Token) -> tuple[int, ...]:
            talk.runs_under(token)
            if again is None:
                return port.connect(books, talk, only_waiting=finish)
            port.reconnect(books, again.id, talk)
            return (again.id,)

        self._token = self.frame.tasks.beside(work, self._connected, self._missed)

    def _open_page(self, url: str) -> None:
        self._url = url
        if not isinstance(self._step, WaitStep):
            return
        self._step.again.setEnabled(True)
        self.send.setEnabled(True)
        self.send.setFocus(Qt.FocusReason.TabFocusReason)
        self._step.tell("waiting")
        self._open_again()

    def _open_again(self) -> None:
        if self._url and not self.bank.open_page(self._url):
            self._complain("No browser could be opened. Start one, then press “Open the page once more”.")

    def _tell(self, state: str) -> None:
        if isinstance(self._step, WaitStep):
            self._step.tell(state)
            announce(self, self._step.title.text())
            self.place_box()

    def _confirm(self, found: Found) -> None:
        step = ConfirmStep(found, self._known)
        for place in step.places:
            place.target.changed.connect(lambda _to: self.place_box())
        self._put(step, "Yes, fetch it", lambda: self._answer(step), "No, take it off")

    def _answer(self, step: ConfirmStep) -> None:
        assert self.talk is not None
        if step.problem():
            self._complain(step.problem())
            return
        self.talk.answer(step.answer())
        self.send.setEnabled(False)
        self.send.set_words("Connecting")

    # --- the first fetch

    def _connected(self, made: tuple[int, ...]) -> None:
        self._token, self.talk = None, None
        self._linked = list(made)
        if not made:
            self._is_over = True
            self.close_box()
            self.frame.toast("Nothing was connected; the bank was told so.", undo=False)
            return
        self._put(FetchStep(), "Close", self.close_box, "Stop fetching")
        self.bank.load()
        for number in made:
            self.bank.sync(number, by_hand=False)

    def _stop_fetching(self) -> None:
        self.cancel.set_words("Stopping")
        self.cancel.setEnabled(False)
        self.bank.cancel()

    def _count(self) -> None:
        if isinstance(self._step, FetchStep) and self.bank.running in self._linked and self.bank.fetched:
            self._step.tell(self.bank.fetched)

    def _synced(self, connection: int, found: Synced | AppError | None) -> None:
        if connection not in self._linked or self._is_over:
            return
        self._linked.remove(connection)
        if self._linked:
            return
        self._is_over = True
        link = self.bank.link(connection)
        self._accounts = link.accounts if link is not None and self._again is None else ()
        name = link.institution if link is not None else "The bank"
        trouble = self.bank.troubles.get(connection)
        step = Column()
        if trouble is not None:
            step.add(Label(f"{name} is connected. Its rows could not be fetched yet; it is tried again by itself.",
                           Role.BODY, "text", wrap=True))  # fmt: skip
            step.add(Point("alert", "warn", bank_words.error_words(trouble)))
        elif found is None or isinstance(found, AppError):
            step.add(Label(f"{name} is connected. Fetching was stopped; it goes on with the next one.",
                           Role.BODY, "text", wrap=True))  # fmt: skip
        else:
            step.add(Point("check", "money_in", f"{name} is connected. {bank_words.first(found.added)}"))
            if found.joined:
                step.add(Point("link", "muted", bank_words.joined(found.joined)))
            if found.history != "complete":
                title, text, _ = bank_words.loading(name)
                step.add(Point("clock", "muted", f"{title} {text}"))
        self._put(step, "Done", self.close_box, "Show transactions")
        self.cancel.setVisible(bool(self._accounts))

    # --- what goes wrong, and leaving

    def _missed(self, error: Exception) -> None:
        self._token, self.talk = None, None
        if not isinstance(error, AppError):
            self._is_over = True
            self.close_box()
            self.frame.fail(error)
            return
        if isinstance(error, Cancelled):
            return
        if isinstance(self._step, SetupStep):
            self.send.set_words("Set up and continue")
            self.send.setEnabled(True)
        elif isinstance(self._step, (WaitStep, ConfirmStep)):
            self._put(Column(), "Try again", self._begin)
        self._complain(bank_words.error_words(error))

    def _complain(self, words: str) -> None:
        """Say what is wrong, where it can be seen."""
        self.note.say(words)
        self.place_box()
        QTimer.singleShot(0, self, self._show_note)

    def _show_note(self) -> None:
        area = self.box.findChild(ScrollArea)
        if area is not None:
            area.ensureWidgetVisible(self.note)

    def _say_no(self) -> None:
        """Where a bank waits for the person's word this is a no, which takes it off; else it closes."""
        if self._asks and self.talk is not None:
            self.talk.answer(None)
            for button in (self.cancel, self.send):
                button.setEnabled(False)
            self.cancel.set_words("Taking it off")
        elif isinstance(self._step, FetchStep):
            self._stop_fetching()
        elif self._is_over and self._accounts:
            account = self._accounts[0]
            self.close_box()
            self.frame.go("transactions", account_id=account)
        else:
            self.close_box()

    @property
    def _asks(self) -> bool:
        return isinstance(self._step, ConfirmStep) and self.talk is not None and not self._is_over

    def close_box(self) -> None:
        """Call off what runs. While a bank waits for an answer a slip of the hand is none: it stays."""
        if not self._asks:
            super().close_box()

    def _call_off(self) -> None:
        self.bank.synced.disconnect(self._synced)
        self.bank.changed.disconnect(self._count)
        if self._token is not None:
            self._token.cancel()
        if self.talk is not None:
            self.talk.wake()


def clear_keeping(layout: QLayout, kept: QWidget) -> None:
    """Empty a layout, but keep one of its widgets."""
    take_out(kept)
    clear(layout)
