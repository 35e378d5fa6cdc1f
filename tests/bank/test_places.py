"""A person says where the rows of a bank's accounts go; what left the machine can be taken along as a table."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from app.core.errors import Exists
from app.services.bank import bank_links, bank_page
from app.services.bank.bank_accounts import Place
from app.services.books.open_books import Books
from app.services.ledger import accounts
from tests.bank.conftest import nobody
from tests.relay.plaid_stand_in import PlaidStandIn, account


def waiting(books: Books, plaid: PlaidStandIn) -> bank_links.Linked:
    """Link a bank with two accounts and leave it unanswered."""
    item = plaid.new_item(accounts=[account("acc1", mask="4821"), account("acc2", mask="0093")])
    bank_links.connect(
        books, wait=10, open_browser=None, tell=lambda _page: plaid.finish(plaid.last_link(), item), pause=nobody
    )
    (found,) = bank_links.linked(books)
    return found


def test_rows_go_to_the_account_the_person_chose(linked: Books, plaid: PlaidStandIn) -> None:
    accounts.add(linked, {"name": "My own", "kind": "savings", "role": "reserve"})
    own = linked.accounts.all()[0]
    found = waiting(linked, plaid)
    assert bank_page.page(linked).unanswered == (found.institution,)
    places = {
        "acc1": Place(own.id, "", "", ""),
        "acc2": Place(None, "Studio card", "credit", "business"),
    }
    number = bank_page.confirm(linked, found.item_id, places)
    (bank,) = bank_page.page(linked).banks
    assert (bank.id, bank.institution) == (number, found.institution)
    first, second = (linked.accounts.get(each) for each in bank.accounts)
    assert first is not None
    assert (first.id, first.kind, first.role) == (own.id, "savings", "reserve")
    assert second is not None
    assert (second.name, second.kind, second.role) == ("Studio card", "credit", "business")
    assert bank_page.page(linked).unanswered == ()


def test_an_account_with_the_same_digits_is_offered_first(linked: Books, plaid: PlaidStandIn) -> None:
    found = waiting(linked, plaid)
    assert [each.account_id for each in bank_page.likely(linked, found)] == [None, None]
    accounts.add(
        linked,
        {"name": "There", "kind": "checking", "role": "mixed", "institution": found.institution, "last4": "4821"},
    )
    there = linked.accounts.all()[0].id
    assert [each.account_id for each in bank_page.likely(linked, found)] == [there, None]


def test_the_list_of_what_left_is_written_once_and_never_over_another(linked: Books, tmp_path: Path) -> None:
    file = tmp_path / "left.csv"
    count = bank_page.export_egress(linked, file)
    rows = list(csv.DictReader(file.read_text("utf-8").splitlines()))
    assert len(rows) == count > 0
    assert {row["host"] for row in rows} == {"127.0.0.1"}
    assert all(int(row["bytes_received"]) > 0 for row in rows)
    with pytest.raises(Exists):
        bank_page.export_egress(linked, file)
