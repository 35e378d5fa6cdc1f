"""`privacy erase`: asked for in one step, done in a second one with a code that only a person saw."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from app.cli.output import printable
from app.cli.session import Session
from app.core.errors import Refused, Usage

if TYPE_CHECKING:
    from app.services.privacy.erasure_scope import Plan

_LEFT = "Names of accounts, businesses and imported files stay; change them by hand where they name somebody."


def build(_noun: str, parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb")
    erase = verbs.add_parser("erase", help="erase a payer, or with no --payer everything; asks for a code first")
    erase.add_argument("--payer", metavar="NAME", help="as the transactions show it, or its number")
    erase.add_argument("--request", action="store_true", help="say what would go, and show a code on the terminal")
    erase.add_argument("--code-fd", type=int, metavar="N", help="write the code to this descriptor instead")
    erase.add_argument("--code", metavar="CODE", help="do it, with the code of the request")
    erase.set_defaults(run=_erase)


def _erase(session: Session, arguments: argparse.Namespace) -> int:
    if bool(arguments.request) == bool(arguments.code):
        raise Usage("Erasing takes two steps.", "First --request, which shows a code; then the same with --code CODE.")
    if arguments.request:
        return _request(session, arguments)
    return _everything(session, arguments) if arguments.payer is None else _payer(session, arguments)


def _request(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.privacy import erase_home, erasure_requests  # noqa: PLC0415

    if arguments.code_fd is None and not sys.stderr.isatty():
        raise Refused(
            "The code is shown to a person only, and there is no terminal.",
            "Run this in a terminal, or give --code-fd.",
        )
    books = session.books
    plan, code, until = erasure_requests.request(books, arguments.payer, session.wiring.randomness())
    if arguments.code_fd is None:
        sys.stderr.write(f"Code: {code}\n")
    else:
        erasure_requests.hand_over(code, arguments.code_fd)
    copies = plan.backups if plan else erase_home.copies_elsewhere(books)
    body: dict[str, Any] = {
        "what": "payer" if plan else "everything", "valid_until": until.isoformat(timespec="seconds"),
        "out_of_reach": list(copies),
    }  # fmt: skip
    if plan:
        body |= {
            "rows": plan.rows, "texts": plan.texts, "notes": plan.notes, "rules": plan.rules, "answers": plan.answers,
            "shown_as": plan.shown_as,
        }  # fmt: skip
    if plan is None:
        body["banks"] = len(books.bank.connections())
    session.emit({"erasure": body}, _payer_text(plan) if plan else _everything_text(copies, body["banks"]))
    return 0


def _payer_text(plan: Plan) -> str:
    lines = [
        f"{plan.rows} transactions would be shown as “{plan.shown_as}”. Their amounts, dates and lines stay.",
        f"Gone for good: {plan.texts} bank texts, {plan.notes} notes, {plan.answers} remembered answers.",
        f"The name goes from {plan.rules} rules and from wherever else it stands.",
        "This cannot be undone, and imports that brought these rows can no longer be undone either.",
        _LEFT,
        *_copies_text(plan.backups),
        "To do it, run the same with --code and the code shown on the terminal, within ten minutes.",
    ]
    return "\n".join(lines)


def _everything_text(copies: tuple[str, ...], banks: int) -> str:
    lines = [
        "Everything in this home folder would be erased: the books, their keys, backups, receipts, exports and logs.",
        *([f"{banks} connected banks would be disconnected at their side first, so be online."] if banks else []),
        "This cannot be undone by anybody.",
        *_copies_text(copies),
        "To do it, run the same with --code and the code shown on the terminal, within ten minutes.",
    ]
    return "\n".join(lines)


def _copies_text(copies: tuple[str, ...]) -> list[str]:
    if not copies:
        return []
    return ["Out of reach, and to be deleted by hand if they should go too:", *(f"  {printable(c)}" for c in copies)]


def _payer(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.privacy import erasure, erasure_requests, erasure_scope  # noqa: PLC0415

    books = session.books
    erasure_requests.confirm(books, arguments.payer, arguments.code)
    done = erasure.erase_payer(books, arguments.payer, session.wiring.randomness())
    copies = erasure_scope.copies(books)
    body = {
        "what": "payer", "operation": done.operation, "shown_as": done.shown_as, "rows": done.rows,
        "clean": done.clean, "out_of_reach": list(copies),
    }  # fmt: skip
    text = [f"Erased. {done.rows} transactions are now shown as “{done.shown_as}”."]
    if not done.clean:
        text.append("Another program was reading the books: what their file still holds goes at the next start.")
    session.emit({"erasure": body}, "\n".join([*text, *_copies_text(copies)]))
    return 0


def _everything(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.privacy import erase_home, erasure_requests  # noqa: PLC0415

    books = session.books
    erasure_requests.confirm(books, None, arguments.code)
    gone = erase_home.erase(books, session.wiring.keychain)
    body = {
        "what": "everything", "keychain": gone.keychain, "out_of_reach": list(gone.elsewhere),
        "banks_ended": gone.banks_ended, "banks_open": gone.banks_open, "removal_list": gone.removal_list,
    }  # fmt: skip
    text = ["Erased. Nothing opens these books any more.", *_copies_text(gone.elsewhere)]
    if gone.banks_open:
        text.append(f"{gone.banks_open} linked banks could not be ended at their side: end them at my.plaid.com.")
    if gone.removal_list:
        text.append(f"Or give the file {gone.removal_list} in that folder to whoever runs your relay.")
    session.emit({"erasure": body}, "\n".join(text))
    return 0
