"""The floor: the least any program could do for the same work in Python on an SQLCipher file. No features.

python floor.py WORK BOOKS CSV [TEXT]      the key is 64 hexadecimal digits on stdin
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlcipher

TABLE = """
CREATE TABLE row (id INTEGER PRIMARY KEY, account INTEGER, bank_id TEXT, date INTEGER, category INTEGER, amount INTEGER,
                  text TEXT);
CREATE UNIQUE INDEX row_source ON row (account, bank_id);
CREATE INDEX row_report ON row (date, category, amount);
"""


def opened(path: str, key: str) -> sqlcipher.Connection:
    connection = sqlcipher.connect(path, isolation_level=None)
    connection.set_key(f"x'{key}'")
    connection.execute("PRAGMA journal_mode = WAL").fetchone()
    return connection


def rows(path: str) -> Iterator[tuple[int, str, int, int, int, str]]:
    days: dict[str, int] = {}
    with Path(path).open(newline="", encoding="utf-8") as file:
        reader = csv.reader(file)
        next(reader)
        for number, row in enumerate(reader):
            day = days.get(row[1])
            if day is None:
                month, of_month, year = row[1].split("/")
                day = days[row[1]] = date(int(year), int(month), int(of_month)).toordinal()
            cents = int(row[3].replace(".", ""))
            yield 1, f"{day}|{cents}|{number}", day, number % 30, cents, row[2]


def load(connection: sqlcipher.Connection, path: str) -> None:
    connection.execute("BEGIN")
    connection.executemany(
        "INSERT OR IGNORE INTO row (account, bank_id, date, category, amount, text) VALUES (?, ?, ?, ?, ?, ?)",
        rows(path),
    )
    connection.execute("COMMIT")


def report(connection: sqlcipher.Connection) -> list[tuple[int, int, int]]:
    first = date(2025, 1, 1).toordinal()
    return connection.execute(
        "SELECT date / 30, category, SUM(amount) FROM row WHERE date BETWEEN ? AND ? GROUP BY 1, 2",
        (first, first + 364),
    ).fetchall()


def main() -> None:
    work, books, source = sys.argv[1:4]
    connection = opened(books, sys.stdin.readline().strip())
    if work == "W1":
        connection.executescript(TABLE)
        load(connection, source)
    elif work == "W1b":
        load(connection, source)
    elif work == "W2":
        print(len(report(connection)))
    elif work == "W3":
        print(len(connection.execute("SELECT account, date / 30, SUM(amount) FROM row GROUP BY 1, 2").fetchall()))
    elif work == "W4":
        print(len(connection.execute("SELECT * FROM row WHERE text LIKE ?", (f"%{sys.argv[4]}%",)).fetchall()))
    elif work == "W6":
        connection.execute("UPDATE row SET category = 31 WHERE id = 5")
        print(len(report(connection)))
    elif work == "W7":
        writer = csv.writer(sys.stdout)
        writer.writerows(
            (number, account, bank_id, date.fromordinal(day).isoformat(), category, f"{cents / 100:.2f}", text)
            for number, account, bank_id, day, category, cents, text in connection.execute("SELECT * FROM row")
        )
    connection.close()


if __name__ == "__main__":
    main()
