"""Change a key file that exists: another way to unlock, a recovery key, a new database key.

Each function takes the file and its open keys and returns the bytes of the new file; nothing is written here. Slots of
kinds this program does not know are kept, and so is every part it does not understand.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence

from app.core.errors import KeysDamaged, NewerSchema
from app.core.ports import Randomness
from app.core.security import key_file, wrapping
from app.core.security.envelope import Keys
from app.core.security.key_derivation import hkdf
from app.core.security.key_file import MAX_RETIRED, Generation, KeyFile, SlotKind
from app.core.security.wrapping import SLOT_OF_MODE, Place, Way

_WAYS = frozenset(str(kind) for kind in SLOT_OF_MODE.values())


def replace_way(keyfile: KeyFile, keys: Keys, way: Way, randomness: Randomness) -> bytes:
    """Return the file with this way to unlock in place of the one it had: a new passphrase, cost or mode."""
    slot = wrapping.slot_of_way(way, keys.place, keys.dbk, randomness)
    others = [each.raw for each in _current(keyfile, keys).slots if each.kind not in _WAYS]
    return _with_slots(keyfile, keys, [slot, *others])


def replace_recovery(keyfile: KeyFile, keys: Keys, secret: bytes, randomness: Randomness) -> bytes:
    """Return the file with this recovery key; an older one opens it no more."""
    slot = wrapping.slot_of_recovery(wrapping.recovery_public(secret), keys.place, keys.dbk, randomness)
    return _with_slots(keyfile, keys, [*_without_recovery(keyfile, keys), slot])


def remove_recovery(keyfile: KeyFile, keys: Keys) -> bytes:
    return _with_slots(keyfile, keys, _without_recovery(keyfile, keys))


def begin_rotation(keyfile: KeyFile, keys: Keys, dbk: bytes, way: Way, randomness: Randomness) -> bytes:
    """Return the file with a second generation for a new database key, beside the one that is.

    The recovery slot is sealed anew to its public key; the root secret and the older keys are sealed under the new key.

    Raises: KeysDamaged (the recovery slot was exchanged), NewerSchema (a slot of an unknown kind could not be renewed).
    """
    old = _current(keyfile, keys)
    if keyfile.pending:
        raise ValueError("a rotation is under way")
    place = Place(keys.uuid, keys.generation + 1)
    slots = [wrapping.slot_of_way(way, place, dbk, randomness)]
    for slot in old.slots:
        if slot.recovery is not None:
            _refuse_exchanged(slot.recovery, keys)
            slots.append(wrapping.slot_of_recovery(slot.recovery.public, place, dbk, randomness))
        elif slot.kind not in _WAYS:
            raise NewerSchema(
                "These books can also be unlocked in a way this version of the program does not know.",
                "Change the database key with the newer program. Nothing was changed.",
            )
    entry = {
        "generation": place.generation,
        "kcv": wrapping.check_value(dbk, keys.uuid).hex(),
        "brs": wrapping.sealed_brs(place, dbk, keys.brs, randomness),
        "slots": slots,
        "retired": _retired(place, dbk, keys, randomness),
    }
    return key_file.render({**keyfile.body, "generations": [_entries(keyfile)[0], entry]})


def only(keyfile: KeyFile, generation: int) -> bytes:
    """Return the file with one generation alone: the end of a rotation, or its undoing."""
    kept = [entry for entry in _entries(keyfile) if entry["generation"] == generation]
    if len(kept) != 1:
        raise ValueError("no such generation")
    return key_file.render({**keyfile.body, "generations": kept})


def opened_by(keyfile: KeyFile, way: Way) -> bytes | None:
    """Return the newest database key as a way opens it: the proof that a new file will open tomorrow."""
    entry = keyfile.newest
    slot = entry.slot(SLOT_OF_MODE[way.mode])
    if slot is None or slot.sealed is None:
        return None
    kek = wrapping.wrapping_key(SlotKind(slot.kind), way.keychain_key, way.stretched)
    return wrapping.decrypt(kek, slot.sealed, key_file.slot_binding(keyfile.uuid, entry.number, slot.raw))


def _retired(place: Place, dbk: bytes, keys: Keys, randomness: Randomness) -> dict[str, object]:
    """Return the old key and those before it, sealed under the new one."""
    older = {keys.generation: keys.dbk, **keys.older()}
    numbers = tuple(sorted(older, reverse=True)[:MAX_RETIRED])
    key = hkdf(dbk, b"1099ops retired v1")
    binding = key_file.retired_binding(place.uuid, place.generation, numbers)
    sealed = wrapping.encrypt(key, b"".join(older[number] for number in numbers), binding, randomness)
    return {"generations": list(numbers), **sealed}


def _refuse_exchanged(recovery: key_file.Recovery, keys: Keys) -> None:
    if not hmac.compare_digest(wrapping.recovery_proof(keys.dbk, recovery.public, keys.place), recovery.proof):
        raise KeysDamaged(
            "The recovery key in ops.keys was not put there by these books.",
            "Make a new one with: ops1099 vault recovery. Then look who else may write to the home folder.",
        )


def _current(keyfile: KeyFile, keys: Keys) -> Generation:
    """Return the generation of open keys. Raises: ValueError when the file has it no more."""
    found = keyfile.numbered(keys.generation)
    if found.number != keys.generation or keyfile.uuid != keys.uuid:
        raise ValueError("these keys are not of this file")
    return found


def _without_recovery(keyfile: KeyFile, keys: Keys) -> list[Mapping[str, object]]:
    return [slot.raw for slot in _current(keyfile, keys).slots if slot.kind != SlotKind.RECOVERY]


def _with_slots(keyfile: KeyFile, keys: Keys, slots: Sequence[Mapping[str, object]]) -> bytes:
    entries = [
        {**entry, "slots": list(slots)} if entry["generation"] == keys.generation else entry
        for entry in _entries(keyfile)
    ]
    return key_file.render({**keyfile.body, "generations": entries})


def _entries(keyfile: KeyFile) -> list[dict[str, object]]:
    entries = keyfile.body["generations"]
    assert isinstance(entries, list)
    return entries
