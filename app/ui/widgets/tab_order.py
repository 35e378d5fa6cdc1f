"""The way Tab goes: as the layouts read, whenever what they hold was made.

Qt's own way is the order in which widgets were made, so rows that are filled in later would come after everything else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QAbstractScrollArea, QGridLayout, QLayout, QRadioButton, QScrollArea, QWidget


def stops(root: QWidget) -> list[QWidget]:
    """Return what Tab reaches inside a widget, in order. A group of radio buttons is one stop."""
    found: list[QWidget] = []
    groups: dict[QObject, int] = {}
    for each in _inside(root):
        if not _takes_tab(each):
            continue
        group = each.parent() if isinstance(each, QRadioButton) and each.autoExclusive() else None
        if group in groups and isinstance(each, QRadioButton):
            if each.isChecked():
                found[groups[group]] = each
            continue
        if group is not None:
            groups[group] = len(found)
        found.append(each)
    return found


def go_on(root: QWidget, *, forward: bool) -> bool:
    """Give the focus to the next stop, round and round, and bring it into view."""
    found = stops(root)
    if not found:
        return False
    held = root.window().focusWidget()
    at = found.index(held) if held in found else -1 if forward else 0
    target = found[(at + (1 if forward else -1)) % len(found)]
    target.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
    step = target.parentWidget()
    while step is not None and step is not root:
        if isinstance(step, QScrollArea):
            step.ensureWidgetVisible(target)
        step = step.parentWidget()
    return True


def _takes_tab(widget: QWidget) -> bool:
    tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return tab and widget.isEnabled() and widget.focusProxy() is None


def _inside(widget: QWidget) -> Iterator[QWidget]:
    """Give the visible widgets inside: first those the layout holds, then those that float over it."""
    layout = widget.layout()
    held = [each for each in widget.children() if isinstance(each, QWidget)]
    placed = list(_held_by(layout, held)) if layout is not None else []
    seen = {id(each) for each in placed}
    floating = [each for each in held if id(each) not in seen]
    if isinstance(widget, QAbstractScrollArea):
        placed, floating = [widget.viewport()], [each for each in floating if each is not widget.viewport()]
    for each in (*placed, *floating):
        if each.isVisible() and not each.isWindow():
            yield each
            yield from _inside(each)


def _held_by(layout: QLayout, among: Sequence[QWidget]) -> Iterator[QWidget]:
    """Give those of some widgets that a layout holds.

    The items of a layout are not asked: the binding keeps what stood for one after Qt deleted it, and takes whatever
    Qt makes at its address next for it, up to a crash.
    """
    inner = [each for each in layout.children() if isinstance(each, QLayout)]
    found: list[tuple[int, QLayout | QWidget]] = [(layout.indexOf(each), each) for each in inner]
    found += [(layout.indexOf(each), each) for each in among]

    def place(entry: tuple[int, QLayout | QWidget]) -> tuple[int, int]:
        return layout.getItemPosition(entry[0])[:2] if isinstance(layout, QGridLayout) else (entry[0], 0)  # type: ignore[index]

    for _, each in sorted((entry for entry in found if entry[0] >= 0), key=place):
        if isinstance(each, QLayout):
            yield from _held_by(each, among)
        else:
            yield each
