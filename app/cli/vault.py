"""`vault`: what opens the books. Nothing secret is an argument, and nothing secret stands in an answer."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from app.cli.output import table
from app.cli.session import Session
from app.core.errors import Locked, Refused

_MODES = {"keychain": "this computer's keychain", "both": "keychain and passphrase", "passphrase": "passphrase"}


def build(_noun: str, parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb")
    verbs.add_parser("status", help="what opens the books, and since when").set_defaults(run=_status)
    verbs.add_parser("lock", help="lock the window that has these books open").set_defaults(run=_lock)
    change = verbs.add_parser("passphrase", help="change the passphrase")
    _add_new_passphrase(change)
    change.add_argument("--kdf-memory", type=int, metavar="MIB", help="memory of the key stretching, 64 or more")
    change.set_defaults(run=_passphrase)
    mode = verbs.add_parser("mode", help="change what opening the books takes")
    mode.add_argument("mode", choices=list(_MODES))
    _add_new_passphrase(mode)
    mode.set_defaults(run=_mode)
    recovery = verbs.add_parser("recovery", help="make a recovery key, in place of the one there was")
    recovery.add_argument("--out", metavar="FILE", help="write it to a new file: .pdf to print, else plain text")
    recovery.add_argument("--remove", action="store_true", help="have none any more")
    recovery.set_defaults(run=_recovery)
    rotate = verbs.add_parser("rotate", help="renew the database key and every key it is wrapped with")
    rotate.set_defaults(run=_rotate)


def _add_new_passphrase(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--new-passphrase-fd", type=int, metavar="N", help="read the new passphrase from a descriptor")
    parser.add_argument("--new-passphrase-file", metavar="FILE", help="first line of a file with mode 0600")


def _status(session: Session, _arguments: argparse.Namespace) -> int:
    from app.services.vault import vault_status  # noqa: PLC0415

    try:
        found = vault_status.of_books(session.books)
    except Locked as error:
        if error.code != "locked" or session.gave_a_way_to_unlock:
            raise
        found = vault_status.of_home(session.home, session.wiring.clock(None, "UTC").now())
    body: dict[str, Any] = {"home": str(session.home), **found._asdict(), "kdf": _kdf(found.kdf)}
    rows = [
        ("opened by", _MODES[found.mode]),
        ("recovery key", "yes" if found.recovery_key else "none: make one with ops1099 vault recovery"),
        ("on another computer", "can be opened" if found.portable else "cannot be opened without a recovery key"),
        ("database key", f"number {found.generation}" + (", a rotation was interrupted" if found.pending else "")),
        ("made", found.created_at or "open the books to see it"),
        ("passphrase changed", found.passphrase_changed_at or "never, as far as is known"),
        ("next try", f"in {found.wait_seconds} s" if found.wait_seconds else "at once"),
    ]
    session.emit(body, table(("what", "state"), rows))
    return 0


def _kdf(kdf: dict[str, int | str] | None) -> dict[str, int | str | None] | None:
    """Every name is there, whatever the algorithm; the salt is nobody's business."""
    if kdf is None:
        return None
    return {name: kdf.get(name) for name in ("algorithm", "memory_kib", "passes", "lanes", "iterations")}


def _lock(session: Session, _arguments: argparse.Namespace) -> int:
    from app.services.program import window_door  # noqa: PLC0415

    locked = window_door.ask_to_lock(session.home)
    session.emit({"locked": locked}, "The window was locked." if locked else "No window has these books open.")
    return 0


def _passphrase(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.vault import key_changes  # noqa: PLC0415

    books, _ = session.open_for_keys()
    new = session.wiring.new_passphrase(arguments.new_passphrase_fd, arguments.new_passphrase_file)
    if new is None:
        raise Locked("There is no new passphrase.", "Give it with --new-passphrase-file or --new-passphrase-fd.")
    key_changes.change_passphrase(
        books, new, keychain=session.wiring.keychain(), randomness=session.wiring.randomness(),
        kdf_memory_mib=arguments.kdf_memory,
    )  # fmt: skip
    session.emit({"changed": True, "generation": books.keys.generation},
                 "The passphrase is changed. Backups made before still open with the old one.")  # fmt: skip
    return 0


def _mode(session: Session, arguments: argparse.Namespace) -> int:
    from app.core.security.envelope import Mode  # noqa: PLC0415
    from app.services.vault import key_changes  # noqa: PLC0415

    books, passphrase = session.open_for_keys()
    mode = Mode(arguments.mode)
    if mode is not Mode.KEYCHAIN:
        given = arguments.new_passphrase_fd is not None or arguments.new_passphrase_file is not None
        if given or passphrase is None:
            passphrase = session.wiring.new_passphrase(arguments.new_passphrase_fd, arguments.new_passphrase_file)
    key_changes.change_mode(
        books, mode, passphrase=passphrase, keychain=session.wiring.keychain(), randomness=session.wiring.randomness()
    )
    session.emit({"mode": str(mode)}, f"The books are opened by {_MODES[mode]} now.")
    return 0


def _recovery(session: Session, arguments: argparse.Namespace) -> int:
    from app.services.vault import book_keys, key_changes, recovery_sheet  # noqa: PLC0415

    if arguments.remove and arguments.out:
        raise Refused("A recovery key is made or removed, not both.", "Leave out --out or --remove.")
    if not arguments.remove and not arguments.out and (session.options.json or not sys.stdout.isatty()):
        raise Refused(
            "A recovery key is shown on a terminal or written to a file, nowhere else.",
            "Give a new file: --out recovery.pdf",
        )
    books, _ = session.open_for_keys()
    replaced = book_keys.has_recovery_key(books.home)
    if arguments.remove:
        key_changes.remove_recovery_key(books)
        text = "The recovery key opens the books no more. Backups made before still open with it."
    elif arguments.out:
        recovery_sheet.write(books, Path(arguments.out), randomness=session.wiring.randomness())
        text = "The recovery key is written and in force. Print it, lay it away, and delete the file."
    else:
        recovery_sheet.show(books, sys.stdout.write, randomness=session.wiring.randomness())
        text = "It is in force now, and is not shown again. Write it down, or clear this screen and make another."
    body = {"recovery_key": not arguments.remove, "replaced": replaced and not arguments.remove,
            "file": arguments.out}  # fmt: skip
    session.emit(body, text)
    return 0


def _rotate(session: Session, _arguments: argparse.Namespace) -> int:
    from app.services.vault import rotation  # noqa: PLC0415

    books, passphrase = session.open_for_keys()
    done = rotation.rotate(
        books, passphrase=passphrase, keychain=session.wiring.keychain(), randomness=session.wiring.randomness()
    )
    text = (
        f"The database key is renewed (number {done.generation}), and {done.rows:,} rows were read back with it. "
        "Backups made before still open with what opened the books then."
    )
    session.emit(done._asdict(), text)
    return 0
