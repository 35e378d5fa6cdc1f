from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import AppError, KeysDamaged, Locked, NewerSchema, Refused, WrongPassphrase
from app.core.security import envelope, key_derivation, key_file, recovery
from app.core.security.envelope import Mode
from app.core.security.key_derivation import Argon2id, Pbkdf2, Purpose

UUID = "0b0e2f5e-3f0b-4d7e-9a51-6d1f0c9a2b3c"
DBK = bytes(range(32))
BRS = bytes(range(100, 132))
WORDS = "correct horse battery"
KEY = b"k" * 32

Files = dict[Mode, bytes]
Change = Callable[[dict[str, Any]], object]


def given(mode: Mode) -> dict[str, Any]:
    return {
        "keychain_key": None if mode is Mode.PASSPHRASE else KEY,
        "passphrase": None if mode is Mode.KEYCHAIN else WORDS,
    }


def changed(data: bytes, change: Change) -> bytes:
    """Change a file as a hostile hand would: with a checksum that fits."""
    body = json.loads(data)
    change(body)
    return key_file.render(body)


@pytest.mark.parametrize("mode", Mode)
def test_every_mode_opens_with_what_it_was_made_with(files: Files, mode: Mode) -> None:
    keyfile = envelope.read(files[mode])
    assert envelope.mode_of(keyfile) is mode
    keys = envelope.unlock(keyfile, **given(mode))
    assert (keys.dbk, keys.brs, keys.uuid, keys.generation) == (DBK, BRS, UUID, 1)


@pytest.mark.parametrize("mode", Mode)
def test_the_file_is_small_and_holds_no_key(files: Files, mode: Mode) -> None:
    data = files[mode]
    assert len(data) < 2048
    for secret in (DBK, BRS, KEY):
        assert secret not in data
        assert secret.hex().encode() not in data.lower()
    assert WORDS.encode() not in data


def test_the_raw_key_opens_without_a_passphrase(files: Files) -> None:
    for data in files.values():
        assert envelope.with_key(envelope.read(data), DBK).brs == BRS


def test_a_wrong_raw_key_is_locked(files: Files) -> None:
    with pytest.raises(Locked) as caught:
        envelope.with_key(envelope.read(files[Mode.KEYCHAIN]), bytes(32))
    assert caught.value.code == "locked"


@pytest.mark.parametrize("mode", [Mode.PASSPHRASE, Mode.BOTH])
def test_a_wrong_passphrase_says_so(files: Files, mode: Mode) -> None:
    with pytest.raises(WrongPassphrase) as caught:
        envelope.unlock(envelope.read(files[mode]), keychain_key=KEY, passphrase=WORDS + " ")
    assert caught.value.code == "wrong_passphrase"
    assert WORDS not in caught.value.message + caught.value.hint


@pytest.mark.parametrize("mode", [Mode.KEYCHAIN, Mode.BOTH])
def test_a_wrong_keychain_entry_is_told_from_a_wrong_passphrase(files: Files, mode: Mode) -> None:
    with pytest.raises(Locked) as caught:
        envelope.unlock(envelope.read(files[mode]), keychain_key=b"x" * 32, passphrase=WORDS)
    assert caught.value.code == "locked"
    assert "keychain" in caught.value.message


@pytest.mark.parametrize(
    ("mode", "parts", "word"),
    [
        (Mode.PASSPHRASE, {}, "passphrase"),
        (Mode.PASSPHRASE, {"keychain_key": KEY}, "passphrase"),
        (Mode.BOTH, {}, "passphrase"),
        (Mode.BOTH, {"keychain_key": KEY}, "passphrase"),
        (Mode.BOTH, {"passphrase": WORDS}, "keychain"),
        (Mode.KEYCHAIN, {}, "keychain"),
        (Mode.KEYCHAIN, {"passphrase": WORDS}, "keychain"),
    ],
)
def test_a_missing_part_is_named(files: Files, mode: Mode, parts: dict[str, Any], word: str) -> None:
    with pytest.raises(Locked) as caught:
        envelope.unlock(envelope.read(files[mode]), **parts)
    assert caught.value.code == "locked"
    assert word in caught.value.message


@pytest.mark.parametrize("mode", Mode)
def test_every_single_bit_of_the_file_counts(files: Files, mode: Mode) -> None:
    """A change is noticed as damage, or it changes nothing (the blanks between the parts)."""
    data = files[mode]
    body = json.loads(data)
    noticed = 0
    for position in range(len(data)):
        for bit in range(8):
            altered = bytearray(data)
            altered[position] ^= 1 << bit
            try:
                found = envelope.read(bytes(altered))
            except KeysDamaged:
                noticed += 1
            else:
                assert found.body == body, (position, bit)
    blanks = sum(byte in b" \n" for byte in data)
    assert noticed >= (len(data) - blanks) * 8


@pytest.mark.parametrize("replacement", [0x00, 0x20, 0x30, 0x39, 0x61, 0x66, 0x7D, 0xFF])
def test_every_single_byte_replaced_is_noticed(files: Files, replacement: int) -> None:
    data = files[Mode.BOTH]
    body = json.loads(data)
    for position in range(len(data)):
        altered = data[:position] + bytes([replacement]) + data[position + 1 :]
        try:
            found = envelope.read(altered)
        except KeysDamaged:
            continue
        assert found.body == body, position


def test_every_cut_is_noticed(files: Files) -> None:
    data = files[Mode.BOTH]
    complete = data.rstrip()
    for length in range(len(complete)):
        with pytest.raises(KeysDamaged) as caught:
            envelope.read(data[:length])
        assert caught.value.code == "keys_damaged"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"{" + b" " * 70_000 + b"}", "far more"),
        (b'{"format": "1099ops-keys", "vers', "cut short"),
        (b"{'format'}", "not readable"),
        (b"\xff\xfe{}", "not readable"),
        (b"[" * 30_000, "not readable"),
        (b"[1, 2]", "not a key file"),
        (b'{"format": "something else"}', "not a key file"),
        (b'{"format": "1099ops-keys", "version": 1}', "changed or damaged"),
        (b'{"format": "1099ops-keys", "format": "1099ops-keys"}', "not readable"),
        (b'{"format": "1099ops-keys", "version": 1.0}', "not readable"),
        (b'{"format": "1099ops-keys", "version": NaN}', "not readable"),
    ],
)
def test_each_kind_of_damage_has_its_sentence(data: bytes, words: str) -> None:
    with pytest.raises(KeysDamaged) as caught:
        envelope.read(data)
    assert words in caught.value.message
    assert "backup" in caught.value.hint


def test_line_ends_of_another_system_change_nothing(files: Files) -> None:
    data = files[Mode.KEYCHAIN].replace(b"\n", b"\r\n")
    assert envelope.unlock(envelope.read(data), keychain_key=KEY).dbk == DBK


def test_a_newer_file_is_refused_with_its_version(files: Files) -> None:
    newer = changed(files[Mode.KEYCHAIN], lambda body: body.update(version=2))
    with pytest.raises(NewerSchema) as caught:
        envelope.read(newer)
    assert "2" in caught.value.message
    assert "1" in caught.value.message


def slot(body: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = body["generations"][0]["slots"][0]
    return found


HOSTILE: dict[str, Change] = {
    "memory below the floor": lambda body: slot(body)["parameters"].update(memory_kib=1024),
    "memory of 64 GiB": lambda body: slot(body)["parameters"].update(memory_kib=64 * 1024 * 1024),
    "endless passes": lambda body: slot(body)["parameters"].update(passes=1_000_000),
    "no passes": lambda body: slot(body)["parameters"].pop("passes"),
    "other memory within bounds": lambda body: slot(body)["parameters"].update(memory_kib=65 * 1024),
    "other salt": lambda body: slot(body)["parameters"].update(salt="00" * 16),
    "other stretching": lambda body: slot(body).update(
        algorithm="pbkdf2-sha256", parameters={**slot(body)["parameters"], "iterations": 600_000}
    ),
    "unknown stretching": lambda body: slot(body).update(algorithm="rot13"),
    "unknown cipher": lambda body: slot(body).update(cipher="aes-256-cbc"),
    "other database": lambda body: body.update(uuid="11111111-3f0b-4d7e-9a51-6d1f0c9a2b3c"),
    "no database": lambda body: body.update(uuid="../../etc"),
    "other generation": lambda body: body["generations"][0].update(generation=2),
    "generation nought": lambda body: body["generations"][0].update(generation=0),
    "no generations": lambda body: body.update(generations=[]),
    "generations repeated": lambda body: body.update(generations=body["generations"] * 2),
    "no slots": lambda body: body["generations"][0].update(slots=[]),
    "slots of another shape": lambda body: body["generations"][0].update(slots={}),
    "slot of another shape": lambda body: body["generations"][0].update(slots=[1]),
    "slot of another kind": lambda body: slot(body).update(kind="P"),
    "extra parameter": lambda body: slot(body)["parameters"].update(harmless=1),
    "short nonce": lambda body: slot(body).update(nonce="00"),
    "other ciphertext": lambda body: slot(body).update(ciphertext="00" * 48),
    "other root secret": lambda body: body["generations"][0]["brs"].update(ciphertext="00" * 48),
    "other check value": lambda body: body["generations"][0].update(kcv="00" * 16),
    "check value missing": lambda body: body["generations"][0].pop("kcv"),
    "version as text": lambda body: body.update(version="1"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_with_a_fitting_checksum_never_opens(files: Files, name: str) -> None:
    altered = changed(files[Mode.BOTH], HOSTILE[name])
    with pytest.raises(AppError) as caught:
        envelope.unlock(envelope.read(altered), keychain_key=KEY, passphrase=WORDS)
    assert caught.value.code in {"keys_damaged", "wrong_passphrase", "locked", "newer_schema"}


def test_a_slot_of_another_file_does_not_fit(make_file: Callable[..., bytes], files: Files) -> None:
    other = json.loads(make_file(Mode.KEYCHAIN, uuid="22222222-3f0b-4d7e-9a51-6d1f0c9a2b3c"))
    mixed = changed(files[Mode.KEYCHAIN], lambda body: body.update(generations=other["generations"]))
    with pytest.raises(Locked):
        envelope.unlock(envelope.read(mixed), keychain_key=KEY)


def test_a_root_secret_of_another_file_does_not_fit(make_file: Callable[..., bytes], files: Files) -> None:
    other = json.loads(make_file(Mode.KEYCHAIN, uuid="22222222-3f0b-4d7e-9a51-6d1f0c9a2b3c"))
    brs = other["generations"][0]["brs"]
    keyfile = envelope.read(changed(files[Mode.KEYCHAIN], lambda body: body["generations"][0].update(brs=brs)))
    with pytest.raises(KeysDamaged):
        envelope.unlock(keyfile, keychain_key=KEY)
    keys = envelope.with_key(keyfile, DBK)
    with pytest.raises(KeysDamaged):
        _ = keys.brs


def test_unknown_slots_are_kept_and_passed_over(files: Files) -> None:
    unknown = {"kind": "Q", "algorithm": "hkdf-sha256", "anything": [1, {"a": None}]}
    data = changed(files[Mode.KEYCHAIN], lambda body: body["generations"][0]["slots"].insert(0, unknown))
    keyfile = envelope.read(data)
    assert envelope.unlock(keyfile, keychain_key=KEY).dbk == DBK
    assert envelope.render(keyfile.body) == data
    assert envelope.mode_of(keyfile) is Mode.KEYCHAIN


def test_only_unknown_slots_need_a_newer_program(files: Files) -> None:
    data = changed(files[Mode.KEYCHAIN], lambda body: slot(body).update(kind="Q"))
    keyfile = envelope.read(data)
    with pytest.raises(NewerSchema):
        envelope.mode_of(keyfile)
    with pytest.raises(NewerSchema):
        envelope.unlock(keyfile, keychain_key=KEY, passphrase=WORDS)
    assert envelope.with_key(keyfile, DBK).dbk == DBK


def test_a_whole_slot_opens_beside_a_damaged_one(files: Files) -> None:
    """Rescue passes over the checksum: each slot proves itself."""
    body = json.loads(files[Mode.KEYCHAIN])
    words = json.loads(files[Mode.PASSPHRASE])["generations"][0]["slots"][0]
    words["parameters"].pop("salt")
    body["generations"][0]["slots"].append(words)
    data = json.dumps(body).encode()
    with pytest.raises(KeysDamaged):
        envelope.read(data)
    keyfile = key_file.read(data, rescue=True)
    assert envelope.unlock(keyfile, keychain_key=KEY).dbk == DBK
    with pytest.raises(Locked):
        envelope.unlock(keyfile, passphrase=WORDS)


def test_two_generations_open_each_on_its_own(make_file: Callable[..., bytes], files: Files) -> None:
    """The state in the middle of a rotation."""
    new_key = bytes(reversed(DBK))
    second = json.loads(make_file(Mode.KEYCHAIN, dbk=new_key, generation=2))["generations"]
    keyfile = envelope.read(changed(files[Mode.KEYCHAIN], lambda body: body["generations"].extend(second)))
    assert keyfile.pending
    assert not envelope.read(files[Mode.KEYCHAIN]).pending
    assert envelope.unlock(keyfile, keychain_key=KEY).dbk == new_key
    assert envelope.unlock(keyfile, keychain_key=KEY, generation=1).dbk == DBK
    assert envelope.with_key(keyfile, DBK).generation == 1
    assert envelope.with_key(keyfile, new_key).generation == 2
    assert envelope.with_key(keyfile, DBK).brs == envelope.with_key(keyfile, new_key).brs


def test_pbkdf2_books_open_too(make_file: Callable[..., bytes]) -> None:
    data = make_file(Mode.PASSPHRASE, kdf=Pbkdf2(salt=b"s" * 16))
    assert envelope.unlock(envelope.read(data), passphrase=WORDS).dbk == DBK


def test_the_default_cost_is_the_designed_one() -> None:
    cost = Argon2id(salt=b"s" * 16)
    assert (cost.memory_kib, cost.passes, cost.lanes) == (256 * 1024, 3, 4)


def test_nothing_secret_shows(files: Files) -> None:
    keyfile = envelope.read(files[Mode.BOTH])
    keys = envelope.unlock(keyfile, keychain_key=KEY, passphrase=WORDS)
    sealed = json.loads(files[Mode.BOTH])["generations"][0]["slots"][0]["ciphertext"]
    for text in (repr(keys), str(keys), repr(keyfile), f"{keys!s}"):
        assert DBK.hex() not in text
        assert repr(DBK)[2:20] not in text
        assert repr(BRS)[2:20] not in text
        assert sealed not in text


@pytest.mark.parametrize("mode", [Mode.PASSPHRASE, Mode.BOTH])
def test_short_passphrases_make_no_file(make_file: Callable[..., bytes], mode: Mode) -> None:
    with pytest.raises(Refused):
        make_file(mode, passphrase="too short")


@pytest.mark.parametrize(
    ("mode", "parts"),
    [
        (Mode.KEYCHAIN, {"keychain_key": None}),
        (Mode.BOTH, {"keychain_key": b"short"}),
        (Mode.PASSPHRASE, {"passphrase": None}),
        (Mode.PASSPHRASE, {"kdf": None}),
        (Mode.KEYCHAIN, {"dbk": b"short"}),
        (Mode.KEYCHAIN, {"brs": b""}),
    ],
)
def test_a_part_the_mode_needs_is_never_left_out(
    make_file: Callable[..., bytes], mode: Mode, parts: dict[str, Any]
) -> None:
    with pytest.raises(ValueError):
        make_file(mode, **parts)


@pytest.mark.parametrize(
    "text", ["", "0" * 63, "0" * 65, "0" * 63 + "g", "0" * 64 + "\n", "x'" + "0" * 62, "٠" * 64, " " + "0" * 63]
)
def test_a_key_has_exactly_64_digits(text: str) -> None:
    with pytest.raises(Locked) as caught:
        envelope.key_from_hex(text)
    assert caught.value.code == "locked"


def test_a_key_in_capitals_is_the_same_key() -> None:
    assert envelope.key_from_hex("0A" * 32) == envelope.key_from_hex("0a" * 32) == b"\n" * 32


def test_the_documented_file_opens() -> None:
    """The examples in docs/crypto.md are what another reader of the format would start from."""
    text = (Path(__file__).parents[3] / "docs" / "crypto.md").read_text(encoding="utf-8")
    first, second = (part.partition("```")[0].encode() for part in text.split("```json\n")[1:3])
    keys = envelope.unlock(envelope.read(first), keychain_key=KEY)
    assert (keys.dbk, keys.brs) == (DBK, BRS)
    assert envelope.subkey(BRS, Purpose.AUDIT_MAC).hex() in text
    renewed = envelope.unlock(envelope.read(second), keychain_key=b"n" * 32)
    assert (renewed.dbk, renewed.brs, renewed.older()) == (bytes(range(200, 232)), BRS, {1: DBK})
    letters = recovery.render(bytes(range(20)))
    assert letters in text
    assert envelope.unlock_by_recovery(envelope.read(second), recovery.parse(letters)).dbk == renewed.dbk


def test_every_test_the_document_names_is_there() -> None:
    root = Path(__file__).parents[3]
    named = set(re.findall(r"`(test_\w+)`", (root / "docs" / "crypto.md").read_text(encoding="utf-8")))
    written = {name for path in (root / "tests").rglob("test_*.py") for name in
               re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)}  # fmt: skip
    assert len(named) > 10
    assert named - written == set()


def test_the_document_says_the_costs_and_bounds_of_the_program() -> None:
    text = (Path(__file__).parents[3] / "docs" / "crypto.md").read_text(encoding="utf-8")
    default = Argon2id(salt=b"")
    assert f"{default.memory_kib // 1024} MiB, {default.passes} passes, {default.lanes} lanes" in text
    assert f"floor {key_derivation.MIN_MEMORY_MIB} MiB" in text
    assert f"ceiling {key_derivation.MAX_MEMORY_MIB // 1024} GiB" in text
    assert f"{Pbkdf2(salt=b'').iterations:,} to 10,000,000 rounds" in text
    for word in (key_file.CIPHER, key_file.RECOVERY_ALGORITHM, f'"{key_file.FORMAT}"', *key_derivation.Purpose):
        assert word in text
    assert "up to six older" in text
    assert key_file.MAX_RETIRED == 6
