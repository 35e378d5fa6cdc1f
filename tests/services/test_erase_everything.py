"""Erasing everything: nothing opens with any old key, and what is not the program's stays."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from app.adapters.clock import SystemClock
from app.adapters.randomness import OsRandomness
from app.core.errors import AppError, NoBooks
from app.core.security import envelope
from app.core.security.envelope import Mode
from app.services.books import opening
from app.services.books.open_books import Books, Unlock
from app.services.privacy import erase_home
from app.services.vault import book_keys

PASSPHRASE = "violet anchor harvest tundra 41"


class Chain:
    """A keychain in memory."""

    def __init__(self) -> None:
        self.held: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        return self.held.get(name)

    def set(self, name: str, value: str) -> None:
        self.held[name] = value

    def delete(self, name: str) -> None:
        self.held.pop(name, None)


def reopened(home: Path, **unlock: str) -> Books:
    return opening.open_books(home, Unlock(**unlock), keychain=lambda: None, clock=SystemClock("UTC"))


def test_nothing_opens_with_any_old_key(books: Books, tmp_path: Path) -> None:
    home, key = books.home, books.key_hex()
    (home / "backups" / "b.opsbak").write_bytes(b"x")
    (home / "my own notes.txt").write_text("mine")
    old = tmp_path / "copy.db"
    erase_home.erase(books, lambda: None)
    for unlock in ({"passphrase": PASSPHRASE}, {"key_hex": key}):
        with pytest.raises(NoBooks):
            reopened(home, **unlock)
    assert not old.exists()
    assert sorted(path.name for path in home.iterdir()) == ["ERASED.txt", "my own notes.txt"]
    receipt = (home / "ERASED.txt").read_text()
    assert "erased on" in receipt
    assert str(home) not in receipt


def test_a_copy_of_the_books_is_worth_nothing_without_the_keys(books: Books, tmp_path: Path) -> None:
    home = books.home
    shutil.copy(home / "books.db", tmp_path / "stolen.db")
    shutil.copy(home / "ops.keys", tmp_path / "before.keys")
    erase_home.erase(books, lambda: None)
    assert not (home / "ops.keys").exists()
    shutil.copy(tmp_path / "stolen.db", home / "books.db")
    with pytest.raises(AppError) as refused:
        reopened(home, passphrase=PASSPHRASE)
    assert refused.value.code == "keys_missing"


def test_the_keychain_forgets_the_books_too(tmp_path: Path) -> None:
    chain = Chain()
    made, _ = opening.create(
        tmp_path / "home", mode=Mode.KEYCHAIN, passphrase=None, keychain=chain, randomness=OsRandomness(),
        clock=SystemClock("UTC"), kdf_memory_mib=64,
    )  # fmt: skip
    assert chain.held
    gone = erase_home.erase(made, lambda: chain)
    assert gone.keychain
    assert chain.held == {}


def test_what_was_cut_off_goes_on_at_the_next_start(books: Books) -> None:
    home, uuid = books.home, books.uuid
    books.close()
    begun = f'{{"uuid": "{uuid}", "entries": [], "at": "2026-11-20T10:00:00.000Z", "elsewhere": 2}}'
    (home / "erasing").write_text(begun)
    (home / "ops.keys").unlink()
    with pytest.raises(NoBooks):
        reopened(home, passphrase=PASSPHRASE)
    assert [path.name for path in home.iterdir()] == ["ERASED.txt"]
    assert "2 backup(s)" in (home / "ERASED.txt").read_text()


def test_a_note_about_other_books_erases_nothing(books: Books, reopen: Callable[[Books], Books]) -> None:
    home = books.home
    begun = '{"uuid": "11111111-2222-4333-8444-555555555555", "entries": [], "at": "2026-11-20T10:00", "elsewhere": 0}'
    (home / "erasing").write_text(begun)
    again = reopen(books)
    assert again.settings.businesses()
    assert not (home / "erasing").exists()


def test_new_books_can_be_made_afterwards(books: Books) -> None:
    home = books.home
    erase_home.erase(books, lambda: None)
    made, _ = opening.create(
        home, mode=Mode.PASSPHRASE, passphrase=PASSPHRASE, keychain=None, randomness=OsRandomness(),
        clock=SystemClock("UTC"), kdf_memory_mib=64,
    )  # fmt: skip
    assert envelope.mode_of(book_keys.read_key_file(home)) is Mode.PASSPHRASE
    made.close()
