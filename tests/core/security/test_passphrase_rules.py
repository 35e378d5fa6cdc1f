from __future__ import annotations

import random

import pytest

from app.core.errors import Refused
from app.services.vault import passphrases


def refused(text: str) -> bool:
    try:
        passphrases.check_new(text)
    except Refused:
        return True
    return False


def test_a_refusal_does_not_repeat_the_passphrase() -> None:
    for text in ("password1234", "aaaaaaaaaaaa", "abcabcabcabc"):
        with pytest.raises(Refused) as caught:
            passphrases.check_new(text)
        assert text not in caught.value.message + caught.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "password1234",
        "Password12345!",
        "passwordpassword",
        "password password",
        "P@ssw0rd1234",
        "p@ssw0rdp@ssw0rd",
        "1234password",
        "qwertyuiop123",
        "aaaaaaaaaaaa",
        "            ",
        "123456789012",
        "987654321098",
        "abcdefghijkl",
        "abcabcabcabc",
        "zxcvbnmasdfgh",
        "1qaz2wsx3edc",
        "letmeinletmein",
        "iloveyou2026!",
        "sunshine 2026",
        "dragon123456",
        "baseballbase",
        "finalfantasy",
    ],
)
def test_what_everybody_tries_first_is_refused(text: str) -> None:
    assert refused(text)


@pytest.mark.parametrize(
    "text",
    [
        "correct horse battery",
        "violet anchor harvest tundra 41",
        "пароль из слов и снега",
        "my dog ate the invoice",
        "tuesday-kettle-granite",
        "x9$kQ2mvT7pw",
        "x" * 8 + " kettle granite harbor",
        "岩 山 川 空 海 風 花 月 星 雪 雨 雲",
        "9f2c71d05be84a36",
    ],
)
def test_what_is_long_and_of_ones_own_will_do(text: str) -> None:
    assert not refused(text)


def test_the_list_is_long_enough_to_mean_something() -> None:
    """ASVS 5.0, 6.2.4 asks for 3,000 that fit the length; every one of them, with digits to reach it, is refused."""
    common = passphrases.common()
    assert len(common) >= 3_000
    assert sum(len(word) >= 8 for word in common) >= 3_000
    chance = random.Random(6)
    for word in chance.sample(sorted(word for word in common if word.isalpha()), 300):
        assert refused(word + "0" * 12), word
        assert refused((word + word)[:1024] if len(word) >= 6 else word * 3), word


def test_random_words_are_not_refused() -> None:
    """No rule about kinds of characters: four words drawn from a list pass."""
    chance = random.Random(7)
    words = [word for word in sorted(passphrases.common()) if word.isalpha() and len(word) < 9]
    assert not [text for text in (" ".join(chance.sample(words, 4)) for _ in range(2_000)) if refused(text)]


def test_sixty_four_characters_and_more_are_taken() -> None:
    assert not refused("granite kettle tuesday invoice harbor lantern orbit marble canyon " * 3)
