"""The first minute: three ways in, a passphrase, two answers, and the books are there with the files that waited."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QByteArray, QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from ui.doors import PASSPHRASE, door, make_books, words

from app import bootstrap
from app.core.money import share
from app.core.tax.federal import evaluate
from app.core.tax.model import Business, Household
from app.services.classify import knowledge
from app.services.program import sample_books
from app.services.tax import profile, taxes
from app.ui.onboarding import page as page_module
from app.ui.onboarding import view_model
from app.ui.runtime.session import State

SAMPLE = Path(__file__).parents[3] / "resources" / "sample"


@pytest.fixture
def fresh(make_window: Any, tmp_path: Path, settle: Any) -> Any:
    """The window on a home without books."""
    window = make_window(tmp_path / "new-home")
    settle(window)
    return window


def choose(window: Any, passphrase: str = PASSPHRASE, again: str | None = None) -> None:
    step = door(window).passphrase
    step.new.first.edit.setText(passphrase)
    step.new.second.edit.setText(passphrase if again is None else again)
    step.next.click()


def made(window: Any, qtbot: Any, settle: Any) -> Any:
    """Choose a passphrase, wait until the books are made, and return the page at its recovery key."""
    settle(window)
    choose(window)
    page = door(window)
    qtbot.waitUntil(lambda: page.recovery is not None and page.recovery.isVisible(), timeout=60_000)
    return page


def go_in(window: Any, qtbot: Any, settle: Any) -> None:
    """Leave what can be left, and go to the books."""
    page = made(window, qtbot, settle)
    page.recovery.skip.click()
    page.household.make.click()
    settle(window)
    assert door(window) is window.shell


def test_first_run_makes_nothing_by_itself(fresh: Any) -> None:
    assert door(fresh).start.isVisible()
    assert not fresh.session.home.exists()
    assert fresh.windowTitle() == "1099 Ops"


def test_files_wait_until_there_are_books_and_are_looked_at_then(
    fresh: Any, qtbot: Any, settle: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = sorted(SAMPLE.glob("*.OFX"))
    opened: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(type(fresh), "go", lambda _self, page, /, **what: opened.append((page, what)))
    fresh.import_files(files)
    page = door(fresh)
    assert page.passphrase.isVisible()
    assert "1 file waits" in words(fresh)
    made(fresh, qtbot, settle).recovery.skip.click()
    assert page.household.isVisible()
    assert opened == [], "the books wait behind the steps"
    page.household.status.set_value("hoh")
    page.household.state.set_value("NY")
    page.household.make.click()
    qtbot.waitUntil(lambda: bool(opened), timeout=30_000)
    settle(fresh)
    assert opened == [("accounts", {"files": files})]
    assert fresh.incoming.waiting == []
    values = profile.show(fresh.session.gui, 2026).values
    assert (values["filing_status"], values["state"]) == ("hoh", "NY")


def test_the_two_answers_can_wait(fresh: Any, qtbot: Any, settle: Any) -> None:
    door(fresh).start.empty.emit()
    go_in(fresh, qtbot, settle)
    values = profile.show(fresh.session.gui, 2026).values
    assert "filing_status" not in values
    assert "state" not in values
    fresh.session.lock()
    assert fresh.session.state is State.LOCKED


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("short", "short", "The passphrase has 5 characters; at least 12 are needed."),
        (PASSPHRASE, "", "Type it once more."),
        (PASSPHRASE, PASSPHRASE + "x", "The two are not the same."),
        ("a" * 1025, "a" * 1025, "The passphrase has 1,025 characters; at most 1,024 can be used."),
        ("password1234", "password1234", "The passphrase is one of those that are tried first"),
        ("aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", "The passphrase follows a row of the alphabet"),
    ],
)
def test_a_passphrase_that_will_not_do_is_told_in_place(fresh: Any, first: str, second: str, said: str) -> None:
    door(fresh).start.empty.emit()
    choose(fresh, first, second)
    step = door(fresh).passphrase
    assert step.isVisible()
    assert step.new.note.said.startswith(said)
    step.new.first.edit.clear()
    step.new.first.edited.emit("")
    assert step.new.note.said == ""
    assert not fresh.session.home.exists()


def test_the_meter_grows_with_the_length(fresh: Any, qtbot: Any) -> None:
    door(fresh).start.empty.emit()
    step = door(fresh).passphrase.new
    qtbot.keyClicks(step.first.edit, "eleven char")
    assert step.words.text() == "1 more character"
    qtbot.keyClicks(step.first.edit, "s and more of it")
    assert step.words.text() == "Strong"
    filled = [view_model.strength("violet anchor harvest"[:length]).filled for length in range(22)]
    assert filled == sorted(filled)
    assert filled[-1] > filled[0]


def test_the_steps_go_by_keyboard(fresh: Any, qtbot: Any, settle: Any) -> None:
    door(fresh).start.empty.emit()
    page = door(fresh)
    settle(fresh)
    step = page.passphrase.new
    qtbot.keyClicks(step.first.edit, PASSPHRASE)
    QTest.keyClick(step.first.edit, Qt.Key.Key_Return)
    qtbot.keyClicks(step.second.edit, PASSPHRASE)
    QTest.keyClick(step.second.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.recovery is not None and page.recovery.isVisible(), timeout=30_000)
    qtbot.keyClicks(page.recovery.paper.last, page.recovery.paper.key.replace("-", "")[-6:].lower())
    QTest.keyClick(page.recovery.paper.last, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.household is not None and page.household.isVisible(), timeout=30_000)


def test_going_back_keeps_what_waits(fresh: Any) -> None:
    fresh.import_files(sorted(SAMPLE.glob("*.OFX")))
    door(fresh).passphrase.back.emit()
    assert door(fresh).start.isVisible()
    assert len(fresh.incoming.waiting) == 1


def test_a_file_that_is_no_bank_file_is_refused_with_the_reason(fresh: Any, tmp_path: Path) -> None:
    letter = tmp_path / "letter.docx"
    letter.write_text("x")
    fresh.import_files([letter])
    assert door(fresh).start.isVisible()
    assert door(fresh).start.note.said == ("letter.docx is not a bank file. 1099 Ops reads OFX, QFX, QBO, QIF and CSV.")
    assert fresh.incoming.waiting == []


def test_files_can_be_dropped_anywhere(fresh: Any) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in sorted(SAMPLE.glob("*.CSV"))])
    event = QDropEvent(
        QPoint(30, 30).toPointF(), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    fresh.dropEvent(event)
    assert door(fresh).passphrase.isVisible()
    assert len(fresh.incoming.waiting) == 2


def test_existing_books_can_be_opened_instead(fresh: Any, tmp_path: Path) -> None:
    home = tmp_path / "books-of-old"
    make_books(home).close()
    fresh.open_home(home)
    assert door(fresh).card.isVisible()
    assert not (tmp_path / "new-home").exists()


def test_a_home_that_cannot_be_made_is_told_in_place(make_window: Any, tmp_path: Path, qtbot: Any, settle: Any) -> None:
    (tmp_path / "file").write_text("x")
    window = make_window(tmp_path / "file" / "home")
    door(window).start.empty.emit()
    settle(window)
    choose(window)
    qtbot.waitUntil(lambda: bool(door(window).passphrase.note.said), timeout=30_000)
    assert door(window).passphrase.next.isEnabled()
    assert door(window).passphrase.isVisible()


# --- the example


def test_the_example_comes_from_the_engine(fresh: Any, qtbot: Any) -> None:
    card = door(fresh).promise.example
    qtbot.waitUntil(card.isVisible, timeout=20_000)
    household = Household(year=2026, businesses=(Business(net_profit_cents=80_000_00),))
    tax = evaluate(household, taxes.figures_of(2026)).totals["total_federal_cents"]
    example = view_model.example(2026)
    assert example.set_aside_cents == share(tax, Decimal(4_800) / 96_000)
    assert "For example" in words(fresh)
    assert f"${example.set_aside_cents // 100:,}.{example.set_aside_cents % 100:02d}" in words(fresh)


def test_the_example_of_a_year_nobody_knows_takes_the_last_one_known() -> None:
    assert view_model.example(2099) == view_model.example(max(knowledge.federal_years()))


# --- the sample


def test_the_sample_opens_and_leaves_nothing_behind(fresh: Any, qtbot: Any, settle: Any) -> None:
    before = set(Path(tempfile.gettempdir()).glob(f"{sample_books.PREFIX}*"))
    door(fresh).start.look.button.click()
    assert not door(fresh).start.files.button.isEnabled()
    qtbot.waitUntil(lambda: fresh.session.state is State.OPEN, timeout=60_000)
    settle(fresh)
    assert fresh.session.is_sample
    assert fresh.shell.sample_bar.isVisible()
    folders = set(Path(tempfile.gettempdir()).glob(f"{sample_books.PREFIX}*")) - before
    assert len(folders) == 1
    fresh.leave_sample()
    settle(fresh)
    qtbot.waitUntil(lambda: not any(folder.exists() for folder in folders), timeout=20_000)
    assert door(fresh).start.isVisible()
    assert door(fresh).start.files.button.isEnabled()
    assert not fresh.session.home.exists()


def test_closing_the_window_while_the_sample_opens_leaves_nothing_behind(make_window: Any, tmp_path: Path) -> None:
    before = set(Path(tempfile.gettempdir()).glob(f"{sample_books.PREFIX}*"))
    window = make_window(tmp_path / "new-home")
    window.open_sample()
    window.close()
    window.session.end()
    assert set(Path(tempfile.gettempdir()).glob(f"{sample_books.PREFIX}*")) <= before


def test_after_the_sample_books_of_ones_own_ask_for_their_passphrase(
    make_window: Any, sample_home: Path, qtbot: Any, settle: Any
) -> None:
    window = make_window(sample_home)
    window.open_sample()
    qtbot.waitUntil(lambda: window.session.state is State.OPEN, timeout=60_000)
    settle(window)
    window.leave_sample()
    settle(window)
    assert door(window).card.isVisible()
    assert "without use" not in words(window)


@pytest.mark.parametrize("size", [(1440, 900), (1024, 700), (900, 600)])
@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_no_step_is_cut_off(fresh: Any, look: Any, qtbot: Any, size: tuple[int, int], scale: float) -> None:
    look.set_scale(scale)
    fresh.resize(*size)
    page = door(fresh)
    for step in (page.start, page.passphrase):
        page._show(step, 1)
        wide = page.steps.parentWidget()
        qtbot.waitUntil(lambda step=step, wide=wide: step.isVisible() and step.width() <= wide.width(), timeout=5_000)
        qtbot.waitUntil(lambda step=step: step.height() >= step.heightForWidth(step.width()), timeout=5_000)
    assert page.start.drop.height() == look.dp(128)


@pytest.mark.parametrize("size", [(1440, 900), (1280, 800), (1440, 760), (1920, 1080)])
@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5])
def test_what_the_left_column_says_is_never_cut(
    tmp_path: Path, look: Any, make_window: Any, settle: Any, size: tuple[int, int], scale: float
) -> None:
    look.set_scale(scale)
    window = make_window(tmp_path / "home")
    window.setMinimumSize(1, 1)
    window.resize(*size)
    settle(window)
    promise = door(window).promise
    if not promise.isVisible():
        assert scale == 1.5  # the ways in have the whole window then
        return
    below = -1
    parts = [each for each in promise.children() if isinstance(each, QWidget) and promise._column.indexOf(each) >= 0]
    for part in sorted(parts, key=promise._column.indexOf):
        if not part.isVisible():
            continue
        assert part.height() >= max(part.heightForWidth(part.width()), part.minimumSizeHint().height())
        assert part.geometry().top() > below
        below = part.geometry().bottom()
    assert below < promise.height()


def test_new_books_keep_the_time_of_this_computer(
    tmp_path: Path, look: Any, make_window: Any, qtbot: Any, settle: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_module.QTimeZone, "systemTimeZoneId", staticmethod(lambda: QByteArray(b"America/Denver")))
    window = make_window(tmp_path / "home", bootstrap.window_wiring())  # the real key stretching
    door(window).start.empty.emit()
    settle(window)
    door(window).passphrase.set_keychain("no_keychain")  # whatever this computer has
    go_in(window, qtbot, settle)
    assert profile.show(window.session.gui, window.session.wiring.today().year).values["time_zone"] == "America/Denver"
    assert str(window.session.gui.clock._zone) == "America/Denver"


def test_who_starts_with_a_bank_gets_books_first_and_then_is_told_what_leaves(
    fresh: Any, qtbot: Any, settle: Any
) -> None:
    door(fresh).start.bank_way.button.click()
    assert "Your bank is connected once the books are made." in words(fresh)
    go_in(fresh, qtbot, settle)
    assert fresh.shell.current == "accounts"
    assert "Nothing has been sent yet." in words(fresh)
    assert "Never leaves this computer" in words(fresh)


def test_going_back_forgets_that_a_bank_was_wanted(fresh: Any, qtbot: Any, settle: Any) -> None:
    door(fresh).start.bank_way.button.click()
    door(fresh).passphrase.back.emit()
    door(fresh).start.empty.emit()
    go_in(fresh, qtbot, settle)
    assert fresh.shell.current == "today"
