"""The guard around the children of this suite stops what it is there for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent

PLANTED = {
    "network": "import socket; socket.create_connection(('127.0.0.1', 9))",
    "name": "import socket; socket.getaddrinfo('x.example', 80)",
    "program": "import subprocess; subprocess.run(['true'])",
    "shell": "import os; os.system('true')",
    "file": "open(OUTSIDE + '/a', 'w')",
    "folder": "import os; os.mkdir(OUTSIDE + '/a')",
    "rename": "import os; open(INSIDE + '/a', 'w').close(); os.rename(INSIDE + '/a', OUTSIDE + '/a')",
    "by a link": "import os; os.symlink(OUTSIDE, INSIDE + '/l'); open(INSIDE + '/l/a', 'w')",
    "relative": "import os; h = os.open(OUTSIDE, 0); os.rename('b', 'c', src_dir_fd=h, dst_dir_fd=h)",
}


@pytest.mark.parametrize("name", PLANTED)
def test_what_leaves_is_stopped(name: str, tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (outside / "b").touch()
    code = (
        f"import sys; sys.path.insert(0, {str(HERE)!r}); import guarded; INSIDE, OUTSIDE = sys.argv[1:]\n"
        f"guarded.guard([INSIDE])\n{PLANTED[name]}"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(inside), str(outside)], capture_output=True, check=False, timeout=30
    )
    assert done.returncode == 99, done.stderr
    assert done.stderr.startswith(b"GUARD: ")
    assert sorted(path.name for path in outside.iterdir()) == ["b"]
