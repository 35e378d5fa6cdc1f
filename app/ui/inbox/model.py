"""The list of questions: one row a question, and under an opened one its transactions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from app.core.books import naming
from app.ui.widgets.amount import amount_in, spoken_amount
from app.ui.widgets.tips import tip

if TYPE_CHECKING:
    from app.services.ledger.listing import Listed
    from app.services.review.inbox import Card

Index = QModelIndex | QPersistentModelIndex
ENTRY = Qt.ItemDataRole.UserRole
_MOST_ROWS = 40


class Entry(NamedTuple):
    """A question (`row` None), one of its transactions, or the line that says how many more there are."""

    card: Card
    row: Listed | None = None
    more: int = 0


class QuestionList(QAbstractListModel):
    """`opened_changed` comes when a question is opened or closed, before its rows come or go."""

    opened_changed = Signal()
    marks_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.entries: list[Entry] = []
        self.cards: tuple[Card, ...] = ()
        self.opened: set[str] = set()
        self.marked: set[str] = set()

    def show(self, cards: tuple[Card, ...]) -> None:
        self.beginResetModel()
        said = {card.item.id: card.suggestion for card in self.cards}
        self.cards = cards
        self.opened &= {card.item.id for card in cards}
        # A mark is for the suggestion that stood there when it was set.
        self.marked &= {card.item.id for card in cards if said.get(card.item.id) == card.suggestion}
        self.entries = [entry for card in cards for entry in self._entries_of(card)]
        self.endResetModel()

    def _entries_of(self, card: Card) -> list[Entry]:
        found = [Entry(card)]
        if card.item.id in self.opened and len(card.item.rows) > 1:
            rows = sorted(card.item.rows, key=lambda row: (-row.tax_date, -row.id))
            found += [Entry(card, row) for row in rows[:_MOST_ROWS]]
            if len(rows) > _MOST_ROWS:
                found.append(Entry(card, None, len(rows) - _MOST_ROWS))
        return found

    def toggle(self, item_id: str, *, opened: bool | None = None) -> None:
        """Open or close a question that has several transactions."""
        row = self.row_of(item_id)
        if row < 0 or len(self.entries[row].card.item.rows) < 2:
            return
        wanted = item_id not in self.opened if opened is None else opened
        if wanted == (item_id in self.opened):
            return
        if wanted:
            self.opened.add(item_id)
            self.opened_changed.emit()
            fresh = self._entries_of(self.entries[row].card)[1:]
            self.beginInsertRows(QModelIndex(), row + 1, row + len(fresh))
            self.entries[row + 1 : row + 1] = fresh
            self.endInsertRows()
        else:
            self.opened.discard(item_id)
            self.opened_changed.emit()
            last = row
            while last + 1 < len(self.entries) and self.entries[last + 1].card.item.id == item_id:
                last += 1
            self.beginRemoveRows(QModelIndex(), row + 1, last)
            del self.entries[row + 1 : last + 1]
            self.endRemoveRows()
        self.dataChanged.emit(self.index(row), self.index(row))

    def mark(self, item_id: str, *, on: bool | None = None) -> None:
        wanted = item_id not in self.marked if on is None else on
        (self.marked.add if wanted else self.marked.discard)(item_id)
        row = self.row_of(item_id)
        if row >= 0:
            self.dataChanged.emit(self.index(row), self.index(row))
        self.marks_changed.emit()

    def mark_only(self, item_ids: set[str]) -> None:
        """Have these marked and no other."""
        self.marked = item_ids & {card.item.id for card in self.cards}
        if self.entries:
            self.dataChanged.emit(self.index(0), self.index(len(self.entries) - 1))
        self.marks_changed.emit()

    def row_of(self, item_id: str) -> int:
        return next((n for n, e in enumerate(self.entries) if e.card.item.id == item_id and is_card(e)), -1)

    # --- Qt

    def rowCount(self, _parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        return len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's models
        if not index.isValid() or index.row() >= len(self.entries):
            return None
        entry = self.entries[index.row()]
        if role == ENTRY:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.card.name if is_card(entry) else (entry.row.text if entry.row else "")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(entry, marked=entry.card.item.id in self.marked)
        if role == Qt.ItemDataRole.ToolTipRole and is_card(entry):
            sure = f"\n{entry.card.confidence / 100:.0f} % sure" if entry.card.confidence else ""
            return tip(f"{entry.card.item.reason}{sure}")
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Only questions take the current row: arrows and J pass over their transactions."""
        if index.isValid() and is_card(self.entries[index.row()]):
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return Qt.ItemFlag.NoItemFlags


def is_card(entry: Entry) -> bool:
    return entry.row is None and not entry.more


def spoken(entry: Entry, *, marked: bool) -> str:
    """Return a row in words."""
    card = entry.card
    if entry.more:
        return f"and {entry.more} more"
    if entry.row is not None:
        return f"{naming.date_words(entry.row.tax_date)}, {entry.row.text}, {_spoken(entry.row)}"
    amount = amount_in(card.cents, card.currency, plus=False) if card.legs or card.currency != "USD" else spoken_amount(
        card.cents
    )  # fmt: skip
    parts = [card.name, card.count, card.about, card.suggestion, card.sure, amount, "marked" if marked else ""]
    return ", ".join(part for part in parts if part)


def _spoken(row: Listed) -> str:
    return spoken_amount(row.cents) if row.currency == "USD" else amount_in(row.cents, row.currency)
