"""The plain-text journals: their own tools accept them, whatever stands in the names."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from beancount import loader
from beancount.core.data import Balance, Transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.adapters.journals import beancount_text, hledger_text, plain_text
from app.core.books.vocabulary import LINES, Kind
from app.core.dates import day_from_iso
from app.core.money import percent_of
from app.core.report.ledger import Ledger, LedgerAccount, bank_names, ledger
from app.core.report.lines import LineRow

FIRST = day_from_iso("2026-01-01")
LAST = day_from_iso("2026-11-20")
HOSTILE = [
    '"quoted" \\n \\" ; comment',
    "; date:2020-01-01, [2020-01-01]",
    "(virtual) [balanced] = 5 USD | note",
    "  two  spaces  ",
    "two\nlines\r\n2026-01-01 open Assets:Evil",
    "@ 5 USD {1 EUR}",
    "! * P D ~ %",
    '#tag ^link include "/etc/passwd"',
    "Café Ω 日本 🎉 \u202e \ud800",
    "",
]


def account(number: int, name: str, cents: int = 0) -> LedgerAccount:
    return LedgerAccount(number, name, "credit" if number == 2 else "checking", None, cents)


def row(number: int, cents: int, name: str, kind: str = "expense", line: str = "C18", percent: int = 10_000) -> LineRow:
    counted = kind in {"income", "expense", "refund"}
    return LineRow(
        number, 0, FIRST + number * 11, FIRST + number * 11, number % 2 + 1, "Checking", None, name, name, cents, "USD",
        kind, line if counted else "NONE", percent, percent_of(cents, percent) if counted else 0, "confirmed", None, "",
        None, None, 1,
    )  # fmt: skip


def made(rows: list[LineRow], names: list[str]) -> tuple[Ledger, frozenset[str]]:
    accounts = [account(number, name, 1_000 * number) for number, name in enumerate(names, 1)]
    return ledger(rows, accounts, FIRST), frozenset(bank_names(accounts).values())


def loaded(text: str) -> list[Any]:
    entries, errors, _ = loader.load_string(text)
    assert errors == [], [error.message for error in errors]
    return entries


ROWS = [row(number, -137 * number, name) for number, name in enumerate(HOSTILE, 1)]
NAMES = ["Checking; no: comment  (x)", "Card [y] = 1"]


@pytest.fixture(scope="module")
def hostile() -> tuple[Ledger, frozenset[str]]:
    return made(ROWS, NAMES)


def test_beancount_takes_hostile_names(hostile: tuple[Ledger, frozenset[str]]) -> None:
    entries = loaded(beancount_text(*hostile, LAST, 'A "title"\n; x'))
    assert sum(isinstance(entry, Transaction) for entry in entries) == len(ROWS) + 2
    assert all(entry.diff_amount is None for entry in entries if isinstance(entry, Balance))
    assert sum(isinstance(entry, Balance) for entry in entries) == 22


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(-(10**9), 10**9), st.text(max_size=30)), max_size=25), st.text(max_size=20))
def test_beancount_takes_any_books(rows: list[tuple[int, str]], name: str) -> None:
    codes = [code for code in LINES if code.startswith("C")]
    kinds = [kind.value for kind in Kind]
    book, banks = made(
        [
            row(n, cents, text, kinds[n % len(kinds)], codes[n % len(codes)], n * 397 % 10_001)
            for n, (cents, text) in enumerate(rows, 1)
        ],
        [name, name],
    )
    loaded(beancount_text(book, banks, LAST, name))


def test_a_changed_amount_breaks_an_assertion(hostile: tuple[Ledger, frozenset[str]]) -> None:
    text = beancount_text(*hostile, LAST, "x").replace("-1.37 USD", "-1.38 USD").replace("  1.37 USD", "  1.38 USD")
    _, errors, _ = loader.load_string(text)
    assert any("Balance failed" in error.message for error in errors)


def test_accounts_that_become_alike_stay_apart() -> None:
    book, banks = made([row(1, -5, "x"), row(2, -7, "y")], ["Día", "D a"])
    accounts = set(re.findall(r"open (\S+)", beancount_text(book, banks, LAST, "x")))
    assert len(accounts) == len(book.balances)


def test_only_accounts_in_dollars_assert(hostile: tuple[Ledger, frozenset[str]]) -> None:
    assert " balance " not in beancount_text(hostile[0], frozenset(), LAST, "x")
    assert "Balance check" not in hledger_text(hostile[0], frozenset(), LAST, "x")


def test_books_without_rows_make_two_files() -> None:
    empty = ledger([], [], FIRST)
    loaded(beancount_text(empty, frozenset(), LAST, ""))
    assert hledger_text(empty, frozenset(), LAST, "").startswith("; ")


@pytest.mark.parametrize(
    ("text", "plain"),
    [("a;b|c", "a b c"), ('say "x" \\', "say x"), ("(1) [2026-01-01]", "1 2026-01-01"), ("Café  日本\n", "Café 日本")],
)
def test_what_is_left_of_foreign_text(text: str, plain: str) -> None:
    assert plain_text(text) == plain


@pytest.mark.full
def test_hledger_takes_hostile_names(tmp_path: Path, hostile: tuple[Ledger, frozenset[str]]) -> None:
    assert shutil.which("hledger"), "hledger is missing: apt-get install hledger"
    path = tmp_path / "books.journal"
    path.write_text(hledger_text(*hostile, LAST, "A title; x"), "utf-8")
    result = subprocess.run(
        ["hledger", "-f", str(path), "check", "--strict"], capture_output=True, text=True, check=False,
        env=os.environ | {"LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    assert (result.returncode, result.stderr) == (0, "")
