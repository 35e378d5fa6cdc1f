from __future__ import annotations

import hmac
from hashlib import sha256
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.core.security.hash_chain import GENESIS, ChainEntry, Row, entry_mac, verify, walk

KEY = b"a" * 32


def chain(count: int, *, key: bytes = KEY) -> list[ChainEntry]:
    entries: list[ChainEntry] = []
    prev = GENESIS
    for seq in range(1, count + 1):
        fields = (seq, 1_700_000_000_000 + seq, "import", None, b"\x01\x02", f"row {seq}")
        mac = entry_mac(key, fields, prev)
        entries.append(ChainEntry(seq, fields, prev, mac))
        prev = mac
    return entries


def test_the_mac_is_the_documented_one() -> None:
    text = b"1099ops audit v1" + (2).to_bytes(8, "big")
    text += b"i" + (2).to_bytes(8, "big") + b"-7"
    text += b"s" + (2).to_bytes(8, "big") + "é".encode()
    text += b"b" + (32).to_bytes(8, "big") + GENESIS
    assert entry_mac(KEY, (-7, "é"), GENESIS) == hmac.new(KEY, text, sha256).digest()


def test_a_whole_chain_holds() -> None:
    entries = chain(50)
    state = verify(KEY, entries)
    assert state.first_bad_seq is None
    assert (state.entries, state.head_seq, state.head_mac) == (50, 50, entries[-1].mac)
    assert verify(KEY, []) == (None, 0, 0, GENESIS)


def test_a_later_part_holds_after_its_anchor() -> None:
    entries = chain(20)
    state = verify(KEY, iter(entries[10:]), after_seq=10, after_mac=entries[9].mac)
    assert (state.first_bad_seq, state.entries, state.head_seq) == (None, 10, 20)
    assert verify(KEY, entries[10:]).first_bad_seq == 1


def test_another_key_holds_nothing() -> None:
    assert verify(b"b" * 32, chain(3)).first_bad_seq == 1


def test_each_change_is_found_where_it_is() -> None:
    entries = chain(9)
    for number, entry in enumerate(entries):
        for index, value in enumerate(entry.fields):
            fields = list(entry.fields)
            fields[index] = "other" if value is None else None
            altered = [*entries[:number], entry._replace(fields=fields), *entries[number + 1 :]]
            assert verify(KEY, altered).first_bad_seq == entry.seq
        for part in ("mac", "prev"):
            altered = [*entries[:number], entry._replace(**{part: bytes(32)[:-1] + b"x"}), *entries[number + 1 :]]
            assert verify(KEY, altered).first_bad_seq == entry.seq


def test_removed_swapped_and_repeated_entries_are_found() -> None:
    entries = chain(6)
    assert verify(KEY, entries[:2] + entries[3:]).first_bad_seq == 3
    assert verify(KEY, [*entries[:2], entries[3], entries[2], *entries[4:]]).first_bad_seq == 3
    assert verify(KEY, [*entries[:3], entries[2], *entries[3:]]).first_bad_seq == 4
    assert verify(KEY, entries[1:]).first_bad_seq == 1


def test_renumbered_entries_are_found() -> None:
    entries = chain(6)
    closed = entries[:2] + [entry._replace(seq=entry.seq - 1) for entry in entries[3:]]
    assert verify(KEY, closed).first_bad_seq == 3


def test_cut_off_entries_show_only_in_the_head() -> None:
    assert verify(KEY, chain(6)[:4]).head_seq == 4


Field = st.one_of(st.binary(max_size=20), st.text(max_size=20), st.integers(), st.none())


@given(st.lists(Field, max_size=6), st.lists(Field, max_size=6))
def test_no_two_lists_of_fields_share_a_mac(first: list[object], second: list[object]) -> None:
    same = [(type(value), value) for value in first] == [(type(value), value) for value in second]
    assert (entry_mac(KEY, first, GENESIS) == entry_mac(KEY, second, GENESIS)) == same


def test_text_that_is_damaged_gives_another_mac_not_an_error() -> None:
    assert entry_mac(KEY, ("\ud800",), GENESIS) != entry_mac(KEY, ("\udc00",), GENESIS)


def test_the_boundaries_between_fields_count() -> None:
    assert entry_mac(KEY, ("ab", "c"), GENESIS) != entry_mac(KEY, ("a", "bc"), GENESIS)
    assert entry_mac(KEY, ("5",), GENESIS) != entry_mac(KEY, (5,), GENESIS)
    assert entry_mac(KEY, (), b"x") != entry_mac(KEY, (b"x",), b"")


# --- the fast walk over stored entries --------------------------------------------------------------------------------

TEXTS = st.one_of(st.text(max_size=200), st.sampled_from(["", "é" * 127, "a" * 127, "a" * 128, "a" * 5000, "\ud800"]))
ROW = st.tuples(
    TEXTS, st.integers(0, 2**62), TEXTS, TEXTS, TEXTS, st.one_of(st.none(), st.integers(0, 2**62)), TEXTS, TEXTS
)


def stored(values: list[tuple[Any, ...]], *, first: int = 1, prev: bytes = GENESIS) -> list[Row]:
    """Return entries as the log stores them, each MAC made by the plain function."""
    rows: list[Row] = []
    for seq, fields in enumerate(values, first):
        mac = entry_mac(KEY, (seq, *fields), prev)
        rows.append((seq, *fields, prev.hex(), mac.hex()))
        prev = mac
    return rows


@given(st.lists(ROW, max_size=5))
def test_the_fast_walk_finds_what_the_plain_one_finds(values: list[tuple[Any, ...]]) -> None:
    rows = stored(values)
    plain = verify(KEY, [ChainEntry(r[0], r[:9], bytes.fromhex(r[9]), bytes.fromhex(r[10])) for r in rows])
    assert walk(KEY, rows) == plain
    assert plain.first_bad_seq is None


def test_an_entry_of_the_first_version_keeps_its_mac() -> None:
    """Written down once: a faster way to the same text may not be a way to another one."""
    row = (
        1, "2026-11-20T05:45:04.123Z", 123456, "change", "user", "operation", 7, "ok",
        '{"code":"set","rows":1,"undoes":null}',
    )  # fmt: skip
    mac = "94d38dc00de92e5186a318e56923e7ab28bb10ea722e2fcaf4e19c28dbba0cc8"
    assert entry_mac(KEY, row, GENESIS).hex() == mac
    assert walk(KEY, [(*row, GENESIS.hex(), mac)]).first_bad_seq is None


@given(st.lists(ROW, min_size=1, max_size=4), st.data())
def test_any_change_of_a_stored_entry_is_found(values: list[tuple[Any, ...]], data: st.DataObject) -> None:
    rows = stored(values)
    number = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.integers(0, 10))
    row = list(rows[number])
    other = data.draw(st.one_of(TEXTS, st.integers(0, 2**62), st.none(), st.floats(), st.binary(max_size=3)))
    if (type(other), other) == (type(row[column]), row[column]):
        return
    row[column] = other
    rows[number] = tuple(row)  # type: ignore[call-overload] # wrong on purpose
    assert walk(KEY, rows).first_bad_seq == number + 1


def test_a_long_key_is_used_as_hmac_uses_it() -> None:
    key = b"k" * 100
    mac = entry_mac(key, (1, "t", 0, "e", "a", "o", None, "ok", "{}"), GENESIS).hex()
    assert walk(key, [(1, "t", 0, "e", "a", "o", None, "ok", "{}", GENESIS.hex(), mac)]).first_bad_seq is None


def test_the_fast_walk_takes_up_where_an_earlier_one_ended() -> None:
    rows = stored([("t", n, "e", "a", "o", None, "ok", "{}") for n in range(20)])
    half = walk(KEY, rows[:10])
    assert walk(KEY, rows[10:], after_seq=half.head_seq, after_mac=half.head_mac).head_seq == 20
    assert walk(KEY, rows[10:]).first_bad_seq == 1
