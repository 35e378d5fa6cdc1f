"""Measure how often each sort of evidence is right, and write it into resources/merchants/confidence.csv.

    python scripts/measure_confidence.py            measure on all public merchants and on strangers, write the file
    python scripts/measure_confidence.py --check    only the calibration error, each merchant judged by the others

A merchant counts once in a sort, with the share of its rows that were right: many rows of one shop say little. The
prior, set by hand in the file, counts as some merchants more, so that a few of them never make certainty; how many, is
chosen by five parts split by merchant, each judged by what was measured on the other four.
"""

from __future__ import annotations

import argparse
import csv
import io
import math
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app.core.classify.confidence import LIMIT, Basis, Scale, load_scale  # noqa: E402 - needs the path
from app.services.classify import knowledge as shipped  # noqa: E402
from scripts import descriptor_truth as truth  # noqa: E402
from scripts.descriptor_truth import Said  # noqa: E402

TARGET = ROOT / "resources" / "merchants" / "confidence.csv"
_WEIGHTS = (1, 2, 4, 8, 16, 32)
_MOST = 9_900
"""No evidence but a person's own rule is called more certain."""
_LEAST = 300

Row = dict[str, str]


class Share(NamedTuple):
    merchants: int
    right: float
    """Of each merchant the share of its rows, and the mean of those."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    rows, whole = truth.table(), shipped.build(shipped.packed())
    entries = truth.entries_of(rows, whole)
    found = truth.settings(rows, whole, truth.without(frozenset().union(*entries.values())))
    comments, table = read()
    every = [said for told in found.values() for said in told]
    weight = best_weight(every, table)
    print(f"the prior counts as {weight} merchants")
    for setting, told in found.items():
        error = 100 * apart_error(told, every, table, weight)
        print(f"  {setting:28} calibration error, each merchant judged by others: {error:.2f} %")
    if not arguments.check:
        TARGET.write_text(written(comments, filled(table, shares(every, table), weight)), encoding="utf-8")
    return 0


# --- the table --------------------------------------------------------------------------------------------------------


def read() -> tuple[list[str], list[Row]]:
    lines = TARGET.read_text(encoding="utf-8").splitlines()
    comments = [line for line in lines if line.startswith("#")]
    return comments, list(csv.DictReader(line for line in lines if not line.startswith("#")))


def written(comments: Iterable[str], table: Sequence[Row]) -> str:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(table[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(table)
    return "".join(f"{line}\n" for line in comments) + stream.getvalue()


def shares(told: Iterable[Said], table: Sequence[Row]) -> dict[Basis, Share]:
    """Return what was measured for each row of the table."""
    cells = _cells(table)
    rows: dict[Basis, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for said in told:
        rows[cells(said.made.basis)][said.true["merchant"]].append(said.right)
    return {
        cell: Share(len(of), sum(sum(rights) / len(rights) for rights in of.values()) / len(of))
        for cell, of in rows.items()
    }


def _cells(table: Sequence[Row]) -> Callable[[Basis], Basis]:
    """Return what finds the row of a basis: the last one whose `said` is not above it."""
    starts: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in table:
        if row["step"] != LIMIT:
            starts[row["step"], row["state"]].append(int(row["said"]))

    def cell(basis: Basis) -> Basis:
        step = basis.step if (basis.step, basis.state) in starts else "any"
        return Basis(step, basis.state, max((s for s in starts[step, basis.state] if s <= basis.said), default=0))

    return cell


def filled(table: Sequence[Row], measured: Mapping[Basis, Share], weight: int) -> list[Row]:
    """Return the table with what was measured, prior and measure weighed."""
    found: list[Row] = []
    for row in table:
        if row["step"] in {LIMIT, "rule"}:
            found.append(row)
            continue
        share = measured.get(Basis(row["step"], row["state"], int(row["said"])))
        prior = int(row["prior"])
        if share is None:
            found.append(row | {"merchants": "0", "right": "", "confidence": row["prior"]})
            continue
        held = (prior * weight + 10_000 * share.right * share.merchants) / (weight + share.merchants)
        found.append(row | {
            "merchants": str(share.merchants), "right": f"{share.right:.3f}",
            "confidence": str(min(_MOST, max(_LEAST, round(held / 10) * 10))),
        })  # fmt: skip
    return found


# --- how well it holds for merchants it was not measured on -----------------------------------------------------------


def _scales(told: Sequence[Said], table: Sequence[Row], weight: int) -> list[Scale]:
    """Return a scale for each part, measured on the merchants of all other parts."""
    return [
        load_scale(filled(table, shares([s for s in told if truth.part_of(s.true["merchant"]) != part], table), weight))
        for part in range(truth.PARTS)
    ]


def _loss(told: Sequence[Said], table: Sequence[Row], weight: int) -> float:
    scales = _scales(told, table, weight)
    lost = 0.0
    for said in told:
        share = min(0.999, scales[truth.part_of(said.true["merchant"])].shown(said.made.basis) / 10_000)
        lost -= math.log(share if said.right else 1 - share)
    return lost


def best_weight(every: Sequence[Said], table: Sequence[Row]) -> int:
    """Return as how many merchants the prior counts best, by merchants that were not measured."""
    return min(_WEIGHTS, key=lambda weight: _loss(every, table, weight))


def apart_error(told: Sequence[Said], every: Sequence[Said], table: Sequence[Row], weight: int) -> float:
    """Return the calibration error of some rows by the scales that never saw their merchants."""
    scales = _scales(every, table, weight)
    return truth.calibration_error(
        (scales[truth.part_of(said.true["merchant"])].shown(said.made.basis), said.right) for said in told
    )


if __name__ == "__main__":
    raise SystemExit(main())
