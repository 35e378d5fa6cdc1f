"""Everything Python would print by itself ends here: an event in the log, and at most one calm sentence on stderr.

Python and the libraries print errors with their texts and the lines of code around them, and a text can hold anything.
So uncaught errors of any thread, errors nobody can catch, warnings and records of libraries are told by their class and
place alone. The modules that some of it belongs to load only when something needs them; they are taken in hand then.
"""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType, TracebackType
from typing import TYPE_CHECKING, Any

from app.adapters import logs, safe_files
from app.core.errors import AppError

if TYPE_CHECKING:
    import logging
    import threading
    from importlib.abc import Loader
    from importlib.machinery import ModuleSpec

SENTENCE = "Something broke inside 1099 Ops. Its log says where; your books are whole.\n"
CRASH_FILE = "crash.trace"


def install() -> None:
    """Take over what this process would print."""
    sys.excepthook = _uncaught
    sys.unraisablehook = _unraisable
    import warnings  # noqa: PLC0415 - Python has loaded it

    warnings.showwarning = _warned
    _when_loaded({"logging": _quiet_logging, "threading": _quiet_threads})


def tell(thread: str, kind: type[BaseException], trace: TracebackType | None) -> None:
    """Note an error that nobody caught, by class and place."""
    from app.core import faults  # noqa: PLC0415 - nothing breaks in most runs
    from app.core.log_events import Event  # noqa: PLC0415

    logs.note(Event.FAULT, thread=thread, kind=faults.kind_of(kind), places=faults.places(trace))


def say(text: str) -> None:
    """Write a sentence of ours for whoever started the program in a terminal; a window without one has no stderr."""
    with contextlib.suppress(OSError, ValueError):
        if sys.stderr is not None:
            sys.stderr.write(text)


def _uncaught(kind: type[BaseException], _error: BaseException | None, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    tell("main", kind, trace)
    say(SENTENCE)


def _unraisable(unraisable: sys.UnraisableHookArgs) -> None:
    tell("unraisable", unraisable.exc_type, unraisable.exc_traceback)


def _warned(
    message: Warning | str,  # noqa: ARG001 - what Python hands over, texts and all
    category: type[Warning],
    filename: str,  # noqa: ARG001
    lineno: int,  # noqa: ARG001
    file: object = None,  # noqa: ARG001
    line: object = None,  # noqa: ARG001
) -> None:
    from app.core import faults  # noqa: PLC0415 - as above
    from app.core.log_events import Event  # noqa: PLC0415

    logs.note(Event.WARNED, kind=faults.kind_of(category))


def _quiet_threads(module: Any) -> None:  # noqa: ANN401 - a module
    def ended(args: threading.ExceptHookArgs) -> None:
        if not issubclass(args.exc_type, SystemExit):
            tell("thread", args.exc_type, args.exc_traceback)
            say(SENTENCE)

    module.excepthook = ended


def _quiet_logging(module: Any) -> None:  # noqa: ANN401 - a module
    """Let records of libraries lose their texts where they are made, so that no handler of any library has them."""
    make = module.getLogRecordFactory()

    def without_text(name: str, level: int, *_rest: object, **_more: object) -> logging.LogRecord:
        record: logging.LogRecord = make(name, level, "", 0, "A library said something.", (), None)
        _noted(name, level)
        return record

    module.setLogRecordFactory(without_text)
    module.lastResort = module.NullHandler()
    module.raiseExceptions = False


def _noted(name: str, level: int) -> None:
    if level < 30:
        return
    from app.core.log_events import Event  # noqa: PLC0415 - as above

    word = "warning" if level < 40 else "error" if level < 50 else "critical"
    logs.note(Event.LIBRARY_SAID, library=name.partition(".")[0], level=word)


def _when_loaded(wanted: dict[str, Callable[[ModuleType], None]]) -> None:
    waiting = {}
    for name, then in wanted.items():
        if name in sys.modules:
            then(sys.modules[name])
        else:
            waiting[name] = then
    if waiting:
        sys.meta_path.insert(0, _Watch(waiting))


class _Watch:
    """Waits for modules to be loaded the ordinary way; gone when all are there.

    A finder and a loader by their methods alone: the base classes would take 3 ms to load.
    """

    def __init__(self, waiting: dict[str, Callable[[ModuleType], None]]) -> None:
        self._waiting = waiting

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in self._waiting:
            return None
        then = self._waiting.pop(fullname)
        if not self._waiting:
            sys.meta_path.remove(self)
        for finder in sys.meta_path:
            spec = None if finder is self else finder.find_spec(fullname, path, target)
            if spec is not None and spec.loader is not None:
                spec.loader = _Then(spec.loader, then)  # type: ignore[assignment]  # see _Watch
                return spec
        return None


class _Then:
    """Loads as another loader does, then does one more thing."""

    def __init__(self, loader: Loader, then: Callable[[ModuleType], None]) -> None:
        self._loader = loader
        self._then = then

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)
        self._then(module)


# --- crashes of the machine code below Python

_crash_files: list[safe_files.Appender] = []
_FRAME = r'File "[^"]*[/\\](app[/\\][a-z0-9_/\\]+)\.py", line (\d+) in ([A-Za-z_<>]+)'


def watch_for_crashes(home: Path) -> None:
    """Let a crash of a library below Python leave its place in the home; what the last one left goes into the log."""
    import faulthandler  # noqa: PLC0415 - for the window

    path = home / logs.FOLDER / CRASH_FILE
    if not path.parent.is_dir() or path.parent.is_symlink():
        return
    with contextlib.suppress(AppError):
        left = safe_files.read_limited(path, 1 << 20).decode("utf-8", "replace")
        if left.strip():
            _note_crash(left)
    safe_files.remove(path)
    with contextlib.suppress(AppError, OSError, ValueError):
        file = safe_files.Appender(path)
        faulthandler.enable(file.fileno())
        _crash_files.append(file)  # open as long as the process is


def _note_crash(left: str) -> None:
    from app.core.log_events import Event  # noqa: PLC0415 - as above

    thread = left.partition("Current thread")[2].partition("\n\n")[0]
    found = [
        f"{path.replace(chr(92), '.').replace('/', '.')}:{function}:{line}"
        for path, line, function in re.findall(_FRAME, thread)
    ]
    logs.note(Event.NATIVE_CRASH, places=found[::-1])
