"""What a rule would change, as a table: by line before and after, and the first rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from app.core.books import naming
from app.core.books.naming import counted
from app.core.dates import year_of
from app.ui.theme import theme
from app.ui.theme.fonts import Role
from app.ui.widgets.amount import amount_text
from app.ui.widgets.text import ElidedLabel, Label
from app.ui.widgets.themed import Themed, clear

if TYPE_CHECKING:
    from app.services.books.open_books import Books
    from app.services.classify.rule_trials import Effect

_LINES = 4
_ROWS = 4


class Example(NamedTuple):
    """One row that would stand otherwise."""

    day: str
    name: str
    cents: int
    before: str
    after: str


class Tried(NamedTuple):
    effect: Effect
    examples: tuple[Example, ...]


def tried(books: Books, effect: Effect) -> Tried:
    """Add the first rows, as the lists show them."""
    from app.services.ledger import finding  # noqa: PLC0415 - the window is painted before they load
    from app.services.tax import taxes  # noqa: PLC0415 - the window is painted before they load

    first = {row.transaction_id: row for row in effect.rows[-_ROWS:]}
    rows = books.transactions.block(sorted(first, reverse=True))
    this_year = year_of(taxes.today(books))
    return Tried(
        effect,
        tuple(
            Example(
                naming.day_words(row.tax_date, this_year), shown.payee, row.cents,
                naming.category(*first[row.id].before), naming.category(*first[row.id].after),
            )
            for row, shown in zip(rows, finding.shown(books, rows), strict=True)
        ),
    )  # fmt: skip


def said(effect: Effect) -> str:
    """Return in a sentence what a rule would change."""
    changed, decided = len(effect.rows), effect.decided
    own = (
        f" {counted(decided, 'transaction')} you booked yourself {'stays' if decided == 1 else 'stay'}."
        if decided
        else ""
    )
    if changed:
        return f"{counted(changed, 'transaction')} would be booked otherwise.{own}"
    if effect.matched:
        return f"No transaction would change now; {counted(effect.matched, 'transaction')} stand so already.{own}"
    return f"No transaction would change now.{own}"


class Trial(Themed, QWidget):
    """The table. Amounts are as the window shows them."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("What the rule would change")
        self._tried: Tried | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(1, 1)
        self.follow_theme()
        self.hide()

    def restyle(self) -> None:
        self._grid.setHorizontalSpacing(theme.current().dp(12))
        self._grid.setVerticalSpacing(theme.current().dp(4))
        if self._tried is not None:
            self.show_tried(self._tried)

    def clear(self) -> None:
        self._tried = None
        clear(self._grid)
        self.hide()

    def show_tried(self, found: Tried) -> None:
        clear(self._grid)
        self._tried = found
        self.setVisible(bool(found.effect.rows))
        if not found.effect.rows:
            return
        self._line("", "On the line", "Now", "With the rule", role=Role.CAPTION)
        for line in found.effect.lines[:_LINES]:
            self._line(
                "", naming.category(line.kind, line.line), _sum(line.before_cents, line.before_count),
                _sum(line.after_cents, line.after_count),
            )  # fmt: skip
        for each in found.examples:
            self._line(each.day, each.name, f"{amount_text(each.cents, plus=True)}  {each.before}", each.after)
        rest = len(found.effect.rows) - len(found.examples)
        if rest > 0:
            self._line("", f"and {rest:,} more", "", "")

    def _line(self, day: str, name: str, before: str, after: str, *, role: Role = Role.SMALL) -> None:
        at = self._grid.rowCount()
        right = Qt.AlignmentFlag.AlignRight
        self._grid.addWidget(Label(day, role, "muted"), at, 0)
        self._grid.addWidget(ElidedLabel(name, role, "muted" if role is Role.CAPTION else "text"), at, 1)
        self._grid.addWidget(Label(before, role, "muted"), at, 2, right)
        self._grid.addWidget(Label(after, role, "muted" if role is Role.CAPTION else "text"), at, 3, right)


def _sum(cents: int, count: int) -> str:
    return f"{amount_text(cents, plus=True)} ({count:,})" if count else naming.DASH
