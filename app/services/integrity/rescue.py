"""What can be done with damaged books: put back a backup or only its keys, hand out what is readable, or go on.

Nothing here deletes a file that holds books. What the database cannot read is left out and told, never guessed.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.core.dates import iso
from app.core.errors import (
    AppError,
    Conflict,
    DamagedBooks,
    DamagedFile,
    Exists,
    KeysDamaged,
    KeysMissing,
    Locked,
    NotFound,
)
from app.services.audit import anchor, audit_notes
from app.services.books import head_note
from app.services.integrity import accepting, damage, health

if TYPE_CHECKING:
    from app.core.ports import Clock, Keychain
    from app.core.report.table import Cell, Column
    from app.core.security.key_file import KeyFile
    from app.services.books.open_books import Books, Unlock
    from app.store.salvage import Read, Salvage

_DAYS = ("_date", "_day", "started", "snoozed_until")
_LABELS = ("id", "kind", "line", "percent", "status", "merchant")
REPORT = "what-could-not-be-read.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One file of an export. `unreadable` are spans of row numbers."""

    name: str
    rows: int
    unreadable: list[tuple[int, int]]


# --- a backup put back


def restore_newest(
    home: Path, unlock: Unlock, *, keychain: Callable[[], Keychain | None], clock: Clock, file: Path | None = None
) -> tuple[Path, list[tuple[Path, str]]]:
    """Put back one backup, or the newest that holds; return it and those that do not, with what is wrong with each.

    The books that are there are set aside by the restore, never deleted.

    Raises: Conflict when no backup was named and the books are sound; NotFound when no backup holds; InUse; Locked and
    its kin.
    """
    from app.services.backup import restores  # noqa: PLC0415 - the other ways need none of it

    if file is None:
        # What a descriptor or a prompt gives is there once; it opens the books and then the backup.
        unlock = unlock._replace(ask=cache(unlock.ask)) if unlock.ask is not None else unlock
        _refuse_sound(home, unlock, keychain, clock)
    bad: list[tuple[Path, str]] = []
    for each in [file] if file else backups_of(home):
        try:
            restores.restore(each, home, unlock, keychain=keychain, clock=clock)
        except Locked:
            raise
        except DamagedFile as trouble:
            bad.append((each, trouble.message))
            continue
        return each, bad
    raise NotFound(
        "There is no backup that holds.",
        "Look for one elsewhere: ops1099 rescue restore FILE. What is readable: ops1099 rescue export --out DIR",
    )


def _refuse_sound(home: Path, unlock: Unlock, keychain: Callable[[], Keychain | None], clock: Clock) -> None:
    """Raises: Conflict when the books open and a full check finds nothing; Locked and its kin."""
    from app.services.books import opening  # noqa: PLC0415 - the other ways need none of it

    try:
        books = opening.open_books(home, unlock, keychain=keychain, clock=clock, rescue=True)
    except Locked:
        raise
    except AppError:
        return
    try:
        is_sound = not books.is_cut and not _keys_are_damaged(books) and health.check(books, deep=True).ok
    finally:
        books.close()
    if is_sound:
        raise Conflict(
            "These books are sound; there is nothing to rescue.",
            "`ops1099 backup restore FILE` puts a backup in their place.",
        )


def _keys_are_damaged(books: Books) -> bool:
    return books.damaged is not None and books.damaged.code == KeysDamaged.code


def restore_keys(home: Path, unlock: Unlock, *, keychain: Callable[[], Keychain | None], clock: Clock) -> Path:
    """Put back only `ops.keys`, from the newest backup whose copy opens the books that are there; return the backup.

    No change to the books is lost. What opened them on the day of that backup opens them again.

    Raises: Conflict when the keys are whole; NotFound when no copy opens these books; InUse; Locked and its kin.
    """
    from app.adapters import safe_files  # noqa: PLC0415 - rare
    from app.adapters.home_lock import HomeLock  # noqa: PLC0415 - same
    from app.services.backup import backups  # noqa: PLC0415 - same
    from app.services.books import opening  # noqa: PLC0415 - same
    from app.services.vault import book_keys  # noqa: PLC0415 - same

    try:
        book_keys.read_key_file(home)
    except (KeysMissing, KeysDamaged):
        pass
    else:
        raise Conflict("The keys of these books are whole, so nothing was put back.", "See: ops1099 rescue status")
    if unlock.passphrase is None and unlock.ask is not None:
        unlock = unlock._replace(passphrase=unlock.ask(), ask=None)
    refused: Locked | None = None
    lock = HomeLock(home, "a rescue of 1099 Ops")
    lock.acquire_exclusive()
    try:
        for each in backups.listed(home):
            if each.header is None:
                continue
            try:
                if not _opens(home, each.header.keyfile, unlock, keychain):
                    continue
            except Locked as error:
                refused = refused or error
                continue
            safe_files.write_atomic(home / book_keys.KEYS_FILE, each.header.keys)
            break
        else:
            raise refused or NotFound(
                "No backup in the home folder holds keys that open these books.",
                "`ops1099 rescue restore FILE` puts back a backup that lies elsewhere, books and all.",
            )
    finally:
        lock.release()
    books = opening.open_books(home, unlock, keychain=keychain, clock=clock)
    try:
        audit_notes.note(books, "backup.restored", code="keys")
    finally:
        books.close()
    return each.file


def _opens(home: Path, keyfile: KeyFile, unlock: Unlock, keychain: Callable[[], Keychain | None]) -> bool:
    """Return whether what was given opens a key file whose key opens the books. Raises: Locked and its kin."""
    from app.services.backup import backup_opening  # noqa: PLC0415 - as above
    from app.services.vault import book_keys  # noqa: PLC0415 - as above
    from app.store.connection import opens  # noqa: PLC0415 - same

    try:
        return opens(home / book_keys.BOOKS_FILE, backup_opening.unlocked(keyfile, unlock, keychain).dbk.hex())
    except KeysDamaged:
        return False


def backups_of(home: Path) -> list[Path]:
    """Return the backups in the home folder, newest first by their names."""
    return sorted((home / "backups").glob("*.opsbak"), key=lambda path: path.name, reverse=True)


# --- what is readable, handed out


def export(books: Books, folder: Path) -> list[Written]:
    """Write what is readable as CSV files, and a text that names what is not, into a new or empty folder.

    Raises: Exists; BadFile; DamagedBooks.
    """
    from app.adapters import safe_files  # noqa: PLC0415 - only this way needs files
    from app.store import salvage, schema  # noqa: PLC0415 - same

    if os.path.lexists(folder) and not (folder.is_dir() and not any(folder.iterdir())):
        raise Exists(f"{safe_files.shown(folder)} is there already.", "Choose another name. Nothing was changed.")
    safe_files.private_folder(folder)
    written: list[Written] = []
    source = salvage.Salvage(lambda: books.reader().connection)
    try:
        with books.noticing():
            texts = source.table("descriptor")
            for name in schema.BOOKS:
                read = source.table(name)
                if name == "transactions":
                    read = _readable_words(source, read, texts)
                safe_files.write_atomic(folder / f"{name}.csv", _csv(read))
                written.append(Written(name=f"{name}.csv", rows=len(read.rows), unreadable=read.unreadable))
    finally:
        source.close()
    if texts.unreadable:
        written.append(Written(name="descriptor", rows=len(texts.rows), unreadable=texts.unreadable))
    safe_files.write_atomic(folder / REPORT, _report(written).encode())
    return written


def _readable_words(source: Salvage, read: Read, texts: Read) -> Read:
    """Add to transactions what a person knows them by. A word that cannot be read is left empty."""
    words = {row[0]: row[2] for row in texts.rows}
    labels = source.view("effective", "transactions", _LABELS)
    empty = (None,) * len(_LABELS)
    place = read.columns.index("descriptor_id")
    rows = [(*row, words.get(row[place]), *labels.get(row[0], empty)[1:]) for row in read.rows]
    more = ["description", *_LABELS[1:]]
    types = ["TEXT", "TEXT", "TEXT", "INTEGER", "TEXT", "TEXT"]
    return read._replace(columns=read.columns + more, types=read.types + types, rows=rows)


def _csv(read: Read) -> bytes:
    from app.adapters import csv_out  # noqa: PLC0415 - as above

    header = [_column(name, kind) for name, kind in zip(read.columns, read.types, strict=True)]
    days = [place for place, name in enumerate(read.columns) if name.endswith(_DAYS)]
    stream = io.StringIO(newline="")
    csv_out.write_rows(stream, header, [_cells(row, days) for row in read.rows])
    return stream.getvalue().encode("utf-8", "replace")


def _column(name: str, kind: str) -> Column:
    from app.core.report.table import Column, ColumnType  # noqa: PLC0415 - as above

    if name.endswith("cents"):
        return Column(name, ColumnType.CENTS)
    return Column(name, ColumnType.TEXT if kind == "TEXT" else ColumnType.PLAIN)


def _cells(row: Sequence[Any], days: Iterable[int]) -> list[Cell]:
    cells = list(row)
    for place in days:
        if isinstance(cells[place], int):
            cells[place] = iso(cells[place])
    return cells


def _report(written: list[Written]) -> str:
    lines = ["What 1099 Ops could read of damaged books, and what not.", ""]
    for each in written:
        lines.append(f"{each.name}: {each.rows} rows read")
        lines += [f"    not readable: numbers {first} to {last}" for first, last in each.unreadable]
    if not any(each.unreadable for each in written):
        lines += ["", "Every row could be read."]
    return "\n".join(lines) + "\n"


# --- going on


def accept(books: Books) -> str | None:
    """Go on with books whose newest changes are gone, when all the rest holds; return what was missing.

    Raises: DamagedBooks when more is wrong than that.
    """
    if books.damaged is not None and _keys_are_damaged(books):
        raise books.damaged
    found = health.check(books, deep=True)
    wrong = [finding for finding in found.troubles if finding.name != "newest changes"]
    if wrong:
        raise DamagedBooks(wrong[0].said, wrong[0].fix, code=found.code)
    missing = found.troubles[0].said if found.troubles else None
    damage.clear(books.home)
    books.shared.damage = None
    if missing:
        head_note.begin_anew(books)
        audit_notes.note(books, "damage.found", code="newest_changes")
        if not anchor.holds(books):  # the note outside misses them too, and the word that was given counts for it
            accepting.accept(books)
    return missing


def repair(books: Books) -> bool:
    """Add up the month totals again: the one thing that follows wholly from the rest; return whether that was needed.

    Raises: DamagedBooks, Refused.
    """
    from app.store import soundness  # noqa: PLC0415 - the other ways need none of it

    books.refuse_reader()
    with books.reading():
        if soundness.totals_agree(books.connection):
            return False
    with audit_notes.noting(books):
        books.totals.rebuild()
        audit_notes.note(books, "damage.found", code="month_totals")
    return True


def trouble_of(open_them: Callable[[], Books]) -> tuple[Books | None, AppError | None]:
    """Open books for the rescue; return them if they open, and what is wrong. Raises: what is no damage, Locked first.

    A damaged key file is damage too: the backups hold another.
    """
    try:
        books = open_them()
    except DamagedFile as trouble:
        return None, trouble
    return books, books.damaged
