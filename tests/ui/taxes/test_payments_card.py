"""Payments by method: the dates under each way to pay, the reason in words, postponed dates, the worksheet to print."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from app.services.tax import profile, tax_plan
from app.ui.taxes.postpone_sheet import PostponeSheet
from app.ui.widgets.amount import amount_text
from tests.ui.conftest import create
from tests.ui.taxes.conftest import stored, two_years

LAST_YEAR = {"prior_year_tax": "14960", "prior_year_agi": "110000", "prior_year_state_tax": "2600"}
DUE, PRIOR, REGULAR, ANNUALIZED, STATE, PAID = range(6)


def column(page: Any, number: int) -> list[str]:
    cells = page.payments.due.cells
    return [cells.index(row, number).data() for row in range(cells.rowCount())]


@pytest.fixture
def known(page: Any, window: Any, settle: Any) -> Any:
    """The page once last year's return is entered."""
    window.tasks.write(lambda books: profile.change(books, 2026, LAST_YEAR), None, window.fail)
    settle(window)
    return page


def test_the_card_shows_the_plan_of_the_command_by_each_method(known: Any, window: Any) -> None:
    plans = tax_plan.planned(stored(window)).plans
    for number, name in ((PRIOR, "prior_year"), (REGULAR, "regular"), (ANNUALIZED, "annualized")):
        method = plans[0].method(name)
        assert method is not None
        asked = [amount_text(each.required) for each in method.instalments]
        assert column(known, number) == [*asked, amount_text(method.annual)]
    assert column(known, PRIOR) == ["$3,740.00"] * 4 + ["$14,960.00"]
    assert column(known, DUE) == ["Apr 15, 2026", "Jun 15, 2026", "Sep 15, 2026", "Jan 15, 2027", "Year"]


def test_the_state_has_its_own_parts_and_none_in_september(known: Any) -> None:
    assert column(known, STATE) == ["$780.00", "$1,040.00", "none", "$780.00", "$2,600.00"]
    heads = known.payments.due.cells
    assert heads.headerData(STATE, Qt.Orientation.Horizontal) == "California"


def test_the_recommended_method_is_chosen_and_its_reason_promises_no_safety(known: Any) -> None:
    assert known.payments.method == "prior_year"
    assert known.payments.choice.value() == "prior_year"
    said = known.payments.why.text()
    assert "It meets the IRS rule against the underpayment penalty if paid on time" in said
    assert "you may still owe tax in April" in said
    assert "California: " in said
    assert "safe" not in said.lower()


def test_another_method_says_what_it_asks_and_stays_chosen(known: Any, window: Any, settle: Any) -> None:
    known.payments.choice.changed.emit("regular")
    known.payments.choice.set_value("regular")
    assert known.payments.due.chosen_column == REGULAR
    said = known.payments.why.text()
    assert said.startswith("Paying 90% of this year’s tax asks for ")
    assert "Recommended: last year’s tax." in said
    assert column(known, PAID)[2].endswith(" short")
    window.tasks.write(lambda books: profile.change(books, 2026, {"wages": "100"}), None, window.fail)
    settle(window)
    assert known.payments.method == "regular"


def test_what_is_missing_names_the_answer_it_needs(opened: Any, tmp_path: Path) -> None:
    books = create(tmp_path / "home")
    two_years(books)
    profile.change(books, 2026, {"filing_status": "single", "state": "TX"})
    books.close()
    page = opened(tmp_path / "home").shell.page
    page.payments.choice.changed.emit("prior_year")
    assert "Last year’s tax is not entered." in page.payments.why.text()
    assert page.payments.missing.isVisible()
    assert set(column(page, PRIOR)) == {"–"}
    assert page.payments.due.isColumnHidden(STATE)
    assert "Texas" in page.payments.why.text() or "TX" in page.payments.why.text()


def test_a_date_is_postponed_from_its_row_and_put_back(known: Any, window: Any, qtbot: Any, settle: Any) -> None:
    table = known.payments.due
    table.setFocus()
    table.go_to(3)
    names = [action.text() for action in known.payments.menu_of(known.payments.current_due()).actions()]
    assert names == ["Record a payment…", "Postpone this date…"]
    qtbot.keyClick(table, Qt.Key.Key_D)
    sheet = window.findChild(PostponeSheet)
    sheet.submit()
    assert "Type the day" in sheet.day.accessibleDescription()
    sheet.day.setText("1/2/2027")
    sheet.submit()
    settle(window)
    assert "later than by the rule" in sheet.day.accessibleDescription()
    assert "--clear" not in sheet.day.accessibleDescription()
    sheet.day.setText("2027-03-01")
    sheet.submit()
    settle(window)
    assert column(known, DUE)[3:] == ["Jan 15, 2027", "Mar 1, 2027", "Year"]
    assert [row.jurisdiction for row in stored(window).settings.tax_overrides()] == ["federal"]
    known.sheets.open_postpone(known.payments._rows[4])
    again = next(each for each in window.findChildren(PostponeSheet) if each.isVisible())
    again.back.click()
    settle(window)
    assert stored(window).settings.tax_overrides() == []
    window.commands.trigger("edit.undo")
    settle(window)
    assert len(stored(window).settings.tax_overrides()) == 1


def test_the_worksheet_is_written_as_a_pdf_and_never_over_a_file(
    known: Any, window: Any, tmp_path: Path, settle: Any
) -> None:
    out = tmp_path / "plan.pdf"
    known.sheets.write_plan(out)
    settle(window)
    assert out.read_bytes().startswith(b"%PDF")
    assert "Saved plan.pdf" in window.shell.toast.accessibleName() or window.shell.toast.isVisible()


def test_amounts_of_the_plan_are_hidden(known: Any, look: Any) -> None:
    look.set_hide_amounts(True)
    shown = [*column(known, PRIOR), *column(known, STATE), *column(known, PAID), known.payments.why.text()]
    assert not any("$" in each for each in shown)


def test_in_large_text_the_other_methods_give_way(known: Any, window: Any, look: Any, settle: Any) -> None:
    assert not known.payments.beside.isVisible()
    look.set_scale(2.0)
    window.setMinimumSize(1024, 700)
    window.resize(1024, 700)
    settle(window)
    table = known.payments.due
    assert known.payments.drop.isVisible()
    assert not known.payments.choice.isVisible()
    assert [table.isColumnHidden(number) for number in range(6)] == [False, False, True, True, True, False]
    assert table.horizontalHeader().length() <= table.viewport().width() + 1
    assert known.scroller.horizontalScrollBar().maximum() == 0
    assert known.payments.beside.isVisible()
    assert known.payments.beside.text() == (
        "California: $780.00 by Apr 15, 2026, $1,040.00 by Jun 15, 2026, $780.00 by Jan 15, 2027."
    )


def test_a_state_with_days_of_its_own_has_rows_of_its_own(opened: Any, tmp_path: Path) -> None:
    books = create(tmp_path / "home")
    two_years(books)
    profile.change(books, 2026, {"filing_status": "single", "state": "IA"})
    books.close()
    page = opened(tmp_path / "home").shell.page
    assert column(page, DUE)[:3] == ["Apr 15, 2026", "Apr 30, 2026", "Jun 15, 2026"]
    assert column(page, REGULAR)[1] == "–"
    assert column(page, STATE)[0] == "none"
    assert column(page, STATE)[1].startswith("$")
    assert page.payments._rows[1].numbers == {"IA": 1}
