"""OFX 1.02, OFX 2.11 (QFX) and QIF files; the same contract as `writers`."""

from __future__ import annotations

from html import escape

from generator.ledger import Account, Books, Row, Skip, money, stable
from generator.text_lines import Lines, thousands


def qif(books: Books, account: Account, rows: list[Row], skips: list[Skip]) -> bytes:
    out = Lines("\r\n")
    out.put("!Type:Bank")
    for r in rows:
        r.line_no = out.put(f"D{r.posted.month}/{r.posted.day}'{r.posted:%y}")
        out.put(f"T{thousands(r.cents)}")
        out.put("C*")
        if r.text.startswith(("Share Draft", "Check ")):
            out.put(f"N{r.text.split()[-1]}")
        out.put(f"P{r.text}")
        out.put("^")
    return out.bytes()


def _name_memo(text: str) -> tuple[str, str]:
    """Cut a descriptor at the 32 characters that OFX gives a name, between two words."""
    if len(text) <= 32:
        return text, ""
    cut = text.rfind(" ", 0, 33)
    return (text[:32], text[32:]) if cut < 8 else (text[:cut], text[cut + 1 :])


def _trntype(r: Row) -> str:
    if r.kind == "interest":
        return "INT"
    if r.text.startswith("CHECK "):
        return "CHECK"
    if r.text.startswith("ATM "):
        return "ATM"
    return "CREDIT" if r.cents > 0 else "DEBIT"


def ofx_sgml(books: Books, account: Account, rows: list[Row], skips: list[Skip]) -> bytes:
    """OFX 1.02: SGML without end tags, checking or savings or a card by the account's kind."""
    out = Lines("\r\n")
    for head in ("OFXHEADER:100", "DATA:OFXSGML", "VERSION:102", "SECURITY:NONE", "ENCODING:USASCII", "CHARSET:1252"):
        out.put(head)
    for head in ("COMPRESSION:NONE", "OLDFILEUID:NONE", "NEWFILEUID:NONE", ""):
        out.put(head)
    stamp = f"{books.last:%Y%m%d}120000[0:GMT]"
    card = account.kind == "credit"
    group, block = ("CREDITCARDMSGSRSV1", "CCSTMT") if card else ("BANKMSGSRSV1", "STMT")
    out.put("<OFX>")
    out.put("<SIGNONMSGSRSV1>")
    out.put("<SONRS>")
    out.put("<STATUS><CODE>0<SEVERITY>INFO</STATUS>")
    out.put(f"<DTSERVER>{stamp}<LANGUAGE>ENG")
    out.put(f"<FI><ORG>{account.institution}<FID>{stable(account.institution, 5)}</FI>")
    out.put("</SONRS></SIGNONMSGSRSV1>")
    out.put(f"<{group}><{block}TRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS><{block}RS><CURDEF>USD")
    if card:
        out.put(f"<CCACCTFROM><ACCTID>{account.number}</CCACCTFROM>")
    else:
        out.put(
            f"<BANKACCTFROM><BANKID>{account.routing}<ACCTID>{account.number}"
            f"<ACCTTYPE>{account.kind.upper()}</BANKACCTFROM>"
        )
    out.put(f"<BANKTRANLIST><DTSTART>{books.first:%Y%m%d}<DTEND>{books.last:%Y%m%d}")
    for n, r in enumerate(rows):
        r.bank_id = r.bank_id or f"{r.posted:%Y%m%d}{n:06d}"
        r.line_no = out.put("<STMTTRN>")
        out.put(f"<TRNTYPE>{_trntype(r)}")
        out.put(f"<DTPOSTED>{r.posted:%Y%m%d}120000[0:GMT]")
        if card:
            out.put(f"<DTUSER>{r.day:%Y%m%d}")
        out.put(f"<TRNAMT>{money(r.cents)}")
        out.put(f"<FITID>{r.bank_id}")
        if r.text.startswith("CHECK "):
            out.put(f"<CHECKNUM>{r.text[6:]}")
        name, memo = _name_memo(r.text)
        out.put(f"<NAME>{escape(name, quote=False)}")
        if memo:
            out.put(f"<MEMO>{escape(memo, quote=False)}")
        out.put("</STMTTRN>")
    closing = rows[-1].balance if rows else account.opening
    out.put("</BANKTRANLIST>")
    out.put(f"<LEDGERBAL><BALAMT>{money(closing)}<DTASOF>{stamp}</LEDGERBAL>")
    out.put(f"<AVAILBAL><BALAMT>{money(closing)}<DTASOF>{stamp}</AVAILBAL>")
    out.put(f"</{block}RS></{block}TRNRS></{group}></OFX>")
    return out.bytes()


def ofx_xml(books: Books, account: Account, rows: list[Row], skips: list[Skip]) -> bytes:
    """OFX 2.11 as XML, with the Intuit lines of a QFX file."""
    out = Lines()
    stamp = f"{books.last:%Y%m%d}235959.000[-5:EST]"
    out.put('<?xml version="1.0" encoding="UTF-8" standalone="no"?>')
    out.put('<?OFX OFXHEADER="200" VERSION="211" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>')
    out.put("<OFX>")
    out.put("  <SIGNONMSGSRSV1><SONRS><STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY></STATUS>")
    out.put(f"    <DTSERVER>{stamp}</DTSERVER><LANGUAGE>ENG</LANGUAGE>")
    fid = stable(account.institution, 4)
    out.put(f"    <FI><ORG>{escape(account.institution)}</ORG><FID>{fid}</FID></FI>")
    out.put(f"    <INTU.BID>{fid}</INTU.BID><INTU.USERID>000</INTU.USERID></SONRS></SIGNONMSGSRSV1>")
    out.put("  <BANKMSGSRSV1><STMTTRNRS><TRNUID>0</TRNUID>")
    out.put("    <STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY></STATUS><STMTRS><CURDEF>USD</CURDEF>")
    out.put(
        f"    <BANKACCTFROM><BANKID>{account.routing}</BANKID><ACCTID>{account.number}</ACCTID>"
        f"<ACCTTYPE>{account.kind.upper()}</ACCTTYPE></BANKACCTFROM>"
    )
    out.put(f"    <BANKTRANLIST><DTSTART>{books.first:%Y%m%d}</DTSTART><DTEND>{books.last:%Y%m%d}</DTEND>")
    for n, r in enumerate(rows):
        r.bank_id = r.bank_id or f"{stable(account.label, 4)}-{r.posted:%y%j}-{n:04d}"
        name, memo = _name_memo(r.text)
        r.line_no = out.put("      <STMTTRN>")
        out.put(f"        <TRNTYPE>{_trntype(r)}</TRNTYPE><DTPOSTED>{r.posted:%Y%m%d}000000.000[-5:EST]</DTPOSTED>")
        out.put(f"        <TRNAMT>{money(r.cents)}</TRNAMT><FITID>{r.bank_id}</FITID><NAME>{escape(name)}</NAME>")
        if memo:
            out.put(f"        <MEMO>{escape(memo)}</MEMO>")
        out.put("      </STMTTRN>")
    closing = rows[-1].balance if rows else account.opening
    out.put("    </BANKTRANLIST>")
    out.put(f"    <LEDGERBAL><BALAMT>{money(closing)}</BALAMT><DTASOF>{stamp}</DTASOF></LEDGERBAL>")
    out.put("  </STMTRS></STMTTRNRS></BANKMSGSRSV1>")
    out.put("</OFX>")
    return out.bytes()
