"""Starting other programs and talking to the person, for the set-up.

Like all that `run.py` loads, it keeps to what Python 3.8 can read. It talks on stderr: stdout belongs to the program
that is started.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WINDOWS = os.name == "nt"
PLAIN = os.environ.get("CI", "") not in {"", "0", "false"}


class Stop(Exception):
    """The set-up cannot go on; the sentence says what to do."""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def run(command: list[str], env: dict[str, str] | None = None, *, own_output: bool = False) -> int:
    """Run in the checkout and give the exit code; output goes to stderr unless the command is what was asked for."""
    try:
        return subprocess.run(command, cwd=ROOT, env=env, check=False, stdout=None if own_output else 2).returncode
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        say(f"{command[0]}: {error.strerror}")
        return 127


def answer(command: list[str]) -> str:
    """Give what a command prints, or "" when it fails."""
    try:
        done = subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    except OSError:
        return ""
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else ""


def quietly(command: list[str], env: dict[str, str] | None = None) -> bool:
    """Run in the checkout; show what the command says only when it fails. Gives whether it worked."""
    try:
        done = subprocess.run(command, cwd=ROOT, env=env, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except OSError as error:
        say(f"{command[0]}: {error.strerror}")
        return False
    if done.returncode:
        say(done.stdout.decode("utf-8", "replace").rstrip())
    return done.returncode == 0
