"""One truth behind many downloads: whatever overlaps, in whatever order, each row is in the books once."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from itertools import permutations

import pytest
from generator import one_account
from generator.flat import make_flat_csv, make_flat_ofx

from app.core.dates import day_from_iso
from app.services.books import history
from app.services.books.open_books import Books
from app.services.ingest import imports
from app.services.ledger import transactions
from app.store.row_filter import Filter

Bring = Callable[..., imports.FileResult]
ROWS = [
    ("2026-03-02", -450, "BLUE FOX CAFE OAKLAND CA"),
    ("2026-03-02", -450, "BLUE FOX CAFE OAKLAND CA"),
    ("2026-03-05", 120000, "RIDGEWAY DENTAL GRP AP PAYMENT"),
    ("2026-03-09", -8812, "STAPLES 0041"),
    ("2026-03-12", -450, "BLUE FOX CAFE OAKLAND CA"),
    ("2026-03-15", -2999, "CITY UTILITIES"),
]


def standing(books: Books) -> Counter[tuple[int, int]]:
    return Counter((row.posted_date, row.cents) for row in books.transactions.listed(Filter(), 0))


def total(books: Books) -> tuple[int, int]:
    return books.transactions.count(Filter())


def test_two_downloads_that_overlap_add_each_row_once(
    books: Books, ofx: Callable[..., bytes], chase_csv: Callable[..., bytes], bring: Bring
) -> None:
    one = bring(books, "a.ofx", ofx([(*row, f"id{n}") for n, row in enumerate(ROWS)][:4]))
    two = bring(books, "b.ofx", ofx([(*row, f"id{n}") for n, row in enumerate(ROWS)][1:]))
    assert (one.added, two.added, two.duplicates) == (4, 2, 3)
    three = bring(books, "Chase6620_a.CSV", chase_csv(ROWS[:4]))
    four = bring(books, "Chase6620_b.CSV", chase_csv(ROWS[1:]))
    assert (three.added, four.added, four.duplicates) == (4, 2, 3)
    assert total(books) == (12, 2 * sum(row[1] for row in ROWS))


def test_two_equal_coffees_of_one_day_stay_two(books: Books, chase_csv: Callable[..., bytes], bring: Bring) -> None:
    bring(books, "Chase6620_a.CSV", chase_csv(ROWS[:2]))
    assert total(books) == (2, -900)
    again = bring(books, "Chase6620_b.CSV", chase_csv(ROWS[:3]))
    assert (again.added, again.duplicates) == (1, 2)


def test_an_id_that_comes_back_with_another_amount_or_day_is_another_row(
    books: Books, ofx: Callable[..., bytes], bring: Bring
) -> None:
    first = bring(books, "a.ofx", ofx([("2026-03-02", -450, "CAFE", "7"), ("2026-03-02", -980, "CAFE", "7")]))
    assert (first.added, first.duplicates) == (2, 0)
    assert [note for note in first.notes if "different amounts or dates" in note]
    later = bring(books, "b.ofx", ofx([("2026-03-02", -450, "CAFE", "7"), ("2026-04-02", -450, "CAFE", "7")]))
    assert (later.added, later.duplicates) == (1, 1)


def test_a_record_that_a_file_gives_twice_is_taken_once_and_said(
    books: Books, ofx: Callable[..., bytes], bring: Bring
) -> None:
    result = bring(books, "a.ofx", ofx([("2026-03-02", -450, "CAFE", "7"), ("2026-03-02", -450, "CAFE", "7")]))
    assert (result.added, result.duplicates) == (1, 1)
    assert any("repeat" in note for note in result.notes)


def test_a_bank_that_gives_its_records_new_ids_adds_nothing(
    books: Books, ofx: Callable[..., bytes], bring: Bring
) -> None:
    bring(books, "a.ofx", ofx([(*row, f"old{n}") for n, row in enumerate(ROWS)]))
    again = bring(books, "b.ofx", ofx([(*row, f"new{n}") for n, row in enumerate(ROWS)]))
    assert (again.added, again.duplicates) == (0, 6)
    more = bring(
        books, "c.ofx", ofx([(*row, f"third{n}") for n, row in enumerate([*ROWS, ("2026-03-20", -75, "BUS")])])
    )
    assert (more.added, total(books)[0]) == (1, 7)


@pytest.mark.parametrize("order", list(permutations("abcd"))[::2], ids="".join)
def test_a_download_with_new_ids_adds_nothing_whichever_comes_first(
    books: Books, ofx: Callable[..., bytes], bring: Bring, order: tuple[str, ...]
) -> None:
    """Three downloads that overlap under the same ids, and one of the middle under others."""
    shown = {"a": (range(4), "id"), "b": (range(2, 6), "id"), "c": (range(6), "id"), "d": (range(1, 5), "new")}
    files = {name: ofx([(*ROWS[n], f"{word}{n}") for n in places]) for name, (places, word) in shown.items()}
    for name in order:
        assert bring(books, f"{name}.ofx", files[name]).error is None
    # The one with new ids shows one of the two equal coffees: whichever that is, two are in the books.
    assert total(books) == (6, sum(row[1] for row in ROWS))


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_a_download_that_words_its_rows_otherwise_adds_nothing(
    books: Books, chase_csv: Callable[..., bytes], bring: Bring, order: str
) -> None:
    """Two rows of each day keep their words in one file, so that rows known again stand beside those in new words."""
    other = [(day, cents, f"{text} 06620" if "CAFE" in text or "CITY" in text else text) for day, cents, text in ROWS]
    files = {"a": chase_csv(ROWS), "b": chase_csv(other)}
    added = [bring(books, f"Chase6620_{name}.CSV", files[name]).added for name in order]
    assert added == [6, 0]


def test_another_shop_at_the_same_price_that_day_is_new(
    books: Books, chase_csv: Callable[..., bytes], bring: Bring
) -> None:
    bring(books, "Chase6620_a.CSV", chase_csv(ROWS))
    more = bring(books, "Chase6620_b.CSV", chase_csv([*ROWS[2:], ("2026-03-09", -8812, "GREEN LANTERN HARDWARE")]))
    assert (more.added, more.duplicates) == (1, 4)


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_a_card_dated_by_the_purchase_meets_one_dated_by_the_posting_after_a_weekend(
    books: Books, ofx: Callable[..., bytes], bring: Bring, order: str
) -> None:
    """The CSV says when it was bought; the OFX says both, and posts up to five days later."""
    rows = [
        ("2026-03-01", "2026-03-02", -450, "BLUE FOX CAFE"),
        ("2026-03-02", "2026-03-03", -450, "BLUE FOX CAFE"),
        ("2026-03-05", "2026-03-10", -8812, "STAPLES 0041"),
        ("2026-03-06", "2026-03-11", -2999, "CITY UTILITIES"),
        ("2026-03-12", "2026-03-13", -7150, "SHELL OIL 5744"),
        ("2026-03-28", "2026-04-02", -6500, "WILLOW LANE GOODS"),
    ]
    table = "".join(f"{day[5:7]}/{day[8:]}/{day[:4]},{text},{-cents / 100:.2f}\n" for day, _, cents, text in rows)
    records = [(posted, cents, text, f"id{n}", day) for n, (day, posted, cents, text) in enumerate(rows)]
    files = {
        "a": ("activity.csv", b"Date,Description,Amount\n" + table.encode()),
        "b": ("card.ofx", ofx(records, card=True)),
    }
    added = [bring(books, *files[name], account="Card", account_kind="credit").added for name in order]
    assert added == [6, 0]


@pytest.mark.parametrize("order", list(permutations("abc")), ids="".join)
def test_ids_that_some_downloads_leave_out_double_nothing(
    books: Books, ofx: Callable[..., bytes], bring: Bring, order: tuple[str, ...]
) -> None:
    """The same rows with the bank's ids, without any, and with every other one."""
    ids = {"a": range(6), "b": range(0), "c": range(0, 6, 2)}
    downloads = {
        name: ofx([(*row, f"id{n}" if n in given else "") for n, row in enumerate(ROWS)]) for name, given in ids.items()
    }
    added = [bring(books, f"{name}.ofx", downloads[name]).added for name in order]
    assert added == [6, 0, 0]
    assert [bring(books, f"again-{name}.ofx", downloads[name] + b"\n").added for name in order] == [0, 0, 0]


def test_a_third_coffee_is_new_whether_or_not_the_bank_gives_it_an_id(
    books: Books, ofx: Callable[..., bytes], bring: Bring
) -> None:
    bring(books, "a.ofx", ofx([(*row, f"id{n}") for n, row in enumerate(ROWS)]))
    more = bring(books, "b.ofx", ofx([*((*row, "") for row in ROWS), (*ROWS[0], "")]))
    assert (more.added, more.duplicates) == (1, 6)
    last = bring(
        books, "c.ofx", ofx([*((*row, f"id{n}") for n, row in enumerate(ROWS)), (*ROWS[0], ""), (*ROWS[0], "x")])
    )
    assert (last.added, last.duplicates) == (1, 7)


@pytest.mark.parametrize("order", list(permutations("abcd"))[::3], ids="".join)
def test_csv_and_ofx_of_one_account_in_any_order_give_the_truth(
    books: Books, bring: Bring, order: tuple[str, ...]
) -> None:
    """The whole period as CSV and as OFX, and a part of each again."""
    rows = 60
    csv, ofx = make_flat_csv(rows, 3), make_flat_ofx(rows, 3)
    lines = csv.decode().splitlines(keepends=True)
    head, *records = ofx.split(b"<STMTTRN>")
    last, end, tail = records[-1].partition(b"</BANKTRANLIST>")
    part = head + b"".join(b"<STMTTRN>" + record for record in records[20:45]) + end + tail
    assert last
    files = {
        "a": ("Chase6620_Activity.CSV", csv),
        "b": ("harbor.ofx", ofx),
        "c": ("Chase6620_Activity2.CSV", "".join([lines[0], *lines[15:40]]).encode()),
        "d": ("harbor2.ofx", part),
    }
    for name in order:
        result = bring(books, *files[name], account="Main")
        assert result.error is None
    truth = [line.split(",") for line in lines[1:]]
    assert total(books)[0] == rows
    assert len(truth) == rows
    for name in order:
        assert bring(books, *files[name], account="Main").added == 0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_four_formats_of_one_account_in_any_order_give_the_truth(books: Books, bring: Bring, seed: int) -> None:
    """Spans that overlap, of OFX (names cut at 32 letters), CSV, QIF and camt; texts begin alike, amounts repeat."""
    chance = random.Random(seed)
    rows = one_account.truth(seed)
    cuts = sorted(chance.sample(range(5, 65), 3))
    spans = [(0, cuts[1]), (cuts[0], cuts[2]), (cuts[1], 70), (0, 70)]
    files = [
        (name, write, span) for name, write in one_account.WRITERS.items() for span in chance.sample(spans, 2)
    ]  # fmt: skip
    files.append((*chance.choice(list(one_account.WRITERS.items())), (0, 70)))
    chance.shuffle(files)
    seen: set[one_account.Told] = set()
    for name, write, span in files:
        told = one_account.whole_days(rows, *span)
        assert bring(books, name, write(told), account="Main").error is None
        seen |= set(told)
        assert total(books) == (len(seen), sum(row.cents for row in seen))
    assert len(seen) == len(rows)
    for name, write, span in files:
        assert bring(books, name, write(one_account.whole_days(rows, *span)) + b" ", account="Main").added == 0


def test_equal_bytes_into_another_account_are_a_new_import(
    books: Books, chase_csv: Callable[..., bytes], bring: Bring
) -> None:
    one = bring(books, "x.csv", chase_csv(ROWS), account="One")
    same = bring(books, "x.csv", chase_csv(ROWS), account="One")
    other = bring(books, "x.csv", chase_csv(ROWS), account="Two")
    assert (same.operation, same.added, same.rows) == (None, 0, one.rows)
    assert other.operation is not None
    assert (other.added, other.accounts[0].made) == (6, True)


def test_an_undone_import_can_come_again(books: Books, chase_csv: Callable[..., bytes], bring: Bring) -> None:
    bring(books, "x.csv", chase_csv(ROWS), account="One")
    history.undo(books)
    assert total(books) == (0, 0)
    assert books.accounts.all() == []
    again = bring(books, "x.csv", chase_csv(ROWS), account="One")
    assert again.added == 6
    assert again.operation is not None
    assert total(books)[0] == 6


def test_a_deleted_row_stays_away_whatever_brings_it(
    books: Books, ofx: Callable[..., bytes], chase_csv: Callable[..., bytes], bring: Bring
) -> None:
    bring(books, "x.csv", chase_csv(ROWS), account="One")
    wrong = next(row for row in books.transactions.listed(Filter(), 0) if row.cents == -8812)
    transactions.delete(books, [wrong.id], "never mine")
    assert bring(books, "y.csv", chase_csv(ROWS[1:]), account="One").added == 0
    assert bring(books, "z.ofx", ofx(ROWS), account="One").added == 0
    assert total(books)[0] == 5
    transactions.restore(books, wrong.id)
    assert total(books)[0] == 6


def test_a_row_entered_by_hand_is_met_by_the_file_that_brings_it(
    books: Books, chase_csv: Callable[..., bytes], bring: Bring
) -> None:
    bring(books, "x.csv", chase_csv(ROWS[:3]), account="One")
    transactions.add(books, date="2026-03-09", cents=-8812, account_selector="One", description="Staples 0041")
    result = bring(books, "y.csv", chase_csv(ROWS), account="One")
    assert (result.added, result.duplicates) == (2, 4)
    assert standing(books) == Counter((day_from_iso(day), cents) for day, cents, _ in ROWS)


def test_a_dry_run_says_what_would_come_and_changes_nothing(
    books: Books, chase_csv: Callable[..., bytes], bring: Bring
) -> None:
    before = books.connection.execute("SELECT COUNT(*) FROM operation").fetchone()
    result = bring(books, "x.csv", chase_csv(ROWS), account="One", dry_run=True)
    assert (result.added, result.operation) == (6, None)
    assert total(books) == (0, 0)
    assert books.accounts.all() == []
    assert books.connection.execute("SELECT COUNT(*) FROM operation").fetchone() == before
