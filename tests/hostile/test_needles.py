"""The strings of the public redaction list, pushed in at every entry point; afterwards no file holds one of them."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import detector
import pages
import pytest
import unpacked
import ways_in

from app.cli.main import NOUNS
from app.services.books.open_books import Books
from app.services.review import questions

ROOT = Path(__file__).parents[2]
PUBLIC = ROOT / "tests" / "data" / "reference" / "redaction-public.csv"
TODAY = "2026-11-20"
SHORT = 9
"""Needles of fewer letters and digits are asked for as they were written only: any file may hold six letters."""


class Driven:
    """A home, the folder for what comes out of it, and the temporary folder of its processes."""

    def __init__(self, folder: Path, home: Path, key: str) -> None:
        self.home, self.key = home, key
        self.out, self.temporary, self.given = folder / "out", folder / "tmp", folder / "in"
        for each in (self.out, self.temporary, self.given):
            each.mkdir()
        self.ran = 0

    def ops(self, *arguments: str) -> int:
        """Run the command line for real and keep what it says, as a terminal or a script would."""
        reading, writing = os.pipe()
        os.write(writing, self.key.encode() + b"\n")
        os.close(writing)
        command = [sys.executable, "-m", "app", "--home", str(self.home), "--key-fd", str(reading), "--today", TODAY]
        try:
            done = subprocess.run(
                [*command, "--json", *arguments], cwd=ROOT, capture_output=True, pass_fds=(reading,), timeout=60,
                env={**os.environ, "TMPDIR": str(self.temporary)}, stdin=subprocess.DEVNULL, check=False,
            )  # fmt: skip
        finally:
            os.close(reading)
        self.ran += 1
        (self.out / f"said-{self.ran}.txt").write_bytes(done.stdout + b"\n" + done.stderr)
        return done.returncode


@pytest.fixture
def driven(template: object, home: Path, tmp_path: Path) -> Driven:
    return Driven(tmp_path, home, template.key)  # type: ignore[attr-defined]


def listed() -> tuple[list[str], list[str]]:
    """Return the texts that must be masked and the needles in them."""
    with PUBLIC.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["must_mask"] == "yes"]
    needles = [needle for row in rows for needle in row["substring"].split("|")]
    return [row["text"] for row in rows], needles


def drive(driven: Driven, texts: list[str]) -> None:
    """Go through the command line: files in every format, words typed everywhere, refusals."""
    ops = driven.ops
    table = ways_in.csv_file(driven.given, texts)
    named = driven.given / "ssn 219-94-9187 4111111111111111.qif"
    ways_in.qif_file(driven.given, texts, named.name)
    assert ops("import", str(table), "--dry-run", "--account", texts[9]) == 0
    assert ops("import", str(table), "--account", texts[9], "--account-kind", "checking") == 0
    assert ops("import", str(ways_in.ofx_file(driven.given, texts))) == 0
    assert ops("import", str(named), "--account", "Quicken") == 0
    for number, text in enumerate(texts[:4], 1):
        assert ops("transactions", "set", str(number), f"note={text}", f"merchant={text}", f"tags={text}") == 0
    assert ops("transactions", "add", "--date", "2026-08-01", "--amount", "-5", "--account", "Quicken",
               "--description", texts[5]) == 0  # fmt: skip
    assert ops("transactions", "delete", "2", "--reason", texts[6]) == 0
    assert ops("rules", "add", "--text", texts[7], "--kind", "personal") == 0
    assert ops("accounts", "add", f"name={texts[8]}", f"institution={texts[10]}") == 0
    assert ops("business", "add", f"name={texts[11]}") == 0
    assert ops("profile", "set", f"locality={texts[12]}") == 0
    for refused in (
        ("accounts", "set", texts[13], "role=business"),
        ("transactions", "set", "1", f"{texts[14]}=1"),
        ("undo", texts[15]),
        (texts[16],),
        ("rules", "add", "--text", "x", "--kind", texts[17]),
    ):
        assert ops(*refused) != 0


def take_out(driven: Driven) -> None:
    """Go through everything that shows, hands out or takes back."""
    ops, out = driven.ops, driven.out
    assert ops("undo") == 0
    assert ops("redo") == 0
    for shown in (("history",), ("audit", "list"), ("transactions", "list", "--limit", "500"), ("review", "list"),
                  ("doctor",), ("rules", "list"), ("accounts", "list")):  # fmt: skip
        assert ops(*shown) == 0, shown
    assert ops("export", "accountant", "--year", "2026", "--out", str(out / "pack")) == 0
    assert ops("export", "accountant", "--year", "2026", "--out", str(out / "pack.zip")) == 0
    assert ops("report", "ledger", "--year", "2026", "--format", "csv", "--out", str(out / "ledger.csv")) == 0
    if "backup" in NOUNS:
        assert ops("backup", "create", "--out", str(out / "books.opsbak")) == 0
    if "diagnostics" in NOUNS:
        assert ops("diagnostics", "--out", str(out / "bundle.zip")) == 0


def found_in(text: str, needles: list[str]) -> list[str]:
    plain = detector.MASKS.sub("\u2588", text)
    ways = {detector.bare(plain, escapes=False)}
    if any(sign in plain for sign in ("\\u", "%", "&#")):
        ways.add(detector.bare(plain, escapes=True))
    found = [needle for needle in needles if needle in plain]
    for needle in needles:
        bare = detector.bare(needle, escapes=False)
        if len(bare) >= SHORT and any(bare in way for way in ways):
            found.append(needle)
    return found


def test_no_needle_is_left_anywhere(driven: Driven, look: Callable[[], Books]) -> None:
    texts, needles = listed()
    drive(driven, texts)
    books = look()
    ways_in.type_all(books, texts)
    for item in questions.items(books)[:5]:
        questions.answer(books, item.id, questions.Answered(choice=1, mode="always"))
    take_out(driven)
    left: list[tuple[str, str]] = []
    raw = pages.of_home(driven.home, driven.key)  # with the books open: the write-ahead log is there
    assert b"OFFICE SUPPLY HOUSE" in raw, "the pages were not read"
    for needle in needles:
        ways = {needle.encode(), needle.upper().encode(), needle.encode("utf-16-le")}
        left += [("a page of the books", needle) for way in ways if way in raw]
    tables = [row[0] for row in books.connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    for table in tables:
        held = "\n".join(str(cell) for row in books.connection.execute(f"SELECT * FROM {table}") for cell in row)
        left += [(table, needle) for needle in found_in(held, needles)]
        if table != "audit":
            left += [(table, str(each)) for each in detector.findings(held)]
    books.close()
    for folder in (driven.home, driven.out, driven.temporary):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                for name, text in unpacked.texts(path):
                    left += [(name, needle) for needle in found_in(text, needles)]
    assert left == []
