"""What the tests need beside Python, and how each system installs it."""

from __future__ import annotations

import os
import shutil

from scripts.console import Stop, run, say

MANAGERS = ("apt-get", "dnf", "pacman", "zypper", "brew", "winget")
# What the tests run beside Python, and the package that brings it, in the order of MANAGERS; "" = not needed there.
TEST_PROGRAMS = {
    "gnome-keyring-daemon": ("gnome-keyring", "gnome-keyring", "gnome-keyring", "gnome-keyring", "", ""),
    "secret-tool": ("libsecret-tools", "libsecret", "libsecret", "libsecret-tools", "", ""),
    "dbus-run-session": ("dbus", "dbus-daemon", "dbus", "dbus-1", "", ""),
    "dbus-launch": ("dbus-x11", "dbus-x11", "dbus", "dbus-1-x11", "", ""),
    "pdftotext": ("poppler-utils", "poppler-utils", "poppler", "poppler-tools", "poppler", "oschwartz10612.Poppler"),
    "qpdf": ("qpdf", "qpdf", "qpdf", "qpdf", "qpdf", "QPDF.QPDF"),
}
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


def missing_packages(manager: str) -> list[str]:
    """Name the packages whose programs are not there, in the words of that package manager."""
    column = MANAGERS.index(manager) if manager else 0
    wanted = [row[column] for program, row in TEST_PROGRAMS.items() if not shutil.which(program)]
    return sorted({name for name in wanted if name})


def system_packages(manager: str, packages: list[str], *, root: bool) -> None:
    """Install with apt when this is root; else stop with the one line to enter."""
    if not packages:
        return
    if manager == "apt-get" and root:
        say("Installing " + " ".join(packages) + " …")
        env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
        apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Use-Pty=0"]
        run([*apt, "update"], env)
        if run([*apt, "install", "-y", "--no-install-recommends", *packages], env) == 0:
            return
        raise Stop("apt-get could not install " + " ".join(packages) + "; its own words stand above.")
    if not manager:
        raise Stop("Please install these programs, then start again: " + " ".join(packages))
    raise Stop("Programs are missing. Enter this line, then start again:\n" + install_line(manager, packages))


def install_line(manager: str, packages: list[str]) -> str:
    return INSTALL[manager] + " " + " ".join(packages)


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0
