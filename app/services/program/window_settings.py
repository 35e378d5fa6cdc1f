"""The file in which a window keeps its look and sizes: beside the books, readable while they are locked.

Lines of `name=value` under `[section]`, as the first versions wrote them. It can be edited by hand or exchanged by
somebody else, so it is read as text and never as objects, and what makes no sense in it is left out.
"""

from __future__ import annotations

import re
from pathlib import Path

from app.adapters import safe_files
from app.core.errors import BadFile

FILE = "window.ini"
_LARGEST = 256 * 1024
_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}/[a-z][a-zA-Z0-9_.-]{0,60}")


def load(home: Path) -> dict[str, str]:
    """Return what is set, by `section/name`; nothing where the file cannot be read."""
    try:
        text = safe_files.read_limited(home / FILE, _LARGEST).decode("utf-8", "replace")
    except BadFile:
        return {}
    found: dict[str, str] = {}
    section = ""
    for line in text.splitlines():
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1]
            continue
        key, equals, value = line.partition("=")
        name = f"{section}/{key.strip()}"
        # What begins with @ is an object as the first versions packed it; those are not unpacked any more.
        if equals and _NAME.fullmatch(name) and not value.startswith("@") and value.isprintable():
            found[name] = value.strip().removeprefix('"').removesuffix('"')
    return found


def save(home: Path, values: dict[str, str]) -> None:
    """Write all of it, whole or not at all. Raises: BadFile, DiskFull."""
    lines = []
    section = ""
    for name in sorted(values):
        above, _, key = name.partition("/")
        if above != section:
            section = above
            lines.append(f"[{section}]")
        lines.append(f"{key}={values[name]}")
    safe_files.write_atomic(home / FILE, "".join(f"{line}\n" for line in lines).encode(), within=home)
