"""Every way of writing OFX that banks are known for, one small file each under tests/data/ofx."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.dates import day_from_iso, iso
from app.core.errors import BadFile, NotAStatement
from app.core.ingest import ofx, reader
from app.core.ingest.statement import ParsedFile, ReadOptions
from app.services.ingest.collector import no_collection

DATA = Path(__file__).parents[2] / "data" / "ofx"


def parse(name: str) -> ParsedFile:
    return reader.read((DATA / name).read_bytes(), "statement.txt", ReadOptions())


def brief(parsed: ParsedFile, number: int = 0) -> list[tuple[int, str, int, str, str | None]]:
    return [(r.line, iso(r.posted), r.cents, r.text, r.bank_id) for r in parsed.statements[number].rows]


CARD = "PAPER MOON STATIONERS Card purchase"


@pytest.mark.parametrize(
    ("name", "layout", "lines", "text"),
    [
        ("plain_sgml.ofx", "ofx-sgml", (40, 48), CARD),
        ("plain_xml.ofx", "ofx-xml", (34, 42), "PAPER & MOON STATIONERS Card purchase"),
        ("no_header.ofx", "ofx-sgml", (30, 38), CARD),
        ("blank_start_comment_header.ofx", "ofx-xml", (45, 53), CARD),
        ("header_on_one_line.ofx", "ofx-sgml", (31, 39), CARD),
        ("one_line.ofx", "ofx-sgml", (1, 1), CARD),
        ("cr_only.qfx", "ofx-sgml", (40, 48), CARD),
        ("crlf.qbo", "ofx-sgml", (41, 49), CARD),
        ("lower_case.ofx", "ofx-sgml", (40, 48), CARD),
        ("attributes.ofx", "ofx-sgml", (40, 48), CARD),
        ("mixed_case_records.ofx", "ofx-sgml", (40, 48), CARD),
        ("no_end_tags.ofx", "ofx-sgml", (34, 41), CARD),
        ("out_of_order.ofx", "ofx-sgml", (30, 38), CARD),
        ("empty_tags.ofx", "ofx-xml", (40, 49), "PAPER MOON STATIONERS"),
        ("dollar_amounts.ofx", "ofx-sgml", (40, 48), CARD),
        ("comments_cdata.ofx", "ofx-xml", (36, 44), "PAPER & <MOON> Card purchase"),
        ("utf_16.ofx", "ofx-sgml", (40, 48), CARD),
    ],
)
def test_same_statement_in_every_writing(name: str, layout: str, lines: tuple[int, int], text: str) -> None:
    parsed = parse(name)
    assert (parsed.format, parsed.layout, parsed.rejected, parsed.skipped) == ("ofx", layout, [], [])
    assert brief(parsed) == [
        (lines[0], "2026-03-02", -4210, text, "A1"),
        (lines[1], "2026-03-15", 150000, "HARBOR STUDIO LLC", "A2"),
    ]
    statement = parsed.statements[0]
    assert (statement.account_number, statement.routing_number) == ("000111222333", "111000025")
    assert (statement.account_type, statement.kind, statement.last4) == ("CHECKING", "checking", "2333")
    assert (statement.currency, statement.balance_cents) == ("USD", 200050)
    assert statement.institution == ("Wells Fargo" if name == "crlf.qbo" else "First Test Bank")
    days = (statement.first_day, statement.last_day, statement.balance_day)
    assert days == tuple(map(day_from_iso, ("2026-03-01", "2026-03-31", "2026-03-31")))


def test_bad_records_are_named_and_the_good_ones_kept() -> None:
    parsed = parse("bad_records.ofx")
    assert [r.cents for r in parsed.statements[0].rows] == [-4210, 150000]
    assert parsed.rejected == [
        (48, "the amount cannot be read"),
        (55, "the amount cannot be read"),
        (62, "the amount cannot be read"),
        (69, "the amount has a fraction of a cent"),
        (76, "the amount can be read two ways"),
        (83, "the row has no date that can be read"),
        (90, "the row has no date that can be read"),
        (96, "the row has no amount"),
        (102, "two rows run into each other"),
    ]


@pytest.mark.parametrize(
    ("name", "layout", "lines", "changed"),
    [
        ("long_bank_id.ofx", "ofx-sgml", (40, 48), {"routing_number": "FTB-0111000025-EASTERN-REGION"}),
        ("no_ofx_line.ofx", "ofx-xml", (33, 41), {}),
        ("no_start_date.ofx", "ofx-sgml", (39, 47), {"first_day": None}),
        ("blank_dates.ofx", "ofx-sgml", (40, 48), {"first_day": None, "last_day": None}),
        ("reversed_period.ofx", "ofx-sgml", (40, 48), {"first_day": None, "last_day": None}),
        ("empty_signon.ofx", "ofx-sgml", (28, 36), {"institution": None}),
        ("lying_encoding.ofx", "ofx-sgml", (40, 48), {}),
        ("empty_ledger.ofx", "ofx-sgml", (40, 48), {"balance_cents": None, "balance_day": None}),
        (
            "card_without_ledger.qfx",
            "ofx-sgml",
            (38, 46),
            {
                "kind": "credit",
                "account_type": None,
                "routing_number": None,
                "balance_cents": None,
                "balance_day": None,
            },
        ),
    ],
)
def test_what_is_missing_or_odd_costs_nothing_else(
    name: str, layout: str, lines: tuple[int, int], changed: dict[str, object]
) -> None:
    parsed, plain = parse(name), parse("plain_sgml.ofx")
    assert (parsed.layout, parsed.rejected, parsed.skipped) == (layout, [], [])
    rows = parsed.statements[0].rows
    assert [(r.line, iso(r.posted), r.cents, r.bank_id) for r in rows] == [
        (lines[0], "2026-03-02", -4210, "A1"),
        (lines[1], "2026-03-15", 150000, "A2"),
    ]
    held, usual = vars(parsed.statements[0]), vars(plain.statements[0])
    assert {key: value for key, value in held.items() if value != usual[key] and key != "rows"} == changed


def test_an_amount_of_thousands_of_digits_is_one_rejected_row() -> None:
    parsed = parse("huge_digits.ofx")
    assert [r.cents for r in parsed.statements[0].rows] == [-4210]
    assert parsed.rejected == [(48, "the amount cannot be read")]


def test_statement_without_rows_is_a_statement() -> None:
    parsed = parse("empty_statement.ofx")
    assert parsed.statements[0].rows == []
    assert parsed.statements[0].balance_cents == 200050


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("no_ledger.ofx", "The stated balance is empty."),
        ("bad_ledger.ofx", "The stated balance cannot be read; it was not used."),
    ],
)
def test_balance_that_is_none(name: str, note: str) -> None:
    parsed = parse(name)
    assert parsed.notes == [note]
    assert (parsed.statements[0].balance_cents, parsed.statements[0].balance_day) == (None, None)
    assert len(parsed.statements[0].rows) == 2


def test_several_accounts_in_one_file() -> None:
    parsed = parse("several_statements.ofx")
    assert [(s.kind, s.last4, len(s.rows), s.balance_cents) for s in parsed.statements] == [
        ("checking", "2333", 2, 200050),
        ("savings", "2444", 1, None),
        ("credit", "4321", 1, -1999),
    ]
    assert brief(parsed, 1) == [(77, "2026-03-31", 7, "Interest", "S1")]
    card = parsed.statements[2].rows[0]
    assert (iso(card.posted), iso(card.transacted or 0), card.memo) == (
        "2026-03-05",
        "2026-03-03",
        "Merchant code 5734",
    )
    assert parsed.statements[2].account_number == "XXXXXXXXXXXX4321"


def test_cash_rows_of_an_investment_account() -> None:
    parsed = parse("investment.ofx")
    assert brief(parsed) == [(49, "2026-01-11", 25000, "FROM CHECKING", "I1")]
    assert parsed.notes == ["1 investment trade was left out; only cash rows are read."]


def test_entities_are_resolved_and_controls_removed_with_a_note() -> None:
    parsed = parse("entities_and_controls.ofx")
    row = parsed.statements[0].rows[0]
    assert row.text == "AT&T <wireless> & ☺ &bogus; café ab <tag less"
    assert row.bank_id == "E&1"
    assert parsed.notes == ["3 control characters were removed."]


def test_name_and_memo_become_one_text() -> None:
    parsed = parse("names_and_memos.ofx")
    rows = parsed.statements[0].rows
    assert [r.text for r in rows] == [
        "COPPER KETTLE COFFEE ROASTERS PORTLAND OR",
        "RIVER TAXI",
        "only a memo",
        "Service charge",
        "Check 1042",
        "OAK AND ELM rent of March",
    ]
    assert [r.bank_id for r in rows] == ["N1", "N2", "N3", None, "N5", "N6"]
    assert rows[5].memo == "Other account ··1234"
    assert parsed.statements[0].account_number == "000111222333"


def memo_file(*rows: tuple[str, str]) -> str:
    records = "".join(
        f"<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260302<TRNAMT>-1.00<FITID>{n}<NAME>{name}<MEMO>{memo}</STMTTRN>"
        for n, (name, memo) in enumerate(rows)
    )
    return f"<OFX><STMTRS><BANKTRANLIST>{records}</BANKTRANLIST></STMTRS></OFX>"


CUT = (
    ("B&amp;H PHOTO 800-606-6969 09/28 REF", "UND NEW YORK NY"),
    ("IKEA 34850 EMERYVILLE CA 08/22 P", "URCHASE RETURN"),
    ("Online Transfer to CHK 8800 for ", "rent"),
    ("Online Transfer to CHK 8800 memo", " for rent"),
)


def test_a_name_cut_inside_a_word_goes_on_in_the_memo_without_a_gap() -> None:
    rows = ofx.read(memo_file(*CUT), ReadOptions()).statements[0].rows
    assert [row.text for row in rows] == [
        "B&H PHOTO 800-606-6969 09/28 REFUND NEW YORK NY",
        "IKEA 34850 EMERYVILLE CA 08/22 PURCHASE RETURN",
        "Online Transfer to CHK 8800 for rent",
        "Online Transfer to CHK 8800 memo for rent",
    ]


def test_a_bank_with_a_memo_of_its_own_keeps_it_apart_from_long_names() -> None:
    rows = ofx.read(memo_file(*CUT, ("CAFE", "Debit card")), ReadOptions()).statements[0].rows
    assert [row.text for row in rows[:2]] == [
        "B&H PHOTO 800-606-6969 09/28 REF UND NEW YORK NY",
        "IKEA 34850 EMERYVILLE CA 08/22 P URCHASE RETURN",
    ]
    assert rows[-1].text == "CAFE Debit card"


def test_row_currency_and_converted_rows() -> None:
    rows = parse("currencies.ofx").statements[0].rows
    assert [(r.cents, r.currency, r.usd_cents) for r in rows] == [
        (-1000, "EUR", -1100),
        (-1100, None, None),
        (-1200, None, None),
    ]


def test_corrections_replace_and_take_back() -> None:
    parsed = parse("corrections.ofx")
    assert [(r.bank_id, r.cents) for r in parsed.statements[0].rows] == [("A3", -2410), ("A2", 150000)]
    assert parsed.skipped == [
        (64, "takes back an earlier row; check it in the books"),
        (40, "corrected by the bank in line 48"),
    ]
    assert parsed.notes == ["The bank corrects rows of an earlier file; check that they are not in twice."]


def test_dates_are_taken_as_printed() -> None:
    rows = parse("dates.ofx").statements[0].rows
    expected = ["2026-01-01", "2026-01-02", "2025-12-31", "2026-01-04", "2026-01-05"]
    assert [iso(r.posted) for r in rows] == expected


def test_file_cut_off_inside_an_amount_gives_no_wrong_amount() -> None:
    parsed = parse("cut_off.ofx")
    assert [r.cents for r in parsed.statements[0].rows] == [-4210]
    assert parsed.rejected == [(48, "the file ends inside this row")]
    assert parsed.notes == ["The file has no end mark; it may be cut off."]


def test_row_with_a_damaged_start_tag_is_not_lost() -> None:
    assert [r.cents for r in parse("damaged_start_tag.ofx").statements[0].rows] == [-4210, 150000, -300]


def test_pending_rows_are_skipped() -> None:
    parsed = parse("pending.ofx")
    assert parsed.skipped == [(58, "the row is pending")]
    assert len(parsed.statements[0].rows) == 2


def test_windows_text() -> None:
    parsed = parse("windows_1252.ofx")
    assert parsed.statements[0].rows[0].text.startswith("CAFÉ MOON")
    assert parsed.notes == ["The file was read as Windows-1252 text."]


@pytest.mark.parametrize("name", ["profile_only.ofx", "refusal.ofx", "account_list.ofx"])
def test_ofx_without_a_statement(name: str) -> None:
    with pytest.raises(NotAStatement) as trouble:
        parse(name)
    assert trouble.value.code == "not_a_statement"
    assert trouble.value.hint


def test_declared_entities_are_refused_outright() -> None:
    with pytest.raises(BadFile) as trouble:
        parse("entity_bomb.ofx")
    assert (trouble.value.code, trouble.value.line) == ("bad_file", 2)


@pytest.mark.parametrize(
    "text",
    [
        "<OFX><STMTRS>" + "<A>" * 3000 + "</STMTRS>",
        "<STMTTRN>" * 20000,
        "<OFX><STMTTRN><NAME>" + "x" * 3_000_000,
        "<OFX><STMTRS>" + "<!--" * 50000,
        "<OFX><STMTRS>" + "<" * 300_000,
        "<OFX><STMTRS><" + "A" * 3_000_000,
        "<OFX><STMTRS><A " + " a" * 1_000_000,
        "<OFX><stmtrs>" + "< " * 300_000,
        "<OFX><stmtrs>" + "<A>" * 1_000_000,
        "<OFX><STMTRS><STMTTRN>" + "<A>" * 1_000_000,
    ],
    ids=[
        "nested",
        "starts",
        "long-value",
        "comments",
        "brackets",
        "long-tag",
        "long-attribute",
        "blanks",
        "tags",
        "tags-in-a-row",
    ],
)
def test_hostile_shapes_end_in_no_rows(text: str) -> None:
    parsed = ofx.read(text, ReadOptions())
    assert [r for s in parsed.statements for r in s.rows] == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("<OFX><STMTRS>" + "<NAME>" * 2_100_000, "millions of tags and hardly a row"),
        ("<OFX><stmtrs><stmttrn>" + "<" * 2_100_000, "millions of tags and hardly a row"),
        ("<OFX><STMTRS>" + "<STMTTRN></STMTTRN>" * 330_000, "More than 320,000 rows of the file cannot be read."),
        ("<OFX><stmtrs>" + "<stmttrn>" * 650_000, "More than 320,000 rows of the file cannot be read."),
        ("<OFX><STMTRS>" + "<STMTTRNP>" * 650_000, "More than 320,000 rows of the file cannot be read."),
        ("<OFX><STMTRS>" + "<!---->" * 1_000_001, "more than 1,000,000 comments"),
    ],
    ids=["tags", "brackets", "empty-rows", "starts", "pending", "comments"],
)
def test_a_file_that_gives_no_rows_for_long_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(BadFile) as trouble:
        ofx.read(text, ReadOptions())
    assert sentence in trouble.value.message
    assert trouble.value.hint
    assert trouble.value.exit_code == 3


def test_many_small_rows_and_a_long_list_of_securities_are_no_hostile_file() -> None:
    row = "<STMTTRN><DTPOSTED>20260105<TRNAMT>-5.00</STMTTRN>\n"
    with no_collection():
        rows = ofx.read("<OFX><STMTRS>" + row * 110_000 + "</STMTRS></OFX>", ReadOptions()).statements[0].rows
    assert len(rows) == 110_000
    security = "<STOCKINFO><SECINFO><SECID><UNIQUEID>1</SECID></SECINFO></STOCKINFO>"
    text = "<OFX><INVSTMTRS>" + row + "</INVSTMTRS><SECLIST>" + security * 300_000 + "</SECLIST></OFX>"
    assert len(ofx.read(text, ReadOptions()).statements[0].rows) == 1


def test_rows_that_share_a_line_are_named_by_their_number() -> None:
    good = "<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260105<TRNAMT>-5.00<FITID>1<NAME>PAYMENT</STMTTRN>"
    bad, undated = good.replace("-5.00", "NaN"), good.replace("20260105", "")
    text = f"<OFX><STMTRS>{good}{bad}{good}</STMTRS><STMTRS>{undated}{good}</STMTRS></OFX>"
    assert [tuple(row) for row in ofx.read(text, ReadOptions()).rejected] == [
        (1, "the amount cannot be read (transaction 2 of the file)"),
        (1, "the row has no date that can be read (transaction 4 of the file)"),
    ]
    lines = f"<OFX><STMTRS>\n{good}\n{bad}\n{good}{bad}\n{bad}\n</STMTRS></OFX>"
    assert [tuple(row) for row in ofx.read(lines, ReadOptions()).rejected] == [
        (3, "the amount cannot be read"),
        (4, "the amount cannot be read (transaction 4 of the file)"),
        (5, "the amount cannot be read"),
    ]


@pytest.mark.parametrize(
    ("wrapper", "account", "kind"),
    [
        ("STMTRS", "<LOANACCTFROM><LOANACCTID>44556677<LOANACCTTYPE>MORTGAGE</LOANACCTFROM>", "loan"),
        ("INVSTMTRS", "<INVACCTFROM><BROKERID>broker.example<ACCTID>44556677</INVACCTFROM>", "other"),
        ("CCSTMTRS", "<CCACCTFROM><ACCTID>44556677</CCACCTFROM>", "credit"),
        ("STMTRS", "<BANKACCTFROM><BANKID>1<ACCTID>44556677<ACCTTYPE>CREDITLINE</BANKACCTFROM>", "loan"),
    ],
)
def test_an_account_is_of_the_kind_its_wrapper_says(wrapper: str, account: str, kind: str) -> None:
    row = "<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260105<TRNAMT>-5.00<FITID>1<NAME>PAYMENT</STMTTRN>"
    parsed = ofx.read(f"<OFX><{wrapper}><CURDEF>USD{account}{row}</{wrapper}></OFX>", ReadOptions())
    assert [(s.kind, s.last4, len(s.rows)) for s in parsed.statements] == [(kind, "6677", 1)]
