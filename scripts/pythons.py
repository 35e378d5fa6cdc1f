"""Which Python runs the program: this one, or another that fits."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from scripts.console import ROOT, WINDOWS, Stop, answer

OLDEST, NEWEST = (3, 11), (3, 14)
VERSION_PROBE = "import sys; print('.'.join(map(str, sys.version_info[:2])))"


def fits(version: Sequence[int | str]) -> bool:
    return OLDEST <= tuple(version[:2]) <= NEWEST


def dotted(version: Sequence[int | str]) -> str:
    return ".".join(str(part) for part in version[:2])


def needs_python(version: Sequence[int | str]) -> str:
    return (
        f"1099 Ops needs Python {dotted(OLDEST)} to {dotted(NEWEST)}; this is Python {dotted(version)} and no other "
        "was found. Install one (Debian 12 and Ubuntu 24.04: apt-get install python3; macOS and Windows: the installer "
        "of python.org) and start again."
    )


def other_pythons() -> dict[tuple[int, int], str]:
    """Find every fitting Python on the path and among pyenv's, newest first."""
    found = {}
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        pyenv = sorted((Path.home() / ".pyenv" / "versions").glob(f"3.{minor}.*/bin/python"), reverse=True)
        tries = [[f"python3.{minor}"], *([str(path)] for path in pyenv)]
        if WINDOWS:
            tries.append(["py", f"-3.{minor}"])
        for command in tries:
            real = answer([*command, "-c", f"{VERSION_PROBE}; print(sys.executable)"])
            if real.startswith(f"3.{minor}\n"):
                found[3, minor] = real.split("\n", 1)[1].strip()
                break
    return found


def hand_over() -> str:
    """Give the Python that should run this file instead, or "" when this one is right."""
    if not fits(sys.version_info):
        others = list(other_pythons().values())
        if not others:
            raise Stop(needs_python(sys.version_info))
        return others[0]
    if ROOT in Path(sys.prefix).resolve().parents:  # started from the environment that it may have to rebuild
        return str(getattr(sys, "_base_executable", ""))
    return ""
