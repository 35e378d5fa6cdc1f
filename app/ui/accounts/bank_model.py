"""What connecting a bank says and asks, without a widget."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit

from app.core.books.vocabulary import AccountKind
from app.ui.runtime.bank_port import FoundAccount, Goes, Way

RELAY, OWN = "relay", "own_keys"
WAYS = ((RELAY, "Through a relay"), (OWN, "With my own Plaid keys"))
ENVS = (("production", "Production: real banks"), ("sandbox", "Sandbox: made-up banks"))


class Promise(NamedTuple):
    """What connecting a bank sends, what it does not, and who sees what: said before anything happens."""

    lead: str
    leaves: tuple[str, ...]
    stays: tuple[str, ...]
    seen: tuple[str, ...]


def promise(way: str, address: str = "") -> Promise:
    """Return the words for a way; `address` is the relay's, where it is known already."""
    if way == OWN:
        return Promise(
            "Nothing has been sent yet. With your own keys, this computer talks to Plaid itself.",
            (
                "To Plaid: your Plaid client id and secret with every call.",
                "To Plaid: a request for your bank’s page, then the key of that bank, each time its rows are fetched.",
            ),
            _STAYS,
            (
                "Plaid fetches transactions, balances and account names at the bank and sends them to this computer.",
                "Your secret lies in this computer’s keychain, or sealed in the books where there is none.",
            ),
        )
    host = host_of(address)
    relay = f"the relay {host}" if host else "your relay"
    return Promise(
        f"Nothing has been sent yet. This computer will talk to {relay}, and it to Plaid.",
        (
            "To the relay: a request for your bank’s page, signed with a key made on this computer.",
            "To the relay: the bank’s key, sealed, each time its rows are fetched. It works only with this computer.",
            "To the relay, once: your invitation, where it asks for one. No name, no e-mail.",
        ),
        _STAYS,
        (
            "Plaid fetches transactions, balances and account names at the bank. The relay passes them on.",
            "The relay keeps nothing of them.",
            "Whoever runs the relay could read them as they pass. With your own Plaid keys there is no relay.",
        ),
    )


_STAYS = (
    "Your bank password: you type it at your bank, in your browser, never here.",
    "Your books: no category, client, note, receipt or tax figure, and nothing you imported from files.",
    "Your passphrase and the keys of the books.",
)

ALWAYS = (
    "It is read only: no money can be moved. Every connection is listed under Settings › Privacy, and you can "
    "disconnect at any time."
)

STEPS = (
    ("Sign in at your bank", "in your browser, never in this window"),
    ("Choose the accounts", "read only, nothing can be moved"),
    ("The key stays sealed", "on this computer, useless without it"),
)

STATES = {
    "waiting": ("Sign in at your bank in the browser", "The page has not been opened yet."),
    "open": ("Sign in at your bank in the browser", "The page is open. When you are done there, this goes on."),
    "left": ("The page was closed before you were done", "Open it again, or cancel. Nothing was linked."),
    "linked": ("Reading what was linked", ""),
    "repaired": ("Signed in again", ""),
}


def host_of(address: str) -> str:
    """Return the host of an address, empty while it is none."""
    try:
        return urlsplit(address.strip()).hostname or ""
    except ValueError:
        return ""


def address_problem(text: str) -> str:
    """Return what is wrong with the address of a relay; empty when nothing is seen to be."""
    text = text.strip()
    if not text:
        return "Type the address you were given."
    try:
        parts = urlsplit(text)
    except ValueError:
        return "This is no address. It looks like https://relay.example.com"
    local = parts.hostname in {"127.0.0.1", "::1", "localhost"}
    if parts.scheme != "https" and not (local and parts.scheme == "http"):
        return "It begins with https://"
    return "" if parts.hostname else "This is no address. It looks like https://relay.example.com"


def way_words(way: Way) -> str:
    """Return how banks are reached, in a line."""
    sandbox = " (sandbox: made-up banks)" if way.env == "sandbox" else ""
    return f"With your own Plaid keys{sandbox}" if way.is_own else f"Through {host_of(way.address)}{sandbox}"


def new_name(institution: str, account: FoundAccount) -> str:
    """Return the name a new account gets: the bank's and its own, with the last four digits."""
    name = (
        account.name
        if account.name.casefold().startswith(institution.casefold())
        else (f"{institution} {account.name}")
    )
    return name if not account.last4 or account.last4 in name else f"{name} ··{account.last4}"


def suggested(institution: str, account: FoundAccount) -> Goes:
    """Return where an account's rows go unless the person says otherwise."""
    return Goes(account.account_id, new_name(institution, account), account.kind or AccountKind.OTHER, account.role)
