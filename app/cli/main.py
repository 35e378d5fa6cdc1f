"""`ops1099`: options, noun, verb. Only the module of the noun that was asked for is loaded."""

from __future__ import annotations

import argparse
import os
import re
import signal
import sys
from datetime import date
from functools import cache
from importlib import import_module
from typing import Any, NoReturn

from app.cli import output
from app.cli.session import Options, Session, Wiring
from app.core.errors import AppError, Conflict, NoMemory, Usage

NOUNS: dict[str, tuple[str, str]] = {
    "gui": ("window", "open the window"),
    "init": ("home", "make new encrypted books"),
    "profile": ("home", "the household: filing status, state, other income"),
    "business": ("home", "the businesses, one Schedule C each"),
    "accounts": ("accounts", "accounts, balances, coverage"),
    "import": ("imports", "bring in bank files"),
    "transactions": ("transactions", "list, change, split and link transactions"),
    "classify": ("classify", "label a CSV of descriptors without touching the books"),
    "review": ("review", "answer open questions"),
    "rules": ("rules", "your own rules"),
    "payers": ("payers", "who paid: totals, rhythm, names joined and parted"),
    "expected": ("expected", "payments that are to come, against what came"),
    "forms": ("forms", "forms 1099 received"),
    "vehicles": ("tax_facts", "vehicles: miles, method, what Part IV asks"),
    "assets": ("tax_facts", "equipment that is written off over years"),
    "homeoffice": ("tax_facts", "the home office: area, method, carry-overs"),
    "tax": ("tax", "tax: estimate, plan, what-if, scenarios, payments"),
    "reserve": ("tax", "what to set aside from each deposit"),
    "cashflow": ("reports", "money in and out by month"),
    "report": ("reports", "profit and loss, Schedule C, ledger, forms 1099"),
    "export": ("reports", "the accountant pack"),
    "history": ("history", "what was done"),
    "undo": ("history", "take back an operation"),
    "redo": ("history", "put back what was undone"),
    "audit": ("audit", "the audit log"),
    "backup": ("backup", "make, list, check, test and restore backups"),
    "vault": ("vault", "what opens the books: passphrase, recovery key, rotation"),
    "rescue": ("rescue", "damaged books: restore, read, export"),
    "bank": ("bank", "banks that are linked: set up, connect, fetch, disconnect"),
    "egress": ("egress", "what left this machine"),
    "privacy": ("privacy", "erase a payer, or everything"),
    "demo": ("demo", "try everything on sample files"),
    "doctor": ("doctor", "check this installation"),
    "selftest": ("doctor", "check this installation"),
    "diagnostics": ("diagnostics", "a report of a problem, without your data"),
    "completion": ("completion", "print shell completion"),
}


class _Help(argparse.RawDescriptionHelpFormatter):
    """Asks for the width of the terminal once; argparse asks at every option, and loads the archive modules for it."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_columns() - 2)


@cache
def _columns() -> int:
    wanted = os.environ.get("COLUMNS", "")
    if wanted.isdecimal() and int(wanted):
        return int(wanted)
    try:
        return os.get_terminal_size(1).columns or 80
    except OSError:
        return 80


# The program speaks English; argparse would look through the disk for translations at every word of every parser.
vars(argparse)["_"] = str


class Parser(argparse.ArgumentParser):
    """Reports wrong usage by the error of the contract instead of leaving the program."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - what argparse takes
        super().__init__(formatter_class=_Help, **options)
        # `-12.50:expense:C18` and `-$15` are amounts too, not options; newer Pythons see it so by themselves.
        self._negative_number_matcher = re.compile(r"-\.?[\d$]")

    def error(self, message: str) -> NoReturn:
        raise Usage(message[:1].upper() + message[1:] + ".", f"See: {self.prog} --help")

    def _check_value(self, action: argparse.Action, value: object) -> None:
        """Name the words that are possible as they are typed; the library shows members of an enumeration raw."""
        if action.choices is not None and value not in action.choices:
            known = ", ".join(str(choice) for choice in action.choices)
            raise argparse.ArgumentError(action, f"“{value}” is not one of: {known}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"“{text}” is not a date; write it as 2026-11-20") from error


def global_parser(*, with_nouns: bool = False) -> Parser:
    parser = Parser(
        prog="ops1099",
        description="1099 Ops: local, encrypted books and a tax reserve for US freelancers.",
        epilog="Nouns:\n" + "\n".join(f"  {noun:<13} {text}" for noun, (_, text) in NOUNS.items())
        + "\n\nops1099 NOUN --help shows the verbs and options of a noun.",
        allow_abbrev=False,
    )  # fmt: skip
    parser.add_argument("--home", metavar="DIR", default=os.environ.get("OPS1099_HOME") or None,
                        help="where books, keys and backups lie")  # fmt: skip
    parser.add_argument("--passphrase-fd", type=int, metavar="N", help="read the passphrase from a descriptor")
    parser.add_argument("--passphrase-file", metavar="FILE", help="first line of a file with mode 0600")
    parser.add_argument("--key-fd", type=int, metavar="N", help="read the 64-digit database key from a descriptor")
    parser.add_argument("--recovery-fd", type=int, metavar="N", help="read the recovery key from a descriptor")
    parser.add_argument("--recovery-file", metavar="FILE", help="first line of a file with mode 0600")
    parser.add_argument("--today", type=_day, metavar="DATE", help="take this for today")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quiet", action="store_true", help="print nothing but data and errors")
    parser.add_argument("-v", "--verbose", action="store_true", help="say more on errors")
    parser.add_argument("--read-only", action="store_true", help="open the books without writing")
    parser.add_argument("--version", action="store_true", help="print the version")
    if with_nouns:
        nouns = parser.add_subparsers(dest="noun", parser_class=Parser)
        for noun, (module, text) in NOUNS.items():
            import_module(f"app.cli.{module}").build(noun, nouns.add_parser(noun, help=text))
    else:
        parser.add_argument("noun", nargs="?", help=argparse.SUPPRESS)
    return parser


def main(argv: list[str], wiring: Wiring) -> int:
    """Run one command and return its exit code."""
    interrupt = _Interrupt()
    installed = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if installed:
        signal.signal(signal.SIGINT, interrupt)
    try:
        return _heard(argv, wiring, interrupt)
    finally:
        if installed:
            signal.signal(signal.SIGINT, signal.default_int_handler)


class _Interrupt:
    """Remembers Ctrl-C: raised inside a callback of the database engine, it comes out as some other error."""

    def __init__(self) -> None:
        self.came = False

    def __call__(self, _signal: int, _frame: object) -> None:
        self.came = True
        raise KeyboardInterrupt


def _heard(argv: list[str], wiring: Wiring, interrupt: _Interrupt) -> int:
    try:
        code = _answered(argv, wiring, interrupt)
        # Here and not at the end of the process, where a failure could no longer be told.
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has seen enough (head, less); what is left unprinted is nobody's loss.
        _silence()
        return 0
    except OSError:
        _silence()
        output.say("The answer could not be written: its disk is full, or its file was closed.")
        return Conflict.exit_code
    return code


def _silence() -> None:
    """Let what is still to be printed go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _answered(argv: list[str], wiring: Wiring, interrupt: _Interrupt) -> int:
    as_json = "--json" in argv
    try:
        return _command(argv, wiring)
    except KeyboardInterrupt:
        return _interrupted()
    except BrokenPipeError:
        raise
    except AppError as error:
        if interrupt.came:
            return _interrupted()
        _note_refusal(argv, error)
        output.emit_error(error, as_json=as_json)
        return error.exit_code
    except Exception as error:  # noqa: BLE001 - one of the two runners: our own bugs end here, told without their data
        if interrupt.came:
            return _interrupted()
        if _is_lack_of_memory(error):
            told = NoMemory(
                "There is not enough memory for this; what was not confirmed was not done.",
                "Close other programs and try again.",
            )
            output.emit_error(told, as_json=as_json)
            return told.exit_code
        return _our_fault(error, as_json=as_json, verbose="-v" in argv or "--verbose" in argv)


def _is_lack_of_memory(error: Exception) -> bool:
    """Return whether memory ran out: also while a library was loaded, which the system tells in its own words."""
    return isinstance(error, MemoryError) or (
        isinstance(error, ImportError) and any(word in str(error) for word in ("failed to map", "allocate memory"))
    )


def _note_refusal(argv: list[str], error: AppError) -> None:
    from app.services.program import program_log  # noqa: PLC0415 - only where something went wrong

    noun = _at_the_noun(argv)[0][-1:]
    program_log.note(program_log.Event.COMMAND_REFUSED, command=noun[0] if noun else None, error=error.code)


def _interrupted() -> int:
    # Where Ctrl-C strikes code that was made from text (data classes are), Python remembers it and ends by the signal
    # after all, whatever we return; running any text makes it forget.
    exec("")  # noqa: S102 - an empty text
    output.say("Interrupted; nothing was left half done.")
    return 130


def _command(argv: list[str], wiring: Wiring) -> int:
    before, rest = _at_the_noun(argv)
    given = global_parser().parse_args(before)
    if given.version:
        from app.core.product import APP_VERSION  # noqa: PLC0415 - seldom asked for

        output.emit({"version": APP_VERSION}, as_json=given.json, text=f"1099 Ops {APP_VERSION}")
        return 0
    if given.noun is None:
        raise Usage("Say what to do.", "See: ops1099 --help")
    if given.noun not in NOUNS:
        raise Usage(f"There is no command “{output.printable(given.noun)}”.", "See: ops1099 --help")
    module = import_module(f"app.cli.{NOUNS[given.noun][0]}")
    parser = Parser(prog=f"ops1099 {given.noun}", description=NOUNS[given.noun][1], allow_abbrev=False)
    module.build(given.noun, parser)
    arguments = parser.parse_args(rest)
    _refuse_broken_text(arguments)
    if not hasattr(arguments, "run"):
        raise Usage(f"Say what to do with {given.noun}.", f"See: ops1099 {given.noun} --help")
    session = Session(Options(**{name: getattr(given, name) for name in Options._fields}), wiring)
    try:
        return int(arguments.run(session, arguments))
    except Exception as error:
        told = session.told(error)
        if told is error:
            raise
        raise told from error
    finally:
        session.close()


def _our_fault(error: Exception, *, as_json: bool, verbose: bool) -> int:
    """Tell of a bug by its type and place only: its text may hold data."""
    from app.core import faults  # noqa: PLC0415 - only where something broke
    from app.services.program import program_log  # noqa: PLC0415

    program_log.tell("main", type(error), error.__traceback__)
    fault = AppError(
        "Something broke inside 1099 Ops.", "Your books were not changed by it. Run again with -v for its place."
    )
    output.emit_error(fault, as_json=as_json)
    if verbose:
        frame = error.__traceback__
        while frame is not None:
            code = frame.tb_frame.f_code
            output.say(f"  {code.co_filename.rsplit('/', 1)[-1]}:{frame.tb_lineno} {code.co_name}")
            frame = frame.tb_next
        output.say(f"  {faults.kind_of(type(error))}")
    return fault.exit_code


_FLAGS = {"--json", "--quiet", "--read-only", "-v", "--verbose"}
_WITH_VALUE = {
    "--home",
    "--passphrase-fd",
    "--passphrase-file",
    "--key-fd",
    "--recovery-fd",
    "--recovery-file",
    "--today",
}
_PATHS = {"files", "file", "out", "into", "learn", "pack", "recovery_out", "grant_file"}


def _at_the_noun(argv: list[str]) -> tuple[list[str], list[str]]:
    """Return what belongs to the program (the noun last) and what belongs to the noun.

    The plain flags may stand behind the noun too: `ops1099 reserve --json` is what people type. What follows `--` is
    never an option, and how argparse hands that on differs from one Python to the next.
    """
    end = argv.index("--") if "--" in argv else len(argv)
    head = [a for a in argv[:end] if a in _FLAGS] + [a for a in argv[:end] if a not in _FLAGS]
    place = 0
    while place < len(head) and head[place].startswith("-"):
        place += 2 if head[place] in _WITH_VALUE else 1
    return head[: place + 1], head[place + 1 :] + argv[end:]


def _refuse_broken_text(arguments: argparse.Namespace) -> None:
    """Refuse texts that are not text: only names of files may hold bytes that no encoding explains. Raises: Usage."""
    for name, value in vars(arguments).items():
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and name not in _PATHS and text != text.encode("utf-8", "replace").decode():
                raise Usage(f"The text of “{name}” is not UTF-8.", "Type it again in a terminal that uses UTF-8.")
