"""`classify`: label a CSV of descriptors without touching the books, one row out for each row in."""

from __future__ import annotations

import argparse
import csv
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import IO, TYPE_CHECKING

from app.cli.session import Session
from app.core.books.vocabulary import Profession
from app.core.errors import Usage

if TYPE_CHECKING:
    from app.services.classify.labelling import Labelling


def build(_noun: str, parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE.csv", help="- for what comes in")
    parser.add_argument("--profession", choices=list(Profession))
    parser.add_argument("--out", metavar="FILE")
    parser.add_argument("--learn", metavar="FIRST.csv", help="rows with their true kind and line to learn from")
    parser.add_argument("--with-books", action="store_true", help="use the rules and answers of the books too")
    parser.set_defaults(run=_classify)


def _classify(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.classify import labelling  # noqa: PLC0415
    from app.services.ingest import csv_tables  # noqa: PLC0415

    books = session.books if arguments.with_books else None
    with ExitStack() as stack:
        source = stack.enter_context(csv_tables.open_table(Path(arguments.file)))
        learn = stack.enter_context(csv_tables.open_table(Path(arguments.learn))) if arguments.learn else None
        target: IO[str] = sys.stdout
        if arguments.out:
            target = stack.enter_context(csv_tables.new_table(Path(arguments.out)))
        as_object = session.options.json and not arguments.out
        if as_object and arguments.file == "-":
            raise Usage("What comes in cannot be answered as one object.", "Give a file, or leave --json out.")
        if as_object:
            # One whole object is promised, so a table that breaks off is found before the first row is printed.
            labelling.check(source)
        work = labelling.Labelling(source, profession=arguments.profession, learn=learn, books=books)
        if as_object:
            rows = (dict(zip(work.header, row, strict=True)) for row in work.rows())
            session.emit_rows("rows", rows, lambda: _counts(work))
        else:
            writer = csv.writer(target, lineterminator="\n")
            writer.writerow(work.header)
            writer.writerows(work.rows())
    if arguments.out:
        session.emit({"out": arguments.out, **_counts(work)}, f"Labelled {work.count} rows into {arguments.out}.")
    for count, words in ((work.errors, "could not be read"), (work.not_learned, "to learn from said nothing usable")):
        if count and not session.options.json:
            session.note(f"{count} {'row' if count == 1 else 'rows'} {words}.")
    return 3 if work.errors and work.errors == work.count else 0


def _counts(work: Labelling) -> dict[str, int]:
    return {"count": work.count, "errors": work.errors, "not_learned": work.not_learned}
