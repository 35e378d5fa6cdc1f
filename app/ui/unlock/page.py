"""Unlock: one field, one button. Nothing of the books shows; what can be done for damaged ones is begun here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSpacerItem, QVBoxLayout, QWidget

from app.core.errors import AppError, TooSoon, WrongPassphrase
from app.ui.runtime.wiring import Secret
from app.ui.theme import theme
from app.ui.theme.fonts import Role
from app.ui.unlock.card import UnlockCard
from app.ui.unlock.rescue import Rescue
from app.ui.unlock.trouble import TroubleCard
from app.ui.unlock.view_model import Trouble, Way, greeting, trouble_of, with_keys_of_a_backup
from app.ui.widgets.announce import announce
from app.ui.widgets.gap import Gap
from app.ui.widgets.icon_label import IconLabel
from app.ui.widgets.scroll import ScrollArea
from app.ui.widgets.text import Label
from app.ui.widgets.themed import Themed

if TYPE_CHECKING:
    from app.ui.frame.main_window import MainWindow

_SECOND_MS = 1010
"""A tick of the countdown. Qt's usual timer may strike a twentieth too early, and the services count to the
millisecond: a button that is back too soon would refuse the passphrase it asks for."""
_USUAL_HEIGHT = 446
"""Height of the card with nothing wrong: it is centred once, so that the field does not move when a line appears."""


class UnlockPage(Themed, QWidget):
    """The window with locked books in front."""

    keeps_front = False

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self._window, self._session = window, window.session
        self._left = self._session.wait_seconds()
        self._secret = Secret()
        self._was_shown = False
        self._clock = QTimer(self, interval=_SECOND_MS, timerType=Qt.TimerType.PreciseTimer)
        self._clock.timeout.connect(self._tick)
        self.card = UnlockCard(
            needs_passphrase=self._session.needs_passphrase, has_recovery_key=self._session.has_recovery_key
        )
        self.card.submitted.connect(self.unlock)
        self.card.other_books.connect(lambda: window.choose_home("Open other books"))
        self.trouble = TroubleCard()
        self.trouble.chosen.connect(self._go)
        self.rescue = Rescue(window, self.trouble)
        self._column = self._lay_out()
        self.take_files([])
        self.follow_theme()
        if self._session.trouble is not None:
            self._show_trouble(self._session.trouble)
        else:
            self._show_card()
        self._count_down()

    def _lay_out(self) -> QVBoxLayout:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setSpacing(0)
        self._above = QSpacerItem(0, 0)
        column.addItem(self._above)
        middle = QHBoxLayout()  # not an alignment: an aligned widget is asked for its height at the column's width
        middle.addStretch(1)
        middle.addWidget(self.card)
        middle.addWidget(self.trouble)
        middle.addStretch(1)
        column.addLayout(middle)
        column.addWidget(Gap(16))
        column.addStretch(1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(IconLabel("lock", "faint", 14, 18))
        foot.addWidget(Label("One encrypted file on this computer. Nobody can reset its passphrase for you.",
                             Role.CAPTION, "muted", wrap=True))  # fmt: skip
        foot.addStretch(1)
        self._foot = foot
        column.addLayout(foot)
        across = QVBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        self._scroll = ScrollArea(content)
        across.addWidget(self._scroll)
        return column

    def restyle(self) -> None:
        dp = theme.current().dp
        self._column.setContentsMargins(dp(24), 0, dp(24), dp(20))
        self._foot.setSpacing(dp(10))
        self._place()

    def _place(self) -> None:
        dp = theme.current().dp
        room = self.height() - dp(_USUAL_HEIGHT) - dp(38)
        self._above.changeSize(0, max(dp(24), room // 2 + dp(5)))
        self._column.invalidate()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt
        super().resizeEvent(event)
        self._place()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt
        """Ask the keychain at once when the program starts; after a lock only when a person asks."""
        super().showEvent(event)
        session = self._session
        if not self._was_shown and not session.needs_passphrase and session.trouble is None and session.shut is None:
            QTimer.singleShot(0, self, self.unlock)
        self._was_shown = True

    def focus_first(self) -> None:
        (self.trouble if self.card.isHidden() else self.card).focus_first()

    def take_files(self, _paths: object) -> None:
        """Say that files wait until the books are open."""
        words = greeting(
            self._session.shut, self._window.preferences.number("lock/minutes"), len(self._window.incoming.waiting),
            needs_passphrase=self._session.needs_passphrase,
        )  # fmt: skip
        self.card.set_greeting(words.title, words.line)

    # --- opening

    def unlock(self) -> None:
        """Open the books on the writer thread; the window goes on meanwhile."""
        if self.card.is_busy or self._left:
            return
        problem = self.card.problem()
        if problem:
            self.card.say(problem)
            self.card.focus_first()
            return
        self._secret = self._typed()
        self.card.set_busy(busy=True)
        self._session.unlock(
            self._secret.passphrase, self.card.clear, self._failed, recovery_key=self._secret.recovery_key
        )

    def _typed(self) -> Secret:
        if self.card.by_recovery:
            return Secret(recovery_key=self.card.secret())
        return Secret(passphrase=self.card.secret() if self._session.needs_passphrase else None)

    def _failed(self, error: Exception) -> None:
        self.card.set_busy(busy=False)
        if isinstance(error, WrongPassphrase):
            self._left = self._session.wait_seconds()
            self.card.say(
                f"{error.message} {error.hint}" if self.card.by_recovery
                else "This passphrase does not open these books."
            )  # fmt: skip
            self._count_down()
        elif isinstance(error, TooSoon):
            self._left = error.seconds
            self.card.say("Several tries were wrong, so the next one has to wait.")
            self._count_down()
        elif isinstance(error, AppError):
            self._show_trouble(error)
        else:
            self._window.fail(error)

    def _count_down(self) -> None:
        if self._left:
            self._clock.start()
        else:
            self._clock.stop()
        self.card.set_wait(self._left)

    def _tick(self) -> None:
        self._left -= 1
        self._count_down()

    # --- trouble

    def _show_card(self) -> None:
        self.trouble.hide()
        self.card.show()
        self.card.focus_first()

    def _show_trouble(self, error: AppError) -> None:
        found = trouble_of(error, has_recovery_key=self._session.has_recovery_key and not self.card.by_recovery)
        self.rescue.take(self._secret)
        self.trouble.set_trouble(found)
        self.card.hide()
        self.trouble.show()
        self.trouble.focus_first()
        announce(self, f"{found.title}. {found.sentence}")
        if error.code in {"keys_damaged", "keys_missing"}:
            self.rescue.look_for_keys(lambda: self._offer_keys(found))

    def _offer_keys(self, found: Trouble) -> None:
        if self.trouble.isVisible() and self.trouble.title.text() == found.title:
            self.trouble.set_trouble(with_keys_of_a_backup(found))
            self.trouble.focus_first()

    def _go(self, way: str) -> None:
        if way == Way.AGAIN:
            self._try_again()
        elif way == Way.RECOVERY:
            self.card.use_recovery(on=True)
            self._show_card()
        elif way in {Way.KEYS, Way.RESTORE, Way.LOOK, Way.SAVE, Way.GO_ON}:
            self.rescue.go(way)
        elif way == Way.FOLDER:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._session.home)))
        elif way == Way.OTHER:
            self._window.choose_home("Open other books")
        elif way == Way.NEW:
            self._window.choose_home("Choose an empty folder for new books")
        else:
            self._window.close()

    def _try_again(self) -> None:
        """Look at the files anew; where they are whole, the field comes back or the keychain is asked."""
        if self._session.trouble is not None:
            self._session.use_home(self._session.home)  # brings a new page to the front
            return
        self._show_card()
        if not self.card.problem():
            self.unlock()


PAGE = UnlockPage
