"""What only real processes show: being killed, interrupted, kept waiting, and keeping secrets."""

from __future__ import annotations

import contextlib
import os
import random
import re
import select
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from app.adapters.home_lock import HomeLock

SAMPLE = Path(__file__).parents[2] / "resources" / "sample"
PASSPHRASE = "violet anchor harvest tundra 41"


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Gives a file whose import takes long enough to be struck at any point of it."""
    path = tmp_path_factory.mktemp("large") / "large.csv"
    with path.open("w") as file:
        file.write("Date,Description,Amount\n")
        for number in range(6000):
            day = f"2026-{1 + number % 9:02d}-{13 + number % 15:02d}"
            file.write(f"{day},SHOP {number % 997} STORE,-{number % 89 + 1}.{number % 100:02d}\n")
    return path


def _wait(process: subprocess.Popen[bytes], seconds: float) -> None:
    """Wait for a while, or until the process ends."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(seconds)


def _wait_until_it_writes(process: subprocess.Popen[bytes], home: Path) -> None:
    """Wait for the first bytes of the transaction, or until the process ends."""
    log = home / "books.db-wal"
    while process.poll() is None and not (log.exists() and log.stat().st_size > 100_000):
        select.select([], [], [], 0.0002)


def test_a_killed_import_is_there_as_a_whole_or_not_at_all(
    bare: Path, start: Any, real: Any, on: Any, large: Path, dump: Any
) -> None:
    chance = random.Random(20_261_120)
    begun = time.monotonic()
    whole = start(bare, "import", large, "--dry-run")
    whole.communicate()
    length = time.monotonic() - begun
    outcomes = set()
    for number in range(20):
        before = dump(bare)
        process = start(bare, "import", large, "--account", "Main")
        if number % 4 == 0:
            _wait_until_it_writes(process, bare)
        else:
            _wait(process, chance.uniform(0.05, 0.95) * length)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        verified = on(bare, "audit", "verify")
        assert (verified.code, verified.body["ok"]) == (0, True)
        rows = on(bare, "transactions", "list", "--limit", "1").body["total_count"]
        assert rows in {0, 6000}
        outcomes.add(rows)
        if rows:
            assert on(bare, "undo").code == 0
        else:
            assert dump(bare) == before
    assert 0 in outcomes
    again = real(bare, "import", large, "--account", "Main")
    assert again.body["files"][0]["added"] == 6000
    assert on(bare, "audit", "verify").body["ok"] is True
    assert not list(bare.glob("*.part"))


@pytest.mark.parametrize("share", [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7])
def test_an_interrupted_import_changes_nothing(
    share: float, bare: Path, start: Any, on: Any, large: Path, dump: Any
) -> None:
    begun = time.monotonic()
    start(bare, "import", large, "--dry-run").communicate()
    length = time.monotonic() - begun
    before = dump(bare)
    process = start(bare, "import", large, "--account", "Main")
    if share:
        # from here on it is our code that runs; before, Python itself is starting
        while process.poll() is None and not (bare / "books.db-wal").exists():
            select.select([], [], [], 0.001)
    _wait(process, share * length)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    rows = on(bare, "transactions", "list", "--limit", "1").body["total_count"]
    if rows or process.returncode == 0:
        # it was through before the signal came: then it is there as a whole, and undo takes it back
        assert rows == 6000
        assert on(bare, "undo").code == 0
        assert on(bare, "audit", "verify").body["ok"] is True
        return
    if not share:
        assert process.returncode in {130, 1, -signal.SIGINT}
    else:
        assert process.returncode == 130, err
        assert b"Traceback" not in out + err
    assert dump(bare) == before
    assert on(bare, "import", large, "--account", "Main").body["files"][0]["added"] == 6000


def test_a_writer_that_does_not_finish_keeps_others_waiting_then_busy(
    home: Path, real: Any, raw: Any, dump: Any
) -> None:
    other = raw(home)
    other.execute("BEGIN IMMEDIATE")
    assert real(home, "accounts", "list").code == 0, "reading waits for nobody"
    answer = real(home, "transactions", "set", "1", "note=x")
    assert (answer.code, answer.error, answer.err) == (5, "busy", "")
    other.execute("ROLLBACK")
    assert real(home, "transactions", "set", "1", "note=x").code == 0


def test_two_writers_take_turns(home: Path, start: Any, on: Any) -> None:
    started = [start(home, "transactions", "set", str(number), f"note={number}") for number in range(1, 9)]
    for process in started:
        out, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (0, b""), out
    listed = on(home, "history", "--limit", "8").body["operations"]
    assert [o["id"] for o in listed] == list(range(16, 8, -1))
    verified = on(home, "audit", "verify").body
    assert (verified["ok"], verified["anchor_ok"]) == (True, True)


def test_a_home_held_alone_is_in_use(home: Path, real: Any, files: Any) -> None:
    lock = HomeLock(home, "1099 Ops restore")
    lock.acquire_exclusive()
    try:
        before = files(home)
        for command in (("accounts", "list"), ("transactions", "set", "1", "note=x")):
            answer = real(home, *command)
            assert (answer.code, answer.error, answer.err) == (5, "in_use", "")
            assert "1099 Ops restore" in answer.body["error"]["message"]
        assert files(home) == before
    finally:
        lock.release()
    assert real(home, "accounts", "list").code == 0


@pytest.mark.parametrize("limit", ["0", "1"])
def test_a_reader_that_stops_listening_is_no_error(limit: str, home: Path, start: Any) -> None:
    process = start(home, "transactions", "list", "--limit", limit)
    process.stdout.close()
    process.stdout = None
    _, err = process.communicate(timeout=30)
    assert process.returncode == 0
    assert err == b""


def test_a_full_disk_at_the_output_is_told(home: Path, start: Any, template: Any) -> None:
    reading, writing = os.pipe()
    os.write(writing, template.key.encode() + b"\n")
    os.close(writing)
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "app", "--home", str(home), "--key-fd", str(reading), "--json", "accounts", "list"],
            cwd=SAMPLE.parents[1], stdout=full, stderr=subprocess.PIPE, pass_fds=(reading,), check=False,
        )  # fmt: skip
    os.close(reading)
    assert done.returncode == 5
    assert done.stderr == b"The answer could not be written: its disk is full, or its file was closed.\n"


# --- secrets


def _long_numbers() -> set[str]:
    """Give the full account and card numbers that stand in the sample files."""
    found: set[str] = set()
    for path in SAMPLE.iterdir():
        text = path.read_text(errors="replace")
        found.update(re.findall(r"<ACCTID>(\w{5,})", text))
    return found


def _texts(connection: Any) -> str:
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    rows = [row for name in names for row in connection.execute(f'SELECT * FROM "{name}"')]
    return "\n".join(str(cell) for row in rows for cell in row if not isinstance(cell, int))


def test_full_account_numbers_are_nowhere_in_the_books(home: Path, raw: Any) -> None:
    numbers = _long_numbers()
    assert len(numbers) >= 2
    everything = _texts(raw(home))
    assert "6620" in everything, "the last four are kept"
    for number in numbers:
        assert number not in everything
        assert number not in re.sub(r"[\s-]", "", everything)


def test_numbers_in_texts_are_masked_before_they_are_stored(bare: Path, on: Any, raw: Any, bank: Any) -> None:
    card, spaced, bare_number = "4111111111111111", "5555 5555 5555 4444", "123-45-6789"
    path = bank(
        "in.csv", ("2026-03-15", f"PAYMENT {card}", "-1.00"), ("2026-03-16", f"CARD {spaced} SHOP", "-2.00"),
        ("2026-03-17", f"SSN {bare_number} REFUND", "3.00"),
    )  # fmt: skip
    assert on(bare, "import", path).body["files"][0]["masked"] == 3
    number = on(
        bare,
        "transactions",
        "add",
        "--date",
        "2026-04-01",
        "--amount",
        "-1",
        "--account",
        "1",
        "--description",
        f"BY HAND {card}",
    ).body["id"]
    assert on(bare, "transactions", "set", str(number), f"note=card {card}", f"tags={card}").code == 0
    assert on(bare, "rules", "add", "--text", f"hand {card}", "--kind", "personal").code in {0, 3}
    everything = _texts(raw(bare))
    for secret in (card, spaced, bare_number):
        assert secret not in everything
        assert secret.replace(" ", "").replace("-", "") not in everything


def test_nothing_is_readable_in_the_files_of_the_home(home: Path, raw: Any, on: Any) -> None:
    connection = raw(home)  # keeps the write-ahead log alive
    assert on(home, "transactions", "set", "1", "note=a very plain note").code == 0
    wal = (home / "books.db-wal").read_bytes()
    assert len(wal) > 1000
    connection.close()
    for path in [p for p in home.rglob("*") if p.is_file()]:
        content = path.read_bytes() + (wal if path.name == "books.db" else b"")
        for word in (
            b"plain note",
            b"Chase",
            b"ADOBE",
            b"CREATE TABLE",
            b"SQLite format",
            "··6620".encode(),  # four digits alone stand in many a checksum
            PASSPHRASE.encode(),
        ):
            assert word not in content, (path.name, word)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name


def test_passphrase_and_key_are_never_said(
    home: Path, run: Any, on: Any, template: Any, passphrase_file: Path, raw: Any
) -> None:
    said = ""
    for command in ("accounts list", "history", "audit list --limit 0", "audit verify", "doctor", "-v nonsense",
                    "transactions explain 999999", "init --mode passphrase", "profile show"):  # fmt: skip
        for as_json in ([], ["--json"]):
            answer = run("--home", home, "--passphrase-file", passphrase_file, *as_json, *command.split())
            said += answer.out + answer.err
    said += on(home, "history").out + on(home, "audit", "list", "--limit", "0").out + _texts(raw(home))
    assert PASSPHRASE not in said
    assert template.key not in said
    assert template.key.upper() not in said


def test_the_passphrase_is_in_no_argument_and_no_environment(home: Path, start: Any, raw: Any, template: Any) -> None:
    other = raw(home)
    other.execute("BEGIN IMMEDIATE")
    process = start(home, "transactions", "set", "1", "note=x")
    seen = Path(f"/proc/{process.pid}/cmdline").read_bytes() + Path(f"/proc/{process.pid}/environ").read_bytes()
    other.execute("ROLLBACK")
    process.communicate()
    assert template.key.encode() not in seen
    assert PASSPHRASE.encode() not in seen


def test_the_demo_runs_and_its_pack_verifies(tmp_path: Path, run: Any) -> None:
    out = tmp_path / "demo"
    answer = run("--json", "demo", "--out", out)
    assert (answer.code, answer.err) == (0, "")
    body = answer.body
    assert {"imported", "review_items", "reserve", "pack"} <= set(body)
    assert sum(file["added"] for file in body["imported"]) > 1000
    assert body["reserve"]["needed_cents"] > 0
    checked = run("--json", "export", "verify", body["pack"])
    assert (checked.code, checked.body["ok"]) == (0, True)
    again = run("--json", "demo", "--out", out)
    assert again.code == 0, "the second demo is as good as the first"
    text = run("demo", "--out", out)
    assert (text.code, text.err) == (0, "")
    assert "Set aside" in text.out
