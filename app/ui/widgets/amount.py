"""Amounts as people read them. Every amount the window shows comes from `amount_text`, also the hidden ones."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.ui.theme.fonts import Role
from app.ui.theme.theme import amounts_hidden
from app.ui.widgets.text import Label

MINUS = "\N{MINUS SIGN}"
HIDDEN = "•••••"
HIDDEN_SPOKEN = "amount hidden"


def amount_text(cents: int, *, plus: bool = False) -> str:
    """Return `−$1,234.50`; with `plus` money in carries a plus, for lists that mix both."""
    if amounts_hidden():
        return HIDDEN
    whole, rest = divmod(abs(cents), 100)
    return f"{_sign(cents, plus=plus)}${whole:,}.{rest:02d}"


def amount_in(cents: int, currency: str, *, plus: bool = True) -> str:
    """Return an amount in its own currency: `−$12.50`, `−EUR 12.50`."""
    words = amount_text(cents, plus=plus)
    return words if currency == "USD" else words.replace("$", f"{currency} ")


def whole_text(cents: int, *, plus: bool = False) -> str:
    """Return an amount in whole dollars, half away from zero: for ranges, axes and forecasts, which are not exact."""
    if amounts_hidden():
        return HIDDEN
    dollars = (abs(cents) + 50) // 100
    return f"{_sign(cents if dollars else 0, plus=plus)}${dollars:,}"


def spoken_amount(cents: int) -> str:
    """Return the words a screen reader says: "Money out $12.40"."""
    if amounts_hidden():
        return HIDDEN_SPOKEN
    whole, rest = divmod(abs(cents), 100)
    way = "Money in" if cents > 0 else "Money out" if cents < 0 else "Nothing"
    return f"{way} ${whole:,}.{rest:02d}"


def _sign(cents: int, *, plus: bool) -> str:
    return MINUS if cents < 0 else "+" if plus and cents > 0 else ""


class AmountLabel(Label):
    """An amount, right aligned: money in in its colour with a plus, money out in the colour of text.

    With `plain` it is a sum that only states how much: no colour, no plus.
    """

    def __init__(
        self,
        cents: int = 0,
        role: Role = Role.NAME,
        *,
        plain: bool = False,
        color: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        self._cents = cents
        self._plain = plain
        self._own_color = color
        super().__init__("", role, parent=parent)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def set_cents(self, cents: int) -> None:
        self._cents = cents
        self._on_theme()

    def cents(self) -> int:
        return self._cents

    def restyle(self) -> None:
        shown = amount_text(self._cents, plus=not self._plain)
        if shown != self.text():
            self.setText(shown)
        self.setAccessibleName(spoken_amount(self._cents) if not self._plain else self._plain_spoken())
        money_in = self._cents > 0 and not self._plain and not amounts_hidden()
        self._color = self._own_color or ("money_in" if money_in else "text")
        super().restyle()

    def _plain_spoken(self) -> str:
        return HIDDEN_SPOKEN if amounts_hidden() else amount_text(self._cents).replace(MINUS, "minus ")
