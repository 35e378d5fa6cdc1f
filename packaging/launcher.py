"""The entry of the frozen program, and the only module that knows all of its parts.

What runs is chosen by the program's name and its first argument: `relay`, `mcp`, else the app. Started with nothing (a
double click), it opens the window. From source the parts have entries of their own.
"""

from __future__ import annotations

import os
import sys
from pathlib import PurePath

PARTS = ("relay", "mcp")
WINDOW = "gui"
USAGE = 2
# What the frozen program's own start puts in front of the libraries of every program it starts (a browser, a viewer).
LIBRARY_PATHS = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LIBPATH")


def part_of(argv: list[str]) -> tuple[str, list[str]]:
    """Return the part that is meant ("relay", "mcp" or "app") and its arguments."""
    name = PurePath(argv[0]).name.removesuffix(".exe")
    for part in PARTS:
        if name == f"ops1099-{part}":
            return part, argv[1:]
        if argv[1:2] == [part]:
            return part, argv[2:]
    return "app", argv[1:] or [WINDOW]


def give_back_library_path() -> None:
    """Let programs we start find the system's libraries, not ours; this process has read the variable already."""
    for name in LIBRARY_PATHS:
        before = os.environ.pop(name + "_ORIG", None)
        if before:
            os.environ[name] = before
        else:
            os.environ.pop(name, None)


def take_utf8_for_no_locale() -> None:
    """Do what Python does from source where no language is set (its PEP 538): Qt complains otherwise."""
    chosen = os.environ.get("LC_CTYPE") or os.environ.get("LANG") or "C"
    if sys.platform.startswith("linux") and not os.environ.get("LC_ALL") and chosen in {"C", "POSIX"}:
        os.environ["LC_CTYPE"] = "C.UTF-8"


def main() -> int:
    if getattr(sys, "frozen", False):
        give_back_library_path()
        take_utf8_for_no_locale()
    part, arguments = part_of(sys.argv)
    if part == "mcp":
        sys.stderr.write(f"The {part} is not part of this version of 1099 Ops yet.\n")
        return USAGE
    if part == "relay":
        from relay.__main__ import main as relay  # noqa: PLC0415 - as below

        return relay(arguments)
    sys.argv[1:] = arguments
    from app.__main__ import main as app  # noqa: PLC0415 - one part loads, the others stay on the disk

    return app()


if __name__ == "__main__":
    raise SystemExit(main())
