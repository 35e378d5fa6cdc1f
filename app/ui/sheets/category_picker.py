"""Choosing what a transaction is, by typing: every line of Schedule C and everything that is on none."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtWidgets import QWidget

from app.core.books import naming
from app.core.books.vocabulary import LINES, NO_LINE, Kind
from app.ui.widgets.palette_box import PaletteBox, Result

_INCOME = ("C1", "C6")
_LEFT_OUT = {"C2", "C4", "C9", "C9M", "C30", NO_LINE}
"""Lines that are sums, have a page of their own, or are none."""

_OUTSIDE = (
    Kind.PERSONAL, Kind.TRANSFER, Kind.CARD_PAYMENT, Kind.OWNER_DRAW, Kind.OWNER_CONTRIBUTION, Kind.LOAN,
    Kind.TAX_PAYMENT, Kind.WAGES, Kind.INTEREST,
)  # fmt: skip


class Category(NamedTuple):
    """What a transaction may be booked as."""

    kind: str
    line: str
    name: str
    code: str


def categories(year: int, *, money_in: bool) -> list[tuple[str, list[Category]]]:
    """Return all categories in groups, the likely direction first."""

    def on(kind: str, codes: list[str]) -> list[Category]:
        return [Category(kind, code, naming.category(kind, code), naming.line_code(code, year)) for code in codes]

    costs = [code for code in LINES if code not in _LEFT_OUT and code not in _INCOME and code != "S1_OTHER"]
    income = ("Income", on(Kind.INCOME, list(_INCOME)))
    expense = ("Business costs", on(Kind.EXPENSE, costs))
    refund = ("Money back from a cost", on(Kind.REFUND, [code for code in costs if code.startswith("C")]))
    outside = ("Not on Schedule C", [Category(kind, NO_LINE, naming.category(kind, NO_LINE), "") for kind in _OUTSIDE])
    return [income, refund, outside, expense] if money_in else [expense, outside, income]


def fits(query: str, category: Category) -> bool:
    """Return whether typed words mean a category: each word begins one of its words, or is its line."""
    words = f"{category.name} {LINES.get(category.line, '')} {category.kind}".casefold().replace("_", " ").split()
    return all(
        any(word.startswith(part) for word in words) or part == category.code.casefold()
        for part in query.casefold().split()
    )


def begins(query: str, category: Category) -> bool:
    """Return whether typed words are how a category's name or line begins: those stand first."""
    typed = query.casefold().strip()
    return category.name.casefold().startswith(typed) or category.code.casefold() == typed


class CategoryPicker:
    """The palette, filled with categories. Calls `chosen` with the one taken."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._box: PaletteBox | None = None
        self._groups: list[tuple[str, list[Category]]] = []
        self._chosen: Callable[[Category], None] = lambda _category: None

    def ask(self, year: int, chosen: Callable[[Category], None], *, money_in: bool) -> None:
        """Open over the window; `chosen` hears the category, or nothing when it is closed."""
        self._groups = categories(year, money_in=money_in)
        self._chosen = chosen
        box = self._box = PaletteBox(self._window, placeholder="Category or line")
        box.setAccessibleName("Choose a category")
        box.query_changed.connect(self._show)
        box.activated.connect(self._take)
        box.closed.connect(box.deleteLater)
        box.open_box()
        self._show("")

    def _show(self, query: str) -> None:
        if self._box is None:
            return
        self._box.set_results([
            (
                group,
                [
                    Result(f"{each.kind}/{each.line}", "tag", each.name, f"line {each.code}" if each.code else "")
                    for each in sorted(found, key=lambda each: not begins(query, each))
                    if fits(query, each)
                ],
            )
            for group, found in self._groups
        ])  # fmt: skip

    def _take(self, id_: str) -> None:
        self._box = None
        for _, found in self._groups:
            for each in found:
                if f"{each.kind}/{each.line}" == id_:
                    self._chosen(each)
                    return
