"""A table of households comes back with its taxes; what cannot be computed says why and holds nothing up."""

from __future__ import annotations

import csv
import io

import pytest

from app.core.errors import BadFile
from app.core.tax.scenario import OUTPUT_COLUMNS
from app.services.tax import tax_scenario

HEADER = "id,year,filing_status,state,locality,se_net_primary,se_net_spouse,wages_primary,n_children,child_age,more"


def computed(*rows: str, header: str = HEADER) -> list[dict[str, str]]:
    names, found = tax_scenario.computed(io.StringIO("\n".join([header, *rows])))
    return [dict(zip(names, row, strict=True)) for row in found]


def test_a_row_keeps_its_cells_and_gets_its_taxes() -> None:
    (row,) = computed("A,2026,single,,,80000,,,,,kept")
    assert (row["id"], row["more"], row["error"]) == ("A", "kept", "")
    # 80,000 x 0.9235 = 73,880; x 15.3 % = 11,303.64 (Schedule SE, below the wage base of 2026).
    assert row["se_tax"] == "11303.64"
    assert row["half_se_deduction"] == "5651.82"
    assert row["agi"] == "74348.18"
    assert row["state_fidelity"] == ""
    assert set(OUTPUT_COLUMNS) <= set(row)


def test_the_next_dollar_is_taxed_by_all_taxes_together() -> None:
    (row,) = computed("A,2026,single,IL,,80000,,,,,")
    assert row["state_fidelity"] == "tested"
    # Of the next dollar: 0.1413 SE; 12 % of 0.9294 x 0.8 = 0.0892 income; 4.95 % of 0.9294 = 0.0460 state; to the cent.
    assert 0.26 <= float(row["marginal_rate_next_dollar"]) <= 0.29


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ("A,2026,singel,,,1,,,,,", "filing_status"),
        ("A,2026,single,,,1,,-5,,,", "wages_primary"),
        ("A,26,single,,,1,,,,,", "year"),
        ("A,2026-13-01,single,,,1,,,,,", "year"),
        ("A,2026,single,Texass,,1,,,,,", "state"),
        ("A,2026,single,IL,CHICAGO,1,,,,,", "locality"),
        ("A,2026,single,,NYC,1,,,,,", "locality"),
        ("A,2019,single,,,1,,,,,", "2019"),
        ("A,2026,single,,,1e5,,,,,", "se_net_primary"),
        ("A,2026,single,,,nan,,,,,", "se_net_primary"),
        ("A,2026,single,,,1,,,-1,,", "n_children"),
        ("A,2026,single,,,1,,,1000000,4,", "n_children"),
        ("A,2026,single,,,1,5000,,,,", "se_net_spouse"),
        ("A,2026,single,,,1,,99999999999999999,,,", "wages_primary"),
        ("A,2026,single,,,1,,,,,x,too,many", "more cells"),
    ],
)
def test_a_row_that_cannot_be_computed_names_its_field_and_the_rest_is_computed(cells: str, field: str) -> None:
    bad, good = computed(cells, "B,2026,single,,,1000,,,,,")
    assert field in bad["error"]
    assert bad["total_federal"] == ""
    assert (good["error"], good["se_tax"]) == ("", "141.29")


def test_a_table_without_its_columns_is_refused() -> None:
    with pytest.raises(BadFile, match="filing_status"):
        computed("2026", header="year")


def test_columns_of_an_earlier_answer_are_computed_anew() -> None:
    (row,) = computed("2026,single,1000,9,old", header="year,filing_status,se_net_primary,se_tax,error")
    assert (row["se_tax"], row["error"]) == ("141.29", "")


def test_an_empty_table_gives_its_header() -> None:
    names, rows = tax_scenario.computed(io.StringIO(HEADER))
    assert names[-1] == "error"
    assert list(rows) == []


def test_the_answer_is_a_table_again() -> None:
    names, rows = tax_scenario.computed(io.StringIO(f'{HEADER}\n"a,b",2026,single,,,1,,,,,"x\ny"'))
    out = io.StringIO()
    csv.writer(out).writerows([names, *rows])
    (row,) = csv.DictReader(io.StringIO(out.getvalue()))
    assert (row["id"], row["more"]) == ("a,b", "x\r\ny".replace("\r", ""))


def test_a_year_whose_state_figures_are_not_known_takes_those_before_and_says_so() -> None:
    known, borrowed, free = computed(
        "A,2026,single,IL,,80000,,,,,", "B,2027,single,IL,,80000,,,,,", "C,2027,single,TX,,80000,,,,,"
    )
    before = "state_income_tax_before_refundable_credits"
    assert (known["state_fidelity"], borrowed["state_fidelity"]) == ("tested", "approximate")
    assert float(borrowed[before]) == pytest.approx(float(known[before]), abs=5)
    assert (free["state_fidelity"], free[before], free["error"]) == ("tested", "0.00", "")
    (later,) = computed("D,2030,single,TX,,1,,,,,")
    assert "2030" in later["error"]
