"""`diagnostics` after a hard day: markers in all that a person, a bank or a system can name, and none of them in it."""

from __future__ import annotations

import base64
import getpass
import hashlib
import json
import re
import socket
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

WORDS = [f"Zq{chr(97 + n // 26)}{chr(97 + n % 26)}xvarnok" for n in range(200)]
"""Markers like names; no word of the program has these letters."""


def numbers() -> Iterator[str]:
    """Yield twelve digits each, no two alike in six in a row."""
    for n in range(40):
        yield f"{(n * 104729 + 830_711) % 10**6:06d}{(n * 15485863 + 97_213) % 10**6:06d}"


class Canaries:
    """Hands out markers and remembers them."""

    def __init__(self) -> None:
        self._words, self._numbers = iter(WORDS), numbers()
        self.words: list[str] = []
        self.numbers: list[str] = []

    def word(self) -> str:
        self.words.append(next(self._words))
        return self.words[-1]

    def number(self) -> str:
        self.numbers.append(next(self._numbers))
        return self.numbers[-1]

    def found_in(self, data: bytes) -> list[str]:
        """Return the markers that stand in these bytes, in any writing."""
        low = data.lower()
        hits = [word for word in self.words if any(form in data or form in low for form in written(word))]
        return hits + [
            number for number in self.numbers if any(number[i : i + 6].encode() in data for i in range(len(number) - 5))
        ]


def written(word: str) -> set[bytes]:
    """Return the ways a text may be written down: its letters, its bytes as letters, its bytes in other orders."""
    forms = set()
    for case in (word, word.lower(), word.upper()):
        raw = case.encode()
        forms |= {raw, case.encode("utf-16-le"), case.encode("utf-16-be"), raw[::-1], quote(case).encode()}
        forms |= {raw.hex().encode(), "".join(f"%{byte:02X}" for byte in raw).encode(), repr(case).encode()}
        # Base64 of a text inside a longer one begins at any of three places; its ends depend on what stands beside it.
        forms |= {base64.b64encode(b"\0" * lead + raw)[4 if lead else 0 : -4] for lead in range(3)}
    return {form for form in forms if len(form) >= 6}


def unpacked(path: Path) -> dict[str, bytes]:
    """Return the files of a saved report, without the hashes, which hold any six digits by chance."""
    with zipfile.ZipFile(path) as archive:
        return {name: re.sub(rb'"sha256": "[0-9a-f]{64}"', b"", archive.read(name)) for name in archive.namelist()}


@pytest.fixture
def marked() -> Canaries:
    return Canaries()


@pytest.fixture
def hard_day(marked: Canaries, ops: Any, run: Any, on: Any, home: Path, tmp_path: Path) -> Path:
    """Runs what fails and what works with markers in every name; gives the home."""
    w, n = marked.word, marked.number
    statement = tmp_path / f"{w()} {n()}.csv"
    statement.write_text(
        "Date,Description,Amount,Memo,Type\n"
        + "".join(f"2026-03-{day:02d},{w()} {w()},-{day}.00,{w()},{w()}\n" for day in range(1, 20))
        + f"not a day,{w()},{n()},{w()},{w()}\n"
    )
    qif = tmp_path / f"{w()}.qif"
    qif.write_text(f"!Type:Bank\nD3/1/2026\nT-5.00\nP{w()}\nM{w()}\nLbla\n^\n")
    ofx = tmp_path / f"{w()}.ofx"
    ofx.write_text(f"<OFX><{w()}>{n()}")
    assert ops("import", statement, "--account", w()).code in {0, 3}
    assert ops("import", qif, "--account", w()).code in {0, 3}
    assert ops("import", ofx).error == "not_a_statement"
    assert ops("import", tmp_path / w() / w()).error == "bad_file"
    (tmp_path / f"{w()}.pdf").write_bytes(b"%PDF-1.4 " + w().encode())
    ops("import", tmp_path / f"{marked.words[-1]}.pdf")
    row = ops("transactions", "list", "--limit", "1").body["transactions"][0]["id"]
    for arguments in (
        ("transactions", "set", row, f"note={w()}", f"merchant={w()}", f"tags={w()}"),
        ("transactions", "add", "--date", "2026-04-01", "--amount", "-9.00", "--account", w(), "--description", w()),
        ("transactions", "delete", row, "--reason", w()),
        ("business", "add", f"name={w()}"),
        ("rules", "add", "--text", w(), "--kind", "expense", "--line", "C18"),
        ("accounts", "add", f"name={w()}", f"institution={w()}"),
        ("accounts", "set", "1", f"name={w()}", f"institution={w()}"),
        ("tax", "pay", "--date", "2026-04-15", "--amount", "100", "--jurisdiction", "federal", "--for-year", "2026",
         "--type", "estimate", "--confirmation", n()),
        ("profile", "set", f"time_zone={w()}"),
        ("accounts", "set", w(), f"name={w()}"),
        ("transactions", "set", "999999", f"note={w()}"),
        ("report", "ledger", "--year", "2026", "--format", "csv", "--out", tmp_path / w() / w()),
        ("export", "accountant", "--year", "2026", "--out", tmp_path / f"{w()}.zip"),
        ("export", "verify", tmp_path / w()),
        (w(), w()),
        ("undo", w()),
    ):  # fmt: skip
        ops(*map(str, arguments))
    passphrase = tmp_path / f"{w()}.txt"
    passphrase.write_text(w() + n() + "\n")
    passphrase.chmod(0o600)
    assert (
        run("--home", home, "--passphrase-file", passphrase, "--json", "accounts", "list").error == "wrong_passphrase"
    )
    assert run("--home", tmp_path / w(), "--json", "accounts", "list").error == "no_books"
    return home


def test_nothing_that_was_typed_imported_or_named_is_in_the_report(
    hard_day: Path, marked: Canaries, on: Any, raw: Any, tmp_path: Path
) -> None:
    connection = raw(hard_day)
    for name in [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")]:
        connection.execute(f"DROP TRIGGER {name}")
    for table, column in (("account", "last4"), ("account", "fingerprint"), ("imported_file", "sha256"),
                          ("operation", "refs"), ("descriptor", "memo"), ("mapping", "body")):  # fmt: skip
        connection.execute(f"UPDATE {table} SET {column} = ? || rowid", (marked.word() + marked.number(),))
    connection.close()
    out = tmp_path / "report.zip"
    assert on(hard_day, "diagnostics", "--out", out).code == 0
    assert len(marked.words) > 90
    files = unpacked(out)
    assert len(files) == 9
    for name, data in files.items():
        assert marked.found_in(data) == [], name
        for own in (getpass.getuser(), socket.gethostname(), str(tmp_path), hard_day.name + "/"):
            assert len(own) < 5 or own.encode() not in data, name
    assert b"import.refused" in files["events.jsonl"]
    assert b"wrong_passphrase" in files["events.jsonl"]
    imports = [json.loads(line) for line in files["imports.jsonl"].splitlines()]
    assert {"not_a_statement", "bad_file"} <= {each["result"] for each in imports}


def test_nothing_of_it_is_in_the_log(hard_day: Path, marked: Canaries) -> None:
    logs = list((hard_day / "logs").iterdir())
    assert logs
    for path in logs:
        data = re.sub(rb'"at":"[^"]+"', b"", path.read_bytes())
        assert marked.found_in(data) == [], path.name


def test_the_markers_would_be_found(marked: Canaries) -> None:
    word, number = marked.word(), marked.number()
    for form in written(word):
        assert marked.found_in(b"x" + form + b"y") == [word]
    assert marked.found_in(base64.b64encode(f"before {word} after".encode())) == [word]
    assert marked.found_in(b"x" + number[3:9].encode()) == [number]


def test_the_preview_is_the_file_byte_for_byte_also_of_another_run(on: Any, home: Path, tmp_path: Path) -> None:
    shown = on(home, "diagnostics", "--preview").body
    out = tmp_path / "report.zip"
    saved = on(home, "diagnostics", "--out", out).body
    assert hashlib.sha256(out.read_bytes()).hexdigest() == shown["sha256"] == saved["sha256"]
    assert (shown["saved"], saved["saved"]) == (None, str(out))
    with zipfile.ZipFile(out) as archive:
        held = [(name, archive.read(name)) for name in archive.namelist()]
    assert [(file["name"], file["content"].encode()) for file in shown["files"]] == held
    assert [(file["bytes"], file["sha256"]) for file in shown["files"]] == [
        (len(data), hashlib.sha256(data).hexdigest()) for _, data in held
    ]


def test_a_preview_changes_nothing_at_all(on: Any, home: Path) -> None:
    def all_of(where: Path) -> dict[str, bytes]:
        """Return every file but the lock, in which whoever opens the books writes down that it has."""
        return {
            str(path): path.read_bytes() for path in where.rglob("*") if path.is_file() and path.name != "home.lock"
        }

    before = all_of(home)
    assert on(home, "diagnostics").body["books"] == "open"
    assert all_of(home) == before


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda _home: None, "locked"),
        (lambda home: (home / "ops.keys").unlink(), "keys_missing"),
        (lambda home: (home / "books.db").write_bytes(b"\0" * 8192), "damaged"),
        (lambda home: (home / "books.db").write_bytes(b""), "damaged"),
        (lambda home: [(home / name).unlink() for name in ("ops.keys", "books.db")], "no_books"),
    ],
)
def test_books_that_do_not_open_are_told_of_by_a_code(
    damage: Callable[[Path], Any], code: str, bare: Path, run: Any, on: Any, tmp_path: Path
) -> None:
    damage(bare)
    answer = run("--home", bare, "--json", "diagnostics") if code == "locked" else on(bare, "diagnostics")
    assert answer.code == 0
    assert answer.body["books"] == code
    database = next(json.loads(f["content"]) for f in answer.body["files"] if f["name"] == "database.json")
    assert database["state"] == code


def test_sections_can_be_left_out_and_one_there_is_not_is_refused(on: Any, bare: Path) -> None:
    assert on(bare, "diagnostics", "--sections", "app,system").body["sections"] == ["system", "app"]
    refused = on(bare, "diagnostics", "--sections", "app,contacts")
    assert (refused.code, refused.error) == (3, "invalid_value")


def test_a_report_that_is_there_already_is_not_written_over(on: Any, bare: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.zip"
    out.write_text("mine")
    assert on(bare, "diagnostics", "--out", out).error == "exists"
    assert out.read_text() == "mine"


def test_a_person_reads_every_file_and_what_to_do(run: Any, bare: Path, passphrase_file: Path) -> None:
    answer = run("--home", bare, "--passphrase-file", passphrase_file, "diagnostics")
    assert answer.code == 0
    assert '"state": "open"' in answer.out
    assert answer.out.count("--- ") == 9
    assert answer.out.endswith("Save exactly this with: ops1099 diagnostics --out FILE\n")
