"""What a table's cell shows, and what it says to those who do not see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt

from app.ui.widgets.amount import amount_text, spoken_amount
from app.ui.widgets.paint import ALIGN_LEFT, ALIGN_RIGHT, Check
from app.ui.widgets.tips import tip

CELL_ROLE = Qt.ItemDataRole.UserRole + 1
"""The model's data role for a `Cell`."""

CHECK_WORDS = {Check.OFF: "not selected", Check.PARTLY: "partly selected", Check.ON: "selected"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """`kind`: text, strong, name, muted, bank, line, amount, check, icon, badge or status (icon and words).

    `quiet` mutes an amount (own transfers), `plain` drops its plus and colour (pairs, sums). `question` puts the ring
    of an open question before the text. `strip` is a colour token for a mark before the text (share bars).
    """

    kind: str = "text"
    text: str = ""
    cents: int = 0
    quiet: bool = False
    plain: bool = False
    check: Check = Check.OFF
    icon: str = ""
    badge: str = "neutral"
    color: str = ""
    question: bool = False
    gutter: bool = False
    strip: str = ""
    right: bool = False
    tip: str = ""
    spoken: str = ""

    def shown(self) -> str:
        if self.kind == "amount" and not self.text:
            return amount_text(self.cents, plus=not self.plain)
        return self.text

    def aloud(self) -> str:
        """Return the words a screen reader says."""
        if self.spoken:
            return self.spoken
        if self.kind == "amount" and not self.text:
            return amount_text(self.cents) if self.plain else spoken_amount(self.cents)
        if self.kind == "check":
            return CHECK_WORDS[self.check]
        words = self.text or self.tip
        return f"{words}, needs an answer" if self.question else words

    def on_right(self) -> bool:
        return self.right or self.kind == "amount"


def cell_data(cell: Cell, role: int) -> Any:  # noqa: ANN401 - what Qt's models return
    """Answer a model's `data` for one cell."""
    if role == CELL_ROLE:
        return cell
    if role == Qt.ItemDataRole.DisplayRole:
        return cell.shown()
    if role == Qt.ItemDataRole.AccessibleTextRole:
        return cell.aloud()
    if role == Qt.ItemDataRole.ToolTipRole:
        return tip(cell.tip) or None
    if role == Qt.ItemDataRole.TextAlignmentRole:
        return ALIGN_RIGHT if cell.on_right() else ALIGN_LEFT
    return None
