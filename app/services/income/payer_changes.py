"""What a person settles about payers: a name, one or two, a payer or none. Each is one undoable change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.core.errors import Exists, Refused
from app.core.income.payer_name import squeezed
from app.core.income.payers import Payer
from app.core.ingest.typed import kept
from app.services.books.open_books import Books
from app.services.books.work import Outcome
from app.services.income import payers
from app.store.descriptors import Text

_YES_NO = {"yes": 1, "no": 0}


def add(books: Books, name: str, *, dry_run: bool = False) -> tuple[Outcome, int | None]:
    """Add a payer who has paid nothing yet. Raises: Refused; Exists."""
    shown = _name(books, name, None)
    with books.work.operation("payer_set", dry_run=dry_run) as work:
        text = Text(shown, None, None)
        number = books.descriptors.intern([text])[text]
        books.income.put_payer(number, {"name": shown})
    return work.outcome, number if work.outcome.operation else None


def change(books: Books, selector: str, values: Mapping[str, str], *, dry_run: bool = False) -> Outcome:
    """Change `name` (empty takes it back) or `payer` (yes, no). Raises: NotFound; Refused; Exists."""
    payer = payers.find(books, selector)
    strange = sorted(set(values) - {"name", "payer"})
    if strange:
        raise Refused(f"“{strange[0]}” cannot be set.", "These can: name, payer (yes or no).")
    wanted: dict[str, str | int | None] = {}
    if "name" in values:
        wanted["name"] = _name(books, values["name"], payer) if values["name"].strip() else None
    if "payer" in values:
        if values["payer"] not in _YES_NO:
            raise Refused(f"“{values['payer']}” is neither yes nor no.", "Give payer=yes or payer=no.")
        wanted["counted"] = _YES_NO[values["payer"]]
    before = {row.text_id: row for row in books.income.payers()}.get(payer.id)
    held = {"name": before.name if before else None, "counted": before.counted if before else 1}
    changed = {name: value for name, value in wanted.items() if held[name] != value}
    with books.work.operation("payer_set", dry_run=dry_run) as work:
        if changed:
            books.income.put_payer(payer.id, changed)
    return work.outcome


def merge(books: Books, selector: str, others: Sequence[str], *, dry_run: bool = False) -> Outcome:
    """Join other payers into one, whose name they take. Raises: NotFound; Refused when they are one already."""
    into = payers.find(books, selector)
    joined = [payers.find(books, other) for other in others]
    for payer in joined:
        if payer.id == into.id:
            raise Refused(f"That is one payer already: {into.name}.", "Name another one to join into it.")
    with books.work.operation("payer_merge", dry_run=dry_run) as work:
        for payer in joined:
            for number in books.income.apart_between(into.texts, payer.texts):
                books.income.join_again(number)
            books.income.put_payer(payer.id, {"into_text": into.id})
    return work.outcome


def split(books: Books, selector: str, texts: Sequence[int], *, dry_run: bool = False) -> Outcome:
    """Make names of a payer payers of their own; `texts` are numbers of its variants. Raises: NotFound; Refused."""
    payer = payers.find(books, selector)
    found = {each.text_id: each for each in payers.variants(books, payer)}
    if len(found) < 2:
        raise Refused(
            f"All deposits of {payer.name} bear one name.",
            "Give the deposits of the other payer its name: ops1099 transactions set ID merchant=NAME",
        )
    strange = [number for number in texts if number not in found]
    if strange:
        raise Refused(f"{strange[0]} is not the number of a name of {payer.name}.",
                      f"See its names with: ops1099 payers show {payer.id}")  # fmt: skip
    if len(set(texts)) == len(found):
        raise Refused("That would leave the payer without a name.", "Leave one of its names away.")
    with books.work.operation("payer_split", dry_run=dry_run) as work:
        for number in sorted(set(texts)):
            for each in _texts_named(books, found[number].key):
                books.income.put_payer(each, {"into_text": None, "apart": 1})
        left = next(number for number in found if number not in texts)
        _stay(books, [found[number].key for number in texts], left)
    return work.outcome


def keep_apart(books: Books, one: str, other: str, *, dry_run: bool = False) -> Outcome:
    """Say that two payers whose names are near are two. Raises: NotFound; Refused."""
    first, second = payers.find(books, one), payers.find(books, other)
    if first.id == second.id:
        raise Refused(f"That is one payer: {first.name}.", f"Part it with: ops1099 payers split {first.id}")
    with books.work.operation("payer_apart", dry_run=dry_run) as work:
        books.income.keep_apart(first.id, second.id)
    return work.outcome


def _texts_named(books: Books, key: str) -> list[int]:
    """Return the texts of a name about which something is settled, and its lowest one."""
    own = {each.text_id for each in payers.known(books).receipts if each.key == key}
    settled = {row.text_id for row in books.income.payers()} & own
    return sorted({min(own), *settled})


def _stay(books: Books, keys: Sequence[str], left: int) -> None:
    """Leave what was joined into a parted name with the payer it was shown with; `left` is a text of that."""
    gone = {each.text_id for each in payers.known(books).receipts if each.key in keys}
    for row in books.income.payers():
        if row.into_text in gone:
            books.income.put_payer(row.text_id, {"into_text": None if row.text_id == left else left})


def _name(books: Books, typed: str, own: Payer | None) -> str:
    """Return a name as it is kept. Raises: Refused; Exists when another payer has it."""
    name = kept(typed)
    if not squeezed(name):
        raise Refused("A payer needs a name.", "Give the name you know them by.")
    if name.isascii() and name.isdecimal():
        raise Refused(f"“{name}” would be taken for a number.", "Give a name with letters.")
    for payer in payers.known(books).payers.values():
        if (own is None or payer.id != own.id) and squeezed(payer.name) == squeezed(name):
            raise Exists(
                f"There is a payer {payer.name} (number {payer.id}).",
                "Join the two with: ops1099 payers merge" if own else "Use that one, or give another name.",
            )
    return name
