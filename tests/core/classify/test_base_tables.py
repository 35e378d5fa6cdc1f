"""The merchant base as tables: a row that cannot be understood, or two that claim one name, would book wrongly."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

import pytest

from app.core.books.vocabulary import Profession
from app.core.classify.clean import words_of
from app.core.classify.decide import Knowledge
from app.services.classify import knowledge as shipped

FOLDER = shipped.MERCHANTS
ALL = [name.removeprefix(f"{FOLDER}/").removesuffix(".csv") for name in shipped.merchant_tables()]
BUSINESS = [
    "advertising", "business_insurance", "client_income", "cloud_and_domains", "construction", "education",
    "health_insurance", "lenders", "licences_and_dues", "office_and_shipping", "payroll_and_benefits",
    "phone_and_internet", "photo", "platforms", "premises", "professional_services", "resale",
    "retirement_and_brokers", "software", "therapy",
]  # fmt: skip
SHORTEST = 3
SHORTEST_WHOLE = 2
"""A name of two letters may only stand for a merchant as the whole text: `hp$`."""


def rows(table: str) -> list[list[str]]:
    """Return the rows of a table as they are written, comments left out."""
    found = list(shipped.rows(f"{FOLDER}/{table}.csv"))
    return found[1:]


def stems(row: list[str]) -> list[str]:
    return row[2].split("|") if row[2] else [row[0]]


def written(tables: list[str]) -> Iterator[tuple[str, str, str]]:
    """Yield each stem without spaces, with its merchant and that one's trade."""
    for table in tables:
        for row in rows(table):
            for stem in stems(row):
                yield "".join(words_of(stem)), row[0], row[1]


def test_the_tables_of_business_trades_are_shipped() -> None:
    assert set(BUSINESS) <= set(ALL)


@pytest.mark.parametrize("table", ALL)
def test_each_row_is_understood(table: str, knowledge: Knowledge) -> None:
    professions = {profession.value for profession in Profession}
    for row in rows(table):
        assert len(row) == 4, row
        name, category, _, asked = row
        assert name == name.strip() != "", row
        assert knowledge.category(category, "") is not None, row
        first, *trades = asked.split() or [""]
        assert (first, bool(trades)) in {("", False), ("yes", False), ("pays", False), ("unless", True)}, row
        assert set(trades) <= professions, row
        assert all(words_of(stem) for stem in stems(row)), row


@pytest.mark.parametrize("table", ALL)
def test_rows_are_in_order(table: str) -> None:
    order = [(row[1], ",".join(row).casefold()) for row in rows(table)]
    assert order == sorted(order)


@pytest.mark.parametrize("table", BUSINESS)
def test_a_merchant_stands_in_one_row(table: str) -> None:
    names = Counter(row[0].casefold() for row in rows(table))
    assert [name for name, count in names.items() if count > 1] == []


def test_a_stem_stands_for_one_merchant() -> None:
    assert [stem for stem, count in Counter(stem for stem, *_ in written(BUSINESS)).items() if count > 1] == []


def test_no_stem_of_a_business_trade_means_another_trade_elsewhere() -> None:
    trades: dict[str, set[str]] = defaultdict(set)
    for stem, _, category in written(ALL):
        trades[stem].add(category)
    own = {stem for stem, *_ in written(BUSINESS)}
    assert {stem: found for stem, found in trades.items() if stem in own and len(found) > 1} == {}


@pytest.mark.parametrize("table", BUSINESS)
def test_stems_are_long_enough_to_be_a_name(table: str) -> None:
    for row in rows(table):
        for stem in stems(row):
            size = len("".join(words_of(stem)))
            assert size >= (SHORTEST_WHOLE if stem.endswith("$") else SHORTEST), row


def test_a_last_short_word_does_not_go_on(knowledge: Knowledge) -> None:
    """`maven com` is the site of Maven; Maven Communications is somebody else. An abbreviation may go on."""
    assert knowledge.merchants.find(["maven", "com"], None) is not None
    assert knowledge.merchants.find(["maven", "communications"], None) is None
    assert knowledge.merchants.find(["podium", "corporation"], None) is not None


def test_a_cut_name_that_goes_on_into_its_own_payouts_is_the_plain_one(knowledge: Knowledge) -> None:
    found = knowledge.merchants.find(["shutterstoc"], "paypal")
    assert found is not None
    assert found.merchant.name == "Shutterstock"


def test_the_packed_merchants_are_those_of_the_tables() -> None:
    """After a change of the tables: python scripts/pack_merchants.py."""
    for name, data in shipped.packed().items():
        assert shipped.shipped(name) == data, name


def test_other_bytes_are_no_merchants() -> None:
    with pytest.raises(ValueError, match="no packed merchants"):
        shipped.build({shipped.PACKED_BASE: b"merchants 2\n"})
