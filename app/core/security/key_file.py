"""The text of `ops.keys`: what it says, before any key is tried.

The file wraps the database key once for each way to unlock. It holds no secret in clear, yet losing it loses the books,
so everything about its damage is said in words of its own: a checksum over the whole content tells a damaged file from
a wrong passphrase (authenticated encryption alone cannot). The checksum guards against accidents only; against a
hostile hand each slot is bound to everything that describes it. The format is in docs/crypto.md.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from app.core.errors import KeysDamaged, NewerSchema
from app.core.security import key_derivation, strict_json
from app.core.security.key_derivation import Kdf

FORMAT = "1099ops-keys"
VERSION = 1
CIPHER = "aes-256-gcm"
RECOVERY_ALGORITHM = "x25519-hkdf-sha256"
MAX_RETIRED = 6
"""Older database keys a generation keeps, so that the open books can open the backups made before a rotation."""
MAX_SIZE = 64 * 1024
"""Bytes. A file of ours has under 4 KB; more is somebody else's file."""

_HINT = "`ops1099 rescue keys` puts a copy back from a backup. Do not delete books.db: it is read with ops.keys only."
_RECOVERY_PARAMETERS = (("public", 32), ("ephemeral", 32), ("proof", 16))
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class SlotKind(StrEnum):
    """A way to unlock. One of the first three stands in a file, by its mode; R may stand beside it."""

    KEYCHAIN = "K"
    PASSPHRASE = "P"  # noqa: S105 - the name of a slot, no secret
    BOTH = "KP"
    RECOVERY = "R"


class Sealed(NamedTuple):
    """AES-256-GCM: 12 bytes of nonce, 32 + 16 bytes of ciphertext and tag."""

    nonce: bytes
    ciphertext: bytes


class Recovery(NamedTuple):
    """The open parameters of a recovery slot: whom it is sealed to, by which passing key, and who put it there."""

    public: bytes
    ephemeral: bytes
    proof: bytes


class Retired(NamedTuple):
    """Older database keys, newest first, sealed together under the one of their generation entry."""

    numbers: tuple[int, ...]
    sealed: Sealed

    def __repr__(self) -> str:
        return f"Retired(numbers={self.numbers!r})"


class Slot(NamedTuple):
    """One wrapping of the database key. `raw` is the object as the file has it; unknown kinds have nothing else."""

    kind: str
    raw: Mapping[str, object]
    sealed: Sealed | None = None
    kdf: Kdf | None = None
    keychain_check: bytes | None = None
    recovery: Recovery | None = None

    def __repr__(self) -> str:
        return f"Slot(kind={self.kind!r})"


class Generation(NamedTuple):
    """One database key. There are two only while a rotation is under way."""

    number: int
    kcv: bytes
    brs: Sealed
    slots: tuple[Slot, ...]
    retired: Retired | None = None

    def __repr__(self) -> str:
        return f"Generation(number={self.number}, slots={self.slots!r})"

    def slot(self, kind: SlotKind) -> Slot | None:
        return next((slot for slot in self.slots if slot.kind == kind), None)


class KeyFile(NamedTuple):
    """A key file that was read; `generations` are oldest first. `body` is kept so that unknown parts survive."""

    uuid: str
    generations: tuple[Generation, ...]
    body: Mapping[str, object]

    def __repr__(self) -> str:
        return f"KeyFile(uuid={self.uuid!r}, generations={self.generations!r})"

    @property
    def newest(self) -> Generation:
        return self.generations[-1]

    def numbered(self, generation: int | None) -> Generation:
        """Return the generation of this number; the newest when there is none of it."""
        return next((each for each in self.generations if each.number == generation), self.newest)

    @property
    def pending(self) -> bool:
        """Whether a rotation was begun and not finished."""
        return len(self.generations) > 1


def canonical(value: object) -> bytes:
    """Return the one byte string of a JSON value: what checksums and additional data are made over."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode("ascii")


def slot_binding(uuid: str, generation: int, slot: Mapping[str, object]) -> bytes:
    """Return the additional data of a slot: it cannot be moved, weakened, or mixed with another file."""
    described = {key: slot.get(key) for key in ("kind", "algorithm", "parameters", "cipher")}
    return b"1099ops slot v1 " + canonical(
        {"format": FORMAT, "version": VERSION, "uuid": uuid, "generation": generation, **described}
    )


def brs_binding(uuid: str, generation: int) -> bytes:
    return b"1099ops brs v1 " + canonical(
        {"format": FORMAT, "version": VERSION, "uuid": uuid, "generation": generation, "cipher": CIPHER}
    )


def retired_binding(uuid: str, generation: int, numbers: tuple[int, ...]) -> bytes:
    described = {"cipher": CIPHER, "retired": list(numbers)}
    return b"1099ops retired v1 " + canonical(
        {"format": FORMAT, "version": VERSION, "uuid": uuid, "generation": generation, **described}
    )


def render(body: Mapping[str, object]) -> bytes:
    """Return the file of a body: the same content with its checksum, one line a part."""
    content = {key: value for key, value in body.items() if key != "checksum"}
    complete = {**content, "checksum": hashlib.sha256(canonical(content)).hexdigest()}
    return (json.dumps(complete, sort_keys=True, indent=1, ensure_ascii=True) + "\n").encode("ascii")


def read(data: bytes, *, rescue: bool = False) -> KeyFile:
    """Return what a key file says.

    With `rescue` a wrong checksum is passed over and slots that make no sense are treated as unknown, so that the
    slots that are whole can still be tried: each proves itself.

    Raises: KeysDamaged, NewerSchema.
    """
    body = _parse(data)
    if body.get("format") != FORMAT:
        raise _damaged("The file ops.keys is not a key file of this program.")
    content = {key: value for key, value in body.items() if key != "checksum"}
    checksum = hashlib.sha256(canonical(content)).hexdigest()
    if not rescue and not hmac.compare_digest(checksum.encode(), str(body.get("checksum")).encode()):
        raise _damaged("The file ops.keys has been changed or damaged since it was written.")
    version = body.get("version")
    if type(version) is int and version > VERSION:
        raise NewerSchema(
            f"The file ops.keys has version {version}; this program knows up to version {VERSION}.",
            "Update the program. Nothing was changed.",
        )
    try:
        return _interpret(body, rescue=rescue)
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(f"The file ops.keys cannot be right: {_reason(error)}.") from error


def _parse(data: bytes) -> dict[str, object]:
    if not data.strip():
        raise _damaged("The file ops.keys is empty.")
    if len(data) > MAX_SIZE:
        raise _damaged(f"The file ops.keys has {len(data):,} bytes, far more than a key file.")
    try:
        body = strict_json.parse(data)
    except (ValueError, RecursionError) as error:
        if data.lstrip().startswith(b"{") and not data.rstrip().endswith(b"}"):
            raise _damaged("The file ops.keys is cut short.") from error
        raise _damaged("The file ops.keys is not readable text of a key file.") from error
    if not isinstance(body, dict):
        raise _damaged("The file ops.keys is not a key file of this program.")
    return body


def _interpret(body: Mapping[str, object], *, rescue: bool) -> KeyFile:
    if type(body["version"]) is not int or body["version"] != VERSION:
        raise ValueError("it has no known version")
    uuid = body["uuid"]
    if not isinstance(uuid, str) or _UUID.fullmatch(uuid) is None:
        raise ValueError("it names no database")
    entries = _list(body["generations"])
    generations = tuple(_generation(_object(entry), rescue=rescue) for entry in entries)
    numbers = [generation.number for generation in generations]
    if not 1 <= len(numbers) <= 2 or numbers != sorted(set(numbers)) or numbers[0] < 1:
        raise ValueError("its generations are out of order")
    return KeyFile(uuid=uuid, generations=generations, body=body)


def _generation(raw: Mapping[str, object], *, rescue: bool) -> Generation:
    number = raw["generation"]
    if type(number) is not int:
        raise TypeError("a generation has no number")
    return Generation(
        number=number,
        kcv=_hex(raw["kcv"], 16),
        brs=_sealed(_object(raw["brs"])),
        slots=tuple(_slot(_object(entry), rescue=rescue) for entry in _list(raw["slots"])),
        retired=_retired(_object(raw["retired"])) if "retired" in raw else None,
    )


def _retired(raw: Mapping[str, object]) -> Retired:
    numbers = tuple(number for number in _list(raw["generations"]) if type(number) is int)
    if not 1 <= len(numbers) <= MAX_RETIRED:
        raise ValueError("its older keys cannot be counted")
    ciphertext = _hex(raw["ciphertext"], 32 * len(numbers) + 16)
    return Retired(numbers, Sealed(nonce=_hex(raw["nonce"], 12), ciphertext=ciphertext))


def _slot(raw: Mapping[str, object], *, rescue: bool) -> Slot:
    kind = raw["kind"]
    if not isinstance(kind, str):
        raise TypeError("a slot has no kind")
    if kind not in set(SlotKind):
        return Slot(kind=kind, raw=raw)
    try:
        return _known_slot(SlotKind(kind), raw)
    except (ValueError, KeyError, TypeError):
        if rescue:
            return Slot(kind="damaged", raw=raw)
        raise


def _known_slot(kind: SlotKind, raw: Mapping[str, object]) -> Slot:
    parameters = _object(raw["parameters"])
    if raw["cipher"] != CIPHER:
        raise ValueError("a slot uses an unknown cipher")
    if kind is SlotKind.RECOVERY:
        if raw["algorithm"] != RECOVERY_ALGORITHM:
            raise ValueError("a recovery slot uses an unknown algorithm")
        found = Recovery(*(_hex(parameters[name], size) for name, size in _RECOVERY_PARAMETERS))
        return Slot(kind=kind, raw=raw, sealed=_sealed(raw), recovery=found)
    kdf = None
    if kind is SlotKind.KEYCHAIN:
        if raw["algorithm"] != "keychain":
            raise ValueError("a keychain slot uses an unknown algorithm")
    else:
        kdf = key_derivation.from_description(str(raw["algorithm"]), parameters)
    check = None if kind is SlotKind.PASSPHRASE else _hex(parameters["keychain_check"], 16)
    return Slot(kind=kind, raw=raw, sealed=_sealed(raw), kdf=kdf, keychain_check=check)


def _sealed(raw: Mapping[str, object]) -> Sealed:
    return Sealed(nonce=_hex(raw["nonce"], 12), ciphertext=_hex(raw["ciphertext"], 48))


def _hex(value: object, size: int) -> bytes:
    if not isinstance(value, str) or len(value) != 2 * size:
        raise ValueError(f"a field of {size} bytes has another length")
    return bytes.fromhex(value)


def _object(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise TypeError("a part of it has another shape")
    return value


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError("a part of it has another shape")
    return value


def _reason(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"it has no {error.args[0]!r}"
    return str(error).rstrip(".")


def _damaged(message: str) -> KeysDamaged:
    return KeysDamaged(message, _HINT)
