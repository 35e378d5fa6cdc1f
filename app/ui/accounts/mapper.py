"""A table nobody described: its first rows, and over each column what it seems to be, for a person to say otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.ui.accounts.import_model import COLUMN_ROLES, can_be_read
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.buttons import Button, DropDown, Segmented
from app.ui.widgets.card import INSET
from app.ui.widgets.text import ElidedLabel, Label
from app.ui.widgets.themed import Themed, pad

if TYPE_CHECKING:
    from app.services.ingest.import_preview import Column, Preview

COLUMN = 148
SAVED = "The layout is saved with the import for the next file like this."
SAVED_DATES = "The answer is saved with the import for the next file like this."


class Mapper(Themed, QWidget):
    """Emits `column_said` with (column key, role), `dates_said`, `sign_said`, `accepted` for all as they stand."""

    accepted = Signal()
    column_said = Signal(str, str)
    dates_said = Signal(str)
    sign_said = Signal(str)

    def __init__(self, shown: Preview) -> None:
        super().__init__()
        self.drops: dict[str, DropDown] = {}
        self.dates: DropDown | None = None
        self.sign: Segmented | None = None
        self.accept: Button | None = None
        self._column = QVBoxLayout(self)
        self._column.addWidget(
            Label("Which column is which" if shown.columns else "How the dates are written", Role.SMALL_TITLE)
        )
        self._table = QWidget()
        self._grid = QGridLayout(self._table)
        for at, column in enumerate(shown.columns):
            drop = DropDown(list(COLUMN_ROLES), column.role or "", size="small", name=column.name)
            drop.changed.connect(lambda role, key=column.key: self.column_said.emit(key, str(role)))
            self.drops[column.key] = drop
            self._grid.addWidget(drop, 0, at)
            self._grid.addWidget(ElidedLabel(_headed(column), Role.CAPTION_STRONG, "muted"), 1, at)
            for line, row in enumerate(shown.raw_rows):
                self._grid.addWidget(ElidedLabel(row[at] if at < len(row) else "", Role.SMALL), 2 + line, at)
        if shown.columns:
            self._column.addWidget(_Sideways(self._table))
        else:
            self._table.setParent(self)
            self._table.hide()
        self._column.addLayout(self._choices(shown))
        self._column.addWidget(Label(SAVED if shown.columns else SAVED_DATES, Role.CAPTION, "muted", wrap=True))
        self.follow_theme()

    def _choices(self, shown: Preview) -> QHBoxLayout:
        row = QHBoxLayout()
        if "date_order" in shown.can_change:
            orders = [("mdy", "Month first"), ("dmy", "Day first")]
            if shown.date_order is None:
                orders.insert(0, ("", "Choose" if shown.asks == "date_order" else "As they stand"))
            self.dates = DropDown(orders, shown.date_order or "", size="small", name="Order of the dates")
            self.dates.changed.connect(lambda order: self.dates_said.emit(str(order)))
            row.addWidget(Label("Dates", Role.SMALL, "muted"))
            row.addWidget(self.dates)
            row.addSpacing(current().dp(16))
        if "sign" in shown.can_change:
            self.sign = Segmented(
                [("signed", "Minus is money out"), ("flipped", "Minus is money in")], shown.sign or "signed",
                name="Sign of the amounts",
            )  # fmt: skip
            self.sign.changed.connect(lambda sign: self.sign_said.emit(str(sign)))
            row.addWidget(Label("Amounts", Role.SMALL, "muted"))
            row.addWidget(self.sign)
        row.addStretch(1)
        if shown.asks == "columns" and can_be_read(shown):
            self.accept = Button("Read it this way", icon="check", size="small")
            self.accept.clicked.connect(self.accepted)
            row.addWidget(self.accept)
        self._choice_row = row
        return row

    def restyle(self) -> None:
        dp = current().dp
        pad(self._column, INSET, 10, INSET, 12)
        self._column.setSpacing(dp(10))
        self._grid.setContentsMargins(0, 0, 0, dp(4))
        self._grid.setHorizontalSpacing(dp(12))
        self._grid.setVerticalSpacing(dp(4))
        for at in range(self._grid.columnCount()):
            self._grid.setColumnMinimumWidth(at, dp(COLUMN))
        self._choice_row.setSpacing(dp(8))


def _headed(column: Column) -> str:
    return f"{column.name}, guessed" if column.role and column.confidence != "sure" else column.name


class _Sideways(QScrollArea):
    """As high as its content; a table with many columns scrolls sideways."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._content = content
        self.setWidget(content)
        content.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)

    def showEvent(self, event: object) -> None:  # noqa: N802 - Qt's name
        super().showEvent(event)  # type: ignore[arg-type]
        self.setFixedHeight(self._content.sizeHint().height() + current().dp(10))
