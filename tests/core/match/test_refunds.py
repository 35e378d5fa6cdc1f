from __future__ import annotations

import random

import pytest

from app.core.match.refund_words import says_back, subject
from app.core.match.refunds import Back, Backs, Move, find

CARD, STRIPE = 3, 5


def bought(number: int, day: int, cents: int, text: str = "WILLOW LANE GOODS", account: int = CARD) -> Move:
    name = " ".join(word for word in text.lower().split() if not any(map(str.isdigit, word)))
    return Move(number, account, day, -cents, name, text, None)


def back(number: int, day: int, cents: int, text: str = "WILLOW LANE GOODS") -> Move:
    return bought(number, day, -cents, text)._replace(back="refund")


def linked(*moves: Move) -> set[tuple[int, int]]:
    return {(found.original_id, found.back_id) for found in find(moves, {}, ()).linked}


def test_the_only_purchase_of_that_amount() -> None:
    (found,) = find([bought(1, 100, 5_000), bought(2, 103, 7_100), back(3, 110, 5_000)], {}, ()).linked
    assert found == Back(1, 3, 5_000, "refund", True, found.points, found.reason)
    assert found.reason == "all of the purchase of 1970-04-11 over $50.00 came back 10 days later"


def test_a_part_of_the_only_purchase_that_is_large_enough() -> None:
    moves = [bought(1, 100, 5_000), bought(2, 103, 1_100), back(3, 110, 2_040)]
    assert linked(*moves) == {(1, 3)}
    assert find(moves, {}, ()).linked[0].reason.startswith("$20.40 of the purchase of 1970-04-11")


def test_a_part_that_fits_two_purchases_is_a_question_showing_both() -> None:
    answer = find([bought(1, 100, 5_000), bought(2, 103, 6_017), back(3, 110, 2_041)], {}, ())
    assert answer.linked == ()
    assert [[found.original_id for found in question] for question in answer.questions] == [[2, 1]]


def test_a_late_part_from_another_shop_of_the_name_must_be_a_round_share() -> None:
    purchase = bought(1, 100, 31_499, "WILLOW LANE #6256")
    half, odd = back(2, 155, 15_749, "WILLOW LANE #2958"), back(2, 155, 13_117, "WILLOW LANE #2958")
    assert linked(purchase, half) == {(1, 2)}
    assert linked(purchase, odd) == set()
    assert linked(purchase, bought(3, 98, 31_498, "WILLOW LANE #7111"), half) == set()


def test_of_equal_amounts_the_latest_when_it_is_clearly_later() -> None:
    assert linked(bought(1, 70, 5_999), bought(2, 100, 5_999), back(3, 112, 5_999)) == {(2, 3)}
    assert linked(bought(1, 98, 5_999), bought(2, 100, 5_999), back(3, 112, 5_999)) == set()


def test_purchases_that_cannot_be_told_apart_are_given_back_one_after_the_other() -> None:
    twice = [bought(1, 100, 5_000), bought(2, 100, 5_000)]
    assert linked(*twice, back(3, 101, 5_000)) == {(1, 3)}
    assert linked(*twice, back(3, 101, 5_000), back(4, 104, 5_000)) == {(1, 3), (2, 4)}


def test_never_more_comes_back_than_was_paid() -> None:
    moves = [bought(1, 100, 5_000), back(2, 105, 3_000), back(3, 106, 3_000)]
    assert linked(*moves) == set()
    assert linked(*moves[:2]) == {(1, 2)}
    assert linked(bought(1, 100, 5_000), back(2, 105, 3_000), back(3, 106, 2_000)) == {(1, 2), (1, 3)}
    assert find([bought(1, 100, 5_000), back(2, 105, 5_000)], {1: 1}, ()) == Backs((), ())


def test_a_number_both_texts_carry_tells_purchases_apart() -> None:
    moves = [
        bought(1, 100, 5_000, "ALDER MARKET 4411"), bought(2, 103, 6_017, "ALDER MARKET 9902"),
        back(3, 110, 2_041, "RETURN ALDER MARKET 4411"),
    ]  # fmt: skip
    moves[2] = moves[2]._replace(key="alder market")
    assert linked(*moves) == {(1, 3)}


def test_half_of_one_amount_is_no_chance_where_amounts_are_fine() -> None:
    assert linked(bought(1, 100, 23_148), bought(2, 103, 26_017), back(3, 110, 11_574)) == {(1, 3)}
    # In whole dollars every amount is a round share of some other.
    assert linked(bought(1, 100, 20_000), bought(2, 103, 25_000), back(3, 110, 5_000)) == set()


@pytest.mark.parametrize(
    "other",
    [
        bought(1, 100, 5_000, "KESTREL BOOKS"),
        bought(1, 100, 5_000, account=4),
        bought(1, 100, 4_999),
        bought(1, 110 - 181, 5_000),
        bought(1, 117, 5_000),
        bought(1, 100, -5_000),
    ],
    ids=["another merchant", "another account", "too small", "too long ago", "after the money came", "money in"],
)
def test_what_is_no_original(other: Move) -> None:
    assert find([other, back(3, 110, 5_000)], {}, ()) == Backs((), ())


def test_what_a_person_refused_is_not_found_again() -> None:
    moves = [bought(1, 100, 5_000), back(2, 105, 5_000)]
    assert find(moves, {}, {(1, 2)}) == Backs((), ())


def test_a_client_gets_money_back_and_another_disputes() -> None:
    charge = Move(1, STRIPE, 100, 50_000, "invoice aster works", "Invoice 5501 - Aster Works", None)
    other = Move(2, STRIPE, 101, 50_000, "invoice ember works", "Invoice 5502 - Ember Works", None)
    refund = Move(
        3, STRIPE, 110, -50_000, "invoice aster works", "REFUND FOR CHARGE (Invoice 5501 - Aster Works)", "refund"
    )
    lost = Move(
        4,
        STRIPE,
        130,
        -50_000,
        "invoice ember works",
        "Chargeback withdrawal for Invoice 5502 - Ember Works",
        "chargeback",
    )
    answer = find([charge, other, refund, lost], {}, ())
    assert {(f.original_id, f.back_id, f.type) for f in answer.linked} == {(1, 3, "refund"), (2, 4, "chargeback")}
    assert [f.reason for f in answer.linked if f.type == "chargeback"] == [
        "the charge of 1970-04-12 over $500.00 was disputed"
    ]


@pytest.mark.parametrize(
    ("text", "type_word", "said"),
    [
        ("PURCHASE RETURN AUTHORIZED ON 03/02 ALDER MARKET", None, "refund"),
        ("Ember Works", "Payment Refund", "refund"),
        ("Ember Works", "dispute_reversal", "chargeback"),
        ("MERCHANDISE CREDIT", None, "refund"),
        ("ALDER MARKET", "Sale", None),
        ("RETURNITY COFFEE", None, None),
    ],
)
def test_words_that_give_back(text: str, type_word: str | None, said: str | None) -> None:
    assert says_back(text, type_word) == said


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("Dispute for Payment for Invoice 5502 (Ember Works)", "PAYMENT FOR INVOICE 5502 EMBER WORKS"),
        ("REFUND FOR PAYMENT (Payment for Invoice 5502)", "PAYMENT FOR INVOICE 5502"),
        ("REFUND FOR CHARGE (Invoice 5502)", "INVOICE 5502"),
        ("Chargeback withdrawal for ch_3Nx", "CH 3NX"),
    ],
)
def test_the_words_of_a_processor_are_taken_off_what_it_gives_back(text: str, about: str) -> None:
    assert subject(text) == about


def test_the_order_of_the_input_does_not_matter() -> None:
    dice = random.Random(5)
    moves = [bought(n, dice.randrange(100, 300), dice.randrange(1_000, 9_000)) for n in range(80)]
    moves += [
        back(100 + n, dice.randrange(150, 330), dice.choice((abs(moves[n].cents), 777 * n + 500))) for n in range(30)
    ]
    first = find(moves, {}, ())
    assert first.linked
    for _ in range(4):
        dice.shuffle(moves)
        again = find(moves, {}, ())
        assert sorted(again.linked) == sorted(first.linked)
        assert sorted(again.questions) == sorted(first.questions)
