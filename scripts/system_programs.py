"""The programs that the tests run, and how each system installs what is missing."""

from __future__ import annotations

import os
import shutil

from scripts.console import Stop, quietly, say

MANAGERS = ("apt-get", "dnf", "pacman", "zypper", "brew", "winget")
# What the tests run beside Python, and the package that brings it, in the order of MANAGERS; "" = not needed there.
TEST_PROGRAMS = {
    "gnome-keyring-daemon": ("gnome-keyring", "gnome-keyring", "gnome-keyring", "gnome-keyring", "", ""),
    "secret-tool": ("libsecret-tools", "libsecret", "libsecret", "libsecret-tools", "", ""),
    "dbus-run-session": ("dbus", "dbus-daemon", "dbus", "dbus-1", "", ""),
    "dbus-launch": ("dbus-x11", "dbus-x11", "dbus", "dbus-1-x11", "", ""),
    "pdftotext": ("poppler-utils", "poppler-utils", "poppler", "poppler-tools", "poppler", "oschwartz10612.Poppler"),
    "qpdf": ("qpdf", "qpdf", "qpdf", "qpdf", "qpdf", "QPDF.QPDF"),
    "Xvfb": ("xvfb", "xorg-x11-server-Xvfb", "xorg-server-xvfb", "xorg-x11-server-Xvfb", "", ""),
    "gcc": ("gcc", "gcc", "gcc", "gcc", "", ""),  # compiles what fails and kills the calls to the disk in tests/faults
    "xdotool": ("xdotool", "xdotool", "xdotool", "xdotool", "", ""),
    "redis-server": ("redis-server", "redis", "redis", "redis", "redis", ""),
}
# What `run.py build` runs besides: PyInstaller takes objdump and objcopy, we strip.
BUILD_PROGRAMS = {"strip": ("binutils", "binutils", "binutils", "binutils", "", "")}
# What only `run.py test --full` runs: other programs' opinion on what we write.
FULL_PROGRAMS = {
    "hledger": ("hledger", "hledger", "hledger", "hledger", "hledger", "simonmichael.hledger"),
    "soffice": (
        "libreoffice-calc-nogui", "libreoffice-calc", "libreoffice-still", "libreoffice-calc", "libreoffice",
        "TheDocumentFoundation.LibreOffice",
    ),
}  # fmt: skip
INSTALL = {
    "apt-get": "sudo apt-get update && sudo apt-get install -y --no-install-recommends",
    "dnf": "sudo dnf install",
    "pacman": "sudo pacman -S",
    "zypper": "sudo zypper install",
    "brew": "brew install",
    "winget": "winget install",
}


def package_manager() -> str:
    return next((name for name in MANAGERS if shutil.which(name)), "")


def wanted_programs(*, build: bool = False, full: bool = False) -> dict[str, tuple[str, ...]]:
    """Give the programs that the tests run, and those that the build or the full set of tests runs besides."""
    return {**TEST_PROGRAMS, **(BUILD_PROGRAMS if build or full else {}), **(FULL_PROGRAMS if full else {})}


def missing_packages(wanted: dict[str, tuple[str, ...]], manager: str) -> list[str]:
    """Name the packages whose programs are not there, in the words of that package manager."""
    column = MANAGERS.index(manager) if manager else 0
    names = {row[column] for program, row in wanted.items() if not shutil.which(program)}
    return sorted(names - {""})


def system_packages(manager: str, packages: list[str], *, root: bool) -> None:
    """Install with apt when this is root; else stop with the one line to enter."""
    if not packages:
        return
    if manager == "apt-get" and root:
        say("Installing, once: " + " ".join(packages) + " …")
        env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
        apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Use-Pty=0"]
        quietly([*apt, "update"], env)
        if quietly([*apt, "install", "-y", "--no-install-recommends", *packages], env):
            return
        raise Stop("apt-get could not install " + " ".join(packages) + "; its own words stand above.")
    if not manager:
        raise Stop("Please install these, then start again: " + " ".join(packages))
    line = install_line(manager, packages)
    raise Stop("This system lacks something that is needed. Enter this line, then start again:\n" + line)


def install_line(manager: str, packages: list[str]) -> str:
    return (INSTALL[manager] + " " if manager else "please install: ") + " ".join(packages)


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0
