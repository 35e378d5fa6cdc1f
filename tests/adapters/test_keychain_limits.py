"""What needs no keychain: the list of trusted classes, limits, and the words of errors."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from keyring.backends import SecretService, chainer, fail, null
from keyring.errors import KeyringLocked, PasswordSetError

import app
from app.adapters import keychain
from app.adapters.keychain import SystemKeychain
from app.core.errors import KeychainLocked, Locked, NoKeychain
from app.services.vault import keychain_entries


class Broken:
    """A backend of which every call fails in the same way, or waits for a gate."""

    def __init__(self, error: Exception | None = None, gate: threading.Event | None = None) -> None:
        self._error = error
        self._gate = gate

    def get_password(self, *_: str) -> str | None:
        if self._gate is not None:
            self._gate.wait()
        if self._error is not None:
            raise self._error
        return None

    def set_password(self, *_: str) -> None:
        self.get_password()

    def delete_password(self, *_: str) -> None:
        self.get_password()


@pytest.mark.parametrize("kind", [null.Keyring, fail.Keyring, chainer.ChainerBackend, Broken])
def test_untrusted_classes_are_refused(kind: type) -> None:
    with pytest.raises(NoKeychain) as caught:
        keychain.accepted(kind.__new__(kind))
    assert caught.value.code == "no_keychain"


def test_a_class_derived_from_a_trusted_one_is_refused() -> None:
    class Keyring(SecretService.Keyring):
        pass

    with pytest.raises(NoKeychain):
        keychain.accepted(Keyring.__new__(Keyring))


def test_the_trusted_class_is_taken() -> None:
    backend = SecretService.Keyring.__new__(SecretService.Keyring)
    assert keychain.accepted(backend) is backend


class PywinError(Exception):
    """Named as the Windows interface names its own."""


PywinError.__name__ = "error"


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (KeyringLocked("x"), KeychainLocked),
        (PasswordSetError("x"), NoKeychain),
        (OSError("x"), NoKeychain),
        (EOFError("x"), NoKeychain),
        (RuntimeError("x"), NoKeychain),
        (ImportError("x"), NoKeychain),
        (PywinError("x"), NoKeychain),
    ],
)
def test_foreign_errors_become_ours_and_keep_their_cause(error: Exception, expected: type[Exception]) -> None:
    with pytest.raises(expected) as caught:
        SystemKeychain(connect=lambda: Broken(error)).get("name")
    assert caught.value.__cause__ is error


class PromptDismissedException(Exception):
    """Named as the library of the Secret Service names its own."""


def test_a_question_that_was_closed_is_told_from_a_locked_keychain() -> None:
    said = set()
    for error in (PromptDismissedException("x"), KeyringLocked("x"), RuntimeError("x")):
        with pytest.raises(Locked) as caught:
            SystemKeychain(connect=lambda error=error: Broken(error)).get("name")  # type: ignore[misc]
        said.add(caught.value.message)
    assert len(said) == 3


def test_a_mistake_of_ours_stays_visible() -> None:
    with pytest.raises(TypeError):
        SystemKeychain(connect=lambda: Broken(TypeError("ours"))).get("name")


def test_every_call_has_a_limit_and_the_next_one_is_free() -> None:
    gate = threading.Event()
    slow = SystemKeychain(limit_seconds=0.05, connect=lambda: Broken(gate=gate))
    for call in (lambda: slow.get("a"), lambda: slow.set("a", "b"), lambda: slow.delete("a")):
        with pytest.raises(KeychainLocked) as caught:
            call()
        assert "did not answer" in caught.value.message
    gate.set()
    assert SystemKeychain(connect=lambda: Broken(gate=gate)).get("a") is None


def test_a_keychain_that_forgets_fails_its_probe() -> None:
    with pytest.raises(NoKeychain):
        SystemKeychain(connect=Broken).probe("name", "value")


def test_long_values_are_a_mistake() -> None:
    with pytest.raises(ValueError):
        SystemKeychain(connect=Broken).set("name", "x" * 1200)


def test_nothing_of_the_keyring_library_is_loaded_before_use() -> None:
    code = (
        "import sys, app.adapters.keychain, app.services.vault.book_keys; "
        "print([name for name in ('keyring', 'secretstorage', 'cryptography') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(app.__file__).parents[1], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_an_entry_that_is_no_text_is_no_key_rather_than_our_mistake() -> None:
    foreign = SystemKeychain(connect=lambda: Broken(UnicodeDecodeError("utf-8", b"\xff", 0, 1, "x")))
    assert foreign.get("name") == ""
    with pytest.raises(Locked) as caught:
        keychain_entries.stored(foreign, "name")
    assert "not a key" in caught.value.message
