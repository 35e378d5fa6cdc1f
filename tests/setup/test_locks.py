"""The lock files say exactly what pyproject.toml asks for, with a hash for every file and no address of an index."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("app.lock", "dev.lock", "relay.lock", "tools.lock")
GPL = {"ofxtools", "beancount"}


def lock_text(name: str) -> str:
    return (ROOT / "requirements" / name).read_text(encoding="utf-8")


def entries(name: str) -> dict[str, tuple[Requirement, int]]:
    """Each locked distribution with the number of its hashes."""
    joined = re.sub(r"\s*\\\n\s*", " ", lock_text(name))
    found = {}
    for line in joined.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        words = line.split(" --hash=sha256:")
        requirement = Requirement(words[0])
        assert all(re.fullmatch(r"[0-9a-f]{64}", word.strip()) for word in words[1:]), line
        found[canonicalize_name(requirement.name)] = (requirement, len(words) - 1)
    return found


def project() -> dict[str, list[Requirement]]:
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    runtime = [Requirement(text) for text in table["dependencies"]]
    development = [Requirement(text) for text in table["optional-dependencies"]["dev"]]
    tools, relay = (
        [Requirement(text) for text in (ROOT / f"requirements/{name}.in").read_text(encoding="utf-8").split()]
        for name in ("tools", "relay")
    )
    return {"app.lock": runtime, "dev.lock": runtime + development, "tools.lock": tools, "relay.lock": relay}


@pytest.mark.parametrize("name", LOCKS)
def test_every_entry_is_one_version_with_hashes(name: str) -> None:
    locked = entries(name)
    assert locked
    for distribution, (requirement, hashes) in locked.items():
        assert hashes, f"{distribution} has no hash"
        assert re.fullmatch(r"==[^*,]+", str(requirement.specifier)), distribution


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_fulfils_the_project_file(name: str) -> None:
    locked = entries(name)
    for wanted in project()[name]:
        requirement, _ = locked[canonicalize_name(wanted.name)]
        version = str(requirement.specifier).removeprefix("==")
        assert wanted.specifier.contains(version), f"{wanted} is not met by {version}: python3 run.py lock"


@pytest.mark.parametrize("name", ["app.lock", "relay.lock"])
def test_what_is_tested_is_what_is_shipped(name: str) -> None:
    development = entries("dev.lock")
    for distribution, (requirement, _) in entries(name).items():
        assert str(requirement.specifier) == str(development[distribution][0].specifier), distribution


@pytest.mark.parametrize("name", LOCKS)
def test_locks_name_no_index_and_no_machine(name: str) -> None:
    text = lock_text(name)
    assert not re.search(r"://|^\s*-(i|-index-url|-extra-index-url|f|-find-links)\b", text, re.MULTILINE)
    assert not re.search(r"(^|\s)/\w", text)


def test_no_copyleft_that_binds_the_whole_reaches_the_program() -> None:
    assert not GPL & set(entries("app.lock"))


def test_third_party_names_every_library_that_is_shipped() -> None:
    text = (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8").lower()
    missing = [name for name in [*entries("app.lock"), "inter"] if f"| {name} |" not in text]
    assert missing == []
