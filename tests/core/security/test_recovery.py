"""The recovery key as people copy it: what is understood, and what is noticed."""

from __future__ import annotations

import random
import re

import pytest

from app.core.errors import Refused
from app.core.security import recovery

SECRET = bytes(range(7, 27))


def noticed(text: str) -> bool:
    try:
        recovery.parse(text)
    except Refused:
        return True
    return False


def test_a_key_comes_back_from_its_letters() -> None:
    chance = random.Random(1)
    for _ in range(500):
        secret = chance.randbytes(20)
        text = recovery.render(secret)
        assert re.fullmatch(r"([A-Z2-7]{4}-){8}[A-Z2-7]{2}", text)
        assert recovery.parse(text) == secret


def test_the_letters_of_a_secret_never_change() -> None:
    """A change here would make every printed page worthless."""
    assert recovery.render(SECRET) == "A4EA-SCQL-BQGQ-4DYQ-CEJB-GFAV-CYLR-QGI2-UM"
    assert recovery.render(bytes(20)) == "AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AA"


@pytest.mark.parametrize(
    "written",
    [
        str.lower,
        lambda text: text.replace("-", ""),
        lambda text: text.replace("-", " "),
        lambda text: f"  {text}\r\n",
        lambda text: text.replace("-", "\u2011"),
        lambda text: text.replace("-", " – "),
        lambda text: text[:20] + "\n   " + text[20:],
        lambda text: text.replace("O", "0").replace("B", "8"),
        lambda text: text.replace("I", "1"),
        lambda text: text.replace("L", "1"),
        lambda text: "\u201c" + text + "\u201d.",
    ],
)
def test_what_people_make_of_it_is_understood(written: object) -> None:
    chance = random.Random(2)
    for _ in range(50):
        secret = chance.randbytes(20)
        text = written(recovery.render(secret))  # type: ignore[operator]
        assert recovery.parse(text) == secret


def test_wrong_letters_are_noticed() -> None:
    """10,000 slips of one letter and 10,000 exchanges of two: the rule asks for 99.8 %, the code catches all."""
    chance = random.Random(3)
    missed = 0
    for _ in range(10_000):
        letters = list(recovery.render(chance.randbytes(20)).replace("-", ""))
        place = chance.randrange(34)
        letters[place] = chance.choice([each for each in recovery.ALPHABET if each != letters[place]])
        missed += not noticed("".join(letters))
    assert missed == 0


def test_exchanged_letters_are_noticed() -> None:
    chance = random.Random(4)
    missed = tried = 0
    while tried < 10_000:
        letters = list(recovery.render(chance.randbytes(20)).replace("-", ""))
        first, second = chance.sample(range(34), 2)
        if letters[first] == letters[second]:
            continue
        letters[first], letters[second] = letters[second], letters[first]
        tried += 1
        missed += not noticed("".join(letters))
    assert missed == 0


def test_most_other_slips_are_noticed() -> None:
    """Two groups exchanged, or three letters wrong: one in a thousand passes, and the cipher catches that one."""
    chance = random.Random(5)
    missed = 0
    for number in range(10_000):
        groups = recovery.render(chance.randbytes(20)).split("-")
        if number % 2:
            first, second = chance.sample(range(8), 2)
            groups[first], groups[second] = groups[second], groups[first]
            wrong = "".join(groups)
        else:
            letters = list("".join(groups))
            for place in chance.sample(range(34), 3):
                letters[place] = chance.choice([each for each in recovery.ALPHABET if each != letters[place]])
            wrong = "".join(letters)
        missed += not noticed(wrong)
    assert missed <= 20


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "34 letters; this has 0"),
        (recovery.render(SECRET)[:-1], "this has 33"),
        (recovery.render(SECRET) + "A", "this has 35"),
        ("9" + recovery.render(SECRET)[1:], "“9” is not a letter"),
        ("É" + recovery.render(SECRET)[1:], "“É” is not a letter"),
        ("B" + recovery.render(SECRET)[1:], "check letters"),
        ("1" * 34, "check letters"),
        ("x" * 1_000_000, "this has 400"),
        ("violet anchor harvest tundra 41", "34 letters"),
    ],
)
def test_what_is_wrong_is_said(text: str, words: str) -> None:
    with pytest.raises(Refused) as caught:
        recovery.parse(text)
    assert caught.value.code == "invalid_value"
    assert words in caught.value.message
    assert not recovery.looks_like_one(text)
    assert len(text) < 5 or text not in caught.value.message + caught.value.hint


def test_a_secret_of_another_size_is_no_secret() -> None:
    with pytest.raises(ValueError):
        recovery.render(b"short")
