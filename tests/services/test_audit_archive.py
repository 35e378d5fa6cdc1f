"""Old months of the log are sealed, stay provable for seven years, and go only then."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from services.audit_helpers import Closed, SetClock, made, opened, tampered

from app.core.errors import AppError, ChainBroken
from app.core.security import audit_segment
from app.services.audit import audit_archive, audit_log, audit_sealed
from app.services.audit.anchor import Standing
from app.services.books import history
from app.services.books.open_books import Books
from app.services.tax import profile
from app.store import audit, audit_segments

START = datetime(2018, 1, 10, 12, tzinfo=UTC)


def work(books: Books, number: int) -> None:
    profile.change(books, 2026, {"wages": f"{1000 + number}.00"})


def months(books: Books) -> list[int]:
    return [sealed.label.month for sealed in audit_segments.all_of(books.connection)]


def sealed_events(books: Books) -> list[tuple[str, int]]:
    return [
        (entry.event, int(json.loads(entry.body)["month"]))
        for entry in reversed(audit_log.listed(books, 0))
        if entry.event in {"audit.archived", "audit.dropped"}
    ]


@pytest.fixture
def clock() -> SetClock:
    return SetClock(START)


@pytest.fixture
def books(tmp_path: Path, clock: SetClock) -> Iterator[Books]:
    opened_books = made(tmp_path / "home", clock)
    yield opened_books
    opened_books.close()


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> tuple[Closed, datetime, list[str]]:
    """Books of eight years: three changes a month, the window opened each month; and every mac there ever was."""
    clock = SetClock(START)
    books = made(tmp_path_factory.mktemp("years") / "home", clock)
    macs: dict[int, str] = {}
    for month in range(8 * 12):
        for number in range(3):
            work(books, month * 3 + number)
            clock.pass_days(2)
        audit_archive.window_opened(books)
        macs |= {row[0]: row[10] for row in audit.rows(books.connection)}
        clock.moment = (clock.moment.replace(day=1) + timedelta(days=32)).replace(day=10)
    books.close()
    return Closed(books.home, books.key_hex()), clock.moment, [macs[seq] for seq in sorted(macs)]


@pytest.fixture
def copy(years: tuple[Closed, datetime, list[str]], tmp_path: Path) -> Closed:
    shutil.copytree(years[0].home, tmp_path / "copy")
    return Closed(tmp_path / "copy", years[0].key)


@pytest.fixture
def eight(copy: Closed, years: tuple[Closed, datetime, list[str]]) -> Iterator[Books]:
    found = opened(copy.home, copy.key, SetClock(years[1]))
    yield found
    found.close()


# --- eight years ------------------------------------------------------------------------------------------------------


def test_eight_years_hold_as_one_chain(eight: Books, years: tuple[Closed, datetime, list[str]]) -> None:
    state = audit_log.verify(eight)
    assert (state.ok, state.first_bad_seq, state.anchor) == (True, None, Standing.HOLDS)
    assert state.segments == len(months(eight)) >= 84
    kept = audit_log.listed(eight, 0)
    assert state.entries == len(kept)
    assert [entry.seq for entry in kept] == list(range(kept[0].seq, kept[-1].seq - 1, -1))
    assert [entry.mac for entry in reversed(kept)] == years[2][kept[-1].seq - 1 :]


def test_what_is_younger_than_seven_years_is_all_there_and_older_months_are_gone(eight: Books) -> None:
    kept = months(eight)
    assert kept == sorted(kept)
    assert kept[-1] - 700 < kept[0] <= kept[-1] - 699 + 88, kept
    dropped = [month for event, month in sealed_events(eight) if event == "audit.dropped"]
    assert dropped
    assert max(dropped) < kept[0]
    oldest = audit_log.listed(eight, 0)[-1]
    assert oldest.at[:7].replace("-", "") == str(kept[0])


def test_what_is_not_sealed_begins_at_most_five_months_ago(eight: Books) -> None:
    first = audit.first_at(eight.connection)
    assert first is not None
    assert datetime.fromisoformat(first) > eight.clock.now() - timedelta(days=90 + 2 * 31)


def test_an_old_note_outside_is_compared_with_a_sealed_month(eight: Books) -> None:
    label = audit_segments.last(eight.connection)
    assert label is not None
    for sealed in (label.first_seq, label.last_seq):
        mac = audit_sealed.mac_at(eight, sealed)
        assert mac == next(e.mac for e in audit_log.listed(eight, 0) if e.seq == sealed)
    assert audit_sealed.mac_at(eight, 10**6) is None
    assert audit_sealed.mac_at(eight, 1) is None


@pytest.mark.parametrize(
    ("change", "bad"),
    [
        ("UPDATE audit_segment SET body = zeroblob(length(body)) WHERE first_seq = {first}", "{first}"),
        ("UPDATE audit_segment SET body = substr(body, 1, length(body) - 1) WHERE first_seq = {first}", "{first}"),
        ("UPDATE audit_segment SET month = month + 1 WHERE first_seq = {first}", "{first}"),
        ("UPDATE audit_segment SET mac = prev WHERE first_seq = {first}", "{first}"),
        ("UPDATE audit_segment SET sha256 = 'x' WHERE first_seq = {first}", "{first}"),
        ("UPDATE audit_segment SET entries = 1 WHERE first_seq = {first}", "{first}"),
        ("DELETE FROM audit_segment WHERE first_seq = {first}", "{first}"),
        ("DELETE FROM audit WHERE seq = (SELECT MIN(seq) FROM audit)", "{hot}"),
        ("DELETE FROM audit_segment", "1"),
        ("DELETE FROM audit_segment WHERE first_seq <= {first}", "1"),
    ],
)
def test_a_sealed_month_that_was_touched_is_named(
    copy: Closed, years: tuple[Closed, datetime, list[str]], change: str, bad: str
) -> None:
    books = opened(copy.home, copy.key, SetClock(years[1]))
    first = [sealed.label.first_seq for sealed in audit_segments.all_of(books.connection)][40]
    hot = next(iter(audit.rows(books.connection)))[0]
    books.close()
    tampered(copy, lambda connection: connection.execute(change.format(first=first)))
    books = opened(copy.home, copy.key, SetClock(years[1]))
    state = audit_log.verify(books)
    assert (state.ok, state.first_bad_seq) == (False, int(bad.format(first=first, hot=hot)))
    books.close()


def test_the_oldest_months_cannot_go_unsaid(copy: Closed, years: tuple[Closed, datetime, list[str]]) -> None:
    """Cut off at a month's edge the rest still chains: what is missing is that the log tells of it."""
    tampered(
        copy,
        lambda c: c.execute("DELETE FROM audit_segment WHERE first_seq = (SELECT MIN(first_seq) FROM audit_segment)"),
    )
    books = opened(copy.home, copy.key, SetClock(years[1]))
    assert audit_log.verify(books).first_bad_seq == 1
    books.close()


def test_a_segment_is_of_these_books_only(eight: Books) -> None:
    sealed = next(iter(audit_segments.all_of(eight.connection)))
    key = eight.subkey("audit-segment")
    assert audit_segment.unseal(key, eight.uuid, sealed.label, sealed.body)
    for other in (
        (b"k" * 32, eight.uuid, sealed.label, sealed.body),
        (key, "0" * 36, sealed.label, sealed.body),
        (key, eight.uuid, sealed.label._replace(first_seq=1), sealed.body),
        (key, eight.uuid, sealed.label, sealed.body[:5]),
    ):
        with pytest.raises(ChainBroken):
            audit_segment.unseal(*other)
    assert b"change" not in sealed.body


# --- when -------------------------------------------------------------------------------------------------------------


def test_a_month_is_sealed_ninety_days_after_its_end(books: Books, clock: SetClock) -> None:
    work(books, 1)
    clock.moment = datetime(2018, 2, 1, tzinfo=UTC)
    work(books, 2)
    for day in (datetime(2018, 4, 30, 23, tzinfo=UTC), datetime(2018, 5, 1, 23, tzinfo=UTC)):
        clock.moment = day
        assert audit_archive.archive_due(books) == 0
    clock.moment = datetime(2018, 5, 2, 1, tzinfo=UTC)
    assert audit_archive.archive_due(books) == 1
    assert months(books) == [201801]
    assert audit_archive.archive_due(books) == 0
    assert sealed_events(books) == [("audit.archived", 201801)]
    assert audit_log.verify(books).ok


def test_the_newest_change_is_never_sealed(books: Books, clock: SetClock) -> None:
    """Packs and the digest of the books look it up."""
    work(books, 1)
    work(books, 2)
    head = audit.head_of_changes(books.connection)
    clock.pass_days(4000)
    assert audit_archive.archive_due(books) == 1
    assert audit.head_of_changes(books.connection) == head
    assert next(iter(audit.rows(books.connection)))[0] == head[0]


def test_books_without_old_entries_cost_one_look(books: Books) -> None:
    work(books, 1)
    asked: list[str] = []
    books.connection.set_trace_callback(asked.append)
    assert audit_archive.archive_due(books) == 0
    books.connection.set_trace_callback(None)
    assert len([each for each in asked if "audit" in each]) == 1


def test_undo_reaches_behind_sealed_months(books: Books, clock: SetClock) -> None:
    work(books, 1)
    clock.pass_days(200)
    work(books, 2)
    assert audit_archive.archive_due(books) == 1
    history.undo(books)
    history.undo(books)
    assert audit_log.verify(books).ok


# --- clocks that are wrong --------------------------------------------------------------------------------------------


def test_a_clock_that_ran_ahead_for_a_day_seals_nothing_of_now_and_drops_nothing(books: Books, clock: SetClock) -> None:
    for number in range(30):
        work(books, number)
        clock.pass_days(20)
    now = clock.moment
    clock.moment = now + timedelta(days=3650)
    work(books, 100)
    audit_archive.window_opened(books)
    assert not [event for event, _ in sealed_events(books) if event == "audit.dropped"]
    clock.moment = now
    for number in range(12):
        work(books, 200 + number)
        audit_archive.archive_due(books)
        clock.pass_days(20)
    assert not [event for event, _ in sealed_events(books) if event == "audit.dropped"]
    state = audit_log.verify(books)
    assert (state.first_bad_seq, len(audit_log.listed(books, 0))) == (None, state.entries)
    assert months(books) == sorted(months(books))


def test_a_clock_that_ran_back_counts_to_the_month_before(books: Books, clock: SetClock) -> None:
    work(books, 1)
    clock.pass_days(60)
    work(books, 2)
    clock.moment = START - timedelta(days=800)
    work(books, 3)
    clock.moment = START + timedelta(days=400)
    work(books, 4)
    audit_archive.archive_due(books)
    assert months(books) == [201801, 201803]
    assert [sealed.label.entries for sealed in audit_segments.all_of(books.connection)] == [2, 2]
    assert audit_log.verify(books).first_bad_seq is None


# --- all or nothing ---------------------------------------------------------------------------------------------------


def test_a_log_that_does_not_hold_is_not_sealed(tmp_path: Path, clock: SetClock) -> None:
    books = made(tmp_path / "broken", clock)
    for number in range(5):
        work(books, number)
    books.close()
    closed = Closed(books.home, books.key_hex())
    tampered(closed, lambda connection: connection.execute("UPDATE audit SET actor = 'mcp' WHERE seq = 3"))
    clock.pass_days(400)
    books = opened(closed.home, closed.key, clock)
    work(books, 9)
    assert audit_archive.archive_due(books) == 0
    assert (months(books), audit_log.verify(books).first_bad_seq) == ([], 3)
    books.close()


def test_a_disk_that_fills_while_sealing_leaves_all_as_it_was(books: Books, clock: SetClock) -> None:
    for number in range(150):
        work(books, number)
    clock.pass_days(400)
    work(books, 999)
    before = list(audit.rows(books.connection))
    (pages,) = books.connection.execute("PRAGMA page_count").fetchone()
    (free,) = books.connection.execute("PRAGMA freelist_count").fetchone()
    assert free == 0
    books.connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(AppError) as caught:
        audit_archive.archive_due(books)
    assert caught.value.code == "disk_full"
    assert (list(audit.rows(books.connection)), months(books)) == (before, [])
    books.connection.execute("PRAGMA max_page_count = 100000")
    assert audit_archive.archive_due(books) == 1
    assert audit_log.verify(books).ok


def test_the_note_outside_follows_at_once(books: Books, clock: SetClock) -> None:
    work(books, 1)
    clock.pass_days(400)
    work(books, 2)
    audit_archive.archive_due(books)
    noted = json.loads((books.home / "audit.anchor").read_text("utf-8"))
    assert noted["seq"] == audit.head(books.connection)[0]
