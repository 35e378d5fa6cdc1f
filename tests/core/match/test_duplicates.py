from __future__ import annotations

import random

from app.core.match.duplicates import Row, absorb, similarity

SHOPS = (
    "SQ *BLUE HERON COFFEE SEATTLE WA",
    "ADOBE *CREATIVE CLOUD 408-536-6000 CA",
    "SHELL OIL 57442 PORTLAND OR",
    "NORTHGATE LLC DES:PAYMENT ID:0042",
    "STAPLES 00118 PORTLAND OR",
)


def test_a_csv_and_the_ofx_of_the_same_weeks_are_one() -> None:
    dice = random.Random(11)
    days = sorted(dice.randrange(100, 190) for _ in range(400))
    texts = [dice.choice(SHOPS) for _ in days]
    cents = [-dice.choice((450, 450, 520, 6_499, dice.randrange(1_000, 90_000))) for _ in days]
    rows = list(zip(days, cents, texts, strict=True))
    csv = [Row(i, 1, day, amount, text, "csv") for i, (day, amount, text) in enumerate(rows)]
    ofx = [Row(10_000 + i, 1, day, amount, text[:32], "ofx") for i, (day, amount, text) in enumerate(rows)]
    dice.shuffle(ofx)
    found = absorb(csv, ofx)
    assert len(found) == 400
    assert len(set(found.values())) == 400
    by_key = {row.key: row for row in (*csv, *ofx)}
    assert all(by_key[new].day == by_key[old].day for new, old in found.items())
    assert absorb(ofx, csv).keys() == {row.key for row in csv}


def test_two_equal_coffees_in_one_file_stay_two() -> None:
    there = [Row(1, 1, 100, -450, "BLUE HERON COFFEE")]
    new = [Row(2, 1, 100, -450, "BLUE HERON COFFEE"), Row(3, 1, 100, -450, "BLUE HERON COFFEE")]
    assert list(absorb(there, new).values()) == [1]
    assert absorb([], new) == {}
    assert absorb([Row(4, 1, 100, -450, "COFFEE", "a.csv")], [Row(5, 1, 100, -450, "COFFEE", "a.csv")]) == {}


def test_accounts_amounts_texts_and_days_must_fit() -> None:
    there = [Row(1, 1, 100, -450, "BLUE HERON COFFEE")]
    assert absorb(there, [Row(2, 2, 100, -450, "BLUE HERON COFFEE")]) == {}
    assert absorb(there, [Row(2, 1, 100, -451, "BLUE HERON COFFEE")]) == {}
    assert absorb(there, [Row(2, 1, 100, 450, "BLUE HERON COFFEE")]) == {}
    assert absorb(there, [Row(2, 1, 100, -450, "CITY PARKING GARAGE")]) == {}
    assert absorb(there, [Row(2, 1, 103, -450, "BLUE HERON COFFEE")]) == {2: 1}
    assert absorb(there, [Row(2, 1, 104, -450, "BLUE HERON COFFEE")]) == {}
    assert absorb(there, [Row(2, 1, 105, -450, "BLUE HERON COFFEE", pending=True)]) == {2: 1}


def test_the_nearest_pairing_of_all_wins() -> None:
    there = [Row(1, 1, 100, -450, "COFFEE"), Row(2, 1, 102, -450, "COFFEE")]
    assert absorb(there, [Row(3, 1, 102, -450, "COFFEE"), Row(4, 1, 101, -450, "COFFEE")]) == {3: 2, 4: 1}


def test_todays_coffee_is_not_yesterdays_where_both_sources_agree_on_dates() -> None:
    there = [Row(i, 1, 90 + i, -1_000 - i, "STAPLES") for i in range(8)]
    there += [Row(20, 1, 100, -450, "COFFEE"), Row(21, 1, 101, -450, "COFFEE")]
    new = [Row(100 + i, 1, 90 + i, -1_000 - i, "STAPLES") for i in range(8)]
    new += [Row(121, 1, 101, -450, "COFFEE"), Row(122, 1, 102, -450, "COFFEE")]
    found = absorb(there, new)
    assert found[121] == 21
    assert 122 not in found


def test_a_year_of_equal_daily_rows() -> None:
    there = [Row(i, 1, i, -450, "COFFEE", "a") for i in range(365)]
    new = [Row(1_000 + i, 1, i, -450, "COFFEE", "b") for i in range(370)]
    found = absorb(there, new)
    assert {new_key - 1_000: old for new_key, old in found.items()} == {i: i for i in range(365)}


def test_similarity() -> None:
    assert similarity("DEPOSIT", "REMOTE ONLINE DEPOSIT 1") == 90
    assert similarity("CHECKCARD 0312 BLUE HERON COF", "CHECKCARD 0312 BLUE HERON COFFEE SEATTLE WA") == 100
    assert similarity("BLUE HERON", "RED FALCON GARAGE") < 50
    assert similarity("", "ANYTHING") == 0


def test_dates_of_purchase_are_compared_where_one_source_gives_both() -> None:
    there = [Row(i, 1, 100 + i, -1_000 - i, "STAPLES", "csv") for i in range(4)]
    new = [Row(10 + i, 1, 104 + i, -1_000 - i, "STAPLES", "ofx", bought=100 + i) for i in range(4)]
    assert absorb(there, new) == {10: 0, 11: 1, 12: 2, 13: 3}
    assert absorb(new, there) == {0: 10, 1: 11, 2: 12, 3: 13}
    assert absorb(there, [row._replace(bought=None) for row in new]) == {}


def test_on_the_same_day_only() -> None:
    there = [Row(1, 1, 100, -450, "COFFEE"), Row(2, 1, 101, -450, "COFFEE")]
    assert absorb(there, [Row(3, 1, 101, -450, "COFFEE"), Row(4, 1, 102, -450, "COFFEE")], same_day=True) == {3: 2}
