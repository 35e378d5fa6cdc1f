"""Every way a text gets into the books, driven with texts that hold what must not stay."""

from __future__ import annotations

import contextlib
import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from services import banks

from app.core.dates import day_from_iso
from app.core.errors import UserError
from app.services.bank import bank_sync
from app.services.books import history
from app.services.books.open_books import Books
from app.services.classify import rules
from app.services.income import expected_payments, forms_1099, payer_changes
from app.services.ingest import import_history, imports
from app.services.ledger import accounts, bulk_edit, transactions
from app.services.report import pack_facts, packs
from app.services.tax import postponed, profile, tax_facts, taxes_paid

AS_OF = day_from_iso("2026-11-20")


def flat(text: str) -> str:
    return " ".join(text.split())


def csv_file(folder: Path, texts: Sequence[str], name: str = "bank.csv") -> Path:
    """Each text in every column of text, once also in the title and in the header."""
    lines = io.StringIO()
    out = csv.writer(lines)
    out.writerow(["Date", "Description", "Memo", "Type", "Amount", flat(texts[0])])
    for number, text in enumerate(texts):
        out.writerow([f"2026-03-{1 + number % 28:02d}", text, "", "", f"-{number + 1}.00", text])
        out.writerow([f"2026-04-{1 + number % 28:02d}", f"SHOP {number}", text, text, f"-{number + 1}.00", ""])
    path = folder / name
    path.write_text(lines.getvalue(), encoding="utf-8")
    return path


def ofx_file(folder: Path, texts: Sequence[str], name: str = "bank.ofx") -> Path:
    rows = []
    for number, text in enumerate(texts):
        safe = flat(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        rows.append(
            f"<STMTTRN><TRNTYPE>DEBIT</TRNTYPE><DTPOSTED>202605{1 + number % 28:02d}</DTPOSTED>"
            f"<TRNAMT>-{number + 1}.50</TRNAMT><FITID>{safe}</FITID><CHECKNUM>{safe}</CHECKNUM><REFNUM>{safe}</REFNUM>"
            f"<NAME>{safe}</NAME><MEMO>{safe}</MEMO></STMTTRN>"
        )
    head = texts[0].replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    path = folder / name
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?><?OFX OFXHEADER="200" VERSION="211" SECURITY="NONE" OLDFILEUID="NONE" '
        f'NEWFILEUID="NONE"?><OFX><SIGNONMSGSRSV1><SONRS><FI><ORG>{head}</ORG></FI></SONRS></SIGNONMSGSRSV1>'
        "<BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>USD</CURDEF><BANKACCTFROM><BANKID>021000021</BANKID>"
        "<ACCTID>000987654321098</ACCTID><ACCTTYPE>CHECKING</ACCTTYPE></BANKACCTFROM><BANKTRANLIST>"
        f"<DTSTART>20260501</DTSTART><DTEND>20260531</DTEND>{''.join(rows)}</BANKTRANLIST></STMTRS></STMTTRNRS>"
        "</BANKMSGSRSV1></OFX>",
        encoding="utf-8",
    )
    return path


def qif_file(folder: Path, texts: Sequence[str], name: str = "bank.qif") -> Path:
    rows = ["!Type:Bank"]
    for number, text in enumerate(texts):
        line = flat(text)
        rows += [
            f"D06/{28 - number % 28:02d}/2026", f"T-{number + 1}.75", f"P{line}", f"M{line}", f"A{line}", f"L{line}",
            f"N{line}", f"S{line}", f"E{line}", f"$-{number + 1}.75", "^",
        ]  # fmt: skip
    path = folder / name
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def import_all(books: Books, folder: Path, texts: Sequence[str]) -> int:
    """Bring the texts in by every format; returns how many were masked."""
    files = [
        (csv_file(folder, texts), "Table"), (ofx_file(folder, texts), None), (qif_file(folder, texts), "Quicken"),
    ]  # fmt: skip
    masked = 0
    for path, account in files:
        options = imports.ImportOptions(account=account, account_kind="checking")
        [result] = imports.import_files(books, [path], options)
        assert result.error is None, (path, result.error and result.error.message)
        assert result.added
        masked += result.masked
    return masked


def link_bank(books: Books, texts: Sequence[str]) -> None:
    """Link a bank that has the texts in every field of words, and fetch its rows."""
    bank = banks.Bank(item_id="item-canary", name=texts[0])
    bank.accounts = [
        banks.account(f"acc-{number}", name=text, official_name=text, mask="", type=text, subtype=text)
        for number, text in enumerate(texts)
    ]
    for number, text in enumerate(texts):
        category = {"primary": text, "detailed": text, "confidence_level": text}
        bank.add(
            banks.row(f"canary-{number}", "7.77", "2026-08-03", text, account_id=f"acc-{number}"),
            banks.row(
                f"more-{number}", "8.88", "2026-08-04", f"SHOP {number}", account_id=f"acc-{number}",
                merchant_name=text, counterparties=[{"name": text}], personal_finance_category=category,
                payment_meta={"payer": text, "payee": text},
            ),
        )  # fmt: skip
    bank_sync.sync(books, bank.link(books), feed=banks.feed_of(bank))


def type_all(books: Books, texts: Sequence[str]) -> None:
    """Type the texts wherever a person may type, then take some of it back and bring it again."""
    held = [row[0] for row in books.connection.execute("SELECT id FROM transactions ORDER BY id DESC")]
    account = books.accounts.all()[0].name
    _, rule = rules.add(books, {"text": "SOMETHING ELSE", "kind": "personal"})
    assert rule is not None
    _, business = profile.add_business(books, {"name": "Second"})
    _, typed = accounts.add(books, {"name": "Typed"})
    things = {
        "vehicle": {"name": "Van", "in_service": "2026-01-01"},
        "asset": {"name": "Desk", "in_service": "2026-01-01", "cost": "9"},
        "home_office": {"name": "Office", "first_day": "2026-01-01"},
    }
    made_of = {table: tax_facts.add(books, table, values, year=2026)[1] for table, values in things.items()}
    _, payer = payer_changes.add(books, "Expected Client")
    _, due = expected_payments.add(books, str(payer), AS_OF, 100)
    _, form = forms_1099.add(books, str(payer), 2026, "NEC", {"cents": 100})
    assert due is not None
    assert form is not None
    last: int | None = None
    for number, text in enumerate(texts):
        row = held[number % len(held)]
        transactions.set_values(books, row, {"note": text, "merchant": text, "tags": text})
        _, made = transactions.add(books, date="2026-07-01", cents=-100, account_selector=account, description=text)
        assert made is not None
        bulk_edit.change_many(books, held[:2], {"note": text, "tags": text})
        last = transactions.delete(books, [made], text).operation
        rules.change(books, rule, {"text": text, "name": text, "counterparty": text})
        _either(rules.change, books, rule, {"regex": text})
        _either(accounts.change, books, str(typed), {"name": text, "institution": text})
        _either(profile.change_business, books, str(business), {"name": text, "principal_code": text})
        profile.change(books, 2026, {"locality": text})
        taxes_paid.record(books, {
            "date": "2026-06-15", "cents": 100, "jurisdiction": "federal", "for_year": 2026, "type": "estimate",
            "confirmation": text,
        })  # fmt: skip
        postponed.postpone(books, "federal", 2026, 2, "2026-12-01", text)
        for table, thing in made_of.items():
            tax_facts.change(books, table, str(thing), {"name": text}, year=2026)
        _either(payer_changes.change, books, str(payer), {"name": text})
        expected_payments.change(books, due, {"note": text})
        forms_1099.change(books, form, {"note": text})
        layouts = import_history.layouts(books)
        if layouts:
            _either(import_history.rename_layout, books, layouts[0].name, text)
    history.undo(books, last)
    history.redo(books)


def _either(way: Callable[..., object], *arguments: object) -> None:
    """A name may be refused (taken already); what matters is what was written."""
    with contextlib.suppress(UserError):
        way(*arguments)


def record_pack(books: Books, folder: Path, text: str) -> None:
    """Note a pack whose file goes by the text."""
    target = folder / (flat(text).replace("/", "_")[:80] + ".zip")
    with zipfile.ZipFile(target, "w") as pack:
        pack.writestr("manifest.json", "{}")
    packs.record(books, target, pack_facts.pack_input(books, 2026, AS_OF))
