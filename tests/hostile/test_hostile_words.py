"""Words a person types: kept as they stand, looked for as they stand, and never run."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hostile.conftest import GOOD, Template
from hostile.texts import PAYEES

from app.adapters.clock import SystemClock
from app.core.errors import Refused
from app.core.ingest.typed import LONGEST
from app.services.books import opening
from app.services.books.open_books import Books, Unlock
from app.services.classify import rules
from app.services.ingest import imports
from app.services.ledger import accounts, finding, listing, transactions
from app.services.tax import profile, taxes_paid

WORDS = [text for attack in ("S2", "S8", "S9", "S13") for text in PAYEES[attack]]
KEPT = [text for text in WORDS if "\t" not in text and text == text.strip()]


@pytest.fixture
def books(template: Template, home: Path) -> Iterator[Books]:
    clock = SystemClock("UTC", date(2026, 11, 20))
    held = opening.open_books(home, Unlock(key_hex=template.key), keychain=lambda: None, clock=clock)
    yield held
    held.close()


def count(books: Books, table: str) -> int:
    return int(books.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_texts_are_kept_as_they_stand(books: Books) -> None:
    """S9, S13: in every place where a person can type, byte for byte, and nothing else changes."""
    rows, tables = count(books, "transactions"), count(books, "sqlite_schema")
    for text in KEPT:
        transactions.set_values(books, 1, {"note": text, "merchant": text, "tags": text})
        decision = books.decisions.get(1)
        assert (decision.note, decision.merchant) == (text, text)
        assert decision.tags == " ".join(text.replace(",", " ").split())
        accounts.change(books, "1", {"name": f"n {text}", "institution": text})
        held = books.accounts.get(1)
        assert held is not None
        assert (held.name, held.institution) == (f"n {text}", text)
        profile.change_business(books, "1", {"name": text})
        assert profile.businesses(books)[0].name == text
        _, number = transactions.add(books, date="2026-03-01", cents=-100, account_selector="1", description=text)
        assert number is not None
        assert transactions.existing(books, number).text == text
        transactions.delete(books, [number], reason=text)
        _, rule = rules.add(books, {"text": text, "kind": "expense", "line": "C22"})
        assert rule is not None
        assert rules.existing(books, rule).text == text
        rules.remove(books, rule)
    assert count(books, "sqlite_schema") == tables
    assert count(books, "transactions") == rows + len(KEPT)
    assert taxes_paid  # payments are typed in the same way; their numbers are masked


def test_what_names_a_row_names_none_by_other_words(books: Books) -> None:
    """S9: a selector, a status, a kind, a line is looked up; it is no part of a question to the database."""
    for text in KEPT:
        with pytest.raises(Exception, match=r".") as caught:
            listing.wanted(books, account=text)
        assert caught.value.__class__.__name__ in {"NotFound", "Refused"}
        for asked in ({"status": text}, {"kind": text}, {"line": text}):
            with pytest.raises(Refused):
                listing.wanted(books, **asked)  # type: ignore[arg-type]
        assert list(listing.rows(books, listing.wanted(books, text=text), 5)) == []


def test_an_order_that_is_none_is_refused(books: Books) -> None:
    """S9: what a list is sorted by is one of a few words."""
    assert set(finding.SORTS) == {"date", "payee", "category", "account", "amount"}
    for text in ("date; DROP TABLE transactions", "1", "date DESC --", "(SELECT 1)", ""):
        with pytest.raises(KeyError):
            finding.ids(books, finding.Query(sort=text))
    assert len(finding.ids(books, finding.Query())) == 3


@pytest.mark.parametrize(
    "text",
    [
        '"', "'", "*", "OFF*", '"OFFICE"', "OFFICE AND SUPPLY", "OFFICE OR COFFEE", "NOT X", "NEAR(OFFICE SUPPLY)",
        "text:OFFICE", "^OFFICE", "-OFFICE", "(OFFICE", "OFF%", "O_FICE", "%", "_", "\\", "OFFICE\\", "{", "+",
        "a" * 5000, "\0", "\ud800x", "OFFICE' --",
    ],
)  # fmt: skip
def test_signs_of_a_search_are_only_signs(text: str, books: Books) -> None:
    """S10: what means something to a search engine finds the rows that hold it, here none, and raises nothing."""
    assert len(finding.ids(books, finding.Query(text=text))) == 0
    assert finding.search(books, text, limit=5).count == 0
    assert len(finding.ids(books, finding.Query(text="office supply"))) == 1


@pytest.mark.parametrize(
    "text",
    ["(a+)+$", "(.*a){25}", "([a-z]+)*\\1", "OFFICE.*", ".", "^", "[A-Z]", "O.FICE", "(" * 200, "a|" * 99 + "b"],
)
def test_a_rule_is_words_not_a_pattern(text: str, books: Books, tmp_path: Path) -> None:
    """S11: the text of a rule is looked for as it stands; patterns are a condition of their own."""
    hard = tmp_path / "hard.csv"
    hard.write_text(GOOD + "".join(f"02/{1 + n % 28:02d}/2026,{'a' * 900}!{n},-1.00\n" for n in range(300)))
    imports.import_files(books, [hard], imports.ImportOptions(account="Everyday"))
    start = time.process_time()
    _, rule = rules.add(books, {"text": text, "kind": "expense", "line": "C22"})
    assert time.process_time() - start < 300 * 0.05
    assert rule is not None
    assert {each.id: hits for each, hits in rules.listed(books)}[rule] == 0


def test_a_text_without_end_is_refused_before_it_is_looked_at(books: Books) -> None:
    """S16: whatever is pasted, its length is looked at first."""
    start = time.process_time()
    endless = "a 4111 1111 1111 1111 " * 5_000_000
    for change in (
        lambda: transactions.set_values(books, 1, {"note": endless}),
        lambda: accounts.change(books, "1", {"name": endless}),
        lambda: rules.add(books, {"text": endless, "kind": "expense", "line": "C22"}),
    ):
        with pytest.raises(Refused, match=f"{LONGEST:,}"):
            change()
    assert time.process_time() - start < 1


def test_what_cannot_be_seen_is_not_kept(books: Books) -> None:
    """S6, S12: control and direction characters leave a typed text; only a note has lines."""
    transactions.set_values(books, 1, {"note": "a\u202eb\u2066c\u200bd\x1b[31m\r\ne\u2028f\x00g\ufeff \ud800 h"})
    assert books.decisions.get(1).note == "abcd [31m\ne\nf g  h"
    transactions.set_values(books, 1, {"merchant": "a\u202eb\r\nc\u2028d"})
    assert books.decisions.get(1).merchant == "ab c d"
    transactions.set_values(books, 1, {"note": "\u202e\u200b"})
    assert books.decisions.get(1).note is None


def test_the_command_line_refuses_bytes_that_are_no_text(ops: Callable[..., Any]) -> None:
    ran = ops("transactions", "set", "1", "note=" + b"bad \xff\x9b31m".decode(errors="surrogateescape"))
    assert (ran.code, ran.error, ran.err) == (2, "usage", b"")
    ran = ops("transactions", "list", "--text", b"\xff".decode(errors="surrogateescape"))
    assert (ran.code, ran.error, ran.err) == (2, "usage", b"")
