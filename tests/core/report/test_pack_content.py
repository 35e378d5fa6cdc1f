"""The tables of the pack agree with each other and say no more than they should."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.dates import day_from_iso
from app.core.report.lines import LineRow
from app.core.report.own_csv import COLUMNS, initials, transaction_rows
from app.core.report.pack import content, files, manifest, trial_balance
from app.core.report.pack_input import AccountTie, AuditHead, Business, PackInput, ProfitRange, Question
from app.core.report.summary import summary
from app.core.report.summary_cover import account_rows
from app.core.report.table import Table
from app.core.report.wording import bracketed, clipped


def tie(number: int, **facts: object) -> AccountTie:
    base: dict[str, object] = {
        "id": number,
        "name": f"Account {number}",
        "kind": "checking",
        "institution": "Bank",
        "last4": None,
        "currency": "USD",
        "opening_cents": 100,
        "in_cents": 20,
        "out_cents": -5,
        "closing_cents": 115,
    }
    return AccountTie(**(base | facts))


def pack_input(rows: list[LineRow], **facts: object) -> PackInput:
    base: dict[str, object] = {
        "year": 2026,
        "as_of": day_from_iso("2026-11-20"),
        "created_at": "2026-11-20",
        "app_version": "0.1.0",
        "rules_version": "2026.1",
        "rules_date": "2026-11-21",
        "business": Business(name="Reyes Design", profession="designer", owner="self"),
        "accounts": [tie(1), tie(2), tie(3)],
        "rows": rows,
        "questions": [Question(item="classify:1", question="Is Jane Doe a client?", count=2, cents=300)],
        "range": ProfitRange(1, 2, 3),
        "audit": AuditHead(9, "ab" * 32),
    }
    return PackInput(**(base | facts))


def column(table: Table, name: str) -> list[Any]:
    at = [heading.name for heading in table.header].index(name)
    return [cells[at] for cells in table.rows]


@given(st.data())
def test_all_files_carry_the_same_lines_and_the_same_profit(
    some_rows: st.SearchStrategy[list[LineRow]], data: st.DataObject
) -> None:
    source = pack_input(data.draw(some_rows))
    made = content(source)
    stated = manifest(source, made.form, [])
    by_line: dict[str, int] = {}
    transactions = made.tables["04-transactions.csv"]
    for code, cents in zip(
        column(transactions, "schedule_c_line"), column(transactions, "business_amount"), strict=True
    ):
        if code != "NONE":
            by_line[code] = by_line.get(code, 0) + cents
    worksheet = made.tables["02-schedule-c-worksheet.csv"]
    # Line 6 without rows holds only what came back beyond the costs of another line.
    sheet = {row[0]: row[4] for row in worksheet.rows if row[0] and row[3]}
    assert by_line == sheet
    assert stated["lines"] == {row[0]: row[4] for row in worksheet.rows if row[0]}
    assert column(worksheet, "amount_on_form")[-1] == stated["net_profit_cents"] == made.form.net_profit_cents
    assert transactions.total_cents == sum(column(transactions, "amount"))
    debit, credit = (sum(filter(None, column(trial_balance(made.book), name))) for name in ("debit", "credit"))
    assert debit == credit


def test_the_running_balance_ends_at_the_trial_balance(row: Callable[..., LineRow]) -> None:
    made = content(pack_input([row(1, -500), row(2, 900, kind="income", line="C1")]))
    last = dict(
        zip(
            column(made.tables["05-general-ledger.csv"], "account"),
            column(made.tables["05-general-ledger.csv"], "balance"),
            strict=True,
        )
    )
    balances = {name: cents for name, cents in made.book.balances.items() if name in last}
    assert last == balances


def test_own_csv_has_the_columns_of_the_contract(row: Callable[..., LineRow]) -> None:
    assert ",".join(heading.name for heading in COLUMNS) == (
        "id,date,posted_date,account,account_last4,payee,description,amount,currency,direction,kind,schedule_c_line,"
        "business_pct,business_amount,customer,receipt_file,review_status,note,source,import_batch"
    )
    (cells,) = transaction_rows([row(4, -1999, percent=1250, note="ink")])
    assert cells == (
        4, "2026-01-01", "2026-01-02", "Account 1", "0093", "Paper Shop", "POS PAPER SHOP", -1999, "USD", "out",
        "expense", "C18", "12.5", -250, None, None, "confirmed", "ink", "bank.csv:4", 7,
    )  # fmt: skip


def test_a_suggested_row_shows_its_line_in_lists_but_not_in_the_pack(row: Callable[..., LineRow]) -> None:
    suggested = row(1, -1000, status="suggested")
    (listed,) = transaction_rows([suggested])
    (packed,) = transaction_rows([suggested], settled_only=True)
    assert (listed[11], listed[13]) == ("C18", -1000)
    assert (packed[11], packed[12], packed[13]) == ("NONE", "0", 0)


def test_initials_only_leaves_no_client_name_anywhere(row: Callable[..., LineRow]) -> None:
    rows = [
        row(1, 100, kind="income", line="C1", merchant="Jane Doe", description="ZELLE JANE DOE", note="Jane's couch"),
        row(2, 100, kind="transfer", merchant=None, description="Jane Doe 12"),
        row(3, -100, kind="refund", line="C2", merchant="Jane Doe"),
        row(4, 100, kind="expense", status="suggested", merchant="Jane Doe"),
        row(5, -100, merchant="Paper Shop"),
    ]
    source = pack_input(rows, initials_only=True)
    everything = repr(files(source)) + repr(summary(source, content(source)))
    assert "Jane" not in everything
    assert "JANE" not in everything
    assert "Paper Shop" in everything


@pytest.mark.parametrize(
    ("name", "short"), [("Jane Doe", "J. D."), ("jane  q  doe-smith", "J. Q. D."), ("1234", ""), ("", "")]
)
def test_initials(name: str, short: str) -> None:
    assert initials(name) == short


def test_the_manifest_has_exactly_the_keys_of_the_contract(row: Callable[..., LineRow]) -> None:
    source = pack_input([row(1, -500)])
    stated = manifest(source, content(source).form, [])
    assert list(stated) == [
        "schema_version", "app_version", "rules_version", "created_at", "period", "basis", "net_profit_cents",
        "lines", "open_questions", "audit", "files",
    ]  # fmt: skip
    assert stated["period"] == {"from": "2026-01-01", "to": "2026-11-20"}
    assert stated["lines"] == {"C18": -500}


@pytest.mark.parametrize(
    ("cents", "shown"), [(0, "0.00"), (5, "0.05"), (-123456789, "(1,234,567.89)"), (100000, "1,000.00")]
)
def test_negatives_stand_in_brackets(cents: int, shown: str) -> None:
    assert bracketed(cents) == shown


def test_more_than_twelve_accounts_are_summed_so_that_columns_add_up() -> None:
    source = pack_input([], accounts=[tie(number) for number in range(1, 16)])
    rows = account_rows(source)
    assert [each["name"] for each in rows[-2:]] == ["4 other accounts", "All accounts"]
    assert len(rows) == 13
    assert rows[-1]["closing"] == bracketed(15 * 115)


def test_long_names_are_clipped() -> None:
    assert clipped("a" * 400) == "a" * 33 + "…"
    assert clipped("two\nlines\there") == "two lines here"
