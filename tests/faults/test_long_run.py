"""F22, short form: a thousand times locked and opened again, the process is as it was."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from pathlib import Path

from faults.conftest import Base, rounds
from faults.harness import fresh, judge, opened

from app.services.books.open_books import Unlock
from app.services.ledger import transactions


def held() -> tuple[int, float]:
    """Return open descriptors and resident MiB."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return len(os.listdir("/proc/self/fd")), pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)  # noqa: PTH208


def test_books_opened_and_closed_again_and_again_leave_nothing_held(
    sample: Base, tmp_path: Path, tally: Callable[..., None]
) -> None:
    home = fresh(sample.home, tmp_path / "home")
    times = rounds(60, 1000)
    files = memory = largest_log = 0.0
    for number in range(times):
        books = opened(home, Unlock(key_hex=sample.key))
        transactions.set_values(books, 3, {"note": f"opened {number} times"})
        reader = books.reader()
        reader.transactions.last_id()
        reader.close()
        log = home / "books.db-wal"
        largest_log = max(largest_log, log.stat().st_size / (1 << 20))
        books.close()
        if number == times // 3:
            files, memory = held()
        tally(rounds=1)
    now_files, now_memory = held()
    assert now_files <= files
    assert now_memory < memory * 1.1
    assert largest_log < 64
    judge(home, sample.key)
