"""No module of the program can put free text into the log, the audit log or onto stderr by way of a library."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.log_events import FIELDS, Event

ROOT = Path(__file__).parents[2]
LOGGERS = {"logs", "program_log", "log_files"}
AUDITS = {"audit", "audit_notes"}
FORBIDDEN_MODULES = {"logging", "traceback", "pdb", "cgitb"}
TEXT_MAKERS = {"str", "repr", "ascii", "format"}
TEXT_METHODS = {"join", "format", "format_map", "strip", "decode", "read_text", "as_posix"}
TEXT_OF_ERRORS = {"message", "hint", "args", "reason", "strerror", "filename", "__doc__", "__notes__"}
CODES = frozenset({"made.reason", "result.reason"})
"""Attributes of these names that are codes: why a backup was made."""
MAY_IMPORT_LOGGING = {"app/adapters/hooks.py"}
"""It takes the library in hand for the others; only for the checker of types."""


def complaints(source: str, name: str = "app/x.py") -> list[str]:
    """Return what a module does that could let a text out, with its line."""
    return [f"{line}: {what}" for node in ast.walk(ast.parse(source)) for line, what in _of(node, name)]


def _of(node: ast.AST, name: str) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.Import) and name not in MAY_IMPORT_LOGGING:
        for each in node.names:
            if each.name.partition(".")[0] in FORBIDDEN_MODULES:
                yield node.lineno, each.name
    if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in FORBIDDEN_MODULES:
        yield node.lineno, str(node.module)
    if isinstance(node, ast.Call):
        yield from _of_call(node)


def _of_call(call: ast.Call) -> Iterator[tuple[int, str]]:
    owner, function = _named(call.func)
    if owner == "" and function == "print":
        yield call.lineno, "print"
    if (owner == "warnings" and function in {"warn", "warn_explicit"}) or owner in {"logger", "logging", "log"}:
        yield call.lineno, f"{owner}.{function}"
    if owner == "sys" and function in {"__excepthook__", "__unraisablehook__", "__stderr__"}:
        yield call.lineno, f"{owner}.{function}"
    if function == "note" and (owner in LOGGERS or (owner == "" and _is_event(call))):
        yield from _of_note(call)
    if (owner in AUDITS and function in {"append", "note"}) or (owner == "" and function == "note"):
        for value in [*call.args[1:], *(each.value for each in call.keywords)]:
            if _makes_text(value):
                yield call.lineno, "text in an audit entry"
    if owner == "sys.stderr" and function == "write" and any(_is_error_text(each) for each in call.args):
        yield call.lineno, "an error's text on stderr"


def _of_note(call: ast.Call) -> Iterator[tuple[int, str]]:
    if not _is_event(call):
        yield call.lineno, "an event that is not named where it is noted"
        return
    event = Event[call.args[0].attr]  # type: ignore[attr-defined]
    if {each.arg for each in call.keywords} != set(FIELDS[event]) or len(call.args) != 1:
        yield call.lineno, f"{event} does not have these fields"
    for each in call.keywords:
        if _makes_text(each.value):
            yield call.lineno, f"text in the field {each.arg}"


def _is_event(call: ast.Call) -> bool:
    first = call.args[0] if call.args else None
    return isinstance(first, ast.Attribute) and first.attr in Event.__members__ and "Event" in ast.unparse(first.value)


def _named(function: ast.expr) -> tuple[str, str]:
    if isinstance(function, ast.Attribute):
        return ast.unparse(function.value), function.attr
    return "", function.id if isinstance(function, ast.Name) else ""


def _makes_text(value: ast.AST) -> bool:
    for node in ast.walk(value):
        if isinstance(node, ast.JoinedStr):
            return True
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mod, ast.Add)) and _has_text(node):
            return True
        if isinstance(node, ast.Attribute) and node.attr in TEXT_OF_ERRORS and ast.unparse(node) not in CODES:
            return True
        if isinstance(node, ast.Call):
            _, function = _named(node.func)
            if function in TEXT_METHODS or (isinstance(node.func, ast.Name) and function in TEXT_MAKERS - {"str"}):
                return True
            if function == "str" and not _is_code(node):
                return True
    return False


def _is_code(call: ast.Call) -> bool:
    """`str(mode)` of an enumeration is how its code is written; `str(error)` is a text."""
    names = {"mode", "event", "reason_code", "chosen"}
    return len(call.args) == 1 and isinstance(call.args[0], ast.Name) and call.args[0].id in names


def _has_text(node: ast.BinOp) -> bool:
    return any(isinstance(each, ast.Constant) and isinstance(each.value, str) for each in ast.walk(node))


def _is_error_text(value: ast.AST) -> bool:
    return any(
        isinstance(node, ast.Call) and _named(node.func) == ("", "str") and ast.unparse(node.args[0]) in {"error", "e"}
        for node in ast.walk(value)
        if not (isinstance(node, ast.Call) and not node.args)
    )


def modules() -> dict[str, str]:
    return {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in sorted((ROOT / "app").rglob("*.py"))}


def test_no_module_lets_a_text_out() -> None:
    texts = modules()
    assert len(texts) > 300
    found = {name: what for name, source in texts.items() if (what := complaints(source, name))}
    assert found == {}


def test_every_event_that_is_noted_is_found_by_this_lint() -> None:
    """The lint looks at calls by name: it must see those that are there."""
    noted = {
        call.args[0].attr  # type: ignore[attr-defined]
        for source in modules().values()
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call) and _named(call.func)[1] == "note" and _is_event(call)
    }
    assert {"IMPORT_DONE", "IMPORT_REFUSED", "FAULT", "COMMAND_REFUSED", "BOOKS_CLOSED", "QT_SAID"} <= noted


@pytest.mark.parametrize(
    "line",
    [
        "print('x')",
        "import logging",
        "def f():\n    from logging import getLogger",
        "logger.warning('read %s', name)",
        "logger.info(f'{name}')",
        "logging.error('x')",
        "import traceback",
        "warnings.warn(f'{path} is strange')",
        "warnings.warn('x')",
        "logs.note(Event.IMPORT_REFUSED, error=str(error), format=f, size=s, line=n, took=t)",
        "logs.note(Event.IMPORT_REFUSED, error=error.message, format=f, size=s, line=n, took=t)",
        "logs.note(Event.BOOKS_REFUSED, error=f'{error}')",
        "logs.note(Event.BOOKS_REFUSED, error='read %s' % name)",
        "logs.note(Event.BOOKS_REFUSED, error='read ' + name)",
        "logs.note(Event.BOOKS_REFUSED, error=' '.join(words))",
        "logs.note(Event.BOOKS_REFUSED, error='{}'.format(name))",
        "logs.note(Event.BOOKS_REFUSED, error=repr(error))",
        "logs.note(Event.BOOKS_REFUSED, error=code, text=name)",
        "logs.note(Event.BOOKS_REFUSED)",
        "logs.note(event, error=code)",
        "program_log.note(program_log.Event.BOOKS_REFUSED, error=f'{x}')",
        "note(Event.BOOKS_REFUSED, error=str(error))",
        "audit.append(c, k, at=a, event=f'{x}', body={})",
        "audit.append(c, k, at=a, event='x', body={'code': str(error)})",
        "audit_notes.note(books, 'backup.made', code=path.as_posix())",
        "note(books, 'backup.made', code=f'{path}')",
        "sys.stderr.write(str(error))",
    ],
)
def test_a_planted_text_is_found(line: str) -> None:
    assert complaints(line)


@pytest.mark.parametrize(
    "line",
    [
        "logs.note(Event.BOOKS_REFUSED, error=error.code)",
        "logs.note(Event.IMPORT_REFUSED, error=r.error.code, format=r.format, size=r.size, line=n, took=int(t * 1000))",
        "audit.append(c, k, at=a, event='undo' if undoes else 'change', body={'code': code, 'rows': rows})",
        "session.note(f'Saved {path}.')",
    ],
)
def test_codes_and_counts_are_left_alone(line: str) -> None:
    assert complaints(line) == []
