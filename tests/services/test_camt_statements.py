"""camt.053 statements in the books: found again, never doubled, tied to their balances, covering their days."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.core.errors import Refused
from app.services import accounts, imports
from app.services.books import Books
from app.store.transactions import Filter

Bring = Callable[..., imports.FileResult]
DATA = Path(__file__).parents[1] / "data" / "camt"


def data(name: str) -> bytes:
    return (DATA / name).read_bytes()


def test_a_statement_of_another_version_is_the_same_statement(books: Books, bring: Bring) -> None:
    first = bring(books, "march.xml", data("version_02.xml"))
    assert (first.error, first.format, first.layout, first.added) == (None, "camt", "camt-053", 2)
    account = first.accounts[0].account
    assert account.name == "First Test Bank Checking ··2333"
    again = bring(books, "march-again.xml", data("version_08.xml"))
    assert (again.added, again.duplicates) == (0, 2)
    assert again.accounts[0].account.id == account.id
    assert again.accounts[0].balance_ties is True
    assert [(month.month, month.state) for month in accounts.coverage(books)[account.id]] == [(202603, "covered")]


def test_a_month_whose_closing_balance_differs_is_untied(books: Books, bring: Bring) -> None:
    bring(books, "march.xml", data("version_02.xml"))
    told = bring(books, "other.xml", data("does_not_tie.xml"))
    assert told.accounts[0].balance_ties is False
    assert any("closes at $2,400.00" in note for note in told.notes)
    assert [month.state for month in accounts.coverage(books)[told.accounts[0].account.id]] == ["untied"]


def test_days_between_two_statements_of_a_file_are_not_covered(books: Books, bring: Bring) -> None:
    result = bring(books, "days.xml", data("several_statements.xml"))
    ids = [each.account.id for each in result.accounts]
    assert (ids[0] == ids[1], ids[1] == ids[2], result.added) == (True, False, 4)
    months = accounts.coverage(books)
    assert [month.state for month in months[ids[0]]] == ["untied"]
    assert [month.state for month in months[ids[2]]] == ["covered"]


def test_several_statements_of_one_account_go_into_a_named_one(books: Books, bring: Bring) -> None:
    text = data("several_statements.xml").decode()
    one = text[: text.rindex("<Stmt>")] + "</BkToCstmrStmt></Document>"
    assert bring(books, "one.xml", one.encode(), account="Daily").added == 3
    [account] = books.accounts.all()
    assert account.name == "Daily"
    refused = bring(books, "two.xml", text.encode(), account="Daily")
    assert refused.error is not None
    assert "2 accounts" in refused.error.message


def test_a_statement_in_euro_is_refused_in_a_sentence(books: Books, bring: Bring) -> None:
    refused = bring(books, "euro.xml", data("euro_account.xml"))
    assert isinstance(refused.error, Refused)
    assert (refused.error.code, refused.error.exit_code) == ("row_errors", 3)
    assert "EUR" in refused.error.message
    assert books.transactions.count(Filter())[0] == 0


@pytest.mark.parametrize(("name", "added", "rejected"), [("bad_rows.xml", 2, 9), ("cut_off.xml", 1, 1)])
def test_good_rows_come_in_and_the_others_are_listed(
    books: Books, bring: Bring, name: str, added: int, rejected: int
) -> None:
    result = bring(books, name, data(name))
    assert (result.added, len(result.rejected)) == (added, rejected)
    assert result.rows == added + rejected
