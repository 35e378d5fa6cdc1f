"""The CSV writer: exact bytes, numbers that stay numbers, text that never runs."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.csv_out import decimal_text, guarded, write_rows
from app.core.money import dollars
from app.core.report.table import cents, plain, text

HEADER = [*plain("id"), *text("payee"), *cents("amount")]


def written(rows: list[tuple[object, ...]]) -> str:
    stream = io.StringIO(newline="")
    write_rows(stream, HEADER, rows)  # type: ignore[arg-type]
    return stream.getvalue()


def test_bom_crlf_and_plain_decimals() -> None:
    assert written([(1, "Café", -123450), (2, None, 5)]) == ("\ufeffid,payee,amount\r\n1,Café,-1234.50\r\n2,,0.05\r\n")


def test_the_number_of_rows_is_returned_and_a_generator_will_do() -> None:
    assert write_rows(io.StringIO(newline=""), HEADER, ((i, "x", i) for i in range(7))) == 7


@pytest.mark.parametrize(
    "hostile",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "\0=1",
        " =1",
        "\ufeff=1",
        "\u00a0 \u200b@x",
        "＝1",
        "＋1",
        "－1",
        "＠x",
    ],
)
def test_text_that_looks_like_a_formula_gets_an_apostrophe(hostile: str) -> None:
    assert guarded(hostile) == f"'{hostile}"
    (_, row) = csv.reader(io.StringIO(written([(1, hostile, -5)]).removeprefix("\ufeff"), newline=""))
    assert row == ["1", f"'{hostile}", "-0.05"]


@pytest.mark.parametrize("harmless", ["", "A=1", " Figma", "3 - 2", "'quoted", "a\nb", 'say "hi", ok'])
def test_other_text_is_kept_as_it_is(harmless: str) -> None:
    (_, row) = csv.reader(io.StringIO(written([(1, harmless, 0)]).removeprefix("\ufeff"), newline=""))
    assert row == ["1", harmless, "0.00"]


@given(st.integers(-(10**15), 10**15))
def test_amounts_are_those_of_money(amount: int) -> None:
    assert decimal_text(amount) == dollars(amount)


_CELLS = st.one_of(st.none(), st.text(alphabet="ab,\"\r\n;'é=- ", max_size=4))


@given(
    st.lists(st.tuples(st.integers(0, 3), _CELLS, _CELLS, st.one_of(st.none(), st.integers(-2000, 2000))), max_size=9)
)
def test_the_bytes_are_those_of_the_csv_module(rows: list[tuple[int, str | None, str | None, int | None]]) -> None:
    header = [*plain("id"), *text("payee"), *plain("word"), *cents("amount")]
    ours, theirs = io.StringIO(newline=""), io.StringIO(newline="")
    assert write_rows(ours, header, rows) == len(rows)
    writer = csv.writer(theirs, lineterminator="\r\n")
    writer.writerow(column.name for column in header)
    for number, payee, word, amount in rows:
        writer.writerow((number, payee and guarded(payee), word, None if amount is None else dollars(amount)))
    assert ours.getvalue() == "\ufeff" + theirs.getvalue()


@given(st.lists(_CELLS, max_size=5))
def test_a_table_of_one_column_has_no_blank_lines(cells: list[str | None]) -> None:
    ours, theirs = io.StringIO(newline=""), io.StringIO(newline="")
    write_rows(ours, plain("word"), [(cell,) for cell in cells])
    csv.writer(theirs, lineterminator="\r\n").writerows([("word",), *((cell,) for cell in cells)])
    assert ours.getvalue() == "\ufeff" + theirs.getvalue()
