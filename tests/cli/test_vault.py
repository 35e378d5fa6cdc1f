"""`vault` and the ways to unlock, as a person or a script uses them."""

from __future__ import annotations

import argparse
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.cli import vault
from app.core.security import recovery

ROOT = Path(__file__).parents[2]
FIRST, SECOND = "violet anchor harvest tundra 41", "marble canyon lantern orbit 77"
READ = ("accounts", "list")
STATUS = {
    "schema_version", "home", "mode", "slots", "recovery_key", "portable", "generation", "pending", "older_keys", "kdf",
    "kdf_is_default", "wait_seconds", "created_at", "passphrase_changed_at", "recovery_changed_at", "rotated_at",
}  # fmt: skip

Call = Callable[..., Any]


@pytest.fixture
def secret(tmp_path: Path) -> Callable[[str], Path]:
    """Puts a secret into a file of its own."""

    def put(text: str) -> Path:
        path = tmp_path / f"secret-{len(list(tmp_path.glob('secret-*')))}"
        path.write_text(text + "\n")
        path.chmod(0o600)
        return path

    return put


def test_a_new_home_with_its_recovery_page_opens_by_it_alone(
    tmp_path: Path, run: Call, passphrase_file: Path, secret: Call, files: Call
) -> None:
    home, page = tmp_path / "home", tmp_path / "page.txt"
    init = ("--home", home, "--passphrase-file", passphrase_file, "--json", "init", "--mode", "passphrase")
    made = run(*init, "--kdf-memory", "64", "--recovery-out", page)
    assert (made.code, made.err, made.body["recovery_key_written"]) == (0, "", True)
    assert page.stat().st_mode & 0o777 == 0o600
    letters = page.read_text().splitlines()[0]
    assert letters not in made.out
    for words in (
        ("--recovery-file", page),
        ("--recovery-file", secret(letters.lower().replace("-", " "))),
        ("--recovery-file", secret("\n".join((letters[:14], "", letters[15:29], letters[30:])))),
        ("--passphrase-file", page),
    ):
        answer = run("--home", home, *words, "--json", *READ)
        assert (answer.code, answer.err) == (0, ""), answer.out
    reading, writing = os.pipe()
    os.write(writing, letters.encode() + b"\n")
    os.close(writing)
    assert run("--home", home, "--recovery-fd", str(reading), "--json", *READ).code == 0
    os.close(reading)
    before = files(home)
    other = "C" if letters.startswith("B") else "B"
    wrong = run("--home", home, "--recovery-file", secret(other + letters[1:]), "--json", *READ)
    assert (wrong.code, wrong.error) == (3, "invalid_value")
    assert files(home) == before
    assert run("--home", home, "--recovery-file", page, "--passphrase-file", page, "--json", *READ).error == "usage"


def test_init_that_fails_leaves_no_page_and_writes_over_none(
    tmp_path: Path, run: Call, secret: Call, passphrase_file: Path
) -> None:
    page = tmp_path / "page.txt"
    common = ("--json", "init", "--mode", "passphrase", "--kdf-memory", "64", "--recovery-out", page)
    answer = run("--home", tmp_path / "a", "--passphrase-file", secret("password1234"), *common)
    assert (answer.code, answer.error) == (3, "invalid_value")
    assert not page.exists()
    page.write_text("mine")
    answer = run("--home", tmp_path / "a", "--passphrase-file", passphrase_file, *common)
    assert (answer.code, answer.error) == (5, "exists")
    assert page.read_text() == "mine"
    assert not (tmp_path / "a").exists()


def test_the_passphrase_is_changed(bare: Path, run: Call, passphrase_file: Path, secret: Call) -> None:
    change = ("--home", bare, "--passphrase-file", passphrase_file, "--json", "vault", "passphrase")
    assert run(*change, "--new-passphrase-file", secret("too short")).error == "invalid_value"
    assert run(*change).error == "locked"
    answer = run(*change, "--new-passphrase-file", secret(SECOND))
    assert (answer.code, answer.body["changed"]) == (0, True)
    assert run("--home", bare, "--passphrase-file", passphrase_file, "--json", *READ).error == "wrong_passphrase"
    status = run("--home", bare, "--passphrase-file", secret(SECOND), "--json", "vault", "status")
    assert status.body["passphrase_changed_at"]
    reading, writing = os.pipe()
    os.write(writing, FIRST.encode() + b"\n")
    os.close(writing)
    back = run("--home", bare, "--passphrase-file", secret(SECOND), "--json", "vault", "passphrase",
               "--new-passphrase-fd", str(reading), "--kdf-memory", "65")  # fmt: skip
    os.close(reading)
    assert back.code == 0
    status = run("--home", bare, "--passphrase-file", passphrase_file, "--json", "vault", "status")
    assert status.body["kdf"]["memory_kib"] == 65 * 1024


def test_status_says_everything_opened_and_shut(bare: Path, run: Call, on: Call) -> None:
    shut, opened = run("--home", bare, "--json", "vault", "status"), on(bare, "vault", "status")
    assert set(shut.body) == set(opened.body) == STATUS
    assert (shut.code, shut.body["created_at"]) == (0, None)
    assert opened.body["created_at"]
    assert shut.body["kdf"] == {
        "algorithm": "argon2id", "memory_kib": 64 * 1024, "passes": 3, "lanes": 4, "iterations": None,
    }  # fmt: skip
    assert shut.body["mode"] == "passphrase"
    assert not shut.body["recovery_key"]
    words = run("--home", bare, "vault", "status")
    assert "none: make one with ops1099 vault recovery" in words.out


def test_the_key_is_renewed_and_the_old_one_opens_nothing(
    home: Path, run: Call, on: Call, passphrase_file: Path, raw: Call
) -> None:
    rows = on(home, "transactions", "list", "--limit", "1").body["total_count"]
    by_key = on(home, "vault", "rotate")
    assert (by_key.code, by_key.error) == (4, "locked")
    answer = run("--home", home, "--passphrase-file", passphrase_file, "--json", "vault", "rotate")
    assert (answer.code, answer.err) == (0, "")
    assert set(answer.body) == {"schema_version", "generation", "rows", "keychain_renewed"}
    assert answer.body["generation"] == 2
    assert on(home, *READ).error == "locked"
    after = run("--home", home, "--passphrase-file", passphrase_file, "--json", "transactions", "list", "--limit", "1")
    assert after.body["total_count"] == rows
    verified = run("--home", home, "--passphrase-file", passphrase_file, "--json", "audit", "verify")
    assert verified.code == 0


def test_a_recovery_key_is_made_replaced_and_removed(bare: Path, run: Call, on: Call, tmp_path: Path) -> None:
    answer = on(bare, "vault", "recovery")
    assert (answer.code, answer.error) == (3, "invalid_value")
    first, second = tmp_path / "first.txt", tmp_path / "second.pdf"
    made = on(bare, "vault", "recovery", "--out", first)
    assert made.body == {"schema_version": 1, "recovery_key": True, "replaced": False, "file": str(first)}
    assert on(bare, "vault", "recovery", "--out", first).error == "exists"
    assert run("--home", bare, "--recovery-file", first, "--json", *READ).code == 0
    made = on(bare, "vault", "recovery", "--out", second)
    assert made.body["replaced"]
    assert second.read_bytes().startswith(b"%PDF-")
    assert second.stat().st_mode & 0o777 == 0o600
    assert run("--home", bare, "--recovery-file", first, "--json", *READ).error == "wrong_passphrase"
    printed = subprocess.run(["pdftotext", str(second), "-"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"[A-Z2-7]{4}( [A-Z2-7]{4}){2}\s+([A-Z2-7]{4}[ \n]+){5}[A-Z2-7]{2}\b", printed)
    assert found, printed
    copied = tmp_path / "copied"
    copied.write_text(" ".join(found[0].split()) + "\n")
    copied.chmod(0o600)
    assert run("--home", bare, "--recovery-file", copied, "--json", *READ).code == 0
    assert on(bare, "vault", "recovery", "--remove", "--out", first).error == "invalid_value"
    gone = on(bare, "vault", "recovery", "--remove")
    assert not gone.body["recovery_key"]
    assert run("--home", bare, "--recovery-file", copied, "--json", *READ).error == "locked"
    assert on(bare, "vault", "recovery", "--remove").error == "conflict"


def test_on_a_terminal_the_key_is_shown_once(bare: Path, run: Call, secret: Call, passphrase_file: Path) -> None:
    terminal, child_side = pty.openpty()
    command = [sys.executable, "-m", "app", "--home", bare, "--passphrase-file", passphrase_file, "vault", "recovery"]
    process = subprocess.Popen(
        [*map(str, command)], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=child_side, stderr=subprocess.PIPE
    )
    os.close(child_side)
    shown = b""
    while select.select([terminal], [], [], 60)[0]:
        try:
            shown += os.read(terminal, 4096)
        except OSError:  # the other side is closed
            break
    os.close(terminal)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (0, b"")
    letters = re.search(rb"([A-Z2-7]{4}-){8}[A-Z2-7]{2}", shown)
    assert letters, shown
    assert recovery.parse(letters[0].decode())
    assert run("--home", bare, "--recovery-file", secret(letters[0].decode()), "--json", *READ).code == 0


def test_a_missing_keychain_is_told_and_changes_nothing(
    bare: Path, run: Call, passphrase_file: Path, files: Call
) -> None:
    before = files(bare)
    same = run("--home", bare, "--passphrase-file", passphrase_file, "--json", "vault", "mode", "passphrase")
    assert same.error == "conflict"
    command = [sys.executable, "-m", "app", "--home", bare, "--passphrase-file", passphrase_file, "--json", "vault"]
    nowhere = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent/bus"}
    for mode in ("keychain", "both"):
        done = subprocess.run(
            [*map(str, command), "mode", mode], cwd=ROOT, env=nowhere, stdin=subprocess.DEVNULL, capture_output=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 4
        assert json.loads(done.stdout)["error"]["code"] == "no_keychain"
    assert files(bare)["ops.keys"] == before["ops.keys"]


def test_nothing_secret_is_ever_an_argument() -> None:
    parser = argparse.ArgumentParser()
    vault.build("vault", parser)
    verbs = next(action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    options = {name for verb in verbs.choices.values() for action in verb._actions for name in action.option_strings}
    assert options == {
        "-h", "--help", "--new-passphrase-fd", "--new-passphrase-file", "--kdf-memory", "--out", "--remove",
    }  # fmt: skip


def test_locking_without_a_window_says_so(bare: Path, run: Call) -> None:
    answer = run("--home", bare, "--json", "vault", "lock")
    assert (answer.code, answer.body["locked"]) == (0, False)


def test_ctrl_c_in_a_rotation_leaves_books_that_open(home: Path, start: Call, run: Call, passphrase_file: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "--home", str(home), "--passphrase-file", str(passphrase_file), "--json",
         "vault", "rotate"], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    keys = home / "ops.keys"
    while process.poll() is None and b'"generation": 2' not in keys.read_bytes():
        pass
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode in {0, 130}
    answer = run("--home", home, "--passphrase-file", passphrase_file, "--json", "vault", "status")
    assert (answer.code, answer.body["pending"]) == (0, False)
    assert run("--home", home, "--passphrase-file", passphrase_file, "--json", "audit", "verify").code == 0


def test_doctor_checks_the_books_with_whatever_opens_them(
    home: Path, run: Call, passphrase_file: Path, tmp_path: Path
) -> None:
    page = tmp_path / "page.txt"
    given = ("--home", home, "--passphrase-file", passphrase_file, "--json", "vault", "recovery", "--out", page)
    assert run(*given).code == 0
    for way in (("--recovery-file", page), ("--passphrase-file", passphrase_file)):
        assert run("--home", home, *way, "--json", "doctor").body["books_checked"] is True
    place = (home / "books.db").stat().st_size // 2
    with (home / "books.db").open("r+b") as file:
        file.seek(place)
        byte = file.read(1)[0]
        file.seek(place)
        file.write(bytes([byte ^ 1]))
    found = run("--home", home, "--recovery-file", page, "--json", "doctor")
    assert (found.code, found.body["ok"]) == (1, False)
    assert any(not each["ok"] and each["name"].startswith("books") for each in found.body["checks"])


def test_doctor_without_a_key_checks_the_rest_and_says_what_it_left_out(bare: Path, run: Call, tmp_path: Path) -> None:
    answer = run("--home", bare, "--json", "doctor")
    assert (answer.code, answer.body["books_checked"]) == (0, False)
    assert "The books were not checked. The books are locked" in run("--home", bare, "doctor").out
    assert "not checked" not in run("--home", tmp_path / "none", "doctor").out
