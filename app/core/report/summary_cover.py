"""Page 1 of the front: whose books these are, that they tie, what is open and what they do not hold."""

from __future__ import annotations

from collections.abc import Sequence

from app.core.dates import date_of, year_days
from app.core.report.lines import BOOKED
from app.core.report.not_in_books import not_in_books
from app.core.report.pack import PackContent
from app.core.report.pack_input import AccountTie, PackInput
from app.core.report.wording import LONGEST_NAME, bracketed, clipped, counted, day_text
from app.core.report.workbook import MONTHS, tie_word

Words = dict[str, str]

MOST_ACCOUNTS = 12

MARKS = {"covered": "✓", "partial": "part", "missing": "–", "untied": "off"}
TIED = "T"


def cover(source: PackInput, pack: PackContent) -> dict[str, object]:
    spread, profit = source.range, pack.form.net_profit_cents
    return {
        "facts": facts(source),
        "net": bracketed(profit),
        "net_label": "Net loss" if profit < 0 else "Net profit",
        "low": bracketed(spread.low_cents),
        "expected": bracketed(spread.expected_cents),
        "high": bracketed(spread.high_cents),
        "accounts": account_rows(source),
        "months": list(MONTHS),
        "coverage": coverage_rows(source),
        "open": open_lines(source),
        "missing": not_in_books(source),
    }


def facts(source: PackInput) -> list[Words]:
    business = source.business
    owner = "Spouse" if business.owner == "spouse" else "Self"
    pairs = [
        ("Business", clipped(business.name, 60) or "Not named"),
        ("Profession", clipped(business.profession.replace("_", " ").capitalize()) or "Not answered"),
        ("Principal business code", business.principal_code or "Not answered"),
        ("Owner", f"{owner}; {business.trades} businesses summed, each needs its own Schedule C"
         if business.trades > 1 else owner),
        ("Method", "Cash"),
        ("Period", period_text(source)),
        ("Made with", f"1099 Ops {source.app_version}, rules {source.rules_version}"),
    ]  # fmt: skip
    return [{"label": label, "value": value} for label, value in pairs]


def period_text(source: PackInput) -> str:
    first = day_text(year_days(source.year)[0]).partition(",")[0]
    return f"{first} to {day_text(source.as_of)}"


def open_lines(source: PackInput) -> list[str]:
    """Return what is not settled, in counts."""
    waiting = [row for row in source.rows if row.status not in BOOKED]
    money_in = sum(row.cents for row in waiting if row.cents > 0)
    money_out = sum(row.cents for row in waiting if row.cents < 0)
    loose = sum(tie.ties is False for tie in source.accounts)
    proven = sum(tie.ties is True for tie in source.accounts)
    gaps = sum(cover.state in {"missing", "partial"} for tie in source.accounts for cover in tie.months)
    untied = [f"{counted(loose, 'account does', 'accounts do')} not tie to the statement"] if loose else []
    asked = counted(len(source.questions), "question", "questions")
    return [
        f"{counted(len(waiting), 'row', 'rows')} not booked, in {asked}",
        f"of these {bracketed(money_in)} in, {bracketed(-money_out)} out",
        *untied,
        f"{proven} of {counted(len(source.accounts), 'account', 'accounts')} proven by a second statement balance",
        f"{counted(gaps, 'account month', 'account months')} not fully covered by a file",
    ]


def account_rows(source: PackInput) -> list[Words]:
    """Return the tie-out of the accounts; above twelve, the last row sums the rest so that the columns still add up."""
    ties = sorted(source.accounts, key=lambda tie: tie.id)
    shown = ties if len(ties) <= MOST_ACCOUNTS else ties[: MOST_ACCOUNTS - 1]
    rows = [_account(tie) for tie in shown]
    rest = ties[len(shown) :]
    if rest:
        rows.append(_figures(counted(len(rest), "other account", "other accounts"), rest))
    if len(ties) > 1 and len({tie.currency for tie in ties}) == 1:
        rows.append(_figures("All accounts", ties) | {"style": "total"})
    return rows


def _figures(name: str, ties: Sequence[AccountTie]) -> Words:
    return {
        "name": name,
        "opening": bracketed(sum(tie.opening_cents for tie in ties)),
        "in": bracketed(sum(tie.in_cents for tie in ties)),
        "out": bracketed(sum(tie.out_cents for tie in ties)),
        "closing": bracketed(sum(tie.closing_cents for tie in ties)),
        "day": "",
        "statement": "",
        "difference": "",
        "tie": "",
        "style": "line",
    }


def _account(tie: AccountTie) -> Words:
    known = tie.statement_cents is not None and tie.book_cents is not None
    return _figures(_account_name(tie), [tie]) | {
        "day": "" if tie.statement_day is None else f"{date_of(tie.statement_day):%m/%d}",
        "statement": "" if tie.statement_cents is None else bracketed(tie.statement_cents),
        "difference": bracketed((tie.statement_cents or 0) - (tie.book_cents or 0)) if known else "",
        "tie": tie_word(tie.ties, stated=tie.statement_cents is not None),
    }


def _account_name(tie: AccountTie) -> str:
    tail = f" ··{tie.last4}" if tie.last4 and tie.last4 not in tie.name else ""
    tail += "" if tie.currency == "USD" else f" {tie.currency}"
    return clipped(tie.name, LONGEST_NAME - len(tail)) + tail


def coverage_rows(source: PackInput) -> list[dict[str, object]]:
    """Return account by month what the files cover; a month after the period is blank."""
    last = date_of(source.as_of).month
    rows: list[dict[str, object]] = []
    for tie in sorted(source.accounts, key=lambda each: each.id)[:MOST_ACCOUNTS]:
        marks = {
            cover.month % 100: TIED if cover.ties and cover.state == "covered" else MARKS[cover.state]
            for cover in tie.months
        }
        cells = ["" if month > last else marks.get(month, MARKS["missing"]) for month in range(1, 13)]
        rows.append({"name": _account_name(tie), "months": cells})
    return rows
