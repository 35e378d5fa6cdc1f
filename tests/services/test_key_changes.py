"""Changing what opens the books: what opens them then, what does not, what is noted, and what a failure does."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from services.vault_parts import MemoryKeychain, events

from app.adapters.clock import SystemClock
from app.adapters.randomness import OsRandomness
from app.core.errors import (
    AppError,
    BadFile,
    Conflict,
    KeychainLocked,
    Locked,
    NoKeychain,
    Refused,
    TooSoon,
    WrongPassphrase,
)
from app.core.security import recovery
from app.core.security.envelope import Mode
from app.core.security.key_derivation import Argon2id
from app.services.audit import audit_log
from app.services.books import after_opening, opening
from app.services.books.open_books import Books, Unlock
from app.services.vault import attempts, book_keys, key_changes, recovery_sheet, unlocking, vault_status

FIRST, SECOND = "violet anchor harvest tundra 41", "marble canyon lantern orbit 77"
CLOCK = SystemClock("UTC", date(2026, 11, 20))
RANDOM = OsRandomness()


@pytest.fixture
def chain() -> MemoryKeychain:
    return MemoryKeychain()


Make = Callable[[Mode], Books]


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


def opens(home: Path, chain: MemoryKeychain, **given: str) -> str:
    """Open the books for real; return `open` or the code of the error."""
    try:
        books = opening.open_books(home, Unlock(**given), keychain=lambda: chain, clock=CLOCK)
    except AppError as error:
        return error.code
    state = audit_log.verify(books)
    # A keychain that never saw these books has no note of them; the log and the note beside it hold all the same.
    assert (state.first_bad_seq, str(state.anchor)) == (None, "holds")
    books.close()
    return "open"


@pytest.mark.parametrize("mode", [Mode.PASSPHRASE, Mode.BOTH])
def test_a_new_passphrase_opens_and_the_old_one_does_not(make: Make, chain: MemoryKeychain, mode: Mode) -> None:
    books = make(mode)
    dbk = books.keys.dbk
    key_changes.change_passphrase(books, SECOND, keychain=chain, randomness=RANDOM)
    assert opens(books.home, chain, passphrase=FIRST) == "wrong_passphrase"
    assert opens(books.home, chain, passphrase=SECOND) == "open"
    assert book_keys.open_keys(books.home, passphrase=SECOND, keychain=chain).dbk == dbk
    assert ("vault.passphrase", {"code": "changed", "generation": 1}) in events(books)
    assert vault_status.of_books(books).passphrase_changed_at is not None


@pytest.mark.parametrize("new", ["too short", "password12345", "violet", "qwertyuiop123"])
def test_a_passphrase_that_will_not_do_changes_nothing(make: Make, new: str) -> None:
    books = make(Mode.PASSPHRASE)
    before = (books.home / "ops.keys").read_bytes()
    with pytest.raises(Refused):
        key_changes.change_passphrase(books, new, keychain=None, randomness=RANDOM)
    assert (books.home / "ops.keys").read_bytes() == before
    assert events(books) == []


def test_keychain_books_have_no_passphrase_to_change(make: Make, chain: MemoryKeychain) -> None:
    books = make(Mode.KEYCHAIN)
    with pytest.raises(Refused) as caught:
        key_changes.change_passphrase(books, SECOND, keychain=chain, randomness=RANDOM)
    assert "vault mode both" in caught.value.hint


@pytest.mark.parametrize("old", Mode)
@pytest.mark.parametrize("new", Mode)
def test_every_mode_becomes_every_other(make: Make, chain: MemoryKeychain, old: Mode, new: Mode) -> None:
    books = make(old)
    letters = key_changes.make_recovery_key(books, randomness=RANDOM)
    words = None if new is Mode.KEYCHAIN else SECOND
    if old is new:
        with pytest.raises(Conflict):
            key_changes.change_mode(books, new, passphrase=words, keychain=chain, randomness=RANDOM)
        return
    key_changes.change_mode(books, new, passphrase=words, keychain=chain, randomness=RANDOM)
    assert book_keys.mode_of(books.home) is new
    assert opens(books.home, chain, **({"passphrase": SECOND} if words else {})) == "open"
    assert opens(books.home, MemoryKeychain(), recovery_key=letters) == "open"
    assert chain.keys() == ([] if new is Mode.PASSPHRASE else [books.uuid])
    assert events(books)[-1] == ("vault.mode", {"mode": str(new), "from_mode": str(old)})
    if new is Mode.BOTH:
        assert opens(books.home, MemoryKeychain(), passphrase=SECOND) == "keychain_entry_missing"
        assert opens(books.home, chain) == "locked"


@pytest.mark.parametrize("error", [NoKeychain("None.", "Hint."), KeychainLocked("Locked.", "Hint.")])
def test_a_keychain_that_fails_changes_nothing(make: Make, chain: MemoryKeychain, error: Locked) -> None:
    books = make(Mode.BOTH)
    before = (books.home / "ops.keys").read_bytes()
    entries = dict(chain.entries)
    chain.error = error
    for change in (
        lambda: key_changes.change_passphrase(books, SECOND, keychain=chain, randomness=RANDOM),
        lambda: key_changes.change_mode(books, Mode.KEYCHAIN, passphrase=None, keychain=chain, randomness=RANDOM),
    ):
        with pytest.raises(type(error)):
            change()
    chain.error = None
    assert (books.home / "ops.keys").read_bytes() == before
    assert chain.entries == entries
    assert events(books) == []
    assert opens(books.home, chain, passphrase=FIRST) == "open"


def test_a_file_that_cannot_be_written_changes_nothing(make: Make, chain: MemoryKeychain) -> None:
    """Something lies where the new file would get its name."""
    books = make(Mode.PASSPHRASE)
    keys = books.home / "ops.keys"
    before = keys.read_bytes()

    class Sly:
        """Gives random bytes, and puts a folder in the way when the last of them are drawn."""

        def token(self, size: int) -> bytes:
            if size == 12 and keys.is_file():
                keys.rename(books.home / "aside")
                (keys / "in the way").mkdir(parents=True)
                (books.home / "aside").rename(keys / "ops.keys")
            return RANDOM.token(size)

    with pytest.raises(AppError):
        key_changes.make_recovery_key(books, randomness=Sly())
    assert not books.connection.in_transaction
    assert (keys / "ops.keys").read_bytes() == before
    assert events(books) == []


def test_the_recovery_key_is_shown_once_and_opens_on_a_new_computer(make: Make, chain: MemoryKeychain) -> None:
    books = make(Mode.KEYCHAIN)
    assert not vault_status.of_books(books).portable
    letters = key_changes.make_recovery_key(books, randomness=RANDOM)
    nowhere = MemoryKeychain()
    for given in ({"recovery_key": letters}, {"passphrase": letters.lower().replace("-", " ")}):
        assert opens(books.home, nowhere, **given) == "open"
    assert opens(books.home, nowhere, recovery_key=recovery.render(b"?" * 20)) == "wrong_passphrase"
    assert opens(books.home, nowhere, recovery_key=letters[:-1]) == "invalid_value"
    assert vault_status.of_books(books).portable
    second = key_changes.make_recovery_key(books, randomness=RANDOM)
    assert opens(books.home, nowhere, recovery_key=letters) == "wrong_passphrase"
    assert opens(books.home, nowhere, recovery_key=second) == "open"
    key_changes.remove_recovery_key(books)
    assert opens(books.home, nowhere, recovery_key=second) == "locked"
    with pytest.raises(Conflict):
        key_changes.remove_recovery_key(books)
    codes = [body["code"] for name, body in events(books) if name == "vault.recovery"]
    assert codes == ["made", "replaced", "removed"]
    assert letters not in (books.home / "ops.keys").read_text()


def test_a_forgotten_passphrase_is_replaced_by_whoever_has_the_recovery_key(make: Make, chain: MemoryKeychain) -> None:
    books = make(Mode.PASSPHRASE)
    letters = key_changes.make_recovery_key(books, randomness=RANDOM)
    books.close()
    again = opening.open_books(books.home, Unlock(passphrase=letters), keychain=lambda: None, clock=CLOCK)
    key_changes.change_passphrase(again, SECOND, keychain=None, randomness=RANDOM)
    again.close()
    assert opens(books.home, chain, passphrase=SECOND) == "open"


def test_books_left_open_keep_their_keys_from_who_cannot_open_them(make: Make, chain: MemoryKeychain) -> None:
    books = make(Mode.PASSPHRASE)
    before = (books.home / "ops.keys").read_bytes()
    wrong = Unlock(passphrase="surely not this one")
    with pytest.raises(WrongPassphrase):
        key_changes.change_passphrase(books, SECOND, keychain=None, randomness=RANDOM, present=wrong)
    with pytest.raises(WrongPassphrase):
        key_changes.change_mode(books, Mode.KEYCHAIN, passphrase=None, keychain=chain, randomness=RANDOM, present=wrong)
    assert (books.home / "ops.keys").read_bytes() == before
    assert events(books) == []
    key_changes.change_passphrase(books, SECOND, keychain=None, randomness=RANDOM, present=Unlock(passphrase=FIRST))
    assert [event for event, _ in events(books)] == ["vault.unlock_failed", "vault.passphrase"]


def test_no_recovery_key_becomes_a_passphrase(make: Make) -> None:
    books = make(Mode.PASSPHRASE)
    letters = key_changes.make_recovery_key(books, randomness=RANDOM)
    with pytest.raises(Refused):
        key_changes.change_passphrase(books, letters, keychain=None, randomness=RANDOM)


def test_the_cost_rises_at_unlock_when_the_default_has_risen(make: Make, chain: MemoryKeychain) -> None:
    books = make(Mode.BOTH)
    letters = key_changes.make_recovery_key(books, randomness=RANDOM)
    before = (books.home / "ops.keys").read_bytes()
    was = frozenset({Argon2id(salt=b"", memory_kib=64 * 1024)})
    for found in (
        unlocking.Unlocked(books.keys, FIRST, chain),  # nobody's former default: a cost that was chosen stays
        unlocking.Unlocked(books.keys, letters, chain),  # opened by the recovery key
    ):
        after_opening.catch_up(books, None, found, former=was if found.passphrase == letters else None)
        assert (books.home / "ops.keys").read_bytes() == before
    after_opening.catch_up(books, None, unlocking.Unlocked(books.keys, FIRST, chain), former=was)
    status = vault_status.of_books(books)
    assert status.kdf == {"algorithm": "argon2id", "memory_kib": 256 * 1024, "passes": 3, "lanes": 4}
    assert status.kdf_is_default
    assert opens(books.home, chain, passphrase=FIRST) == "open"
    assert events(books)[-1][0] == "vault.kdf"


def test_two_programs_that_change_keys_do_not_undo_each_other(make: Make, chain: MemoryKeychain) -> None:
    books = make(Mode.PASSPHRASE)
    other = opening.open_books(books.home, Unlock(passphrase=FIRST), keychain=lambda: None, clock=CLOCK)
    letters = key_changes.make_recovery_key(other, randomness=RANDOM)
    key_changes.change_passphrase(books, SECOND, keychain=None, randomness=RANDOM)
    other.close()
    assert opens(books.home, chain, recovery_key=letters) == "open"
    assert opens(books.home, chain, passphrase=SECOND) == "open"


def test_books_of_older_formats_get_a_recovery_key(tmp_path: Path, chain: MemoryKeychain) -> None:
    """Their key file has version 1, as today's; opening leaves it as it is."""
    for source in sorted((Path(__file__).parents[1] / "data").glob("format-*")):
        home = tmp_path / source.name
        home.mkdir(mode=0o700)
        for file in source.iterdir():
            (home / file.name).write_bytes(file.read_bytes())
        before = (home / "ops.keys").read_bytes()
        books = opening.open_books(home, Unlock(passphrase=FIRST), keychain=lambda: None, clock=CLOCK)
        assert (home / "ops.keys").read_bytes() == before
        letters = key_changes.make_recovery_key(books, randomness=RANDOM)
        books.close()
        assert opens(home, chain, recovery_key=letters) == "open"


# --- the wait after wrong passphrases

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_the_wait_grows_to_half_a_minute_and_is_forgotten(tmp_path: Path) -> None:
    waits = []
    for _ in range(10):
        attempts.note_failure(tmp_path, NOW)
        waits.append(attempts.wait_seconds(tmp_path, NOW))
    assert waits == [0, 0, 1, 2, 4, 8, 16, 30, 30, 30]
    with pytest.raises(TooSoon) as caught:
        attempts.refuse_too_soon(tmp_path, NOW + timedelta(seconds=27, milliseconds=300))
    assert (caught.value.code, caught.value.exit_code, caught.value.seconds) == ("too_soon", 4, 3)
    assert attempts.wait_seconds(tmp_path, NOW + timedelta(seconds=30)) == 0
    attempts.forget(tmp_path)
    assert attempts.wait_seconds(tmp_path, NOW) == 0
    assert list(tmp_path.iterdir()) == []


def test_a_clock_put_back_locks_nobody_out(tmp_path: Path) -> None:
    for _ in range(9):
        attempts.note_failure(tmp_path, NOW)
    earlier = NOW - timedelta(days=400)
    with pytest.raises(TooSoon):
        attempts.refuse_too_soon(tmp_path, earlier)
    attempts.refuse_too_soon(tmp_path, earlier + timedelta(seconds=30))


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", '{"failed": -1, "at": 0}', '{"failed": true, "at": 0}', '{"failed": 9, "at": "x"}',
                '{"failed": 1e400, "at": 0}', "x" * 5000, '{"failed": 9, "at": NaN}', '{"failed": 2, "at": true}',
                '{"failed": 2, "at": 0, "assumed": 3}'],
)  # fmt: skip
def test_a_count_that_makes_no_sense_costs_a_wait_that_ends(tmp_path: Path, content: str) -> None:
    (tmp_path / attempts.FILE).write_text(content)
    assert attempts.wait_seconds(tmp_path, NOW) == 8
    with pytest.raises(TooSoon, match=r"Wait 8 seconds .* could not be read"):
        attempts.refuse_too_soon(tmp_path, NOW)
    with pytest.raises(TooSoon, match="Wait 1 second before"):
        attempts.refuse_too_soon(tmp_path, NOW + timedelta(seconds=7))
    attempts.refuse_too_soon(tmp_path, NOW + timedelta(seconds=8))
    assert attempts.failures(tmp_path) == 0
    attempts.note_failure(tmp_path, NOW)
    assert (attempts.failures(tmp_path), attempts.wait_seconds(tmp_path, NOW)) == (1, 16)


def test_a_count_that_can_be_neither_read_nor_written_locks_nobody_out(tmp_path: Path) -> None:
    (tmp_path / attempts.FILE).mkdir()
    attempts.refuse_too_soon(tmp_path, NOW)


def test_a_spoiled_count_is_gone_after_the_right_passphrase(make: Make) -> None:
    books = make(Mode.PASSPHRASE)
    books.close()
    (books.home / attempts.FILE).write_text('{"failed": 6, "assumed": 6, "at": 0}')
    again = opening.open_books(books.home, Unlock(passphrase=FIRST), keychain=lambda: None, clock=CLOCK)
    assert events(again) == []
    assert not (again.home / attempts.FILE).exists()
    again.close()


COUNTING = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from app.services.vault import attempts
print("READY", flush=True)
sys.stdin.readline()
for _ in range(25):
    attempts.note_failure(Path(sys.argv[1]), datetime.now(UTC))
"""


def test_wrong_passphrases_in_several_programs_at_once_are_all_counted(tmp_path: Path) -> None:
    programs = [
        subprocess.Popen([sys.executable, "-c", COUNTING, str(tmp_path)], stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
        for _ in range(4)
    ]  # fmt: skip
    for each in programs:
        assert each.stdout is not None
        assert each.stdout.readline() == "READY\n"
    for each in programs:
        assert each.stdin is not None
        each.stdin.write("\n")
        each.stdin.flush()
    for each in programs:
        each.communicate(timeout=60)
        assert each.returncode == 0
    assert attempts.failures(tmp_path) == 100
    assert [path.name for path in tmp_path.iterdir()] == [attempts.FILE]


def test_wrong_passphrases_are_told_when_the_books_open(make: Make, chain: MemoryKeychain) -> None:
    books = make(Mode.PASSPHRASE)
    books.close()
    for _ in range(2):
        assert opens(books.home, chain, passphrase=SECOND) == "wrong_passphrase"
    again = opening.open_books(books.home, Unlock(passphrase=FIRST), keychain=lambda: None, clock=CLOCK)
    assert events(again) == [("vault.unlock_failed", {"count": 2})]
    assert not (again.home / attempts.FILE).exists()
    again.close()


# --- the page


def test_the_page_is_there_before_its_key_is_in_force(make: Make, chain: MemoryKeychain, tmp_path: Path) -> None:
    books = make(Mode.KEYCHAIN)
    out = tmp_path / "page.txt"
    recovery_sheet.write(books, out, randomness=RANDOM)
    assert out.stat().st_mode & 0o777 == 0o600
    assert opens(books.home, chain, recovery_key=out.read_text().splitlines()[0]) == "open"
    before = (books.home / "ops.keys").read_bytes()
    with pytest.raises(Conflict):
        recovery_sheet.write(books, out, randomness=RANDOM)
    with pytest.raises(BadFile):
        recovery_sheet.write(books, tmp_path / "nowhere" / "page.txt", randomness=RANDOM)
    assert (books.home / "ops.keys").read_bytes() == before
    reader = books.reader()
    with pytest.raises(Refused):
        recovery_sheet.write(reader, tmp_path / "second.txt", randomness=RANDOM)
    reader.close()
    assert not (tmp_path / "second.txt").exists()


@pytest.mark.parametrize("mode", [Mode.KEYCHAIN, Mode.BOTH])
def test_on_a_new_computer_the_recovery_key_makes_a_new_keychain_entry(
    make: Make, chain: MemoryKeychain, mode: Mode
) -> None:
    books = make(mode)
    letters = key_changes.make_recovery_key(books, randomness=RANDOM)
    books.close()
    new = MemoryKeychain()
    assert opens(books.home, new, passphrase=FIRST) == "keychain_entry_missing"
    again = opening.open_books(books.home, Unlock(recovery_key=letters), keychain=lambda: new, clock=CLOCK)
    words = SECOND if mode is Mode.BOTH else None
    key_changes.change_mode(again, mode, passphrase=words, keychain=new, randomness=RANDOM)
    with pytest.raises(Conflict):
        key_changes.change_mode(again, mode, passphrase=words, keychain=new, randomness=RANDOM)
    again.close()
    assert opens(books.home, new, **({"passphrase": words} if words else {})) == "open"


def test_without_a_keychain_the_way_out_is_the_recovery_key(make: Make, chain: MemoryKeychain) -> None:
    home = make(Mode.KEYCHAIN).home
    chain.error = NoKeychain("None.", "Use --mode passphrase.")
    with pytest.raises(NoKeychain) as caught:
        opening.open_books(home, Unlock(), keychain=lambda: chain, clock=CLOCK)
    chain.error = None
    assert "--recovery-file" in caught.value.hint
    assert "--mode" not in caught.value.hint
