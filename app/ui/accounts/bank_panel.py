"""The banners about linked banks at the top of the page, and the section that offers to connect one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.core.errors import BankRefused
from app.ui.accounts import bank_model
from app.ui.accounts.view_model import private
from app.ui.runtime import bank_words
from app.ui.runtime.bank_port import COMPLETE, GONE, RECONNECT
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.banner import KINDS
from app.ui.widgets.buttons import Button
from app.ui.widgets.icon_label import IconLabel
from app.ui.widgets.paint import ALIGN_MIDDLE, draw_text, fill_round, paint_round
from app.ui.widgets.pane import Section
from app.ui.widgets.text import Label
from app.ui.widgets.themed import Themed, clear, pad

if TYPE_CHECKING:
    from app.ui.runtime.bank_watch import BankWatch

SIGN_IN, DISCONNECT, FINISH, SET_UP = "sign_in", "disconnect", "finish", "set_up"
Said = tuple[str, str, str, str, str, int]
"""Look, what is so, what it means, the button, what it does, and the bank."""


def said(bank: BankWatch) -> list[Said]:
    """Return what is to be said above the accounts, the most pressing first."""
    found: list[Said] = [
        ("info", f"{name} was linked and waits for your word.", "Nothing was fetched yet.", "Look", FINISH, 0)
        for name in bank.standing.unanswered
    ]
    for link in bank.standing.links:
        trouble = bank.trouble_of(link)
        if link.health == RECONNECT:
            found.append(("warn", *bank_words.sign_in(link.institution), SIGN_IN, link.id))
        elif link.health == GONE:
            found.append(("warn", *bank_words.ended(link.institution), DISCONNECT, link.id))
        elif isinstance(trouble, BankRefused) and trouble.retry == "no":
            text, action = bank_words.way_out(trouble), SET_UP if trouble.reason in _SET_UP else ""
            found.append(("warn", f"{link.institution}: {trouble.message}", text, "Set up again" if action else "",
                          action, link.id))  # fmt: skip
        elif link.permission_ends is not None:
            found.append(("info", *bank_words.permission(link), SIGN_IN, link.id))
        elif link.history != COMPLETE and link.synced_at is not None:
            title, text, _ = bank_words.loading(link.institution)
            found.append(("info", title, text, "", "", link.id))
        if link.unread:
            title, text, _ = bank_words.unread(link.institution, link.unread)
            found.append(("warn", title, private(text), "", "", link.id))
    return found


_SET_UP = frozenset({"bad_proof", "bad_certificate", "certificate_expired", "not_found", "misconfigured", "bad_grant"})


class WholeBanner(Themed, QFrame):
    """A banner that shows all it says, on as many lines as it takes: a way out must not end in an ellipsis."""

    acted = Signal()

    def __init__(self, look: str, title: str, text: str, button: str) -> None:
        super().__init__()
        self._look = look
        self._row = QHBoxLayout(self)
        self._row.addWidget(IconLabel(KINDS[look][3], KINDS[look][2], 16, 18), 0, Qt.AlignmentFlag.AlignTop)
        self._texts = QVBoxLayout()
        self._texts.setSpacing(0)
        self._texts.addWidget(Label(title, Role.SMALL_TITLE, wrap=True))
        if text:
            self._texts.addWidget(Label(text, Role.SMALL, wrap=True))
        self._row.addLayout(self._texts, 1)
        if button:
            act = Button(button, size="small")
            act.setAccessibleName(f"{button}: {title}")
            act.clicked.connect(self.acted)
            self._row.addWidget(act, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setAccessibleName(f"{title} {text}".strip())
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.follow_theme()

    def restyle(self) -> None:
        pad(self._row, 14, 9, 10, 9)
        self._row.setSpacing(current().dp(10))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        fill, edge, _, _ = KINDS[self._look]
        paint_round(QPainter(self), QRectF(self.rect()), current().dp(8), fill, edge)


class BankBanners(Themed, QWidget):
    """Emits `wanted` with what a button does and the number of its bank. Hidden while there is nothing to say."""

    wanted = Signal(str, int)

    def __init__(self) -> None:
        super().__init__()
        self._shown: list[Said] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.hide()
        self.follow_theme()

    def restyle(self) -> None:
        self._column.setSpacing(current().dp(8))

    def fill(self, bank: BankWatch) -> None:
        now = said(bank)
        if now == self._shown:
            return
        self._shown = now
        clear(self._column)
        for look, title, text, button, action, number in now:
            banner = WholeBanner(look, title, text, button)
            banner.acted.connect(lambda action=action, number=number: self.wanted.emit(action, number))
            self._column.addWidget(banner)
        self.setVisible(bool(now))


class _Number(Themed, QWidget):
    """The number of a step, on a disc."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self.follow_theme()

    def restyle(self) -> None:
        self.setFixedSize(current().dp(22), current().dp(22))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter, box = QPainter(self), QRectF(self.rect())
        fill_round(painter, box, box.height() / 2, "av")
        draw_text(painter, box, str(self._number), Role.CAPTION_STRONG, "muted", ALIGN_MIDDLE)


class ConnectSection(Section):
    """What connecting a bank is, in three steps, and the button. Emits `wanted`."""

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(IconLabel("link", "accent", 18))
        row.addWidget(Label("Connect a bank", Role.SMALL_TITLE), 1)
        self.add(head)
        self._rows = [row]
        for number, (title, text) in enumerate(bank_model.STEPS, 1):
            self.add(self._step(number, title, text), 10)
        self.button = Button("Connect a bank…", size="foot")
        self.button.clicked.connect(self.wanted)
        self.add(self.button, 12)
        self.why_not = Label("The sample books connect to nothing.", Role.CAPTION, "muted", wrap=True)
        self.add(self.why_not, 6)
        self.why_not.hide()
        self.restyle()

    def _step(self, number: int, title: str, text: str) -> QWidget:
        step = QWidget()
        row = QHBoxLayout(step)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(_Number(number), 0, Qt.AlignmentFlag.AlignTop)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(Label(title, Role.SMALL_STRONG, wrap=True))
        texts.addWidget(Label(text, Role.SMALL, "muted", wrap=True))
        row.addLayout(texts, 1)
        self._rows.append(row)
        return step

    def restyle(self) -> None:
        super().restyle()
        for row in getattr(self, "_rows", ()):
            row.setSpacing(current().dp(10))

    def set_possible(self, *, possible: bool) -> None:
        self.button.setEnabled(possible)
        self.why_not.setVisible(not possible)
