"""``[behaviour.leaving]``: leaving, contagion of departures, and joining."""

from __future__ import annotations

from typing import Literal

from wom_sim.scenario.fields import Section, fraction, key
from wom_sim.scenario.sections.talking import ByTie


class Leaving(Section):
    """Leaving, contagion of departures, joining, households."""

    beta: float = key(
        0.4, "Log hazard ratio of leaving at full harm",
        source="bump x1.00-1.10 in the aware; none in a quarter of neighbouring scandals (Spotify 2022, United 2017), "
        "x1.3 without fading in a rare one (Bud Light 2023)", grade="C, never measured", plausible=(0.0, 2.0),
        zero=0.25, rare=(5.5, 0.05), ge=0.0, le=20.0,
    )  # fmt: skip
    form: Literal["proportional", "additive"] = key(
        "proportional",
        "How story and departures raise the hazard of leaving. proportional: by a ratio. additive: by as many points "
        "for everybody, those that the ratio makes of reference_churn",
    )
    reference_churn: float = key(
        0.02, "With additive: hazard at which both forms add the same", unit="a month", grade="Assumption", ge=0.0,
        le=1.0,
    )  # fmt: skip
    departures: Literal["contagion", "homophily"] = key(
        "contagion",
        "Why people who know each other leave together. contagion: a departure raises the hazard of ties (chi). "
        "homophily: they are alike (population.alike_in_household, alike_in_community), and a departure moves nobody",
    )
    beta_join_ratio: float = key(
        8.0, "Log hazard ratio of joining, as a multiple of beta",
        source="East et al. 2017: 4 times; Wells Fargo 2016: 5-16 times", grade="A/C", plausible=(3.0, 16.0), ge=0.0,
    )  # fmt: skip
    beta_join: float | None = key(
        None,
        "Log hazard ratio of joining at full harm, by itself; beta x beta_join_ratio if absent. With it joins may "
        "suffer where staying does not",
        source="Wells Fargo 2016: closings up by a few percent, openings down by a third", grade="A/C", ge=0.0, le=20.0,
    )  # fmt: skip
    locked: float = fraction(
        0.5, "Factor on churn while a contract runs", source="GAO 2009: 42 %; US PIRG 2005: 47 %", grade="A/C",
        plausible=(0.4, 0.7),
    )  # fmt: skip
    price_sensitivity: float = key(
        0.6, "Rise of the hazard for a price rise of 100 %; half of it for 50 %",
        source="Netflix 2011: 60 % more, 3.3 % fewer in a quarter", grade="A/C, calibrated", plausible=(0.2, 1.5),
        ge=0.0, le=50.0,
    )  # fmt: skip
    price_seen: float = key(
        0.6, "Largest price rise to which the reaction has been seen; set it higher if you have seen more",
        unit="share", source="Netflix 2011: 60 %", grade="A", ge=0.0, le=10.0,
    )  # fmt: skip
    price_months: float = key(
        12.0, "Months for which a customer weighs what a price takes beyond the largest rise seen against leaving",
        unit="months", grade="Assumption: a year", plausible=(6.0, 24.0), ge=0.0, le=120.0,
    )  # fmt: skip
    offered: float = key(
        1.6, "Factor on the hazard of who refuses an offer to leave, and has been made to think of it",
        source="Ascarza et al. 2016: 6.4 to 10.0 % after a contact",
        grade="A for a contact, Assumption that an offer to leave does the same", plausible=(1.0, 2.2), ge=0.0,
        le=1000.0,
    )  # fmt: skip
    nudged: float = key(
        1.6, "Factor on the hazard of who is made to think of leaving",
        source="Ascarza et al. 2016: 6.4 to 10.0 % after a contact", grade="A", plausible=(1.2, 2.2), ge=0.0, le=1000.0,
    )  # fmt: skip
    downgraded: float = key(
        1.6, "Factor on the hazard of who is served less", source="EVIDENCE 12", grade="C", plausible=(1.1, 3.0),
        ge=0.0, le=1000.0,
    )  # fmt: skip
    credits_capped: float = key(
        1.2, "Factor on the hazard of a credit seeker who gets no credits any more", source="EVIDENCE 12", grade="C",
        plausible=(1.0, 2.0), ge=0.0, le=1000.0,
    )  # fmt: skip
    repaired: float = key(
        0.9, "Factor on the hazard of a customer whose cause to call is repaired",
        source="EVIDENCE 12: churn -5 to -15 %", grade="C", plausible=(0.85, 0.95), ge=0.0, le=1000.0,
    )  # fmt: skip
    guaranteed: float = key(
        0.9, "Factor on the hazard of a customer with a guarantee", grade="Assumption: as for a repaired cause",
        plausible=(0.8, 1.0), ge=0.0, le=1000.0,
    )  # fmt: skip
    chi: float = key(
        0.4, "Rise of the hazard for one departed tie", source="Nitzan & Libai 2011, causal half", grade="A/C",
        plausible=(0.25, 0.8), ge=0.0,
    )  # fmt: skip
    contagion_half_life: float = key(
        20.0, "Half-life of a departure's effect", unit="days", source="Nitzan & Libai 2011", grade="A/C",
        plausible=(10.0, 40.0), gt=0.0,
    )  # fmt: skip
    contagion_window: int = key(
        35, "A departure has no effect after", unit="days", source="Haenlein 2013", grade="A", ge=0, le=3650
    )
    contagion_most: float = key(
        4.0, "Departures beyond this number add nothing", source="Dasgupta et al. 2008", grade="A/C", ge=0.0, le=50.0
    )
    departure_weight: ByTie = key(
        ByTie(household=1.3, close=1.0, acquaintance=0.7), "Weight of a departed tie",
        source="Nitzan & Libai 2011: tie strength +-30 %", grade="A/C",
    )  # fmt: skip
    dismissed_counts: float = key(
        0.5, "Weight of a departure by the firm's hand in contagion; one of their own accord counts 1",
        source="EVIDENCE 4: no data", grade="C", plausible=(0.0, 1.5), ge=0.0,
    )  # fmt: skip
    household_follows: float = fraction(
        0.41, "Chance that a household member leaves with someone let go",
        source="shared plans at telephone companies (J.D. Power, Yankee, PwC): .41, .2-.65", grade="C",
        plausible=(0.2, 0.65),
    )  # fmt: skip
