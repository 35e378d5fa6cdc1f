"""What the frame shows of the books: their name, the open questions, the steps that can be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from app.services.books.open_books import Books
    from app.ui.runtime.tasks import Token


class FrameFacts(NamedTuple):
    name: str
    questions: int
    steps: int
    newest: str
    """What Undo would take back, in words; empty when there is nothing."""


def frame_facts(books: Books, _token: Token) -> FrameFacts:
    from app.services.books import history_words  # noqa: PLC0415 - the frame is painted before they load
    from app.services.review import questions as review  # noqa: PLC0415 - the frame is painted before they load
    from app.services.tax import profile  # noqa: PLC0415 - the frame is painted before they load

    steps = history_words.steps_to_undo(books)
    return FrameFacts(
        name=profile.businesses(books)[0].name,
        questions=review.count(books),
        steps=steps,
        newest=history_words.newest_label(books) or "",
    )
