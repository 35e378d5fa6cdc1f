"""run.py on machines that lack something: a sentence, the one line to enter, and never a half-made environment."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from scripts import environment, pythons, soak, system_programs
from scripts.console import Stop

ROOT = Path(__file__).resolve().parents[2]
PARTS = [ROOT / "run.py", *(ROOT / "scripts" / f"{name}.py" for name in ("console", "environment", "pythons"))]
PARTS += [ROOT / "scripts" / "soak.py"]
PARTS += [ROOT / "scripts" / f"system_{name}.py" for name in ("programs", "libraries")]


def bare(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run run.py where the path holds nothing but what the test put into `folder`."""
    env = {"PATH": str(folder), "HOME": str(folder), "USERPROFILE": str(folder), "PYTHONUTF8": "1"}
    command = [getattr(sys, "_base_executable", sys.executable), "-B", str(ROOT / "run.py"), *words]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=60)


def stand_in(folder: Path, name: str, body: str) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    program.chmod(0o755)


@pytest.mark.parametrize("path", PARTS, ids=lambda path: path.name)
def test_an_old_python_can_read_it(path: Path) -> None:
    ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 8))


@pytest.mark.parametrize("path", PARTS, ids=lambda path: path.name)
def test_only_the_standard_library(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    names |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert {name.split(".")[0] for name in names} <= set(sys.stdlib_module_names) | {"scripts"}


@pytest.mark.parametrize(
    ("version", "fit"), [((3, 8), False), ((3, 10, 99), False), ((3, 11, 0), True), ((3, 14), True), ((3, 15), False)]
)
def test_which_pythons_fit(version: tuple[int, ...], fit: bool) -> None:  # noqa: FBT001 - a table of cases
    assert pythons.fits(version) is fit


def test_an_old_python_alone_gets_a_sentence(tmp_path: Path) -> None:
    # The interpreter says of itself that it is 3.9; everything else is the real start.
    pretend = f"""
import runpy, sys
sys.version_info = (3, 9, 18, "final", 0)
sys.argv = ["run.py", "test"]
sys.path.insert(0, {str(ROOT)!r})
runpy.run_path({str(ROOT / "run.py")!r}, run_name="__main__")
"""
    env = {"PATH": str(tmp_path), "HOME": str(tmp_path), "USERPROFILE": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-B", "-c", pretend], env=env, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 1
    assert "needs Python 3.11 to 3.14; this is Python 3.9" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_not_root_gets_one_line_to_enter() -> None:
    with pytest.raises(Stop) as stopped:
        system_programs.system_packages("apt-get", ["poppler-utils", "qpdf"], root=False)
    lines = [line for line in str(stopped.value).splitlines() if line.startswith("sudo ")]
    assert len(lines) == 1
    assert lines[0].endswith("poppler-utils qpdf")


def test_another_package_manager_is_named_and_never_started(tmp_path: Path) -> None:
    stand_in(tmp_path, "dnf", f"touch {tmp_path}/started")
    done = bare(tmp_path, "test")
    assert done.returncode == 1
    assert "sudo dnf install" in done.stderr
    assert "qpdf" in done.stderr
    assert not (tmp_path / "started").exists()


def test_without_a_package_manager_the_programs_are_listed(tmp_path: Path) -> None:
    done = bare(tmp_path, "test")
    assert done.returncode == 1
    assert "qpdf" in done.stderr
    assert "Traceback" not in done.stderr


def test_programs_that_are_there_are_not_asked_for(tmp_path: Path) -> None:
    for program in system_programs.TEST_PROGRAMS:
        if program != "qpdf":
            stand_in(tmp_path, program, "exit 0")
    done = bare(tmp_path, "test")
    assert done.stderr.strip().endswith(": qpdf")


def test_every_program_has_a_column_for_every_manager() -> None:
    assert set(system_programs.INSTALL) == set(system_programs.MANAGERS)
    rows = system_programs.wanted_programs(build=True, full=True).values()
    assert {len(row) for row in rows} == {len(system_programs.MANAGERS)}


def test_large_programs_are_for_the_full_set_alone() -> None:
    assert not {"soffice", "hledger", "strip"} & set(system_programs.wanted_programs())
    assert {"soffice", "hledger", "strip"} <= set(system_programs.wanted_programs(full=True))
    assert set(system_programs.wanted_programs(build=True)) == {*system_programs.TEST_PROGRAMS, "strip"}


def test_the_packages_of_a_bare_debian() -> None:
    packages = {row[0] for row in system_programs.TEST_PROGRAMS.values()}
    assert packages == {
        "gnome-keyring", "libsecret-tools", "dbus", "dbus-x11", "poppler-utils", "qpdf", "xvfb", "xdotool",
        "gcc", "redis-server",
    }  # fmt: skip


def test_unknown_command_is_a_usage_error(tmp_path: Path) -> None:
    done = bare(tmp_path, "tset")
    assert done.returncode == 2
    assert "test" in done.stderr


def test_all_tests_run_and_the_shared_ones_alone(run_py: ModuleType) -> None:
    runs = run_py.test_runs(["-x"])
    serial = [f"tests/{name}" for name in run_py.SERIAL if (ROOT / "tests" / name).is_dir()]
    assert runs[0][:2] == ["-n", "2"]
    assert all(f"--ignore={name}" in runs[0] for name in serial)
    assert runs[1:] == ([[*serial, "-x"]] if serial else [])


def test_named_tests_run_as_given(run_py: ModuleType) -> None:
    words = ["tests/setup/test_locks.py::test_x", "-q"]
    assert run_py.test_runs(words) == [words]


def test_settings_of_pip_reach_uv(tmp_path: Path) -> None:
    printed = "global.cert='/etc/own/ca.pem'\n:env:.index-url='https://mirror.invalid/simple'\nglobal.timeout='9'\n"
    pip = tmp_path / "pip_stand_in.py"
    pip.write_text(f"print({printed!r}, end='')", encoding="utf-8")
    env = environment.uv_environment([sys.executable, str(pip)])
    assert env["SSL_CERT_FILE"] == os.environ.get("SSL_CERT_FILE", "/etc/own/ca.pem")
    assert env["UV_DEFAULT_INDEX"] == os.environ.get("UV_DEFAULT_INDEX", "https://mirror.invalid/simple")


def test_every_fault_of_the_soak_has_its_tests() -> None:
    folder = ROOT / "tests" / "faults"
    named = {each.split()[0] for _, tests in soak.FAULTS.values() for each in tests}
    assert {name for name in named if not (folder / name).exists()} == set()
    assert {path.name for path in folder.glob("test_*.py")} == named


def test_a_soak_takes_rounds_and_faults_and_nothing_else() -> None:
    assert soak.asked([]) == (200, list(soak.FAULTS))
    assert soak.asked(["--rounds", "20", "--only", "f2,F1,F14"]) == (20, ["F1", "F2", "F13"])
    for words in (["--rounds", "many"], ["--rounds"], ["--only", "F99"], ["F1"], ["--rounds", "0"]):
        with pytest.raises(Stop):
            soak.asked(words)
