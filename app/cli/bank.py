"""`bank setup`, `connect`, `confirm`, `status`, `sync`, `reconnect`, `disconnect`."""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING, Any

from app.cli.arguments import number
from app.cli.output import emit_error, printable, table
from app.cli.session import Session
from app.core.errors import AppError, BankError, Cancelled, Conflict, Usage

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.bank.bank_links import Linked, Page, Standing, Status

_ENDED = frozenset({"left", "expired"})
"""How a page stands that the person is not at any more, though nothing came of it."""
_PAGE_SECONDS = 15 * 60
"""As long as a page of the bank stays open."""
_NOT_TAKEN = "Nothing was connected. Begin again when you like with: ops1099 bank connect"
_SAID_BEFORE = (
    "Connecting a bank cannot be undone, only ended: ops1099 bank disconnect. Your bank's password goes to the bank's "
    "page alone; 1099 Ops never sees it."
)


def build(_noun: str, parser: argparse.ArgumentParser) -> None:
    from app.cli import bank_sync  # noqa: PLC0415 - a verb of this noun with a module of its own

    verbs = parser.add_subparsers(dest="verb")
    setup = verbs.add_parser("setup", help="choose the way to the banks: a relay, or your own Plaid keys")
    way = setup.add_mutually_exclusive_group(required=True)
    way.add_argument("--relay", metavar="URL", help="a relay somebody runs, as https://relay.example.com")
    way.add_argument("--own-keys-fd", type=int, metavar="N", help="read client id and secret, a line each, from here")
    setup.add_argument("--grant-file", metavar="FILE", help="the grant of whoever runs the relay")
    setup.add_argument("--plaid-env", choices=("sandbox", "production"), help="with --own-keys-fd")
    setup.add_argument("--link-host", metavar="H", help="sandbox only: another host of the bank's page")
    setup.add_argument("--plaid-host", metavar="URL", help="sandbox with own keys only: a Plaid on this computer")
    setup.set_defaults(run=_setup)
    connect = verbs.add_parser("connect", help="link a bank on its own page, in your browser")
    _waiting(connect)
    connect.add_argument("--yes", action="store_true", help="take the bank that was linked without asking")
    connect.add_argument("--hold", action="store_true", help="leave the bank that was linked for `bank confirm`")
    connect.set_defaults(run=_connect)
    confirm = verbs.add_parser("confirm", help="say whether the bank that was linked is yours")
    confirm.add_argument("--no", action="store_true", help="it is not: unlink it again")
    confirm.add_argument("--both", action="store_true", help="it is, though the same accounts are connected already")
    confirm.set_defaults(run=_confirm)
    status = verbs.add_parser("status", help="the connected banks and how they are")
    status.add_argument("--offline", action="store_true", help="ask nobody; say what was known last")
    status.set_defaults(run=_status)
    bank_sync.build(verbs.add_parser("sync", help="fetch what is new"))
    again = verbs.add_parser("reconnect", help="sign in at a bank again")
    again.add_argument("id", type=number, nargs="?", metavar="ID", help="which; not needed where there is one")
    again.add_argument("--accounts", action="store_true", help="choose the accounts anew")
    _waiting(again)
    again.set_defaults(run=_reconnect)
    leave = verbs.add_parser("disconnect", help="end a connection, at the bank's side first; cannot be undone")
    leave.add_argument("id", type=number, metavar="ID")
    leave.add_argument("--keep-rows", action="store_true", help="leave the transactions it brought where they are")
    leave.set_defaults(run=_disconnect)


def _waiting(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--wait", type=_seconds, metavar="S", help="wait so long for you to finish; 0 = not at all")
    parser.add_argument("--no-browser", action="store_true", help="only print the address of the page")


def _seconds(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 5:
        raise argparse.ArgumentTypeError(f"“{text[:40]}” is not a number of seconds")
    return int(text)


def _setup(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.bank import bank_setup  # noqa: PLC0415

    if arguments.relay:
        if arguments.plaid_env or arguments.plaid_host:
            raise Usage("A relay knows its Plaid itself.", "Leave out --plaid-env and --plaid-host.")
        grant = bank_setup.read_grant(arguments.grant_file) if arguments.grant_file else ""
        ready = bank_setup.setup_relay(session.books, arguments.relay, grant=grant, link_host=arguments.link_host)
    else:
        if not arguments.plaid_env or arguments.grant_file:
            raise Usage("Own keys need --plaid-env, and no grant.", "Add --plaid-env sandbox or production.")
        client_id, secret = bank_setup.read_keys(arguments.own_keys_fd)
        ready = bank_setup.setup_own_keys(
            session.books, client_id, secret, env=arguments.plaid_env, link_host=arguments.link_host,
            plaid_host=arguments.plaid_host,
        )  # fmt: skip
    way = f"the relay {ready.relay}" if ready.relay else "your own Plaid keys, through a relay on this computer alone"
    text = f"The bank link is set up ({ready.env}), by {printable(way)}. Link a bank with: ops1099 bank connect"
    session.emit(ready._asdict(), text)
    return 0


def _connect(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.bank import bank_links  # noqa: PLC0415

    if not (session.options.json or session.options.quiet):
        session.note(_SAID_BEFORE)
    found = bank_links.connect(
        session.books, wait=_wait_of(session, arguments), open_browser=_browser(session, arguments),
        tell=lambda page: _tell_page(session, page), pause=time.sleep,
    )  # fmt: skip
    made = [] if arguments.hold else [_confirmed(session, each, sure=arguments.yes) for each in found.linked]
    numbers = [number for number in made if number is not None]
    body: dict[str, Any] = {
        "url": found.page.url or None, "connection": numbers[-1] if numbers else None, "connections": numbers,
        "state": found.page.state, "reason": found.page.reason,
        "linked": [each.body() for each in bank_links.linked(session.books)], "joined": _joined(session, numbers),
    }  # fmt: skip
    if not numbers and not body["linked"] and found.page.state in _ENDED:
        return _unfinished(session, body, found.page, "ops1099 bank connect")
    session.emit(body, _connected_text(found.page, numbers, session, held=bool(body["linked"])))
    return 0


def _unfinished(session: Session, body: dict[str, Any], page: Page, again: str) -> int:
    """Say that the person left the bank's page, or let its time run out; return the exit code.

    That is nobody's mistake and no answer either: whoever stopped it gets the code of what was stopped. Where the page
    ended for a reason of the other side (a plan that is used up, an answer that was lost), the code is the relay's.
    """
    what, then = page.words
    if page.reason in {"lost", "plan_limit"}:
        error: AppError = BankError(what, then)
    else:
        error = Cancelled(what, f"Nothing was changed. Begin again when you like with: {again}")
    if session.options.json:
        session.emit({**body, "error": {"code": error.code, "message": error.message, "hint": error.hint}})
    else:
        emit_error(error, as_json=False)
    return error.exit_code


def _joined(session: Session, numbers: list[int]) -> list[dict[str, Any]]:
    from app.services.bank import bank_links  # noqa: PLC0415

    return [one._asdict() for number in numbers for one in bank_links.joined(session.books, number)]


def _joined_text(session: Session, numbers: list[int]) -> str:
    from app.cli import bank_sync  # noqa: PLC0415 - a verb of this noun with a module of its own
    from app.services.bank import bank_links  # noqa: PLC0415

    found = [one for number in numbers for one in bank_links.joined(session.books, number)]
    return "".join(f"\n{line}" for line in bank_sync.joined_lines(found))


def _connected_text(page: Page, numbers: list[int], session: Session, *, held: bool) -> str:
    what, then = page.words
    beside = f"\n{what} {then}" if page.banks else ""
    if numbers:
        return (
            f"Connected (number {numbers[-1]}). Fetch its transactions with: ops1099 bank sync"
            f"{_joined_text(session, numbers)}{beside}"
        )
    if held:
        return f"The bank is linked and waits for your word: ops1099 bank confirm, or with --no{beside}"
    if page.state == "linked":  # and the person said that it is not theirs
        return _NOT_TAKEN
    if page.state in {"waiting", "open"}:
        then = "When you finished there, run ops1099 bank connect again: it goes on from here."
    return f"{what} {then}"


def _confirmed(session: Session, one: Linked, *, sure: bool) -> int | None:
    """Take a linked bank as the person's, asking where there is a person. Raises: Conflict for one that is there."""
    from app.services.bank import bank_links  # noqa: PLC0415

    asks = not sure and not session.options.json and sys.stdin.isatty() and sys.stderr.isatty()
    if one.is_same and not sure and not asks:
        raise Conflict(
            f"This bank and its accounts are connected already, as number {one.twin}; a second time would be billed "
            "twice.",
            f"Keep the one there is with: ops1099 bank confirm --no. If it needs a new sign-in: ops1099 bank reconnect "
            f"{one.twin}. To have both: ops1099 bank confirm --both",
        )
    if asks:
        session.note(_linked_text(one))
        sys.stderr.write("Is this your bank, and do you want it in these books? [y/N] ")
        sys.stderr.flush()
        if sys.stdin.readline().strip().casefold() not in {"y", "yes"}:
            bank_links.reject(session.books, one.item_id)
            session.note("It was unlinked again. Nothing was taken in.")
            return None
    if one.lost_on and not asks:
        session.note(_lost_text(one.institution, one.lost_on))
    return bank_links.confirm(session.books, one.item_id)


def _lost_text(institution: str, day: str) -> str:
    return (
        f"A link of {printable(institution)} was lost on {day}. If you have not ended it at my.plaid.com, do so: it "
        "cannot be used and may still be billed. End the older one there, not the new one."
    )


def _linked_text(one: Linked) -> str:
    lines = [f"Linked: {printable(one.institution)}"]
    lines += [
        f"  {printable(each['name'] or 'account')} ··{printable(each['last4'] or '?')}"
        for each in one.body()["accounts"]
    ]
    if one.is_same:
        lines.append(f"The same accounts are connected already, as number {one.twin}: a second time is billed twice.")
    elif one.twin:
        lines.append(f"Another sign-in at this bank is connected already, as number {one.twin}.")
    if one.lost_on:
        lines.append(_lost_text(one.institution, one.lost_on))
    return "\n".join(lines)


def _confirm(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.bank import bank_links  # noqa: PLC0415

    waiting = bank_links.linked(session.books)
    numbers = []
    for each in waiting:
        if arguments.no:
            bank_links.reject(session.books, each.item_id)
        else:
            numbers.append(_confirmed(session, each, sure=arguments.both or not each.is_same))
    made = [each for each in numbers if each is not None]
    body = {
        "connections": made, "unlinked": len(waiting) if arguments.no else 0, "joined": _joined(session, made),
    }  # fmt: skip
    if not waiting:
        text = "No bank waits for your word."
    elif arguments.no:
        text = "It was unlinked again. Nothing was taken in."
    elif not made:
        text = _NOT_TAKEN
    else:
        text = f"Connected (number {made[-1]}). Fetch its transactions with: ops1099 bank sync"
        text += _joined_text(session, made)
    session.emit(body, text)
    return 0


def _status(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.bank import bank_links  # noqa: PLC0415

    found = bank_links.status(session.books, ask=not arguments.offline)
    setting = found.setting
    body = {
        "mode": setting.mode if setting else None, "env": setting.env if setting else None,
        "relay": setting.relay_url if setting and setting.mode == "relay" else None,
        "connections": [_standing(each) for each in found.connections],
        "linked": [each.body() for each in found.linked],
        "pages": [{"url": each.url, "mode": each.mode, "connection": each.connection} for each in found.pages],
        "lost": [{"institution": name, "on": day} for name, day in found.lost],
        "trouble": None if found.trouble is None else {"code": found.trouble.code, "message": found.trouble.message},
    }  # fmt: skip
    session.emit(body, _status_text(found))
    return 0


def _standing(one: Standing) -> dict[str, Any]:
    said, hint = one.words
    return {
        "id": one.id, "institution": one.institution, "health": one.health, "history": one.history,
        "last_sync": one.last_sync, "asked": one.asked, "message": said, "hint": hint or None,
        "has_token": one.has_token,
        "consent_ends": one.consent_ends.isoformat() if one.consent_ends else None,
        "accounts": [
            {"account": each.account_id, "account_name": one.names.get(each.account_id), "name": each.name,
             "last4": each.last4, "type": each.type, "subtype": each.subtype}
            for each in one.accounts
        ],
        "unread": [row._asdict() for row in one.unread],
    }  # fmt: skip


def _status_text(found: Status) -> str:
    from app.cli import bank_sync  # noqa: PLC0415 - a verb of this noun with a module of its own

    if found.setting is None:
        return "No bank link is set up. Set one up with: ops1099 bank setup --relay URL"
    way = found.setting.relay_url if found.setting.mode == "relay" else "your own Plaid keys"
    lines = [f"Bank link: {printable(str(way))} ({found.setting.env})"]
    cells = [
        (each.id, each.institution, each.words[0], each.last_sync or "never",
         ", ".join(f"{a.name} ··{a.last4 or '?'}" for a in each.accounts))
        for each in found.connections
    ]  # fmt: skip
    lines.append(table(("id", "bank", "how it is", "last synced (UTC)", "accounts"), cells) or "No bank is connected.")
    lines += [each.words[1] for each in found.connections if each.words[1]]
    lines += [
        f"The history of {printable(each.institution)} is still loading." for each in found.connections
        if each.history != "complete"
    ]  # fmt: skip
    lines += [f"{printable(each.institution)} is linked and waits for your word: ops1099 bank confirm"
              for each in found.linked]  # fmt: skip
    for each in found.connections:
        lines += bank_sync.unread_lines(each.institution, each.unread)
    lines += [_lost_text(name, day) for name, day in found.lost]
    if found.trouble is not None:
        lines.append(f"{found.trouble.message} {found.trouble.hint}".rstrip())
    return "\n".join(lines)


def _reconnect(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.bank import bank_links  # noqa: PLC0415

    number = arguments.id or _only(session)
    page = bank_links.reconnect(
        session.books, number, wait=_wait_of(session, arguments), open_browser=_browser(session, arguments),
        tell=lambda page: _tell_page(session, page), pause=time.sleep, accounts=arguments.accounts,
    )  # fmt: skip
    what, then = page.words
    body = {"url": page.url, "connection": number, "state": page.state, "reason": page.reason}
    if page.state in _ENDED:
        return _unfinished(session, body, page, f"ops1099 bank reconnect {number}")
    session.emit(body, f"{what} {then}".rstrip())
    return 0


def _only(session: Session) -> int:
    from app.services.bank import bank_links  # noqa: PLC0415

    found = bank_links.status(session.books, ask=False).connections
    if len(found) != 1:
        raise Usage("Say which bank.", "Their numbers are in: ops1099 bank status")
    return found[0].id


def _disconnect(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.bank import bank_links  # noqa: PLC0415

    done = bank_links.disconnect(session.books, arguments.id, keep_rows=arguments.keep_rows)
    lines = [f"{printable(done.institution)} is disconnected. This cannot be undone; connect it again when you like."]
    if done.how == "lost":
        lines.append("This computer had no key for it any more, so end it at the bank's side at my.plaid.com.")
    if done.rows:
        lines.append(f"{done.rows:,} transactions only it had brought are deleted; put them back with: ops1099 undo")
    elif done.kept:
        lines.append(f"{done.kept:,} transactions it brought stay.")
    session.emit(done._asdict(), "\n".join(lines))
    return 0


# --- the page in the browser


def _wait_of(session: Session, arguments: argparse.Namespace) -> int:
    """Return how long to wait: as said, else a person's whole page; a program that gave no time gets the address."""
    if arguments.wait is not None:
        return int(arguments.wait)
    return _PAGE_SECONDS if sys.stdin.isatty() and not session.options.json else 0


def _browser(session: Session, arguments: argparse.Namespace) -> Callable[[str], bool] | None:
    return None if arguments.no_browser else session.wiring.open_browser


def _tell_page(session: Session, page: Page) -> None:
    """Print the address at once, beside the answer: who waits for the answer needs it before."""
    session.note(f"Finish on your bank's page: {printable(page.url)}")
