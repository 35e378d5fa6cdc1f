"""F20: any change to ops.keys is noticed, told as damage of the keys, in little time and memory."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from faults.conftest import PASSPHRASE, Base
from faults.harness import CLOCK, Children, files_of, fresh, judge, opened

from app.adapters.randomness import OsRandomness
from app.core.errors import (
    Conflict,
    DamagedBooks,
    DamagedFile,
    KeysDamaged,
    KeysMissing,
    NewerSchema,
    WrongPassphrase,
)
from app.core.security import key_file, recovery
from app.services.backup import backups
from app.services.books import opening
from app.services.books.open_books import Books, Unlock
from app.services.integrity import rescue
from app.services.tax import profile
from app.services.vault import key_changes

SECRET = bytes(range(20))
MIB = 1 << 20


@pytest.fixture(scope="module")
def keyed(bare: Base, tmp_path_factory: pytest.TempPathFactory) -> Base:
    """Books with a passphrase and a recovery key."""
    home = fresh(bare.home, tmp_path_factory.mktemp("keyed") / "home")
    books = opened(home, Unlock(key_hex=bare.key))
    key_changes.set_recovery_key(books, SECRET, randomness=OsRandomness())
    books.close()
    return Base(home, bare.key)


def test_every_changed_byte_of_the_keys_is_noticed_at_once(
    keyed: Base, tmp_path: Path, tally: Callable[..., None]
) -> None:
    home = fresh(keyed.home, tmp_path / "home")
    path = home / "ops.keys"
    data = path.read_bytes()
    chance, slowest = Random(20), 0.0
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= chance.randrange(1, 256)
        path.write_bytes(changed)
        begun = time.process_time()
        if json_of(bytes(changed)) == json_of(data):
            continue  # a space became another space
        with pytest.raises((KeysDamaged, NewerSchema)) as told:
            opened(home, Unlock(passphrase=PASSPHRASE))
        assert told.value.hint
        slowest = max(slowest, time.process_time() - begun)
        tally(rounds=1)
    assert slowest < 2
    path.write_bytes(data)
    judge(home, keyed.key)


def json_of(data: bytes) -> object:
    try:
        return json.loads(data)
    except ValueError:
        return None


def remade(data: bytes, change: Callable[[dict], None]) -> bytes:  # type: ignore[type-arg]
    """Change the content and give it a fitting checksum, as a hostile hand would."""
    body = json.loads(data)
    change(body)
    return key_file.render(body)


def slots(body: dict) -> list[dict]:  # type: ignore[type-arg]
    return body["generations"][0]["slots"]


def passphrase_slot(body: dict) -> dict:  # type: ignore[type-arg]
    return next(slot for slot in slots(body) if slot["kind"] == "P")


HOSTILE: dict[str, Callable[[dict], None]] = {  # type: ignore[type-arg]
    "64 GiB of memory": lambda body: passphrase_slot(body)["parameters"].update(memory_kib=64 << 20),
    "a thousand passes": lambda body: passphrase_slot(body)["parameters"].update(passes=1000),
    "a million lanes": lambda body: passphrase_slot(body)["parameters"].update(lanes=10**6),
    "less memory than allowed": lambda body: passphrase_slot(body)["parameters"].update(memory_kib=1024),
    "half the memory": lambda body: passphrase_slot(body)["parameters"].update(memory_kib=60 << 10),
    "a negative number": lambda body: passphrase_slot(body)["parameters"].update(memory_kib=-1),
    "another identity": lambda body: body.update(uuid="00000000-0000-4000-8000-000000000000"),
    "another generation": lambda body: body["generations"][0].update(generation=7),
    "kinds exchanged": lambda body: [slot.update(kind="R" if slot["kind"] == "P" else "P") for slot in slots(body)],
    "no slots": lambda body: slots(body).clear(),
    "a newer version": lambda body: body.update(version=99),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_key_file_opens_nothing_and_takes_no_memory(
    what: str, keyed: Base, children: Children, tmp_path: Path
) -> None:
    home = fresh(keyed.home, tmp_path / "home")
    path = home / "ops.keys"
    path.write_bytes(remade(path.read_bytes(), HOSTILE[what]))
    before = files_of(home)
    end = children.cli(home, "history", passphrase=PASSPHRASE)
    assert end.code in {4, 7}, end
    assert end.error["message"]
    assert end.cpu < 2
    assert end.peak_mib < 300
    assert {name: value for name, value in files_of(home).items() if name in before} == before


def test_one_bad_way_in_leaves_the_others(keyed: Base, tmp_path: Path) -> None:
    home = fresh(keyed.home, tmp_path / "home")
    path = home / "ops.keys"

    def spoil(body: dict) -> None:  # type: ignore[type-arg]
        slot = passphrase_slot(body)
        slot["ciphertext"] = "00" * (len(slot["ciphertext"]) // 2)

    path.write_bytes(remade(path.read_bytes(), spoil))
    judge(home, unlock=Unlock(recovery_key=recovery.render(SECRET)))


@pytest.mark.parametrize("how", ["missing", "empty", "half", "of other books"])
def test_lost_keys_are_told_apart_from_a_wrong_passphrase(how: str, keyed: Base, tmp_path: Path) -> None:
    home = fresh(keyed.home, tmp_path / "home")
    path = home / "ops.keys"
    if how == "missing":
        path.unlink()
    elif how == "of other books":
        other = Path(__file__).parents[1] / "data" / "format-1" / "ops.keys"
        path.write_bytes(other.read_bytes())
    else:
        path.write_bytes(path.read_bytes()[: 0 if how == "empty" else 400])
    before = (home / "books.db").read_bytes()
    with pytest.raises((KeysDamaged, KeysMissing, DamagedFile)) as told:
        opened(home, Unlock(passphrase=PASSPHRASE))
    assert "keys" in told.value.message
    assert (home / "books.db").read_bytes() == before


def flipped_in(path: Path, kind: str) -> None:
    """Flip one digit of a slot's ciphertext, as a bad disk would: the checksum no longer fits."""
    data = path.read_bytes()
    slot = next(each for each in slots(json.loads(data)) if each["kind"] == kind)
    word = str(slot["ciphertext"]).encode()
    other = (b"0" if word[:1] != b"0" else b"1") + word[1:]
    path.write_bytes(data.replace(word, other))


def rescued(home: Path, unlock: Unlock) -> Books:
    return opening.open_books(home, unlock, keychain=lambda: None, clock=CLOCK, rescue=True)


def test_a_damaged_way_in_is_told_and_the_rescue_opens_by_the_other(keyed: Base, tmp_path: Path) -> None:
    for kind, whole in (("P", Unlock(recovery_key=recovery.render(SECRET))), ("R", Unlock(passphrase=PASSPHRASE))):
        home = fresh(keyed.home, tmp_path / kind)
        flipped_in(home / "ops.keys", kind)
        before = (home / "ops.keys").read_bytes()
        for unlock in (whole, Unlock(passphrase=PASSPHRASE)):
            with pytest.raises(KeysDamaged):
                opened(home, unlock)
        books = rescued(home, whole)
        try:
            assert books.damaged is not None
            assert books.damaged.code == "keys_damaged"
            assert books.settings.businesses()
            with pytest.raises(DamagedBooks):
                profile.change(books, 2026, {"state": "CA"})
        finally:
            books.close()
        assert (home / "ops.keys").read_bytes() == before


def test_a_spoiled_passphrase_slot_is_never_called_a_wrong_passphrase(keyed: Base, tmp_path: Path) -> None:
    home = fresh(keyed.home, tmp_path / "home")
    flipped_in(home / "ops.keys", "P")
    with pytest.raises(KeysDamaged):
        rescued(home, Unlock(passphrase=PASSPHRASE))


@pytest.mark.parametrize("how", ["missing", "flipped", "empty"])
def test_the_keys_alone_come_back_from_a_backup_and_no_change_is_lost(how: str, keyed: Base, tmp_path: Path) -> None:
    home = fresh(keyed.home, tmp_path / "home")
    books = opened(home, Unlock(key_hex=keyed.key))
    made = backups.create(books, reason="asked")
    profile.change(books, 2026, {"state": "OR"})
    books.close()
    path = home / "ops.keys"
    if how == "flipped":
        flipped_in(path, "P")
    else:
        path.unlink() if how == "missing" else path.write_bytes(b"")
    with pytest.raises(WrongPassphrase):
        rescue.restore_keys(home, Unlock(passphrase="not the one of that day"), keychain=lambda: None, clock=CLOCK)
    used = rescue.restore_keys(home, Unlock(passphrase=PASSPHRASE), keychain=lambda: None, clock=CLOCK)
    assert used == made.file
    books = opened(home, Unlock(recovery_key=recovery.render(SECRET)))
    try:
        assert books.settings.profile(2026)[0]["state"] == "OR"
    finally:
        books.close()
    judge(home, keyed.key)
    with pytest.raises(Conflict):
        rescue.restore_keys(home, Unlock(passphrase=PASSPHRASE), keychain=lambda: None, clock=CLOCK)


def test_the_command_names_the_way_and_takes_it(keyed: Base, children: Children, tmp_path: Path) -> None:
    home = fresh(keyed.home, tmp_path / "home")
    books = opened(home, Unlock(key_hex=keyed.key))
    backups.create(books, reason="asked")
    books.close()
    flipped_in(home / "ops.keys", "R")
    told = children.cli(home, "rescue", "status", passphrase=PASSPHRASE)
    assert (told.code, told.body["code"], told.body["ways"]) == (
        7, "keys_damaged", ["keys", "restore", "export"],
    )  # fmt: skip
    assert children.cli(home, "rescue", "accept", passphrase=PASSPHRASE).code == 7
    assert children.cli(home, "rescue", "keys", passphrase=PASSPHRASE).code == 0
    assert children.cli(home, "rescue", "status", passphrase=PASSPHRASE).code == 0


def test_the_newest_backup_that_holds_is_put_back_with_its_keys(
    keyed: Base, children: Children, tmp_path: Path
) -> None:
    home = fresh(keyed.home, tmp_path / "home")
    books = opened(home, Unlock(key_hex=keyed.key))
    older = backups.create(books, reason="asked")
    profile.change(books, 2026, {"state": "OR"})
    newer = backups.create(books, reason="asked")
    books.close()
    data = bytearray(newer.file.read_bytes())
    data[len(data) // 2] ^= 1
    newer.file.write_bytes(data)
    (home / "books.db").write_bytes((home / "books.db").read_bytes()[:8192])
    end = children.cli(home, "rescue", "restore", passphrase=PASSPHRASE)
    assert (end.code, Path(end.body["file"]).name) == (0, older.file.name)
    assert [Path(each["file"]).name for each in end.body["passed_over"]] == [newer.file.name]
    judge(home, keyed.key)
