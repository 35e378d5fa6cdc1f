"""The audit log says what its catalogue lists, and nothing else gets in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.security.audit_events import ANCHORED, SHAPES, Event, check

WRITTEN = sorted(set(Event) - {Event.EXPORT})


def checked(event: Event, **fields: object) -> Event:
    return check(event, actor="user", object_kind=SHAPES[event].object_kind, result="ok", fields=fields)


def test_every_event_has_its_shape() -> None:
    assert set(SHAPES) == set(Event)
    assert set(Event) >= ANCHORED


def test_the_words_of_the_log_never_change() -> None:
    """They are covered by the chain and asked for in old books."""
    assert {str(event) for event in Event} >= {
        "change", "undo", "migration", "export", "vault.opened", "vault.unlock_failed", "vault.passphrase",
        "vault.recovery", "vault.rotation", "vault.kdf", "vault.mode", "backup.made", "backup.verified",
        "backup.tested", "backup.restored", "backup.pruned", "pack.exported", "diagnostics.saved", "erasure",
        "audit.archived", "audit.dropped", "audit.exported", "audit.accepted", "digest.rebuilt", "damage.found",
        "bank.setup", "bank.linked", "bank.repaired", "bank.moved", "bank.removed",
    }  # fmt: skip


@pytest.mark.parametrize("event", WRITTEN)
def test_numbers_codes_and_hashes_are_taken(event: Event) -> None:
    assert checked(event) is event
    for name in SHAPES[event].fields:
        assert any(_takes(event, name, value) for value in (7, "daily", "ab" * 32)), name
        assert checked(event, **{name: None}) is event


def _takes(event: Event, name: str, value: object) -> bool:
    try:
        checked(event, **{name: value})
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("event", WRITTEN)
@pytest.mark.parametrize(
    "value",
    [-1, True, 1.5, 2**63, b"ab", ["daily"], "", "Daily", "two words", "figma.com/", "../x", "a" * 41, "ab" * 31,
     "AB" * 32, "123-45-6789", "a\nb", "café", "daily\n", "9daily"],
)  # fmt: skip
def test_anything_else_is_refused_by_every_field(event: Event, value: object) -> None:
    for name in SHAPES[event].fields:
        with pytest.raises(ValueError, match="does not hold this"):
            checked(event, **{name: value})


@given(st.sampled_from(WRITTEN), st.text(max_size=60))
def test_text_with_anything_but_a_plain_code_never_gets_in(event: Event, text: str) -> None:
    plain = text.isascii() and text == text.lower() and not set(text) & set(" /\\\n\t\"'$@:;,()[]{}<>#&*=?!%^~|`")
    for name in SHAPES[event].fields:
        assert not _takes(event, name, text) or plain


def test_a_field_of_another_event_is_refused_and_no_value_is_repeated() -> None:
    with pytest.raises(ValueError, match="wrong_one") as caught:
        checked(Event.PASSPHRASE, wrong_one="my secret words")
    assert "my secret" not in str(caught.value)
    with pytest.raises(ValueError, match="code") as caught:
        checked(Event.CHANGE, code="my secret words")
    assert "my secret" not in str(caught.value)


def test_only_listed_actors_results_objects_and_events_are_taken() -> None:
    good = {"actor": "user", "object_kind": "operation", "result": "ok"}
    assert check("change", **good, fields={}) is Event.CHANGE
    for part, value in (("actor", "Iris"), ("object_kind", "keys"), ("result", "perhaps")):
        with pytest.raises(ValueError, match="audit log"):
            check("change", **{**good, part: value}, fields={})
    with pytest.raises(ValueError, match="lost"):
        check("vault.lost", **good, fields={})


def test_the_old_word_for_handing_out_a_pack_is_only_read() -> None:
    with pytest.raises(ValueError, match="only read"):
        check("export", actor="user", object_kind="pack", result="ok", fields={})
