"""What the frozen program does when it is started: by its name, by its first argument, with nothing at all."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
LAUNCHER = ROOT / "packaging" / "launcher.py"


@pytest.fixture(scope="module")
def launcher() -> ModuleType:
    spec = importlib.util.spec_from_file_location("launcher", LAUNCHER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("argv", "part", "arguments"),
    [
        (["ops1099"], "app", ["gui"]),
        (["/opt/1099 Ops/ops1099.exe"], "app", ["gui"]),
        (["ops1099", "gui", "--sample"], "app", ["gui", "--sample"]),
        (["ops1099", "reserve", "--json"], "app", ["reserve", "--json"]),
        (["ops1099", "import", "relay"], "app", ["import", "relay"]),
        (["ops1099", "relay", "serve"], "relay", ["serve"]),
        (["ops1099", "mcp"], "mcp", []),
        (["/usr/bin/ops1099-mcp", "--home", "x"], "mcp", ["--home", "x"]),
        (["C/ops1099-relay.exe", "doctor"], "relay", ["doctor"]),
    ],
)
def test_which_part_is_meant(launcher: ModuleType, argv: list[str], part: str, arguments: list[str]) -> None:
    assert launcher.part_of(argv) == (part, arguments)


def test_a_part_that_is_not_there_says_so() -> None:
    done = subprocess.run(
        [sys.executable, str(LAUNCHER), "mcp"], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "The mcp is not part of this version of 1099 Ops yet.\n"


def test_it_starts_the_relay() -> None:
    done = subprocess.run(
        [sys.executable, str(LAUNCHER), "relay", "--version"], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "1.0.0\n", "")


def test_it_starts_the_command_line() -> None:
    done = subprocess.run(
        [sys.executable, str(LAUNCHER), "--version"], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("1099 Ops ")


def test_programs_it_starts_find_the_libraries_of_the_system(
    launcher: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/ops1099/_internal")
    monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", "/own")
    monkeypatch.setenv("DYLD_LIBRARY_PATH", "/opt/ops1099/_internal")
    launcher.give_back_library_path()
    assert os.environ["LD_LIBRARY_PATH"] == "/own"
    assert "LD_LIBRARY_PATH_ORIG" not in os.environ
    assert "DYLD_LIBRARY_PATH" not in os.environ


@pytest.mark.parametrize(
    ("given", "taken"),
    [({}, "C.UTF-8"), ({"LANG": "C"}, "C.UTF-8"), ({"LANG": "de_DE.UTF-8"}, None), ({"LC_ALL": "C"}, None)],
)
def test_no_language_is_taken_for_plain_utf8(
    launcher: ModuleType, given: dict[str, str], taken: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("LC_ALL", "LC_CTYPE", "LANG"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    for name, text in given.items():
        monkeypatch.setenv(name, text)
    launcher.take_utf8_for_no_locale()
    assert os.environ.get("LC_CTYPE") == taken


def test_packaging_is_no_package() -> None:
    assert not (ROOT / "packaging" / "__init__.py").exists()
