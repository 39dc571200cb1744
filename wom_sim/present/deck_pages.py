"""A table that takes more than one slide: its rows in order, none left out, as even as they fit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeVar

from wom_sim.present.deck_stage import Area
from wom_sim.present.deck_tables import fits
from wom_sim.present.tables import Table

Item = TypeVar("Item")


def parts(items: Sequence[Item], most: int) -> list[list[Item]]:
    """Return items in order in as few even parts as hold at most ``most`` each; one empty part where there are none.

    >>> parts([1, 2, 3, 4, 5, 6, 7], 6), parts([], 3)
    ([[1, 2, 3, 4], [5, 6, 7]], [[]])
    """
    count = max(1, math.ceil(len(items) / most))
    size = max(1, math.ceil(len(items) / count))
    return [list(items[at : at + size]) for at in range(0, max(1, len(items)), size)]


def pages(table: Table, area: Area) -> list[Table]:
    """Return a table cut by rows so that each part fits an area with all that its cells say; one row at least each."""
    cut = _filled(table, area)
    even = [table._replace(rows=rows) for rows in parts(table.rows, math.ceil(len(table.rows) / len(cut)) or 1)]
    return even if all(fits(area, each) for each in even) else cut


def _filled(table: Table, area: Area) -> list[Table]:
    """Return the rows on as few pages as hold them, each as full as it gets."""
    cut, rows = [], list(table.rows)
    while True:
        most, beyond = 1, len(rows) + 1
        while beyond - most > 1:  # halves what is open, since to measure a table takes a while
            middle = (most + beyond) // 2
            if fits(area, table._replace(rows=rows[:middle])):
                most = middle
            else:
                beyond = middle
        cut.append(table._replace(rows=rows[:most]))
        rows = rows[most:]
        if not rows:
            return cut
