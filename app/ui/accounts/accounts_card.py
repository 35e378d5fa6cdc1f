"""The card of the accounts: the list, and the sum of what they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.ui.accounts.delegate import AccountList, balance_from_right
from app.ui.accounts.view_model import balance
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.card import INSET, Card
from app.ui.widgets.paint import ALIGN_RIGHT, draw_text
from app.ui.widgets.themed import Themed

if TYPE_CHECKING:
    from app.services.ledger.account_page import AccountPage


class AccountsCard(Card):
    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Accounts")
        self.list = AccountList()
        self.total = TotalRow()
        self.body.addWidget(self.list)
        self.body.addWidget(self.total)

    def fill(self, page: AccountPage) -> None:
        self.list.fill(page.accounts)
        self.total.set_totals(page.totals)


class TotalRow(Themed, QWidget):
    """The sum, ending where the balances end; other currencies stand beside it, no rate is made up."""

    def __init__(self) -> None:
        super().__init__()
        self._totals: dict[str, int] | None = None
        self.follow_theme()

    def set_totals(self, totals: dict[str, int]) -> None:
        self._totals = dict(totals)
        self._on_theme()

    def texts(self) -> tuple[str, str]:
        """Return the label and the amount; no amount before the accounts are known."""
        if self._totals is None:
            return "Balance, all accounts", ""
        others = [balance(cents, currency) for currency, cents in sorted(self._totals.items()) if currency != "USD"]
        label = "Balance, all accounts"
        if others:
            label += f" in dollars; besides {', '.join(others)}"
        return label, balance(self._totals.get("USD", 0), "USD")

    def restyle(self) -> None:
        self.setFixedHeight(current().dp(40))
        self.setAccessibleName(": ".join(self.texts()))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        look, painter = current(), QPainter(self)
        radius = look.dp(9)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(look.color("sunken"))
        painter.setBrush(look.color("sunken"))
        box = QRectF(self.rect()).adjusted(0.5, -radius, -0.5, -0.5)
        painter.setClipRect(self.rect())
        painter.drawRoundedRect(box, radius, radius)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.fillRect(0, 0, self.width(), 1, look.color("border"))
        label, amount = self.texts()
        inner = QRectF(self.rect()).adjusted(look.dp(INSET), 1, -balance_from_right(self.width()), 0)
        width = draw_text(painter, inner, amount, Role.CARD_TITLE, "text", ALIGN_RIGHT)
        inner.setRight(inner.right() - width - look.dp(16))
        draw_text(painter, inner, label, Role.SMALL, "muted", elide=True)
