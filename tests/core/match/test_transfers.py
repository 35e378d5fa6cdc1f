from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from app.core.match.naming import AccountFacts
from app.core.match.scoring import Leg
from app.core.match.transfers import pair

FACTS = (
    AccountFacts(1, "checking", "business", "Chase", "Checking", "1111"),
    AccountFacts(2, "savings", "reserve", "Ally Bank", "Tax reserve", "2222"),
    AccountFacts(3, "credit", "mixed", "American Express", "Gold", "3333"),
    AccountFacts(4, "paypal", "business", None, "PayPal", None),
    AccountFacts(5, "checking", "personal", "Wells Fargo", "House", "5555"),
    AccountFacts(6, "credit", "business", "Chase", "Ink", "6666"),
)
OUT = "Online Transfer to SAV ...2222"
INTO = "TRANSFER FROM CHECKING 1111"


def legs(*rows: tuple[int, int, int, str | None, str]) -> list[Leg]:
    return [Leg(number, *row) for number, row in enumerate(rows, 1)]


@pytest.mark.parametrize("seed", range(8))
def test_years_of_invented_books(make_book: Callable[..., Any], seed: int) -> None:
    book = make_book(1_000 + seed)
    answer = pair(book.legs, book.facts)
    linked = {(found.out_id, found.in_id) for found in answer.linked}
    assert linked <= book.truth, "a pair was linked that is none"
    asked = {(o, i) for q in answer.questions for o in q.out_ids for i in q.in_ids}
    assert len(linked & book.truth) >= 0.95 * len(book.truth)
    assert len((linked | asked) & book.truth) >= 0.99 * len(book.truth)
    for kind, least in (("payout", 0.99), ("card_payment", 0.99), ("transfer", 0.93), ("fee", 0.9)):
        of_kind = {edge for edge in book.truth if book.kinds[edge] == kind}
        assert len(linked & of_kind) >= least * len(of_kind), kind
    assert not book.decoys & {number for edge in linked for number in edge}


def test_a_book_ten_times_as_dense_links_nothing_false(make_book: Callable[..., Any]) -> None:
    book = make_book(77, 10)
    linked = {(found.out_id, found.in_id) for found in pair(book.legs, book.facts).linked}
    assert linked <= book.truth
    assert len(linked) >= 0.8 * len(book.truth)


def test_the_order_of_the_input_does_not_matter(make_book: Callable[..., Any]) -> None:
    book = make_book(5)
    answer = pair(book.legs, book.facts)
    dice = random.Random(3)
    for _ in range(3):
        dice.shuffle(book.legs)
        dice.shuffle(book.facts)
        assert pair(book.legs, book.facts) == answer


def test_a_linked_pair_says_why() -> None:
    (found,) = pair(legs((1, 100, -50_000, "transfer", OUT), (2, 101, 50_000, "transfer", INTO)), FACTS).linked
    assert (found.out_id, found.in_id, found.cents, found.fee_cents, found.type) == (1, 2, 50_000, 0, "transfer")
    assert found.reason == "same amount one day later; the text names account ··2222; the text names account ··1111"
    assert found.score == pytest.approx(2.2 + 2.2 + 2 + 2 - 0.3)


def test_a_card_shows_the_payment_before_the_bank_does() -> None:
    rows = legs(
        (1, 100, -41_207, "card_payment", "AMEX EPAYMENT ACH PMT"), (3, 98, 41_207, "card_payment", "THANK YOU")
    )
    (found,) = pair(rows, FACTS).linked
    assert found.type == "card_payment"
    assert found.reason == "same amount 2 days earlier; the text names American Express"


def test_a_payout_with_a_fee() -> None:
    rows = legs((4, 100, -10_000, "payout", "Instant transfer"), (1, 100, 9_825, "payout", "PAYPAL INST XFER"))
    (found,) = pair(rows, FACTS).linked
    assert (found.type, found.cents, found.fee_cents) == ("payout", 9_825, 175)
    assert "a fee of $1.75" in found.reason


def test_the_last_four_digits_decide_between_two_accounts() -> None:
    rows = legs(
        (1, 100, -50_000, "transfer", "Online Transfer to CHK ...5555"),
        (5, 100, 50_000, "transfer", "TRANSFER IN"),
        (2, 100, 50_000, "transfer", "TRANSFER IN"),
    )
    (found,) = pair(rows, FACTS).linked
    assert (found.out_id, found.in_id) == (1, 2)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        # A client pays the amount that leaves elsewhere.
        ((2, 100, -50_000, "transfer", "Transfer to CHK ...9999"), (1, 100, 50_000, None, "ACH CREDIT NORTHGATE LLC")),
        ((5, 100, -50_000, "transfer", "TRANSFER OUT"), (1, 100, 50_000, "transfer", "ZELLE FROM ANN OTIS")),
        # Two people, two payments, one amount.
        ((5, 100, -50_000, "transfer", "ZELLE TO BO PLUMB"), (1, 100, 50_000, "transfer", "ZELLE FROM ANN OTIS")),
        # Nobody speaks of a transfer.
        ((3, 100, -8_900, None, "CAMERA HOUSE"), (1, 100, 8_900, None, "DEPOSIT")),
        # A refund on a card beside a payment to another card.
        ((1, 100, -8_900, "card_payment", "AMEX EPAYMENT"), (6, 100, 8_900, None, "PURCHASE RETURN")),
        ((1, 100, -8_900, "card_payment", "AMEX EPAYMENT"), (6, 100, 8_900, "card_payment", "PAYMENT THANK YOU")),
        # A card that is not here.
        ((1, 100, -8_900, "card_payment", "DISCOVER E-PAYMENT"), (3, 100, 8_900, "card_payment", "PAYMENT THANK YOU")),
        # A payout needs a wallet; the bank's text names one that is not here.
        ((5, 100, -50_000, "transfer", "TRANSFER OUT"), (1, 100, 50_000, "payout", "UPWORK ESCROW")),
        ((4, 100, -50_000, "payout", "Withdrawal"), (1, 100, 50_000, "payout", "STRIPE TRANSFER")),
        # Bank-funded wallet purchase beside a client's payment into the wallet.
        ((1, 100, -6_000, "transfer", "PAYPAL INST XFER"), (4, 100, 6_000, None, "Payment from Kestrel Media")),
        # The difference may be a fee, but no text says that the two belong together.
        ((5, 100, -100_000, "transfer", "TRANSFER OUT"), (1, 100, 98_500, "transfer", "TRANSFER IN")),
        # One account.
        ((1, 100, -50_000, "transfer", OUT), (1, 100, 50_000, "transfer", INTO)),
        # Too long apart, too early.
        ((1, 100, -50_000, "transfer", OUT), (2, 108, 50_000, "transfer", INTO)),
        ((1, 100, -50_000, "transfer", OUT), (2, 95, 50_000, "transfer", INTO)),
    ],
)
def test_without_evidence_nothing_is_linked(left: tuple[Any, ...], right: tuple[Any, ...]) -> None:
    assert pair(legs(left, right), FACTS).linked == ()


def test_equal_round_amounts_on_neighbouring_days_are_asked() -> None:
    rows = legs(
        (1, 100, -50_000, "transfer", "TRANSFER OUT"),
        (1, 101, -50_000, "transfer", "TRANSFER OUT"),
        (5, 101, 50_000, "transfer", "TRANSFER IN"),
        (5, 102, 50_000, "transfer", "TRANSFER IN"),
    )
    answer = pair(rows, FACTS)
    assert answer.linked == ()
    (question,) = answer.questions
    assert (question.out_ids, question.in_ids, question.type) == ((2, 1), (3, 4), "choose")
    assert {(c.out_id, c.in_id) for c in question.candidates} >= {(1, 3), (2, 4), (2, 3)}


def test_rows_that_cannot_be_told_apart_are_paired_when_both_sides_are_whole() -> None:
    twin_out = (1, 100, -50_000, "transfer", OUT)
    twin_in = (2, 100, 50_000, "transfer", INTO)
    whole = pair(legs(twin_out, twin_out, twin_in, twin_in), FACTS)
    assert [(p.out_id, p.in_id) for p in whole.linked] == [(1, 3), (2, 4)]
    assert pair(legs(twin_out, twin_out, twin_in), FACTS).linked == ()


def test_a_shared_reference_tells_equal_amounts_apart() -> None:
    rows = legs(
        (1, 100, -50_000, "transfer", "TRANSFER TO SAV REF 7QX40021188"),
        (1, 101, -50_000, "transfer", "TRANSFER TO SAV REF 9PL55530017"),
        (2, 101, 50_000, "transfer", "TRANSFER REF 7QX40021188"),
        (2, 102, 50_000, "transfer", "TRANSFER REF 9PL55530017"),
    )
    assert [(p.out_id, p.in_id) for p in pair(rows, FACTS).linked] == [(1, 3), (2, 4)]


def test_one_outflow_that_arrived_in_parts_is_a_question() -> None:
    rows = legs(
        (1, 100, -90_000, "transfer", "TRANSFER OUT"),
        (2, 101, 50_000, "transfer", "TRANSFER IN"),
        (2, 102, 40_000, "transfer", "TRANSFER IN"),
    )
    answer = pair(rows, FACTS)
    assert answer.linked == ()
    (question,) = answer.questions
    assert (question.type, question.out_ids, question.in_ids) == ("split", (1,), (2, 3))


def test_a_leg_alone_names_the_account_that_is_missing() -> None:
    rows = legs((1, 100, -8_900, "card_payment", "DISCOVER E-PAYMENT"), (1, 101, -500, "transfer", "TRANSFER OUT"))
    first, second = pair(rows, FACTS).unpaired
    assert (first.transaction_id, first.phrase) == (1, "card_payment")
    assert first.reason == "the other account, Discover, is not in these books"
    assert second.reason.startswith("no row of another account matches")


def test_a_weak_single_candidate_is_asked_not_linked() -> None:
    rows = legs((1, 100, -50_000, "transfer", "TRANSFER OUT"), (2, 100, 50_000, None, "DEPOSIT"))
    answer = pair(rows, FACTS)
    assert answer.linked == ()
    assert [(q.out_ids, q.in_ids, q.type) for q in answer.questions] == [((1,), (2,), "confirm")]


def test_a_hundred_equal_amounts_stay_questions() -> None:
    rows = [
        row
        for day in range(100, 200)
        for row in ((1, day, -5_000, "transfer", "TRANSFER OUT"), (2, day, 5_000, "transfer", "TRANSFER IN"))
    ]
    answer = pair(legs(*rows), FACTS)
    assert all(found.out_id + 1 == found.in_id for found in answer.linked)
    touched = {n for q in answer.questions for n in (*q.out_ids, *q.in_ids)}
    touched |= {n for found in answer.linked for n in (found.out_id, found.in_id)}
    assert len(touched) + len(answer.unpaired) == 200


def test_nothing_given() -> None:
    assert pair([], []) == ((), (), ())
    assert pair(legs((9, 100, -1, "transfer", "TRANSFER")), FACTS) == ((), (), ())


WISE = AccountFacts(7, "wise", "business", "Wise", "Wise", None)


@pytest.mark.parametrize(("lag", "arrives"), [(0, 120_000), (4, 120_000), (2, 119_565)])
def test_money_sent_from_a_wallet_to_the_owners_own_name_is_met_by_the_bank_that_names_both(
    lag: int, arrives: int
) -> None:
    sent = (7, 100, -120_000, None, "Sent money to Robin Ashgrove")
    came = (1, 100 + lag, arrives, "transfer", "WISE INC DES:WISE INDN:ROBIN ASHGROVE CO ID:XXXXX33567 CCD")
    (found,) = pair(legs(sent, came), (*FACTS, WISE)).linked
    assert (found.type, found.cents, found.fee_cents) == ("payout", arrives, 120_000 - arrives)
    other = (1, 100 + lag, arrives, "transfer", "WISE INC DES:WISE INDN:TERRY MILLWOOD CO ID:XXXXX33567 CCD")
    assert pair(legs(sent, other), (*FACTS, WISE)).linked == ()


def test_a_card_whose_bank_is_not_known_may_name_its_bank() -> None:
    nameless = AccountFacts(8, "credit", "mixed", "statement", "Travel card", None)
    pays = (5, 100, -60_202, "card_payment", "CAPITAL ONE DES:MOBILE PMT ID:XXXXX56423 CO ID:XXXXX29284 WEB")
    apple = (1, 100, -60_202, "card_payment", "APPLECARD GSBANK PAYMENT 4129001 WEB ID: 9999999999")
    came = (8, 101, 60_202, "card_payment", "CAPITAL ONE MOBILE PYMT")
    (found,) = pair(legs(pays, apple, came), (*FACTS, nameless)).linked
    assert (found.out_id, found.in_id) == (1, 3)


def test_a_first_name_is_no_bank() -> None:
    out = (1, 100, -40_000, "transfer", "WELLS FARGO IFI DES:TRANSFER INDN:MARCUS ASHGROVE CO ID:XXXXX11 WEB")
    into = (5, 101, 40_000, "transfer", "JPMORGAN CHASE TRANSFER 260301 MARCUS ASHGROVE")
    assert len(pair(legs(out, into), FACTS).linked) == 1


def test_a_friend_who_pays_back_days_later_is_asked_and_ones_own_name_at_once_is_linked() -> None:
    out = (1, 100, -50_000, "transfer", "Zelle payment to Renata Osei 17823345011")
    into = (5, 100, 50_000, "transfer", "ZELLE FROM RENATA OSEI ON 03/01 REF # WFCT0B7Q")
    assert len(pair(legs(out, into), FACTS).linked) == 1
    answer = pair(legs(out, (*into[:1], 103, *into[2:])), FACTS)
    assert answer.linked == ()
    assert len(answer.questions) == 1


def test_digits_of_the_other_account_speak_where_no_words_do() -> None:
    out = (1, 100, -111_242, None, "Online ACH Payment 53934370421 To Nest (_#####2222)")
    into = (2, 103, 111_242, None, "Deposit from JPMorgan Chase XXXXXX1111")
    assert [(found.out_id, found.in_id) for found in pair(legs(out, into), FACTS).linked] == [(1, 2)]
    other = (2, 103, 111_242, None, "Deposit from JPMorgan Chase XXXXXX9999")
    assert pair(legs(out, other), FACTS).linked == ()


@pytest.mark.parametrize("bank", ["Citigroup", "Citibank NA", "CITI CARDS"])
def test_a_bank_is_known_by_the_name_its_own_files_give_it(bank: str) -> None:
    card = AccountFacts(8, "credit", "mixed", bank, "Card", "8888")
    pays = (5, 100, -60_202, "card_payment", "CITI CARD ONLINE DES:PAYMENT ID:XXXXX56423 CO ID:XXXXX29284 WEB")
    apple = (1, 100, -60_202, "card_payment", "APPLECARD GSBANK PAYMENT 4129001 WEB ID: 9999999999")
    came = (8, 101, 60_202, "card_payment", "ONLINE PAYMENT, THANK YOU")
    (found,) = pair(legs(pays, apple, came), (*FACTS, card)).linked
    assert (found.out_id, found.in_id) == (1, 3)


@pytest.mark.parametrize(
    ("sent", "came", "says", "linked"),
    [
        (123_457, 123_457, "WISE US INC WISE 692953850", True),
        (120_000, 120_000, "WISE US INC WISE 692953850", False),
        (123_457, 123_000, "WISE US INC WISE 692953850", False),
        (123_457, 123_457, "WISE INC DES:WISE INDN:TERRY MILLWOOD CO ID:XXXXX33567 CCD", False),
        (123_457, 123_457, "PINE RIDGE DENTAL TRANSFER", False),
    ],
    ids=["odd cents", "a usual sum", "other cents", "somebody else's", "not the wallet's"],
)
def test_odd_cents_that_left_a_wallet_are_known_again_in_the_bank(
    sent: int, came: int, says: str, *, linked: bool
) -> None:
    rows = legs((7, 100, -sent, None, "Sent money to Robin Ashgrove"), (1, 101, came, "transfer", says))
    assert bool(pair(rows, (*FACTS, WISE)).linked) is linked


@pytest.mark.parametrize(
    ("text", "linked"),
    [("Deposit", True), ("ACH CREDIT", True), ("eCheck Deposit", False), ("PINE RIDGE DENTAL Deposit", False)],
)
def test_a_side_that_says_only_that_money_came_does_not_speak_against_the_other(text: str, *, linked: bool) -> None:
    rows = legs((1, 100, -60_000, "transfer", "ALLY BANK P2P/TRANSFER"), (2, 102, 60_000, None, text))
    assert bool(pair(rows, FACTS).linked) is linked


@pytest.mark.parametrize("text", ["CHASE EXTERNAL TRANSFE", "CHASE IFI DDA TO DDA", "JPMORGANCHASE ACCT TRANS"])
def test_banks_own_words_whole_or_cut_name_nobody(text: str) -> None:
    rows = legs((5, 100, -60_000, None, text), (1, 101, 60_000, "transfer", "Online Transfer from HOUSE ...5555"))
    assert [(p.out_id, p.in_id) for p in pair(rows, FACTS).linked] == [(1, 2)]


@pytest.mark.parametrize(("name", "linked"), [("House 5558", True), ("House (...5558)", True), ("House 2024", False)])
def test_digits_in_an_accounts_name_are_its_last_four(name: str, *, linked: bool) -> None:
    house = AccountFacts(5, "checking", "personal", None, name, None)
    digits = "5558" if linked else "2024"
    rows = legs((1, 100, -60_000, "transfer", f"Transfer to ...{digits}"), (5, 102, 60_000, None, "RECEIVED 88 KR"))
    said = [found.reason for found in pair(rows, (FACTS[0], house)).linked]
    assert said == (["same amount 2 days later; the text names account ··5558"] if linked else [])


@pytest.mark.parametrize("text", ["E*TRADE ACH TRNSFR", "ROBINHOOD ACH XFER", "SCHWAB BROKERAGE MONEYLINK"])
def test_money_to_a_broker_and_money_from_it_are_no_transfer_between_two_banks(text: str) -> None:
    rows = legs((5, 100, -250_000, "transfer", f"{text} 217876"), (1, 103, 250_000, "transfer", f"{text} 384497"))
    assert pair(rows, FACTS).linked == ()
