"""What the connections of one home have worked out and need not work out again while the books stay as they are.

The window asks for the open questions and the figures of the year from several threads after each change, and each
answer costs a second with a hundred thousand open rows. Nothing here outlives the open books.
"""

from __future__ import annotations

from _thread import allocate_lock  # threading.Lock by its own name: a command has one thread and loads no more
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    import threading

    from app.core.errors import DamagedBooks
    from app.services.books.open_books import Books

T = TypeVar("T")


class Shared:
    """The newest answer to each question, with the state of the books it holds for."""

    def __init__(self) -> None:
        self.damage: DamagedBooks | None = None
        """The first damage that any of these connections met; from then on nothing is written."""
        self._held: dict[str, tuple[object, object]] = {}
        self._making: dict[str, threading.Lock] = {}

    def answer(self, name: str, state: object, make: Callable[[], T]) -> T:
        """Return the answer for a state; whoever asks while it is being made waits for it and does not make it too."""
        with self._making.setdefault(name, allocate_lock()):
            held = self._held.get(name)
            if held is None or held[0] != state:
                held = self._held[name] = (state, make())
            return cast("T", held[1])


def shared(books: Books, name: str, make: Callable[[], T], *more: Any) -> T:  # noqa: ANN401 - anything that compares
    """Return what `make` reads from the books, made once for each state of them and of `more`; never change it.

    Inside an open change it is always made afresh: what is not written yet holds for nobody else.
    """
    if books.is_changing:
        return make()
    with books.reading():
        return books.shared.answer(name, (books.state(), *more), make)
