"""A bank is linked first, then a file of the same account comes that names no bank and dates its rows otherwise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from app.core.dates import date_of, day_from_iso, iso
from app.core.errors import AccountAmbiguous
from app.services.bank import bank_sync
from app.services.books.open_books import Books
from app.services.ingest import import_preview, imports
from app.services.ingest.file_likeness import likeness
from app.services.ingest.import_results import FileResult, ImportOptions
from app.services.ledger import accounts
from app.store.row_filter import Filter
from tests.bank.conftest import connect, nobody
from tests.relay.plaid_stand_in import PlaidStandIn, account, transaction

Bring = Callable[..., FileResult]
LATER = (1, 2, 0, 3, 1, 1, 2, 3, 0, 1, 2, 1)
"""By how many days the bank posts later than the purchase; not by the same number each time."""
NAMES = ("HARBOR COFFEE", "FIGMA", "DELTA AIR", "STAPLES", "UBER TRIP", "ADOBE", "NOTION LABS", "SHELL OIL", "LYFT",
         "AMAZON MKTPL", "ZOOM US", "COSTCO WHSE")  # fmt: skip
START = day_from_iso("2026-03-02")


def purchases(count: int) -> list[tuple[int, str, str]]:
    return [(START + 2 * n, NAMES[n % 12], f"{10 + n}.{37 + n:02d}") for n in range(count)]


def table(rows: Sequence[tuple[int, str, str]]) -> bytes:
    lines = [f"{iso(day)},{name},-{amount}" for day, name, amount in rows]
    return "\n".join(["Date,Description,Amount", *lines, ""]).encode()


@pytest.fixture
def bring(linked: Books, tmp_path: Path) -> Bring:
    def brought(data: bytes, name: str = "download.csv", **options: str) -> FileResult:
        path = tmp_path / name
        path.write_bytes(data)
        return imports.import_files(linked, [path], ImportOptions(**options))[0]

    return brought


@pytest.fixture
def synced(linked: Books, plaid: PlaidStandIn) -> Callable[[int], Books]:
    """Books with a linked bank that told so many rows, each posted some days after the purchase."""

    def make(count: int) -> Books:
        item = plaid.new_item(accounts=[account("acc1")])
        item.add(*(
            transaction(f"t{n}", "acc1", float(amount), iso(day + LATER[n % 12]), f"{name} 0{n}", authorized_date=None)
            for n, (day, name, amount) in enumerate(purchases(count))
        ))  # fmt: skip
        (number,) = connect(linked, plaid, item)
        assert bank_sync.sync(linked, number, wait=nobody).added == count
        return linked

    return make


def count(books: Books) -> int:
    return sum(1 for _ in books.transactions.listed(Filter(), 0))


def test_the_file_goes_to_the_linked_account_and_brings_no_row_twice(
    synced: Callable[[int], Books], bring: Bring
) -> None:
    books = synced(20)
    done = bring(table(purchases(20)))
    assert done.error is None
    assert (done.accounts[0].made, done.added, done.duplicates, count(books)) == (False, 0, 20, 20)
    assert len(accounts.listed(books)) == 1
    assert any("Its rows are those of Stand-in Bank Checking ··4417" in note for note in done.notes)


def test_a_file_that_reaches_back_further_brings_only_what_the_bank_does_not_have(
    synced: Callable[[int], Books], bring: Bring
) -> None:
    books = synced(20)
    older = [(START - 60 + 3 * n, f"OLD SHOP {n}", f"{70 + n}.01") for n in range(15)]
    done = bring(table([*older, *purchases(20)]))
    assert (done.accounts[0].made, done.added, done.duplicates, count(books)) == (False, 15, 20, 35)


def test_another_account_with_amounts_of_its_own_stays_another(synced: Callable[[int], Books], bring: Bring) -> None:
    books = synced(20)
    other = [(day, name, f"{amount[:-2]}99") for day, name, amount in purchases(20)]
    done = bring(table(other))
    assert (done.error, done.accounts[0].made, count(books)) == (None, True, 40)


def test_eight_equal_coffees_are_no_proof(synced: Callable[[int], Books], bring: Bring) -> None:
    """A fixed price on fixed days stands in many accounts."""
    books = synced(20)
    coffees = [(START + 2 * n, "COFFEE CART", "10.37") for n in range(20)]
    assert bring(table(coffees)).accounts[0].made
    assert count(books) == 40


def test_a_doubt_is_a_question_that_names_the_option_and_writes_nothing(
    synced: Callable[[int], Books], bring: Bring
) -> None:
    books = synced(20)
    half = [*purchases(20)[5:10], *((START + 2 * n + 11, f"ELSEWHERE {n}", f"{80 + n}.01") for n in range(4))]
    done = bring(table(half))
    assert isinstance(done.error, AccountAmbiguous)
    assert done.error.code == "account_ambiguous"
    assert "5 of 9 rows look like rows of Stand-in Bank Checking ··4417" in done.error.message
    assert "--account 1" in done.error.hint
    assert count(books) == 20
    assert bring(table(half), account="1").added == 4
    assert bring(table([*half, (START + 40, "AND ONE", "5.55")]), account="Another").accounts[0].made


def test_the_preview_asks_with_that_account_chosen(
    synced: Callable[[int], Books], bring: Bring, tmp_path: Path
) -> None:
    books = synced(20)
    half = [*purchases(20)[5:10], *((START + 2 * n + 11, f"ELSEWHERE {n}", f"{80 + n}.01") for n in range(4))]
    path = tmp_path / "half.csv"
    path.write_bytes(table(half))
    shown = import_preview.preview(books, path)
    assert (shown.error, shown.looks_like, shown.new) == (None, 1, 4)
    assert shown.statements[0].account_words == "Stand-in Bank Checking ··4417"
    assert "5 of 9 rows" in shown.doubt
    said = import_preview.preview(books, path, ImportOptions(account="New account"))
    assert (said.looks_like, said.statements[0].account_id, said.new) == (None, None, 9)
    sure = tmp_path / "sure.csv"
    sure.write_bytes(table(purchases(20)))
    assert (import_preview.preview(books, sure).looks_like, import_preview.preview(books, sure).new) == (None, 0)


def test_a_file_that_names_another_bank_is_that_banks(synced: Callable[[int], Books], bring: Bring) -> None:
    synced(20)
    days = [date_of(day) for day, _, _ in purchases(20)]
    lines = [
        f"{day:%m/%d/%Y},{day:%m/%d/%Y},{name},Shopping,Sale,-{amount},"
        for day, (_, name, amount) in zip(days, purchases(20), strict=True)
    ]
    head = "Transaction Date,Post Date,Description,Category,Type,Amount,Memo"
    done = bring("\n".join([head, *lines, ""]).encode(), "Chase9999_Activity.csv")
    assert (done.error, done.accounts[0].made, done.accounts[0].account.institution) == (None, True, "Chase")


def test_each_row_stands_beside_one_only_and_in_order() -> None:
    assert likeness([(1, 5), (2, 5)], [(3, 5)]).pairs == 1
    assert likeness([(1, 5), (8, 5)], [(4, 5), (5, 5)]).pairs == 2
    assert likeness([(1, 5)], [(5, 5)]).pairs == 0
    assert likeness([(4, 5)], [(1, 5)]).pairs == 1
    assert likeness([], [(1, 5)]).is_likely is False


def test_a_file_of_a_card_that_prints_charges_without_a_sign_is_no_income(
    linked: Books, plaid: PlaidStandIn, bring: Bring
) -> None:
    item = plaid.new_item(accounts=[account("acc1", name="Card", type="credit", subtype="credit card")])
    item.add(*(
        transaction(f"t{n}", "acc1", float(amount), iso(day + LATER[n % 12]), f"{name} 0{n}", authorized_date=None)
        for n, (day, name, amount) in enumerate(purchases(20))
    ))  # fmt: skip
    (number,) = connect(linked, plaid, item)
    bank_sync.sync(linked, number, wait=nobody)
    bare = table(purchases(20)).replace(b",-", b",")
    asked = bring(bare)
    assert isinstance(asked.error, AccountAmbiguous)
    assert "20 of 20 rows look like rows of Stand-in Bank Card ··4417" in asked.error.message
    done = bring(bare, account="1")
    assert (done.error, done.added, done.duplicates, count(linked)) == (None, 0, 20, 20)
