"""Only the safe files touch the disk: every other module of the program that does is named here, with its reason."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

ALLOWED = {
    "app/adapters/home_lock.py": "the lock is one file, held in place and never renamed; and what the system says of "
    "mounts and processes",
    "app/adapters/window_socket.py": "speaks through a pipe of the system, on Windows",
    "app/services/vault/passphrases.py": "reads what is shipped with the program",
    "app/adapters/hardening.py": "gives standard streams that were closed the null device",
    "app/store/connection.py": "looks at the head of a database before the engine opens it; the store has no adapters",
    "app/adapters/boot.py": "asks the system which run of the computer this is",
    "app/store/migrate.py": "reads the steps shipped with the program",
    "app/services/classify/knowledge.py": "reads what is shipped with the program",
    "app/services/tax/taxes_paid.py": "reads what is shipped with the program",
    "app/services/program/doctor.py": "reads what is shipped with the program",
    "app/ui/runtime/selftest.py": "reads what is shipped with the program",
    "app/ui/help/page.py": "reads what is shipped with the program",
    "app/ui/theme/fonts.py": "reads what is shipped with the program",
    "app/ui/theme/icons.py": "reads what is shipped with the program",
    "app/__main__.py": "points closed standard streams at the null device",
    "app/cli/main.py": "points a closed standard output at the null device",
}
"""Modules beside app/adapters/safe_files."""

# fmt: off
MODULES = frozenset({
    "bz2", "dbm", "fileinput", "gzip", "lzma", "marshal", "mmap", "pickle", "shelve", "shutil", "tarfile", "tempfile",
    "zipfile",
})
OF_OS = frozenset({
    "chmod", "fchmod", "fdopen", "ftruncate", "link", "makedirs", "mkdir", "mkfifo", "mknod", "open", "remove",
    "removedirs", "rename", "renames", "replace", "rmdir", "symlink", "truncate", "unlink", "write",
})
METHODS = frozenset({
    "chmod", "hardlink_to", "mkdir", "read_bytes", "read_text", "rename", "rmdir", "setOutputFileName", "symlink_to",
    "touch", "unlink", "write_bytes", "write_text",
})
OF_QT = frozenset({
    "QDir", "QFile", "QImageReader", "QImageWriter", "QLockFile", "QPdfWriter", "QSaveFile", "QSettings",
    "QTemporaryDir", "QTemporaryFile",
})
# fmt: on
SERVICES = frozenset({"diagnostics", "window_settings"})
"""Names in the window whose `save` goes through the safe files."""
NO_PATHS = frozenset({"changes", "row_links", "work"})
"""Names in the program whose `touch` and `unlink` are about rows of the books."""


def touches(source: str, *, is_window: bool) -> list[str]:
    """Return what of a module reads or writes files by itself, with its line."""
    found = []
    for node in ast.walk(ast.parse(source)):
        what = _imported(node) or (_called(node, is_window=is_window) if isinstance(node, ast.Call) else None)
        if what is not None:
            found.append(f"{getattr(node, 'lineno', 0)}: {what}")
    return found


def _imported(node: ast.AST) -> str | None:
    if isinstance(node, ast.Import):
        return next((each.name for each in node.names if each.name.partition(".")[0] in MODULES), None)
    if isinstance(node, ast.ImportFrom):
        module = node.module or ""
        if module.partition(".")[0] in MODULES:
            return module
        names = {each.name for each in node.names}
        if module == "os" and names & OF_OS:
            return f"os.{min(names & OF_OS)}"
        if module.startswith("PySide6") and names & OF_QT:
            return min(names & OF_QT)
        if module == "io" and names & {"open", "FileIO"}:
            return "io.open"
    return None


def _called(node: ast.Call, *, is_window: bool) -> str | None:
    call = node.func
    if isinstance(call, ast.Name):
        return "open" if call.id == "open" else None
    if not isinstance(call, ast.Attribute):
        return None
    owner = call.value.id if isinstance(call.value, ast.Name) else ""
    if (owner == "os" and call.attr in OF_OS) or (owner == "io" and call.attr in {"open", "FileIO", "open_code"}):
        return f"{owner}.{call.attr}"
    if call.attr in METHODS and owner not in NO_PATHS:
        return f".{call.attr}"
    mode = next((each.value for each in node.args if isinstance(each, ast.Constant)), None)
    if call.attr == "open" and (
        (isinstance(mode, str) and 0 < len(mode) < 4 and set(mode) <= set("rwxab+t")) or not (is_window or node.args)
    ):
        return ".open"
    if call.attr == "replace" and len(node.args) == 1 and not node.keywords:
        return ".replace"  # of a path; that of a text takes two, that of a date takes names
    if call.attr == "save" and is_window and node.args and owner not in SERVICES:
        return None if isinstance(node.args[0], ast.Name) and node.args[0].id == "buffer" else ".save"
    return None


def modules() -> dict[str, str]:
    paths = sorted((ROOT / "app").rglob("*.py"))
    return {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in paths}


def test_no_other_module_opens_or_writes_files() -> None:
    found = {
        name: what
        for name, source in modules().items()
        if not name.startswith("app/adapters/safe_files/") and name not in ALLOWED
        if (what := touches(source, is_window=name.startswith("app/ui/")))
    }
    assert found == {}


def test_what_is_allowed_is_still_needed() -> None:
    texts = modules()
    idle = [name for name in ALLOWED if not touches(texts[name], is_window=name.startswith("app/ui/"))]
    assert idle == []


def test_who_only_reads_what_is_shipped_writes_nothing() -> None:
    texts = modules()
    reading = {".read_text", ".read_bytes"}
    for name, reason in ALLOWED.items():
        if "shipped" in reason:
            found = touches(texts[name], is_window=name.startswith("app/ui/"))
            assert {what.partition(": ")[2] for what in found} <= reading, name


@pytest.mark.parametrize(
    "line",
    [
        "open('x')",
        "open(path, 'w')",
        "Path('x').open('wb')",
        "path.open()",
        "path.write_text('x')",
        "path.write_bytes(b'')",
        "(folder / name).read_bytes()",
        "path.unlink(missing_ok=True)",
        "path.mkdir()",
        "path.rename(other)",
        "part.replace(path)",
        "path.touch()",
        "import os; os.open('x', 0)",
        "import os; os.replace('a', 'b')",
        "from os import replace",
        "import tempfile",
        "from shutil import rmtree",
        "def late():\n    import zipfile",
        "from PySide6.QtCore import QSettings",
        "import io; io.open('x')",
        "import pickle",
        "printer.setOutputFileName('x')",
    ],
)
def test_a_planted_writer_is_found(line: str) -> None:
    assert touches(line, is_window=False)


@pytest.mark.parametrize(
    "line", ["picture.save(str(path))", "file.open('rb')", "QFile('x'); from PySide6.QtCore import QFile"]
)
def test_a_planted_writer_of_the_window_is_found(line: str) -> None:
    assert touches(line, is_window=True)


@pytest.mark.parametrize(
    "line",
    [
        "text.replace('a', 'b')", "day.replace(month=1)", "row._replace(cents=1)", "dialog.open(place)",
        "archive.open(entry)", "painter.save", "import os; os.fsencode(path)", "safe_files.write_atomic(path, data)",
        "work.touch(ids)",
    ],
)  # fmt: skip
def test_what_touches_no_disk_is_left_alone(line: str) -> None:
    assert touches(line, is_window=False) == []
