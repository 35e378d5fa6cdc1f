"""Locked books: what the window says, what it keeps to itself, and that nothing is made or changed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from ui.doors import PASSPHRASE, Chain, clock, door, make_books, words

from app.adapters.randomness import OsRandomness
from app.core import errors
from app.services.books import opening
from app.services.books.open_books import Unlock
from app.services.vault import attempts
from app.ui.runtime.session import Shut, State
from app.ui.runtime.wiring import Wiring
from app.ui.unlock.view_model import Way, greeting, trouble_of


def test_the_right_passphrase_opens_the_books_by_keyboard(make_window: Any, sample_home: Path, qtbot: Any) -> None:
    window = make_window(sample_home)
    field = door(window).card.password.edit
    qtbot.keyClicks(field, PASSPHRASE)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert door(window).card.is_busy
    qtbot.waitUntil(lambda: window.session.state is State.OPEN, timeout=20_000)
    assert window.stack.currentWidget() is window.shell


def test_a_passphrase_can_be_pasted_and_shown(make_window: Any, sample_home: Path, qtbot: Any) -> None:
    window = make_window(sample_home)
    field = door(window).card.password.edit
    assert field.echoMode() is QLineEdit.EchoMode.Password
    QGuiApplication.clipboard().setText(PASSPHRASE)
    QTest.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    QGuiApplication.clipboard().clear()
    assert door(window).card.secret() == PASSPHRASE


def test_a_wrong_passphrase_is_told_in_place_and_can_be_mended(make_window: Any, sample_home: Path, qtbot: Any) -> None:
    window = make_window(sample_home)
    card = door(window).card
    card.password.edit.setText("not the right one at all")
    card.button.click()
    qtbot.waitUntil(lambda: bool(card.said), timeout=20_000)
    assert card.said == "This passphrase does not open these books."
    assert card.password.edit.selectedText()
    assert card.button.isEnabled()
    card.password.edit.setText(PASSPHRASE)
    card.button.click()
    qtbot.waitUntil(lambda: window.session.state is State.OPEN, timeout=20_000)


def wrong(window: Any, qtbot: Any, times: int) -> None:
    """Type a wrong passphrase until the window says so, as often as asked."""
    card = door(window).card
    for _ in range(times):
        card.password.edit.setText("not the right one at all")
        card.button.click()
        qtbot.waitUntil(lambda: not card.is_busy, timeout=20_000)


def test_a_wait_counts_down_and_lets_nothing_through(make_window: Any, sample_home: Path, qtbot: Any) -> None:
    window = make_window(sample_home)
    card = door(window).card
    wrong(window, qtbot, 4)
    assert card.button.words().startswith("Try again in ")
    assert not card.button.isEnabled()
    card.password.edit.setText(PASSPHRASE)
    QTest.keyClick(card.password.edit, Qt.Key.Key_Return)
    assert not card.is_busy
    qtbot.waitUntil(card.button.isEnabled, timeout=5_000)
    assert card.button.words() == "Unlock"


def test_a_new_start_does_not_end_the_wait(make_window: Any, sample_home: Path, qtbot: Any) -> None:
    first = make_window(sample_home)
    wrong(first, qtbot, 4)
    first.close()
    again = make_window(sample_home)
    card = door(again).card
    assert card.button.words().startswith("Try again in ")
    qtbot.waitUntil(card.button.isEnabled, timeout=5_000)
    card.password.edit.setText(PASSPHRASE)
    card.button.click()
    qtbot.waitUntil(lambda: again.session.state is State.OPEN, timeout=20_000)
    again.session.lock()
    assert door(again).card.button.isEnabled(), "the right passphrase ends the count"


def test_a_wait_that_another_window_began_is_counted_down_here_too(
    make_window: Any, sample_home: Path, qtbot: Any
) -> None:
    window = make_window(sample_home)
    for _ in range(4):
        attempts.note_failure(sample_home, window.session.wiring.clock().now())
    card = door(window).card
    card.password.edit.setText(PASSPHRASE)
    card.button.click()
    qtbot.waitUntil(lambda: bool(card.said), timeout=20_000)
    assert card.said == "Several tries were wrong, so the next one has to wait."
    assert card.button.words().startswith("Try again in ")


def test_an_empty_field_is_not_a_failure(make_window: Any, sample_home: Path) -> None:
    window = make_window(sample_home)
    door(window).unlock()
    assert door(window).card.said == "Type your passphrase."
    assert not door(window).card.is_busy


def test_the_button_stays_where_it_is_when_caps_lock_is_told(make_window: Any, sample_home: Path, qtbot: Any) -> None:
    window = make_window(sample_home)
    card = door(window).card
    before = card.button.y()
    QTest.keyClick(card.password.edit, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier)
    qtbot.keyClicks(card.password.edit, "A")
    card.password.edit.caps_lock.emit(True)
    assert "Caps Lock is on" in words(window)
    assert card.button.y() == before


# --- books that do not open


def spoil(home: Path, how: str) -> None:
    keys = home / "ops.keys"
    if how == "keys_missing":
        keys.unlink()
    elif how == "keys_damaged":
        keys.write_bytes(keys.read_bytes()[:100])
    elif how == "books_missing":
        (home / "books.db").unlink()


@pytest.mark.parametrize(
    ("how", "title"),
    [
        ("keys_missing", "The key file is missing"),
        ("keys_damaged", "The key file is damaged"),
        ("books_missing", "The books file cannot be read"),
    ],
)
def test_files_that_cannot_be_opened_are_told_at_once_and_left_alone(
    make_window: Any, sample_home: Path, how: str, title: str
) -> None:
    spoil(sample_home, how)
    before = {path.name: path.read_bytes() for path in sample_home.iterdir() if path.is_file()}
    window = make_window(sample_home)
    page = door(window)
    assert page.trouble.isVisible()
    assert not page.card.isVisible()
    assert page.trouble.title.text() == title
    assert page.trouble.hint.text()
    assert Way.OTHER in page.trouble.ways
    assert Way.QUIT in page.trouble.ways
    assert {path.name: path.read_bytes() for path in sample_home.iterdir() if path.is_file()} == before


def test_a_file_put_back_brings_the_field_back(make_window: Any, sample_home: Path, tmp_path: Path) -> None:
    shutil.copy(sample_home / "ops.keys", tmp_path / "saved")
    spoil(sample_home, "keys_missing")
    window = make_window(sample_home)
    shutil.copy(tmp_path / "saved", sample_home / "ops.keys")
    door(window).trouble.ways[Way.AGAIN].click()
    assert door(window).card.isVisible()
    assert not door(window).trouble.isVisible()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may read everything")
def test_a_folder_without_permission_is_told(make_window: Any, sample_home: Path) -> None:
    (sample_home / "ops.keys").chmod(0)
    window = make_window(sample_home)
    assert door(window).trouble.title.text() == "The folder of these books cannot be used"


def test_damaged_books_are_told_after_the_passphrase(make_window: Any, sample_home: Path, qtbot: Any) -> None:
    file = sample_home / "books.db"
    data = bytearray(file.read_bytes())
    data[64:256] = bytes(192)
    file.write_bytes(bytes(data))
    window = make_window(sample_home)
    page = door(window)
    page.card.password.edit.setText(PASSPHRASE)
    page.unlock()
    qtbot.waitUntil(page.trouble.isVisible, timeout=20_000)
    assert page.trouble.title.text() == "These books are damaged"
    assert file.read_bytes() == bytes(data)


def every_opening_error() -> list[errors.AppError]:
    kinds = (
        errors.KeysMissing, errors.KeysDamaged, errors.DamagedFile, errors.NewerSchema, errors.InUse, errors.Busy,
        errors.BadFile, errors.NoKeychain, errors.KeychainLocked, errors.KeychainEntryMissing, errors.Locked,
    )  # fmt: skip
    found: list[errors.AppError] = [kind("It is so.", "Type: ops1099 something --mode x") for kind in kinds]
    return [*found, *(errors.Conflict("It is so.", "", code=code) for code in ("not_writable", "disk_full"))]


@pytest.mark.parametrize("error", every_opening_error(), ids=lambda error: error.code)
def test_every_opening_error_has_its_own_words_and_ways_out(error: errors.AppError) -> None:
    found = trouble_of(error)
    titles = [trouble_of(other).title for other in every_opening_error()]
    assert titles.count(found.title) == 1
    assert found.sentence == "It is so."
    assert "ops1099" not in found.hint  # a hint for the command line helps nobody here
    assert found.hint.endswith(".")
    assert {Way.OTHER, Way.QUIT} <= set(found.ways)


def test_an_error_nobody_foresaw_shows_its_own_hint() -> None:
    found = trouble_of(errors.Refused("Strange.", "Look into it."))
    assert (found.sentence, found.hint) == ("Strange.", "Look into it.")
    assert trouble_of(errors.Refused("Strange.", "Type: ops1099 doctor")).hint == ""


# --- the keychain alone


@pytest.fixture
def keychain_window(tmp_path: Path, make_window: Any) -> Callable[[Chain], Any]:
    """Makes a window on books whose key is in a keychain; `errors` are what it meets when the window asks."""

    def make(chain: Chain, *met: errors.AppError) -> Any:
        home = tmp_path / "keychain-home"
        make_books(home, chain).close()
        chain.errors = list(met)
        return make_window(home, wired(chain))

    return make


def wired(chain: Chain) -> Any:
    return Wiring(
        open_books=lambda home, passphrase: opening.open_books(
            home, Unlock(passphrase=passphrase), keychain=lambda: chain, clock=clock()
        ),
        create_books=lambda home, _mode, _passphrase: make_books(home, chain),
        create_throwaway=make_books,
        today=lambda: clock().today(),
        keychain=lambda: chain,
        randomness=OsRandomness,
        open_otherwise=lambda home, unlock, how: opening.open_books(
            home,
            unlock,
            keychain=lambda: chain,
            clock=clock(),
            read_only=how.value == "look",
            rescue=how.value != "work",
        ),
        clock=clock,
    )


def test_books_of_the_keychain_open_by_themselves(keychain_window: Any, qtbot: Any) -> None:
    window = keychain_window(Chain())
    qtbot.waitUntil(lambda: window.session.state is State.OPEN, timeout=20_000)


def test_a_keychain_is_not_asked_again_after_a_lock(keychain_window: Any, qtbot: Any, settle: Any) -> None:
    chain = Chain()
    window = keychain_window(chain)
    qtbot.waitUntil(lambda: window.session.state is State.OPEN, timeout=20_000)
    asked = chain.asked
    window.session.lock()
    settle(window)
    assert chain.asked == asked
    assert not door(window).card.password.isVisible()
    assert door(window).card.button.words() == "Unlock with this computer’s keychain"
    door(window).card.button.click()
    qtbot.waitUntil(lambda: window.session.state is State.OPEN, timeout=20_000)


@pytest.mark.parametrize(
    ("error", "title"),
    [
        (errors.NoKeychain("None.", "x"), "The keychain cannot be reached"),
        (errors.KeychainLocked("Locked.", "x"), "The keychain is locked"),
    ],
)
def test_each_trouble_of_the_keychain_can_be_tried_again(
    keychain_window: Any, qtbot: Any, error: errors.AppError, title: str
) -> None:
    window = keychain_window(Chain(), error)
    page = door(window)
    qtbot.waitUntil(page.trouble.isVisible, timeout=20_000)
    assert page.trouble.title.text() == title
    page.trouble.ways[Way.AGAIN].click()
    qtbot.waitUntil(lambda: window.session.state is State.OPEN, timeout=20_000)


def test_a_keychain_without_the_key_is_told(keychain_window: Any, qtbot: Any) -> None:
    chain = Chain()
    window = keychain_window(chain, errors.KeychainLocked("Locked.", "x"))
    page = door(window)
    qtbot.waitUntil(page.trouble.isVisible, timeout=20_000)
    chain.held.clear()
    page.trouble.ways[Way.AGAIN].click()
    qtbot.waitUntil(lambda: page.trouble.title.text() == "The keychain has no key for these books", timeout=20_000)


# --- what the locked window keeps to itself


def test_the_locked_window_shows_no_names_and_no_amounts(window: Any, settle: Any, qtbot: Any) -> None:
    window.go("help")
    window.toast("Booked Figma as Software")
    settle(window)
    window.session.lock()
    settle(window)
    qtbot.waitUntil(lambda: window.tasks.is_idle)
    said = words(window)
    assert "$" not in said
    for name in ("Figma", "designer", "Chase", "Ally"):
        assert name not in said
    assert window.windowTitle() == "1099 Ops"
    assert str(window.session.home) not in said


def test_why_the_books_are_locked_is_said() -> None:
    assert greeting(Shut.IDLE, 5, 0, needs_passphrase=True).line == "Locked after 5 minutes without use"
    assert greeting(Shut.IDLE, 1, 0, needs_passphrase=True).line == "Locked after 1 minute without use"
    assert greeting(None, 5, 2, needs_passphrase=True).line == "2 files wait to be looked at"


def test_a_file_dropped_on_the_locked_window_waits(make_window: Any, sample_home: Path, tmp_path: Path) -> None:
    window = make_window(sample_home)
    window.import_files([tmp_path / "november.ofx"])
    assert "1 file waits to be looked at" in words(window)
    assert "november" not in words(window)


def test_other_books_can_be_opened_from_here(make_window: Any, sample_home: Path, tmp_path: Path) -> None:
    spoil(sample_home, "keys_missing")
    window = make_window(sample_home)
    other = tmp_path / "other"
    make_books(other).close()
    window.open_home(other)
    assert window.session.home == other
    assert door(window).card.isVisible()
    empty = tmp_path / "empty"
    window.open_home(empty)
    assert window.session.state is State.NONE
    assert not empty.exists()


@pytest.mark.parametrize(
    ("mode", "scale", "size"), [("dark", 1.0, (1440, 900)), ("light", 1.5, (1350, 900)), ("light", 1.0, (900, 600))]
)
def test_everything_of_the_card_fits(
    make_window: Any, sample_home: Path, look: Any, mode: str, scale: float, size: tuple[int, int]
) -> None:
    look.set_mode(mode)
    look.set_scale(scale)
    window = make_window(sample_home)
    window.resize(*size)
    card = door(window).card
    assert card.rect().contains(card.button.geometry())
    assert card.button.height() == look.dp(44)
    assert door(window).rect().right() >= card.mapTo(door(window), card.rect().bottomRight()).x()
