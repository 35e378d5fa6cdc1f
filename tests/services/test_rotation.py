"""The database key renewed: all opens as before, nothing old opens any more, a failure leaves books that go on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from services.vault_parts import MemoryKeychain, events

from app.adapters.clock import SystemClock
from app.adapters.randomness import OsRandomness
from app.core.errors import AppError, Conflict, DamagedFile, InUse, KeychainLocked, Locked, WrongPassphrase
from app.core.security import envelope, recovery, rewrap
from app.core.security.envelope import Mode
from app.core.security.key_derivation import Argon2id, stretch
from app.core.security.wrapping import Way
from app.services.audit import audit_log
from app.services.backup import backups
from app.services.books import opening
from app.services.books.open_books import Books, Unlock
from app.services.tax import profile
from app.services.vault import book_keys, key_changes, rotation, vault_status
from app.store import rekey
from app.store.connection import open_connection

FIRST = "violet anchor harvest tundra 41"
CLOCK = SystemClock("UTC", date(2026, 11, 20))
RANDOM = OsRandomness()
Make = Callable[[Mode], Books]


@pytest.fixture
def chain() -> MemoryKeychain:
    return MemoryKeychain()


@pytest.fixture
def make(tmp_path: Path, chain: MemoryKeychain) -> Iterator[Make]:
    made: list[Books] = []

    def create(mode: Mode) -> Books:
        books, _ = opening.create(
            tmp_path / "home", mode=mode, passphrase=None if mode is Mode.KEYCHAIN else FIRST,
            keychain=None if mode is Mode.PASSPHRASE else chain, randomness=RANDOM, clock=CLOCK, kdf_memory_mib=64,
        )  # fmt: skip
        made.append(books)
        return books

    yield create
    for books in made:
        books.close()


def opened(home: Path, chain: MemoryKeychain, **given: str) -> Books:
    return opening.open_books(home, Unlock(**given), keychain=lambda: chain, clock=CLOCK)


def words(mode: Mode) -> str | None:
    return None if mode is Mode.KEYCHAIN else FIRST


def rotate(books: Books, chain: MemoryKeychain, **more: object) -> rotation.Rotated:
    passphrase = words(book_keys.mode_of(books.home))
    return rotation.rotate(books, passphrase=passphrase, keychain=chain, randomness=RANDOM, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("mode", Mode)
def test_after_a_rotation_everything_opens_as_before_and_no_old_key_does(
    make: Make, chain: MemoryKeychain, mode: Mode
) -> None:
    books = make(mode)
    letters = key_changes.make_recovery_key(books, randomness=RANDOM)
    old_file, old_key, old_brs, old_entries = (
        book_keys.read_key_file(books.home),
        books.keys.dbk,
        books.keys.brs,
        dict(chain.entries),
    )
    done = rotate(books, chain)
    assert done.generation == 2
    assert done.rows > 0
    assert done.keychain_renewed is (mode is not Mode.PASSPHRASE)
    # the books that are open go on, and write
    assert profile.change(books, 2026, {"state": "CA"}).operation == 2
    books.close()
    assert len((books.home / "ops.keys").read_bytes()) < 4096
    for given in ({} if mode is Mode.KEYCHAIN else {"passphrase": FIRST}, {"recovery_key": letters}):
        again = opened(books.home, chain, **given)
        assert again.keys.dbk != old_key
        assert again.keys.brs == old_brs
        assert audit_log.verify(again).ok
        assert again.settings.profile(2026)[0]["state"] == "CA"
        assert again.keys.older() == {1: old_key}
        again.close()
    with pytest.raises(Locked):
        opened(books.home, chain, key_hex=old_key.hex())
    with pytest.raises(DamagedFile):
        open_connection(books.home / "books.db", old_key.hex())
    name = f"{books.uuid}.2"
    assert chain.keys() == ([] if mode is Mode.PASSPHRASE else [name])
    assert all(chain.entries.get(name) != value for value in old_entries.values())
    # the old file still opens to what it was, and that is not what the books are any more
    assert envelope.unlock_by_recovery(old_file, recovery.parse(letters)).dbk == old_key


def test_a_rotation_is_noted_and_told(make: Make, chain: MemoryKeychain) -> None:
    books = make(Mode.PASSPHRASE)
    before = vault_status.of_books(books)
    assert (before.generation, before.older_keys, before.rotated_at) == (1, 0, None)
    for _ in range(2):
        rotate(books, chain)
    codes = [(body["code"], body["generation"]) for name, body in events(books) if name == "vault.rotation"]
    assert codes == [("begun", 1), ("done", 2), ("begun", 2), ("done", 3)]
    after = vault_status.of_books(books)
    assert (after.generation, after.older_keys, after.pending) == (3, 2, False)
    assert after.rotated_at is not None


def test_the_backup_comes_first_and_opens_with_the_older_key(make: Make, chain: MemoryKeychain) -> None:
    books = make(Mode.PASSPHRASE)
    old = books.key_hex()
    steps: list[str] = []
    rotate(books, chain, told=steps.append)
    assert steps == ["backed up", "both keys written", "re-encrypted", "read back", "one key written", "done"]
    (copy,) = (books.home / "backups").glob("*.opsbak")
    assert copy.stat().st_mode & 0o777 == 0o600
    rotate(books, chain)
    for unlock in (Unlock(passphrase=FIRST), Unlock(key_hex=old)):
        assert backups.verify(copy, unlock, keychain=lambda: None).ok
    books.close()
    of_today = backups.verify(copy, Unlock(key_hex=books.key_hex()), keychain=lambda: None, home=books.home)
    assert of_today.ok, "the books of today open what was backed up under their older keys"


def refused(books: Books, chain: MemoryKeychain, kind: type[AppError], **more: object) -> AppError:
    """Try a rotation that must be refused before anything happens; return the error."""
    before, entries, noted = (books.home / "ops.keys").read_bytes(), dict(chain.entries), events(books)
    given = {"passphrase": words(book_keys.mode_of(books.home)), "keychain": chain, "randomness": RANDOM, **more}
    with pytest.raises(kind) as caught:
        rotation.rotate(books, **given)  # type: ignore[arg-type]
    assert (books.home / "ops.keys").read_bytes() == before
    assert chain.entries == entries
    assert events(books) == noted
    assert books.settings.businesses()
    return caught.value


def test_what_is_missing_for_a_rotation_is_named(make: Make, chain: MemoryKeychain) -> None:
    books = make(Mode.BOTH)
    letters = key_changes.make_recovery_key(books, randomness=RANDOM)
    refused(books, chain, WrongPassphrase, passphrase="marble canyon lantern orbit 77")
    assert "passphrase" in refused(books, chain, Locked, passphrase=None).message
    assert "vault passphrase" in refused(books, chain, Locked, passphrase=letters).hint
    assert refused(books, chain, Locked, keychain=MemoryKeychain()).code == "keychain_entry_missing"
    chain.error = KeychainLocked("Locked.", "Hint.")
    refused(books, chain, KeychainLocked)
    chain.error = None
    room = (books.home / "books.db").stat().st_size * 22 // 10
    full = refused(books, chain, Conflict, free=lambda _home: room - 1)
    assert full.code == "disk_full"
    assert f"{-(-room // 1_000_000)} MB of free space" in full.message


def test_nobody_may_have_the_books_open_meanwhile(make: Make, chain: MemoryKeychain) -> None:
    books = make(Mode.PASSPHRASE)
    reader = books.reader()
    refused(books, chain, InUse)
    reader.close()
    looking = opening.open_books(
        books.home, Unlock(key_hex=books.key_hex()), keychain=lambda: None, clock=CLOCK, read_only=True
    )
    assert looking.settings.businesses()
    refused(books, chain, InUse)
    looking.close()
    assert rotate(books, chain).generation == 2


class Stop(Exception):
    """Raised where a step ends."""


@pytest.mark.parametrize("step", ["backed up", "both keys written", "re-encrypted", "read back"])
def test_a_failure_at_any_step_leaves_books_that_go_on(make: Make, chain: MemoryKeychain, step: str) -> None:
    books = make(Mode.KEYCHAIN)
    letters = key_changes.make_recovery_key(books, randomness=RANDOM)

    def told(name: str) -> None:
        if name == step:
            raise Stop

    with pytest.raises(Stop):
        rotation.rotate(books, passphrase=None, keychain=chain, randomness=RANDOM, told=told)
    generation = 2 if step in {"re-encrypted", "read back"} else 1
    assert books.keys.generation == generation
    assert not book_keys.read_key_file(books.home).pending
    assert chain.keys() == [books.uuid if generation == 1 else f"{books.uuid}.2"]
    assert profile.change(books, 2026, {"state": "CA"}).operation == 2
    books.close()
    for given in ({}, {"recovery_key": letters}):
        again = opened(books.home, chain, **given)
        assert audit_log.verify(again).ok
        assert again.keys.generation == generation
        again.close()


# --- an interrupted rotation


@pytest.fixture
def pending(make: Make, chain: MemoryKeychain) -> Callable[[str], tuple[Books, str]]:
    """Leaves books of the keychain in the middle of a rotation, before or after the database was re-encrypted."""

    def leave(stage: str) -> tuple[Books, str]:
        books = make(Mode.KEYCHAIN)
        letters = key_changes.make_recovery_key(books, randomness=RANDOM)
        key = RANDOM.token(32)
        chain.entries[f"{books.uuid}.2"] = key.hex()
        dbk = RANDOM.token(32)
        keyfile = book_keys.read_key_file(books.home)
        data = rewrap.begin_rotation(keyfile, books.keys, dbk, Way(Mode.KEYCHAIN, key), RANDOM)
        old = books.key_hex()
        books.close()
        (books.home / "ops.keys").write_bytes(data)
        if stage == "after":
            rekey.run(books.home / "books.db", old, dbk.hex())
        return books, letters

    return leave


@pytest.mark.parametrize("stage", ["before", "after"])
@pytest.mark.parametrize("way", ["keychain", "recovery"])
def test_an_interrupted_rotation_ends_by_itself(
    pending: Callable[[str], tuple[Books, str]], chain: MemoryKeychain, stage: str, way: str
) -> None:
    books, letters = pending(stage)
    given = {"recovery_key": letters} if way == "recovery" else {}
    before = (books.home / "ops.keys").read_bytes()
    looking = opening.open_books(books.home, Unlock(**given), keychain=lambda: chain, clock=CLOCK, read_only=True)
    assert looking.settings.businesses()
    looking.close()
    assert (books.home / "ops.keys").read_bytes() == before, "a reader writes nothing"
    again = opened(books.home, chain, **given)
    code = "finished" if stage == "after" else "undone"
    assert again.keys.generation == (2 if stage == "after" else 1)
    assert events(again)[-1] == ("vault.rotation", {"code": code, "generation": again.keys.generation})
    assert not book_keys.read_key_file(books.home).pending
    assert chain.keys() == [f"{books.uuid}.2" if stage == "after" else books.uuid]
    again.close()


def test_an_entry_of_the_keychain_that_never_came_is_no_loss(
    pending: Callable[[str], tuple[Books, str]], chain: MemoryKeychain
) -> None:
    books, _ = pending("before")
    del chain.entries[f"{books.uuid}.2"]
    again = opened(books.home, chain)
    assert again.keys.generation == 1
    again.close()


def test_the_old_key_alone_says_what_is_needed(
    pending: Callable[[str], tuple[Books, str]], chain: MemoryKeychain
) -> None:
    books, letters = pending("after")
    with pytest.raises(Locked) as caught:
        opened(books.home, chain, key_hex=books.key_hex())
    assert "renewed" in caught.value.message
    again = opened(books.home, chain, recovery_key=letters)
    assert again.keys.generation == 2
    again.close()


def test_a_passphrase_opens_both_generations_with_one_stretching(make: Make, chain: MemoryKeychain) -> None:
    books = make(Mode.PASSPHRASE)
    keyfile = book_keys.read_key_file(books.home)
    kdf = keyfile.newest.slots[0].kdf
    assert isinstance(kdf, Argon2id)
    way = Way(Mode.PASSPHRASE, b"", stretch(FIRST, kdf), kdf)
    data = rewrap.begin_rotation(keyfile, books.keys, RANDOM.token(32), way, RANDOM)
    books.close()
    (books.home / "ops.keys").write_bytes(data)
    again = opened(books.home, chain, passphrase=FIRST)
    assert again.keys.generation == 1
    assert json.loads((books.home / "ops.keys").read_text())["generations"][0]["generation"] == 1
    again.close()
