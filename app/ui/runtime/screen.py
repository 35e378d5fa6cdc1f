"""Whether a window can be shown here, asked before Qt is: Qt's own answer is to end the process.

Nothing here loads Qt's widgets, so that a library the system lacks is told in a sentence and not by a traceback.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

PLATFORM = "QT_QPA_PLATFORM"
NEEDS_NO_SCREEN = ("--help", "-h", "--screenshot")
SCREENS = {"WAYLAND_DISPLAY": "wayland", "DISPLAY": "xcb"}


def trouble(argv: list[str]) -> str | None:
    """Return why the window cannot start with these options; None when it can.

    With no screen, a picture of the window is drawn without one: that is set for the Qt of this process.
    """
    if not sys.platform.startswith("linux"):
        return None
    if PLATFORM not in os.environ and not any(os.environ.get(name) for name in SCREENS):
        if not any(word.startswith(NEEDS_NO_SCREEN) for word in argv):
            return (
                "There is no screen here: neither DISPLAY nor WAYLAND_DISPLAY is set. Every command works without one: "
                "ops1099 --help"
            )
        os.environ[PLATFORM] = "offscreen"
    try:
        load_platforms()
    except (ImportError, OSError) as error:
        library = str(error).split(":", maxsplit=1)[0]
        return f"The window needs a library that this system lacks: {library}. Install it, then start again."
    return None


def load_platforms(*more: str) -> None:
    """Load Qt's ways to the screens there are. Raises: OSError or ImportError, whose text begins with the library."""
    from PySide6.QtCore import QLibraryInfo  # noqa: PLC0415 - may fail, which is the question
    from PySide6.QtGui import QGuiApplication  # noqa: F401, PLC0415 - same

    plugins = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)) / "platforms"
    for name in platforms(*more):
        ctypes.CDLL(str(plugins / f"libq{name}.so"))


def platforms(*more: str) -> list[str]:
    if not sys.platform.startswith("linux"):
        return []
    chosen = os.environ.get(PLATFORM)
    if chosen:  # what the person chose may be of their own making
        return [*more, *(name for name in {*SCREENS.values(), "offscreen"} if name == chosen)]
    return [*more, *(name for variable, name in SCREENS.items() if os.environ.get(variable))]
