"""The federal engine against two independent programs, component by component, to the dollar."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from app.core.tax.federal import evaluate
from app.core.tax.figures import Parameters
from app.core.tax.model import Household

CLASSES = (
    "random",
    "edge_qbi",
    "credits_low_income",
    "senior",
    "edge_bracket",
    "edge_qbi_minimum",
    "health_insurance_sep",
    "edge_se_floor",
    "edge_ss_base",
    "edge_niit",
    "edge_addl_medicare",
    "loss",
    "edge_qbi_qss",
    "edge_addl_medicare_wages",
    "edge_capgains",
    "edge_ctc_phaseout",
    "edge_ss_base_wages",
    "edge_senior_phaseout",
    "capital_loss",
    "spouse_loss",
)


def _gaps(row: dict[str, str], household: Household, figures: dict[int, Parameters]) -> dict[str, tuple[float, str]]:
    result = evaluate(household, figures[household.year], explain=False)
    return {
        name: (cents / 100, row[f"expected_{name}"])
        for name, cents in result.components.items()
        # Nobody itemizes in these rows, and they have no column for it.
        if name != "itemizes" and abs(Decimal(cents) / 100 - Decimal(row[f"expected_{name}"])) > 1
    }


@pytest.mark.parametrize("name", CLASSES)
def test_every_component_is_within_a_dollar(
    name: str, reference_rows: list[tuple[dict[str, str], Household]], figures: dict[int, Parameters]
) -> None:
    rows = [pair for pair in reference_rows if pair[0]["class"] == name]
    assert rows
    assert {row["id"]: gaps for row, household in rows if (gaps := _gaps(row, household, figures))} == {}


def test_no_class_of_the_reference_is_left_out(reference_rows: list[tuple[dict[str, str], Household]]) -> None:
    assert set(Counter(row["class"] for row, _ in reference_rows)) == set(CLASSES)


def test_at_least_995_of_1000_households_pass(
    reference_rows: list[tuple[dict[str, str], Household]], figures: dict[int, Parameters]
) -> None:
    passed = sum(not _gaps(row, household, figures) for row, household in reference_rows)
    assert passed >= 0.995 * len(reference_rows)
