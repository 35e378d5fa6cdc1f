"""Movements between own accounts in real books: what is linked and why, what is asked, which side is missing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from derived_rows import derived_rows

from app.services.books import history
from app.services.books.open_books import Books
from app.services.classify import explaining
from app.services.derived import derive
from app.services.ingest import imports
from app.services.ledger import accounts, listing, row_links, transactions
from app.services.review import questions
from app.services.review.questions import Answered
from app.store.row_filter import Filter
from app.store.transactions import Listed

Bring = Callable[..., imports.FileResult]
Put = Callable[..., dict[str, Listed]]


@pytest.fixture
def put(books: Books, bring: Bring) -> Put:
    """Import rows of (day, amount, text) into an account by its name; returns all rows by text."""
    number = iter(range(100))

    def into(account: str, *rows: tuple[str, str, str]) -> dict[str, Listed]:
        lines = "".join(f"{day},{text},{amount}\n" for day, amount, text in rows)
        data = f"Date,Description,Amount\n{lines}".encode()
        assert bring(books, f"{account}-{next(number)}.csv", data, account=account, sign="signed").error is None
        return {row.text: row for row in books.transactions.listed(Filter(), 0)}

    for name, kind, bank in (("Main", "checking", "Chase"), ("House", "checking", "Ally"), ("Ink", "credit", "Chase")):
        accounts.add(books, {"name": name, "kind": kind, "institution": bank, "role": "mixed"})
    return into


def agrees_with_a_rebuild(books: Books) -> None:
    kept = derived_rows(books)
    with books.work.operation("rebuild", dry_run=True) as work:
        derive.rebuild(work)
        assert derived_rows(books) == kept


def test_a_link_tells_its_reason_on_both_sides_and_what_came_second(books: Books, put: Put) -> None:
    put("Main", ("2026-03-02", "-1500.00", "Online Transfer to ALLY BANK ######7735"))
    rows = put(
        "House", ("2026-03-03", "1500.00", "CHASE EXT TRNSFR 01"), ("2026-03-06", "1500.00", "EXTERNAL TRANSFER")
    )
    out, into = rows["Online Transfer to ALLY BANK ######7735"], rows["CHASE EXT TRNSFR 01"]
    for own, other in ((out, into), (into, out)):
        (link,) = explaining.explain(books, own.id).links
        assert (link.type, link.transaction_id, link.by_person) == ("transfer", other.id, False)
        assert "same amount one day later" in link.reason
    (link,) = explaining.explain(books, out.id).links
    assert link.rival is not None
    assert link.rival.other_id == rows["EXTERNAL TRANSFER"].id
    assert link.margin is not None
    assert link.margin > 0
    (_, (listed,), _) = next(found for found in listing.rows(books, Filter(), 0) if found[0].id == out.id)
    assert {"type", "other_id", "cents", "fee_cents", "by", "reason", "score"} == set(listed)


def test_a_missing_side_is_named(books: Books, put: Put) -> None:
    rows = put(
        "Main", ("2026-03-02", "-812.40", "AMEX EPAYMENT ACH PMT 1"), ("2026-03-03", "-50.00", "ONLINE TRANSFER")
    )
    steps = explaining.explain(books, rows["AMEX EPAYMENT ACH PMT 1"].id).steps
    assert "It is one side of a movement: the other account, American Express, is not in these books." in steps
    steps = explaining.explain(books, rows["ONLINE TRANSFER"].id).steps
    assert any("its other side may not be imported yet" in step for step in steps)
    reasons = {row.text: row.reason for row, _, _ in listing.rows(books, Filter(), 0)}
    assert reasons["AMEX EPAYMENT ACH PMT 1"].endswith(". The other account, American Express, is not in these books.")
    assert reasons["ONLINE TRANSFER"].endswith(" its other side may not be imported yet.")


def test_no_side_is_missing_where_both_are_linked_or_asked_about_or_a_person_decided(books: Books, put: Put) -> None:
    put("Main", ("2026-03-02", "-1500.00", "Online Transfer to ALLY BANK ######7735"),
        ("2026-04-02", "-900.00", "ONLINE TRANSFER"), ("2026-05-02", "-80.00", "ONLINE TRANSFER"))  # fmt: skip
    put("House", ("2026-03-03", "1500.00", "CHASE EXT TRNSFR 01"), ("2026-04-07", "900.00", "TRANSFER"))
    for row in books.transactions.listed(Filter(), 0):
        if row.cents == -8_000:
            transactions.set_values(books, row.id, {"kind": "transfer"})
    listed = list(listing.rows(books, Filter(), 0))
    assert len(listed) == 5
    assert not any("imported yet" in row.reason or "not in these books" in row.reason for row, _, _ in listed)


def test_an_amount_that_arrived_in_parts_is_one_question_with_one_answer(books: Books, put: Put) -> None:
    put("Main", ("2026-03-02", "-1500.00", "ONLINE TRANSFER OUT"))
    rows = put(
        "House", ("2026-03-03", "1000.00", "EXTERNAL TRANSFER ONE"), ("2026-03-04", "500.00", "EXTERNAL TRANSFER TWO")
    )
    (item,) = [item for item in questions.items(books) if item.type == "transfer"]
    assert [choice.label for choice in item.choices] == [
        "$1,500.00 arrived as $1,000.00, $500.00", "These do not belong together",
    ]  # fmt: skip
    questions.answer(books, item.id, Answered(choice=1))
    out = rows["ONLINE TRANSFER OUT"]
    assert {link.transaction_id for link in explaining.explain(books, out.id).links} == {
        rows["EXTERNAL TRANSFER ONE"].id, rows["EXTERNAL TRANSFER TWO"].id,
    }  # fmt: skip
    assert {row.status for row in books.transactions.listed(Filter(), 0)} == {"confirmed"}
    agrees_with_a_rebuild(books)
    history.undo(books)
    assert [item.type for item in questions.items(books)].count("transfer") == 1


def test_what_a_wallet_took_from_the_bank_is_spent_once(books: Books, put: Put, bring: Bring) -> None:
    accounts.add(books, {"name": "PayPal", "kind": "paypal", "institution": "PayPal", "role": "business"})
    put("PayPal", ("2026-03-02", "-48.20", "Fontspring"))
    rows = put("Main", ("2026-03-04", "-48.20", "PAYPAL INST XFER FONTSPRING WEB ID: PAYPALSI77"))
    debit = rows["PAYPAL INST XFER FONTSPRING WEB ID: PAYPALSI77"]
    assert (debit.kind, debit.line, debit.status) == ("transfer", "NONE", "auto")
    assert rows["Fontspring"].kind != "transfer"
    assert [pair.type for pair in books.pairs.of(debit.id)] == ["funding"]
    agrees_with_a_rebuild(books)
    row_links.unlink(books, debit.id, rows["Fontspring"].id)
    assert books.pairs.of(debit.id) == []
    agrees_with_a_rebuild(books)


def test_money_back_on_another_card_of_the_bank_is_found(books: Books, put: Put) -> None:
    accounts.add(books, {"name": "Employee card", "kind": "credit", "institution": "Chase", "role": "mixed"})
    put("Ink", ("2026-01-04", "-80.55", "WILLOW LANE GOODS"))
    rows = put("Employee card", ("2026-01-09", "80.55", "WILLOW LANE GOODS RETURN"))
    assert [pair.type for pair in books.pairs.of(rows["WILLOW LANE GOODS RETURN"].id)] == ["refund"]
    agrees_with_a_rebuild(books)


def later_rows(put: Put) -> dict[str, Any]:
    put("House", ("2026-03-02", "1500.00", "CHASE EXT TRNSFR 02"), ("2026-03-10", "77.00", "EXTERNAL TRANSFER"))
    return put(
        "Ink", ("2026-03-01", "-80.55", "WILLOW LANE GOODS 2"), ("2026-03-20", "80.55", "WILLOW LANE GOODS RETURN")
    )


def test_what_a_person_said_stands_whatever_comes_later(books: Books, put: Put) -> None:
    """Whatever a later file, a rebuild or another question finds, decided rows stay as they were decided."""
    put(
        "Main",
        ("2026-03-02", "-1500.00", "ONLINE TRANSFER TO ALLY BANK"),
        ("2026-03-09", "-77.00", "ONLINE TRANSFER 3"),
    )
    put("House", ("2026-03-03", "1500.00", "CHASE EXT TRNSFR 01"))
    rows = put(
        "Ink", ("2026-02-04", "-80.55", "WILLOW LANE GOODS"), ("2026-03-19", "80.55", "WILLOW LANE GOODS CREDIT")
    )
    out, into = rows["ONLINE TRANSFER TO ALLY BANK"], rows["CHASE EXT TRNSFR 01"]
    row_links.unlink(books, out.id, into.id)
    transactions.set_values(books, rows["ONLINE TRANSFER 3"].id, {"kind": "expense", "line": "C11"})
    bought, back = rows["WILLOW LANE GOODS"], rows["WILLOW LANE GOODS CREDIT"]
    row_links.link(books, bought.id, back.id, "refund")
    said = {(link.type, link.transaction_id) for link in explaining.explain(books, back.id).links}
    now = later_rows(put)
    assert not [pair for pair in books.pairs.of(out.id) if into.id in pair[:2]]
    three = now["ONLINE TRANSFER 3"]
    assert (three.kind, three.line, three.status) == ("expense", "C11", "confirmed")
    assert books.pairs.of(three.id) == []
    links = explaining.explain(books, back.id).links
    assert {(link.type, link.transaction_id) for link in links} == said == {("refund", bought.id)}
    agrees_with_a_rebuild(books)
