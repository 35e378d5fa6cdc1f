"""Texts that lie, break off, swell or carry commands: refused in one sentence, or read with the bad rows listed."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from app.services.books import Books

HEAD = "Date,Description,Amount\n"
ONE = "03/01/2026,GOOD ROW ONE,-10.00\n"
TWO = "03/02/2026,GOOD ROW TWO,-20.00\n"

OFX_HEAD = (
    "OFXHEADER:100\r\nDATA:OFXSGML\r\nVERSION:102\r\nSECURITY:NONE\r\nENCODING:USASCII\r\nCHARSET:1252\r\n"
    "COMPRESSION:NONE\r\nOLDFILEUID:NONE\r\nNEWFILEUID:NONE\r\n\r\n"
)
OFX_START = (
    "<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>USD<BANKACCTFROM><BANKID>125000024<ACCTID>9900112233"
    "<ACCTTYPE>CHECKING</BANKACCTFROM><BANKTRANLIST><DTSTART>20260101<DTEND>20260331"
)
OFX_END = "</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"


class Case(NamedTuple):
    """A file, and what must become of it: an error code, or how many rows come in and how many are listed as bad."""

    name: str
    content: Callable[[], str | bytes]
    code: str | None = None
    added: int = 0
    rejected: int = 0


def _ofx_row(number: int, amount: str = "-12.00", name: str = "SHOP", day: str = "20260110") -> str:
    return f"<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>{day}<TRNAMT>{amount}<FITID>F{number}<NAME>{name}</STMTTRN>"


def _ofx(*rows: str) -> str:
    return OFX_HEAD + OFX_START + "".join(rows) + OFX_END


def _amounts(*amounts: str) -> str:
    return HEAD + ONE + "".join(f"03/0{3 + i % 5}/2026,ODD AMOUNT {i},{a}\n" for i, a in enumerate(amounts)) + TWO


def _days(*days: str) -> str:
    return HEAD + ONE + "".join(f"{day},ODD DAY,-5.00\n" for day in days) + TWO


def _texts(*texts: str) -> str:
    return HEAD + "".join(f'03/0{1 + i}/2026,"{text}",-{i + 1}.00\n' for i, text in enumerate(texts))


def _bomb() -> str:
    names = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    return (
        f'<?xml version="1.0"?><!DOCTYPE OFX [<!ENTITY e0 "ha">{names}]>\n<?OFX OFXHEADER="200" VERSION="211"?>\n'
        + OFX_START + _ofx_row(1, name="&e11;") + OFX_END
    )  # fmt: skip


def _outside_entity() -> str:
    return (
        '<?xml version="1.0"?><!DOCTYPE OFX [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<?OFX OFXHEADER="200"?>\n'
        + OFX_START + _ofx_row(1, name="&x;") + OFX_END
    )  # fmt: skip


WRONG_THINGS = [
    Case(
        "html.ofx",
        lambda: "<!DOCTYPE html><html><head><title>Sign in</title></head><body></body></html>",
        "not_a_statement",
    ),
    Case(
        "html.csv",
        lambda: "<html><body><table><tr><td>01/02/2026,A,-1.00</td></tr></table></body></html>",
        "not_a_statement",
    ),
    Case("json.csv", lambda: '{"transactions": [{"date": "2026-01-02", "amount": -1.0}]}', "not_a_statement"),
    Case("json_list.csv", lambda: '[{"date": "2026-01-02", "amount": -1.0}]', "not_a_statement"),
    Case(
        "mt940.csv",
        lambda: ":20:STARTUMS\r\n:25:12345/678\r\n:28C:1/1\r\n:60F:C260101USD10,00\r\n:61:2601020102D5,00NMSC\r\n",
        "not_a_statement",
    ),
    Case(
        "camt.csv",
        lambda: '<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"/>',
        "not_a_statement",
    ),
    Case("script.sh.csv", lambda: "#!/bin/sh\necho rows go here\n", "not_a_statement"),
    Case("words.qif", lambda: "Dear customer,\nplease find your statement in your inbox.\n", "not_a_statement"),
    Case(
        "private_key.csv",
        lambda: "-----BEGIN CERTIFICATE-----\nMIIB0001\n-----END CERTIFICATE-----\n",
        "not_a_statement",
    ),
    Case("xml.ofx", lambda: '<?xml version="1.0"?><feed><entry id="1,2"/></feed>', "not_a_statement"),
    Case("deep.xml.ofx", lambda: "<a>" * 3000 + "1" + "</a>" * 3000, "not_a_statement"),
]

NO_ROWS = [
    Case("header_only.csv", lambda: HEAD, "not_a_statement"),
    Case("one_column.csv", lambda: "Amount\n-1.00\n-2.00\n", "not_a_statement"),
    Case(
        "totals_only.csv", lambda: "Date,Description,Amount\nTotal,,1234.50\n,Ending balance,99.00\n", "not_a_statement"
    ),
    Case("no_transactions.ofx", lambda: OFX_HEAD + OFX_START + OFX_END, None, 0, 0),
    Case(
        "answer_only.ofx",
        lambda: OFX_HEAD + "<OFX><SIGNONMSGSRSV1><SONRS></SONRS></SIGNONMSGSRSV1></OFX>",
        "not_a_statement",
    ),
    Case("garbage.qif", lambda: "!Type:Bank\nDxx\nTyy\nPzz\n^\n^^^^\n\n^\nQ\n", "row_errors"),
    Case("header_only.qif", lambda: "!Type:Bank\n", "not_a_statement"),
    Case("commas.csv", lambda: ",,,,\n,,,,\n" * 50, "not_a_statement"),
    Case("one_digit.csv", lambda: "1,", "not_a_statement"),
]

ROWS = [
    Case(
        "not_numbers.csv",
        lambda: _amounts("NaN", "nan", "Infinity", "-inf", "1E+999999", "0x10", "--5", "1/0"),
        None,
        2,
        8,
    ),
    Case("huge.csv", lambda: _amounts("9" * 4001, "99999999999999999999.00", "9223372036854775808"), None, 2, 3),
    Case("arabic_digits.csv", lambda: _amounts("١٢٣.٤٥"), None, 2, 1),
    Case(
        "odd_days.csv",
        lambda: _days("00/00/0000", "12/31/9999", "02/30/2026", "13/13/2026", "0000-01-01", "٠١/٠٢/٢٠٢٦"),
        None,
        2,
        6,
    ),
    Case(
        "formulas.csv",
        lambda: _texts('=HYPERLINK(""http://x.example"")', "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3"),
        None,
        4,
    ),
    Case(
        "direction.csv",
        lambda: _texts("\u202eELPPA\u202c STORE", "ZERO\u200bWIDTH\ufeff", "\x1b[31mRED\x1b[0m \x07BELL"),
        None,
        3,
    ),
    Case("nul_bytes.csv", lambda: HEAD + "03/01/2026,NUL\x00 IN\x00SIDE,-1.00\n" + TWO, None, 2),
    Case("cr_only.csv", lambda: (HEAD + ONE + TWO).replace("\n", "\r"), None, 2),
    Case("utf16.csv", lambda: (HEAD + ONE + TWO).encode("utf-16-le"), None, 2),
    Case("utf16_bom.csv", lambda: (HEAD + ONE + TWO).encode("utf-16"), None, 2),
    Case(
        "invalid_utf8.csv",
        lambda: HEAD.encode() + b"03/01/2026,BAD \xc3\x28 \xff BYTES,-1.00\n" + TWO.encode(),
        None,
        2,
    ),
    Case(
        "cp1252.csv", lambda: (HEAD + "03/01/2026,CAF\u00c9 \u2013 R\u00c9SUM\u00c9,-1.00\n").encode("cp1252"), None, 1
    ),
    Case(
        "mixed.csv",
        lambda: (HEAD + "03/01/2026,CAF\u00c9,-1.00\n").encode() + "03/02/2026,CAF\u00c9,-2.00\n".encode("cp1252"),
        None,
        2,
    ),
    Case(
        "same_headers.csv",
        lambda: (
            "Date,Date,Description,Amount,Amount\n03/01/2026,03/02/2026,TWICE,-1.00,-1.00\n"
            "03/03/2026,03/03/2026,TWICE MORE,-2.00,-2.00\n"
        ),
        "needs_mapping",
    ),
    Case("ragged.csv", lambda: HEAD + ONE + "03/01/2026\n03/01/2026,X\n" + TWO.strip() + ",,,,,,,\n", None, 2, 2),
    Case("negative_zero.csv", lambda: _amounts("-0.00", "(0.00)", "0"), None, 5, 0),
    Case("entity_bomb.ofx", _bomb, "bad_file"),
    Case("outside_entity.ofx", _outside_entity, "bad_file"),
    Case(
        "doctype.ofx",
        lambda: '<!DOCTYPE OFX SYSTEM "http://x.example/ofx.dtd">\n' + OFX_START + _ofx_row(1) + OFX_END,
        "bad_file",
    ),
    Case("deep.ofx", lambda: OFX_HEAD + OFX_START + "<X>" * 3000 + _ofx_row(1) + "</X>" * 3000 + OFX_END, None, 1),
    Case("cut_off.ofx", lambda: _ofx(*map(_ofx_row, range(9)))[:-250], None, 6, 1),
    Case("same_fitid.ofx", lambda: _ofx(_ofx_row(1, "-1.00"), _ofx_row(1, "-2.00"), _ofx_row(1, "-1.00")), None, 2, 0),
    Case(
        "bad_amounts.ofx",
        lambda: _ofx(_ofx_row(1, "NaN"), _ofx_row(2, "1E+999999"), _ofx_row(3, "9" * 4001), _ofx_row(4)),
        None,
        1,
        3,
    ),
    Case(
        "bad_days.ofx",
        lambda: _ofx(
            _ofx_row(1, day="20260230"), _ofx_row(2, day="00000000"), _ofx_row(3, day="99991231"), _ofx_row(4)
        ),
        None,
        1,
        3,
    ),
    Case(
        "escapes.ofx",
        lambda: _ofx(_ofx_row(1, name="\x1b]0;OWNED\x07 SHOP &#27;[2J &#x202e; &#0; &#99999999;")),
        None,
        1,
    ),
    Case(
        "bad.qif",
        lambda: (
            "!Type:Bank\nD01/02/2026\nT-5.00\nPGOOD\n^\nD02/30/2026\nT-5.00\n^\nD01/03/2026\nTNaN\n^\nD01/04/2026\nT-6.00\nPGOOD\n^\n"
        ),
        None,
        2,
        2,
    ),
]

BIG = [
    Case("long_line.csv", lambda: HEAD + ONE + "03/01/2026," + "A" * 12_000_000 + ",-1.00\n", "bad_file"),
    Case("long_line.ofx", lambda: _ofx(_ofx_row(1), _ofx_row(2, name="B" * 12_000_000)), None, 2, 0),
    Case("long_line.qif", lambda: "!Type:Bank\nD01/02/2026\nT-5.00\nP" + "C" * 12_000_000 + "\n^\n", "bad_file"),
    Case("long_field.csv", lambda: HEAD + ONE + '03/04/2026,"' + "D " * 500_000 + '",-3.00\n' + TWO, None, 3, 0),
    Case(
        "many_columns.csv",
        lambda: HEAD.strip() + "," * 100_000 + "\n" + ONE.strip() + "," * 100_000 + "\n",
        "not_a_statement",
    ),
    Case("unclosed_quote.csv", lambda: HEAD + ONE + '03/02/2026,"NEVER CLOSED,-1.00\n' + TWO * 20_000, None, 20001, 1),
    Case("tiny_lines.csv", lambda: HEAD + ONE + "x\n" * 300_000, None, 1, 0),
    Case("newlines.csv", lambda: "\n" * 3_000_000 + HEAD + ONE, "not_a_statement"),
    Case("quotes.csv", lambda: HEAD + ONE + '"' * 2_000_001, None, 1, 1),
    Case("delimiters.csv", lambda: HEAD + ONE + ";,\t|" * 900_000 + "\n", None, 1, 1),
    Case("open_tags.ofx", lambda: OFX_HEAD + OFX_START + "<STMTTRN>" * 300_000, "row_errors"),
    Case("left_angles.ofx", lambda: OFX_HEAD + OFX_START + "<" * 3_000_000, None, 0, 0),
    Case("entities.ofx", lambda: _ofx(_ofx_row(1, name="&amp;" * 500_000 + "&" * 500_000)), None, 1, 0),
    Case("carets.qif", lambda: "!Type:Bank\n" + "^\n" * 1_000_000, "not_a_statement"),
    Case("digits.csv", lambda: HEAD + ONE + "03/02/2026," + "1234567890" * 100_000 + ",-4.00\n", None, 2, 0),
]


def _id(case: Case) -> str:
    return case.name


def _write(folder: Path, case: Case) -> Path:
    path = folder / case.name
    content = case.content()
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


REFUSED = [case for case in (*WRONG_THINGS, *NO_ROWS, *ROWS, *BIG) if case.code]
READ = [case for case in (*NO_ROWS, *ROWS, *BIG) if not case.code]


@pytest.mark.parametrize("case", REFUSED, ids=_id)
def test_a_refused_file_changes_nothing(
    case: Case,
    tmp_path: Path,
    before: list[Any],
    ops: Callable[..., Any],
    look: Callable[[], Books],
    dump: Callable[[Books], list[Any]],
) -> None:
    ran = ops("import", str(_write(tmp_path, case)))
    assert (ran.code, ran.error, ran.err) == (3, case.code, b"")
    error = ran.body["error"]
    assert error["message"].endswith(".")
    assert len(error["message"]) < 300
    assert (error["message"] + error["hint"]).isprintable()
    assert dump(look()) == before


@pytest.mark.parametrize("case", READ, ids=_id)
def test_good_rows_come_in_and_bad_ones_are_listed(
    case: Case, tmp_path: Path, ops: Callable[..., Any], look: Callable[[], Books]
) -> None:
    ran = ops("import", str(_write(tmp_path, case)))
    assert (ran.code, ran.err) == (0, b"")
    [file] = ran.body["files"]
    assert (file["added"], len(file["rejected"])) == (case.added, case.rejected)
    assert all(row["line"] > 0 and row["reason"].isprintable() for row in file["rejected"])
    assert file["rows"] == file["added"] + file["duplicates"] + len(file["skipped"]) + len(file["rejected"])
    texts = (
        look()
        .connection.execute(
            "SELECT d.text, t.cents FROM transactions t JOIN descriptor d ON d.id = t.descriptor_id WHERE t.id > 3"
        )
        .fetchall()
    )
    assert len(texts) == case.added
    assert all(text and text.isprintable() and len(text) <= 4000 for text, _ in texts)
    assert all(abs(cents) < 10**13 for _, cents in texts)


def test_entities_are_never_opened(tmp_path: Path, ops: Callable[..., Any]) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("do not tell anyone 7391\n")
    source = _outside_entity().replace("/etc/passwd", str(secret))
    path = tmp_path / "x.ofx"
    path.write_text(source)
    ran = ops("import", str(path))
    assert b"7391" not in ran.out + ran.err


def test_a_terminal_is_not_told_what_the_file_commands(tmp_path: Path, ops: Callable[..., Any]) -> None:
    path = tmp_path / "bank.csv"
    path.write_text(HEAD + "03/01/2026,\x1b]0;owned\x07 \x9b31mSHOP \u202eKCAB,-1.00\n03/02/2026,PLAIN,-2.00\n")
    assert ops("import", str(path), as_json=False).code == 0
    for command in (["transactions", "list"], ["review", "list"], ["report", "ledger", "--year", "2026"]):
        shown = ops(*command, as_json=False)
        assert shown.code == 0
        assert b"SHOP" in shown.out
        assert all(line.isprintable() for line in shown.out.decode().split("\n")), command


def test_formulas_are_disarmed_in_every_table_that_is_written(tmp_path: Path, ops: Callable[..., Any]) -> None:
    path = tmp_path / "bank.csv"
    path.write_text(_texts('=HYPERLINK(""http://x.example"")', "+cmd|' /C calc'!A0", "@SUM(A1)"))
    assert ops("import", str(path)).code == 0
    assert ops("export", "accountant", "--year", "2026", "--out", str(tmp_path / "pack")).code == 0
    written = [name.read_text() for name in (tmp_path / "pack").glob("*.csv")]
    written += [ops(*c).out.decode() for c in (["transactions", "list", "--format", "csv"],
                                               ["report", "ledger", "--year", "2026", "--format", "csv"])]  # fmt: skip
    assert len(written) > 3
    for text in written:
        for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")):
            assert not [cell for cell in row if cell[:1] in {"=", "+", "@"} or cell[:4] == "-2+3"], row


def test_one_bad_file_does_not_keep_the_good_ones_out(
    tmp_path: Path, ops: Callable[..., Any], look: Callable[[], Books]
) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(HEAD + ONE + "03/25/2026,LATE,-1.00\n")
    bad.write_text("<html></html>")
    ran = ops("import", str(bad), str(good), str(tmp_path / "missing.csv"))
    assert (ran.code, ran.error) == (3, "not_a_statement")
    assert [f["error"] and f["error"]["code"] for f in ran.body["files"]] == ["not_a_statement", None, "bad_file"]
    assert len(ran.body["operations"]) == 1
    assert look().connection.execute("SELECT count(*) FROM transactions").fetchone() == (5,)
