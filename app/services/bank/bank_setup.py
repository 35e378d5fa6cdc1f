"""Choosing the way to the banks: a relay somebody runs, or the same relay on this computer with one's own keys."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import SplitResult, urlsplit

from app.adapters import safe_files
from app.core.bank.words import refused
from app.core.errors import BankRefused, Conflict, NotFound, Refused
from app.services.audit.audit_notes import note
from app.services.bank import bank_client, bank_secrets
from app.services.bank.bank_asking import asking
from app.services.bank.bank_client import setting_of
from app.services.program import program_log
from app.services.program.program_log import Event
from app.store import bank_settings
from app.store.bank_settings import BankSetting

if TYPE_CHECKING:
    from app.services.bank.bank_child import OwnKeys
    from app.services.books.open_books import Books

API = 1
"""The version of the protocol this program speaks."""
CODE = "bank_setup"
ENVS = ("sandbox", "production")
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_LONGEST, _LONGEST_GRANT = 2_000, 8_192
_GRANT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_HOST = re.compile(r"[a-z0-9.-]+")
_TWO_LINES = (
    "These are no keys of Plaid.",
    "Give two lines: the client id, then the secret of this environment. Both are at dashboard.plaid.com.",
)
_ALLOWED_BY = "bank setup"


class Ready(NamedTuple):
    """A bank link that answered and knows this device."""

    mode: str
    env: str
    relay: str | None
    operation: int | None


def setup_relay(books: Books, url: str, *, grant: str = "", link_host: str | None = None) -> Ready:
    """Use a relay: ask what it offers, get a certificate for this device, and only then keep the setting.

    Raises: Refused (an address that is none, a grant that is missing, another host than the provider's outside its
    sandbox), BankUnreachable, BankRefused; Conflict when banks are linked that this relay cannot read.
    """
    address = relay_address(url)
    return _set_up(books, BankSetting("relay", address, "", link_host), grant=grant.strip())


def setup_own_keys(
    books: Books, client_id: str, secret: str, *, env: str, link_host: str | None = None,
    plaid_host: str | None = None,
) -> Ready:  # fmt: skip
    """Use one's own keys of the provider, with a relay on this computer alone. The keys go to the keychain.

    `plaid_host` is another address of the provider, for its sandbox on this computer only. Raises: as `setup_relay`.
    """
    from app.adapters.randomness import OsRandomness  # noqa: PLC0415 - once
    from app.services.bank import bank_child  # noqa: PLC0415 - own keys only

    if env not in ENVS:
        raise Refused(f"“{env}” is no environment of Plaid.", "It is sandbox or production.")
    if plaid_host is not None and (env != "sandbox" or urlsplit(plaid_host).hostname not in _LOOPBACK):
        raise Refused("Another address of Plaid is for tests on this computer, in the sandbox.")
    _check_keys(client_id, secret)
    held = _own_keys(books)
    made = bank_child.new_keys(client_id, secret, env=env, host=plaid_host, randomness=OsRandomness())
    if held is not None and (held.client_id, held.env) == (client_id, env):
        # The same account with a new secret: what was sealed before must open.
        made = made._replace(seal=held.seal, nonce=held.nonce, signing=held.signing)
    if books.child is not None:
        books.child.stop()
    bank_secrets.put(books, bank_secrets.OWN, made.text())
    try:
        return _set_up(books, BankSetting("own_keys", plaid_host, env, link_host), grant="")
    except BaseException:
        if held is not None:
            bank_secrets.put(books, bank_secrets.OWN, held.text())
        elif setting_of(books) is None:
            bank_secrets.remove(books, bank_secrets.OWN)
        if books.child is not None:
            books.child.stop()
        raise


def read_keys(descriptor: int) -> tuple[str, str]:
    """Return the client id and the secret of two lines. Raises: BadFile, Locked, Refused."""
    found = safe_files.read_fd(descriptor, goes_on=lambda text: " " not in text).split()
    if len(found) != 2:
        raise Refused(_TWO_LINES[0], _TWO_LINES[1])
    return found[0], found[1]


def read_grant(file: str) -> str:
    """Return the grant a file holds. Raises: BadFile, Refused."""
    text = safe_files.read_limited(Path(file).expanduser(), _LONGEST_GRANT).decode("ascii", "replace").strip()
    if not _GRANT.fullmatch(text):
        raise Refused("This file holds no grant.", "Ask whoever runs your relay for one: ops1099-relay grant")
    return text


def _own_keys(books: Books) -> OwnKeys | None:
    try:
        return bank_client.own_keys(books)
    except NotFound:
        return None


def _check_keys(client_id: str, secret: str) -> None:
    for what, text in (("client id", client_id), ("secret", secret)):
        if not text or len(text) > 200 or not text.isascii() or not text.isprintable() or " " in text:
            raise Refused(f"The {what} is no key of Plaid.", _TWO_LINES[1])


def _set_up(books: Books, wanted: BankSetting, *, grant: str) -> Ready:
    with asking(books, _ALLOWED_BY, setting=wanted) as relay:
        offered = relay.config()
        env = str(offered.get("plaid_env"))
        if offered.get("api") != API or env not in ENVS:
            raise refused("not_found")
        wanted = wanted._replace(env=env)
        _check_link_host(wanted)
        is_open = offered.get("enrolment") == "open"
        held = bank_client.certificate(books)
        before = setting_of(books)
        if not is_open and not grant and (held is None or before is None or before.relay_url != wanted.relay_url):
            raise Refused(
                "This relay lets in only who has a grant.", "Ask whoever runs it for one, and add --grant-file FILE."
            )
        if is_open or grant:
            relay.enrol(grant, is_open=is_open)
        _refuse_other_relay(books, relay)
    operation = _keep(books, wanted)
    program_log.note(Event.BANK_SETUP, mode=wanted.mode)
    return Ready(wanted.mode, wanted.env, wanted.relay_url if wanted.mode == "relay" else None, operation)


def _refuse_other_relay(books: Books, relay: bank_client.Relay) -> None:
    """Look whether this relay opens the tokens that are kept. Raises: Conflict."""
    linked = bank_secrets.names(books, bank_secrets.TOKEN)
    if not linked:
        return
    try:
        relay.item("/v1/item", linked[0], "health")
    except BankRefused as error:
        if error.reason != "bad_sealed_token":
            return
        raise Conflict(
            "Banks are connected through another bank link, and this one cannot read them.",
            "Disconnect them first (ops1099 bank disconnect ID --keep-rows), then set this one up.",
        ) from None


def _keep(books: Books, wanted: BankSetting) -> int | None:
    if setting_of(books) == wanted:
        return None
    with books.work.operation(CODE, durable=True) as work:
        bank_settings.put(books.connection, wanted)
        note(books, "bank.setup", mode=wanted.mode.replace("_", "-"), code=wanted.env)
    return work.outcome.operation


# --- addresses


def relay_address(text: str) -> str:
    """Return the address of a relay in the one way it is written. Raises: Refused."""
    parts = _split(text)
    if parts is None or not parts.hostname or parts.query or parts.fragment or parts.username or parts.password:
        raise Refused("This is no address of a relay.", "Write it as https://relay.example.com")
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise Refused(
            "The way to a relay must be encrypted.", "Write it as https://…; plain http only for this computer itself."
        )
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}"


def page_address(setting: BankSetting, text: object) -> str:
    """Return the address of the bank's page if it is the provider's: nothing else is opened in a browser.

    Raises: BankRefused.
    """
    parts = _split(text) if isinstance(text, str) and len(text) <= _LONGEST else None
    if parts is not None and isinstance(text, str) and text.isascii() and text.isprintable() and not parts.username:
        host = parts.hostname or ""
        is_plaid = host.endswith(".plaid.com") and _HOST.fullmatch(host)
        if parts.scheme == "https" and is_plaid and parts.port in {None, 443}:
            return text
        if setting.env == "sandbox" and setting.link_host and _is_host(parts, setting.link_host):
            return text
    raise BankRefused(
        "bad_page",
        said=(
            "The bank link named a page that is not Plaid's, so it was not opened.",
            "Do not open it by hand. Tell whoever runs your relay.",
        ),
    )


def _is_host(parts: SplitResult, wanted: str) -> bool:
    other = _split(wanted if "//" in wanted else f"//{wanted}")
    if other is None or parts.hostname != other.hostname:
        return False
    is_local = parts.hostname in _LOOPBACK
    return parts.scheme in ({"http", "https"} if is_local else {"https"}) and other.port in {None, parts.port}


def _check_link_host(setting: BankSetting) -> None:
    if setting.link_host is None:
        return
    if setting.env != "sandbox":
        raise Refused("Another host of the bank's page is for the sandbox only.", "Leave out --link-host.")
    host = _split(setting.link_host if "//" in setting.link_host else f"//{setting.link_host}")
    if host is None or not host.hostname or host.path.strip("/") or host.query or host.fragment or host.username:
        raise Refused("This is no host.", "Write it as 127.0.0.1:8080")


def _split(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text.strip())
        _ = parts.port
    except ValueError:
        return None
    return parts
