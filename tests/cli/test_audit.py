"""`audit` as a person at the terminal meets it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from services.audit_helpers import Closed, tampered


def test_verify_says_what_it_checked(home: Path, on: Any, run: Any, passphrase_file: Path) -> None:
    body = on(home, "audit", "verify").body
    assert {name: body[name] for name in ("ok", "first_bad_seq", "anchor_ok", "keychain_anchor_ok", "segments")} == {
        "ok": True, "first_bad_seq": None, "anchor_ok": True, "keychain_anchor_ok": None, "segments": 0,
    }  # fmt: skip
    assert body["sentence"] == f"All {body['entries']} entries hold."
    answer = run("--home", home, "--passphrase-file", passphrase_file, "audit", "verify")
    assert (answer.code, answer.out) == (0, body["sentence"] + "\n")


def test_an_old_file_put_back_is_told_until_it_is_accepted(home: Path, on: Any) -> None:
    old = {name: (home / name).read_bytes() for name in ("books.db", "books.head")}
    for number in range(3):
        on(home, "profile", "set", f"wages={1000 + number}.00")
    for name, data in old.items():
        (home / name).write_bytes(data)
    answer = on(home, "audit", "verify")
    assert (answer.code, answer.body["anchor_ok"], answer.body["anchor"]) == (1, False, "older")
    on(home, "profile", "set", "wages=5000.00")
    assert on(home, "audit", "verify").code == 1, "work on them does not silence it"
    accepted = on(home, "audit", "accept").body
    assert (accepted["accepted"], accepted["was"], accepted["seen"]) == (True, "older", 11)
    assert on(home, "audit", "verify").code == 0
    newest = on(home, "audit", "list", "--limit", "1").body["entries"][0]
    assert (newest["event"], newest["seq"]) == ("audit.accepted", accepted["seq"])


def test_a_missing_note_is_told(home: Path, on: Any) -> None:
    (home / "audit.anchor").unlink()
    answer = on(home, "audit", "verify")
    assert (answer.code, answer.body["anchor"], answer.body["first_bad_seq"]) == (1, "missing", None)
    assert "audit.anchor" in answer.body["sentence"]


@pytest.mark.parametrize("command", [("audit", "list"), ("audit", "list", "--all"), ("audit", "verify")])
def test_looking_writes_nothing(home: Path, on: Any, command: tuple[str, ...]) -> None:
    def state() -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in home.iterdir() if path.is_file() and path.suffix != ".lock"}

    before = state()
    assert on(home, *command).code == 0
    assert state() == before


def test_the_list_shows_ninety_days_and_all_shows_everything(home: Path, on: Any) -> None:
    every = on(home, "audit", "list", "--all", "--limit", "0").body["entries"]
    assert every == on(home, "audit", "list", "--limit", "0").body["entries"]
    assert [entry["seq"] for entry in every] == list(range(len(every), 0, -1))
    assert on(home, "audit", "list", "--limit", "2").body["entries"] == every[:2]
    assert set(every[0]) == {
        "seq", "at", "monotonic_ms", "event", "actor", "object_kind", "object_id", "result", "body", "prev", "mac",
    }  # fmt: skip


def test_the_log_is_exported_as_lines(home: Path, on: Any, tmp_path: Path) -> None:
    target = tmp_path / "log.jsonl"
    body = on(home, "audit", "export", "--out", target).body
    lines = [json.loads(line) for line in target.read_text("ascii").splitlines()]
    assert (body["entries"], len(lines), lines[0]["seq"]) == (8, 8, 1)
    assert on(home, "audit", "export", "--out", target).error == "exists"
    assert on(home, "audit", "list", "--limit", "1").body["entries"][0]["event"] == "audit.exported"
    assert on(home, "audit", "export").error == "usage"


def test_no_text_of_the_books_is_in_the_log(home: Path, on: Any, tmp_path: Path) -> None:
    on(home, "transactions", "set", "94", "note=needle in the books")
    on(home, "rules", "add", "text=NEEDLE", "kind=expense", "line=C18")
    on(home, "accounts", "add", "name=Needle", "kind=cash")
    target = tmp_path / "log.jsonl"
    on(home, "audit", "export", "--out", target)
    assert "needle" not in target.read_text("ascii").casefold()


def test_a_log_that_does_not_hold_is_named_and_cannot_be_accepted(home: Path, on: Any, template: Any) -> None:
    tampered(Closed(home, template.key), lambda books: books.execute("UPDATE audit SET actor = 'mcp' WHERE seq = 4"))
    answer = on(home, "audit", "verify")
    assert (answer.code, answer.body["ok"], answer.body["first_bad_seq"]) == (1, False, 4)
    refused = on(home, "audit", "accept")
    assert (refused.code, refused.error) == (7, "chain_broken")
