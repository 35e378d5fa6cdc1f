"""Backups that count only when they were read back, and nobody was asked for anything to make them."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from app.adapters.randomness import OsRandomness
from app.core.errors import AppError, BadFile, DamagedFile, DiskFull, Exists, Locked, WrongPassphrase
from app.core.security import backup_container
from app.services.audit import audit_log
from app.services.backup import backups, drills
from app.services.backup.safety import BULK_ROWS, daily_after_change
from app.services.books import history, opening
from app.services.books.open_books import Books, Unlock
from app.services.ledger import bulk_edit, receipt_files, transactions
from app.services.vault import key_changes
from app.store import operations
from app.store.row_filter import Filter

PASSPHRASE = "violet anchor harvest tundra 41"


def no_keychain() -> None:
    return None


class Calendar:
    """A clock that is put forward by hand."""

    def __init__(self, day: date) -> None:
        self.day = day

    def now(self) -> datetime:
        return datetime(self.day.year, self.day.month, self.day.day, 9, 30, tzinfo=UTC)

    def today(self) -> date:
        return self.day

    def monotonic_ms(self) -> int:
        return 0


@pytest.fixture
def verified() -> Callable[..., backups.Verified]:
    return lambda path, **unlock: backups.verify(path, Unlock(**unlock), keychain=no_keychain)


def test_a_backup_is_one_private_file_that_holds_what_the_books_hold(
    sample: Books, verified: Callable[..., backups.Verified]
) -> None:
    made = backups.create(sample, reason="asked")
    rows = sample.connection.execute("SELECT COUNT(*) FROM transactions").fetchone()[0]
    assert (made.rows, made.totals_equal, made.portable, made.opens_with) == (rows, True, True, ("passphrase",))
    assert made.file.parent == sample.home / "backups"
    assert stat.S_IMODE(made.file.stat().st_mode) == 0o600
    assert [path.name for path in made.file.parent.iterdir()] == [made.file.name], "nothing else is left"
    found = verified(made.file, passphrase=PASSPHRASE)
    assert (found.ok, found.rows, found.sha256) == (True, rows, made.sha256)
    assert {each.what for each in found.compared} >= {"rows of transactions", "newest audit entry", "format"}
    assert sum(each.what.startswith("total ") for each in found.compared) >= 2


def test_nothing_in_it_is_readable(sample: Books) -> None:
    data = backups.create(sample, reason="asked").file.read_bytes()
    start = data.index(b"}") + 2000
    image = data[start:-64]
    counts = [image.count(bytes([value])) for value in range(256)]
    assert max(counts) < 1.35 * len(image) / 256, "bytes are spread evenly: nothing in clear, nothing compressed"
    for text in (
        b"SQLite format",
        b"transactions",
        b"CREATE TABLE",
        b"FIGMA",
        PASSPHRASE.encode(),
        sample.key_hex().encode(),
    ):
        assert text not in data


def test_it_is_recorded_in_the_books_and_in_the_audit_log(sample: Books) -> None:
    made = backups.create(sample, reason="asked")
    assert sample.connection.execute("SELECT reason, place, sha256 FROM backup_made").fetchall() == [
        ("asked", str(made.file), made.sha256)
    ]
    assert audit_log.listed(sample, 1)[0].event == "backup.made"
    assert audit_log.verify(sample).ok


def test_two_backups_of_the_same_books_have_nothing_in_common(sample: Books) -> None:
    first, second = (backups.create(sample, reason="asked").file.read_bytes() for _ in range(2))
    assert first[3000:20_000] != second[3000:20_000]


def test_it_goes_where_it_is_told_and_over_nothing(sample: Books, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    made = backups.create(sample, reason="asked", out=stick / "mine.opsbak")
    assert made.file == stick / "mine.opsbak"
    assert backups.create(sample, reason="asked", out=stick).file.parent == stick
    before = made.file.read_bytes()
    with pytest.raises(Exists):
        backups.create(sample, reason="asked", out=made.file)
    with pytest.raises(BadFile):
        backups.create(sample, reason="asked", out=tmp_path / "nowhere" / "mine.opsbak")
    assert made.file.read_bytes() == before
    assert backups.listed(sample.home) == [], "what lies elsewhere is not counted among those at home"


def test_changes_of_another_program_while_it_is_made_are_in_it_or_not_but_never_half(sample: Books) -> None:
    changed = []

    def step(done: int, total: int) -> None:
        if not changed:
            changed.append(transactions.set_values(sample, 3, {"note": "in between"}))

    made = backups.create(sample, reason="asked", step=step)
    assert made.totals_equal
    assert changed


def test_what_the_books_hold_now_is_what_is_backed_up_the_log_of_changes_included(books: Books) -> None:
    # nothing was checkpointed yet: the row is in the write-ahead log only
    books.connection.execute("PRAGMA wal_autocheckpoint = 0")
    with books.work.operation("business_add"):
        books.settings.add_business({"name": "Written a moment ago"})
    made = backups.create(books, reason="asked")
    opened = drills.drill(books.home, made.file, Unlock(), keychain=no_keychain, clock=books.clock, books=books)
    assert ("rows of business", "2", "2") in opened.compared


@pytest.mark.parametrize("share", [0.0, 0.0005, 0.01, 0.3, 0.5, 0.8, 0.99, 1.0])
def test_a_file_that_was_cut_is_damaged_whatever_key_is_given(share: float, sample: Books, tmp_path: Path) -> None:
    data = backups.create(sample, reason="asked").file.read_bytes()
    short = tmp_path / "short.opsbak"
    short.write_bytes(data[: int((len(data) - 1) * share)])
    for unlock in (
        Unlock(key_hex=sample.key_hex()),
        Unlock(key_hex="11" * 32),
        Unlock(passphrase="not the right one at all"),
    ):
        with pytest.raises(AppError) as told:
            backups.verify(short, unlock, keychain=no_keychain)
        assert told.value.code == ("damaged" if share else "bad_file")


def test_one_flipped_bit_anywhere_is_damage(sample: Books, tmp_path: Path) -> None:
    data = backups.create(sample, reason="asked").file.read_bytes()
    chance = Random(4)
    places = [0, 5, 13, 17, 40, 900, len(data) - 1, len(data) - 33, len(data) - 65]
    places += [chance.randrange(len(data)) for _ in range(60)]
    broken = tmp_path / "broken.opsbak"
    for place in places:
        changed = bytearray(data)
        changed[place] ^= 1 << chance.randrange(8)
        broken.write_bytes(changed)
        with pytest.raises(AppError) as told:
            backups.verify(broken, Unlock(key_hex=sample.key_hex()), keychain=no_keychain)
        assert told.value.code == ("damaged" if place >= 12 else "bad_file"), place


def test_a_file_changed_by_hand_with_its_checksum_made_to_fit_is_damage(sample: Books, tmp_path: Path) -> None:
    import hashlib

    data = bytearray(backups.create(sample, reason="asked").file.read_bytes())
    data[-5000] ^= 1
    data[-64:-32] = hashlib.sha256(data[:-64]).digest()
    forged = tmp_path / "forged.opsbak"
    forged.write_bytes(data)
    with pytest.raises(DamagedFile, match="made to fit"):
        backups.verify(forged, Unlock(key_hex=sample.key_hex()), keychain=no_keychain)


def test_the_trailer_of_another_backup_does_not_fit(sample: Books, tmp_path: Path) -> None:
    first, second = (backups.create(sample, reason="asked").file.read_bytes() for _ in range(2))
    mixed = tmp_path / "mixed.opsbak"
    mixed.write_bytes(first[:-64] + second[-64:])
    with pytest.raises(DamagedFile):
        backups.verify(mixed, Unlock(key_hex=sample.key_hex()), keychain=no_keychain)


def test_a_wrong_key_is_told_from_damage(sample: Books, verified: Callable[..., backups.Verified]) -> None:
    made = backups.create(sample, reason="asked")
    with pytest.raises(WrongPassphrase):
        verified(made.file, passphrase="another passphrase 12")
    with pytest.raises(Locked, match="not the one of this backup"):
        verified(made.file, key_hex="11" * 32)
    with pytest.raises(Locked):
        verified(made.file)


def test_links_folders_and_pipes_are_no_backups(
    sample: Books, tmp_path: Path, verified: Callable[..., backups.Verified]
) -> None:
    made = backups.create(sample, reason="asked")
    (tmp_path / "link.opsbak").symlink_to(made.file)
    os.mkfifo(tmp_path / "pipe.opsbak")
    (tmp_path / "text.opsbak").write_text("hello")
    for name in ("link.opsbak", "pipe.opsbak", "text.opsbak", "nothing.opsbak", "."):
        with pytest.raises(BadFile):
            verified(tmp_path / name, key_hex=sample.key_hex())


def test_half_files_are_never_listed_as_good(sample: Books) -> None:
    made = backups.create(sample, reason="asked")
    folder = made.file.parent
    data = made.file.read_bytes()
    (folder / "half.opsbak").write_bytes(data[: len(data) // 2])
    (folder / ".1099ops-00112233.part").write_bytes(data)
    (folder / "notes.txt").write_text("mine")
    found = backups.listed(sample.home)
    assert [(each.file.name, each.header is not None) for each in found] == [
        (made.file.name, True),
        ("half.opsbak", False),
    ]
    assert found[1].trouble is not None
    assert found[1].trouble.code == "damaged"


def test_a_keychain_alone_makes_no_backup_for_other_computers_and_it_says_so(tmp_path: Path) -> None:
    class Chain(dict[str, str]):
        def set(self, name: str, value: str) -> None:
            self[name] = value

        def delete(self, name: str) -> None:
            self.pop(name, None)

    chain = Chain()
    from app.core.security.envelope import Mode

    books, _ = opening.create(
        tmp_path / "home", mode=Mode.KEYCHAIN, passphrase=None, keychain=chain, randomness=OsRandomness(),
        clock=Calendar(date(2026, 11, 20)),
    )  # fmt: skip
    try:
        alone = backups.create(books, reason="asked")
        assert (alone.portable, alone.opens_with) == (False, ("keychain",))
        key = key_changes.make_recovery_key(books, randomness=OsRandomness())
        with_recovery = backups.create(books, reason="asked")
        assert (with_recovery.portable, with_recovery.opens_with) == (True, ("recovery key", "keychain"))
        assert backups.verify(with_recovery.file, Unlock(recovery_key=key), keychain=no_keychain).ok
        assert backups.verify(with_recovery.file, Unlock(passphrase=key), keychain=no_keychain).ok
        assert backups.verify(with_recovery.file, Unlock(ask=lambda: key), keychain=no_keychain).ok
        assert backups.verify(alone.file, Unlock(), keychain=lambda: chain).ok
        with pytest.raises(Locked):
            backups.verify(alone.file, Unlock(recovery_key=key), keychain=no_keychain)
    finally:
        books.close()


def test_an_older_passphrase_opens_the_backup_of_its_day(
    sample: Books, verified: Callable[..., backups.Verified]
) -> None:
    before = backups.create(sample, reason="asked")
    key_changes.change_passphrase(
        sample, "saffron ledger quartz meadow 9", keychain=None, randomness=OsRandomness(), kdf_memory_mib=64
    )
    after = backups.create(sample, reason="asked")
    assert verified(before.file, passphrase=PASSPHRASE).ok
    assert verified(after.file, passphrase="saffron ledger quartz meadow 9").ok
    for file, words in ((before.file, "saffron ledger quartz meadow 9"), (after.file, PASSPHRASE)):
        with pytest.raises(WrongPassphrase):
            verified(file, passphrase=words)
    assert backups.verify(before.file, Unlock(key_hex=sample.key_hex()), keychain=no_keychain).ok, "the key is the same"


# --- made by themselves


def test_one_a_day_and_only_when_something_changed(sample: Books) -> None:
    calendar = sample.clock = Calendar(date(2026, 11, 20))
    assert backups.daily(sample) is not None
    assert backups.daily(sample) is None
    calendar.day += timedelta(days=1)
    assert backups.daily(sample) is None, "nothing changed since"
    transactions.set_values(sample, 3, {"note": "changed"})
    made = backups.daily(sample)
    assert made is not None
    assert made.reason == "daily"
    transactions.set_values(sample, 3, {"note": "changed again"})
    assert backups.daily(sample) is None


def test_the_command_line_makes_the_daily_one_from_the_second_day_on(sample: Books) -> None:
    today = datetime.now(UTC).date()
    sample.clock = Calendar(today)
    transactions.set_values(sample, 3, {"note": "first day"})
    assert daily_after_change(sample, lambda _done, _total: None) is None
    sample.clock = Calendar(today + timedelta(days=1))
    transactions.set_values(sample, 3, {"note": "second day"})
    assert daily_after_change(sample, lambda _done, _total: None) is not None
    assert daily_after_change(sample, lambda _done, _total: None) is None


def test_a_month_of_days_leaves_the_generations_and_notes_what_went(sample: Books) -> None:
    calendar = sample.clock = Calendar(date(2026, 10, 1))
    for _ in range(25):
        transactions.set_values(sample, 3, {"note": f"{calendar.day}"})
        assert backups.daily(sample) is not None
        calendar.day += timedelta(days=1)
    kept = [each.header.created[:10] for each in backups.listed(sample.home) if each.header]
    assert kept[:7] == [f"2026-10-{day}" for day in range(25, 18, -1)]
    assert 8 <= len(kept) <= 11
    assert any(entry.event == "backup.pruned" for entry in audit_log.listed(sample, 0))


def test_backups_of_other_books_and_other_files_are_never_pruned(
    sample: Books, make_books: Callable[..., Books]
) -> None:
    other = backups.create(make_books("other"), reason="asked")
    calendar = sample.clock = Calendar(date(2026, 10, 1))
    first = backups.daily(sample)
    assert first is not None
    strange = first.file.with_name("from-mother.opsbak")
    shutil.copyfile(other.file, strange)
    (first.file.parent / "diary.opsbak").write_text("not a backup")
    calendar.day += timedelta(days=4000)
    transactions.set_values(sample, 3, {"note": "ten years later"})
    assert backups.daily(sample) is not None
    for _ in range(10):
        calendar.day += timedelta(days=1)
        transactions.set_values(sample, 3, {"note": f"{calendar.day}"})
        backups.daily(sample)
    assert strange.exists()
    assert (first.file.parent / "diary.opsbak").exists()


def test_many_rows_at_once_go_only_after_a_backup(sample: Books) -> None:
    ids = [row.id for row in sample.transactions.listed(Filter(), 0)]
    bulk_edit.delete_many(sample, ids[: BULK_ROWS - 1], "too few to mind")
    assert backups.listed(sample.home) == []
    bulk_edit.delete_many(sample, ids[BULK_ROWS : 2 * BULK_ROWS], "by mistake", dry_run=True)
    assert backups.listed(sample.home) == []
    bulk_edit.delete_many(sample, ids[BULK_ROWS : 2 * BULK_ROWS], "by mistake")
    made = backups.listed(sample.home)
    assert [each.header.reason for each in made if each.header] == ["bulk"]
    with pytest.raises(AppError):
        drills.drill(sample.home, None, Unlock(key_hex="11" * 32), keychain=no_keychain, clock=sample.clock)
    then = drills.drill(sample.home, None, Unlock(key_hex=sample.key_hex()), keychain=no_keychain, clock=sample.clock)
    assert then.ok
    before = {each.what: each.found for each in then.compared}["rows of decision"]
    assert int(before) < sample.connection.execute("SELECT COUNT(*) FROM decision").fetchone()[0]


def test_undoing_an_import_of_many_rows_makes_one_first_unless_there_is_one_already(sample: Books) -> None:
    backups.create(sample, reason="asked")
    history.undo(sample)
    assert len(backups.listed(sample.home)) == 1, "the newest held the books as they were"
    history.redo(sample)
    largest = max(range(3, 9), key=lambda number: operations.transactions_made(sample.connection, number))
    history.undo(sample, largest)
    assert {each.header.reason for each in backups.listed(sample.home) if each.header} == {"asked", "bulk"}


# --- receipts


def test_a_receipt_is_encrypted_and_comes_back(sample: Books) -> None:
    name = receipt_files.put(sample, b"%PDF a receipt of COFFEE HOUSE")
    path = sample.home / "receipts" / name
    assert b"COFFEE" not in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert receipt_files.get(sample, name) == b"%PDF a receipt of COFFEE HOUSE"
    assert receipt_files.put(sample, b"%PDF a receipt of COFFEE HOUSE") != name, "equal receipts do not show as equal"


def test_a_receipt_that_was_changed_exchanged_or_lost_is_named(sample: Books) -> None:
    first, second = receipt_files.put(sample, b"one"), receipt_files.put(sample, b"two")
    folder = sample.home / "receipts"
    (folder / first).write_bytes((folder / second).read_bytes())
    with pytest.raises(DamagedFile):
        receipt_files.get(sample, first)
    for name in ("../ops.keys", "f" * 64, ""):
        with pytest.raises(AppError) as told:
            receipt_files.get(sample, name)
        assert told.value.code == "not_found"


def test_scheduled_backups_store_each_receipt_once(sample: Books, verified: Callable[..., backups.Verified]) -> None:
    names = {receipt_files.put(sample, b"receipt %d" % n) for n in range(3)}
    first = backups.create(sample, reason="asked")
    objects = first.file.parent / "objects"
    assert {path.name for path in objects.iterdir()} == names
    kept = {path.name: path.stat().st_ino for path in objects.iterdir()}
    receipt_files.put(sample, b"a fourth")
    second = backups.create(sample, reason="asked")
    assert (first.receipts, second.receipts) == (3, 4)
    assert {name: (objects / name).stat().st_ino for name in names} == kept
    assert verified(second.file, key_hex=sample.key_hex()).ok
    lost = min(names)
    (objects / lost).write_bytes(b"damaged")
    found = verified(second.file, key_hex=sample.key_hex())
    assert (found.ok, found.missing_receipts) == (False, (lost,))


def test_a_full_backup_is_one_file_with_the_receipts_in_it(
    sample: Books, tmp_path: Path, verified: Callable[..., backups.Verified]
) -> None:
    receipt_files.put(sample, b"a receipt")
    made = backups.create(sample, reason="asked", out=tmp_path / "all.opsbak", full=True)
    assert (made.receipts, made.full) == (1, True)
    shutil.rmtree(sample.home / "receipts")
    assert verified(made.file, key_hex=sample.key_hex()).ok


def test_a_damaged_receipt_does_not_keep_the_books_from_their_backup(sample: Books) -> None:
    good, bad = receipt_files.put(sample, b"good"), receipt_files.put(sample, b"bad")
    (sample.home / "receipts" / bad).write_bytes(b"rotten")
    for full in (False, True):
        made = backups.create(sample, reason="asked", full=full)
        assert (made.receipts, made.damaged_receipts) == (1, (bad,))
    assert receipt_files.get(sample, good) == b"good"


def test_objects_no_backup_names_any_more_go_with_the_last_one(sample: Books) -> None:
    calendar = sample.clock = Calendar(date(2026, 10, 1))
    name = receipt_files.put(sample, b"soon gone")
    made = backups.daily(sample)
    assert made is not None
    (sample.home / "receipts" / name).unlink()
    made.file.unlink()
    calendar.day += timedelta(days=1)
    backups.create(sample, reason="asked")
    assert list((made.file.parent / "objects").iterdir()) == []


# --- drills


def test_a_drill_restores_compares_and_leaves_nothing(sample: Books) -> None:
    made = backups.create(sample, reason="asked")
    transactions.set_values(sample, 3, {"note": "after the backup"})
    before = sorted(str(path) for path in sample.home.rglob("*"))
    done = drills.drill(sample.home, None, Unlock(), keychain=no_keychain, clock=sample.clock, books=sample)
    assert (done.ok, done.file, done.rows) == (True, made.file, made.rows)
    assert len(done.compared) > 25
    assert {"rows of operation", "newest audit entry"} <= {each.what for each in done.since}
    assert sorted(str(path) for path in sample.home.rglob("*")) == before
    assert sample.connection.execute("SELECT tested_at NOT NULL FROM backup_made").fetchone()[0] == 1
    assert audit_log.listed(sample, 1)[0].event == "backup.tested"


def test_a_full_disk_is_said_before_anything_is_written(sample: Books) -> None:
    from app.adapters import backup_file

    with pytest.raises(DiskFull, match=r"needs .* MB, and .* are free"):
        backup_file.require_space(sample.home, 1 << 60)
    assert backup_container.SUFFIX == ".opsbak"
