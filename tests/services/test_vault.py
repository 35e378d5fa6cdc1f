from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

import pytest

from app.adapters.randomness import OsRandomness
from app.core.errors import AppError, Exists, KeychainLocked, Locked, NoBooks, NoKeychain, Refused
from app.core.ports import Keychain
from app.core.security.envelope import Keys, Mode
from app.services.vault import book_keys

WORDS = "correct horse battery"


class MemoryKeychain:
    """A keychain that works, or fails with one error from the n-th call on, or forgets what it is given."""

    def __init__(self, *, error: Locked | None = None, failing_from: int = 0, forgets: bool = False) -> None:
        self.entries: dict[str, str] = {}
        self.calls = 0
        self._error = error
        self._failing_from = failing_from
        self._forgets = forgets

    def _count(self) -> None:
        self.calls += 1
        if self._error is not None and self.calls > self._failing_from:
            raise self._error

    def get(self, name: str) -> str | None:
        self._count()
        return self.entries.get(name)

    def set(self, name: str, value: str) -> None:
        self._count()
        if not self._forgets:
            self.entries[name] = value

    def delete(self, name: str) -> None:
        self._count()
        self.entries.pop(name, None)


def make(
    home: Path,
    mode: Mode | None = None,
    *,
    words: str | None = None,
    keychain: Keychain | None = None,
    memory: int = 64,
) -> book_keys.Opened:
    made = book_keys.create(
        home, mode=mode, passphrase=words, keychain=keychain, randomness=OsRandomness(), kdf_memory_mib=memory
    )
    (home / "books.db").write_bytes(b"the database")
    return made


def snapshot(home: Path) -> dict[str, str]:
    if not home.exists():
        return {}
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in home.iterdir() if path.is_file()}


def code_of(home: Path, **given: object) -> str:
    with pytest.raises(AppError) as caught:
        book_keys.open_keys(home, **given)  # type: ignore[arg-type]
    assert caught.value.message.endswith(".")
    assert caught.value.hint
    return caught.value.code


@pytest.mark.parametrize(
    ("asked", "words", "keychain", "chosen"),
    [
        (None, WORDS, MemoryKeychain, Mode.BOTH),
        (None, None, MemoryKeychain, Mode.KEYCHAIN),
        (None, WORDS, None, Mode.PASSPHRASE),
        (Mode.BOTH, WORDS, MemoryKeychain, Mode.BOTH),
        (Mode.KEYCHAIN, None, MemoryKeychain, Mode.KEYCHAIN),
        (Mode.PASSPHRASE, WORDS, MemoryKeychain, Mode.PASSPHRASE),
    ],
)
def test_books_open_the_way_they_were_made(
    tmp_path: Path, asked: Mode | None, words: str | None, keychain: type[MemoryKeychain] | None, chosen: Mode
) -> None:
    home = tmp_path / "home"
    chain = keychain() if keychain is not None else None
    made = make(home, asked, words=words, keychain=chain)
    assert made.mode is chosen
    assert book_keys.mode_of(home) is chosen
    keys = book_keys.open_keys(home, passphrase=words, keychain=chain)
    assert (keys.dbk, keys.brs, keys.uuid) == (made.keys.dbk, made.keys.brs, made.keys.uuid)
    assert book_keys.open_keys(home, key_hex=keys.dbk.hex()).brs == keys.brs
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert stat.S_IMODE((home / "ops.keys").stat().st_mode) == 0o600
    assert sorted(path.name for path in home.iterdir()) == ["books.db", "ops.keys"]
    if chain is not None:
        assert list(chain.entries) == ([] if chosen is Mode.PASSPHRASE else [made.keys.uuid])


def test_two_homes_share_nothing(tmp_path: Path) -> None:
    keychain = MemoryKeychain()
    first, second = (make(tmp_path / name, keychain=keychain).keys for name in ("a", "b"))
    assert first.uuid != second.uuid
    assert first.dbk != second.dbk
    assert first.brs != second.brs
    assert len(set(keychain.entries.values())) == 2


def test_the_table_of_what_is_there(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert code_of(home, passphrase=WORDS) == "no_books"
    home.mkdir()
    assert code_of(home, passphrase=WORDS) == "no_books"
    make(home, words=WORDS)
    keys = (home / "ops.keys").read_bytes()
    (home / "ops.keys").unlink()
    assert code_of(home, passphrase=WORDS) == "keys_missing"
    (home / "ops.keys").write_bytes(keys)
    (home / "books.db").unlink()
    assert code_of(home, passphrase=WORDS) == "damaged"
    (home / "books.db").touch()
    (home / "ops.keys").write_bytes(keys[:-40])
    assert code_of(home, passphrase=WORDS) == "keys_damaged"
    (home / "ops.keys").write_bytes(b"x" * 100_000)
    assert code_of(home, passphrase=WORDS) == "keys_damaged"
    (home / "ops.keys").unlink()
    os.mkfifo(home / "ops.keys")
    assert code_of(home, passphrase=WORDS) == "keys_damaged"
    (home / "ops.keys").unlink()
    (home / "ops.keys").symlink_to("nowhere")
    assert code_of(home, passphrase=WORDS) == "bad_file"


def test_a_file_in_place_of_the_home_holds_no_books(tmp_path: Path) -> None:
    (tmp_path / "home").touch()
    assert code_of(tmp_path / "home") == "no_books"


def test_what_is_given_decides(tmp_path: Path) -> None:
    keychain = MemoryKeychain()
    both, words, chain = tmp_path / "both", tmp_path / "words", tmp_path / "chain"
    make(both, words=WORDS, keychain=keychain)
    make(words, Mode.PASSPHRASE, words=WORDS)
    made = make(chain, keychain=keychain)

    assert code_of(words) == "locked"
    assert code_of(words, keychain=keychain) == "locked"
    assert code_of(words, passphrase="wrong horse battery") == "wrong_passphrase"
    assert code_of(both, passphrase="wrong horse battery", keychain=keychain) == "wrong_passphrase"
    assert code_of(both, passphrase=WORDS) == "no_keychain"
    assert code_of(chain) == "no_keychain"
    assert code_of(chain, passphrase=WORDS) == "no_keychain"
    assert code_of(chain, key_hex="0" * 64) == "locked"
    assert code_of(chain, key_hex=made.keys.dbk.hex()[:-1]) == "locked"
    assert code_of(both, passphrase=WORDS, keychain=MemoryKeychain()) == "keychain_entry_missing"
    for error in (NoKeychain("None.", "Hint."), KeychainLocked("Locked.", "Hint.")):
        assert code_of(chain, keychain=MemoryKeychain(error=error)) == error.code


def test_the_keychain_is_left_alone_until_the_passphrase_is_there(tmp_path: Path) -> None:
    keychain = MemoryKeychain()
    make(tmp_path / "home", words=WORDS, keychain=keychain)
    calls = keychain.calls
    assert code_of(tmp_path / "home", keychain=keychain) == "locked"
    assert keychain.calls == calls


def test_an_entry_that_is_there_but_wrong_is_no_wrong_passphrase(tmp_path: Path) -> None:
    keychain = MemoryKeychain()
    made = make(tmp_path / "home", words=WORDS, keychain=keychain)
    for value in ("ab" * 32, "ab" * 31, ""):
        keychain.entries[made.keys.uuid] = value
        assert code_of(tmp_path / "home", passphrase=WORDS, keychain=keychain) == "locked"


@pytest.mark.parametrize("present", ["ops.keys", "books.db"])
def test_init_never_writes_over_anything(tmp_path: Path, present: str) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    (home / present).write_bytes(b"precious")
    before = snapshot(home)
    keychain = MemoryKeychain()
    with pytest.raises(Exists) as caught:
        book_keys.create(home, mode=None, passphrase=WORDS, keychain=keychain, randomness=OsRandomness())
    assert caught.value.exit_code == 5
    assert snapshot(home) == before
    assert keychain.calls == 0


@pytest.mark.parametrize(
    ("mode", "words", "memory", "kind"),
    [
        (None, None, 64, NoKeychain),
        (Mode.KEYCHAIN, WORDS, 64, NoKeychain),
        (Mode.BOTH, WORDS, 64, NoKeychain),
        (Mode.BOTH, None, 64, Locked),
        (Mode.PASSPHRASE, None, 64, Locked),
        (Mode.PASSPHRASE, "too short", 64, Refused),
        (Mode.PASSPHRASE, WORDS, 63, Refused),
        (Mode.PASSPHRASE, WORDS, 2049, Refused),
    ],
)
def test_an_init_that_cannot_be_leaves_nothing(
    tmp_path: Path, mode: Mode | None, words: str | None, memory: int, kind: type[AppError]
) -> None:
    with pytest.raises(kind):
        make(tmp_path / "home", mode, words=words, memory=memory)
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("failing_from", [0, 1])
@pytest.mark.parametrize("error", [NoKeychain("None."), KeychainLocked("Locked.")])
def test_a_keychain_that_fails_is_done_without_only_where_nobody_asked_for_it(
    tmp_path: Path, error: Locked, failing_from: int
) -> None:
    for mode in (Mode.BOTH, Mode.KEYCHAIN):
        with pytest.raises(type(error)):
            make(tmp_path / "a", mode, words=WORDS, keychain=MemoryKeychain(error=error, failing_from=failing_from))
    with pytest.raises(type(error)):
        make(tmp_path / "a", keychain=MemoryKeychain(error=error, failing_from=failing_from))
    assert not (tmp_path / "a").exists()
    broken = MemoryKeychain(error=error, failing_from=failing_from)
    assert make(tmp_path / "a", words=WORDS, keychain=broken).mode is Mode.PASSPHRASE
    assert book_keys.open_keys(tmp_path / "a", passphrase=WORDS).generation == 1


def test_a_keychain_that_forgets_is_none(tmp_path: Path) -> None:
    with pytest.raises(NoKeychain):
        make(tmp_path / "home", Mode.BOTH, words=WORDS, keychain=MemoryKeychain(forgets=True))
    assert not (tmp_path / "home").exists()


def test_a_home_that_cannot_be_made_leaves_no_entry(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    keychain = MemoryKeychain()
    with pytest.raises(AppError) as caught:
        make(tmp_path / "file" / "home", keychain=keychain)
    assert caught.value.code == "bad_file"
    assert keychain.entries == {}


def test_keys_without_their_database_are_taken_back(tmp_path: Path) -> None:
    home = tmp_path / "home"
    keychain = MemoryKeychain()
    made = make(home, words=WORDS, keychain=keychain)
    with pytest.raises(Exists):
        book_keys.discard(made, keychain)
    assert keychain.entries
    (home / "books.db").unlink()
    book_keys.discard(made, keychain)
    assert list(home.iterdir()) == []
    assert keychain.entries == {}
    with pytest.raises(NoBooks):
        book_keys.open_keys(home, passphrase=WORDS, keychain=keychain)


def test_opening_changes_no_file(tmp_path: Path) -> None:
    home = tmp_path / "home"
    make(home, words=WORDS)
    before = snapshot(home)
    assert isinstance(book_keys.open_keys(home, passphrase=WORDS), Keys)
    code_of(home, passphrase="wrong horse battery")
    code_of(home)
    assert snapshot(home) == before


def test_secrets_show_nowhere(tmp_path: Path) -> None:
    made = make(tmp_path / "home", words=WORDS)
    assert made.keys.dbk.hex() not in repr(made)
    assert "Keys(" not in repr(made)


def test_files_that_do_not_belong_together_have_a_sentence() -> None:
    error = book_keys.not_these_books()
    assert error.code == "damaged"
    assert "belong together" in error.message
