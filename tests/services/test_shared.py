"""What several connections ask for is worked out once, and never shown for books that have changed since."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.core.dates import year_of
from app.services.books.open_books import Books
from app.services.derived import derive
from app.services.review import effects, questions
from app.services.review.questions import Answered
from app.services.tax import taxes
from app.store.row_filter import Filter


@pytest.fixture
def readers(sample: Books) -> Iterator[tuple[Books, Books]]:
    made = sample.reader(), sample.reader()
    yield made
    for reader in made:
        reader.close()


def test_two_readers_get_the_very_same_questions(readers: tuple[Books, Books]) -> None:
    first, second = readers

    assert questions.items(first)[0] is questions.items(second)[0]
    assert effects.engine(first) is effects.engine(second)


def test_an_answer_is_seen_by_everyone_at_once(sample: Books, readers: tuple[Books, Books]) -> None:
    reader = readers[0]
    asked = questions.items(reader)
    wanted = next(item for item in asked if item.type == "classify")
    before = effects.engine(reader)

    questions.answer(sample, wanted.id, Answered(choice=1))

    assert wanted.id not in {item.id for item in questions.items(reader)}
    assert effects.engine(reader) is not before


def test_a_reader_that_looks_at_an_older_moment_keeps_to_it(sample: Books, readers: tuple[Books, Books]) -> None:
    old, new = readers
    wanted = next(item for item in questions.items(old) if item.type == "classify")
    with old.reading():
        count = len(questions.items(old))
        questions.answer(sample, wanted.id, Answered(choice=1))
        assert len(questions.items(new)) < count
        assert len(questions.items(old)) == count
    assert len(questions.items(old)) < count


def test_a_try_leaves_nothing_behind(sample: Books, readers: tuple[Books, Books]) -> None:
    ids = [item.id for item in questions.items(readers[0])]
    wanted = next(item for item in questions.items(sample) if item.type == "classify")

    _, remaining = questions.answer(sample, wanted.id, Answered(choice=1), dry_run=True)

    assert remaining == len(ids)
    assert [item.id for item in questions.items(readers[0])] == ids


def test_inside_an_open_change_the_figures_are_those_of_the_change(sample: Books) -> None:
    year, day = taxes.as_of_day(sample, None, None)
    before = taxes.net_profit(sample, year, day)
    with pytest.raises(ZeroDivisionError), sample.work.operation("edit") as work:
        listed = sample.transactions.listed(Filter(), 0)
        row = next(row for row in listed if row.kind == "income" and year_of(row.tax_date) == year)
        work.touch([row.id])
        sample.decisions.decide(
            row.id, sample.decisions.get(row.id)._replace(kind="personal", line="NONE", percent=10_000)
        )
        derive.settle(work)  # the own last step of a change, looked at before it is closed
        assert taxes.net_profit(sample, year, day) != before
        raise ZeroDivisionError
    assert taxes.net_profit(sample, year, day) == before
