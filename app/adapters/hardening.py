"""What the system must not do with this process: write its memory to a disk, or let other programs look into it.

On Linux no core file is written and no program of the same user can attach or read the memory. On macOS no core file is
written. On Windows no crash report window comes up, which is what writes the dump; a debugger can still attach. Nobody
can be kept out who runs as administrator.
"""

from __future__ import annotations

import contextlib
import os
import sys

_PR_SET_DUMPABLE = 4
_NO_ERROR_BOXES = 0x0001 | 0x0002
"""SEM_FAILCRITICALERRORS and SEM_NOGPFAULTERRORBOX."""


def harden() -> None:
    """Set what can be set; what the system refuses is left as it is."""
    os.umask(0o077)
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - takes a millisecond

        ctypes.windll.kernel32.SetErrorMode(_NO_ERROR_BOXES)
        return
    import resource  # noqa: PLC0415 - not on Windows

    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415 - as above

        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
