"""The table of attribution: through whom it came about, an effect after the other, a column a policy."""

from __future__ import annotations

import pandas as pd

from wom_sim.present.story import Story
from wom_sim.present.tables import Cell, Table
from wom_sim.words import sentence

TOLD = (
    ("departure", ("first_channel", "main_channel", "steps")), ("join lost", ("first_channel",)),
    ("call", ("first_channel",)),
)  # fmt: skip
"""What of attribution.csv the report tells; ``wom-sim explain`` tells all."""
MOST = 4
"""Assumption: so many values of a dimension can be read; those with the largest share under any policy."""


def attribution(story: Story) -> Table | None:
    """Return the values with the largest shares of each effect and dimension; None without attribution.csv."""
    known = story.found.extra.get("attribution")
    if known is None or known.empty:
        return None
    say = story.words.say
    there = set(known["policy"].astype(str))
    policies = [p for p in story.found.options if p in there]
    heads = [say("report.leaves.effect"), say("report.leaves.value"), *(story.heading(p) for p in policies)]
    rows: list[list[Cell]] = []
    for effect, dimensions in TOLD:
        for dimension in dimensions:
            wanted = known[(known["effect"] == effect) & (known["dimension"] == dimension)]
            rows += _rows(story, wanted, policies, (effect, dimension)) if len(wanted) else []
    return Table(say("report.leaves.attribution"), heads, rows, numbers=2) if rows and policies else None


def _rows(story: Story, shares: pd.DataFrame, policies: list[str], what: tuple[str, str]) -> list[list[Cell]]:
    """Return a row for each value of one dimension of one effect; the first says of what."""
    wide = shares.assign(value=shares["value"].astype(str)).pivot_table(
        index="value", columns="policy", values="share", aggfunc="sum", sort=False
    )
    largest = wide.max(axis=1).sort_values(ascending=False, kind="stable").index[:MOST]
    if what[1] == "steps":
        largest = sorted(largest, key=lambda value: (len(value), value))
    effect = sentence(story.text(f"report.effect.{what[0].replace(' ', '_')}", what[0]))
    by = story.text(f"report.dimension.{what[1]}", what[1].replace("_", " "))
    rows = []
    for number, value in enumerate(largest):
        told = [story.words.share(round(float(wide[p].get(value, 0.0)), 3)) if p in wide else "" for p in policies]
        told = ["" if text == story.words.share(float("nan")) else text for text in told]
        head = Cell(effect, by) if number == 0 else Cell("")
        rows.append([head, Cell(_value(story, value, what[1])), *map(Cell, told)])
    return rows


def _value(story: Story, value: str, dimension: str) -> str:
    """Return a value in words: a channel, a cause, or a number of steps."""
    if dimension == "steps":
        return value
    return story.text(f"report.way.{value.replace(' ', '_')}", story.words.name("channel", value))
