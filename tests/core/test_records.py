"""A record behaves as the library's named tuple: only the making of its class is shorter."""

from __future__ import annotations

import re
import subprocess
import sys
import types
import typing
from pathlib import Path

import pytest

from app.core.records import NamedTuple


class Row(NamedTuple):
    """One row."""

    name: str
    cents: int = 0
    """What moved."""

    @property
    def dollars(self) -> int:
        return self.cents // 100


class Secret(NamedTuple):
    key: bytes

    def __repr__(self) -> str:
        return "Secret()"


def test_a_record_is_a_tuple_with_names_and_defaults() -> None:
    row = Row("a", cents=250)
    assert row == ("a", 250)
    assert (Row("b").cents, row.dollars, row._replace(name="c")) == (0, 2, Row("c", 250))
    assert (Row._fields, Row._field_defaults) == (("name", "cents"), {"cents": 0})
    assert (Row.__doc__, Row.__module__, Row.__qualname__) == ("One row.", __name__, "Row")
    assert typing.get_type_hints(Row) == {"name": str, "cents": int}


def test_what_a_record_hides_stays_hidden() -> None:
    assert repr(Secret(b"violet")) == "Secret()"


def test_a_field_that_must_be_given_cannot_stand_behind_one_that_need_not() -> None:
    def body(names: dict[str, object]) -> None:
        names.update({"__module__": __name__, "__annotations__": {"a": "int", "b": "int"}, "a": 1})

    with pytest.raises(TypeError, match="without a default"):
        types.new_class("Wrong", (NamedTuple,), exec_body=body)


def test_what_every_command_loads_makes_its_records_in_the_shorter_way() -> None:
    probe = (
        "import sys, app.cli.main, app.services.opening, app.services.listing, app.services.reports\n"
        "import app.services.imports, app.services.knowledge, app.services.unit_of_work\n"
        "print(*(module.__file__ for name, module in sys.modules.items() if name.startswith('app.')), sep='\\n')"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    loaded = done.stdout.split("\n")[:-1]
    assert len(loaded) > 50
    longer = re.compile(r"^from typing import .*\bNamedTuple\b", re.MULTILINE)
    found = {name for name in loaded if longer.search(Path(name).read_text(encoding="utf-8"))}
    # One of twenty is not felt: who adds a module need not know of this.
    assert len(found) < len(loaded) / 20, sorted(found)
