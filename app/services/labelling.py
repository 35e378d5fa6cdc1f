"""Label a table of descriptors without touching the books: one row out for each row in, in the same order."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Any

from app.core.books.vocabulary import AccountKind, Role, line_on_form
from app.core.classify.decide import Classifier, Label, Remembered, Subject
from app.core.errors import BadFile
from app.core.ingest.values import cents_of_typed
from app.core.money import WHOLE
from app.services import csv_tables, knowledge

if TYPE_CHECKING:
    from app.services.books import Books

NEEDED = ("id", "descriptor", "amount")
_COLUMNS = f"{', '.join(NEEDED)}, account_type"
ADDED = ("kind", "line", "decision", "confidence", "merchant", "ambiguous", "reason", "top3")
_CARDS = {"credit", "credit card", "credit_card", "card"}


def labelled(
    source: IO[str], *, profession: str | None, learn: IO[str] | None, books: Books | None
) -> tuple[list[str], Iterator[list[str]]]:
    """Return the header and the rows of the answer, streaming.

    `learn` has rows with their true kind and line: they are taken as corrections. Raises: BadFile.
    """
    reader = csv.DictReader(source)
    header = [name for name in csv_tables.header(reader, NEEDED, _COLUMNS) if name not in ADDED]
    classifier = _classifier(learn, profession, books)
    return [*header, *ADDED], _rows(reader, header, classifier, profession)


def _classifier(learn: IO[str] | None, profession: str | None, books: Books | None) -> Classifier:
    if books is not None:
        return books.classifier()
    memory: dict[tuple[str, int, int], Remembered] = {}
    if learn is not None:
        plain = Classifier(knowledge.merchants(), [], {})
        for row in _learned(learn):
            subject = _subject(row, profession)
            if subject is not None and row.get("kind"):
                key = plain.label(subject).merchant_key
                memory[key, subject.sign, 0] = Remembered(row["kind"], row.get("line") or "NONE", WHOLE, ask=False)
    return Classifier(knowledge.merchants(), [], memory)


def _learned(learn: IO[str]) -> Iterator[dict[str, Any]]:
    reader = csv.DictReader(learn)
    csv_tables.header(reader, NEEDED, _COLUMNS)
    try:
        yield from reader
    except (csv.Error, UnicodeDecodeError) as error:
        raise BadFile("The table to learn from could not be read.", "Save it as CSV in UTF-8.") from error


def _subject(row: dict[str, Any], profession: str | None) -> Subject | None:
    """Return what is asked about a row; None when its amount is no amount."""
    try:
        cents = cents_of_typed(row.get("amount") or "")
    except ValueError:
        return None
    kind = (row.get("account_type") or "checking").strip().casefold()
    role = (row.get("account_role") or Role.BUSINESS).strip().casefold()
    return Subject(
        text=" ".join((row.get("descriptor") or "").split()),
        sign=1 if cents >= 0 else -1,
        account_kind=_account_kind(kind),
        account_role=role if role in set(Role) else Role.BUSINESS,
        profession=(row.get("profession") or profession or "other").strip(),
        source_type=None,
        cents=cents,
        account_id=0,
        pfc=row.get("plaid_pfc") or None,
    )  # fmt: skip


def _account_kind(word: str) -> str:
    if word in _CARDS:
        return AccountKind.CREDIT
    return word if word in set(AccountKind) else AccountKind.CHECKING


def _rows(
    reader: csv.DictReader[str], header: list[str], classifier: Classifier, profession: str | None
) -> Iterator[list[str]]:
    cache: dict[Subject, list[str]] = {}
    try:
        for row in reader:
            subject = _subject(row, profession)
            if subject is None:
                answer = ["personal", "NONE", "ask", "0.0000", "", "yes", "The amount could not be read.", ""]
            else:
                # The amount's size says nothing without a rule of the user, so equal texts are labelled once.
                key = subject._replace(cents=None)
                answer = cache.get(key) or cache.setdefault(key, _answer(classifier.label(key)))
            yield [row.get(name) or "" for name in header] + answer
    except (csv.Error, UnicodeDecodeError) as error:
        raise BadFile(
            f"The table could not be read behind line {reader.line_num}.", "Save it as CSV in UTF-8."
        ) from error


def _answer(label: Label) -> list[str]:
    top = "|".join(f"{c.kind}/{line_on_form(c.line)}:{c.confidence / 10_000:.2f}" for c in label.choices[:3])
    return [
        label.kind, line_on_form(label.line), "auto" if label.auto else "ask", f"{label.confidence / 10_000:.4f}",
        label.merchant or "", "yes" if label.ambiguous else "no", label.reason_text, top,
    ]  # fmt: skip
