"""A file is looked at before it is imported: what it would bring, and what a person may say otherwise."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.core.errors import Cancelled
from app.services.books import history
from app.services.books.open_books import Books
from app.services.ingest import import_history, import_preview, imports
from app.services.ingest.import_preview import Preview
from app.services.ingest.imports import ImportOptions
from app.store.row_filter import Filter

Bring = Callable[..., imports.FileResult]
SAMPLE = Path(__file__).parents[2] / "resources" / "sample"
ODD = b"wann;wer;hin;her\n2026-01-15;Staples;45,10;\n2026-01-16;Acme 4111111111111111;;2000,00\n"
EITHER = b"Date,Description,Amount\n01/02/2026,STAPLES 0041,-45.10\n01/06/2026,DELTA AIR,-300.00\n"
BARE = b"01/22/2026,STAPLES 0041,-45.10\n01/26/2026,DELTA AIR,-300.00\n"


@pytest.fixture
def look(books: Books, tmp_path: Path) -> Callable[..., Preview]:
    def looked(name: str, data: bytes, **options: object) -> Preview:
        path = tmp_path / name
        path.write_bytes(data)
        before = books.connection.execute("PRAGMA data_version").fetchone()
        counts = [books.connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]
                  for table in ("transactions", "account", "descriptor", "operation", "mapping")]  # fmt: skip
        found = import_preview.preview(books, path, ImportOptions(**options))  # type: ignore[arg-type]
        after = [books.connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]
                 for table in ("transactions", "account", "descriptor", "operation", "mapping")]  # fmt: skip
        assert (before, counts) == (books.connection.execute("PRAGMA data_version").fetchone(), after)
        return found

    return looked


@pytest.mark.parametrize("path", sorted(SAMPLE.iterdir()), ids=lambda path: path.name)
def test_the_preview_says_what_the_import_then_does(books: Books, path: Path) -> None:
    shown = import_preview.preview(books, path)
    done = imports.import_files(books, [path], ImportOptions())[0]
    assert (shown.error, shown.sha256, shown.layout, shown.masked) == (None, done.sha256, done.layout, done.masked)
    assert list(shown.rejected) == done.rejected
    for statement, account in zip(shown.statements, done.accounts, strict=True):
        assert statement.account_words == f"new: {account.account.name}"
        assert (statement.kind, statement.role) == (account.account.kind, account.account.role)
        assert (statement.new, statement.already_there) == (account.added, account.duplicates)
        assert (statement.first, statement.last, statement.sum_cents) == (
            account.first,
            account.last,
            account.sum_cents,
        )
        assert statement.stated_cents == account.statement_balance_cents
        assert len(statement.samples) == import_preview.SAMPLES
        for household in statement.samples:
            row = next(row for row in books.transactions.listed(Filter(), 0) if row.file_line == household.line)
            assert (row.posted_date, row.cents, row.text) == (household.day, household.cents, household.text)


def test_a_preview_needs_only_books_that_read(books: Books, tmp_path: Path, bring: Bring) -> None:
    path = next(SAMPLE.glob("PayPal*"))
    reader = books.reader()
    first = import_preview.preview(reader, path)
    bring(books, path.name, path.read_bytes() + b"\n")
    second = import_preview.preview(reader, path)
    reader.close()
    assert (first.error, first.new, first.statements[0].account_id) == (None, 73, None)
    assert (second.error, second.new, second.statements[0].already_there) == (None, 0, 73)


def test_layouts_are_named_in_words(books: Books) -> None:
    words = {path.name[:5]: import_preview.preview(books, path).layout_words for path in SAMPLE.iterdir()}
    assert words == {
        "Ally_": "OFX from Ally Bank", "Chase": words["Chase"], "PayPa": "PayPal CSV",
        "amex_": "American Express card CSV", "strip": "Stripe CSV",
    }  # fmt: skip
    assert words["Chase"] in {"OFX from Chase", "Chase card CSV"}


def test_the_same_file_again_says_so(books: Books, look: Callable[..., Preview], ofx: Callable[..., bytes],
                                     bring: Bring) -> None:  # fmt: skip
    data = ofx([("2026-01-05", -1500, "STAPLES")])
    bring(books, "a.ofx", data)
    shown = look("b.ofx", data)
    assert shown.already_imported
    assert "This very file is in the books already; nothing was added." in shown.notes
    assert [(s.new, s.already_there, s.account_words) for s in shown.statements] == [
        (0, 1, "Harbor Bank Checking ··4417")
    ]
    more = look("c.ofx", ofx([("2026-01-05", -1500, "STAPLES"), ("2026-01-06", -2000, "STAPLES")]))
    assert (more.already_imported, more.new) == (False, 1)
    assert [row.already_there for row in more.statements[0].samples] == [False, True]


def test_an_unknown_table_shows_its_columns_and_is_read_as_told(look: Callable[..., Preview]) -> None:
    shown = look("odd.csv", ODD)
    assert (shown.code, shown.asks) == ("needs_mapping", "columns")
    assert shown.error == "It is not clear which column holds the amounts."
    assert "--" not in shown.hint
    assert [(c.key, c.name, c.role) for c in shown.columns] == [
        ("#1", "wann", "date"), ("#2", "wer", "text"), ("#3", "hin", "debit"), ("#4", "her", "credit")
    ]  # fmt: skip
    assert {column.confidence for column in shown.columns} == {"unsure"}
    assert shown.raw_rows[1] == ("2026-01-16", "Acme [card …1111]", "", "2000,00")
    roles = import_preview.columns_option(shown, {"date": "#1", "text": "#2", "debit": "#3", "credit": "#4"})
    told = look("odd.csv", ODD, columns=roles)
    assert told.error is None
    assert [row.cents for row in told.statements[0].samples] == [200000, -4510]
    assert {column.confidence for column in told.columns} == {"sure"}


def test_a_table_without_a_header_is_read_by_numbers(look: Callable[..., Preview]) -> None:
    shown = look("bare.csv", BARE)
    assert (shown.error, shown.headerless, shown.layout_words) == (None, True, "a table we have not seen")
    assert shown.can_change == ("columns", "date_order", "sign")
    told = look("bare.csv", BARE, columns=import_preview.columns_option(shown, {"date": "#1", "text": "#2",
                                                                                "amount": "#3"}))  # fmt: skip
    assert (told.error, told.new) == (None, 2)


def test_dates_that_could_be_either_are_asked_and_signs_can_be_turned(look: Callable[..., Preview]) -> None:
    shown = look("either.csv", EITHER)
    assert (shown.asks, shown.error) == ("date_order", "Every date of this file could be month first or day first.")
    assert next((column.name, column.role, column.confidence) for column in shown.columns) == ("Date", "date", "sure")
    day_first = look("either.csv", EITHER, date_order="dmy")
    assert (day_first.error, day_first.date_order) == (None, "dmy")
    turned = look("either.csv", EITHER, date_order="mdy", sign="flipped")
    assert (turned.sign, turned.statements[0].sum_cents) == ("flipped", 34510)


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.csv", b"hello", "not_a_statement"),
        ("a.ofx", b"<html>sign in</html>", "not_a_statement"),
        ("e.csv", b"", None),
    ],
)
def test_a_file_that_is_none_is_refused_in_a_sentence(
    look: Callable[..., Preview], name: str, data: bytes, code: str | None
) -> None:
    shown = look(name, data)
    assert shown.error
    assert shown.error.endswith(".")
    assert shown.statements == ()
    assert code is None or shown.code == code


def test_a_file_that_fits_two_accounts_asks_for_the_account(
    books: Books, look: Callable[..., Preview], chase_csv: Callable[..., bytes], bring: Bring
) -> None:
    for name in ("One", "Two"):
        data = chase_csv([("2026-01-05", -1500, f"STAPLES {name}"), ("2026-01-06", -2500, "DELTA")])
        bring(books, f"{name}.csv", data, account=name)
    shown = look("three.csv", chase_csv([("2026-02-05", -1500, "STAPLES")]))
    if shown.error is None:
        pytest.fail("two accounts of one bank and kind fit")
    assert shown.asks == "account"
    assert look("three.csv", chase_csv([("2026-02-05", -1500, "STAPLES")]), account="Two").error is None


# --- cancel and progress


class After:
    """A check that cancels on its nth call."""

    def __init__(self, calls: int) -> None:
        self.left = calls

    def __call__(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Cancelled


def test_a_cancelled_import_leaves_nothing_and_the_next_one_is_whole(
    books: Books, tmp_path: Path, chase_csv: Callable[..., bytes], derived_holds: Callable[[Books], None]
) -> None:
    path = tmp_path / "Chase6620_Activity.csv"
    rows = [(f"2026-{1 + n % 9:02d}-{1 + n % 28:02d}", -100 - n, f"SHOP {n}") for n in range(5000)]
    path.write_bytes(chase_csv(rows))
    operations = len(history.history(books, limit=0))
    calls, cancelled = 0, True
    while cancelled:
        try:
            done = imports.import_files(books, [path], ImportOptions(), check=After(calls))
        except Cancelled:
            calls += 2
            left = books.transactions.last_id(), books.accounts.all(), len(history.history(books, limit=0))
            assert left == (0, [], operations)
        else:
            cancelled = False
    assert calls >= 8, "an import of 5,000 rows is asked many times whether it goes on"
    assert (Cancelled().code, Cancelled().exit_code) == ("cancelled", 130)
    assert done[0].added == 5000
    derived_holds(books)


def test_an_import_tells_its_rows_from_none_to_all(
    books: Books, tmp_path: Path, chase_csv: Callable[..., bytes]
) -> None:
    path = tmp_path / "Chase6620_Activity.csv"
    path.write_bytes(chase_csv([(f"2026-01-{1 + n % 28:02d}", -100 - n, f"SHOP {n}") for n in range(5000)]))
    told: list[tuple[int, int]] = []
    imports.import_files(books, [path], ImportOptions(), tell_rows=lambda done, total: told.append((done, total)))
    assert {total for _, total in told} == {5000}
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1] == (5000, 5000)
    assert len(told) >= 8


# --- history and layouts


def test_the_history_of_imports_knows_undone_ones_too(books: Books, ofx: Callable[..., bytes], bring: Bring) -> None:
    bring(books, "a.ofx", ofx([("2026-01-05", -1500, "STAPLES")]))
    second = bring(books, "b.ofx", ofx([("2026-01-05", -1500, "STAPLES"), ("2026-01-06", -1600, "STAPLES")]))
    assert second.operation is not None
    history.undo(books, second.operation)
    entries = import_history.listed(books)
    assert [(e.file, e.account, e.added, e.already_there, e.undone, e.can_undo) for e in entries] == [
        ("b.ofx", "Harbor Bank Checking ··4417", 1, 1, True, False),
        ("a.ofx", "Harbor Bank Checking ··4417", 1, 0, False, True),
    ]
    history.undo(books, entries[1].operation)
    assert [(e.file, e.account, e.undone) for e in import_history.listed(books, 1)] == [
        ("b.ofx", "Harbor Bank Checking ··4417", True)
    ]
    assert [e.undone for e in import_history.listed(books)] == [True, True]
    history.redo(books)
    assert [e.can_undo for e in import_history.listed(books)] == [False, True]


def test_a_saved_layout_can_be_renamed_forgotten_and_brought_back(books: Books, bring: Bring) -> None:
    roles = {"date": "wann", "text": "wer", "debit": "hin", "credit": "her"}
    bring(books, "Nordbank.csv", ODD, columns=roles)
    assert [(each.name, each.words) for each in import_history.layouts(books)] == [
        ("Nordbank", "CSV: date, text, debit, credit")
    ]
    import_history.rename_layout(books, "Nordbank", "My bank")
    assert [layout.name for layout in import_history.layouts(books)] == ["My bank"]
    import_history.remove_layout(books, "My bank")
    assert import_history.layouts(books) == []
    assert history.history(books, limit=1)[0].label == "Removed a file layout"
    history.undo(books)
    assert [layout.name for layout in import_history.layouts(books)] == ["My bank"]
