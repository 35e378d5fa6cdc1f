"""The stamp that makes a second start instant, and the command that the environment holds."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import environment

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    """The outside of an environment: enough for the stamp."""
    folder = tmp_path / "env"
    python = environment.python_of(folder)
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    (folder / "pyvenv.cfg").write_text("version = 3.11.2\n", encoding="utf-8")
    return folder


@pytest.fixture
def inputs(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / name for name in ("app.lock", "dev.lock", "pyproject.toml")]
    for path in paths:
        path.write_text(path.name, encoding="utf-8")
    return paths


def stamp(venv: Path, level: str, inputs: list[Path]) -> None:
    text = f"{level} {environment.fingerprint(venv, inputs)}"
    (venv / "ops1099-stamp").write_text(text, encoding="utf-8")


def test_nothing_is_ready_without_a_stamp(venv: Path, inputs: list[Path]) -> None:
    assert not environment.is_ready(venv, "app", inputs)


@pytest.mark.parametrize("text", ["", "dev", "app 0 0", "\n"])
def test_a_torn_stamp_is_no_stamp(venv: Path, inputs: list[Path], text: str) -> None:
    (venv / "ops1099-stamp").write_text(text, encoding="utf-8")
    assert not environment.is_ready(venv, "app", inputs)


def test_the_larger_set_serves_both(venv: Path, inputs: list[Path]) -> None:
    stamp(venv, "dev", inputs)
    assert environment.is_ready(venv, "app", inputs)
    assert environment.is_ready(venv, "dev", inputs)
    stamp(venv, "app", inputs)
    assert environment.is_ready(venv, "app", inputs)
    assert not environment.is_ready(venv, "dev", inputs)


@pytest.mark.parametrize("changed", range(3))
def test_a_changed_input_calls_for_a_new_set_up(venv: Path, inputs: list[Path], changed: int) -> None:
    stamp(venv, "dev", inputs)
    inputs[changed].write_text("other", encoding="utf-8")
    assert not environment.is_ready(venv, "dev", inputs)


def test_text_moved_between_inputs_is_a_change(venv: Path, inputs: list[Path]) -> None:
    before = environment.fingerprint(venv, inputs)
    inputs[0].write_text("app.lockdev", encoding="utf-8")
    inputs[1].write_text(".lock", encoding="utf-8")
    assert environment.fingerprint(venv, inputs) != before


def test_another_python_calls_for_a_new_set_up(venv: Path, inputs: list[Path], tmp_path: Path) -> None:
    stamp(venv, "dev", inputs)
    python = environment.python_of(venv)
    python.unlink()
    python.symlink_to(tmp_path / "python3.13-that-is-gone")
    assert not environment.is_ready(venv, "dev", inputs)
    python.unlink()
    python.symlink_to(sys.executable)
    assert environment.is_ready(venv, "dev", inputs)
    (venv / "pyvenv.cfg").write_text("version = 3.13.1\n", encoding="utf-8")
    assert not environment.is_ready(venv, "dev", inputs)


def test_the_set_up_rests_on_both_locks_and_the_project_file() -> None:
    names = {path.name for path in environment.environment_inputs()}
    assert {"app.lock", "dev.lock", "pyproject.toml"} <= names
    assert all(path.is_file() for path in environment.environment_inputs())


@pytest.fixture
def real_venv(tmp_path: Path) -> Path:
    folder = tmp_path / "place with blanks" / "env"
    base = getattr(sys, "_base_executable", sys.executable)
    subprocess.run([base, "-m", "venv", "--without-pip", str(folder)], check=True, timeout=60)
    environment.make_importable(folder)
    return folder


def test_the_checkout_is_importable_from_anywhere(real_venv: Path, tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__init__.py").touch()
    command = [str(environment.python_of(real_venv)), "-P", "-c", "import app; print(app.__file__)"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60)
    assert Path(done.stdout.strip()) == ROOT / "app" / "__init__.py"


@pytest.mark.parametrize(("name", "says"), [("ops1099", "1099 Ops "), ("ops1099-relay", "1.0.0")])
def test_the_command_starts_the_program_also_through_a_link(
    real_venv: Path, tmp_path: Path, name: str, says: str
) -> None:
    command = real_venv / "bin" / name
    link = tmp_path / "o"
    link.symlink_to(command)
    libraries = os.pathsep.join(path for path in sys.path if path.endswith("site-packages"))
    for program in (command, link):
        done = subprocess.run(
            [str(program), "--version"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": libraries},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith(says)
