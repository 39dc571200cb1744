"""``[behaviour.responding]``: what a response does to the newsworthiness of posts."""

from __future__ import annotations

from wom_sim.scenario.fields import Section, fraction, key


class Responding(Section):
    """What a response does to the newsworthiness of posts, against saying nothing (which spreads x 1.2)."""

    explain: float = key(
        0.63, "Explains", source="Herhausen et al. 2019: x .75", grade="A/C", plausible=(0.5, 1.0), ge=0.0, le=3.0
    )
    apologise: float = key(
        0.58, "Apologises", source="Herhausen et al. 2019: x .7", grade="A/C", plausible=(0.5, 1.0), ge=0.0, le=3.0
    )
    compensate: float = key(
        1.08, "Offers compensation in public", source="Herhausen et al. 2019: x 1.3, raises virality", grade="A/C",
        plausible=(0.9, 1.4), ge=0.0, le=3.0,
    )  # fmt: skip
    reinstate: float = key(0.58, "Takes it back", grade="Assumption: as an apology", ge=0.0, le=3.0)
    prompt_days: int = key(
        2, "A response later than this has less effect", unit="days", grade="Assumption: 'if immediate'", ge=0
    )
    late: float = fraction(
        0.5, "Share of the effect that a late response has", source="speed matters (Herhausen et al. 2019)",
        grade="A for the fact, Assumption for the size", plausible=(0.0, 1.0),
    )  # fmt: skip
