"""What the tax engine costs, in CPU time: one return with and without its trace, a scenario table, the import.

    python tests/bench/tax_speed.py [--check]

Every state with an income tax is timed on its own reference households; the table shows the median and the dearest.
`--check` exits 1 when a median, the rows a second or the import is over its target. CPU time, best of several rounds:
a shared machine never agrees with itself on wall time.
"""

from __future__ import annotations

import argparse
import csv
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from state_reference import PUBLIC, Row, codes, federal, rows, rules_of  # noqa: E402 - the path is set above

from app.core.tax.whole import evaluate_return  # noqa: E402 - same

WITH_TRACE_US, WITHOUT_TRACE_US, ROWS_A_SECOND, IMPORT_MS = 1000, 300, 1000, 50
ROUNDS = 7
TABLE_ROWS = 5000
ENGINE = "app.core.tax.whole", "app.core.tax.parameters", "app.core.tax.state.rules", "app.core.tax.scenario"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    kept = [said(*measured) for measured in (*returns(), table(), engine_import())]
    return 1 if arguments.check and not all(kept) else 0


def said(name: str, value: float, unit: str, target: float | None, note: str = "") -> bool:
    """Print one line; a target of rows a second is a least, every other one a most."""
    least = unit == "rows/s"
    ratio = "" if target is None else f"{(value / target if not least else target / value):6.2f} of {target:g}"
    print(f"{name:44} {value:10,.0f} {unit:7} {ratio:16} {note}")
    return target is None or (value >= target if least else value <= target)


def returns() -> list[tuple[str, float, str, float | None, str]]:
    """Time one return: federal alone, then with each state's own households."""
    mine = {code: [row for row in rows(PUBLIC) if row.state == code][::4] for code in codes()}
    taxing = [code for code in codes() if rules_of(code).has_income_tax]
    every = [row for code in taxing for row in mine[code]][::3]
    found: list[tuple[str, float, str, float | None, str]] = []
    for words, explain, target in (("without trace", False, WITHOUT_TRACE_US), ("with trace", True, WITH_TRACE_US)):
        alone = each(every, explain=explain, state=False)
        by_state = {code: each(mine[code], explain=explain, state=True) for code in taxing}
        middle, dearest = statistics.median(by_state.values()), max(by_state, key=lambda code: by_state[code])
        found += [
            (f"federal {words}", alone, "µs", None, ""),
            (f"federal + state {words}, median", middle, "µs", target, f"{middle / alone:.2f} of federal alone"),
            (f"federal + state {words}, {dearest}", by_state[dearest], "µs", target, "the dearest"),
        ]
    return found


def each(households: list[Row], *, explain: bool, state: bool) -> float:
    """Return the CPU microseconds of one return."""
    figures = federal()
    work = [(row.household, figures[row.household.year], rules_of(row.state), row.locality) for row in households]

    def once() -> None:
        for household, law, rules, place in work:
            evaluate_return(household, law, rules if state else None, place if state else "", explain=explain)

    return best(once) / len(work) * 1e6


def best(once: Callable[[], None]) -> float:
    """Return the CPU seconds of the fastest of several rounds, after one that fills what is kept."""
    once()
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        once()
        times.append(time.process_time() - start)
    return min(times)


def table() -> tuple[str, float, str, float | None, str]:
    """Time `tax scenario` as a whole command, start included."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "households.csv"
        with PUBLIC.open(encoding="utf-8", newline="") as file, source.open("w", encoding="utf-8", newline="") as out:
            header, *lines = csv.reader(file)
            writer = csv.writer(out)
            writer.writerow(header)
            writer.writerows(lines[number % len(lines)] for number in range(TABLE_ROWS))
        command = [sys.executable, "-m", "app.__main__", "--home", folder, "tax", "scenario", str(source)]
        used = min(child(command) for _ in range(3))
    return "tax scenario, whole command", TABLE_ROWS / used, "rows/s", ROWS_A_SECOND, f"{TABLE_ROWS} rows, {used:.2f} s"


def child(command: list[str]) -> float:
    """Return the CPU seconds of one process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with Path(os.devnull).open("wb") as nowhere:
        subprocess.run(command, stdout=nowhere, check=True, cwd=ROOT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def engine_import() -> tuple[str, float, str, float | None, str]:
    """Time what importing the engine adds to a bare Python that holds the parts of the library it needs."""
    bare = "import argparse, csv, dataclasses, datetime, decimal, enum, tomllib, typing"
    code = f"{bare}\nimport time\nstart = time.process_time()\n"
    code += "".join(f"import {name}\n" for name in ENGINE) + "print(time.process_time() - start)"
    times = []
    for _ in range(ROUNDS):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
        times.append(float(done.stdout) * 1000)
    return "import of the engine", min(times), "ms", IMPORT_MS, ""


if __name__ == "__main__":
    raise SystemExit(main())
