"""The tree of who told whom, folded by channel: from the firm or an outlet down to those who acted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from wom_sim.outcomes.attribution import Traced
from wom_sim.outcomes.doses import HOUSEHOLD_LEFT, TIE_LEFT, first_way
from wom_sim.outcomes.origins import NOBODY
from wom_sim.world import trace as tr

LABELS = {
    "household": "told in the household", "close": "told by a close tie", "acquaintance": "told by an acquaintance",
    "stranger": "told by a stranger", "post": "read a post", "at_once": "acted on what they heard there",
    "no_media": "from people whom the firm told, without media", "ties_left": "because ties had left",
    "let_go": "who were let go", "with_household": "left with someone of the household who was let go",
}  # fmt: skip
"""What branches are called but those through an outlet, which are called ``THROUGH`` it."""
THROUGH = "through "
_TOLD = ("household", "close", "acquaintance", "stranger", "post")
AT_ONCE = LABELS["at_once"]


@dataclass
class Branch:
    """A branch: what its first telling is, how many acts and how much money it leads to, and its own branches."""

    label: str
    number: float = 0.0
    amount: float = 0.0
    branches: dict[str, Branch] = field(default_factory=dict)

    def add(self, path: Sequence[str], number: float, amount: float) -> None:
        """Add acts that came along a path."""
        self.number += number
        self.amount += amount
        if path:
            self.branches.setdefault(path[0], Branch(path[0])).add(path[1:], number, amount)

    def busiest(self, most: int, least: float) -> list[Branch]:
        """Return the branches with the most acts, at most so many, each with at least so many acts."""
        large = [branch for branch in self.branches.values() if branch.number >= least]
        return sorted(large, key=lambda branch: (-branch.number, branch.label))[:most]

    def plain(self, most: int, least: float) -> dict[str, Any]:
        """Return the branch as plain data, with its busiest branches."""
        inner = [branch.plain(most, least) for branch in self.busiest(most, least)]
        return {"label": self.label, "number": self.number, "amount": self.amount, "branches": inner}


def tree_of(traced: Traced, effect: int, outlets: Sequence[str], label: str) -> Branch:
    """Return the tree of the acts of one effect."""
    acts, origins = traced.acts, traced.origins
    rows = np.flatnonzero(acts.effect[origins.act] == effect)
    act = origins.act[rows]
    frame = pd.DataFrame(
        {
            "way": first_way(acts)[act], "outlet": origins.outlet[rows], "path": origins.path[rows],
            "number": origins.share[rows] * acts.lasting[act],
            "amount": origins.share[rows] * acts.amount[act] / 100.0,
        }
    )  # fmt: skip
    frame["way"] = frame["way"].where(frame["way"].isin((TIE_LEFT, HOUSEHOLD_LEFT)), NOBODY)
    tree = Branch(label)
    grouped = frame.groupby(["way", "outlet", "path"], as_index=False)[["number", "amount"]].sum()
    for row in grouped.itertuples(index=False):
        tree.add(_path(int(row.way), int(row.outlet), int(row.path), outlets), float(row.number), float(row.amount))
    return tree


def _path(way: int, outlet: int, path: int, outlets: Sequence[str]) -> list[str]:
    """Return the tellings of a path from its beginning, in words."""
    if way == HOUSEHOLD_LEFT:
        return [LABELS["with_household"]]
    channels = []
    while path:
        channels.append(path & 7)
        path >>= 3
    names = [tr.CHANNEL_NAMES[channel] for channel in reversed(channels)]
    said = [LABELS[name] for name in names if name in _TOLD]
    if outlet != NOBODY:
        said = [f"{THROUGH}{outlets[outlet]}", *(said or [AT_ONCE])]
    elif way != TIE_LEFT:
        said = [LABELS["no_media"], *said]
    if way != TIE_LEFT:
        return said
    return [LABELS["ties_left"], *(said if outlet != NOBODY or said else [LABELS["let_go"]])]
