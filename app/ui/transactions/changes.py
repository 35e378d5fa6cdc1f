"""What can be changed from the list: each is one operation, told in one sentence. All run on the writer's books."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from app.core.books import naming
from app.core.books.naming import counted
from app.core.books.vocabulary import PROFIT_KINDS, Kind, Status
from app.core.errors import Refused
from app.core.money import WHOLE, rate_text

if TYPE_CHECKING:
    from app.services.books.open_books import Books
    from app.services.classify.remembered import Offer
    from app.services.ledger.finding import Listed
    from app.services.ledger.transactions import Part

    # Services are loaded when first used: the window is painted before them.

UNCHANGED = "Nothing was changed."
_CAN_TEACH = frozenset({"kind", "line", "business_percent"})


class Did(NamedTuple):
    """What was done. `operation` is None when nothing changed; `offer` is what it could teach."""

    operation: int | None
    sentence: str
    ids: tuple[int, ...]
    offer: Offer | None = None


def _rows(books: Books, ids: Sequence[int]) -> list[Listed]:
    from app.services.ledger import finding  # noqa: PLC0415 - as above

    return finding.block(books, ids)


def _what(books: Books, rows: Sequence[Listed]) -> str:
    """Return what was changed in words: its payee, or how many."""
    from app.services.ledger import finding  # noqa: PLC0415 - as above

    if len(rows) == 1:
        return finding.shown(books, rows)[0].payee
    return counted(len(rows), "transaction")


def _change(books: Books, rows: Sequence[Listed], values: Mapping[str, str], sentence: str) -> Did:
    from app.services.classify import remembered  # noqa: PLC0415 - as above
    from app.services.ledger import bulk_edit, transactions  # noqa: PLC0415 - as above

    ids = [row.id for row in rows]
    if len(ids) == 1:
        outcome = transactions.set_values(books, ids[0], values)
    else:
        outcome = bulk_edit.change_many(books, ids, values)
    if not outcome.operation:
        return Did(None, UNCHANGED, tuple(ids))
    offer = remembered.offer(books, ids) if _CAN_TEACH & set(values) else None
    return Did(outcome.operation, sentence, tuple(ids), offer)


def set_category(books: Books, ids: Sequence[int], kind: str, line: str) -> Did:
    """Book rows as a category. A cost on money that came in is a refund of it.

    Raises: Refused when all of them are split; split rows among others stay as they are.
    """
    rows = [row for row in _rows(books, ids) if not row.is_split]
    if not rows:
        raise Refused("A split transaction has a category for each part.", "Change its parts, or join it again first.")
    values = {"kind": kind, "line": line}
    if kind == Kind.EXPENSE and line.startswith("C") and any(row.cents >= 0 for row in rows):
        values = {"line": line}
    if len(rows) == 1 and rows[0].percent != WHOLE and {kind, rows[0].kind} <= PROFIT_KINDS:
        values["business_percent"] = rate_text(rows[0].percent)
    left = len(ids) - len(rows)
    rest = f" {counted(left, 'split transaction')} left as they are." if left else ""
    return _change(books, rows, values, f"Booked {_what(books, rows)} as {naming.category(kind, line)}.{rest}")


def set_share(books: Books, ids: Sequence[int], percent: str) -> Did:
    """Set the business share of those rows that stand on Schedule C. Raises: Refused when none does."""
    rows = [row for row in _rows(books, ids) if row.kind in PROFIT_KINDS and row.line != "NONE" and not row.is_split]
    if not rows:
        raise Refused("Only what stands on Schedule C has a business share.", "Give it a category first.")
    left = len(ids) - len(rows)
    rest = f" {counted(left, 'other')} left as they are." if left else ""
    return _change(books, rows, {"business_percent": percent}, f"{_what(books, rows)}: {percent} % business.{rest}")


def set_transfer(books: Books, ids: Sequence[int]) -> Did:
    """Book rows as own transfers; two that mirror each other in two accounts are linked."""
    from app.services.ledger import row_links  # noqa: PLC0415 - as above

    rows = _rows(books, ids)
    if len(rows) == 2 and is_pair(rows):
        outcome = row_links.link(books, rows[0].id, rows[1].id, "transfer")
        return Did(outcome.operation, "Linked two transactions as an own transfer.", tuple(row.id for row in rows))
    values = {"kind": str(Kind.TRANSFER)}
    return _change(books, rows, values, f"Booked {_what(books, rows)} as an own transfer.")


def is_pair(rows: Sequence[Listed]) -> bool:
    """Return whether two rows can be the two ends of a transfer."""
    first, second = rows
    return (first.cents > 0) != (second.cents > 0) and first.account_id != second.account_id


def confirm(books: Books, ids: Sequence[int]) -> Did:
    """Settle rows as they are booked or suggested; those without a suggestion stay open."""
    from app.services.classify import remembered  # noqa: PLC0415 - as above
    from app.services.ledger import bulk_edit  # noqa: PLC0415 - as above

    rows = _rows(books, ids)
    outcome, left = bulk_edit.confirm_many(books, ids)
    if outcome.operation is None:
        said = "There is no suggestion to confirm: choose a category." if left else "This is confirmed already."
        return Did(None, said, tuple(ids))
    done = [row for row in rows if row.status in {Status.AUTO, Status.SUGGESTED}]
    rest = f" {left} without a suggestion {'stays' if left == 1 else 'stay'} open." if left else ""
    what = _what(books, done) if not left else counted(len(done) - left, "transaction")
    # What was booked without being asked is booked so again anyway.
    asked = not left and any(row.status == Status.SUGGESTED for row in done)
    offer = remembered.offer(books, [row.id for row in done]) if asked else None
    return Did(outcome.operation, f"Confirmed {what}.{rest}", tuple(ids), offer)


def delete(books: Books, ids: Sequence[int], reason: str) -> Did:
    from app.services.ledger import bulk_edit  # noqa: PLC0415 - as above

    rows = _rows(books, ids)
    sentence = f"Deleted {_what(books, rows)}."
    outcome = bulk_edit.delete_many(books, ids, reason)
    return Did(outcome.operation, sentence if outcome.operation else UNCHANGED, tuple(ids))


def restore(books: Books, transaction_id: int) -> Did:
    from app.services.ledger import transactions  # noqa: PLC0415 - as above

    outcome = transactions.restore(books, transaction_id)
    return Did(outcome.operation, f"Restored {_what(books, _rows(books, [transaction_id]))}.", (transaction_id,))


def merge(books: Books, ids: Sequence[int]) -> Did:
    """Keep the earlier of two rows; the other one is deleted as its duplicate. Raises: Refused."""
    from app.services.ledger import row_links  # noqa: PLC0415 - as above

    kept, other = sorted(ids)
    what = _what(books, _rows(books, [kept]))
    outcome = row_links.merge(books, kept, other)
    return Did(outcome.operation, f"Merged two of {what} into one.", (kept, other))


def keep_apart(books: Books, ids: Sequence[int]) -> Did:
    """Say that two rows are no duplicates. Raises: Conflict when that is known."""
    from app.services.ledger import row_links  # noqa: PLC0415 - as above

    outcome = row_links.not_duplicate(books, ids[0], ids[1])
    return Did(outcome.operation, "These two are kept apart.", tuple(ids))


def unlink(books: Books, first_id: int, second_id: int) -> Did:
    from app.services.ledger import row_links  # noqa: PLC0415 - as above

    outcome = row_links.unlink(books, first_id, second_id)
    return Did(outcome.operation, "Unlinked two transactions.", (first_id, second_id))


def split(books: Books, transaction_id: int, parts: Sequence[Part]) -> Did:
    from app.services.ledger import transactions  # noqa: PLC0415 - as above

    outcome = transactions.split(books, transaction_id, parts)
    what = _what(books, _rows(books, [transaction_id]))
    return Did(outcome.operation, f"Split {what} into {counted(len(parts), 'part')}.", (transaction_id,))


def join(books: Books, transaction_id: int) -> Did:
    from app.services.ledger import transactions  # noqa: PLC0415 - as above

    outcome = transactions.unsplit(books, transaction_id)
    what = _what(books, _rows(books, [transaction_id]))
    return Did(outcome.operation, f"Joined {what} again.", (transaction_id,))


def set_value(books: Books, transaction_id: int, name: str, value: str) -> Did:
    """Change one thing a person may say of a row: note, tags, merchant, date or business_percent."""
    rows = _rows(books, [transaction_id])
    words = {"note": "note", "tags": "tags", "merchant": "payee", "date": "tax date", "business_percent": "share"}
    return _change(books, rows, {name: value}, f"Changed the {words[name]} of {_what(books, rows)}.")


def undo(books: Books, operation: int) -> Did:
    """Take one step back that need not be the newest. Raises: Conflict naming what rests on it."""
    from app.services.books import history  # noqa: PLC0415 - as above

    return Did(history.undo(books, operation).operation, "Undone.", ())
