"""The system's libraries that Qt's wheels do not bring along, and how each system installs them.

A library is there when the dynamic loader finds it: that is what Qt will do, and asking for all of them costs a few
milliseconds, so it is asked at every start of the window and nothing has to be remembered.
"""

from __future__ import annotations

import ctypes
import os
import sys
import sysconfig
from pathlib import Path

from scripts.console import answer
from scripts.system_programs import MANAGERS

# A library that Qt loads, and the package that brings it, for the managers of Linux in the order of MANAGERS.
WIDGETS = {
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2", "glib2", "libglib-2_0-0"),
    "libGL.so.1": ("libgl1", "libglvnd-glx", "libglvnd", "Mesa-libGL1"),
    "libEGL.so.1": ("libegl1", "libglvnd-egl", "libglvnd", "Mesa-libEGL1"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon", "libxkbcommon", "libxkbcommon0"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus-libs", "dbus", "libdbus-1-3"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig", "fontconfig", "libfontconfig1"),
    "libfreetype.so.6": ("libfreetype6", "freetype", "freetype2", "libfreetype6"),
    "libX11.so.6": ("libx11-6", "libX11", "libx11", "libX11-6"),
    "libgssapi_krb5.so.2": ("libgssapi-krb5-2", "krb5-libs", "krb5", "krb5"),  # QtNetwork is linked to it
}
X11 = {
    "libX11-xcb.so.1": ("libx11-xcb1", "libX11-xcb", "libx11", "libX11-xcb1"),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0", "libxkbcommon-x11", "libxkbcommon-x11", "libxkbcommon-x11-0"),
    "libxcb-xkb.so.1": ("libxcb-xkb1", "libxcb", "libxcb", "libxcb-xkb1"),
    "libxcb-randr.so.0": ("libxcb-randr0", "libxcb", "libxcb", "libxcb-randr0"),
    "libxcb-render.so.0": ("libxcb-render0", "libxcb", "libxcb", "libxcb-render0"),
    "libxcb-shape.so.0": ("libxcb-shape0", "libxcb", "libxcb", "libxcb-shape0"),
    "libxcb-shm.so.0": ("libxcb-shm0", "libxcb", "libxcb", "libxcb-shm0"),
    "libxcb-sync.so.1": ("libxcb-sync1", "libxcb", "libxcb", "libxcb-sync1"),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0", "libxcb", "libxcb", "libxcb-xfixes0"),
    "libxcb-util.so.1": ("libxcb-util1", "xcb-util", "xcb-util", "libxcb-util1"),
    "libxcb-image.so.0": ("libxcb-image0", "xcb-util-image", "xcb-util-image", "libxcb-image0"),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1", "xcb-util-keysyms", "xcb-util-keysyms", "libxcb-keysyms1"),
    "libxcb-render-util.so.0": (
        "libxcb-render-util0", "xcb-util-renderutil", "xcb-util-renderutil", "libxcb-render-util0",
    ),
    "libxcb-icccm.so.4": ("libxcb-icccm4", "xcb-util-wm", "xcb-util-wm", "libxcb-icccm4"),
    "libxcb-cursor.so.0": ("libxcb-cursor0", "xcb-util-cursor", "xcb-util-cursor", "libxcb-cursor0"),
}  # fmt: skip
WAYLAND = {
    "libwayland-client.so.0": ("libwayland-client0", "libwayland-client", "wayland", "libwayland-client0"),
    "libwayland-cursor.so.0": ("libwayland-cursor0", "libwayland-cursor", "wayland", "libwayland-cursor0"),
    "libwayland-egl.so.1": ("libwayland-egl1", "libwayland-egl", "wayland", "libwayland-egl1"),
}
# Debian 13 and Ubuntu 24.04 have given these another name; the old one stays as a word for the new.
RENAMED = {"libglib2.0-0": "libglib2.0-0t64"}


def has_screen() -> bool:
    return not sys.platform.startswith("linux") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def wanted_libraries(*, every_screen: bool = False) -> dict[str, tuple[str, ...]]:
    """Give the libraries of a window on this screen, or of one on any X11 screen (the tests start one)."""
    if not sys.platform.startswith("linux"):
        return {}
    wanted: dict[str, tuple[str, ...]] = dict(WIDGETS)
    if every_screen or os.environ.get("DISPLAY"):
        wanted.update(X11)
    if os.environ.get("WAYLAND_DISPLAY"):
        wanted.update(WAYLAND)
    return wanted


def interpreter_library() -> dict[str, tuple[str, ...]]:
    """Give the library of this Python itself, which the built program brings along; Debian ships it apart."""
    if not sys.platform.startswith("linux"):
        return {}
    name = str(sysconfig.get_config_var("INSTSONAME") or "")
    place = Path(str(sysconfig.get_config_var("LIBDIR") or "")) / name
    if not name.startswith("libpython") or place.exists():
        return {}
    version = "{}.{}".format(*sys.version_info)
    return {name: ("libpython" + version, "python3-libs", "python", "libpython" + version.replace(".", "_") + "-1_0")}


def is_there(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing_libraries(wanted: dict[str, tuple[str, ...]], manager: str) -> list[str]:
    """Name what is not there: the packages in the words of that manager, or the libraries where there is none."""
    lacking = [library for library in wanted if not is_there(library)]
    column = MANAGERS.index(manager) if manager else len(MANAGERS)
    names = {wanted[each][column] if column < len(wanted[each]) else each for each in lacking}
    return sorted(name_here(name) if manager == "apt-get" else name for name in names)


def name_here(package: str) -> str:
    """Give the name of a Debian package on this release."""
    new = RENAMED.get(package)
    return new if new and answer(["apt-cache", "show", "--no-all-versions", new]) else package
