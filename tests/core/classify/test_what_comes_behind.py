"""What speaks where the merchant base knows no name: brands, a connection's category, names nearly alike, the model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.core.classify.decide import Classifier, Knowledge, Label, Remembered, Subject
from app.core.classify.trade_model import features, unpack
from app.core.money import WHOLE
from app.services.classify import knowledge as shipped
from scripts import train_trades

Labeller = Callable[..., Label]
OFFICE = Remembered("expense", "C18", WHOLE, ask=False)


# --- brands


def test_a_brand_of_the_list_is_known_by_name(label: Labeller) -> None:
    made = label("POTBELLY SANDWICH SHOP 12 AUSTIN TX", account="credit")
    assert (made.merchant, made.auto) == ("Potbelly", False)
    made = label("FOODLAND 0123 HONOLULU HI", account="credit")
    assert (made.kind, made.auto, made.source) == ("personal", True, "brand")


def test_the_own_base_beats_the_list(label: Labeller) -> None:
    assert label("WHOLE FOODS MARKET AUSTIN TX", account="credit").source == "merchant"


def test_a_brand_with_several_trades_or_office_goods_is_asked(label: Labeller) -> None:
    for text in "7 ELEVEN 34012 DALLAS TX":
        assert not label(text, account="credit").auto


def test_every_row_of_the_shipped_tables_can_be_made(knowledge: Knowledge) -> None:
    knowledge.check()
    assert sum(1 for _ in knowledge.brands().all()) > 3_000


# --- the connection's category


def test_a_certain_category_books_and_a_vague_one_asks(label: Labeller) -> None:
    made = label("ZZYX 12", pfc="FOOD_AND_DRINK_GROCERIES")
    assert (made.kind, made.auto, made.source) == ("personal", True, "connection")
    assert not label("ZZYX 12", pfc="GENERAL_SERVICES_OTHER_GENERAL_SERVICES").auto
    assert not label("ZZYX 12", pfc="INCOME_GIG_ECONOMY", sign=1).auto


@pytest.mark.parametrize(("role", "auto"), [("business", True), ("mixed", False), ("personal", False)])
def test_a_category_by_the_account_books_on_a_business_account_only(label: Labeller, role: str, *, auto: bool) -> None:
    made = label("ZZYX 12", pfc="GENERAL_MERCHANDISE_OFFICE_SUPPLIES", role=role)
    assert (made.kind, made.line, made.auto) == ("expense", "C18", auto)


@pytest.mark.parametrize("role", ["business", "mixed", "personal"])
def test_a_category_of_the_car_waits_for_the_vehicle(label: Labeller, role: str) -> None:
    for code in ("TRANSPORTATION_GAS", "GENERAL_SERVICES_AUTOMOTIVE", "TRANSPORTATION_OTHER_TRANSPORTATION"):
        made = label("ZZYX 12", pfc=code, role=role, trade="rideshare_driver")
        assert not (made.auto and made.line.startswith("C9"))


def test_every_category_names_known_lines_and_trades(knowledge: Knowledge) -> None:
    trades = {key for key, _ in knowledge.categories}
    assert len(knowledge.connection) > 120
    for found in knowledge.connection.values():
        assert found.trades <= trades
        assert found.code.isascii()


# --- names nearly alike


@pytest.mark.parametrize(
    ("kept", "text"),
    [
        ("quornvale", "QUORNVALE OAKLAND"),
        ("quornvale chicago", "QUORNVALE MIAMI"),
        ("quornvales", "PAYPAL *QUORNVALESA"),
        ("quorn vale studio", "QUORNVALESTUDIO COM"),
    ],
)
def test_the_same_name_written_otherwise_takes_the_answer(label: Labeller, kept: str, text: str) -> None:
    made = label(text, account="credit", memory={(kept, -1, 7): OFFICE})
    assert (made.kind, made.line, made.auto, made.source) == ("expense", "C18", True, "nearest")


@pytest.mark.parametrize("text", ["QUORNVALE CAFE", "QUORNVALES PLUMBING", "QUORN VILE", "QUORMVALES"])
def test_a_name_that_only_looks_alike_is_asked(label: Labeller, text: str) -> None:
    made = label(text, account="credit", memory={("quornvales", -1, 7): OFFICE, ("quorn vale", -1, 7): OFFICE})
    assert not made.auto


def test_two_answers_for_names_as_near_are_a_question(label: Labeller) -> None:
    private = Remembered("personal", "NONE", WHOLE, ask=False)
    memory = {("quornvale miami", -1, 7): OFFICE, ("quornvale oakland", -1, 7): private}
    made = label("QUORNVALE CHICAGO", account="credit", memory=memory)
    assert (made.source, made.auto) == ("nearest", False)


def test_an_answer_of_another_account_or_side_is_not_near(label: Labeller) -> None:
    assert label("QUORNVALE OAKLAND", memory={("quornvale", -1, 8): OFFICE}).source != "nearest"
    assert label("QUORNVALE OAKLAND", sign=1, memory={("quornvale", -1, 7): OFFICE}).source != "nearest"


# --- the model


def test_the_model_suggests_and_books_nothing_alone(label: Labeller) -> None:
    for name, *_ in [row for table in shipped.merchant_tables() for row in shipped.merchant_rows(table)][::7]:
        made = label(f"{name[1:]}QX {name[:1]}", account="credit")
        assert not (made.source == "model" and made.auto)


def test_a_name_that_sounds_like_a_trade_is_suggested_as_one(label: Labeller) -> None:
    made = label("TACOQUERIA XYLO", account="credit", role="mixed")
    assert (made.kind, made.auto) == ("personal", False)


def test_the_file_of_the_model_is_read_whole_and_written_the_same(knowledge: Knowledge) -> None:
    model = knowledge.model()
    assert model is not None
    again = unpack(model.packed())
    assert again.packed() == model.packed()
    assert again.guess(["tacoqueria"]) == model.guess(["tacoqueria"])
    assert sum(share for _, share in model.guess(["tacoqueria"])) == pytest.approx(1)
    assert model.guess([]) == ()
    for bad in (b"", b"trades 1\n", b"trades 2\n"):
        with pytest.raises(ValueError, match="no model"):
            unpack(bad)


def test_pieces_of_a_word_know_where_it_begins_and_ends() -> None:
    assert features(["ab", "ab"]) == ["_ab_", "_ab", "ab_"]


# --- explained


@pytest.mark.parametrize(
    ("text", "given", "step"),
    [
        ("SLACK T1", {}, "merchant"),
        ("FOODLAND 12", {}, "brand"),
        ("MONTHLY SERVICE FEE", {}, "structure"),
        ("ZZYX 12", {"pfc": "FOOD_AND_DRINK_GROCERIES"}, "connection"),
        ("ZZYX DENTAL", {}, "words"),
        ("QUORNVALE OAKLAND", {"memory": {("quornvale", -1, 7): OFFICE}}, "nearest"),
        ("SLACK T1", {"memory": {("slack", -1, 7): OFFICE}}, "memory"),
    ],
)
def test_the_step_that_decided_is_named(knowledge: Knowledge, text: str, given: dict[str, object], step: str) -> None:
    pfc, memory = given.get("pfc"), given.get("memory", {})
    subject = Subject(text, -1, "credit", "business", "designer", None, None, 7, pfc)  # type: ignore[arg-type]
    layers = Classifier(knowledge, [], memory).explained(subject)  # type: ignore[arg-type]
    assert [layer.step for layer in layers if layer.decided] == [step]
    assert all(layer.text for layer in layers if layer.speaks)
    assert [layer.step for layer in layers] == [
        "rule", "memory", "structure", "merchant", "brand", "connection", "nearest", "words", "model",
    ]  # fmt: skip


def test_nothing_decided_where_nobody_knows(knowledge: Knowledge) -> None:
    layers = Classifier(knowledge, [], {}).explained(
        Subject("0000 11", -1, "credit", "business", "designer", None, None, 7, None)
    )
    assert not any(layer.decided for layer in layers)


# --- how the model is made


def test_training_twice_gives_the_same_model(knowledge: Knowledge) -> None:
    examples = train_trades.gathered()[::40]
    first, second = (train_trades.made(examples, 1.0, 0.99).packed() for _ in range(2))
    assert first == second
    assert set(unpack(first).trades) <= {key for key, _ in knowledge.categories}


def test_a_merchant_that_is_left_out_is_not_trained_on() -> None:
    owners = {example.owner for example in train_trades.gathered(frozenset({"Calendly"}))}
    assert "calendly" not in owners
    assert "figma" in owners


def test_the_model_and_the_tables_are_small(knowledge: Knowledge) -> None:
    folder = Path(__file__).parents[3] / "resources" / "merchants"
    assert sum(path.stat().st_size for path in folder.iterdir()) < 15_000_000
    assert set(knowledge.model().trades) <= {key for key, _ in knowledge.categories}  # type: ignore[union-attr]
