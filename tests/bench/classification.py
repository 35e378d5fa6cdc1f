"""How well descriptors are understood: the metric table on the public list, split by merchant.

    python tests/bench/classification.py [--by category|profession|merchant] [--wrong] [TABLE.csv]

Three settings tell three different things. `shipped`: as users have it; its figures flatter, since most public
merchants stand in the base. `not in base`: only the rows of public merchants the base lacks. `split away`: every entry
of the base that a public merchant is found by is taken out first, so all of them are strangers; a lower bound, since
a stranger of the real world may well stand in the base. `mixed` joins the first and the last by a stated share.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from app.core.books.vocabulary import Kind, line_on_form  # noqa: E402 - the repository is put on the path first
from app.core.classify.clean import clean  # noqa: E402
from app.core.classify.decide import Classifier, Knowledge, Label, Remembered, Subject  # noqa: E402
from app.core.money import WHOLE  # noqa: E402
from app.services import knowledge as shipped  # noqa: E402
from scripts import train_trades  # noqa: E402

TABLE = ROOT / "tests" / "data" / "reference" / "desc-public.csv"
WITH_LINE = {"income", "expense", "refund", "personal"}
EVEN_KINDS = ("transfer", "card_payment", "tax_payment", "owner_draw")
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


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", nargs="?", type=Path, default=TABLE)
    parser.add_argument("--by", action="append", choices=["category", "profession", "merchant"], default=[])
    parser.add_argument("--wrong", action="store_true", help="list what was booked wrongly, and what was missed")
    arguments = parser.parse_args()
    with arguments.table.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    began = time.process_time()
    whole = shipped.merchants()
    print(f"knowledge loaded in {1000 * (time.process_time() - began):.0f} ms CPU")
    entries = entries_of(rows, whole)
    known = {name for name, found in entries.items() if found}
    print(f"public merchants: {len(entries)}, in the base: {len(known)}, not in it: {len(entries) - len(known)}")
    print("  not in it:", ", ".join(sorted(set(entries) - known)))
    apart = without(frozenset().union(*entries.values()))
    print_table(rows, known, whole, apart)
    strangers = run(rows, apart, pfc=False)
    for by in arguments.by:
        print_by(by, run(rows, whole, pfc=False), strangers)
    if arguments.wrong:
        print_wrong("shipped", run(rows, whole, pfc=False))
        print_wrong("split away", strangers)
    print_roles(rows, whole)
    print_speed(rows, whole)
    return 0


# --- splitting --------------------------------------------------------------------------------------------------------


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
    return shipped.build(lambda row: row[0].strip() not in names)._replace(model=lambda: model)


def subject(row: Row, *, pfc: bool, role: str = "business") -> Subject:
    return Subject(
        " ".join(row["descriptor"].split()), -1 if row["amount"].startswith("-") else 1, row["account_type"],
        role, row["profession"], None, None, 0, (row["plaid_pfc"] or None) if pfc else None,
    )  # fmt: skip


def run(rows: Sequence[Row], knowledge: Knowledge, *, pfc: bool, memory: Memory | None = None) -> list[Said]:
    classifier = Classifier(knowledge, [], memory or {})
    return [Said(row, classifier.label(subject(row, pfc=pfc))) for row in rows]


def corrected(rows: Sequence[Row], knowledge: Knowledge, *, times: int) -> list[Said]:
    """Teach the first rows of each merchant and direction, ask the rest."""
    seen: Counter[tuple[str, bool]] = Counter()
    first, rest = [], []
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


# --- measures ---------------------------------------------------------------------------------------------------------


def share(rows: Sequence[Said], holds: Callable[[Said], bool]) -> float:
    return sum(map(holds, rows)) / len(rows) if rows else float("nan")


def coverage(rows: Sequence[Said], precision: float = 0.98) -> float:
    """Return the largest share of rows, most confident first, that is right often enough."""
    best = right = 0
    for count, said in enumerate(sorted(rows, key=lambda said: -said.made.confidence), 1):
        right += said.right
        if right >= precision * count:
            best = count
    return best / len(rows) if rows else float("nan")


def calibration_error(rows: Sequence[Said]) -> float:
    bins: dict[int, list[Said]] = defaultdict(list)
    for said in rows:
        bins[min(9, said.made.confidence // 1000)].append(said)
    gaps = (abs(sum(s.made.confidence for s in part) / 10_000 - sum(s.right for s in part)) for part in bins.values())
    return sum(gaps) / len(rows) if rows else float("nan")


def crossed(said: Said) -> bool:
    """Whether income was booked as a transfer or refund, or the reverse."""
    made, true = said.made.kind, said.true["kind"]
    others = {Kind.TRANSFER, Kind.REFUND}
    return (true == Kind.INCOME and made in others) or (made == Kind.INCOME and true in others)


def false_income(said: Said) -> bool:
    """Whether pay, a loan, a gift or own money was booked as income."""
    return said.made.kind == Kind.INCOME and said.true["kind"] not in {Kind.INCOME, Kind.REFUND}


def measured(rows: Sequence[Said]) -> dict[str, float]:
    clear = [said for said in rows if said.clear]
    unclear = [said for said in rows if not said.clear]
    booked = [said for said in clear if said.made.auto]
    every = [said for said in rows if said.made.auto]
    return {
        "rows": len(rows),
        "kind %": 100 * share(clear, lambda s: s.kind_right),
        "joint %": 100 * share(clear, lambda s: s.right),
        "booked %": 100 * share(clear, lambda s: s.made.auto),
        "precision %": 100 * share(booked, lambda s: s.right),
        "cov98 %": 100 * coverage(clear),
        "top3 %": 100 * share(rows, lambda s: s.in_top3),
        "asked top3 %": 100 * share([s for s in rows if not s.made.auto], lambda s: s.in_top3),
        "calib. %": 100 * calibration_error(rows),
        "unclear bk %": 100 * share(unclear, lambda s: s.made.auto),
        "crossed %": 100 * share(every, crossed),
        "false inc %": 100 * share(every, false_income),
    }


def mixed(shipped_rows: dict[str, float], apart: dict[str, float], known: float) -> dict[str, float]:
    """Return what strangers get when `known` of them stand in the base; precision is weighed by what is booked."""
    found = {name: known * shipped_rows[name] + (1 - known) * apart[name] for name in apart}
    parts = known * shipped_rows["booked %"], (1 - known) * apart["booked %"]
    weighed = parts[0] * shipped_rows["precision %"] + parts[1] * (apart["precision %"] if parts[1] else 0)
    return {**found, "precision %": weighed / sum(parts)}


# --- printing ---------------------------------------------------------------------------------------------------------


def print_table(rows: Sequence[Row], known: set[str], whole: Knowledge, apart: Knowledge) -> None:
    unknown = [row for row in rows if row["merchant"] not in known]
    cold, away = measured(run(rows, whole, pfc=False)), measured(run(rows, apart, pfc=False))
    settings = {
        "shipped, cold": cold,
        "shipped, with category": measured(run(rows, whole, pfc=True)),
        "not in base, cold": measured(run(unknown, whole, pfc=False)),
        "not in base, with category": measured(run(unknown, whole, pfc=True)),
        "split away, cold": away,
        "split away, with category": measured(run(rows, apart, pfc=True)),
        "mixed, half in the base": mixed(cold, away, 0.5),
        "mixed, three quarters": mixed(cold, away, 0.75),
        "shipped, 1 correction": measured(corrected(rows, whole, times=1)),
        "split away, 1 correction": measured(corrected(rows, apart, times=1)),
        "split away, 3 corrections": measured(corrected(rows, apart, times=3)),
    }
    print(f"\n{'':28}" + "".join(f"{name:>13}" for name in cold))
    for setting, values in settings.items():
        print(f"{setting:28}" + "".join(f"{value:13.0f}" if n == "rows" else f"{value:13.2f}"
                                        for n, value in values.items()))  # fmt: skip
    print("\nkinds of the top suggestion, clear rows (recall / precision %): shipped | split away")
    for kind in EVEN_KINDS:
        print(f"  {kind:14}", " | ".join(both_ways(kind, run(rows, base, pfc=False)) for base in (whole, apart)))


def both_ways(kind: str, rows: Sequence[Said]) -> str:
    clear = [said for said in rows if said.clear]
    was = [said for said in clear if said.true["kind"] == kind]
    as_said = [said for said in clear if said.made.kind == kind]
    return f"{100 * share(was, lambda s: s.kind_right):6.1f} / {100 * share(as_said, lambda s: s.kind_right):6.1f}"


def print_by(by: str, rows: Sequence[Said], strangers: Sequence[Said]) -> None:
    column = {"category": "category_key"}.get(by, by)
    columns = ("rows", "joint %", "booked %", "precision %", "top3 %", "unclear bk %")
    print(f"\nby {by}, cold: shipped | split away")
    print(f"{'':28}" + "".join(f"{name:>13}" for name in columns) + "  |" + "".join(f"{n:>13}" for n in columns[1:]))
    for value in sorted({said.true[column] for said in rows}):
        both = [measured([said for said in part if said.true[column] == value]) for part in (rows, strangers)]
        print(f"{value:28}" + "".join(f"{both[0][name]:13.1f}" for name in columns) + "  |"
              + "".join(f"{both[1][name]:13.1f}" for name in columns[1:]))  # fmt: skip


def print_wrong(setting: str, rows: Sequence[Said]) -> None:
    print(f"\n{setting}: booked and wrong, or ambiguous and booked")
    for said in rows:
        if said.made.auto and (not said.right or not said.clear):
            print(f"  {described(said)}")
    print(f"{setting}: asked, and the answer is not among the first three")
    for said in rows:
        if not said.made.auto and not said.in_top3:
            print(f"  {described(said)}")


def described(said: Said) -> str:
    true, made = said.true, said.made
    return (
        f"{true['descriptor'][:60]:60} {true['amount']:>9} {true['account_type']:8} {true['profession']:20} "
        f"{true['kind']}/{true['line']} {'' if said.clear else 'ambiguous '}<- {made.kind}/{made.line} "
        f"{made.source} {made.reason} {made.confidence}"
    )


def print_roles(rows: Sequence[Row], knowledge: Knowledge) -> None:
    """What may never happen without an answer: a deduction where private money lies, a car's cost before its method."""
    print("\nbooked without an answer, with the category")
    for role in ("business", "mixed", "personal"):
        classifier = Classifier(knowledge, [], {})
        booked = [made for row in rows if (made := classifier.label(subject(row, pfc=True, role=role))).auto]
        deducted = sum(made.kind == Kind.EXPENSE for made in booked)
        vehicle = sum(made.line == "C9A" for made in booked)
        print(f"  {role:10} {len(booked):5} rows, {deducted:5} deducted, {vehicle:3} of a vehicle's actual cost")


def print_speed(rows: Sequence[Row], knowledge: Knowledge) -> None:
    """A cold run over texts that are all different once their digits are blotted out."""
    marks = [chr(97 + i) + chr(97 + j) for i in range(26) for j in range(26)]
    texts = [row | {"descriptor": f"{row['descriptor']} {mark}"} for mark in marks[:6] for row in rows]
    classifier = Classifier(knowledge, [], {})
    began = time.process_time()
    for row in texts:
        classifier.label(subject(row, pfc=False))
    print(f"\n{len(texts) / (time.process_time() - began):.0f} distinct descriptors a second, cold, one core")


if __name__ == "__main__":
    raise SystemExit(main())
