"""Every column that can hold text, filled through the real ways in with what must not stay.

A new text column fails the first test until somebody says how text gets into it, and the second until that is masked.
"""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import detector
import pytest
import sensitive
import ways_in

from app.services.books.open_books import Books
from app.services.review import questions

TYPED = {
    "business": {"name", "principal_code"},
    "profile": {"value"},
    "account": {"name", "institution"},
    "imported_file": {"name"},
    "decision": {"merchant", "note", "tags", "deleted_reason"},
    "rule": {"text", "name", "regex", "counterparty"},
    "tax_payment": {"confirmation"},
    "vehicle": {"name"},
    "asset": {"name"},
    "home_office": {"name"},
    "tax_override": {"reason"},
    "payer": {"name"},
    "expected_payment": {"note"},
    "form_1099": {"note"},
    "mapping": {"name"},
    "descriptor": {"text", "type_word", "memo"},
    "journal": {"before"},
    "pack": {"name"},
    "bank_connection": {"institution"},
    "bank_account": {"name"},
}
"""Text of people and of files: a mask must have arrived here, else this test would prove nothing."""

MADE_OF_MASKED = {
    "answer": {"merchant_key"},
    "merchant": {"key", "name"},
    "outcome": {"reason", "choices"},
    "row_label": {"reason"},
    "pair": {"reason"},
    "mapping": {"body"},
}
"""Text that the program makes of masked text, or does not keep at all when it would be masked."""

CLOSED = {
    "bank_connection": {"item_id", "institution_id", "env", "cursor", "history"},
    "bank_account": {"provider_id", "persistent_id", "last4", "type", "subtype"},
    "bank_row": {"provider_id"},
    "bank_state": {"health", "held_back", "resumes_for", "resumes_at"},
    "bank_setting": {"mode", "relay_url", "env", "link_host"},
    "bank_secret": {"name", "value"},
    "egress": {"host", "purpose", "allowed_by"},
    "business": {"owner", "profession", "method"},
    "profile": {"name"},
    "account": {"kind", "role", "last4", "fingerprint", "currency"},
    "imported_file": {"sha256", "format", "layout", "troubles"},
    "transactions": {"currency"},
    "decision": {"kind", "line"},
    "part": {"kind", "line"},
    "link": {"type"},
    "rule": {"kind", "line"},
    "answer": {"kind", "line"},
    "tax_payment": {"jurisdiction", "type"},
    "vehicle": {"kind", "first_method"},
    "vehicle_year": {"method"},
    "asset": {"method"},
    "home_office_year": {"method"},
    "tax_override": {"jurisdiction"},
    "form_1099": {"type"},
    "mapping": {"signature"},
    "row_label": {"kind", "line", "status", "source"},
    "pair": {"type", "state"},
    "month_total": {"kind", "line", "currency"},
    "outcome": {"kind", "line", "status", "source", "phrase"},
    "operation": {"at", "actor", "code", "refs"},
    "made": {"table_name"},
    "journal": {"table_name"},
    "image_columns": {"table_name", "columns"},
    "op_start": {"table_name"},
    "migration": {"sha256", "at"},
    "row_digest": {"table_name"},
    "audit_segment": {"prev", "mac", "sha256"},
    "audit": {"at", "event", "actor", "object_kind", "result", "body", "prev", "mac"},
    "pack": {"at", "sha256"},
    "erasure_request": {"until", "digest"},
    "erasure": {"at", "state"},
    "backup_made": {"at", "reason", "place", "sha256", "tested_at"},
}
"""Words, numbers and hashes of the program's own; a place on the disk is where a person put a file."""

MARK = re.compile(r"\[(?:card|account|ssn|routing|token|id)\b")


@pytest.fixture
def books(look: Callable[[], Books]) -> Books:
    return look()


HASH = re.compile(r"(?<![0-9a-f])[0-9a-f]{32,128}(?![0-9a-f])")


def text_columns(books: Books) -> set[tuple[str, str]]:
    tables = [row[0] for row in books.connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    return {
        (table, column)
        for table in tables
        if not table.startswith("sqlite_")
        for column, kind in books.connection.execute("SELECT name, type FROM pragma_table_info(?)", (table,))
        if kind == "TEXT"
    }


def test_every_text_column_says_how_text_gets_in(books: Books) -> None:
    known = [
        (table, column)
        for columns in (TYPED, MADE_OF_MASKED, CLOSED)
        for table, names in columns.items()
        for column in names
    ]
    assert len(known) == len(set(known))
    assert text_columns(books) == set(known)


def canaries() -> list[sensitive.Case]:
    dice = random.Random(41)
    person, iban = sensitive.person(dice), sensitive.iban(dice)
    token = f"access-production-{sensitive.some(dice, sensitive.HEX, 8)}-ae7f-432a-a6c6-28986b8bde9a"
    return [
        sensitive.Case(f"PAID {person[:3]}-{person[3:5]}-{person[5:]} OK", (person,)),
        sensitive.Case(f"CARD {(card := sensitive.card(dice))} SHOP", (card,)),
        sensitive.Case(f"SEPA {iban} RENT", (iban,)),
        sensitive.Case(f"USE {token} NOW", (token,)),
        sensitive.Case(f"TO ACCOUNT {(account := sensitive.account(dice))} X", (account,)),
    ]


def test_nothing_sensitive_arrives_in_any_column(books: Books, tmp_path: Path) -> None:
    cases = canaries()
    texts = [case.text for case in cases]
    folder = tmp_path / "in"
    folder.mkdir()
    assert ways_in.import_all(books, folder, texts) >= len(texts) * 3
    for number, text in enumerate(texts):
        shutil.copy(folder / "bank.qif", folder / f"{text}.qif")
        with (folder / f"{text}.qif").open("a", encoding="utf-8") as file:
            file.write(f"D07/01/2026\nT-{number}.99\nPNEW {number}\n^\n")
        [again] = ways_in.imports.import_files(
            books, [folder / f"{text}.qif"], ways_in.imports.ImportOptions(account="Quicken", account_kind="checking")
        )
        assert again.error is None
        ways_in.record_pack(books, folder, text)
    ways_in.type_all(books, texts)
    ways_in.link_bank(books, texts)
    for item in questions.items(books)[:3]:
        questions.answer(books, item.id, questions.Answered(choice=1, mode="always"))
    unmasked = []
    for table, column in sorted(text_columns(books)):
        values = [row[0] for row in books.connection.execute(f"SELECT DISTINCT {column} FROM {table}") if row[0]]
        held = "\n".join(map(str, values))
        for case in cases:
            unmasked += [(table, column, needle) for needle in case.needles if detector.holds(held, needle)]
        if column not in {"sha256", "mac", "prev", "fingerprint"}:
            # A hash of 64 digits may by chance hold a row of ten-digit ones that passes for a card.
            plain = HASH.sub("", held)
            unmasked += [(table, column, found) for found in detector.findings(plain)]
        if column in TYPED.get(table, ()):
            assert MARK.search(held), f"no canary came to {table}.{column}: the test does not drive its way in"
    assert unmasked == []
