"""The one entry: sets up what is missing, then starts 1099 Ops, its tests or its checks.

    python3 run.py                  open the window (with no screen: the demo, a pack in out/demo)
    python3 run.py gui …            open the window with options, as --sample, --home DIR, files to import
    python3 run.py demo             the demo
    python3 run.py test [--full] [--every-python] [pytest arguments]
    python3 run.py check            ruff, format, mypy, import contracts, tests: one summary line each
    python3 run.py bench [--check]  the benchmark, as ratios
    python3 run.py soak [--rounds N] [--only F1,F2]  the fault suite with full counts: kills, power cuts, bad disks
    python3 run.py cli …            the command line (the same as .venv/bin/ops1099 …)
    python3 run.py shots …          pictures of the window
    python3 run.py build            the program for people without Python, in dist/ops1099, built and tried
    python3 run.py lock [--upgrade] write requirements/*.lock again
    python3 run.py doctor           what is missing here, each with a fix
    python3 run.py clean            remove environments, tools and caches; never books or out/

Only the standard library, and nothing an old Python cannot read: it has to live long enough to say which Python
is needed. A bare Debian has neither venv's ensurepip nor the right to `pip install`, so the environment is made without
pip, and pip (or uv, pinned by hash in .tools) installs into it from outside. Everything here talks on stderr: stdout
belongs to the program that is started.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time

from scripts.console import PLAIN, ROOT, WINDOWS, Stop, answer, run, say
from scripts.environment import (
    FROM_SOURCE,
    TOOLS,
    VENV,
    WHEELS,
    environment_inputs,
    is_ready,
    pip_command,
    prepare,
    python_of,
    uv_environment,
    uv_program,
)
from scripts.pythons import NEWEST, OLDEST, VERSION_PROBE, dotted, hand_over, other_pythons
from scripts.soak import asked
from scripts.soak import soak as full_counts
from scripts.system_libraries import has_screen, interpreter_library, missing_libraries, wanted_libraries
from scripts.system_programs import (
    install_line,
    is_root,
    missing_packages,
    package_manager,
    system_packages,
    wanted_programs,
)

SERIAL = ("ui", "e2e", "faults")  # these tests share a screen, a bus or the disk: no second worker beside them


def start(arguments: list[str]) -> int:
    """Run the program in place of this process, in the folder the user stands in."""
    command = [prepare("app"), "-P", "-m", "app", *arguments]
    if not WINDOWS:
        sys.stdout.flush()
        os.execv(command[0], command)  # noqa: S606 - no shell is wanted: the very program just set up
    return subprocess.run(command, check=False).returncode


def window(arguments: list[str]) -> int:
    """Open the window; with no screen only for what needs none."""
    if not has_screen() and "QT_QPA_PLATFORM" not in os.environ:
        if not any(word.startswith(("--screenshot", "--help", "-h")) for word in arguments):
            raise Stop(
                "There is no screen here: neither DISPLAY nor WAYLAND_DISPLAY is set. For a look at what the program "
                "does: python3 run.py demo. For all commands: python3 run.py cli --help."
            )
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    install_missing(wanted_libraries())
    return start(["gui", *arguments])


def begin(_arguments: list[str]) -> int:
    if has_screen():
        return window([])
    try:
        install_missing(wanted_libraries())
    except Stop as stop:  # the demo itself draws nothing
        say(f"The window would not start here yet. {stop}")
    return demo([])


def demo(arguments: list[str]) -> int:
    return start(["demo", *arguments])


def install_missing(libraries: dict[str, tuple[str, ...]], programs: dict[str, tuple[str, ...]] | None = None) -> None:
    """Bring what the system lacks of these. Raises: Stop with the line to enter when this is not root."""
    manager = package_manager()
    lacking = missing_libraries(libraries, manager) + missing_packages(programs or {}, manager)
    system_packages(manager, lacking, root=is_root())


def names_tests(arguments: list[str]) -> bool:
    return any(not word.startswith("-") and (ROOT / word.split("::")[0]).exists() for word in arguments)


def test_runs(arguments: list[str]) -> list[list[str]]:
    """Give the pytest calls of a full run: two workers, then the folders that bear no second worker."""
    if names_tests(arguments):
        return [arguments]
    serial = [name for name in ("tests/" + folder for folder in SERIAL) if (ROOT / name).is_dir()]
    first = ["-n", "2", *("--ignore=" + name for name in serial), *arguments]
    return [first, [*serial, *arguments]] if serial else [first]


def run_tests(python: str, arguments: list[str]) -> int:
    plain = ["-q", "--color=no"] if PLAIN else []
    codes = []
    for words in test_runs(arguments):
        codes.append(run([python, "-m", "pytest", *plain, *words], own_output=True))
        if codes[-1] == 130:
            return 130
    bad = [code for code in codes if code not in {0, 5}]  # 5: no test was selected, wrong only if in all runs
    return bad[0] if bad else min(codes)


def test(arguments: list[str]) -> int:
    words = [word for word in arguments if word not in {"--full", "--every-python"}]
    if "--full" not in arguments:
        words = ["-m", "not full", *words]
    install_missing(wanted_libraries(every_screen=True), wanted_programs(full="--full" in arguments))
    python = prepare("dev")
    code = run_tests(python, words)
    if "--every-python" not in arguments:
        return code
    own = answer([python, "-c", VERSION_PROBE])
    results = [(own, code)]
    for version, base in other_pythons().items():
        name = f"{version[0]}.{version[1]}"
        if name != own:
            results.append((name, run_tests(prepare("dev", ROOT / (".venv-" + name), base), words)))
    for name, result in results:
        say(f"Python {name:5} " + ("passed" if result == 0 else f"FAILED (exit code {result})"))
    return max(result for _, result in results)


def check(arguments: list[str]) -> int:
    """Run every gate, also after one failed, and end with a line for each."""
    python = prepare("dev")
    contracts = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    gates = [
        ("ruff", ["-m", "ruff", "check", "."]),
        ("format", ["-m", "ruff", "format", "--check", "."]),
        ("mypy", ["-m", "mypy", "--strict"]),
        ("imports", ["-c", contracts]),
        ("tests", []),
    ]
    lines = []
    for name, words in gates:
        began = time.monotonic()
        code = run([python, *words], own_output=True) if words else test(arguments)
        lines.append((name, code, time.monotonic() - began))
    for name, code, seconds in lines:
        print(f"{name:8} {'passed' if code == 0 else 'FAILED'} {seconds:6.1f} s")
    return int(any(code for _, code, _ in lines))


def bench(arguments: list[str]) -> int:
    return run([prepare("dev"), str(ROOT / "tests" / "bench"), *arguments], own_output=True)


def soak(arguments: list[str]) -> int:
    asked(arguments)  # wrong words are told before anything is installed
    install_missing(wanted_libraries(every_screen=True), wanted_programs())
    return full_counts(prepare("dev"), arguments)


def shots(arguments: list[str]) -> int:
    install_missing(wanted_libraries())
    env = dict(os.environ, QT_QPA_PLATFORM="offscreen")
    return run([prepare("dev"), str(ROOT / "scripts" / "screenshots.py"), *arguments], env, own_output=True)


def build(arguments: list[str]) -> int:
    libraries = {**wanted_libraries(every_screen=True), **interpreter_library()}
    install_missing(libraries, wanted_programs(build=True))
    return run([prepare("dev"), str(ROOT / "scripts" / "build_program.py"), *arguments], own_output=True)


def lock(arguments: list[str]) -> int:
    """Write the locks: one file for all systems and Pythons, without index addresses; then try them on each Python."""
    pip = pip_command(sys.executable, str(python_of(VENV)))
    TOOLS.mkdir(exist_ok=True)
    uv = uv_program(pip)
    if not uv:
        raise Stop("The locks are written by uv, and uv could not be fetched into .tools.")
    options = [
        *("--universal", "--python-version", dotted(OLDEST), "--generate-hashes", "--no-emit-index-url", "--quiet"),
        *("--custom-compile-command", "python3 run.py lock", *arguments),
    ]
    env = uv_environment(pip)
    # The runtime lock follows the development lock, so that what is tested is what is shipped.
    jobs = (
        ["requirements/tools.in", "-o", "requirements/tools.lock"],
        ["requirements/build.in", "-o", "requirements/build.lock"],
        ["pyproject.toml", "--extra", "dev", "-o", "requirements/dev.lock"],
        ["pyproject.toml", "--constraints", "requirements/dev.lock", "-o", "requirements/app.lock"],
        # What a server that runs nothing but the relay installs.
        ["requirements/relay.in", "--constraints", "requirements/dev.lock", "-o", "requirements/relay.lock"],
    )
    for job in jobs:
        if run([uv, "pip", "compile", *options, *job], env) != 0:
            raise Stop(f"No lock could be written for {job[-1]}; the reason stands above.")
    for minor in range(OLDEST[1], NEWEST[1] + 1):
        target = [
            "--target",
            str(TOOLS / "dry-run"),
            "--python-version",
            f"3.{minor}",
            *WHEELS,
            *("--no-binary", FROM_SOURCE),
            "-r",
            "requirements/dev.lock",
        ]
        if run([uv, "pip", "install", "--dry-run", "--quiet", *target], env) != 0:
            raise Stop(f"The lock does not resolve on Python 3.{minor}.")
    say(f"Locks written; they resolve with wheels only on Python {dotted(OLDEST)} to {dotted(NEWEST)}.")
    return 0


def doctor(arguments: list[str]) -> int:
    """Print a line for each thing needed here; the fix beside what is missing. Changes nothing."""
    manager = package_manager()
    lacking = missing_packages(wanted_programs(), manager)
    here = missing_libraries(wanted_libraries(), manager)
    anywhere = missing_libraries(wanted_libraries(every_screen=True), manager)
    ready = is_ready(VENV, "app", environment_inputs())
    has_pip = bool(answer([sys.executable, "-m", "pip", "--version"]))
    checks = [
        (f"Python {dotted(sys.version_info)}", True, ""),
        ("pip", has_pip or ready, "install python3-pip"),
        ("environment .venv", ready, "python3 run.py"),
        ("libraries of the window", not here, install_line(manager, here)),
        ("libraries for the tests", not anywhere, install_line(manager, anywhere)),
        ("programs for the tests", not lacking, install_line(manager, lacking)),
    ]
    for name, good, fix in checks:
        print(f"{name:24} {'ok' if good else 'missing -> ' + fix}", flush=True)
    code = start(["doctor", *arguments]) if ready else 1
    return code or int(not all(good for _, good, _ in checks))


def clean(arguments: list[str]) -> int:
    if arguments:
        raise Stop("clean takes no arguments.")
    caches = [".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".import_linter_cache", "build", "dist"]
    folders = [TOOLS, *ROOT.glob(".venv*"), *(ROOT / name for name in caches)]
    for top in ("app", "relay", "resources", "tests", "scripts"):
        folders.extend((ROOT / top).rglob("__pycache__"))
    for folder in folders:
        if folder.is_dir() and not folder.is_symlink():
            shutil.rmtree(folder)
            say(f"removed {folder.relative_to(ROOT)}")
    return 0


COMMANDS = {
    "": begin,
    "gui": window,
    "demo": demo,
    "test": test,
    "check": check,
    "bench": bench,
    "soak": soak,
    "cli": start,
    "shots": shots,
    "build": build,
    "lock": lock,
    "doctor": doctor,
    "clean": clean,
}


def main(arguments: list[str]) -> int:
    try:
        if arguments and arguments[0] in {"-h", "--help", "help"}:
            print(__doc__)
            return 0
        name, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
        if name not in COMMANDS:
            say("There is no command '{}'. Commands: {}".format(name, " ".join(filter(None, COMMANDS))))
            return 2
        instead = hand_over()
        if instead:
            return subprocess.run([instead, str(ROOT / "run.py"), *arguments], check=False).returncode
        return COMMANDS[name](rest)
    except Stop as stop:
        say(str(stop))
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
