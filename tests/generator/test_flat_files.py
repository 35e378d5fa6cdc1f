"""The measuring files have the rows asked for, in order, and both formats hold the same money."""

from __future__ import annotations

import csv

from generator.flat import make_flat_csv, make_flat_ofx
from generator.plain_reader import read_plain


def test_flat_files_agree() -> None:
    plain = read_plain(make_flat_csv(5000, 3))
    marked = read_plain(make_flat_ofx(5000, 3))
    assert len(plain) == len(marked) == 5000
    assert [row[1:] for row in plain] == [row[1:] for row in marked]


def test_dates_ascend_over_three_years() -> None:
    days = [row[1] for row in read_plain(make_flat_csv(5000, 3))]
    assert days == sorted(days)
    assert (days[-1] - days[0]).days == 365 * 3


def test_seeds() -> None:
    assert make_flat_csv(500, 1) == make_flat_csv(500, 1)
    assert make_flat_csv(500, 1) != make_flat_csv(500, 2)
    assert len(read_plain(make_flat_ofx(1, 1))) == 1


def test_rows_have_the_extra_comma_and_a_running_balance() -> None:
    lines = list(csv.reader(make_flat_csv(300, 5).decode().splitlines()))
    assert len(lines[0]) == 7
    assert {len(line) for line in lines[1:]} == {8}
    sums = [float(line[5]) for line in lines[1:]]
    moved = [float(line[3]) for line in lines[1:]]
    assert all(abs(b - a - m) < 0.001 for a, b, m in zip(sums, sums[1:], moved[1:], strict=False))
    assert len({line[2] for line in lines[1:]}) > 150
