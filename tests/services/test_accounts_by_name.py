"""Files that name an account but not its number: found again by that name, and never thrown together with others."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.core.errors import NotAStatement
from app.services import accounts, imports
from app.services.books import Books

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
