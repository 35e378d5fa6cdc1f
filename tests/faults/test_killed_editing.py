"""F6: whatever the program said it did is there after it was killed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest
from faults import works
from faults.conftest import Base, rounds
from faults.harness import KEPT, Children, fresh, hashed, judge, opened

from app.services.books.open_books import Unlock

STEPS = 200


class Story(NamedTuple):
    """A session of edits that nobody disturbs: what the books hold after each operation, and its calls and time."""

    seed: int
    contents: dict[int, str]
    calls: int
    seconds: float


def told(children: Children, base: Base, folder: Path, seed: int) -> Story:
    home = fresh(base.home, folder / f"reference-{seed}")
    books = opened(home, Unlock(key_hex=base.key))
    contents = {books.connection.execute("SELECT MAX(id) FROM operation").fetchone()[0]: hashed(books.connection, KEPT)}
    for operation in works.edits(books, seed, STEPS):
        contents[operation] = hashed(books.connection, KEPT)
    books.close()
    home = fresh(base.home, home)
    end = children.run(
        "edit", home, key=base.key, seed=seed, count=STEPS, journal=str(folder / f"journal-{seed}"),
        fault={"mode": "count"},
    )  # fmt: skip
    assert end.code == 0, end.err
    assert end.count
    assert judge(home, base.key).contents == list(contents.values())[-1]
    return Story(seed, contents, end.count, end.seconds)


@pytest.fixture(scope="module")
def stories(children: Children, sample: Base, tmp_path_factory: pytest.TempPathFactory) -> list[Story]:
    folder = tmp_path_factory.mktemp("stories")
    return [told(children, sample, folder, seed) for seed in range(1, 2 + rounds(20, 500) // 100)]


def test_every_edit_that_was_confirmed_survives_the_kill(
    children: Children, sample: Base, stories: list[Story], tmp_path: Path, tally: Callable[..., None]
) -> None:
    chance = Random(6)
    for number in range(rounds(20, 500)):
        story = stories[number % len(stories)]
        home, journal = fresh(sample.home, tmp_path / "home"), tmp_path / f"journal-{number}"
        what = {"key": sample.key, "seed": story.seed, "count": STEPS, "journal": str(journal)}
        if number % 2:
            mode = chance.choice(["kill", "kill_inside"])
            end = children.run("edit", home, fault={"mode": mode, "at": chance.randint(1, story.calls)}, **what)
        else:
            end = children.run("edit", home, lives=chance.random() * story.seconds * 0.7, **what)
        lines = journal.read_text().splitlines() if journal.exists() else []
        confirmed = [int(line.split()[0]) for line in lines]
        found = judge(home, sample.key)
        numbers = list(story.contents)
        # All that was confirmed, and at most the one that was under way.
        assert confirmed == numbers[1 : 1 + len(confirmed)]
        standing = numbers[len(confirmed) : len(confirmed) + 2]
        assert found.contents in [story.contents[each] for each in standing]
        tally(rounds=1, killed=end.was_killed, confirmed=len(confirmed), lost=0)
