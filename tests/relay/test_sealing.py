"""Sealed tokens: what is changed does not open, whoever holds them."""

from __future__ import annotations

import secrets

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from relay.encoding import b64url, from_b64url
from relay.errors import RelayError
from relay.sealing import SealRing, key_id

KEY, OLD, OTHER = (secrets.token_bytes(32) for _ in range(3))
SCOPE = ("sandbox", "client")
TOKEN = b"access-sandbox-00000000-0000-4000-8000-000000000000"
names = st.text(max_size=40)


def ring(*keys: bytes, scope: tuple[str, ...] = SCOPE) -> SealRing:
    return SealRing(keys or (KEY,), scope)


def is_refused(sealed: str, *bound_to: str, by: SealRing) -> bool:
    with pytest.raises(RelayError) as refused:
        by.open(sealed, *bound_to)
    return refused.value.code == "bad_sealed_token"


@given(st.binary(max_size=2_000), st.lists(names, max_size=3))
def test_what_was_sealed_opens_again(plain: bytes, bound_to: list[str]) -> None:
    opened = ring().open(ring().seal(plain, *bound_to), *bound_to)
    assert (opened.plain, opened.is_old) == (plain, False)


@given(st.data())
def test_one_flipped_bit_anywhere_is_refused(data: st.DataObject) -> None:
    raw = bytearray(from_b64url(ring().seal(TOKEN, "jkt", "item")))
    place = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[place // 8] ^= 1 << place % 8
    assert is_refused(b64url(bytes(raw)), "jkt", "item", by=ring())


@given(st.data())
def test_one_changed_letter_anywhere_is_refused(data: st.DataObject) -> None:
    sealed = ring().seal(TOKEN, "jkt", "item")
    place = data.draw(st.integers(0, len(sealed) - 1))
    letter = data.draw(st.characters(codec="utf-8"))
    assume(letter != sealed[place])
    assert is_refused(sealed[:place] + letter + sealed[place + 1 :], "jkt", "item", by=ring())


@given(st.data())
def test_a_cut_or_longer_one_is_refused(data: st.DataObject) -> None:
    sealed = ring().seal(TOKEN, "jkt", "item")
    cut = data.draw(st.integers(0, len(sealed) - 1))
    more = data.draw(st.text("ABCDEFGHabcdefgh0123456789-_=\n ", min_size=1, max_size=9))
    assert is_refused(sealed[:cut], "jkt", "item", by=ring())
    assert is_refused(sealed + more, "jkt", "item", by=ring())


@given(names, names, names, names)
def test_another_device_or_item_opens_nothing(device: str, item: str, other: str, another: str) -> None:
    assume((device, item) != (other, another))
    assert is_refused(ring().seal(TOKEN, device, item), other, another, by=ring())


@pytest.mark.parametrize(
    "scope", [("production", "client"), ("sandbox", "another"), ("sandboxc", "lient"), ("sandbox",)]
)
def test_another_environment_or_client_opens_nothing(scope: tuple[str, ...]) -> None:
    assert is_refused(ring().seal(TOKEN, "jkt", "item"), "jkt", "item", by=ring(scope=scope))


def test_an_old_key_opens_and_asks_for_a_new_seal() -> None:
    sealed = ring(OLD).seal(TOKEN, "jkt", "item")
    opened = ring(KEY, OLD).open(sealed, "jkt", "item")
    assert (opened.plain, opened.is_old) == (TOKEN, True)
    again = ring(KEY, OLD).seal(opened.plain, "jkt", "item")
    assert from_b64url(again)[1:5] == key_id(KEY)
    assert not ring(KEY).open(again, "jkt", "item").is_old


def test_a_key_that_was_retired_opens_nothing() -> None:
    assert is_refused(ring(OLD).seal(TOKEN, "jkt", "item"), "jkt", "item", by=ring(KEY))


@given(st.text(max_size=300))
def test_nonsense_is_refused(text: str) -> None:
    assert is_refused(text, "jkt", "item", by=ring())


def test_a_token_is_short_and_is_never_the_same_twice() -> None:
    made = {ring().seal(TOKEN, "jkt", "item") for _ in range(50)}
    assert len(made) == 50
    assert {len(text) for text in made} == {134}


@pytest.mark.parametrize("keys", [(), (b"x" * 31,), (KEY, KEY)], ids=["none", "short", "twice the same"])
def test_seal_keys_that_are_none_are_refused(keys: tuple[bytes, ...]) -> None:
    with pytest.raises(ValueError):
        SealRing(keys, SCOPE)
