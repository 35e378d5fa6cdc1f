"""Reports on the real window: what is in the pack, what leaves the program, and what each figure is made of."""

from __future__ import annotations

import csv
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QPushButton
from ui.conftest import PASSPHRASE, TODAY, create

from app.core.dates import day_of
from app.services.ledger import transactions
from app.services.report import export_checks, pack_export, packs, reports
from app.services.review import questions
from app.ui.reports import view_model
from app.ui.widgets.cell import CELL_ROLE

DAY = day_of(TODAY)
Settle = Callable[[Any], None]


@pytest.fixture
def page(window: Any, settle: Settle) -> Any:
    window.activateWindow()
    window.go("reports")
    settle(window)
    return window.shell.page


@pytest.fixture
def went(window: Any, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """What other pages were asked to show."""
    asked: list[tuple[str, dict[str, Any]]] = []
    go = window.go

    def note(to: str, /, **what: Any) -> None:
        asked.append((to, what))
        go(to, **what)

    monkeypatch.setattr(window, "go", note)
    return asked


def dialog(window: Any) -> QFileDialog:
    found = [each for each in window.findChildren(QFileDialog) if each.isVisible()]
    assert len(found) == 1
    return found[0]


def choose(window: Any, settle: Settle, path: Path) -> None:
    """Give the open dialog's answer, as its own button would."""
    opened = dialog(window)
    opened.fileSelected.emit(str(path))
    opened.close()
    settle(window)


def write(window: Any, settle: Settle, work: Callable[[Any], Any]) -> Any:
    done: list[Any] = []
    window.tasks.write(work, done.append, window.fail)
    settle(window)
    return done[0]


def words(card: Any) -> list[str]:
    """Return the first words of each row of a card."""
    from app.ui.widgets.card import Row

    return [row.name.text() for row in card.findChildren(Row)]


def test_the_pack_lists_every_file_that_an_export_writes(
    page: Any, window: Any, settle: Settle, tmp_path: Path
) -> None:
    facts = page.facts
    assert page.pack.span.text() == "Jan 1 to Nov 20, 2026"
    titles = words(page.pack.files)
    assert titles[:3] == ["Summary", "Workbook", "Schedule C worksheet"]
    assert "Books for Beancount" in titles
    page.out.export()
    choose(window, settle, tmp_path / "pack")
    written = {path.name for path in (tmp_path / "pack").iterdir()}
    assert {file.name for file in facts.files} <= written


def test_checks_say_what_is_open_and_lead_to_it(page: Any, window: Any, settle: Settle, went: Any) -> None:
    expected = export_checks.checks(window.session.gui, 2026, DAY)
    assert words(page.pack.checks) == [check.text for check in expected]
    assert page.pack.to_look_at.text() == f"{export_checks.to_look_at(expected)} to look at"
    page.pack.checks.findChild(QPushButton, "questions").click()
    settle(window)
    assert window.shell.current == "today"
    window.go("reports")
    settle(window)
    page.pack.checks.findChild(QPushButton, "transfers").click()
    check = next(check for check in expected if check.key == "transfers")
    assert check.ids
    assert went[-1] == ("transactions", {"ids": check.ids})
    settle(window)
    assert len(window.shell.page.model.ids) == len(check.ids)


def test_an_answer_elsewhere_shows_in_the_checks_and_in_the_pages(page: Any, window: Any, settle: Settle) -> None:
    pages = list(page.preview._pages)
    note = page.facts.checks[0].note
    asked = questions.items(window.session.gui)[0].rows[0].id
    write(window, settle, lambda books: transactions.set_values(books, asked, {"kind": "personal"}))
    settle(window)
    assert page.facts.checks[0].note != note
    assert page.facts.checks == tuple(export_checks.checks(window.session.gui, 2026, DAY))
    assert page.preview._pages[3] != pages[3]


def test_page_keys_turn_the_preview_and_stop_at_its_ends(page: Any) -> None:
    preview = page.preview
    assert preview.count == 4
    assert preview.place.text() == "page 1 of 4"
    assert preview.paper.accessibleName() == "01-summary.pdf, page 1 of 4"
    assert not preview.previous.isEnabled()
    page.pack.scroller.setFocus()
    for _ in range(5):
        QTest.keyClick(page.pack.scroller, Qt.Key.Key_PageDown)
    assert preview.place.text() == "page 4 of 4"
    assert not preview.next.isEnabled()
    QTest.keyClick(page.pack.scroller, Qt.Key.Key_PageUp)
    assert preview.place.text() == "page 3 of 4"


def test_the_page_stays_when_the_books_change(page: Any, window: Any, settle: Settle) -> None:
    page.preview.go_to(2)
    write(window, settle, lambda books: transactions.set_values(books, 1, {"note": "seen"}))
    settle(window)
    assert page.preview.place.text() == "page 3 of 4"


def test_initials_draw_other_pages(page: Any, window: Any, settle: Settle) -> None:
    page.preview.go_to(2)
    before = list(page.preview._pages)
    page.preview.initials.click()
    settle(window)
    assert page.preview.count == 4
    assert page.preview._pages[2] != before[2]


def test_hidden_amounts_hide_the_paper_too(page: Any, window: Any, look: Any) -> None:
    look.set_hide_amounts(True)
    assert page.preview.paper.accessibleName() == "Amounts are hidden."
    page.turn_to("form")
    assert "$" not in page.form.net.text()
    look.set_hide_amounts(False)
    assert page.preview.paper.accessibleName().startswith("01-summary.pdf")


# --- the pack leaves the program


def test_ctrl_e_anywhere_asks_for_a_place_with_a_telling_name(window: Any, settle: Settle) -> None:
    window.activateWindow()
    window.go("history")
    settle(window)
    window.commands.trigger("app.export")
    settle(window)
    assert window.shell.current == "reports"
    opened = dialog(window)
    assert opened.acceptMode() is QFileDialog.AcceptMode.AcceptSave
    assert [Path(name).name for name in opened.selectedFiles()] == ["my-business-2026-accountant-pack"]
    opened.close()


def test_an_exported_folder_is_what_the_service_writes_and_verifies(
    page: Any, window: Any, settle: Settle, tmp_path: Path
) -> None:
    target, twin = tmp_path / "handed-out", tmp_path / "twin"
    page.preview.export_button.click()
    choose(window, settle, target)
    assert all(check.ok for check in pack_export.verify_pack(target))
    write(window, settle, lambda books: pack_export.export_pack(books, 2026, twin, DAY))
    names = sorted(path.name for path in target.iterdir())
    assert names == sorted(path.name for path in twin.iterdir())
    assert [name for name in names if (target / name).read_bytes() != (twin / name).read_bytes()] == []
    assert window.shell.toast.accessibleName() == "Pack written to handed-out."
    assert page.preview.export_button.isEnabled()


def test_a_zip_with_initials_is_written_as_chosen(page: Any, window: Any, settle: Settle, tmp_path: Path) -> None:
    page.preview.shape._parts[True].click()
    page.preview.initials.click()
    settle(window)
    page.out.export()
    opened = dialog(window)
    assert opened.defaultSuffix() == "zip"
    assert Path(opened.selectedFiles()[0]).name == "my-business-2026-accountant-pack.zip"
    choose(window, settle, tmp_path / "pack.zip")
    twin = tmp_path / "twin"
    write(window, settle, lambda books: pack_export.export_pack(books, 2026, twin, DAY, initials_only=True))
    with zipfile.ZipFile(tmp_path / "pack.zip") as archive:
        assert archive.read("04-transactions.csv") == (twin / "04-transactions.csv").read_bytes()


def test_a_place_that_is_taken_is_told_in_words_and_nothing_is_lost(
    page: Any, window: Any, settle: Settle, tmp_path: Path
) -> None:
    from app.ui.widgets.dialog import Sheet

    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "letter.txt").write_text("mine")
    page.out.export()
    choose(window, settle, tmp_path / "taken")
    sheet = next(each for each in window.findChildren(Sheet) if each.isVisible())
    assert "taken is there already." in [label.text() for label in sheet.findChildren(type(page.pack.span))]
    assert [path.name for path in (tmp_path / "taken").iterdir()] == ["letter.txt"]
    assert page.preview.export_button.isEnabled()
    assert packs.listed(window.session.gui) == []


def test_a_pack_that_went_out_stands_in_the_record_and_can_be_found(
    page: Any, window: Any, settle: Settle, tmp_path: Path
) -> None:
    assert page.pack.foot.last.text() == "No pack was written yet."
    assert page.pack.packs.isHidden()
    page.out.export()
    choose(window, settle, tmp_path / "first")
    settle(window)
    [held] = packs.listed(window.session.gui)
    assert words(page.pack.packs) == ["first"]
    assert page.pack.foot.last.text().startswith("Last pack ")
    assert view_model.size_words(held.bytes) in page.pack.foot.last.text()
    page.pack.written.copy_path.click()
    assert QGuiApplication.clipboard().text() == str(tmp_path / "first")
    opened = Opened()
    QDesktopServices.setUrlHandler("file", opened, "taken")
    try:
        page.pack.written.show_folder.click()
    finally:
        QDesktopServices.unsetUrlHandler("file")
    assert opened.urls == [str(tmp_path)]


class Opened(QObject):
    """Stands where the desktop's own opener of folders would."""

    def __init__(self) -> None:
        super().__init__()
        self.urls: list[str] = []

    @Slot(QUrl)
    def taken(self, url: QUrl) -> None:
        self.urls.append(url.toLocalFile())


def test_a_pack_can_be_checked_and_a_changed_one_does_not_hold(
    page: Any, window: Any, settle: Settle, tmp_path: Path
) -> None:
    page.out.export()
    choose(window, settle, tmp_path / "pack")
    settle(window)
    page.pack.check_folder.click()
    choose(window, settle, tmp_path / "pack")
    proofs = pack_export.verify_pack(tmp_path / "pack")
    assert all(proof.ok for proof in proofs)
    held = words(page.pack.proof)
    assert held[:3] == ["Safe names", "Manifest", "Files"]
    assert "Every file is unchanged" in held
    assert page.pack.proof.badge.text() == "Unchanged, and it ties"
    file = tmp_path / "pack" / "04-transactions.csv"
    file.write_bytes(file.read_bytes().replace(b"1", b"2", 1))
    page.pack.check_folder.click()
    choose(window, settle, tmp_path / "pack")
    assert page.pack.proof.badge.text() == "Does not hold"
    wrong = [check.name for check in pack_export.verify_pack(tmp_path / "pack") if not check.ok]
    assert [name.casefold() for name in words(page.pack.proof)[: len(wrong)]] == [name.casefold() for name in wrong]
    assert "Every file is unchanged" not in words(page.pack.proof)


def test_history_of_packs_opens_from_elsewhere(page: Any, window: Any, settle: Settle, tmp_path: Path) -> None:
    page.out.export()
    choose(window, settle, tmp_path / "pack")
    window.go("history")
    settle(window)
    window.shell.page.foot.show_them.click()
    settle(window)
    assert window.shell.current == "reports"
    assert window.focusWidget() is page.pack.check_folder


def test_printing_draws_every_page_at_the_fineness_of_paper(
    page: Any, window: Any, settle: Settle, tmp_path: Path
) -> None:
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    page.out.print_summary()
    [asked] = window.findChildren(QPrintDialog)
    printer = asked.printer()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "paper.pdf"))
    asked.accepted.emit(printer)
    settle(window)
    printed = (tmp_path / "paper.pdf").read_bytes()
    assert printed.startswith(b"%PDF")
    assert printed.count(b"/Type /Page\n") == 4
    assert window.shell.toast.accessibleName() == "Sent to the printer."


def test_neither_typesetting_nor_printing_loads_before_it_is_wanted() -> None:
    script = (
        "import sys, app.ui.reports.page; "
        "sys.exit(any(name in sys.modules for name in ('typst', 'PySide6.QtPrintSupport', 'app.adapters.pdf')))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


# --- the other views


def shown(model: Any) -> list[list[str]]:
    return [
        [str(model.index(row, column).data() or "") for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def test_schedule_c_shows_each_line_as_the_form_has_it(page: Any, window: Any, settle: Settle) -> None:
    form = reports.schedule(window.session.gui, 2026, DAY)
    page.turn_to("form")
    settle(window)
    rows = page.form.facts.rows
    assert [(row.code, row.form_cents, row.number) for row in rows if row.code] == [
        (line.code, line.form_cents, line.count) for line in form.lines
    ]
    assert {row.printed: row.form_cents for row in rows if not row.code} == {
        "3": form.net_receipts_cents, "7": form.gross_income_cents, "28": form.expenses_cents,
        "31": form.net_profit_cents,
    }  # fmt: skip
    assert page.form.net.text() == "$102,329.06"
    assert page.form.range.text().startswith("Jan 1 to Nov 20, 2026, cash basis. Between $")
    assert page.preview.place.text() == "page 2 of 4"


def test_a_line_opens_exactly_the_rows_it_is_made_of(page: Any, window: Any, settle: Settle, went: Any) -> None:
    page.turn_to("form")
    settle(window)
    fees = next(n for n, row in enumerate(page.form.facts.rows) if row.code == "C10")
    page.form.table.setCurrentIndex(page.form.model.index(fees, 0))
    page.form.table.setFocus()
    QTest.keyClick(page.form.table, Qt.Key.Key_Return)
    settle(window)
    to, what = went[-1]
    assert to == "transactions"
    assert len(what["ids"]) == page.form.facts.rows[fees].number > 100
    assert what["of"] == "line 10, Commissions and fees"


def test_a_result_of_the_form_opens_nothing(page: Any, window: Any, settle: Settle, went: Any) -> None:
    page.turn_to("form")
    settle(window)
    last = len(page.form.facts.rows) - 1
    page.form.table.setCurrentIndex(page.form.model.index(last, 0))
    QTest.keyClick(page.form.table, Qt.Key.Key_Return)
    settle(window)
    assert went == []


def test_months_sum_to_the_year_and_months_to_come_are_left_out(page: Any, window: Any, settle: Settle) -> None:
    page.turn_to("months")
    settle(window)
    rows = page.months.facts.rows
    assert sum(row.total for row in rows if row.code) == rows[-1].total
    assert all(sum(row.months) == row.total for row in rows)
    by_line: dict[str, int] = {}
    for row in reports.profit_and_loss(window.session.gui, 2026):
        by_line[row.line] = by_line.get(row.line, 0) + row.total_cents
    assert {row.code: row.total for row in rows if row.code} == by_line
    table = page.months.table
    assert table.isColumnHidden(13)
    assert not table.isColumnHidden(12)
    assert page.pane.isHidden()


def test_arrows_scroll_the_months_and_the_names_stay(page: Any, window: Any, settle: Settle) -> None:
    window.resize(1024, 700)
    page.turn_to("months")
    settle(window)
    table, names = page.months.table, page.months.names
    table.setCurrentIndex(page.months.model.index(0, 0))
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Right)
    QTest.keyClick(table, Qt.Key.Key_Right)
    across = table.horizontalScrollBar().value()
    assert across > 0
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert table.horizontalScrollBar().value() == across
    assert names.x() == 0
    assert names.indexAt(names.rect().center()).column() in {-1, 0, 1}
    assert table.currentIndex().row() == 1


def test_the_ledger_balances_filters_and_opens_its_row(page: Any, window: Any, settle: Settle, went: Any) -> None:
    page.turn_to("ledger")
    settle(window)
    ledger = page.ledger
    expected = list(pack_export.ledger_rows(window.session.gui, 2026))
    assert len(ledger.model.rows) == len(expected)
    assert [row.balance for row in ledger.model.rows] == [row[6] for row in expected]
    assert ledger.count.text() == f"{len(expected):,} lines, debits equal credits"
    name = ledger.account.choices()[3][0]
    ledger.account._choose(name)
    assert {row.account for row in ledger.model.rows} == {name}
    ledger.table.setCurrentIndex(ledger.model.index(1, 0))
    QTest.keyClick(ledger.table, Qt.Key.Key_Return)
    assert went[-1] == ("transactions", {"row": ledger.model.rows[1].transaction_id})


def test_the_keyboard_follows_into_the_view_that_is_opened(page: Any, window: Any, settle: Settle) -> None:
    page.pack.scroller.setFocus()
    page.turn_to("form")
    settle(window)
    assert window.focusWidget() is page.form.table
    page.turn_to("ledger")
    settle(window)
    assert window.focusWidget() is page.ledger.table


def test_page_keys_move_in_the_ledger(page: Any, window: Any, settle: Settle) -> None:
    page.turn_to("ledger")
    settle(window)
    page.ledger.table.setCurrentIndex(page.ledger.model.index(0, 0))
    page.ledger.table.setFocus()
    QTest.keyClick(page.ledger.table, Qt.Key.Key_PageDown)
    assert page.ledger.table.currentIndex().row() > 10


def test_the_ledger_is_saved_as_in_the_pack(page: Any, window: Any, settle: Settle, tmp_path: Path) -> None:
    page.turn_to("ledger")
    settle(window)
    page.ledger.save.click()
    assert Path(dialog(window).selectedFiles()[0]).name == "my-business-2026-general-ledger.csv"
    choose(window, settle, tmp_path / "ledger.csv")
    # The books of the sample end before the year does, so the pack of the day holds the same rows.
    write(window, settle, lambda books: pack_export.export_pack(books, 2026, tmp_path / "pack", DAY))
    assert (tmp_path / "ledger.csv").read_bytes() == (tmp_path / "pack" / "05-general-ledger.csv").read_bytes()
    with (tmp_path / "ledger.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.reader(file))) == len(page.ledger.model.rows) + 1


def test_years_with_rows_can_be_chosen_and_every_view_follows(page: Any, window: Any, settle: Settle) -> None:
    account = str(window.session.gui.accounts.all()[0].id)

    def add(books: Any) -> None:
        _, number = transactions.add(
            books, date="2025-12-30", cents=12_000, account_selector=account, description="OLD CLIENT"
        )
        transactions.set_values(books, number, {"kind": "income", "line": "C1"})

    write(window, settle, add)
    settle(window)
    assert page.year.choices() == [(2026, "2026"), (2025, "2025")]
    page.show_what(year=2025, view="form")
    settle(window)
    assert page.pack.span.text() == "Jan 1 to Dec 31, 2025"
    assert page.form.net.text() == "$120.00"
    assert page.preview.count == 4


# --- other states


def test_books_without_rows_say_how_to_begin(make_window: Any, tmp_path: Path, qtbot: Any, settle: Settle) -> None:
    create(tmp_path / "new").close()
    shown = make_window(tmp_path / "new")
    with qtbot.waitSignal(shown.session.state_changed, timeout=20_000):
        shown.session.unlock(PASSPHRASE, lambda: None, shown.fail)
    settle(shown)
    shown.go("reports")
    settle(shown)
    page = shown.shell.page
    assert page.empty.isVisible()
    assert page.body.isHidden()
    assert page.pane.isHidden()
    shown.commands.trigger("app.export")
    settle(shown)
    assert shown.findChildren(QFileDialog) == []
    assert not shown.commands.can("reports.print")


def test_a_narrow_window_opens_the_preview_over_the_page_and_gives_the_focus_back(
    page: Any, window: Any, settle: Settle
) -> None:
    window.resize(1024, 700)
    settle(window)
    assert page.pane.isHidden()
    assert page.export_button.isVisible()
    page.open_preview.click()
    settle(window)
    assert page.pane.isVisible()
    assert not page.export_button.isVisible()
    assert page.preview.place.text() == "page 1 of 4"
    QTest.keyClick(page.preview.next, Qt.Key.Key_Escape)
    assert page.pane.isHidden()
    assert window.focusWidget() is page.open_preview
    window.resize(1440, 900)
    settle(window)
    assert page.pane.isVisible()


def test_an_export_can_be_begun_and_repeated_by_keyboard_alone(
    page: Any, window: Any, settle: Settle, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        window.activateWindow()
        settle(window)
        QTest.keyClick(page.pack.scroller, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
        choose(window, settle, tmp_path / name)
        settle(window)
    assert [pack.name for pack in packs.listed(window.session.gui)] == ["two", "one"]
    assert page.pack.written.words.text().endswith("two")


def test_locking_takes_every_name_and_figure_away(page: Any, window: Any, settle: Settle) -> None:
    page.turn_to("ledger")
    settle(window)
    window.session.lock()
    settle(window)
    assert page.facts is None
    assert page.ledger.model.rows == []
    assert page.preview.count == 0


def test_tab_goes_as_one_reads(page: Any, window: Any) -> None:
    page.pack.scroller.setFocus()
    names = []
    for _ in range(4):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        names.append(window.focusWidget().accessibleName())
    assert [name.partition(":")[0] for name in names] == ["Review", "Show", "Next page (PgDn)", "Folder"]


def test_everything_has_a_name_for_those_who_do_not_see_it(page: Any, window: Any, settle: Settle) -> None:
    for view in ("pack", "form", "months", "ledger"):
        page.turn_to(view)
        settle(window)
        nameless = [each for each in page.findChildren(QPushButton) if each.isVisible() and not each.accessibleName()]
        assert nameless == []
    cell = page.form.model.index(0, 0).data(CELL_ROLE)
    assert cell is None or cell.aloud().startswith("Line ")


@pytest.mark.parametrize(("size", "words"), [(100, "1 KB"), (312_000, "305 KB"), (41_000_000, "39.1 MB")])
def test_sizes_are_said_shortly(size: int, words: str) -> None:
    assert view_model.size_words(size) == words


def test_names_of_files_suit_every_system() -> None:
    assert view_model.default_name("Reyes & Söhne: Design/Co", 2026, "accountant-pack") == (
        "reyes-s-hne-design-co-2026-accountant-pack"
    )
    assert view_model.default_name("日本", 2026, "accountant-pack") == "books-2026-accountant-pack"


def test_a_moment_is_said_in_the_zone_of_the_books() -> None:
    from zoneinfo import ZoneInfo

    from app.ui.runtime.when import when_words

    zone, today = ZoneInfo("America/Los_Angeles"), day_of(date(2026, 11, 20))
    assert when_words("2026-11-20T22:02:07.123Z", zone, today) == "today 14:02"
    assert when_words("2026-11-20T05:09:00.000Z", zone, today) == "yesterday 21:09"
    assert when_words("2026-11-18T22:02:00.000Z", zone, today) == "Nov 18, 14:02"
    assert when_words("2025-11-18T22:02:00.000Z", zone, today) == "Nov 18, 2025"
