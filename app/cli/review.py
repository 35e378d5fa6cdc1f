"""`review`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from app.cli.arguments import add_dry_run, cents, done, done_text, number, told
from app.cli.changes import change_json, change_text
from app.cli.output import confidence, money, printable
from app.cli.session import Session
from app.core.books import naming

if TYPE_CHECKING:
    from app.services.review.questions import Item
    from app.services.review.stakes import Span, Unreviewed
    from app.services.review.would_change import Change


def build(_noun: str, parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb")
    listed = verbs.add_parser("list", help="open questions, the largest tax effect first")
    listed.set_defaults(run=_list)
    answer = verbs.add_parser("answer", help="settle a question")
    answer.add_argument("item", metavar="ITEM")
    answer.add_argument("--choice", type=number, metavar="N")
    answer.add_argument("--kind")
    answer.add_argument("--line")
    answer.add_argument("--percent")
    answer.add_argument("--usd", metavar="AMOUNT", help="dollars of a row in another currency")
    answer.add_argument("--rate", help="instead of --usd: the US dollars of one unit of the row's currency")
    answer.add_argument("--source", metavar="TEXT", help="where the dollars or the rate are from")
    mode = answer.add_mutually_exclusive_group()
    mode.add_argument("--always", action="store_true", help="book this merchant so from now on")
    mode.add_argument("--ask-each-time", action="store_true", help="settle these, ask about the next ones")
    answer.set_defaults(run=_answer)
    skip = verbs.add_parser("skip", help="put a question off")
    skip.add_argument("item", metavar="ITEM")
    skip.set_defaults(run=_skip)
    undo = verbs.add_parser("undo", help="take back the newest operation")
    undo.set_defaults(run=_undo)
    for verb in (answer, skip, undo):
        add_dry_run(verb)


def _list(session: Session, _arguments: argparse.Namespace) -> int:
    from app.services.review import questions, stakes, would_change  # noqa: PLC0415

    books = session.books
    found = questions.items(books)
    spans, ways = stakes.Spans(books), [would_change.of(books, item) for item in found]
    open_range = stakes.unreviewed(books)
    body = {
        "items": [_item(item, spans.of(item), changes) for item, changes in zip(found, ways, strict=True)],
        "remaining": len(found),
        "year": open_range.year,
        "range": _range(open_range.profit),
        "tax_range": _range(open_range.tax) if open_range.tax else None,
    }
    cards = [_card(item, spans.of(item), changes) for item, changes in zip(found, ways, strict=True)]
    session.emit(body, "\n\n".join([*cards, _open(open_range)] if cards else ["No open questions."]))
    return 0


def _range(cents: tuple[int, int, int]) -> dict[str, int]:
    return dict(zip(("low_cents", "expected_cents", "high_cents"), cents, strict=True))


def _open(found: Unreviewed) -> str:
    """Say what the questions leave open, as reports and estimates do."""
    low, _, high = found.profit
    words = f"Until they are answered, net profit of {found.year} lies between {money(low)} and {money(high)}"
    return f"{words}, all tax between {money(found.tax[0])} and {money(found.tax[2])}." if found.tax else f"{words}."


def _item(item: Item, span: Span | None, changes: tuple[Change, ...]) -> dict[str, Any]:
    return {
        "id": item.id,
        "type": item.type,
        "transaction_ids": [row.id for row in item.rows],
        "question": item.question,
        "choices": [
            {
                "n": choice.n, "label": choice.label, "kind": choice.kind or None, "line": choice.line,
                "business_percent": choice.percent / 100, "confidence": confidence(choice.confidence),
                "sure": naming.confidence_word(choice.confidence), "pair": list(choice.pair) if choice.pair else None,
            }
            for choice in item.choices
        ],
        "reason": item.reason,
        "evidence": item.evidence,
        "would_change": [change_json(change) for change in changes],
        "effect": None if span is None else {
            "profit_low_cents": span.profit_low, "profit_expected_cents": span.profit_expected,
            "profit_high_cents": span.profit_high, "tax_cents": span.tax,
        },
        "stake_cents": item.stake_cents,
        "amount_cents": sum(row.cents for row in item.rows),
    }  # fmt: skip


def _card(item: Item, span: Span | None, changes: tuple[Change, ...]) -> str:
    hangs = f"  up to {money(span.tax)} tax" if span is not None and span.tax else ""
    lines = [f"{item.id}  {money(sum(row.cents for row in item.rows))}{hangs}", printable(item.question)]
    lines += [f"  {printable(line)}" for line in item.evidence]
    lines += [f"  {choice.n}) {printable(choice.label)}" for choice in item.choices]
    lines += [f"  would change it: {printable(change_text(change))}" for change in changes]
    return "\n".join(lines)


def _answer(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.review import questions  # noqa: PLC0415

    given = questions.Answered(
        choice=arguments.choice, kind=arguments.kind, line=arguments.line, percent=arguments.percent,
        usd_cents=cents(arguments.usd) if arguments.usd else None, rate=arguments.rate, source=arguments.source,
        mode=questions.ALWAYS if arguments.always
        else questions.ASK_EACH_TIME if arguments.ask_each_time else questions.ONLY_THIS,
    )  # fmt: skip
    outcome, remaining = questions.answer(session.books, arguments.item, given, dry_run=arguments.dry_run)
    text = f"{done_text(outcome, arguments)} {remaining} question{' remains' if remaining == 1 else 's remain'}."
    session.emit(done(outcome, arguments, remaining=remaining), text)
    return 0


def _skip(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.review import questions  # noqa: PLC0415

    outcome, remaining = questions.skip(session.books, arguments.item, dry_run=arguments.dry_run)
    return told(session, outcome, arguments, remaining=remaining)


def _undo(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.books import history  # noqa: PLC0415
    from app.services.review import questions  # noqa: PLC0415

    outcome = history.undo(session.books, dry_run=arguments.dry_run)
    remaining = len(questions.items(session.books))
    return told(session, outcome, arguments, remaining=remaining)
