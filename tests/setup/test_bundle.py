"""The built program: what its description lists, what is held out of it, and (in the full set) the build itself."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from scripts import build_contents

ROOT = Path(__file__).resolve().parents[2]
SPEC = ROOT / "packaging" / "pyinstaller.spec"
LOCK = (ROOT / "requirements" / "app.lock").read_text(encoding="utf-8")


class Analysis:
    """Stands where PyInstaller would follow the imports: keeps what the description asks for."""

    def __init__(self, scripts: list[str], **asked: Any) -> None:
        self.scripts = scripts
        self.asked = asked
        self.pure: list[Any] = []
        self.datas: list[Any] = []
        self.binaries = [
            (f"PySide6/Qt/plugins/{name}", "", "BINARY")
            for name in (
                "platforms/libqxcb.so",
                "platforms/libqwayland.so",
                "platforms/libqoffscreen.so",
                "platforms/libqvnc.so",
                "platforms/libqminimal.so",
                "platformthemes/libqgtk3.so",
                "platformthemes/libqxdgdesktopportal.so",
                "iconengines/libqsvgicon.so",
                "imageformats/libqtiff.so",
                "imageformats/libqsvg.so",
            )
        ] + [(name, "", "BINARY") for name in ("libgtk-3.so.0", "libgssapi_krb5.so.2", "libQt6EglFsKmsSupport.so.6")]


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    """What the description asks PyInstaller for."""
    names: dict[str, Any] = {
        "SPECPATH": str(SPEC.parent), "Analysis": Analysis, "PYZ": list, "EXE": lambda *_, **given: given,
        "COLLECT": lambda *given, **named: (given, named),
    }  # fmt: skip
    exec(compile(SPEC.read_text(encoding="utf-8"), SPEC, "exec"), names)  # noqa: S102 - our own file
    return names


def top_modules(distribution: str) -> set[str]:
    owners = metadata.packages_distributions()
    wanted = build_contents.canonical(distribution)
    return {module for module, by in owners.items() if wanted in map(build_contents.canonical, by)}


def test_every_module_that_is_loaded_by_name_is_asked_for(description: dict[str, Any]) -> None:
    hidden = set(description["analysis"].asked["hiddenimports"])
    ours = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for part in ("app", "relay")
        for path in (ROOT / part).rglob("*.py")
    }
    assert ours - hidden == set()
    backends = {"SecretService", "kwallet", "macOS", "Windows", "chainer", "fail", "null"}
    assert {f"keyring.backends.{name}" for name in backends} <= hidden


def test_every_file_the_program_reads_comes_along(description: dict[str, Any]) -> None:
    given = dict(description["analysis"].asked["datas"])
    for path in (ROOT / "resources").rglob("*"):
        if path.is_file() and path.suffix not in {".py", ".pyc"}:
            assert given[str(path)] == str(path.parent.relative_to(ROOT))
    assert given[str(ROOT / "app/store/migrations/*.sql")] == "app/store/migrations"
    assert not [source for source in given if source.endswith((".py", ".pyc"))]


def test_every_distribution_brings_its_licence(description: dict[str, Any]) -> None:
    folders = {Path(place).name for _, place in description["analysis"].asked["datas"] if place.startswith("licences/")}
    installed = {build_contents.canonical(found.name) for found in metadata.distributions()}
    shipped = set(re.findall(r"^([\w.-]+)==", LOCK, re.MULTILINE)) & installed
    assert len(shipped) > 15
    assert shipped - folders == {"pyside6-essentials", "shiboken6"}
    assert "qt" in folders
    texts = {path.name for path in (SPEC.parent / "licences" / "qt").iterdir()}
    assert texts == {"LGPL-3.0.txt", "GPL-3.0.txt", "README.txt"}


def test_what_only_developers_use_is_held_out(description: dict[str, Any]) -> None:
    excluded = set(description["analysis"].asked["excludes"])
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for text in project["optional-dependencies"]["dev"]:
        modules = {name for name in top_modules(Requirement(text).name) if re.fullmatch(r"[A-Za-z]\w*", name)}
        assert modules & excluded, text
    assert {"ofxtools", "beancount", "pytest", "openpyxl", "mypy", "sqlite3"} <= excluded
    assert {"PySide6.QtQml", "PySide6.QtWebEngineCore", "PySide6.QtPdf"} <= excluded


def test_nothing_the_program_imports_is_held_out(description: dict[str, Any]) -> None:
    excluded = description["analysis"].asked["excludes"]
    pattern = "|".join(re.escape(name) for name in excluded)
    for path in [*(ROOT / "app").rglob("*.py"), *(ROOT / "relay").rglob("*.py")]:
        found = re.findall(rf"^\s*(?:from|import) ({pattern})\b", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert found == [], path


def test_of_plaid_only_what_the_relay_calls_comes_along(description: dict[str, Any]) -> None:
    hidden = {name for name in description["analysis"].asked["hiddenimports"] if name.startswith("plaid")}
    assert {
        "plaid.api_client",
        "plaid.model.transactions_sync_request",
        "plaid.model.link_token_create_hosted_link",
    } <= hidden
    assert 30 < len(hidden) < 100


def test_the_files_of_qt_that_stay_and_that_go(description: dict[str, Any]) -> None:
    kept = {Path(name).name for name, _, _ in description["analysis"].binaries}
    assert kept == {
        "libqxcb.so", "libqwayland.so", "libqoffscreen.so", "libqxdgdesktopportal.so", "libqsvgicon.so", "libqsvg.so",
        "libgssapi_krb5.so.2",
    }  # fmt: skip


def test_the_program_is_one_folder_and_stripped_by_hand_only(description: dict[str, Any]) -> None:
    assert description["analysis"].asked["optimize"] == 1
    program = description["program"]
    assert (program["exclude_binaries"], program["strip"], program["upx"]) == (True, False, False)


def test_a_distribution_that_is_not_shipped_is_found() -> None:
    inside, foreign = build_contents.distributions({"app", "keyring", "ofxtools", "beancount", "pytest"}, LOCK)
    assert {"keyring", "ofxtools", "beancount", "pytest"} <= inside
    assert foreign == {"ofxtools", "beancount", "pytest"}


def test_a_path_of_the_checkout_is_found_in_code() -> None:
    code = compile("def f():\n    return lambda: 1", "/src/app/x.py", "exec")
    assert list(build_contents.code_paths(code)) == ["/src/app/x.py"] * 3


@pytest.mark.full
def test_the_program_builds_and_works() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "run.py"), "build"], capture_output=True, text=True, check=False, timeout=1200
    )
    assert done.returncode == 0, done.stdout + done.stderr
    steps = [line.split()[0] for line in done.stdout.splitlines()]
    assert steps[:-1] == ["build", "strip", "contents", "paths", "libraries", "size", "self-test", "relay", "window"]
