"""QIF files with every peculiarity under tests/data/qif, and dates and damage beyond them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.dates import date_of, day_from_iso, iso
from app.core.errors import BadFile, NeedsMapping, NotAStatement
from app.core.ingest import qif, reader
from app.core.ingest.qif_dates import DateReader
from app.core.ingest.qif_parts import parts_in
from app.core.ingest.statement import ParsedFile, ReadOptions
from app.services.ingest.collector import no_collection

DATA = Path(__file__).parents[2] / "data" / "qif"
OPEN_ORDER = "No date shows whether day or month stands first; dates were read {} first."


def parse(name: str, options: ReadOptions | None = None) -> ParsedFile:
    return reader.read((DATA / name).read_bytes(), "export.txt", options or ReadOptions())


def brief(parsed: ParsedFile, number: int = 0) -> list[tuple[int, str, int, str]]:
    return [(r.line, iso(r.posted), r.cents, r.text) for r in parsed.statements[number].rows]


def test_bank_file_with_three_ways_of_dates() -> None:
    parsed = parse("bank.qif")
    assert (parsed.format, parsed.layout, parsed.notes) == ("qif", "qif", [])
    assert brief(parsed) == [
        (2, "2026-03-02", -4210, "Paper Moon Stationers"),
        (9, "2026-03-15", 150000, "Harbor Studio LLC"),
        (14, "2026-03-16", -2000, "To savings"),
    ]
    rows = parsed.statements[0].rows
    assert [r.source_type for r in rows] == ["Office:Supplies", "Income", "ACCT_XFER"]
    assert [r.memo for r in rows] == ["cards and envelopes. Check 1042", None, "Transfer Rainy Day"]
    assert [r.bank_id for r in rows] == [None, None, None]
    assert parsed.statements[0].kind == "checking"


def test_missing_headers_and_last_end() -> None:
    assert brief(parse("no_headers.qif")) == [
        (1, "2026-03-02", -4210, "Paper Moon"),
        (5, "2026-03-15", 150000, "Harbor Studio"),
    ]


def test_several_accounts_and_an_opening_balance() -> None:
    parsed = parse("accounts.qif")
    assert [(s.name, s.kind) for s in parsed.statements] == [("Everyday", "checking"), ("Travel Card", "credit")]
    assert brief(parsed) == [(25, "2026-01-06", -500, "Coffee"), (44, "2026-01-08", -600, "Tea")]
    assert brief(parsed, 1) == [(34, "2026-01-07", -8000, "Hotel")]
    assert parsed.skipped == [(19, "an opening balance, not a transaction")]
    first = parsed.statements[0]
    assert (first.balance_cents, first.balance_day) == (25000, day_from_iso("2026-01-04"))


def test_every_type_of_account_is_its_own_kind() -> None:
    parsed = parse("types.qif")
    assert [(s.kind, [row.cents for row in s.rows]) for s in parsed.statements] == [
        ("cash", [-100]),
        ("credit", [-200]),
        ("other", [300]),
        ("loan", [-400]),
    ]


def test_splits_keep_the_total() -> None:
    parsed = parse("splits.qif")
    row = parsed.statements[0].rows[0]
    assert (row.cents, row.memo) == (-10000, "Split: Office (paper) -60.00; [Savings] -40.00")
    assert parsed.notes == []


def test_splits_that_do_not_add_up_leave_the_total_and_are_told() -> None:
    parsed = parse("splits_off.qif")
    assert [row.cents for row in parsed.statements[0].rows] == [-10000, -5000]
    told = "In one row the parts of a split do not add up to its amount; the amount was taken (line 2)."
    assert parsed.notes == [told]
    memos = [row.memo for row in parsed.statements[0].rows]
    assert memos == ["Parts: Office paper -60.00; Home -30.00", "Split: Office -20.00; Home -30.00"]


@pytest.mark.parametrize(
    ("splits", "parts"),
    [
        ("SA\n$-60.00\nSB\n$-40.00\n", [(-6000, "A"), (-4000, "B")]),
        ("SA\n$-160.00\nSB\n$60.00\n", [(-16000, "A"), (6000, "B")]),
        ("SA; (x)\n$-60.00\nS\n$-40.00\n", [(-6000, "A, x"), (-4000, "No category")]),
        ("SA\n%33.33\nSB\n%66.67\n", [(-3333, "A"), (-6667, "B")]),
        ("SA\n%50\nSB\n%40\n", []),
        ("SA\n$-60.00\nSB\n$-30.00\n", []),
        ("SA\n$-60.00\nSB\n", []),
        ("SA\n$NaN\nSB\n$-40.00\n", []),
        ("SA\n$-100.00\n", []),
        ("SA\n", []),
        ("".join(f"SCategory {n}\nEa longer note of this part\n$-1.00\n" for n in range(100)), []),
    ],
)
def test_the_parts_of_a_split_are_known_again_from_its_row(splits: str, parts: list[tuple[int, str]]) -> None:
    parsed = qif.read(f"!Type:Bank\nD3/22/2026\nT-100.00\nPStore\n{splits}^\n", ReadOptions())
    [row] = parsed.statements[0].rows
    assert [(part.cents, part.category) for part in parts_in(row.memo, row.cents)] == parts


def test_a_transfer_names_the_other_account() -> None:
    row = parse("transfers.qif").statements[0].rows[0]
    assert (row.cents, row.source_type, row.memo) == (-50000, "ACCT_XFER", "Transfer Rainy Day")
    split = parse("transfers.qif").statements[0].rows[1]
    assert (split.source_type, split.memo) == ("Office", "Split: Office -20.00; [Rainy Day] -30.00")


@pytest.mark.parametrize(
    ("name", "rows", "notes"),
    [
        ("day_first.qif", [(2, "2026-03-05", -100, "A"), (6, "2026-03-31", -200, "B")], []),
        (
            "dots.qif",
            [(2, "2026-03-05", -123456, "A"), (6, "2026-03-31", -200, "B")],
            ["Amounts were read with a decimal comma."],
        ),
        ("iso.qif", [(2, "2026-03-05", -100, "A")], []),
        ("missing_ends.qif", [(2, "2026-03-02", -100, "A"), (5, "2026-03-30", -200, "B")], []),
        ("cr_only.qif", [(2, "2026-03-20", -100, "loan rate")], ["One control character was removed."]),
    ],
)
def test_dates_and_line_ends(name: str, rows: list[tuple[int, str, int, str]], notes: list[str]) -> None:
    parsed = parse(name)
    assert (brief(parsed), parsed.notes, parsed.rejected) == (rows, notes, [])


def test_dates_that_could_be_either_way_are_asked_about() -> None:
    with pytest.raises(NeedsMapping) as trouble:
        parse("either_way.qif")
    assert (trouble.value.code, trouble.value.exit_code) == ("needs_mapping", 3)
    assert "2/3/2026" in trouble.value.message
    assert "--date-order" in trouble.value.hint


@pytest.mark.parametrize(("order", "day", "word"), [("mdy", "2026-02-03", "month"), ("dmy", "2026-03-02", "day")])
def test_the_answer_reads_the_file_and_is_handed_on(order: str, day: str, word: str) -> None:
    told = parse("either_way.qif", ReadOptions(date_order=order))
    assert (iso(told.statements[0].rows[0].posted), told.notes) == (day, [OPEN_ORDER.format(word)])
    assert told.mapping is not None
    kept = ReadOptions(mappings_by_header={str(told.mapping["signature"]): told.mapping})
    assert parse("either_way.qif", kept).statements == told.statements
    assert parse("either_way.qif", ReadOptions(mapping=told.mapping)).statements == told.statements


def test_what_the_file_itself_shows_wins_over_an_answer() -> None:
    told = parse("day_first.qif", ReadOptions(date_order="mdy"))
    assert told.statements == parse("day_first.qif").statements
    assert told.mapping is None


@pytest.mark.parametrize(
    ("name", "day"),
    [("quicken_year.qif", "2026-02-03"), ("decimal_comma.qif", "2026-03-02"), ("same_day_and_month.qif", "2026-03-03")],
)
def test_a_writing_that_one_side_of_the_ocean_has_needs_no_answer(name: str, day: str) -> None:
    parsed = parse(name)
    assert [iso(row.posted) for row in parsed.statements[0].rows] == [day]
    assert parsed.mapping is None


def test_two_date_orders_are_not_mixed_silently() -> None:
    parsed = parse("two_orders.qif")
    assert [r.cents for r in parsed.statements[0].rows] == [-100, -200]
    assert parsed.rejected == [(10, "the row has no date that can be read")]
    assert parsed.notes == ["Dates stand in two orders in the file; rows that do not fit the usual one are out."]


def test_bad_rows_are_named_and_the_good_one_kept() -> None:
    parsed = parse("bad_rows.qif")
    assert [r.cents for r in parsed.statements[0].rows] == [-100]
    assert parsed.rejected == [
        (6, "the amount cannot be read"),
        (10, "the row has no date"),
        (14, "the row has no amount"),
        (17, "the row has neither date nor amount"),
        (19, "the row has no date that can be read"),
        (22, "the amount has a fraction of a cent"),
    ]


def test_investment_rows_are_skipped() -> None:
    parsed = parse("investments.qif")
    reason = "an investment row; only cash rows are read"
    assert parsed.skipped == [(2, reason), (7, reason)]
    assert [s.rows for s in parsed.statements] == [[]]


@pytest.mark.parametrize("name", ["lists_only.qif", "header_only.qif"])
def test_files_without_transactions(name: str) -> None:
    with pytest.raises(NotAStatement) as trouble:
        parse(name)
    assert trouble.value.code == "not_a_statement"


def test_a_line_of_many_megabytes_is_refused() -> None:
    with pytest.raises(BadFile) as trouble:
        qif.read("!Type:Bank\nP" + "x" * (5 * 1024 * 1024), ReadOptions())
    assert (trouble.value.code, trouble.value.line) == ("bad_file", 2)


def test_header_option_decides_the_order() -> None:
    parsed = qif.read("!Option:DMY\n!Type:Bank\nD5/3/2026\nT1\n^\n", ReadOptions())
    assert brief(parsed) == [(3, "2026-03-05", 100, "No description")]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1/5'26", "2026-01-05"),
        ("1/ 5' 4", "2004-01-05"),
        ("1/5/98", "1998-01-05"),
        ("12-31-2026", "2026-12-31"),
        ("2026/3/5", "2026-03-05"),
        ("20260305", "2026-03-05"),
        ("5-Mar-26", "2026-03-05"),
        ("5 March 2026", "2026-03-05"),
    ],
)
def test_written_dates(text: str, day: str) -> None:
    assert iso(DateReader([text]).day(text)) == day


@pytest.mark.parametrize("text", ["", "soon", "13/45/2026", "2/30/2026", "1/1/1960", "00/00/0000", "1/2/20260"])
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match="no date"):
        DateReader([text]).day(text)


@settings(max_examples=80, deadline=None)
@given(
    days=st.lists(st.dates(min_value=date_of(11000), max_value=date_of(20700)), min_size=1, max_size=30),
    day_first=st.booleans(),
)
def test_one_telling_date_decides_the_whole_file(days: list, *, day_first: bool) -> None:
    form = "%d/%m/%Y" if day_first else "%m/%d/%Y"
    texts = [day.strftime(form) for day in days] + ["31/01/2020" if day_first else "01/31/2020"]
    dates = DateReader(texts)
    assert [date_of(dates.day(text)) for text in texts[:-1]] == days
    assert dates.notes == []


@settings(max_examples=150, deadline=None)
@given(data=st.data(), cents=st.lists(st.integers(-(10**8), 10**8), min_size=3, max_size=8))
def test_damage_in_one_record_leaves_the_others_alone(data: st.DataObject, cents: list[int]) -> None:
    records = [
        f"D03/{number + 13}/2026\nT{amount / 100:,.2f}\nPRow {number}\n^\n" for number, amount in enumerate(cents)
    ]
    hit = data.draw(st.integers(0, len(cents) - 1))
    body = records[hit][:-3]
    first = data.draw(st.integers(0, len(body)))
    last = data.draw(st.integers(first, len(body)))
    records[hit] = (
        body[:first] + data.draw(st.text("DTUPS$ \n/'0123456789.,\x00é", max_size=10)) + body[last:] + "\n^\n"
    )
    parsed = qif.read("!Type:Bank\n" + "".join(records), ReadOptions())
    read = {(row.text, row.cents) for row in parsed.statements[0].rows}  # the damage may spell another row's name
    for number, amount in enumerate(cents):
        if number != hit:
            assert (f"Row {number}", amount) in read


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("!Type:Bank\n" + "D1/13/2026\nT1\n^\n" * 500_001, "more than 500,000 transactions"),
        ("!Type:Bank\n" + "Dx\nTx\n^\n" * 320_001, "More than 320,000 rows of the file cannot be read."),
        ("!Type:Bank\n" + ("D1/13/2026\nT1\n" + "S\n" * 900 + "^\n") * 1120, "more than 1,000,000 parts of splits"),
        ("!Type:Bank\n" + "\n" * 6_000_001, "more than 6,000,000 lines"),
    ],
    ids=["rows", "words", "parts", "lines"],
)
def test_a_file_without_end_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    with no_collection(), pytest.raises(BadFile) as trouble:
        qif.read(text, ReadOptions())
    assert sentence in trouble.value.message
    assert trouble.value.hint
    assert trouble.value.exit_code == 3
