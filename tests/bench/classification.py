"""How well descriptors are understood: the metric table on the public list, split by merchant.

    python tests/bench/classification.py [--by category|profession|merchant] [--wrong] [--stream ROWS] [TABLE.csv]

Three settings tell three different things. `shipped`: as users have it; its figures flatter, since most public
merchants stand in the base. `not in base`: only the rows of public merchants the base lacks. `split away`: every entry
of the base that a public merchant is found by is taken out first, so all of them are strangers; a lower bound, since
a stranger of the real world may well stand in the base. `mixed` joins the first and the last by a stated share.

Columns: kind, joint (kind and line), booked, precision and cov98 of rows that are not ambiguous; top3 of all and of the
asked; calib. the calibration error as shown, apart. the same when each merchant is judged by shares measured on
the others; unclear bk ambiguous rows booked; crossed income booked as transfer or refund or the reverse; false inc pay,
loans, gifts or own money booked as income.
"""

from __future__ import annotations

import argparse
import csv
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from app.core.books.vocabulary import Kind  # noqa: E402 - the repository is put on the path first
from app.core.classify.decide import Classifier, Knowledge  # noqa: E402
from app.services.classify import knowledge as shipped  # noqa: E402
from scripts import measure_confidence  # noqa: E402
from scripts.descriptor_truth import (  # noqa: E402
    TABLE,
    Row,
    Said,
    calibration_error,
    entries_of,
    settings,
    subject,
    table,
    without,
)

EVEN_KINDS = ("transfer", "card_payment", "tax_payment", "owner_draw")
_COMMAND = "import sys; from app.bootstrap import run; raise SystemExit(run(sys.argv[1:]))"
KNOWLEDGE = ROOT / "resources" / "merchants"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", nargs="?", type=Path, default=TABLE)
    parser.add_argument("--by", action="append", choices=["category", "profession", "merchant"], default=[])
    parser.add_argument("--wrong", action="store_true", help="list what was booked wrongly, and what was missed")
    parser.add_argument("--stream", type=int, metavar="ROWS", help="run the command on so many rows: speed, memory")
    arguments = parser.parse_args()
    rows = table(arguments.table)
    began = time.process_time()
    whole = shipped.build(shipped.packed())
    print(f"knowledge loaded in {1000 * (time.process_time() - began):.0f} ms CPU (bar 300), {sizes()}")
    entries = entries_of(rows, whole)
    known = {name for name, found in entries.items() if found}
    print(f"public merchants: {len(entries)}, in the base: {len(known)}, not in it: {len(entries) - len(known)}")
    print("  not in it:", ", ".join(sorted(set(entries) - known)))
    apart = without(frozenset().union(*entries.values()))
    told = settings(rows, whole, apart)
    print_table(told)
    for by in arguments.by:
        print_by(by, told["shipped, cold"], told["split away, cold"])
    if arguments.wrong:
        print_wrong("shipped", told["shipped, cold"])
        print_wrong("split away", told["split away, cold"])
    print_roles(rows, whole)
    print_speed(rows, whole)
    if arguments.stream:
        print_stream(rows, arguments.stream)
    return 0


def sizes() -> str:
    """Return how large the data and the model are, as files and as they are packed."""
    files = [path for path in KNOWLEDGE.rglob("*") if path.is_file()]
    model = KNOWLEDGE / "trades.model"
    whole = sum(path.stat().st_size for path in files)
    return f"data and model {whole / 1e6:.2f} MB (bar 15), of it the model {model.stat().st_size / 1e6:.2f} MB"


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


def crossed(said: Said) -> bool:
    """Whether income was booked as a transfer or refund, or the reverse."""
    made, true = said.made.kind, said.true["kind"]
    others = {Kind.TRANSFER, Kind.REFUND}
    return (true == Kind.INCOME and made in others) or (made == Kind.INCOME and true in others)


def false_income(said: Said) -> bool:
    """Whether pay, a loan, a gift or own money was booked as income."""
    return said.made.kind == Kind.INCOME and said.true["kind"] not in {Kind.INCOME, Kind.REFUND}


def measured(rows: Sequence[Said], apart: float = float("nan")) -> dict[str, float]:
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
        "calib. %": 100 * calibration_error((said.made.confidence, said.right) for said in rows),
        "apart. %": 100 * apart,
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


def print_table(told: dict[str, list[Said]]) -> None:
    every = [said for rows in told.values() for said in rows]
    _, shares = measure_confidence.read()
    weight = measure_confidence.best_weight(every, shares)
    values = {
        setting: measured(rows, measure_confidence.apart_error(rows, every, shares, weight))
        for setting, rows in told.items()
    }
    cold, away = values["shipped, cold"], values["split away, cold"]
    values["mixed, half in the base"] = mixed(cold, away, 0.5)
    values["mixed, three quarters"] = mixed(cold, away, 0.75)
    print(f"\n{'':28}" + "".join(f"{name:>13}" for name in cold))
    for setting, found in values.items():
        print(f"{setting:28}" + "".join(f"{value:13.0f}" if n == "rows" else f"{value:13.2f}"
                                        for n, value in found.items()))  # fmt: skip
    print("\nkinds of the top suggestion, clear rows (recall / precision %): shipped | split away")
    for kind in EVEN_KINDS:
        pair = (told["shipped, cold"], told["split away, cold"])
        print(f"  {kind:14}", " | ".join(both_ways(kind, rows) for rows in pair))


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


def print_stream(rows: Sequence[Row], count: int) -> None:
    """The command on a long table in a process of its own: how fast, and how much memory at most.

    Every row has a reference of its own, and names are drawn at random, so caches help as little as in a real file.
    """
    draw = random.Random(6)
    names = ["id", "descriptor", "amount", "account_type", "plaid_pfc", "profession"]
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.csv", Path(folder) / "out.csv"
        with source.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(names)
            for number in range(count):
                row, word = draw.choice(rows), "".join(draw.choices("abcdefghijklmnopqrstuvwxyz", k=5))
                text = f"{row['descriptor']} {word} REF {number}"
                writer.writerow([number, text, *(row[name] for name in names[2:])])
        began = time.monotonic()
        command = [sys.executable, "-c", _COMMAND, "classify", str(source), "--out", str(target)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
        took = time.monotonic() - began
        with target.open(encoding="utf-8", newline="") as stream:
            made = sum(1 for _ in csv.reader(stream)) - 1
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = used.ru_utime + used.ru_stime
    print(f"command: {made} of {count} rows, all texts distinct, {count / spent:.0f} rows a second of CPU (bar 5000), "
          f"{took:.1f} s, at most {used.ru_maxrss / 1024:.0f} MiB")  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())
