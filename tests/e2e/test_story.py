"""The whole way, as a person goes it: on a screen, by keyboard, with the program as it is started."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from e2e.screen import FROM_SOURCE, ROOT, Program, display, until

PASSPHRASE = "violet anchor harvest tundra 41"
FILE = ROOT / "resources" / "sample" / "Chase6620_Activity_20261120.OFX"
PACKAGED = ROOT / "dist" / "ops1099" / "ops1099"

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the screen is Xvfb, the keyboard xdotool")


@pytest.fixture(
    params=[
        pytest.param(FROM_SOURCE, id="source"),
        pytest.param((str(PACKAGED),), id="packaged", marks=pytest.mark.full),
    ]
)
def program(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Program]:
    if request.param != FROM_SOURCE and not PACKAGED.exists():
        pytest.fail("there is no dist/ops1099; make it with: python3 run.py build")
    with display() as name:
        made = Program(name, tmp_path, request.param)
        try:
            yield made
        finally:
            made.close()


def ask(program: Program, *words: str) -> dict[str, Any]:
    """Ask the command line on the same home, beside the open window."""
    done = program.ask(PASSPHRASE, *words)
    assert done.returncode == 0, done.stderr.decode()
    return dict(json.loads(done.stdout))


def newest(program: Program) -> dict[str, Any]:
    return dict(ask(program, "history", "--limit", "1")["operations"][0])


def steps(program: Program) -> list[dict[str, Any]]:
    return list(reversed(ask(program, "history")["operations"]))


def make_books(program: Program) -> None:
    """Choose a passphrase, which makes the books, leave the recovery sheet and the two questions for later."""
    program.type(PASSPHRASE)
    program.press("Return")
    program.type(PASSPHRASE)
    program.press("Return")
    program.press("Tab", "Tab", "Tab", "Tab", "Return")
    program.press("Tab", "Tab", "Return")


def test_from_the_first_start_to_a_pack_by_keyboard_alone(program: Program) -> None:
    program.open()
    program.start_again(FILE)
    program.settle()
    make_books(program)

    # The file that was handed over is looked at, and written only when that is wanted.
    program.look_at("Accounts – 1099 Ops")
    assert not ask(program, "accounts", "list")["accounts"]
    program.press("Return")
    imported = newest(program)
    assert (imported["label"], imported["rows"] > 380) == ("Imported a file", True)
    questions = ask(program, "review", "list")["remaining"]
    assert questions > 10

    # "Answer … questions" has the keyboard now.
    program.press("Return")
    program.look_at("Today – 1099 Ops")
    program.press("e")
    assert newest(program)["label"] == "Answered a question"
    program.press("j", "2", "e", "p")
    answered = [step for step in steps(program) if step["label"] == "Answered a question"]
    assert len(answered) == 3
    assert ask(program, "review", "list")["remaining"] <= questions - 3

    program.press("ctrl+z")
    undone = [step for step in steps(program) if step["undone_by"]]
    assert [step["id"] for step in undone] == [answered[-1]["id"]]

    pack = export_pack(program)

    program.press("ctrl+l")
    assert program.titles() == ["1099 Ops"]
    program.type("not the passphrase at all")
    program.press("Return")
    assert program.titles() == ["1099 Ops"]
    program.press("ctrl+a")
    program.type(PASSPHRASE)
    program.press("Return")
    program.look_at("Today – 1099 Ops")
    program.leave("ctrl+q")
    assert program.said() == "", "the program said nothing on its way"

    confirm(program, pack, imported["rows"])


def export_pack(program: Program) -> Path:
    pack = program.home.parent / "Documents" / "accountant pack"
    program.press("ctrl+e")
    program.look_at("Export the pack as a new folder")
    program.press("ctrl+a")
    program.type(str(pack))
    program.press("Return")
    until("the pack is there", pack.is_dir)
    program.look_at("Reports – 1099 Ops")
    return pack


def confirm(program: Program, pack: Path, rows: int) -> None:
    """Let the command line, with the same passphrase, say what is in the books and in the pack."""
    labels = [step["label"] for step in steps(program)]
    assert labels[:3] == ["Made the books", "Changed the profile", "Imported a file"]
    assert labels.count("Answered a question") == 3
    assert sum(step["undone_by"] is not None for step in steps(program)) == 1
    listed = ask(program, "transactions", "list", "--limit", "1000")["transactions"]
    assert len(listed) > 380
    assert ask(program, "export", "verify", str(pack))["ok"] is True
