"""A second, naive reading of the generated files: line, date and cents of every row, found without the program.

It knows the few shapes the generator writes and nothing else; that is the point of it.
"""

from __future__ import annotations

import csv
import re
from datetime import date, datetime
from decimal import Decimal
from io import StringIO

PlainRow = tuple[int, date, int]
"""Line where the record starts, posting date, cents."""


def cents(text: str) -> int:
    return int(Decimal(text.replace(",", "") or "0") * 100)


def _us(text: str) -> date:
    return datetime.strptime(text, "%m/%d/%Y" if len(text) == 10 else "%m/%d/%y").date()  # noqa: DTZ007 - a civil date


def _records(text: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(StringIO(text, newline=""))
    found, line = [], 1
    for record in reader:
        found.append((line, record))
        line = reader.line_num + 1
    return found


def read_plain(data: bytes) -> list[PlainRow]:
    """Return the rows that moved money, in file order."""
    text = data.decode("utf-8-sig")
    if "<OFX>" in text:
        return _ofx(text)
    if text.startswith("!Type"):
        return _qif(text)
    records = _records(text)
    if records[0][1][2:3] == ["*"]:
        return [(n, _us(r[0]), cents(r[1])) for n, r in records]
    start = next(n for n, (_, r) in enumerate(records) if len(r) > 3 and not any(c.isdigit() for c in "".join(r[:3])))
    header = [name.lower() for name in records[start][1]]
    rows = [(n, dict(zip(header, r, strict=False))) for n, r in records[start + 1 :]]
    return [found for n, row in rows if (found := _csv_row(n, row)) is not None]


def _csv_row(n: int, row: dict[str, str]) -> PlainRow | None:
    if "balance impact" in row:
        return None if row["balance impact"] == "Memo" else (n, _us(row["date"]), cents(row["net"]))
    if "created_utc" in row:
        return n, date.fromisoformat(row["created_utc"][:10]), cents(row["net"])
    if "card no." in row:
        return n, date.fromisoformat(row["posted date"]), cents(row["credit"]) - cents(row["debit"])
    if "transaction amount" in row:
        sign = -1 if row["transaction type"] == "Debit" else 1
        return n, _us(row["transaction date"]), sign * cents(row["transaction amount"])
    if "card member" in row:
        return n, _us(row["date"]), -cents(row["amount"])
    if "running bal." in row:
        return (n, _us(row["date"]), cents(row["amount"])) if row["amount"] else None
    day = row.get("post date") or row["posting date"]
    return n, _us(day), cents(row["amount"])


def _ofx(text: str) -> list[PlainRow]:
    found = []
    for match in re.finditer(r"<STMTTRN>.*?</STMTTRN>", text, re.DOTALL):
        day = re.search(r"<DTPOSTED>(\d{8})", match[0])
        amount = re.search(r"<TRNAMT>(-?[\d.]+)", match[0])
        assert day
        assert amount
        line = text.count("\n", 0, match.start()) + 1
        found.append((line, date.fromisoformat(day[1]), cents(amount[1])))
    return found


def _qif(text: str) -> list[PlainRow]:
    found, line, day = [], 0, date.min
    for n, part in enumerate(text.splitlines(), 1):
        if part.startswith("D"):
            line = n
            month, rest = part[1:].split("/")
            number, year = rest.split("'")
            day = date(2000 + int(year), int(month), int(number))
        elif part.startswith("T"):
            found.append((line, day, cents(part[1:])))
    return found
