"""A link whose key was lost: the person hears which bank and what to do, and again when it is linked anew."""

from __future__ import annotations

import json

from app.services.bank import bank_links, bank_secrets
from app.services.books.open_books import Books
from tests.bank.conftest import CLOCK, bank, nobody
from tests.relay.conftest import RelayProcess
from tests.relay.plaid_stand_in import PlaidStandIn, error

EXCHANGE = "/item/public_token/exchange"
DAY = CLOCK.now().date().isoformat()


def test_a_lost_bank_is_named_and_told_of_until_it_is_linked_again(linked: Books, plaid: PlaidStandIn) -> None:
    page = bank_links.begin(linked)
    plaid.finish(plaid.last_link(), bank(plaid))
    plaid.trouble[EXCHANGE].append(error("INVALID_INPUT", "INVALID_PUBLIC_TOKEN"))
    found = bank_links.connect(linked, wait=0, open_browser=None, tell=lambda _: None, pause=nobody)
    assert found.page.handle != page.handle  # a new page is open already
    assert bank_links.status(linked).lost == [("Stand-in Bank", DAY)]

    plaid.finish(plaid.last_link(), bank(plaid))
    (stands,) = bank_links.check(linked)
    assert stands.state == "linked"
    (waiting,) = bank_links.linked(linked)
    assert waiting.lost_on == DAY
    assert waiting.body()["lost_on"] == DAY
    bank_links.confirm(linked, waiting.item_id)
    assert bank_links.status(linked).lost == []


def test_the_words_name_the_bank_and_the_place_to_end_it(linked: Books, plaid: PlaidStandIn) -> None:
    bank_links.begin(linked)
    plaid.finish(plaid.last_link(), bank(plaid))
    plaid.trouble[EXCHANGE].append(error("INVALID_INPUT", "INVALID_PUBLIC_TOKEN"))
    (stands,) = bank_links.check(linked)
    assert (stands.state, stands.reason, stands.banks) == ("expired", "lost", "Stand-in Bank")
    what, then = stands.words
    assert "Stand-in Bank" in what
    assert "my.plaid.com" in then


def test_of_two_banks_the_one_that_was_lost_is_told_beside_the_other(linked: Books, plaid: PlaidStandIn) -> None:
    bank_links.begin(linked)
    second = bank(plaid, "acc2", institution_id="ins_2", institution_name="Second Bank")
    plaid.finish(plaid.last_link(), bank(plaid), second)
    plaid.trouble[EXCHANGE].append(error("INVALID_INPUT", "INVALID_PUBLIC_TOKEN"))
    (stands,) = bank_links.check(linked)
    assert (stands.state, stands.banks) == ("linked", "Stand-in Bank")
    assert [each.institution for each in bank_links.linked(linked)] == ["Second Bank"]
    assert [name for name, _ in bank_links.status(linked).lost] == ["Stand-in Bank"]


def test_what_is_kept_here_is_not_taken_for_lost_when_the_relay_forgot_it(
    linked: Books, plaid: PlaidStandIn, relay: RelayProcess
) -> None:
    """The relay heard that it may forget, and this program died before it knew that: the page is still in its list."""
    bank_links.begin(linked)
    ((name, page),) = bank_links.pages(linked).items()
    plaid.finish(plaid.last_link(), bank(plaid))
    (stands,) = bank_links.check(linked)
    bank_secrets.put(linked, bank_secrets.LINK + name, json.dumps(stands._asdict()))
    relay.kill()
    relay.start()
    (again,) = bank_links.check(linked)
    assert (again.handle, again.state) == (page.handle, "linked")
    assert bank_links.pages(linked) == {}
    assert bank_links.status(linked).lost == []
    assert len(bank_links.linked(linked)) == len(plaid.exchanges) == 1
