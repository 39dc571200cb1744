"""``[rivals]``: other firms."""

from __future__ import annotations

from wom_sim.scenario.fields import Section, fraction, key


class Rivals(Section):
    """Other firms: they court customers who are in doubt, and may refuse those let go."""

    poach: float = key(
        0.0, "Share by which their courtship raises beta, for those who heard the story",
        source="case documents: rivals may profit", grade="Assumption", ge=0.0, le=20.0,
    )  # fmt: skip
    poach_after: int = key(
        7, "Days from the first national report to their campaign", unit="days", grade="Assumption", ge=0, le=3650
    )
    poach_days: int = key(30, "How long it lasts", unit="days", grade="Assumption", ge=0, le=3650)
    refuse: float = fraction(
        0.0, "Share of those dismissed whom other firms refuse, so that moving costs them more",
        source="case documents: others should not accept them this month", grade="S",
    )  # fmt: skip
    refused_cost: float = key(
        2.0, "Factor on the cost of switching of who is refused elsewhere", grade="Assumption", ge=1.0, le=100.0
    )
