"""The environment: made without pip, filled to exactly one lock file, stamped so that the next start does nothing.

A bare Debian has neither venv's ensurepip nor the right to `pip install`: the environment is made empty, and uv (pinned
by hash, in .tools) or the system's pip installs into it from outside.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import sys
import time
from pathlib import Path

from scripts.console import PLAIN, ROOT, WINDOWS, Stop, answer, run, say
from scripts.pythons import VERSION_PROBE, fits
from scripts.system_programs import is_root, package_manager, system_packages

REQUIREMENTS = ROOT / "requirements"
TOOLS = ROOT / ".tools"
VENV = ROOT / ".venv"
WHEELS = ("--only-binary", ":all:", "--require-hashes")  # a build from source would run code no hash covers
# This one is published as source only. It is built by the setuptools of build.lock, so a hash covers that too.
FROM_SOURCE = "plaid-python"
# How a pip setting is called for uv, which does not read pip's configuration.
PIP_TO_ENVIRONMENT = {"cert": "SSL_CERT_FILE", "index-url": "UV_DEFAULT_INDEX", "proxy": "ALL_PROXY"}


def python_of(venv: Path) -> Path:
    return venv / "Scripts" / "python.exe" if WINDOWS else venv / "bin" / "python"


def fingerprint(venv: Path, inputs: list[Path]) -> str:
    """Digest of all that an environment is made from: the locks, this module, its Python and its place."""
    digest = hashlib.sha256()
    python = python_of(venv)
    digest.update(repr((str(venv), os.path.realpath(python), python.exists())).encode())
    for path in [*inputs, venv / "pyvenv.cfg"]:
        digest.update(path.read_bytes() if path.exists() else b"")
        digest.update(b"\0")
    return digest.hexdigest()


def environment_inputs() -> list[Path]:
    return [REQUIREMENTS / "app.lock", REQUIREMENTS / "dev.lock", ROOT / "pyproject.toml", Path(__file__)]


def stamped(venv: Path) -> tuple[str, str]:
    """Give (level, fingerprint) of the last finished set-up; level "dev" holds all of "app"."""
    stamp = venv / "ops1099-stamp"
    words = stamp.read_text(encoding="utf-8").split() if stamp.exists() else []
    return (words[0], words[1]) if len(words) == 2 else ("", "")


def is_ready(venv: Path, level: str, inputs: list[Path]) -> bool:
    had, digest = stamped(venv)
    return had in {level, "dev"} and digest == fingerprint(venv, inputs)


def prepare(level: str, venv: Path = VENV, base: str = sys.executable) -> str:
    """Bring an environment to the locked state ("app" or "dev") and give its Python."""
    inputs = environment_inputs()
    if not is_ready(venv, level, inputs):
        TOOLS.mkdir(exist_ok=True)
        with (TOOLS / "lock").open("w", encoding="utf-8") as lock:
            wait_for(lock.fileno())
            if not is_ready(venv, level, inputs):
                set_up("dev" if stamped(venv)[0] == "dev" else level, venv, base)
    return str(python_of(venv))


def wait_for(descriptor: int) -> None:
    """Hold a file until it is closed: two starts at once must not build the same environment."""
    if WINDOWS:
        import msvcrt  # noqa: PLC0415 - exists on Windows only

        msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined, unused-ignore]
    else:
        import fcntl  # noqa: PLC0415 - exists everywhere else only

        fcntl.flock(descriptor, fcntl.LOCK_EX)


def set_up(level: str, venv: Path, base: str) -> None:
    started = time.monotonic()
    say(f"Setting up {venv.name} ({level}), once …")
    python = str(python_of(venv))
    probe = f"{VERSION_PROBE}; import os; print(os.path.realpath(sys.prefix))"
    version, _, place = answer([python, "-I", "-c", probe]).partition("\n")
    if place.strip() != os.path.realpath(venv) or not fits([int(part) for part in version.split(".")]):
        shutil.rmtree(venv, ignore_errors=True)
        if run([base, "-m", "venv", "--without-pip", str(venv)]) != 0:
            raise Stop(f"{base} -m venv failed; its own words stand above.")
    install(level, python, base)
    make_importable(venv)
    compile_ahead(venv, python)
    (venv / "ops1099-stamp").write_text(level + " " + fingerprint(venv, environment_inputs()), encoding="utf-8")
    say(f"Ready after {time.monotonic() - started:.0f} s.")


# No process is started to find out where this lies, and no module is looked up by name: each start would feel it.
LAUNCHER = """\
#!/bin/sh
own=$0
if [ -L "$own" ]; then own=$(readlink -f -- "$own"); fi
exec "${own%/*}/python" -P -c 'import sys; from PART.__main__ import main; sys.exit(main())' "$@"
"""
COMMANDS = {"ops1099": "app", "ops1099-relay": "relay"}


def make_importable(venv: Path) -> None:
    """Put the checkout on the environment's path and the project's commands into it, without building a wheel.

    Both hold relative paths only, so that neither encoding nor blanks in the checkout's path matter.
    """
    site = next((venv / "Lib").glob("site-packages"), None) or next((venv / "lib").glob("python3*/site-packages"))
    (site / "ops1099.pth").write_text(os.path.relpath(ROOT, site) + "\n", encoding="utf-8")
    for name, part in COMMANDS.items():
        if WINDOWS:
            command = venv / "Scripts" / f"{name}.cmd"
            command.write_text(f'@"%~dp0python.exe" -P -m {part} %*\n', encoding="utf-8")
        else:
            command = venv / "bin" / name
            command.write_text(LAUNCHER.replace("PART", part), encoding="utf-8")
            command.chmod(0o755)


STARTED_OFTEN = ("sqlcipher3", "cryptography", "platformdirs", "keyring", "secretstorage", "jeepney", "typst")


def compile_ahead(venv: Path, python: str) -> None:
    """Compile what every start loads: where Python may not write bytecode, each start would compile it anew.

    A failure costs only time, so it is no reason to stop.
    """
    site = next((venv / "Lib").glob("site-packages"), None) or next((venv / "lib").glob("python3*/site-packages"))
    places = [str(ROOT / "app"), *(str(site / name) for name in STARTED_OFTEN if (site / name).is_dir())]
    run([python, "-m", "compileall", "-q", *places])


def pip_command(base: str, python: str) -> list[str]:
    options = ["--disable-pip-version-check", "--no-input"]
    for candidate in (base, sys.executable):
        if answer([candidate, "-m", "pip", "--version"]):
            return [candidate, "-m", "pip", *options]
    if importlib.util.find_spec("ensurepip") and run([python, "-m", "ensurepip"]) == 0:
        return [python, "-m", "pip", *options]
    if package_manager() == "apt-get":
        system_packages("apt-get", ["python3-pip"], root=is_root())
        return [base, "-m", "pip", *options]
    raise Stop("pip is missing; install the package python3-pip (or python3-venv) and start again.")


def uv_environment(pip: list[str]) -> dict[str, str]:
    """Carry certificate, index and proxy of pip's variables and files over to uv."""
    env = dict(os.environ)
    for line in answer([*pip, "config", "list"]).splitlines():
        key, _, value = line.partition("=")
        name = PIP_TO_ENVIRONMENT.get(key.rsplit(".", 1)[-1])
        if name:
            env.setdefault(name, value.strip("'\""))
    if "REQUESTS_CA_BUNDLE" in env:
        env.setdefault("SSL_CERT_FILE", env["REQUESTS_CA_BUNDLE"])
    if PLAIN:
        env.update(UV_NO_PROGRESS="1", NO_COLOR="1")
    return env


def uv_program(pip: list[str]) -> str:
    """Give the path of the pinned uv, fetched into .tools when needed; "" where it cannot be had."""
    lock = REQUIREMENTS / "tools.lock"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    stamp = TOOLS / "stamp"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        target = ["--target", str(TOOLS), "--upgrade", "--quiet", "--root-user-action", "ignore"]
        if run([*pip, "install", *target, *WHEELS, "-r", str(lock)]) != 0:
            return ""
        stamp.write_text(wanted, encoding="utf-8")
    places = (TOOLS / "bin" / "uv", TOOLS / "bin" / "uv.exe", TOOLS / "Scripts" / "uv.exe")
    return next((str(place) for place in places if place.exists()), "")


def install(level: str, python: str, base: str) -> None:
    """Install exactly one lock file, every download checked against its hash: with uv, else with pip (slower)."""
    build, lock = str(REQUIREMENTS / "build.lock"), str(REQUIREMENTS / (level + ".lock"))
    source = ["--no-binary", FROM_SOURCE]
    pip = pip_command(base, python)
    uv = uv_program(pip)
    if uv:
        quiet, env = ["--quiet", "--python", python, *WHEELS], uv_environment(pip)
        built = [*source, "--no-build-isolation"]
        first = run([uv, "pip", "install", *quiet, "-r", build], env)
        if first == 0 and run([uv, "pip", "sync", *quiet, *built, lock], env) == 0:
            return
    say("uv did not work here; pip does the same more slowly …")
    plain = [*pip, "--python", python, "install", "--quiet", "--root-user-action", "ignore", *WHEELS]
    if run([*plain, "-r", build]) != 0 or run([*plain, *source, "--no-build-isolation", "-r", lock]) != 0:
        raise Stop("The packages could not be installed; the reason stands above. Is this machine online?")
