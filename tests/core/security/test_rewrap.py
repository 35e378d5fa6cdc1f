"""Key files that are changed: what opens them afterwards, what does not any more, and what is kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from app.core.errors import AppError, KeysDamaged, Locked, NewerSchema, WrongPassphrase
from app.core.ports import Randomness
from app.core.security import envelope, key_file, rewrap
from app.core.security.envelope import KeyFile, Keys, Mode
from app.core.security.key_derivation import Argon2id, stretch
from app.core.security.wrapping import Way

DBK = bytes(range(32))
NEW_DBK = bytes(range(200, 232))
SECRET = bytes(range(20))
OTHER = bytes(range(1, 21))
WORDS, KEY = "correct horse battery", b"k" * 32
KDF = Argon2id(salt=b"t" * 16, memory_kib=64 * 1024)


@pytest.fixture(scope="module")
def way() -> Way:
    return Way(Mode.BOTH, b"n" * 32, stretch("marble canyon lantern", KDF), KDF)


@pytest.fixture
def opened(files: dict[Mode, bytes]) -> tuple[KeyFile, Keys]:
    """A file of both, with a recovery key and a slot from the future, and its keys."""
    body = json.loads(files[Mode.BOTH])
    body["generations"][0]["slots"].append({"kind": "Q", "anything": [1]})
    body["later"] = {"kept": True}
    keyfile = envelope.read(key_file.render(body))
    return keyfile, envelope.with_key(keyfile, DBK)


def with_recovery(keyfile: KeyFile, keys: Keys, randomness: Randomness) -> KeyFile:
    return envelope.read(rewrap.replace_recovery(keyfile, keys, SECRET, randomness))


def without_future(files: dict[Mode, bytes], randomness: Randomness) -> tuple[KeyFile, Keys]:
    keyfile = envelope.read(files[Mode.BOTH])
    keyfile = with_recovery(keyfile, envelope.with_key(keyfile, DBK), randomness)
    return keyfile, envelope.with_key(keyfile, DBK)


def kinds(keyfile: KeyFile) -> list[str]:
    return [slot.kind for slot in keyfile.newest.slots]


def test_the_recovery_key_opens_beside_the_others(opened: tuple[KeyFile, Keys], randomness: Randomness) -> None:
    keyfile, keys = opened
    found = with_recovery(keyfile, keys, randomness)
    by_page = envelope.unlock_by_recovery(found, SECRET)
    assert (by_page.dbk, by_page.brs) == (keys.dbk, keys.brs)
    assert envelope.unlock(found, keychain_key=KEY, passphrase=WORDS).dbk == DBK
    assert kinds(found) == ["KP", "Q", "R"]
    with pytest.raises(WrongPassphrase):
        envelope.unlock_by_recovery(found, OTHER)
    with pytest.raises(Locked) as caught:
        envelope.unlock_by_recovery(keyfile, SECRET)
    assert caught.value.code == "locked"


def test_a_new_recovery_key_replaces_the_old_one(opened: tuple[KeyFile, Keys], randomness: Randomness) -> None:
    keyfile, keys = opened
    first = with_recovery(keyfile, keys, randomness)
    second = envelope.read(rewrap.replace_recovery(first, keys, OTHER, randomness))
    assert envelope.unlock_by_recovery(second, OTHER).dbk == DBK
    with pytest.raises(WrongPassphrase):
        envelope.unlock_by_recovery(second, SECRET)
    removed = envelope.read(rewrap.remove_recovery(second, keys))
    assert removed.body == keyfile.body


def test_another_way_takes_the_place_of_the_old_one(
    opened: tuple[KeyFile, Keys], way: Way, randomness: Randomness
) -> None:
    keyfile, keys = opened
    found = envelope.read(rewrap.replace_way(with_recovery(keyfile, keys, randomness), keys, way, randomness))
    assert envelope.unlock(found, keychain_key=b"n" * 32, passphrase="marble canyon lantern").dbk == DBK
    assert rewrap.opened_by(found, way) == DBK
    assert envelope.unlock_by_recovery(found, SECRET).dbk == DBK
    with pytest.raises(AppError):
        envelope.unlock(found, keychain_key=KEY, passphrase=WORDS)
    alone = envelope.read(rewrap.replace_way(found, keys, Way(Mode.KEYCHAIN, KEY), randomness))
    assert envelope.mode_of(alone) is Mode.KEYCHAIN
    assert kinds(alone) == ["K", "Q", "R"]
    assert alone.body["later"] == {"kept": True}


def test_a_rotation_has_both_keys_until_it_ends(files: dict[Mode, bytes], way: Way, randomness: Randomness) -> None:
    keyfile, keys = without_future(files, randomness)
    data = rewrap.begin_rotation(keyfile, keys, NEW_DBK, way, randomness)
    assert len(data) < 4096
    both = envelope.read(data)
    assert both.pending
    assert envelope.unlock(both, keychain_key=KEY, passphrase=WORDS, generation=1).dbk == DBK
    assert envelope.unlock(both, keychain_key=b"n" * 32, passphrase="marble canyon lantern").dbk == NEW_DBK
    assert envelope.unlock_by_recovery(both, SECRET, generation=1).dbk == DBK
    newer = envelope.unlock_by_recovery(both, SECRET)
    assert (newer.dbk, newer.brs, newer.older()) == (NEW_DBK, keys.brs, {1: DBK})
    assert envelope.read(rewrap.only(both, 1)).body == keyfile.body
    after = envelope.read(rewrap.only(both, 2))
    assert not after.pending
    assert envelope.with_key(after, NEW_DBK).generation == 2
    with pytest.raises(Locked):
        envelope.with_key(after, DBK)
    with pytest.raises(ValueError):
        rewrap.only(after, 1)


def test_what_opened_before_a_rotation_leads_to_nothing_after_it(
    files: dict[Mode, bytes], way: Way, randomness: Randomness
) -> None:
    """Who has the old file and the old database key learns nothing of the new one: no key of a slot lies under it."""
    keyfile, keys = without_future(files, randomness)
    after = rewrap.only(envelope.read(rewrap.begin_rotation(keyfile, keys, NEW_DBK, way, randomness)), 2)
    for secret in (DBK, keys.brs, KEY, NEW_DBK, SECRET):
        assert secret.hex().encode() not in after
    old_sealed = json.loads(files[Mode.BOTH])["generations"][0]
    new_entry = json.loads(after)["generations"][0]
    assert old_sealed["brs"] != new_entry["brs"]
    for each in (DBK, keys.brs, KEY):
        for slot in envelope.read(after).newest.slots:
            assert slot.sealed is not None
            binding = key_file.slot_binding(keyfile.uuid, 2, slot.raw)
            assert envelope.wrapping.decrypt(each, slot.sealed, binding) is None


def test_older_keys_are_kept_for_older_backups_and_not_for_ever(
    files: dict[Mode, bytes], way: Way, randomness: Randomness
) -> None:
    keyfile, keys = without_future(files, randomness)
    made = [DBK]
    for number in range(2, 13):
        made.append(bytes([number]) * 32)
        data = rewrap.begin_rotation(keyfile, keys, made[-1], way, randomness)
        assert len(data) < 4096
        keyfile = envelope.read(rewrap.only(envelope.read(data), number))
        keys = envelope.with_key(keyfile, made[-1])
    assert keys.older() == {number: made[number - 1] for number in range(11, 5, -1)}


def test_an_exchanged_recovery_key_is_noticed_before_anything_is_sealed_to_it(
    files: dict[Mode, bytes], way: Way, randomness: Randomness
) -> None:
    """Who may write the file, but has no key, puts his own public key into it and waits for a rotation."""
    keyfile, keys = without_future(files, randomness)
    theirs = Keys(uuid=keys.uuid, dbk=b"?" * 32, entry=keyfile.newest)
    hostile = json.loads(rewrap.replace_recovery(keyfile, theirs, OTHER, randomness))
    found = envelope.read(key_file.render(hostile))
    assert envelope.unlock(found, keychain_key=KEY, passphrase=WORDS).dbk == DBK
    with pytest.raises(KeysDamaged) as caught:
        rewrap.begin_rotation(found, keys, NEW_DBK, way, randomness)
    assert "vault recovery" in caught.value.hint


Change = Callable[[dict[str, Any]], object]
HOSTILE: dict[str, Change] = {
    "other public key": lambda slot: slot["parameters"].update(public="00" * 32),
    "other passing key": lambda slot: slot["parameters"].update(ephemeral="00" * 32),
    "a passing key of low order": lambda slot: slot["parameters"].update(ephemeral="01" + "00" * 31),
    "other proof": lambda slot: slot["parameters"].update(proof="00" * 16),
    "unknown algorithm": lambda slot: slot.update(algorithm="rot13"),
    "short key": lambda slot: slot["parameters"].update(public="00"),
    "other ciphertext": lambda slot: slot.update(ciphertext="00" * 48),
    "extra parameter": lambda slot: slot["parameters"].update(harmless=1),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_recovery_slot_never_opens(files: dict[Mode, bytes], name: str, randomness: Randomness) -> None:
    keyfile, _ = without_future(files, randomness)
    body = json.loads(key_file.render(keyfile.body))
    HOSTILE[name](body["generations"][0]["slots"][1])
    with pytest.raises(AppError) as caught:
        envelope.unlock_by_recovery(envelope.read(key_file.render(body)), SECRET)
    assert caught.value.code in {"keys_damaged", "wrong_passphrase"}


def test_hostile_older_keys_are_refused(files: dict[Mode, bytes], way: Way, randomness: Randomness) -> None:
    keyfile, keys = without_future(files, randomness)
    after = rewrap.only(envelope.read(rewrap.begin_rotation(keyfile, keys, NEW_DBK, way, randomness)), 2)
    for change in ({"ciphertext": "00" * 48}, {"generations": [7]}):
        body = json.loads(after)
        body["generations"][0]["retired"].update(change)
        with pytest.raises(KeysDamaged):
            envelope.with_key(envelope.read(key_file.render(body)), NEW_DBK).older()
    for shape in ({"generations": []}, {"generations": [1, 1]}, {"nonce": ""}):
        body = json.loads(after)
        body["generations"][0]["retired"].update(shape)
        with pytest.raises(KeysDamaged):
            envelope.read(key_file.render(body))


def test_a_way_from_the_future_keeps_an_older_program_from_rotating(
    opened: tuple[KeyFile, Keys], way: Way, randomness: Randomness
) -> None:
    keyfile, keys = opened
    with pytest.raises(NewerSchema):
        rewrap.begin_rotation(keyfile, keys, NEW_DBK, way, randomness)


def test_nothing_secret_shows(files: dict[Mode, bytes], way: Way, randomness: Randomness) -> None:
    keyfile, keys = without_future(files, randomness)
    assert repr(way) == "Way(mode=<Mode.BOTH: 'both'>)"
    after = envelope.read(rewrap.only(envelope.read(rewrap.begin_rotation(keyfile, keys, NEW_DBK, way, randomness)), 2))
    assert "ciphertext" not in repr(after)
    assert "older" not in repr(envelope.with_key(after, NEW_DBK))
