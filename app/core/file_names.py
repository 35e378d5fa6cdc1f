"""Names of files that stand on every system and cannot pretend to be something else."""

from __future__ import annotations

import unicodedata

LONGEST = 200
"""Bytes of a name made here: below what any file system holds, with room for a number or a date behind it."""
_LONGEST_CHOSEN = 255

RESERVED = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$", "clock$"}
    | {f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"}
)
"""Names of devices on Windows, whatever stands behind a dot."""

# fmt: off
PROGRAMS = frozenset({
    ".app", ".bat", ".cmd", ".com", ".command", ".desktop", ".dll", ".exe", ".hta", ".jar", ".js", ".lnk", ".msi",
    ".pif", ".ps1", ".scr", ".sh", ".url", ".vbs", ".wsf",
})
# fmt: on
"""Endings that some system runs, or takes for a place, on a double click."""

_FORBIDDEN = frozenset('<>:"/\\|?*')
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def safe_name(text: str, *, suffix: str = "", fallback: str = "file", longest: int = LONGEST) -> str:
    """Return a file name made from any text: it stays in its folder, on every system, and reads as it is.

    `suffix` is ours and stays whole. Equal texts give equal names; different texts may give the same one.
    """
    kept = "".join(_kept(each) for each in unicodedata.normalize("NFC", text))
    stem = " ".join(kept.split()).strip(". ")
    room = longest - len(suffix.encode())
    while len(stem.encode()) > room:
        # cut by whole letters; a mark without its letter would hang on what stands before
        stem = stem[: len(stem.encode()[:room].decode("utf-8", "ignore"))].rstrip(". ")
    if not stem:
        stem = fallback
    if is_reserved(stem):
        stem = f"_{stem}"
    name = stem + suffix
    return name if ending(name) not in PROGRAMS else f"{name}_"


def _kept(character: str) -> str:
    if character.isspace():
        return " "
    if unicodedata.category(character) in _INVISIBLE:
        return ""
    return "-" if character in _FORBIDDEN else character


def is_reserved(name: str) -> bool:
    """Return whether Windows takes a name for a device."""
    return name.partition(".")[0].rstrip(" ").casefold() in RESERVED


def ending(name: str) -> str:
    """Return what stands from the last dot on, in small letters: what decides which program opens a file."""
    dot = name.rfind(".")
    return name[dot:].casefold().rstrip(". ") if dot > 0 else ""


def trouble_with(name: str) -> str | None:
    """Return what is wrong with a name somebody chose for a new file, in words behind “it …”; None when nothing is."""
    if name in {"", ".", ".."}:
        return "names a folder"
    if any(unicodedata.category(each) in _INVISIBLE for each in name):
        return "has characters in it that cannot be seen"
    if "/" in name or "\\" in name or ":" in name:
        return "has “/”, “\\” or “:” in it, which some systems take for a place"
    if name.startswith("."):
        return "begins with a dot, so it would be hidden"
    if name[-1] in ". ":
        return "ends in a dot or a blank, which some systems drop"
    if is_reserved(name):
        return "is the name of a device on Windows"
    if ending(name) in PROGRAMS:
        return f"ends in “{ending(name)}”, which is run and not read"
    if len(name.encode("utf-8", "replace")) > _LONGEST_CHOSEN:
        return "is too long"
    return None
