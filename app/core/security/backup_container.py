"""The one-file backup `*.opsbak`: what its bytes say, before and after a key is tried.

    magic, version, size of the header | header (JSON) | SHA-256 of all that
    the encrypted database | with `full`: each receipt object
    SHA-256 of everything before | HMAC-SHA256 of that

The first checksum tells a damaged header from a wrong passphrase; the second a damaged file from a whole one, without
any key; both guard against accidents only. Against a hostile hand the header is additional data of the sealed backup
key, and the last HMAC, under a key made of the backup key, covers everything. What the books hold (counts, totals) is
sealed too: a backup on a stick tells a finder whose it is not, and no amounts. The format is in docs/crypto.md.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from app.core.errors import AppError, BadFile, DamagedFile, NewerSchema
from app.core.ports import Randomness
from app.core.security import key_file, sealing, strict_json
from app.core.security.backup_facts import Facts
from app.core.security.key_derivation import KEY_SIZE, hkdf
from app.core.security.key_file import KeyFile, SlotKind, canonical

SUFFIX = ".opsbak"
MAGIC = b"\x89OPSBAK\r\n\x1a\n\x00"
"""Changed by whatever takes the file for text, or strips its eighth bits."""
VERSION = 1
FORMAT = "1099ops-backup"
PREFIX_SIZE = len(MAGIC) + 8
CHECK_SIZE = 32
TRAILER_SIZE = 64
MAX_HEADER = 8 * 1024 * 1024
MAX_BYTES = 1 << 40
MAX_RECEIPTS = 65_536

_HEX = re.compile(r"[0-9a-f]+")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


class Reason(StrEnum):
    """Why a backup was made."""

    ASKED = "asked"
    DAILY = "daily"
    MIGRATION = "migration"
    ROTATION = "rotation"
    RESTORE = "restore"
    BULK = "bulk"


class Receipt(NamedTuple):
    """One encrypted receipt file. Its name is the hash of its encrypted bytes, which are random."""

    sha256: str
    size: int


class Header(NamedTuple):
    """What a backup says of itself to anyone who has the file. `body` is kept so that unknown parts survive."""

    created: str
    uuid: str
    schema_version: int
    app_version: str
    reason: str
    generation: int
    audit_seq: int
    audit_mac: str
    image_size: int
    receipts: tuple[Receipt, ...]
    full: bool
    keyfile: KeyFile
    keys: bytes
    body: Mapping[str, object]

    def __repr__(self) -> str:
        return f"Header(uuid={self.uuid!r}, created={self.created!r})"

    @property
    def portable(self) -> bool:
        """Whether it opens on a computer that never saw these books: by a passphrase or a recovery key alone."""
        return portable(self.keyfile)

    @property
    def opens_with(self) -> tuple[str, ...]:
        """The ways to open it, as people call them."""
        kinds = {slot.kind for slot in self.keyfile.newest.slots}
        return tuple(words for kind, words in _WAYS if kind in kinds)

    @property
    def packed(self) -> int:
        """Bytes of the receipt objects inside the file."""
        return sum(each.size for each in self.receipts) if self.full else 0

    @property
    def link(self) -> Mapping[str, object] | None:
        """What lets linked banks move along, still sealed."""
        found = self.body.get("link")
        return found if isinstance(found, dict) else None


_WAYS = (
    (SlotKind.PASSPHRASE.value, "passphrase"),
    (SlotKind.RECOVERY.value, "recovery key"),
    (SlotKind.KEYCHAIN.value, "keychain"),
    (SlotKind.BOTH.value, "keychain and passphrase"),
)


class BackupKeys:
    """The keys of one backup, all made of its random backup key. Nothing of them shows in `repr`."""

    __slots__ = ("_facts", "_mac", "image_hex")

    def __init__(self, backup_key: bytes) -> None:
        self.image_hex = hkdf(backup_key, b"1099ops backup image v1").hex()
        self._mac = hkdf(backup_key, b"1099ops backup mac v1")
        self._facts = hkdf(backup_key, b"1099ops backup facts v1")

    def __repr__(self) -> str:
        return "BackupKeys()"

    def seal_facts(self, facts: Facts, body: Mapping[str, object], nonce: bytes) -> dict[str, str]:
        return _sealed(self._facts, canonical(facts.body()), _binding(b"1099ops backup facts v1 ", body), nonce)

    def facts(self, header: Header) -> Facts:
        """Return what the books held. Raises: DamagedFile."""
        data = _unsealed(self._facts, header.body["facts"], _binding(b"1099ops backup facts v1 ", header.body))
        if data is None:
            raise damaged("its list of what it holds does not fit the rest")
        return Facts.from_body(_parse(data))

    def trailer(self, digest: bytes) -> bytes:
        """Return the end of the file whose bytes so far have this SHA-256."""
        return digest + hmac.digest(self._mac, b"1099ops backup v1" + digest, "sha256")


def portable(keyfile: KeyFile) -> bool:
    """Return whether a passphrase or a recovery key alone opens what carries this key file."""
    return bool({SlotKind.PASSPHRASE, SlotKind.RECOVERY} & {slot.kind for slot in keyfile.newest.slots})


def build(
    *,
    keys: bytes,
    dbk: bytes,
    backup_key: bytes,
    facts: Facts,
    created: str,
    schema_version: int,
    app_version: str,
    reason: str,
    image_size: int,
    receipts: tuple[Receipt, ...],
    full: bool,
    randomness: Randomness,
    link: Mapping[str, str] | None = None,
) -> bytes:
    """Return everything before the database: prefix, header and its checksum.

    `link` is what lets linked banks move along, sealed by who knows it; see `bank_copies`.

    `keys` is the key file of the day with one generation (see `rewrap.only`), `dbk` the database key that it wraps.
    """
    keyfile = key_file.read(keys)
    body: dict[str, object] = {
        "format": FORMAT,
        "uuid": keyfile.uuid,
        "created": created,
        "schema_version": schema_version,
        "app_version": app_version,
        "reason": reason,
        "generation": keyfile.newest.number,
        "audit": {"seq": facts.audit_seq, "mac": facts.audit_mac},
        "image": image_size,
        "portable": portable(keyfile),
        "full": full,
        "receipts": [list(each) for each in receipts],
        "keys": keys.decode("ascii"),
    }
    if link is not None:
        body["link"] = dict(link)
    body["facts"] = BackupKeys(backup_key).seal_facts(facts, body, randomness.token(sealing.NONCE_SIZE))
    body["key"] = _sealed(
        _wrapping(dbk), backup_key, _binding(b"1099ops backup key v1 ", body), randomness.token(sealing.NONCE_SIZE)
    )
    data = canonical(body)
    start = MAGIC + VERSION.to_bytes(4, "big") + len(data).to_bytes(4, "big") + data
    return start + hashlib.sha256(start).digest()


def header_size(prefix: bytes) -> int:
    """Return how many bytes of header and checksum follow the first bytes of a file.

    Raises: BadFile (not a backup), DamagedFile.
    """
    if prefix[: len(MAGIC)] != MAGIC:
        if prefix and MAGIC.startswith(prefix[: len(MAGIC)]):
            raise damaged("it is cut short")
        raise BadFile("This is not a backup of 1099 Ops.", f"Backups are files that end in {SUFFIX}.")
    if len(prefix) < PREFIX_SIZE:
        raise damaged("it is cut short")
    size = int.from_bytes(prefix[len(MAGIC) + 4 : PREFIX_SIZE], "big")
    if not 2 <= size <= MAX_HEADER:
        raise damaged("its beginning makes no sense")
    return size + CHECK_SIZE


def read(start: bytes, total: int) -> Header:
    """Return the header. `start` is all before the database, `total` the size of the whole file.

    Prefix and checksum keep their meaning in every version, so a flipped bit is not taken for a newer one.

    Raises: DamagedFile (of the header, or a file cut short or grown), NewerSchema.
    """
    data = start[PREFIX_SIZE:-CHECK_SIZE]
    if len(start) != PREFIX_SIZE + header_size(start[:PREFIX_SIZE]):
        raise damaged("it is cut short")
    if not hmac.compare_digest(hashlib.sha256(start[:-CHECK_SIZE]).digest(), start[-CHECK_SIZE:]):
        raise damaged("its beginning was changed since it was written")
    version = int.from_bytes(start[len(MAGIC) : len(MAGIC) + 4], "big")
    if version > VERSION:
        raise NewerSchema(
            f"This backup was made by a newer 1099 Ops (its form is {version}; this one knows up to {VERSION}).",
            "Install the newer version to restore it. Nothing was changed.",
        )
    if version != VERSION:
        raise damaged("its beginning makes no sense")
    header = _interpreted(_parse(data))
    wanted = len(start) + header.image_size + header.packed + TRAILER_SIZE
    if total != wanted:
        raise damaged("it is cut short" if total < wanted else "something was added at its end")
    return header


def open_key(header: Header, dbk: bytes) -> BackupKeys:
    """Return the keys of a backup. The caller proved `dbk` by the key file in the header. Raises: DamagedFile."""
    opened = _unsealed(_wrapping(dbk), header.body["key"], _binding(b"1099ops backup key v1 ", header.body))
    if opened is None or len(opened) != KEY_SIZE:
        raise damaged("its key does not fit the rest: it was changed since it was written")
    return BackupKeys(opened)


def damaged(what: str) -> DamagedFile:
    return DamagedFile(f"This backup is damaged: {what}.", "Use another one; see: ops1099 backup list")


def _interpreted(body: Mapping[str, object]) -> Header:
    try:
        if body["format"] != FORMAT:
            raise damaged("its beginning makes no sense")
        keys = _text(body["keys"], 2 * key_file.MAX_SIZE).encode("ascii")
        keyfile = key_file.read(keys)
        audit = _object(body["audit"])
        header = Header(
            created=_matching(_STAMP, body["created"]),
            uuid=_matching(_UUID, body["uuid"]),
            schema_version=_number(body["schema_version"], 1_000_000),
            app_version=_text(body["app_version"], 40),
            reason=_text(body["reason"], 40),
            generation=_number(body["generation"], MAX_BYTES),
            audit_seq=_number(audit["seq"], MAX_BYTES),
            audit_mac=_hex(audit["mac"], 32),
            image_size=_number(body["image"], MAX_BYTES),
            receipts=tuple(_receipt(each) for each in _list(body["receipts"])),
            full=body["full"] is True,
            keyfile=keyfile,
            keys=keys,
            body=body,
        )
        _object(body["facts"])
        _object(body["key"])
    except NewerSchema:
        raise
    except AppError as error:
        raise damaged("the keys in it cannot be read") from error
    except (ValueError, KeyError, TypeError) as error:
        raise damaged("its beginning makes no sense") from error
    if keyfile.uuid != header.uuid or keyfile.newest.number != header.generation or keyfile.pending:
        raise damaged("the keys in it belong to other books")
    if body.get("portable") is not header.portable:
        raise damaged("what it says of itself does not fit its keys")
    return header


def _receipt(value: object) -> Receipt:
    sha256, size = _list(value)
    return Receipt(_hex(sha256, 32), _number(size, MAX_BYTES))


def _wrapping(dbk: bytes) -> bytes:
    return hkdf(dbk, b"1099ops backup-wrap v1")


def _binding(purpose: bytes, body: Mapping[str, object]) -> bytes:
    """Return the additional data: everything else in the header (for the key, also the sealed facts)."""
    left_out = {"key"} if b" key " in purpose else {"key", "facts"}
    return purpose + canonical({name: value for name, value in body.items() if name not in left_out})


def _sealed(key: bytes, secret: bytes, binding: bytes, nonce: bytes) -> dict[str, str]:
    return {"nonce": nonce.hex(), "ciphertext": sealing.seal(key, secret, binding, nonce).hex()}


def _unsealed(key: bytes, value: object, binding: bytes) -> bytes | None:
    try:
        sealed = _object(value)
        nonce = bytes.fromhex(_hex(sealed["nonce"], sealing.NONCE_SIZE))
        ciphertext = bytes.fromhex(_text(sealed["ciphertext"], MAX_HEADER))
    except (ValueError, KeyError, TypeError):
        return None
    return sealing.unseal(key, ciphertext, binding, nonce)


def _parse(data: bytes) -> dict[str, object]:
    try:
        body = strict_json.parse(data)
        return _object(body)
    except (ValueError, TypeError, RecursionError) as error:
        raise damaged("its beginning makes no sense") from error


def _object(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise TypeError("not an object")
    return value


def _list(value: object) -> list[object]:
    if not isinstance(value, list) or len(value) > MAX_RECEIPTS:
        raise TypeError("not a list")
    return value


def _number(value: object, most: int) -> int:
    if type(value) is not int or not 0 <= value <= most:
        raise ValueError("not a number in its bounds")
    return value


def _text(value: object, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest or not value.isascii():
        raise ValueError("not a short text")
    return value


def _matching(pattern: re.Pattern[str], value: object) -> str:
    text = _text(value, 64)
    if pattern.fullmatch(text) is None:
        raise ValueError("a text of another form")
    return text


def _hex(value: object, size: int) -> str:
    text = _text(value, 2 * size)
    if len(text) != 2 * size or _HEX.fullmatch(text) is None:
        raise ValueError("not hexadecimal of its length")
    return text
