"""The memory of the program: no core file, no look from outside, no file that others can read."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECRET = "violet anchor harvest tundra 41"
CHILD = f"""
import ctypes, os, resource, signal, sys
from app import bootstrap
if sys.argv[2] != "open":
    bootstrap.guard_process(is_window=sys.argv[2] == "window")
secret = {SECRET!r}
print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), resource.getrlimit(resource.RLIMIT_CORE), oct(os.umask(0)), flush=True)
signal.signal(int(sys.argv[1]), signal.SIG_DFL)  # whoever started the tests may have it ignored
os.kill(os.getpid(), int(sys.argv[1]))
"""


def died(number: int, folder: Path, how: str) -> subprocess.CompletedProcess[str]:
    def as_generous_as_can_be() -> None:
        hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
        resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))

    return subprocess.run(
        [sys.executable, "-c", CHILD, str(number), how], cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False, timeout=60, preexec_fn=as_generous_as_can_be,
    )  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is of Linux")
@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGQUIT, signal.SIGBUS])
@pytest.mark.parametrize(("how", "may_be_looked_into"), [("command", "0"), ("window", "1")])
def test_a_program_that_dies_leaves_no_memory_behind(
    number: int, how: str, may_be_looked_into: str, tmp_path: Path
) -> None:
    done = died(number, tmp_path, how)
    assert done.returncode == -number
    assert done.stdout == f"{may_be_looked_into} (0, 0) 0o77\n"
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is of Linux")
def test_without_the_guard_it_could(tmp_path: Path) -> None:
    """The states that are asked for above are not those every process has."""
    said = died(signal.SIGKILL, tmp_path, "open").stdout
    assert said.startswith("1 ")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("noun", [["accounts", "list"], ["init", "--mode", "passphrase"]])
def test_the_command_line_is_guarded_before_it_reads_a_passphrase(noun: list[str], tmp_path: Path) -> None:
    reading, writing = os.pipe()
    with subprocess.Popen(
        [sys.executable, "-m", "app", "--home", tmp_path / "home", "--passphrase-fd", str(reading), *noun], cwd=ROOT,
        pass_fds=(reading,), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        os.close(reading)
        try:
            deadline = time.monotonic() + 60
            while core_limit(process.pid) != ["0", "0"] and time.monotonic() < deadline:
                os.sched_yield()
            status = Path(f"/proc/{process.pid}/status").read_text()
            assert process.poll() is None
        finally:
            os.close(writing)
            process.communicate(timeout=60)
    assert "Umask:\t0077" in status


def core_limit(process: int) -> list[str]:
    lines = Path(f"/proc/{process}/limits").read_text().splitlines()
    return next(line.split()[4:6] for line in lines if line.startswith("Max core file size"))
