"""Files that name an account but not its number: found again by that name, and never thrown together with others."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.core.errors import NotAStatement
from app.services.books.open_books import Books
from app.services.ingest import imports
from app.services.ledger import accounts

Bring = Callable[..., imports.FileResult]

QIF = """!Account
NDaily
TBank
^
!Type:Bank
D3/22/2026
T-4.00
PKIOSK
^
!Account
NBills
TBank
^
!Type:Bank
D3/23/2026
T-90.00
PWATER
^
"""
MINT = """Date,Description,Original Description,Amount,Transaction Type,Category,Account Name,Labels,Notes
3/22/2026,Kiosk,KIOSK 1,4.00,debit,Food,Daily,,
3/23/2026,Water,WATER CO,90.00,debit,Bills,Bills,,
"""
HEAD = "<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>USD"


def ofx(number: str, *, days: int = 3) -> bytes:
    rows = "".join(
        f"<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>2026030{day}<TRNAMT>-{day}.50<FITID>F{day}<NAME>SHOP {day}</STMTTRN>"
        for day in range(1, days + 1)
    )
    return (
        f"{HEAD}<BANKACCTFROM><BANKID>9<ACCTID>{number}<ACCTTYPE>CHECKING</BANKACCTFROM>{rows}</STMTRS></OFX>".encode()
    )


def camt(number: str, *, days: int = 3) -> bytes:
    rows = "".join(
        f'<Ntry><Amt Ccy="USD">{day}.50</Amt><CdtDbtInd>DBIT</CdtDbtInd><BookgDt><Dt>2026-03-0{day}</Dt></BookgDt>'
        f"<AddtlNtryInf>SHOP {day}</AddtlNtryInf></Ntry>"
        for day in range(1, days + 1)
    )
    return (
        f"<Document><BkToCstmrStmt><Stmt><Acct><Id><IBAN>{number}</IBAN></Id></Acct>{rows}</Stmt></BkToCstmrStmt>"
        "</Document>"
    ).encode()


def held(books: Books) -> list[tuple[str, int]]:
    return [(view.account.name, view.rows) for view in accounts.listed(books)]


@pytest.mark.parametrize(("name", "text"), [("export.qif", QIF), ("transactions.csv", MINT)])
def test_accounts_of_one_file_stay_apart_and_are_found_again(books: Books, bring: Bring, name: str, text: str) -> None:
    assert bring(books, name, text.encode()).added == 2
    again = bring(books, f"later-{name}", text.encode() + b"\n")
    assert (again.added, again.duplicates) == (0, 2)
    assert held(books) == [("Daily", 1), ("Bills", 1)]


def test_a_short_account_number_is_a_number(books: Books, bring: Bring) -> None:
    bring(books, "a.ofx", ofx("5", days=1))
    assert bring(books, "b.ofx", ofx("5", days=2)).added == 1
    bring(books, "c.ofx", ofx("6", days=1))
    assert [rows for _, rows in held(books)] == [2, 1]


def test_one_number_written_in_two_ways_is_one_account_where_rows_agree(books: Books, bring: Bring) -> None:
    bring(books, "a.ofx", ofx("000771204417"))
    told = bring(books, "b.xml", camt("DE02 1203 0000 0077 1204 4417"))
    assert (told.added, told.duplicates) == (0, 3)
    bring(books, "c.xml", camt("DE02 1203 0000 0099 9904 4417", days=2))
    bring(books, "d.xml", camt("DE02 1203 0000 0077 1204 5555"))
    assert [rows for _, rows in held(books)] == [3, 2, 3]


def test_a_file_of_investments_only_makes_no_account(books: Books, bring: Bring) -> None:
    told = bring(books, "broker.qif", b"!Type:Invst\nD1/25/2026\nNBuy\nYACME\nT105.00\n^\n")
    assert isinstance(told.error, NotAStatement)
    assert held(books) == []


WELLS = """"03/01/2026","-1850.00","*","","RENT TO PARKSIDE"
"03/09/2026","-61.17","*","","TRADER JOE S 553"
"03/15/2026","2310.44","*","","SCHOOL PAYROLL"
"03/20/2026","-64.50","*","","CABLE COMPANY"
"03/28/2026","-12.00","*","","MONTHLY FEE"
"""
MONEY_PROGRAM = """!Type:Bank
D3/1/2026
T-1850.00
PRENT TO PARKSIDE
^
D3/9/2026
T-61.17
PTRADER JOE S 553
^
D3/15/2026
T2310.44
PSCHOOL PAYROLL
^
D3/20/2026
T-64.50
PCABLE COMPANY
^
D3/28/2026
T-12.00
PMONTHLY FEE
^
"""


@pytest.mark.parametrize("first", ["bank", "program"])
def test_a_file_called_anything_finds_the_account_whose_rows_it_has(books: Books, bring: Bring, first: str) -> None:
    files = {"bank": ("Checking2.csv", WELLS), "program": ("all of march.qif", MONEY_PROGRAM)}
    second = "program" if first == "bank" else "bank"
    assert bring(books, files[first][0], files[first][1].encode()).added == 5
    again = bring(books, files[second][0], files[second][1].encode())
    assert (again.added, again.duplicates, len(held(books))) == (0, 5, 1)
    later = '"04/02/2026","-9.99","*","","KIOSK"\n"04/03/2026","-8.99","*","","BAKERY"\n'
    assert bring(books, "Checking2 (1).csv", later.encode()).added == 2
    assert [rows for _, rows in held(books)] == [7]


def test_the_name_of_the_file_that_made_an_account_stays_known_beside_the_banks(books: Books, bring: Bring) -> None:
    bring(books, "household.qif", MONEY_PROGRAM.encode())
    bring(books, "Checking2.csv", WELLS.encode())
    assert bring(books, "household-2.qif", b"!Type:Bank\nD4/22/2026\nT-9.99\nPKIOSK\n^\n").added == 1
    assert [(view.account.institution, view.rows) for view in accounts.listed(books)] == [("Wells Fargo", 6)]


def test_a_few_equal_rows_do_not_make_files_of_other_names_one_account(books: Books, bring: Bring) -> None:
    """A wage split over two banks comes to both on the same days."""
    wage = "".join(f'"0{month}/15/2026","1155.22","*","","PAYROLL"\n"0{month}/20/2026","-64.50","*","","CABLE"\n'
                   for month in range(1, 5))  # fmt: skip
    bring(books, "Checking2.csv", wage.encode())
    other = "".join(f"!Type:Bank\nD{month}/15/2026\nT1155.22\nPPAYROLL\n^\nD{month}/22/2026\nT-7.00\nPBUS\n^\n"
                    for month in range(1, 5))  # fmt: skip
    assert bring(books, "northern union.qif", other.encode()).added == 8
    assert [rows for _, rows in held(books)] == [8, 8]


def test_a_new_account_with_the_rows_of_another_is_told(books: Books, bring: Bring) -> None:
    bring(books, "Checking2.csv", WELLS.encode())
    twice = bring(books, "march.qif", MONEY_PROGRAM.encode(), account="Household")
    assert twice.added == 5
    [note] = twice.notes
    assert note.startswith("5 rows of Household have the day and the amount of rows of Wells Fargo Checking.")
    assert note.endswith("undo this import and bring the file into Wells Fargo Checking.")
    other = MONEY_PROGRAM.replace("T-", "T-1").encode()
    assert bring(books, "march.qif", other, account="Other").notes == []
