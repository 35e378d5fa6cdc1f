"""The best way to pair two small groups, exactly.

Hungarian method with potentials (Kuhn 1955; Munkres 1957) on integer weights, so that equal input gives equal output
on every machine. Groups are small by construction; callers keep big ones away.
"""

from __future__ import annotations

from collections.abc import Mapping

Edge = tuple[int, int]


def best_pairs(weights: Mapping[Edge, int], rows: int, columns: int) -> dict[int, int]:
    """Return row -> column with the greatest sum of weights; only positive weights are used.

    Units: `weights` in points, absent edges cannot be chosen. Takes O(rows² x (rows + columns)) steps.
    """
    # Each row may also take a column of its own that means "unpaired", at no gain.
    width = columns + rows
    cost = [[0] * width for _ in range(rows)]
    barred = 1 + 2 * sum(weight for weight in weights.values() if weight > 0)
    for row in range(rows):
        for column in range(columns):
            weight = weights.get((row, column), 0)
            cost[row][column] = -weight if weight > 0 else barred
        for column in range(columns, width):
            cost[row][column] = 0 if column - columns == row else barred
    taken = _solve(cost, rows, width)
    return {row: column for column, row in taken.items() if column < columns and weights.get((row, column), 0) > 0}


def total(weights: Mapping[Edge, int], pairs: Mapping[int, int]) -> int:
    """Return the sum of weights of the chosen pairs."""
    return sum(weights[edge] for edge in pairs.items())


def _solve(cost: list[list[int]], rows: int, width: int) -> dict[int, int]:
    """Return column -> row of the assignment of least cost; every row gets a column."""
    infinite = 1 + 4 * sum(abs(value) for line in cost for value in line)
    row_price = [0] * (rows + 1)
    column_price = [0] * (width + 1)
    owner = [0] * (width + 1)
    for row in range(1, rows + 1):
        owner[0] = row
        column = 0
        least = [infinite] * (width + 1)
        came_from = [0] * (width + 1)
        done = [False] * (width + 1)
        while owner[column]:
            done[column] = True
            here, step, following = owner[column], infinite, 0
            line, price = cost[here - 1], row_price[here]
            for other in range(1, width + 1):
                if done[other]:
                    continue
                reduced = line[other - 1] - price - column_price[other]
                if reduced < least[other]:
                    least[other], came_from[other] = reduced, column
                if least[other] < step:
                    step, following = least[other], other
            for other in range(width + 1):
                if done[other]:
                    row_price[owner[other]] += step
                    column_price[other] -= step
                else:
                    least[other] -= step
            column = following
        while column:
            owner[column] = owner[came_from[column]]
            column = came_from[column]
    return {column - 1: owner[column] - 1 for column in range(1, width + 1) if owner[column]}
