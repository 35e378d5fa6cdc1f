"""What is wrong with a window for those who use it by keyboard, by ear, or with large text: one sentence for each."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeGuard

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QApplication, QRadioButton, QWidget

from app.ui.theme import theme
from app.ui.widgets import paint
from app.ui.widgets.text import ElidedLabel, Label, StrongLabel

LEAST_TARGET = 24
ROLE = QAccessible.Role
WIDGET_ROLES = {
    ROLE.Button, ROLE.ButtonMenu, ROLE.ButtonDropDown, ROLE.CheckBox, ROLE.RadioButton, ROLE.EditableText, ROLE.List,
    ROLE.Table, ROLE.Tree, ROLE.Link, ROLE.ComboBox, ROLE.SpinBox, ROLE.Slider, ROLE.PageTab, ROLE.MenuItem,
}  # fmt: skip
"""What a screen reader can say of something that is used; the others are only surroundings."""
AREA_ROLES = {ROLE.Pane, ROLE.StaticText, ROLE.Grouping, ROLE.Document, ROLE.Client, ROLE.Canvas}
"""An area takes the keyboard only to be scrolled."""
TAB = Qt.FocusPolicy.TabFocus
CUT_AMOUNT = re.compile(r"\$[\d,]*(\.\d?)?$")
AMOUNT = re.compile(r"^[−+]?\$[\d,]+(\.\d\d)?$")


def name_of(widget: QWidget) -> str:
    found = QAccessible.queryAccessibleInterface(widget)
    return found.text(QAccessible.Text.Name) if found is not None else ""


def say(widget: QWidget) -> str:
    """Name a widget so that it is found in the code."""
    parents = []
    step: QWidget | None = widget
    while step is not None and len(parents) < 4:
        parents.append(type(step).__name__)
        step = step.parentWidget()
    return f"{' in '.join(parents)} {name_of(widget)!r}"


def place(widget: QWidget) -> QRect:
    return QRect(widget.mapTo(widget.window(), QPoint(0, 0)), widget.size())


def _visible(root: QWidget) -> list[QWidget]:
    return [each for each in root.findChildren(QWidget) if each.isVisibleTo(root.window())]


def stops(root: QWidget) -> list[QWidget]:
    """Return everything inside that Tab should reach: of a group of radio buttons the one that is chosen."""
    return [
        each
        for each in _visible(root)
        if each.focusPolicy() & TAB and each.isEnabled() and each.focusProxy() is None and not _has_a_voice(each)
    ]


def _has_a_voice(widget: QWidget) -> bool:
    """Whether another radio button of its group stands for it."""
    parent = widget.parentWidget()
    if not isinstance(widget, QRadioButton) or widget.isChecked() or parent is None:
        return False
    group = [each for each in parent.findChildren(QRadioButton) if each.parentWidget() is parent]
    chosen = any(each.isChecked() for each in group)
    return chosen or (widget is not group[0])


def pressables(root: QWidget) -> list[QWidget]:
    """Return what is used by mouse or keyboard."""
    reached = set(stops(root))
    return [each for each in _visible(root) if each in reached or isinstance(each, QAbstractButton)]


# --- by ear


def unnamed(root: QWidget) -> list[str]:
    wrong = []
    for each in pressables(root):
        found = QAccessible.queryAccessibleInterface(each)
        if found is None or not found.text(QAccessible.Text.Name).strip():
            wrong.append(f"has no name: {say(each)}")
        elif found.role() not in WIDGET_ROLES | (AREA_ROLES if isinstance(each, QAbstractScrollArea) else set()):
            wrong.append(f"is said to be a {found.role().name}: {say(each)}")
    return wrong


# --- by keyboard


def walk(window: QWidget, first: QWidget, *, key: Qt.Key = Qt.Key.Key_Tab, limit: int = 400) -> list[QWidget]:
    """Press Tab from `first` on until a widget comes again; return what had the focus, with that last one."""
    first.setFocus(Qt.FocusReason.TabFocusReason)
    seen = [QApplication.focusWidget()]
    while len(seen) < limit:
        held = QApplication.focusWidget()
        QTest.keyClick(held if held is not None else window, key)
        now = QApplication.focusWidget()
        seen.append(now)
        if now in seen[:-1]:
            break
    return seen


def untabbed(root: QWidget, regions: Callable[[QWidget], int] = lambda _widget: 0) -> list[str]:
    """Complain of what Tab misses, of a trap, and of an order that is not how people read."""
    window = root.window()
    wanted = stops(root)
    if not wanted:
        return []
    start = min(wanted, key=lambda each: (regions(each), place(each).top(), place(each).left()))
    path = walk(window, start)
    wrong = []
    if path[-1] is not path[0]:
        held = path[-1]
        wrong.append("Tab does not come back, it stays at " + (say(held) if held is not None else "nothing"))
    wrong.extend(f"Tab misses {say(each)}" for each in wanted if each not in path)
    wrong.extend(f"Tab leaves for {say(each)}" for each in path[:-1] if each is not None and each not in wanted)
    for one, two in itertools.pairwise(path[:-1]):
        if one is None or two is None:
            continue
        where = regions(one), regions(two)
        if where[0] > where[1] or (where[0] == where[1] and _against_reading(place(one), place(two))):
            wrong.append(f"Tab goes against reading, from {say(one)} to {say(two)}")
    return wrong


def _against_reading(one: QRect, two: QRect) -> bool:
    """Whether the second lies before the first: in its line on the left, or above it in the same column."""
    shared = min(one.bottom(), two.bottom()) - max(one.top(), two.top())
    if shared > min(one.height(), two.height()) / 2:
        return two.right() <= one.left()
    same_column = min(one.right(), two.right()) > max(one.left(), two.left())
    return same_column and two.bottom() <= one.top()


# --- by hand and by eye


def too_small(root: QWidget) -> list[str]:
    least = theme.current().dp(LEAST_TARGET)
    return [
        f"is {each.width()} × {each.height()}, under {least}: {say(each)}"
        for each in pressables(root)
        if min(each.width(), each.height()) < least
    ]


def misplaced(root: QWidget) -> list[str]:
    """Complain of what has no room, or lies where it can neither be seen nor scrolled to."""
    wrong = []
    for each in pressables(root):
        if each.width() <= 0 or each.height() <= 0:
            wrong.append(f"has no room: {say(each)}")
            continue
        wrong.extend(f"{how}: {say(each)}" for how in _outside(each))
    wrong.extend(f"its words are cut: {say(each)} {each.text()!r}" for each in _visible(root) if _is_cut(each))
    return wrong


def _is_cut(label: QWidget) -> TypeGuard[Label]:
    """Whether words lack room and do not end in an ellipsis."""
    if not isinstance(label, Label) or isinstance(label, (ElidedLabel, StrongLabel)) or not label.text():
        return False
    if label.wordWrap():
        return label.height() < label.heightForWidth(label.width())
    return label.width() + 1 < label.sizeHint().width() or label.height() < label.line_height()


def _outside(widget: QWidget) -> Iterator[str]:
    """Say how a widget sticks out of the window, or of an area that cannot be scrolled so far."""
    step: QWidget | None = widget.parentWidget()
    unseen = {"across", "down"}
    while step is not None and unseen:
        rect = QRect(widget.mapTo(step, QPoint(0, 0)), widget.size())
        holder = step.parentWidget()
        area = holder if isinstance(holder, QAbstractScrollArea) and holder.viewport() is step else None
        for way, first, last, room in (
            ("across", rect.left(), rect.right(), step.width()), ("down", rect.top(), rect.bottom(), step.height()),
        ):  # fmt: skip
            if way not in unseen or not (area or step.isWindow()) or (first >= -1 and last <= room + 1):
                continue
            unseen.discard(way)
            bar = None if area is None else area.horizontalScrollBar() if way == "across" else area.verticalScrollBar()
            if bar is None or bar.maximum() - bar.value() < last - room or bar.value() < -first:
                yield f"lies outside, {first} to {last} of {room} {way}"
        step = None if step.isWindow() else holder


@contextmanager
def watched_amounts(monkeypatch: pytest.MonkeyPatch, root: QWidget) -> Iterator[list[str]]:
    """Collect the amounts that are painted cut off, wherever our own painting shows them."""
    wrong: list[str] = []
    real = paint.draw_text

    def looked_at(painter: Any, rect: Any, text: str, role: Any = paint.Role.BODY, *more: Any, **named: Any) -> float:
        width = paint.text_width(text, role)
        if width > rect.width() + 2:
            if AMOUNT.match(text):
                wrong.append(f"an amount is cut: {text} takes {width:.0f} of {rect.width():.0f}")
            elif named.get("elide"):
                mode = Qt.TextElideMode.ElideRight
                left = paint.metrics(role).elidedText(text, mode, rect.width()).removesuffix("…")
                if CUT_AMOUNT.search(left) and re.match(r"[\d,.]*\d", text[len(left) :]):
                    wrong.append(f"an amount is cut: {left}… of {text}")
        return real(painter, rect, text, role, *more, **named)

    with monkeypatch.context() as patch:
        import sys

        for module in [each for name, each in sys.modules.items() if name.startswith("app.ui")]:
            if getattr(module, "draw_text", None) is real:
                patch.setattr(module, "draw_text", looked_at)
        yield wrong
        root.grab()


def glaring(widget: QWidget) -> float:
    """Return the share of a widget's picture that is nearly white."""
    image = widget.grab().toImage().scaled(200, 150).convertToFormat(QImage.Format.Format_Grayscale8)
    bright = sum(image.pixelColor(x, y).lightness() > 190 for x in range(200) for y in range(150))
    return bright / (200 * 150)
