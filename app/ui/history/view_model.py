"""What the history shows of each step, and what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import TYPE_CHECKING, NamedTuple

from app.core.books import naming
from app.core.books.naming import counted
from app.core.dates import Day
from app.ui.runtime.when import when_words

if TYPE_CHECKING:
    from app.services.books.history_words import Entry
    from app.services.books.open_books import Books
    from app.services.report.packs import HandedOut
    from app.ui.runtime.tasks import Token

BLOCK = 200
"""So many steps are loaded at a time."""

_ICONS = {
    "Imported": "import", "Added": "plus", "Split": "split", "Linked": "link", "Merged": "link", "Deleted": "trash",
    "Removed": "trash", "Answered": "check", "Confirmed": "check", "Put": "clock", "Brought": "today",
    "Recorded": "taxes", "Made": "database", "Undid:": "undo", "Redid:": "repeat", "Undid": "undo", "Redid": "repeat",
}  # fmt: skip
"""By the first word of what was done; changes of all kinds have the pencil."""
IN_THE_WAY = "Later changes rest on this step. Undo these first:"
_ACTORS = {"user": "you", "system": "1099 Ops"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """The newest steps. `touching` is the transaction they were asked for, None for all."""

    entries: tuple[Entry, ...]
    has_older: bool
    zone: tzinfo
    today: Day
    touching: int | None
    packs: int
    last_pack: HandedOut | None


class Blocker(NamedTuple):
    """A later step that must be undone first."""

    operation: int
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step in full. `ids` are its transactions that are still in the books."""

    operation: int
    ids: tuple[int, ...]
    effect: str
    blockers: tuple[Blocker, ...]


def load(books: Books, token: Token, limit: int, touching: int | None, today: Day) -> Loaded:
    from app.services.books import history_words  # noqa: PLC0415 - the page paints first
    from app.services.report import packs  # noqa: PLC0415 - the page paints first

    found = history_words.entries(books, limit=limit + 1, transaction_id=touching)
    token.check()
    handed_out = packs.listed(books)
    return Loaded(
        entries=tuple(found[:limit]), has_older=len(found) > limit, zone=books.zone(), today=today, touching=touching,
        packs=len(handed_out), last_pack=handed_out[0] if handed_out else None,
    )  # fmt: skip


def load_step(books: Books, token: Token, entry: Entry, refused: Sequence[int] = ()) -> Step:
    """Return what a step touched and what taking it back, or doing it again, would bring.

    `refused` names later steps that stood in the way when it was tried.
    """
    from app.services.books import history_words  # noqa: PLC0415

    number = entry.operation.id
    ids = history_words.touched(books, number)
    token.check()
    target = target_of(entry)
    blockers = [] if target is None else [Blocker(*each) for each in history_words.in_the_way(books, target)]
    known = {blocker.operation for blocker in blockers}
    more = [each for each in sorted(refused, reverse=True) if each not in known]
    blockers += [Blocker(each, history_words.sentence(books, each)) for each in more]
    if entry.undone:
        effect = "This step was undone. Doing it again puts back what it did."
    elif entry.can_undo:
        effect = IN_THE_WAY if blockers else history_words.preview_undo(books, number)
    elif is_reversal(entry):
        effect = "This step took another one back, or did it again. Look for that one further down."
    else:
        effect = "This step cannot be undone."
    return Step(operation=number, ids=ids, effect=effect, blockers=tuple(blockers))


def target_of(entry: Entry) -> int | None:
    """Return the operation that an undo would put back; for an undone step it is the undo."""
    if entry.undone:
        return entry.operation.undone_by
    return entry.operation.id if entry.can_undo else None


def is_reversal(entry: Entry) -> bool:
    return entry.operation.label.startswith(("Undid", "Redid"))


def shown(entries: Sequence[Entry], text: str, *, only_undoable: bool) -> list[Entry]:
    """Return the steps that hold every word of a text."""
    words = text.casefold().split()
    return [
        entry for entry in entries
        if (entry.can_undo or not only_undoable)
        and all(word in f"{entry.sentence} {entry.about} {entry.operation.label}".casefold() for word in words)
    ]  # fmt: skip


def file_of(entry: Entry) -> str:
    """Return the file a step imported, empty for every other step."""
    return entry.about if entry.operation.label.startswith("Imported") else ""


def icon_of(entry: Entry) -> str:
    return _ICONS.get(entry.operation.label.partition(" ")[0], "edit")


def when_of(entry: Entry, loaded: Loaded) -> str:
    return when_words(entry.operation.at, loaded.zone, loaded.today)


def actor_of(entry: Entry) -> str:
    return _ACTORS.get(entry.operation.actor, entry.operation.actor)


def second_line(entry: Entry, loaded: Loaded) -> str:
    when = when_of(entry, loaded)
    return f"{naming.capital(when)}, by {actor_of(entry)}"


def rows_of(entry: Entry) -> str:
    """Return how much a step made or changed in the books, of whatever kind."""
    return counted(entry.operation.rows, "change")


def touched_words(entry: Entry, step: Step) -> str:
    if step.ids:
        return counted(len(step.ids), "transaction")
    if entry.operation.rows and entry.undone and entry.operation.label.startswith("Imported"):
        return "Its transactions left the books with the undo."
    return "No transaction."


def spoken(entry: Entry, loaded: Loaded) -> str:
    """Return a step in words."""
    state = "undone" if entry.undone else "" if entry.can_undo else "cannot be undone"
    return ", ".join(part for part in (entry.sentence, second_line(entry, loaded), rows_of(entry), state) if part)


def packs_words(loaded: Loaded) -> str:
    if loaded.last_pack is None:
        return "No pack was handed out yet"
    return (
        f"{counted(loaded.packs, 'pack')} handed out, last {when_words(loaded.last_pack.at, loaded.zone, loaded.today)}"
    )
