"""Splitting a transaction: parts with an amount, a category and a share, and what is left to give away."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.core.books import naming
from app.core.books.vocabulary import NO_LINE, Kind
from app.core.dates import date_of
from app.core.money import WHOLE
from app.ui.category_picker import Category, CategoryPicker
from app.ui.theme.fonts import Role
from app.ui.theme.theme import amounts_hidden, current
from app.ui.widgets.amount import amount_text
from app.ui.widgets.buttons import Button, IconButton
from app.ui.widgets.dialog import Sheet
from app.ui.widgets.fields import AmountEdit
from app.ui.widgets.text import Label

if TYPE_CHECKING:
    from app.services.books import Books
    from app.services.listing import Listed
    from app.services.unit_of_work import Outcome
    from app.ui.page import Frame


class _PartRow(QWidget):
    """One part: its amount without a sign, and what it is."""

    def __init__(self, cents: int, kind: str, line: str, percent: int) -> None:
        super().__init__()
        self.kind, self.line, self.percent = kind, line, percent
        self.amount = AmountEdit()
        self.amount.setAccessibleName("Amount of this part")
        self.amount.set_cents(cents)
        self.amount.setFixedWidth(current().dp(130))
        self.category = Button(naming.category(kind, line), icon="tag", size="foot")
        self.remove = IconButton("trash", "Remove this part", "foot")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(current().dp(8))
        row.addWidget(self.amount)
        row.addWidget(self.category, 1)
        row.addWidget(self.remove)

    def hide_amount(self, *, hide: bool) -> None:
        self.amount.setEchoMode(QLineEdit.EchoMode.Password if hide else QLineEdit.EchoMode.Normal)

    def take(self, category: Category) -> None:
        self.kind, self.line, self.percent = category.kind, category.line, WHOLE
        self.category.set_words(category.name)


def _typed(part: _PartRow) -> int | None:
    """Return the cents of a part; None while what stands there is no amount."""
    try:
        return part.amount.cents()
    except ValueError:
        return None


class SplitSheet(Sheet):
    def __init__(self, frame: Frame, window: QWidget, row: Listed, meaning: tuple[str, str, int]) -> None:
        super().__init__(window, f"Split {row.merchant or row.text}", width=560)
        self._frame, self._row = frame, row
        self._whole = abs(row.cents if row.fee_cents is None or row.gross_cents is None else row.gross_cents)
        self._sign = 1 if row.cents >= 0 else -1
        self._parts: list[_PartRow] = []
        self._picker = CategoryPicker(window)
        self._whole_words = Label("", Role.SMALL, "muted", wrap=True)
        self.body.addWidget(self._whole_words)
        self._holder = QVBoxLayout()
        self._holder.setSpacing(current().dp(8))
        self.body.addLayout(self._holder)
        add = Button("Add a part", icon="plus")
        add.clicked.connect(lambda: self._add(self._left(), str(Kind.PERSONAL), NO_LINE, WHOLE))
        self.left = Label("", Role.SMALL_STRONG)
        foot = QHBoxLayout()
        foot.addWidget(add)
        foot.addStretch(1)
        foot.addWidget(self.left)
        self.body.addLayout(foot)
        cancel, self.make = Button("Cancel"), Button("Split", kind="primary")
        cancel.clicked.connect(self.close_box)
        self.make.clicked.connect(self._split)
        self.add_button(cancel)
        self.add_button(self.make)
        self._add(self._whole, *meaning)
        self._add(0, str(Kind.PERSONAL), NO_LINE, WHOLE)
        current().changed.connect(self._write_amounts)
        self._write_amounts()

    def _write_amounts(self) -> None:
        """Write every amount as it is to be shown now; while amounts are hidden, typed ones are dots too."""
        row, day = self._row, date_of(self._row.tax_date)
        self._whole_words.setText(f"{amount_text(row.cents)} on {day:%b} {day.day}: {row.text}")
        for part in self._parts:
            part.hide_amount(hide=amounts_hidden())
        self._sum()

    def _add(self, cents: int, kind: str, line: str, percent: int) -> None:
        part = _PartRow(max(cents, 0), kind, line, percent)
        part.amount.textChanged.connect(lambda _text: self._sum())
        part.category.clicked.connect(partial(self._choose, part))
        part.remove.clicked.connect(partial(self._remove, part))
        self._parts.append(part)
        self._holder.addWidget(part)
        part.hide_amount(hide=amounts_hidden())
        self._sum()
        if self.isVisible():
            self.place_box()
            part.amount.setFocus()

    def _remove(self, part: _PartRow) -> None:
        if len(self._parts) > 2:
            at = self._parts.index(part)
            self._parts.remove(part)
            self._parts[min(at, len(self._parts) - 1)].amount.setFocus()
            part.setParent(None)
            part.deleteLater()
            self._sum()
            self.place_box()

    def _choose(self, part: _PartRow) -> None:
        self._picker.ask(date_of(self._row.tax_date).year, part.take, money_in=self._sign > 0)

    def _left(self) -> int:
        return self._whole - sum(_typed(part) or 0 for part in self._parts)

    def _sum(self) -> None:
        left = self._left()
        self.left.setText("adds up" if left == 0 else f"{amount_text(left)} left to give")
        self.left.set_color("money_in" if left == 0 else "warn")
        self.make.setEnabled(left == 0 and all((_typed(part) or 0) > 0 for part in self._parts))

    def _split(self) -> None:
        from app.services.transactions import Part  # noqa: PLC0415

        parts = [
            Part(cents=self._sign * (_typed(part) or 0), kind=part.kind, line=part.line, percent=part.percent)
            for part in self._parts
        ]
        number, name = self._row.id, self._row.merchant or self._row.text

        def work(books: Books) -> Outcome:
            from app.services import transactions  # noqa: PLC0415

            return transactions.split(books, number, parts)

        def done(_outcome: Outcome) -> None:
            self.close_box()
            self._frame.toast(f"Split {name} in {len(parts)}.")

        def failed(error: Exception) -> None:
            self._sum()
            self._frame.fail(error)

        self.make.setEnabled(False)
        self._frame.tasks.write(work, done, failed)


def open_split_sheet(frame: Frame, row: Listed, meaning: tuple[str, str, int]) -> SplitSheet:
    """Open the parts of a transaction; the first part starts with all of it."""
    assert isinstance(frame, QWidget)
    sheet = SplitSheet(frame, frame, row, meaning)
    sheet.closed.connect(sheet.deleteLater)
    sheet.open_box()
    return sheet
