"""Splitting a transaction: parts with an amount, a category and a share, and what remains to be told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.core.books import naming
from app.core.dates import year_of
from app.core.money import WHOLE, rate_text
from app.ui.sheets.category_picker import Category, CategoryPicker
from app.ui.theme.fonts import Role
from app.ui.theme.theme import amounts_hidden, current
from app.ui.widgets.amount import amount_text
from app.ui.widgets.buttons import Button, IconButton, LinkButton
from app.ui.widgets.dialog import Sheet
from app.ui.widgets.fields import AmountEdit, LineEdit
from app.ui.widgets.text import Label
from app.ui.widgets.themed import Themed, discard

if TYPE_CHECKING:
    from app.services.books.open_books import Books
    from app.services.books.work import Outcome
    from app.services.ledger.listing import Listed
    from app.services.ledger.transactions import Part
    from app.ui.frame.page import Frame

Typed = tuple[int, str, str, int]
"""Cents with their sign, kind, line, share in basis points."""
_MOST = 12


class SplitSheet(Sheet):
    """Amounts are typed without a sign; all parts carry the sign of the whole unless a minus turns one around."""

    def __init__(
        self, window: QWidget, payee: str, whole_cents: int, parts: Sequence[Typed], year: int,
        done: Callable[[list[Part]], None],
    ) -> None:  # fmt: skip
        super().__init__(window, f"Split {payee}", width=600)
        self._window, self._whole, self._year, self._done = window, whole_cents, year, done
        self._picker = CategoryPicker(window)
        self.rows: list[_PartRow] = []
        self._head_words = Label("", Role.BODY, "muted")
        self.body.addWidget(self._head_words)
        self._lines = QVBoxLayout()
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(current().dp(8))
        self.body.addLayout(self._lines)
        self.remaining = Label("", Role.SMALL_STRONG, "muted")
        self.send = Button("Split", kind="primary")
        self.closed.connect(self.deleteLater)
        for part in parts:
            self._add(part)
        while len(self.rows) < 2:
            self._add(None)
        current().changed.connect(self._tell)
        add = LinkButton("Add a part")
        add.clicked.connect(self._add_rest)
        foot = QHBoxLayout()
        foot.addWidget(add)
        foot.addStretch(1)
        foot.addWidget(self.remaining)
        self.body.addLayout(foot)
        cancel = Button("Cancel")
        cancel.clicked.connect(self.close_box)
        self.send.clicked.connect(self.finish)
        self.add_button(cancel)
        self.add_button(self.send)
        self._tell()

    @property
    def _sign(self) -> int:
        return 1 if self._whole >= 0 else -1

    def left(self) -> int | None:
        """Return what no part has yet, without the sign of the whole; None while an amount cannot be read."""
        try:
            taken = sum(row.amount.cents() or 0 for row in self.rows)
        except ValueError:
            return None
        return abs(self._whole) - taken

    def _add_rest(self) -> None:
        left = self.left()
        row = self._add(None)
        if row is not None and left:
            row.amount.set_cents(left)
        if row is not None:
            row.amount.setFocus()
            row.amount.selectAll()
        self._tell()

    def _add(self, part: Typed | None) -> _PartRow | None:
        if len(self.rows) >= _MOST:
            return None
        row = _PartRow(len(self.rows) + 1)
        if part is not None:
            cents, kind, line, percent = part
            row.amount.set_cents(cents * self._sign)
            row.take(kind, line, self._year)
            row.percent.setText(rate_text(percent))
        row.category.clicked.connect(partial(self._choose, row))
        row.remove.clicked.connect(partial(self._remove, row))
        row.amount.textChanged.connect(self._tell)
        row.percent.textChanged.connect(self._tell)
        for edit in (row.amount, row.percent):
            edit.returnPressed.connect(self.finish)
        self.rows.append(row)
        self._lines.addWidget(row)
        if not self.isHidden():
            self.place_box()
        return row

    def _remove(self, row: _PartRow) -> None:
        if len(self.rows) <= 2:
            return
        self.rows.remove(row)
        discard(row)
        self.rows[-1].amount.setFocus()
        self._tell()
        self.place_box()

    def _choose(self, row: _PartRow) -> None:
        def chosen(category: Category) -> None:
            row.take(category.kind, category.line, self._year)
            self.raise_()
            row.percent.setFocus()
            self._tell()

        self._picker.ask(self._year, chosen, money_in=self._whole > 0)

    def _tell(self) -> None:
        """Say what remains, and let nothing be saved that does not add up."""
        self._head_words.setText(f"{amount_text(self._whole, plus=True)} in parts, each with its own category.")
        left = self.left()
        whole = all(row.is_whole() for row in self.rows)
        if left is None:
            words, color = "An amount cannot be read", "danger"
        elif left:
            words = f"{amount_text(left)} remaining" if left > 0 else f"{amount_text(-left)} too much"
            color = "warn" if left > 0 else "danger"
        else:
            words, color = ("It adds up" if whole else "It adds up; choose the categories"), "money_in"
        self.remaining.setText(words)
        self.remaining.setAccessibleName(words)
        self.remaining.set_color(color)
        for row in self.rows:
            row.remove.setEnabled(len(self.rows) > 2)
        self.send.setEnabled(left == 0 and whole)

    def finish(self) -> None:
        from app.services.ledger.transactions import Part  # noqa: PLC0415 - the sheet is shown before the services load

        self._tell()
        if not self.send.isEnabled():
            return
        parts = []
        for row in self.rows:
            percent = percent_typed(row.percent.text()) or "0"
            whole, _, rest = percent.partition(".")
            share = min(WHOLE, int(whole) * 100 + int((rest + "00")[:2]))
            parts.append(
                Part(cents=(row.amount.cents() or 0) * self._sign, kind=row.kind, line=row.line, percent=share)
            )
        self.close_box()
        self._done(parts)


class _PartRow(Themed, QWidget):
    def __init__(self, number: int) -> None:
        super().__init__()
        self.kind, self.line = "", ""
        self.amount = AmountEdit(name=f"Amount of part {number}")
        self.category = Button("Choose a category", icon="tag", size="foot")
        self.percent = LineEdit("100", name=f"Business share of part {number} in percent")
        self.percent.setText("100")
        self.remove = IconButton("trash", f"Remove part {number}", "foot", framed=False)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self.amount)
        self._row.addWidget(self.category, 1)
        self._row.addWidget(self.percent)
        self._row.addWidget(Label("%", Role.SMALL, "muted"))
        self._row.addWidget(self.remove)
        self.follow_theme()

    def is_whole(self) -> bool:
        """Return whether amount, category and share are told."""
        try:
            return bool(self.amount.cents()) and bool(self.kind) and percent_typed(self.percent.text()) is not None
        except ValueError:
            return False

    def take(self, kind: str, line: str, year: int) -> None:
        """Book the part as this."""
        self.kind, self.line = kind, line
        code = naming.line_code(line, year)
        words = naming.category(kind, line)
        self.category.set_words(words if code == naming.DASH else f"{words}, {code}")

    def restyle(self) -> None:
        dp = current().dp
        self._row.setSpacing(dp(8))
        self.amount.setFixedWidth(dp(116))
        hidden = QLineEdit.EchoMode.Password if amounts_hidden() else QLineEdit.EchoMode.Normal
        self.amount.setEchoMode(hidden)
        self.percent.setFixedWidth(dp(64))


def percent_typed(text: str) -> str | None:
    """Return a percentage of 0 to 100 with at most two decimals as the services take it; None for anything else."""
    words = text.strip().rstrip("%").strip()
    whole, _, part = words.partition(".")
    if not whole.isdecimal() or (part and not part.isdecimal()) or len(part) > 2 or float(words) > 100:
        return None
    return words


def open_split_sheet(frame: Frame, row: Listed, meaning: tuple[str, str, int]) -> SplitSheet:
    """Open the parts of a transaction; the first part starts with all of it. The parts are saved as one operation."""
    assert isinstance(frame, QWidget)
    name = row.merchant or row.text
    whole = row.cents if row.fee_cents is None or row.gross_cents is None else row.gross_cents

    def done(parts: list[Part]) -> None:
        def work(books: Books) -> Outcome:
            from app.services.ledger import transactions  # noqa: PLC0415 - the sheet is shown before the services load

            return transactions.split(books, row.id, parts)

        frame.tasks.write(work, lambda _done: frame.toast(f"Split {name} in {len(parts)}."), frame.fail)

    sheet = SplitSheet(frame, name, whole, [(whole, *meaning)], year_of(row.tax_date), done)
    sheet.open_box()
    return sheet
