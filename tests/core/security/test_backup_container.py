"""What a backup file says without a key, and that nothing in it can be changed unnoticed."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from app.core.errors import BadFile, DamagedFile, NewerSchema
from app.core.security import backup_container, envelope
from app.core.security.backup_container import BackupKeys, Receipt
from app.core.security.backup_facts import Facts, Total, compare
from app.core.security.wrapping import Mode

UUID = "0b0e2f5e-3f0b-4d7e-9a51-6d1f0c9a2b3c"
DBK = bytes(range(32))
BRS = bytes(range(100, 132))
BACKUP_KEY = b"B" * 32
FACTS = Facts({"audit": 7, "transactions": 3}, (Total(2025, 1, 2, -1250), Total(2026, 1, 1, 99)), 7, "ab" * 32)


class Counting:
    """Random numbers that are the same each time."""

    def __init__(self) -> None:
        self.number = 0

    def token(self, size: int) -> bytes:
        self.number += 1
        return hashlib.shake_256(bytes([self.number])).digest(size)


def key_file(mode: Mode = Mode.KEYCHAIN) -> bytes:
    return envelope.make(
        mode=mode, uuid=UUID, dbk=DBK, brs=BRS, randomness=Counting(), keychain_key=b"k" * 32,
    )  # fmt: skip


def start(*, full: bool = False, receipts: tuple[Receipt, ...] = ()) -> bytes:
    return backup_container.build(
        keys=key_file(), dbk=DBK, backup_key=BACKUP_KEY, facts=FACTS, created="2026-11-20T10:11:12.123Z",
        schema_version=3, app_version="0.1.0", reason="daily", image_size=4096, receipts=receipts, full=full,
        randomness=Counting(),
    )  # fmt: skip


def total(data: bytes, more: int = 0) -> int:
    return len(data) + 4096 + more + backup_container.TRAILER_SIZE


def forged(data: bytes, **changes: Any) -> bytes:
    """Return the start with another header and a checksum made to fit."""
    body = json.loads(data[backup_container.PREFIX_SIZE : -32]) | changes
    text = json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
    head = data[: len(backup_container.MAGIC) + 4] + len(text).to_bytes(4, "big") + text
    return head + hashlib.sha256(head).digest()


def test_without_a_key_it_tells_whose_it_is_and_what_opens_it() -> None:
    data = start()
    header = backup_container.read(data, total(data))
    assert (header.uuid, header.created, header.reason) == (UUID, "2026-11-20T10:11:12.123Z", "daily")
    assert (header.schema_version, header.app_version, header.generation) == (3, "0.1.0", 1)
    assert (header.audit_seq, header.audit_mac) == (7, "ab" * 32)
    assert header.opens_with == ("keychain",)
    assert header.portable is False
    assert "1250" not in data.decode("latin-1"), "no amount is readable without the key"
    assert "transactions" not in data.decode("latin-1")


def test_with_the_database_key_it_gives_back_what_the_books_held() -> None:
    data = start()
    header = backup_container.read(data, total(data))
    keys = backup_container.open_key(header, DBK)
    assert keys.facts(header) == FACTS
    assert keys.image_hex == BackupKeys(BACKUP_KEY).image_hex
    assert keys.trailer(b"d" * 32) == BackupKeys(BACKUP_KEY).trailer(b"d" * 32)


def test_every_byte_of_the_beginning_counts_without_any_key() -> None:
    data = start()
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 1 << (place % 8)
        with pytest.raises((DamagedFile, BadFile)) as told:
            backup_container.read(bytes(changed), total(data))
        assert not isinstance(told.value, NewerSchema)


def test_every_length_but_the_right_one_is_damage() -> None:
    data = start()
    for length in (0, 5, len(data), total(data) - 1, total(data) + 1, 2 * total(data)):
        with pytest.raises(DamagedFile):
            backup_container.read(data, length)
    for cut in range(1, len(data), 37):
        with pytest.raises(DamagedFile):
            backup_container.read(data[:cut], total(data))


@pytest.mark.parametrize(
    "changes",
    [
        {"created": "2027-11-20T10:11:12.123Z"}, {"reason": "asked"}, {"schema_version": 2},
        {"audit": {"seq": 9, "mac": "ab" * 32}},        {"app_version": "9.9"}, {"something": "new"},
    ],
)  # fmt: skip
def test_a_header_changed_by_a_hand_with_a_fitting_checksum_does_not_open(changes: dict[str, Any]) -> None:
    data = forged(start(), **changes)
    header = backup_container.read(data, total(data))
    with pytest.raises(DamagedFile):
        backup_container.open_key(header, DBK)


@pytest.mark.parametrize(
    "changes",
    [
        {"portable": True}, {"uuid": "1" * 8 + UUID[8:]}, {"generation": 2}, {"image": -1}, {"image": "4096"},
        {"image": 1 << 60}, {"receipts": [["../../x", 5]]}, {"receipts": "all"}, {"keys": "{}"}, {"format": "other"},
        {"created": "yesterday"}, {"key": None}, {"facts": 3}, {"audit": []},
    ],
)  # fmt: skip
def test_a_header_that_makes_no_sense_is_damage(changes: dict[str, Any]) -> None:
    data = forged(start(), **changes)
    with pytest.raises(DamagedFile):
        backup_container.read(data, total(data))


def test_another_key_than_the_one_of_that_day_opens_nothing() -> None:
    data = start()
    with pytest.raises(DamagedFile):
        backup_container.open_key(backup_container.read(data, total(data)), b"x" * 32)


def test_a_newer_form_is_called_newer_not_damaged() -> None:
    data = bytearray(start()[:-32])
    data[len(backup_container.MAGIC) : len(backup_container.MAGIC) + 4] = (2).to_bytes(4, "big")
    with pytest.raises(NewerSchema):
        backup_container.read(bytes(data) + hashlib.sha256(data).digest(), total(data, 32))


def test_another_file_is_no_backup() -> None:
    for data in (b"PK\x03\x04" + bytes(40), b"SQLite format 3\x00" + bytes(40), b"\x00" * 64, b""):
        with pytest.raises(BadFile) as told:
            backup_container.header_size(data[: backup_container.PREFIX_SIZE])
        assert told.value.code == "bad_file"


def test_a_header_of_a_gigabyte_is_not_read() -> None:
    prefix = backup_container.MAGIC + (1).to_bytes(4, "big") + (1 << 30).to_bytes(4, "big")
    with pytest.raises(DamagedFile):
        backup_container.header_size(prefix)


def test_packed_receipts_count_in_the_length_others_do_not() -> None:
    receipts = (Receipt("cd" * 32, 100), Receipt("ef" * 32, 23))
    beside, packed = start(receipts=receipts), start(receipts=receipts, full=True)
    assert backup_container.read(beside, total(beside)).receipts == receipts
    assert backup_container.read(packed, total(packed, 123)).packed == 123
    with pytest.raises(DamagedFile):
        backup_container.read(packed, total(packed))


def test_a_section_this_version_does_not_know_is_kept_and_passed_over() -> None:
    data = forged(start(), link={"sealed": "00"})
    assert backup_container.read(data, total(data)).body["link"] == {"sealed": "00"}


def test_nothing_secret_shows() -> None:
    data = start()
    header = backup_container.read(data, total(data))
    shown = repr(header) + repr(BackupKeys(BACKUP_KEY))
    assert BACKUP_KEY.hex() not in shown
    assert BackupKeys(BACKUP_KEY).image_hex not in shown
    assert "ciphertext" not in shown


def test_the_documented_numbers() -> None:
    keys = BackupKeys(bytes([0x42]) * 32)
    assert keys.image_hex == "9d2d1ecd094a8e31f5f187d46a66a11b70520d83185b31575e6876c8f4185e97"
    assert keys.trailer(bytes(32))[32:].hex() == "c88661ec3cadc53dbca067d5212d9dbb03fd03248e988a93ecd38b50bdca1a86"
    assert hashlib.sha256(start()).hexdigest() == "9e3c7f3457e05ec09a8be29a8b0a30d2798705ea7c8a56d6dc0452f86f113e8c"


def test_what_differs_is_named_with_both_numbers() -> None:
    other = FACTS._replace(tables={"audit": 7, "transactions": 4}, totals=FACTS.totals[:1])
    found = [each for each in compare(FACTS, other) if not each.equal]
    assert found == [("rows of transactions", "3", "4"), ("total 2026, account 1", "1 rows, 0.99", "none")]
    assert all(each.equal for each in compare(FACTS, Facts.from_body(json.loads(json.dumps(FACTS.body())))))
