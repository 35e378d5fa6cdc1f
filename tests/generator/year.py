"""Whole test years by seed: `make_year(seed)` gives the files of a household and the truth about every line.

Seeds 0, 1, 2 (mod 3) are a photographer, a software consultant and a contractor, with other banks, names and lags; a
further seed of the same household changes names, amounts and days.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from generator.ledger import Row, bank_day
from generator.people import PEOPLE
from generator.persona import Persona
from generator.story import Story
from generator.truth import truth, write
from generator.wording import zelle

_OWNERS = ("ROBIN TALVERT", "CASEY MERRIDEW", "JULES ANSTRUTHER", "SAGE HOLLOWAY", "EMERY CASTELLAN", "REESE OKONDO")
_FRIENDS = ("TOMMY BRACKEN", "ELISE VANTOR", "MARGOT PELL", "IAN STROUDE", "WILLA QUICK")
_FIRST = ("Amber", "Brook", "Cobalt", "Dunmore", "Elder", "Fairlane", "Granite", "Hollow", "Iron", "Jasper", "Kestrel")
_SECOND = ("field", "gate", "ridge", "mont", "water", "wood", "haven", "bridge")
_TRADE = ("Media", "Dental", "Outfitters", "Partners", "Foods", "Realty", "Events", "Labs", "Homes", "Clinic")


@dataclass(frozen=True, slots=True)
class GeneratedYear:
    files: dict[str, bytes]
    """The bank files by name. The names of files whose account is only in the name must be kept on disk."""
    truth: dict[str, Any]
    """See `truth.truth`: profile, accounts, totals, pairs, decoys, skipped, rows."""


def make_year(seed: int) -> GeneratedYear:
    """Return about 2,000 rows of one year; equal seeds give equal bytes."""
    rng = Random(seed * 7919 + 17)
    story = Story(named(PEOPLE[seed % len(PEOPLE)], rng), rng)
    story.tell()
    money_in_that_is_no_income(story)
    _clients_money_back(story)
    equal_sums(story)
    books = story.settle()
    files = write(books)
    return GeneratedYear(files, truth(books, story.who))


def named(who: Persona, rng: Random) -> Persona:
    """Return the persona with an owner and clients of this seed, and accounts of its own."""
    owner = rng.choice(_OWNERS)
    firsts = rng.sample(_FIRST, len(_FIRST))
    clients = []
    for n, client in enumerate(who.clients):
        name = f"{firsts[n % len(firsts)]}{rng.choice(_SECOND)} {rng.choice(_TRADE)}"
        name = name.upper() if client.how == "zelle" else name
        clients.append(replace(client, name=name if client.name == "?" else client.name))

    def own(pair: tuple[str, str]) -> tuple[str, str]:
        return pair[0].replace("OWNER", owner), pair[1].replace("OWNER", owner)

    cards = tuple(
        replace(
            plan,
            bank_text=plan.bank_text.replace("OWNER", owner),
            extra_bank_text=plan.extra_bank_text.replace("OWNER", owner),
        )
        for plan in who.cards
    )
    return replace(
        who, owner=owner, clients=tuple(clients), cards=cards, accounts=deepcopy(who.accounts),
        to_savings=own(who.to_savings), from_savings=own(who.from_savings),
    )  # fmt: skip


def money_in_that_is_no_income(story: Story) -> None:
    who, rng, year = story.who, story.rng, story.who.first.year

    def on(month: int, day: int) -> date:
        return bank_day(date(year, month, day))

    text = story.ach("IRS TREAS 310", "TAX REF", on(3, 12), inward=True)
    story.bank(on(3, 12), story.amount(30000, 140000), text, "tax_payment", "NONE", note="refund of last year's tax")
    for month in (2, 6, 10):
        text = story.ach("VENMO", "CASHOUT", on(month, 19), inward=True)
        cents = story.amount(3000, 16000)
        story.bank(on(month, 19), cents, text, "personal", "NONE", judgment=True, note="friends pay their share")
    for month in (1, 5, 8, 11):
        text = zelle(who.ach_style, rng, rng.choice(_FRIENDS), on(month, 21), inward=True)
        cents = story.amount(2000, 30000, 500)
        story.bank(on(month, 21), cents, text, "personal", "NONE", judgment=True, note="a friend pays back")
    for month in (3, 4, 7, 9, 12):
        text = zelle(who.ach_style, rng, rng.choice(_FRIENDS), on(month, 9), inward=False)
        story.bank(on(month, 9), -story.amount(2000, 30000, 500), text, "personal", "NONE", judgment=True)
    text = story.ach("LENDINGCLUB", "FUNDS", on(5, 6), inward=True)
    story.bank(on(5, 6), 1200000, text, "loan", "NONE", note="a personal loan paid out")
    for month in range(6, 13):
        text = story.ach("LENDINGCLUB", "LOAN PYMT", on(month, 6), inward=False)
        story.bank(on(month, 6), -39215, text, "loan", "NONE")
    story.from_savings(on(8, 27), 300000, who.wire_fee, _wire_wording(who))


def _wire_wording(who: Persona) -> tuple[str, str]:
    bank = next(a for a in who.accounts if a.label == who.savings).institution.upper()
    checking = next(a for a in who.accounts if a.label == who.checking)
    mine = f"{checking.institution.upper() or 'LAKESIDE CU'} {checking.last4}".strip()
    shapes = {
        "bofa_debit": f"WIRE TYPE:WIRE IN TRANSFER ORIG:{who.owner} SND BK:{bank} ID:{{n}}",
        "wells_debit": f"WT TRANSFER {bank} /ORG={who.owner} SRF# {{n}}",
    }
    return shapes.get(who.ach_style, f"Incoming Wire Transfer {bank} {who.owner}"), f"Wire transfer to {mine}"


def _clients_money_back(story: Story) -> None:
    """Give two clients of each processor money back, one in full; one more disputes a charge and wins."""
    books, rng, who = story.books, story.rng, story.who
    for account, word in ((who.stripe, "refund"), (who.paypal, "Payment Refund")):
        if not account:
            continue
        limit = who.last - timedelta(days=40)
        paid = [r for r in books.of(account) if r.kind == "income" and r.posted < limit]
        full, part, lost = rng.sample(paid, 3)
        for row, cents in ((full, full.gross or 0), (part, (part.gross or 0) * 2 // 5)):
            text = f"REFUND FOR CHARGE ({row.text})" if account == who.stripe else row.name
            books.add(
                account, row.posted + timedelta(days=rng.randint(2, 20)), -cents, text, "refund", "C2", gross=-cents,
                fee=0, source_type=word, name=row.name, original=row, note="client refund",
            )  # fmt: skip
        gross, stripe = lost.gross or 0, account == who.stripe
        books.add(
            account, lost.posted + timedelta(days=rng.randint(20, 35)), -gross - 1500,
            f"Chargeback withdrawal for {lost.text}" if stripe else lost.name, "refund", "C2", gross=-gross, fee=-1500,
            source_type="dispute" if stripe else "Chargeback", name=lost.name, original=lost, note="chargeback",
        )  # fmt: skip


def equal_sums(story: Story) -> None:
    """Sums that are equal by chance. None of the noted couples may be linked."""
    books, rng, who = story.books, story.rng, story.who
    first, second = who.cards[0].card, who.cards[1].card
    big = [r for r in books.of(first) + books.of(second) if r.cents < -9000 and r.kind in {"personal", "expense"}]
    for row in rng.sample(big, 5):
        day = bank_day(row.posted + timedelta(days=rng.randint(0, 2)))
        client = next(c for c in who.clients if c.how == "ach")
        paid = story.bank(
            day, -row.cents, story.ach(client.name.upper(), client.entry, day, inward=True), "income", "C1"
        )
        books.decoy(row, paid, "a client pays the sum of a purchase made shortly before")
    for month in (2, 6, 11):
        _transfer_beside_a_gift(story, bank_day(date(who.first.year, month, 4)))
    _two_cards_paid_alike(story, bank_day(date(who.first.year, 10, 27)))
    for row in rng.sample([r for r in books.of(second) if -9000 < r.cents < -3000 and r.kind == "personal"], 3):
        day = row.day + timedelta(days=rng.randint(1, 3))
        bought = story.buy(first, day, row.cents, "OLD NAVY US 7214", "personal", "NONE")
        back = story.give_back(bought, -row.cents, day + timedelta(days=2))
        books.decoy(row, back, "a refund equals a purchase on another card")
        debit = story.buy(who.checking, day, row.cents, "PETCO 1427", "personal", "NONE")
        books.decoy(debit, back, "a refund equals a debit on checking")


def _transfer_beside_a_gift(story: Story, day: date) -> None:
    """Money goes to savings; a day later the same sum goes to a friend."""
    cents = story.amount(20000, 80000, 10000)
    _, into = story.to_savings(day, cents)
    later = bank_day(day + timedelta(days=1))
    text = zelle(story.who.ach_style, story.rng, story.rng.choice(_FRIENDS), later, inward=False)
    gift = story.bank(later, -cents, text, "personal", "NONE", judgment=True)
    story.books.decoy(gift, into, "money to a friend and a transfer of the same sum")


def _two_cards_paid_alike(story: Story, day: date) -> None:
    """Both cards get the same round sum in one week; only the wording tells which is which."""
    made: list[tuple[Row, Row]] = []
    for n, plan in enumerate(story.who.cards):
        bank_text, card_text = plan.extra_bank_text or plan.bank_text, plan.extra_card_text or plan.card_text
        story.card_payment(plan, bank_day(day + timedelta(days=n)), 40000, bank_text, card_text)
        made.append((story.books.pairs[-1].out, story.books.pairs[-1].inn))
    story.books.decoy(made[0][0], made[1][1], "the payment of the other card")
    story.books.decoy(made[1][0], made[0][1], "the payment of the other card")
