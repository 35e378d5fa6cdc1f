"""Bytes to text, and what a file is by its content."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import BadFile, NotAStatement, UserError
from app.core.ingest.decode import (
    LARGEST_FILE,
    LONGEST_LINE,
    decode,
    decoding_notes,
    refuse_long_line,
    without_controls,
)
from app.core.ingest.reader import kind_of, read
from app.core.ingest.statement import ReadOptions


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        ("Café\n".encode(), "Café\n", "utf-8"),
        ("\ufeffCafé\n".encode(), "Café\n", "utf-8"),
        ("Café\n".encode("cp1252"), "Café\n", "cp1252"),
        ("Date,Café\n".encode("utf-16"), "Date,Café\n", "utf-16-le"),
        ("Date,Café\n".encode("utf-16-le"), "Date,Café\n", "utf-16-le"),
        ("Date,Café\n".encode("utf-16-be"), "Date,Café\n", "utf-16-be"),
        ("\ufeffDate,Café\n".encode("utf-16-be"), "Date,Café\n", "utf-16-be"),
        ("Café, crème, déjà ".encode() + b"\xff", "Café, crème, déjà \ufffd", "utf-8"),
        (b"a\x81" + b"b" * 40, "a\ufffd" + "b" * 40, "cp1252"),
    ],
)
def test_encodings(data: bytes, text: str, encoding: str) -> None:
    assert decode(data) == (text, encoding)


def test_notes_on_reading() -> None:
    assert decoding_notes("plain", "utf-8") == []
    assert decoding_notes("a\ufffd", "cp1252") == [
        "The file was read as Windows-1252 text.",
        "One character of the file could not be read, shown as \ufffd.",
    ]


@pytest.mark.parametrize("data", [b"", b" \r\n\t", b"\x00\x00\n", b"\xff\xfe\x00"])
def test_empty_or_broken(data: bytes) -> None:
    with pytest.raises(BadFile):
        decode(data)


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04rest", b"%PDF-1.7", b"\x89PNG\r\n", bytes(range(256)) * 20, b"a" + b"\x00" * 99]
)
def test_not_text(data: bytes) -> None:
    with pytest.raises(NotAStatement) as trouble:
        decode(data)
    assert trouble.value.code == "not_a_statement"


def test_too_large() -> None:
    with pytest.raises(BadFile, match="256 MiB"):
        decode(b"x" * (LARGEST_FILE + 1))


@pytest.mark.parametrize("mark", ["\n", "\r", "\r\n"])
def test_long_lines(mark: str) -> None:
    good = ("x" * 99 + mark) * (2 * LONGEST_LINE // 100)
    refuse_long_line(good)
    refuse_long_line(mark + "x" * LONGEST_LINE + mark)
    with pytest.raises(BadFile) as trouble:
        refuse_long_line("a" + mark + good + "x" * (LONGEST_LINE + 1))
    assert trouble.value.line == 2 * LONGEST_LINE // 100 + 2


def test_controls_go_and_line_ends_stay() -> None:
    assert without_controls("a\x00b\x07\r\n\tc\u202ed\x85\x1a") == ("ab\r\n\tcd", 4)
    assert without_controls("👩\u200d💻 é\u00a0x") == ("👩\u200d💻 é\u00a0x", 0)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("\n\nOFXHEADER:100\n<OFX>", "ofx"),
        ("<ofx >", "ofx"),
        ("<?xml version='1.0'?><!-- x --><OFX>", "ofx"),
        ("<STMTTRN><TRNAMT>1", "ofx"),
        ("!Type:Bank\nD1/1/26", "qif"),
        ("\ufeff  !ACCOUNT\nNx", "qif"),
        ("D1/1/26\nT5\nPx\n^\n", "qif"),
        ("Date,Description,Amount\n01/02/2026,Deposit,5.00\n", "csv"),
        ('<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">', "camt"),
        ("<Document><BkToCstmrStmt><Stmt>", "camt"),
        ("D1/1/26,T5,a\n01/02/2026,Deposit,5.00\n", "csv"),
    ],
)
def test_kind_by_content(text: str, kind: str) -> None:
    assert kind_of(text) == kind


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (":20:START\n:25:1\n:60F:C260101USD1,00\n:61:2601010101D1,00\n", "MT940"),
        ("{1:F01BANKUS33}{2:I940}{4:\n:20:1\n", "MT940"),
        ("<!DOCTYPE html><html><body>Sign in, 2026</body></html>", "web page"),
        ("<?xml version='1.0'?><note>1,2</note>", "XML"),
        ('{"transactions": [1, 2]}', "JSON"),
        ('[{"a": 1, "b": 2}]', "JSON"),
        ("!TRNS\tTRNSID\tDATE\n", "IIF"),
        ("Dear customer.\nYour statement is ready.\n", "plain text"),
    ],
)
def test_files_taken_for_statements_by_mistake(text: str, word: str) -> None:
    with pytest.raises(NotAStatement, match=word) as trouble:
        read(text.encode(), "statement.ofx", ReadOptions())
    assert trouble.value.hint


def test_unknown_forced_format_is_refused() -> None:
    with pytest.raises(NotAStatement, match="mt940"):
        read(b"<x/>", "x", ReadOptions(format="mt940"))


@given(data=st.binary(max_size=200))
def test_any_bytes_decode_or_are_refused(data: bytes) -> None:
    try:
        text, encoding = decode(data)
    except UserError:
        return
    assert text
    assert encoding in {"utf-8", "utf-16-le", "utf-16-be", "cp1252"}
