"""Money back in real books: it follows its purchase, is asked where purchases differ, and stays as a person said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from derived_rows import derived_rows

from app.services.books import history
from app.services.books.open_books import Books
from app.services.classify import explaining, rules
from app.services.derived import derive
from app.services.ingest import imports
from app.services.ledger import accounts, row_links, transactions
from app.services.ledger.transactions import Part
from app.services.review import questions, would_change
from app.services.review.questions import Answered
from app.store.row_filter import Filter
from app.store.transactions import Listed

Bring = Callable[..., imports.FileResult]
HEAD = "Transaction Date,Post Date,Description,Category,Type,Amount,Memo\n"
NAME = "Chase4417_Activity.CSV"


@pytest.fixture
def card(books: Books, bring: Bring) -> Callable[..., dict[str, Listed]]:
    """Import rows of (day, cents, text) of a card; returns all rows by day."""

    def put(*rows: tuple[str, str, str], name: str = NAME) -> dict[str, Listed]:
        lines = []
        for day, cents, text in rows:
            way = "Sale" if cents.startswith("-") else "Return"
            lines.append(f"{day[5:7]}/{day[8:]}/{day[:4]}," * 2 + f"{text},Shopping,{way},{cents},")
        assert bring(books, name, (HEAD + "\n".join(lines) + "\n").encode(), account="Ink").error is None
        return standing(books)

    accounts.add(books, {"name": "Ink", "kind": "credit", "institution": "Chase", "role": "business"})
    return put


def standing(books: Books) -> dict[str, Listed]:
    from app.core.dates import iso

    return {iso(row.posted_date): row for row in books.transactions.listed(Filter(), 0)}


def agrees_with_a_rebuild(books: Books) -> None:
    kept = derived_rows(books)
    with books.work.operation("rebuild", dry_run=True) as work:
        derive.rebuild(work)
        assert derived_rows(books) == kept


BOUGHT = ("2025-12-20", "-80.00", "WILLOW LANE GOODS 4411")
BACK = ("2026-01-14", "80.00", "WILLOW LANE GOODS 4411")


def test_money_back_takes_the_line_of_its_purchase_in_the_year_it_comes(books: Books, card: Callable[..., Any]) -> None:
    rows = card(BOUGHT, BACK)
    transactions.set_values(books, rows["2025-12-20"].id, {"line": "C22", "business_percent": "50"})
    back = standing(books)["2026-01-14"]
    assert (back.kind, back.line, back.percent, back.status) == ("refund", "C22", 5_000, "auto")
    steps = explaining.explain(books, back.id).steps
    assert any("all of the purchase of 2025-12-20 over $80.00 came back 25 days later" in step for step in steps)
    transactions.set_values(books, rows["2025-12-20"].id, {"kind": "personal"})
    assert (standing(books)["2026-01-14"].kind, standing(books)["2026-01-14"].line) == ("refund", "NONE")
    history.undo(books)
    assert standing(books)["2026-01-14"].line == "C22"
    agrees_with_a_rebuild(books)


def test_the_purchase_may_come_in_a_later_file(books: Books, card: Callable[..., Any]) -> None:
    card(BACK)
    assert books.pairs.questions() == []
    rows = card(BOUGHT, name="Chase4417_Earlier.CSV")
    assert [p.type for p in books.pairs.of(rows["2025-12-20"].id)] == ["refund"]
    agrees_with_a_rebuild(books)


@pytest.mark.parametrize(
    ("bought", "back"),
    [
        ("Card Purchase 03/02 WHOLEFDS OAK 11033 CA Card 6523", "WHOLEFDS OAK 11033 CA 03/20 PURCHASE RETURN"),
        ("DOORDASH*PANDA EXPRESS 03/02 PURCHASE CA", "DOORDASH*PANDA EXPRESS 03/20 REFUND CA"),
        ("Card Purchase 03/02 IKEA 34850 CA Card 6523", "Card Purchase Return 03/20 IKEA 34850 CA Card 6523"),
    ],
    ids=["groceries", "a shop that pays drivers", "a shop"],
)
def test_a_debit_card_that_says_refund_gives_back_whatever_the_shop_sells(
    books: Books, chase_csv: Callable[..., bytes], bring: Bring, bought: str, back: str
) -> None:
    bring(books, "Chase6620_a.CSV", chase_csv([("2026-03-03", -7845, bought), ("2026-03-20", 7845, back)]))
    came = standing(books)["2026-03-20"]
    assert came.kind == "refund"
    assert [p.type for p in books.pairs.of(came.id)] == ["refund"]
    agrees_with_a_rebuild(books)


def test_what_a_shop_of_ones_own_sends_to_a_bank_account_is_money_back(
    books: Books, chase_csv: Callable[..., bytes], bring: Bring
) -> None:
    bought, back = ("2026-03-03", -5986, "REI.COM  2161"), ("2026-03-11", 5986, "REI #2040")
    alone = ("2026-03-12", 7777, "NETFLIX.COM")
    bring(books, "Chase6620_a.CSV", chase_csv([bought, back, alone]))
    rows = standing(books)
    assert rows["2026-03-11"].kind == "refund"
    assert [p.type for p in books.pairs.of(rows["2026-03-11"].id)] == ["refund"]
    assert books.pairs.of(rows["2026-03-12"].id) == []
    agrees_with_a_rebuild(books)


def test_a_link_that_was_refused_is_not_made_again(books: Books, card: Callable[..., Any]) -> None:
    rows = card(BOUGHT, BACK)
    row_links.unlink(books, rows["2025-12-20"].id, rows["2026-01-14"].id)
    assert books.pairs.of(rows["2026-01-14"].id) == []
    card(("2026-02-01", "-12.00", "KESTREL BOOKS"), name="Chase4417_Later.CSV")
    assert books.pairs.of(rows["2026-01-14"].id) == []
    agrees_with_a_rebuild(books)


def test_two_purchases_on_two_lines_are_one_question_showing_both(books: Books, card: Callable[..., Any]) -> None:
    rows = card(
        ("2026-01-04", "-80.55", "WILLOW LANE GOODS"), ("2026-01-09", "-91.17", "WILLOW LANE GOODS"),
        ("2026-01-20", "30.01", "WILLOW LANE GOODS"),
    )  # fmt: skip
    transactions.set_values(books, rows["2026-01-04"].id, {"line": "C22"})
    transactions.set_values(books, rows["2026-01-09"].id, {"line": "C18"})
    (item,) = [item for item in questions.items(books) if item.type == "refund"]
    assert [(choice.line, choice.pair is None) for choice in item.choices] == [
        ("C18", False), ("C22", False), ("NONE", True),
    ]  # fmt: skip
    questions.answer(books, item.id, Answered(choice=2))
    back = standing(books)["2026-01-20"]
    assert (back.kind, back.line, back.status, back.reason) == ("refund", "C22", "confirmed", "You linked it.")
    agrees_with_a_rebuild(books)
    transactions.set_values(books, rows["2026-01-04"].id, {"line": "C27"})
    assert standing(books)["2026-01-20"].line == "C27"
    agrees_with_a_rebuild(books)


def test_two_purchases_on_one_line_are_not_asked(books: Books, card: Callable[..., Any]) -> None:
    rows = card(
        ("2026-01-04", "-80.55", "WILLOW LANE GOODS"), ("2026-01-09", "-91.17", "WILLOW LANE GOODS"),
        ("2026-01-20", "30.01", "WILLOW LANE GOODS"),
    )  # fmt: skip
    for day in ("2026-01-04", "2026-01-09"):
        transactions.set_values(books, rows[day].id, {"line": "C22"})
    assert [item for item in questions.items(books) if item.type == "refund"] == []
    back = standing(books)["2026-01-20"]
    assert (back.kind, back.line, back.status) == ("refund", "C22", "auto")


def test_a_cost_that_a_client_may_have_repaid_is_asked(
    books: Books, card: Callable[..., Any], bring: Bring, ofx: Callable[..., bytes]
) -> None:
    rows = card(("2026-01-04", "-412.60", "HAMPTON INN 4411"))
    bring(books, "a.ofx", ofx([("2026-02-02", 41_260, "OAKMERE WINERY EXP REIMB CCD ID: 8921889539", "7")]))
    transactions.set_values(books, rows["2026-01-04"].id, {"line": "C24a"})
    (item,) = [item for item in questions.items(books) if item.type == "refund"]
    assert item.question.startswith("Does ")
    questions.answer(books, item.id, Answered(choice=1))
    back = standing(books)["2026-02-02"]
    assert (back.kind, back.line, back.status) == ("refund", "C24a", "confirmed")
    agrees_with_a_rebuild(books)


def test_money_back_for_a_split_purchase_asks_which_part(books: Books, card: Callable[..., Any]) -> None:
    rows = card(("2026-01-04", "-500.00", "BEST BUY 0012"), ("2026-01-20", "220.00", "BEST BUY 0012"))
    parts = [Part(-30_000, "expense", "C22", 10_000), Part(-20_000, "personal", "NONE", 10_000)]
    transactions.split(books, rows["2026-01-04"].id, parts)
    (item,) = questions.items(books)
    assert "which you split. Which part?" in item.question
    assert [(c.kind, c.line) for c in item.choices[:1]] == [("refund", "C22")], "the other part is too small"
    assert not any("Booking the purchase" in change.text for change in would_change.of(books, item))
    found = explaining.explain(books, rows["2026-01-20"].id)
    assert found.sentence.endswith("You split that into parts: which one is it?")
    questions.answer(books, item.id, Answered(choice=1))
    assert (standing(books)["2026-01-20"].line, questions.items(books)) == ("C22", [])
    agrees_with_a_rebuild(books)


def test_all_of_a_split_purchase_comes_back_in_its_parts(books: Books, card: Callable[..., Any]) -> None:
    rows = card(("2026-01-04", "-500.00", "BEST BUY 0012"), ("2026-01-20", "500.00", "BEST BUY 0012"))
    parts = [Part(-30_000, "expense", "C22", 5_000), Part(-20_000, "personal", "NONE", 10_000)]
    transactions.split(books, rows["2026-01-04"].id, parts)
    (item,) = questions.items(books)
    top = item.choices[0]
    assert top.label.startswith("In the same parts: ")
    assert top.parts == ((30_000, "refund", "C22", 5_000), (20_000, "refund", "NONE", 10_000))
    questions.answer(books, item.id, Answered(choice=1))
    assert questions.items(books) == []
    cells = [cell for cell in books.totals.dump() if cell.line == "C22"]
    assert sum(cell.business_cents for cell in cells) == 0, "nothing is left on the line"
    agrees_with_a_rebuild(books)
    history.undo(books)
    transactions.unsplit(books, rows["2026-01-04"].id)
    (item, other) = sorted(questions.items(books), key=lambda each: each.type)
    assert "Which part?" not in item.question + other.question


STRIPE = "balance_transaction_id,created_utc,available_on_utc,currency,gross,fee,net,reporting_category,description\n"


@pytest.mark.parametrize("is_taken", [True, False])
def test_a_dispute_that_was_won_is_asked_about_as_one(books: Books, bring: Bring, *, is_taken: bool) -> None:
    rows = [
        "txn_1,2026-01-05 10:00:00,2026-01-07 00:00:00,usd,1000.00,29.30,970.70,charge,Invoice 7 Hollis",
        "txn_2,2026-01-20 10:00:00,2026-01-20 00:00:00,usd,-1000.00,15.00,-1015.00,dispute,Chargeback withdrawal ch_1",
        "txn_3,2026-02-25 10:00:00,2026-02-25 00:00:00,usd,1000.00,-15.00,1015.00,dispute_reversal,Chargeback reversal",
    ]
    data = STRIPE + "\n".join(row for row in rows if is_taken or "withdrawal" not in row) + "\n"
    assert bring(books, "stripe.csv", data.encode()).error is None
    (item,) = questions.items(books)
    assert "a dispute that was decided for you: $1,015.00" in item.question
    assert ("taken on 2026-01-20" in item.question) == is_taken
    assert [change.text for change in would_change.of(books, item)] == ["The processor’s word on how the dispute ended"]
    questions.answer(books, item.id, Answered(choice=1))
    cells = [cell for cell in books.totals.dump() if cell.line == "C2"]
    assert sum(cell.business_cents for cell in cells) == (0 if is_taken else 100_000)


@pytest.mark.parametrize("late", [False, True], ids=["one file", "the charges come later"])
@pytest.mark.parametrize("charges", [1, 2])
def test_a_dispute_that_names_nobody_belongs_to_the_only_charge_of_that_amount(
    books: Books, bring: Bring, charges: int, *, late: bool
) -> None:
    paid = [
        "txn_1,2026-01-05 10:00:00,2026-01-07 00:00:00,usd,1000.00,29.30,970.70,charge,Invoice 7 Hollis",
        "txn_2,2026-01-09 10:00:00,2026-01-11 00:00:00,usd,1000.00,29.30,970.70,charge,Retainer Ember Works",
    ][:charges]
    paid.append("txn_3,2026-01-12 10:00:00,2026-01-14 00:00:00,usd,985.00,28.87,956.13,charge,Invoice 8 Hollis")
    lost = (
        "txn_4,2026-02-20 10:00:00,2026-02-20 00:00:00,usd,-1000.00,15.00,-1015.00,dispute,"
        "Chargeback withdrawal for ch_3Nx"
    )
    for rows in ([lost], paid) if late else ([*paid, lost],):
        assert bring(books, f"stripe{len(rows)}.csv", (STRIPE + "\n".join(rows) + "\n").encode()).error is None
    dispute = standing(books)["2026-02-20"]
    assert (dispute.kind, dispute.line, dispute.status) == ("refund", "C2", "auto")
    linked = [(p.type, p.out_id) for p in books.pairs.of(dispute.id)]
    assert linked == ([("chargeback", standing(books)["2026-01-05"].id)] if charges == 1 else [])
    agrees_with_a_rebuild(books)


def test_which_side_of_a_link_came_back_does_not_rest_on_what_it_was_taken_for(
    books: Books, bring: Bring, ofx: Callable[..., bytes]
) -> None:
    """A deposit that a rule calls private is linked as money back; without the rule it is a client's."""
    bring(books, "a.ofx", ofx([("2026-01-04", -1_499, "CANVA* I048776"), ("2026-01-20", 240_000, "TEA CO AP PAYMENT")]))
    _, number = rules.add(books, {"text": "TEA CO", "kind": "personal"})
    row_links.link(books, 1, 2, "refund")
    agrees_with_a_rebuild(books)
    assert standing(books)["2026-01-20"].kind == "refund"
    rules.remove(books, number or 0)
    agrees_with_a_rebuild(books)
    rows = standing(books)
    assert (rows["2026-01-20"].kind, rows["2026-01-04"].line) == ("income", "C2")
