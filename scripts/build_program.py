"""Build dist/ops1099 with PyInstaller, then try what was built. One line for each step; the first failure ends it.

The built program is what people get, so it is the built program that is tried: a library that was stripped to death,
left out or picked up from this machine shows only there.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.build_contents import distributions, machine_paths, module_names, unbundled_libraries
from scripts.console import ROOT, WINDOWS, Stop, answer, say
from scripts.relay_trial import tried

PROGRAM = ROOT / "dist" / "ops1099"
BINARY = PROGRAM / ("ops1099.exe" if WINDOWS else "ops1099")
WORK = ROOT / "build"
LOG = WORK / "pyinstaller.log"
BUDGET_MB = 260
# The rest comes stripped or has little to strip, and not every library survives it; the self-test uses these four.
STRIPPED = (
    "libpython3*.so*",
    "sqlcipher3/*.so",
    "typst/*.so",
    "cryptography/hazmat/bindings/*.so",
)
SMALLEST_WINDOW = (640, 480)


def freeze() -> str:
    for folder in (WORK, PROGRAM):
        shutil.rmtree(folder, ignore_errors=True)
    WORK.mkdir()
    commit_time = answer(["git", "log", "-1", "--format=%ct"])
    env = dict(os.environ, SOURCE_DATE_EPOCH=commit_time or "1767225600", PYTHONHASHSEED="1")
    command = [sys.executable, "-m", "PyInstaller", "packaging/pyinstaller.spec", "--noconfirm", "--log-level", "WARN"]
    with LOG.open("wb") as log:
        code = subprocess.run(command, cwd=ROOT, env=env, stdout=log, stderr=log, check=False).returncode
    if code:
        raise Stop(f"PyInstaller failed; its words are in {LOG.relative_to(ROOT)}.")
    return f"{sum(1 for path in PROGRAM.rglob('*') if path.is_file())} files"


def strip() -> str:
    if platform.system() != "Linux":
        return "not on this system"
    before = size_of(PROGRAM)
    for shape in STRIPPED:
        for library in (PROGRAM / "_internal").glob(shape):
            if subprocess.run(["strip", "--strip-unneeded", str(library)], check=False).returncode:
                raise Stop(f"{library.name} could not be stripped.")
    return f"{(before - size_of(PROGRAM)) / 1e6:.0f} MB less"


def measure() -> str:
    megabytes = size_of(PROGRAM) / 1e6
    if megabytes > BUDGET_MB:
        raise Stop(f"The program takes {megabytes:.0f} MB; {BUDGET_MB} MB are allowed.")
    return f"{megabytes:.0f} MB of {BUDGET_MB} MB"


def size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def check_distributions() -> str:
    lock = (ROOT / "requirements" / "app.lock").read_text(encoding="utf-8")
    inside, foreign = distributions(module_names(BINARY, PROGRAM), lock)
    if foreign:
        raise Stop("These are no part of what is shipped: " + ", ".join(sorted(foreign)))
    return f"{len(inside)} distributions, all of app.lock"


def check_paths() -> str:
    # Below the checkout, for the checkout itself may lie at a place as short as /src.
    places = tuple(str(ROOT / name) + os.sep for name in ("app", "packaging", "resources", ".venv"))
    found = machine_paths(BINARY, PROGRAM, places)
    if found:
        raise Stop("Paths of this checkout stand in: " + ", ".join(found[:10]))
    return "no path of this checkout"


def check_libraries() -> str:
    if platform.system() != "Linux":
        return "not on this system"
    lost = unbundled_libraries(PROGRAM)
    if lost:
        raise Stop("Neither bundled nor a library every desktop has: " + ", ".join(lost))
    return "all bundled, or of every desktop"


def bare_environment(home: str, **more: str) -> dict[str, str]:
    """Give what a person's session has and nothing of this one: no Python, no virtual environment."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP", "TMP") if name in os.environ}
    return {**kept, "PATH": os.defpath, "HOME": home, "USERPROFILE": home, **more}


def check_self() -> str:
    with tempfile.TemporaryDirectory(prefix="ops1099-home-") as home:
        began = time.monotonic()
        done = subprocess.run(
            [str(BINARY), "selftest", "--json"], cwd=home, env=bare_environment(home), capture_output=True, check=False,
            timeout=300,
        )  # fmt: skip
        seconds = time.monotonic() - began
    if done.returncode:
        raise Stop(f"The self-test failed:\n{done.stdout.decode()}{done.stderr.decode()}")
    checks = json.loads(done.stdout)["checks"]
    absent = [check["name"] for check in checks if not check["ok"]]
    return f"{len(checks)} checks in {seconds:.1f} s" + (f"; absent: {', '.join(absent)}" if absent else "")


def check_relay() -> str:
    with tempfile.TemporaryDirectory(prefix="ops1099-home-") as home:
        return tried([str(BINARY), "relay"], bare_environment(home))


def check_window() -> str:
    """Open the real window with the sample and look at its picture."""
    with tempfile.TemporaryDirectory(prefix="ops1099-home-") as home:
        picture = Path(home) / "window.png"
        for more in screen():
            words = ["gui", "--home", str(Path(home) / "books"), "--sample", "--screenshot", str(picture)]
            done = subprocess.run(
                [str(BINARY), *words], cwd=home, env=bare_environment(home, **more), capture_output=True, check=False,
                timeout=300,
            )  # fmt: skip
            # A page that broke is told on a sheet, and the window ends well: only stderr gives it away.
            if done.returncode or done.stderr or not picture.exists():
                raise Stop(f"The window did not show well (exit code {done.returncode}):\n{done.stderr.decode()}")
        return look_at(picture)


def screen() -> Iterator[dict[str, str]]:
    """Give the variables of a screen: one of our own on Linux, the person's elsewhere."""
    if platform.system() != "Linux":
        yield {}
        return
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1440x900x24", "-nolisten", "tcp"],
        pass_fds=[writer], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writer)
    try:
        with os.fdopen(reader) as number:
            yield {"DISPLAY": ":" + number.readline().strip(), "QT_QPA_PLATFORM": "xcb"}
    finally:
        server.terminate()
        server.wait()


def look_at(picture: Path) -> str:
    from PySide6.QtGui import QImage  # noqa: PLC0415 - a failed build needs no Qt

    image = QImage(str(picture))
    width, height = image.width(), image.height()
    colours = {image.pixel(x, y) for x in range(0, width, 7) for y in range(0, height, 7)}
    if (width, height) < SMALLEST_WINDOW or len(colours) < 8:
        raise Stop(f"The window's picture has {width} x {height} points in {len(colours)} colours: that is no window.")
    return f"{width} x {height}, {len(colours)} colours"


STEPS: tuple[tuple[str, Callable[[], str]], ...] = (
    ("build", freeze),
    ("strip", strip),
    ("contents", check_distributions),
    ("paths", check_paths),
    ("libraries", check_libraries),
    ("size", measure),
    ("self-test", check_self),
    ("relay", check_relay),
    ("window", check_window),
)


def main() -> int:
    try:
        for name, step in STEPS:
            began = time.monotonic()
            result = step()
            print(f"{name:10} {result} ({time.monotonic() - began:.1f} s)", flush=True)
    except Stop as stop:
        say(f"{name:10} FAILED: {stop}")
        return 1
    print(f"The program is {BINARY.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
