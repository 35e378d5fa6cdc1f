"""What kind of computer this is, as far as a report of a problem needs it: kinds and ranges, nothing that names it."""

from __future__ import annotations

import locale
import os
import platform
import re
import sys
from datetime import datetime
from pathlib import Path

from app.adapters import safe_files
from app.core.errors import AppError
from app.core.log_fields import OTHER, Bucket

UNKNOWN = "unknown"
SYSTEMS = ("linux", "macos", "windows", OTHER)
MACHINES = ("x86_64", "arm64", OTHER)
LANGUAGES = (
    "ar", "bn", "c", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fr", "he", "hi", "hu", "id", "it", "ja", "ko",
    "nl", "no", "pl", "pt", "ro", "ru", "sv", "th", "tl", "tr", "uk", "ur", "vi", "zh", OTHER,
)  # fmt: skip
KEYCHAINS = ("secret_service", "kwallet", "macos", "windows", "none")
INSTALLS = ("source", "pyinstaller", "appimage")
OFFSETS = Bucket(
    ((-9, "pacific"), (-4, "americas"), (-1, "atlantic"), (4, "europe_africa"), (9, "asia")), "asia_pacific"
)
"""Of hours to UTC: six ranges for the whole world."""
MEMORY = Bucket(
    ((3, "under_3gb"), (7, "under_7gb"), (15, "under_15gb"), (31, "under_31gb"), (63, "under_63gb")), "over_63gb"
)


def system() -> str:
    return {"linux": "linux", "darwin": "macos", "win32": "windows"}.get(sys.platform, OTHER)


def system_version() -> str:
    """Return the leading numbers of the version: what follows can be a name somebody gave to it."""
    return numbers(platform.mac_ver()[0] if sys.platform == "darwin" else platform.release(), parts=2)


def numbers(text: str, *, parts: int = 3) -> str:
    """Return the version a text begins with."""
    found = re.match(rf"\d{{1,5}}(?:\.\d{{1,5}}){{0,{parts - 1}}}", text)
    return found[0] if found else UNKNOWN


def machine() -> str:
    name = platform.machine().lower()
    return {"x86_64": "x86_64", "amd64": "x86_64", "arm64": "arm64", "aarch64": "arm64"}.get(name, OTHER)


def language() -> str:
    """Return the language of the system's texts, without its country."""
    try:
        name = (locale.getlocale()[0] or "c").partition("_")[0].lower()
    except ValueError:
        return OTHER
    return name if name in LANGUAGES else OTHER


def offset() -> str:
    """Return in which sixth of the world's time zones the system's clock stands."""
    shift = datetime.now().astimezone().utcoffset()
    return OFFSETS.take(int(shift.total_seconds() // 3600) if shift else 0)


def memory() -> str:
    try:
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return UNKNOWN
    return MEMORY.take(size >> 30)


def qt_version() -> str:
    from importlib import metadata  # noqa: PLC0415 - only for a report

    try:
        return numbers(metadata.version("PySide6-Essentials"))
    except metadata.PackageNotFoundError:
        return UNKNOWN


def keychain() -> str:
    """Return which of the trusted keychains this system offers, without asking it for anything."""
    from app.adapters.keychain import platform_backend  # noqa: PLC0415 - only for a report

    try:
        kind = type(platform_backend()).__module__
    except Exception:  # noqa: BLE001 - whatever a broken desktop raises, there is none to be used
        return "none"
    words = {"SecretService": "secret_service", "kwallet": "kwallet", "macOS": "macos", "Windows": "windows"}
    return next((word for part, word in words.items() if part in kind.split(".")), "none")


def install() -> str:
    if os.environ.get("APPIMAGE"):
        return "appimage"
    return "pyinstaller" if getattr(sys, "frozen", False) else "source"


def commit() -> str:
    """Return the state of the source this runs from, where it is known."""
    folder = Path(__file__).parents[2] / ".git"
    try:
        head = _first_line(folder / "HEAD")
        if head.startswith("ref: refs/heads/"):
            head = _first_line(folder / head.removeprefix("ref: "))
    except (AppError, ValueError):
        return UNKNOWN
    return head[:7] if re.fullmatch(r"[0-9a-f]{40}", head) else UNKNOWN


def _first_line(path: Path) -> str:
    return safe_files.read_limited(path, 1 << 10).decode("ascii").strip()
