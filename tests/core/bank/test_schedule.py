"""When a linked bank is read by itself, and when a click may."""

from __future__ import annotations

import pytest

from app.core.bank.schedule import APART, EVERY, Look, due_at, is_due, may_be_asked_at

NOON = 1_800_000_000_000
MINUTE = 60_000


def look(health: str = "ok", failures: int = 0, synced_at: int | None = NOON) -> Look:
    return Look(health, NOON, synced_at, failures)


def test_a_bank_is_read_at_the_start_and_every_six_hours() -> None:
    assert due_at(Look("ok", None, None, 0)) == 0
    assert is_due(look(), NOON + 1, at_start=True)
    assert not is_due(look(), NOON + EVERY - 1)
    assert is_due(look(), NOON + EVERY)


@pytest.mark.parametrize(("failures", "minutes"), [(1, 1), (2, 5), (3, 30), (4, 360)])
def test_what_failed_is_tried_again_later_and_later(failures: int, minutes: int) -> None:
    assert due_at(look("waiting", failures)) == NOON + minutes * MINUTE


@pytest.mark.parametrize(("failures", "seconds"), [(1, 5), (2, 15), (3, 60), (4, 6 * 3600)])
def test_a_bank_that_is_not_ready_yet_is_asked_soon(failures: int, seconds: int) -> None:
    assert due_at(look("ok", failures, None)) == NOON + seconds * 1_000


@pytest.mark.parametrize("health", ["reconnect", "gone"])
def test_a_bank_that_wants_the_person_is_left_alone(health: str) -> None:
    assert due_at(look(health, 1)) is None
    assert not is_due(look(health, 1), NOON + EVERY, at_start=True)


def test_a_click_reads_a_bank_at_most_once_in_five_minutes_but_a_failure_may_be_repeated() -> None:
    assert may_be_asked_at(look()) == NOON + APART
    assert may_be_asked_at(look("waiting", 1)) == 0
    assert may_be_asked_at(Look("ok", None, None, 0)) == 0


def test_a_clock_that_went_back_does_not_put_a_bank_off() -> None:
    assert is_due(look(), NOON - EVERY)
