"""The small language in which a state's worksheet is written: arithmetic over named amounts, and a few table functions.

A formula is an expression in Python's own notation, so that everybody can read it, but only names, whole numbers,
arithmetic, comparisons, `a if b else c` and the functions below are let in. It is compiled once into nested closures;
nothing is ever handed to the interpreter to execute. Amounts are cents, rates and quotients are exact decimals; the
caller rounds the result once.
"""

from __future__ import annotations

import ast
import operator
from bisect import bisect_right
from collections.abc import Callable, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

Number = int | Decimal


class Table(NamedTuple):
    """Rows of (from this amount on, value). `below` is the tax on everything below each row, for marginal rates."""

    thresholds: tuple[int, ...]
    values: tuple[Number, ...]
    below: tuple[Number, ...]

    def __str__(self) -> str:
        rows = ", ".join(f"({start}, {value})" for start, value in zip(self.thresholds, self.values, strict=True))
        return f"({rows},)"


Value = Number | Table
Names = Mapping[str, Value]
Compiled = Callable[[Names], Value]


class BadFormulaError(ValueError):
    """A formula is not written in this language."""


class Formula(NamedTuple):
    """A compiled formula and the names it reads, in the order of the text."""

    text: str
    names: tuple[str, ...]
    compute: Callable[[Names], Number]


def table(rows: list[tuple[int, Number]]) -> Table:
    """Return a table with rising thresholds. Raises: ValueError."""
    thresholds = tuple(start for start, _ in rows)
    if not rows or any(low >= high for low, high in pairwise(thresholds)):
        raise ValueError("the thresholds of a table rise")
    below: list[Number] = [0]
    for (start, value), (end, _) in pairwise(rows):
        below.append(below[-1] + (end - start) * value)
    return Table(thresholds, tuple(value for _, value in rows), tuple(below))


def bracket(amount: Number, rates: Table) -> Number:
    """Return the tax by marginal rates: each part of the amount at the rate of its row."""
    if amount <= rates.thresholds[0]:
        return 0
    row = bisect_right(rates.thresholds, amount) - 1
    return rates.below[row] + (amount - rates.thresholds[row]) * rates.values[row]


def lookup(amount: Number, rows: Table) -> Number:
    """Return the value of the last row that starts at or below the amount; 0 below the first."""
    row = bisect_right(rows.thresholds, amount) - 1
    return rows.values[row] if row >= 0 else 0


def lookup_above(amount: Number, rows: Table) -> Number:
    """Return the value of the last row that starts below the amount: a row begins just above its threshold."""
    row = bisect_right(rows.thresholds, amount)
    while row and rows.thresholds[row - 1] >= amount:
        row -= 1
    return rows.values[row - 1] if row else rows.values[0]


def steps(amount: Number, size: Number) -> Number:
    """Return how many steps, whole or begun, an amount above zero takes."""
    return -(-max(0, amount) // size) if isinstance(amount, int) else -((-max(Decimal(0), amount)) // size)


def whole_steps(amount: Number, size: Number) -> Number:
    """Return how many whole steps fit into an amount above zero."""
    return max(0, amount) // size


def nearest(amount: Number, unit: Number) -> Number:
    """Return the amount as a whole multiple of a unit, halves away from zero."""
    sign = -1 if amount < 0 else 1
    size: Number = -amount if amount < 0 else amount
    whole, rest = divmod(Decimal(size), unit)
    return sign * (int(whole) + (2 * rest >= unit)) * unit


def middle(amount: Number, width: Number) -> Number:
    """Return the middle of the band of a tax table an amount lies in. Bands start at multiples of their width."""
    return Decimal(amount // width * width) + Decimal(width) / 2


FUNCTIONS: dict[str, Callable[..., Number]] = {
    "min": min,
    "max": max,
    "abs": abs,
    "bracket": bracket,
    "lookup": lookup,
    "lookup_above": lookup_above,
    "steps": steps,
    "whole_steps": whole_steps,
    "nearest": nearest,
    "middle": middle,
}
"""What a formula may call."""

_OPERATORS: dict[type[ast.operator], Callable[[Number, Number], Number]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
}
_COMPARISONS: dict[type[ast.cmpop], Callable[[Number, Number], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


def formula(text: str) -> Formula:
    """Return a formula ready to be computed. Raises: BadFormulaError with what is not understood."""
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError as trouble:
        raise BadFormulaError(f"{text!r} is no formula") from trouble
    called = {node.func for node in ast.walk(tree) if isinstance(node, ast.Call)}
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node not in called]
    names.sort(key=lambda node: (node.lineno, node.col_offset))
    return Formula(text, tuple(dict.fromkeys(node.id for node in names)), _compile(tree))  # type: ignore[arg-type]


def _compile(node: ast.expr) -> Callable[[Names], Value]:
    for kind, build in _BUILDERS:
        if isinstance(node, kind):
            return build(node)
    raise BadFormulaError(f"{ast.unparse(node)!r} is not allowed in a formula")


def _name(node: ast.Name) -> Compiled:
    return operator.itemgetter(node.id)


def _constant(node: ast.Constant) -> Compiled:
    value = node.value
    if type(value) is not int:
        raise BadFormulaError(f"{value!r}: only whole numbers stand in a formula; a rate is a figure with a source")
    return lambda _: value


def _arithmetic(node: ast.BinOp) -> Compiled:
    left, right = _compile(node.left), _compile(node.right)
    if isinstance(node.op, ast.Div):
        # A quotient of whole numbers is exact enough only as a decimal.
        return lambda names: Decimal(left(names)) / right(names)  # type: ignore[arg-type,operator]
    combine = _OPERATORS.get(type(node.op))
    if combine is None:
        raise BadFormulaError(f"{ast.unparse(node)!r}: only + - * / // are allowed")
    return lambda names: combine(left(names), right(names))  # type: ignore[arg-type]


def _sign(node: ast.UnaryOp) -> Compiled:
    inner = _compile(node.operand)
    if isinstance(node.op, ast.USub):
        return lambda names: -inner(names)  # type: ignore[operator]
    if isinstance(node.op, ast.Not):
        return lambda names: not inner(names)
    raise BadFormulaError(f"{ast.unparse(node)!r} is not allowed in a formula")


def _comparison(node: ast.Compare) -> Compiled:
    if len(node.ops) != 1 or type(node.ops[0]) not in _COMPARISONS:
        raise BadFormulaError(f"{ast.unparse(node)!r}: one plain comparison at a time")
    left, right, compare = _compile(node.left), _compile(node.comparators[0]), _COMPARISONS[type(node.ops[0])]
    return lambda names: compare(left(names), right(names))  # type: ignore[arg-type]


def _logic(node: ast.BoolOp) -> Compiled:
    parts = [_compile(value) for value in node.values]
    if isinstance(node.op, ast.And):
        return lambda names: all(part(names) for part in parts)
    return lambda names: any(part(names) for part in parts)


def _choice(node: ast.IfExp) -> Compiled:
    test, then, other = _compile(node.test), _compile(node.body), _compile(node.orelse)
    return lambda names: then(names) if test(names) else other(names)


def _call(node: ast.Call) -> Compiled:
    if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS or node.keywords:
        raise BadFormulaError(f"{ast.unparse(node)!r}: the functions are {', '.join(FUNCTIONS)}")
    call, arguments = FUNCTIONS[node.func.id], [_compile(argument) for argument in node.args]
    if len(arguments) == 2:
        first, second = arguments
        return lambda names: call(first(names), second(names))
    return lambda names: call(*[argument(names) for argument in arguments])


_BUILDERS: tuple[tuple[type[ast.expr], Callable[..., Compiled]], ...] = (
    (ast.Name, _name),
    (ast.Constant, _constant),
    (ast.BinOp, _arithmetic),
    (ast.Call, _call),
    (ast.IfExp, _choice),
    (ast.Compare, _comparison),
    (ast.UnaryOp, _sign),
    (ast.BoolOp, _logic),
)
