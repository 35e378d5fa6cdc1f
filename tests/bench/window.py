"""The window's part of the benchmark: what a person waits for, measured in the real window without a screen.

Each work runs in a process of its own (`window_probe.py`) on a copy of the same books. Of a wait is counted what the
wall shows, but no more than the CPU the process took meanwhile: that much is certainly ours.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from generator.flat import make_flat_csv
from inside import Inside

from app.services.ingest import imports

PROBE = Path(__file__).with_name("window_probe.py")
PASSPHRASE = "violet anchor harvest tundra 41"
FIRST_PAINT_MS = 500
KEY_MS = 50
STALL_MS = 50
SWITCH_MS = 100
KEYS = ("J", "K", "J held", "1..9", "X", "E", "T down", "T down held", "T page down", "T end, home", "T space",
        "T typing")  # fmt: skip
"""A key counts as slow by its median; what comes in between is shown as the worst."""


def made(folder: Path, rows: int) -> tuple[Path, str]:
    """Make books with so many rows; return their home and key."""
    source = folder / f"Chase4444_Activity_{rows}.csv"
    source.write_bytes(make_flat_csv(rows, 3, dated=False))
    home = folder / f"window-{rows}"
    books = Inside.made(home, PASSPHRASE)
    imports.import_files(books, [source], imports.ImportOptions(account="A"))
    key = books.key_hex()
    books.close()
    return home, key


def probe(work: str, key: str = "", *words: Path) -> dict[str, Any]:
    """Run one work; anything but exit code 0 ends the benchmark."""
    command = [sys.executable, "-P", str(PROBE), work, *map(str, words)]
    done = subprocess.run(command, input=key, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        raise SystemExit(f"The window's work {work} failed ({done.returncode}): {done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def on_copy(work: str, home: Path, key: str, *words: Path) -> dict[str, Any]:
    copy = home.with_name(f"{home.name}-{work}")
    shutil.copytree(home, copy)
    try:
        return probe(work, key, copy, *words)
    finally:
        shutil.rmtree(copy)


def measure(folder: Path, sizes: tuple[int, ...] = (10_000, 100_000)) -> list[str]:
    """Print the figures and return what was not reached."""
    floor = probe("bare")
    print(f"\nwindow: a plain Qt window with a table {floor['cpu']:.0f} ms CPU, {floor['memory']:.0f} MiB")
    bad: list[str] = []
    for rows in sizes:
        home, key = made(folder, rows)
        bad += _start(on_copy("start", home, key), rows, floor["cpu"])
        bad += _keys(on_copy("keys", home, key), rows)
        bad += _pages(on_copy("pages", home, key))
        _locking(on_copy("lock", home, key))
        if rows == sizes[0]:
            bad += _import(folder, home, key)
    return bad


def _start(found: dict[str, Any], rows: int, floor: float) -> list[str]:
    locked, today = found["locked_cpu"], found["today_cpu"]
    print(
        f"\nwindow at {rows} rows, CPU since the start: locked and painted {locked:.0f} ms ({locked / floor:.1f} of "
        f"the plain window), Today painted {today:.0f} ms, at rest {found['settled_cpu']:.0f} ms; "
        f"{found['memory']:.0f} MiB"
    )
    bad = [f"first paint at {rows}: {locked:.0f} ms"] * (locked > FIRST_PAINT_MS)
    return bad + [f"loaded before the books are open: {', '.join(found['heavy'])}"] * bool(found["heavy"])


def _line(name: str, found: dict[str, Any]) -> None:
    worst = f"worst {found['worst']:6.1f} (by the wall {found['worst_wall']:6.1f})"
    print(f"  {name:28} {found['median']:6.1f} ms, {worst} of {found['n']}")


def _keys(found: dict[str, Any], rows: int) -> list[str]:
    print(f"key to paint at {rows} rows")
    bad = []
    for name, value in found.items():
        if isinstance(value, dict) and name != "heart of an answer":
            _line(name, value)
            slow = name in KEYS and value["median"] > KEY_MS
            bad += [f"key {name} at {rows}: {value['median']:.0f} ms"] * slow
    _heart("an answer, until all is read again", found["heart of an answer"])
    return bad


def _heart(name: str, found: dict[str, Any]) -> None:
    print(
        f"  stalls during {name}: worst {found['worst']:.0f} ms (by the wall {found['worst_wall']:.0f}), "
        f"{found['over_50']} over {STALL_MS} (by the wall {found['over_50_wall']})"
    )


def _pages(found: dict[str, Any]) -> list[str]:
    bad, words = [], []
    for name, value in found.items():
        if name.startswith("to "):
            spent = min(value)
            words.append(f"{name[3:]} {spent:.0f}")
            bad += [f"page {name[3:]}: {spent:.0f} ms"] * (spent > SWITCH_MS and name.endswith("again"))
    print(f"  pages, ms to the first paint: {'; '.join(words)}")
    return bad


def _locking(found: dict[str, Any]) -> None:
    _line("lock", found["lock"])
    _line("unlock again, to Today", found["unlock again"])


def _import(folder: Path, home: Path, key: str) -> list[str]:
    source = folder / "Chase3333_Activity_100000.csv"
    source.write_bytes(make_flat_csv(100_000, 5, dated=False))
    found = on_copy("import", home, key, source)
    print(f"import of {found['imported']} rows: {found['import'][0] / 1000:.1f} s; {found['memory']:.0f} MiB at most")
    _heart("the import", found["heart of the import"])
    _heart("reading again", found["heart of reading again"])
    over = found["heart of the import"]["over_50"]
    return [f"stalls over {STALL_MS} ms during an import: {over}"] * bool(over)
