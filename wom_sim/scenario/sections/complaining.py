"""``[behaviour.complaining]``: formal complaints."""

from __future__ import annotations

from pydantic import model_validator

from wom_sim.scenario.fields import Section, fraction, key


class Complaining(Section):
    """Formal complaints to an ombudsman or an authority, which remember them."""

    share: float = fraction(
        0.0, "Chance of a formal complaint by somebody on whom the firm acts, at full grievance; none if 0",
        source="UK, accounts closed: .004-.01 of those dismissed", grade="A/C",
    )  # fmt: skip
    first_day: int = key(60, "Least days until it is made", unit="days", source="60-120", grade="C", ge=0, le=3650)
    last_day: int = key(120, "Most days until it is made", unit="days", source="60-120", grade="C", ge=0, le=3650)
    after_news: float = key(
        1.44, "Factor on that chance where a national outlet has reported by then",
        source="UK ombudsman: +44 % cases in the year of a scandal", grade="A", ge=1.0, le=100.0,
    )  # fmt: skip
    half_life: float = key(
        365.0, "Half-life of a complaint in the memory of authorities", unit="days", grade="Assumption", gt=0.0,
        le=36500.0,
    )  # fmt: skip
    before: float = key(
        0.0, "Formal complaints that they remember when the run begins, about this firm or others of the trade",
        unit="complaints", grade="Assumption", ge=0.0, le=1e9,
    )  # fmt: skip

    @model_validator(mode="after")
    def _in_order(self) -> Complaining:
        if self.last_day < self.first_day:
            raise ValueError(f"last_day: given {self.last_day}, allowed: at least first_day = {self.first_day}")
        return self
