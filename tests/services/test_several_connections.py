"""A second connection reads on a thread of its own: it sees what is committed, changes nothing, and can be stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app.core.errors import Cancelled, Refused
from app.services.books.open_books import Books
from app.services.ledger import transactions

ROWS = [("2026-11-02", 480_000, "NORTHWIND LABS"), ("2026-11-03", -1_500, "FIGMA MONTHLY RENEWAL")]


@pytest.fixture
def filled(books: Books, bring: Callable[..., Any], ofx: Callable[..., bytes]) -> Books:
    bring(books, "nov.ofx", ofx(ROWS))
    return books


def test_a_reader_on_another_thread_sees_what_the_writer_committed(filled: Books) -> None:
    with ThreadPoolExecutor(1) as pool:
        reader = pool.submit(filled.reader).result()
        before = pool.submit(reader.data_version).result()
        assert pool.submit(reader.transactions.get, 2).result().status == "suggested"
        transactions.set_values(filled, 2, {"kind": "expense", "line": "C18"})
        assert pool.submit(reader.transactions.get, 2).result().status == "confirmed"
        assert pool.submit(reader.data_version).result() != before
        pool.submit(reader.close).result()
    transactions.set_values(filled, 2, {"note": "still open for writing"})
    assert filled.transactions.get(2).note == "still open for writing"  # type: ignore[union-attr]


def test_a_reader_cannot_write(filled: Books) -> None:
    reader = filled.reader()
    try:
        with pytest.raises(Refused):
            transactions.set_values(reader, 2, {"note": "x"})
        with pytest.raises(Exception, match="readonly"):
            reader.connection.execute("UPDATE descriptor SET text = 'x'")
        assert (reader.reads_only, filled.reads_only) == (True, False)
    finally:
        reader.close()
    assert filled.transactions.get(2).note is None  # type: ignore[union-attr]


def test_what_is_read_together_is_of_one_moment(filled: Books) -> None:
    reader = filled.reader()
    try:
        with reader.reading():
            first = reader.transactions.get(2)
            transactions.set_values(filled, 2, {"kind": "expense", "line": "C18"})
            assert reader.transactions.get(2) == first
        assert reader.transactions.get(2) == filled.transactions.get(2)
    finally:
        reader.close()


def test_a_long_search_stops_when_it_is_cancelled(filled: Books) -> None:
    started, ended = threading.Event(), threading.Event()

    def search() -> type[BaseException] | None:
        reader = filled.reader()
        readers.append(reader)
        reader.connection.create_function("begun", 0, lambda: started.set() or 1)
        try:
            with reader.reading():
                reader.connection.execute(
                    "WITH RECURSIVE n(i) AS (SELECT begun() UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n"
                ).fetchone()
        except Cancelled as stopped:
            return type(stopped)
        finally:
            ended.set()
            reader.close()
        return None

    readers: list[Books] = []
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(search)
        assert started.wait(30)
        while not ended.wait(0.02):
            readers[0].interrupt()
        assert running.result() is Cancelled


def test_nothing_of_the_key_shows_in_the_text_of_books(filled: Books) -> None:
    reader = filled.reader()
    try:
        assert (repr(filled), repr(reader)) == ("Books()", "Books()")
    finally:
        reader.close()
