"""What the window leaves in the program's log: opening, refusals, locking; after locking no secret is held."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ui.conftest import PASSPHRASE

from app import bootstrap
from app.adapters import logs
from app.adapters.live_secrets import LIVE
from app.core.log_events import Event, Recorded, read

Settle = Callable[[Any], None]


def told(home: Path) -> list[Recorded]:
    found = [read(line) for path in logs.files(home / "logs") for line in path.read_text("ascii").splitlines()]
    return [each for each in found if each is not None]


@pytest.fixture(autouse=True)
def log_of_this_test() -> Any:
    yield
    logs.let_go()


def test_opening_a_wrong_passphrase_and_locking_are_told_and_secrets_forgotten(
    make_window: Any, sample_home: Path, settle: Settle, qtbot: Any
) -> None:
    window = make_window(sample_home, bootstrap.window_wiring())
    refused: list[Exception] = []
    window.session.unlock("not the passphrase of these", lambda: None, refused.append)
    qtbot.waitUntil(lambda: bool(refused), timeout=20_000)
    with qtbot.waitSignal(window.session.state_changed, timeout=20_000):
        window.session.unlock(PASSPHRASE, lambda: None, window.fail)
    settle(window)
    assert LIVE.scrub(PASSPHRASE) == "[secret]"
    with qtbot.waitSignal(window.session.state_changed, timeout=20_000):
        window.session.lock()
    settle(window)
    assert LIVE.scrub(PASSPHRASE) == PASSPHRASE
    events = [(each.event, each.fields.get("error", each.fields.get("why"))) for each in told(sample_home)]
    assert [each for each in events if each[0] is not Event.TASK_SLOW] == [
        (Event.BOOKS_REFUSED, "wrong_passphrase"), (Event.BOOKS_OPENED, None), (Event.BOOKS_LOCKED, "asked"),
        (Event.BOOKS_CLOSED, None),
    ]  # fmt: skip
    assert (sample_home / "logs" / "crash.trace").stat().st_mode & 0o777 == 0o600
