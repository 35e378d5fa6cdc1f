"""A small linear model: what trade the words of an unknown name sound like.

It weighs words and pieces of words against each other. It never saw the name, so it offers answers for the question
and rarely books. Its numbers are made by scripts/train_trades.py out of our own tables.
"""

from __future__ import annotations

import math
import zlib
from array import array
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

_PIECES = (3, 4, 5)
_WORDS = 5
"""Words of a name that are looked at: what is behind them is mostly a place."""
_FORM = b"trades 1\n"


class Guess(NamedTuple):
    trade: str
    probability: float


def features(words: Sequence[str]) -> list[str]:
    """Return the words of a name and their pieces, each once; `_` marks where a word begins and ends."""
    found: dict[str, None] = {}
    for word in words[:_WORDS]:
        whole = f"_{word}_"
        found[whole] = None
        for size in _PIECES:
            for start in range(len(whole) - size + 1):
                found[whole[start : start + size]] = None
    return list(found)


class TradeModel:
    """Weights by feature and trade. `temperature` makes its shares say how often they are right."""

    __slots__ = ("_numbers", "_prior", "_rows", "_scale", "booked_from", "temperature", "trades")

    def __init__(
        self, trades: Sequence[str], names: Iterable[str], rows: array[int], prior: Sequence[float], scale: float,
        temperature: float, booked_from: float,
    ) -> None:  # fmt: skip
        self.trades = tuple(trades)
        self._numbers = {name: number for number, name in enumerate(names)}
        self._rows = rows
        self._prior = tuple(prior)
        self._scale = scale
        self.temperature = temperature
        self.booked_from = booked_from
        """The share from which strangers of the training tables were right often enough to be booked."""

    def guess(self, words: Sequence[str]) -> tuple[Guess, ...]:
        """Return all trades, likeliest first; nothing when no piece of the name is known."""
        numbers, size = self._numbers, len(self.trades)
        known = [numbers[name] * size for name in features(words) if name in numbers]
        if not known:
            return ()
        rows = self._rows
        factor = self._scale / math.sqrt(len(known))
        sums = map(sum, zip(*(rows[start : start + size] for start in known), strict=True))
        scores = [(prior + factor * value) / self.temperature for prior, value in zip(self._prior, sums, strict=True)]
        return ranked(self.trades, scores)

    def packed(self) -> bytes:
        """Return the model as the bytes `unpack` reads; the same model gives the same bytes."""
        head = [
            " ".join(self.trades), " ".join(f"{value:.4f}" for value in self._prior),
            f"{self._scale!r} {self.temperature!r} {self.booked_from!r}", " ".join(self._numbers),
        ]  # fmt: skip
        return _FORM + zlib.compress("\n".join(head).encode() + b"\n" + self._rows.tobytes(), 9)


def ranked(trades: Sequence[str], scores: Sequence[float]) -> tuple[Guess, ...]:
    """Return scores as shares of one, likeliest first; equal ones by name."""
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    whole = sum(powers)
    found = (Guess(trade, power / whole) for trade, power in zip(trades, powers, strict=True))
    return tuple(sorted(found, key=lambda guess: (-guess.probability, guess.trade)))


def unpack(data: bytes) -> TradeModel:
    """Return the model of a shipped file. Raises: ValueError for other bytes."""
    if not data.startswith(_FORM):
        raise ValueError("no model of trades")
    body = zlib.decompress(data[len(_FORM) :])
    head: list[str] = []
    start = 0
    for _ in range(4):
        end = body.index(b"\n", start)
        head.append(body[start:end].decode())
        start = end + 1
    scale, temperature, booked_from = map(float, head[2].split())
    rows = array("b", body[start:])
    trades, names = head[0].split(), head[3].split()
    if len(rows) != len(trades) * len(names):
        raise ValueError("a damaged model of trades")
    return TradeModel(trades, names, rows, list(map(float, head[1].split())), scale, temperature, booked_from)


def quantized(rows: Iterable[Sequence[float]]) -> tuple[array[int], float]:
    """Return weights as whole numbers of one byte, and what one of them is worth."""
    held = list(rows)
    most = max(map(abs, chain.from_iterable(held)), default=1.0) or 1.0
    return array("b", (round(value / most * 127) for row in held for value in row)), most / 127
