"""Double entry: every entry balances, every kind has its account, names stay apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.dates import day_from_iso
from app.core.report.ledger import CLEARING, DRAWS, OPENING, SUSPENSE, LedgerAccount, bank_names, ledger
from app.core.report.lines import LineRow
from app.core.report.schedule_c import line_sums

FIRST = day_from_iso("2026-01-01")
ACCOUNTS = [
    LedgerAccount(1, "Checking", "checking", "0093", 50_000),
    LedgerAccount(2, "Card", "credit", None, -7_000),
    LedgerAccount(3, "Savings", "savings", None, 0),
]


@given(st.data())
def test_every_entry_balances_and_the_line_accounts_are_schedule_c(
    some_rows: st.SearchStrategy[list[LineRow]], data: st.DataObject
) -> None:
    rows = data.draw(some_rows)
    book = ledger(rows, ACCOUNTS, FIRST)
    entries: dict[str, int] = defaultdict(int)
    for leg in book.legs:
        entries[leg.entry] += leg.cents
    assert set(entries.values()) <= {0}
    assert sum(book.balances.values()) == 0
    by_line = {
        name.split(": ")[1].split(" ")[0]: -cents
        for name, cents in book.balances.items()
        if name.startswith(("Income: ", "Expenses: "))
    }
    assert by_line == {code: found.cents for code, found in line_sums(rows).items()}


def test_a_bank_account_closes_at_opening_plus_all_its_rows(row: Callable[..., LineRow]) -> None:
    rows = [row(1, -100), row(2, 5_000, status="suggested"), row(3, -70, kind="personal")]
    book = ledger(rows, ACCOUNTS, FIRST)
    assert book.balances["Assets: Checking ··0093"] == 50_000 - 100 + 5_000 - 70
    assert book.balances["Liabilities: Card"] == -7_000
    assert book.balances[OPENING] == -43_000
    assert book.balances[SUSPENSE] == -5_000


def test_the_private_part_of_a_cost_is_a_draw(row: Callable[..., LineRow]) -> None:
    book = ledger([row(1, -1_001, line="C25", percent=5_000)], [], FIRST)
    assert book.balances == {"Assets: Account 1": -1_001, DRAWS: 500, "Expenses: C25 Utilities": 501} | {CLEARING: 0}


@pytest.mark.parametrize(
    ("kind", "account"),
    [
        ("transfer", CLEARING),
        ("card_payment", CLEARING),
        ("owner_draw", DRAWS),
        ("owner_contribution", "Equity: Owner contributions"),
        ("personal", "Equity: Personal rows"),
        ("tax_payment", "Equity: Tax payments"),
        ("wages", "Equity: Household wages"),
        ("interest", "Equity: Household interest"),
        ("loan", "Liabilities: Loans"),
    ],
)
def test_each_kind_meets_its_account(row: Callable[..., LineRow], kind: str, account: str) -> None:
    assert ledger([row(1, -400, kind=kind)], [], FIRST).balances[account] == 400


def test_a_pair_of_transfers_clears_and_a_single_one_stays(row: Callable[..., LineRow]) -> None:
    pair = [row(1, -900, kind="transfer"), row(2, 900, kind="transfer", account_id=3)]
    assert ledger(pair, ACCOUNTS, FIRST).balances[CLEARING] == 0
    assert ledger(pair[:1], ACCOUNTS, FIRST).balances[CLEARING] == 900


def test_parts_of_a_split_have_their_own_entries(row: Callable[..., LineRow]) -> None:
    book = ledger([row(5, -100, part=1), row(5, -50, part=2, line="C22")], [], FIRST)
    assert {leg.entry for leg in book.legs} == {"5.1", "5.2"}


def test_accounts_of_one_name_stay_apart() -> None:
    twins = [LedgerAccount(1, "Everyday", "checking", "1", 0), LedgerAccount(2, "Everyday", "checking", "1", 0)]
    names = bank_names([*twins, LedgerAccount(3, "Transfers clearing", "other", None, 0)])
    assert len(set(names.values()) | {CLEARING}) == 4


def test_names_of_clients_become_initials(row: Callable[..., LineRow]) -> None:
    rows = [
        row(1, 100, kind="income", line="C1", merchant="Jane Doe"),
        row(2, -100, merchant="Paper Shop"),
    ]
    memos = {leg.memo for leg in ledger(rows, [], FIRST, initials_only=True).legs}
    assert memos == {"J. D.", "Paper Shop"}
