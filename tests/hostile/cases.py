"""What a hostile file is made of, and what it must end in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

HEAD = "Date,Description,Amount\n"
ONE = "03/01/2026,GOOD ROW ONE,-10.00\n"
TWO = "03/02/2026,GOOD ROW TWO,-20.00\n"

OFX_HEAD = (
    "OFXHEADER:100\r\nDATA:OFXSGML\r\nVERSION:102\r\nSECURITY:NONE\r\nENCODING:USASCII\r\nCHARSET:1252\r\n"
    "COMPRESSION:NONE\r\nOLDFILEUID:NONE\r\nNEWFILEUID:NONE\r\n\r\n"
)
OFX_START = (
    "<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>USD<BANKACCTFROM><BANKID>125000024<ACCTID>9900112233"
    "<ACCTTYPE>CHECKING</BANKACCTFROM><BANKTRANLIST><DTSTART>20260101<DTEND>20260331"
)
OFX_END = "</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"


class Case(NamedTuple):
    """A file, and what must become of it: an error code, or how many rows come in and how many are listed as bad."""

    name: str
    content: Callable[[], str | bytes]
    code: str | None = None
    added: int = 0
    rejected: int = 0
    attack: str = "S1"
    """Its row of the suite (design, reliability 4)."""

    def data(self) -> bytes:
        made = self.content()
        return made if isinstance(made, bytes) else made.encode()

    def write(self, folder: Path) -> Path:
        path = folder / self.name
        path.write_bytes(self.data())
        return path


def ofx_row(number: int, amount: str = "-12.00", name: str = "SHOP", day: str = "20260110") -> str:
    return f"<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>{day}<TRNAMT>{amount}<FITID>F{number}<NAME>{name}</STMTTRN>"


def ofx(*rows: str) -> str:
    return OFX_HEAD + OFX_START + "".join(rows) + OFX_END


def amounts(*amounts: str) -> str:
    return HEAD + ONE + "".join(f"03/0{3 + i % 5}/2026,ODD AMOUNT {i},{a}\n" for i, a in enumerate(amounts)) + TWO


def days(*days: str) -> str:
    return HEAD + ONE + "".join(f"{day},ODD DAY,-5.00\n" for day in days) + TWO


def texts(*texts: str) -> str:
    return HEAD + "".join(f'03/0{1 + i}/2026,"{text}",-{i + 1}.00\n' for i, text in enumerate(texts))


def bomb() -> str:
    names = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    return (
        f'<?xml version="1.0"?><!DOCTYPE OFX [<!ENTITY e0 "ha">{names}]>\n<?OFX OFXHEADER="200" VERSION="211"?>\n'
        + OFX_START + ofx_row(1, name="&e11;") + OFX_END
    )  # fmt: skip


def outside_entity() -> str:
    return (
        '<?xml version="1.0"?><!DOCTYPE OFX [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<?OFX OFXHEADER="200"?>\n'
        + OFX_START + ofx_row(1, name="&x;") + OFX_END
    )  # fmt: skip
