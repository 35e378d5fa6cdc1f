"""How single cells of a table are read."""

from __future__ import annotations

import pytest

from app.core.ingest.csv_columns import fold


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("BLUE BOTTLE COFFEE", "BLUE BOTTLE COFFEE"),
        ("  BLUE   BOTTLE ", "BLUE BOTTLE"),
        ("BLUE\tBOTTLE\u00a0COFFEE", "BLUE BOTTLE COFFEE"),
        ("BLUE\u202eBOTTLE", "BLUEBOTTLE"),
        ("x" * 999 + " y", "x" * 999),
        ("x" * 1200, "x" * 1000),
        ("", ""),
        (" ", ""),
    ],
)
def test_white_space_of_a_cell_is_folded(cell: str, text: str) -> None:
    assert fold(cell) == text
