"""What hostile texts must not do once they are in the books: command a terminal, run in a table, keep others out."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hostile.cases import HEAD, ONE, outside_entity, texts

from app.services.books.open_books import Books


def test_entities_are_never_opened(tmp_path: Path, ops: Callable[..., Any]) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("do not tell anyone 7391\n")
    source = outside_entity().replace("/etc/passwd", str(secret))
    path = tmp_path / "x.ofx"
    path.write_text(source)
    ran = ops("import", str(path))
    assert b"7391" not in ran.out + ran.err


def test_a_terminal_is_not_told_what_the_file_commands(tmp_path: Path, ops: Callable[..., Any]) -> None:
    path = tmp_path / "bank.csv"
    path.write_text(HEAD + "03/01/2026,\x1b]0;owned\x07 \x9b31mSHOP \u202eKCAB,-1.00\n03/02/2026,PLAIN,-2.00\n")
    assert ops("import", str(path), as_json=False).code == 0
    for command in (["transactions", "list"], ["review", "list"], ["report", "ledger", "--year", "2026"]):
        shown = ops(*command, as_json=False)
        assert shown.code == 0
        assert b"SHOP" in shown.out
        assert all(line.isprintable() for line in shown.out.decode().split("\n")), command


def test_formulas_are_disarmed_in_every_table_that_is_written(tmp_path: Path, ops: Callable[..., Any]) -> None:
    path = tmp_path / "bank.csv"
    path.write_text(texts('=HYPERLINK(""http://x.example"")', "+cmd|' /C calc'!A0", "@SUM(A1)"))
    assert ops("import", str(path)).code == 0
    assert ops("export", "accountant", "--year", "2026", "--out", str(tmp_path / "pack")).code == 0
    written = [name.read_text() for name in (tmp_path / "pack").glob("*.csv")]
    written += [ops(*c).out.decode() for c in (["transactions", "list", "--format", "csv"],
                                               ["report", "ledger", "--year", "2026", "--format", "csv"])]  # fmt: skip
    assert len(written) > 3
    for text in written:
        for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")):
            assert not [cell for cell in row if cell[:1] in {"=", "+", "@"} or cell[:4] == "-2+3"], row


def test_one_bad_file_does_not_keep_the_good_ones_out(
    tmp_path: Path, ops: Callable[..., Any], look: Callable[[], Books]
) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(HEAD + ONE + "03/25/2026,LATE,-1.00\n")
    bad.write_text("<html></html>")
    ran = ops("import", str(bad), str(good), str(tmp_path / "missing.csv"))
    assert (ran.code, ran.error) == (3, "not_a_statement")
    assert [f["error"] and f["error"]["code"] for f in ran.body["files"]] == ["not_a_statement", None, "bad_file"]
    assert len(ran.body["operations"]) == 1
    assert look().connection.execute("SELECT count(*) FROM transactions").fetchone() == (5,)
