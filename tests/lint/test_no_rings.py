"""No modules of the program need each other while they run, at whatever point they import."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def modules(package: str) -> dict[str, Path]:
    """Return the modules of a package by their dotted names."""
    found = {}
    for path in (ROOT / package).rglob("*.py"):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield (module, name) of every import that runs; those for types alone do not."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            for other in node.orelse:
                yield from imported(other)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.module, alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        else:
            yield from imported(node)


def needs(known: dict[str, Path]) -> dict[str, set[str]]:
    graph: dict[str, set[str]] = {}
    for name, path in known.items():
        wanted = {
            inner if (inner := f"{module}.{what}") in known else module
            for module, what in imported(ast.parse(path.read_text("utf-8")))
        }
        graph[name] = (wanted & known.keys()) - {name}
    return graph


@pytest.mark.parametrize("package", ["app", "relay"])
def test_no_modules_need_each_other(package: str) -> None:
    graph = needs(modules(package))
    assert sum(map(len, graph.values())) > len(graph), "the imports were read"
    TopologicalSorter(graph).prepare()


def test_a_ring_is_found() -> None:
    ring = {"a": {"b"}, "b": {"c"}, "c": {"a"}}
    with pytest.raises(CycleError):
        TopologicalSorter(ring).prepare()
    deep = ast.parse("def later():\n    from app.services.books import open_books\n")
    assert list(imported(deep)) == [("app.services.books", "open_books")]
    types = ast.parse("if TYPE_CHECKING:\n    from app.services.books import open_books\n")
    assert list(imported(types)) == []
