"""The shipped knowledge, read once, and a short way to ask for one label."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from app.core.classify.decide import Classifier, Knowledge, Label, Remembered, Subject, UserRule
from app.services.classify import knowledge as shipped

Labeller = Callable[..., Label]


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return shipped.merchants()


@pytest.fixture(scope="session")
def label(knowledge: Knowledge) -> Labeller:
    """Label one text: `label("SLACK", sign=-1, account="credit", role="business")`."""

    def made(
        text: str,
        *,
        sign: int = -1,
        account: str = "checking",
        role: str = "business",
        trade: str = "designer",
        pfc: str | None = None,
        cents: int | None = None,
        rules: Sequence[UserRule] = (),
        memory: dict[tuple[str, int, int], Remembered] | None = None,
    ) -> Label:
        subject = Subject(text, sign, account, role, trade, None, cents, 7, pfc)
        return Classifier(knowledge, rules, memory or {}).label(subject)

    return made
