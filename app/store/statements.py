"""Pieces of statements that depend on how many values go in: places, columns, keys in blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sized
from typing import TypeVar

Key = TypeVar("Key", int, str)

KEYS_AT_ONCE = 5000
"""Keys of one statement; the engine takes six times as many."""


def marks_of(values: Sized) -> str:
    """Return a place in a statement for each value."""
    return ",".join("?" * len(values))


def update_of(table: str, names: Iterable[str]) -> str:
    """Return a statement that sets columns of the row of an id; names come from the program, never from data."""
    return f"UPDATE {table} SET {', '.join(f'{name} = ?' for name in names)} WHERE id = ?"


def insert_into(table: str, names: Iterable[str]) -> str:
    """Return a statement that inserts a row of some columns; names come from the program, never from data."""
    columns = list(names)
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks_of(columns)})"


def blocks(keys: Iterable[Key], size: int = KEYS_AT_ONCE) -> Iterator[list[Key]]:
    """Yield keys in lists that one statement can take."""
    wanted = list(keys)
    for start in range(0, len(wanted), size):
        yield wanted[start : start + size]
