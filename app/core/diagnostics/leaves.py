"""What a report of a problem may be made of: words of closed lists, bounded numbers, short codes of a fixed pattern.

There is no leaf for text. A value is checked when the report is made, and refused when it does not fit: a report is an
allow-list by construction, not a dump with things taken out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeAlias

Value: TypeAlias = "int | str | Sequence[Value] | Mapping[str, Value]"


class Unfit(ValueError):
    """A value that no report may hold; says where it stands, never what it is."""


class Leaf(Protocol):
    def check(self, value: object, where: str) -> None:
        """Raises: Unfit."""

    def schema(self) -> dict[str, object]:
        """Return its JSON Schema."""


class Choice:
    """A word of a closed list."""

    def __init__(self, *values: str) -> None:
        self.values = frozenset(values)

    def check(self, value: object, where: str) -> None:
        if not isinstance(value, str) or value not in self.values:
            raise Unfit(where)

    def schema(self) -> dict[str, object]:
        return {"enum": sorted(self.values)}


class Number:
    def __init__(self, lowest: int, highest: int) -> None:
        self._lowest, self._highest = lowest, highest

    def check(self, value: object, where: str) -> None:
        if type(value) is not int or not self._lowest <= value <= self._highest:
            raise Unfit(where)

    def schema(self) -> dict[str, object]:
        return {"type": "integer", "minimum": self._lowest, "maximum": self._highest}


class Code:
    """A short text of a fixed pattern, which leaves no room for a word of anyone's."""

    def __init__(self, pattern: str, longest: int) -> None:
        self._pattern, self._longest = re.compile(pattern), longest

    def check(self, value: object, where: str) -> None:
        if not isinstance(value, str) or len(value) > self._longest or not self._pattern.fullmatch(value):
            raise Unfit(where)

    def schema(self) -> dict[str, object]:
        return {"type": "string", "pattern": f"^(?:{self._pattern.pattern})$", "maxLength": self._longest}


class ListOf:
    def __init__(self, each: Leaf, longest: int) -> None:
        self._each, self._longest = each, longest

    def check(self, value: object, where: str) -> None:
        if not isinstance(value, list) or len(value) > self._longest:
            raise Unfit(where)
        for item in value:
            self._each.check(item, where + "[]")

    def schema(self) -> dict[str, object]:
        return {"type": "array", "items": self._each.schema(), "maxItems": self._longest}


class Shape:
    """An object with exactly these members."""

    def __init__(self, members: Mapping[str, Leaf]) -> None:
        self._members = dict(members)

    def check(self, value: object, where: str) -> None:
        if not isinstance(value, dict) or value.keys() != self._members.keys():
            raise Unfit(where)
        for name, leaf in self._members.items():
            leaf.check(value[name], f"{where}.{name}")

    def schema(self) -> dict[str, object]:
        return {
            "type": "object", "properties": {name: leaf.schema() for name, leaf in self._members.items()},
            "required": sorted(self._members), "additionalProperties": False,
        }  # fmt: skip


def rows_of(names: Iterable[str], each: Leaf) -> Shape:
    """Return the shape of an object with the same leaf under every name."""
    return Shape(dict.fromkeys(names, each))


DAY = Code(r"20\d\d-[01]\d-[0-3]\d", 10)
VERSION = Code(r"unknown|\d{1,5}(?:\.\d{1,5}){0,2}", 20)
SHA256 = Code(r"[0-9a-f]{64}", 64)
