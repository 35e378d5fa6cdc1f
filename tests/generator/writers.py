"""Bank files in the shapes that banks, cards and processors export. Each writer also tells every row its line.

Source of the shapes: the project's notes on CSV layouts and OFX (public importers and their issues). A writer gets the
rows of one account, oldest first, and returns the bytes of the file.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from generator.ledger import Account, Books, Row, Skip, money, stable
from generator.text_lines import Lines, thousands
from generator.writers_ofx import ofx_sgml, ofx_xml, qif

Writer = Callable[[Books, Account, list[Row], list[Skip]], bytes]


def _field(value: str) -> str:
    return '"' + value.replace('"', '""') + '"' if any(c in value for c in ',"\n') else value


def _csv(*values: str) -> str:
    return ",".join(_field(v) for v in values)


def _quoted(*values: str) -> str:
    return ",".join('"' + v.replace('"', '""') + '"' for v in values)


def bofa_checking(books: Books, account: Account, rows: list[Row], skips: list[Skip]) -> bytes:
    out = Lines("\r\n")
    closing = rows[-1].balance if rows else account.opening
    credits_, debits = sum(r.cents for r in rows if r.cents > 0), sum(r.cents for r in rows if r.cents < 0)
    out.put("Description,,Summary Amt.")
    out.put(f'Beginning balance as of {books.first:%m/%d/%Y},,"{thousands(account.opening)}"')
    out.put(f'Total credits,,"{thousands(credits_)}"')
    out.put(f'Total debits,,"{thousands(debits)}"')
    out.put(f'Ending balance as of {books.last:%m/%d/%Y},,"{thousands(closing)}"')
    out.put("")
    out.put("Date,Description,Amount,Running Bal.")
    at = out.put(
        f'{books.first:%m/%d/%Y},Beginning balance as of {books.first:%m/%d/%Y},,"{thousands(account.opening)}"'
    )
    skips.append(
        Skip(account=account.label, posted=books.first, cents=0, text="Beginning balance", reason="balance", line_no=at)
    )
    for r in rows:
        r.line_no = out.put(f'{r.posted:%m/%d/%Y},"{r.text}","{thousands(r.cents)}","{thousands(r.balance)}"')
    return out.bytes()


def wells_headerless(books: Books, account: Account, rows: list[Row], skips: list[Skip]) -> bytes:
    out = Lines()
    for r in reversed(rows):
        r.line_no = out.put(_quoted(f"{r.posted:%m/%d/%Y}", money(r.cents), "*", "", r.text))
    return out.bytes()


def chase_card(books: Books, account: Account, rows: list[Row], skips: list[Skip]) -> bytes:
    out = Lines()
    out.put("Transaction Date,Post Date,Description,Category,Type,Amount,Memo")
    for r in reversed(rows):
        r.line_no = out.put(
            _csv(
                f"{r.day:%m/%d/%Y}",
                f"{r.posted:%m/%d/%Y}",
                r.text,
                r.category,
                r.source_type or ("Sale" if r.cents < 0 else "Return"),
                money(r.cents),
                "",
            )
        )
    return out.bytes()


def capital_one_card(books: Books, account: Account, rows: list[Row], skips: list[Skip]) -> bytes:
    out = Lines()
    out.put("Transaction Date,Posted Date,Card No.,Description,Category,Debit,Credit")
    for r in reversed(rows):
        debit, credit = (money(-r.cents), "") if r.cents < 0 else ("", money(r.cents))
        r.line_no = out.put(
            _csv(r.day.isoformat(), r.posted.isoformat(), account.last4, r.text, r.category, debit, credit)
        )
    return out.bytes()


def capital_one_360(books: Books, account: Account, rows: list[Row], skips: list[Skip]) -> bytes:
    out = Lines()
    out.put("Account Number,Transaction Description,Transaction Date,Transaction Type,Transaction Amount,Balance")
    for r in reversed(rows):
        way = "Credit" if r.cents > 0 else "Debit"
        r.line_no = out.put(
            _csv(account.last4, r.text, f"{r.posted:%m/%d/%y}", way, money(abs(r.cents)), money(r.balance))
        )
    return out.bytes()


def amex_members(books: Books, account: Account, rows: list[Row], skips: list[Skip]) -> bytes:
    out = Lines()
    out.put("Date,Description,Card Member,Account #,Amount")
    for r in reversed(rows):
        r.line_no = out.put(
            _csv(f"{r.day:%m/%d/%Y}", r.text, "A MEMBER", f"-{account.last4.rjust(5, '1')}", money(-r.cents))
        )
    return out.bytes()


def amex_full(books: Books, account: Account, rows: list[Row], skips: list[Skip]) -> bytes:
    out = Lines()
    out.put(
        "Date,Description,Card Member,Account #,Amount,Extended Details,Appears On Your Statement As,Address,"
        "City/State,Zip Code,Country,Reference,Category"
    )
    for n, r in enumerate(reversed(rows)):
        r.bank_id = r.bank_id or f"3{r.posted:%Y%j}{len(rows) - n:04d}{stable(r.text, 6)}"
        town, _, state = r.city.rpartition(" ")
        more = f"{stable(r.text, 9)}  510-555-0142\n{r.text}\n510-555-0142" if r.city else ""
        r.line_no = out.put(
            _csv(
                f"{r.day:%m/%d/%Y}",
                r.text,
                "WREN CALLOWAY",
                f"-{account.last4.rjust(5, '7')}",
                money(-r.cents),
                more,
                r.text,
                "",
                f"{town}\n{state}" if r.city else "",
                "",
                "UNITED STATES" if r.city else "",
                f"'{r.bank_id}'",
                r.category,
            )
        )
    return out.bytes()


def paypal(books: Books, account: Account, rows: list[Row], skips: list[Skip]) -> bytes:
    out = Lines("\r\n")
    out.put(
        _quoted(
            *("Date", "Time", "TimeZone", "Name", "Type", "Status", "Currency", "Gross", "Fee", "Net"),
            *("From Email Address", "To Email Address", "Transaction ID", "Item Title", "Reference Txn ID"),
            *("Invoice Number", "Balance", "Note", "Balance Impact"),
        )
    )
    mine = [s for s in skips if s.account == account.label]
    for n, r in enumerate(sorted([*rows, *mine], key=lambda r: r.posted)):
        summer = date(r.posted.year, 3, 8) <= r.posted < date(r.posted.year, 11, 1)
        when = (
            f"{r.posted:%m/%d/%Y}",
            f"{9 + n % 6:02d}:{n * 7 % 60:02d}:{n * 13 % 60:02d}",
            "PDT" if summer else "PST",
        )
        if isinstance(r, Skip):
            code, gross, fee, net = stable(f"skip{n}{r.text}", 9), r.cents, 0, r.cents
            words = ("", r.text, "Pending")
            balance, impact, reference = "", "Memo", ""
        else:
            r.bank_id = r.bank_id or f"{stable(f'{n}{r.text}{r.cents}', 9)}{'ABCDEFGH'[n % 8]}{n:05d}KP"
            code, gross, fee, net = r.bank_id, r.gross if r.gross is not None else r.cents, r.fee or 0, r.cents
            words = (r.name, r.source_type, "Completed")
            balance, impact = thousands(r.balance), "Credit" if r.cents > 0 else "Debit"
            reference = r.original.bank_id if r.original else ""
        mail = words[0].lower().replace(" ", "").replace("&", "and") + ".example" if words[0] else ""
        mails = (f"pay@{mail}" if mail else "", "studio@wren.example")
        if net < 0:
            mails = mails[::-1]
        r.line_no = out.put(
            _quoted(
                *when,
                *words,
                "USD",
                thousands(gross),
                thousands(fee),
                thousands(net),
                *mails,
                code,
                "",
                reference,
                "",
                balance,
                "",
                impact,
            )
        )
    return out.bytes("\ufeff".encode())


def stripe(books: Books, account: Account, rows: list[Row], skips: list[Skip]) -> bytes:
    out = Lines()
    out.put("balance_transaction_id,created_utc,available_on_utc,currency,gross,fee,net,reporting_category,description")
    for n, r in enumerate(rows):
        # Between 17:00 and 22:00 UTC it is the same civil day everywhere in the United States.
        clock = f"{17 + n % 5:02d}:{n * 11 % 60:02d}:{n * 17 % 60:02d}"
        gross, fee = r.gross if r.gross is not None else r.cents, -(r.fee or 0)
        r.bank_id = r.bank_id or f"txn_1{stable(f'{n}{r.text}', 11)}{stable(str(r.cents), 9)}{n:04d}"
        r.line_no = out.put(
            _csv(
                r.bank_id,
                f"{r.posted} {clock}",
                f"{r.posted} 00:00:00",
                "usd",
                money(gross),
                money(fee),
                money(r.cents),
                r.source_type,
                r.text,
            )
        )
    return out.bytes()


def square(books: Books, account: Account, rows: list[Row], skips: list[Skip]) -> bytes:
    """Square's transactions: sales with their fees, no payouts. `name` of a row is the deposit it went into."""
    out = Lines()
    out.put(
        "Date,Time,Time Zone,Gross Sales,Net Sales,Tip,Total Collected,Source,Card,Fees,Net Total,Transaction ID,"
        "Payment ID,Event Type,Description,Deposit ID,Deposit Date"
    )
    for n, r in enumerate(rows):
        r.bank_id = r.bank_id or f"{stable(f'{n}{r.name}', 10)}{stable(str(r.cents), 9)}{n:05d}"
        gross, fee = r.gross if r.gross is not None else r.cents, r.fee or 0
        r.line_no = out.put(
            _csv(
                *(f"{r.posted:%m/%d/%y}", f"{10 + n % 7:02d}:{n * 7 % 60:02d}:00", "Pacific Time (US & Canada)"),
                *(f"${thousands(gross)}", f"${thousands(gross)}", "$0.00", f"${thousands(gross)}", "Point of Sale"),
                *(f"${thousands(gross)}", f"-${thousands(-fee)}", f"${thousands(r.cents)}", f"T{r.bank_id}", r.bank_id),
                *(r.source_type, r.text, r.name, f"{r.posted:%m/%d/%y}"),
            )
        )
    return out.bytes()


WRITERS: dict[str, Writer] = {
    "square": square,
    "bofa_checking": bofa_checking,
    "wells_headerless": wells_headerless,
    "chase_card": chase_card,
    "capital_one_card": capital_one_card,
    "capital_one_360": capital_one_360,
    "amex_members": amex_members,
    "amex_full": amex_full,
    "paypal": paypal,
    "stripe": stripe,
    "qif": qif,
    "ofx_sgml": ofx_sgml,
    "ofx_xml": ofx_xml,
}
