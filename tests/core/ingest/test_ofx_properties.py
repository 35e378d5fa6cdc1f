"""Mutated and random OFX: a sentence or rows, never another error, never another amount in a row left alone."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ofxtools.Parser import OFXTree

from app.core.dates import date_of
from app.core.errors import UserError
from app.core.ingest import ofx, reader
from app.core.ingest.statement import ParsedFile, ReadOptions

SGML_HEADER = (
    "OFXHEADER:100\nDATA:OFXSGML\nVERSION:103\nSECURITY:NONE\nENCODING:USASCII\nCHARSET:NONE\n"
    "COMPRESSION:NONE\nOLDFILEUID:NONE\nNEWFILEUID:NONE\n\n"
)
XML_HEADER = (
    '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
    '<?OFX OFXHEADER="200" VERSION="203" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>\n'
)


def statement(rows: list[tuple[int, str]], *, xml: bool) -> tuple[str, list[tuple[int, int]]]:
    """Return a clean file and the span of each record in it."""

    def leaf(tag: str, value: str) -> str:
        return f"<{tag}>{value}</{tag}>\n" if xml else f"<{tag}>{value}\n"

    text = (XML_HEADER if xml else SGML_HEADER) + "<OFX>\n<SIGNONMSGSRSV1><SONRS><STATUS>\n"
    text += leaf("CODE", "0") + leaf("SEVERITY", "INFO") + "</STATUS>\n" + leaf("DTSERVER", "20260101000000")
    text += leaf("LANGUAGE", "ENG") + "</SONRS></SIGNONMSGSRSV1>\n<BANKMSGSRSV1><STMTTRNRS>\n" + leaf("TRNUID", "1")
    text += (
        "<STATUS>\n" + leaf("CODE", "0") + leaf("SEVERITY", "INFO") + "</STATUS>\n<STMTRS>\n" + leaf("CURDEF", "USD")
    )
    text += "<BANKACCTFROM>\n" + leaf("BANKID", "1") + leaf("ACCTID", "12345") + leaf("ACCTTYPE", "CHECKING")
    text += "</BANKACCTFROM>\n<BANKTRANLIST>\n" + leaf("DTSTART", "20260101") + leaf("DTEND", "20261231")
    spans = []
    for number, (cents, name) in enumerate(rows):
        start = len(text)
        text += "<STMTTRN>\n" + leaf("TRNTYPE", "OTHER") + leaf("DTPOSTED", f"2026{number % 12 + 1:02d}05120000")
        text += leaf("TRNAMT", str(Decimal(cents) / 100)) + leaf("FITID", f"ID{number}") + leaf("NAME", name)
        text += "</STMTTRN>\n"
        spans.append((start, len(text)))
    text += "</BANKTRANLIST>\n<LEDGERBAL>\n" + leaf("BALAMT", "1.00") + leaf("DTASOF", "20261231") + "</LEDGERBAL>\n"
    return text + "</STMTRS></STMTTRNRS></BANKMSGSRSV1>\n</OFX>\n", spans


def amounts(parsed: ParsedFile) -> dict[str | None, int]:
    return {row.bank_id: row.cents for part in parsed.statements for row in part.rows}


ROWS = st.lists(
    st.tuples(st.integers(-(10**9), 10**9), st.text("ABCDEFG hijk0123.,#*'-", min_size=1, max_size=32).map(str.strip)),
    min_size=1,
    max_size=8,
).map(lambda rows: [(cents, name or "X") for cents, name in rows])


@settings(max_examples=60, deadline=None)
@given(rows=ROWS, xml=st.booleans())
def test_agrees_with_a_second_parser(rows: list[tuple[int, str]], *, xml: bool) -> None:
    text, _ = statement(rows, xml=xml)
    tree = OFXTree()
    tree.parse(BytesIO(text.encode()))
    theirs = tree.convert().statements[0]
    ours = ofx.read(text, ReadOptions()).statements[0]
    assert [
        (t.fitid, int(t.trnamt * 100), t.dtposted.date(), " ".join(t.name.split()), t.trntype)
        for t in theirs.transactions
    ] == [(r.bank_id, r.cents, date_of(r.posted), r.text, r.source_type) for r in ours.rows]
    assert (theirs.account.acctid, int(theirs.balance.balamt * 100)) == (ours.account_number, ours.balance_cents)


@settings(max_examples=300, deadline=None)
@given(data=st.data(), rows=ROWS, xml=st.booleans())
def test_damage_in_one_record_leaves_the_others_alone(
    data: st.DataObject, rows: list[tuple[int, str]], *, xml: bool
) -> None:
    text, spans = statement(rows, xml=xml)
    hit = data.draw(st.integers(0, len(rows) - 1))
    start, end = spans[hit]
    first = data.draw(st.integers(start, end - 1))
    last = data.draw(st.integers(first, min(end - 1, first + 40)))
    junk = data.draw(st.text("<>/&;!-STMRN \n\x00é0123456789.,", max_size=12))
    parsed = ofx.read(text[:first] + junk + text[last:], ReadOptions())
    read = amounts(parsed)
    for number, (cents, _) in enumerate(rows):
        if number not in {hit, hit + 1}:
            assert read[f"ID{number}"] == cents
    # the record behind may be swallowed by the damaged one, but then it is said, and its amount is never another
    if hit + 1 < len(rows):
        assert read.get(f"ID{hit + 1}", None if parsed.rejected else "lost") in {rows[hit + 1][0], None}


@settings(max_examples=200, deadline=None)
@given(data=st.data(), rows=ROWS)
def test_cut_files_give_true_amounts_only(data: st.DataObject, rows: list[tuple[int, str]]) -> None:
    text, _ = statement(rows, xml=data.draw(st.booleans()))
    cut = data.draw(st.integers(0, len(text)))
    try:
        parsed = reader.read(text[:cut].encode(), "x.ofx", ReadOptions(format="ofx"))
    except UserError:
        return
    true = {f"ID{number}": cents for number, (cents, _) in enumerate(rows)}
    for bank_id, cents in amounts(parsed).items():
        assert true[bank_id or ""] == cents


@settings(max_examples=300, deadline=None)
@given(
    data=st.one_of(
        st.binary(max_size=400),
        st.lists(
            st.sampled_from(
                [
                    b"<OFX>",
                    b"<STMTRS>",
                    b"<STMTTRN>",
                    b"</STMTTRN>",
                    b"<TRNAMT>",
                    b"1.5",
                    b"-",
                    b"<DTPOSTED>20260101",
                    b"!Type:Bank\n",
                    b"^\n",
                    b"D1/2/26\n",
                    b"T1\n",
                    b"\x00",
                    b"\xff\xfe",
                    b"<",
                    b"&#",
                    b"<!--",
                    b"[",
                    b"{",
                ]
            ),
            max_size=30,
        ).map(b"".join),
    ),
    form=st.sampled_from(["ofx", "qif"]),
)
def test_any_bytes_end_in_rows_or_a_sentence(data: bytes, form: str) -> None:
    try:
        parsed = reader.read(data, "x", ReadOptions(format=form))
    except UserError as trouble:
        sentences = [trouble.message]
    else:
        sentences = [*parsed.notes, *(f"{row.text}." for part in parsed.statements for row in part.rows)]
    assert all(len(sentence) > 1 and sentence.endswith(".") for sentence in sentences)


@pytest.mark.parametrize("xml", [False, True])
def test_long_files_are_read_whole(*, xml: bool) -> None:
    rows = [(number * 7 - 30_000, f"SHOP {number % 50}") for number in range(10_000)]
    text, _ = statement(rows, xml=xml)
    parsed = ofx.read(text.replace("\n", ""), ReadOptions())
    assert [row.cents for row in parsed.statements[0].rows] == [cents for cents, _ in rows]
    assert {row.line for row in parsed.statements[0].rows} == {1}
