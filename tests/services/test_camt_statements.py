"""camt.053 statements in the books: found again, never doubled, tied to their balances, covering their days."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.core.errors import Refused
from app.services.books import history
from app.services.books.open_books import Books
from app.services.ingest import imports
from app.services.ledger import accounts, transactions
from app.services.review import questions
from app.store.row_filter import Filter

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


def test_a_statement_in_euro_ties_in_euro_and_counts_in_dollars_when_they_are_known(books: Books, bring: Bring) -> None:
    told = bring(books, "euro.xml", data("euro_account.xml"))
    assert (told.error, told.added, told.accounts[0].account.currency) == (None, 2, "EUR")
    assert (told.accounts[0].balance_cents, told.accounts[0].statement_balance_cents) == (245790, 245790)
    assert bring(books, "euro-again.xml", data("euro_account.xml") + b" ").accounts[0].balance_ties is True
    paid, received = sorted(books.transactions.listed(Filter(), 0), key=lambda row: row.cents)
    assert [(row.cents, row.currency, row.usd_cents) for row in (paid, received)] == [
        (-4210, "EUR", None), (150000, "EUR", 163500),
    ]  # fmt: skip
    [question] = [item for item in questions.items(books) if item.type == "currency"]
    assert [row.id for row in question.rows] == [paid.id]

    questions.answer(books, question.id, questions.Answered(rate="1.0842", source="Treasury, 31 March"))
    row = transactions.existing(books, paid.id)
    assert (row.usd_cents, row.note) == (-4564, "-$45.64 for -42.10 EUR at 1.0842 (Treasury, 31 March)")
    assert accounts.listed(books)[0].balance_cents == 245790
    history.undo(books)
    row = transactions.existing(books, paid.id)
    assert (row.usd_cents, row.note) == (None, None)


@pytest.mark.parametrize("rate", ["0", "-1", "1e3", "1,08", "NaN", "", "1.08 EUR"])
def test_a_rate_that_is_none_is_refused(books: Books, bring: Bring, rate: str) -> None:
    bring(books, "euro.xml", data("euro_account.xml"))
    [question] = [item for item in questions.items(books) if item.type == "currency"]
    with pytest.raises(Refused):
        questions.answer(books, question.id, questions.Answered(rate=rate))


def test_a_statement_brought_into_an_account_of_another_currency_keeps_its_own(books: Books, bring: Bring) -> None:
    bring(books, "march.xml", data("version_02.xml"))
    account = accounts.listed(books)[0].account
    euro = data("euro_account.xml").replace(b">A1<", b">E1<").replace(b">A2<", b">E2<")
    told = bring(books, "euro.xml", euro, account=account.name)
    assert told.added == 2
    assert [row.currency for row in books.transactions.listed(Filter(), 0)].count("EUR") == 2
    assert told.accounts[0].balance_ties is None
    assert "The statement is in EUR, the account in USD; its rows keep their currency." in told.notes


@pytest.mark.parametrize(("name", "added", "rejected"), [("bad_rows.xml", 2, 9), ("cut_off.xml", 1, 1)])
def test_good_rows_come_in_and_the_others_are_listed(
    books: Books, bring: Bring, name: str, added: int, rejected: int
) -> None:
    result = bring(books, name, data(name))
    assert (result.added, len(result.rejected)) == (added, rejected)
    assert result.rows == added + rejected
