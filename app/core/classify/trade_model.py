"""A small linear model: what trade the words of an unknown name sound like.

It weighs words and pieces of words against each other. It never saw the name, so it offers answers for the question
and rarely books. Its numbers are made by scripts/train_trades.py out of our own tables.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Sequence
from itertools import chain
from operator import itemgetter

_PIECES = (3, 4, 5)
_WORDS = 5
"""Words of a name that are looked at: what is behind them is mostly a place."""
_FORM = b"trades 2\n"
_ZERO = 128
"""The byte of a weight of nothing: the bytes are whole numbers from -127 on, raised by this."""
_AT_ONCE = 256
"""Rows whose bytes can be added up in sixteen bits each."""

Guess = tuple[str, float]
"""A trade and its share."""


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

    __slots__ = ("_numbers", "_prior", "_rows", "_scale", "_sums", "booked_from", "temperature", "trades")

    def __init__(
        self, trades: Sequence[str], names: Iterable[str], rows: bytes, prior: Sequence[float], scale: float,
        temperature: float, booked_from: float,
    ) -> None:  # fmt: skip
        self.trades = tuple(trades)
        size = len(self.trades)
        held = list(names)
        self._numbers = dict(zip(held, range(0, size * len(held), size), strict=True))
        """Where the weights of a feature begin."""
        self._rows = rows
        self._sums = _Sums(size)
        self._prior = tuple(prior)
        self._scale = scale
        self.temperature = temperature
        self.booked_from = booked_from
        """The share from which strangers of the training tables were right often enough to be booked."""

    def shares(self, words: Sequence[str]) -> list[float]:
        """Return the share of each trade, in their order; nothing when no piece of the name is known."""
        numbers, size = self._numbers, len(self.trades)
        known = [numbers[name] for name in features(words) if name in numbers]
        if not known:
            return []
        rows = self._rows
        factor, heat = self._scale / math.sqrt(len(known)), self.temperature
        sums = self._sums.of([rows[start : start + size] for start in known])
        return shares_of([(prior + factor * value) / heat for prior, value in zip(self._prior, sums, strict=True)])

    def guess(self, words: Sequence[str]) -> tuple[Guess, ...]:
        """Return all trades, likeliest first; nothing when no piece of the name is known."""
        return ranked(self.trades, self.shares(words))

    def packed(self) -> bytes:
        """Return the model as the bytes `unpack` reads; the same model gives the same bytes."""
        head = [
            " ".join(self.trades), " ".join(f"{value:.4f}" for value in self._prior),
            f"{self._scale!r} {self.temperature!r} {self.booked_from!r}", " ".join(self._numbers),
        ]  # fmt: skip
        return _FORM + "\n".join(head).encode() + b"\n" + self._rows


class _Sums:
    """Adds up rows of bytes column by column, as two sums of long numbers with sixteen bits for each column."""

    __slots__ = ("_even", "_form", "_size")

    def __init__(self, size: int) -> None:
        lanes = size // 2 + 1
        self._size, self._form = 2 * lanes, struct.Struct(f"<{lanes}H")
        self._even = int.from_bytes(b"\xff\x00" * lanes, "little")

    def of(self, rows: Sequence[bytes]) -> list[int]:
        """Return the sum of each column, of the weights the bytes stand for."""
        if len(rows) > _AT_ONCE:
            return list(map(sum, zip(self.of(rows[:_AT_ONCE]), self.of(rows[_AT_ONCE:]), strict=True)))
        numbers = [int.from_bytes(row, "little") for row in rows]
        even = sum(map(self._even.__and__, numbers))
        found = [0] * self._size
        found[::2] = self._form.unpack(even.to_bytes(self._size, "little"))
        found[1::2] = self._form.unpack((sum(numbers) - even >> 8).to_bytes(self._size, "little"))
        raised = _ZERO * len(rows)
        return [value - raised for value in found[: len(rows[0])]]


def shares_of(scores: Sequence[float]) -> list[float]:
    """Return scores as shares of one."""
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    whole = sum(powers)
    return [power / whole for power in powers]


def ranked(trades: Sequence[str], shares: Sequence[float]) -> tuple[Guess, ...]:
    """Return trades with their shares, likeliest first; equal ones as they stand."""
    return tuple(sorted(zip(trades, shares, strict=False), key=_SHARE, reverse=True))


_SHARE = itemgetter(1)


def unpack(data: bytes) -> TradeModel:
    """Return the model of a shipped file. Raises: ValueError for other bytes."""
    if not data.startswith(_FORM):
        raise ValueError("no model of trades")
    head: list[str] = []
    start = len(_FORM)
    for _ in range(4):
        end = data.find(b"\n", start)
        if end < 0:
            raise ValueError("no model of trades")
        head.append(data[start:end].decode())
        start = end + 1
    scale, temperature, booked_from = map(float, head[2].split())
    rows = data[start:]
    trades, names = head[0].split(), head[3].split()
    if len(rows) != len(trades) * len(names):
        raise ValueError("a damaged model of trades")
    return TradeModel(trades, names, rows, list(map(float, head[1].split())), scale, temperature, booked_from)


def quantized(rows: Iterable[Sequence[float]]) -> tuple[bytes, float]:
    """Return weights as bytes, and what a whole number of them is worth."""
    held = list(rows)
    most = max(map(abs, chain.from_iterable(held)), default=1.0) or 1.0
    return bytes(round(value / most * 127) + _ZERO for row in held for value in row), most / 127
