"""Whatever is done to the audit log behind the program's back is found, and where it begins is said."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from services.audit_helpers import (
    PAGE,
    Closed,
    SetClock,
    head_as_it_is,
    made,
    older_file_back,
    opened,
    put,
    rows,
    tampered,
)

from app.core.errors import AppError, DamagedFile, Exists, Refused
from app.services.audit import audit_archive, audit_log, audit_notes
from app.services.books.open_books import Books
from app.services.tax import profile
from app.store import audit

CHANGES = 30


def work(books: Books, count: int, start: int = 0) -> None:
    for number in range(start, start + count):
        profile.change(books, 2026, {"wages": f"{1000 + number}.00"})


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Closed:
    """Closed books with some entries; copied, never opened."""
    books = made(tmp_path_factory.mktemp("log") / "home", SetClock())
    work(books, CHANGES)
    books.close()
    return Closed(books.home, books.key_hex())


@pytest.fixture
def closed(template: Closed, tmp_path: Path) -> Closed:
    shutil.copytree(template.home, tmp_path / "closed")
    return Closed(tmp_path / "closed", template.key)


@pytest.fixture
def verified(clock: SetClock) -> Iterator[Callable[[Closed], audit_log.AuditState]]:
    def check(books: Closed) -> audit_log.AuditState:
        again = opened(books.home, books.key, clock)
        try:
            return audit_log.verify(again)
        finally:
            again.close()

    return check


Verified = Callable[[Closed], audit_log.AuditState]


def test_a_whole_log_holds(closed: Closed, verified: Verified) -> None:
    state = verified(closed)
    assert (state.ok, state.entries, state.segments, state.anchor_ok) == (True, CHANGES + 1, 0, True)
    assert state.keychain_anchor_ok is None
    assert state.sentence == f"All {CHANGES + 1} entries hold."


@pytest.mark.parametrize("column", list(audit.Entry._fields))
def test_an_entry_that_was_changed_is_named(closed: Closed, verified: Verified, column: str) -> None:
    value = "7" if column in {"seq", "monotonic_ms", "object_id"} else "'x'"
    where = "WHERE seq = 9"
    tampered(closed, lambda c: c.execute(f"UPDATE audit SET {column} = {'1000' if column == 'seq' else value} {where}"))
    state = verified(closed)
    assert (state.ok, state.first_bad_seq) == (False, 9)
    assert "from entry 9" in state.sentence


@pytest.mark.parametrize("bit", range(0, 256, 37))
def test_one_bit_is_enough(closed: Closed, verified: Verified, bit: int) -> None:
    def flip(connection: Any) -> None:
        (mac,) = connection.execute("SELECT mac FROM audit WHERE seq = 12").fetchone()
        connection.execute("UPDATE audit SET mac = ? WHERE seq = 12", (f"{int(mac, 16) ^ (1 << bit):064x}",))

    tampered(closed, flip)
    assert verified(closed).first_bad_seq == 12


def _swapped(every: list[Any]) -> list[Any]:
    five, six = every[4], every[5]
    every[4], every[5] = (5, *six[1:]), (6, *five[1:])
    return every


@pytest.mark.parametrize(
    ("change", "bad"),
    [
        (_swapped, 5),
        (lambda every: every[:9] + [(row[0] - 1, *row[1:]) for row in every[10:]], 10),
        (lambda every: every[:9] + every[10:], 10),
        (lambda every: [*every, (len(every) + 1, *every[4][1:])], CHANGES + 2),
        (lambda every: every[:5] + [(6, *every[4][1:])] + [(row[0] + 1, *row[1:]) for row in every[5:]], 6),
        (lambda every: every[3:], 1),
    ],
    ids=["reordered", "one removed and renumbered", "one removed", "an old one replayed", "one inserted", "head cut"],
)
def test_entries_moved_removed_or_repeated_are_found(
    closed: Closed, verified: Verified, change: Callable[[list[Any]], list[Any]], bad: int
) -> None:
    tampered(closed, lambda c: put(c, change(rows(c))))
    assert verified(closed).first_bad_seq == bad


@pytest.mark.parametrize("left", [0, 1, CHANGES])
def test_a_cut_tail_is_found_by_the_note_outside(closed: Closed, verified: Verified, left: int) -> None:
    tampered(closed, lambda c: put(c, rows(c)[:left]))
    state = verified(closed)
    assert (state.ok, state.first_bad_seq, state.anchor_ok) == (False, None, False)
    assert "older than last noted" in state.sentence


def test_work_after_a_cut_does_not_hide_it(closed: Closed, clock: SetClock, verified: Verified) -> None:
    tampered(closed, lambda c: put(c, rows(c)[:20]))
    books = opened(closed.home, closed.key, clock)
    work(books, 40, 100)
    books.close()
    state = verified(closed)
    assert (state.first_bad_seq, state.anchor_ok, state.ok) == (None, False, False)


def test_another_log_with_the_same_number_of_entries_is_found(
    closed: Closed, clock: SetClock, verified: Verified, tmp_path: Path
) -> None:
    twin = tmp_path / "twin"
    shutil.copytree(closed.home, twin)
    for home, start in ((closed.home, 500), (twin, 900)):
        books = opened(home, closed.key, clock)
        work(books, 3, start)
        books.close()
        clock.pass_days(1)
    older_file_back(closed.home, (twin / "books.db").read_bytes(), closed.key)
    assert (verified(closed).first_bad_seq, verified(closed).anchor_ok) == (None, False)


def test_every_replayed_page_that_changes_what_the_log_says_is_found(
    tmp_path: Path, clock: SetClock, verified: Verified
) -> None:
    """SQLCipher takes an old page of the same file for a good one: only the chain and the note show it."""
    first = made(tmp_path / "home", clock)
    work(first, 80)
    first.close()
    books = Closed(first.home, first.key_hex())
    path = books.home / "books.db"
    old = path.read_bytes()
    again = opened(books.home, books.key, clock)
    work(again, 40, 80)
    truth = rows(again.connection)
    again.close()
    new = path.read_bytes()
    replayed = [n for n in range(min(len(old), len(new)) // PAGE) if old[n * PAGE :][:PAGE] != new[n * PAGE :][:PAGE]]
    of_the_log = 0
    for number in replayed[1:] if replayed[0] == 0 else replayed:
        path.write_bytes(new[: number * PAGE] + old[number * PAGE :][:PAGE] + new[(number + 1) * PAGE :])
        (books.home / "books.damage").unlink(missing_ok=True)
        head_as_it_is(books.home, (0, "-"))
        try:
            state = verified(books)
            again = opened(books.home, books.key, clock)
            said: Any = rows(again.connection)
            again.close()
        except DamagedFile:
            continue
        if said != truth:
            of_the_log += 1
            assert not state.ok, f"page {number + 1}"
        for leftover in ("books.db-wal", "books.db-shm"):
            (books.home / leftover).unlink(missing_ok=True)
    assert of_the_log >= 1
    path.write_bytes(new)
    assert verified(books).ok


def test_an_old_file_put_back_is_found(closed: Closed, clock: SetClock, verified: Verified) -> None:
    old = (closed.home / "books.db").read_bytes()
    books = opened(closed.home, closed.key, clock)
    work(books, 2, 700)
    books.close()
    older_file_back(closed.home, old, closed.key)
    assert (verified(closed).first_bad_seq, verified(closed).anchor_ok) == (None, False)


# --- notes ------------------------------------------------------------------------------------------------------------


def test_what_is_noted_stands_in_the_log(books: Books) -> None:
    audit_notes.note_failed_unlocks(books, 3)
    audit_notes.note_failed_unlocks(books, 0)
    audit_notes.note(books, "vault.rotation", generation=2, from_generation=1)
    newest, failed = audit_log.listed(books, 2)
    assert (newest.event, newest.object_kind, json.loads(newest.body)) == (
        "vault.rotation", "keys", {"from_generation": 1, "generation": 2},
    )  # fmt: skip
    assert (failed.event, failed.result, failed.actor, json.loads(failed.body)) == (
        "vault.unlock_failed", "failed", "system", {"count": 3},
    )  # fmt: skip


def test_a_note_inside_a_transaction_goes_with_it(books: Books) -> None:
    seq, _ = audit.head(books.connection)
    books.connection.execute("BEGIN IMMEDIATE")
    audit_notes.note(books, "backup.made", reason="daily")
    assert audit.head(books.connection)[0] == seq + 1
    books.connection.execute("ROLLBACK")
    assert audit.head(books.connection)[0] == seq


def test_a_note_that_is_refused_leaves_nothing_open(books: Books) -> None:
    with pytest.raises(ValueError, match="does not hold this"):
        audit_notes.note(books, "backup.made", reason="because I said so")
    assert not books.connection.in_transaction
    audit_notes.note(books, "backup.made", reason="daily")


def test_books_that_only_read_note_nothing(books: Books) -> None:
    reader = books.reader()
    try:
        with pytest.raises(Refused):
            audit_notes.note(reader, "backup.made", reason="daily")
    finally:
        reader.close()


def test_opening_in_the_window_is_noted_and_opening_by_a_command_is_not(closed: Closed, clock: SetClock) -> None:
    books = opened(closed.home, closed.key, clock)
    assert audit.head(books.connection)[0] == CHANGES + 1
    audit_archive.window_opened(books)
    assert [entry.event for entry in audit_log.listed(books, 2)] == ["vault.opened", "change"]
    books.close()


# --- looking and handing out ------------------------------------------------------------------------------------------


def test_the_view_shows_ninety_days(closed: Closed, clock: SetClock) -> None:
    clock.pass_days(60)
    books = opened(closed.home, closed.key, clock)
    work(books, 2, 300)
    assert len(audit_log.in_view(books, 0)) == CHANGES + 3
    clock.pass_days(31)
    assert len(audit_log.in_view(books, 0)) == 2
    assert len(audit_log.listed(books, 0)) == CHANGES + 3
    assert len(audit_log.listed(books, 7)) == 7
    books.close()


def test_the_log_is_handed_out_as_lines_that_verify(books: Books, tmp_path: Path) -> None:
    work(books, 5)
    target = tmp_path / "log.jsonl"
    assert audit_log.save(books, target) == 6
    lines = [json.loads(line) for line in target.read_text("ascii").splitlines()]
    assert [line["seq"] for line in lines] == list(range(1, 7))
    assert [line["prev"] for line in lines[1:]] == [line["mac"] for line in lines[:-1]]
    assert audit_log.listed(books, 1)[0].event == "audit.exported"
    with pytest.raises(Exists):
        audit_log.save(books, target)


def test_a_damaged_file_is_an_error_of_the_contract(closed: Closed, clock: SetClock) -> None:
    path = closed.home / "books.db"
    data = bytearray(path.read_bytes())
    for place in range(PAGE + 100, len(data), PAGE):
        data[place] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(AppError) as caught:
        opened(closed.home, closed.key, clock)
    assert caught.value.code == "damaged"
