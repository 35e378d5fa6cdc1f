"""Writes an update of a linked bank into the books, inside an operation that its caller opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from app.core.bank import planning
from app.core.bank.planning import Change, Held, Told
from app.core.bank.reading import AccountFacts
from app.core.dates import Day, year_of
from app.core.ingest.statement import Statement
from app.services.bank import bank_accounts, bank_statements
from app.services.bank.bank_pages import Staged
from app.services.derived import movements
from app.services.ingest import duplicates, retelling
from app.services.ingest.duplicates import NEAR
from app.services.ingest.import_reading import Masked, Progress
from app.services.ingest.imports import tax_day
from app.store.bank import GONE, LAYOUT
from app.store.decisions import Decision
from app.store.descriptors import Text
from app.store.labels import Group

if TYPE_CHECKING:
    from app.services.books.open_books import Books
    from app.services.books.work import Work
    from app.store.accounts import Account
    from app.store.bank import BankConnection


class Writing:
    """Writes the rows of an update inside an open operation, and counts them."""

    def __init__(self, work: Work, connection: BankConnection, staged: Staged) -> None:
        self._books, self._work, self._connection, self._staged = work.books, work, connection, staged
        self.seals = Seals(work.books)
        self.added = self.modified = self.removed = self.held_back = 0
        self._earliest: dict[int, Day] = {}
        self.joined: frozenset[str] = frozenset()
        """The provider's ids of accounts that turned out to be in the books already."""
        self._is_all = False
        """Whether the update named every row that the bank has."""

    def all(self, roster: Mapping[str, AccountFacts]) -> None:
        books = self._books
        accounts = bank_accounts.settle(
            books, self._connection, roster, {r.account for r in self._staged.rows.values()}
        )
        by_rows = bank_accounts.join_by_rows(books, self._connection, accounts.of, self._staged.rows.values())
        self.joined = accounts.joined | by_rows
        if accounts.changed or by_rows:
            self._work.rematch_all = True
        told = self._told(accounts.of)
        plan = planning.plan(
            told, self._staged.removed, self._held(told), self._taken_back(told), whole=self._staged.whole,
            unreadable=frozenset(self._staged.refused),
        )  # fmt: skip
        # Of a bank that has not given all its past, or gives nothing, a row that is not named may be one yet to come.
        is_complete = self._staged.history == "complete" and bool(told)
        self._is_all = self._staged.whole and is_complete
        for held in plan.gone:
            if is_complete or held.provider_id in self._staged.removed:
                self._take_back(held)
        for change in plan.changes:
            self._change(change, accounts.of)
        self._insert(plan.fresh, accounts.of)
        bank_statements.note_refused(books, self._connection, self._staged, accounts.of, is_all=self._is_all)
        bank_statements.settle(books, self._connection, accounts.of, roster, self._earliest)

    def _told(self, accounts: Mapping[str, Account]) -> dict[str, Told]:
        rows = list(self._staged.rows.values())
        texts = Masked([row.source for row in rows], Progress(check=self._work.check)).texts
        told = {}
        for row, text in zip(rows, texts, strict=True):
            account = accounts[row.account]
            told[row.provider_id] = Told(row, account.id, *text, row.source.currency or account.currency)
        return told

    def _held(self, told: Mapping[str, Told]) -> dict[str, Held]:
        wanted = None
        if not self._staged.whole:
            before = {row.row.pending_id for row in told.values() if row.row.pending_id}
            wanted = told.keys() | self._staged.removed | before
        return {row.provider_id: row for row in self._books.bank.rows(self._connection.id, wanted)}

    def _taken_back(self, told: Mapping[str, Told]) -> list[Held]:
        if not told:
            return []
        days = [row.row.source.posted for row in told.values()]
        return self._books.bank.taken_back(
            self._connection.id, {row.account_id for row in told.values()}, min(days), max(days)
        )

    # --- rows that are gone

    def _take_back(self, held: Held) -> None:
        books = self._books
        if held.deleted_reason is not None:
            return
        if not held.own or held.in_file or books.bank.is_told_elsewhere(self._connection.id, held.id):
            books.bank.unbind(self._connection.id, [held.provider_id])  # a file or another login tells of it: it stays
            return
        if self.seals.holds(held.tax_day):
            self.held_back += 1
            return
        self._touch(held)
        decision = books.decisions.get(held.id)
        books.decisions.decide(held.id, decision._replace(deleted_reason=GONE))
        self._moved(held.account_id, held.posted)
        self.removed += 1

    # --- rows that are known

    def _change(self, change: Change, accounts: Mapping[str, Account]) -> None:
        books, held, told = self._books, change.held, change.told
        number, source = told.row.provider_id, told.row.source
        if not change.old_id:
            books.bank.bind(self._connection.id, [(number, held.id)])
        elif change.old_id != number:
            books.bank.bind_again(self._connection.id, change.old_id, number, held.id)
        again = held.deleted_reason == GONE
        values = self._values(change, accounts[told.row.account]) if held.own else {}
        if not values and not again:
            return
        if self.seals.holds(held.tax_day) or self.seals.holds(values.get("tax_date", held.tax_day)):
            self.held_back += 1
            return
        self._touch(held)
        decision = books.decisions.get(held.id)
        if held.pending and not told.row.pending and values and decision.deleted_reason is None:
            twin = self._in_a_file(told, accounts[told.row.account])
            if twin is not None:
                self._give_way(held, told, twin, decision)
                return
        if again:
            books.decisions.decide(held.id, decision._replace(deleted_reason=None))
        if values:
            books.told_rows.change(held.id, values)
            cents = values.get("cents", held.cents)
            if held.is_split and cents != held.cents:
                self._fit_parts(held, cents)
            self._work.groups.add(
                Group(values.get("descriptor_id", held.descriptor_id), values.get("account_id", held.account_id),
                      int(cents >= 0))
            )  # fmt: skip
            self._work.span(source.posted, source.posted)
        self._moved(held.account_id, held.posted)
        self._moved(told.account_id, source.posted)
        self.modified += 1

    def _in_a_file(self, told: Told, account: Account) -> int | None:
        """Return the row of a file that is this one: it may have come posted while the link still said pending."""
        books, source, text = self._books, told.row.source, Text(told.text, told.type_word, told.memo)
        ids = books.descriptors.intern([text])
        known = duplicates.split_known(
            books, account, Statement(rows=[source], currency=account.currency), LAYOUT,
            [text], ids,
            told=books.bank.told(self._connection.id, account.id, source.posted - NEAR, source.posted + NEAR),
        )  # fmt: skip
        return known.existing[0][1] if known.existing else None

    def _give_way(self, held: Held, told: Told, twin: int, decision: Decision) -> None:
        """Let a row of a file stand for one that was pending, with what was said of it if nothing stands there."""
        books, work = self._books, self._work
        work.touch([twin])
        if decision != Decision() and books.decisions.get(twin) == Decision():
            parts = books.decisions.parts(held.id)
            books.decisions.decide(twin, decision._replace(is_split=0))
            if parts and sum(part[0] for part in parts) == told.row.source.cents:
                books.decisions.split(twin, parts)
        books.decisions.decide(held.id, decision._replace(deleted_reason=f"duplicate of {twin}"))
        books.bank.bind_again(self._connection.id, told.row.provider_id, told.row.provider_id, twin)
        work.span(told.row.source.posted, told.row.source.posted)
        self._moved(held.account_id, held.posted)
        self.modified += 1

    def _values(self, change: Change, account: Account) -> dict[str, Any]:
        """Return the columns of a row that the bank tells otherwise now."""
        held, told = change.held, change.told
        source = told.row.source
        new: dict[str, Any] = {
            "account_id": told.account_id, "posted_date": source.posted, "transacted_date": source.transacted,
            "cents": source.cents, "currency": told.currency, "pending": int(told.row.pending),
        }  # fmt: skip
        old: dict[str, Any] = {
            "account_id": held.account_id, "posted_date": held.posted, "transacted_date": held.transacted,
            "cents": held.cents, "currency": held.currency, "pending": held.pending,
        }  # fmt: skip
        values = {name: value for name, value in new.items() if value != old[name]}
        before = source._replace(posted=held.posted, transacted=held.transacted, cents=held.cents)
        was_in = self._books.accounts.get(held.account_id) or account  # the bank may have moved it
        if held.tax_day == tax_day(was_in, before):  # else a person moved it
            day = tax_day(account, source)
            if day != held.tax_day:
                values["tax_date"] = day
        text = Text(told.text, told.type_word, told.memo)
        if held.in_file:  # what the file says beside it stays with the row
            text = retelling.joined(text, Text(held.text, held.type_word, held.memo), account.kind)
        if text != (held.text, held.type_word, held.memo) and not held.text.startswith(planning.ERASED):
            values["descriptor_id"] = self._books.descriptors.intern([text])[text]
        if held.usd_cents is not None and {"cents", "currency"} & values.keys():
            values["usd_cents"] = None  # it was said of another amount
        if {"cents", "posted_date"} & values.keys() or change.old_id != told.row.provider_id:
            values["source_key"] = self._key(told)
        return values

    def _fit_parts(self, held: Held, cents: int) -> None:
        """Let the largest part of a split row take what its amount changed by; parts it would not fit are let go."""
        parts = self._books.decisions.parts(held.id)
        if not parts:
            return
        place = max(range(len(parts)), key=lambda n: abs(parts[n][0]))
        first, kind, line, percent = parts[place]
        grown = first + cents - held.cents
        if (grown < 0) != (first < 0) or grown == 0:
            self._books.decisions.split(held.id, [])
            return
        parts[place] = (grown, kind, line, percent)
        self._books.decisions.split(held.id, parts)

    def _touch(self, held: Held) -> None:
        books, work = self._books, self._work
        work.touch({held.id, *movements.partners(books, held.id)})
        work.groups.add(Group(held.descriptor_id, held.account_id, int(held.cents >= 0)))
        work.span(held.posted, held.posted)

    def _moved(self, account_id: int, day: Day) -> None:
        self._earliest[account_id] = min(day, self._earliest.get(account_id, day))

    # --- rows that are new

    def _insert(self, fresh: Sequence[Told], accounts: Mapping[str, Account]) -> None:
        of_account: dict[int, list[Told]] = {}
        for row in fresh:
            of_account.setdefault(row.account_id, []).append(row)
        by_id = {account.id: account for account in accounts.values()}
        for account_id, rows in of_account.items():
            self._work.check()
            self._insert_into(by_id[account_id], rows)

    def _insert_into(self, account: Account, rows: list[Told]) -> None:
        books, connection = self._books, self._connection
        rows.sort(key=lambda row: row.row.source.posted)
        sources = [row.row.source._replace(line=n) for n, row in enumerate(rows)]
        texts = [Text(row.text, row.type_word, row.memo) for row in rows]
        ids = books.descriptors.intern(dict.fromkeys(texts))
        known = duplicates.split_known(
            books, account, Statement(rows=sources, currency=account.currency), LAYOUT, texts, ids,
            told=books.bank.told(connection.id, account.id, sources[0].posted - NEAR, sources[-1].posted + NEAR),
            pending={n for n, row in enumerate(rows) if row.row.pending},
        )  # fmt: skip
        self._join([(rows[n].row.provider_id, number) for n, number in known.existing])
        new = [each for each in known.new if not self.seals.holds(tax_day(account, each.row))]
        self.held_back += len(known.new) - len(new)
        self._work.know({number: text for text, number in ids.items()}, account.id, new)
        file_id = bank_statements.of(books, connection, account, len(known.existing))
        books.accounts.add_sources(retelling.take_better(self._work, account, file_id, known.met, has_lines=False))
        first = books.transactions.last_id() + 1
        books.bank.insert(first, [
            (account.business_id, account.id, descriptor, tax_day(account, row), row.posted, row.transacted, row.cents,
             row.currency or account.currency, int(rows[row.line].row.pending), key, file_id)
            for descriptor, row, key in new
        ])  # fmt: skip
        books.bank.bind(connection.id, [(rows[each.row.line].row.provider_id, first + n) for n, each in enumerate(new)])
        self.added += len(new)
        for each in new[:1]:
            self._moved(account.id, each.row.posted)

    def _join(self, pairs: list[tuple[str, int]]) -> None:
        """Rows that a file, a person or an earlier link told of already are those; one that was taken back is again."""
        books, work = self._books, self._work
        books.bank.bind(self._connection.id, pairs)
        for number, decision in books.decisions.of_many([each for _, each in pairs]).items():
            if decision.deleted_reason == GONE:
                row = books.transactions.get(number)
                work.touch([number])
                books.decisions.decide(number, decision._replace(deleted_reason=None))
                if row is not None:
                    work.span(row.posted_date, row.posted_date)
                    self._moved(row.account_id, row.posted_date)

    def _key(self, told: Told) -> int:
        source = told.row.source
        return duplicates.key_by_id(
            self._books.subkey("account-fingerprint"), source.posted, f"{source.bank_id}\x1f{source.cents}"
        )


class Seals:
    """The years that are sealed: what a bank tells of them later is left out, and noted."""

    def __init__(self, books: Books) -> None:
        self._spans = books.settings.sealed_spans()
        self._met: set[int] = set()

    def holds(self, day: Day) -> bool:
        """Say whether a day lies in a sealed year; such a year is remembered."""
        held = any(first <= day <= last for first, last in self._spans)
        if held:
            self._met.add(year_of(day))
        return held

    def years(self, before: str) -> str:
        """Return the years met, those of earlier updates among them, as they are kept."""
        return " ".join(map(str, sorted(self._met | set(map(int, before.split())))))
