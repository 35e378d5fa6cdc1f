"""Runs the program in a child that ends with 99 when it reaches for the network, another program or a foreign folder.

`python guarded.py FOLDER:FOLDER… ARGUMENTS…`: only below these folders files are written.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_NETWORK = ("socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname")
_PROGRAMS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile")
_PLACES = {"os.mkdir": 1, "os.remove": 1, "os.rmdir": 1, "os.rename": 2, "os.link": 2, "os.symlink": 2, "os.chmod": 1,
           "os.truncate": 1, "shutil.rmtree": 1}  # fmt: skip
_NEW = os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW


def guard(allowed: list[str]) -> None:
    def stop(words: str) -> None:
        os.write(2, f"GUARD: {words}\n".encode("utf-8", "replace"))
        os._exit(99)

    def check_place(event: str, place: object, folder: int, *, is_new: bool = False) -> None:
        if not isinstance(place, str | bytes | os.PathLike):
            return
        name = os.fsdecode(place)
        if name == os.devnull or (folder == -1 and event == "open" and os.sep not in name and is_new):
            return  # relative to an open folder, which this event does not tell; nothing may appear where we stand
        base = str(Path(f"/proc/self/fd/{folder}").readlink()) if folder != -1 else str(Path.cwd())
        real = os.path.realpath(os.path.join(base, os.path.dirname(name)))  # noqa: PTH118, PTH120 - bytes and dots too
        full = os.path.join(real, os.path.basename(name))  # noqa: PTH118, PTH119 - as above
        if not any(full == each or full.startswith(each + os.sep) for each in allowed):
            stop(f"{event} {full}")

    def look(event: str, arguments: tuple[object, ...]) -> None:
        if (event in _NETWORK and not _is_local(arguments)) or event in _PROGRAMS:
            stop(event)
        elif event == "open":
            place, mode, flags = arguments
            writes = isinstance(flags, int) and flags & _WRITES
            if writes or (isinstance(mode, str) and set(mode) & set("wax+")):
                check_place(event, place, -1, is_new=isinstance(flags, int) and flags & _NEW == _NEW)
        elif event in _PLACES:
            count = _PLACES[event]
            folders = [each for each in arguments[count:] if isinstance(each, int)][-count:]
            for number, place in enumerate(arguments[:count]):
                if event == "os.symlink" and number == 0:
                    continue
                folder = folders[min(number, len(folders) - 1)] if folders and event != "os.truncate" else -1
                check_place(event, place, folder)

    sys.addaudithook(look)


def _is_local(arguments: tuple[object, ...]) -> bool:
    """A socket of this machine's own desktop, such as its keychain's."""
    return any(isinstance(each, str) and each.startswith(("/", "\0")) for each in arguments)


if __name__ == "__main__":
    places = sys.argv[1].split(":")
    sys.argv = ["app", *sys.argv[2:]]
    sys.path.insert(0, str(ROOT))
    from app.__main__ import main

    guard([os.path.realpath(each) for each in places])
    sys.exit(main())
