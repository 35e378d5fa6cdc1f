"""Books that an earlier format of this program wrote open, keep every row, and let earlier changes be undone."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from app.adapters.clock import SystemClock
from app.services.audit import audit_log
from app.services.backup import backups
from app.services.books import history, opening
from app.services.books.open_books import Books, Unlock
from app.services.review import inbox
from app.store import migrate
from app.store.row_filter import Filter

FORMATS = sorted((Path(__file__).parents[1] / "data").glob("format-*"))
PASSPHRASE = "violet anchor harvest tundra 41"


@pytest.fixture(params=FORMATS, ids=lambda folder: folder.name)
def old_home(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A home as that format's program left it: five rows, one booked, two put off, one deleted."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    for file in request.param.iterdir():
        shutil.copyfile(file, home / file.name)
        (home / file.name).chmod(0o600)
    return home


def opened(home: Path) -> Books:
    return opening.open_books(
        home, Unlock(passphrase=PASSPHRASE), keychain=lambda: None, clock=SystemClock("UTC", date(2026, 11, 20))
    )


def test_older_books_open_with_all_their_rows_and_a_backup_of_before(
    old_home: Path, request: pytest.FixtureRequest
) -> None:
    was = request.node.callspec.id
    books = opened(old_home)
    try:
        assert migrate.version_of(books.connection) == migrate.CURRENT
        assert [(row.text, row.status) for row in books.transactions.listed(Filter(), 0)] == [
            ("LYFT *RIDE FRI 9AM", "suggested"), ("LYFT *RIDE WED 8AM", "suggested"),
            ("FIGMA MONTHLY RENEWAL", "confirmed"), ("NORTHWIND LABS ACH CREDIT", "suggested"),
        ]  # fmt: skip
        assert books.transactions.get(2).note == "design tool"  # type: ignore[union-attr]
        assert [card.name for card in inbox.cards(books)] == ["Northwind Labs Ach Credit"]
        kept = backups.listed(old_home)
        assert [(each.header.reason, each.header.schema_version) for each in kept if each.header] == [
            ("migration", int(was.removeprefix("format-")))
        ]
        assert backups.verify(kept[0].file, Unlock(passphrase=PASSPHRASE), keychain=lambda: None).ok
        state = audit_log.verify(books)
        assert (state.ok, state.anchor_ok) == (True, True)
    finally:
        books.close()


def test_what_was_done_before_the_new_format_can_be_undone_in_it(old_home: Path) -> None:
    books = opened(old_home)
    try:
        assert [entry.label for entry in history.history(books)][:3] == [
            "Deleted transactions", "Put a question off", "Changed a transaction",
        ]  # fmt: skip
        for _ in range(3):
            history.undo(books)
        rows = {row.text: row for row in books.transactions.listed(Filter(), 0)}
        assert rows["SHELL OIL 5544 OAKLAND CA"].status == "suggested"
        assert (rows["FIGMA MONTHLY RENEWAL"].status, rows["FIGMA MONTHLY RENEWAL"].note) == ("suggested", None)
        assert sorted(card.name for card in inbox.cards(books)) == [
            "Figma", "Lyft", "Northwind Labs Ach Credit", "Shell",
        ]  # fmt: skip
        assert history.redo(books).operation is not None
        assert books.transactions.get(2).status == "confirmed"  # type: ignore[union-attr]
    finally:
        books.close()
