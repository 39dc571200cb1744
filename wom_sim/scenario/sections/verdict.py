"""``[verdict]``: how a comparison is judged."""

from __future__ import annotations

from wom_sim.scenario.fields import Section, fraction


class Verdict(Section):
    """How a comparison is judged."""

    material: float = fraction(
        0.05, "Share of the best policy's net value below which a difference counts as none",
        grade="Assumption: below a twentieth other reasons decide",
    )  # fmt: skip
