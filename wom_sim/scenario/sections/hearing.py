"""``[behaviour.hearing]``: dose, siding with the firm, harm and recovery."""

from __future__ import annotations

from wom_sim.scenario.fields import Section, fraction, key


class Weights(Section):
    """Dose of one telling of a story of full severity, by channel."""

    household: float = key(1.0, "From the same household", grade="C", ge=0.0, le=50.0)
    close: float = key(
        1.0, "From a close tie", source="strong ties x2 (Haenlein & Kaplan 2012)", grade="C", ge=0.0, le=50.0
    )
    acquaintance: float = key(0.5, "From an acquaintance", grade="C", ge=0.0, le=50.0)
    stranger: float = key(0.3, "From a stranger", grade="C", ge=0.0, le=50.0)
    post: float = key(0.3, "From a post", grade="C", ge=0.0, le=50.0)
    outlet: float = key(0.4, "From an outlet", grade="C", ge=0.0, le=50.0)


class Hearing(Section):
    """Dose, siding with the firm, harm and recovery."""

    weight: Weights = Weights()
    harm_per_dose: float = key(1.0, "k in harm = 1 - exp(-k x dose)", grade="C", ge=0.0)
    sides_with_firm: float = fraction(
        0.15, "Share of hearers who side with the firm", source="Consumerist 2007", grade="A/C", plausible=(0.05, 0.35)
    )
    sides_if_abuse: float = fraction(
        0.35, "Share of hearers who side with the firm when abuse is credible", source="Consumerist 2007", grade="A/C",
        plausible=(0.2, 0.5),
    )  # fmt: skip
    affected: float = fraction(
        0.2, "Share of the other hearers whose behaviour is affected", source="Haenlein & Kaplan 2010", grade="A/C",
        plausible=(0.1, 0.35),
    )  # fmt: skip
    buffer: float = fraction(
        0.5, "How far full commitment buffers bad news", source="Ahluwalia et al. 2000", grade="A/C",
        plausible=(0.3, 0.8),
    )  # fmt: skip
    harm_half_life: float = key(
        14.0, "Half-life of harm after the last dose", unit="days",
        source="boycotts are over in two to three weeks (Liaukonyte et al. 2023); Bud Light 2023 was not in eight "
        "months", grade="A/C", plausible=(5.0, 60.0), rare=(1000.0, 0.05), gt=0.0,
    )  # fmt: skip
    join_half_life: float = key(
        21.0, "Half-life of harm for those who might join", unit="days",
        source="estimate: 21 days (7-90); 120 where an authority or a court is in it, as in .3 of cases", grade="C",
        plausible=(7.0, 90.0), rare=(120.0, 0.3), gt=0.0,
    )  # fmt: skip
    corroboration_boost: float = key(
        0.5, "Most that corroboration adds to severity", source="EVIDENCE 12: x1.5", grade="S/C", plausible=(0.0, 1.0),
        ge=0.0,
    )  # fmt: skip
    corroboration_half_point: float = key(
        20.0, "Buzz at which half of the boost is reached", unit="posts", grade="C", gt=0.0
    )
