"""Two states that were pinned, side by side: what each policy is worth in one less what it is worth in the other.

Both have the same luck, replication by replication, so the difference is what was changed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from wom_sim.app.messages import Child
from wom_sim.outcomes.indicators import INDICATORS
from wom_sim.outcomes.materiality import gap
from wom_sim.present.result_folder import Findings, read
from wom_sim.present.story import story_of
from wom_sim.scenario.figures import figures_for
from wom_sim.words import Words

Plain = dict[str, Any]
SHOWN = ("net_value", "lost_profitable")
_FIRST, _SECOND = "first", "second"


def compare_pinned(job: Plain, child: Child) -> None:
    """Compare two results that are kept, and tell the page."""
    place, words = Path(job["place"]), Words(job["lang"])
    first, second = (read(place / "results" / key) for key in job["keys"])
    child.end("pinned", **pinned(first, second, words))


def pinned(first: Findings, second: Findings, words: Words) -> Plain:
    """Return for each policy that both have the paired difference, first less second, with its 95 % interval.

    Raises
    ------
    ValueError
        If they have no policy or no replication in common, other luck, or another currency.
    """
    if first.scenario.run.seed != second.scenario.run.seed or first.scenario.currency != second.scenario.currency:
        raise ValueError(words.say("app.pinned_unlike"))
    names = [name for name in first.options if name in second.options]
    shared = set(first.replications["replication"]) & set(second.replications["replication"])
    if not names or not shared:
        raise ValueError(words.say("app.pinned_none"))
    figures, story = figures_for(first.scenario, words), story_of(first, words.lang)
    over = first.scenario.money.horizon_months == second.scenario.money.horizon_months
    rows = [_row(name, [_of(each, name, shared) for each in (first, second)], figures, story) for name in names]
    labels = [words.name("indicator", name) for name in SHOWN]
    return {"rows": rows, "labels": labels, "runs": len(shared), "same_horizon": over,
            "note": words.say("app.pinned_note", n=words.number(len(shared)))}  # fmt: skip


def _of(found: Findings, policy: str, shared: set[int]) -> pd.DataFrame:
    """Return the runs of a policy that both results have."""
    runs = found.replications
    return runs[(runs["policy"] == policy) & runs["replication"].isin(shared)]


def _row(policy: str, sides: list[pd.DataFrame], figures: Any, story: Any) -> Plain:
    runs = pd.concat([sides[0].assign(policy=_FIRST), sides[1].assign(policy=_SECOND)], ignore_index=True)
    cells = []
    for indicator in INDICATORS:
        if indicator.name in SHOWN:
            found = gap(runs, (_FIRST, _SECOND), indicator)
            below = figures.known(
                float(found["low"]), float(found["high"]), indicator.unit, str(found["kind"]), len(sides[0])
            )
            text = figures.difference(float(found["mean"]), indicator.unit)
            cells.append({"name": indicator.name, "text": text, "below": below, "mean": float(found["mean"])})
    return {"policy": story.heading(policy), "cells": sorted(cells, key=lambda cell: SHOWN.index(str(cell["name"])))}
