"""A bank is linked from the person's computer, through a real relay, and left again."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from app.core.errors import BankRefused, BankUnreachable, Conflict, NotFound, Refused
from app.services.bank import (
    bank_client,
    bank_feed,
    bank_linking,
    bank_links,
    bank_page,
    bank_secrets,
    bank_setup,
    bank_sync,
    egress_list,
)
from app.services.bank.bank_asking import asking
from app.services.bank.bank_client import Certificate
from app.services.bank.bank_linking import Page
from app.services.books import history
from app.services.books.open_books import Books
from app.store.bank_settings import BankSetting
from relay import key_files
from relay.certificates import OPEN, Office
from tests.bank.conftest import MemoryKeychain, bank, connect, nobody, reopened
from tests.relay.conftest import RelayProcess
from tests.relay.plaid_stand_in import PlaidStandIn, account, error

TOKEN = re.compile(r"(access|public|link)-(sandbox|development|production)-[0-9a-f]{8}-")


def state_of(found: list[Page]) -> list[str]:
    return [each.state for each in found]


def test_a_bank_is_linked_read_and_left(linked: Books, plaid: PlaidStandIn, keychain: MemoryKeychain) -> None:
    item = bank(plaid)
    (number,) = connect(linked, plaid, item)
    assert plaid.exchanges == [item.item_id]
    (standing,) = bank_links.status(linked).connections
    assert (standing.institution, standing.health, standing.asked) == ("Stand-in Bank", "ok", True)
    assert [each.last4 for each in standing.accounts] == ["4417"]
    with bank_feed.feed(linked, number) as feed:
        assert [row["transaction_id"] for row in feed.page("")["added"]] == ["acc1-t0", "acc1-t1", "acc1-t2"]
        assert feed.accounts()[0]["mask"] == "4417"
        assert feed.health()["health"] == "ok"
    assert any(".bank.token:" in name for name in keychain.entries)
    assert not TOKEN.search(str(keychain.entries))

    left = bank_links.disconnect(linked, number, keep_rows=True)
    assert (left.how, item.removed) == ("removed", True)
    assert not any(".bank.token:" in name for name in keychain.entries)
    assert bank_links.status(linked).connections == []
    assert bank_links.disconnect(linked, number, keep_rows=True).how == "gone"


def test_a_page_that_was_begun_is_found_again_after_a_restart(
    linked: Books, plaid: PlaidStandIn, keychain: MemoryKeychain
) -> None:
    page = bank_links.begin(linked)
    again = reopened(linked, keychain)
    try:
        assert state_of(bank_links.check(again)) == ["waiting"]
        plaid.finish(plaid.last_link(), bank(plaid))
        assert state_of(bank_links.check(again)) == ["linked"]
        assert bank_links.pages(again) == {}
        (found,) = bank_links.linked(again)
        assert (found.institution, found.twin) == ("Stand-in Bank", None)
        assert page.url
    finally:
        again.close()
    once_more = reopened(again, keychain)
    try:
        # linked, kept, and not yet confirmed: it still waits for the person's word
        (found,) = bank_links.linked(once_more)
        assert bank_links.confirm(once_more, found.item_id)
        assert bank_links.linked(once_more) == []
    finally:
        once_more.close()
    assert len(plaid.exchanges) == 1


def test_going_on_with_connect_shows_the_page_that_is_open(linked: Books, plaid: PlaidStandIn) -> None:
    shown: list[str] = []

    def tell(page: Page) -> None:
        shown.append(page.url)

    for _ in range(2):
        found = bank_links.connect(linked, wait=0, open_browser=None, tell=tell, pause=nobody)
        assert found.page.state == "waiting"
    assert len(plaid.calls_to("/link/token/create")) == 1
    assert shown[0] == shown[1]
    plaid.finish(plaid.last_link(), bank(plaid))
    found = bank_links.connect(linked, wait=0, open_browser=None, tell=tell, pause=nobody)
    assert [each.institution for each in found.linked] == ["Stand-in Bank"]
    assert len(shown) == 2


def test_a_page_that_was_left_may_still_be_finished(linked: Books, plaid: PlaidStandIn) -> None:
    bank_links.begin(linked)
    plaid.leave(plaid.last_link())
    assert state_of(bank_links.check(linked)) == ["left"]
    plaid.finish(plaid.last_link(), bank(plaid))
    assert state_of(bank_links.check(linked)) == ["linked"]
    assert len(bank_links.linked(linked)) == 1


def test_a_lost_answer_brings_the_same_bank_again(
    linked: Books, plaid: PlaidStandIn, relay: RelayProcess, keychain: MemoryKeychain
) -> None:
    bank_links.begin(linked)
    plaid.finish(plaid.last_link(), bank(plaid))
    (page,) = bank_links.pages(linked).values()
    with asking(linked, "test") as asked:
        first = asked.post("/v1/link/status", {"link": page.handle}, "link")
    assert state_of(bank_links.check(linked)) == ["linked"]
    assert bank_secrets.get(linked, "token:" + first["items"][0]["item_id"]) == first["items"][0]["sealed_token"]
    assert len(plaid.exchanges) == 1


def test_a_bank_the_person_does_not_want_is_unlinked_where_it_was_linked(
    linked: Books, plaid: PlaidStandIn, keychain: MemoryKeychain
) -> None:
    item = bank(plaid)
    bank_links.begin(linked)
    plaid.finish(plaid.last_link(), item)
    bank_links.check(linked)
    bank_links.reject(linked, item.item_id)
    assert item.removed
    assert bank_links.linked(linked) == []
    assert not any(".bank.token:" in name for name in keychain.entries)
    with pytest.raises(NotFound):
        bank_links.confirm(linked, item.item_id)


def test_the_same_bank_a_second_time_is_seen(linked: Books, plaid: PlaidStandIn) -> None:
    (first,) = connect(linked, plaid, bank(plaid))
    for number, more, same in (("acc9", {}, True), ("acc8", {"mask": "9", "subtype": "savings"}, False)):
        item = plaid.new_item(accounts=[account(number, **more)])
        bank_links.begin(linked)
        plaid.finish(plaid.last_link(), item)
        bank_links.check(linked)
        (found,) = bank_links.linked(linked)
        assert (found.twin, found.is_same) == (first, same)
        bank_links.reject(linked, found.item_id)


def test_a_bank_that_wants_a_new_sign_in_is_repaired(linked: Books, plaid: PlaidStandIn) -> None:
    item = bank(plaid)
    (number,) = connect(linked, plaid, item)
    item.error = {"error_type": "ITEM_ERROR", "error_code": "ITEM_LOGIN_REQUIRED", "error_message": "x"}
    (standing,) = bank_links.status(linked).connections
    assert standing.health == "reconnect"
    assert "sign in again" in standing.words[0]
    assert bank_links.status(linked, ask=False).connections[0].health == "reconnect"
    with bank_feed.feed(linked, number) as feed, pytest.raises(BankRefused) as refused:
        feed.page("")
    assert (refused.value.code, refused.value.exit_code) == ("reconnect", 6)

    def person(_: Page) -> None:
        item.error = None
        plaid.finish(plaid.last_link())

    page = bank_links.reconnect(linked, number, wait=10, open_browser=None, tell=person, pause=nobody)
    assert page.state == "repaired"
    assert bank_links.status(linked, ask=False).connections[0].health == "ok"
    assert bank_links.status(linked).connections[0].health == "ok"
    assert len(plaid.exchanges) == 1
    page = bank_links.reconnect(
        linked, number, wait=0, open_browser=None, tell=lambda _: None, pause=nobody, accounts=True
    )
    assert page.state == "waiting"
    assert plaid.calls_to("/link/token/create")[-1]["update"] == {"account_selection_enabled": True}


def test_several_banks_are_apart(linked: Books, plaid: PlaidStandIn) -> None:
    one, two = bank(plaid), bank(plaid, "acc2", institution_id="ins_2", institution_name="Second Bank")
    numbers = [*connect(linked, plaid, one), *connect(linked, plaid, two)]
    assert [each.institution for each in bank_links.status(linked).connections] == ["Stand-in Bank", "Second Bank"]
    bank_links.disconnect(linked, numbers[0], keep_rows=True)
    assert (one.removed, two.removed) == (True, False)
    with bank_feed.feed(linked, numbers[1]) as feed:
        assert feed.page("")["added"][0]["transaction_id"] == "acc2-t0"


def test_connecting_and_disconnecting_cannot_be_undone(linked: Books, plaid: PlaidStandIn) -> None:
    (number,) = connect(linked, plaid, bank(plaid))
    bank_links.disconnect(linked, number, keep_rows=True)
    for operation in [
        row.id for row in history.history(linked) if row.label in {"Connected a bank", "Disconnected a bank"}
    ]:
        with pytest.raises(Conflict, match="cannot be undone"):
            history.undo(linked, operation)
    assert history.undo(linked).operation  # the newest that can be is the setting
    assert bank_client.setting_of(linked) is None


def test_a_bank_gone_upstream_is_disconnected_all_the_same(linked: Books, plaid: PlaidStandIn) -> None:
    item = bank(plaid)
    (number,) = connect(linked, plaid, item)
    item.removed = True
    assert bank_links.status(linked).connections[0].health == "gone"
    assert bank_links.disconnect(linked, number, keep_rows=True).how in {"removed", "gone"}


@pytest.mark.parametrize("way", ["status", "sync"])
def test_the_key_of_a_bank_that_was_ended_at_its_side_goes_and_its_rows_stay(
    linked: Books, plaid: PlaidStandIn, relay: RelayProcess, keychain: MemoryKeychain, way: str
) -> None:
    item = bank(plaid)
    (number,) = connect(linked, plaid, item)
    bank_sync.sync(linked, number)
    item.error = {"error_type": "ITEM_ERROR", "error_code": "USER_PERMISSION_REVOKED", "error_message": ""}
    if way == "status":
        assert bank_links.status(linked).connections[0].health == "gone"
    else:
        with pytest.raises(BankRefused, match="ended at the bank"):
            bank_sync.sync(linked, number)
    assert item.removed
    assert len(plaid.calls_to("/item/remove")) == 1
    assert not any(".bank.token:" in name for name in keychain.entries)
    told = linked.connection.execute("SELECT COUNT(*) FROM audit WHERE event = 'bank.removed'").fetchone()[0]
    assert told == 1
    relay.kill()
    with pytest.raises(BankRefused, match="ended at the bank") as again:
        bank_sync.sync(linked, number)
    assert "key is deleted here" in str(again.value.hint)
    (standing,) = bank_links.status(linked).connections
    assert (standing.health, standing.has_token) == ("gone", False)
    left = bank_links.disconnect(linked, number, keep_rows=True)
    assert (left.how, left.kept) == ("gone", 3)


def test_a_key_is_kept_while_its_removal_can_still_be_asked_for(
    linked: Books, plaid: PlaidStandIn, keychain: MemoryKeychain
) -> None:
    item = bank(plaid)
    (number,) = connect(linked, plaid, item)
    item.error = {"error_type": "ITEM_ERROR", "error_code": "USER_PERMISSION_REVOKED", "error_message": ""}
    plaid.trouble["/item/remove"].append(error("API_ERROR", "INTERNAL_SERVER_ERROR", 500))
    for there in (True, False):
        with pytest.raises(BankRefused, match="ended at the bank"):
            bank_sync.sync(linked, number)
        assert any(".bank.token:" in name for name in keychain.entries) is there
    assert item.removed


@pytest.mark.parametrize(
    ("told", "is_said"),
    [
        (None, False), ("2026-11-23T09:00:00Z", True), ("2026-12-04T23:59:59Z", True), ("2026-12-05T00:00:00Z", False),
        ("soon", False),
    ],
)  # fmt: skip
def test_a_permission_that_ends_soon_is_said_before_it_does(
    linked: Books, plaid: PlaidStandIn, told: str | None, *, is_said: bool
) -> None:
    item = bank(plaid)
    item.consent_ends = told
    connect(linked, plaid, item)
    (found,) = bank_links.status(linked).connections
    assert found.health == "ok"
    assert ("ends on" in found.words[0], "reconnect" in found.words[1]) == (is_said, is_said)
    if is_said and told:
        assert told[:10] in found.words[0]


def test_a_sync_learns_once_a_day_when_the_permission_ends_and_the_window_says_so(
    linked: Books, plaid: PlaidStandIn
) -> None:
    item = bank(plaid)
    item.consent_ends = "2026-11-25T09:00:00Z"
    (number,) = connect(linked, plaid, item)
    plaid.calls.clear()
    for _ in range(2):
        bank_sync.sync(linked, number)
    assert len(plaid.calls_to("/item/get")) == 1
    (shown,) = bank_page.page(linked).banks
    assert shown.permission_ends is not None
    assert shown.permission_ends.isoformat() == "2026-11-25"
    assert shown.permission_days == (shown.permission_ends - linked.clock.today()).days
    item.consent_ends = None
    assert bank_links.status(linked).connections[0].words[0] == "Connected."
    assert bank_page.page(linked).banks[0].permission_ends is None


def test_offline_nothing_is_lost_and_what_was_known_last_is_told(
    linked: Books, plaid: PlaidStandIn, relay: RelayProcess
) -> None:
    (number,) = connect(linked, plaid, bank(plaid))
    relay.kill()
    found = bank_links.status(linked)
    assert found.trouble is not None
    assert (found.trouble.code, found.trouble.exit_code) == ("offline", 6)
    assert [(each.health, each.asked) for each in found.connections] == [("ok", False)]
    with pytest.raises(BankUnreachable):
        bank_links.disconnect(linked, number, keep_rows=True)
    assert bank_links.status(linked, ask=False).connections[0].has_token
    relay.start()
    assert bank_links.disconnect(linked, number, keep_rows=True).how == "removed"


def test_waiting_goes_on_while_the_relay_is_away(linked: Books, plaid: PlaidStandIn, relay: RelayProcess) -> None:
    waits: list[float] = []

    def pause(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 1:
            relay.kill()
        if len(waits) == 3:
            relay.start()
            plaid.finish(plaid.last_link(), bank(plaid))

    found = bank_links.connect(linked, wait=100, open_browser=None, tell=lambda _: None, pause=pause)
    assert found.page.state == "linked"
    assert waits[:3] == [2, 5, 5]


def test_it_is_asked_often_for_a_minute_and_then_less(linked: Books, plaid: PlaidStandIn) -> None:
    waits: list[float] = []
    found = bank_links.connect(linked, wait=80, open_browser=None, tell=lambda _: None, pause=waits.append)
    assert found.page.state == "waiting"
    assert waits == [2] * 30 + [5] * 4
    assert len(plaid.calls_to("/link/token/create")) == 1


def test_the_browser_gets_the_page_after_it_was_told(linked: Books) -> None:
    said: list[str] = []

    def opens(url: str) -> bool:
        said.append(url)
        return True

    found = bank_links.connect(
        linked, wait=0, open_browser=opens, tell=lambda page: said.append("told " + page.url), pause=nobody
    )
    assert said == ["told " + found.page.url, found.page.url]


# --- admission


def test_a_relay_with_grants_takes_each_once(
    books: Books, make_books: Callable[..., Books], relays: Callable[..., RelayProcess]
) -> None:
    strict = relays(enrolment="grant")
    with pytest.raises(Refused, match="grant"):
        bank_links.setup_relay(books, strict.origin)
    assert bank_client.setting_of(books) is None
    grant = key_files.grant(strict.keys / "grant.pem", plan="personal", max_items=2, days=7, once=True)
    ready = bank_links.setup_relay(books, strict.origin, grant=grant)
    assert (ready.mode, ready.env, ready.relay) == ("relay", "sandbox", strict.origin)
    assert bank_links.begin(books).url
    assert bank_links.setup_relay(books, strict.origin).operation is None  # it is let in already
    other = make_books("other")
    with pytest.raises(BankRefused) as refused:
        bank_links.setup_relay(other, strict.origin, grant=grant)
    assert refused.value.reason == "bad_grant"
    assert bank_client.setting_of(other) is None


def held_for(books: Books, relay: RelayProcess, days: int) -> Certificate:
    """Let the books hold a certificate of this relay that ends in so many days, as one it gave earlier does."""
    key = load_pem_private_key((relay.keys / "signing.pem").read_bytes(), None)
    assert isinstance(key, Ed25519PrivateKey)
    office = Office(key, issuer="1099ops-relay", env="sandbox", clock=lambda: time.time() + (days - 30) * 86_400)
    made = Certificate(*office.issue(bank_client.device_key(books).thumbprint, OPEN), is_open=False)
    bank_client.keep_certificate(books, made)
    return made


@pytest.mark.parametrize(("days", "is_renewed"), [(20, False), (9, True), (1, True)])
def test_a_certificate_is_renewed_in_its_last_ten_days(
    linked: Books, plaid: PlaidStandIn, relay: RelayProcess, *, days: int, is_renewed: bool
) -> None:
    connect(linked, plaid, bank(plaid))
    before = held_for(linked, relay, days)
    assert bank_links.status(linked).connections[0].asked
    after = bank_client.certificate(linked)
    assert after is not None
    assert (after.text != before.text) == is_renewed
    assert after.ends - time.time() > (29 if is_renewed else days - 1) * 86_400
    purposes = [row.purpose for row in egress_list.listed(linked).rows]
    assert ("renew" in purposes) == is_renewed


def test_who_was_away_too_long_is_told_and_can_still_leave(
    linked: Books, plaid: PlaidStandIn, relay: RelayProcess
) -> None:
    item = bank(plaid)
    (number,) = connect(linked, plaid, item)
    held_for(linked, relay, -2)
    with pytest.raises(BankRefused) as refused:
        bank_links.begin(linked)
    assert refused.value.reason == "certificate_expired"
    assert "grant" in refused.value.hint
    assert bank_links.disconnect(linked, number, keep_rows=True).how == "removed"
    assert item.removed


def test_a_certificate_nobody_knows_is_replaced_where_everybody_is_let_in(linked: Books, plaid: PlaidStandIn) -> None:
    connect(linked, plaid, bank(plaid))
    bank_client.keep_certificate(linked, Certificate("a.b.c", int(time.time()) + 86_400 * 20, is_open=True))
    assert bank_links.status(linked).connections[0].asked


def test_another_relay_that_cannot_read_the_banks_is_refused(
    linked: Books, plaid: PlaidStandIn, tmp_path_factory: pytest.TempPathFactory
) -> None:
    connect(linked, plaid, bank(plaid))
    before = bank_client.setting_of(linked)
    other = RelayProcess(tmp_path_factory.mktemp("other"), plaid.host).start()
    try:
        with pytest.raises(Conflict, match="another bank link"):
            bank_links.setup_relay(linked, other.origin)
        assert bank_client.setting_of(linked) == before
        assert bank_links.status(linked).connections[0].asked
    finally:
        other.kill()


# --- addresses


@pytest.mark.parametrize(
    "url",
    ["http://relay.example.com", "ftp://x", "relay.example.com", "https://", "https://a:b@relay.example.com",
     "https://relay.example.com/?x=1", "https://relay.example.com/#x", "http://[::1", "https://x:99999999", ""],
)  # fmt: skip
def test_only_an_encrypted_address_is_one_of_a_relay(books: Books, url: str) -> None:
    with pytest.raises(Refused):
        bank_links.setup_relay(books, url)


SANDBOX = BankSetting("relay", "https://relay.example.com", "sandbox", "127.0.0.1:8123")


@pytest.mark.parametrize(
    ("url", "setting", "is_opened"),
    [
        ("https://secure.plaid.com/hl/1", SANDBOX, True),
        ("https://hosted.plaid.com/x?y=1", SANDBOX, True),
        ("http://127.0.0.1:8123/page", SANDBOX, True),
        ("http://127.0.0.1:8124/page", SANDBOX, False),
        ("http://127.0.0.1:8123/page", SANDBOX._replace(env="production"), False),
        ("http://127.0.0.1:8123/page", SANDBOX._replace(link_host=None), False),
        ("http://secure.plaid.com/hl/1", SANDBOX, False),
        ("https://plaid.com.evil.example/hl/1", SANDBOX, False),
        ("https://evilplaid.com/hl/1", SANDBOX, False),
        ("https://evil.example\\.plaid.com/hl/1", SANDBOX, False),
        ("https://secure.plaid.com@evil.example/", SANDBOX, False),
        ("https://user@secure.plaid.com/", SANDBOX, False),
        ("https://secure.plaid.com:8443/", SANDBOX, False),
        ("https://secure.plaid.com/\nx", SANDBOX, False),
        ("javascript:alert(1)//.plaid.com", SANDBOX, False),
        ("file:///etc/passwd", SANDBOX, False),
        ("https://s\u0435cure.plaid.com/", SANDBOX, False),
        ("https://secure.plaid.com/" + "x" * 3000, SANDBOX, False),
        (None, SANDBOX, False),
        (7, SANDBOX, False),
    ],
)
def test_only_the_providers_own_page_is_opened(url: Any, setting: BankSetting, *, is_opened: bool) -> None:
    if is_opened:
        assert bank_setup.page_address(setting, url) == url
        return
    with pytest.raises(BankRefused) as refused:
        bank_setup.page_address(setting, url)
    assert refused.value.reason == "bad_page"
    assert "evil" not in refused.value.message + refused.value.hint


@pytest.mark.parametrize("host", ["evil/../x", "", "//", "host:port", "a@b", "127.0.0.1:8123/page", "host?x", "host#x"])
def test_what_is_no_host_is_not_taken_for_one(books: Books, relay: RelayProcess, host: str) -> None:
    with pytest.raises(Refused, match="no host"):
        bank_links.setup_relay(books, relay.origin, link_host=host)
    assert bank_client.setting_of(books) is None


# --- what is told


def test_everything_that_left_is_listed(linked: Books, plaid: PlaidStandIn) -> None:
    (number,) = connect(linked, plaid, bank(plaid))
    with bank_feed.feed(linked, number) as feed:
        for _ in range(3):
            feed.page("")
    found = egress_list.listed(linked)
    newest = found.rows[0]
    assert (newest.host, newest.purpose, newest.allowed_by) == ("127.0.0.1", "transactions", "bank sync")
    assert newest.received > 1_000
    assert {row.purpose for row in found.rows} == {"settings", "enrol", "link", "transactions"}
    assert found.sent == sum(row.sent for row in found.rows)
    assert [row.purpose for row in found.rows].count("transactions") == 1


def test_a_refusal_says_what_to_do(linked: Books, plaid: PlaidStandIn) -> None:
    (number,) = connect(linked, plaid, bank(plaid))
    plaid.trouble["/transactions/sync"].append(error("RATE_LIMIT_EXCEEDED", "TRANSACTIONS_LIMIT", 429))
    with bank_feed.feed(linked, number) as feed, pytest.raises(BankRefused) as refused:
        feed.page("")
    assert (refused.value.code, refused.value.retry) == ("limited", "later")
    assert refused.value.message.endswith(".")
    assert refused.value.hint


def test_without_a_bank_link_it_is_said_how_to_set_one_up(books: Books) -> None:
    with pytest.raises(NotFound, match="No bank link"):
        bank_links.begin(books)
    with pytest.raises(NotFound):
        bank_links.disconnect(books, 7, keep_rows=True)
    assert bank_links.status(books).setting is None
    assert bank_linking.check(books) == []
