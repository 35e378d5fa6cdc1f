"""A bank file as far as it is read before anything is written: its bytes, its statements, its masked texts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from itertools import repeat
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from app.adapters import safe_files
from app.core.errors import NotAStatement, Refused
from app.core.ingest import decode, reader
from app.core.ingest.redact import mask, mask_columns
from app.core.ingest.statement import ParsedFile, ReadOptions, SourceRow
from app.core.later import later
from app.services.books.open_books import Books
from app.services.ingest import account_names, file_accounts
from app.services.ingest.import_results import ImportOptions
from app.store.descriptors import Text

BATCH = 2000
"""Rows between two looks at whether the import was cancelled."""

_LEGS = ("read", "mask", "known", "write")
"""What an import does to every row, in equal parts of its progress; the labels that follow are the last part."""


def never() -> None:
    """Let work that nobody cancels go on."""


class Progress:
    """How far the import of one file is. `check` raises Cancelled; `tell` hears (done, all) rows of the file."""

    def __init__(self, *, check: Callable[[], None] = never, tell: Callable[[int, int], None] | None = None) -> None:
        self.check = check
        self.tell = tell
        self.total = 0

    def at(self, leg: str, row: int) -> None:
        """Say that a leg of the way has come to a row of the file."""
        self.check()
        if self.tell is not None and self.total:
            self.tell((_LEGS.index(leg) * self.total + min(row, self.total)) // (len(_LEGS) + 1), self.total)

    def end(self) -> None:
        if self.tell is not None and self.total:
            self.tell(self.total, self.total)


def let_go(found: ParsedFile) -> None:
    """Free the rows of a file bit by bit: 100,000 at once would hold up a window for a tenth of a second."""
    for statement in found.statements:
        while statement.rows:
            del statement.rows[-BATCH:]


class Source(NamedTuple):
    """The bytes of a file, with the name it goes by in the books and on screens."""

    name: str
    sha256: str
    data: bytes


def source(path: Path) -> Source:
    """Return the bytes of a file. Raises: BadFile."""
    data = safe_files.read_limited(path, decode.LARGEST_FILE)
    # The name goes into the books and onto screens: bytes that are no text and control characters do not.
    name = plain(path.name.encode("utf-8", "replace").decode())
    return Source(name=name, sha256=hashlib.sha256(data).hexdigest(), data=data)


def parsed(books: Books, file: Source, options: ImportOptions) -> ParsedFile:
    """Return what a file says. Raises: every refusal of a file, in a sentence."""
    found = reader.read(file.data, file.name, read_options(books, options, file.name))
    if options.account and (count := _accounts(found)) > 1:
        raise Refused(
            f"The file holds {count} accounts, so it cannot go into one.",
            "Leave --account away: each account is found or made by itself.",
        )
    _refuse_nothing_good(found)
    return found


def _accounts(found: ParsedFile) -> int:
    """Return how many accounts a file has statements of; several statements may be of one, a day each."""
    numbered = {(each.account_number, each.routing_number, each.kind, each.currency)
                for each in found.statements if each.account_number}  # fmt: skip
    return len(numbered) + sum(1 for each in found.statements if not each.account_number)


def _refuse_nothing_good(found: ParsedFile) -> None:
    """A file without one good row is refused: there is nothing to keep."""
    if found.rejected and not found.skipped and not any(statement.rows for statement in found.statements):
        first = found.rejected[0]
        raise Refused(
            f"None of the {len(found.rejected)} rows could be read; line {first.line}: {first.reason}.",
            "Download the file again, or choose another format.",
            code="row_errors",
        )
    if found.format == "qif" and not any(each.rows or each.balance_day is not None for each in found.statements):
        raise NotAStatement(
            "The QIF file holds only investment rows; only cash rows are read.",
            "Download the transactions of a bank, cash or card account.",
        )
    if found.layout == "mapping" and not any(statement.rows for statement in found.statements):
        # Of an unknown table without one transaction nobody can say that it is a statement.
        raise NotAStatement("The table has no transaction in it.", decode.EMPTY_HINT)


def read_options(books: Books, options: ImportOptions, file_name: str) -> ReadOptions:
    saved = {name: (signature, json.loads(body)) for name, signature, body in books.settings.mappings()}
    if options.mapping is not None and options.mapping not in saved:
        raise Refused(f"There is no saved mapping “{options.mapping}”.", "Import without --mapping to make one.")
    return ReadOptions(
        format=options.format,
        account_kind=file_accounts.known_kind(books, file_name, options),
        date_order=options.date_order,
        sign=options.sign,
        time_zone=books.zone(),
        mapping=saved[options.mapping][1] if options.mapping else _named_columns(options),
        # A day-first bank is the exception in the US: columns of the same names do not make another bank one.
        mappings_by_header={
            signature: body
            if body.get("date_order") != "dmy"
            or body.get("format") == "qif"
            or account_names.name_letters(name) == account_names.name_letters(file_name)
            else {**body, "date_order": "auto"}
            for name, (signature, body) in saved.items()
        },
    )


def _named_columns(options: ImportOptions) -> dict[str, str | int | list[str]] | None:
    """Return a mapping of the columns the user named, None when none was."""
    if not options.columns:
        return None
    return {"header": "names", "date_order": options.date_order or "auto", "sign": options.sign or "auto",
            **options.columns}  # fmt: skip


class Masked:
    """The texts of a statement's rows, each distinct one masked once, before anything is written."""

    def __init__(self, rows: Sequence[SourceRow], progress: Progress) -> None:
        made: dict[_Words, Text] = {}
        counts: dict[_Words, int] = {}
        # A file has thousands of texts and a handful of type words.
        types: dict[str | None, tuple[str | None, int]] = {None: (None, 0), "": ("", 0)}
        self.count = 0
        self.texts: list[Text] = []
        for start in range(0, len(rows), BATCH):
            progress.at("mask", start)
            raw: list[_Words] = list(map(_TEXTS, rows[start : start + BATCH]))
            for words in dict.fromkeys(raw):
                if words not in made:
                    text, word, memo = words
                    if word not in types:
                        types[word] = _masked_word(word or "")
                    made[words], count = _masked(text, types[word], memo)
                    if count:
                        counts[words] = count
            self.texts += [made[words] for words in raw]
            if counts:
                self.count += sum(map(counts.get, raw, repeat(0)))
        self.distinct: list[Text] = list(dict.fromkeys(made.values()))
        """Each text once, in the order of the file."""


_Words = tuple[str, str | None, str | None]
_TEXTS = itemgetter(*map(SourceRow._fields.index, ("text", "source_type", "memo")))


def _masked_word(word: str) -> tuple[str, int]:
    found = mask(word)
    return _fit(found.text), found.count


def _masked(text: str, type_word: tuple[str | None, int], memo: str | None) -> tuple[Text, int]:
    if not memo:
        found, hidden = mask(text), None
    else:
        found, hidden = mask_columns(text, memo if memo.isascii() and "  " not in memo else " ".join(memo.split()))
    word, count = type_word
    count += found.count + (hidden.count if hidden else 0)
    return Text(_fit(found.text), word, _fit(hidden.text) if hidden else memo), count


def _fit(masked: str) -> str:
    """Return a masked text without control characters; where one goes, the halves of a number may meet."""
    shown = plain(masked)
    return shown if shown is masked else plain(mask(shown).text)


_CONTROL = later(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def plain(text: str) -> str:
    """Data text is never markup: control and direction characters do not enter the books."""
    return text if text.isascii() and text.isprintable() else " ".join(_CONTROL.sub(" ", text).split()) or "(no text)"
