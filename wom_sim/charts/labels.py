"""Labels beside the ends of lines, moved apart where they would collide."""

from __future__ import annotations

from collections.abc import Sequence


def spread(wanted: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Return centres as near as possible to those wanted, so that no two labels overlap.

    Labels keep their order. All lie within [low, high] if they fit there at all. Any unit of length.

    >>> spread([1.0, 1.1, 5.0], [1.0, 1.0, 1.0], 0.0, 6.0)
    [0.55, 1.55, 5.0]
    """
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    groups: list[tuple[float, list[int]]] = []
    for i in order:
        start, members = _inside(wanted[i] - heights[i] / 2, heights[i], low, high), [i]
        while groups and groups[-1][0] + sum(heights[j] for j in groups[-1][1]) > start:
            members = groups.pop()[1] + members
            height = sum(heights[j] for j in members)
            start = _inside(_best_start(members, wanted, heights), height, low, high)
        groups.append((start, members))
    centres = [0.0] * len(wanted)
    for start, members in groups:
        at = start
        for j in members:
            centres[j] = round(at + heights[j] / 2, 9)
            at += heights[j]
    return centres


def _best_start(members: Sequence[int], wanted: Sequence[float], heights: Sequence[float]) -> float:
    """Return where a stack of labels begins so that each is, on average, where it was wanted."""
    total, above = 0.0, 0.0
    for j in members:
        total += wanted[j] - heights[j] / 2 - above
        above += heights[j]
    return total / len(members)


def _inside(start: float, height: float, low: float, high: float) -> float:
    """Return the start of a stack, moved into [low, high]."""
    return max(low, min(start, high - height))
