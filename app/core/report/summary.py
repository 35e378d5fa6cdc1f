"""The front of the pack, four pages, as plain words and figures for the page template; every amount is already text.

Page 1 says whose books these are and that they tie, 2 is the lead sheet, 3 proves the receipts, 4 lists what is open.
Long lists are cut and say where the rest stands, so that the front stays four pages.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from app.core.money import WHOLE, percent_of, rate_text
from app.core.report.lead_sheet import LeadRow, answers, lead_rows, part_answers, part_v, rounding, whole_amounts
from app.core.report.ledger import CLEARING, SUSPENSE, contra_parts
from app.core.report.lines import settled_line
from app.core.report.pack import DECIDE, ESTIMATE, QUESTIONS, UNAUDITED, WORKBOOK, PackContent
from app.core.report.pack_input import PackInput, TaxPaid
from app.core.report.receipts import after_period, bridge, payers
from app.core.report.schedule_c import ScheduleC
from app.core.report.summary_cover import Words, cover, period_text
from app.core.report.wording import (
    and_more,
    bracketed,
    clipped,
    counted,
    day_text,
    percent_text,
    whole_bracketed,
)
from app.core.report.workbook import forms_note
from app.core.report.workpapers import over_limit

MOST_ITEMS = 8
MOST_PAYERS = 22
MOST_PAYMENTS = 10
MOST_QUESTIONS = 24

NO_ADJUSTMENTS = (
    "None. No vehicle, equipment or home office changes a line: every figure in this pack is the sum of bank rows."
)
ADJUSTMENTS = (
    "Worked out beside the bank rows (miles, depreciation, the home office or limits): Schedule C, {0}. Each step, "
    "and what is still asked, is on the sheet “Worked out” (W-5) of the workbook."
)


def summary(source: PackInput, pack: PackContent) -> dict[str, object]:
    """Return the data of the template `summary`."""
    return {
        "title": "Accountant pack",
        "year": str(source.year),
        "business": clipped(source.business.name, 60),
        "period": period_text(source),
        "prepared": UNAUDITED,
        "estimate": ESTIMATE.format(rules=source.rules_date),
        "decide": DECIDE,
        "rules": source.rules_version,
        "version": source.app_version,
        "created": source.created_at,
        "audit": f"{source.audit.seq} {source.audit.mac[:16]}",
        "questions": counted(len(source.questions), "open question", "open questions"),
        "draft": bool(source.questions),
        "cover": cover(source, pack),
        "lead": lead(source, pack),
        "receipts": receipts(source),
        "open": still_open(source, pack.form),
    }


# --- page 2 -----------------------------------------------------------------------------------------------------------


def lead(source: PackInput, pack: PackContent) -> dict[str, object]:
    rows = lead_rows(pack.form, source.prior)
    items = part_v(source.rows, initials_only=source.initials_only)
    shown = items if len(items) <= MOST_ITEMS else items[: MOST_ITEMS - 1]
    rest = items[len(shown) :]
    listed = [{"name": clipped(i.name, 44), "rows": f"{i.rows:,}", "amount": bracketed(i.cents)} for i in shown]
    if rest:
        listed.append({
            "name": f"and {len(rest)} more in {WORKBOOK}", "rows": f"{sum(item.rows for item in rest):,}",
            "amount": bracketed(sum(item.cents for item in rest)),
        })  # fmt: skip
    return {
        "now": str(source.year),
        "before": f"{source.year - 1}" if source.prior else "",
        "before_note": _before(source),
        "rows": [_lead_words(row, whole) for row, whole in zip(rows, whole_amounts(rows), strict=True)],
        "rounding": f"Whole dollars: lines rounded, results added up from them; rounding {bracketed(rounding(rows))}.",
        "items": listed,
        "items_total": bracketed(sum(item.cents for item in items)),
        "answers": [
            {"letter": each.letter, "question": each.question, "answer": clipped(each.answer, 90)}
            for each in (*answers(source, over_limit(source)), *part_answers(pack.form, source.vehicles))
        ],
    }  # fmt: skip


def _before(source: PackInput) -> str:
    year = source.year - 1
    if source.prior is None:
        return f"These books hold nothing of {year}, so there is nothing to compare with."
    return f"{year}: the whole year as these books hold it, not the return as filed."


def _lead_words(row: LeadRow, whole: int | None) -> Words:
    label = row.label
    if row.limit != WHOLE:
        label = f"{label}, {rate_text(row.limit)} % of {bracketed(row.full_cents)}"
    change, rate = row.change_cents, row.change_rate
    new = bool(change) and row.prior_cents == 0
    return {
        "style": row.style,
        "number": row.number,
        "label": label,
        "amount": bracketed(row.cents),
        "whole": "" if whole is None else whole_bracketed(whole),
        "prior": "" if row.prior_cents is None else bracketed(row.prior_cents),
        "change": "" if change is None else bracketed(change),
        "rate": percent_text(rate) if rate is not None else "new" if new else "",
        "flag": "!" if row.flagged else "",
        "rows": "" if row.rows is None else f"{row.rows:,}",
        "reference": row.reference,
    }


# --- page 3 -----------------------------------------------------------------------------------------------------------


def receipts(source: PackInput) -> dict[str, object]:
    found = payers(source.rows, initials_only=source.initials_only, names_of=source.payer_names)
    shown = found if len(found) <= MOST_PAYERS else found[: MOST_PAYERS - 1]
    rest = found[len(shown) :]
    rows = [{"name": clipped(one.name, 40), "rows": f"{one.rows:,}", "amount": bracketed(one.cents)} for one in shown]
    if rest:
        rows.append({
            "name": f"and {len(rest)} more in {WORKBOOK}", "rows": f"{sum(one.rows for one in rest):,}",
            "amount": bracketed(sum(one.cents for one in rest)),
        })  # fmt: skip
    way = bridge(source.rows, source.accounts)
    late = after_period(source.rows, source.as_of)
    notes = [f"{late.label}: {counted(late.rows, 'row', 'rows')}, {bracketed(late.cents)}."] if late.rows else []
    if way.left_out:
        notes.append(f"{counted(way.left_out, 'account', 'accounts')} in another currency not in this bridge.")
    return {
        "payers": rows,
        "gross": bracketed(way.gross),
        "steps": [
            {"label": step.label, "rows": f"{step.rows:,}", "amount": bracketed(step.cents)} for step in way.steps
        ],
        "explained": bracketed(way.explained),
        "deposits": bracketed(way.deposits),
        "difference": bracketed(way.difference),
        "ties": way.difference == 0,
        "notes": notes,
        "forms": forms_note(source),
        "outside": outside_rows(source),
    }


def outside_rows(source: PackInput) -> list[Words]:
    """Return count and sum of the rows on no line, by what they are; names never."""
    count: Counter[str] = Counter()
    cents: Counter[str] = Counter()
    for row in source.rows:
        parts = contra_parts(row)
        for name, part in parts[1:] if settled_line(row) != "NONE" else parts:
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


# --- page 4 -----------------------------------------------------------------------------------------------------------


def _adjustments(form: ScheduleC) -> str:
    """Return which lines hold more or less than their rows, by the numbers of the form."""
    changed = [
        line.printed for line in form.lines
        if line.worked_cents is not None and line.worked_cents != percent_of(line.cents, line.limit)
    ]  # fmt: skip
    if not changed:
        return NO_ADJUSTMENTS
    numbers = list(dict.fromkeys(changed))
    return ADJUSTMENTS.format(f"{'line' if len(numbers) == 1 else 'lines'} {', '.join(numbers)}")


def still_open(source: PackInput, form: ScheduleC) -> dict[str, object]:
    asked = source.questions[:MOST_QUESTIONS]
    hidden = "The words may name a client: see the books."
    return {
        "adjustments": _adjustments(form),
        "payments": payment_rows(source.payments),
        "payments_total": bracketed(sum(paid.cents for paid in source.payments)),
        "questions": [
            {
                "number": str(number),
                "question": hidden if source.initials_only else clipped(_asked(each.question), 150),
                "rows": f"{each.count:,}",
                "amount": bracketed(each.cents),
            }
            for number, each in enumerate(asked, 1)
        ],
        "more": and_more(len(source.questions) - len(asked), QUESTIONS),
    }


_COUNTED = re.compile(r" \([\d,]+ rows?, -?\$[\d,.]+, ([^()]+)\)$")


def _asked(question: str) -> str:
    """Return a question without the count and the sum that stand in columns beside it."""
    return _COUNTED.sub(r" · \1", question)


def payment_rows(payments: Sequence[TaxPaid]) -> list[Words]:
    shown = payments if len(payments) <= MOST_PAYMENTS else payments[: MOST_PAYMENTS - 1]
    rows = [
        {
            "day": day_text(paid.day),
            "jurisdiction": paid.jurisdiction.capitalize() if paid.jurisdiction == "federal" else paid.jurisdiction,
            "type": paid.type.capitalize(),
            "source": "entered" if paid.recorded else "bank row",
            "amount": bracketed(paid.cents),
        }
        for paid in shown
    ]
    rest = payments[len(shown) :]
    if rest:
        rows.append({"day": f"and {len(rest)} more in {WORKBOOK}", "jurisdiction": "", "type": "", "source": "",
                     "amount": bracketed(sum(paid.cents for paid in rest))})  # fmt: skip
    return rows
