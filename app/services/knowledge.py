"""The shipped knowledge, read from the package's resources when it is first needed."""

from __future__ import annotations

import csv
import gc
import tomllib
from functools import cache
from importlib import resources
from typing import Any

from app.core.classify.decide import Knowledge, load_knowledge

MERCHANT_TABLES = ("business.csv", "everyday.csv")


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a shipped CSV: comment lines begin with `#`."""
    text = (resources.files("resources") / name).read_text("utf-8")
    return list(csv.DictReader(line for line in text.splitlines() if line and not line.startswith("#")))


@cache
def merchants() -> Knowledge:
    """Return the merchant base and the bank phrases."""
    found = load_knowledge(
        merchants=[row for name in MERCHANT_TABLES for row in rows(f"merchants/{name}")],
        categories=rows("merchants/categories.csv"),
        phrases=rows("merchants/phrases.csv"),
    )
    # It stays for the life of the process: the cycle collector need not walk its quarter of a million objects again
    # and again, each time holding up a window for a tenth of a second.
    gc.freeze()
    return found


@cache
def federal(year: int) -> dict[str, Any]:
    """Return the federal tax values of a year, as the file has them. Raises: FileNotFoundError for an unknown year."""
    return tomllib.loads((resources.files("resources") / "tax" / "federal" / f"{year}.toml").read_text("utf-8"))


@cache
def due_dates() -> dict[str, Any]:
    """Return the rule of the federal due dates."""
    return tomllib.loads((resources.files("resources") / "tax" / "due_dates.toml").read_text("utf-8"))


@cache
def reporting_limits() -> dict[int, dict[str, Any]]:
    """Return, by year, from what sum payments to a contractor are reported (Form 1099-NEC)."""
    text = (resources.files("resources") / "tax" / "reporting_limits.toml").read_text("utf-8")
    return {int(year): row for year, row in tomllib.loads(text)["nec"].items()}


def federal_years() -> list[int]:
    """Return the tax years the program knows."""
    folder = resources.files("resources") / "tax" / "federal"
    return sorted(int(entry.name[:4]) for entry in folder.iterdir() if entry.name.endswith(".toml"))
