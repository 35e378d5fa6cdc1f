from __future__ import annotations

import hashlib
import unicodedata

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.core.errors import Refused
from app.core.security import key_derivation
from app.core.security.key_derivation import Argon2id, Pbkdf2, Purpose, check_new_passphrase, hkdf, stretch, subkey

SALT = b"0123456789abcdef"


def test_hkdf_gives_the_published_values() -> None:
    # RFC 5869, appendix A, test cases 1 and 3.
    first = hkdf(b"\x0b" * 22, bytes(range(0xF0, 0xFA)), salt=bytes(range(13)), size=42)
    assert first.hex() == ("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")
    third = hkdf(b"\x0b" * 22, b"", size=42)
    assert third.hex() == ("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8")


@pytest.mark.parametrize("size", [1, 31, 32, 33, 64, 200])
def test_hkdf_agrees_with_another_implementation(size: int) -> None:
    other = HKDF(algorithm=SHA256(), length=size, salt=None, info=b"what for").derive(b"key" * 10)
    assert hkdf(b"key" * 10, b"what for", size=size) == other


def test_each_purpose_has_its_own_key() -> None:
    keys = {subkey(b"r" * 32, purpose) for purpose in Purpose}
    assert len(keys) == len(Purpose)
    assert all(len(key) == 32 for key in keys)
    assert subkey(b"q" * 32, Purpose.RECEIPT) not in keys


def test_subkeys_never_change_their_value() -> None:
    """A change here would make every stored MAC and receipt unreadable."""
    expected = hkdf(b"r" * 32, b"1099ops audit-mac v1")
    assert subkey(b"r" * 32, Purpose.AUDIT_MAC) == expected
    assert {str(purpose) for purpose in Purpose} == {
        "audit-mac", "audit-segment", "account-fingerprint", "receipt", "link-backup", "export-pseudonym", "row-digest",
        "erasure", "bank-secret",
    }  # fmt: skip


def test_pbkdf2_is_the_standard_one() -> None:
    expected = hashlib.pbkdf2_hmac("sha256", "pässword-long".encode(), SALT, 600_000)
    assert stretch("pässword-long", Pbkdf2(salt=SALT)) == expected


def test_a_passphrase_is_the_same_from_every_keyboard() -> None:
    composed = unicodedata.normalize("NFC", "crème brûlée à minuit")
    decomposed = unicodedata.normalize("NFD", composed)
    cost = Argon2id(salt=SALT, memory_kib=64 * 1024)
    assert composed != decomposed
    assert stretch(composed, cost) == stretch(decomposed, cost)
    assert stretch(composed, cost) != stretch(composed + " ", cost)


@pytest.mark.parametrize(
    "cost",
    [
        Argon2id(salt=SALT, memory_kib=64 * 1024 - 1),
        Argon2id(salt=SALT, memory_kib=64 * 1024 * 1024),
        Argon2id(salt=SALT, passes=2),
        Argon2id(salt=SALT, passes=11),
        Argon2id(salt=SALT, lanes=0),
        Argon2id(salt=SALT, lanes=17),
        Argon2id(salt=SALT[:15]),
        Argon2id(salt=SALT, memory_kib=True),
        Pbkdf2(salt=SALT, iterations=599_999),
        Pbkdf2(salt=SALT, iterations=10_000_001),
        Pbkdf2(salt=b""),
    ],
)
def test_costs_below_the_floor_and_above_the_ceiling_are_refused(cost: key_derivation.Kdf) -> None:
    with pytest.raises(Refused) as caught:
        stretch("long enough words", cost)
    assert caught.value.code == "invalid_value"
    algorithm, parameters = key_derivation.describe(cost)
    with pytest.raises(ValueError):
        key_derivation.from_description(algorithm, parameters)


@pytest.mark.parametrize("cost", [Argon2id(salt=SALT, passes=4, lanes=2), Pbkdf2(salt=SALT, iterations=700_001)])
def test_a_cost_comes_back_from_its_description(cost: key_derivation.Kdf) -> None:
    assert key_derivation.from_description(*key_derivation.describe(cost)) == cost


@pytest.mark.parametrize(
    ("algorithm", "parameters"),
    [
        ("scrypt", {"salt": SALT.hex()}),
        ("argon2id", {}),
        ("argon2id", {"memory_kib": "262144", "passes": 3, "lanes": 4, "salt": SALT.hex()}),
        ("pbkdf2-sha256", {"iterations": 600_000, "salt": "zz"}),
        ("pbkdf2-sha256", {"iterations": 600_000}),
    ],
)
def test_descriptions_that_make_no_sense_are_refused(algorithm: str, parameters: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        key_derivation.from_description(algorithm, parameters)


@pytest.mark.parametrize("text", ["twelve chars", "aaaaaaaaaaaa", "пароль из слов", "x" * 1024, "            "])
def test_any_twelve_characters_will_do(text: str) -> None:
    check_new_passphrase(text)


@pytest.mark.parametrize("text", ["", "eleven char", "e\u0301" * 11, "x" * 1025, "lone \ud800 surrogate"])
def test_too_short_too_long_or_no_text_is_refused(text: str) -> None:
    with pytest.raises(Refused) as caught:
        check_new_passphrase(text)
    assert caught.value.exit_code == 3
    assert len(text) < 5 or text not in caught.value.message + caught.value.hint
