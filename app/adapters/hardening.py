"""What the system must not do with this process: write its memory to a disk, or let other programs look into it.

No core file is written on Linux and macOS, and the usual collectors of crashes keep none either. On Linux no program of
the same user can attach to a command or read its memory. The window is not closed off in that way: the desktop's portal
asks who a window is by looking into its process, and a window that it cannot look into gets no file dialog, no dark
mode and on some desktops no title bar (flatpak/xdg-desktop-portal issues 785 and 2141, bitwarden/clients issue 20915).
On Windows no crash report window comes up, which is what writes the dump; a debugger can still attach. Nobody can be
kept out who runs as administrator.
"""

from __future__ import annotations

import contextlib
import os
import sys

_PR_SET_DUMPABLE = 4
_NO_ERROR_BOXES = 0x0001 | 0x0002
"""SEM_FAILCRITICALERRORS and SEM_NOGPFAULTERRORBOX."""


def harden(*, is_window: bool = False) -> None:
    """Set what can be set; what the system refuses is left as it is."""
    os.umask(0o077)
    if sys.stdin is None or sys.stdout is None or sys.stderr is None:
        _fill_standard_streams()
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - takes a millisecond

        ctypes.windll.kernel32.SetErrorMode(_NO_ERROR_BOXES)
        return
    import resource  # noqa: PLC0415 - not on Windows

    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux" and not is_window:
        import ctypes  # noqa: PLC0415 - as above

        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def _fill_standard_streams() -> None:
    """Give streams that were closed the null device: else the next file that is opened, the books, would be stdout.

    An answer that cannot be given must not look given, so writing to stdout fails; stderr has nobody to tell.
    """
    for number, how in ((0, os.O_RDONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            opened = os.open(os.devnull, how)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
    if sys.stdin is None:
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - a descriptor, for the whole run
    if sys.stdout is None:
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - as above
    if sys.stderr is None:
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - as above
