"""``[worlds]``: which numbers are known and which are drawn, and the distributions that a file gives."""

from __future__ import annotations

from typing import Literal

from wom_sim.scenario.distributions import Distribution
from wom_sim.scenario.fields import Section, key

DrawnFrom = Literal["ranges", "posterior"]


class Worlds(Section):
    """A run over worlds (``--worlds N``): which numbers are known, and which are drawn."""

    fixed: tuple[str, ...] = key(
        (), "Keys that are not drawn, or tables none of whose keys is drawn, as --set writes them", max_length=1000
    )
    doubt: tuple[str, ...] = key(
        (), "Keys, or tables of keys, that are drawn though the scenario states them: from the range that the evidence "
        "gives, whatever value is stated", max_length=1000,
    )  # fmt: skip
    posterior: str | None = key(
        None, "A folder or file of wom-sim fit: what it taught is drawn from there, jointly, not from plausible ranges",
        min_length=1, max_length=4096,
    )  # fmt: skip
    draw_from: DrawnFrom = key(
        "posterior",
        "Where the numbers are drawn from that say how talk becomes news. ranges: each from its plausible range, by "
        "itself, and the rule is media.rule. posterior: together, rule and numbers, from the draws that eighteen real "
        "cases have taught (wom-sim show docs posterior)",
    )
    known: tuple[str, ...] | None = key(
        None,
        "Keys whose values are known, and so not drawn. Found by the program and written into the folder of a result: "
        "every number that the file or --set states", max_length=100_000,
    )  # fmt: skip


class Uncertain(Section):
    """A number that was given as a distribution: its key, as ``--set`` writes it, and the distribution."""

    key: str
    distribution: Distribution
