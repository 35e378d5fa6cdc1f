"""The README's commands exist, and the build server runs the same one as a reader."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

from app.cli.main import NOUNS

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks() -> str:
    return "\n".join(re.findall(r"```\w*\n(.*?)```", README, re.DOTALL))


def test_the_two_commands_stand_in_the_readme() -> None:
    lines = [line.split("#")[0].removeprefix("$ ").strip() for line in blocks().splitlines()]
    assert "python3 run.py" in lines
    assert "python3 run.py test" in lines


def test_every_command_of_the_readme_exists(run_py: ModuleType) -> None:
    named = re.findall(r"python3 run\.py ([a-z]+)", README)
    assert named
    assert set(named) <= set(run_py.COMMANDS)


def test_every_noun_of_the_tour_exists() -> None:
    nouns = re.findall(r"(?:^|; )o ([a-z]+)", blocks(), re.MULTILINE)
    assert len(nouns) >= 10
    assert set(nouns) <= set(NOUNS)


def test_the_build_server_runs_the_readme_command() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert re.search(r"^exec python3 run\.py test$", script.read_text(encoding="utf-8"), re.MULTILINE)
    assert subprocess.run(["bash", "-n", str(script)], check=False, timeout=30).returncode == 0


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "SECURITY.md", "PRIVACY.md", "CHANGELOG.md"])
def test_links_inside_the_repository_lead_somewhere(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    targets = [target for target in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in target]
    assert [target for target in targets if not (ROOT / target).exists()] == []
