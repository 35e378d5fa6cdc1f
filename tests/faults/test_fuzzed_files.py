"""F17: thousands of spoiled bank files, read in processes with little time and memory."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from faults import fuzz
from faults.conftest import ROOT, Base, rounds
from faults.harness import Children, fresh, judge

BATCH = 500
MIB = 1 << 20


def test_no_spoiled_file_crashes_hangs_or_changes_a_row_in_silence(
    children: Children, bare: Base, tmp_path: Path, tally: Callable[..., None]
) -> None:
    known = sorted((ROOT / "resources" / "sample").iterdir())
    data = ROOT / "tests" / "data"
    others = sorted(
        path for kind in ("csv", "ofx", "qif", "camt") for path in (data / kind).iterdir() if path.suffix != ".md"
    )
    total = rounds(2_000, 100_000)
    home = fresh(bare.home, tmp_path / "home")
    found = []
    for start in range(0, total, BATCH):
        end = children.run(
            "probe", home, key=bare.key, seeds=[start, min(start + BATCH, total)], known=list(map(str, known)),
            others=list(map(str, others)), folder=str(tmp_path), limits={"memory": 600 * MIB},
        )  # fmt: skip
        lines = [json.loads(line) for line in end.out.splitlines()]
        assert end.code == 0, f"after the file of seed {start + len(lines)}: {end}"
        found += [line for line in lines if line["trouble"]]
        tally(rounds=len(lines), trouble=sum(bool(line["trouble"]) for line in lines))
    assert found == []
    judge(home, bare.key)


def test_the_second_reader_notices_a_row_that_changed_in_silence() -> None:
    """What the test above rests on: a changed amount on a line that is said to be left alone is found."""
    path = next((ROOT / "resources" / "sample").glob("Chase4417*"))
    good = fuzz.good_files([path], {path.name})[0]
    lines = list(good.lines)
    assert fuzz.verdict(fuzz.Spoiled(good, b"".join(lines), set())) is None
    cells = lines[good.first].split(b",")
    cells[5] = b"-77.77"
    lines[good.first] = b",".join(cells)
    assert "was left alone" in (fuzz.verdict(fuzz.Spoiled(good, b"".join(lines), set())) or "")
