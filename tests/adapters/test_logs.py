"""The program's log: one line an event, private files, no failure of its own, nothing but codes and counts in it."""

from __future__ import annotations

import base64
import json
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters import logs
from app.adapters.live_secrets import LIVE, LiveSecrets
from app.core.log_events import FIELDS, Event, line, read, record

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
AT = "2026-11-20T12:00:00.000Z"
FORGED = 'x\r\n{"at":"2026-11-20T12:00:00.000Z","event":"log.blocked"}\u2028\u2029\x85\x1b[31m\x7f\x00'


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "ops.keys").write_bytes(b"")
    return tmp_path


@pytest.fixture
def log(home: Path) -> Callable[..., logs.LogFiles]:
    return lambda at=NOON: logs.LogFiles(home / "logs", now=lambda: at)


def refuse(log: logs.LogFiles, error: str = "locked") -> None:
    log.note(Event.BOOKS_REFUSED, error=error)


def test_an_event_is_one_line_in_the_file_of_its_day_that_nobody_else_can_read(home: Path, log: object) -> None:
    made = log()
    refuse(made)
    made.close()
    path = home / "logs" / "ops1099-2026-11-20.jsonl"
    assert json.loads(path.read_text()) == {"at": AT, "event": "books.refused", "error": "locked"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("event", Event)
@pytest.mark.parametrize("value", [FORGED, "%s%n{0.__class__}${x}", -5, 10**20, None, 4111111111111111, [FORGED]])
def test_no_value_gets_into_a_line_that_is_not_on_its_list(event: Event, value: object) -> None:
    written = line(record(AT, event, dict.fromkeys(FIELDS[event], value)))
    assert written.isascii()
    assert written.isprintable()
    assert read(written) is not None
    for trace in ("x\\r", "31m", "%s", "class", "4111111", "10000000000", "u2028"):
        assert trace not in written


@given(st.text(), st.sampled_from([event for event in Event if FIELDS[event]]))
def test_random_text_in_every_field_gives_the_same_line(text: str, event: Event) -> None:
    same = line(record(AT, event, dict.fromkeys(FIELDS[event], "\x00")))
    known = {value for field in FIELDS[event].values() for value in getattr(field, "values", ())}
    assert text in known or line(record(AT, event, dict.fromkeys(FIELDS[event], text))) == same


@pytest.mark.parametrize(
    "text",
    [
        "", "{}", "[]", "null", "x", "[" * 100_000, '{"at":"2026-11-20T12:00:00.000Z","event":"nothing"}',
        '{"at":"yesterday","event":"log.blocked"}', '{"at":"2026-11-20T12:00:00.000Z","event":"log.blocked","x":1}',
        '{"at":"2026-11-20T12:00:00.000Z","event":"books.refused","error":"NORTHWIND"}',
        '{"at":"2026-11-20T12:00:00.000Z","event":"books.refused"}',
        '{"at":"2026-11-20T12:00:00.000Z","event":["log.blocked"]}',
        '{"at":"2026-11-20T12:00:00.000Z","event":"migration.done","format":4111111111111111}',
        '{"at":"2026-11-20T12:00:00.000Z","event":"migration.done","format":true}',
        '{"at":"2026-11-20T12:00:00.000Z","event":"crash.native","places":["app.x:f:1","/home/ann"]}',
    ],
)  # fmt: skip
def test_a_line_the_program_would_not_write_is_not_read(text: str) -> None:
    assert read(text) is None


def test_an_event_without_one_of_its_fields_is_a_mistake_of_ours(log: object) -> None:
    with pytest.raises(ValueError, match=r"books\.refused takes"):
        log().note(Event.BOOKS_REFUSED)


def test_nothing_is_made_before_the_first_event_and_nothing_where_no_books_are(tmp_path: Path) -> None:
    log = logs.LogFiles(tmp_path / "logs", now=lambda: NOON)
    assert list(tmp_path.iterdir()) == []
    refuse(log)
    log.close()
    assert list(tmp_path.iterdir()) == []


def test_a_full_file_goes_on_in_the_next_one_and_a_flood_ends(home: Path) -> None:
    made = logs.LogFiles(home / "logs", now=lambda: NOON, full=200)
    for number in range(100):
        made.note(Event.MIGRATION_DONE, format=number)
    made.close()
    found = list(logs.files(home / "logs"))
    assert [path.name for path in found][:3] == [
        "ops1099-2026-11-20.jsonl", "ops1099-2026-11-20.1.jsonl", "ops1099-2026-11-20.2.jsonl",
    ]  # fmt: skip
    assert len(found) == logs.FILES_A_DAY
    assert all(0 < path.stat().st_size <= 200 for path in found)


def test_the_same_event_again_and_again_is_counted_not_written(home: Path, log: object) -> None:
    made = log()
    for _ in range(1000):
        refuse(made)
    made.close()
    lines = [read(text) for text in (home / "logs" / "ops1099-2026-11-20.jsonl").read_text().splitlines()]
    assert [found.event for found in lines if found] == [Event.BOOKS_REFUSED] * 50 + [Event.REPEATED]
    assert lines[-1].fields == {"times": 950}


def test_the_day_changes_the_file_and_ninety_days_are_kept(home: Path, log: object) -> None:
    (home / "logs").mkdir()
    for name in ("ops1099-2026-08-22.jsonl", "ops1099-2026-08-21.jsonl", "ops1099-2026-01-01.3.jsonl", "notes.txt"):
        (home / "logs" / name).write_text("")
    made = log()
    refuse(made)
    made.close()
    assert {path.name for path in (home / "logs").iterdir()} == {
        "ops1099-2026-08-22.jsonl", "ops1099-2026-11-20.jsonl", "notes.txt",
    }  # fmt: skip


def test_a_link_in_place_of_the_file_is_not_followed(home: Path, log: object) -> None:
    target = home / "elsewhere"
    target.write_text("whole")
    (home / "logs").mkdir()
    (home / "logs" / "ops1099-2026-11-20.jsonl").symlink_to(target)
    made = log()
    refuse(made)
    made.close()
    assert target.read_text() == "whole"


@pytest.mark.parametrize("obstacle", ["file", "link", "pipe", "gone"])
def test_a_log_that_cannot_be_written_stops_nothing(home: Path, log: object, obstacle: str) -> None:
    made = log()
    if obstacle == "file":
        (home / "logs").write_text("whole")
    elif obstacle == "link":
        (home / "other").mkdir()
        (home / "logs").symlink_to(home / "other")
    elif obstacle == "pipe":
        (home / "logs").mkdir()
        os.mkfifo(home / "logs" / "ops1099-2026-11-20.jsonl")
    else:
        refuse(made)
        (home / "logs" / "ops1099-2026-11-20.jsonl").unlink()
        (home / "logs").rmdir()
        (home / "ops.keys").unlink()
    refuse(made)
    refuse(made, "busy")
    made.close()
    assert not (home / "other").exists() or list((home / "other").iterdir()) == []


def test_a_full_disk_stops_nothing(home: Path) -> None:
    code = f"""
import resource, sys
from pathlib import Path
from app.adapters import logs
from app.core.log_events import Event
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
log = logs.LogFiles(Path({str(home)!r}) / "logs")
for number in range(9):
    log.note(Event.MIGRATION_DONE, format=number)
log.close()
print("went on")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "went on\n", "")
    assert sum(path.stat().st_size for path in logs.files(home / "logs")) == 100


def test_programs_that_write_at_once_mix_no_lines(home: Path) -> None:
    def work(number: int) -> None:
        log = logs.LogFiles(home / "logs", now=lambda: NOON)
        for count in range(200):
            log.note(Event.MIGRATION_DONE, format=number * 1000 + count)
        log.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = [read(text) for text in (home / "logs" / "ops1099-2026-11-20.jsonl").read_text().splitlines()]
    assert None not in found
    assert sorted(each.fields["format"] for each in found) == [n * 1000 + c for n in range(4) for c in range(200)]


# --- secrets in use


def test_a_secret_in_use_is_taken_out_of_a_text_in_every_form_it_is_written_in() -> None:
    key, words = bytes(range(100, 132)), "violet anchor harvest tundra 41"
    held = LiveSecrets()
    held.hold(key, words, None, "short")
    for form in (key.hex(), key.hex().upper(), base64.b64encode(key).decode(), repr(key), words, words.upper()):
        assert held.scrub(f"before {form} after {form}").count("[secret]") == 2, form
        assert form not in held.scrub(f"before {form} after")
    assert held.scrub("a short text") == "a short text"
    assert held.scrub("x" * 30_000) == "[secret]"


def test_secrets_are_not_kept_in_clear_and_forgotten_with_the_lock() -> None:
    held = LiveSecrets()
    held.hold("violet anchor harvest tundra 41")
    assert "violet" not in repr(held) + repr(vars(held))
    held.forget()
    assert held.scrub("violet anchor harvest tundra 41") == "violet anchor harvest tundra 41"


def test_a_text_is_masked_and_rid_of_secrets_on_its_way_out() -> None:
    LIVE.hold("correct horse battery staple")
    try:
        shown = logs.scrub("Card 4111 1111 1111 1111 of correct horse battery staple")
    finally:
        LIVE.forget()
    assert shown == "Card [card …1111] of [secret]"
