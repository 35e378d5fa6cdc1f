"""What a person does to single transactions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.core.books.vocabulary import LINES, NO_LINE, PROFIT_KINDS, Kind
from app.core.dates import FIRST_DAY, LAST_DAY, Day, day_from_iso
from app.core.errors import Conflict, NotFound, Refused
from app.core.ingest.typed import kept, kept_lines
from app.core.money import WHOLE, money_text
from app.core.records import NamedTuple
from app.services import file_accounts
from app.services.books import Books
from app.services.derive import CANDIDATE_DAYS, LINK_KIND
from app.services.safety import before_bulk
from app.services.work import Outcome, Work
from app.store.decisions import Decision
from app.store.descriptors import Text
from app.store.labels import Group
from app.store.transactions import Listed

LINK_TYPES = ("transfer", "card_payment", "payout", "refund", "chargeback", "reimbursement", "duplicate")
_INCOME_LINES = frozenset({"C1", "C6"})
SETTABLE = ("kind", "line", "business_percent", "business", "merchant", "note", "tags", "date")


class Part(NamedTuple):
    cents: int
    kind: str
    line: str
    percent: int


def existing(books: Books, transaction_id: int) -> Listed:
    """Return a transaction. Raises: NotFound."""
    row = books.transactions.get(transaction_id)
    if row is None:
        raise NotFound(f"There is no transaction {transaction_id}.", "Look it up with: ops1099 transactions list")
    return row


def account(books: Books, selector: str) -> int:
    """Return the id of the account a person means. Raises: NotFound."""
    found = file_accounts.find(books, selector)
    if found is None:
        raise NotFound(f"There is no account “{selector}”.", "See them with: ops1099 accounts list")
    return found.id


def check_kind(kind: str) -> str:
    if kind not in set(Kind):
        raise Refused(f"“{kind}” is not a kind.", f"Kinds are: {', '.join(Kind)}.")
    return kind


def check_line(line: str) -> str:
    """Return the line code as the books write it. Raises: Refused."""
    for code in LINES:
        if code.casefold() == line.casefold():
            return code
    raise Refused(f"“{line}” is not a line.", f"Lines are: {', '.join(LINES)}.")


def percent(text: str) -> int:
    """Return a percentage in basis points. Raises: Refused."""
    whole, _, part = text.strip().rstrip("%").partition(".")
    if not whole.isdecimal() or (part and not part.isdecimal()) or len(part) > 2:
        raise Refused(f"“{text}” is not a percentage.", "Give 0 to 100 with at most two decimals.")
    value = int(whole) * 100 + int((part + "00")[:2])
    if value > 10_000:
        raise Refused(f"“{text}” is over 100 percent.", "Give 0 to 100 with at most two decimals.")
    return value


def line_for(kind: str, line: str | None) -> str:
    """Return the line a kind stands on. Raises: Refused for a Schedule C line on a kind that has none."""
    wanted = check_line(line) if line else ("C1" if kind == Kind.INCOME else NO_LINE)
    if wanted.startswith("C") and kind not in PROFIT_KINDS:
        raise Refused(
            f"A {kind.replace('_', ' ')} stands on no Schedule C line.", "Leave the line away, or choose another kind."
        )
    if wanted.startswith("C") and (kind == Kind.INCOME) != (wanted in _INCOME_LINES) and kind != Kind.REFUND:
        raise Refused(f"An {kind} does not stand on {wanted}.", "Income stands on C1 or C6, a cost on another line.")
    if wanted == NO_LINE and kind in {Kind.EXPENSE, Kind.INCOME}:
        raise Refused(f"An {kind} needs a Schedule C line.", "Name one, such as C18 for office expense.")
    return wanted


# --- changes ----------------------------------------------------------------------------------------------------------


def announce(work: Work, transaction_id: int) -> None:
    """Say that a decision about a row comes: its sums leave, and where it may pair, its days are matched again."""
    books = work.books
    work.touch([transaction_id])
    row = books.transactions.get(transaction_id)
    if row is None:
        return
    partners = {n for pair in books.labels.pairs_of(transaction_id) for n in (pair.out_id, pair.in_id)}
    labels = books.labels
    # What a person linked follows its other side.
    partners |= {n for _, *ends, _ in labels.links_touching([transaction_id]) for n in ends}
    if partners or labels.may_differ(transaction_id) or labels.has_counterpart(transaction_id, CANDIDATE_DAYS):
        work.touch(partners)
        work.span(row.posted_date, row.posted_date)


def set_values(books: Books, transaction_id: int, values: Mapping[str, str], *, dry_run: bool = False) -> Outcome:
    """Change what a person may change about a row; an empty value takes a decision back.

    `values` has the keys of `SETTABLE`, as typed. Raises: NotFound, Refused, SealedYear.
    """
    existing(books, transaction_id)
    with books.work.operation("set", dry_run=dry_run) as work:
        put_values(work, transaction_id, values)
    return work.outcome


def put_values(work: Work, transaction_id: int, values: Mapping[str, str]) -> None:
    """Change what a person may change about a row, inside an open operation. Raises: NotFound, Refused."""
    books = work.books
    strange = sorted(set(values) - set(SETTABLE))
    if strange:
        raise Refused(f"“{strange[0]}” cannot be set.", f"These can: {', '.join(SETTABLE)}.")
    row = existing(books, transaction_id)
    announce(work, transaction_id)
    decision = decided(books, row, books.decisions.get(transaction_id), values)
    if "date" in values:
        day = _day(values["date"])
        if day != row.tax_date:
            books.transactions.set_tax_date(transaction_id, day)
    if decision != books.decisions.get(transaction_id):
        books.decisions.decide(transaction_id, decision)


def decided(books: Books, row: Listed, decision: Decision, values: Mapping[str, str]) -> Decision:
    """Return a decision with values of `SETTABLE` laid over it. Raises: NotFound, Refused."""
    if "note" in values:
        decision = decision._replace(note=kept_lines(values["note"]) or None)
    if "merchant" in values:
        decision = decision._replace(merchant=kept(values["merchant"]) or None)
        if decision.merchant:
            # The name gets a number among the texts: a payer is known by it (`payers`).
            books.descriptors.intern([Text(decision.merchant, None, None)])
    if "tags" in values:
        decision = decision._replace(tags=kept(kept(values["tags"]).replace(",", " ")))
    if "business" in values:
        decision = decision._replace(business_id=business(books, values["business"]))
    if values.get("kind") == "":
        return decision._replace(kind=None, line=None, percent=None)
    if {"kind", "line", "business_percent"} & set(values):
        line = check_line(values["line"]) if values.get("line") else None
        kind = check_kind(values["kind"]) if "kind" in values else _kind_for(row, line)
        keeps = line is None and kind == row.kind
        decision = decision._replace(
            kind=kind,
            line=line_for(kind, row.line if keeps else line),
            percent=_share(values, row.percent if keeps else WHOLE),
        )  # fmt: skip
    return decision


def _share(values: Mapping[str, str], otherwise: int) -> int:
    typed = values.get("business_percent")
    return percent(typed) if typed else otherwise


def _kind_for(row: Listed, line: str | None) -> str:
    """A line says the kind where the kind does not fit it: an expense line on a personal row makes it an expense."""
    if line is None or not line.startswith("C"):
        return row.kind
    if line in {"C1", "C6"}:
        return Kind.INCOME
    if row.kind in {Kind.EXPENSE, Kind.REFUND}:
        return row.kind
    return Kind.REFUND if row.cents > 0 else Kind.EXPENSE


def business(books: Books, selector: str) -> int:
    for business in books.settings.businesses():
        if selector in {str(business.id), business.name}:
            return business.id
    raise NotFound(f"There is no business “{selector}”.", "See them with: ops1099 business list")


def _day(text: str) -> Day:
    try:
        day = day_from_iso(text)
    except ValueError as error:
        raise Refused(f"“{text}” is not a date.", "Write it as 2026-11-20.") from error
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Refused(f"{text} is too far away.", "Give a date between 1970 and 2199.")
    return day


def add(
    books: Books, *, date: str, cents: int, account_selector: str, description: str, dry_run: bool = False
) -> tuple[Outcome, int | None]:
    """Enter a row by hand: cash, or what no file holds. Returns the outcome and the new id."""
    day = _day(date)
    text = kept(description)
    if not text:
        raise Refused("A transaction needs a description.", "Say in a few words what it was.")
    account_id = account(books, account_selector)
    held = books.accounts.get(account_id)
    assert held is not None
    with books.work.operation("add", dry_run=dry_run) as work:
        ids = books.descriptors.intern([Text(text, None, None)])
        number = ids[Text(text, None, None)]
        books.transactions.insert([
            (
                held.business_id, account_id, number, day, day, None, cents, held.currency,
                None, None, None, None, None, None,
            )
        ])  # fmt: skip
        made = books.transactions.last_id()
        file_accounts.follow_opening(books, account_id, day)
    return work.outcome, made if work.outcome.operation else None


def split(books: Books, transaction_id: int, parts: Sequence[Part], *, dry_run: bool = False) -> Outcome:
    """Split a row into parts that sum to it. Raises: Refused when they do not."""
    row = existing(books, transaction_id)
    parts = [part._replace(kind=check_kind(part.kind), line=check_line(part.line)) for part in parts]
    total = sum(part.cents for part in parts)
    # A fee stays a part of its own on line 10: what is split is the gross.
    whole = row.cents if row.fee_cents is None or row.gross_cents is None else row.gross_cents
    if total != whole:
        raise Refused(
            f"The parts sum to {money_text(total)}, what is split is {money_text(whole)}.",
            "Change a part so that they are equal; parts carry the sign of the transaction.",
        )
    with books.work.operation("split", dry_run=dry_run) as work:
        announce(work, transaction_id)
        work.rematch_all = bool(books.labels.pairs_of(transaction_id))
        books.decisions.split(transaction_id, [(part.cents, part.kind, part.line, part.percent) for part in parts])
    return work.outcome


def unsplit(books: Books, transaction_id: int, *, dry_run: bool = False) -> Outcome:
    row = existing(books, transaction_id)
    if not row.is_split:
        raise Conflict(f"Transaction {transaction_id} is not split.", "Nothing was changed.")
    with books.work.operation("unsplit", dry_run=dry_run) as work:
        announce(work, transaction_id)
        books.decisions.split(transaction_id, [])
    return work.outcome


def link(books: Books, first_id: int, second_id: int, type_: str, *, dry_run: bool = False) -> Outcome:
    """Say that two rows belong together. A transfer, payout or card payment takes both out of profit."""
    if type_ not in LINK_TYPES:
        raise Refused(f"“{type_}” is not a link.", f"Links are: {', '.join(LINK_TYPES)}.")
    first, second = _two(books, first_id, second_id)
    if type_ != "duplicate" and (first.cents > 0) == (second.cents > 0):
        raise Refused(
            "Both rows move money the same way.", f"A {type_.replace('_', ' ')} has one row out and one row in."
        )
    if type_ in LINK_KIND and type_ != "duplicate" and first.account_id == second.account_id:
        raise Refused("Both rows are of one account.", "A transfer joins two accounts.")
    return _relate(books, "link", type_, first, second, dry_run=dry_run)


def unlink(books: Books, first_id: int, second_id: int, *, dry_run: bool = False) -> Outcome:
    """Take a link back; one the matcher found is refused for good, so that it is not found again."""
    first, second = _two(books, first_id, second_id)
    derived = any({p.out_id, p.in_id} == {first_id, second_id} for p in books.labels.pairs_of(first_id))
    decided = any({a, b} == {first_id, second_id} for _, a, b, _ in books.labels.links_touching([first_id]))
    if not derived and not decided:
        raise NotFound(f"Transactions {first_id} and {second_id} are not linked.", "Nothing was changed.")
    with books.work.operation("unlink", dry_run=dry_run) as work:
        for number in (first_id, second_id):
            announce(work, number)
        work.rematch_all = True
        if decided:
            books.decisions.remove_links(first_id, second_id)
        if derived:
            books.decisions.add_link("not_a_pair", first.id, second.id, 0)
    return work.outcome


def merge(books: Books, kept_id: int, other_id: int, *, dry_run: bool = False) -> Outcome:
    """Two rows are one: the second is deleted as a duplicate of the first."""
    kept, other = _two(books, kept_id, other_id)
    if kept.account_id != other.account_id or kept.cents != other.cents:
        raise Refused("Only two rows of one account and one amount can be one.", "Delete the wrong one instead.")
    with books.work.operation("merge", dry_run=dry_run) as work:
        merge_in(work, kept, other)
    return work.outcome


def merge_in(work: Work, kept: Listed, other: Listed) -> None:
    """Delete a row as a duplicate of another, inside an open operation; what a person said of it goes over."""
    books = work.books
    announce(work, other.id)
    decision = books.decisions.get(other.id)
    _hand_over(work, decision, kept.id, other.id)
    books.decisions.decide(other.id, decision._replace(deleted_reason=f"duplicate of {kept.id}"))
    file_accounts.follow_opening(books, other.account_id, other.posted_date)
    work.rematch_all = True


def _hand_over(work: Work, said: Decision, kept_id: int, other_id: int) -> None:
    """Let a row have what a person said of another, as far as they said nothing of the row itself."""
    books = work.books
    own = books.decisions.get(kept_id)
    is_open = own.kind is None and not own.is_split
    wanted = own._replace(
        note=own.note or said.note, merchant=own.merchant or said.merchant, tags=own.tags or said.tags,
        business_id=said.business_id if own.business_id is None else own.business_id,
    )  # fmt: skip
    if is_open and said.kind is not None:
        wanted = wanted._replace(kind=said.kind, line=said.line, percent=said.percent, skipped=0, snoozed_until=None)
    parts = books.decisions.parts(other_id) if is_open and said.is_split else []
    if wanted != own or parts:
        announce(work, kept_id)
        books.decisions.decide(kept_id, wanted)
        if parts:
            books.decisions.split(kept_id, parts)


def not_duplicate(books: Books, first_id: int, second_id: int, *, dry_run: bool = False) -> Outcome:
    first, second = _two(books, first_id, second_id)
    return _relate(books, "not_duplicate", "not_duplicate", first, second, dry_run=dry_run)


def _two(books: Books, first_id: int, second_id: int) -> tuple[Listed, Listed]:
    if first_id == second_id:
        raise Refused("A transaction cannot be related to itself.", "Name two different ones.")
    return existing(books, first_id), existing(books, second_id)


def _relate(books: Books, code: str, type_: str, first: Listed, second: Listed, *, dry_run: bool) -> Outcome:
    known = books.labels.links_touching([first.id])
    if any(t == type_ and {a, b} == {first.id, second.id} for t, a, b, _ in known):
        raise Conflict("These two are related that way already.", "Nothing was changed.")
    with books.work.operation(code, dry_run=dry_run) as work:
        for row in (first, second):
            announce(work, row.id)
            work.span(row.posted_date, row.posted_date)
            for pair in books.labels.pairs_of(row.id):
                work.touch([pair.out_id, pair.in_id])
        books.decisions.add_link(type_, first.id, second.id, min(abs(first.cents), abs(second.cents)))
    return work.outcome


def delete(books: Books, ids: Sequence[int], reason: str, *, dry_run: bool = False) -> Outcome:
    """Delete rows: they stay as state `deleted`, so that no import brings them back."""
    words = kept(reason)
    if not words:
        raise Refused("A deletion needs a reason.", "Say in a few words why, with --reason.")
    rows = [existing(books, number) for number in ids]
    if not dry_run:
        before_bulk(books, len(rows))
    with books.work.operation("delete", dry_run=dry_run) as work:
        for row in rows:
            announce(work, row.id)
            decision = books.decisions.get(row.id)
            books.decisions.decide(row.id, decision._replace(deleted_reason=words))
            file_accounts.follow_opening(books, row.account_id, row.posted_date)
    return work.outcome


def restore(books: Books, transaction_id: int, *, dry_run: bool = False) -> Outcome:
    row = existing(books, transaction_id)
    if row.status != "deleted":
        raise Conflict(f"Transaction {transaction_id} is not deleted.", "Nothing was changed.")
    with books.work.operation("restore", dry_run=dry_run) as work:
        announce(work, transaction_id)
        work.span(row.posted_date, row.posted_date)
        decision = books.decisions.get(transaction_id)
        books.decisions.decide(transaction_id, decision._replace(deleted_reason=None))
        file_accounts.follow_opening(books, row.account_id, row.posted_date)
    return work.outcome


def group_of(books: Books, transaction_id: int) -> Group:
    row = books.connection.execute(
        "SELECT descriptor_id, account_id, cents >= 0 FROM transactions WHERE id = ?", (transaction_id,)
    ).fetchone()
    return Group(*row)
