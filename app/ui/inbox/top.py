"""What stands above the questions, the card and the banner, and how much room of the page they may have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout

from app.ui.inbox.alert import AlertBanner
from app.ui.inbox.hero import Hero
from app.ui.theme.theme import current

if TYPE_CHECKING:
    from app.services.today import Today
    from app.ui.frame.page import Frame

_SHORT_UNDER = 420
"""Height of the page (at 100 %) under which the card is kept short."""
_FLAT_UNDER = 340
"""Height of the page (at 100 %) under which the card goes; the page Taxes says the same."""
_BANNER = 52


class Top(QVBoxLayout):
    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self.hero = Hero()
        self.hero.why.connect(lambda: frame.go("taxes", ladder=True))
        self.hero.household.connect(lambda: frame.go("settings", section="profile"))
        self.banner = AlertBanner(frame)
        self._summary: Today | None = None
        for part in (self.hero, self.banner):
            self.addWidget(part)

    def restyle(self) -> None:
        dp = current().dp
        self.setContentsMargins(dp(24), 0, dp(24), 0)
        self.setSpacing(dp(12))

    def forget(self) -> None:
        self._summary = None

    def show_summary(self, summary: Today) -> None:
        """Show a day."""
        self._summary = summary
        self.hero.show_summary(summary)
        self.banner.show_alert(summary.alert)

    def show_again(self) -> None:
        """Show the same figures anew: their text may be hidden, or have more room."""
        if self._summary is not None:
            self.hero.show_summary(self._summary)

    def fit(self, height: int) -> bool:
        """Keep the card short where the page is low or its text large; return whether that differs from before."""
        differs = self.hero.set_short(on=height < current().dp(_SHORT_UNDER + self._taken_by_banner))
        if differs:
            self.show_again()
        return differs

    def is_flat(self, width: int, height: int) -> bool:
        """Return whether there is room for the questions alone: very large text on a small screen.

        Half an amount would be another amount: a card too narrow for its figures goes as one too high does.
        """
        room = width - 2 * current().dp(24)
        too_low = height < current().dp(_FLAT_UNDER + self._taken_by_banner)
        return too_low or room < self.hero.minimumSizeHint().width()

    @property
    def _taken_by_banner(self) -> int:
        """How much of the height (at 100 %) goes to what a banner says above the questions."""
        return 0 if self.banner.isHidden() else _BANNER
