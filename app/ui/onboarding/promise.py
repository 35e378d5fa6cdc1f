"""The left column of first run: what the program promises, where one is, and an example."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.ui.theme import icons
from app.ui.theme.fonts import Role
from app.ui.theme.theme import current
from app.ui.widgets.amount import AmountLabel
from app.ui.widgets.bars import ProgressBar
from app.ui.widgets.gap import Gap
from app.ui.widgets.icon_label import IconLabel
from app.ui.widgets.paint import ALIGN_MIDDLE, draw_text, fill_round
from app.ui.widgets.text import Label
from app.ui.widgets.themed import Themed, pad

if TYPE_CHECKING:
    from app.ui.onboarding.view_model import Example

STEPS = (
    "Bring in activity", "Choose a passphrase", "Keep the recovery key", "Two answers", "See what to set aside",
)  # fmt: skip
_WIDE, _INSET = 425, 48
_WIDE_FROM = 1240
"""Width of the window (at 100 %) from which the column has all its room."""


class _Room(NamedTuple):
    """How much space the column takes, in px of the design."""

    top: int
    bottom: int
    gaps: tuple[int, int]
    step: int
    title: Role
    example: bool


_ROOMS = (
    _Room(45, 44, (62, 44), 44, Role.FIRST_RUN, example=True),
    _Room(28, 24, (24, 16), 44, Role.FIRST_RUN, example=False),
    _Room(24, 20, (20, 12), 36, Role.UNLOCK, example=False),
)
"""From the design to the least."""


class Promise(Themed, QFrame):
    """Takes 425 px of a wide window, less of a smaller one."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("promise")
        self._width = _WIDE
        self._inset = _INSET
        self._mark = Brand()
        self._title = Label("Know what to set aside from every deposit.", Role.FIRST_RUN, wrap=True)
        self._sentence = Label("Bring in your bank activity, answer a few questions, and see one number for tax.",
                               Role.BODY, "muted", wrap=True)  # fmt: skip
        self.steps = [Step(number, text) for number, text in enumerate(STEPS, start=1)]
        self.example = ExampleCard()
        self._shield = QHBoxLayout()
        self._shield.addWidget(IconLabel("shield", "muted", 18, 18), 0, Qt.AlignmentFlag.AlignTop)
        self._shield.addWidget(
            Label("Your books stay in one encrypted file on this computer. No account, no email.",
                  Role.SMALL, "muted", wrap=True), 1)  # fmt: skip
        self._gaps = [Gap(62), Gap(44)]
        self._column = QVBoxLayout(self)
        for widget in (self._mark, self._gaps[0], self._title, Gap(14), self._sentence, self._gaps[1], *self.steps):
            self._column.addWidget(widget)
        self._column.addStretch(1)
        for widget in (Gap(16), self.example, Gap(30)):
            self._column.addWidget(widget)
        self._column.addLayout(self._shield)
        self._room = _ROOMS[0]
        self.set_step(1)
        self.follow_theme()

    def fit(self, width: int, height: int) -> bool:
        """Give way in a small window: less space and no example, then smaller words. Returns whether all is shown.

        `width` is the window's, `height` what there is for the column.
        """
        wide = width >= current().dp(_WIDE_FROM)
        self._width, self._inset = (_WIDE, _INSET) if wide else (328, 28)
        for room in _ROOMS:
            self._room = room
            self.restyle()
            if self._column.totalHeightForWidth(self.width()) <= height:
                return True
        return False

    def set_step(self, now: int) -> None:
        for step in self.steps:
            step.set_now(now)

    def restyle(self) -> None:
        room = self._room
        self.setFixedWidth(current().dp(self._width))
        pad(self._column, self._inset, room.top, self._inset, room.bottom)
        self._column.setSpacing(0)
        self._shield.setSpacing(current().dp(13))
        for gap, px in zip(self._gaps, room.gaps, strict=True):
            gap.setFixedHeight(current().dp(px))
        for step in self.steps:
            step.set_height(room.step)
        if self._title.role is not room.title:
            self._title.set_role(room.title)
        self.example.set_room(room=room.example)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt
        """Fill the column inside the sheet's round corners, with a line on its right."""
        theme, painter = current(), QPainter(self)
        radius = theme.dp(9)
        fill_round(painter, QRectF(self.rect()).adjusted(0, 0, radius, 0), radius, "sunken")
        painter.fillRect(self.width() - 1, 0, 1, self.height(), theme.color("divider"))


class Brand(Themed, QWidget):
    """The program's icon and name."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("1099 Ops")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.follow_theme()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt
        return QSize(current().dp(180), current().dp(38))

    minimumSizeHint = sizeHint  # noqa: N815 - Qt

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt
        dp, painter = current().dp, QPainter(self)
        painter.drawPixmap(0, 0, icons.app_pixmap(38, self.devicePixelRatioF()))
        draw_text(painter, QRectF(dp(53), 0, self.width(), dp(38)), "1099 Ops", Role.PANE_TITLE)


class Step(Themed, QWidget):
    """A number in a disc and what is done there."""

    def __init__(self, number: int, text: str) -> None:
        super().__init__()
        self._number, self._text, self._now, self._height = number, text, 1, 44
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_now(1)
        self.follow_theme()

    def set_now(self, now: int) -> None:
        self._now = now
        state = "done" if self._number < now else "now" if self._number == now else "later"
        self.setAccessibleName(f"Step {self._number}, {self._text}: {state}")
        self.update()

    def set_height(self, px: int) -> None:
        if px != self._height:
            self._height = px
            self.updateGeometry()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt
        return QSize(current().dp(200), current().dp(self._height))

    minimumSizeHint = sizeHint  # noqa: N815 - Qt

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt
        dp, painter = current().dp, QPainter(self)
        here, done = self._number == self._now, self._number < self._now
        disc = QRectF(0, (self.height() - dp(26)) / 2, dp(26), dp(26))
        fill_round(painter, disc, dp(13), "sel" if here else "in_bg" if done else "av")
        if done:
            tick = icons.pixmap("check", "money_in", 14, self.devicePixelRatioF())
            painter.drawPixmap(int(disc.center().x()) - dp(7), int(disc.center().y()) - dp(7), tick)
        else:
            draw_text(painter, disc, str(self._number), Role.CAPTION_TITLE, "accent" if here else "muted", ALIGN_MIDDLE)
        role, ink = (Role.CARD_TITLE, "text") if here else (Role.BODY, "muted")
        draw_text(painter, QRectF(dp(40), 0, self.width() - dp(40), self.height()), self._text, role, ink)


class ExampleCard(Themed, QFrame):
    """What one deposit would set aside: an example by the engine of the books, and said to be one."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self._deposit = AmountLabel(0, Role.SMALL, plain=True)
        self._aside = AmountLabel(0, Role.FIGURE_M, plain=True)
        self._bar = ProgressBar(name="Set aside")
        self._words = Label("", Role.CAPTION, "muted", wrap=True)
        self._column = QVBoxLayout(self)
        self._column.addWidget(Label("For example", Role.CAPTION, "muted"))
        self._column.addLayout(self._row("A client pays", self._deposit))
        self._column.addLayout(self._row("Set aside", self._aside))
        self._column.addWidget(self._bar)
        self._column.addWidget(self._words)
        self._has_room = True
        self.hide()
        self.follow_theme()

    @staticmethod
    def _row(text: str, amount: QWidget) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(Label(text, Role.SMALL))
        row.addStretch(1)
        row.addWidget(amount)
        return row

    def restyle(self) -> None:
        pad(self._column, 18, 16, 18, 17)
        self._column.setSpacing(current().dp(6))

    def set_example(self, example: Example) -> None:
        self._deposit.set_cents(example.deposit_cents)
        self._aside.set_cents(example.set_aside_cents)
        self._bar.set_share(example.set_aside_cents, example.deposit_cents)
        self._words.setText(example.words)
        self.setVisible(self._has_room)

    def set_room(self, *, room: bool) -> None:
        self._has_room = room
        self.setVisible(room and bool(self._words.text()))
