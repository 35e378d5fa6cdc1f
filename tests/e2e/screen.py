"""A screen of its own, the program on it as a person starts it, and hands on its keyboard.

Nothing here knows the program from inside. When to type next is learned from the system alone: the program is at rest
when each of its threads sleeps and none has used the processor for a while. A program that is slow because the machine
is busy is runnable, not asleep, so a busy machine makes this wait longer and never makes it wrong.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FROM_SOURCE = (sys.executable, "-P", "-m", "app")
LIMIT = 60.0
REST = 0.25
"""Seconds without work after which the program is taken to be at rest; its own timers come once a second."""


def until(what: str, reached: Callable[[], bool], limit: float = LIMIT) -> None:
    """Ask again and again, some milliseconds apart, until it is so."""
    end = time.monotonic() + limit
    while not reached():
        if time.monotonic() > end:
            raise AssertionError(f"after {limit:.0f} s it is still not so: {what}")
        time.sleep(0.02)  # between two looks at another process, which cannot call us


@contextmanager
def display() -> Iterator[str]:
    """Give the name of a new screen; the number is the first that is free."""
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1440x900x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=[writer], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writer)
    try:
        with os.fdopen(reader) as number:
            yield ":" + number.readline().strip()
    finally:
        server.terminate()
        server.wait(30)


class Program:
    """The window of one home, and the command line beside it."""

    def __init__(self, display_name: str, folder: Path, command: tuple[str, ...] = FROM_SOURCE) -> None:
        self.home = folder / "home"
        self._command = command
        self._folder = folder
        self._said = folder / "stderr.txt"
        self._window: subprocess.Popen[bytes] | None = None
        for name in ("Documents", "run"):
            (folder / name).mkdir(mode=0o700)
        kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
        self.environment = {
            **kept, "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder / "run"), "DISPLAY": display_name,
            "QT_QPA_PLATFORM": "xcb", "LANG": "C.UTF-8", "TZ": "America/Los_Angeles", "PYTHONPATH": str(ROOT),
        }  # fmt: skip

    # --- the window

    def words(self, *files: Path) -> list[str]:
        return [*self._command, "gui", "--home", str(self.home), "--today", "2026-11-20", *map(str, files)]

    def open(self) -> None:
        with self._said.open("wb") as said:
            self._window = subprocess.Popen(
                self.words(), env=self.environment, cwd=self._folder, stdout=said, stderr=said, start_new_session=True
            )
        self.look_at("1099 Ops")

    def start_again(self, *files: Path) -> None:
        """Start the program a second time, as the desktop does for a file that is opened with it."""
        done = subprocess.run(
            self.words(*files), env=self.environment, cwd=self._folder, capture_output=True, timeout=LIMIT, check=False
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")

    @property
    def process(self) -> subprocess.Popen[bytes]:
        assert self._window is not None
        return self._window

    def is_at_rest(self) -> bool:
        """Whether no thread works or wants to, and none has for a while."""
        before = self._work()
        end = time.monotonic() + REST
        while time.monotonic() < end:
            if before is None or self._work() != before:
                return False
            time.sleep(0.02)
        return True

    def _work(self) -> tuple[str, ...] | None:
        """Return how often each thread was woken; None while one is running or waits for the disk."""
        counts = []
        for task in sorted(Path(f"/proc/{self.process.pid}/task").iterdir()):
            try:
                status = (task / "status").read_text(encoding="ascii", errors="replace").splitlines()
            except OSError:  # it has just ended
                return None
            facts = dict(line.split(":\t", 1) for line in status if ":\t" in line)
            if not facts["State"].startswith("S"):
                return None
            counts.append(facts["Pid"] + ":" + facts["voluntary_ctxt_switches"])
        return tuple(counts)

    def settle(self) -> None:
        self._alive()
        until("the program is at rest", self.is_at_rest)

    def _alive(self) -> None:
        assert self.process.poll() is None, self.said()

    def said(self) -> str:
        return self._said.read_text(encoding="utf-8", errors="replace")

    def look_at(self, title: str) -> None:
        """Wait for a window of that title, give it the keyboard and wait until it is at rest."""
        found: list[str] = []

        def is_there() -> bool:
            self._alive()
            found[:] = [each for each in self._windows() if self._title(each) == title]
            return bool(found)

        until(f"a window is called {title!r}", is_there)
        self._tool("windowfocus", "--sync", found[-1])
        self.settle()

    def titles(self) -> list[str]:
        return [self._title(each) for each in self._windows()]

    def _windows(self) -> list[str]:
        return self._tool("search", "--onlyvisible", "--name", ".", check=False).split()

    def _title(self, window: str) -> str:
        return self._tool("getwindowname", window, check=False).strip()

    def _tool(self, *words: str, check: bool = True) -> str:
        done = subprocess.run(
            ["xdotool", *words], env=self.environment, capture_output=True, text=True, timeout=LIMIT, check=False
        )
        assert not check or done.returncode == 0, done.stderr
        return done.stdout

    # --- the keyboard

    def press(self, *keys: str) -> None:
        """Press keys one after the other; each finds the program at rest."""
        for key in keys:
            self._tool("key", "--clearmodifiers", key)
            self.settle()

    def type(self, text: str) -> None:
        self._tool("type", "--delay", "4", text)
        self.settle()

    def leave(self, key: str) -> None:
        """Press the key that ends the program and wait for a good end."""
        self._tool("key", "--clearmodifiers", key)
        assert self.process.wait(LIMIT) == 0, self.said()

    def close(self) -> None:
        if self._window is not None and self._window.poll() is None:
            self._window.kill()
            self._window.wait(30)

    # --- the command line

    def ask(self, passphrase: str, *words: str) -> subprocess.CompletedProcess[bytes]:
        """Run a command on the same home; the passphrase goes through a pipe."""
        reader, writer = os.pipe()
        os.write(writer, passphrase.encode() + b"\n")
        os.close(writer)
        command = [*self._command, "--json", "--today", "2026-11-20", "--home", str(self.home), "--passphrase-fd",
                   str(reader), *words]  # fmt: skip
        try:
            return subprocess.run(
                command, env=self.environment, cwd=self._folder, capture_output=True, timeout=LIMIT, check=False,
                pass_fds=[reader],
            )  # fmt: skip
        finally:
            os.close(reader)
