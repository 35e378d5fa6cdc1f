"""The entry point: `ops1099` and `python -m app`."""

from __future__ import annotations

import gc
import os
import sys
from typing import NoReturn

WINDOW = "gui"
FEED = "own-keys"
"""Started by the program itself, to read keys that shall not be in its memory."""


def main() -> int:
    _stand_in_for_closed_streams()
    if sys.argv[1:2] == [WINDOW]:
        from app import bootstrap  # noqa: PLC0415 - as below

        bootstrap.guard_process(is_window=True)
        return bootstrap.run_window(sys.argv[2:])
    if sys.argv[1:] == [FEED]:
        from app import bootstrap  # noqa: PLC0415 - as below

        bootstrap.guard_process()
        return bootstrap.feed_own_keys()
    # One command, then the process ends: looking for garbage cycles while modules load only costs time.
    gc.disable()
    try:
        from app import bootstrap  # noqa: PLC0415 - one place to start, nothing loaded on import

        bootstrap.guard_process()
        _end(bootstrap.run(sys.argv[1:]))
    except KeyboardInterrupt:
        return 130


def _stand_in_for_closed_streams() -> None:
    """Let nothing of ours be opened under the number of a stream that was closed: what is printed would land in it."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            if nowhere != number:
                os.dup2(nowhere, number)
                os.close(nowhere)
            setattr(sys, name, os.fdopen(number, "w" if number else "r", encoding="utf-8", closefd=False))


def _end(code: int) -> NoReturn:
    """End the process. The books are closed and all is printed: taking every object apart first only costs time."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    raise SystemExit(main())
