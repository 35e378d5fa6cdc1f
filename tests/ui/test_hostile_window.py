"""The window on books full of hostile texts: nothing is taken for markup, turned round, fetched, or without end."""

from __future__ import annotations

import html
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hostile.manifest import CASES
from hostile.texts import PAYEES
from PySide6.QtCore import QAbstractListModel, QMimeData, QPointF, QRect, QRectF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage, QPainter, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QLabel, QLineEdit, QTextEdit, QWidget
from ui.conftest import PASSPHRASE, clock
from ui.doors import words

from app.services.books import opening
from app.services.books.open_books import Unlock
from app.services.classify import rules
from app.services.ingest import imports
from app.services.ledger import accounts, transactions
from app.services.tax import profile
from app.ui.runtime import dropped

Settle = Callable[[Any], None]
MARKUP = "<b>BOLD</b> <img src='file:///etc/hostname'> \u202e00.5 & co"
PAGES = ("today", "transactions", "accounts", "taxes", "reports", "history", "settings")
TIP = "<span style='white-space: pre-wrap'>"


@pytest.fixture
def hostile_home(sample_home: Path, tmp_path: Path) -> Path:
    """The sample with every hostile text imported, and markup in each place a person can type in."""
    books = opening.open_books(sample_home, Unlock(passphrase=PASSPHRASE), keychain=lambda: None, clock=clock())
    files = [case.write(tmp_path) for case in CASES if case.attack in {"S2", "S6", "S8", "S9", "S13"} and not case.code]
    options = imports.ImportOptions(account="Hostile", account_kind="checking", date_order="mdy")
    assert [each.error for each in imports.import_files(books, files, options)] == [None] * len(files)
    [account] = [each for each in books.accounts.all() if each.name == "Hostile"]
    accounts.change(books, str(account.id), {"name": MARKUP, "institution": MARKUP})
    profile.change_business(books, "1", {"name": MARKUP})
    first = books.connection.execute("SELECT max(id) FROM transactions").fetchone()[0]
    for number in range(first - 4, first + 1):
        transactions.set_values(books, number, {"note": MARKUP, "merchant": MARKUP, "tags": "<i>tag</i>"})
    rules.add(books, {"text": MARKUP, "kind": "expense", "line": "C22"})
    transactions.delete(books, [first - 5], reason=MARKUP)
    books.close()
    return sample_home


@pytest.fixture
def window(make_window: Callable[[Path], Any], hostile_home: Path, qtbot: Any, settle: Settle) -> Any:
    shown = make_window(hostile_home)
    with qtbot.waitSignal(shown.session.state_changed, timeout=20_000):
        shown.session.unlock(PASSPHRASE, lambda: None, shown.fail)
    settle(shown)
    return shown


def tips(widget: QWidget) -> Iterator[str]:
    yield widget.toolTip()
    if isinstance(widget, QAbstractItemView) and widget.model() is not None:
        model = widget.model()
        for row in range(min(model.rowCount(), 60)):
            columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount()
            for column in range(columns):
                yield str(model.index(row, column).data(Qt.ItemDataRole.ToolTipRole) or "")


def takes_markup(widget: QWidget) -> list[str]:
    """Return what of a widget Qt would draw as rich text."""
    found = []
    if isinstance(widget, QLabel) and widget.textFormat() is not Qt.TextFormat.PlainText:
        found.append(f"label {widget.text()!r}")
    if isinstance(widget, QTextEdit) and widget.acceptRichText() and not widget.isReadOnly():
        found.append("a field that takes rich text")
    for tip in tips(widget):
        inside = tip.removeprefix(TIP).removesuffix("</span>")
        if "<" in (inside if tip.startswith(TIP) else tip):
            found.append(f"tooltip {tip!r}")
    return [f"{type(widget).__name__}: {what}" for what in found]


def markup_in(window: Any) -> list[str]:
    return [what for widget in window.findChildren(QWidget) for what in takes_markup(widget)]


@pytest.mark.parametrize("page", PAGES)
def test_no_widget_takes_a_text_for_markup(page: str, window: Any, settle: Settle) -> None:
    """S8: every label is plain, every tooltip escaped; first as the page comes up, then with its details open."""
    window.go(page)
    settle(window)
    window.grab()  # some tooltips come with the painting
    views = [each for each in window.shell.page.findChildren(QAbstractItemView) if each.isVisible()]
    for view in views:
        if view.model() is not None and view.model().rowCount():
            view.setCurrentIndex(view.model().index(0, 0))
            view.setFocus()
            QTest.keyClick(view, Qt.Key.Key_Return)
            settle(window)
            window.grab()
    assert markup_in(window) == []


def test_the_hostile_texts_are_on_the_pages(window: Any, settle: Settle) -> None:
    """Or the test above would prove nothing."""
    window.go("accounts")
    settle(window)
    assert "<b>BOLD</b>" in words(window)
    window.go("transactions")
    settle(window)
    model = window.shell.page.model
    shown = [model.line(row).shown.payee for row in range(model.rowCount())]
    assert sum("<" in payee for payee in shown) >= 5


def test_the_palette_finds_markup_as_words(window: Any, settle: Settle) -> None:
    window.commands.trigger("app.palette")
    QTest.keyClicks(window.palette_box.field, "<b>")
    settle(window)
    window.grab()
    assert markup_in(window) == []


def test_a_tooltip_shows_a_text_as_it_stands() -> None:
    from app.ui.widgets.tips import tip

    for text in (*PAYEES["S8"], "a < b & c", "plain", "two\nlines <b>"):
        shown = QTextDocument()
        shown.setHtml(tip(text)) if "<" in text else shown.setPlainText(tip(text))
        assert shown.toPlainText().replace("\u2028", "\n") == text
        assert html.escape(text) in tip(text) or "<" not in text


def test_the_help_fetches_nothing(window: Any, settle: Settle) -> None:
    """S8: even our own text could not make it load a picture or a page."""
    window.go("help")
    settle(window)
    browser = window.shell.page._text
    for place in ("file:///etc/hostname", "http://127.0.0.1:9/a.png", "//x.example/share/a.png"):
        for kind in (QTextDocument.ResourceType.ImageResource, QTextDocument.ResourceType.StyleSheetResource):
            assert bytes(browser.document().resource(kind.value, QUrl(place))).strip() == b""
    browser.setSource(QUrl("file:///etc/hostname"))
    browser.grab()
    hostname = Path("/etc/hostname")
    if hostname.exists():
        assert hostname.read_text().strip() not in browser.toPlainText()


# --- writing that turns round


def picture(text: str, width: int = 900) -> QImage:
    from app.ui.theme.fonts import Role
    from app.ui.widgets.paint import ALIGN_RIGHT, draw_text

    image = QImage(width, 30, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFF)
    painter = QPainter(image)
    draw_text(painter, QRectF(0, 0, 600, 30), text, Role.BODY, elide=True)
    draw_text(painter, QRectF(600, 0, 300, 30), "-$1,234.50", Role.BODY, align=ALIGN_RIGHT)
    painter.end()
    return image


@pytest.mark.parametrize(
    "name", ["\u202e00.5 SHOP", "\u2067SHOP\u2069 12", "שלום 100.00", "\u200f-\u200e5.00", "a\u2028b", "\x1b[31m"]
)
def test_an_amount_stands_where_it_belongs_beside_a_turned_name(name: str, look: Any) -> None:
    """S6: whatever stands in the name, the amount's own place of the picture is the same, and nothing is turned."""
    place = QRect(600, 0, 300, 30)
    assert picture(name).copy(place) == picture("SHOP").copy(place)
    if not name.isprintable():
        assert picture(name) == picture("".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name))


def test_marks_piled_on_a_letter_are_painted_quickly(look: Any) -> None:
    """S5: a name of thousands of marks, as long as any text in the books, costs less than a blink."""
    picture("warm")
    for text in ("Z" + "\u0301" * 4000, "\u0e33" * 4000, "a\u20dd" * 2000, "\U0001f469\u200d" * 1000):
        start = time.process_time()
        picture(text)
        assert time.process_time() - start < 0.1


# --- what is dropped on the window


def drop(window: Any, data: QMimeData) -> QDropEvent:
    event = QDropEvent(
        QPointF(50, 50), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    event.setAccepted(False)
    window.dropEvent(event)
    return event


def urls(*places: str) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl(place) for place in places])
    return data


def test_a_crowd_of_files_is_refused_before_it_is_looked_at(window: Any, settle: Settle, tmp_path: Path) -> None:
    """S16: ten thousand files, and a list too long to be taken apart."""
    page = window.shell.page
    for data in (urls(*(f"file:///nowhere/{number}.csv" for number in range(10_000))),
                 urls(*(f"file:///nowhere/{'n' * 200}{number}.csv" for number in range(30_000)))):  # fmt: skip
        start = time.monotonic()
        drop(window, data)
        assert time.monotonic() - start < 2
        settle(window)
        assert f"at most {dropped.MOST_FILES}" in words(window)
        assert window.shell.page is page
        window.focusWidget() and QTest.keyClick(window.focusWidget(), Qt.Key.Key_Escape)


def test_places_that_are_no_files_of_this_computer_are_not_taken(window: Any) -> None:
    """S16: links into the net, deep links, and texts."""
    text = QMimeData()
    text.setText("/etc/passwd")
    for data in (urls("http://x.example/a.csv", "ops1099://import?file=/etc/passwd", "data:text/csv,1"), text):
        assert not drop(window, data).isAccepted()
        assert dropped.paths_in(data) == []


def test_what_is_no_file_gets_a_sentence(window: Any, settle: Settle, tmp_path: Path) -> None:
    """S16, S7: a pipe, a folder, a device, a loop, a file of holes, a name that turns."""
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    with (tmp_path / "large.csv").open("wb") as file:
        file.truncate(300 << 20)
    (tmp_path / "\u202evsc.exe").write_text("#!/bin/sh\n")
    places = [str(path) for path in sorted(tmp_path.iterdir()) if path.name != "home"]
    drop(window, urls(*(QUrl.fromLocalFile(place).toString() for place in (*places, "/dev/zero"))))
    settle(window)
    said = words(window)
    for part in ("is a pipe", "is a folder", "is a device", "leads back", "is larger than"):
        assert part in said, part
    assert markup_in(window) == []


def test_an_endless_text_is_cut_before_it_is_taken(window: Any, settle: Settle) -> None:
    """S16: what is pasted into a field ends at what the books keep."""
    window.go("transactions")
    settle(window)
    field = window.shell.page.head.search
    QGuiApplication.clipboard().setText("x" * (32 << 20))
    start = time.monotonic()
    field.setFocus()
    field.paste()
    assert time.monotonic() - start < 2
    assert len(field.text()) <= 4000
    settle(window)
    QGuiApplication.clipboard().clear()


def test_no_field_takes_more_than_the_books_keep(window: Any, settle: Settle) -> None:
    for page in PAGES:
        window.go(page)
        settle(window)
        for field in window.findChildren(QLineEdit):
            assert field.maxLength() <= 4000, (page, field.accessibleName())
