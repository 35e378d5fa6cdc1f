"""Damaged books at the locked window: told as damage, and every way on does what it says."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from ui import bad_pages
from ui.doors import PASSPHRASE, back_up, clock, door, make_books, with_recovery_key, words

from app.core import errors
from app.services.books import opening
from app.services.books.open_books import Books, Unlock
from app.services.integrity import damage
from app.services.tax import profile
from app.ui.runtime.crash import Crashes
from app.ui.runtime.session import Shut, State
from app.ui.sheets.lost_passphrase import LostPassphrase
from app.ui.sheets.restore_sheet import RestoreSheet
from app.ui.unlock.keys_back import KeysSheet
from app.ui.unlock.view_model import Way
from app.ui.widgets.dialog import Sheet


def open_home(home: Path, passphrase: str = PASSPHRASE) -> Books:
    return opening.open_books(home, Unlock(passphrase=passphrase), keychain=lambda: None, clock=clock())


def cut(home: Path) -> None:
    """Cut the end of the books file off, at a page: the database opens no such file."""
    file = home / "books.db"
    size = int(file.stat().st_size * 0.95) // 4096 * 4096
    with file.open("r+b") as stream:
        stream.truncate(size)


def blank_head(home: Path) -> None:
    """Overwrite the first page, without which no other page is found."""
    with (home / "books.db").open("r+b") as stream:
        stream.write(bytes(4096))


def flip(home: Path, read_by: str = bad_pages.TRANSACTIONS) -> None:
    """Damage a page that is read, that of transactions for one, and have it found already."""
    books = open_home(home)
    key = books.key_hex()
    books.close()
    bad_pages.flip(home / "books.db", key, read_by)
    (home / damage.MARKER_FILE).write_text("{}")


def older(home: Path, keep: Path) -> None:
    """Make a change, then put the file back that was there before it: the newest change is missing."""
    shutil.copy(home / "books.db", keep)
    books = open_home(home)
    profile.change(books, 2026, {"state": "NY"})
    books.close()
    shutil.copy(keep, home / "books.db")


def told(make_window: Any, home: Path, qtbot: Any) -> Any:
    """Type the passphrase and wait until the window says what is the matter."""
    window = make_window(home)
    page = door(window)
    page.card.password.edit.setText(PASSPHRASE)
    page.card.button.click()
    qtbot.waitUntil(page.trouble.isVisible, timeout=20_000)
    return window


def contents(home: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in home.glob("*") if path.is_file() and path.name != "home.lock"}


def rows(window: Any) -> int:
    return int(window.session.gui.connection.execute("SELECT count(*) FROM transactions").fetchone()[0])


def sheet_of(window: Any, kind: type = Sheet) -> Any:
    return next((each for each in window.findChildren(kind) if each.isVisible()), None)


def restore(window: Any, qtbot: Any) -> None:
    """Go through the sheet as it stands: look into the backup, then restore it."""
    sheet = sheet_of(window, RestoreSheet)
    qtbot.waitUntil(lambda: sheet.act.isEnabled() and sheet.act.words() == "Look into it", timeout=20_000)
    sheet.act.click()
    qtbot.waitUntil(lambda: sheet.act.isEnabled() and sheet.act.words() == "Restore", timeout=20_000)
    sheet.act.click()
    qtbot.waitUntil(lambda: window.session.state is State.OPEN, timeout=30_000)


def test_a_cut_file_is_told_as_damage_with_ways_on(make_window: Any, sample_home: Path, qtbot: Any) -> None:
    cut(sample_home)
    page = door(told(make_window, sample_home, qtbot))
    assert page.trouble.title.text() == "These books are damaged"
    assert {Way.RESTORE, Way.LOOK, Way.SAVE, Way.GO_ON, Way.OTHER, Way.QUIT} <= set(page.trouble.ways)
    assert "ops1099" not in words(page.window())


def test_the_newest_backup_is_put_back_without_typing_anything_twice(
    make_window: Any, sample_home: Path, qtbot: Any, settle: Any
) -> None:
    back_up(sample_home)
    cut(sample_home)
    broken = (sample_home / "books.db").read_bytes()
    window = told(make_window, sample_home, qtbot)
    door(window).trouble.ways[Way.RESTORE].click()
    sheet = sheet_of(window, RestoreSheet)
    qtbot.waitUntil(sheet.choices.isVisible, timeout=20_000)
    assert not sheet.entry.isVisible()
    restore(window, qtbot)
    settle(window)
    assert sheet_of(window, RestoreSheet) is None
    assert rows(window) > 380
    assert not damage.is_marked(sample_home)
    kept = list((sample_home / "backups").glob("pre-restore-*.db"))
    assert [path.read_bytes() for path in kept] == [broken]


@pytest.mark.parametrize("lost", ["ops.keys", "books.db"])
def test_a_file_that_is_gone_comes_back_from_a_backup(
    make_window: Any, sample_home: Path, qtbot: Any, lost: str
) -> None:
    back_up(sample_home)
    (sample_home / lost).unlink()
    window = make_window(sample_home)
    door(window).trouble.ways[Way.RESTORE].click()
    sheet = sheet_of(window, RestoreSheet)
    qtbot.waitUntil(sheet.entry.isVisible, timeout=20_000)
    sheet.entry.password.edit.setText("not the right one at all")
    sheet.act.click()
    qtbot.waitUntil(lambda: bool(sheet.note.said), timeout=20_000)
    assert "does not open it" in sheet.note.said
    sheet.entry.password.edit.setText(PASSPHRASE)
    restore(window, qtbot)
    assert rows(window) > 380


@pytest.mark.parametrize("how", ["missing", "damaged"])
def test_the_keys_alone_come_back_from_a_backup_and_no_change_is_lost(
    make_window: Any, sample_home: Path, qtbot: Any, settle: Any, how: str
) -> None:
    back_up(sample_home)
    books = open_home(sample_home)
    profile.change(books, 2026, {"state": "NY"})
    books.close()
    keys = sample_home / "ops.keys"
    keys.unlink() if how == "missing" else keys.write_bytes(keys.read_bytes()[:100])
    window = make_window(sample_home)
    page = door(window)
    qtbot.waitUntil(lambda: Way.KEYS in page.trouble.ways, timeout=20_000)
    assert next(iter(page.trouble.ways)) == Way.KEYS
    assert "no change is lost" in page.trouble.hint.text()
    page.trouble.ways[Way.KEYS].click()
    sheet = sheet_of(window, KeysSheet)
    sheet.act.click()
    assert sheet.note.said == "Type the passphrase."
    sheet.entry.password.edit.setText("not the right one at all")
    sheet.act.click()
    qtbot.waitUntil(sheet.act.isEnabled, timeout=20_000)
    assert sheet.note.said.startswith("That does not open it.")
    assert "ops1099" not in words(window)
    sheet.entry.password.edit.setText(PASSPHRASE)
    sheet.act.click()
    qtbot.waitUntil(lambda: window.session.state is State.OPEN, timeout=30_000)
    settle(window)
    assert sheet_of(window, KeysSheet) is None
    assert "The keys are back" in words(window)
    assert window.session.gui.settings.profile(2026)[0]["state"] == "NY"


def test_lost_keys_of_which_no_backup_has_a_copy_are_not_offered(
    make_window: Any, sample_home: Path, qtbot: Any, settle: Any
) -> None:
    (sample_home / "ops.keys").unlink()
    window = make_window(sample_home)
    settle(window)
    assert Way.KEYS not in door(window).trouble.ways
    assert Way.RESTORE in door(window).trouble.ways


def test_a_backup_of_other_books_gives_no_keys_and_says_so(
    make_window: Any, sample_home: Path, tmp_path: Path, qtbot: Any
) -> None:
    make_books(tmp_path / "other").close()
    shutil.copy(back_up(tmp_path / "other"), sample_home / "backups")
    (sample_home / "ops.keys").unlink()
    window = make_window(sample_home)
    page = door(window)
    qtbot.waitUntil(lambda: Way.KEYS in page.trouble.ways, timeout=20_000)
    page.trouble.ways[Way.KEYS].click()
    sheet = sheet_of(window, KeysSheet)
    sheet.entry.password.edit.setText(PASSPHRASE)
    sheet.act.click()
    qtbot.waitUntil(sheet.act.isEnabled, timeout=20_000)
    assert sheet.note.said.startswith("No backup in the home folder holds keys that open these books.")
    assert not (sample_home / "ops.keys").exists()


def test_a_backup_from_a_stick_opened_by_the_recovery_key_offers_a_new_passphrase(
    make_window: Any, sample_home: Path, tmp_path: Path, qtbot: Any
) -> None:
    key = with_recovery_key(sample_home)
    file = shutil.move(back_up(sample_home), tmp_path / "stick.opsbak")
    (sample_home / "ops.keys").write_bytes(b"")
    window = make_window(sample_home)
    door(window).trouble.ways[Way.RESTORE].click()
    sheet = sheet_of(window, RestoreSheet)
    qtbot.waitUntil(lambda: "No whole backup" in words(window), timeout=20_000)
    assert not sheet.act.isEnabled()
    sheet.take_file(Path(file))
    qtbot.waitUntil(sheet.entry.isVisible, timeout=20_000)
    sheet.entry.switch.click()
    sheet.entry.recovery.edit.setPlainText(key)
    restore(window, qtbot)
    assert sheet_of(window, LostPassphrase) is not None


def test_a_file_that_is_no_backup_is_told_in_place(
    make_window: Any, sample_home: Path, tmp_path: Path, qtbot: Any
) -> None:
    (sample_home / "ops.keys").unlink()
    letter = tmp_path / "letter.opsbak"
    letter.write_text("Dear tax office")
    window = make_window(sample_home)
    door(window).trouble.ways[Way.RESTORE].click()
    sheet = sheet_of(window, RestoreSheet)
    qtbot.waitUntil(sheet.choose.isEnabled, timeout=20_000)
    sheet.take_file(letter)
    qtbot.waitUntil(lambda: bool(sheet.note.said), timeout=20_000)
    assert not sheet.act.isEnabled()


def test_a_restore_can_be_called_off_and_leaves_all_as_it_was(
    make_window: Any, sample_home: Path, qtbot: Any, settle: Any
) -> None:
    back_up(sample_home)
    cut(sample_home)
    window = told(make_window, sample_home, qtbot)
    before = contents(sample_home)
    door(window).trouble.ways[Way.RESTORE].click()
    sheet = sheet_of(window, RestoreSheet)
    qtbot.waitUntil(sheet.act.isEnabled, timeout=20_000)
    sheet.act.click()
    sheet.busy.cancelled.emit()
    qtbot.waitUntil(sheet.act.isEnabled, timeout=20_000)
    assert sheet.act.words() in {"Look into it", "Restore"}
    sheet.cancel.click()
    settle(window)
    assert contents(sample_home) == before
    assert not (sample_home / "restoring").exists()


def test_damaged_books_can_be_looked_at_and_refuse_changes_in_plain_words(
    make_window: Any, sample_home: Path, qtbot: Any, settle: Any
) -> None:
    older(sample_home, sample_home.parent / "kept.db")
    before = (sample_home / "books.db").read_bytes()
    window = told(make_window, sample_home, qtbot)
    door(window).trouble.ways[Way.LOOK].click()
    qtbot.waitUntil(lambda: window.session.state is State.OPEN, timeout=20_000)
    settle(window)
    assert window.session.only_looks
    assert "only read" in words(window)
    refused: list[Exception] = []
    window.tasks.write(lambda books: profile.change(books, 2026, {"state": "TX"}), None, refused.append)
    qtbot.waitUntil(lambda: bool(refused), timeout=20_000)
    assert isinstance(refused[0], errors.DamagedBooks)
    window.fail(refused[0])
    assert window.shell.toast.isVisible()
    assert sheet_of(window) is None
    assert "ops1099" not in words(window)
    window.session.lock()
    settle(window)
    assert (sample_home / "books.db").read_bytes() == before


def test_security_says_what_is_wrong_when_its_facts_cannot_be_read(
    make_window: Any, sample_home: Path, qtbot: Any, settle: Any
) -> None:
    flip(sample_home, bad_pages.NEWEST_ENTRY)
    window = told(make_window, sample_home, qtbot)
    door(window).trouble.ways[Way.LOOK].click()
    qtbot.waitUntil(lambda: window.session.state is State.OPEN, timeout=20_000)
    window.go("settings", section="security")
    settle(window)
    part = window.shell.page.sections["security"]
    assert part.books.is_good is False
    assert "damaged" in part.books.second.text()
    assert part.chain.second.text() == "could not be read"
    assert part.summary.title.text().startswith("0 of ")
    assert part.summary.act.words() == "Check everything"
    assert "ops1099" not in words(window)


def test_what_can_be_read_is_saved_with_the_count_of_the_rest(
    make_window: Any, sample_home: Path, tmp_path: Path, qtbot: Any
) -> None:
    flip(sample_home)
    window = told(make_window, sample_home, qtbot)
    folder = tmp_path / "rescued"
    door(window).rescue.save(folder)
    qtbot.waitUntil(lambda: not door(window).trouble.busy.isVisible(), timeout=30_000)
    assert door(window).trouble.note.said == ""
    assert "What could be read is saved" in words(window)
    assert (folder / "transactions.csv").exists()
    assert "could not be read" in words(window)


def test_a_file_of_which_nothing_can_be_read_leaves_the_backup(
    make_window: Any, sample_home: Path, tmp_path: Path, qtbot: Any
) -> None:
    blank_head(sample_home)
    window = told(make_window, sample_home, qtbot)
    card = door(window).trouble
    door(window).rescue.save(tmp_path / "rescued")
    qtbot.waitUntil(lambda: bool(card.note.said), timeout=20_000)
    assert card.note.said.endswith("A backup is the way on.")
    assert not card.ways[Way.LOOK].isEnabled()
    assert card.ways[Way.RESTORE].isEnabled()


def test_going_on_without_the_newest_changes_is_asked_before(
    make_window: Any, sample_home: Path, tmp_path: Path, qtbot: Any
) -> None:
    older(sample_home, tmp_path / "kept.db")
    window = told(make_window, sample_home, qtbot)
    door(window).trouble.ways[Way.GO_ON].click()
    qtbot.waitUntil(lambda: sheet_of(window) is not None, timeout=30_000)
    assert "Go on with what is there?" in words(window)
    assert "missing" in words(window)
    buttons = {each.words(): each for each in sheet_of(window).box.findChildren(type(door(window).card.button))}
    buttons["Go on without them"].click()
    qtbot.waitUntil(lambda: window.session.state is State.OPEN, timeout=20_000)
    assert not window.session.only_looks
    window.session.lock()
    open_home(sample_home).close()


def test_going_on_is_refused_where_more_is_wrong(make_window: Any, sample_home: Path, qtbot: Any) -> None:
    flip(sample_home)
    window = told(make_window, sample_home, qtbot)
    door(window).trouble.ways[Way.GO_ON].click()
    qtbot.waitUntil(lambda: bool(door(window).trouble.note.said), timeout=30_000)
    assert door(window).trouble.note.said.startswith("That does not go.")
    assert sheet_of(window) is None


def test_a_bad_page_met_while_painting_is_told_as_damage_not_as_a_crash(window: Any, settle: Any, qtbot: Any) -> None:
    books = window.session.gui
    with pytest.raises(Exception, match="no such table") as raised:
        books.connection.execute("SELECT * FROM nowhere")
    error = raised.value
    error.args = ("database disk image is malformed",)
    crashes = Crashes(window.troubles.of_crash, window.troubles.of_database)
    crashes._caught(type(error), error, error.__traceback__)
    assert "Something broke" not in words(window)


def test_damage_that_is_met_leads_to_what_can_be_done(window: Any, settle: Any, qtbot: Any) -> None:
    damage.mark(window.session.gui, errors.DamagedBooks("A page cannot be read.", "`ops1099 rescue status`"))
    window.fail(errors.DamagedBooks("A page cannot be read.", "`ops1099 rescue status`"))
    window.fail(errors.DamagedBooks("A page cannot be read.", "`ops1099 rescue status`"))
    shown = [each for each in window.findChildren(Sheet) if each.isVisible()]
    assert len(shown) == 1, "told once, however often it is met"
    act = next(each for each in shown[0].focusables() if getattr(each, "words", str)().startswith("Lock"))
    act.click()
    settle(window)
    assert window.session.shut is Shut.DAMAGED
    assert "see what can be done" in words(window)
    card = door(window).card
    card.password.edit.setText(PASSPHRASE)
    card.button.click()
    qtbot.waitUntil(door(window).trouble.isVisible, timeout=20_000)
    assert Way.LOOK in door(window).trouble.ways


def test_a_backup_dropped_on_locked_or_open_books_is_told_where_it_is_restored(
    make_window: Any, sample_home: Path, qtbot: Any, settle: Any
) -> None:
    file = back_up(sample_home)
    window = make_window(sample_home)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    event = QDropEvent(
        QPoint(30, 30).toPointF(), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    window.dropEvent(event)
    assert "Unlock the books first" in words(window)
    assert window.incoming.waiting == []


def test_closing_the_window_in_the_middle_of_a_restore_leaves_books_that_open(
    make_window: Any, tmp_path: Path, sample_home: Path, qtbot: Any
) -> None:
    file = shutil.copy(back_up(sample_home), tmp_path / "one.opsbak")
    home = tmp_path / "empty"
    window = make_window(home)
    window.incoming.restore(Path(file))
    sheet = sheet_of(window, RestoreSheet)
    qtbot.waitUntil(sheet.entry.isVisible, timeout=20_000)
    sheet.entry.password.edit.setText(PASSPHRASE)
    sheet.act.click()
    qtbot.waitUntil(lambda: sheet.act.isEnabled() and sheet.act.words() == "Restore", timeout=20_000)
    sheet.act.click()
    window.close()
    window.session.end()
    if (home / "books.db").exists():
        open_home(home).close()
    else:
        make_books(home).close()
