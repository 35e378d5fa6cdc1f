"""Settings › Security, Backups, Privacy and data on the real window, with real keys and real files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from ui import audit, bad_pages
from ui.conftest import PASSPHRASE, create
from ui.doors import words

from app.adapters.clock import SystemClock
from app.core.errors import WrongPassphrase
from app.services.backup import backups
from app.services.books import opening
from app.services.books.open_books import Books, Unlock
from app.services.vault import attempts, book_keys
from app.ui.runtime.session import State
from app.ui.settings.backup_sheets import DrillSheet, RestoreSheet
from app.ui.settings.check_sheets import AcceptSheet, FindingsSheet
from app.ui.settings.erase_sheets import EverythingSheet, PayerSheet, PlanSheet
from app.ui.settings.key_sheets import ModeSheet, PassphraseSheet, RenewSheet
from app.ui.settings.recovery_sheet import RecoverySheet, RemoveSheet
from app.ui.widgets.overlay import Overlay

Settle = Callable[[Any], None]
NEW = "meadow copper lantern 88 drift"


@pytest.fixture
def open_section(window: Any, settle: Settle) -> Callable[[str], Any]:
    def show(id_: str) -> Any:
        window.go("settings", section=id_)
        settle(window)
        return window.shell.page.sections[id_]

    return show


def sheet(window: Any, kind: type[Any]) -> Any:
    return next(each for each in window.findChildren(kind) if each.isVisible())


def shown(window: Any) -> list[Overlay]:
    return [each for each in window.findChildren(Overlay) if each.isVisible()]


def texts(root: Any) -> str:
    return "\n".join(label.text() for label in root.findChildren(QLabel) if label.isVisible())


def opened(home: Path, secret: str) -> Books:
    return opening.open_books(
        home, Unlock(passphrase=secret), keychain=lambda: None, clock=SystemClock("UTC")
    )  # fmt: skip


def opens_with(home: Path, secret: str) -> bool:
    try:
        opened(home, secret).close()
    except WrongPassphrase:
        return False
    return True


def back_again(window: Any, qtbot: Any, settle: Settle) -> None:
    """Wait until work that had the books to itself is over."""
    qtbot.waitUntil(lambda: window.session.state is not State.ALONE, timeout=20_000)
    settle(window)


# --- the recovery sheet


def test_a_recovery_sheet_opens_the_books_once_its_last_letters_are_typed(
    window: Any, open_section: Any, settle: Settle
) -> None:
    part = open_section("security")
    assert part.recovery.is_good is False
    assert part.summary.act.words() == "Print recovery sheet"
    part.summary.act.click()
    front = sheet(window, RecoverySheet)
    key = front.paper.key
    assert all(group in texts(front) for group in key.split("-"))
    assert not book_keys.has_recovery_key(window.session.home), "it is shown, and opens nothing yet"
    front.paper.last.setText("AAAAAA")
    front.send.click()
    assert "not its last six letters" in texts(front)
    front.paper.last.setText(key[-7:].lower())
    QTest.keyClick(front.paper.last, Qt.Key.Key_Return)
    settle(window)
    assert not shown(window)
    assert part.recovery.is_good is True
    assert opens_with(window.session.home, key)


def test_closing_the_sheet_leaves_no_new_way_in(window: Any, open_section: Any, settle: Settle) -> None:
    part = open_section("security")
    part.print.click()
    front = sheet(window, RecoverySheet)
    key = front.paper.key
    QTest.keyClick(front, Qt.Key.Key_Escape)
    settle(window)
    assert not book_keys.has_recovery_key(window.session.home)
    assert not opens_with(window.session.home, key)
    assert key.split("-")[0] not in words(window)


def test_the_sheet_is_saved_as_a_pdf_and_never_over_another_file(
    window: Any, open_section: Any, settle: Settle, tmp_path: Path
) -> None:
    open_section("security").print.click()
    front = sheet(window, RecoverySheet)
    page = tmp_path / "page.pdf"
    front.paper.write(page)
    settle(window)
    assert page.read_bytes().startswith(b"%PDF-")
    before = page.read_bytes()
    front.paper.write(page)
    settle(window)
    assert front.note.said
    assert page.read_bytes() == before


def test_a_sheet_that_is_removed_opens_the_books_no_more(window: Any, open_section: Any, settle: Settle) -> None:
    part = open_section("security")
    part.print.click()
    front = sheet(window, RecoverySheet)
    key = front.paper.key
    front.paper.last.setText(key[-7:])
    front.send.click()
    settle(window)
    part.remove.click()
    sheet(window, RemoveSheet).send.click()
    settle(window)
    assert part.recovery.is_good is False
    assert not part.remove.isVisibleTo(part)
    assert not opens_with(window.session.home, key)


# --- the passphrase, the way, the key


def test_a_new_passphrase_takes_the_place_of_the_old_one(window: Any, open_section: Any, settle: Settle) -> None:
    part = open_section("security")
    part.new_passphrase.click()
    front = sheet(window, PassphraseSheet)
    front.present.password.edit.setText(PASSPHRASE)
    front.new.first.edit.setText(NEW)
    front.new.second.edit.setText(NEW + "x")
    front.send.click()
    assert front.new.note.said == "The two are not the same."
    front.new.second.edit.setText(NEW)
    QTest.keyClick(front.new.second.edit, Qt.Key.Key_Return)
    settle(window)
    assert not shown(window)
    assert opens_with(window.session.home, NEW)
    assert not opens_with(window.session.home, PASSPHRASE)
    assert part.passphrase.second.text().startswith("changed ")


def keys_of(window: Any) -> bytes:
    return (window.session.home / "ops.keys").read_bytes()


def test_who_does_not_know_the_present_passphrase_changes_nothing(
    window: Any, open_section: Any, settle: Settle
) -> None:
    """As somebody at a desk that was left."""
    before = keys_of(window)
    open_section("security").new_passphrase.click()
    front = sheet(window, PassphraseSheet)
    for edit in (front.new.first.edit, front.new.second.edit):
        edit.setText(NEW)
    front.send.click()
    assert front.wrong.said == "Type the passphrase."
    front.present.password.edit.setText("surely not this one")
    front.send.click()
    settle(window)
    assert front.isVisible()
    assert "is not the one of these books" in front.wrong.said
    assert not front.present.switch.isVisible(), "there is no recovery key"
    assert keys_of(window) == before
    front.close_box()
    open_section("security").change_mode.click()
    front = sheet(window, ModeSheet)
    front.choices.choose(1)
    front.present.password.edit.setText("surely not this one either")
    front.send.click()
    settle(window)
    assert "is not the one of these books" in front.wrong.said
    assert keys_of(window) == before
    for _ in range(6):
        attempts.note_failure(window.session.home, datetime.now(UTC))
    front.present.password.edit.setText(PASSPHRASE)
    front.send.click()
    settle(window)
    assert "before the next try" in front.wrong.said
    assert keys_of(window) == before


def test_a_forgotten_passphrase_is_changed_with_the_recovery_key(
    window: Any, open_section: Any, settle: Settle
) -> None:
    part = open_section("security")
    part.print.click()
    front = sheet(window, RecoverySheet)
    key = front.paper.key
    front.paper.last.setText(key[-7:])
    front.send.click()
    settle(window)
    part.new_passphrase.click()
    front = sheet(window, PassphraseSheet)
    front.present.switch.click()
    front.present.recovery.edit.setPlainText(key)
    for edit in (front.new.first.edit, front.new.second.edit):
        edit.setText(NEW)
    front.send.click()
    settle(window)
    assert not shown(window)
    assert opens_with(window.session.home, NEW)


def test_a_passphrase_that_many_have_is_refused_in_words(window: Any, open_section: Any, settle: Settle) -> None:
    open_section("security").new_passphrase.click()
    front = sheet(window, PassphraseSheet)
    front.present.password.edit.setText(PASSPHRASE)
    for edit in (front.new.first.edit, front.new.second.edit):
        edit.setText("passwordpassword")
    front.send.click()
    settle(window)
    assert front.isVisible()
    assert front.new.note.said
    assert "ops1099" not in front.new.note.said
    assert opens_with(window.session.home, PASSPHRASE)


def test_each_way_to_open_the_books_says_what_it_means(window: Any, open_section: Any) -> None:
    part = open_section("security")
    part.change_mode.click()
    front = sheet(window, ModeSheet)
    assert not front.send.isEnabled(), "it is that way already"
    front.choices.choose(1)
    assert "no other computer" in front.meaning.text()
    assert not front.new.isVisible()
    front.choices.choose(2)
    assert front.new.isVisible()


def test_a_way_that_needs_a_keychain_is_refused_where_there_is_none(
    window: Any, open_section: Any, settle: Settle
) -> None:
    part = open_section("security")
    part.change_mode.click()
    front = sheet(window, ModeSheet)
    front.choices.choose(1)
    front.present.password.edit.setText(PASSPHRASE)
    front.send.click()
    settle(window)
    assert front.note.said
    assert "--" not in front.note.said
    assert opens_with(window.session.home, PASSPHRASE)


def test_the_database_key_is_renewed_and_the_books_come_back(
    window: Any, open_section: Any, settle: Settle, qtbot: Any
) -> None:
    part = open_section("security")
    before = window.session.gui.key_hex()
    part.renew.click()
    front = sheet(window, RenewSheet)
    front.passphrase.edit.setText("not the one at all")
    front.send.click()
    settle(window)
    assert front.isVisible()
    assert "passphrase" in front.note.said
    front.passphrase.edit.setText(PASSPHRASE)
    front.send.click()
    qtbot.waitUntil(lambda: window.session.state is State.ALONE, timeout=20_000)
    assert "Renewing the database key" in words(window)
    assert "Recovery sheet" not in words(window)
    back_again(window, qtbot, settle)
    assert window.session.state is State.OPEN
    assert window.session.gui.key_hex() != before
    assert window.shell.page.sections["security"].key.second.text().startswith("number 2, renewed")
    assert any(each.header and each.header.reason == "rotation" for each in backups.listed(window.session.home))
    window.session.lock()
    assert opens_with(window.session.home, PASSPHRASE)


def test_a_lock_that_is_asked_for_meanwhile_comes_right_after(
    window: Any, open_section: Any, settle: Settle, qtbot: Any
) -> None:
    open_section("security").renew.click()
    front = sheet(window, RenewSheet)
    front.passphrase.edit.setText(PASSPHRASE)
    front.send.click()
    qtbot.waitUntil(lambda: window.session.state is State.ALONE, timeout=20_000)
    window.session.lock()
    qtbot.waitUntil(lambda: window.session.state is State.LOCKED, timeout=20_000)
    settle(window)
    assert opens_with(window.session.home, PASSPHRASE)


# --- checks


def test_checking_everything_lists_each_check(window: Any, open_section: Any, settle: Settle) -> None:
    part = open_section("security")
    assert part.books.is_good is None
    part.check.click()
    settle(window)
    settle(window)
    front = sheet(window, FindingsSheet)
    assert "The books are whole" in texts(front)
    assert "Every page can be read" in texts(front)
    front.close_box()
    assert part.books.is_good is True
    assert "everything" in part.books.second.text()


def put_back(home: Path, folder: Path) -> None:
    """Put the books of an older day back, as somebody does who copies a folder."""
    for name in ("books.db", "books.db-wal"):
        (home / name).unlink(missing_ok=True)
    for name in ("books.db", "books.head"):
        (home / name).write_bytes((folder / name).read_bytes())


def test_older_books_are_only_read_until_a_person_accepts_them(
    make_window: Any, sample_home: Path, settle: Settle, qtbot: Any, tmp_path: Path
) -> None:
    (tmp_path / "old").mkdir()
    for name in ("books.db", "books.head"):
        (tmp_path / "old" / name).write_bytes((sample_home / name).read_bytes())
    window = make_window(sample_home)
    unlock(window, qtbot, settle)
    window.tasks.write(lambda books: rename(books, "Newer"), None, window.fail)
    settle(window)
    window.session.lock()
    settle(window)
    put_back(sample_home, tmp_path / "old")
    unlock(window, qtbot, settle)
    assert window.shell.page.top.banner.isVisible()
    window.shell.page.top.banner.acted.emit()
    settle(window)
    part = window.shell.page.sections["security"]
    assert part.chain.is_good is False
    assert part.accept.isVisible()
    part.accept.click()
    front = sheet(window, AcceptSheet)
    assert not front.send.isEnabled()
    front.known.click()
    front.send.click()
    settle(window)
    settle(window)
    assert part.chain.is_good is True
    assert not part.accept.isVisible()


def rename(books: Books, name: str) -> None:
    from app.services.tax import profile

    profile.change_business(books, str(profile.businesses(books)[0].id), {"name": name})


def unlock(window: Any, qtbot: Any, settle: Settle) -> None:
    failures: list[Exception] = []
    window.session.unlock(PASSPHRASE, lambda: None, failures.append)
    qtbot.waitUntil(lambda: window.session.state is State.OPEN or bool(failures), timeout=20_000)
    assert not failures
    settle(window)


# --- backups


def test_a_backup_is_made_listed_and_tested(window: Any, open_section: Any, settle: Settle) -> None:
    part = open_section("backups")
    assert part.empty.isVisible()
    assert not part.test.isEnabled()
    part.back_up.click()
    settle(window)
    settle(window)
    assert "transactions, all equal" in window.shell.toast.accessibleName()
    assert not part.empty.isVisible()
    assert len(part.restores) == 1
    assert "made by you" in texts(part)
    assert window.shell.status.backup.words().startswith("Backed up ")
    part.test.click()
    settle(window)
    settle(window)
    front = sheet(window, DrillSheet)
    assert "The backup holds" in texts(front)
    front.close_box()
    settle(window)
    assert "tested" in texts(part)


def test_a_backup_goes_to_another_place(window: Any, open_section: Any, settle: Settle, tmp_path: Path) -> None:
    part = open_section("backups")
    part.full.setChecked(True)
    part.write(tmp_path / "stick.opsbak")
    settle(window)
    settle(window)
    found = backups.verify(tmp_path / "stick.opsbak", Unlock(passphrase=PASSPHRASE), keychain=lambda: None)
    assert found.ok
    assert found.header.full
    part.write(tmp_path / "stick.opsbak")
    settle(window)
    assert "stick.opsbak" in words(window) or shown(window), "an existing file is never written over"


def test_a_damaged_backup_is_named_and_offers_no_restore(window: Any, open_section: Any, settle: Settle) -> None:
    part = open_section("backups")
    part.back_up.click()
    settle(window)
    settle(window)
    (file,) = (window.session.home / "backups").glob("*.opsbak")
    file.write_bytes(file.read_bytes()[:300])
    part.load()
    settle(window)
    assert file.name in texts(part)
    assert not part.restores


def test_a_restore_brings_back_what_was_and_keeps_what_is(
    window: Any, open_section: Any, settle: Settle, qtbot: Any
) -> None:
    part = open_section("backups")
    part.back_up.click()
    settle(window)
    settle(window)
    window.tasks.write(lambda books: rename(books, "After the backup"), None, window.fail)
    settle(window)
    (button,) = part.restores.values()
    button.click()
    front = sheet(window, RestoreSheet)
    assert not front.send.isEnabled(), "only what was read and proved can be restored"
    settle(window)
    assert "It is whole" in texts(front)
    front.send.click()
    back_again(window, qtbot, settle)
    assert window.session.state is State.OPEN
    assert window.shell.sidebar.brand.book_name != "After the backup"
    assert list((window.session.home / "backups").glob("pre-restore-*.db"))
    assert any(each.header and each.header.reason == "restore" for each in backups.listed(window.session.home))
    assert "kept for 30 days" in window.shell.toast.accessibleName()


def restored(window: Any, part: Any, name: str, settle: Settle, qtbot: Any) -> None:
    """Restore a listed backup by its sheet."""
    part.restores[name].click()
    front = sheet(window, RestoreSheet)
    settle(window)
    assert "It is whole" in texts(front)
    front.send.click()
    back_again(window, qtbot, settle)


def test_a_backup_from_before_the_key_was_renewed_can_be_restored(
    window: Any, open_section: Any, settle: Settle, qtbot: Any
) -> None:
    part = open_section("backups")
    part.back_up.click()
    settle(window)
    settle(window)
    (name,) = part.restores
    open_section("security").renew.click()
    front = sheet(window, RenewSheet)
    front.passphrase.edit.setText(PASSPHRASE)
    front.send.click()
    qtbot.waitUntil(lambda: window.session.state is State.ALONE, timeout=20_000)
    back_again(window, qtbot, settle)
    restored(window, open_section("backups"), name, settle, qtbot)
    assert window.session.state is State.OPEN
    window.session.lock()
    assert opens_with(window.session.home, PASSPHRASE)


def test_damaged_books_are_put_right_by_a_restore(window: Any, open_section: Any, settle: Settle, qtbot: Any) -> None:
    part = open_section("backups")
    part.back_up.click()
    settle(window)
    settle(window)
    (name,) = part.restores
    window.session.lock()
    settle(window)
    unlock(window, qtbot, settle)
    bad_pages.flip(window.session.home / "books.db", window.session.gui.key_hex())
    window.upkeep.begin()
    qtbot.waitUntil(lambda: window.upkeep.checked is not None, timeout=20_000)
    settle(window)
    assert "damaged" in window.shell.notice.accessibleName()
    restored(window, open_section("backups"), name, settle, qtbot)
    assert window.session.state is State.OPEN
    assert not window.shell.notice.isVisible()
    part = open_section("security")
    part.check.click()
    settle(window)
    settle(window)
    assert "The books are whole" in texts(sheet(window, FindingsSheet))


def test_a_window_closed_while_the_key_is_renewed_leaves_books_that_open(
    window: Any, open_section: Any, qtbot: Any
) -> None:
    home = window.session.home
    open_section("security").renew.click()
    front = sheet(window, RenewSheet)
    front.passphrase.edit.setText(PASSPHRASE)
    front.send.click()
    qtbot.waitUntil(lambda: window.session.state is State.ALONE, timeout=20_000)
    window.close()
    window.session.end()
    assert opens_with(home, PASSPHRASE)


def test_a_restore_that_is_called_off_changes_nothing(
    window: Any, open_section: Any, settle: Settle, qtbot: Any
) -> None:
    part = open_section("backups")
    part.back_up.click()
    settle(window)
    settle(window)
    window.tasks.write(lambda books: rename(books, "Stays"), None, window.fail)
    settle(window)
    (button,) = part.restores.values()
    button.click()
    front = sheet(window, RestoreSheet)
    settle(window)
    front.send.click()
    window.stack.currentWidget().cancel.click()
    back_again(window, qtbot, settle)
    assert window.session.state is State.OPEN
    assert window.shell.sidebar.brand.book_name == "Stays"
    assert not (window.session.home / "restoring").exists()


def test_a_backup_of_other_books_is_refused_with_a_way(
    window: Any, open_section: Any, settle: Settle, tmp_path: Path
) -> None:
    other = create(tmp_path / "other")
    backups.create(other, reason="asked", out=tmp_path / "other.opsbak")
    other.close()
    open_section("backups")
    from app.ui.settings import backup_sheets

    backup_sheets.chosen(window.shell.page, tmp_path / "other.opsbak")
    settle(window)
    (front,) = shown(window)
    assert "other books" in texts(front)


# --- privacy and erasing


def test_a_payer_is_erased_with_the_code_that_is_shown(
    window: Any, open_section: Any, settle: Settle, qtbot: Any
) -> None:
    part = open_section("privacy")
    assert "books.db" in texts(part)
    part.payer.click()
    settle(window)
    front = sheet(window, PayerSheet)
    QTest.keyClicks(front.search, "figma")
    assert len(front._shown) >= 1
    name = front._shown[0].name
    front.send.click()
    settle(window)
    plan = sheet(window, PlanSheet)
    assert "cannot be undone" in texts(plan)
    plan.code.setText("WRONG")
    plan.send.click()
    assert plan.isVisible()
    plan.code.setText(plan._code.lower())
    QTest.keyClick(plan.code, Qt.Key.Key_Return)
    back_again(window, qtbot, settle)
    assert window.session.state is State.OPEN
    assert "Erased." in window.shell.toast.accessibleName()
    part = open_section("privacy")
    part.payer.click()
    settle(window)
    assert name not in [each.name for each in sheet(window, PayerSheet)._names]


def test_erasing_everything_ends_at_the_first_page(window: Any, open_section: Any, settle: Settle, qtbot: Any) -> None:
    home = window.session.home
    open_section("privacy").everything.click()
    settle(window)
    front = sheet(window, EverythingSheet)
    front.code.setText(front._code)
    assert not front.send.isEnabled()
    QTest.keyClick(front.code, Qt.Key.Key_Return)
    assert front.isVisible(), "the code alone is not enough"
    front.known.click()
    front.send.click()
    back_again(window, qtbot, settle)
    assert window.session.state is State.NONE
    assert "Everything is erased" in words(window)
    window.preferences.set("lock/minutes", 30)
    window.preferences.save()
    assert [path.name for path in home.iterdir()] == ["ERASED.txt"]


def test_the_sample_books_are_neither_renewed_nor_erased(
    make_window: Any, tmp_path: Path, settle: Settle, qtbot: Any
) -> None:
    window = make_window(tmp_path / "none")
    window.open_sample()
    qtbot.waitUntil(lambda: window.session.state is State.OPEN, timeout=60_000)
    settle(window)
    for id_, names in (("security", ("print", "renew", "change_mode")), ("privacy", ("payer", "everything"))):
        window.go("settings", section=id_)
        settle(window)
        part = window.shell.page.sections[id_]
        assert not any(getattr(part, name).isEnabled() for name in names)
    for id_ in ("app.recovery", "app.passphrase"):
        assert not window.commands.can(id_)


# --- commands


@pytest.mark.parametrize(
    ("command", "kind"),
    [("app.recovery", RecoverySheet), ("app.passphrase", PassphraseSheet), ("help.check", FindingsSheet)],
)
def test_a_command_opens_its_sheet_from_any_page(window: Any, settle: Settle, command: str, kind: type[Any]) -> None:
    window.commands.trigger(command)
    settle(window)
    settle(window)
    assert sheet(window, kind).isVisible()


# --- every sheet, by ear, by keyboard, and with large text


def begin(window: Any, what: str, settle: Settle) -> None:
    """Open one of the sheets."""
    section, button = what.split(".")
    window.go("settings", section=section)
    settle(window)
    part = window.shell.page.sections[section]
    if button == "restore":
        next(iter(part.restores.values())).click()
    else:
        getattr(part, button).click()
    for _ in range(3):
        settle(window)
        QApplication.processEvents()


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize(
    "what",
    [
        "security.change_mode", "security.renew", "security.check", "backups.test", "backups.restore", "privacy.payer",
        "privacy.everything",
    ],
)  # fmt: skip
def test_each_sheet_can_be_heard_reached_and_read(
    window: Any, settle: Settle, look: Any, what: str, scale: float
) -> None:
    if what.startswith("backups"):
        window.commands.trigger("app.backup")
        settle(window)
        settle(window)
    look.set_scale(scale)
    window.setMinimumSize(1024, 700)
    window.resize(1024, 700)
    begin(window, what, settle)
    (front,) = shown(window)
    box = front.box
    wrong = [*audit.unnamed(box), *audit.untabbed(box), *audit.too_small(box), *audit.misplaced(box)]
    assert not wrong, "\n" + "\n".join(wrong)
