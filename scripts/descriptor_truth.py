"""The public list of descriptors with their truth, split by merchant: what the bench and the measuring script share.

`whole` knowledge is what is shipped. Knowledge `without` the public merchants makes all of them strangers: every entry
of the base that one of their rows is found by is taken out, and the model is trained anew without them.
"""

from __future__ import annotations

import csv
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from app.core.books.vocabulary import line_on_form
from app.core.classify.clean import clean
from app.core.classify.decide import Classifier, Knowledge, Label, Remembered, Subject
from app.core.ingest.values import cents_of_typed
from app.core.money import WHOLE
from app.services.classify import knowledge as shipped
from scripts import train_trades

TABLE = Path(__file__).resolve().parents[1] / "tests" / "data" / "reference" / "desc-public.csv"
STRANGERS = TABLE.with_name("desc-strangers.csv")
"""Names that stand in no base, labelled before anybody looked what the program makes of them."""
WITH_LINE = {"income", "expense", "refund", "personal"}
PARTS = 5

Row = dict[str, str]
Memory = dict[tuple[str, int, int], Remembered]


class Said(NamedTuple):
    """A row of the table and what the program made of it."""

    true: Row
    made: Label

    def fits(self, kind: str, line: str) -> bool:
        lines = {self.true["line"], *self.true["line_alt"].split(",")}
        return kind == self.true["kind"] and (kind not in WITH_LINE or line_on_form(line) in lines)

    @property
    def right(self) -> bool:
        return self.fits(self.made.kind, self.made.line)

    @property
    def kind_right(self) -> bool:
        return self.made.kind == self.true["kind"]

    @property
    def clear(self) -> bool:
        return self.true["ambiguous"] != "yes"

    @property
    def in_top3(self) -> bool:
        return any(self.fits(choice.kind, choice.line) for choice in self.made.choices[:3])


def table(path: Path = TABLE) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def part_of(merchant: str) -> int:
    """Return the part a merchant with all its rows belongs to."""
    return int(hashlib.sha256(merchant.encode()).hexdigest(), 16) % PARTS


def entries_of(rows: Iterable[Row], knowledge: Knowledge) -> dict[str, frozenset[str]]:
    """Return, by merchant of the table, the names of the base its rows are found by."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        cleaned = clean(knowledge.blotted(row["descriptor"]), knowledge.places, knowledge.numbers)
        hit = knowledge.merchants.find(cleaned.words, cleaned.facilitator, cleaned.cut_at)
        found[row["merchant"]] |= {hit.merchant.name} if hit else set()
    return {name: frozenset(names) for name, names in found.items()}


def without(names: frozenset[str]) -> Knowledge:
    """Return the knowledge without these merchants, as if nobody had written them down; the brand list stays whole.

    The model is trained anew without them, so it takes half a minute.
    """
    whole = shipped.merchants().model()
    assert whole is not None, "the shipped knowledge has a model"
    model = train_trades.made(train_trades.gathered(names), whole.temperature, whole.booked_from)
    return shipped.build(shipped.packed(lambda row: row[0].strip() not in names))._replace(model=lambda: model)


def subject(row: Row, *, pfc: bool, role: str = "business") -> Subject:
    return Subject(
        " ".join(row["descriptor"].split()), -1 if row["amount"].startswith("-") else 1, row["account_type"],
        role, row["profession"], None, cents_of_typed(row["amount"]), 0, (row["plaid_pfc"] or None) if pfc else None,
    )  # fmt: skip


def run(rows: Sequence[Row], knowledge: Knowledge, *, pfc: bool, memory: Memory | None = None) -> list[Said]:
    classifier = Classifier(knowledge, [], memory or {})
    return [Said(row, classifier.label(subject(row, pfc=pfc))) for row in rows]


def corrected(rows: Sequence[Row], knowledge: Knowledge, *, times: int) -> list[Said]:
    """Teach the first rows of each merchant and direction, ask the rest."""
    seen: Counter[tuple[str, bool]] = Counter()
    first: list[Row] = []
    rest: list[Row] = []
    for row in rows:
        side = (row["merchant"], row["amount"].startswith("-"))
        (first if seen[side] < times else rest).append(row)
        seen[side] += 1
    plain = Classifier(knowledge, [], {})
    memory: Memory = {}
    for row in first:
        asked = subject(row, pfc=False)
        memory[plain.label(asked).merchant_key, asked.sign, 0] = Remembered(row["kind"], row["line"], WHOLE, ask=False)
    return run(rest, knowledge, pfc=False, memory=memory)


def settings(rows: Sequence[Row], whole: Knowledge, apart: Knowledge) -> dict[str, list[Said]]:
    """Return what is made of the rows in every setting that is measured."""
    known = {name for name, found in entries_of(rows, whole).items() if found}
    unknown = [row for row in rows if row["merchant"] not in known]
    return {
        "shipped, cold": run(rows, whole, pfc=False),
        "shipped, with category": run(rows, whole, pfc=True),
        "not in base, cold": run(unknown, whole, pfc=False),
        "not in base, with category": run(unknown, whole, pfc=True),
        "strangers, cold": run(table(STRANGERS), whole, pfc=False),
        "strangers, with category": run(table(STRANGERS), whole, pfc=True),
        "split away, cold": run(rows, apart, pfc=False),
        "split away, with category": run(rows, apart, pfc=True),
        "shipped, 1 correction": corrected(rows, whole, times=1),
        "split away, 1 correction": corrected(rows, apart, times=1),
        "split away, 3 corrections": corrected(rows, apart, times=3),
    }


def calibration_error(told: Iterable[tuple[int, bool]]) -> float:
    """Return the expected calibration error of (confidence in 1/10000, right), over ten bins of equal width."""
    bins: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    for confidence, right in told:
        bins[min(9, confidence // 1000)].append((confidence, right))
    gaps = (abs(sum(c for c, _ in part) / 10_000 - sum(right for _, right in part)) for part in bins.values())
    whole = sum(map(len, bins.values()))
    return sum(gaps) / whole if whole else float("nan")
