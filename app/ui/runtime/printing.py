"""The summary on paper: the pages as images at the printer's own fineness, through the dialog of the system."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QWidget

DPI = 300


def ask_printer(parent: QWidget, name: str, chosen: Callable[[QPrinter], None]) -> QPrintDialog:
    """Open the system's print dialog; `chosen` is called with the printer when the person prints."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(name)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.Letter))
    printer.setPageOrientation(QPageLayout.Orientation.Portrait)
    dialog = QPrintDialog(printer, parent)
    dialog.setOption(QPrintDialog.PrintDialogOption.PrintPageRange)
    dialog.accepted.connect(lambda _printer: chosen(printer))  # keeps it alive too: Qt does not own it
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    QDialog.open(dialog)
    return dialog


def print_pages(printer: QPrinter, pages: Sequence[bytes]) -> bool:
    """Print page images, each as large as the paper shows whole; return whether the printer took them."""
    first, last = printer.fromPage() or 1, printer.toPage() or len(pages)
    wanted = list(pages)[first - 1 : last]
    painter = QPainter()
    if not wanted or not painter.begin(printer):
        return False
    for number, page in enumerate(wanted):
        if number and not printer.newPage():
            break
        _draw(painter, printer, QImage.fromData(page))
    return painter.end()


def _draw(painter: QPainter, printer: QPrinter, image: QImage) -> None:
    """Draw a page at the paper's own place: the margins of the page are already in its image."""
    layout = printer.pageLayout()
    resolution = printer.resolution()
    whole, inner = layout.fullRectPixels(resolution), layout.paintRectPixels(resolution)
    size = QSizeF(image.size()).scaled(QSizeF(whole.size()), Qt.AspectRatioMode.KeepAspectRatio)
    left = (whole.width() - size.width()) / 2 - inner.left()
    top = (whole.height() - size.height()) / 2 - inner.top()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(QRectF(left, top, size.width(), size.height()), image)
