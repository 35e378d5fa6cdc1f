"""How far the tax engine agrees with the reference tables: by class (federal) and by state, printed as a table.

    python tests/bench/tax_agreement.py FEDERAL.csv STATE.csv
    python tests/bench/tax_agreement.py --state CA [--rows] STATE.csv     one state, its worst rows with the gap

A row counts when the reference has an agreed answer. Gaps are in dollars.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from app.core.tax.parameters import load  # noqa: E402 - the repository is put on the path first
from app.core.tax.scenario import FEDERAL_COLUMNS, household_of  # noqa: E402
from app.core.tax.state.rules import StateRules, load_state  # noqa: E402
from app.core.tax.whole import evaluate_return  # noqa: E402

TAX = ROOT / "resources" / "tax"
BEFORE = "state_income_tax_before_refundable_credits"
REFUNDABLE = "state_refundable_credits"
LOCAL = "local_income_tax"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tables", nargs="+", type=Path)
    parser.add_argument("--state", help="only this state")
    parser.add_argument("--rows", action="store_true", help="every row of the state that is off by more than a dollar")
    parser.add_argument("--all", action="store_true", help="rows without an agreed answer too")
    arguments = parser.parse_args()
    for path in arguments.tables:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        if "expected_total_federal" in rows[0]:
            federal(rows)
        else:
            states(rows, arguments)
    return 0


def figures() -> dict[int, Any]:
    files = sorted((TAX / "federal").glob("*.toml"))
    return {int(path.stem): load(tomllib.loads(path.read_text("utf-8"))) for path in files}


def rules_of(code: str) -> StateRules | None:
    path = TAX / "states" / f"{code.lower()}.toml"
    return load_state(tomllib.loads(path.read_text("utf-8"))) if path.exists() else None


def federal(rows: list[dict[str, str]]) -> None:
    known, passed, total, worst = figures(), defaultdict(int), defaultdict(int), defaultdict(float)
    for row in rows:
        if row["authority"] == "none" or "CONTESTED" in row["notes"]:
            continue
        found = evaluate_return(household_of(row), known[int(row["year"])], None, explain=False).components
        gap = max(abs(found[name] / 100 - float(row[f"expected_{name}"])) for name in FEDERAL_COLUMNS)
        total[row["class"]] += 1
        passed[row["class"]] += gap <= 1
        worst[row["class"]] = max(worst[row["class"]], gap)
    for name in sorted(total):
        print(f"{name:28} {passed[name]:5} of {total[name]:5}  largest gap {worst[name]:10.2f}")
    print(f"{'federal':28} {sum(passed.values()):5} of {sum(total.values()):5}")


def states(rows: list[dict[str, str]], arguments: argparse.Namespace) -> None:
    known = figures()
    gaps: dict[str, list[tuple[float, dict[str, str]]]] = defaultdict(list)
    others: dict[str, list[float]] = defaultdict(list)
    back: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        code = row["state"]
        if arguments.state and code != arguments.state.upper():
            continue
        rules = rules_of(code) if code not in CACHE else CACHE[code]
        CACHE[code] = rules
        if rules is None:
            continue
        found = evaluate_return(
            household_of(row), known[int(row["year"])], rules, row.get("locality", ""), explain=False
        ).components
        gap = found[BEFORE] / 100 - float(row[f"pe_{BEFORE}"])
        local = row.get("pe_local_income_tax_before_refundable_credits") or row.get("pe_local_income_tax") or "0"
        if row.get("locality"):
            gap += found["local_before_refundable"] / 100 - float(local)
        agreed = row.get("oracles_agree") == "1" or arguments.all
        if agreed:
            gaps[code].append((gap, row))
        else:
            others[code].append(abs(gap))
        back[code].append(abs(found[REFUNDABLE] / 100 - float(row[f"pe_{REFUNDABLE}"])))
    agreed_total = within_total = 0
    print("state  agreed rows within $1     others: within $1, p90 gap     refundable within $1")
    for code in sorted(set(gaps) | set(others)):
        within = sum(abs(gap) <= 1 for gap, _ in gaps[code])
        agreed_total, within_total = agreed_total + len(gaps[code]), within_total + within
        rest = sorted(others[code])
        near = sum(gap <= 1 for gap in rest)
        p90 = rest[int(0.9 * (len(rest) - 1))] if rest else 0.0
        refund = sum(gap <= 1 for gap in back[code])
        print(
            f"{code:5} {within:6} of {len(gaps[code]):4}          {near:5} of {len(rest):4}  {p90:10.2f}"
            f"         {refund:4} of {len(back[code]):4}"
        )
        if arguments.rows:
            for gap, row in sorted(gaps[code], key=lambda pair: -abs(pair[0])):
                if abs(gap) > 1:
                    print(f"    {gap:12.2f}  {described(row)}")
    print(f"agreed {within_total} of {agreed_total}")


def described(row: dict[str, str]) -> str:
    names = (
        "id", "year", "filing_status", "locality", "age_primary", "age_spouse", "n_children", "child_age",
        "se_net_primary", "wages_primary", "wages_spouse", "taxable_interest", "ordinary_dividends",
        "qualified_dividends", "lt_capital_gains", "pe_federal_itemizes", f"pe_{BEFORE}",
    )  # fmt: skip
    return " ".join(f"{name}={row[name]}" for name in names if row.get(name) not in (None, "", "0", "0.00"))


CACHE: dict[str, StateRules | None] = {}

if __name__ == "__main__":
    raise SystemExit(main())
