"""Fusion with our marks, and the one style sheet."""

from __future__ import annotations

from string import Template

from PySide6.QtCore import QPoint, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QProxyStyle,
    QStyle,
    QStyleHintReturn,
    QStyleOption,
    QWidget,
)

from app.ui.theme import icons
from app.ui.theme.marks import Check, paint_check
from app.ui.theme.theme import Theme, current

SCROLL_ALPHA = 0.45
"""How much of the control colour a scroll bar shows."""

ARROWS = {
    QStyle.PrimitiveElement.PE_IndicatorArrowDown: "chevron-down",
    QStyle.PrimitiveElement.PE_IndicatorArrowRight: "chevron-right",
}
HINTS = {
    QStyle.StyleHint.SH_Widget_Animation_Duration: 0,
    QStyle.StyleHint.SH_EtchDisabledText: 0,
    QStyle.StyleHint.SH_DitherDisabledText: 0,
    QStyle.StyleHint.SH_ScrollBar_LeftClickAbsolutePosition: 1,
    QStyle.StyleHint.SH_ScrollBar_ContextMenu: 0,
    QStyle.StyleHint.SH_ToolTipLabel_Opacity: 255,
    QStyle.StyleHint.SH_LineEdit_PasswordCharacter: ord("•"),
}


class OpsStyle(QProxyStyle):
    """No dotted focus rectangles, our check box and chevrons, no animation."""

    def __init__(self) -> None:
        super().__init__("Fusion")

    def drawPrimitive(  # noqa: N802 - Qt's name
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        kind = QStyle.PrimitiveElement
        if element == kind.PE_FrameFocusRect:
            return
        if element in {kind.PE_IndicatorCheckBox, kind.PE_IndicatorItemViewItemCheck}:
            state = Check.OFF
            if option.state & QStyle.StateFlag.State_NoChange:
                state = Check.PARTLY
            elif option.state & QStyle.StateFlag.State_On:
                state = Check.ON
            enabled = bool(option.state & QStyle.StateFlag.State_Enabled)
            paint_check(painter, QRectF(option.rect), state, enabled=enabled)
            return
        name = ARROWS.get(element)
        if name is not None:
            pixmap = icons.pixmap(name, "muted", 16)
            size = pixmap.deviceIndependentSize()
            middle = option.rect.center()
            painter.drawPixmap(
                QPoint(round(middle.x() - size.width() / 2), round(middle.y() - size.height() / 2)), pixmap
            )
            return
        super().drawPrimitive(element, option, painter, widget)

    def pixelMetric(  # noqa: N802 - Qt's name
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        if metric in {QStyle.PixelMetric.PM_IndicatorWidth, QStyle.PixelMetric.PM_IndicatorHeight}:
            return current().dp(16)
        return super().pixelMetric(metric, option, widget)

    def styleHint(  # noqa: N802 - Qt's name
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returnData: QStyleHintReturn | None = None,  # noqa: N803 - Qt's name
    ) -> int:
        known = HINTS.get(hint)
        return super().styleHint(hint, option, widget, returnData) if known is None else known


SHEET = Template("""
QWidget#window { background: $bg; }
QFrame#sheet, QFrame#card { background: $surface; border: 1px solid $border; border-radius: ${r10}px; }
QFrame#pane { background: $sunken; border: none; border-left: 1px solid $divider;
  border-top-right-radius: ${r9}px; border-bottom-right-radius: ${r9}px; }
QFrame#pane_plain { background: $sunken; border: none; }
QScrollArea, QScrollArea > QWidget#qt_scrollarea_viewport { background: transparent; border: none; }
QTableView, QListView, QTreeView { border: none; background: $surface; outline: 0;
  selection-background-color: $sel; selection-color: $text; }
QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox { border: 1px solid $control; border-radius: ${r8}px;
  background: $surface; color: $text; selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit { padding: 0 ${d11}px; }
QLineEdit#palette_field { border: none; background: transparent; padding: 0; }
QLineEdit[wrong="true"] { border-color: $danger; }
QLineEdit:disabled, QPlainTextEdit:disabled { background: $sunken; color: $faint; border-color: $border; }
QMessageBox QPushButton, QDialogButtonBox QPushButton { min-height: ${d30}px; padding: 0 ${d12}px;
  border: 1px solid $border; border-radius: ${r8}px; background: $surface; color: $text; }
QMessageBox QPushButton:hover, QDialogButtonBox QPushButton:hover { background: $hover; }
QMenu { background: $surface; border: 1px solid $border; padding: ${d4}px; color: $text; }
QMenu::item { min-height: ${d28}px; padding: 0 ${d24}px 0 ${d12}px; border-radius: ${d6}px; }
QMenu::item:selected { background: $sel; color: $text; }
QMenu::item:disabled { color: $faint; }
QMenu::separator { height: 1px; background: $divider; margin: ${d4}px ${d8}px; }
QMenu::icon { padding-left: ${d8}px; }
QMenu::indicator { width: ${d16}px; height: ${d16}px; padding-left: ${d8}px; }
QMenuBar { background: $bg; color: $text; }
QMenuBar::item { padding: ${d4}px ${d8}px; border-radius: ${d6}px; }
QMenuBar::item:selected { background: $av; }
QToolTip { background: $toast; color: $toast_text; border: 1px solid $toast_line; padding: ${d4}px ${d6}px; }
QTableCornerButton::section { background: transparent; border: none; }
QScrollBar { background: transparent; border: none; margin: 0; }
QScrollBar:vertical { width: ${d12}px; }
QScrollBar:horizontal { height: ${d12}px; }
QScrollBar::handle { background: $scroll; border-radius: ${d3}px; }
QScrollBar::handle:vertical { margin: ${d3}px; min-height: ${d32}px; }
QScrollBar::handle:horizontal { margin: ${d3}px; min-width: ${d32}px; }
QScrollBar::handle:vertical:hover, QScrollBar::handle:vertical:pressed { margin: ${d3}px 1px; border-radius: ${d5}px; }
QScrollBar::handle:horizontal:hover, QScrollBar::handle:horizontal:pressed { margin: 1px ${d3}px;
  border-radius: ${d5}px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; background: transparent; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; }
""")


def sheet(theme: Theme) -> str:
    scroll = theme.color("control")
    sizes = {f"d{px}": str(theme.dp(px)) for px in (3, 4, 5, 6, 8, 11, 12, 16, 24, 28, 30, 32)}
    radii = {f"r{px}": str(theme.dp(px)) for px in (8, 9, 10)}
    tokens = theme.tokens
    colors = {name: getattr(tokens, name) for name in type(tokens).__slots__}
    faded = f"rgba({scroll.red()}, {scroll.green()}, {scroll.blue()}, {SCROLL_ALPHA})"
    return SHEET.substitute(colors | sizes | radii | {"scroll": faded})
