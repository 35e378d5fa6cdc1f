"""The shown confidence comes from one table of measured shares, and the table decides what may be booked."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from app.core.books.vocabulary import AccountKind, Role
from app.core.classify.confidence import Basis, load_scale
from app.core.classify.decide import Classifier, Knowledge, Subject

PUBLIC = Path(__file__).parents[2] / "data" / "reference" / "desc-public.csv"
ROWS = [
    {"step": "words", "state": "asked", "said": "0", "confidence": "5000"},
    {"step": "words", "state": "asked", "said": "7000", "confidence": "8000"},
    {"step": "words", "state": "sure", "said": "0", "confidence": "9400"},
    {"step": "any", "state": "reserve", "said": "0", "confidence": "7000"},
    {"step": "limit", "state": "booking", "said": "", "confidence": "9300"},
]


def test_a_share_holds_from_its_number_upwards() -> None:
    scale = load_scale(ROWS)
    shown = [scale.shown(Basis("words", "asked", said)) for said in (0, 6_999, 7_000, 9_900)]
    assert shown == [5_000, 5_000, 8_000, 8_000]
    assert scale.shown(Basis("structure", "reserve", 0)) == 7_000
    assert (scale.books(Basis("words", "sure", 0)), scale.books(Basis("words", "asked", 9_000))) == (True, False)
    with pytest.raises(KeyError):
        scale.shown(Basis("merchant", "sure", 0))


def test_a_share_above_one_is_refused() -> None:
    with pytest.raises(ValueError, match="no share"):
        load_scale([{"step": "words", "state": "sure", "said": "0", "confidence": "10001"}])


def test_no_evidence_but_a_rule_is_ever_called_certain(knowledge: Knowledge) -> None:
    shares = {key: held[1] for key, held in knowledge.scale.shares.items()}
    assert shares.pop(("rule", "sure")) == (10_000,)
    assert max(share for held in shares.values() for share in held) <= 9_900


def test_the_table_decides_what_is_booked(knowledge: Knowledge) -> None:
    subject = Subject("SLACK T01ABCD", -1, "credit", "business", "designer", None, None, 7, None)
    assert Classifier(knowledge, [], {}).label(subject).auto
    strict = knowledge.scale._replace(limits={**knowledge.scale.limits, "booking": 9_950})
    held = Classifier(knowledge._replace(scale=strict), [], {}).label(subject)
    assert (held.auto, held.kind, held.line) == (False, "expense", "C18")


@pytest.mark.parametrize("role", list(Role))
def test_every_sort_of_evidence_has_its_row(knowledge: Knowledge, role: str) -> None:
    classifier = Classifier(knowledge, [], {})
    with PUBLIC.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))[::3]
    for row in rows:
        for kind in (AccountKind.CHECKING, AccountKind.CREDIT, AccountKind.SAVINGS):
            for sign in (1, -1):
                for pfc in (None, row["plaid_pfc"] or None):
                    made = classifier.label(
                        Subject(row["descriptor"], sign, kind, role, row["profession"], None, None, 0, pfc)
                    )
                    assert 0 < made.confidence <= 10_000
