"""What a linked bank brings into real books: each row once, in our sign, with all that a person said about it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from services.banks import Bank, account, feed_of, row

from app.adapters.clock import SystemClock
from app.adapters.home_lock import one_sync_at_a_time
from app.adapters.randomness import OsRandomness
from app.core.dates import day_from_iso
from app.core.errors import BankRefused, BankUnreachable, Busy, Conflict, NothingToUndo
from app.services.bank import bank_sync
from app.services.bank.bank_sync import SyncResult
from app.services.books import history
from app.services.books.open_books import Books
from app.services.ingest.imports import FileResult
from app.services.ledger import accounts, bulk_edit, transactions
from app.services.ledger.transactions import Part
from app.services.privacy import erasure, erasure_requests
from app.services.tax import profile, reserves, taxes
from app.store.bank import GONE
from app.store.row_filter import Filter
from app.store.transactions import Listed

Bring = Callable[..., FileResult]


def rows(books: Books) -> list[Listed]:
    return sorted(books.transactions.listed(Filter(), 0), key=lambda each: (each.posted_date, each.text))


def told(books: Books) -> list[tuple[str, int]]:
    return [(each.text, each.cents) for each in rows(books)]


def one(books: Books, text: str) -> Listed:
    (found,) = (each for each in rows(books) if each.text == text)
    return found


def synced(books: Books, bank: Bank) -> SyncResult:
    known = books.bank.of_item(bank.item_id)
    return bank_sync.sync(books, bank.link(books) if known is None else known.id, feed=feed_of(bank))


@pytest.fixture
def bank() -> Bank:
    return Bank(page=2)


def test_the_first_sync_brings_all_rows_in_our_sign(books: Books, bank: Bank) -> None:
    bank.add(
        row("t1", "12.34", "2026-03-02", "BLUE FOX CAFE"), row("t2", "-1200.00", "2026-03-05", "NORTHWIND LABS"),
        row("t3", "9.99", "2026-03-07", "FIGMA", authorized_date="2026-03-06"),
    )  # fmt: skip
    made = synced(books, bank)
    assert (made.added, made.modified, made.removed, made.history) == (3, 0, 0, "complete")
    assert told(books) == [("BLUE FOX CAFE", -1234), ("NORTHWIND LABS", 120000), ("FIGMA", -999)]
    assert (rows(books)[2].posted_date, rows(books)[2].transacted_date) == (
        day_from_iso("2026-03-07"), day_from_iso("2026-03-06")
    )  # fmt: skip
    again = synced(books, bank)
    assert (again.added, again.operation) == (0, None)
    assert [each.label for each in history.history(books)][:2] == ["Fetched rows from a bank", "Connected a bank"]


def test_a_charge_on_a_card_counts_on_the_day_of_the_purchase(books: Books, bank: Bank) -> None:
    bank.accounts = [account(type="credit", subtype="credit card")]
    bank.add(
        row("t1", "20", "2026-01-02", "FIGMA", authorized_date="2025-12-30"),
        row("t2", "-20.00", "2026-01-03", "REFUND FIGMA", authorized_date="2025-12-31"),
    )
    synced(books, bank)
    assert [each.tax_date for each in rows(books)] == [day_from_iso("2025-12-30"), day_from_iso("2026-01-03")]


def test_a_pending_row_counts_nowhere_until_it_posts(books: Books, bank: Bank) -> None:
    bank.add(row("p1", "45.00", "2026-03-02", "DIGITALOCEAN", pending=True))
    synced(books, bank)
    pending = one(books, "DIGITALOCEAN")
    sums = books.totals.account_sums()
    assert (pending.pending, sum(cents for cents, _ in sums.values())) == (1, 0)
    bank.remove("p1")
    bank.add(row("t1", "45.00", "2026-03-04", "DIGITALOCEAN", pending_transaction_id="p1"))
    made = synced(books, bank)
    assert (made.added, made.modified, made.removed) == (0, 1, 0)
    assert (one(books, "DIGITALOCEAN").pending, one(books, "DIGITALOCEAN").id) == (0, pending.id)
    assert [cents for cents, _ in books.totals.account_sums().values()] == [-4500]


@pytest.mark.parametrize("links", [True, False])
def test_what_was_said_about_a_pending_row_stays_with_the_posted_one(books: Books, bank: Bank, *, links: bool) -> None:
    bank.add(row("p1", "40.00", "2026-03-02", "BLUE FOX RESTAURANT", pending=True))
    synced(books, bank)
    number = rows(books)[0].id
    transactions.set_values(books, number, {"kind": "expense", "line": "C24b", "note": "with a client"})
    bank.remove("p1")
    food = {"primary": "FOOD_AND_DRINK", "detailed": "FOOD_AND_DRINK_RESTAURANT", "confidence_level": "HIGH"}
    bank.add(
        row("t1", "51.60", "2026-03-05", "BLUE FOX RESTAURANT OAKLAND", personal_finance_category=food,
            pending_transaction_id="p1" if links else None)
    )  # fmt: skip
    made = synced(books, bank)
    (posted,) = rows(books)
    assert (made.added, made.modified, made.removed) == (0, 1, 0)
    assert (posted.id, posted.cents, posted.pending, posted.line, posted.note) == (
        number, -5160, 0, "C24b", "with a client"
    )  # fmt: skip


def test_the_parts_of_a_split_row_follow_its_new_amount(books: Books, bank: Bank) -> None:
    bank.add(row("p1", "40.00", "2026-03-02", "OFFICE DEPOT", pending=True))
    synced(books, bank)
    number = rows(books)[0].id
    transactions.split(books, number, [Part(-3000, "expense", "C18", 10_000), Part(-1000, "personal", "NONE", 10_000)])
    bank.remove("p1")
    bank.add(row("t1", "44.00", "2026-03-05", "OFFICE DEPOT", pending_transaction_id="p1"))
    synced(books, bank)
    assert [part[0] for part in books.decisions.parts(number)] == [-3400, -1000]


def test_a_posted_row_unlike_the_pending_one_is_another(books: Books, bank: Bank) -> None:
    bank.add(row("p1", "40.00", "2026-03-02", "BLUE FOX RESTAURANT", pending=True))
    synced(books, bank)
    bank.remove("p1")
    bank.add(row("t1", "90.00", "2026-03-05", "STAPLES 0041"))
    made = synced(books, bank)
    assert (made.added, made.removed, told(books)) == (1, 1, [("STAPLES 0041", -9000)])


def test_a_changed_row_keeps_what_the_person_said(books: Books, bank: Bank) -> None:
    bank.add(row("t1", "12.00", "2026-03-02", "FIGMA"))
    synced(books, bank)
    number = rows(books)[0].id
    transactions.set_values(books, number, {"kind": "expense", "line": "C18", "note": "design tool"})
    bank.modify(row("t1", "13.00", "2026-03-03", "FIGMA INC"))
    made = synced(books, bank)
    (now,) = rows(books)
    assert (made.modified, now.id, now.cents, now.text, now.note, now.line) == (
        1, number, -1300, "FIGMA INC", "design tool", "C18"
    )  # fmt: skip
    bank.modify(row("t1", "13.00", "2026-03-03", "FIGMA INC"))
    assert synced(books, bank).modified == 0


def test_a_row_the_bank_took_back_is_deleted_and_undo_brings_it_and_the_cursor_back(books: Books, bank: Bank) -> None:
    bank.add(row("t1", "12.00", "2026-03-02", "FIGMA"), row("t2", "5.00", "2026-03-02", "NOTION"))
    first = synced(books, bank)
    cursor = books.bank.connections()[0].cursor
    bank.remove("t1")
    made = synced(books, bank)
    assert (made.removed, told(books)) == (1, [("NOTION", -500)])
    assert [cents for cents, _ in books.totals.account_sums().values()] == [-500]
    with pytest.raises(Conflict):
        history.undo(books, first.operation)
    history.undo(books)
    assert (len(rows(books)), books.bank.connections()[0].cursor) == (2, cursor)
    assert (synced(books, bank).removed, told(books)) == (1, [("NOTION", -500)])


def test_what_is_known_may_come_again_and_what_is_unknown_may_go(books: Books, bank: Bank) -> None:
    bank.add(row("t1", "12.00", "2026-03-02", "FIGMA"))
    synced(books, bank)
    bank.add(row("t1", "12.00", "2026-03-02", "FIGMA"))
    bank.remove("never-seen")
    made = synced(books, bank)
    assert (made.added, made.modified, made.removed, len(rows(books))) == (0, 0, 0, 1)


@pytest.mark.parametrize("trouble", [BankUnreachable(), BankRefused("institution", retry="later")])
def test_a_page_that_fails_leaves_nothing_behind(books: Books, bank: Bank, trouble: Exception) -> None:
    bank.add(*(row(f"t{n}", f"{n}.00", "2026-03-02", f"SHOP {n}") for n in range(1, 6)))

    def fails_on_the_second(cursor: str) -> None:
        if cursor:
            raise trouble

    bank.before_page = fails_on_the_second
    with pytest.raises(type(trouble)):
        synced(books, bank)
    connection = books.bank.connections()[0]
    assert (rows(books), connection.cursor, connection.health, connection.failures) == ([], "", "waiting", 1)
    bank.before_page = lambda _cursor: None
    assert synced(books, bank).added == 5
    assert books.bank.connections()[0].health == "ok"


@pytest.mark.parametrize(("trouble", "asked"), [(BankUnreachable(is_slow=True), 1), (BankUnreachable(), 3)])
def test_who_did_not_answer_in_time_is_not_waited_for_again(
    books: Books, bank: Bank, trouble: Exception, asked: int
) -> None:
    def stop(_: str) -> None:
        raise trouble

    number = bank.link(books)
    bank.before_page = stop
    with pytest.raises(BankUnreachable):
        bank_sync.sync(books, number, feed=feed_of(bank))
    assert len(bank.asked) == asked


def test_an_update_that_leads_nowhere_is_told_of_in_words(books: Books, bank: Bank) -> None:
    number = bank.link(books)
    bank.page = lambda _cursor: {  # type: ignore[method-assign]
        "status": "complete", "added": [], "modified": [], "removed": [], "next_cursor": "same", "has_more": True,
    }  # fmt: skip
    with pytest.raises(BankRefused, match="no usable answer") as caught:
        bank_sync.sync(books, number, feed=feed_of(bank))
    assert caught.value.hint


@pytest.mark.parametrize("brought", [[], [row("t1", "5.00", "2026-03-02", "SAME ROW")]])
def test_a_bank_that_says_for_ever_that_there_is_more_is_left(books: Books, bank: Bank, brought: list[object]) -> None:
    number = bank.link(books)
    asked: list[str] = []

    def page(cursor: str) -> dict[str, Any]:
        asked.append(cursor)
        return {
            "status": "complete", "added": brought, "modified": [], "removed": [], "next_cursor": f"c{len(asked)}",
            "has_more": True,
        }  # fmt: skip

    bank.page = page  # type: ignore[method-assign]
    with pytest.raises(BankRefused, match="no usable answer"):
        bank_sync.sync(books, number, feed=feed_of(bank))
    assert len(asked) < 40, "fewer than a relay lets through in a minute"
    assert rows(books) == []


def test_empty_pages_between_full_ones_are_read_on(books: Books, bank: Bank) -> None:
    number = bank.link(books)
    pages = [[], [row("t1", "5.00", "2026-03-02", "ONE")], [], [], [row("t2", "6.00", "2026-03-03", "TWO")]]
    bank.page = lambda cursor: {  # type: ignore[method-assign]
        "status": "complete", "added": pages[int(cursor or 0)], "modified": [], "removed": [],
        "next_cursor": str(int(cursor or 0) + 1), "has_more": int(cursor or 0) + 1 < len(pages),
        "accounts": [account()],
    }  # fmt: skip
    assert bank_sync.sync(books, number, feed=feed_of(bank)).added == 2


def test_an_update_that_ends_without_a_place_to_go_on_from_is_not_taken(books: Books, bank: Bank) -> None:
    number = bank.link(books)
    bank.page = lambda cursor: {  # type: ignore[method-assign]
        "status": "complete", "added": [] if cursor else [row("t1", "5.00", "2026-03-02", "ONE")], "modified": [],
        "removed": [], "next_cursor": "" if cursor else "c1", "has_more": not cursor, "accounts": [account()],
    }  # fmt: skip
    with pytest.raises(BankRefused, match="no usable answer"):
        bank_sync.sync(books, number, feed=feed_of(bank))
    assert rows(books) == []


class Breaks:
    """Refuses pages for a time, with the break the relay asks for, and adds up what was waited."""

    def __init__(self, reason: str, after: int | None, *, from_page: int, times: int) -> None:
        self.waited, self.asked, self._page = 0.0, 0, 0
        self._reason, self._after, self._from, self._left = reason, after, from_page, times

    def __call__(self, _: str) -> None:
        self.asked += 1
        if self._page >= self._from and self._left:
            self._left -= 1
            raise BankRefused(self._reason, retry="later", after=self._after)
        self._page += 1

    def wait(self, seconds: float) -> None:
        self.waited += seconds


@pytest.mark.parametrize(
    ("reason", "after", "from_page", "waited"),
    [("limited", 60, 1, 60), ("limited", 10, 0, 10), ("busy", 2, 0, 2), ("upstream", 60, 0, 0)],
)
def test_a_short_break_the_relay_asks_for_is_kept_and_the_rows_come(
    books: Books, bank: Bank, reason: str, after: int, from_page: int, waited: int
) -> None:
    bank.add(*(row(f"t{n}", f"{n}.00", "2026-03-02", f"SHOP {n}") for n in range(1, 6)))
    breaks = Breaks(reason, after, from_page=from_page, times=1)
    number, bank.before_page = bank.link(books), breaks
    assert bank_sync.sync(books, number, feed=feed_of(bank), wait=breaks.wait).added == 5
    assert breaks.waited == waited


@pytest.mark.parametrize(
    ("after", "from_page", "asked", "waited"), [(30, 0, 1, 0), (10, 0, 3, 20), (60, 1, 4, 120), (3_600, 1, 2, 0)]
)
def test_a_relay_that_keeps_asking_for_breaks_is_asked_later(
    books: Books, bank: Bank, after: int, from_page: int, asked: int, waited: int
) -> None:
    bank.add(*(row(f"t{n}", f"{n}.00", "2026-03-02", f"SHOP {n}") for n in range(1, 6)))
    breaks = Breaks("limited", after, from_page=from_page, times=1_000)
    number, bank.before_page = bank.link(books), breaks
    with pytest.raises(BankRefused, match="limited"):
        bank_sync.sync(books, number, feed=feed_of(bank), wait=breaks.wait)
    assert (breaks.asked, breaks.waited) == (asked, waited)
    assert rows(books) == []


def test_a_list_that_changes_while_it_is_read_is_read_again_from_its_beginning(books: Books, bank: Bank) -> None:
    bank.add(*(row(f"t{n}", f"{n}.00", "2026-03-02", f"SHOP {n}") for n in range(1, 6)))
    left = [2]

    def changes_twice(cursor: str) -> None:
        if cursor and left[0]:
            left[0] -= 1
            raise BankRefused("restart", retry="restart", detail="pagination")

    bank.before_page = changes_twice
    assert synced(books, bank).added == 5
    assert [cursor for cursor in bank.asked if not cursor] == ["", "", ""]


def test_a_list_that_keeps_changing_is_left_for_later(books: Books, bank: Bank) -> None:
    bank.add(*(row(f"t{n}", f"{n}.00", "2026-03-02", f"SHOP {n}") for n in range(1, 6)))

    def changes(cursor: str) -> None:
        if cursor:
            raise BankRefused("restart", retry="restart", detail="pagination")

    bank.before_page = changes
    with pytest.raises(BankRefused):
        synced(books, bank)
    assert (bank.asked.count(""), rows(books)) == (4, [])


def test_reading_everything_anew_without_news_is_no_change_and_is_not_done_again(books: Books, bank: Bank) -> None:
    bank.add(*(row(f"t{n}", f"{n}.00", "2026-03-02", f"SHOP {n}") for n in range(1, 6)))
    synced(books, bank)
    before, rows_before = history.history(books), rows(books)
    bank.era += 1
    bank.asked.clear()
    made = synced(books, bank)
    assert bank.asked.count("") == 1
    assert (made.operation, made.added, made.modified, made.removed) == (None, 0, 0, 0)
    assert history.history(books) == before
    assert rows(books) == rows_before
    connection = books.bank.connections()[0]
    assert (connection.health, connection.cursor) == ("ok", "1:5")
    bank.asked.clear()
    bank.add(row("t9", "9.00", "2026-03-09", "SHOP 9"))
    assert synced(books, bank).added == 1
    assert "" not in bank.asked
    # Undone, the row comes again from where the reading anew ended.
    history.undo(books)
    assert books.bank.connections()[0].cursor == "1:5"
    assert synced(books, bank).added == 1


@pytest.mark.parametrize("detail", ["cursor", "pagination"])
def test_a_cursor_that_is_stuck_is_replaced_and_rows_that_are_gone_leave(books: Books, bank: Bank, detail: str) -> None:
    bank.add(*(row(f"t{n}", f"{n}.00", "2026-03-02", f"SHOP {n}") for n in range(1, 6)))
    synced(books, bank)
    kept = one(books, "SHOP 3").id
    transactions.set_values(books, kept, {"note": "mine"})
    bank.changes = [change for change in bank.changes if change[1]["transaction_id"] != "t2"]
    bank.add(row("t9", "9.00", "2026-03-09", "SHOP 9"))

    def is_stuck(cursor: str) -> None:
        if cursor and cursor.startswith("0:5"):
            raise BankRefused("restart", retry="restart", detail=detail)

    bank.before_page, bank.size = is_stuck, 500
    made = synced(books, bank)
    assert (made.added, made.removed) == (1, 1)
    assert [text for text, _ in told(books)] == ["SHOP 1", "SHOP 3", "SHOP 4", "SHOP 5", "SHOP 9"]
    assert books.transactions.get(kept).note == "mine"  # type: ignore[union-attr]


def test_a_bank_that_is_not_ready_takes_no_good_cursor_away(books: Books, bank: Bank) -> None:
    bank.add(row("t1", "12.00", "2026-03-02", "FIGMA"))
    bank.status = "loading"
    assert synced(books, bank).history == "loading"
    bank.status = "initial"
    assert synced(books, bank).history == "initial"
    cursor = books.bank.connections()[0].cursor
    bank.status = "loading"
    made = synced(books, bank)
    assert (made.history, books.bank.connections()[0].cursor, len(rows(books))) == ("initial", cursor, 1)


def test_a_row_that_cannot_be_read_is_named_and_the_others_come(books: Books, bank: Bank) -> None:
    bank.add(
        row("t1", "12.345", "2026-03-02", "ODD"), row("t2", "x", "2026-03-02", "NONE"),
        row("t3", "1.00", "2026-13-02", "NO DAY"), row("t4", "7.100", "2026-03-02", "FINE"),
    )  # fmt: skip
    made = synced(books, bank)
    assert (made.added, made.connections[0].refused, told(books)) == (1, 3, [("FINE", -710)])


def test_a_row_that_becomes_unreadable_stays_as_it_was(books: Books, bank: Bank) -> None:
    bank.add(row("t1", "12.00", "2026-03-02", "FIGMA"), row("t2", "5.00", "2026-03-02", "NOTION"))
    synced(books, bank)
    bank.changes = [("added", row("t1", "12.001", "2026-03-02", "FIGMA")), bank.changes[1]]
    bank.era += 1
    made = synced(books, bank)
    assert (made.removed, told(books)) == (0, [("FIGMA", -1200), ("NOTION", -500)])


def test_a_row_under_a_new_id_is_the_row_it_was(books: Books, bank: Bank) -> None:
    bank.add(row("t1", "12.00", "2026-03-02", "FIGMA"), row("t2", "12.00", "2026-03-02", "FIGMA"))
    synced(books, bank)
    notes = {each.id: f"note {each.id}" for each in rows(books)}
    for number, note in notes.items():
        transactions.set_values(books, number, {"note": note})
    bank.remove("t1", "t2")
    bank.add(row("n1", "12.00", "2026-03-02", "FIGMA"), row("n2", "12.00", "2026-03-02", "FIGMA"))
    synced(books, bank)
    assert {each.id: each.note for each in rows(books)} == notes


def test_a_row_that_was_taken_back_may_come_again_under_another_id(books: Books, bank: Bank) -> None:
    bank.add(row("t1", "12.00", "2026-03-02", "FIGMA"))
    synced(books, bank)
    number = rows(books)[0].id
    transactions.set_values(books, number, {"note": "mine"})
    bank.remove("t1")
    synced(books, bank)
    assert rows(books) == []
    bank.add(row("n1", "12.00", "2026-03-02", "FIGMA"))
    synced(books, bank)
    assert [(each.id, each.note) for each in rows(books)] == [(number, "mine")]
    bank.remove("t1")
    synced(books, bank)
    assert len(rows(books)) == 1


@pytest.mark.parametrize("persistent", ["perm-1", None])
def test_an_account_under_a_new_id_is_the_account_it_was(books: Books, bank: Bank, persistent: str | None) -> None:
    bank.accounts = [account(persistent_account_id=persistent)]
    bank.add(row("t1", "12.00", "2026-03-02", "FIGMA"))
    synced(books, bank)
    number = rows(books)[0].id
    bank.accounts = [account("acc-new", persistent_account_id=persistent)]
    bank.remove("t1")
    bank.add(
        row("n1", "12.00", "2026-03-02", "FIGMA", account_id="acc-new"),
        row("n2", "3.00", "2026-03-08", "NOTION", account_id="acc-new"),
    )
    synced(books, bank)
    assert (len(books.accounts.all()), rows(books)[0].id, len(rows(books))) == (1, number, 2)


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ({}, {"name": "Total Checking", "official_name": "Total"}),  # renamed by the bank
        ({"mask": None}, {"mask": None}),  # a bank that tells no digits
    ],
)
def test_an_account_with_another_id_and_name_keeps_its_rows_and_what_was_said(
    books: Books, bank: Bank, before: dict[str, Any], now: dict[str, Any]
) -> None:
    other = account("acc-2", mask="5528", name="Everyday Savings", subtype="savings")
    bank.accounts = [account(**before), other]
    bank.add(*(row(f"t{n}", f"{10 + n}.00", "2026-03-02", f"SHOP {n}") for n in range(4)))
    synced(books, bank)
    transactions.set_values(books, one(books, "SHOP 1").id, {"note": "for the studio"})
    bank.accounts = [account("acc-new", **{**before, **now}), other]
    for n in range(4):
        bank.remove(f"t{n}")
        bank.add(row(f"n{n}", f"{10 + n}.00", "2026-03-02", f"SHOP {n}", account_id="acc-new"))
    made = synced(books, bank)
    assert (made.added, made.removed, len(rows(books)), len(books.accounts.all())) == (0, 0, 4, 2)
    assert one(books, "SHOP 1").note == "for the studio"


def test_two_new_accounts_with_the_digits_of_one_that_left_are_not_guessed_between(books: Books, bank: Bank) -> None:
    bank.add(row("t1", "10.00", "2026-03-02", "SHOP"))
    synced(books, bank)
    bank.accounts = [account("acc-a", name="One"), account("acc-b", name="Two")]
    bank.add(row("t2", "11.00", "2026-03-03", "SHOP 2", account_id="acc-a"))
    synced(books, bank)
    assert len(books.accounts.all()) == 3


def test_an_account_that_an_update_does_not_name_is_not_taken_for_a_new_one_like_it(books: Books, bank: Bank) -> None:
    bank.accounts = [account("acc-1"), account("acc-2", mask="5528")]
    bank.add(row("t1", "12.00", "2026-03-02", "FIGMA"))
    synced(books, bank)
    every = [*bank.accounts, account("acc-3")]
    bank.roster = lambda: every  # type: ignore[method-assign]
    bank.accounts = every[2:]
    bank.add(row("t2", "3.00", "2026-03-08", "NOTION", account_id="acc-3"))
    synced(books, bank)
    assert len({each.account_id for each in rows(books)}) == 2


def test_a_bank_that_says_nothing_at_all_takes_no_row_away(books: Books, bank: Bank) -> None:
    bank.add(row("t1", "12.00", "2026-03-02", "FIGMA"))
    synced(books, bank)
    bank.changes, bank.era = [], 1
    assert (synced(books, bank).removed, len(rows(books))) == (0, 1)


def test_a_row_the_person_deleted_stays_deleted(books: Books, bank: Bank) -> None:
    bank.add(row("t1", "12.00", "2026-03-02", "FIGMA"))
    synced(books, bank)
    transactions.delete(books, [rows(books)[0].id], "not mine")
    bank.modify(row("t1", "13.00", "2026-03-02", "FIGMA"))
    synced(books, bank)
    bank.era += 1
    synced(books, bank)
    assert rows(books) == []


def test_no_currency_is_taken_for_another(books: Books, bank: Bank) -> None:
    bank.add(
        row("t1", "12.00", "2026-03-02", "CAFE PARIS", iso_currency_code="EUR"),
        row("t2", "12.00", "2026-03-02", "POINTS", iso_currency_code=None, unofficial_currency_code="usdc"),
        row("t3", "12.00", "2026-03-02", "CAFE OAKLAND"),
    )  # fmt: skip
    synced(books, bank)
    assert {each.text: each.currency for each in rows(books)} == {
        "CAFE PARIS": "EUR", "POINTS": "USDC", "CAFE OAKLAND": "USD"
    }  # fmt: skip


CSV = [("2026-03-02", -1200, "FIGMA MONTHLY"), ("2026-03-05", 120000, "NORTHWIND LABS"),
       ("2026-03-09", -450, "BLUE FOX CAFE")]  # fmt: skip


def same_rows(bank: Bank) -> None:
    bank.accounts = [account(mask="6620")]
    bank.name = "Chase"
    for number, (day, cents, text) in enumerate(CSV):
        bank.add(row(f"t{number}", f"{-cents / 100:.2f}", day, text))
    bank.add(row("t9", "3.00", "2026-03-09", "NOTION"))


def test_rows_of_a_file_and_of_the_bank_are_one_whichever_came_first(
    make_books: Callable[..., Books], chase_csv: Callable[..., bytes], bring: Bring
) -> None:
    first, second = make_books("file-first"), make_books("bank-first")
    for books, order in ((first, "file"), (second, "bank")):
        bank = Bank()
        same_rows(bank)
        if order == "bank":
            synced(books, bank)
        made = bring(books, "Chase6620_a.CSV", chase_csv(CSV))
        assert made.error is None
        if order == "file":
            synced(books, bank)
        assert len(books.accounts.all()) == 1, order
        assert [(each.cents, each.posted_date) for each in rows(books)] == [
            (cents, day_from_iso(day)) for day, cents, _ in CSV[:2]
        ] + [(-450, day_from_iso("2026-03-09")), (-300, day_from_iso("2026-03-09"))]
        bank.modify(row("t0", "99.00", "2026-03-02", "FIGMA MONTHLY"))
        bank.remove("t1")
        synced(books, bank)
        assert "NORTHWIND LABS" in {each.text for each in rows(books)}, "a file tells of it"


def test_a_file_that_tells_a_row_posted_while_the_bank_says_pending_leaves_one(
    books: Books, chase_csv: Callable[..., bytes], bring: Bring
) -> None:
    bank = Bank(name="Chase")
    bank.accounts = [account(mask="6620")]
    bank.add(row("p1", "40.00", "2026-03-02", "BLUE FOX RESTAURANT", pending=True))
    synced(books, bank)
    transactions.set_values(books, rows(books)[0].id, {"note": "with a client"})
    bring(books, "Chase6620_a.CSV", chase_csv([("2026-03-04", -4600, "BLUE FOX RESTAURANT"), *CSV]))
    assert len(rows(books)) == 5
    bank.remove("p1")
    bank.add(row("t1", "46.00", "2026-03-04", "BLUE FOX RESTAURANT", pending_transaction_id="p1"))
    synced(books, bank)
    (meal,) = (each for each in rows(books) if each.text == "BLUE FOX RESTAURANT")
    assert (meal.cents, meal.pending, meal.note, len(rows(books))) == (-4600, 0, "with a client", 4)
    assert synced(books, bank).operation is None


def test_rows_that_left_with_their_bank_come_back_with_it(books: Books, bank: Bank) -> None:
    bank.add(*(row(f"t{n}", f"{n}.00", "2026-03-02", f"SHOP {n}") for n in range(1, 4)))
    synced(books, bank)
    ids = [each.id for each in rows(books)]
    with books.work.operation("bank_disconnect"):
        books.bank.set_connection(1, ended=1)
    bulk_edit.delete_many(books, ids, GONE)
    again = Bank("item-2")
    again.accounts = [account("other-id")]
    again.add(*({**each, "transaction_id": f"new-{each['transaction_id']}", "account_id": "other-id"}
                for _, each in bank.changes))  # fmt: skip
    synced(books, again)
    assert [each.id for each in rows(books)] == ids


def test_linking_the_same_bank_again_brings_no_row_twice(books: Books, bank: Bank) -> None:
    bank.add(*(row(f"t{n}", f"{n}.00", "2026-03-02", f"SHOP {n}") for n in range(1, 6)))
    synced(books, bank)
    again = Bank("item-2", page=3)
    again.accounts = [account("other-id")]
    again.add(*({**each, "transaction_id": f"new-{each['transaction_id']}", "account_id": "other-id"}
                for _, each in bank.changes))  # fmt: skip
    made = synced(books, again)
    assert (made.added, len(rows(books)), len(books.accounts.all())) == (0, 5, 1)


def test_a_second_sync_of_a_bank_says_that_it_is_busy(books: Books, bank: Bank) -> None:
    bank.add(row("t1", "12.00", "2026-03-02", "FIGMA"))
    number = bank.link(books)
    heard: list[str] = []

    def asks_again(_cursor: str) -> None:
        bank.before_page = lambda _cursor: None
        with pytest.raises(Busy) as caught:
            bank_sync.sync(books, number, feed=feed_of(bank))
        heard.append(str(caught.value))

    bank.before_page = asks_again
    assert bank_sync.sync(books, number, feed=feed_of(bank)).added == 1
    assert heard == ["This bank is being read already."]


def test_a_bank_that_is_being_read_keeps_no_other_from_its_turn(books: Books, bank: Bank) -> None:
    other = Bank("item-2", "Other Bank")
    for each, number in ((bank, "t1"), (other, "u1")):
        each.add(row(number, "12.00", "2026-03-02", "FIGMA"))
    one, two = bank.link(books), other.link(books)

    def feed(opened: Books, number: int) -> Any:
        return feed_of(bank if number == one else other)(opened, number)

    with one_sync_at_a_time(books.home, one) as free:
        assert free
        made = bank_sync.sync(books, feed=feed)
    assert [(each.connection, each.error.code if each.error else None) for each in made.connections] == [
        (one, "busy"), (two, None),
    ]  # fmt: skip


def test_what_was_undone_while_pages_came_is_not_skipped(books: Books, bank: Bank) -> None:
    bank.add(row("t1", "12.00", "2026-03-02", "FIGMA"))
    synced(books, bank)
    bank.add(row("t2", "5.00", "2026-03-02", "NOTION"))
    bank.before_page = lambda _cursor: history.undo(books) and None
    with pytest.raises(Busy):
        synced(books, bank)
    bank.before_page = lambda _cursor: None
    synced(books, bank)
    assert told(books) == [("FIGMA", -1200), ("NOTION", -500)]


def test_one_bank_that_fails_does_not_keep_the_others(books: Books, bank: Bank) -> None:
    other = Bank("item-2", "Other Bank")
    other.accounts = [account("acc-1", mask="9999")]
    for each, text in ((bank, "FIGMA"), (other, "NOTION")):
        each.link(books)
        each.add(row(f"t-{text}", "12.00", "2026-03-02", text))

    def is_down(_cursor: str) -> None:
        raise BankRefused("reconnect", retry="reconnect")

    bank.before_page = is_down
    made = bank_sync.sync(books, feed=feed_of(bank, other))
    assert (made.added, [each.error is None for each in made.connections]) == (1, [False, True])
    assert [each.health for each in books.bank.connections()] == ["reconnect", "ok"]


def test_rows_of_a_sealed_year_are_left_out_and_come_when_it_is_open_again(books: Books, bank: Bank) -> None:
    with books.work.operation("profile"):
        books.connection.execute(
            "INSERT INTO sealed_year (year, first_day, last_day) VALUES (2025, ?, ?)",
            (day_from_iso("2025-01-01"), day_from_iso("2025-12-31")),
        )
    bank.add(row("t1", "12.00", "2025-03-02", "FIGMA"), row("t2", "5.00", "2026-03-02", "NOTION"))
    made = synced(books, bank)
    assert (made.added, made.connections[0].held_back, told(books)) == (1, 1, [("NOTION", -500)])
    with books.work.operation("profile"):
        books.connection.execute("DELETE FROM sealed_year")
    assert (synced(books, bank).added, len(rows(books))) == (1, 2)


def test_rows_that_come_without_their_account_have_its_balance_all_the_same(books: Books, bank: Bank) -> None:
    bank.accounts[0]["balances"]["current"] = "88.00"
    bank.names_accounts = False
    bank.add(row("t1", "12.00", "2026-03-02", "BLUE FOX CAFE"))
    synced(books, bank)
    bank.accounts[0]["balances"]["current"] = "80.00"
    bank.add(row("t2", "8.00", "2026-03-03", "BLUE FOX CAFE"))
    synced(books, bank)
    assert accounts.listed(books)[0].balance_cents == 8000
    bank.roster_fails = True
    bank.add(row("t3", "8.00", "2026-03-04", "BLUE FOX CAFE"))
    assert synced(books, bank).added == 1


def test_the_months_a_bank_told_of_are_covered_and_its_balance_is_the_accounts(books: Books, bank: Bank) -> None:
    bank.accounts[0]["balances"]["current"] = "88.00"
    bank.add(row("t1", "12.00", "2026-09-02", "FIGMA"), row("t2", "40.00", "2026-11-20", "CAFE", pending=True))
    synced(books, bank)
    (view,) = accounts.listed(books)
    assert view.balance_cents == 8800
    months = accounts.coverage(books)[view.account.id]
    assert [month.state for month in months] == ["partial", "covered", "partial"]
    bank.accounts[0]["balances"]["current"] = "80.00"
    bank.add(row("t3", "8.00", "2026-11-19", "NOTION"), row("t4", "1.00", "2026-09-01", "OLDER"))
    synced(books, bank)
    assert accounts.listed(books)[0].balance_cents == 8000


def test_a_bank_that_brings_nothing_new_still_covers_its_days_and_leaves_no_change(books: Books, bank: Bank) -> None:
    bank.add(row("t1", "12.00", "2026-09-02", "FIGMA"))
    synced(books, bank)
    (file,) = books.accounts.files()
    assert (file.name, file.last_day) == ("Stand-in Bank", day_from_iso("2026-11-20"))
    books.clock = SystemClock("UTC", fixed_today=date(2026, 12, 24))
    assert synced(books, bank).operation is None
    assert books.accounts.files()[0].last_day == day_from_iso("2026-12-24")
    assert history.history(books)[0].id == 3


def test_rows_that_could_not_be_read_stand_beside_what_was_fetched(books: Books, bank: Bank) -> None:
    bank.add(row("t1", "12.345", "2026-03-02", "ODD"))
    synced(books, bank)
    (file,) = books.accounts.files()
    assert json.loads(file.troubles)["rejected"] == [[0, "the row of 2026-03-02: the amount has a part of a cent"]]


def test_figures_of_a_year_say_that_rows_are_still_to_come(books: Books, bank: Bank) -> None:
    profile.change(books, 2026, {"filing_status": "single", "state": "TX"})
    bank.add(row("t1", "-5000.00", "2026-03-02", "NORTHWIND LABS"))
    bank.status = "initial"
    synced(books, bank)
    said = "Stand-in Bank is still giving its history: what has not come yet is in no figure of a year."
    assert said in taxes.estimate(books, year=2026).assumptions
    assert reserves.reserve_today(books).warnings == (said,)
    bank.status = "complete"
    synced(books, bank)
    assert reserves.reserve_today(books).warnings == ()


def test_connecting_a_bank_is_not_what_undo_takes_back(books: Books, bank: Bank) -> None:
    bank.add(row("t1", "12.00", "2026-03-02", "FIGMA"))
    synced(books, bank)
    history.undo(books)
    with pytest.raises(NothingToUndo):
        history.undo(books)
    with pytest.raises(Conflict):
        history.undo(books, 2)
    assert len(books.bank.connections()) == 1


def test_an_account_of_a_file_is_joined_and_a_new_one_is_proposed_as_what_it_is(
    books: Books, chase_csv: Callable[..., bytes], bring: Bring
) -> None:
    bring(books, "Chase6620_a.CSV", chase_csv(CSV))
    (before,) = books.accounts.all()
    bank = Bank(name="Chase")
    bank.accounts = [
        account("a", mask="6620"), account("b", mask="6621", type="credit", subtype="credit card", name="Ink Business"),
        account("c", mask=None, type="depository", subtype="savings", holder_category="business"),
        account("d", mask="1", type="brand-new", subtype="never heard of"),
    ]  # fmt: skip
    bank.link(books)
    found = {each.name: (each.kind, each.role) for each in books.accounts.all() if each.id != before.id}
    assert found == {
        "Chase Card ··6621": ("credit", "business"), "Chase Savings": ("savings", "business"),
        "Chase Account ··1": ("other", "mixed"),
    }  # fmt: skip


def test_an_erased_payer_does_not_come_back_with_a_later_update(books: Books, bank: Bank) -> None:
    bank.add(row("t1", "-500.00", "2026-03-02", "JANE PAYEE"), row("t2", "-70.00", "2026-03-05", "JANE PAYEE"))
    synced(books, bank)
    _, code, _ = erasure_requests.request(books, "Jane Payee", OsRandomness())
    erasure_requests.confirm(books, "Jane Payee", code)
    shown = erasure.erase_payer(books, "Jane Payee", OsRandomness()).shown_as
    bank.changes = [
        ("added", row("t1", "-500.00", "2026-03-02", "JANE PAYEE")),
        ("added", row("n2", "-70.00", "2026-03-05", "JANE PAYEE")),
    ]
    bank.era += 1
    synced(books, bank)
    assert told(books) == [(shown, 50000), (shown, 7000)]
    texts = [text for (text,) in books.connection.execute("SELECT text FROM descriptor")]
    assert texts == [shown]


def test_a_bank_that_gives_its_past_again_bit_by_bit_takes_no_row_away(books: Books, bank: Bank) -> None:
    bank.add(*(row(f"t{n}", f"{n}.00", "2026-03-02", f"SHOP {n}") for n in range(1, 6)))
    synced(books, bank)
    bank.changes, bank.era, bank.status = bank.changes[3:], 1, "initial"
    made = synced(books, bank)
    assert (made.removed, len(rows(books)), made.history) == (0, 5, "complete")


def test_a_bank_that_was_left_and_is_linked_again_under_its_item_brings_no_row_twice(books: Books, bank: Bank) -> None:
    bank.add(*(row(f"t{n}", f"{n}.00", "2026-03-02", f"SHOP {n}") for n in range(1, 6)))
    synced(books, bank)
    with books.work.operation("bank_disconnect"):
        books.bank.set_connection(1, ended=1)
    assert bank.link(books) == 1
    assert (synced(books, bank).added, len(rows(books))) == (0, 5)


def test_the_files_of_the_home_hold_no_rest_of_a_sync(books: Books, bank: Bank, home: Path) -> None:
    synced(books, bank)
    assert {path.name for path in home.glob("bank*")} <= {"bank-1.lock"}


def test_an_account_is_in_the_currency_of_its_balance_though_the_link_did_not_say_so(books: Books, bank: Bank) -> None:
    bank.link(books)
    bank.accounts[0]["balances"] = {"current": "480.00", "iso_currency_code": "EUR"}
    bank.add(row("t1", "20.00", "2026-03-02", "BAHNHOF", iso_currency_code="EUR"))
    synced(books, bank)
    (view,) = accounts.listed(books)
    assert (view.account.currency, view.balance_cents, rows(books)[0].currency) == ("EUR", 48000, "EUR")


def test_an_account_without_rows_has_the_balance_of_the_bank(books: Books, bank: Bank) -> None:
    bank.accounts = [account(), account("acc-2", name="Tax savings", mask="0093", subtype="savings")]
    bank.link(books)
    for each, cents in zip(bank.accounts, ("88.00", "4000.00"), strict=True):
        each["balances"] = {"current": cents, "iso_currency_code": "USD"}
    bank.names_accounts = False
    bank.add(row("t1", "12.00", "2026-03-02", "BLUE FOX CAFE"))
    synced(books, bank)
    assert {each.account.last4: each.balance_cents for each in accounts.listed(books)} == {
        "4417": 8800,
        "0093": 400_000,
    }


def everyday(days: int) -> bytes:
    lines = [f"2026-03-{day:02d},SHOP {day},-{day}.50" for day in range(1, days + 1)]
    return "\n".join(["Date,Description,Amount", *lines, ""]).encode()


def test_rows_of_a_file_that_names_no_bank_are_not_counted_again(books: Books, bank: Bank, bring: Bring) -> None:
    bring(books, "download.csv", everyday(9), account="Business account")
    bank.add(*(row(f"t{day}", f"{day}.50", f"2026-03-{day:02d}", f"Shop {day}") for day in range(1, 13)))
    assert synced(books, bank).added == 3
    (view,) = accounts.listed(books)
    assert (view.account.name, len(rows(books))) == ("Business account", 12)
    bank.add(row("t13", "1.00", "2026-03-20", "LATER"))
    assert synced(books, bank).added == 1
    assert len(accounts.listed(books)) == 1


@pytest.mark.parametrize("shared", [2, 5])
def test_another_account_with_some_equal_rows_stays_another(
    books: Books, bank: Bank, bring: Bring, shared: int
) -> None:
    bring(books, "download.csv", everyday(12), account="Business account")
    bank.add(*(row(f"t{day}", f"{day}.50", f"2026-03-{day:02d}", f"Shop {day}") for day in range(1, shared + 1)))
    bank.add(*(row(f"u{day}", f"{day}.75", f"2026-03-{day:02d}", f"Other {day}") for day in range(1, 13)))
    assert synced(books, bank).added == 12 + shared
    assert len(accounts.listed(books)) == 2


def test_what_a_terminal_would_obey_does_not_come_in(books: Books, bank: Bank) -> None:
    bank.add(row("t1", "1.00", "2026-03-02", "AT\x9b31m THE\x85 \u061cSHOP\x1b[2J \u202eNOW"))
    synced(books, bank)
    assert told(books) == [("AT 31m THE SHOP [2J NOW", -100)]


@pytest.mark.parametrize("apart", [1, 2])
def test_a_file_that_dates_all_it_tells_earlier_is_met_at_its_edge_too(
    books: Books, bank: Bank, bring: Bring, apart: int
) -> None:
    bring(books, "download.csv", everyday(9), account="Business account")
    bank.add(*(row(f"t{day}", f"{day}.50", f"2026-03-{day + apart:02d}", f"Shop {day}") for day in range(1, 10)))
    assert synced(books, bank).added == 0
    (view,) = accounts.listed(books)
    assert (view.account.name, len(rows(books))) == ("Business account", 9)


def test_the_same_coffee_on_the_day_after_a_file_is_another(books: Books, bank: Bank, bring: Bring) -> None:
    bring(books, "download.csv", everyday(9), account="Business account")
    bank.add(*(row(f"t{day}", f"{day}.50", f"2026-03-{day:02d}", f"Shop {day}") for day in range(1, 10)))
    bank.add(row("t10", "9.50", "2026-03-10", "Shop 9"))
    assert synced(books, bank).added == 1
