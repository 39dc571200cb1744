"""What a preset of a trade says, number by number, each with the evidence behind it.

The evidence stands in the preset itself, behind the number: ``revenue = 60  # A: Sprint, second quarter of 2007``.
"""

from __future__ import annotations

from typing import NamedTuple

from wom_sim.scenario.distributions import Distribution
from wom_sim.scenario.model_keys import DEFAULT_KIND
from wom_sim.scenario.presets import PREFIX, preset, text_of
from wom_sim.scenario.ranges import number_nodes
from wom_sim.scenario.tree import find, written
from wom_sim.scenario.uncertain import lift


class PresetNumber(NamedTuple):
    """A number of a preset. ``drawn``: the distribution from which worlds draw it, "" where it has none of its own.

    ``grade`` and ``source`` are "" where the preset does not say.
    """

    key: str
    value: float
    drawn: str
    unit: str
    grade: str
    source: str


class Trade(NamedTuple):
    """A preset: its name with the prefix, a line on it, the notes that follow, its currency."""

    name: str
    summary: str
    notes: str
    currency: str


def trade(name: str) -> Trade:
    """Return what a preset says of itself, ``name`` being without the prefix: the comment at its head.

    Raises
    ------
    ScenarioError
        If there is no such preset.
    """
    tree = preset(PREFIX + name, PREFIX + name)
    head = []
    for line in text_of(name).splitlines():
        if not line.startswith("#"):
            break
        head.append(line.removeprefix("#").strip())
    currency = find(tree, ("currency",))
    return Trade(PREFIX + name, head[0], " ".join(head[1:]).strip(), str(currency.value) if currency else "")


def numbers_of_preset(name: str) -> list[PresetNumber]:
    """Return every number that a preset gives, in its own order.

    Raises
    ------
    ScenarioError
        If there is no such preset.
    """
    tree = preset(PREFIX + name, PREFIX + name)
    central, ranges, faults = lift(tree)
    assert not faults, faults
    drawn = {item["key"]: Distribution(**item["distribution"]).text() for item in ranges}
    lines = text_of(name).splitlines()
    found = []
    for path, slot, node in number_nodes(central, DEFAULT_KIND):
        if node.origin.line is None:  # the model's own, beside an outlet that the preset changes
            continue
        key = written(central, path)
        grade, source = evidence_in(lines[node.origin.line - 1])
        found.append(PresetNumber(key, node.value, drawn.get(key, ""), slot.about.get("unit", ""), grade, source))
    return found


def evidence_in(line: str) -> tuple[str, str]:
    """Return grade and source behind a number in a line of a preset, "" for each that is missing.

    >>> evidence_in("churn = 0.02  # A/C: Sprint, 2007: 2 %"), evidence_in("churn = 0.02  # guess")
    (('A/C', 'Sprint, 2007: 2 %'), ('', 'guess'))
    """
    comment = line.partition("#")[2].strip()
    grade, colon, source = comment.partition(": ")
    return (grade, source) if colon else ("", comment)
