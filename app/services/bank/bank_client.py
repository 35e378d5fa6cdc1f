"""Asking the relay: with this device's key and certificate, every call in the list of what left this machine.

A certificate is renewed from ten days before its end. One that ended all the same is replaced without a person only
where the relay takes everybody in; elsewhere that takes a new grant.
"""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from app.adapters.randomness import OsRandomness
from app.core.bank.words import refused
from app.core.errors import AppError, BankError, BankRefused, NotFound
from app.services.bank import bank_secrets
from app.services.program import program_log
from app.services.program.program_log import Event
from app.store import bank_settings, egress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.adapters.device_key import DeviceKey
    from app.adapters.relay_client import RelayClient, Traffic
    from app.services.bank.bank_child import KeyPlace, OwnKeys
    from app.services.books.open_books import Books
    from app.store.bank_settings import BankSetting

Json = dict[str, Any]

RENEW_SECONDS = 10 * 86_400
"""How long before its end a certificate is renewed."""
_RENEWABLE = frozenset({"bad_certificate", "certificate_expired"})


class Certificate(NamedTuple):
    """What the relay gave this device: it says nothing about who owns it."""

    text: str
    ends: int
    is_open: bool
    """Whether the relay takes everybody in, so that a new one needs no grant."""


class Relay:
    """A relay that can be asked. Made by `asking`; raises BankUnreachable and BankRefused with words for a person."""

    def __init__(self, books: Books, client: RelayClient, errand: Errand, *, in_batch: bool) -> None:
        self._books, self.client, self._errand, self._in_batch = books, client, errand, in_batch
        self._looked = False

    def post(self, path: str, body: Json, purpose: str) -> Json:
        """Send one call. `purpose` is one of the fixed words of the traffic list."""
        try:
            return self._posted(path, body, purpose)
        except BankError as error:
            _note_refusal(error, purpose)
            raise
        finally:
            if not self._in_batch:
                self._errand.flush()

    def _posted(self, path: str, body: Json, purpose: str) -> Json:
        self._certified()
        try:
            answer = self.client.post(path, body, purpose=purpose)
        except BankRefused as error:
            if error.reason not in _RENEWABLE or not self._is_open():
                raise
            self.enrol("", is_open=True)
            return self.client.post(path, body, purpose=purpose)
        self._renew_in_time()
        return answer

    def item(self, path: str, item_id: str, purpose: str, **more: Any) -> Json:  # noqa: ANN401 - JSON of the protocol
        """Ask about a linked bank; a token the relay sealed anew replaces the one that is kept.

        Raises: also BankRefused `bad_sealed_token` where there is no token.
        """
        token = bank_secrets.get(self._books, bank_secrets.TOKEN + item_id)
        if token is None:
            raise refused("bad_sealed_token")
        answer = self.post(path, {"sealed_token": token, "item_id": item_id, **more}, purpose)
        again = answer.get("reseal")
        if isinstance(again, dict) and again.get("item_id") == item_id and isinstance(again.get("sealed_token"), str):
            bank_secrets.put(self._books, bank_secrets.TOKEN + item_id, again["sealed_token"])
        return answer

    def config(self) -> Json:
        """Return what the relay offers to anybody."""
        try:
            return self.client.config()
        except BankError as error:
            _note_refusal(error, "settings")
            raise
        finally:
            self._errand.flush()

    def enrol(self, grant: str, *, is_open: bool) -> None:
        """Get a certificate for this device's key, with a grant where the relay wants one."""
        body = {"grant": grant} if grant else {}
        answer = self.client.post("/v1/enrol", body, purpose="enrol", with_certificate=False)
        self._keep(answer, is_open=is_open)

    def _certified(self) -> None:
        if self.client.certificate:
            return
        held = certificate(self._books)
        if held is None:
            self.enrol("", is_open=True)
        else:
            self.client.certificate = held.text

    def _renew_in_time(self) -> None:
        """Renew the certificate when it is time, by the relay's clock. While the old one holds, a no stops nothing."""
        held = None if self._looked else certificate(self._books)
        self._looked = True
        now = self.client.server_time or self._books.clock.now().timestamp()
        if held is not None and held.ends - now < RENEW_SECONDS:
            with contextlib.suppress(BankError):
                self._keep(self.client.post("/v1/enrol/renew", {}, purpose="renew"), is_open=held.is_open)

    def _is_open(self) -> bool:
        held = certificate(self._books)
        return held is not None and held.is_open

    def _keep(self, answer: Json, *, is_open: bool) -> None:
        text, ends = answer.get("certificate"), answer.get("expires_at")
        if not isinstance(text, str) or not isinstance(ends, int):
            raise refused("upstream", retry="later")
        self.client.certificate = text
        keep_certificate(self._books, Certificate(text, ends, is_open))


class Errand:
    """Notes what is sent: one entry for each host and purpose of an errand, with the bytes of all its calls."""

    def __init__(self, books: Books, allowed_by: str, host: str | None) -> None:
        """Take what the person did that lets it happen, and the host where that is another than the one called."""
        self._books, self._allowed_by, self._host = books, allowed_by, host
        self._waiting: list[Traffic] = []
        self._entries: dict[tuple[str, str], int] = {}

    def note(self, traffic: Traffic) -> None:
        self._waiting.append(traffic)

    def flush(self) -> None:
        """Write what was sent since. What is sent already is told of even where writing is hindered: next time."""
        waiting = self._waiting
        if not waiting:
            return
        with contextlib.suppress(AppError), bank_secrets.writing(self._books, durable=False):
            for each in waiting:
                self._write(each)
            self._waiting = []

    def _write(self, traffic: Traffic) -> None:
        connection = self._books.connection
        key = (self._host or traffic.host, traffic.purpose)
        if key in self._entries:
            egress.count_in(connection, self._entries[key], sent=traffic.sent, received=traffic.received)
            return
        self._entries[key] = egress.add(
            connection, at=int(self._books.clock.now().timestamp() * 1000), host=key[0], purpose=key[1],
            sent=traffic.sent, received=traffic.received, allowed_by=self._allowed_by,
        )  # fmt: skip


@contextlib.contextmanager
def calling(
    books: Books, allowed_by: str, *, in_batch: bool = False, setting: BankSetting | None = None,
    key: DeviceKey | None = None,
) -> Iterator[Relay]:  # fmt: skip
    """Give the relay these books are set up for, or that of a `setting` to come; `key` is another device's.

    `in_batch` writes the list of what left when the errand ends, and not after each call.

    Raises: NotFound when no bank link is set up; Refused on books that only read; the keychain's errors.
    """
    from app.adapters.relay_client import RelayClient  # noqa: PLC0415 - most runs call nobody

    books.refuse_reader()
    found = setting or setting_of(books)
    if found is None:
        raise not_set_up()
    origin, host = _address(books, found)
    errand = Errand(books, allowed_by, host)
    client = RelayClient(
        origin, key or device_key(books), note=errand.note, random=OsRandomness().token,
        now=lambda: books.clock.now().timestamp(), at_once=host is not None,
    )  # fmt: skip
    try:
        with client, books.line.taken_by(client):
            yield Relay(books, client, errand, in_batch=in_batch)
    finally:
        errand.flush()


def _address(books: Books, setting: BankSetting) -> tuple[str, str | None]:
    """Return the relay's address; for one that is a child of ours also whom it calls: that is what leaves."""
    if setting.mode == "relay":
        return setting.relay_url or "", None
    from app.services.bank import bank_child  # noqa: PLC0415 - own keys only

    if books.child is None:
        books.child = bank_child.RelayChild(lambda: key_place(books), OsRandomness(), books.home / bank_child.FOLDER)
    return books.child.origin(), _host(setting.relay_url) or f"{setting.env}.plaid.com"


def _host(url: str | None) -> str | None:
    from urllib.parse import urlsplit  # noqa: PLC0415 - own keys only

    return urlsplit(url).hostname if url else None


def setting_of(books: Books) -> BankSetting | None:
    return bank_settings.get(books.connection)


def not_set_up() -> NotFound:
    return NotFound(
        "No bank link is set up for these books.",
        "Set one up with: ops1099 bank setup --relay URL. Files can be imported without.",
    )


def device_key(books: Books) -> DeviceKey:
    """Return this device's key; it is made when it is first asked for. Raises: the keychain's errors."""
    from app.adapters.device_key import SIZE, DeviceKey  # noqa: PLC0415 - as above

    held = bank_secrets.get(books, bank_secrets.DEVICE)
    if held is not None:
        with contextlib.suppress(ValueError):
            return DeviceKey(bytes.fromhex(held))
    made = OsRandomness().token(SIZE)
    bank_secrets.put(books, bank_secrets.DEVICE, made.hex())
    return DeviceKey(made)


def own_keys(books: Books) -> OwnKeys:
    """Return the person's own keys of the provider, for a change of them: from then on they are in this memory.

    Raises: NotFound; the keychain's errors.
    """
    from app.services.bank.bank_child import OwnKeys  # noqa: PLC0415 - own keys only
    from app.services.bank.own_keys_feeder import missing  # noqa: PLC0415 - as above

    held = bank_secrets.get(books, bank_secrets.OWN)
    try:
        return OwnKeys.read(held or "{}")
    except ValueError:
        raise missing() from None


def key_place(books: Books) -> KeyPlace | OwnKeys:
    """Return where the person's own keys lie, for a process that reads them there.

    A keychain that is not the system's is this process's own, so it is asked here. Raises: as `own_keys`.
    """
    from app.adapters.keychain import SystemKeychain  # noqa: PLC0415 - own keys only
    from app.services.bank.bank_child import KeyPlace  # noqa: PLC0415 - as above
    from app.services.bank.own_keys_feeder import missing  # noqa: PLC0415 - as above

    entry, sealed = bank_secrets.place(books, bank_secrets.OWN)
    if entry is not None and not isinstance(books.keychain, SystemKeychain):
        return own_keys(books)
    if entry is None and sealed is None:
        raise missing()
    return KeyPlace(entry, sealed, b"" if sealed is None else books.subkey("bank-secret"), books.uuid)


def certificate(books: Books) -> Certificate | None:
    held = bank_secrets.get(books, bank_secrets.CERTIFICATE)
    if held is None:
        return None
    try:
        found = json.loads(held)
        return Certificate(str(found["text"]), int(found["ends"]), bool(found["is_open"]))
    except (ValueError, KeyError, TypeError):
        return None


def keep_certificate(books: Books, held: Certificate) -> None:
    bank_secrets.put(books, bank_secrets.CERTIFICATE, json.dumps(held._asdict()))


def _note_refusal(error: BankError, purpose: str) -> None:
    reason = error.reason if isinstance(error, BankRefused) else error.code
    program_log.note(Event.BANK_REFUSED, reason=reason, purpose=purpose)
