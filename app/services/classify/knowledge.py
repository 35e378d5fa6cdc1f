"""The shipped knowledge, read from the package's resources when it is first needed."""

from __future__ import annotations

import csv
import gc
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import resources
from app.core.classify.decide import Knowledge, load_knowledge, packed_merchants

if TYPE_CHECKING:
    from app.core.classify.trade_model import TradeModel
    from app.core.tax.business.figures import BusinessFigures

MERCHANTS = "merchants/base"
BRANDS = "merchants/brands.csv"
PACKED_BASE = "merchants/base.packed"
PACKED_BRANDS = "merchants/brands.packed"
"""Both are made from the tables by scripts/pack_merchants.py."""
_COLUMNS = 4


def rows(name: str) -> Iterator[list[str]]:
    """Return the rows of a shipped CSV, the header first: comment lines begin with `#`."""
    return csv.reader(line for line in shipped(name).decode().splitlines() if line and line[0] != "#")


def shipped(name: str) -> bytes:
    """Return a shipped file."""
    data = pkgutil.get_data("resources", name)
    assert data is not None, "the loader of an ordinary package gives its files"
    return data


def _named(name: str) -> list[dict[str, str]]:
    """Return the rows by the names of their columns; a cell that a short row lacks is left out."""
    table = rows(name)
    header = next(table)
    return [dict(zip(header, row, strict=False)) for row in table]


def merchant_tables() -> list[str]:
    """Return the names of the merchant base's files, one file a trade."""
    folder = Path(resources.__path__[0]) / MERCHANTS
    return [f"{MERCHANTS}/{name}" for name in sorted(file.name for file in folder.glob("*.csv"))]


def merchant_rows(name: str) -> list[list[str]]:
    """Return the rows as they are: there are thousands, and few are met."""
    table = rows(name)
    if next(table) != ["name", "category", "stems", "ambiguous"]:
        raise ValueError(f"{name}: other columns than the merchant base has")
    return [row if len(row) == _COLUMNS else [*row, "", "", "", ""][:_COLUMNS] for row in table]


def packed(wanted: Callable[[list[str]], bool] = lambda _: True) -> dict[str, bytes]:
    """Return the packed files as the tables make them; `wanted` chooses rows of the merchant base."""
    base = [row for name in merchant_tables() for row in merchant_rows(name) if wanted(row)]
    return {PACKED_BASE: packed_merchants(base), PACKED_BRANDS: packed_merchants(merchant_rows(BRANDS))}


def build(files: Mapping[str, bytes] | None = None) -> Knowledge:
    """Return the shipped knowledge; `files` may hold what `packed` made, for other merchants."""
    given = files or {}
    return load_knowledge(
        merchants=given.get(PACKED_BASE) or shipped(PACKED_BASE),
        categories=_named("merchants/categories.csv"),
        phrases=_named("merchants/phrases.csv"),
        connection=_named("merchants/connection.csv"),
        confidence=_named("merchants/confidence.csv"),
        bank_words=_named("merchants/bank_categories.csv"),
        model=_model,
        brands=lambda: given.get(PACKED_BRANDS) or shipped(PACKED_BRANDS),
    )


def _model() -> TradeModel:
    from app.core.classify.trade_model import unpack  # noqa: PLC0415 - few texts are met that nothing else knows

    return unpack(shipped("merchants/trades.model"))


@cache
def merchants() -> Knowledge:
    """Return the merchant base and the bank phrases."""
    found = build()
    # It stays for the life of the process: the cycle collector need not walk its rows again
    # and again, each time holding up a window for a tenth of a second.
    gc.freeze()
    return found


@cache
def federal(year: int) -> dict[str, Any]:
    """Return the federal tax values of a year, as the file has them. Raises: FileNotFoundError for an unknown year."""
    return _toml("tax", "federal", f"{year}.toml")


@cache
def state(code: str) -> dict[str, Any]:
    """Return the tax rules of a state, as its file has them."""
    return _toml("tax", "states", f"{code.lower()}.toml")


@cache
def business_figures(year: int) -> BusinessFigures | None:
    """Return the figures of Schedule C of a year; None for a year the program does not know."""
    from importlib import resources  # noqa: PLC0415 - as above

    from app.core.tax.business.figures import load  # noqa: PLC0415 - few books have vehicles or equipment

    folder = resources.files("resources") / "tax" / "business"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name[:4].isdecimal())
    years = {int(name[:4]): _toml("tax", "business", name) for name in names}
    if year not in years:
        return None
    earlier = {int(known): {"service": row} for known, row in _toml("tax", "business", "earlier.toml").items()}
    return load(years[year], {**earlier, **years}, _toml("tax", "business", "tables.toml"))


@cache
def de_minimis_cents(year: int) -> int | None:
    """Return what the election for small items covers; None for a year the program does not know."""
    try:
        return int(_toml("tax", "business", f"{year}.toml")["limits"]["de_minimis_cents"]["value"])
    except FileNotFoundError:
        return None


@cache
def state_depreciation() -> dict[str, Any]:
    """Return how states depreciate, as the file has it."""
    return _toml("tax", "depreciation", "states.toml")


@cache
def due_dates() -> dict[str, Any]:
    """Return the rule of the federal due dates."""
    return _toml("tax", "due_dates.toml")


@cache
def instalments() -> dict[str, Any]:
    """Return the rules of the instalments of every jurisdiction."""
    return _toml("tax", "instalments.toml")


@cache
def interest() -> dict[str, Any]:
    """Return the rates of interest on tax paid late, by quarter."""
    return _toml("tax", "interest.toml")


@cache
def premium_credit() -> dict[str, Any]:
    """Return where the premium tax credit ends, by year."""
    return _toml("tax", "premium_credit.toml")


@cache
def reporting_limits() -> dict[int, dict[str, Any]]:
    """Return, by year, from what sum payments to a contractor are reported (Form 1099-NEC)."""
    return {int(year): row for year, row in _toml("tax", "reporting_limits.toml")["nec"].items()}


def _toml(*path: str) -> dict[str, Any]:
    import tomllib  # noqa: PLC0415 - an import of bank files reads no tax values
    from importlib import resources  # noqa: PLC0415 - same

    return tomllib.loads(resources.files("resources").joinpath(*path).read_text("utf-8"))


def federal_years() -> list[int]:
    """Return the tax years the program knows."""
    from importlib import resources  # noqa: PLC0415 - as above

    folder = resources.files("resources") / "tax" / "federal"
    return sorted(int(entry.name[:4]) for entry in folder.iterdir() if entry.name.endswith(".toml"))
