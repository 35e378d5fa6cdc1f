"""A backup put back: here, on another computer, over damage; never half, never over other books unasked."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from app.adapters.clock import SystemClock
from app.adapters.home_lock import HomeLock
from app.adapters.randomness import OsRandomness
from app.core.errors import (
    AppError,
    BadFile,
    Conflict,
    DamagedFile,
    Exists,
    InUse,
    Locked,
    NewerSchema,
    WrongPassphrase,
)
from app.services.audit import audit_log
from app.services.backup import backups, restores, restoring
from app.services.books import opening
from app.services.books.open_books import Books, Unlock
from app.services.ledger import receipt_files, transactions
from app.services.vault import key_changes, rotation
from app.store import migrate
from app.store.connection import open_connection

PASSPHRASE = "violet anchor harvest tundra 41"
CLOCK = SystemClock("UTC", date(2026, 11, 20))
DATA = Path(__file__).parents[1] / "data"


def no_keychain() -> None:
    return None


def put_back(path: Path, home: Path, unlock: Unlock, **more: Any) -> restores.Restored:
    return restores.restore(path, home, unlock, keychain=no_keychain, clock=CLOCK, **more)


def opened(home: Path, unlock: Unlock | None = None) -> Books:
    return opening.open_books(home, unlock or Unlock(passphrase=PASSPHRASE), keychain=no_keychain, clock=CLOCK)


def contents(home: Path, key: str) -> dict[str, Any]:
    """Return every row of the books a person would miss."""
    connection = open_connection(home / "books.db", key, read_only=True)
    try:
        return {
            name: connection.execute(f"SELECT * FROM {name}").fetchall()
            for name in ("transactions", "decision", "account", "profile", "journal", "operation")
        }
    finally:
        connection.close()


def hashes(home: Path) -> dict[str, str]:
    return {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.rglob("*"))
        if path.is_file() and path.name != "home.lock"
    }


@pytest.fixture
def closed(sample: Books) -> tuple[Path, str]:
    """A home nobody has open, with a backup in it and a change after it: home and key."""
    backups.create(sample, reason="asked")
    transactions.set_values(sample, 3, {"note": "after the backup"})
    key = sample.key_hex()
    sample.close()
    return sample.home, key


def newest(home: Path) -> Path:
    return backups.listed(home)[0].file


def test_what_was_there_on_that_day_is_there_again_and_the_replaced_books_are_kept(closed: tuple[Path, str]) -> None:
    home, key = closed
    after = contents(home, key)
    done = put_back(newest(home), home, Unlock(key_hex=key))
    assert done.replaced is not None
    assert done.safety is not None
    books = opened(home)
    try:
        assert books.transactions.get(3).note is None  # type: ignore[union-attr]
        assert (audit_log.verify(books).ok, audit_log.verify(books).anchor_ok) == (True, True)
        assert audit_log.listed(books, 1)[0].event == "backup.restored"
        transactions.set_values(books, 3, {"note": "life goes on"})
    finally:
        books.close()
    assert stat.S_IMODE((home / "books.db").stat().st_mode) == 0o600
    assert backups.verify(done.safety, Unlock(key_hex=key), keychain=no_keychain).ok
    put_back(done.safety, home, Unlock(key_hex=key))
    assert contents(home, key) == after, "and a restore can itself be taken back"
    assert not (home / restoring.STAGING).exists()


def test_on_a_computer_that_never_saw_the_books_the_passphrase_is_enough(
    closed: tuple[Path, str], tmp_path: Path
) -> None:
    home, key = closed
    stick = tmp_path / "stick"
    stick.mkdir()
    shutil.copyfile(newest(home), stick / "books.opsbak")
    shutil.rmtree(home)
    new = tmp_path / "new computer" / "home"
    done = put_back(stick / "books.opsbak", new, Unlock(passphrase=PASSPHRASE), into_new=True)
    assert done.home == new
    books = opened(new)
    try:
        assert books.transactions.get(3) is not None
        assert audit_log.verify(books).ok
        assert books.key_hex() == key
    finally:
        books.close()
    assert stat.S_IMODE(new.stat().st_mode) == 0o700


def test_on_a_computer_that_never_saw_the_books_the_recovery_key_is_enough(tmp_path: Path) -> None:
    class Chain(dict[str, str]):
        def set(self, name: str, value: str) -> None:
            self[name] = value

        def delete(self, name: str) -> None:
            self.pop(name, None)

    from app.core.security.envelope import Mode

    books, _ = opening.create(
        tmp_path / "home", mode=Mode.BOTH, passphrase=PASSPHRASE, keychain=Chain(), randomness=OsRandomness(),
        clock=CLOCK, kdf_memory_mib=64,
    )  # fmt: skip
    key = key_changes.make_recovery_key(books, randomness=OsRandomness())
    made = backups.create(books, reason="asked", out=tmp_path / "on a stick.opsbak", full=True)
    assert made.opens_with == ("recovery key", "keychain and passphrase")
    books.close()
    shutil.rmtree(tmp_path / "home")
    with pytest.raises(Locked):
        put_back(made.file, tmp_path / "new", Unlock(passphrase=PASSPHRASE), into_new=True)
    assert not (tmp_path / "new").exists(), "a restore that failed leaves no folder"
    put_back(made.file, tmp_path / "new", Unlock(recovery_key=key.lower()), into_new=True)
    again = opened(tmp_path / "new", Unlock(recovery_key=key))
    try:
        assert audit_log.verify(again).ok
    finally:
        again.close()


def test_it_opens_after_the_keys_were_changed_with_those_of_today(closed: tuple[Path, str], tmp_path: Path) -> None:
    home, _ = closed
    file = newest(home)
    books = opened(home)
    rotation.rotate(books, passphrase=PASSPHRASE, keychain=None, randomness=OsRandomness())
    books.close()
    again = opened(home)
    key = again.key_hex()
    again.close()
    assert backups.verify(file, Unlock(key_hex=key), keychain=no_keychain, home=home).ok
    put_back(file, home, Unlock(key_hex=key))
    assert opened(home, Unlock(key_hex=key)).close() is None, "the restored books have the key of today"


def test_books_that_are_damaged_or_gone_are_replaced_and_kept_as_they_are(closed: tuple[Path, str]) -> None:
    home, key = closed
    whole = contents(home, key)
    data = bytearray((home / "books.db").read_bytes())
    data[:4096] = os.urandom(4096)
    (home / "books.db").write_bytes(data)
    with pytest.raises(AppError):
        opened(home)
    done = put_back(newest(home), home, Unlock(passphrase=PASSPHRASE))
    assert done.safety is None, "nothing that is damaged is called a backup"
    assert done.replaced is not None
    assert done.replaced.read_bytes() == bytes(data)
    assert contents(home, key)["transactions"] == whole["transactions"]
    (home / "books.db").unlink()
    put_back(newest(home), home, Unlock(passphrase=PASSPHRASE))
    assert contents(home, key)["transactions"] == whole["transactions"]


@pytest.mark.parametrize("damage", ["missing", "cut"])
def test_a_lost_key_file_comes_back_from_the_backup(damage: str, closed: tuple[Path, str]) -> None:
    home, key = closed
    if damage == "missing":
        (home / "ops.keys").unlink()
    else:
        (home / "ops.keys").write_bytes((home / "ops.keys").read_bytes()[:300])
    put_back(newest(home), home, Unlock(passphrase=PASSPHRASE))
    books = opened(home)
    assert books.key_hex() == key
    books.close()


def test_other_books_are_not_replaced_without_a_yes(closed: tuple[Path, str], make_books: Callable[..., Books]) -> None:
    home, key = closed
    other = make_books("other")
    foreign = backups.create(other, reason="asked")
    other.close()
    before = hashes(home)
    with pytest.raises(Conflict, match="other books"):
        put_back(foreign.file, home, Unlock(passphrase=PASSPHRASE))
    assert hashes(home) == before
    done = put_back(foreign.file, home, Unlock(passphrase=PASSPHRASE), replace_other=True)
    books = opened(home)
    assert books.uuid == other.uuid
    assert audit_log.verify(books).ok
    books.close()
    assert done.replaced is not None
    assert done.replaced.with_suffix(".keys").exists(), "without its keys the replaced database could not be read"
    assert backups.verify(done.safety, Unlock(key_hex=key), keychain=no_keychain).ok  # type: ignore[arg-type]


def test_a_folder_with_books_is_no_new_home(closed: tuple[Path, str]) -> None:
    home, _ = closed
    before = hashes(home)
    with pytest.raises(Exists):
        put_back(newest(home), home, Unlock(passphrase=PASSPHRASE), into_new=True)
    (home / "books.db").rename(home / "books.away")
    with pytest.raises(Exists):
        put_back(newest(home), home, Unlock(passphrase=PASSPHRASE), into_new=True)
    (home / "books.away").rename(home / "books.db")
    assert hashes(home) == before


def test_whoever_cannot_open_the_books_cannot_replace_them(closed: tuple[Path, str]) -> None:
    home, _ = closed
    before = hashes(home)
    for unlock in (Unlock(passphrase="another passphrase 12"), Unlock(key_hex="11" * 32), Unlock()):
        with pytest.raises(Locked):
            put_back(newest(home), home, unlock)
    assert {name: value for name, value in hashes(home).items() if name in before} == before


def test_nobody_may_have_the_books_open(sample: Books) -> None:
    made = backups.create(sample, reason="asked")
    with pytest.raises(InUse):
        put_back(made.file, sample.home, Unlock(key_hex=sample.key_hex()))
    assert sample.transactions.get(3) is not None


def test_a_damaged_backup_changes_nothing(closed: tuple[Path, str], tmp_path: Path) -> None:
    home, key = closed
    data = bytearray(newest(home).read_bytes())
    data[len(data) // 2] ^= 8
    (tmp_path / "bad.opsbak").write_bytes(data)
    (tmp_path / "link.opsbak").symlink_to(newest(home))
    before = hashes(home)
    with pytest.raises(DamagedFile):
        put_back(tmp_path / "bad.opsbak", home, Unlock(key_hex=key))
    with pytest.raises(BadFile):
        put_back(tmp_path / "link.opsbak", home, Unlock(key_hex=key))
    after = hashes(home)
    assert {name: after[name] for name in before} == before
    assert not (home / restoring.STAGING).exists()


def test_dry_run_says_what_would_come_back_and_changes_nothing(closed: tuple[Path, str], tmp_path: Path) -> None:
    home, key = closed
    before = hashes(home)
    done = put_back(newest(home), home, Unlock(key_hex=key), dry_run=True)
    assert (done.dry_run, done.rows > 0) == (True, True)
    assert hashes(home) == before
    put_back(newest(home), tmp_path / "new", Unlock(key_hex=key), into_new=True, dry_run=True)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("folder", sorted(path.name for path in DATA.glob("format-*")))
def test_a_backup_of_older_books_is_restored_and_then_brought_up(folder: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(DATA / folder, home)
    home.chmod(0o700)
    (home / "ops.keys").chmod(0o600)
    books = opened(home)
    books.close()
    older = newest(home)
    version = int(folder.removeprefix("format-"))
    done = put_back(older, tmp_path / "new", Unlock(passphrase=PASSPHRASE), into_new=True)
    connection = open_connection(tmp_path / "new" / "books.db", books.key_hex(), read_only=True)
    assert migrate.version_of(connection) == version
    connection.close()
    again = opened(tmp_path / "new")
    assert migrate.version_of(again.connection) == migrate.CURRENT
    assert again.connection.execute("SELECT COUNT(*) FROM transactions").fetchone()[0] == done.rows
    assert audit_log.verify(again).ok
    again.close()
    put_back(older, home, Unlock(passphrase=PASSPHRASE))
    opened(home).close()


def test_a_backup_of_newer_books_is_refused_as_newer(closed: tuple[Path, str], tmp_path: Path) -> None:
    home, key = closed
    connection = open_connection(home / "books.db", key)
    connection.execute(f"PRAGMA user_version = {migrate.CURRENT + 1}")
    connection.close()
    made = backups.write(home, key, created="2026-11-20T09:00:00.000Z", reason="asked", out=tmp_path / "newer.opsbak")
    before = hashes(home)
    for target, into_new in ((home, False), (tmp_path / "new", True)):
        with pytest.raises(NewerSchema):
            put_back(made.file, target, Unlock(key_hex=key), into_new=into_new)
    assert hashes(home) == before


def test_receipts_come_back_and_a_lost_one_is_named(sample: Books, tmp_path: Path) -> None:
    kept, lost = receipt_files.put(sample, b"kept"), receipt_files.put(sample, b"lost")
    made = backups.create(sample, reason="asked")
    full = backups.create(sample, reason="asked", out=tmp_path / "full.opsbak", full=True)
    key, home = sample.key_hex(), sample.home
    sample.close()
    (home / "backups" / "objects" / lost).unlink()
    shutil.rmtree(home / "receipts")
    done = put_back(made.file, home, Unlock(key_hex=key))
    assert (done.receipts, done.missing_receipts) == (1, (lost,))
    again = put_back(full.file, tmp_path / "new", Unlock(key_hex=key), into_new=True)
    assert (again.receipts, again.missing_receipts) == (2, ())
    books = opened(tmp_path / "new")
    assert (receipt_files.get(books, kept), receipt_files.get(books, lost)) == (b"kept", b"lost")
    books.close()


# --- cut off in the middle


def staged(home: Path, key: str, *, ready: bool) -> None:
    """Leave a restore as a kill would: everything new is there, and it was said to be, or not yet."""
    other = home.with_name("staging-home")
    put_back(newest(home), other, Unlock(key_hex=key), into_new=True)
    (home / restoring.STAGING).mkdir(mode=0o700)
    for name in ("books.db", "audit.anchor"):
        shutil.copyfile(other / name, home / restoring.STAGING / name)
    if ready:
        (home / restoring.STAGING / restoring.READY).write_text(json.dumps({"at": "2026-11-20T09:00:00.000Z"}))


def test_cut_off_before_it_was_ready_the_old_books_stand(closed: tuple[Path, str]) -> None:
    home, key = closed
    staged(home, key, ready=False)
    books = opened(home)
    assert books.transactions.get(3).note == "after the backup"  # type: ignore[union-attr]
    assert audit_log.verify(books).ok
    books.close()
    assert not (home / restoring.STAGING).exists()


@pytest.mark.parametrize("moved", range(4))
def test_cut_off_after_it_was_ready_the_next_opening_goes_on_to_the_end(moved: int, closed: tuple[Path, str]) -> None:
    home, key = closed
    # a write-ahead log of the old books, which the new ones must never meet
    connection = open_connection(home / "books.db", key)
    connection.execute("UPDATE operation SET actor = 'left in the log'")
    shutil.copyfile(home / "books.db-wal", home.with_name("log"))
    connection.close()
    staged(home, key, ready=True)
    shutil.copyfile(home.with_name("log"), home / "books.db-wal")
    kept = home / "backups" / "pre-restore-2026-11-20-090000.db"
    steps = [
        (home / "books.db", kept),
        (home / "books.db-wal", kept.with_name(kept.name + "-wal")),
        (home / restoring.STAGING / "books.db", home / "books.db"),
    ]
    for source, target in steps[:moved]:
        source.rename(target)
    books = opened(home)
    assert books.transactions.get(3).note is None  # type: ignore[union-attr]
    assert (audit_log.verify(books).ok, audit_log.verify(books).anchor_ok) == (True, True)
    books.close()
    assert kept.exists()
    assert not (home / restoring.STAGING).exists()


def test_a_reader_does_not_bring_it_to_its_end_but_says_so(closed: tuple[Path, str]) -> None:
    home, key = closed
    staged(home, key, ready=True)
    before = hashes(home)
    with pytest.raises(Conflict, match="cut off"):
        opening.open_books(home, Unlock(key_hex=key), keychain=no_keychain, clock=CLOCK, read_only=True)
    assert hashes(home) == before


def test_while_one_restores_nobody_opens(closed: tuple[Path, str]) -> None:
    home, key = closed
    staged(home, key, ready=False)
    lock = HomeLock(home, "a restore of 1099 Ops")
    lock.acquire_exclusive()
    try:
        with pytest.raises(InUse):
            opened(home, Unlock(key_hex=key))
        assert (home / restoring.STAGING / "books.db").exists()
    finally:
        lock.release()


def test_replaced_books_go_after_thirty_days(closed: tuple[Path, str]) -> None:
    home, key = closed
    done = put_back(newest(home), home, Unlock(key_hex=key))
    assert done.replaced is not None
    day = datetime.now(UTC).date()
    restoring.forget_replaced(home, day.replace(year=day.year + 1))
    assert not done.replaced.exists()
    done = put_back(newest(home), home, Unlock(key_hex=key))
    restoring.forget_replaced(home, day)
    assert done.replaced is not None
    assert done.replaced.exists()


def test_a_wrong_passphrase_leaves_no_folder(closed: tuple[Path, str], tmp_path: Path) -> None:
    home, _ = closed
    with pytest.raises(WrongPassphrase):
        put_back(newest(home), tmp_path / "new", Unlock(passphrase="another passphrase 12"), into_new=True)
    assert not (tmp_path / "new").exists()
