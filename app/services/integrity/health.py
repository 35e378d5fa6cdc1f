"""Proving that the books are whole, from the pages of the file up to the sums, and saying in plain words what is not.

The cipher finds a page that was damaged, but not an old page put back in its place; the digest of the rows finds that,
and the audit log with the notes outside the file finds that the newest changes are gone. What one check cannot see
another does, so each runs even where the one before found something.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.dates import iso
from app.core.errors import AppError, Cancelled, DamagedBooks
from app.services.audit import anchor
from app.services.integrity import damage
from app.services.vault import book_keys

if TYPE_CHECKING:
    from app.services.books.open_books import Books
    from app.store.digest import Bad

RESTORE = "Restore the newest backup: ops1099 rescue restore. What is there now is set aside, not deleted."
REPAIR = "Add them up again from the transactions: ops1099 rescue repair"
_SUMS = "month totals"
"""The one thing that can be made again from the rest, so it closes no books."""
_TABLES = {
    "business": "the businesses", "profile": "the household profile", "account": "the accounts",
    "imported_file": "the imported files", "transactions": "the transactions",
    "source_row": "the rows that were in two files", "decision": "your decisions about transactions",
    "part": "the parts of split transactions", "link": "the links between transactions", "rule": "your rules",
    "answer": "the remembered answers", "tax_payment": "the tax payments", "mapping": "the layouts of CSV files",
    "sealed_year": "the sealed years", "descriptor": "the texts of the transactions",
    "operation": "the history of changes", "made": "the history of changes", "journal": "the history of changes",
    "outcome": "the suggestions", "merchant": "the names of merchants", "label": "the suggestions",
    "row_label": "the suggestions", "pair": "the matched transfers", "format": "the format of the books",
    "pack": "the record of accountant packs", "backup_made": "the record of backups",
    "erasure": "the record of erasures", "business_year": "the yearly facts of businesses", "vehicle": "the vehicles",
    "vehicle_year": "the yearly facts of vehicles", "asset": "the equipment", "asset_year": "the equipment",
    "home_office": "the home office", "home_office_year": "the home office",
    "set_aside_shown": "the amounts to set aside", "tax_override": "the postponed tax dates",
    "payer": "what you settled about payers", "payer_apart": "what you settled about payers",
    "expected_payment": "the expected payments", "form_1099": "the forms 1099 you recorded",
    "bank_connection": "the linked banks", "bank_account": "the linked banks", "bank_row": "the linked banks",
    "bank_setting": "the way to your banks", "egress": "the record of what left this computer",
    "bank_state": "the record of looks at your banks",
}  # fmt: skip
"""What a person calls the content of each table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One check. `said` tells what it found and `fix` what to do; both are empty when all is well."""

    name: str
    ok: bool
    said: str = ""
    fix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    findings: list[Finding]
    code: str | None = None
    """Of the contract: `damaged` or `chain_broken`; None when nothing was found."""

    @property
    def ok(self) -> bool:
        return all(finding.ok for finding in self.findings)

    @property
    def troubles(self) -> list[Finding]:
        return [finding for finding in self.findings if not finding.ok]

    def error(self) -> DamagedBooks:
        """Return the first trouble as the error it is. Only when there is one."""
        first = self.troubles[0]
        return DamagedBooks(first.said, first.fix, code=self.code)


Step = tuple[str, Callable[["Books", Callable[[], None]], str | None]]


def check(
    books: Books, *, deep: bool, tell: Callable[[int, int], None] | None = None,
    cancel: Callable[[], None] = lambda: None, without: Container[str] = (),
) -> Health:  # fmt: skip
    """Check open books, on any of their connections; the short form is for the background, after opening.

    `without` are names of checks the caller makes itself.

    `tell` hears how many checks are done; `cancel` is called now and then and may raise Cancelled. Damage that is found
    keeps these books from being written; a full check that finds none ends that.

    Raises: Cancelled.
    """
    folded = fold(books)
    left_out = {*([] if deep else _DEEP), *([] if folded else ["pages"])}
    steps = [step for step in _STEPS if step[0] not in left_out and step[0] not in without]
    findings: list[Finding] = []
    code = None
    for number, (name, examine) in enumerate(steps):
        cancel()
        if tell:
            tell(number, len(steps))
        said = _run(books, examine, cancel, deep=deep)
        fix = "" if said is None else REPAIR if name == _SUMS else RESTORE
        findings.append(Finding(name=name, ok=said is None, said=said or "", fix=fix))
        if said and code != "damaged":
            code = "chain_broken" if name in OF_THE_LOG else "damaged"
    if tell:
        tell(len(steps), len(steps))
    health = Health(findings=findings, code=code)
    if any(finding.name != _SUMS for finding in health.troubles):
        damage.mark(books, health.error())
    elif deep:
        damage.clear(books.home)
        books.shared.damage = None
    return health


def _run(
    books: Books, examine: Callable[[Books, Callable[[], None]], str | None], cancel: Callable[[], None], *, deep: bool
) -> str | None:
    try:
        with books.reading():
            if examine is _structure and deep:
                return _structure_and_indexes(books, cancel)
            return examine(books, cancel)
    except Cancelled:
        raise
    except AppError as trouble:
        return trouble.message


def fold(books: Books) -> bool:
    """Fold the log in where this may be written; return whether the file alone now holds everything."""
    from app.store import soundness  # noqa: PLC0415 - only a check needs it

    path = books.home / book_keys.BOOKS_FILE
    wal = path.with_name(path.name + "-wal")
    if not wal.exists() or not wal.stat().st_size:
        return True
    if books.reads_only or books.is_changing:
        return False
    try:
        with books.noticing():
            return soundness.fold_log(books.connection)
    except AppError:
        return False


def _file(books: Books, _cancel: Callable[[], None]) -> str | None:
    damage.refuse_wrong_size(books)
    return None


def _pages(books: Books, _cancel: Callable[[], None]) -> str | None:
    from app.store import soundness  # noqa: PLC0415 - as above

    found = soundness.bad_pages(books.connection)
    return f"{_count(found)} of the books file cannot be read: it was damaged on the disk." if found else None


def _structure(books: Books, _cancel: Callable[[], None]) -> str | None:
    return _trees(books, with_indexes=False)


def _structure_and_indexes(books: Books, _cancel: Callable[[], None]) -> str | None:
    return _trees(books, with_indexes=True)


def _trees(books: Books, *, with_indexes: bool) -> str | None:
    from app.store import soundness  # noqa: PLC0415 - as above

    found = soundness.bad_structure(books.connection, with_indexes=with_indexes)
    if found:
        return "The books file does not hang together: pieces of it are missing, swapped or from another time."
    if soundness.unfinished(books.connection) or soundness.wrong_counters(books.connection):
        return "A piece of the books file is from another time: an older one was put back."
    return None


def _chain(books: Books, _cancel: Callable[[], None]) -> str | None:
    from app.services.audit import audit_log  # noqa: PLC0415 - as above

    state = audit_log.verify(books)
    return None if state.first_bad_seq is None else state.sentence


def _newest(books: Books, _cancel: Callable[[], None]) -> str | None:
    if anchor.holds(books) is False:
        return "The books are older than last noted: an old file was put back, or the newest changes were cut off."
    damage.refuse_gap(books)
    return None


def _rows(books: Books, cancel: Callable[[], None]) -> str | None:
    from app.store import soundness  # noqa: PLC0415 - as above

    proof = books.digest.prove(cancel)
    if not proof.kept:
        return "The audit log states no sum of the rows: its newest entries are missing."
    if proof.bad:
        places = list(dict.fromkeys(_place(books, bad) for bad in proof.bad[:3]))
        more = ", and more" if len(proof.bad) > 3 else ""
        return f"Rows are not what was last written: {'; '.join(places)}{more}. Older ones were put back, or bad ones."
    if not proof.sum_holds:
        return "The rows do not give the sum that the audit log states: older ones were put back."
    lost = soundness.missing_records(books.connection)
    return f"Rows are missing: {', '.join(_TABLES[table] for table in lost)}." if lost else None


def _references(books: Books, _cancel: Callable[[], None]) -> str | None:
    from app.store import soundness  # noqa: PLC0415 - as above

    found = soundness.dangling(books.connection)
    return (
        f"Rows point to others that are not there: {', '.join(_TABLES[table] for table in found)}." if found else None
    )


def _sums(books: Books, _cancel: Callable[[], None]) -> str | None:
    from app.store import soundness  # noqa: PLC0415 - as above

    if soundness.totals_agree(books.connection):
        return None
    return "The month totals are not the sums of the transactions: older ones were put back, or are damaged."


_STEPS: tuple[Step, ...] = (
    ("file size", _file),
    ("pages", _pages),
    ("structure", _structure),
    ("audit log", _chain),
    ("newest changes", _newest),
    ("rows", _rows),
    ("references", _references),
    (_SUMS, _sums),
)
OF_THE_LOG = frozenset({"audit log", "newest changes"})
_DEEP = {"references"}
"""Checks that only the full form makes; it also compares every index with its table."""


def _count(found: list[str]) -> str:
    return "A part" if len(found) == 1 else "Several parts"


def _place(books: Books, bad: Bad) -> str:
    """Return where a block of rows is, as a person would look for it."""
    said = _TABLES.get(bad.table, bad.table)
    if bad.table == "transactions":
        days = books.connection.execute(
            "SELECT MIN(posted_date), MAX(posted_date) FROM transactions WHERE id BETWEEN ? AND ?", bad[1:]
        ).fetchone()
        if days[0] is not None:
            return f"{said} posted {iso(days[0])} to {iso(days[1])}"
    return said
