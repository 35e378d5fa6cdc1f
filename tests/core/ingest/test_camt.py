"""camt.053 files with every peculiarity under tests/data/camt, and hostile shapes beyond them."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.dates import day_from_iso, iso
from app.core.errors import BadFile, NotAStatement, UserError
from app.core.ingest import camt, reader
from app.core.ingest.statement import ParsedFile, ReadOptions

DATA = Path(__file__).parents[2] / "data" / "camt"
FILES = sorted(DATA.glob("*.xml"))
CARD = "PAPER & MOON STATIONERS Card purchase"


def parse(name: str) -> ParsedFile:
    return reader.read((DATA / name).read_bytes(), "statement.xml", ReadOptions())


def brief(parsed: ParsedFile, number: int = 0) -> list[tuple[int, str, int, str]]:
    return [(row.line, iso(row.posted), row.cents, row.text) for row in parsed.statements[number].rows]


@pytest.mark.parametrize(
    ("name", "lines", "payer"),
    [
        ("version_02.xml", (11, 20), "HARBOR STUDIO LLC"),
        ("version_03.xml", (11, 20), "HARBOR STUDIO LLC"),
        ("version_04.xml", (11, 20), "HARBOR STUDIO LLC"),
        ("version_06.xml", (11, 20), "HARBOR STUDIO LLC"),
        ("version_08.xml", (11, 20), "HARBOR STUDIO LLC"),
        ("prefixed.xml", (11, 20), "HARBOR STUDIO LLC"),
        ("no_namespace.xml", (11, 20), "HARBOR STUDIO LLC"),
        ("one_line.xml", (1, 1), "HARBOR STUDIO LLC"),
        ("envelope.xml", (13, 22), "HARBOR STUDIO LLC"),
        ("utf_16.xml", (11, 20), "HARBOR STUDIO LLC"),
        ("windows_1252.xml", (11, 20), "CAFÉ HARBOR"),
        ("closed_before.xml", (11, 20), "HARBOR STUDIO LLC"),
    ],
)
def test_the_same_statement_in_every_version_and_writing(name: str, lines: tuple[int, int], payer: str) -> None:
    parsed = parse(name)
    assert (parsed.format, parsed.layout, parsed.rejected, parsed.skipped) == ("camt", "camt-053", [], [])
    assert brief(parsed) == [
        (lines[0], "2026-03-02", -4210, CARD),
        (lines[1], "2026-03-15", 150000, payer),
    ]
    assert [row.bank_id for row in parsed.statements[0].rows] == ["A1", "A2"]
    statement = parsed.statements[0]
    assert (statement.account_number, statement.routing_number) == ("000111222333", "111000025")
    assert (statement.institution, statement.kind, statement.currency) == ("First Test Bank", "checking", "USD")
    assert (statement.opening_cents, statement.balance_cents) == (100000, 245790)
    days = (statement.first_day, statement.last_day, statement.balance_day)
    assert days == tuple(map(day_from_iso, ("2026-03-01", "2026-03-31", "2026-03-31")))


def test_a_batch_is_one_row_that_names_its_parts() -> None:
    rows = parse("batch.xml").statements[0].rows
    assert [(row.cents, row.text, row.memo) for row in rows] == [
        (
            60000,
            "OAK STUDIO, ELM GALLERY, ASH PRESS",
            "Batch of 3 payments: OAK STUDIO 100.00; ELM GALLERY 200.00; ASH PRESS 300.00",
        ),
        (-9000, "PAYROLL RUN", "Batch of 12 payments"),
    ]


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        (
            "charges.xml",
            [
                (98500, 100000, -1500),  # says that the charge is inside
                (50000, None, None),  # says that it is booked by itself
                (-21000, -20000, -1000),  # the amount before charges shows it
                (7500, None, None),  # says nothing, shows nothing: not guessed
            ],
        ),
        ("charges_02.xml", [(98500, 100000, -1500)]),
    ],
)
def test_a_charge_inside_an_amount_stands_beside_it(name: str, rows: list[tuple[int, int, int]]) -> None:
    assert [(row.cents, row.gross_cents, row.fee_cents) for row in parse(name).statements[0].rows] == rows


def test_a_reversal_goes_the_way_it_says() -> None:
    parsed = parse("reversal.xml")
    assert [(row.cents, row.memo) for row in parsed.statements[0].rows] == [(-6000, None), (6000, "Reversal")]
    assert parsed.notes == []


def test_statements_that_follow_one_another_are_one_and_a_gap_parts_them() -> None:
    parsed = parse("several_statements.xml")
    found = [
        (s.account_number, s.kind, iso(s.first_day or 0), iso(s.last_day or 0), s.balance_cents, len(s.rows))
        for s in parsed.statements
    ]
    assert found == [
        ("000111222333", "checking", "2026-03-02", "2026-03-03", 99500, 2),
        ("000111222333", "checking", "2026-03-20", "2026-03-20", 79300, 1),
        ("000111222444", "savings", "2026-03-01", "2026-03-31", 5007, 1),
    ]
    assert brief(parsed, 2) == [(56, "2026-03-31", 7, "Interest")]
    assert parsed.notes == []


def test_rows_in_another_currency_keep_it_with_the_dollars_the_file_gives() -> None:
    parsed = parse("currencies.xml")
    assert [(row.cents, row.currency, row.usd_cents, row.text, row.memo) for row in parsed.statements[0].rows] == [
        (-2000, None, None, "KIOSK BERLIN", "Originally EUR 18.40"),
        (-3000, "EUR", None, "HOTEL WIEN", None),
        (-500, None, None, "NO CODE ON THE AMOUNT", None),
    ]
    # one row has no worth in dollars: whether the statement adds up cannot be said
    assert (parsed.rejected, parsed.notes) == ([], [])
    euro = parse("euro_account.xml")
    [statement] = euro.statements
    assert (statement.currency, statement.balance_cents, statement.opening_cents) == ("EUR", 245790, 100000)
    assert [(row.cents, row.currency, row.usd_cents) for row in statement.rows] == [
        (-4210, None, None), (150000, None, 163500),
    ]  # fmt: skip
    assert (euro.rejected, euro.notes) == ([], [])


def test_bad_entries_are_named_and_the_good_ones_kept() -> None:
    parsed = parse("bad_rows.xml")
    assert [row.text for row in parsed.statements[0].rows] == ["GOOD ONE", "GOOD TWO"]
    assert parsed.rejected == [
        (19, "the amount cannot be read"),
        (27, "the amount cannot be read"),
        (35, "the amount cannot be read"),
        (43, "the amount has a fraction of a cent"),
        (51, "the amount has a sign beside its direction"),
        (59, "the row does not say whether money came in or went out"),
        (67, "the row has no date that can be read"),
        (74, "the row has no date that can be read"),
        (82, "the row has no amount"),
    ]


def test_entries_that_are_not_booked_are_skipped() -> None:
    parsed = parse("pending.xml")
    assert parsed.skipped == [(29, "the row is pending"), (37, "the row is for information only")]
    assert len(parsed.statements[0].rows) == 2


def test_balances_that_do_not_fit_the_rows_are_told() -> None:
    [note] = parse("does_not_tie.xml").notes
    assert note == (
        "The statement opens at $1,000.00 and its rows come to $1,457.90, but it closes at $2,400.00: rows are missing "
        "from it or were not read."
    )


def test_a_statement_without_rows_is_a_statement() -> None:
    [statement] = parse("no_rows.xml").statements
    assert (statement.rows, statement.balance_cents) == ([], 100000)


def test_a_reference_that_two_rows_share_is_no_id() -> None:
    rows = parse("shared_reference.xml").statements[0].rows
    assert [(row.cents, row.bank_id, row.source_type) for row in rows] == [
        (-50000, None, None),
        (-3000, None, "FEE"),
        (-500, None, None),
    ]


def test_a_file_that_is_cut_off_keeps_its_whole_rows() -> None:
    parsed = parse("cut_off.xml")
    assert brief(parsed) == [(11, "2026-03-02", -4210, CARD)]
    assert parsed.rejected == [(21, "the file is damaged or cut off here; nothing behind it is read")]
    assert parsed.statements[0].balance_cents is None


def test_a_declared_document_type_is_refused_outright() -> None:
    with pytest.raises(BadFile) as trouble:
        parse("declares.xml")
    assert (trouble.value.code, trouble.value.line) == ("bad_file", 2)


@pytest.mark.parametrize(
    ("name", "word"), [("intraday.xml", "camt.052"), ("notice.xml", "camt.054"), ("no_statement.xml", "no statement")]
)
def test_relatives_of_the_statement_are_refused(name: str, word: str) -> None:
    with pytest.raises(NotAStatement, match=word) as trouble:
        parse(name)
    assert trouble.value.hint


def test_many_entries_are_read_in_time() -> None:
    entry = (
        '<Ntry><Amt Ccy="USD">{0}.07</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-03-02</Dt>'
        "</BookgDt><AcctSvcrRef>R{0}</AcctSvcrRef><AddtlNtryInf>SHOP {0}</AddtlNtryInf></Ntry>"
    )
    text = (
        "<Document><BkToCstmrStmt><Stmt>"
        + "".join(entry.format(n) for n in range(20_000))
        + "</Stmt></BkToCstmrStmt></Document>"
    )
    start = time.process_time()
    parsed = camt.read(text, ReadOptions())
    assert time.process_time() - start < 5
    assert sum(row.cents for row in parsed.statements[0].rows) == -sum(n * 100 + 7 for n in range(20_000))


@settings(max_examples=200, deadline=None)
@given(data=st.data(), path=st.sampled_from(FILES))
def test_any_damage_ends_in_rows_of_the_whole_file_or_in_a_sentence(data: st.DataObject, path: Path) -> None:
    whole = path.read_bytes()
    first = data.draw(st.integers(0, len(whole)))
    last = data.draw(st.integers(first, min(len(whole), first + 40)))
    broken = whole[:first] + data.draw(st.binary(max_size=6)) + whole[last:]
    refusal = None
    try:
        parsed = reader.read(broken, path.name, ReadOptions())
    except UserError as error:
        refusal = error
    if refusal is not None:
        assert (refusal.exit_code, refusal.message[-1]) == (3, ".")
        return
    assert all(isinstance(row.cents, int) and row.text for s in parsed.statements for row in s.rows)
    assert all(trouble.line > 0 and trouble.reason for trouble in parsed.rejected + parsed.skipped)


_HEAD = "<Document><BkToCstmrStmt>"
_TAIL = "</BkToCstmrStmt></Document>"
_ATTRIBUTES = "<Stmt><X " + " ".join(f'a{n}=">"' for n in range(250_000)) + "/></Stmt>"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (_HEAD + _ATTRIBUTES + _TAIL, "One tag or comment"),
        (_HEAD + "<Stmt><!--" + "x" * 2_000_000 + "--></Stmt>" + _TAIL, "One tag or comment"),
        (_HEAD + "<Stmt></Stmt>" * 20_001 + _TAIL, "more than 20,000 statements"),
    ],
    ids=["attributes", "comment", "statements"],
)
def test_a_file_that_takes_long_and_gives_nothing_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(BadFile) as trouble:
        camt.read(text, ReadOptions())
    assert sentence in trouble.value.message
    assert trouble.value.hint
    assert trouble.value.exit_code == 3


def test_thousands_of_accounts_in_one_file_are_told_apart_without_comparing_each_with_each() -> None:
    every = "".join(
        f"<Stmt><Acct><Id><IBAN>DE{n:020d}</IBAN></Id></Acct></Stmt>" for n in range(15_000)
    )  # fmt: skip
    with pytest.raises(BadFile, match="more than 1,000 statements"):
        camt.read(_HEAD + every + _TAIL, ReadOptions())
