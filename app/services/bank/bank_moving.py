"""Linked banks on a new computer: what a backup brought is moved to a key of this device.

The relay seals each token for the new key when the old one and the new one both sign. A token is moved, and only then
its copy forgotten; killed on the way, the next use of the bank link goes on. With own keys the relay is on this
computer too, so there is nobody to tell: everything is taken over as it is.
"""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

from app.core.errors import BankRefused
from app.services.audit.audit_notes import note
from app.services.bank import bank_client, bank_secrets
from app.services.bank.bank_client import Certificate
from app.services.bank.bank_secrets import CERTIFICATE, COPY, DEVICE, OWN, TOKEN
from app.services.program import program_log
from app.services.program.program_log import Event

if TYPE_CHECKING:
    from app.adapters.device_key import DeviceKey
    from app.services.bank.bank_client import Relay
    from app.services.books.open_books import Books

Json = dict[str, Any]

_NEW_CERTIFICATE = COPY + CERTIFICATE
_LOST = frozenset({"gone", "bad_sealed_token"})


def is_due(books: Books) -> bool:
    """Return whether a backup brought something that is still to be moved."""
    return bool(bank_secrets.names(books, COPY))


def move(books: Books) -> int:
    """Move everything, and return how many banks came along. Raises: BankUnreachable, BankRefused, the keychain's."""
    tokens = [name.removeprefix(TOKEN) for name in bank_secrets.names(books, COPY) if name.startswith(TOKEN)]
    held = bank_secrets.get(books, DEVICE)
    old = bank_secrets.get(books, COPY + DEVICE)
    setting = bank_client.setting_of(books)
    if old is None or (held is None and (not tokens or setting is None or setting.mode == "own_keys")):
        # Nothing is to be moved at a relay: what came along becomes this computer's.
        moved = _take_over(books, tokens)
    elif held == old:
        moved = _take_over(books, tokens)
    else:
        moved = _moved(books, old, tokens)
    _forget(books)
    note(books, "bank.moved", count=moved)
    program_log.note(Event.BANK_LINKED, mode="moved")
    return moved


def _take_over(books: Books, tokens: list[str]) -> int:
    for name in (OWN, DEVICE, *(TOKEN + item_id for item_id in tokens)):
        value = bank_secrets.get(books, COPY + name)
        if value is not None and bank_secrets.get(books, name) is None:
            bank_secrets.put(books, name, value)
    return len(tokens)


def _moved(books: Books, old: str, tokens: list[str]) -> int:
    from app.adapters.device_key import DeviceKey  # noqa: PLC0415 - once on a new computer

    new = bank_client.device_key(books)
    count = 0
    with bank_client.calling(books, "restored backup", key=DeviceKey(bytes.fromhex(old))) as relay:
        for item_id in tokens:
            if bank_secrets.get(books, TOKEN + item_id) is None:
                count += _move_one(books, relay, item_id, new)
            bank_secrets.remove(books, COPY + TOKEN + item_id)
    certificate = bank_secrets.get(books, _NEW_CERTIFICATE)
    if certificate is not None:
        bank_secrets.put(books, CERTIFICATE, certificate)
    return count


def _move_one(books: Books, relay: Relay, item_id: str, new: DeviceKey) -> bool:
    """Move one token; False for one that is of no use any more, whose bank must be connected anew."""
    from app.adapters.device_key import hashed  # noqa: PLC0415 - as above

    sealed = bank_secrets.get(books, COPY + TOKEN + item_id) or ""
    about = {"sealed_token": sealed, "item_id": item_id}
    try:
        # The new key's proof carries the number the relay gives out with this answer.
        with contextlib.suppress(BankRefused):
            relay.post("/v1/item", about, "health")
        proof = relay.client.proof("/v1/item/rebind", hashed(sealed), new)
        answer = relay.post("/v1/item/rebind", {**about, "new_jwk": new.jwk, "new_proof": proof}, "move")
    except BankRefused as error:
        if error.reason in _LOST:
            return False
        raise
    before = bank_client.certificate(books)
    fresh = Certificate(str(answer["certificate"]), int(answer["expires_at"]), before is not None and before.is_open)
    bank_secrets.put(books, _NEW_CERTIFICATE, json.dumps(fresh._asdict()))
    bank_secrets.put(books, TOKEN + item_id, str(answer["sealed_token"]))
    return True


def _forget(books: Books) -> None:
    bank_secrets.remove(books, *(COPY + name for name in bank_secrets.names(books, COPY)))
