"""Named tuples that are made in half the time; for the modules that every command loads.

The library's own reads the type of every field as an expression while the class is made, and a command makes a hundred
such classes. Types are for the type checker, which sees the library's own here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = ["NamedTuple"]

if TYPE_CHECKING:
    from typing import NamedTuple
else:
    from collections import namedtuple

    _NOT_TAKEN = frozenset(
        {"__module__", "__qualname__", "__annotations__", "__firstlineno__", "__static_attributes__"}
    )

    class _Making(type):
        """Makes a tuple of the fields that are written in a class."""

        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, object]) -> type:
            if not bases:
                return super().__new__(cls, name, bases, body)
            types = body["__annotations__"]
            fields = tuple(types)
            defaults = [body[field] for field in fields if field in body]
            if not all(field in body for field in fields[len(fields) - len(defaults) :]):
                raise TypeError(f"{name}: a field without a default behind one that has one")
            made = namedtuple(name, fields, defaults=defaults, module=body["__module__"])  # noqa: PYI024 - this is it
            made.__qualname__ = body["__qualname__"]
            made.__annotations__ = made.__new__.__annotations__ = types
            for key, value in body.items():
                if key not in types and key not in _NOT_TAKEN:
                    setattr(made, key, value)
            return made

    class NamedTuple(metaclass=_Making):
        """What a class of fields is derived from; `typing.NamedTuple` tells how."""
