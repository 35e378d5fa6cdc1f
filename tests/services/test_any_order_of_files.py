"""The files of one account in any order: the same rows in the same words, booked and suggested alike."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest
from generator import one_account
from services.banks import Bank, account, feed_of, row

from app.core.dates import day_from_iso, year_days
from app.services.bank import bank_sync
from app.services.books import history
from app.services.books.open_books import Books
from app.services.classify import rules
from app.services.income import payer_changes, payers
from app.services.ingest import imports
from app.services.ledger import accounts, transactions
from app.services.review import questions
from app.store.row_filter import Filter

Bring = Callable[..., imports.FileResult]
Ofx = Callable[..., bytes]
Chase = Callable[..., bytes]


def stands(books: Books) -> list[tuple[Any, ...]]:
    """Return all that a person sees of the rows and of the questions about them."""
    names = books.descriptors.texts(group.descriptor_id for group in books.labels.groups_in_use())
    said = {
        row.id: names[group.descriptor_id]
        for row in books.transactions.listed(Filter(), 0)
        for group in [transactions.group_of(books, row.id)]
    }
    rows = sorted(
        (row.tax_date, row.posted_date, row.transacted_date or 0, row.cents, *map(str, said[row.id]), str(row.merchant),
         row.kind, row.line, row.percent, row.status, row.confidence, row.reason, row.gross_cents or 0)
        for row in books.transactions.listed(Filter(), 0)
    )  # fmt: skip
    asked = sorted(
        (item.type, item.question, item.reason, len(item.rows), tuple(c[1:5] for c in map(_choice, item.choices)))
        for item in questions.items(books)
    )
    return [*rows, *asked]


def _choice(choice: questions.Choice) -> tuple[Any, ...]:
    return (choice.n, choice.label, choice.kind, choice.line, choice.confidence)


WORDS = [
    ("SQ *BLUE FOX CAFE 0041 OAKLAND CA", "SQ *BLUE FOX CAFE"),
    ("FIGMA MONTHLY RENEWAL SAN FRANCISCO CA CARD 4417", "FIGMA MONTHLY RENEWAL SAN FRANCI"),
    ("RIDGEWAY DENTAL GRP AP PAYMENT INVOICE 7718 CCD", "RIDGEWAY DENTAL GRP AP PAYMENT I"),
    ("ADOBE *CREATIVE CLOUD 408-536-6000 CA", "ADOBE *CREATIVE CLOUD"),
    ("ZELLE PAYMENT FROM QUORN VALE STUDIO REF 22", "ZELLE PAYMENT FROM QUORN VALE ST"),
    ("QUORLBIN PRINT AND SIGN SHOP", "QUORLBIN PRINT AND SIGN SHOP"),
]


@pytest.mark.parametrize("seed", range(4))
def test_formats_and_spans_in_any_order_end_alike(make_books: Callable[..., Books], bring: Bring, seed: int) -> None:
    chance = random.Random(seed)
    rows = [row._replace(text=chance.choice(WORDS)[0]) for row in one_account.truth(seed, 60)]
    spans = [(0, 40), (25, 70), (0, 70)]
    files = [(name, write, chance.choice(spans)) for name, write in one_account.WRITERS.items()]
    files.append(("activity.csv", one_account.as_csv, (10, 70)))
    ends = []
    for turn in range(3):
        books = make_books(f"turn{turn}")
        for name, write, span in files:
            result = bring(books, name, write(one_account.whole_days(rows, *span)), account="Main")
            assert result.error is None
        ends.append(stands(books))
        chance.shuffle(files)
    assert ends[1] == ends[0]
    assert ends[2] == ends[0]


LONG = [("2026-03-02", -1_500, WORDS[1][0]), ("2026-03-05", 120_000, WORDS[2][0]), ("2026-03-09", -450, WORDS[0][0])]
SHORT = [("2026-03-02", -1_500, WORDS[1][1]), ("2026-03-05", 120_000, WORDS[2][1]), ("2026-03-09", -450, WORDS[0][1])]


@pytest.mark.parametrize("order", list(permutations("abc")), ids="".join)
def test_the_words_that_say_more_are_kept_and_nothing_is_doubled(
    books: Books, ofx: Ofx, chase_csv: Chase, bring: Bring, derived_holds: Callable[[Books], None], order: str
) -> None:
    """An OFX with cut names, the same with new ids from the bank, and the CSV that says more; then all again."""
    files = {
        "a": ("a.ofx", ofx([(*row, f"id{n}") for n, row in enumerate(SHORT)])),
        "b": ("b.ofx", ofx([(*row, f"new{n}") for n, row in enumerate(SHORT)])),
        "c": ("Chase4417_a.CSV", chase_csv(LONG)),
    }
    for name in order:
        assert bring(books, *files[name], account="Main").error is None
    derived_holds(books)
    rows = list(books.transactions.listed(Filter(), 0))
    assert sorted(row.text for row in rows) == sorted(text for *_, text in LONG)
    for name in order:
        file, data = files[name]
        assert bring(books, file, data + b"\n", account="Main").added == 0
    assert sorted(row.text for row in books.transactions.listed(Filter(), 0)) == sorted(text for *_, text in LONG)


def test_undo_brings_the_first_words_back(books: Books, ofx: Ofx, chase_csv: Chase, bring: Bring) -> None:
    bring(books, "a.ofx", ofx(SHORT), account="Main")
    before = stands(books)
    bring(books, "Chase4417_a.CSV", chase_csv(LONG), account="Main")
    assert stands(books) != before
    history.undo(books)
    assert stands(books) == before
    again = bring(books, "Chase4417_a.CSV", chase_csv(LONG), account="Main")
    assert (again.added, again.duplicates) == (0, 3)


def test_what_a_person_settled_stays(books: Books, ofx: Ofx, chase_csv: Chase, bring: Bring) -> None:
    """A word about one row, a moved date, a note, a rule, an answer, a payer's name."""
    bring(books, "a.ofx", ofx([*SHORT, ("2026-03-11", -900, "ADOBE *CREATIVE CLOUD")]), account="Main")
    by_cents = {row.cents: row.id for row in books.transactions.listed(Filter(), 0)}
    values = {"kind": "expense", "line": "C27", "note": "mine", "date": "2026-02-27"}
    transactions.set_values(books, by_cents[-450], values)
    rules.add(books, {"text": "FIGMA MONTHLY RENEWAL SAN FRANCI", "kind": "expense", "line": "C8"})
    rules.add(books, {"regex": "CLOUD$", "kind": "personal"})
    bring(
        books, "Chase4417_a.CSV",
        chase_csv([*LONG, ("2026-03-11", -900, WORDS[3][0])]), account="Main",
    )  # fmt: skip
    rows = {row.cents: row for row in books.transactions.listed(Filter(), 0)}
    mine = rows[-450]
    assert (mine.kind, mine.line, mine.note) == ("expense", "C27", "mine")
    assert mine.tax_date == day_from_iso("2026-02-27")
    assert (rows[-1_500].line, rows[-1_500].text) == ("C8", WORDS[1][0]), "the rule holds for these words too"
    assert (rows[-900].kind, rows[-900].text) == ("personal", WORDS[3][1]), "it would not hold for the other words"


def test_a_payer_that_a_person_named_keeps_its_rows(books: Books, ofx: Ofx, chase_csv: Chase, bring: Bring) -> None:
    bring(books, "a.ofx", ofx(SHORT), account="Main")
    paid = next(row for row in books.transactions.listed(Filter(), 0) if row.cents > 0)
    transactions.set_values(books, paid.id, {"kind": "income"})

    def names() -> list[str]:
        return [payer.name for payer in payers.in_year(books, 2026).payers]

    [name] = names()
    payer_changes.change(books, name, {"name": "Ridgeway"})
    bring(books, "Chase4417_a.CSV", chase_csv(LONG), account="Main")
    assert names() == ["Ridgeway"]


def test_the_day_of_the_purchase_counts_whichever_file_came_first(
    make_books: Callable[..., Books], bring: Bring, ofx: Ofx
) -> None:
    """A card charge of 30 December that posts in January; only the table tells the day of the purchase."""
    table = (
        b"Transaction Date,Post Date,Description,Category,Type,Amount,Memo\n"
        b"12/30/2025,01/02/2026,FIGMA,Shopping,Sale,-15.00,\n"
    )
    plain = ofx([("2026-01-02", -1_500, "FIGMA MONTHLY RENEWAL", "id1")])
    ends = []
    for turn, order in enumerate(((0, 1), (1, 0))):
        books = make_books(f"card{turn}")
        for n in order:
            file = (("Chase9999_Activity.CSV", table), ("card.ofx", plain))[n]
            result = bring(books, *file, account="Card", account_kind="credit")
            assert result.error is None
        [row] = books.transactions.listed(Filter(), 0)
        assert (row.tax_date, row.text) == (day_from_iso("2025-12-30"), "FIGMA MONTHLY RENEWAL")
        ends.append(stands(books))
    assert ends[0] == ends[1]


def test_a_sealed_year_is_left_as_it_is(
    books: Books, ofx: Ofx, chase_csv: Chase, bring: Bring
) -> None:  # fmt: skip
    bring(books, "a.ofx", ofx(SHORT), account="Main")
    with books.work.operation("seal"):
        books.connection.execute(
            "INSERT INTO sealed_year (year, first_day, last_day) VALUES (2026, ?, ?)", year_days(2026)
        )
    result = bring(books, "Chase4417_a.CSV", chase_csv(LONG), account="Main")
    assert (result.error, result.duplicates) == (None, 3)
    assert sorted(row.text for row in books.transactions.listed(Filter(), 0)) == sorted(text for *_, text in SHORT)


@pytest.mark.parametrize("order", list(permutations("bof")), ids="".join)
def test_a_bank_that_is_linked_says_its_part_whichever_came_first(
    books: Books, make_books: Callable[..., Books], ofx: Ofx, chase_csv: Chase, bring: Bring, order: str
) -> None:
    """The link knows the trade of the print shop and who paid, the table has whole names, the OFX has cut ones."""
    bank = Bank(name="Chase")
    bank.accounts = [account(mask="4417")]
    category = {"primary": "GENERAL_SERVICES", "detailed": "GENERAL_SERVICES_POSTAGE_AND_SHIPPING",
                "confidence_level": "VERY_HIGH"}  # fmt: skip
    shop = ("2026-03-11", -900, "QUORLBIN PARCELS")
    bank.add(*(row(f"t{n}", f"{-cents / 100:.2f}", day, text) for n, (day, cents, text) in enumerate(SHORT)))
    bank.add(row("t9", "9.00", "2026-03-11", "QUORLBIN", personal_finance_category=category))

    def all_in(into: Books, turns: str) -> list[tuple[Any, ...]]:
        for turn in turns:
            if turn == "b":
                held = into.bank.of_item(bank.item_id)
                bank_sync.sync(into, bank.link(into) if held is None else held.id, feed=feed_of(bank))
            elif turn == "o":
                cut = ofx([*SHORT, ("2026-03-11", -900, "QUORLBIN PA")])
                assert bring(into, "a.ofx", cut, account="Main").error is None
            else:
                assert bring(into, "Chase4417_a.CSV", chase_csv([*LONG, shop]), account="Main").error is None
        return stands(into)

    for into in (books, other := make_books("other")):
        accounts.add(into, {"name": "Main", "kind": "checking", "institution": "Chase", "last4": "4417"})
    found = all_in(books, order)
    assert found == all_in(other, "bof")
    texts = {row.text: row for row in books.transactions.listed(Filter(), 0)}
    assert set(texts) == {text for *_, text in [*LONG, shop]}
    assert texts[shop[2]].line == "C18", "by the category that only the link tells"
    bank.era += 1
    held = books.bank.of_item(bank.item_id)
    assert held is not None
    assert bank_sync.sync(books, held.id, feed=feed_of(bank)).operation is None
    assert stands(books) == found
