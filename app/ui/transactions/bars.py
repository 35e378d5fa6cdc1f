"""What stands under the list: what to do with the marked rows, and what the rows of the filter come to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QWidget

from app.core.books.naming import counted
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.amount import AmountLabel
from app.ui.widgets.buttons import Button, CheckBox, IconButton
from app.ui.widgets.text import Label, StrongLabel
from app.ui.widgets.themed import Themed, pad

if TYPE_CHECKING:
    from app.services.ledger.finding import Found
    from app.ui.frame.actions import Actions

BULK, TOTALS = 52, 44
_BUTTONS = (
    ("category", "Category", "tag"),
    ("share", "Share", None),
    ("transfer", "Transfer", "transfer"),
    ("delete", "Delete", "trash"),
)
_GIVE_WAY = ("delete", "transfer", "share", "category")
_ALWAYS_IN_MENU = ("split", "merge", "keep_apart", "restore", "export")


class _Bar(Themed, QWidget):
    fill, line, height_px = "sunken", "border", TOTALS

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.row = QHBoxLayout(self)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def restyle(self) -> None:
        pad(self.row, 24, 1, 24, 0)
        self.setFixedHeight(current().dp(self.height_px))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """A bar never makes the window wider: what has no room gives way."""
        return QSize(0, current().dp(self.height_px))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter, look = QPainter(self), current()
        painter.fillRect(self.rect(), look.color(self.fill))
        painter.fillRect(0, 0, self.width(), 1, look.color(self.line))


class BulkBar(_Bar):
    """Shows while rows are marked; what finds no room moves into its menu. Its buttons are the page's commands."""

    fill, line, height_px = "sel", "sel_line", BULK
    closed = Signal()

    def __init__(self, commands: Actions) -> None:
        super().__init__("Marked transactions")
        self._commands = commands
        self.check = CheckBox(name="Take all marks away")
        self.check.clicked.connect(self.closed)
        self.count = Label("", Role.CARD_TITLE)
        self.sum = AmountLabel(0, Role.BODY, color="muted")
        self.sum.setToolTip("Own transfers are not counted")
        self.row.addWidget(self.check)
        self.row.addWidget(self.count)
        self.row.addWidget(self.sum)
        self.row.addStretch(1)
        self.buttons: dict[str, Button] = {}
        for name, words, icon in _BUTTONS:
            self._button(name, Button(words, icon=icon, key=self._key(name)))
        self.confirm = Button("Confirm", kind="primary", key=self._key("confirm"))
        self._button("confirm", self.confirm)
        self.more = IconButton("more", "More to do with the marked", framed=False)
        self.more.clicked.connect(self._open_more)
        self.close_button = IconButton("close", "Take all marks away", "small", framed=False)
        self.close_button.clicked.connect(self.closed)
        self.row.addWidget(self.more)
        self.row.addWidget(self.close_button)
        self.follow_theme()

    def _key(self, name: str) -> str:
        return self._commands.key_text(self._commands.specs[f"transactions.{name}"])

    def _button(self, name: str, button: Button) -> None:
        button.clicked.connect(lambda _on=False: self._commands.trigger(f"transactions.{name}"))
        self.buttons[name] = button
        self.row.addWidget(button)

    def show_marks(self, count: int) -> None:
        self.check.setChecked(True)
        self.count.setText(f"{count:,} selected")
        self.confirm.set_words(f"Confirm {count:,}")
        self.sum.hide()
        self._fit()

    def show_sum(self, cents: int) -> None:
        self.sum.set_cents(cents)
        self.sum.show()
        self._fit()

    def restyle(self) -> None:
        super().restyle()
        pad(self.row, 20, 1, 16, 0)  # the boxes of both buttons reach 4 and 8 px beyond what they show
        self.row.setSpacing(current().dp(8))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        dp = current().dp
        fixed = [self.check, self.count, self.sum, self.confirm, self.more, self.close_button]
        shown = [name for name, _, _ in _BUTTONS]
        while shown:
            widths = [part.sizeHint().width() for part in [*fixed, *(self.buttons[name] for name in shown)]]
            if sum(widths) + dp(8) * (len(widths) + 1) + dp(48) <= self.width():
                break
            shown.remove(next(name for name in _GIVE_WAY if name in shown))
        for name, _, _ in _BUTTONS:
            self.buttons[name].setVisible(name in shown)

    def in_menu(self) -> list[str]:
        """Return what the menu holds now."""
        return [name for name, _, _ in _BUTTONS if self.buttons[name].isHidden()] + list(_ALWAYS_IN_MENU)

    def _open_more(self) -> None:
        menu = QMenu(self)
        for name in self.in_menu():
            if self._commands.can(f"transactions.{name}"):
                menu.addAction(self._commands[f"transactions.{name}"])
        _pop_up(menu, self.more)


def _pop_up(menu: QMenu, under: QWidget) -> None:
    """Open a menu above a button of the lower edge."""
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(under.mapToGlobal(QPoint(0, -menu.sizeHint().height() - current().dp(4))))
    first: Sequence[QAction] = menu.actions()
    if first:
        menu.setActiveAction(first[0])


class TotalsBar(_Bar):
    """The sums of the filter and what they leave out."""

    def __init__(self) -> None:
        super().__init__("Totals of the filter")
        self.count = StrongLabel("", "", Role.SMALL, Role.SMALL_TITLE)
        self.left_out = Label("", Role.SMALL, "muted")
        self.sums: dict[str, AmountLabel] = {}
        self._pairs: list[QWidget] = []
        self.row.addWidget(self.count)
        self.row.addWidget(self.left_out)
        self.row.addStretch(1)
        for name in ("in", "out", "net"):
            holder = QWidget()
            pair = QHBoxLayout(holder)
            pair.setContentsMargins(0, 0, 0, 0)
            pair.addWidget(Label(name, Role.SMALL, "muted"))
            net = name == "net"
            self.sums[name] = AmountLabel(
                0, Role.SMALL_TITLE if net else Role.SMALL_STRONG, color="text" if net else None
            )
            pair.addWidget(self.sums[name])
            self._pairs.append(holder)
            self.row.addWidget(holder)
        self.follow_theme()

    def show_found(self, found: Found) -> None:
        self.count.set_texts(f"{found.count:,}", " transaction" if found.count == 1 else " transactions")
        left = ["own transfers not counted"] if found.transfers_left_out else []
        if found.foreign_left_out:
            left.append(f"{counted(found.foreign_left_out, 'row')} in another currency without a rate not counted")
        self.left_out.setText(", ".join(left))
        self.left_out.setToolTip(
            f"{counted(found.transfers_left_out, 'movement')} between own accounts" if found.transfers_left_out else ""
        )
        for name, cents in (("in", found.in_cents), ("out", found.out_cents), ("net", found.net_cents)):
            self.sums[name].set_cents(cents)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Let words go before an amount would be cut, and then the sums that the net is made of."""
        dp = current().dp
        shown: list[QWidget] = [self.left_out, self.count, *self._pairs]
        while len(shown) > 1 and sum(part.sizeHint().width() + dp(24) for part in shown) + dp(48) > self.width():
            shown.pop(0)
        for part in (self.left_out, self.count, *self._pairs):
            part.setVisible(part in shown)
        self.count.setAccessibleDescription("" if self.left_out in shown else self.left_out.text())

    def restyle(self) -> None:
        super().restyle()
        self.row.setSpacing(current().dp(24))
        for pair in self._pairs:
            layout = pair.layout()
            assert layout is not None
            layout.setSpacing(current().dp(8))
        self._fit()
