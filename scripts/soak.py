"""`run.py soak`: the tests of tests/faults again, with the full number of rounds, and a table of what came of them.

The tests read how often to go round from a variable, and write what they counted into a file named by another; nothing
else differs from `run.py test`.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from pathlib import Path

from scripts.console import ROOT, Stop, run, say

ROUNDS = 200
FOLDER = "tests/faults/"
FAULTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "F1": ("kills during an import", ("test_killed_import.py",)),
    "F2": ("kills during the rotation of the key", ("test_killed_key_changes.py", "test_killed_vault.py -k rotate")),
    "F3": ("kills during backup and restore", ("test_killed_backup.py", "test_killed_vault.py -k backup-or-restore")),
    "F4": ("kills while older books are brought up", ("test_killed_migration.py",)),
    "F5": (
        "kills during a change of passphrase, and erasure",
        ("test_kill_erase.py", "test_killed_vault.py -k passphrase-or-erase"),
    ),
    "F6": ("kills in normal editing", ("test_killed_editing.py",)),
    "F7": ("power cuts", ("test_power_loss.py",)),
    "F8": ("calls to the disk that fail", ("test_failing_disk.py", "test_failing_vault.py")),
    "F9": ("a full disk", ("test_full_disk.py",)),
    "F10": ("damaged and replayed files", ("test_damaged_files.py",)),
    "F12": ("two programs on one home", ("test_two_programs.py",)),
    "F13": ("places that cannot be written, newer books", ("test_closed_places.py",)),
    "F15": ("clocks that jump", ("test_clocks.py",)),
    "F16": ("a statement with a bad row", ("test_bad_rows.py",)),
    "F17": ("spoiled bank files", ("test_fuzzed_files.py",)),
    "F18": ("too little memory", ("test_memory.py",)),
    "F19": ("a keychain that dies", ("test_lost_keychain.py",)),
    "F20": ("spoiled keys", ("test_key_file_bytes.py",)),
    "F22": ("opened and closed again and again", ("test_long_run.py",)),
    "F23": ("kills while a bank is read", ("test_killed_sync.py",)),
}
"""What stands for each number: in words, and the tests, with what selects some of a file."""
SAME = {"F11": "F10", "F14": "F13", "F21": "F13"}
"""Numbers whose tests stand in the file of another."""


def asked(arguments: list[str]) -> tuple[int, list[str]]:
    """Return the rounds and the numbers asked for. Raises: Stop."""
    rounds, names = ROUNDS, list(FAULTS)
    words = list(arguments)
    while words:
        word = words.pop(0)
        value = words.pop(0) if words else ""
        if word == "--rounds" and value.isdecimal() and int(value) > 0:
            rounds = int(value)
        elif word == "--only" and value:
            wanted = [SAME.get(name, name) for name in value.upper().split(",")]
            strange = [name for name in wanted if name not in FAULTS]
            if strange:
                raise Stop(f"There is no fault {strange[0]}. Faults: {' '.join(FAULTS)}")
            names = [name for name in FAULTS if name in wanted]
        else:
            raise Stop("Usage: python3 run.py soak [--rounds N] [--only F1,F2]")
    return rounds, names


def soak(python: str, arguments: list[str]) -> int:
    rounds, names = asked(arguments)
    lines, worst = [], 0
    for name in names:
        words, tests = FAULTS[name]
        there = [each for each in tests if (ROOT / FOLDER / each.split()[0]).exists()]
        begun = time.monotonic()
        say(f"{name}: {words} …")
        code, counts = round_of(python, there, rounds)
        worst = max(worst, code)
        lines.append((name, words, code, counts, time.monotonic() - begun))
    for name, words, code, counts, seconds in lines:
        numbers = ", ".join(f"{what.replace('_', ' ')} {count:,}" for what, count in counts.items())
        result = "passed" if code == 0 else "FAILED"
        print(f"{name:4} {result} {seconds:7.0f} s  {words}: {numbers or 'as in the tests'}")
    return worst


def round_of(python: str, tests: list[str], rounds: int) -> tuple[int, dict[str, int]]:
    """Run the tests of one fault; return the exit code and what was counted."""
    counts: dict[str, int] = {}
    worst = 0 if tests else 1
    with tempfile.TemporaryDirectory(prefix="ops1099-soak-") as folder:
        tally = Path(folder) / "tally"
        env = dict(os.environ, OPS1099_SOAK_ROUNDS=str(rounds), OPS1099_SOAK_TALLY=str(tally))
        for each in tests:
            file, _, select = each.partition(" -k ")
            chosen = ["-k", select.replace("-", " ")] if select else []
            command = [python, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", FOLDER + file, *chosen]
            worst = max(worst, run(command, env, own_output=True))
        for line in tally.read_text("utf-8").splitlines() if tally.exists() else []:
            for what, count in json.loads(line)["counts"].items():
                counts[what] = counts.get(what, 0) + int(count)
    return worst, counts
