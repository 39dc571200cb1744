"""``[money.settling]``: how fast unusual calls, returns or use of data pass."""

from __future__ import annotations

from wom_sim.scenario.fields import Section, fraction, key

_NEARBY = "nearby: a bank's customers over two years; hospital and practice patients"
"""The source of how unusual calls fade."""


class Fading(Section):
    """Of those who call much."""

    chronic_share: float = fraction(
        0.4, "share for whom it is chronic, if they were observed for twelve months",
        source=_NEARBY, grade="A/C", plausible=(0.15, 0.6),
    )  # fmt: skip
    chronic_fades: float = fraction(
        0.02, "chance a month that it ends where it is chronic", source=_NEARBY, grade="A/C", plausible=(0.005, 0.04)
    )
    passing_fades: float = fraction(
        0.18, "chance a month that it ends where it is passing", source=_NEARBY, grade="A/C", plausible=(0.08, 0.35)
    )


class ReturnsFading(Section):
    """Of those who send much back."""

    chronic_share: float = fraction(1.0, "share for whom it is chronic", grade="Assumption")
    chronic_fades: float = fraction(
        0.01, "chance a month that it ends where it is chronic", source="El Kihal et al. 2026: returns do not regress",
        grade="A/C", plausible=(0.0, 0.04),
    )  # fmt: skip
    passing_fades: float = fraction(0.01, "chance a month that it ends where it is passing", grade="Assumption")


class DataFading(Section):
    """Of those who use much data."""

    chronic_share: float = fraction(1.0, "share for whom it is chronic", grade="Assumption")
    chronic_fades: float = fraction(
        0.03, "chance a month that it ends where it is chronic", source="estimate", grade="C", plausible=(0.01, 0.08)
    )
    passing_fades: float = fraction(0.03, "chance a month that it ends where it is passing", grade="Assumption")


class Settling(Section):
    """Who calls much, or little, was observed at it; for most it passes. The same luck under every policy."""

    calls: Fading = Fading()
    returns: ReturnsFading = ReturnsFading()
    data: DataFading = DataFading()
    steepness: float = key(
        0.5, "Power with which the odds of being chronic rise with how special somebody is",
        source="a bank's worst tenth, hundredth and thousandth keep .38, .47, .62 of their loss after a year",
        grade="A/C, calibrated", ge=0.0, le=3.0,
    )  # fmt: skip
    reference: float = key(
        4.0, "How special those are of whom the shares hold: so many times their calls in the long run",
        grade="Assumption: about the mean of the worst tenth", gt=1.0, le=100.0,
    )  # fmt: skip
    window: float = key(
        0.8, "Power with which these odds rise with the months over which they were observed, against twelve",
        source="6 months .3, 12 months .4, 24 months .6", grade="A/C", ge=0.0, le=3.0,
    )  # fmt: skip
