"""The window never stands still for a search through everything that is held."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from app.ui.runtime.pauses import NoSearch


class Knot:
    """Holds itself: only a search for cycles finds it."""

    alive = 0

    def __init__(self) -> None:
        self.itself = self
        Knot.alive += 1

    def __del__(self) -> None:
        Knot.alive -= 1


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    gc.collect()
    gc.unfreeze()
    Knot.alive = 0
    yield
    gc.unfreeze()
    gc.enable()


def test_no_search_runs_while_any_work_does() -> None:
    search = NoSearch()
    search.begin()
    search.begin()
    search.end()
    assert not gc.isenabled()
    search.end()
    assert gc.isenabled()


def test_a_big_result_is_not_searched_again_until_the_books_are_locked() -> None:
    search = NoSearch()
    search.begin()
    rows = [[number] for number in range(30_000)]
    Knot()
    search.end()
    gc.collect()
    assert gc.get_freeze_count() >= len(rows)
    assert Knot.alive == 1

    search.thaw()

    assert gc.get_freeze_count() == 0
    assert Knot.alive == 0


def test_a_small_result_is_searched_as_ever() -> None:
    search = NoSearch()
    search.begin()
    Knot()
    search.end()
    gc.collect()
    assert Knot.alive == 0
