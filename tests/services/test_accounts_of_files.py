"""Which account a file belongs to, what its opening balance is, and what its months are covered by."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import pytest

from app.core.dates import day_from_iso
from app.core.errors import AccountAmbiguous, Conflict, Refused
from app.services.books import history
from app.services.books.open_books import Books
from app.services.ingest import imports
from app.services.ledger import accounts, balances
from app.store.row_filter import Filter

JAN = [("2026-01-05", -1250, "COFFEE CART 1"), ("2026-01-20", 200000, "OAKMERE WINERY AP PAYMENT")]
FEB = [("2026-02-03", -4410, "STAPLES 0041"), ("2026-02-17", -9900, "CITY UTILITIES")]
MAR = [("2026-03-02", -700, "KIOSK 7"), ("2026-03-30", 55000, "QUILLSTONE PRESS AP")]


def test_an_ofx_file_finds_its_account_by_its_number(
    books: Books, ofx: Callable[..., bytes], bring: Callable[..., imports.FileResult]
) -> None:
    first = bring(books, "a.ofx", ofx(JAN))
    same = bring(books, "b.ofx", ofx(FEB))
    other = bring(books, "c.ofx", ofx(FEB, number="000771209999"))
    assert [r.accounts[0].made for r in (first, same, other)] == [True, False, True]
    assert same.accounts[0].account.id == first.accounts[0].account.id
    assert first.accounts[0].account.name == "Harbor Bank Checking ··4417"
    assert other.accounts[0].account.last4 == "9999"
    assert "000771204417" not in "".join(map(str, books.connection.execute("SELECT * FROM account").fetchall()))


def test_a_csv_finds_its_account_by_bank_and_last_four_of_its_name(
    books: Books, chase_csv: Callable[..., bytes], bring: Callable[..., imports.FileResult]
) -> None:
    made = bring(books, "Chase6620_Activity_20260201.CSV", chase_csv(JAN))
    second = bring(books, "Chase1111_Activity_20260301.CSV", chase_csv(FEB))
    again = bring(books, "Chase6620_Activity_20260401.CSV", chase_csv(MAR))
    assert [r.accounts[0].made for r in (made, second, again)] == [True, True, False]
    assert again.accounts[0].account.id == made.accounts[0].account.id
    assert again.added == 2


def test_a_file_without_a_number_goes_to_the_only_account_of_its_bank_and_kind(
    books: Books, chase_csv: Callable[..., bytes], bring: Callable[..., imports.FileResult]
) -> None:
    made = bring(books, "Chase6620_Activity_20260201.CSV", chase_csv(JAN))
    found = bring(books, "download.csv", chase_csv(FEB))
    assert found.accounts[0].account.id == made.accounts[0].account.id


def test_a_file_that_fits_two_accounts_is_refused_with_their_names(
    books: Books, chase_csv: Callable[..., bytes], bring: Callable[..., imports.FileResult]
) -> None:
    one = bring(books, "Chase6620_Activity_20260201.CSV", chase_csv(JAN)).accounts[0].account
    two = bring(books, "Chase1111_Activity_20260301.CSV", chase_csv(MAR)).accounts[0].account
    before = books.totals.dump()
    refused = bring(books, "download.csv", chase_csv(FEB))
    assert isinstance(refused.error, AccountAmbiguous)
    assert refused.error.code == "account_ambiguous"
    assert one.name in refused.error.hint
    assert two.name in refused.error.hint
    assert books.totals.dump() == before
    named = bring(books, "download.csv", chase_csv(FEB), account=two.name)
    assert (named.error, named.accounts[0].account.id) == (None, two.id)


@pytest.mark.parametrize(("shared", "made"), [(2, True), (3, False)])
def test_three_equal_rows_say_that_a_file_of_a_nameless_bank_belongs_to_an_account(
    books: Books, bring: Callable[..., imports.FileResult], shared: int, *, made: bool
) -> None:
    def table(rows: list[tuple[str, int]]) -> bytes:
        return "\n".join(["Date,Description,Amount", *(f"{d},SHOP {c},{c / 100:.2f}" for d, c in rows), ""]).encode()

    old = [("2026-01-15", -1111), ("2026-01-16", -2222), ("2026-01-17", -3333), ("2026-01-18", 90000)]
    new = [*old[:shared], ("2026-02-20", -4444)]
    first = bring(books, "river trust.csv", table(old))
    second = bring(books, "0001.csv", table(new))
    assert second.error is None
    assert second.accounts[0].made is made
    assert (second.accounts[0].account.id == first.accounts[0].account.id) is not made
    assert second.duplicates == (0 if made else 3)


def test_a_file_of_several_accounts_cannot_go_into_one(
    books: Books, ofx: Callable[..., bytes], bring: Callable[..., imports.FileResult]
) -> None:
    one, two = ofx(JAN), ofx(FEB, number="000771209999")
    start, end = one.index(b"<STMTTRNRS>"), one.index(b"</BANKMSGSRSV1>")
    both = one[:end] + two[two.index(b"<STMTTRNRS>") : two.index(b"</BANKMSGSRSV1>")] + one[end:]
    assert start < end
    refused = bring(books, "both.ofx", both, account="Mine")
    assert isinstance(refused.error, Refused)
    assert books.accounts.all() == []
    taken = bring(books, "both.ofx", both)
    assert [(a.made, a.added) for a in taken.accounts] == [(True, 2), (True, 2)]


def test_kind_and_role_apply_to_an_account_that_the_import_makes_only(
    books: Books, ofx: Callable[..., bytes], bring: Callable[..., imports.FileResult]
) -> None:
    made = bring(books, "a.ofx", ofx(JAN), account_kind="savings", role="reserve").accounts[0].account
    assert (made.kind, made.role) == ("savings", "reserve")
    later = bring(books, "b.ofx", ofx(FEB), account_kind="savings", role="business").accounts[0].account
    assert (later.id, later.role) == (made.id, "reserve")


def test_a_named_account_is_made_when_it_is_new(
    books: Books, chase_csv: Callable[..., bytes], bring: Callable[..., imports.FileResult]
) -> None:
    first = bring(books, "x.csv", chase_csv(JAN), account="Everyday")
    second = bring(books, "y.csv", chase_csv(FEB), account="Everyday")
    assert [r.accounts[0].made for r in (first, second)] == [True, False]
    by_id = bring(books, "z.csv", chase_csv(MAR), account=str(first.accounts[0].account.id))
    assert by_id.accounts[0].account.name == "Everyday"


# --- balances


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_a_table_of_a_savings_account_is_no_second_account_beside_its_statement(
    books: Books, ofx: Callable[..., bytes], chase_csv: Callable[..., bytes],
    bring: Callable[..., imports.FileResult], order: str,
) -> None:  # fmt: skip
    """Chase writes one table for both kinds; its OFX says which it is."""
    rows = [("2026-03-02", -450, "CAFE"), ("2026-03-20", -900, "BUS")]
    savings = ofx(rows, number="000771206620", org="Chase").replace(b"<ACCTTYPE>CHECKING", b"<ACCTTYPE>SAVINGS")
    files = {"a": ("Chase6620_Activity.CSV", chase_csv(rows)), "b": ("savings.ofx", savings)}
    added = [bring(books, *files[name]).added for name in order]
    assert added == [2, 0]
    assert len(books.accounts.all()) == 1


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_a_named_account_learns_its_bank_and_number_whichever_file_says_them(
    books: Books, ofx: Callable[..., bytes], bring: Callable[..., imports.FileResult], order: str
) -> None:
    files = {
        "a": ("export_2026-03.qif", b"!Type:Bank\nD03/20/2026\nT-9.00\nPBUS\n^\n"),
        "b": ("statement.ofx", ofx([("2026-03-02", -450, "CAFE", "7"), ("2026-03-20", -900, "BUS", "8")])),
    }
    for name in order:
        assert bring(books, *files[name], account="Everyday").error is None
    (account,) = books.accounts.all()
    assert (account.institution, account.last4) == ("Harbor Bank", "4417")
    assert account.fingerprint


def test_the_first_stated_balance_sets_the_opening_and_later_ones_are_held_against_it(
    books: Books, ofx: Callable[..., bytes], bring: Callable[..., imports.FileResult]
) -> None:
    january = bring(books, "a.ofx", ofx(JAN, balance=(300000, "2026-01-31")))
    account = january.accounts[0].account
    assert account.opening_cents == 300000 - 198750
    assert (january.accounts[0].balance_ties, january.accounts[0].balance_cents) == (None, 300000)
    right = bring(books, "b.ofx", ofx(FEB, balance=(300000 - 14310, "2026-02-28")))
    assert right.accounts[0].balance_ties is True
    wrong = bring(books, "c.ofx", ofx(MAR, balance=(1, "2026-03-31")))
    assert wrong.accounts[0].balance_ties is False
    assert balances.of(books, account.id) == 300000 - 14310 + 54300
    silent = bring(books, "d.ofx", ofx([("2026-04-01", -100, "STAMP")]))
    assert silent.accounts[0].balance_ties is None


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_the_months_may_come_in_any_order_and_all_balances_tie(
    books: Books, ofx: Callable[..., bytes], bring: Callable[..., imports.FileResult], order: tuple[int, ...]
) -> None:
    files = [
        ofx(JAN, balance=(298750, "2026-01-31")),
        ofx(FEB, balance=(284440, "2026-02-28")),
        ofx(MAR, balance=(338740, "2026-03-31")),
    ]
    for number in order:
        bring(books, f"{number}.ofx", files[number])
    account = books.accounts.all()[0]
    assert account.opening_cents == 100000
    assert balances.of(books, account.id) == 338740
    stated = [f for f in books.accounts.files(account.id) if not f.sets_opening]
    assert [balances.ties(books, account, f.balance_cents, f.balance_day, sets_opening=False) for f in stated] == [
        True,
        True,
    ]


def test_the_opening_is_zero_until_a_balance_is_stated(
    books: Books, ofx: Callable[..., bytes], bring: Callable[..., imports.FileResult]
) -> None:
    account = bring(books, "a.ofx", ofx(JAN)).accounts[0]
    assert (account.account.opening_cents, account.balance_cents, account.balance_ties) == (0, 198750, None)
    after = bring(books, "b.ofx", ofx(FEB, balance=(500000, "2026-02-28"))).accounts[0]
    assert after.account.opening_cents == 500000 - 198750 + 14310
    history.undo(books)
    assert books.accounts.all()[0].opening_cents == 0


# --- coverage


def test_months_are_covered_partial_missing_or_untied(
    books: Books, ofx: Callable[..., bytes], bring: Callable[..., imports.FileResult]
) -> None:
    bring(books, "a.ofx", ofx(JAN, first="2026-01-01", last="2026-01-31", balance=(198750, "2026-01-31")))
    bring(books, "c.ofx", ofx(MAR, first="2026-03-01", last="2026-03-31", balance=(5, "2026-03-31")))
    bring(books, "d.ofx", ofx([("2026-04-10", -100, "STAMP")], first="2026-04-01", last="2026-04-10"))
    account = books.accounts.all()[0]
    found = {m.month: (m.state, m.ties, m.rows) for m in accounts.coverage(books)[account.id]}
    assert found == {
        202601: ("covered", None, 2),
        202602: ("missing", None, 0),
        202603: ("untied", False, 2),
        202604: ("partial", None, 1),
    }
    bring(books, "d2.ofx", ofx([("2026-04-28", -100, "STAMPS")], first="2026-04-11", last="2026-04-30"))
    april = accounts.coverage(books)[account.id][-1]
    assert (april.state, april.rows) == ("covered", 2)


def test_two_files_cover_a_month_together_and_a_later_balance_ties(
    books: Books, ofx: Callable[..., bytes], bring: Callable[..., imports.FileResult]
) -> None:
    bring(books, "a.ofx", ofx(JAN, first="2026-01-01", last="2026-01-31", balance=(198750, "2026-01-31")))
    bring(books, "b.ofx", ofx(FEB, first="2026-02-01", last="2026-02-28", balance=(184440, "2026-02-28")))
    account = books.accounts.all()[0]
    assert [(m.state, m.ties) for m in accounts.coverage(books)[account.id]] == [("covered", None), ("covered", True)]


def test_an_account_that_is_removed_frees_its_name_and_comes_back_by_undo(books: Books) -> None:
    accounts.add(books, {"name": "Spare", "kind": "cash"})
    accounts.remove(books, "Spare")
    assert [view.account.name for view in accounts.listed(books)] == []
    removal = history.history(books)[0].id
    accounts.add(books, {"name": "Spare", "kind": "savings"})
    newest = history.history(books)[0].id
    with pytest.raises(Conflict) as caught:
        history.undo(books, removal)
    assert caught.value.operations == (newest,)
    history.undo(books)
    history.undo(books, removal)
    assert [(view.account.name, view.account.kind) for view in accounts.listed(books)] == [("Spare", "cash")]


def test_a_new_role_or_kind_labels_the_rows_again(
    books: Books,
    ofx: Callable[..., bytes],
    bring: Callable[..., imports.FileResult],
    derived_holds: Callable[[Books], None],
) -> None:
    account = bring(books, "a.ofx", ofx(FEB)).accounts[0].account
    for values in ({"role": "business"}, {"role": "personal"}, {"kind": "credit"}, {"role": "mixed"}):
        accounts.change(books, account.name, values)
        derived_holds(books)
    accounts.change(books, account.name, {"role": "personal"})
    assert all(row.kind != "expense" or row.status == "suggested" for row in books.transactions.listed(Filter(), 0))


def test_what_a_shop_takes_is_business_and_a_wallet_is_both(books: Books) -> None:
    for kind, role in (("stripe", "business"), ("etsy", "business"), ("paypal", "mixed"), ("checking", "mixed")):
        accounts.add(books, {"name": kind, "kind": kind})
        assert books.accounts.named(kind).role == role
    accounts.add(books, {"name": "till", "kind": "square", "role": "personal"})
    assert books.accounts.named("till").role == "personal"


def test_a_processor_that_comes_later_changes_what_an_old_payout_counts_as(
    books: Books,
    ofx: Callable[..., bytes],
    bring: Callable[..., imports.FileResult],
    derived_holds: Callable[[Books], None],
) -> None:
    """The bank's file of January is long settled when the PayPal account joins in November."""
    bring(books, "a.ofx", ofx([("2026-01-12", 45000, "PAYPAL TRANSFER PPD ID: PAYPALSD11")]))
    accounts.add(books, {"name": "PayPal", "kind": "paypal"})
    derived_holds(books)
    row = next(books.transactions.listed(Filter(), 0))
    assert (row.kind, row.status) == ("transfer", "suggested")
    accounts.remove(books, "PayPal")
    derived_holds(books)
    assert row.tax_date == day_from_iso("2026-01-12")


PAYPAL = """Date,Time,TimeZone,Name,Type,Status,Currency,Gross,Fee,Net,Transaction ID
02/04/2026,10:11:12,PST,Lena Varga,Website Payment,Completed,USD,300.00,-10.00,290.00,P1
02/08/2026,10:11:12,PST,Kolb Verlag,Website Payment,Completed,EUR,400.00,-14.30,385.70,P2
"""


def test_a_wallet_counts_its_rows_of_every_currency_and_its_balance_is_of_its_own(
    books: Books, bring: Callable[..., imports.FileResult]
) -> None:
    assert bring(books, "Download.CSV", PAYPAL.encode()).added == 2
    [view] = accounts.listed(books)
    assert (view.rows, view.balance_cents) == (2, 29000)


APPLE = """Transaction Date,Clearing Date,Description,Merchant,Category,Type,Amount (USD)
02/27/2026,02/28/2026,APPLE.COM/BILL,Apple Services,Other,Purchase,2.99
02/26/2026,02/28/2026,CORNER STORE,Corner Store,Other,Purchase,3.99
"""


def test_a_bank_whose_name_says_what_the_account_is_is_not_told_twice(
    books: Books, bring: Callable[..., imports.FileResult]
) -> None:
    bring(books, "apple.csv", APPLE.encode())
    assert [view.account.name for view in accounts.listed(books)] == ["Apple Card"]
