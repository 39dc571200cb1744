"""``[run]``: how long, how often, and with which luck."""

from __future__ import annotations

from wom_sim.scenario.fields import Section, key

_YEAR = 365


class Run(Section):
    """How long, how often, and with which luck."""

    days: int = key(365, "Days simulated, at least", unit="days", ge=1, le=3650)
    days_after: int | None = key(
        None, "Days that a run goes on after the last act of its policy, counted from the beginning of that month, so "
        "that each story has its time; if absent 365, or days if these are fewer", unit="days", ge=1, le=3650,
    )  # fmt: skip
    replications: int = key(10, "Runs of each policy, paired by luck", ge=1, le=100_000)
    seed: int = key(2007, "Seed of what happens", ge=0, lt=2**63)
    world_seed: int | None = key(None, "Seed of people and ties; the same as seed if absent", ge=0, lt=2**63)
    same_world: bool = key(True, "Whether all replications share people and ties")
    represents: int = key(
        1, "People for whom each simulated person stands; every count is given, and told, at full size (wom-sim show "
        "docs scaling)", unit="people", ge=1, le=100_000,
    )  # fmt: skip

    @property
    def time_after(self) -> int:
        """Return how many days a run goes on after the last act of its policy."""
        return min(_YEAR, self.days) if self.days_after is None else self.days_after
