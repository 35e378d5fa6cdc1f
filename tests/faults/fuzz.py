"""Bank files that were spoiled at random, and what each reading must not do: crash, hang, or change a row in silence.

A spoiled file keeps most of its lines. What a second, naive reader says of the lines that were left alone must be what
the program reads there, or the program must have refused the row; another day or amount is the failure looked for.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import NamedTuple

from generator.plain_reader import PlainRow, read_plain

from app.core.dates import date_of
from app.core.errors import AppError
from app.core.ingest import reader
from app.core.ingest.statement import ReadOptions

SECONDS = 5.0
JUNK = (
    b'"', b'""', b",", b";", b"\t", b"|", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"<", b">", b"&#x0;",
    b"<!DOCTYPE", b"=1", b"9" * 40, b"-", b"--", b"(", b"1e9", b"\xe2\x80\xae", b"%s%n", b"</STMTTRN>", b"<STMTTRN>",
    b"^", b"!Type:Bank", b"NaN", b"Infinity", b"\xd9\xa3", b"A" * 5000, b"0x10", b"1.2.3", b"12,34", b"$",
    b"\xe2\x88\x92", b"31/12/2026",
)  # fmt: skip


class Good(NamedTuple):
    """A good file: its lines, the line its rows begin on, and what the naive reader says of it; None: it cannot."""

    name: str
    lines: list[bytes]
    first: int
    rows: list[PlainRow] | None


class Spoiled(NamedTuple):
    """A spoiled file and the 1-based lines that were touched; None when all may mean something else now."""

    good: Good
    data: bytes
    touched: set[int] | None


def good_files(paths: list[Path], known: set[str]) -> list[Good]:
    """Return the files to spoil; of those whose names are `known` the naive reader knows the shape."""
    found = []
    for path in paths:
        data = path.read_bytes()
        rows = read_plain(data) if path.name in known else None
        first = rows[0][0] if rows else 1
        found.append(Good(path.name, data.splitlines(keepends=True), first, rows))
    return found


def spoiled(files: list[Good], seed: int) -> Spoiled:
    chance = Random(seed)
    # two of three times a file whose every row the naive reader can judge
    judged = [each for each in files if each.rows]
    good = chance.choice(judged if chance.random() < 0.67 else files)
    lines = list(good.lines)
    if chance.random() < 0.15:
        data = bytearray(b"".join(lines))
        for _ in range(chance.randint(1, 30)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        return Spoiled(good, bytes(data[: chance.randrange(len(data))] if chance.random() < 0.3 else data), None)
    touched = set()
    for _ in range(chance.randint(1, 5)):
        number = chance.randrange(min(good.first - 1, len(lines) - 1), len(lines))
        touched.add(number + 1)
        lines[number] = spoiled_line(chance, lines[number], files)
    if chance.random() < 0.1:
        cut = chance.randrange(good.first - 1, len(lines))
        lines = [*lines[:cut], lines[cut][: chance.randrange(1 + len(lines[cut]))]]
        touched.add(cut + 1)
    return Spoiled(good, b"".join(lines), touched if good.rows else None)


def spoiled_line(chance: Random, line: bytes, files: list[Good]) -> bytes:
    """Spoil one line; its end stays, so that the lines behind it keep their numbers."""
    text = line.rstrip(b"\r\n")
    end, place = line[len(text) :], chance.randrange(len(text) + 1)
    way = chance.randrange(6)
    if way == 0 and text:
        place = min(place, len(text) - 1)
        return text[:place] + bytes([chance.choice(range(14, 256))]) + text[place + 1 :] + end
    if way == 1:
        return text[:place] + chance.choice(JUNK).replace(b"\r", b" ") + text[place:] + end
    if way == 2:
        return text[:place] + text[min(len(text), place + chance.randint(1, 12)) :] + end
    if way == 3:
        return text * chance.randint(2, 4) + end
    if way == 4:
        other = chance.choice(chance.choice(files).lines)
        return other.rstrip(b"\r\n") + end
    return text[::-1] + end


class TooSlow(Exception):
    """A reading took longer than it may."""


@contextmanager
def limited() -> Iterator[None]:
    def late(_signal: int, _frame: object) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def verdict(file: Spoiled) -> str | None:
    """Return what went wrong with the reading of a spoiled file; None when nothing did."""
    try:
        with limited():
            parsed = reader.read(file.data, file.good.name, ReadOptions())
    except AppError as refused:
        return None if refused.exit_code == 3 and refused.message else f"refused as {refused.code}"
    except TooSlow:
        return "too slow"
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        return f"crashed: {type(error).__name__}: {error}"
    if file.touched is None or file.good.rows is None:
        return None
    read = {row.line: (date_of(row.posted), row.cents) for each in parsed.statements for row in each.rows}
    starts = [line for line, _, _ in file.good.rows]
    for number, (line, day, cents) in enumerate(file.good.rows):
        following = starts[number + 1] if number + 1 < len(starts) else len(file.good.lines) + 1
        alone = file.touched.isdisjoint(range(line, max(following, line + 1)))
        if alone and line in read and read[line] != (day, cents):
            return f"line {line} was left alone and says {day} {cents}, read was {read[line]}"
    return None
