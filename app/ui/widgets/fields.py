"""Fields to type in, and the form row that names them and says what is wrong with them."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.core.dates import Day, date_of
from app.core.ingest.typed import LONGEST
from app.core.money import dollars
from app.ui.theme.fonts import Role, font
from app.ui.theme.theme import current
from app.ui.widgets.buttons import IconButton
from app.ui.widgets.icon_label import IconLabel
from app.ui.widgets.paint import key_width, paint_icon, paint_key
from app.ui.widgets.text import Label
from app.ui.widgets.themed import Themed
from app.ui.widgets.tips import tip
from app.ui.widgets.typed import cents_of, day_typed


class LineEdit(Themed, QLineEdit):
    """`size` is the height: 32 in headers, 36 in forms, 44 to unlock.

    The key cap shows while the field is empty, and where it leaves the words of the empty field their room.
    """

    def __init__(
        self,
        placeholder: str = "",
        icon: str | None = None,
        key: str | None = None,
        size: int = 36,
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon = icon
        self._key = key
        self._size = size
        self._tail = 0
        self._shows_key = False
        self.setMaxLength(LONGEST)  # what is pasted is cut before anything else looks at it
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(name or placeholder)
        self.setProperty("ring_radius", 8)
        self.follow_theme()

    def set_tail(self, px: int) -> None:
        """Keep room for a button at the right end."""
        self._tail = px
        self.restyle()

    def set_wrong(self, *, wrong: bool) -> None:
        if bool(self.property("wrong")) != wrong:
            self.setProperty("wrong", wrong)
            self.style().unpolish(self)
            self.style().polish(self)

    def restyle(self) -> None:
        dp = current().dp
        self.setFont(font(Role.SMALL if self._size <= 32 else Role.BODY))
        self.setFixedHeight(dp(self._size))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Keep room beside the text for what is painted there."""
        dp = current().dp
        left, right = dp(16) + dp(6) if self._icon else 0, dp(self._tail)
        key = key_width(self._key) if self._key else 0
        words = self.fontMetrics().horizontalAdvance(self.placeholderText())
        self._shows_key = bool(key) and self.width() >= 2 * dp(12) + left + words + key + right
        self.setTextMargins(left, 0, right + (key if self._shows_key else 0), 0)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        super().paintEvent(event)
        dp = current().dp
        painter = QPainter(self)
        middle = self.height() / 2
        if self._icon:
            paint_icon(painter, self._icon, QPointF(dp(12) + dp(8), middle), 16)
        if self._key and self._shows_key and not self.text():
            paint_key(painter, self.width() - dp(7) - key_width(self._key), middle - dp(20) / 2, self._key)


class PasswordEdit(Themed, QWidget):
    """A password: paste and password managers welcome, an eye to show it, a word when Caps Lock is on.

    Caps Lock is told from what is typed: a capital without Shift, or a small letter with it.
    """

    submitted = Signal()
    edited = Signal(str)

    def __init__(
        self, placeholder: str = "", size: int = 44, name: str = "Password", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.edit = _SecretEdit(placeholder, size=size, name=name)
        self._size = size
        self._eye = IconButton("eye", "Show what is typed", "small", framed=False, parent=self.edit)
        self._eye.clicked.connect(self._turn)
        self.edit.returnPressed.connect(self.submitted)
        self.edit.textEdited.connect(self.edited)
        self.edit.caps_lock.connect(self._warn)
        self.edit.resized.connect(self._place)
        self._mark = IconLabel("alert", "warn", 16, 18)
        self._words = Label("Caps Lock is on", Role.SMALL, "warn")
        self._warning = QWidget()
        line = QHBoxLayout(self._warning)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._mark)
        line.addWidget(self._words, 1)
        self._line = line
        self._warning.hide()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.edit)
        self._column.addWidget(self._warning)
        self.setFocusProxy(self.edit)
        self.follow_theme()

    def text(self) -> str:
        return self.edit.text()

    def clear(self) -> None:
        self.edit.clear()

    def set_wrong(self, *, wrong: bool) -> None:
        self.edit.set_wrong(wrong=wrong)

    def restyle(self) -> None:
        self.edit.set_tail(28)
        self._line.setSpacing(current().dp(8))
        self._column.setSpacing(current().dp(8))
        self._place()

    def _place(self) -> None:
        side = self._eye.sizeHint()
        self._eye.setGeometry(
            self.edit.width() - side.width() - current().dp(8),
            (self.edit.height() - side.height()) // 2,
            side.width(),
            side.height(),
        )

    def _turn(self) -> None:
        shown = self.edit.echoMode() is QLineEdit.EchoMode.Password
        self.edit.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self._eye.set_icon("eye-off" if shown else "eye", "Hide what is typed" if shown else "Show what is typed")

    def _warn(self, on: bool) -> None:  # noqa: FBT001 - the signal's argument
        self._warning.setVisible(on)
        self.edit.setAccessibleDescription("Caps Lock is on" if on else "")


class _SecretEdit(LineEdit):
    caps_lock = Signal(bool)
    resized = Signal()

    def __init__(self, placeholder: str, size: int, name: str) -> None:
        super().__init__(placeholder, size=size, name=name)
        self._caps = False
        self.setEchoMode(QLineEdit.EchoMode.Password)
        hidden = Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
        self.setInputMethodHints(hidden | Qt.InputMethodHint.ImhHiddenText | Qt.InputMethodHint.ImhNoAutoUppercase)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        typed = event.text()
        modifiers = event.modifiers()
        if event.key() == Qt.Key.Key_CapsLock:
            self._tell(on=False)
        elif len(typed) == 1 and typed.isalpha() and not modifiers & ~Qt.KeyboardModifier.ShiftModifier:
            self._tell(on=typed.isupper() != bool(modifiers & Qt.KeyboardModifier.ShiftModifier))
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        self._tell(on=False)
        super().focusOutEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self.resized.emit()

    def _tell(self, *, on: bool) -> None:
        if on != self._caps:
            self._caps = on
            self.caps_lock.emit(on)


class AmountEdit(LineEdit):
    """An amount: 1,234.5, 1234.50 or a sum such as 12+30, written out when the field is left."""

    def __init__(
        self, cents: int | None = None, placeholder: str = "0.00", size: int = 36, name: str = "Amount"
    ) -> None:
        super().__init__(placeholder, size=size, name=name)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.editingFinished.connect(self._write_out)
        if cents is not None:
            self.set_cents(cents)

    def cents(self) -> int | None:
        """Return the amount, None while the field is empty. Raises: ValueError with a sentence for the person."""
        return cents_of(self.text()) if self.text().strip() else None

    def set_cents(self, cents: int | None) -> None:
        if cents is None:
            self.clear()
            return
        sign, plain = ("-", dollars(-cents)) if cents < 0 else ("", dollars(cents))
        whole, rest = plain.split(".")
        self.setText(f"{sign}{int(whole):,}.{rest}")

    def _write_out(self) -> None:
        try:
            self.set_cents(self.cents())
        except ValueError as problem:
            self.set_wrong(wrong=True)
            self.setToolTip(tip(str(problem)))
        else:
            self.set_wrong(wrong=False)
            self.setToolTip("")


class DateEdit(LineEdit):
    """A day: 11/18, 2026-11-18, nov 18 or yesterday, written out when the field is left. Today comes from outside."""

    def __init__(self, today: Day, day: Day | None = None, size: int = 36, name: str = "Date") -> None:
        super().__init__("11/18 or yesterday", "calendar", size=size, name=name)
        self._today = today
        self.setMinimumWidth(current().dp(150))
        self.editingFinished.connect(self._write_out)
        if day is not None:
            self.set_day(day)

    def day(self) -> Day | None:
        """Return the day, None while the field is empty. Raises: ValueError with a sentence for the person."""
        return day_typed(self.text(), self._today) if self.text().strip() else None

    def set_day(self, day: Day | None) -> None:
        if day is None:
            self.clear()
            return
        value = date_of(day)
        self.setText(f"{value:%b} {value.day}, {value.year}")

    def _write_out(self) -> None:
        try:
            self.set_day(self.day())
        except ValueError as problem:
            self.set_wrong(wrong=True)
            self.setToolTip(tip(str(problem)))
        else:
            self.set_wrong(wrong=False)
            self.setToolTip("")


class Field(Themed, QWidget):
    """A form row: the label over its widget, under it a hint or what is wrong."""

    def __init__(self, label: str, widget: QWidget, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.widget = widget
        self._hint = hint
        self._label = Label(label, Role.SMALL_STRONG)
        self._label.setBuddy(widget)
        if not widget.accessibleName() or isinstance(widget, LineEdit):
            widget.setAccessibleName(label)
        self._note = Label(hint, Role.CAPTION, "muted", wrap=True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._label)
        self._column.addWidget(widget)
        self._column.addWidget(self._note)
        self._note.setVisible(bool(hint))  # not before it has a parent: it would be a window of its own
        self.follow_theme()

    def set_hint(self, hint: str) -> None:
        """Show another hint, and nothing wrong."""
        self._hint = hint
        self.set_error("")

    def set_error(self, text: str) -> None:
        """Say what is wrong in the place of the hint; an empty text brings the hint back."""
        self._note.setText(text or self._hint)
        self._note.set_color("danger" if text else "muted")
        self._note.setVisible(bool(text or self._hint))
        self.widget.setAccessibleDescription(text or self._hint)
        if isinstance(self.widget, LineEdit | PasswordEdit):
            self.widget.set_wrong(wrong=bool(text))

    def restyle(self) -> None:
        self._column.setSpacing(current().dp(6))


def field(label: str, widget: QWidget, hint: str = "") -> Field:
    return Field(label, widget, hint)
