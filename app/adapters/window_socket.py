"""Speak to the window that has a home open, without Qt: one line of JSON to its local socket, one word back.

The window listens by Qt (`app/ui/runtime/single_instance.py`), which puts its socket into the folder for temporary
files, or names a pipe on Windows; a test holds the two together.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from hashlib import blake2b
from pathlib import Path

_SECONDS = 3.0


def socket_name(home: Path) -> str:
    """Return the name of a home's local socket: a hash, so that it tells nothing."""
    return "ops1099-" + blake2b(str(home.resolve()).encode("utf-8", "surrogateescape"), digest_size=10).hexdigest()


def ask(home: Path, command: str) -> bool:
    """Return whether a window took the command; False when none has this home open."""
    line = json.dumps({"command": command, "files": []}).encode() + b"\n"
    try:
        return _through_pipe(home, line) if sys.platform == "win32" else _through_socket(home, line)
    except OSError:
        return False


def _through_socket(home: Path, line: bytes) -> bool:
    if sys.platform == "win32":
        return False
    path = Path(os.environ.get("TMPDIR") or "/tmp") / socket_name(home)  # noqa: S108 - where Qt puts it
    if path.lstat().st_uid != os.geteuid():
        return False  # somebody else waits there for what we have to say
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line_to_window:
        line_to_window.settimeout(_SECONDS)
        line_to_window.connect(str(path))
        line_to_window.sendall(line)
        return line_to_window.recv(16).startswith(b"ok")


def _through_pipe(home: Path, line: bytes) -> bool:
    with Path(rf"\\.\pipe\{socket_name(home)}").open("r+b", buffering=0) as pipe:
        pipe.write(line)
        return pipe.read(16).startswith(b"ok")
