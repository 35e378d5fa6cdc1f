"""`ops1099 bank` and `ops1099 egress` as real programs against a real relay."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.services.books.open_books import Books
from relay import key_files
from tests.bank.conftest import bank
from tests.relay.conftest import ROOT, RelayProcess
from tests.relay.plaid_stand_in import CLIENT_ID, SECRET, Item, PlaidStandIn, account, transaction

TOKEN = re.compile(rb"(access|public|link)-(sandbox|development|production)-[0-9a-f]{8}-[0-9a-f]{4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    code: int
    out: str
    err: str

    @property
    def body(self) -> dict[str, Any]:
        assert self.out.count("\n") == 1, self.out + self.err
        return dict(json.loads(self.out))

    @property
    def error(self) -> dict[str, Any]:
        return dict(self.body["error"])


Run = Callable[..., Answer]


@pytest.fixture
def home(make_books: Callable[..., Books]) -> Path:
    """Books with a passphrase, closed."""
    return make_books("commands").home


@pytest.fixture
def ops(home: Path, make_books: Callable[..., Books], tmp_path: Path) -> Run:
    """Runs a command as a process of its own, with JSON unless `--plain` is said."""
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("violet anchor harvest tundra 41\n")
    passphrase.chmod(0o600)

    def call(*arguments: str, own_keys: str | None = None, plain: bool = False) -> Answer:
        pipe: list[int] = []
        if own_keys is not None:
            reading, writing = os.pipe()
            os.write(writing, own_keys.encode())
            os.close(writing)
            pipe = [reading]
            arguments = tuple(str(reading) if each == "FD" else each for each in arguments)
        done = subprocess.run(
            [sys.executable, "-m", "app", "--home", str(home), "--passphrase-file", str(passphrase),
             *([] if plain else ["--json"]), *arguments],
            cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, pass_fds=pipe, check=False,
            env={name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}},
        )  # fmt: skip
        for each in pipe:
            os.close(each)
        return Answer(code=done.returncode, out=done.stdout, err=done.stderr)

    return call


def at_once(plaid: PlaidStandIn, *items: Item) -> None:
    """Let the person finish the next pages as soon as they are there, one bank a page."""
    left = list(items)

    def finish(path: str, answer: dict[str, Any]) -> None:
        if path == "/link/token/create" and left:
            plaid.finish(answer["link_token"], left.pop(0))

    plaid.before_answer = finish


def test_the_whole_way(ops: Run, relay: RelayProcess, plaid: PlaidStandIn, home: Path) -> None:
    item = bank(plaid)
    at_once(plaid, item)
    ready = ops("bank", "setup", "--relay", relay.origin)
    assert (ready.code, ready.body["mode"], ready.body["env"]) == (0, "relay", "sandbox")
    connected = ops("bank", "connect", "--wait", "30")
    assert connected.code == 0
    assert connected.body["connection"] == 1
    assert connected.body["url"].startswith("https://secure.plaid.com/")
    assert connected.body["url"] in connected.err
    synced = ops("bank", "sync")
    assert (synced.body["added"], synced.body["history"]) == (3, "complete")
    status = ops("bank", "status")
    (standing,) = status.body["connections"]
    assert {"id", "institution", "health", "last_sync", "accounts", "history"} <= set(standing)
    assert (standing["health"], standing["history"], len(standing["accounts"])) == ("ok", "complete", 1)
    assert standing["last_sync"].endswith("Z")
    left = ops("egress").body
    assert {"at", "host", "purpose", "bytes", "allowed_by"} <= set(left["rows"][0])
    assert {row["purpose"] for row in left["rows"]} >= {"enrol", "link", "transactions", "health"}
    assert ops("doctor").body["checks"][-1]["ok"]
    gone = ops("bank", "disconnect", "1")
    assert (gone.code, gone.body["how"], gone.body["rows"]) == (0, "removed", 3)
    assert item.removed
    assert ops("transactions", "list").body["total_count"] == 0
    assert ops("undo").code == 0
    assert ops("transactions", "list").body["total_count"] == 3
    assert ops("bank", "disconnect", "1").body["how"] == "gone"
    assert not [path for path in home.rglob("*") if path.is_file() and TOKEN.search(path.read_bytes())]
    logs = b"".join(path.read_bytes() for path in (home / "logs").iterdir())
    assert b"bank.linked" in logs
    assert SECRET.encode() not in logs
    assert item.item_id.encode() not in logs


def test_a_program_gets_the_address_at_once_and_goes_on_later(
    ops: Run, relay: RelayProcess, plaid: PlaidStandIn
) -> None:
    ops("bank", "setup", "--relay", relay.origin)
    first = ops("bank", "connect")
    assert (first.body["connection"], first.body["state"]) == (None, "waiting")
    plaid.finish(plaid.last_link(), bank(plaid))
    second = ops("bank", "connect")
    assert second.body["connection"] == 1
    assert len(plaid.calls_to("/link/token/create")) == 1


def test_a_bank_may_wait_for_its_confirmation(ops: Run, relay: RelayProcess, plaid: PlaidStandIn) -> None:
    item = bank(plaid)
    at_once(plaid, item)
    ops("bank", "setup", "--relay", relay.origin)
    held = ops("bank", "connect", "--wait", "20", "--hold")
    assert held.body["connection"] is None
    assert held.body["linked"][0]["accounts"] == [
        {"name": "Everyday Checking", "last4": "4417", "type": "depository", "subtype": "checking"}
    ]
    assert ops("bank", "status").body["linked"][0]["institution"] == "Stand-in Bank"
    assert ops("bank", "confirm", "--no").body == {
        "schema_version": 1, "connections": [], "unlinked": 1, "joined": [],
    }  # fmt: skip
    assert item.removed
    assert ops("bank", "status").body["connections"] == []


def test_the_same_accounts_twice_are_not_taken_in_silently(ops: Run, relay: RelayProcess, plaid: PlaidStandIn) -> None:
    second = plaid.new_item(accounts=[account("acc-new")])
    at_once(plaid, bank(plaid), second)
    ops("bank", "setup", "--relay", relay.origin)
    ops("bank", "connect", "--wait", "20")
    again = ops("bank", "connect", "--wait", "20")
    assert (again.code, again.error["code"]) == (5, "conflict")
    assert "number 1" in again.error["message"]
    assert ops("bank", "confirm", "--no").code == 0
    assert second.removed
    assert len(ops("bank", "status").body["connections"]) == 1


def test_own_keys_come_through_a_descriptor(ops: Run, plaid: PlaidStandIn) -> None:
    at_once(plaid, bank(plaid))
    ready = ops(
        "bank", "setup", "--own-keys-fd", "FD", "--plaid-env", "sandbox", "--plaid-host", plaid.host,
        own_keys=f"{CLIENT_ID}\n{SECRET}\n",
    )  # fmt: skip
    assert (ready.code, ready.body["mode"], ready.body["relay"]) == (0, "own_keys", None)
    assert ops("bank", "connect", "--wait", "30").body["connection"] == 1
    assert ops("bank", "sync").body["added"] == 3
    assert ops("bank", "disconnect", "1", "--keep-rows").body["kept"] == 3


def test_a_grant_comes_from_a_file(ops: Run, relays: Callable[..., RelayProcess], tmp_path: Path) -> None:
    strict = relays(enrolment="grant")
    refused = ops("bank", "setup", "--relay", strict.origin)
    assert (refused.code, refused.error["hint"].count("--grant-file")) == (3, 1)
    file = tmp_path / "grant"
    file.write_text("nothing of the kind")
    assert ops("bank", "setup", "--relay", strict.origin, "--grant-file", str(file)).code == 3
    file.write_text(key_files.grant(strict.keys / "grant.pem", plan="personal", max_items=2, days=7, once=True) + "\n")
    assert ops("bank", "setup", "--relay", strict.origin, "--grant-file", str(file)).code == 0


def test_errors_have_their_exit_codes(ops: Run, relays: Callable[..., RelayProcess], plaid: PlaidStandIn) -> None:
    assert ops("bank", "connect").code == 5
    assert ops("bank", "sync").code == 5
    assert ops("bank", "disconnect", "9").error["code"] == "not_found"
    assert ops("bank", "setup", "--relay", "http://relay.example.com").code == 3
    assert ops("bank", "setup").code == 2
    own = relays(limits={"links_per_hour": 1})
    item = bank(plaid)
    at_once(plaid, item)
    ops("bank", "setup", "--relay", own.origin)
    ops("bank", "connect", "--wait", "20")
    limited = ops("bank", "reconnect")
    assert (limited.code, limited.error["code"]) == (6, "limited")
    item.error = {"error_type": "ITEM_ERROR", "error_code": "ITEM_LOGIN_REQUIRED", "error_message": "x"}
    again = ops("bank", "sync")
    assert (again.code, again.error["code"]) == (6, "reconnect")
    own.kill()
    offline = ops("bank", "sync")
    assert (offline.code, offline.error["code"]) == (6, "offline")
    status = ops("bank", "status")
    assert (status.code, status.body["trouble"]["code"]) == (0, "offline")


def test_a_page_that_was_left_is_no_success(ops: Run, relay: RelayProcess, plaid: PlaidStandIn) -> None:
    ops("bank", "setup", "--relay", relay.origin)
    leaving: list[str] = []

    def leave(path: str, answer: dict[str, Any]) -> None:
        if path == "/link/token/create":
            leaving.append(answer["link_token"])
            plaid.leave(answer["link_token"])

    plaid.before_answer = leave
    left = ops("bank", "connect", "--wait", "20")
    assert (left.code, left.error["code"], left.body["state"], left.body["connection"]) == (
        130, "cancelled", "left", None,
    )  # fmt: skip
    assert "ops1099 bank connect" in left.error["hint"]
    told = ops("bank", "connect", "--wait", "20", plain=True)
    assert (told.code, told.out) == (130, "")
    assert "closed before it was finished" in told.err
    assert "ops1099 bank connect" in told.err
    assert len(leaving) == 2, "a page that was left is not gone on with"
    plaid.before_answer = lambda _path, _answer: None
    waiting = ops("bank", "connect", "--wait", "0")
    assert (waiting.code, waiting.body["state"]) == (0, "waiting"), "who has not been there yet has not left"


def test_a_sign_in_that_was_left_is_no_success_either(ops: Run, relay: RelayProcess, plaid: PlaidStandIn) -> None:
    at_once(plaid, bank(plaid))
    ops("bank", "setup", "--relay", relay.origin)
    ops("bank", "connect", "--wait", "20")

    def leave(path: str, answer: dict[str, Any]) -> None:
        if path == "/link/token/create":
            plaid.leave(answer["link_token"], "INVALID_CREDENTIALS")

    plaid.before_answer = leave
    left = ops("bank", "reconnect", "--wait", "20")
    assert (left.code, left.error["code"], left.body["state"]) == (130, "cancelled", "left")
    assert "ops1099 bank reconnect 1" in left.error["hint"]


def test_a_full_plan_is_the_relays_no(
    ops: Run, relays: Callable[..., RelayProcess], plaid: PlaidStandIn, tmp_path: Path
) -> None:
    strict = relays(enrolment="grant")
    file = tmp_path / "grant"
    file.write_text(key_files.grant(strict.keys / "grant.pem", plan="personal", max_items=1, days=7, once=True))
    ops("bank", "setup", "--relay", strict.origin, "--grant-file", str(file))
    at_once(plaid, bank(plaid), bank(plaid, "acc2"))
    assert ops("bank", "connect", "--wait", "20").body["connection"] == 1
    full = ops("bank", "connect", "--wait", "20")
    assert (full.code, full.error["code"]) == (6, "relay")
    assert "plan" in full.error["message"]


def test_a_row_that_came_incomplete_is_named_in_the_answer(ops: Run, relay: RelayProcess, plaid: PlaidStandIn) -> None:
    item = bank(plaid)
    item.add({**transaction("bad", "acc1", 5, "2026-03-04", "NO AMOUNT"), "amount": None})
    at_once(plaid, item)
    ops("bank", "setup", "--relay", relay.origin)
    ops("bank", "connect", "--wait", "20")
    synced = ops("bank", "sync")
    assert (synced.code, synced.body["added"], synced.body["connections"][0]["refused"]) == (0, 3, 1)
    named = [{"account_id": 1, "account": "Stand-in Bank Checking ··4417",
              "reason": "the row of 2026-03-04: it has no amount"}]  # fmt: skip
    assert synced.body["connections"][0]["unread"] == named
    assert ops("bank", "status").body["connections"][0]["unread"] == named
    told = ops("bank", "sync", plain=True).out
    assert "1 transaction of Stand-in Bank came incomplete and is not booked" in told
    assert "the row of 2026-03-04: it has no amount" in told


def test_an_account_that_was_there_is_named_when_the_bank_turns_out_to_be_it(
    ops: Run, relay: RelayProcess, plaid: PlaidStandIn, tmp_path: Path
) -> None:
    file = tmp_path / "download.csv"
    lines = [f"2026-03-{day:02d},SHOP {day},-{day}.50" for day in range(1, 10)]
    file.write_text("\n".join(["Date,Description,Amount", *lines, ""]))
    assert ops("import", str(file), "--account", "Business account").code == 0
    item = plaid.new_item(accounts=[account("acc1")])
    item.add(*(transaction(f"t{day}", "acc1", day + 0.5, f"2026-03-{day:02d}", f"Shop {day}") for day in range(1, 12)))
    at_once(plaid, item)
    ops("bank", "setup", "--relay", relay.origin)
    ops("bank", "connect", "--wait", "20")
    synced = ops("bank", "sync").body
    assert (synced["added"], synced["connections"][0]["joined"]) == (
        2, [{"name": "Everyday Checking", "last4": "4417", "account_id": 1, "account": "Business account"}],
    )  # fmt: skip
    (standing,) = ops("bank", "status").body["connections"]
    assert standing["accounts"][0]["account_name"] == "Business account"
    assert ops("bank", "sync").body["connections"][0]["joined"] == [], "once is enough"


def test_an_account_known_by_its_digits_is_named_when_the_bank_is_connected(
    ops: Run, relay: RelayProcess, plaid: PlaidStandIn, tmp_path: Path
) -> None:
    file = tmp_path / "stand-in bank.csv"
    file.write_text("Date,Description,Amount\n2026-03-01,SHOP,-1.50\n")
    ops("import", str(file), "--account", "Mine")
    ops("accounts", "set", "1", "last4=4417", "institution=Stand-in Bank")
    at_once(plaid, bank(plaid))
    ops("bank", "setup", "--relay", relay.origin)
    connected = ops("bank", "connect", "--wait", "20").body
    assert [each["account"] for each in connected["joined"]] == ["Mine"]


def test_people_read_sentences(ops: Run, relay: RelayProcess, plaid: PlaidStandIn) -> None:
    at_once(plaid, bank(plaid))
    assert "No bank link is set up" in ops("bank", "status", plain=True).out
    assert ops("egress", plain=True).out == "Nothing has left this machine.\n"
    assert "ops1099 bank connect" in ops("bank", "setup", "--relay", relay.origin, plain=True).out
    told = ops("bank", "connect", "--wait", "20", plain=True)
    assert "cannot be undone" in told.err
    assert "Connected (number 1)" in told.out
    assert "Stand-in Bank" in ops("bank", "status", plain=True).out
    assert "bank status" in ops("egress", plain=True).out


def test_at_a_terminal_the_person_is_asked_whether_the_bank_is_theirs(
    ops: Run, home: Path, relay: RelayProcess, plaid: PlaidStandIn, tmp_path: Path
) -> None:
    refused, wanted = bank(plaid), bank(plaid, "acc2")
    at_once(plaid, refused, wanted)
    ops("bank", "setup", "--relay", relay.origin)
    command = [
        sys.executable, "-m", "app", "--home", str(home), "--passphrase-file", str(tmp_path / "passphrase"), "bank",
        "connect", "--no-browser",
    ]  # fmt: skip
    for answer, item in (("n", refused), ("y", wanted)):
        person, terminal = os.openpty()
        process = subprocess.Popen(command, cwd=ROOT, stdin=terminal, stderr=terminal, stdout=subprocess.PIPE)
        os.close(terminal)
        seen = b""
        while b"[y/N]" not in seen:
            seen += os.read(person, 4096)
        os.write(person, answer.encode() + b"\n")
        out, _ = process.communicate(timeout=60)
        os.close(person)
        assert b"Everyday Checking" in seen
        assert (process.returncode, item.removed, b"Connected (number 1)" in out) == (0, answer == "n", answer == "y")
    assert len(ops("bank", "status").body["connections"]) == 1


def test_reading_alone_asks_nobody(ops: Run, relay: RelayProcess, plaid: PlaidStandIn) -> None:
    at_once(plaid, bank(plaid))
    ops("bank", "setup", "--relay", relay.origin)
    ops("bank", "connect", "--wait", "20")
    before = len(plaid.calls)
    assert ops("bank", "status", "--offline").body["connections"][0]["asked"] is False
    assert ops("bank", "status", "--read-only").body["connections"][0]["health"] == "ok"
    assert len(plaid.calls) == before
    assert ops("bank", "sync", "--read-only").code != 0


def test_a_person_sees_how_many_rows_have_come(
    ops: Run, relay: RelayProcess, plaid: PlaidStandIn, home: Path, tmp_path: Path
) -> None:
    at_once(plaid, bank(plaid))
    ops("bank", "setup", "--relay", relay.origin)
    ops("bank", "connect", "--wait", "30")
    mine, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "app", "--home", str(home), "--passphrase-file", str(tmp_path / "passphrase"), "--json",
         "bank", "sync"],
        cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=theirs, timeout=120, check=True,
    )  # fmt: skip
    os.close(theirs)
    shown = os.read(mine, 65_536).decode()
    os.close(mine)
    assert json.loads(done.stdout)["added"] == 3
    assert "3 rows read" in shown
    assert shown.endswith("\r\x1b[K"), "nothing of it stays on the line"


def test_a_timer_asks_no_bank_before_its_time_and_a_person_is_not_held_back(
    ops: Run, relay: RelayProcess, plaid: PlaidStandIn
) -> None:
    item = bank(plaid)
    at_once(plaid, item)
    ops("bank", "setup", "--relay", relay.origin)
    ops("bank", "connect", "--wait", "20")
    first = ops("bank", "sync", "--due")
    assert (first.body["added"], first.body["connections"][0]["skipped"]) == (3, False)
    item.add(transaction("t9", "acc1", 5, "2026-03-09", "LATER"))
    asked = len(plaid.calls)
    timed = ops("bank", "sync", "--due")
    (held,) = timed.body["connections"]
    assert (timed.code, timed.body["added"], held["skipped"], len(plaid.calls)) == (0, 0, True, asked)
    assert held["due"] is not None
    assert held["due"] == first.body["connections"][0]["due"]
    assert f"not asked before {held['due']}" in ops("bank", "sync", "--due", plain=True).out
    assert ops("bank", "sync").body["added"] == 1, "who types it means it"
