"""Starts children that do real work on real books, quickly: it loads the program once and forks for each.

It reads one request a line and answers with one line. A child says when it begins; if a time to live was asked for, it
is killed that long after. The shim is loaded into this process and armed in the child alone.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import select
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from faults import works

MODES = {"count": 1, "fail": 2, "kill": 3, "kill_inside": 4}
HANGS_AFTER = 120.0
SHIM = ctypes.CDLL(sys.argv[1])


def arm(fault: dict[str, Any], below: str) -> None:
    log = -1
    if fault.get("log"):
        log = os.open(fault["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
    number, lasting = fault.get("errno", 0), int(fault.get("lasting", False))
    if fault.get("boot"):
        SHIM.fault_boot(fault["boot"].encode())
    SHIM.fault_arm(MODES[fault["mode"]], ctypes.c_long(fault.get("at", 0)), number, lasting, below.encode(), log)


def limit(limits: dict[str, int]) -> None:
    if "file_size" in limits:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limits["file_size"],) * 2)
    if "memory" in limits:
        resource.setrlimit(resource.RLIMIT_AS, (limits["memory"],) * 2)
    if "powerless" in limits and os.geteuid() == 0:
        # root without its powers is a user like others: what a mode forbids is forbidden
        head, sets = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
        assert ctypes.CDLL(None).capset(head, sets) == 0


def child(request: dict[str, Any], ready: int, answers: dict[int, int]) -> int:
    """Do the work of one request in this new process and return its exit code."""
    for descriptor, target in answers.items():
        os.dup2(target, descriptor)
    work = works.WORKS[request["work"]]
    limit(request.get("limits", {}))
    if request.get("fault"):
        arm(request["fault"], request["fault"].get("below") or request["home"])
    os.write(ready, b"READY\n")
    code = 1
    try:
        code = work(request)
        sys.stdout.flush()
    except BaseException:  # noqa: BLE001 - whatever it was, the test is told, and this process ends here
        import traceback

        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os.write(ready, b"%d\n" % SHIM.fault_count())
    return code


def serve(request: dict[str, Any]) -> dict[str, Any]:
    reading, writing = os.pipe()
    # Answers go through memory first: a limit on files, or a full disk, must not hit them.
    answers = {number: os.pipe() for number in (1, 2)}
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
            code = child(request, writing, {number: ends[1] for number, ends in answers.items()})
        finally:
            os._exit(code)
    os.close(writing)
    texts = {number: drain(ends) for number, ends in answers.items()}
    select.select([reading], [], [], HANGS_AFTER)
    said = os.read(reading, 64)
    begun = time.monotonic()
    lives = request.get("lives")
    hangs = signal.sigtimedwait({signal.SIGCHLD}, HANGS_AFTER if lives is None else lives) is None
    if hangs:
        os.kill(pid, signal.SIGKILL)
        signal.sigwaitinfo({signal.SIGCHLD})
    _, status, used = os.wait4(pid, 0)
    seconds = time.monotonic() - begun
    said += os.read(reading, 64)
    os.close(reading)
    words = said.split()
    return {
        "code": os.waitstatus_to_exitcode(status),
        "out": texts[1](),
        "err": texts[2](),
        "hung": hangs and lives is None,
        "ready": words[:1] == [b"READY"],
        "count": int(words[1]) if len(words) > 1 else None,
        "seconds": seconds,
        "cpu": used.ru_utime + used.ru_stime,
        "peak_kib": used.ru_maxrss,
    }


def drain(ends: tuple[int, int]) -> Callable[[], str]:
    """Read a pipe on a thread until all its writers are gone; return what gives the text."""
    os.close(ends[1])
    parts: list[bytes] = []

    def read() -> None:
        with open(ends[0], "rb") as file:  # noqa: PTH123 - a descriptor
            parts.append(file.read())

    thread = threading.Thread(target=read)
    thread.start()

    def text() -> str:
        thread.join()
        return b"".join(parts).decode("utf-8", "replace")

    return text


def main() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    works.load()
    for line in sys.stdin:
        print(json.dumps(serve(json.loads(line))), flush=True)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    main()
