"""Checking an accountant pack: nothing in it is believed, every figure is recomputed from its files.

A pack may come back from anywhere, so its names, links, sizes and text are all hostile until shown otherwise: nothing
is unpacked to disk, members are read one by one with a limit on what they may grow to.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.adapters.safe_files import archives
from app.adapters.safe_files.archives import READ_ERRORS, Opener
from app.core.books.vocabulary import PROFIT_LINES
from app.core.report.pack import (
    BASIS,
    BEANCOUNT,
    HLEDGER,
    LEDGER,
    MANIFEST,
    QUESTIONS,
    README,
    SCHEMA_VERSION,
    SUMMARY,
    TRANSACTIONS,
    TRIAL_BALANCE,
    WORKSHEET,
)
from app.core.report.pack_figures import Check, Figures, Trouble, cents_of, check, figure_checks

NAMES = (README, SUMMARY, WORKSHEET, TRANSACTIONS, LEDGER, TRIAL_BALANCE, QUESTIONS)
"""What every pack holds; the first packs had no more. Further files are checked where the manifest lists them."""
KEYS = (
    "schema_version",
    "app_version",
    "rules_version",
    "created_at",
    "period",
    "basis",
    "net_profit_cents",
    "lines",
    "open_questions",
    "audit",
    "files",
)
WORKED = "worked"
"""Only there where facts beside the rows (vehicles, equipment, the home office) set what a line allows."""

LARGEST_MANIFEST = 1024 * 1024


def verify(path: Path) -> list[Check]:
    """Return every check of a pack, a folder or a ZIP file; all `ok` means that the pack is whole and agrees.

    Raises: BadFile when there is no folder or ZIP file to look into.
    """
    if path.is_dir():
        return _verify(*archives.folder_contents(path))
    with archives.zip_contents(path) as found:
        return _verify(*found)


def _verify(found: dict[str, Opener], wrong: list[str]) -> list[Check]:
    checks = [check("safe names", wrong)]
    try:
        stated = _manifest(found)
    except Trouble as trouble:
        return [*checks, Check("manifest", False, str(trouble))]
    checks.append(Check("manifest", True, "readable, all keys there"))
    checks.append(check("files", _list_differences(found, stated)))
    listed = {entry["name"]: entry for entry in stated["files"]}
    figures = Figures()
    for name in sorted(set(listed) & set(found)):
        checks.append(_hash_check(name, found[name], listed[name]["sha256"]))
        if name.endswith(".csv"):
            checks.append(_table_check(name, found[name], listed[name], figures))
        elif name in {HLEDGER, BEANCOUNT}:
            checks.extend(_journal_checks(name, found[name], figures))
    if all(name in found for name in NAMES):
        checks.extend(figure_checks(stated, figures))
    return checks


def _manifest(found: dict[str, Opener]) -> dict[str, Any]:
    """Return the manifest once its shape is that of the contract. Raises: Trouble."""
    if MANIFEST not in found:
        raise Trouble(f"{MANIFEST} is missing")
    try:
        with found[MANIFEST]() as file:
            text = file.read(LARGEST_MANIFEST + 1)
        if len(text) > LARGEST_MANIFEST:
            raise Trouble("it is too large")
        stated = json.loads(text)
    except (ValueError, RecursionError, *READ_ERRORS) as error:
        raise Trouble("it cannot be read") from error
    if not isinstance(stated, dict) or set(stated) - {WORKED} != set(KEYS):
        raise Trouble("its keys are not those of a pack")
    if stated["schema_version"] != SCHEMA_VERSION or stated["basis"] != BASIS:
        raise Trouble("it is of another version")
    if not _well_formed(stated):
        raise Trouble("its values have the wrong form")
    return stated


def _well_formed(stated: dict[str, Any]) -> bool:
    period, lines, files = stated["period"], stated["lines"], stated["files"]
    worked = stated.get(WORKED, {})
    return (
        type(stated["net_profit_cents"]) is int
        and type(stated["open_questions"]) is int
        and isinstance(period, dict)
        and all(re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(period.get(key))) for key in ("from", "to"))
        and isinstance(lines, dict)
        and all(code in PROFIT_LINES and type(cents) is int for code, cents in lines.items())
        and isinstance(worked, dict)
        and all(code in PROFIT_LINES and type(cents) is int for code, cents in worked.items())
        and isinstance(files, list)
        and all(
            isinstance(entry, dict)
            and set(entry) == {"name", "sha256", "rows", "total_cents"}
            and isinstance(entry["name"], str)
            and isinstance(entry["sha256"], str)
            for entry in files
        )
    )


def _list_differences(found: dict[str, Opener], stated: dict[str, Any]) -> list[str]:
    names = [entry["name"] for entry in stated["files"]]
    troubles = [f"{name} is listed twice" for name in sorted({name for name in names if names.count(name) > 1})]
    troubles += [f"{name} is missing" for name in sorted((set(names) | set(NAMES)) - set(found))]
    troubles += [f"{name} is not in the manifest" for name in sorted(set(found) - set(names) - {MANIFEST})]
    return troubles


def _hash_check(name: str, opener: Opener, stated: str) -> Check:
    digest = hashlib.sha256()
    try:
        with opener() as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
    except READ_ERRORS:
        return Check(f"sha256 {name}", False, "the file cannot be read")
    same = digest.hexdigest() == stated
    return Check(f"sha256 {name}", same, "as stated" if same else "the file was changed")


def _rows(opener: Opener) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV file by column name. Raises: Trouble."""
    with opener() as file, io.TextIOWrapper(file, encoding="utf-8-sig", newline="") as text:
        reader = csv.reader(text)
        header = next(reader, None)
        if header is None:
            raise Trouble("the file is empty")
        for row in reader:
            if len(row) != len(header):
                raise Trouble("a row has too few or too many cells")
            yield dict(zip(header, row, strict=True))


def _table_check(name: str, opener: Opener, stated: dict[str, Any], figures: Figures) -> Check:
    """Count the rows, sum the column `amount` and gather the figures of one table."""
    count = total = 0
    has_amount = False
    try:
        for row in _rows(opener):
            count += 1
            if "amount" in row:
                has_amount = True
                total += cents_of(row["amount"])
            figures.take(name, row)
    except Trouble as trouble:
        return Check(f"rows {name}", False, str(trouble))
    except (KeyError, ValueError, csv.Error, *READ_ERRORS):
        return Check(f"rows {name}", False, "the file cannot be read as this table")
    troubles = [] if stated["rows"] == count else [f"{count} rows, the manifest says {stated['rows']}"]
    expected = stated["total_cents"]
    if total != (expected or 0) or (has_amount and expected is None):
        troubles.append(f"the amounts sum to {total} cents, the manifest says {expected}")
    return check(f"rows {name}", troubles, f"{count} rows, {total} cents" if has_amount else f"{count} rows")


def _journal_checks(name: str, opener: Opener, figures: Figures) -> list[Check]:
    """Gather the lines of the form from a journal; their comparison is one of the figure checks."""
    try:
        with opener() as file:
            figures.take_journal(name, file.read().decode())
    except (UnicodeDecodeError, Trouble, *READ_ERRORS):
        return [Check(f"postings {name}", False, "the file cannot be read as a journal")]
    return []
