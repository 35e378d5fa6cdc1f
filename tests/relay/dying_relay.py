"""Forks relays that die at a chosen line of an exchange: everything is loaded once, so each takes moments.

One order a line on stdin, as JSON; one answer a line. `config` with `at` starts a relay that kills itself before the
line of that number, counted from the first `status` on, and leaves a word about where in `place`; with `at` 0 it lives
and keeps the number of lines so far there; with -1 it is a relay as any. `wait` names a relay whose end is waited for.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Any

import relay
from relay import __main__ as program

_FOLDER = str(Path(relay.__file__).parent)
_WATCHED = frozenset({
    "links.py", "results.py", "plaid_gateway.py", "bounded_pool.py", "tokens.py", "sealing.py", "shared_state.py",
    "server.py",
})  # fmt: skip
_LOADED = ("plaid", "plaid.model.item_public_token_exchange_request", "uvicorn.lifespan.on", "relay.running")


def watch(at: int, place: Path) -> None:
    """Count the lines of the relay from the first `status` on, in every thread."""
    count, begun = 0, False

    def lines(frame: FrameType, event: str, _told: Any) -> Any:
        nonlocal count
        if event == "line":
            count += 1
            if count == at:
                place.write_text(f"{Path(frame.f_code.co_filename).name} {frame.f_code.co_name} {frame.f_lineno}")
                os.kill(os.getpid(), signal.SIGKILL)
            elif not at:
                place.write_text(str(count))
        return lines

    def calls(frame: FrameType, _event: str, _told: Any) -> Any:
        nonlocal begun
        folder, _, name = frame.f_code.co_filename.rpartition(os.sep)
        if folder != _FOLDER or name not in _WATCHED:
            return None
        begun = begun or (name, frame.f_code.co_name) == ("links.py", "status")
        return lines if begun else None

    threading.settrace(calls)
    sys.settrace(calls)


def run(order: dict[str, Any]) -> int:
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    if order["at"] >= 0:
        watch(order["at"], Path(order["place"]))
    return program.main(["serve", "--config", order["config"]])


def main() -> None:
    for name in _LOADED:
        importlib.import_module(name)
    for line in sys.stdin:
        order = json.loads(line)
        if "wait" in order:
            os.waitpid(order["wait"], 0)
            sys.stdout.write("ended\n")
        else:
            number = os.fork()
            if number == 0:
                os._exit(run(order))
            sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
