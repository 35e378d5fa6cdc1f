"""The words the profile is asked by, and what it takes."""

from __future__ import annotations

import itertools

import pytest

from app.core.errors import Refused
from app.core.tax.profile_keys import PROFILE_KEYS, KeyType
from app.services.books.open_books import Books
from app.services.tax import profile, profile_places, profile_words, tax_figures

FIELDS = [field for group in profile_words.GROUPS for field in group.fields]


def test_every_key_is_asked_once_or_said_to_be_asked_elsewhere() -> None:
    asked = [field.key for field in FIELDS]
    assert len(asked) == len(set(asked))
    assert set(asked) | set(profile_words.ELSEWHERE) == set(PROFILE_KEYS)
    assert not set(asked) & set(profile_words.ELSEWHERE)
    assert all(field.hint for field in profile_words.ELSEWHERE.values())
    assert len(profile_words.ELSEWHERE) <= 3


def test_every_field_has_a_name_of_its_own_in_its_group_and_one_line_of_help() -> None:
    for group in profile_words.GROUPS:
        names = [field.name for field in group.fields]
        assert len(names) == len(set(names))
    for field in FIELDS:
        assert field.name[0].isupper()
        assert 0 < len(field.hint) <= 65, field.key
        assert not field.hint.endswith("."), field.key


def test_what_is_the_spouse_s_is_asked_on_a_joint_return_and_follows_one_s_own() -> None:
    keys = [field.key for field in FIELDS]
    for field in FIELDS:
        is_spouse = field.key.startswith("spouse_")
        assert (field.only == profile_words.JOINT) == is_spouse
        if is_spouse:
            assert keys.index(field.key.removeprefix("spouse_")) < keys.index(field.key)
    wages = next(field for field in FIELDS if field.key == "spouse_wages")
    assert profile_words.asked(wages, {"filing_status": "mfj"})
    for status in ("single", "mfs", "hoh", "qss", ""):
        assert not profile_words.asked(wages, {"filing_status": status})
    assert profile_words.asked(wages, {"filing_status": "single", "spouse_wages": "5"}), "what is kept stays in sight"


def test_a_choice_has_words_for_every_value_it_takes() -> None:
    for key, choices in profile_words.CHOICES.items():
        assert [value for value, _ in choices] == list(PROFILE_KEYS[key].choices)
    without = {"filing_status", "profession"}
    chosen = {key for key, known in PROFILE_KEYS.items() if known.type in {KeyType.CHOICE, KeyType.STATUS}}
    assert chosen - without == set(profile_words.CHOICES)


def test_a_sentence_names_the_field_and_not_the_key() -> None:
    field = next(field for field in FIELDS if field.key == "ira")
    assert profile_words.said(field, "ira takes dollars, not “irate”.") == "Traditional IRA takes dollars, not “irate”."
    assert profile_words.said(field, "irate is no amount.") == "irate is no amount."


def test_places_go_by_code_or_name() -> None:
    places = profile_places.places("NY")
    assert places.choices == (("NYC", "New York City"), ("YONKERS", "Yonkers"))
    assert [places.code_of(text) for text in ("nyc", "New York City ", "yonkers", "Buffalo", "")] == [
        "NYC", "NYC", "YONKERS", "", "",
    ]  # fmt: skip
    assert tax_figures.locality(tax_figures.state("NY"), "new york city") == "NYC"
    assert profile_places.places("").choices == profile_places.places("CA").choices == ()
    indiana = [name for _, name in profile_places.places("IN").choices]
    assert len(indiana) > 90
    assert all(one < two for one, two in itertools.pairwise(indiana))


def test_nobody_is_born_after_the_year(books: Books) -> None:
    profile.change(books, 2026, {"birth_year": "1985"})
    for key in ("birth_year", "spouse_birth_year"):
        with pytest.raises(Refused, match=f"{key} cannot be 2027: the tax year is 2026"):
            profile.change(books, 2026, {key: "2027"})
    assert profile.show(books, 2026).values["birth_year"] == "1985"
