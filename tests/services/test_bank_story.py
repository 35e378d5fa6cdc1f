"""Random lives of a bank, with everything a link does wrong on the way: the books hold what the bank holds."""

from __future__ import annotations

import random
import string
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from services.banks import Bank, Json, account, feed_of, row

from app.core.dates import day_from_iso, iso
from app.core.errors import BankError, BankRefused, BankUnreachable
from app.services.bank import bank_sync
from app.services.books.open_books import Books
from app.services.ledger import transactions
from app.store.row_filter import Filter

START = day_from_iso("2026-03-01")
Shape = Counter[tuple[str, int, int, int, str | None, int]]


class Killed(Exception):
    """The program ends here."""


@dataclass
class Thing:
    """One movement of money, whatever ids it goes by."""

    number: str
    text: str
    cents: int
    day: int
    pending: bool
    note: str | None = None
    place: int = 0
    """Which of the two accounts it is in."""

    def told(self, account_id: str, **more: str | None) -> Json:
        amount = f"{-self.cents / 100:.2f}"
        return row(self.number, amount, iso(self.day), self.text, account_id=account_id, pending=self.pending, **more)


class Life:
    def __init__(self, books: Books, seed: int) -> None:
        self.dice = random.Random(seed)
        self.books = books
        self.bank = Bank(page=self.dice.choice([2, 3, 7]))
        self.bank.accounts = [
            account(persistent_account_id="perm-0"),
            account("acc-2", mask="5528", name="Savings", subtype="savings", persistent_account_id="perm-1"),
        ]
        self.things: list[Thing] = []
        self.ids = 0
        self.connection = self.bank.link(books)

    def new_id(self) -> str:
        self.ids += 1
        return f"id-{self.ids}"

    def told(self, thing: Thing, **more: str | None) -> Json:
        return thing.told(str(self.bank.accounts[thing.place]["account_id"]), **more)

    # --- what happens at the bank

    def happens(self) -> None:
        dice = self.dice
        weights = {"appears": 6, "moves": 2, "repeats": 1, "posts": 4, "changes": 2, "goes": 2, "gets_another_id": 2,
                   "goes_over": 2}  # fmt: skip
        getattr(self, dice.choices(list(weights), list(weights.values()))[0])()

    def appears(self) -> None:
        text = "".join(self.dice.choices(string.ascii_uppercase, k=14))
        cents = self.dice.choice([-1, 1]) * self.dice.randint(20_000, 90_000)
        day, waits = START + self.dice.randint(0, 60), self.dice.random() < 0.5
        thing = Thing(self.new_id(), text, cents, day, waits, place=self.dice.randint(0, 1))
        self.things.append(thing)
        self.bank.add(self.told(thing))

    def moves(self) -> None:
        """Money goes from one account to the other."""
        cents, day = self.dice.randint(20_000, 90_000), START + self.dice.randint(0, 60)
        for place, sign, way in ((0, -1, "TO"), (1, 1, "FROM")):
            text = f"ONLINE TRANSFER {way} {''.join(self.dice.choices(string.ascii_uppercase, k=14))}"
            thing = Thing(self.new_id(), text, sign * cents, day, pending=False, place=place)
            self.things.append(thing)
            self.bank.add(self.told(thing))

    def repeats(self) -> None:
        thing = Thing(self.new_id(), "BLUE FOX CAFE OAKLAND", -450, START, pending=False)
        self.things.append(thing)
        self.bank.add(self.told(thing))

    def posts(self) -> None:
        for thing in self.some(lambda each: each.pending):
            before, thing.number, thing.pending = thing.number, self.new_id(), False
            thing.day += self.dice.randint(0, 5)
            thing.cents += self.dice.choice([0, 0, thing.cents // 5])
            self.bank.remove(before)
            self.bank.add(self.told(thing, pending_transaction_id=self.dice.choice([before, None])))

    def changes(self) -> None:
        for thing in self.some(lambda each: not each.text.startswith("BLUE")):
            thing.cents += self.dice.randint(1, 99)
            thing.cents += not thing.cents
            thing.text += self.dice.choice(["", " INC"])
            self.bank.modify(self.told(thing))

    def goes(self) -> None:
        for thing in self.some(lambda _: True):
            self.things.remove(thing)
            self.bank.remove(thing.number)

    def gets_another_id(self) -> None:
        for thing in self.some(lambda _: True):
            self.bank.remove(thing.number)
            thing.number = self.new_id()
            self.bank.add(self.told(thing))

    def goes_over(self) -> None:
        """The bank finds that a row is of the other account, and says so."""
        for thing in self.some(lambda each: not (each.pending or each.text.startswith("BLUE"))):
            thing.place = 1 - thing.place
            self.bank.modify(self.told(thing))

    def begins_anew(self) -> None:
        """Old cursors are good no more; some rows have other ids, and the account too."""
        if self.dice.random() < 0.5:
            self.bank.accounts = [{**each, "account_id": f"acc-{self.new_id()}"} for each in self.bank.accounts]
        for thing in self.things:
            if self.dice.random() < 0.2:
                thing.number = self.new_id()
        self.bank.era += 1
        self.bank.changes = [("added", self.told(thing)) for thing in self.things]

    def some(self, fits: Callable[[Thing], bool]) -> list[Thing]:
        found = [each for each in self.things if fits(each)]
        return [self.dice.choice(found)] if found else []

    # --- what happens on the way

    def syncs(self) -> bool:
        """Fetch with whatever goes wrong; returns whether it came to an end."""
        dice, left = self.dice, self.dice.randint(0, 3)
        trouble = dice.choice([None, None, None, "page", "restart", "killed", "more"])

        def before(cursor: str) -> None:
            nonlocal left
            if trouble == "page" and dice.random() < 0.3:
                raise dice.choice([BankUnreachable(), BankRefused("upstream", retry="later")])
            if trouble == "restart" and cursor and left:
                left -= 1
                raise BankRefused("restart", retry="restart", detail="pagination")
            if trouble == "more" and left:
                left -= 1
                self.happens()

        def check() -> None:
            if trouble == "killed" and dice.random() < 0.15:
                raise Killed

        cursor = self.books.bank.connections()[0].cursor
        held = self.held()
        self.bank.before_page = before
        try:
            bank_sync.sync(self.books, self.connection, feed=feed_of(self.bank), check=check, wait=lambda _: None)
        except (BankError, Killed):
            assert self.books.bank.connections()[0].cursor == cursor, "a cursor was kept without its rows"
            assert self.held() == held, "rows were kept without their cursor"
            return False
        finally:
            self.bank.before_page = lambda _: None
        return True

    def notes(self) -> None:
        """The person says something about a row."""
        by_text = {each.text: each for each in self.things if not each.text.startswith("BLUE")}
        rows = [each for each in self.books.transactions.listed(Filter(), 0) if each.text in by_text]
        if rows:
            chosen = self.dice.choice(rows)
            thing = by_text[chosen.text]
            thing.note = f"note {self.dice.randint(0, 999)}"
            transactions.set_values(self.books, chosen.id, {"note": thing.note})

    # --- the two sides

    def truth(self) -> Shape:
        return Counter(
            (each.text, each.cents, each.day, int(each.pending), each.note, each.place) for each in self.things
        )

    def held(self) -> Shape:
        rows = self.books.transactions.listed(Filter(), 0)
        return Counter(
            (each.text, each.cents, each.posted_date, each.pending, each.note, int(each.account.endswith("5528")))
            for each in rows
        )


@pytest.mark.parametrize("seed", range(12))
def test_the_books_hold_what_the_bank_holds(books: Books, seed: int, derived_holds: Callable[[Books], None]) -> None:
    life = Life(books, seed)
    whole = 0
    for turn in range(40):
        for _ in range(life.dice.randint(0, 6)):
            life.happens()
        if turn % 13 == 12:
            life.begins_anew()
        if life.syncs():
            bank_sync.sync(books, life.connection, feed=feed_of(life.bank))
            assert life.held() == life.truth(), turn
            whole += 1
            life.notes()
    bank_sync.sync(books, life.connection, feed=feed_of(life.bank))
    assert life.held() == life.truth()
    assert whole > 10
    ids = [number for (number,) in books.connection.execute("SELECT transaction_id FROM bank_row")]
    assert len(ids) == len(set(ids)), "a row of the books is two rows of the bank"
    counted = sum(cents for cents, _ in books.totals.account_sums().values())
    assert counted == sum(each.cents for each in life.things if not each.pending)
    assert books.digest.prove(lambda: None).ok
    assert len(books.accounts.all()) == 2
    derived_holds(books)
