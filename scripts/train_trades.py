"""Train the small model of trades out of our own tables, and write resources/merchants/trades.model.

    python scripts/train_trades.py            train on everything, write the file
    python scripts/train_trades.py --check    five parts by merchant: how right it is on names it never saw

Plain Python in a fixed order, no library, no random numbers: the same tables make the same file. Descriptors of
customers or of test lists are never trained on. The temperature and the share from which a guess may book come from
the five parts too, so they speak of names the model never saw.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app.core.classify.clean import words_of  # noqa: E402 - the repository is put on the path first
from app.core.classify.trade_model import TradeModel, features, quantized, ranked, shares_of  # noqa: E402
from app.services.classify import knowledge  # noqa: E402

TARGET = ROOT / "resources" / "merchants" / "trades.model"
_EPOCHS = 6
_RATE = 0.9
_SHRINK = 2e-5
_FEWEST_MERCHANTS = 8
_FEWEST_USES = 3
_BRAND_WEIGHT = 0.35
_PARTS = 5
_BOOKED_RIGHT = 0.99
_TEMPERATURES = [0.6 + 0.05 * step for step in range(30)]


class Example(NamedTuple):
    owner: str
    """The merchant: all its names stay in one part."""
    names: tuple[str, ...]
    """Features."""
    trade: str
    weight: float


class Weights(NamedTuple):
    trades: list[str]
    numbers: dict[str, int]
    rows: list[list[float]]
    prior: list[float]

    def scores(self, names: Sequence[str]) -> list[float]:
        known = [self.rows[self.numbers[name]] for name in names if name in self.numbers]
        if not known:
            return self.prior
        factor = 1 / math.sqrt(len(known))
        return [p + factor * sum(column) for p, column in zip(self.prior, zip(*known, strict=True), strict=True)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    examples = gathered()
    print(f"{len(examples)} names of {len({e.owner for e in examples})} merchants, "
          f"{len({e.trade for e in examples})} trades")  # fmt: skip
    temperature, booked_from = measured(examples)
    if arguments.check:
        return 0
    TARGET.write_bytes(made(examples, temperature, booked_from).packed())
    print(f"{TARGET.stat().st_size} bytes")
    return 0


def made(examples: Sequence[Example], temperature: float, booked_from: float) -> TradeModel:
    weights = train(examples)
    rows, scale = quantized(weights.rows)
    return TradeModel(weights.trades, weights.numbers, rows, weights.prior, scale, temperature, booked_from)


def gathered(without: frozenset[str] = frozenset()) -> list[Example]:
    """Return every name of the tables with its trade, in the tables' order, but for merchants of our own left out."""
    found: list[Example] = []
    tables = [*((name, 1.0) for name in knowledge.merchant_tables()), (knowledge.BRANDS, _BRAND_WEIGHT)]
    for table, weight in tables:
        for name, category, stems, _ in knowledge.merchant_rows(table):
            if weight == 1 and name.strip() in without:
                continue
            texts = dict.fromkeys(" ".join(words_of(text)) for text in (name, *stems.split("|")))
            own = [tuple(features(text.split())) for text in texts if text]
            found += [Example(name.casefold(), each, category, weight / len(own)) for each in own]
    merchants = Counter(trade for trade, _ in {(e.trade, e.owner) for e in found})
    return [e for e in found if merchants[e.trade] >= _FEWEST_MERCHANTS]


def part_of(owner: str) -> int:
    return int(hashlib.sha256(owner.encode()).hexdigest(), 16) % _PARTS


def train(examples: Sequence[Example]) -> Weights:
    """Return weights by plain gradient steps, one name at a time."""
    trades = sorted({e.trade for e in examples})
    place = {trade: number for number, trade in enumerate(trades)}
    uses = Counter(name for owner_names in _by_owner(examples).values() for name in owner_names)
    numbers = {name: n for n, name in enumerate(sorted(name for name, count in uses.items() if count >= _FEWEST_USES))}
    rows = [[0.0] * len(trades) for _ in numbers]
    mass = dict.fromkeys(trades, 0.0)
    for example in examples:
        mass[example.trade] += example.weight
    whole = sum(math.sqrt(value) for value in mass.values())
    prior = [math.log(math.sqrt(mass[trade]) / whole) for trade in trades]
    order = sorted(range(len(examples)), key=lambda n: hashlib.sha256(repr(examples[n][:2]).encode()).digest())
    weights = Weights(trades, numbers, rows, prior)
    for epoch in range(_EPOCHS):
        rate = _RATE / (1 + epoch)
        for at in order:
            _step(weights, examples[at], place[examples[at].trade], rate)
    return weights


def _by_owner(examples: Sequence[Example]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for example in examples:
        found.setdefault(example.owner, set()).update(example.names)
    return found


def _step(weights: Weights, example: Example, right: int, rate: float) -> None:
    known = [weights.numbers[name] for name in example.names if name in weights.numbers]
    if not known:
        return
    scores = weights.scores(example.names)
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    whole = sum(powers)
    step = rate * min(1.0, example.weight * 2) / math.sqrt(len(known))
    change = [step * power / whole for power in powers]
    change[right] -= step
    keep = 1 - rate * _SHRINK
    for number in known:
        weights.rows[number] = [value * keep - by for value, by in zip(weights.rows[number], change, strict=True)]


def measured(examples: Sequence[Example]) -> tuple[float, float]:
    """Return the temperature and the share to book from, by names whose merchant was left out."""
    held: list[tuple[list[float], str, float]] = []
    trades: list[str] = []
    for part in range(_PARTS):
        weights = train([e for e in examples if part_of(e.owner) != part])
        trades = weights.trades
        held += [(weights.scores(e.names), e.trade, e.weight) for e in examples if part_of(e.owner) == part]
        print(f"part {part + 1} of {_PARTS}", flush=True)
    temperature = min(_TEMPERATURES, key=lambda t: _loss(held, trades, t))
    told = sorted(
        ((guess[0][1], guess[0][0] == trade, trade in {name for name, _ in guess[:3]}, weight)
         for scores, trade, weight in held
         for guess in [ranked(trades, shares_of([score / temperature for score in scores]))]),
        reverse=True,
    )  # fmt: skip
    whole = sum(weight for *_, weight in told)
    right = sum(weight for _, hit, _, weight in told if hit)
    near = sum(weight for _, _, hit, weight in told if hit)
    booked_from, hits, asked, covered = 1.0, 0.0, 0.0, 0.0
    for probability, hit, _, weight in told:
        asked += weight
        hits += weight * hit
        if asked > whole / 200 and hits / asked >= _BOOKED_RIGHT:
            booked_from, covered = probability, asked / whole
    print(f"right {right / whole:.3f}, in the first three {near / whole:.3f}, temperature {temperature:.2f}, "
          f"books from {booked_from:.3f} ({covered:.3f} of names)")  # fmt: skip
    return round(temperature, 2), round(booked_from, 3)


def _loss(held: Sequence[tuple[list[float], str, float]], trades: Sequence[str], temperature: float) -> float:
    lost = 0.0
    for scores, trade, weight in held[::7]:
        if trade in trades:
            bent = [score / temperature for score in scores]
            top = max(bent)
            whole = sum(math.exp(score - top) for score in bent)
            lost -= weight * (bent[trades.index(trade)] - top - math.log(whole))
    return lost


if __name__ == "__main__":
    raise SystemExit(main())
