"""What Python prints by itself, and what a crash below Python leaves: a code and a place in the log."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.adapters import logs
from app.cli.main import NOUNS
from app.core import errors, faults
from app.core.log_events import COMMANDS, Event, Recorded, read

ROOT = Path(__file__).parents[2]
SECRET = "Northwind paid 4,800.00"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "ops.keys").write_bytes(b"")
    (tmp_path / "logs").mkdir()
    return tmp_path


def ran(home: Path, code: str) -> subprocess.CompletedProcess[str]:
    start = (
        "import sys\nfrom pathlib import Path\nfrom app import bootstrap\nfrom app.adapters import hooks, logs\n"
        f"home = Path({str(home)!r})\nbootstrap.guard_process()\nlogs.keep_in(home)\n"
    )
    return subprocess.run(
        [sys.executable, "-c", start + code], capture_output=True, text=True, check=False, timeout=60, cwd=home,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def told(home: Path) -> list[Recorded]:
    found = [read(line) for path in logs.files(home / "logs") for line in path.read_text().splitlines()]
    assert None not in found
    return [each for each in found if each is not None]


def test_an_error_that_nobody_caught_is_told_by_class_and_place(home: Path) -> None:
    done = ran(home, f"from app.core import dates\ndates.iso({SECRET!r})\n")
    assert done.returncode == 1
    assert done.stderr == "Something broke inside 1099 Ops. Its log says where; your books are whole.\n"
    (only,) = told(home)
    assert only.event is Event.FAULT
    assert only.fields["kind"] == "TypeError"
    (place,) = only.fields["places"]
    assert place.startswith("app.core.dates:iso:")


def test_an_error_while_an_object_goes_is_told_too(home: Path) -> None:
    done = ran(home, f"class X:\n    def __del__(self):\n        raise ValueError({SECRET!r})\nX()\nprint('went on')\n")
    assert (done.returncode, done.stdout, done.stderr) == (0, "went on\n", "")
    assert [(each.event, each.fields["thread"]) for each in told(home)] == [(Event.FAULT, "unraisable")]


def test_libraries_may_load_before_or_after_the_program_takes_them_in_hand(home: Path) -> None:
    late = f"import logging\nlogging.getLogger('keyring').error({SECRET!r})\nassert logging.getLogRecordFactory()\n"
    early = "import importlib\nimport logging, threading\nhooks.install()\n" + late
    for code in (late, early):
        done = ran(home, code)
        assert (done.returncode, done.stderr) == (0, "")
    assert {each.fields["library"] for each in told(home)} == {"keyring"}
    assert SECRET not in "".join(path.read_text() for path in logs.files(home / "logs"))


def test_modules_that_are_waited_for_load_like_any_other(home: Path) -> None:
    code = (
        "assert 'logging' not in sys.modules\nimport logging.handlers\nimport threading\n"
        "print(logging.__spec__.name, logging.handlers.__spec__.origin is not None, threading.__name__,\n"
        "      [type(each).__name__ for each in sys.meta_path if 'Watch' in type(each).__name__])\n"
    )
    assert ran(home, code).stdout == "logging True threading []\n"


def test_a_crash_below_python_is_told_at_the_next_start(home: Path) -> None:
    crash = (
        "import faulthandler\nfrom app.services.program import doctor\nhooks.watch_for_crashes(home)\n"
        "doctor._check('x', faulthandler._sigsegv)\n"
    )
    done = ran(home, crash)
    assert done.returncode < 0
    assert done.stderr == ""
    assert (home / "logs" / "crash.trace").stat().st_size > 0
    assert ran(home, "hooks.watch_for_crashes(home)\nlogs.let_go()\n").returncode == 0
    (only,) = told(home)
    assert only.event is Event.NATIVE_CRASH
    assert only.fields["places"][-1].startswith("app.services.program.doctor:_check:")
    assert (home / "logs" / "crash.trace").read_bytes() == b""


@pytest.mark.parametrize("closed", ["1", "2", "12", "012"])
def test_without_a_terminal_the_program_works_and_says_what_it_can(closed: str, tmp_path: Path) -> None:
    """As a program without a console starts on Windows, and as a service starts anywhere."""
    shell = f"exec {sys.executable} -m app --home {tmp_path} --json accounts list " + " ".join(
        f"{each}{'<' if each == '0' else '>'}&-" for each in closed
    )
    done = subprocess.run(["sh", "-c", shell], capture_output=True, text=True, check=False, timeout=60, cwd=ROOT)
    assert done.returncode == 5
    assert "Traceback" not in done.stderr
    assert ("no_books" in done.stdout) is ("1" not in closed)


def test_every_command_and_every_error_has_a_word_in_the_log() -> None:
    assert set(NOUNS) <= set(COMMANDS)
    given = {
        keyword.value.value
        for path in (ROOT / "app").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and hasattr(errors, getattr(node.func, "id", ""))
        for keyword in node.keywords
        if keyword.arg == "code" and isinstance(keyword.value, ast.Constant)
    }
    assert given
    assert given <= faults.codes()
    assert {"locked", "wrong_passphrase", "damaged", "internal", "cancelled"} <= faults.codes()


def test_a_class_of_any_name_is_told_by_the_nearest_known_one() -> None:
    odd = type(SECRET, (ValueError,), {})
    assert faults.kind_of(odd) == "ValueError"
    assert faults.kind_of(type("Northwind", (BaseException,), {})) == "BaseException"
