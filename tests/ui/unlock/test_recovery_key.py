"""Opening books by the recovery key: forgiving, told early, and with a new passphrase offered afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from ui.doors import PASSPHRASE, Chain, clock, door, make_books, with_recovery_key, words
from ui.unlock.test_unlock import wired

from app.core import errors
from app.services.books import opening
from app.services.books.open_books import Unlock
from app.services.vault import book_keys
from app.ui.runtime.session import State
from app.ui.sheets.lost_passphrase import LostPassphrase
from app.ui.unlock.view_model import Way
from app.ui.widgets.recovery_edit import count_words, grouped

NEW = "copper lantern orchard nine"


def opened(window: Any, qtbot: Any) -> None:
    qtbot.waitUntil(lambda: window.session.state is State.OPEN, timeout=20_000)


def sheet_of(window: Any, kind: type) -> Any:
    return next((each for each in window.findChildren(kind) if each.isVisible()), None)


def test_without_a_recovery_key_none_is_asked_for(make_window: Any, sample_home: Path) -> None:
    assert not door(make_window(sample_home)).card.switch.isVisible()


def test_the_recovery_key_opens_the_books_as_a_person_types_it(make_window: Any, sample_home: Path, qtbot: Any) -> None:
    key = with_recovery_key(sample_home)
    window = make_window(sample_home)
    card = door(window).card
    card.switch.click()
    assert not card.password.isVisible()
    qtbot.keyClicks(card.recovery.edit, key.lower().replace("-", " "))
    assert card.recovery.text() == key.replace("-", " ")
    assert "All 34 letters fit together" in words(window)
    QTest.keyClick(card.recovery.edit, Qt.Key.Key_Return)
    opened(window, qtbot)
    assert not door(window).findChildren(LostPassphrase)
    assert sheet_of(window, LostPassphrase).isVisible()


def test_a_slip_in_a_letter_is_told_before_anything_is_tried(make_window: Any, sample_home: Path, qtbot: Any) -> None:
    key = with_recovery_key(sample_home)
    window = make_window(sample_home)
    card = door(window).card
    card.switch.click()
    slipped = ("A" if key[0] != "A" else "B") + key[1:]
    card.recovery.edit.setPlainText(slipped)
    assert "its check letters do not fit" in words(window)
    card.button.click()
    assert not card.is_busy
    assert "its check letters do not fit" in card.said
    assert not (sample_home / "unlock.delay").exists()


def test_a_whole_key_of_other_books_counts_as_a_wrong_try(
    make_window: Any, sample_home: Path, tmp_path: Path, qtbot: Any
) -> None:
    with_recovery_key(sample_home)
    make_books(tmp_path / "other").close()
    other = with_recovery_key(tmp_path / "other")
    window = make_window(sample_home)
    card = door(window).card
    card.switch.click()
    card.recovery.edit.setPlainText(other)
    card.button.click()
    qtbot.waitUntil(lambda: bool(card.said), timeout=20_000)
    assert "not the one of these books" in card.said
    card.switch.click()
    assert card.password.isVisible()
    assert card.said == ""


def test_letters_are_put_into_groups_where_they_are_typed() -> None:
    assert grouped("abcde", 5) == ("ABCD E", 6)
    assert grouped("ab-cd", 2) == ("ABCD", 2)
    assert grouped("ABCD EFGH", 4) == ("ABCD EFGH", 4)
    assert count_words("abc")[0] == "3 of 34 letters"


def test_a_new_passphrase_can_be_chosen_afterwards_and_holds(make_window: Any, sample_home: Path, qtbot: Any) -> None:
    key = with_recovery_key(sample_home)
    window = make_window(sample_home)
    window.session.unlock(None, lambda: None, window.fail, recovery_key=key)
    opened(window, qtbot)
    sheet = sheet_of(window, LostPassphrase)
    sheet.new.first.edit.setText("password1234")
    sheet.new.second.edit.setText("password1234")
    sheet.choose.click()
    assert sheet.isVisible()
    assert sheet.new.note.said
    sheet.new.first.edit.setText(NEW)
    sheet.new.second.edit.setText(NEW)
    sheet.choose.click()
    qtbot.waitUntil(lambda: sheet_of(window, LostPassphrase) is None, timeout=20_000)
    window.session.lock()
    with pytest.raises(errors.WrongPassphrase):
        book_keys.open_keys(sample_home, passphrase=PASSPHRASE)
    card = door(window).card
    card.password.edit.setText(NEW)
    card.button.click()
    opened(window, qtbot)
    assert not [each for each in window.findChildren(LostPassphrase) if each.isVisible()], "asked only once"


def test_it_can_wait(make_window: Any, sample_home: Path, qtbot: Any) -> None:
    key = with_recovery_key(sample_home)
    window = make_window(sample_home)
    window.session.unlock(None, lambda: None, window.fail, recovery_key=key)
    opened(window, qtbot)
    sheet_of(window, LostPassphrase).later.click()
    book_keys.open_keys(sample_home, passphrase=PASSPHRASE)


@pytest.mark.parametrize(
    ("error", "title"),
    [
        (errors.NoKeychain("None.", "x"), "The keychain cannot be reached"),
        (errors.KeychainLocked("Locked.", "x"), "The keychain is locked"),
        (errors.KeychainDismissed("Closed.", "x"), "The keychain was not opened"),
        (errors.KeychainSilent("Silent.", "x"), "The keychain does not answer"),
        (None, "The keychain has no key for these books"),
    ],
    ids=["absent", "locked", "dismissed", "silent", "missing"],
)
def test_every_trouble_of_the_keychain_leaves_the_recovery_key(
    make_window: Any, tmp_path: Path, qtbot: Any, error: errors.AppError | None, title: str
) -> None:
    chain, home = Chain(), tmp_path / "home"
    make_books(home, chain).close()
    key = with_recovery_key(home, chain)
    if error is None:
        chain.held.clear()
    else:
        chain.errors = [error]
    window = make_window(home, wired(chain))
    page = door(window)
    qtbot.waitUntil(page.trouble.isVisible, timeout=20_000)
    assert page.trouble.title.text() == title
    page.trouble.ways[Way.RECOVERY].click()
    assert page.card.recovery.isVisible()
    page.card.recovery.edit.setPlainText(key)
    page.card.button.click()
    opened(window, qtbot)


@pytest.mark.parametrize(
    ("value", "title"),
    [("ab" * 32, "The keychain holds another key"), ("spoiled", "The keychain’s entry was overwritten")],
)
def test_an_entry_of_another_key_and_one_that_is_no_key_are_told_apart(
    make_window: Any, tmp_path: Path, qtbot: Any, value: str, title: str
) -> None:
    chain, home = Chain(), tmp_path / "home"
    made = make_books(home, chain)
    made.close()
    with_recovery_key(home, chain)
    chain.held[made.uuid] = value
    page = door(make_window(home, wired(chain)))
    qtbot.waitUntil(page.trouble.isVisible, timeout=20_000)
    assert page.trouble.title.text() == title
    assert Way.RECOVERY in page.trouble.ways


def test_books_of_a_keychain_that_is_gone_open_by_a_passphrase_from_then_on(
    make_window: Any, tmp_path: Path, qtbot: Any
) -> None:
    chain, home = Chain(), tmp_path / "home"
    make_books(home, chain).close()
    key = with_recovery_key(home, chain)
    chain.held.clear()
    window = make_window(home, wired(chain))
    page = door(window)
    qtbot.waitUntil(page.trouble.isVisible, timeout=20_000)
    window.session.unlock(None, lambda: None, window.fail, recovery_key=key)
    opened(window, qtbot)
    sheet = sheet_of(window, LostPassphrase)
    sheet.new.first.edit.setText(NEW)
    sheet.new.second.edit.setText(NEW)
    sheet.choose.click()
    qtbot.waitUntil(lambda: sheet_of(window, LostPassphrase) is None, timeout=20_000)
    window.session.lock()
    opening.open_books(home, Unlock(passphrase=NEW), keychain=lambda: None, clock=clock()).close()
