"""Damaged and hostile tables: a bad row costs itself only, and every data row ends in exactly one place."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.dates import FIRST_DAY, LAST_DAY
from app.core.errors import UserError
from app.core.ingest import csv_reader
from app.core.ingest.statement import ParsedFile, ReadOptions

FILES = sorted((Path(__file__).parents[2] / "data" / "csv").glob("*.csv"))
HEAD = "Transaction Date,Post Date,Description,Category,Type,Amount,Memo\n"


def row(text: str = "SHOP", amount: str = "-1.00", day: str = "01/15/2026") -> str:
    return f"{day},{day},{text},Shopping,Sale,{amount},\n"


def parse(text: str) -> ParsedFile:
    return csv_reader.read(text, "card.csv", ReadOptions())


def lines(parsed: ParsedFile) -> list[int]:
    return [r.line for statement in parsed.statements for r in statement.rows]


def ends(parsed: ParsedFile) -> int:
    return len(lines(parsed)) + len(parsed.skipped) + len(parsed.rejected)


@pytest.mark.parametrize(
    "amount", ["NaN", "inf", "-inf", "1E9", "1e5", "12.345", "9" * 40, "abc", "", "0x10", "1_000.00", "٣.٠٠"]
)
def test_an_amount_that_is_none_is_rejected(amount: str) -> None:
    parsed = parse(HEAD + row() + row(amount=amount) + row())
    assert lines(parsed) == [2, 4]
    assert [t.line for t in parsed.rejected] == [3]


@pytest.mark.parametrize(
    ("amount", "cents"), [("0.00", 0), ("12.300", 1230), ('"1,234.50"', 123450), ("(5.00)", -500), ("- $23.40", -2340)]
)
def test_amounts_as_people_write_them(amount: str, cents: int) -> None:
    assert [r.cents for r in parse(HEAD + row(amount=amount)).statements[0].rows] == [cents]


@pytest.mark.parametrize("day", ["02/30/2026", "13/45/2026", "01/15/1969", "01/15/2200", "0/0/0000", "01-15", "15"])
def test_a_day_that_cannot_be_is_rejected(day: str) -> None:
    parsed = parse(HEAD + row() + row(day=day))
    assert lines(parsed) == [2]
    assert [t.line for t in parsed.rejected] == [3]


def test_too_few_fields_are_rejected_and_one_more_is_no_harm() -> None:
    parsed = parse(HEAD + "01/15/2026,01/15/2026,SHOP\n" + row().rstrip("\n") + ",\n" + row())
    assert lines(parsed) == [3, 4]
    assert [(t.line, t.reason) for t in parsed.rejected] == [(2, "too few fields")]


def test_an_open_quotation_mark_costs_its_own_row_only() -> None:
    broken = '01/15/2026,01/15/2026,"NEVER CLOSED,Shopping,Sale,-1.00,\n'
    parsed = parse(HEAD + row() + broken + row() * 3 + row('"A ""GOOD"" ONE"') + broken + row() + broken)
    assert lines(parsed) == [2, 4, 5, 6, 7, 9]
    assert [t.line for t in parsed.rejected] == [3, 8, 10]
    assert parsed.statements[0].rows[-2].text == 'A "GOOD" ONE'


def test_an_open_mark_that_a_later_row_seems_to_close_swallows_nothing() -> None:
    broken = '01/15/2026,01/15/2026,"NEVER CLOSED,Shopping,Sale,-1.00,\n'
    parsed = parse(HEAD + broken + row() * 3 + row('SCREEN 27"') + row())
    assert lines(parsed) == [3, 4, 5, 6, 7]
    assert [t.line for t in parsed.rejected] == [2]
    assert parsed.statements[0].rows[3].text == 'SCREEN 27"'


def test_line_numbers_count_line_breaks_inside_quotes_and_blank_lines() -> None:
    parsed = parse(HEAD + row('"ONE\nTWO\nTHREE"') + "\n" + row('"A,B"') + row(amount="x"))
    assert lines(parsed) == [2, 6]
    assert [t.line for t in parsed.rejected] == [7]
    assert parsed.statements[0].rows[0].text == "ONE TWO THREE"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(end: str) -> None:
    parsed = parse((HEAD + row() + row('"A\nB"') + row()).replace("\n", end))
    assert lines(parsed) == [2, 3, 5]


def test_mixed_line_ends() -> None:
    assert lines(parse((HEAD + row()).replace("\n", "\r\n") + row().replace("\n", "\r") + row())) == [2, 3, 4]


def test_text_is_folded_and_freed_of_characters_that_only_deceive() -> None:
    parsed = parse(HEAD + row("  A\u202eB\x00C\u200b \t D\x07  ") + row("=cmd|' /C calc'!A0"))
    assert [r.text for r in parsed.statements[0].rows] == ["ABC D", "=cmd|' /C calc'!A0"]
    assert any("NUL" in note for note in parsed.notes)


def test_a_row_without_text_gets_its_type_word() -> None:
    assert parse(HEAD + row("")).statements[0].rows[0].text == "Sale"


def test_blank_rows_are_no_rows_and_a_repeated_header_is_skipped() -> None:
    parsed = parse(HEAD + row() + ",,,,,,\n\n" + HEAD + row())
    assert lines(parsed) == [2, 6]
    assert [(t.line, t.reason) for t in parsed.skipped] == [(5, "the header again")]
    assert parsed.rejected == []


def test_a_giant_field_is_cut_and_the_rows_behind_it_stay() -> None:
    giant = "X" * (4 * 1024 * 1024)
    parsed = parse(HEAD + row(f'"{giant}"') + row())
    assert lines(parsed) == [2, 3]
    assert len(parsed.statements[0].rows[0].text) == 1000


def test_ten_thousand_columns() -> None:
    extra = "".join(f",c{number}" for number in range(10_000))
    text = HEAD.rstrip("\n") + extra + "\n" + row().rstrip("\n") + extra + "\n" + row()
    assert lines(parse(text)) == [2, 3]


def test_many_broken_rows_are_no_burden() -> None:
    broken = '01/15/2026,01/15/2026,"NEVER CLOSED,Shopping,Sale,-1.00,\n'
    parsed = parse(HEAD + row() + broken * 3000 + row())
    assert lines(parsed) == [2, 3003]
    assert len(parsed.rejected) == 3000


def test_no_reason_repeats_what_a_row_holds() -> None:
    parsed = parse(HEAD + row("SECRET", amount="SECRET") + row("SECRET", day="SECRET9"))
    assert len(parsed.rejected) == 2
    assert not any("SECRET" in t.reason for t in parsed.rejected)


def check(text: str, name: str) -> None:
    for kind in (None, "credit"):
        try:
            parsed = csv_reader.read(text, name, ReadOptions(account_kind=kind))
        except UserError:
            continue
        found = [r.line for s in parsed.statements for r in s.rows]
        found += [t.line for t in parsed.skipped + parsed.rejected]
        assert len(found) == len(set(found))
        assert all(t.reason for t in parsed.skipped + parsed.rejected)
        for statement in parsed.statements:
            for r in statement.rows:
                assert FIRST_DAY <= r.posted <= LAST_DAY
                assert isinstance(r.cents, int)
                assert r.text
                assert r.gross_cents is None or r.gross_cents + (r.fee_cents or 0) == r.cents
                r.text.encode()


CELLS = st.one_of(
    st.sampled_from(["", "-", "01/15/2026", "25/12/2026", "2026-01-15", "-4.50", "$1,000.00", "NaN", '"', '"a', "Date",
                     "Description", "Amount", "Debit", "Credit", "Balance", "Total", "PAYMENT THANK YOU"]),
    st.text(max_size=8),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.lists(CELLS, max_size=6), max_size=8), st.sampled_from(",;\t|"), st.sampled_from(["\n", "\r\n", "\r"])
)
def test_any_table_is_read_or_refused(rows: list[list[str]], delimiter: str, end: str) -> None:
    check(end.join(delimiter.join(cells) for cells in rows), "x.csv")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    check(text, text[:20])


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(FILES), st.data())
def test_any_damage_to_a_good_file_is_read_or_refused(path: Path, data: st.DataObject) -> None:
    text = path.read_text(encoding="utf-8")
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        size = data.draw(st.integers(0, 12))
        text = text[:start] + data.draw(CELLS) + text[start + size :]
    check(text, path.name)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["01/15/2026", "01/32/2026", "", "Total", "12/31/2025"]),
            st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=12),
            st.sampled_from(["-4.50", "", "x", "0.00", "1,000.00", "1.234"]),
        ),
        max_size=12,
    )
)
def test_rows_skipped_and_rejected_add_up_to_the_data_rows(rows: list[tuple[str, str, str]]) -> None:
    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"'

    body = "".join(f"{cell(day)},{cell(day)},{cell(text)},c,t,{cell(amount)},\n" for day, text, amount in rows)
    assert ends(parse(HEAD + body)) == len(rows)
