"""Work off the GUI thread: results come back in order, nothing arrives after a lock, no connection stays open."""

from __future__ import annotations

import gc
import threading
from pathlib import Path
from typing import Any

import pytest
from ui.doors import make_books

from app.core.errors import Cancelled
from app.services.books import history
from app.services.books.open_books import Books
from app.services.tax import profile
from app.ui.runtime.tasks import Tasks, Token


@pytest.fixture
def tasks(qtbot: Any, tmp_path: Path) -> Any:
    """Tasks with open books."""
    made = Tasks()
    opened: list[Books] = []
    made.on_writer(lambda: make_books(tmp_path / "home"), opened.append)
    qtbot.waitUntil(lambda: bool(opened), timeout=20_000)
    made.adopt(opened[0])
    yield made
    made.stop()


def done(qtbot: Any, tasks: Tasks) -> None:
    qtbot.waitUntil(lambda: tasks.is_idle, timeout=20_000)


def test_results_come_back_on_the_gui_thread(tasks: Tasks, qtbot: Any) -> None:
    seen: list[tuple[str, int]] = []
    tasks.run(lambda _books, _token: threading.get_ident(), lambda there: seen.append(("read", there)))
    tasks.write(lambda _books: threading.get_ident(), lambda there: seen.append(("write", there)))
    tasks.free(lambda _token: threading.get_ident(), lambda there: seen.append(("free", there)))
    done(qtbot, tasks)
    assert sorted(name for name, _ in seen) == ["free", "read", "write"]
    assert threading.get_ident() not in {there for _, there in seen}


def test_writes_run_one_after_the_other_in_the_order_they_were_asked(tasks: Tasks, qtbot: Any) -> None:
    seen: list[int] = []
    for number in range(20):
        tasks.write(lambda _books, number=number: number, seen.append)
    done(qtbot, tasks)
    assert seen == list(range(20))


def test_a_reader_sees_what_was_written_and_cannot_write(tasks: Tasks, qtbot: Any) -> None:
    tasks.write(lambda books: profile.change(books, 2026, {"filing_status": "hoh"}))
    done(qtbot, tasks)
    seen: list[Any] = []
    tasks.run(lambda books, _token: (profile.show(books, 2026).values, books.reads_only), seen.append)
    done(qtbot, tasks)
    assert seen[0][0]["filing_status"] == "hoh"
    assert seen[0][1] is True


def test_a_cancelled_read_brings_no_result(tasks: Tasks, qtbot: Any) -> None:
    go_on = threading.Event()
    seen: list[Any] = []

    def work(_books: Books, _token: Token) -> int:
        go_on.wait(10)
        return 1

    token = tasks.run(work, seen.append, seen.append)
    token.cancel()
    go_on.set()
    done(qtbot, tasks)
    assert seen == []


def test_an_error_comes_to_who_asked_and_else_to_the_window(tasks: Tasks, qtbot: Any) -> None:
    asked: list[Exception] = []
    window: list[Exception] = []
    tasks.unexpected = window.append
    tasks.write(history.undo, None, asked.append)
    tasks.write(history.undo)
    done(qtbot, tasks)
    assert [type(error).__name__ for error in (*asked, *window)] == ["NothingToUndo", "NothingToUndo"]


def test_release_stops_what_runs_and_drops_its_results(tasks: Tasks, qtbot: Any) -> None:
    began, seen, closed = threading.Event(), [], []

    def endless(_books: Books, token: Token) -> None:
        began.set()
        while True:
            token.check()

    tasks.run(endless, seen.append, seen.append)
    assert began.wait(10)
    tasks.release(lambda: closed.append(1))
    qtbot.waitUntil(lambda: bool(closed), timeout=20_000)
    assert seen == []
    with pytest.raises(Cancelled):
        tasks.run(lambda _books, _token: None)
    with pytest.raises(Cancelled):
        tasks.write(lambda _books: None)


def test_release_closes_every_connection_on_its_own_thread(tasks: Tasks, qtbot: Any) -> None:
    together = threading.Barrier(2)
    held: list[Books] = []

    def work(books: Books, _token: Token) -> None:
        together.wait(10)
        held.append(books)

    tasks.run(work)
    tasks.run(work)
    done(qtbot, tasks)
    assert len({id(books.connection) for books in held}) == 2
    closed: list[int] = []
    tasks.release(lambda: closed.append(1))
    qtbot.waitUntil(lambda: bool(closed), timeout=20_000)
    for books in held:
        with pytest.raises(Exception, match="closed"):
            books.interrupt() or books.connection.interrupt()
    held.clear()
    gc.collect()  # a connection left open would warn, and warnings fail


def test_books_can_be_opened_again_after_a_release(tasks: Tasks, qtbot: Any, tmp_path: Path) -> None:
    opened: list[Books] = []
    tasks.release()
    tasks.on_writer(lambda: make_books(tmp_path / "second"), opened.append)
    qtbot.waitUntil(lambda: bool(opened), timeout=20_000)
    tasks.adopt(opened[0])
    seen: list[int] = []
    tasks.run(lambda books, _token: books.schema_version, seen.append)
    done(qtbot, tasks)
    assert seen == [opened[0].schema_version]
