"""Linking a bank: the page in the person's own browser, waiting for it, and the person's word that it is theirs.

The handle of a page that was begun is kept until it ended, so a bank that somebody linked is found again after any
stop of the program. What the page brought is kept before the relay is told that it may forget it, and becomes accounts
only when the person said yes; on a no the bank is unlinked where it was linked.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from app.adapters.randomness import OsRandomness
from app.core.bank.words import of_page, refused
from app.core.errors import BankRefused, NotFound
from app.services.audit.audit_notes import note
from app.services.bank import bank_accounts, bank_client, bank_records, bank_secrets, bank_setup
from app.services.bank.bank_asking import asking
from app.services.program import program_log
from app.services.program.program_log import Event

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.services.bank.bank_client import Relay
    from app.services.books.open_books import Books
    from app.store.bank import BankAccount, BankConnection

Json = dict[str, Any]

DAYS = 730
"""Days of history that are asked for. The provider gives no more, and the number cannot be raised later."""
FIRST_SECONDS, FIRST_EVERY, LATER_EVERY = 60.0, 2.0, 5.0
"""How often it is asked how the page stands: often in the first minute, then less."""
_ALLOWED_BY = "bank connect"
_DONE = frozenset({"linked", "repaired"})


class Page(NamedTuple):
    """A page of the bank that was begun. `state` is how far the person is with it, as far as is known."""

    handle: str
    url: str
    mode: str
    connection: int | None
    ends: int
    state: str = "waiting"
    reason: str | None = None
    """Why it ended, where the relay says more; `words` knows what it means."""
    banks: str = ""
    """The banks that were linked there and are lost."""

    @property
    def words(self) -> tuple[str, str]:
        """What happened, and what to do."""
        return of_page(self.state, self.reason, self.banks)

    def is_over(self, now: float) -> bool:
        return self.state in {"expired", *_DONE} or now > self.ends


class Linked(NamedTuple):
    """A bank that was linked and waits for the person's word."""

    item_id: str
    institution_id: str | None
    institution: str
    accounts: tuple[Json, ...]
    twin: int | None
    """A connection of the same bank that is there already."""
    is_same: bool
    """Whether that one has an account of these, too: the same bank a second time, and billed a second time."""
    lost_on: str | None = None
    """The day of an earlier link of this bank that was lost: it may still be there, and billed."""

    def body(self) -> Json:
        """Return what is shown of it; nothing of it is secret."""
        return {
            "institution": self.institution, "twin": self.twin, "same_accounts": self.is_same, "lost_on": self.lost_on,
            "accounts": [
                {"name": _text(each.get("name")), "last4": _text(each.get("mask")), "type": _text(each.get("type")),
                 "subtype": _text(each.get("subtype"))}
                for each in self.accounts
            ],
        }  # fmt: skip


def begin(books: Books, *, mode: str = "new", connection: int | None = None) -> Page:
    """Begin a page: a new bank, or for a linked one `repair` or `accounts`.

    Raises: NotFound, BankUnreachable, BankRefused, the keychain's errors.
    """
    setting = bank_client.setting_of(books)
    if setting is None:
        raise bank_client.not_set_up()
    with asking(books, _ALLOWED_BY if mode == "new" else "bank reconnect") as relay:
        if mode == "new":
            answer = relay.post("/v1/link/start", {"mode": mode, "days": DAYS}, "link")
        else:
            item_id = bank_records.standing(books, connection).item_id
            answer = relay.item("/v1/link/start", item_id, "link", mode=mode)
    url = bank_setup.page_address(setting, answer.get("url"))
    handle, ends = answer.get("link"), answer.get("expires_at")
    if not isinstance(handle, str) or not isinstance(ends, int):
        raise refused("upstream", retry="later")
    page = Page(handle, url, mode, connection, ends)
    bank_secrets.put(books, bank_secrets.LINK + OsRandomness().token(4).hex(), json.dumps(page._asdict()))
    return page


def pages(books: Books) -> dict[str, Page]:
    """Return the pages that were begun and not finished, by the names they are kept under."""
    found = {}
    for name in bank_secrets.names(books, bank_secrets.LINK):
        held = bank_secrets.get(books, bank_secrets.LINK + name)
        try:
            page = Page(**json.loads(held or "{}"))
        except (ValueError, TypeError):
            bank_secrets.remove(books, bank_secrets.LINK + name)
            continue
        found[name] = page
    return found


def check(books: Books) -> list[Page]:
    """Ask how every page stands, and take in what was linked. Also what “I finished, check now” does.

    Raises: BankUnreachable, BankRefused (later, mostly), the keychain's errors. Nothing is lost then.
    """
    waiting, loose = pages(books), _loose(books)
    if not waiting and not loose:
        return []
    with asking(books, _ALLOWED_BY, in_batch=True) as relay:
        for item_id in loose:
            _find_again(books, relay, item_id)
        return [_checked(books, relay, name, page) for name, page in waiting.items()]


def _checked(books: Books, relay: Relay, name: str, page: Page) -> Page:
    if page.state == "linked":
        # What it brought is kept. A relay that forgot it since would take it for lost.
        return _linked(books, relay, name, page)
    try:
        answer = relay.post("/v1/link/status", {"link": page.handle}, "link")
    except BankRefused as error:
        if error.reason not in {"bad_link", "invalid"}:
            raise
        answer = {"state": "expired"}
    state, reason = str(answer.get("state")), answer.get("reason")
    stands = page._replace(
        state=state, reason=reason if isinstance(reason, str) else None, banks=_lost(books, answer.get("lost"))
    )
    setting = bank_client.setting_of(books)
    env = setting.env if setting is not None else "sandbox"
    items = [each for each in answer.get("items") or [] if _is_item(each)]
    if state == "linked":
        for item in items:
            _take_in(books, item, env)
        bank_secrets.put(books, bank_secrets.LINK + name, json.dumps(stands._asdict()))
        return _linked(books, relay, name, stands)
    if state == "repaired":
        note(books, "bank.repaired", object_id=page.connection, code=page.mode)
        if page.connection is not None:
            bank_records.note_health(books, page.connection, "ok")
        program_log.note(Event.BANK_LINKED, mode=page.mode)
    is_over = state in {"expired", *_DONE} or (state == "left" and stands.is_over(books.clock.now().timestamp()))
    if is_over:
        bank_secrets.remove(books, bank_secrets.LINK + name)
    return stands


def _linked(books: Books, relay: Relay, name: str, page: Page) -> Page:
    """Let the relay forget what is kept here, then forget the page; an answer to this that is lost changes nothing."""
    try:
        relay.post("/v1/link/ack", {"link": page.handle}, "link")
    except BankRefused as error:
        if error.retry != "no":
            raise
    bank_secrets.remove(books, bank_secrets.LINK + name)
    return page


def _lost(books: Books, told: object) -> str:
    """Keep which banks were lost, for when one of them is linked again; returns their names."""
    found = [each for each in told if isinstance(each, dict)] if isinstance(told, list) else []
    day = books.clock.now().date().isoformat()
    for each in found:
        if number := _text(each.get("id")):
            kept = {"name": _text(each.get("name")), "on": day}
            bank_secrets.put(books, bank_secrets.LOST + number, json.dumps(kept))
    return " and ".join(name for each in found if (name := _text(each.get("name"))))


def lost(books: Books) -> dict[str, tuple[str, str]]:
    """Return the banks whose link was lost and that were not linked since, by their ids: the name, and the day."""
    found = {}
    for number in bank_secrets.names(books, bank_secrets.LOST):
        held = json.loads(bank_secrets.get(books, bank_secrets.LOST + number) or "{}")
        found[number] = (str(held.get("name") or "A bank"), str(held.get("on")))
    return found


def _take_in(books: Books, item: Json, env: str) -> None:
    """Keep a bank that was linked: what it is first, then its sealed token, so that neither is there alone for good."""
    about = item.get("institution")
    kept = {
        "item_id": item["item_id"], "institution": about if isinstance(about, dict) else {},
        "accounts": item.get("accounts") or [], "env": env,
    }  # fmt: skip
    if not _is_connected(books, item["item_id"]):
        bank_secrets.put(books, bank_secrets.LINKED + item["item_id"], json.dumps(kept))
    bank_secrets.put(books, bank_secrets.TOKEN + item["item_id"], item["sealed_token"])


def _is_connected(books: Books, item_id: str) -> bool:
    found = books.bank.of_item(item_id)
    return found is not None and not found.ended


def _loose(books: Books) -> list[str]:
    """Return the Items with a token and no connection: linked after the backup that was put back since, mostly."""
    known = set(bank_secrets.names(books, bank_secrets.LINKED))
    return [
        item_id for item_id in bank_secrets.names(books, bank_secrets.TOKEN)
        if item_id not in known and not _is_connected(books, item_id)
    ]  # fmt: skip


def _find_again(books: Books, relay: Relay, item_id: str) -> None:
    """Let such a bank wait for the person's word again: nobody else could end it."""
    try:
        about = relay.item("/v1/item", item_id, "health")
        accounts = [] if about.get("health") == "gone" else relay.item("/v1/accounts", item_id, "accounts")["accounts"]
    except BankRefused as error:
        if error.reason not in {"gone", "bad_sealed_token", "reconnect"}:
            raise
        about, accounts = {"health": error.reason}, []
    if about.get("health") in {"gone", "bad_sealed_token"}:
        bank_secrets.remove(books, bank_secrets.TOKEN + item_id)
        return
    setting = bank_client.setting_of(books)
    kept = {
        "item_id": item_id, "institution": about.get("institution") or {}, "accounts": accounts,
        "env": setting.env if setting is not None else "sandbox",
    }  # fmt: skip
    bank_secrets.put(books, bank_secrets.LINKED + item_id, json.dumps(kept))


def _is_item(value: object) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("item_id"), str)
        and isinstance(value.get("sealed_token"), str)
        and len(value["item_id"]) <= 128
    )


# --- the person's word


def linked(books: Books) -> list[Linked]:
    """Return the banks that were linked and wait for the person's word."""
    found, gone = [], lost(books)
    for item_id in bank_secrets.names(books, bank_secrets.LINKED):
        item = waiting(books, item_id)
        about = item.get("institution") or {}
        number = _text(about.get("id"))
        accounts = tuple(each for each in item.get("accounts") or [] if isinstance(each, dict))
        twin, is_same = _twin(books, number, accounts)
        name = _text(about.get("name")) or "A bank without a name"
        lost_on = gone[number][1] if number in gone else None
        found.append(Linked(item_id, number, name, accounts, twin, is_same, lost_on))
    return found


def confirm(books: Books, item_id: str, *, places: Mapping[str, bank_accounts.Place] | None = None) -> int:
    """Make a bank a connection with its accounts, and return its number. Cannot be undone, only disconnected.

    An older connection of these accounts that was ended at the bank is over with that; its rows stay.
    `places` say for accounts of the bank where their rows go. Raises: NotFound; what making accounts can raise.
    """
    item = waiting(books, item_id)
    there = books.bank.of_item(item_id)
    if there is not None and not there.ended:
        number = there.id
    else:
        number = bank_accounts.remember_linked(books, item, places=places)
    _end_replaced(books, number)
    about = item.get("institution") or {}
    bank_secrets.remove(books, bank_secrets.LINKED + item_id, f"{bank_secrets.LOST}{about.get('id')}")
    note(books, "bank.linked", object_id=number, count=len(item.get("accounts") or []))
    program_log.note(Event.BANK_LINKED, mode="new")
    return number


def _end_replaced(books: Books, number: int) -> None:
    made = books.bank.connection(number)
    mine = {each.account_id for each in books.bank.accounts_of(number)}
    for each in books.bank.connections():
        if made is None or each.id == number or each.institution_id != made.institution_id or not _is_gone(books, each):
            continue
        if {old.account_id for old in books.bank.accounts_of(each.id)} <= mine:
            with books.work.operation("bank_disconnect", durable=True):
                books.bank.set_connection(each.id, ended=1)
                note(books, "bank.removed", object_id=each.id, code="gone", rows=0)


def _is_gone(books: Books, bank: BankConnection) -> bool:
    """Return whether a connection was ended at the bank, so that nobody can use it or is billed for it."""
    return bank.health == "gone" and bank.item_id not in bank_secrets.names(books, bank_secrets.TOKEN)


def waiting(books: Books, item_id: str) -> Json:
    """Return what is known of a bank that waits for a person's word. Raises: NotFound."""
    held = bank_secrets.get(books, bank_secrets.LINKED + item_id)
    if held is None:
        raise NotFound("No bank waits for your word.", "See: ops1099 bank status")
    return dict(json.loads(held))


def _twin(books: Books, institution_id: str | None, found: tuple[Json, ...]) -> tuple[int | None, bool]:
    """Return a connection of the same bank, and whether they have an account in common; one that has comes first."""
    same = [
        each.id for each in books.bank.connections() if institution_id is not None and not _is_gone(books, each)
        and each.institution_id == institution_id
    ]  # fmt: skip
    for number in same:
        if any(_is_account(new, old) for new in found for old in books.bank.accounts_of(number)):
            return number, True
    return (same[0] if same else None), False


def _is_account(new: Json, old: BankAccount) -> bool:
    """Whether two are one account: by the number that stays, which few banks give, else by all that is shown of it."""
    if old.persistent_id and new.get("persistent_account_id"):
        return bool(old.persistent_id == new["persistent_account_id"])
    return (old.last4, old.type, old.subtype) == (new.get("mask"), new.get("type"), new.get("subtype"))


def _text(value: object) -> str | None:
    return value[:200] if isinstance(value, str) else None
