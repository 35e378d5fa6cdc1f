"""One account told in four formats, as a bank's site offers it: OFX cuts names at 32 letters, a CSV does not."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

FIRST = date(2026, 1, 5)

_TEXTS = (
    "COFFEE CORNER 0041 HARBOR CITY", "CARD PURCHASE 01/05 BLUE HERON MARKET STORE 114 HARBOR CITY WA",
    "CARD PURCHASE 01/05 BLUE HERON MARKET STORE 115 HARBOR CITY WA", "ONLINE TRANSFER TO SAV ...9999 TRANSACTION",
    "ONLINE TRANSFER TO SAV ...9999 TRANSACTION 2", "RIDGEWAY DENTAL GRP AP PAYMENT", "TRANSIT FARE", "TRANSIT FARE 2",
    "ACH CREDIT LARKSPUR STUDIOS LLC INVOICE 7718 PPD", "ACH CREDIT LARKSPUR STUDIOS LLC INVOICE 7719 PPD",
)  # fmt: skip
_AMOUNTS = (-450, -450, -275, -1999, -6000, 125_000, -88_250, 30_000)


class Told(NamedTuple):
    number: int
    day: date
    cents: int
    text: str


def truth(seed: int, rows: int = 120) -> list[Told]:
    """Return rows of some ten weeks, oldest first: few amounts, texts that begin alike, equal rows of one day."""
    chance = random.Random(seed)
    days = sorted(chance.randrange(70) for _ in range(rows))
    made: list[Told] = []
    for number, day in enumerate(days):
        at = chance.choice(_TEXTS)
        made.append(Told(number, FIRST + timedelta(day), chance.choice(_AMOUNTS), at))
    return made


def money(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def as_ofx(rows: Sequence[Told]) -> bytes:
    records = "".join(
        f"<STMTTRN><TRNTYPE>OTHER<DTPOSTED>{row.day:%Y%m%d}120000[-8:PST]<TRNAMT>{money(row.cents)}"
        f"<FITID>{row.day:%Y%m%d}{row.number}<NAME>{row.text[:32]}</STMTTRN>\n"
        for row in rows
    )
    return (
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:USASCII\nCHARSET:1252\n\n<OFX><BANKMSGSRSV1><STMTTRNRS>"
        "<STMTRS><CURDEF>USD<BANKACCTFROM><BANKID>125000105<ACCTID>000771204417<ACCTTYPE>CHECKING</BANKACCTFROM>"
        f"<BANKTRANLIST><DTSTART>{rows[0].day:%Y%m%d}<DTEND>{rows[-1].day:%Y%m%d}\n{records}</BANKTRANLIST></STMTRS>"
        "</STMTTRNRS></BANKMSGSRSV1></OFX>\n"
    ).encode()


def as_csv(rows: Sequence[Told]) -> bytes:
    lines = [f"{row.day:%m/%d/%Y},{row.text},{money(row.cents)}" for row in reversed(rows)]
    return "\n".join(["Date,Description,Amount", *lines, ""]).encode()


def as_qif(rows: Sequence[Told]) -> bytes:
    records = "".join(f"D{row.day:%Y-%m-%d}\nT{money(row.cents)}\nP{row.text}\n^\n" for row in rows)
    return f"!Type:Bank\n{records}".encode()


def as_camt(rows: Sequence[Told]) -> bytes:
    entries = "".join(
        f'<Ntry><Amt Ccy="USD">{money(abs(row.cents))}</Amt><CdtDbtInd>{"CRDT" if row.cents > 0 else "DBIT"}'
        f"</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>{row.day}</Dt></BookgDt><AcctSvcrRef>R{row.day:%j}-{row.number}"
        f"</AcctSvcrRef><NtryDtls><TxDtls><RmtInf><Ustrd>{row.text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>\n"
        for row in rows
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">'
        f"<BkToCstmrStmt><Stmt><FrToDt><FrDtTm>{rows[0].day}T00:00:00</FrDtTm><ToDtTm>{rows[-1].day}T23:59:59</ToDtTm>"
        "</FrToDt><Acct><Id><Othr><Id>000771204417</Id></Othr></Id><Ccy>USD</Ccy></Acct>\n"
        f"{entries}</Stmt></BkToCstmrStmt></Document>\n"
    ).encode()


WRITERS: dict[str, Callable[[Sequence[Told]], bytes]] = {
    "download.ofx": as_ofx, "activity.csv": as_csv, "old.qif": as_qif, "statement.xml": as_camt,
}  # fmt: skip


def whole_days(rows: Sequence[Told], start: int, end: int) -> list[Told]:
    """Return the rows of a span of days, as a bank lets one choose it."""
    return [row for row in rows if start <= (row.day - FIRST).days < end]
