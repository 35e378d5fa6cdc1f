"""Label a table of descriptors without touching the books: one row out for each row in, in the same order."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Any

from app.core.books.vocabulary import LINES, NO_LINE, AccountKind, Kind, Profession, Role, line_on_form
from app.core.classify.decide import Classifier, Label, Remembered, Subject
from app.core.errors import BadFile
from app.core.ingest.values import cents_of_typed
from app.core.money import WHOLE
from app.services.classify import engine, knowledge
from app.services.ingest import csv_tables

if TYPE_CHECKING:
    from app.services.books.open_books import Books

NEEDED = ("id", "descriptor", "amount")
_COLUMNS = f"{', '.join(NEEDED)}, account_type"
ADDED = ("kind", "line", "decision", "confidence", "merchant", "ambiguous", "reason", "top3")
_CARDS = {"credit", "credit card", "credit_card", "creditcard", "card"}
_PRINTED = frozenset(LINES) | {line_on_form(code) for code in LINES}
_MOST_KEPT = 20_000
"""Answers kept in the form they are written in: however long the table is, the memory stays the same."""


class Labelling:
    """A table being labelled: its header, its rows while they stream by, and what could not be used."""

    def __init__(
        self, source: IO[str], *, profession: str | None, learn: IO[str] | None, books: Books | None
    ) -> None:  # fmt: skip
        """`learn` has rows with their true kind and line: they are taken as corrections. Raises: BadFile."""
        self._reader = csv.DictReader(source)
        names = csv_tables.header(self._reader, NEEDED, _COLUMNS)
        self._kept = [name for name in names if name not in ADDED]
        self._profession = profession
        self.header = [*self._kept, *ADDED]
        self.count = 0
        self.errors = 0
        """Rows that could not be read; each has its reason in the answer."""
        self.not_learned = 0
        """Rows to learn from that say nothing that can be learned."""
        self._classifier = engine.classifier(books) if books is not None else Classifier(knowledge.merchants(), [], {})
        if learn is not None:
            self._classifier = self._classifier.taught(self._memory(learn))

    def rows(self) -> Iterator[list[str]]:
        """Yield the answer row by row. Raises: BadFile where the table itself breaks off."""
        kept: dict[int, tuple[Label, list[str]]] = {}
        try:
            for row in self._reader:
                self.count += 1
                subject, wrong = self._asked(row)
                if subject is None:
                    self.errors += 1
                    answer = [Kind.PERSONAL, NO_LINE, "ask", "0.0000", "", "yes", wrong, ""]
                else:
                    label = self._classifier.label(subject)
                    # Equal labels are one object, so each is put into words once.
                    known = kept.get(id(label))
                    if known is None:
                        if len(kept) >= _MOST_KEPT:
                            kept.clear()
                        known = kept[id(label)] = (label, _answer(label))
                    answer = known[1]
                yield [row.get(name) or "" for name in self._kept] + answer
        except (csv.Error, UnicodeDecodeError) as error:
            raise _broken(self._reader) from error

    def _memory(self, learn: IO[str]) -> dict[tuple[str, int, int], Remembered]:
        reader = csv.DictReader(learn)
        csv_tables.header(reader, (*NEEDED, "kind"), f"{_COLUMNS}, kind, line")
        memory: dict[tuple[str, int, int], Remembered] = {}
        try:
            for row in reader:
                subject, _ = self._asked(row)
                kind, line = _cell(row, "kind").casefold(), _cell(row, "line") or NO_LINE
                if subject is None or kind not in set(Kind) or line not in _PRINTED:
                    self.not_learned += 1
                    continue
                key = self._classifier.label(subject).merchant_key
                memory[key, subject.sign, 0] = Remembered(kind, line, WHOLE, ask=False)
        except (csv.Error, UnicodeDecodeError) as error:
            raise BadFile("The table to learn from could not be read.", "Save it as CSV in UTF-8.") from error
        return memory

    def _asked(self, row: dict[str, Any]) -> tuple[Subject | None, str]:
        """Return what is asked about a row, or why it cannot be."""
        if None in row:
            return None, "The row has more cells than the table has columns."
        text = " ".join(_cell(row, "descriptor").split())
        if not text:
            return None, "The row has no descriptor."
        try:
            cents = cents_of_typed(_cell(row, "amount"))
        except ValueError:
            return None, "The amount could not be read."
        profession = _word(row, "profession") or self._profession or Profession.OTHER
        return Subject(
            text=text,
            sign=1 if cents >= 0 else -1,
            account_kind=_account_kind(_cell(row, "account_type").casefold()),
            account_role=_role(_cell(row, "account_role").casefold()),
            profession=profession if profession in set(Profession) else Profession.OTHER,
            source_type=None,
            cents=cents,
            account_id=0,
            pfc=_cell(row, "plaid_pfc") or None,
        ), ""  # fmt: skip


def check(source: IO[str]) -> None:
    """Read a table to its end, so that an answer that was begun can be finished. Raises: BadFile."""
    reader = csv.DictReader(source)
    try:
        for _ in reader:
            pass
    except (csv.Error, UnicodeDecodeError) as error:
        raise _broken(reader) from error
    source.seek(0)


def _broken(reader: csv.DictReader[str]) -> BadFile:
    return BadFile(f"The table could not be read behind line {reader.line_num}.", "Save it as CSV in UTF-8.")


def _cell(row: dict[str, Any], name: str) -> str:
    return (row.get(name) or "").strip()


def _word(row: dict[str, Any], name: str) -> str:
    return _cell(row, name).casefold().replace(" ", "_").replace("-", "_")


def _account_kind(word: str) -> str:
    if word in _CARDS:
        return AccountKind.CREDIT
    return word if word in set(AccountKind) else AccountKind.CHECKING


def _role(word: str) -> str:
    """Return whose account it is: blank means business; a word nobody knows books no cost."""
    return word if word in set(Role) else Role.MIXED if word else Role.BUSINESS


def _answer(label: Label) -> list[str]:
    top = "|".join(f"{c.kind}/{line_on_form(c.line)}:{c.confidence / 10_000:.2f}" for c in label.choices[:3])
    return [
        label.kind, line_on_form(label.line), "auto" if label.auto else "ask", f"{label.confidence / 10_000:.4f}",
        label.merchant or "", "yes" if label.ambiguous else "no", label.reason_text, top,
    ]  # fmt: skip
