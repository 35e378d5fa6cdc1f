"""Files nobody described: what is guessed, what is asked, and that a saved mapping reads the same way again."""

from __future__ import annotations

import pytest

from app.core.dates import iso
from app.core.errors import NeedsMapping, NotAStatement
from app.core.ingest import csv_reader, csv_shape
from app.core.ingest.statement import ParsedFile, ReadOptions


def parse(text: str, name: str = "export.csv", **options: object) -> ParsedFile:
    return csv_reader.read(text, name, ReadOptions(**options))  # type: ignore[arg-type]


def cents(parsed: ParsedFile) -> list[int]:
    return [row.cents for statement in parsed.statements for row in statement.rows]


def days(parsed: ParsedFile) -> list[str]:
    return [iso(row.posted) for statement in parsed.statements for row in statement.rows]


def bare(*rows: tuple[str, str, str]) -> str:
    return "Date,Description,Amount\n" + "".join(",".join(row) + "\n" for row in rows)


COFFEE = ("01/15/2026", "COFFEE", "4.50")
SHOP = ("01/17/2026", "SHOP", "20.00")
THANKS = ("01/16/2026", "AUTOPAY PAYMENT - THANK YOU", "-24.50")


def test_a_bank_file_is_taken_as_signed_and_says_so() -> None:
    parsed = parse(bare(("01/15/2026", "PAY", "900.00"), ("01/16/2026", "SHOP", "-20.00")), account_kind="checking")
    assert cents(parsed) == [90000, -2000]
    assert parsed.notes == ["Amounts were taken as signed: 1 in, 1 out, net $880.00."]


def test_mostly_positive_amounts_of_a_bank_stay_as_they_are() -> None:
    assert cents(parse(bare(COFFEE, SHOP, THANKS), account_kind="checking")) == [450, 2000, -2450]


def test_a_card_with_mostly_positive_amounts_is_turned_round() -> None:
    parsed = parse(bare(COFFEE, SHOP, ("01/18/2026", "RETURN", "-4.50")), account_kind="credit")
    assert cents(parsed) == [-450, -2000, 450]
    assert "turned round" in parsed.notes[0]
    assert "1 in, 2 out, net -$20.00" in parsed.notes[0]


def test_a_card_with_a_negative_payment_is_turned_round() -> None:
    assert cents(parse(bare(COFFEE, THANKS), account_kind="credit")) == [-450, 2450]


def test_a_card_with_a_positive_payment_is_taken_as_signed() -> None:
    rows = (("01/15/2026", "COFFEE", "-4.50"), ("01/16/2026", "PAYMENT THANK YOU", "4.50"))
    assert cents(parse(bare(*rows), account_kind="credit")) == [-450, 450]


def test_a_card_that_shows_neither_is_asked_about() -> None:
    text = bare(("01/15/2026", "COFFEE", "-4.50"), ("01/16/2026", "SHOP", "20.00"))
    with pytest.raises(NeedsMapping, match="charge or a payment"):
        parse(text, account_kind="credit")


@pytest.mark.parametrize("name", ["amex_jan.csv", "American Express.csv", "my-credit-card.csv"])
def test_a_file_name_may_show_a_card(name: str) -> None:
    parsed = parse(bare(COFFEE, SHOP), name)
    assert cents(parsed) == [-450, -2000]
    assert parsed.statements[0].kind == "credit"


def test_the_rows_may_show_a_card() -> None:
    assert cents(parse(bare(COFFEE, SHOP, THANKS))) == [-450, -2000, 2450]


def test_paying_a_card_from_a_bank_account_does_not_make_it_a_card() -> None:
    rows = [
        ("01/15/2026", "AMEX AUTOPAY PAYMENT", "-90.00"),
        ("01/16/2026", "PAY", "900.00"),
        ("01/17/2026", "A", "-1.00"),
    ]
    assert cents(parse(bare(*rows))) == [-9000, 90000, -100]


@pytest.mark.parametrize(("delimiter", "mark"), [(";", ","), ("\t", ","), ("|", ","), (",", ".")])
def test_delimiters_and_decimal_marks(delimiter: str, mark: str) -> None:
    rows = [["Date", "Text", "Amount", "Balance"], ["2026-01-15", "A", f"-4{mark}50", f"100{mark}00"],
            ["2026-01-16", "B", f"1000{mark}00", f"1100{mark}00"]]  # fmt: skip
    parsed = parse("\n".join(delimiter.join(row) for row in rows))
    assert cents(parsed) == [-450, 100000]
    assert parsed.statements[0].balance_cents == 110000


def test_a_preamble_totals_and_a_disclaimer_are_no_rows() -> None:
    text = (
        "My Credit Union\nAccount: xxxx4455\nStatement period 01/01/2026 to 01/31/2026\n\n"
        "Date,Payee,Debit,Credit,Balance\n"
        "01/15/2026,SHOP,20.00,,80.00\n01/16/2026,PAY,,900.00,980.00\n"
        "Total,,20.00,900.00,\nThis is not an official statement.\n"
    )
    parsed = parse(text)
    statement = parsed.statements[0]
    assert cents(parsed) == [-2000, 90000]
    assert (statement.last4, statement.balance_cents) == ("4455", 98000)
    assert statement.first_day is not None
    assert iso(statement.first_day) == "2026-01-01"
    assert [t.line for t in parsed.skipped] == [8, 9]
    assert parsed.rejected == []


def test_odd_names_are_read_by_their_contents() -> None:
    text = "When,Zweck,How much,Nr\nJan 15 2026,COFFEE,-4.50,1001\nJan 16 2026,TEA,-3.00,1002\n"
    parsed = parse(text)
    assert cents(parsed) == [-450, -300]
    assert [row.text for row in parsed.statements[0].rows] == ["COFFEE", "TEA"]


def test_a_file_without_a_header_is_read_by_its_contents() -> None:
    parsed = parse("2026-01-15,COFFEE,-4.50\n2026-01-16,TEA,-3.00\n")
    assert cents(parsed) == [-450, -300]
    assert parsed.mapping is not None
    assert parsed.mapping["header"] == csv_shape.HEADERLESS


def test_magnitudes_with_a_word() -> None:
    parsed = parse("Date,Description,Amount,Type\n2026-01-15,A,4.50,Debit\n2026-01-16,B,9.00,Credit\n")
    assert cents(parsed) == [-450, 900]


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (["01/05/2026", "01/25/2026"], ["2026-01-05", "2026-01-25"]),
        (["05/01/2026", "25/01/2026"], ["2026-01-05", "2026-01-25"]),
        (["2026-05-01", "2026-01-05"], ["2026-05-01", "2026-01-05"]),
        (["5 Jan 2026", "Jan 6, 2026"], ["2026-01-05", "2026-01-06"]),
        (["1/5/26", "1/25/26"], ["2026-01-05", "2026-01-25"]),
        (["20260105", "20260106"], ["2026-01-05", "2026-01-06"]),
        (["01/05/2026 13:30", "01/25/2026 01:10 PM"], ["2026-01-05", "2026-01-25"]),
    ],
)
def test_the_whole_file_decides_the_order_of_its_dates(dates: list[str], expected: list[str]) -> None:
    assert days(parse(bare(*((f'"{day}"', "A", "-1.00") for day in dates)))) == expected


def test_a_late_row_decides_too() -> None:
    rows = [("05/01/2026", "A", "-1.00")] * 300 + [("25/01/2026", "B", "-1.00")]
    assert set(days(parse(bare(*rows)))) == {"2026-01-05", "2026-01-25"}


def test_dates_of_both_orders_are_never_mixed() -> None:
    parsed = parse(bare(("01/25/2026", "A", "-1.00"), ("25/01/2026", "B", "-1.00"), ("01/05/2026", "C", "-1.00")))
    assert days(parsed) == ["2026-01-25", "2026-01-05"]
    assert [t.line for t in parsed.rejected] == [3]


def test_dates_that_nothing_decides_are_asked_about() -> None:
    text = bare(("01/05/2026", "A", "-1.00"), ("02/06/2026", "B", "-1.00"))
    with pytest.raises(NeedsMapping, match="month first or day first") as trouble:
        parse(text)
    assert "description" in trouble.value.hint
    assert days(parse(text, "chase_export.csv")) == ["2026-01-05", "2026-02-06"]
    mapping = {"date": "Date", "text": ["Description"], "amount": "Amount", "date_order": "dmy"}
    assert days(parse(text, mapping=mapping)) == ["2026-05-01", "2026-06-02"]


def test_a_known_us_layout_is_month_first_until_a_day_says_otherwise() -> None:
    head = "Date,Description,Card Member,Account #,Amount\n"
    assert days(parse(head + "01/05/2026,A,M,-31005,1.00\n")) == ["2026-01-05"]
    assert days(parse(head + "05/01/2026,A,M,-31005,1.00\n25/01/2026,B,M,-31005,1.00\n")) == [
        "2026-01-05",
        "2026-01-25",
    ]


@pytest.mark.parametrize(
    "text",
    [
        bare(COFFEE, SHOP, THANKS),
        "When;What;How much\n15.01.2026;A;-4,50\n16.01.2026;B;1.000,00\n",
        "15/01/2026,A,-4.50\n16/01/2026,B,9.00\n",
        "Day,Payee,Money Out,Money In,Ref\n2026-01-15,A,4.50,,r1\n2026-01-16,B,,9.00,r2\n",
    ],
)
def test_a_saved_mapping_reads_the_same_header_the_same_way(text: str) -> None:
    first = parse(text)
    assert first.mapping is not None
    key = str(first.mapping["signature"])
    for again in (parse(text, mapping=first.mapping), parse(text, mappings_by_header={key: first.mapping})):
        assert again.statements == first.statements
        assert again.mapping == first.mapping


def test_a_signature_knows_a_header_in_any_order_and_case() -> None:
    assert csv_shape.signature(["Date", " AMOUNT ", "Payee"]) == csv_shape.signature(["payee", "date", "Amount"])
    assert csv_shape.signature(["Date", "Amount"]) != csv_shape.signature(["Date", "Value"])


def test_a_mapping_by_column_numbers_and_an_explicit_sign() -> None:
    mapping = {"date": 1, "text": "#2", "amount": 3, "header": "none", "sign": "flipped", "date_order": "mdy"}
    assert cents(parse("01/02/2026,A,4.50\n", mapping=mapping)) == [-450]


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({"date": "Date"}, "no amount column"),
        ({"date": "Date", "amount": "Amount", "sign": "sideways"}, "unknown sign"),
        ({"date": "Date", "amount": "Amount", "delimiter": ",", "debit": "Absent"}, "not in this file"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(mapping: dict, message: str) -> None:
    with pytest.raises(NeedsMapping, match=message):
        parse(bare(COFFEE), mapping=mapping)


def test_two_unnamed_columns_of_money_are_asked_about() -> None:
    with pytest.raises(NeedsMapping, match="which column holds the amounts") as trouble:
        parse("Date,Text,Alpha,Beta\n2026-01-15,A,4.50,9.10\n2026-01-16,B,5.50,3.10\n")
    assert "alpha" in trouble.value.hint
    assert trouble.value.code == "needs_mapping"


@pytest.mark.parametrize(
    "text",
    [
        "Dear Sir, thank you, it was nice\nand so, on\n",
        "one column\nonly\n",
        "name,email,zip\nJo,jo@example.test,94110\n",
        "<!DOCTYPE html><html><body>1,2</body></html>",
        "<?xml version='1.0'?><a>1,2</a>",
        ":20:START\n:25:1234\n:60F:C260101EUR100,00\n:61:2601150115D4,50NMSC\n",
        "",
        ",,,,\n,,,,\n",
    ],
)
def test_a_text_that_is_no_table_of_money_is_refused(text: str) -> None:
    with pytest.raises(NotAStatement) as trouble:
        parse(text)
    assert trouble.value.code == "not_a_statement"


def test_a_header_without_rows_is_an_empty_statement() -> None:
    assert cents(parse("Date,Description,Amount\n")) == []
    assert cents(parse("Details,Posting Date,Description,Amount,Type,Balance,Check or Slip #\n")) == []


@pytest.mark.parametrize(
    ("name", "last4"),
    [
        ("Chase9999_Activity20260131.csv", "9999"),
        ("export-1234.csv", "1234"),
        ("C:\\bank\\card_x5678.csv", "5678"),
        ("statement-2026.csv", None),
        ("activity.csv", None),
    ],
)
def test_the_file_name_may_hold_the_last_four(name: str, last4: str | None) -> None:
    assert parse(bare(COFFEE), name, account_kind="checking").statements[0].last4 == last4


@pytest.mark.parametrize(
    ("text", "currency", "amounts"),
    [
        # a column of codes, whatever it is called
        ("Buchungstag;Text;Betrag;Waehrung\n25.01.26;Miete;-700,00;EUR\n26.01.26;Lohn;2.000,00;EUR\n", "EUR",
         [-70000, 200000]),
        ("Date,Text,Amount,Unit\n2026-01-25,RENT,-700.00,CHF\n", "CHF", [-70000]),
        # the name of the amounts goes before the currency of the purchase
        ('"Date","Payee","Amount (EUR)","Type Foreign Currency"\n"2026-01-25","SHOP","-5.0","USD"\n', "EUR", [-500]),
        ("Date,Text,CAD$,USD$\n1/25/2026,SHOP,-5.00,\n", "CAD", [-500]),
        # signs in the cells
        ('Date,Text,Paid out,Paid in\n25 Jan 2026,SHOP,£5.00,\n26 Jan 2026,PAY,,"£1,050.00"\n', "GBP",
         [-500, 105000]),
        ("Datum;Text;Betrag\n25.01.2026;SHOP;-5,00 €\n26.01.2026;PAY;1.050,00 €\n", "EUR", [-500, 105000]),
        ("Date,Text,Amount\n25/01/2026,SHOP,-£5.00\n", "GBP", [-500]),
        ("Date,Text,Amount\n01/25/2026,SHOP,-$5.00\n", "USD", [-500]),
        ("sep=;\nDate;Text;Amount\n25.01.2026;SHOP;-5,00\n", "USD", [-500]),
    ],
)  # fmt: skip
def test_a_table_says_its_currency_by_a_column_a_name_or_a_sign(text: str, currency: str, amounts: list[int]) -> None:
    parsed = parse(text)
    assert (cents(parsed), parsed.rejected) == (amounts, [])
    assert parsed.statements[0].currency == currency
    assert {row.currency for row in parsed.statements[0].rows} == {None}
    assert parsed.mapping is not None
    again = parse(text, mappings_by_header={str(parsed.mapping["signature"]): parsed.mapping})
    assert (cents(again), again.statements[0].currency) == (amounts, currency)


def test_rows_of_several_currencies_keep_their_own() -> None:
    parsed = parse("Date,Text,Amount,Currency\n2026-01-25,SHOP,-5.00,usd\n2026-01-26,KIOSK,-6.00,eur\n")
    assert [(row.cents, row.currency) for row in parsed.statements[0].rows] == [(-500, None), (-600, "EUR")]
    assert parsed.notes == ["Amounts were taken as signed: 0 in, 2 out."]


def test_a_decimal_comma_without_a_currency_is_told() -> None:
    notes = parse("Date;Text;Amount\n25.01.2026;SHOP;-5,00\n").notes
    assert "The file names no currency; the amounts were taken for US dollars." in notes


@pytest.mark.parametrize(("out", "into"), [("Af", "Bij"), ("Soll", "Haben"), ("S", "H"), ("DBIT", "CRDT"), ("D", "C")])
def test_words_of_other_languages_say_which_way_money_went(out: str, into: str) -> None:
    assert cents(parse(f"Date,Text,Way,Amount\n2026-01-25,SHOP,{out},5.00\n2026-01-26,PAY,{into},90.00\n")) == [
        -500, 9000,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Date,Description,Full Account Name,Account Name,Amount Num.\n01/25/2026,Shop,Expenses:Food,Food,5.00\n",
        "txnidx,date,description,account,amount,total\n1,2026-01-25,shop,expenses:food,$5.00,$5.00\n",
        "date,what,sum,account\n2026-01-25,A,5.00 USD,Expenses:Food\n2026-01-25,A,-5.00 USD,Assets:Checking\n",
    ],
)
def test_a_ledger_with_both_sides_of_a_booking_is_no_statement(text: str) -> None:
    with pytest.raises(NotAStatement, match="both sides"):
        parse(text)


def test_a_column_called_amount_keeps_its_good_rows_whatever_else_stands_in_it() -> None:
    parsed = parse("Date,Text,Amount\n2026-01-25,A,NaN\n2026-01-26,B,1E+999999\n2026-01-27,C,-5.00\n")
    assert (cents(parsed), [row.line for row in parsed.rejected]) == ([-500], [2, 3])


def test_fees_beside_the_amounts_are_told_when_they_are_left_out() -> None:
    text = "Day,Payee,Amount,Fee\n2026-01-05,NORTH CO,500.00,0.00\n2026-01-06,SOUTH CO,-120.00,3.50\n"
    assert any("“fee” was left out" in note for note in csv_reader.read(text, "x.csv", ReadOptions()).notes)
    without = text.replace("3.50", "0.00")
    assert not any("left out" in note for note in csv_reader.read(without, "x.csv", ReadOptions()).notes)


def test_a_fee_is_turned_round_with_its_amount() -> None:
    text = "Date,Name,Gross,Fee,Net\n" + "".join(
        f'03/{day}/2026,Shop {day},"1,100.00",-33.20,"1,066.80"\n' for day in (13, 14, 15)
    )
    rows = parse(text, account_kind="credit").statements[0].rows
    assert {(row.cents, row.gross_cents, row.fee_cents) for row in rows} == {(-106_680, -110_000, 3_320)}
