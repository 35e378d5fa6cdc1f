"""What lies in a program PyInstaller made: whose modules, which paths, which libraries of the system."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from types import CodeType

from PyInstaller.archive.readers import CArchiveReader

# Comes from the system by intent: drivers and display servers must match it. The .deb and the README name them.
SYSTEM = re.compile(
    r"lib(c|m|dl|pthread|rt|util|resolv|anl|nsl|crypt)\.so\.\d+$"
    r"|ld-linux.*|linux-vdso.*|libGL.*|libEGL.*|libgbm\.so.*|libdrm\.so.*|libxcb\.so.1$|libxcb-dri.*|libxcb-present.*"
    r"|libcups\.so\.2$|libwayland-.*|libxshmfence\.so.*|libvulkan\.so.*"
)


def archive_modules(binary: Path) -> Iterator[tuple[str, CodeType]]:
    """Give every Python module in the program with its code."""
    archive = CArchiveReader(str(binary))
    table = archive.open_embedded_archive("PYZ.pyz")
    for name in table.toc:
        code = table.extract(name)
        if isinstance(code, CodeType):
            yield name, code


def module_names(binary: Path, folder: Path) -> set[str]:
    """Give the top-level names of all modules: those of the archive, and what lies beside it."""
    names = {name.split(".")[0] for name in CArchiveReader(str(binary)).open_embedded_archive("PYZ.pyz").toc}
    for path in (folder / "_internal").iterdir():
        if path.is_dir() or re.search(r"\.(abi3\.|cpython-.*)?(so|pyd)$", path.name):
            names.add(path.name.split(".")[0])
    return names


def distributions(modules: set[str], lock: str) -> tuple[set[str], set[str]]:
    """Give the distributions these modules are of, and those of them that the lock of what is shipped does not name."""
    owners = metadata.packages_distributions()
    inside = {canonical(owner) for module in modules for owner in owners.get(module, ())}
    shipped = {canonical(name) for name in re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)}
    return inside, inside - shipped - {"ops1099"}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def code_paths(code: CodeType) -> Iterator[str]:
    yield code.co_filename
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from code_paths(constant)


def machine_paths(binary: Path, folder: Path, places: tuple[str, ...]) -> list[str]:
    """Name the modules and files in which one of these stands; modules are looked into, for their archive is packed."""
    found = [
        name for name, code in archive_modules(binary) if any(path.startswith(places) for path in code_paths(code))
    ]
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            found.extend(str(path.relative_to(folder)) for place in places if place.encode() in content)
    return found


def unbundled_libraries(folder: Path) -> list[str]:
    """Name each library a bundled one is linked to that is neither in the bundle nor left to the system by intent."""
    bundled = {path.name for path in folder.rglob("*.so*")}
    wanted: dict[str, str] = {}
    for path in folder.rglob("*"):
        if path.is_symlink() or not path.is_file() or not is_elf(path):
            continue
        done = subprocess.run(["objdump", "-p", str(path)], capture_output=True, text=True, check=False)
        wanted.update((name, path.name) for name in re.findall(r"^\s*NEEDED\s+(\S+)", done.stdout, re.MULTILINE))
    return sorted(f"{name} ({by})" for name, by in wanted.items() if name not in bundled and not SYSTEM.fullmatch(name))


def is_elf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"
