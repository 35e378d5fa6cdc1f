"""What opens new books: the keychain where there is one, the recovery sheet, and a backup in the place of both."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from ui.doors import PASSPHRASE, Chain, back_up, clock, door, make_books, with_recovery_key, words

from app.adapters.randomness import OsRandomness
from app.core import errors
from app.core.ports import Keychain
from app.core.security.envelope import Mode
from app.services.books import opening
from app.services.books.open_books import Books, Unlock
from app.services.vault import book_keys
from app.ui.onboarding import view_model
from app.ui.runtime.session import State
from app.ui.runtime.wiring import Wiring
from app.ui.sheets.lost_passphrase import LostPassphrase
from app.ui.sheets.restore_sheet import RestoreSheet


def wired(keychain: Callable[[], Keychain | None]) -> Wiring:
    """The wiring of the bootstrap, with this keychain and the cheapest stretching."""

    def create(home: Path, mode: str, passphrase: str | None) -> Books:
        made, _ = opening.create(
            home, mode=Mode(mode), passphrase=passphrase, keychain=None if mode == "passphrase" else keychain(),
            randomness=OsRandomness(), clock=clock(), kdf_memory_mib=64,
        )  # fmt: skip
        return made

    def open_books(home: Path, unlock: Unlock) -> Books:
        return opening.open_books(home, unlock, keychain=keychain, clock=clock())

    return Wiring(
        open_books=lambda home, passphrase: open_books(home, Unlock(passphrase=passphrase)),
        create_books=create,
        create_throwaway=make_books,
        today=lambda: clock().today(),
        keychain=keychain,
        randomness=OsRandomness,
        open_otherwise=lambda home, unlock, _how: open_books(home, unlock),
        clock=clock,
    )


@pytest.fixture
def first_run(make_window: Any, tmp_path: Path, settle: Any) -> Callable[[Keychain | None], Any]:
    """Makes a window at its passphrase step, on a computer with this keychain, if any."""

    def make(keychain: Keychain | None) -> Any:
        window = make_window(tmp_path / "new-home", wired(lambda: keychain))
        door(window).start.empty.emit()
        settle(window)
        return window

    return make


def make(window: Any, qtbot: Any) -> Any:
    """Type the passphrase, wait until the books are made, and return the recovery step."""
    page = door(window)
    page.passphrase.new.first.edit.setText(PASSPHRASE)
    page.passphrase.new.second.edit.setText(PASSPHRASE)
    page.passphrase.next.click()
    qtbot.waitUntil(lambda: page.recovery is not None and page.recovery.isVisible(), timeout=30_000)
    return page.recovery


def finish(window: Any, settle: Any) -> None:
    settle(window)
    door(window).household.make.click()
    settle(window)
    assert door(window) is window.shell


def keep(step: Any) -> str:
    """Type the end of the key as one reads it from the paper; return the key."""
    step.paper.last.setText(step.paper.key.replace("-", "")[-6:])
    step.next.click()
    return str(step.paper.key)


# --- the way


def test_with_a_keychain_both_open_the_books_unless_something_else_is_chosen(
    first_run: Any, qtbot: Any, settle: Any
) -> None:
    chain = Chain()
    window = first_run(chain)
    assert chain.held == {}, "the look at the keychain leaves nothing in it"
    assert "Your passphrase and this computer’s keychain open the books together." in words(window)
    step = make(window, qtbot)
    assert book_keys.mode_of(window.session.home) is Mode.BOTH
    assert not step.skip.isVisible(), "with a keychain the recovery key is a must"
    key = keep(step)
    finish(window, settle)
    chain.held.clear()
    assert book_keys.open_keys(window.session.home, recovery_key=key)


def test_without_a_keychain_the_passphrase_alone_is_said_calmly(first_run: Any, qtbot: Any, settle: Any) -> None:
    window = first_run(None)
    page = door(window)
    assert "The passphrase alone opens the books: this computer has no keychain that can be used." in words(window)
    assert not page.passphrase.other.isVisible()
    step = make(window, qtbot)
    assert book_keys.mode_of(window.session.home) is Mode.PASSPHRASE
    assert step.skip.isVisible()
    assert "a forgotten passphrase means the books are lost" in words(window)


def test_a_locked_keychain_is_not_an_error(first_run: Any) -> None:
    chain = Chain()
    chain.errors = [errors.KeychainLocked("Locked.", "x")] * 9
    window = first_run(chain)
    assert "keychain is locked just now" in words(window)
    assert door(window).passphrase.mode is view_model.Mode.PASSPHRASE


@pytest.mark.parametrize(("number", "mode"), [(2, Mode.PASSPHRASE), (3, Mode.KEYCHAIN)])
def test_each_other_way_says_its_consequence_and_is_made(first_run: Any, qtbot: Any, number: int, mode: Mode) -> None:
    window = first_run(Chain())
    step = door(window).passphrase
    step.other.click()
    step.modes.choose(number)
    assert view_model.MEANING[view_model.Mode(mode.value)] in words(window)
    assert step.new.isVisible() == (mode is not Mode.KEYCHAIN)
    make(window, qtbot)
    assert book_keys.mode_of(window.session.home) is mode


def test_a_keychain_that_fails_while_the_books_are_made_leaves_the_passphrase(
    first_run: Any, qtbot: Any, settle: Any
) -> None:
    chain = Chain()
    window = first_run(chain)
    chain.errors = [errors.KeychainLocked("The keychain is locked.", "Open it.")]
    page = door(window)
    page.passphrase.new.first.edit.setText(PASSPHRASE)
    page.passphrase.new.second.edit.setText(PASSPHRASE)
    page.passphrase.next.click()
    qtbot.waitUntil(lambda: bool(page.passphrase.note.said), timeout=20_000)
    assert page.passphrase.mode is view_model.Mode.PASSPHRASE
    assert not (window.session.home / "ops.keys").exists()
    page.passphrase.next.click()
    qtbot.waitUntil(lambda: page.recovery is not None and page.recovery.isVisible(), timeout=30_000)


# --- the recovery sheet


def test_the_key_is_in_force_only_when_its_end_was_read_from_the_paper(first_run: Any, qtbot: Any, settle: Any) -> None:
    window = first_run(None)
    step = make(window, qtbot)
    home = window.session.home
    assert step.paper.key[:4] in words(window)
    step.paper.last.setText("AAAAAA")
    step.next.click()
    assert "These are not its last six letters" in words(window)
    assert not book_keys.has_recovery_key(home)
    key = keep(step)
    settle(window)
    assert book_keys.has_recovery_key(home)
    finish(window, settle)
    assert key[:9] not in words(window)
    window.session.lock()
    assert door(window).card.switch.isVisible()


def test_the_sheet_is_saved_as_a_pdf_and_never_over_a_file(
    first_run: Any, qtbot: Any, settle: Any, tmp_path: Path
) -> None:
    step = make(first_run(None), qtbot)
    step.paper.write(tmp_path / "key.pdf")
    qtbot.waitUntil(step.saved.isVisible, timeout=20_000)
    data = (tmp_path / "key.pdf").read_bytes()
    assert data.startswith(b"%PDF")
    step.paper.write(tmp_path / "key.pdf")
    qtbot.waitUntil(lambda: bool(step.note.said), timeout=20_000)
    assert (tmp_path / "key.pdf").read_bytes() == data


def test_closing_the_window_at_the_sheet_leaves_sound_books(
    first_run: Any, make_window: Any, qtbot: Any, settle: Any
) -> None:
    window = first_run(None)
    make(window, qtbot)
    window.close()
    window.session.end()
    again = make_window(window.session.home, wired(lambda: None))
    card = door(again).card
    card.password.edit.setText(PASSPHRASE)
    card.button.click()
    qtbot.waitUntil(lambda: again.session.state is State.OPEN, timeout=20_000)
    assert not book_keys.has_recovery_key(again.session.home)


def test_locking_at_the_sheet_leaves_nothing_of_the_key_on_the_screen(first_run: Any, qtbot: Any, settle: Any) -> None:
    window = first_run(None)
    step = make(window, qtbot)
    shown = step.paper.key[:4]
    window.session.lock()
    settle(window)
    assert shown not in words(window)
    assert door(window).card.isVisible()


def test_the_books_behind_the_last_steps_are_out_of_reach_of_every_key(first_run: Any, qtbot: Any, settle: Any) -> None:
    window = first_run(None)
    step = make(window, qtbot)
    for command in ("edit.undo", "app.palette", "go.transactions", "help.keys"):
        assert not window.commands.can(command), command
    QTest.keyClick(step.paper.last, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(window)
    assert step.isVisible()
    step.skip.click()
    finish(window, settle)
    assert window.commands.can("edit.undo")


def test_files_handed_over_at_the_sheet_wait_for_the_books(
    first_run: Any, qtbot: Any, settle: Any, tmp_path: Path
) -> None:
    window = first_run(None)
    step = make(window, qtbot)
    file = tmp_path / "november.csv"
    file.write_text("Date,Amount\n")
    window.taken_over([file])
    assert step.isVisible()
    assert window.incoming.waiting == [file]
    step.skip.click()
    finish_and_import(window, settle)


def finish_and_import(window: Any, settle: Any) -> None:
    door(window).household.make.click()
    settle(window)
    assert window.incoming.waiting == []
    assert window.shell.current == "accounts"


# --- a backup in the place of new books


@pytest.fixture
def backup(sample_home: Path, tmp_path: Path) -> tuple[Path, str]:
    """A backup of the sample on a stick, with the recovery key of its day."""
    key = with_recovery_key(sample_home)
    return Path(shutil.copy(back_up(sample_home), tmp_path / "stick.opsbak")), key


def drop(window: Any, file: Path) -> RestoreSheet:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    event = QDropEvent(
        QPoint(30, 30).toPointF(), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    window.dropEvent(event)
    return next(each for each in window.findChildren(RestoreSheet) if each.isVisible())


@pytest.mark.parametrize("by", ["passphrase", "recovery key"])
def test_a_backup_dropped_on_a_new_computer_becomes_the_books(
    make_window: Any, tmp_path: Path, qtbot: Any, settle: Any, backup: tuple[Path, str], by: str
) -> None:
    file, key = backup
    home = tmp_path / "new-computer"
    window = make_window(home)
    sheet = drop(window, file)
    qtbot.waitUntil(sheet.entry.isVisible, timeout=20_000)
    assert "made by you" in words(window)
    if by == "recovery key":
        sheet.entry.switch.click()
        sheet.entry.recovery.edit.setPlainText(key)
    else:
        sheet.entry.password.edit.setText(PASSPHRASE)
    sheet.act.click()
    qtbot.waitUntil(lambda: sheet.act.isEnabled() and sheet.act.words() == "Restore", timeout=20_000)
    assert not (home / "books.db").exists(), "looking into it writes nothing"
    sheet.act.click()
    qtbot.waitUntil(lambda: window.session.state is State.OPEN, timeout=30_000)
    settle(window)
    assert door(window) is window.shell
    offered = [each for each in window.findChildren(LostPassphrase) if each.isVisible()]
    assert bool(offered) == (by == "recovery key")


def test_a_wrong_passphrase_for_a_backup_can_be_mended(
    make_window: Any, tmp_path: Path, qtbot: Any, backup: tuple[Path, str]
) -> None:
    window = make_window(tmp_path / "new-computer")
    sheet = drop(window, backup[0])
    qtbot.waitUntil(sheet.entry.isVisible, timeout=20_000)
    sheet.act.click()
    assert sheet.note.said == "Type the passphrase."
    sheet.entry.password.edit.setText("not the right one at all")
    sheet.act.click()
    qtbot.waitUntil(lambda: "does not open it" in sheet.note.said, timeout=20_000)
    sheet.close_box()
    assert not (tmp_path / "new-computer").exists()
    assert door(window).start.isVisible()
