"""What lies over the window for a moment: the drop hint, an error, the calm window for our own bugs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.ui.theme import icons, theme
from app.ui.theme.fonts import Role
from app.ui.widgets.buttons import Button
from app.ui.widgets.dialog import Sheet
from app.ui.widgets.paint import draw_text
from app.ui.widgets.text import Label

if TYPE_CHECKING:
    from app.core.errors import AppError

READABLE = (".ofx", ".qfx", ".qbo", ".qif", ".csv")
BACKUP = ".opsbak"


class DropOverlay(QWidget):
    """Says, while files are held over the window, what dropping them will do."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._text, self._hint = "", ""
        self.hide()

    def show_for(self, paths: list[Path]) -> None:
        good = [path for path in paths if path.suffix.lower() in (*READABLE, BACKUP)]
        many = "these files" if not paths else f"{len(paths)} files" if len(paths) > 1 else paths[0].name
        self._text = f"Drop to look at {many}"
        self._hint = (
            "You see what is in it before anything is written."
            if good
            else "This does not look like a bank file: OFX, QFX, QBO, QIF or CSV."
        )
        self.show()
        self.raise_()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt
        look, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = look.color("surface")
        ground.setAlphaF(0.94)
        painter.fillRect(self.rect(), ground)
        box = QRectF(self.rect()).adjusted(look.dp(20), look.dp(20), -look.dp(20), -look.dp(20))
        painter.setPen(QPen(look.color("accent"), 2, Qt.PenStyle.DashLine))
        painter.setBrush(look.color("sel"))
        painter.drawRoundedRect(box, look.dp(12), look.dp(12))
        size, middle = look.dp(40), int(box.center().y())
        left = int(box.center().x()) - size // 2
        painter.drawPixmap(left, middle - look.dp(70), icons.pixmap("import", "accent", 40))
        center = Qt.AlignmentFlag.AlignCenter
        draw_text(painter, QRectF(box.left(), middle - look.dp(16), box.width(), look.dp(28)), self._text, Role.TITLE,
                  "text", center)  # fmt: skip
        draw_text(painter, QRectF(box.left(), middle + look.dp(16), box.width(), look.dp(22)), self._hint, Role.BODY,
                  "muted", center)  # fmt: skip


def show_error(window: QWidget, error: AppError) -> None:
    """Show what happened and the way out."""
    sheet = Sheet(window, "That did not work")
    sheet.body.addWidget(Label(error.message, Role.BODY, "text", wrap=True))
    if error.hint and "ops1099" not in error.hint:
        sheet.body.addWidget(Label(error.hint, Role.BODY, "muted", wrap=True))
    close = Button("Close", kind="primary")
    close.clicked.connect(sheet.close_box)
    sheet.add_button(close)
    sheet.closed.connect(sheet.deleteLater)
    sheet.open_box()
    close.setFocus()


def show_damage(window: QWidget, error: AppError, mend: Callable[[], None]) -> QWidget:
    """Tell that the open books are damaged: nothing is written to them any more; what can be done is a step away."""
    sheet = Sheet(window, "These books are damaged")
    sheet.body.addWidget(Label(error.message, Role.BODY, "text", wrap=True))
    sheet.body.addWidget(
        Label(
            "Nothing is written to them any more, so nothing gets worse. You can go on looking at what can be read, or "
            "lock them and choose: restore a backup, save what can be read, or go on with what is there.",
            Role.BODY, "muted", wrap=True,
        )
    )  # fmt: skip
    look = Button("Go on looking")
    look.clicked.connect(sheet.close_box)
    act = Button("Lock, and see what can be done", kind="primary")
    act.clicked.connect(sheet.close_box)
    act.clicked.connect(mend)
    sheet.add_button(look)
    sheet.add_button(act)
    sheet.closed.connect(sheet.deleteLater)
    sheet.open_box()
    act.setFocus()
    return sheet


def show_crash(window: QWidget, place: list[str]) -> QWidget:
    """Tell of a bug of ours: what it means for the books, and what can be copied for support. No data is in it."""
    sheet = Sheet(window, "Something broke in 1099 Ops")
    sheet.body.addWidget(
        Label(
            "It is a fault of the program, not of yours. Your books are whole: a change is carried out completely or "
            "not at all.",
            Role.BODY, "text", wrap=True,
        )
    )  # fmt: skip
    way_out = "Go on working, or close the program and start it again."
    sheet.body.addWidget(Label(way_out, Role.BODY, "muted", wrap=True))
    sheet.body.addWidget(Label("\n".join(place[-6:]), Role.CAPTION, "faint", wrap=True))
    copy = Button("Copy details")
    copy.clicked.connect(lambda: QGuiApplication.clipboard().setText("1099 Ops\n" + "\n".join(place)))
    close = Button("Go on", kind="primary")
    close.clicked.connect(sheet.close_box)
    sheet.add_button(copy)
    sheet.add_button(close)
    sheet.closed.connect(sheet.deleteLater)
    sheet.open_box()
    close.setFocus()
    return sheet
