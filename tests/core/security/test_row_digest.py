"""The hash of a block of rows: bound to its key, its table and its place, and its sum."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.core.security import row_digest

KEY = bytes(range(32))
MACS = st.lists(st.binary(min_size=row_digest.SIZE, max_size=row_digest.SIZE), max_size=8)


def test_the_hash_is_the_one_of_the_format() -> None:
    assert row_digest.block_mac(KEY, "account", 3, '[1,"A"]').hex() == (
        "af1fcfc0440a092f5ecfa5b6dd19a07a5c67b2ff54fb3395fdc3607aa0f3179f"
    )


def test_key_table_place_and_rows_each_give_another_hash() -> None:
    ways = [
        (KEY, "account", 3, "[1]"), (bytes(32), "account", 3, "[1]"), (KEY, "accoun", 3, "[1]"),
        (KEY, "account", 4, "[1]"), (KEY, "account", 3, "[2]"), (KEY, "account", 3, ""), (KEY, "account", 3, "\ud800"),
    ]  # fmt: skip
    assert len({row_digest.block_mac(*way) for way in ways}) == len(ways)


@given(come=MACS, gone=MACS)
def test_what_is_taken_out_again_leaves_the_sum_as_it_was(come: list[bytes], gone: list[bytes]) -> None:
    total = row_digest.changed(0, (), gone)
    after = row_digest.changed(total, gone, come)
    assert row_digest.parse(row_digest.render(after)) == row_digest.changed(0, (), come)
    assert len(row_digest.render(after)) == 2 * row_digest.SIZE
