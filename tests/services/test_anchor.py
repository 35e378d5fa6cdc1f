"""The notes outside the books: what they show, when they are written, and that only a person's word overrides one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from services.audit_helpers import (
    PASSPHRASE,
    Closed,
    MemoryKeychain,
    SetClock,
    made,
    older_file_back,
    opened,
    put,
    rows,
    tampered,
)

from app import bootstrap
from app.core.dates import day_from_iso
from app.core.errors import ChainBroken, DamagedBooks, KeychainLocked, NoKeychain, Refused
from app.services import today
from app.services.audit import anchor, audit_archive, audit_log, audit_notes
from app.services.audit.anchor import EVERY, Standing
from app.services.books import opening
from app.services.books.open_books import Books, Unlock
from app.services.integrity import accepting, rescue
from app.services.report import pack_export
from app.services.tax import profile
from app.store import audit


def work(books: Books, count: int, start: int = 0) -> None:
    for number in range(start, start + count):
        profile.change(books, 2026, {"wages": f"{1000 + number}.00"})


class Home:
    """One home, opened and closed as programs do."""

    def __init__(self, path: Path, keychain: MemoryKeychain | None = None) -> None:
        self.path, self.keychain, self.clock = path, keychain, SetClock()
        books = made(path, self.clock, keychain)
        self.key = books.key_hex()
        books.close()

    @property
    def file(self) -> Path:
        return self.path / "audit.anchor"

    @property
    def entry(self) -> str:
        (name,) = [name for name in self.keychain.entries if name.endswith(".anchor")] if self.keychain else []
        return name

    def open(self, *, raw: bool = False) -> Books:
        by_keychain = self.keychain is not None and not raw
        return opened(self.path, None if by_keychain else self.key, self.clock, self.keychain)

    def use(self, count: int = 0, start: int = 0, *, window: bool = False, raw: bool = False) -> None:
        books = self.open(raw=raw)
        try:
            if window:
                audit_archive.window_opened(books)
            work(books, count, start)
        finally:
            books.close()

    def verify(self) -> audit_log.AuditState:
        books = self.open()
        try:
            return audit_log.verify(books)
        finally:
            books.close()

    def alert(self) -> str:
        """Return the title of what Today says about the note; empty when it says nothing."""
        books = self.open(raw=True)
        try:
            found = today.summary(books).alert
            return found.title if found is not None and found.key == "anchor" else ""
        finally:
            books.close()

    def copy(self) -> Path:
        target = self.path.with_name("copy")
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(self.path, target)
        return target

    def put_back(self, copy: Path) -> None:
        shutil.rmtree(self.path)
        shutil.copytree(copy, self.path)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def keychain() -> MemoryKeychain:
    return MemoryKeychain()


@pytest.fixture
def kept(tmp_path: Path, keychain: MemoryKeychain) -> Home:
    """A home that the keychain opens."""
    return Home(tmp_path / "kept", keychain)


def noted(home: Home) -> dict[str, int | str]:
    found: dict[str, int | str] = json.loads(home.file.read_text("utf-8"))
    return found


# --- beside the books -------------------------------------------------------------------------------------------------


def test_the_note_tells_of_the_newest_entry(home: Home) -> None:
    home.use(3)
    body = noted(home)
    books = home.open()
    seq, mac = audit.head(books.connection)
    assert (body["uuid"], body["seq"], body["mac"], body["generation"]) == (books.uuid, seq, mac, 1)
    assert body["at"] == "2026-11-20T12:00:00.000Z"
    books.close()
    assert home.verify().ok
    assert home.alert() == ""


@pytest.mark.parametrize("name", ["uuid", "seq", "mac", "generation", "at", "in_keychain", "seal"])
def test_a_note_that_was_changed_is_no_note(home: Home, name: str) -> None:
    body = noted(home)
    body[name] = int(body[name]) + 1 if isinstance(body[name], int) else "00" * 32
    home.file.write_text(json.dumps(body), "utf-8")
    state = home.verify()
    assert (state.anchor, state.ok) == (Standing.CHANGED, False)
    assert "was changed" in home.alert()


@pytest.mark.parametrize(
    "text",
    ["", "[]", "7", "{", '{"uuid": "x", "seq": 1, "mac": "y", "seal": "z"}', "[" * 4000, '{"seal": "x"}', "\x00"],
)
def test_rubbish_is_no_note(home: Home, text: str) -> None:
    home.file.write_text(text, "utf-8")
    assert home.verify().anchor is Standing.CHANGED


def test_something_else_in_its_place_is_no_note(home: Home) -> None:
    home.file.unlink()
    home.file.mkdir()
    assert home.verify().anchor is Standing.CHANGED


def test_the_note_of_other_books_is_no_note(home: Home, tmp_path: Path) -> None:
    shutil.copyfile(Home(tmp_path / "other").file, home.file)
    assert home.verify().anchor is Standing.CHANGED


def test_a_note_that_was_removed_is_missed_and_does_not_come_back_by_itself(home: Home) -> None:
    home.file.unlink()
    assert "is missing" in home.verify().sentence
    assert "missing" in home.alert()
    home.use(2)
    assert not home.file.exists()
    assert home.verify().anchor is Standing.MISSING


def test_a_rollback_with_the_note_removed_is_noticed_as_a_missing_note(home: Home) -> None:
    old = (home.path / "books.db").read_bytes()
    home.use(5)
    (home.path / "books.db").write_bytes(old)
    (home.path / "books.head").unlink()
    home.file.unlink()
    home.use(9)
    assert (home.verify().ok, home.verify().anchor) == (False, Standing.MISSING)


def test_work_on_older_books_does_not_write_the_note_over(home: Home) -> None:
    old = (home.path / "books.db").read_bytes()
    home.use(5)
    before = home.file.read_bytes()
    older_file_back(home.path, old, home.key)
    home.clock.pass_days(1)
    home.use(20)
    assert home.file.read_bytes() == before
    assert home.verify().anchor is Standing.OLDER
    assert "older than the ones you last used" in home.alert()


def test_a_program_that_works_meanwhile_raises_no_alarm(home: Home) -> None:
    """A reader in the middle of a reading sees older books than the note that another program wrote since."""
    books = home.open()
    reader = books.reader()
    with reader.reading():
        assert anchor.look(reader) is Standing.HOLDS
        work(books, 3)
        books.close()
        assert noted(home)["seq"] > audit.head(reader.connection)[0]  # type: ignore[operator]
        assert anchor.look(reader) is Standing.HOLDS
    reader.close()


def test_the_note_of_an_earlier_version_still_counts(home: Home) -> None:
    books = home.open()
    seq, mac = audit.head(books.connection)
    body: dict[str, int | str] = {"uuid": books.uuid, "seq": seq, "mac": mac}
    sealed = {**body, "seal": audit.seal_anchor(books.subkey("audit-mac"), body)}
    books.close()
    home.file.write_text(json.dumps(sealed), "utf-8")
    assert home.verify().ok
    home.use(1)
    assert (noted(home)["seq"], home.verify().ok) == (seq + 1, True)


# --- in the keychain --------------------------------------------------------------------------------------------------


def test_the_window_notes_in_the_keychain_and_a_command_does_not(kept: Home, keychain: MemoryKeychain) -> None:
    kept.use(2)
    assert len(keychain.entries) == 1
    asked = keychain.calls
    kept.use(1, 5)
    assert keychain.calls == asked + 1, "a command asks the keychain for the key and for nothing else"
    kept.use(1, window=True)
    value = json.loads(keychain.entries[kept.entry])
    assert (value["seq"], value["mac"]) == (noted(kept)["seq"], noted(kept)["mac"])
    assert noted(kept)["in_keychain"] == value["seq"]
    assert len(keychain.entries[kept.entry]) < 1200
    state = kept.verify()
    assert (state.ok, state.keychain_anchor_ok) == (True, True)


def test_every_hundred_entries_a_command_notes_in_the_keychain_too(kept: Home, keychain: MemoryKeychain) -> None:
    kept.use(EVERY - 2)
    assert len(keychain.entries) == 1
    kept.use(1, EVERY)
    assert json.loads(keychain.entries[kept.entry])["seq"] == EVERY
    asked = keychain.calls
    kept.use(1)
    assert keychain.calls == asked + 1


@pytest.mark.parametrize("event", ["backup.made", "vault.rotation", "backup.restored", "pack.exported"])
def test_after_what_leaves_the_house_the_keychain_is_brought_up_to_date(kept: Home, event: str) -> None:
    books = kept.open()
    audit_notes.note(books, event)
    books.close()
    assert kept.verify().keychain_anchor is Standing.HOLDS


def test_a_whole_old_folder_is_noticed_by_the_keychain(kept: Home) -> None:
    copy = kept.copy()
    kept.use(3, window=True)
    kept.put_back(copy)
    state = kept.verify()
    assert (state.anchor_ok, state.keychain_anchor_ok, state.ok) == (True, False, False)
    assert "older than the keychain last noted" in state.sentence
    assert kept.alert() == "", "nobody asked the keychain yet"
    kept.use(0, window=True)
    assert "older than the ones you last used" in kept.alert()
    kept.clock.pass_days(1)
    kept.use(EVERY + 5, 10)
    assert kept.verify().keychain_anchor is Standing.OLDER, "work on them does not write the keychain's note over"


def test_commands_alone_notice_it_when_they_would_write(kept: Home) -> None:
    copy = kept.copy()
    kept.use(3, window=True)
    kept.put_back(copy)
    kept.clock.pass_days(1)
    kept.use(EVERY)
    assert "older than the ones you last used" in kept.alert()


@pytest.mark.parametrize("error", [KeychainLocked("locked"), NoKeychain("none")])
def test_a_locked_keychain_stops_nothing_and_the_next_one_tries_again(
    kept: Home, keychain: MemoryKeychain, error: KeychainLocked | NoKeychain
) -> None:
    books = kept.open()
    audit_archive.window_opened(books)
    work(books, 2)
    keychain.error = error
    assert audit_log.verify(books).keychain_anchor_ok is None
    books.close()
    keychain.error = None
    assert (noted(kept)["seq"], noted(kept)["in_keychain"]) == (4, 0)
    kept.use(1, 7, window=True)
    assert noted(kept)["in_keychain"] == noted(kept)["seq"] == 6
    assert kept.verify().ok


@pytest.mark.parametrize(
    ("spoil", "standing"),
    [
        (lambda entries, name: entries.pop(name), Standing.MISSING),
        (lambda entries, name: entries.update({name: "{}"}), Standing.CHANGED),
        (lambda entries, name: entries.update({name: entries[name].replace('"seq": ', '"seq": 1')}), Standing.CHANGED),
    ],
    ids=["removed", "written over", "renumbered"],
)
def test_a_note_in_the_keychain_that_was_spoilt_is_said_and_kept(
    kept: Home, keychain: MemoryKeychain, spoil: Callable[[dict[str, str], str], object], standing: Standing
) -> None:
    kept.use(1, window=True)
    spoil(keychain.entries, kept.entry)
    assert (kept.verify().keychain_anchor, kept.verify().ok) == (standing, False)
    kept.use(1, 3, window=True)
    assert kept.verify().keychain_anchor is standing


def test_with_the_raw_key_the_keychain_is_not_asked(kept: Home, keychain: MemoryKeychain) -> None:
    asked = keychain.calls
    kept.use(1, window=True, raw=True)
    assert keychain.calls == asked


# --- a person's word --------------------------------------------------------------------------------------------------


def test_accepting_older_books_is_logged_and_all_is_noted_afresh(kept: Home, keychain: MemoryKeychain) -> None:
    copy = kept.copy()
    kept.use(7, window=True)
    kept.put_back(copy)
    kept.use(0, window=True)
    books = kept.open()
    found = accepting.accept(books)
    entry = audit_log.listed(books, 1)[0]
    assert (found.standing, found.seen, found.seq) == (Standing.OLDER, 9, entry.seq)
    assert (entry.event, json.loads(entry.body)) == ("audit.accepted", {"code": "older", "seen": 9})
    assert audit_log.verify(books).ok
    books.close()
    assert kept.verify().ok
    assert kept.alert() == ""
    assert json.loads(keychain.entries[kept.entry])["seq"] == entry.seq


def test_accepting_without_the_note_beside_the_books_makes_one(home: Home) -> None:
    home.file.unlink()
    books = home.open()
    assert accepting.accept(books).seen is None
    books.close()
    assert home.verify().ok


def test_accepting_needs_the_keychain_that_says_otherwise(kept: Home, keychain: MemoryKeychain) -> None:
    kept.use(1, window=True)
    kept.file.unlink()
    books = kept.open()
    keychain.error = KeychainLocked("locked")
    with pytest.raises(KeychainLocked):
        accepting.accept(books)
    keychain.error = None
    books.close()
    assert kept.verify().anchor is Standing.MISSING


def test_a_log_that_does_not_hold_cannot_be_accepted(home: Home) -> None:
    home.use(5)
    tampered(Closed(home.path, home.key), lambda c: put(c, rows(c)[1:]))
    books = home.open()
    with pytest.raises(ChainBroken):
        accepting.accept(books)
    books.close()


def test_one_word_is_enough_after_a_rescue(home: Home) -> None:
    """Older books do not open: the head note tells. Who goes on with them has said so for the other note too."""
    old = (home.path / "books.db").read_bytes()
    home.use(3)
    (home.path / "books.db").write_bytes(old)
    with pytest.raises(DamagedBooks, match="newest 3 changes"):
        home.open()
    books = opening.open_books(
        home.path, Unlock(key_hex=home.key), keychain=lambda: None, clock=home.clock, rescue=True
    )
    assert rescue.accept(books)
    books.close()
    assert home.verify().ok
    assert home.alert() == ""


def test_readers_accept_nothing(home: Home) -> None:
    books = home.open()
    reader = books.reader()
    with pytest.raises(Refused):
        accepting.accept(reader)
    reader.close()
    books.close()


# --- at once, not only at the end -------------------------------------------------------------------------------------


def test_a_long_session_notes_every_hundredth_change(home: Home) -> None:
    books = home.open()
    work(books, EVERY - 1)
    assert noted(home)["seq"] == 1
    work(books, 1, 500)
    assert noted(home)["seq"] == EVERY + 1
    work(books, 5, 600)
    assert noted(home)["seq"] == EVERY + 1
    books.close()
    assert noted(home)["seq"] == EVERY + 6


def test_a_pack_is_noted_in_the_keychain_while_the_window_stays_open(
    kept: Home, keychain: MemoryKeychain, tmp_path: Path
) -> None:
    books = kept.open()
    audit_archive.window_opened(books)
    pack_export.export_pack(books, 2026, tmp_path / "pack.zip", day_from_iso("2026-11-20"))
    assert json.loads(keychain.entries[kept.entry])["seq"] == audit.head(books.connection)[0]
    books.close()


def test_books_of_an_earlier_version_get_a_note_when_they_have_none(tmp_path: Path) -> None:
    home = tmp_path / "old"
    shutil.copytree(Path(__file__).parents[1] / "data" / "format-2", home)
    (home / "audit.anchor").unlink()
    (home / "ops.keys").chmod(0o600)
    unlock = Unlock(passphrase=PASSPHRASE)
    books = opening.open_books(home, unlock, keychain=lambda: None, clock=SetClock())
    assert anchor.look(books) is Standing.HOLDS
    books.close()
    assert (home / "audit.anchor").exists()


def test_the_window_notes_that_it_was_opened(home: Home) -> None:
    wiring = bootstrap.window_wiring()
    books = wiring.open_books(home.path, PASSPHRASE)
    assert audit_log.listed(books, 1)[0].event == "vault.opened"
    assert books.in_window
    books.close()
