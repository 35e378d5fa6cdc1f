"""What Qt needs of the system: found by loading it, named in the words of each system, never asked for twice."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from scripts import system_libraries, system_programs
from scripts.console import Stop

ROOT = Path(__file__).resolve().parents[2]
ALL = {**system_libraries.WIDGETS, **system_libraries.X11, **system_libraries.WAYLAND}
LOST = {"libops1099-nowhere.so.1": ("libnowhere1", "nowhere-dnf", "nowhere-pacman", "nowhere-zypper")}


@pytest.fixture
def no_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")


def test_every_library_has_a_package_on_every_linux() -> None:
    assert all(len(row) == 4 and all(row) for row in ALL.values())
    assert system_programs.MANAGERS[:4] == ("apt-get", "dnf", "pacman", "zypper")


def test_a_library_that_is_not_there_is_named_by_its_package() -> None:
    assert system_libraries.missing_libraries(LOST, "apt-get") == ["libnowhere1"]
    assert system_libraries.missing_libraries(LOST, "zypper") == ["nowhere-zypper"]


@pytest.mark.parametrize("manager", ["", "brew"])
def test_where_no_package_is_known_the_library_itself_is_named(manager: str) -> None:
    assert system_libraries.missing_libraries(LOST, manager) == ["libops1099-nowhere.so.1"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux leaves libraries to the system")
def test_a_library_that_is_there_is_not_asked_for() -> None:
    assert system_libraries.missing_libraries({"libc.so.6": ("libc6",)}, "apt-get") == []


@pytest.mark.usefixtures("no_screen")
def test_without_a_screen_no_display_library_is_asked_for() -> None:
    assert system_libraries.wanted_libraries() == system_libraries.WIDGETS
    assert not system_libraries.has_screen()


@pytest.mark.usefixtures("no_screen")
@pytest.mark.parametrize(
    ("variable", "table"), [("DISPLAY", system_libraries.X11), ("WAYLAND_DISPLAY", system_libraries.WAYLAND)]
)
def test_a_screen_asks_for_its_own_libraries(
    variable: str, table: dict[str, tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, ":9")
    assert system_libraries.has_screen()
    assert system_libraries.wanted_libraries() == {**system_libraries.WIDGETS, **table}


@pytest.mark.usefixtures("no_screen")
def test_the_tests_bring_a_screen_of_their_own() -> None:
    assert set(system_libraries.X11) <= set(system_libraries.wanted_libraries(every_screen=True))


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_other_systems_have_a_screen_and_need_nothing(system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", system)
    assert system_libraries.has_screen()
    assert system_libraries.wanted_libraries(every_screen=True) == {}
    assert system_libraries.interpreter_library() == {}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux leaves libraries to the system")
def test_what_qt_is_linked_to_is_in_the_table() -> None:
    from PySide6.QtCore import QLibraryInfo

    libraries = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.LibrariesPath))
    plugins = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)) / "platforms"
    files = [*(libraries / f"libQt6{name}.so.6" for name in ("Core", "Gui", "Widgets", "Svg", "Network", "XcbQpa"))]
    files += [plugins / f"libq{name}.so" for name in ("offscreen", "xcb", "wayland")]
    linked = set()
    for file in files:
        done = subprocess.run(["ldd", str(file)], capture_output=True, text=True, check=True, timeout=60)
        linked |= {line.split()[0] for line in done.stdout.splitlines() if "not found" in line}
    assert linked <= set(ALL)


def test_debian_says_its_new_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = tmp_path / "apt-cache"
    cache.write_text('#!/bin/sh\n[ "$3" = libglib2.0-0t64 ] && echo Package: "$3"\n', encoding="utf-8")
    cache.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    assert system_libraries.name_here("libglib2.0-0") == "libglib2.0-0t64"
    assert system_libraries.name_here("libegl1") == "libegl1"


def test_an_older_debian_keeps_the_old_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = tmp_path / "apt-cache"
    cache.write_text("#!/bin/sh\nexit 100\n", encoding="utf-8")
    cache.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    assert system_libraries.name_here("libglib2.0-0") == "libglib2.0-0"


def test_the_libraries_of_a_bare_debian() -> None:
    packages = {row[0] for row in system_libraries.WIDGETS.values()}
    assert packages >= {"libegl1", "libgl1", "libglib2.0-0", "libxkbcommon0", "libdbus-1-3", "libfontconfig1"}
    assert "libxcb-cursor0" in {row[0] for row in system_libraries.X11.values()}


class Asked:
    """Stands where the program would start, and says how it was asked to."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def __call__(self, arguments: list[str]) -> int:
        self.words = arguments
        return 0


@pytest.fixture
def asked(run_py: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Asked:
    start = Asked()
    monkeypatch.setattr(run_py, "start", start)
    monkeypatch.setattr(run_py, "is_root", lambda: False)
    return start


@pytest.mark.usefixtures("no_screen")
def test_nothing_said_and_no_screen_shows_the_demo(run_py: ModuleType, asked: Asked) -> None:
    assert run_py.COMMANDS[""]([]) == 0
    assert asked.words == ["demo"]


@pytest.mark.usefixtures("no_screen")
def test_nothing_said_and_a_screen_opens_the_window(
    run_py: ModuleType, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", ":9")
    assert run_py.COMMANDS[""]([]) == 0
    assert asked.words == ["gui"]


@pytest.mark.usefixtures("no_screen")
def test_the_demo_runs_also_where_the_window_cannot(
    run_py: ModuleType, asked: Asked, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run_py, "wanted_libraries", lambda: LOST)
    assert run_py.COMMANDS[""]([]) == 0
    assert asked.words == ["demo"]
    assert "nowhere" in capsys.readouterr().err


@pytest.mark.usefixtures("no_screen", "asked")
def test_the_window_stops_with_the_line_to_enter(run_py: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":9")
    monkeypatch.setattr(run_py, "wanted_libraries", lambda: LOST)
    monkeypatch.setattr(run_py, "package_manager", lambda: "apt-get")
    with pytest.raises(Stop) as stopped:
        run_py.COMMANDS["gui"]([])
    lines = [line for line in str(stopped.value).splitlines() if line.startswith("sudo ")]
    assert len(lines) == 1
    assert lines[0].endswith("apt-get install -y --no-install-recommends libnowhere1")


@pytest.mark.usefixtures("no_screen")
def test_a_window_nobody_could_see_is_not_opened(run_py: ModuleType, asked: Asked) -> None:
    with pytest.raises(Stop, match="There is no screen here"):
        run_py.COMMANDS["gui"](["--sample"])
    assert asked.words == []


@pytest.mark.usefixtures("no_screen")
def test_a_picture_needs_no_screen(run_py: ModuleType, asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "")  # so that what run.py sets is taken back after the test
    monkeypatch.delenv("QT_QPA_PLATFORM")
    assert run_py.COMMANDS["gui"](["--sample", "--screenshot", "x.png"]) == 0
    assert asked.words == ["gui", "--sample", "--screenshot", "x.png"]
    assert run_py.os.environ["QT_QPA_PLATFORM"] == "offscreen"


def test_apt_is_heard_only_when_it_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any) -> None:
    apt = tmp_path / "apt-get"
    apt.write_text('#!/bin/sh\necho "Unpacking $*"\n[ "$WORKS" = yes ]\n', encoding="utf-8")
    apt.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    monkeypatch.setenv("WORKS", "yes")
    system_programs.system_packages("apt-get", ["libnowhere1"], root=True)
    assert "Unpacking" not in capfd.readouterr().err
    monkeypatch.setenv("WORKS", "no")
    with pytest.raises(Stop):
        system_programs.system_packages("apt-get", ["libnowhere1"], root=True)
    assert "libnowhere1" in capfd.readouterr().err
