"""Keys and sealed tokens lie where the books' mode says, and follow it when it changes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.adapters.randomness import OsRandomness
from app.core.bank.words import HEALTH, STATES, WORDS, of_page, refused, said
from app.core.errors import AppError, KeychainLocked, NoKeychain
from app.core.security.envelope import Mode
from app.services.backup import backups
from app.services.bank import bank_client, bank_feed, bank_links, bank_secrets
from app.services.books import opening
from app.services.books.open_books import Books, Unlock
from app.services.vault import key_changes
from app.store import bank_secrets as store
from relay.errors import STATUS
from tests.bank.conftest import CLOCK, PASSPHRASE, MemoryKeychain, bank, connect
from tests.relay.conftest import RelayProcess
from tests.relay.plaid_stand_in import PlaidStandIn


class Refusing(MemoryKeychain):
    """A keychain that is locked when it is told to be."""

    locked = False

    def get(self, name: str) -> str | None:
        self._look()
        return super().get(name)

    def set(self, name: str, value: str) -> None:
        self._look()
        super().set(name, value)

    def delete(self, name: str) -> None:
        self._look()
        super().delete(name)

    def _look(self) -> None:
        if self.locked:
            raise KeychainLocked("The keychain is locked.")


def test_a_value_is_sealed_and_bound_to_its_name_and_its_books(make_books: Callable[..., Books]) -> None:
    books, other = make_books(), make_books("other")
    bank_secrets.put(books, "token:a", "sealed-by-the-relay")
    held = store.get(books.connection, "token:a")
    assert held is not None
    assert "sealed" not in bytes.fromhex(held).decode("latin-1")
    assert bank_secrets.get(books, "token:a") == "sealed-by-the-relay"
    for books_, name in ((books, "token:b"), (other, "token:a")):
        with bank_secrets.writing(books_):
            store.put(books_.connection, name, held)
        assert bank_secrets.get(books_, name) is None
    with bank_secrets.writing(books):
        store.put(books.connection, "token:a", "zz" + held[2:])
    assert bank_secrets.get(books, "token:a") is None
    bank_secrets.remove(books, "token:a", "token:b")
    assert bank_secrets.names(books, "token:") == []


def test_everything_follows_the_mode_of_the_books(linked: Books, plaid: PlaidStandIn, keychain: MemoryKeychain) -> None:
    (number,) = connect(linked, plaid, bank(plaid))
    device = bank_client.device_key(linked).thumbprint
    assert sum(".bank." in name for name in keychain.entries) == 2
    key_changes.change_mode(
        linked, Mode.PASSPHRASE, passphrase=PASSPHRASE, keychain=keychain, randomness=OsRandomness()
    )
    assert sum(".bank." in name for name in keychain.entries) == 0
    with bank_feed.feed(linked, number) as feed:
        assert feed.health()["health"] == "ok"
    key_changes.change_mode(linked, Mode.BOTH, passphrase=PASSPHRASE, keychain=keychain, randomness=OsRandomness())
    assert sum(".bank." in name for name in keychain.entries) == 2
    assert bank_client.device_key(linked).thumbprint == device
    assert all(
        held == "keychain" for name, held in store.all_of(linked.connection).items() if name[:5] in {"token", "devic"}
    )
    with bank_feed.feed(linked, number) as feed:
        assert feed.health()["health"] == "ok"


def test_a_keychain_that_is_locked_loses_nothing(
    make_books: Callable[..., Books], relay: RelayProcess, plaid: PlaidStandIn
) -> None:
    keychain = Refusing()
    books = make_books(keychain=keychain)
    bank_links.setup_relay(books, relay.origin)
    bank_links.begin(books)
    plaid.finish(plaid.last_link(), bank(plaid))
    keychain.locked = True
    with pytest.raises(KeychainLocked):
        bank_links.check(books)
    found = bank_links.status(books)
    assert found.trouble is not None
    assert found.trouble.code == "keychain_locked"
    assert backups.create(books, reason="asked").file.exists()
    keychain.locked = False
    bank_links.check(books)
    assert [each.institution for each in bank_links.linked(books)] == ["Stand-in Bank"]
    assert len(plaid.exchanges) == 1


def test_a_keychain_that_refuses_the_token_is_asked_again(
    make_books: Callable[..., Books], relay: RelayProcess, plaid: PlaidStandIn
) -> None:
    class Full(MemoryKeychain):
        full = False

        def set(self, name: str, value: str) -> None:
            if self.full and ".bank.token:" in name:
                raise NoKeychain("The keychain takes nothing.")
            super().set(name, value)

    keychain = Full()
    books = make_books(keychain=keychain)
    bank_links.setup_relay(books, relay.origin)
    bank_links.begin(books)
    plaid.finish(plaid.last_link(), bank(plaid))
    keychain.full = True
    with pytest.raises(AppError):
        bank_links.check(books)
    keychain.full = False
    (page,) = bank_links.check(books)
    assert page.state == "linked"
    (found,) = bank_links.linked(books)
    number = bank_links.confirm(books, found.item_id)
    with bank_feed.feed(books, number) as feed:
        assert len(feed.page("")["added"]) == 3
    assert len(plaid.exchanges) == 1


def test_books_opened_without_their_keychain_say_so(linked: Books, plaid: PlaidStandIn) -> None:
    connect(linked, plaid, bank(plaid))
    key = linked.key_hex()
    linked.close()
    bare = opening.open_books(linked.home, Unlock(key_hex=key), keychain=lambda: None, clock=CLOCK)
    try:
        with pytest.raises(NoKeychain, match="kept in the keychain"):
            bank_links.begin(bare)
        with pytest.raises(NoKeychain):
            bank_secrets.put(bare, "token:x", "y")
    finally:
        bare.close()


def test_every_code_of_the_relay_has_words() -> None:
    assert set(STATUS) <= set(WORDS)
    for what, then in [*WORDS.values(), *STATES.values(), *HEALTH.values()]:
        assert what[0].isupper()
        assert what.endswith(".")
        assert not then or then[0].isupper()


def test_a_page_that_ended_says_why_where_that_helps() -> None:
    assert "my.plaid.com" in of_page("expired", "lost")[1]
    assert of_page("left", "plan_limit") == WORDS["plan_limit"]
    assert of_page("left", "INVALID_CREDENTIALS") == STATES["left"]
    assert of_page("something new", None) == STATES["expired"]


@pytest.mark.parametrize("code", ["new_code", "Evil <b>", "x" * 500, "", "a\nb"])
def test_of_a_code_nobody_knows_nothing_is_repeated(code: str) -> None:
    error = refused(code, retry="whatever", detail="Some text", after=7)
    assert (error.code, error.exit_code, error.retry, error.detail, error.after) == ("relay", 6, "no", "", 7)
    assert (error.message, error.hint) == said("no such code")
    assert error.reason in {"new_code", "unknown"}
