"""The one-page summary as plain words and figures for the page template; every amount is already text.

Accountants read negatives in brackets and costs as positive figures, so this is the only place that prints them so.
"""

from __future__ import annotations

from collections import Counter
from datetime import date

from app.core.books.vocabulary import LINES, NO_LINE, line_on_form
from app.core.dates import Day, date_of, year_days
from app.core.money import WHOLE, rate_text
from app.core.report.ledger import CLEARING, SUSPENSE, contra_parts
from app.core.report.lines import settled_line
from app.core.report.pack import DECIDE, ESTIMATE, UNAUDITED, AccountTie, PackContent, PackInput
from app.core.report.schedule_c import HOME_LINE, LineTotal, ScheduleC, printed_line

LONGEST_NAME = 34
MOST_ACCOUNTS = 12


def bracketed(cents: int) -> str:
    """Return an amount as accountants print it: `1,234.50`, negatives as `(1,234.50)`."""
    whole, rest = divmod(abs(cents), 100)
    figure = f"{whole:,}.{rest:02d}"
    return f"({figure})" if cents < 0 else figure


def day_text(day: Day) -> str:
    value: date = date_of(day)
    return f"{value:%B} {value.day}, {value.year}"


def clipped(name: str, longest: int = LONGEST_NAME) -> str:
    """Return a name on one line and short enough for its column."""
    plain = " ".join(name.split())
    return plain if len(plain) <= longest else plain[: longest - 1].rstrip() + "…"


def counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def summary(source: PackInput, pack: PackContent) -> dict[str, object]:
    """Return the data of the template `summary`."""
    questions = len(source.questions)
    spread = source.range
    return {
        "title": "Schedule C summary",
        "year": str(source.year),
        "business": clipped(source.business.name, 60),
        "profession": clipped(source.business.profession.replace("_", " ").capitalize()),
        "owner": "Spouse's business" if source.business.owner == "spouse" else "",
        "period": f"{_opening_day(source.year)} to {day_text(source.as_of)}",
        "basis": "Cash basis",
        "prepared": UNAUDITED,
        "net": bracketed(pack.form.net_profit_cents),
        "net_label": "Net loss" if pack.form.net_profit_cents < 0 else "Net profit",
        "low": bracketed(spread.low_cents),
        "expected": bracketed(spread.expected_cents),
        "high": bracketed(spread.high_cents),
        "questions": counted(questions, "open question", "open questions"),
        "draft": questions > 0,
        "lines": form_lines(pack.form),
        "outside": outside_rows(source),
        "accounts": account_rows(source),
        "estimate": ESTIMATE.format(rules=source.rules_date),
        "decide": DECIDE,
        "rules": source.rules_version,
        "version": source.app_version,
        "created": source.created_at,
        "audit": f"{source.audit.seq} {source.audit.mac[:16]}",
    }


def _opening_day(year: int) -> str:
    return day_text(year_days(year)[0])


def form_lines(form: ScheduleC) -> list[dict[str, str]]:
    """Return the printed lines with rows, in order, and the results of the form between them."""
    groups: dict[str, list[LineTotal]] = {}
    for line in form.lines:
        groups.setdefault(line_on_form(line.code), []).append(line)
    costs = [code for code in groups if code not in {"C1", "C2", "C4", "C6", HOME_LINE}]

    def printed(*codes: str) -> list[dict[str, str]]:
        return [row for code in codes if code in groups for row in _group_rows(code, groups[code], form.year)]

    net_receipts = [_row("3", "Receipts less returns", form.net_receipts_cents)] if "C2" in groups else []
    return [
        *printed("C1", "C2"),
        *net_receipts,
        *printed("C4", "C6"),
        _row("7", "Gross income", form.gross_income_cents, "total"),
        *printed(*costs),
        _row("28", "Total expenses", form.expenses_cents, "total"),
        *printed(HOME_LINE),
        _row("31", "Net profit or (loss)", form.net_profit_cents, "result"),
    ]


def _group_rows(code: str, group: list[LineTotal], year: int) -> list[dict[str, str]]:
    """Return one printed line and, where it gathers several codes, its parts."""
    label = LINES[code]
    first = group[0]
    if first.limit != WHOLE:
        label = f"{label}, {rate_text(first.limit)} % of {bracketed(-first.cents)}"
    rows = [_row(printed_line(code, year), label, sum(line.form_cents for line in group))]
    if len(group) > 1 or first.code != code:
        rows.extend(_row("", line.label, line.form_cents, "part") for line in group)
    return rows


def _row(number: str, label: str, cents: int, style: str = "line") -> dict[str, str]:
    return {"number": number, "label": label, "amount": bracketed(cents), "style": style}


def outside_rows(source: PackInput) -> list[dict[str, str]]:
    """Return count and sum of the rows on no line, by what they are; names never."""
    count: Counter[str] = Counter()
    cents: Counter[str] = Counter()
    for row in source.rows:
        parts = contra_parts(row)
        for name, part in parts[1:] if settled_line(row) != NO_LINE else parts:
            count[name] += 1
            cents[name] += part
    order = sorted(count, key=lambda name: (name != SUSPENSE, name != CLEARING, name))
    return [
        {"label": _plain_label(name), "count": f"{count[name]:,}", "amount": bracketed(cents[name])} for name in order
    ]


def _plain_label(name: str) -> str:
    """Return the words of a ledger account's name, without the codes of this program."""
    words = name.partition(": ")[2]
    return words.partition(" ")[2] if words.startswith("S1_") else words


def account_rows(source: PackInput) -> list[dict[str, str]]:
    """Return the tie-out of the accounts; above twelve, the last row sums the rest so that the columns still add up."""
    ties = sorted(source.accounts, key=lambda tie: tie.id)
    shown = ties if len(ties) <= MOST_ACCOUNTS else ties[: MOST_ACCOUNTS - 1]
    rows = [_account(tie) for tie in shown]
    rest = ties[len(shown) :]
    if rest:
        rows.append(_figures(counted(len(rest), "other account", "other accounts"), rest))
    if len(ties) > 1:
        rows.append(_figures("All accounts", ties) | {"style": "total"})
    return rows


def _figures(name: str, ties: list[AccountTie]) -> dict[str, str]:
    return {
        "name": name,
        "opening": bracketed(sum(tie.opening_cents for tie in ties)),
        "in": bracketed(sum(tie.in_cents for tie in ties)),
        "out": bracketed(sum(tie.out_cents for tie in ties)),
        "closing": bracketed(sum(tie.closing_cents for tie in ties)),
        "statement": "",
        "tie": "",
        "months": "",
        "style": "line",
    }


def _account(tie: AccountTie) -> dict[str, str]:
    tail = f" ··{tie.last4}" if tie.last4 and tie.last4 not in tie.name else ""
    covered = sum(month.state == "covered" for month in tie.months)
    stated = "" if tie.statement_cents is None else bracketed(tie.statement_cents)
    if stated and tie.statement_day is not None:
        stated = f"{stated} {date_of(tie.statement_day):%m/%d}"
    word = {None: "first balance" if stated else "not stated", True: "ties", False: "does not tie"}[tie.ties]
    return _figures(clipped(tie.name, LONGEST_NAME - len(tail)) + tail, [tie]) | {
        "statement": stated,
        "tie": word,
        "months": f"{covered} of {len(tie.months)}" if tie.months else "",
    }
