"""`classify`: label a CSV of descriptors without touching the books, one row out for each row in."""

from __future__ import annotations

import argparse
import csv
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from app.cli.session import Session
from app.core.books.vocabulary import Profession


def build(_noun: str, parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE.csv")
    parser.add_argument("--profession", choices=list(Profession))
    parser.add_argument("--out", metavar="FILE")
    parser.add_argument("--learn", metavar="FIRST.csv", help="rows with their true kind and line to learn from")
    parser.add_argument("--with-books", action="store_true", help="use the rules and answers of the books too")
    parser.set_defaults(run=_classify)


def _classify(session: Session, arguments: argparse.Namespace) -> int:
    from app.services import csv_tables, labelling  # noqa: PLC0415

    books = session.books if arguments.with_books else None
    with ExitStack() as stack:
        source = stack.enter_context(csv_tables.open_table(Path(arguments.file)))
        learn = stack.enter_context(csv_tables.open_table(Path(arguments.learn))) if arguments.learn else None
        target: IO[str] = sys.stdout
        if arguments.out:
            target = stack.enter_context(csv_tables.new_table(Path(arguments.out)))
        header, rows = labelling.labelled(source, profession=arguments.profession, learn=learn, books=books)
        if session.options.json and not arguments.out:
            found = [dict(zip(header, row, strict=True)) for row in rows]
            session.emit({"rows": found, "count": len(found)})
            return 0
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(header)
        count = 0
        for row in rows:
            writer.writerow(row)
            count += 1
    if arguments.out:
        session.emit({"out": arguments.out, "count": count}, f"Labelled {count} rows into {arguments.out}.")
    return 0
