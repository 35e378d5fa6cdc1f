"""Write a tax year that is not published yet from the year before: `python scripts/project_tax_year.py 2027`.

What the law fixes is copied as it stands. What it adjusts to prices is raised by `GROWTH` and rounded as the statute
rounds, with the status `projected`, so that every answer of the year says it is an estimate. Figures that are known
already stand in `KNOWN`. What the agency publishes is entered there and the script run again: docs/yearly-update.md.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Callable, Mapping
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "tax" / "federal"
GROWTH = {2027: Decimal("181.980") / Decimal("176.713")}
"""The chained consumer price index the law looks at, as it is expected for the year, by that of the year before."""
READ = {2027: "2026-11-22"}


class Known(NamedTuple):
    """A figure of the new year that needs no projection."""

    value: object
    status: str
    source: str


KNOWN = {
    2027: {
        "self_employment.wage_base_cents": Known(19_230_000, "published", "SSA contribution and benefit base for 2027"),
        # The statute itself raises these by a hundredth each year until 2029.
        "itemizing.taxes_cap_cents": Known(4_080_400, "enacted", "IRC 164(b)(6), 164(b)(7), P.L. 119-21 sec. 70120"),
        "itemizing.taxes_phase_out_from_cents": Known(
            {"single": 51_005_000, "mfj": 51_005_000, "mfs": 25_502_500, "hoh": 51_005_000, "qss": 51_005_000},
            "enacted",
            "IRC 164(b)(7)(B), P.L. 119-21 sec. 70120",
        ),
    },
}


def _step(dollars: int, *, down: bool = True) -> Callable[[int, Decimal], int]:
    """Return a rule: grow, then round to a multiple of so many dollars."""

    def rule(cents: int, growth: Decimal) -> int:
        steps = (cents * growth / (dollars * 100)).quantize(Decimal(1), ROUND_DOWN if down else ROUND_HALF_UP)
        return int(steps) * dollars * 100

    return rule


def _half_of_joint(cents: int, growth: Decimal) -> int:
    """Grow the joint figure, of which this one is half."""
    return _step(50)(cents * 2, growth) // 2


DOWN_50 = _step(50)
INDEXED: dict[str, Callable[[int, Decimal], int]] = {
    "retirement.limit_cents": _step(1000),
    "retirement.deferral_limit_cents": _step(500),
    "retirement.catch_up_cents": _step(500),
    "retirement.older_catch_up_cents": _step(250),
    "retirement.ira_limit_cents": _step(500),
    "retirement.ira_catch_up_cents": _step(100),
    "retirement.ira_phase_out_from_cents": _step(1000, down=False),
    "retirement.ira_spouse_phase_out_from_cents": _step(1000, down=False),
    "deduction.standard_cents": DOWN_50,
    "deduction.additional_cents": DOWN_50,
    "brackets.up_to_cents": DOWN_50,
    "gains.up_to_cents": DOWN_50,
    "amt.exemption_cents": _step(100, down=False),
    "amt.phase_out_from_cents": _step(100, down=False),
    "amt.high_rate_above_cents": _step(100, down=False),
    "qbi.threshold_cents": DOWN_50,
    "qbi.minimum_cents": _step(5, down=False),
    "qbi.minimum_income_cents": _step(5, down=False),
    "earned_credit.maximum_cents": _step(1, down=False),
    "earned_credit.full_from_cents": _step(10, down=False),
    "earned_credit.phase_out_from_cents": _step(10, down=False),
    "earned_credit.joint_addition_cents": _step(10, down=False),
    "earned_credit.investment_limit_cents": DOWN_50,
}
"""Which figures follow prices, and to what they are rounded (IRC 1(f)(7), 24(i), 32(j), 55(d)(4), 63(c)(4), 199A(e),
199A(i), 219(b)(5)(C), 402(g)(4), 414(v)(2)(C), 415(d)(4))."""
SET_BY_BASE = {"child_credit.child_cents": 230_000, "child_credit.refundable_cents": 180_000}
"""The child credit is adjusted from its base in steps of $100, so that the year before says too little."""
FOLLOWS_PRICES = "our projection from the year before"


def project(data: dict[str, Any], year: int, known: Mapping[str, Known] | None = None) -> dict[str, Any]:
    """Return the figures of a year from the plain data of the year before and what is known of it already."""
    announced = KNOWN[year] if known is None else known
    found: dict[str, Any] = {"year": year, "version": f"{year}.1"}
    for section, entries in data.items():
        if isinstance(entries, dict):
            found[section] = {name: _entry(f"{section}.{name}", entry, year) for name, entry in entries.items()}
    _tie(found)
    # What is known stands as it was announced, whatever the ties between projected figures would make of it.
    for name, figure in announced.items():
        section, _, key = name.partition(".")
        found[section][key] = figure._asdict()
    return found


def _entry(name: str, entry: dict[str, Any], year: int) -> dict[str, Any]:
    law = re.sub(r",? ?(Rev\. Proc\.|Notice) [0-9-]+", "", entry["source"])
    if name in SET_BY_BASE:
        return {"value": SET_BY_BASE[name], "status": "projected", "source": f"{law}, {FOLLOWS_PRICES}"}
    rule = INDEXED.get(name)
    if rule is None:
        return {"value": entry["value"], "status": entry["status"], "source": entry["source"]}
    value = _grown(entry["value"], rule, GROWTH[year])
    return {"value": value, "status": "projected", "source": f"{law}, {FOLLOWS_PRICES}"}


def _grown(value: Any, rule: Callable[[int, Decimal], int], growth: Decimal) -> Any:  # noqa: ANN401 - a value of the file
    if isinstance(value, dict):
        return {key: _grown(item, rule, growth) for key, item in value.items()}
    if isinstance(value, list):
        return [_grown(item, rule, growth) for item in value]
    return rule(value, growth)


def _tie(found: dict[str, Any]) -> None:
    """Keep what the statute defines through another figure: half of the joint one, or a bracket's edge."""
    edges = found["brackets"]["up_to_cents"]["value"]
    joint = edges["mfj"]
    edges["qss"] = list(joint)
    edges["mfs"] = [edge // 2 for edge in joint]
    edges["single"] = [*edges["mfs"][:-1], edges["single"][-1]]
    gains = found["gains"]["up_to_cents"]["value"]
    gains["qss"] = list(gains["mfj"])
    gains["single"][0] = gains["mfs"][0] = gains["mfj"][0] // 2
    gains["mfs"][1] = gains["mfj"][1] // 2
    for name in ("exemption_cents", "high_rate_above_cents"):
        amounts = found["amt"][name]["value"]
        amounts["qss"] = amounts["mfj"]
        amounts["mfs"] = amounts["mfj"] // 2
    threshold = found["qbi"]["threshold_cents"]["value"]
    threshold["mfj"] = threshold["single"] * 2
    threshold["mfs"] = edges["mfs"][3]


def written(found: dict[str, Any]) -> str:
    """Return the file of a year, one figure a line like the others."""
    year = found["year"]
    parts = [
        f"# Federal income tax and self-employment tax, tax year {year}: an estimate, written by",
        "# scripts/project_tax_year.py from the year before. Amounts are whole cents, rates are strings. `status`:",
        "# enacted (in the statute), published (announced by the agency), projected (our guess; shown as such).",
        f"year = {year}",
        f"version = '{found['version']}'",
    ]
    for section, entries in found.items():
        if isinstance(entries, dict):
            parts += ["", f"[{section}]"]
            parts += [
                f"{name} = {{ value = {_toml(entry['value'])}, status = '{entry['status']}',"
                f" source = '{entry['source']}', read = {READ[year]} }}"
                for name, entry in entries.items()
            ]
    return "\n".join(parts) + "\n"


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return f"'{value}'" if isinstance(value, str) else str(value)


def main() -> None:
    year = int(sys.argv[1])
    data = tomllib.loads((FOLDER / f"{year - 1}.toml").read_text(encoding="utf-8"))
    path = FOLDER / f"{year}.toml"
    path.write_text(written(project(data, year)), encoding="utf-8")
    guessed = len({*INDEXED, *SET_BY_BASE} - set(KNOWN[year]))
    sys.stdout.write(f"{path.name} is written: {guessed} kinds of figures are projected.\n")


if __name__ == "__main__":
    main()
