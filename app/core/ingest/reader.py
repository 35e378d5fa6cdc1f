"""Any bank file: what it is by its content, then the reader for it.

A name proves nothing (a ZIP is called .csv, a login page .ofx), so it is only handed on as a hint for CSV layouts.
"""

from __future__ import annotations

import re

from app.core.errors import NotAStatement
from app.core.ingest.decode import DOWNLOAD_HINT, EMPTY_HINT, decode, decoding_notes, refuse_long_line
from app.core.ingest.statement import ParsedFile, ReadOptions
from app.core.later import later

_HEAD = 65536
_OFX = later(
    r"\A\s*OFXHEADER\s*[:=]|^OFXHEADER\s*:|<\?OFX\b|<\s*(?:[A-Za-z]\w{0,15}:)?(?:OFX|STMTTRN|BANKTRANLIST|(?:CC|INV)?STMTRS)[\s/>]",
    re.IGNORECASE | re.MULTILINE,
)
_QIF_HEADER = later(r"^[ \t]*!(?:type[ \t]*:|account\b|option[ \t]*:|clear[ \t]*:)", re.IGNORECASE | re.MULTILINE)
_QIF_DATE = later(r"^D[ \t]*[0-9]{1,4}[ \t]*[-/.' ]", re.MULTILINE)
_QIF_AMOUNT = later(r"^[TU][-+$(]*[0-9.,]+\)?[ \t]*$", re.MULTILINE)
_QIF_END = later(r"^\^", re.MULTILINE)
_HTML = later(r"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]|<table[\s>]", re.IGNORECASE)
_MT940 = re.compile(r"^:(?:20|25|28C?|60[FM]|61|62[FM]|86):", re.MULTILINE)
_CAMT = ("camt.05", "BkToCstmr")
_CELLS = later(r"[,;\t|]")


def read(data: bytes, name: str, options: ReadOptions) -> ParsedFile:
    """Return what a bank file says. `name` is the file's own name; `options.format` forces a reader.

    Raises: BadFile, NotAStatement or another UserError, each with a sentence for the user; never anything else.
    """
    text, encoding = decode(data)
    form = kind_of(text) if options.format == "auto" else options.format
    if form == "ofx":
        from app.core.ingest import ofx  # noqa: PLC0415 - only the reader that is needed is loaded

        parsed = ofx.read(text, options)
    elif form == "qif":
        from app.core.ingest import qif  # noqa: PLC0415 - same

        parsed = qif.read(text, options, name)
    elif form == "csv":
        from app.core.ingest import csv_reader  # noqa: PLC0415 - same

        refuse_long_line(text)
        parsed = csv_reader.read(text, name, options)
    elif form == "camt":
        from app.core.ingest import camt  # noqa: PLC0415 - same

        parsed = camt.read(text, options)
    else:
        raise NotAStatement(f"Files of the format {form} are not read.", DOWNLOAD_HINT)
    parsed.notes[:0] = [note for note in decoding_notes(text, encoding) if note not in parsed.notes]
    return parsed


def kind_of(text: str) -> str:
    """Return `ofx`, `qif`, `csv` or `camt` by the content. Raises: NotAStatement, saying what the file is instead."""
    head = text[:_HEAD].lstrip("\ufeff\x00 \t\r\n")
    # A plain look goes before each pattern that walks along all of the text: most files have none of it.
    if ("<" in head or "OFXHEADER" in head.upper()) and _OFX.search(head):
        return "ofx"
    if head.startswith("<") and any(word in head for word in _CAMT) and not _HTML.search(head[:4096]):
        return "camt"
    _refuse_others(head)
    lines = head.replace("\r\n", "\n").replace("\r", "\n")
    if _QIF_HEADER.search(lines[:4096]):
        return "qif"
    may_end = "," not in lines or ("^" in lines and _QIF_END.search(lines))
    if may_end and _QIF_DATE.search(lines) and _QIF_AMOUNT.search(lines):
        return "qif"
    has_cells = False
    for line in lines.split("\n"):
        if _CELLS.search(line):
            if any(map(str.isdigit, line)):
                return "csv"
            has_cells = True
    if has_cells:
        raise NotAStatement("The file has columns, but no row with a date or an amount.", EMPTY_HINT)
    raise NotAStatement("The file is plain text without columns, not a bank file.", DOWNLOAD_HINT)


def _is_mt940(head: str) -> bool:
    """Whether lines begin with at least two different fields of an MT940 statement."""
    if not any(tag in head for tag in (":25:", ":61:", ":60F:", ":62F:", ":60M:", ":62M:")):
        return False
    return len(set(_MT940.findall(head.replace("\r", "\n")))) > 1


def _refuse_others(head: str) -> None:
    """Raise NotAStatement for files that are often downloaded by mistake."""
    start = head[:4096]
    what = None
    # only of a text that begins as markup: a payee may be called anything
    if start.startswith("<") and _HTML.search(start):
        what = "a web page, perhaps the bank's sign-in page"
    elif start.startswith("{1:") or _is_mt940(head):
        what = "an MT940 statement"
    elif start.startswith("<"):
        what = "an XML file without OFX in it"
    elif start.startswith(("{", "[{", "[\n", "[\r", "[]", "[ ")):
        what = "JSON data"
    elif start.startswith(("!TRNS", "!ACCNT", "!HDR", "!CUST", "!VEND")):
        what = "a QuickBooks IIF file"
    elif start.startswith("-----BEGIN "):
        what = "a key or a signed message"
    if what:
        raise NotAStatement(f"The file is {what}, not a bank statement this program knows.", DOWNLOAD_HINT)
