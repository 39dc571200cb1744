"""What a comparison found, as plain data for the page: the words, figures and drawings of the report."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from wom_sim.charts.spreading_map import CLASSES, COLOURS, places, shape_of
from wom_sim.present import facts, tables
from wom_sim.present.animation import choose, watched
from wom_sim.present.drawn import Drawing, drawings
from wom_sim.present.material import Material, MissingError
from wom_sim.present.result_folder import Findings
from wom_sim.present.story import Story
from wom_sim.study.compare import Comparison

CARDS = ("net_value", "lost_profitable", "national_coverage")
"""The three figures of each policy."""
HORIZONS = ("first_year_cash", "net_value", "lifetime_value")
"""The net value over the first year in cash, over the horizon, and over all the time that customers stay."""
CHARTS = ("paired", "departures", "ledger")
"""A dot a run, extra departures by day, and the money line by line."""

Plain = dict[str, Any]


def findings(found: Comparison) -> Findings:
    """Return a comparison in memory as what the report reads, with the tables that the page shows and no more."""
    return Findings(
        folder=None, scenario=found.scenario, run={}, summary=found.summary, differences=found.differences,
        departures=found.departures, replications=found.replications, daily=found.daily,
        extra={},
    )  # fmt: skip


def figures(story: Story) -> Plain:
    """Return the verdict, and three figures with their intervals for each policy, in the words of the report."""
    found, leading = story.found, facts.lead(story.found)
    names = [name for name in (*CARDS, *HORIZONS) if name in set(found.summary["indicator"])]
    table = {name: cells for name, cells in zip(names, _columns(story, names), strict=True)}
    labels = {name: tables.label(story, name) for name in names}
    return {
        "headline": story.headline(), "verdict": story.verdict(), "runs": found.runs, "over": story.figures.over,
        "undecided": leading is not None and not leading.decided and found.runs > 1,
        "chosen": story.choice.chosen, "labels": labels,
        "policies": [
            {"name": policy, "title": story.heading(policy),
             "figures": {name: {"text": table[name][k][0], "below": table[name][k][1]} for name in names}}
            for k, policy in enumerate(found.policies)
        ],
    }  # fmt: skip


def _columns(story: Story, names: list[str]) -> Iterator[list[tuple[str, str]]]:
    """Yield for each indicator the text and the interval of every policy."""
    for name in names:
        cells = [tables.estimate(story, policy, name) for policy in story.found.policies]
        yield [(cell.text, cell.below) for cell in cells]


def charts(story: Story, names: tuple[str, ...] = CHARTS) -> Iterator[Plain]:
    """Yield the charts of the page, one after another as they are drawn: the drawings of the report."""
    for name in names:
        for each in drawings(story, [name]):
            if isinstance(each, Drawing):
                yield {"name": name, **each.placed()}


def spreading(folder: Path, story: Story) -> Plain | None:
    """Return the map of the story spreading by day in a typical run, None where nobody hears or it cannot be had.

    Of each cell it holds the frames from which on it is in each class; the classes are those of the animation.
    """
    found = Material(folder)
    found.allow_replay(False, lambda words: None)
    try:
        seen = watched(found, choose(found, ()), story.words)
    except MissingError:
        return None
    cells = seen.scenes[0].shares.shape[1]
    say = story.words.say
    least = [say("chart.map.from", share=story.words.share(share)) for share in CLASSES[1:]]
    return {
        "days": seen.days, "cell": seen.cell, "shape": shape_of(cells), "places": places(cells),
        "colours": COLOURS, "classes": [say("chart.map.nobody"), say("chart.map.some"), *least],
        "day_words": [say("chart.day_is", day=day) for day in seen.days],
        "scenes": [
            {"policy": scene.policy, "title": story.heading(scene.policy), "starts": _starts(scene.shares),
             "heard": [story.words.count("chart.map.heard", float(heard)) for heard in scene.heard]}
            for scene in seen.scenes
        ],
    }  # fmt: skip


def _starts(shares: np.ndarray) -> list[list[int]]:
    """Return for each cell the first frame in which it is in class 1, 2, ..., as far as it gets."""
    bounds = np.array(CLASSES[1:])
    classes = np.where(shares > 0.0, np.searchsorted(bounds, shares, side="right") + 1, 0)
    highest = classes.max(axis=0)
    return [
        [int(np.argmax(classes[:, cell] >= k)) for k in range(1, int(highest[cell]) + 1)]
        for cell in range(shares.shape[1])
    ]
