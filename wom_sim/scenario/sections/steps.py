"""``[behaviour.steps]``: what warnings, a suspension, and an end to shared use do."""

from __future__ import annotations

from wom_sim.scenario.fields import Section, fraction, key


class Steps(Section):
    """What warnings, a suspension, and an end to shared or unpaid use do."""

    moderate: float = fraction(
        0.75, "Share who use no more than is usual after a first warning; half of them would have anyway",
        source="NDO: 61 of 76 in two weeks; Comcast: 75 % after a call", grade="B/C", plausible=(0.5, 0.9),
    )  # fmt: skip
    moderate_again: float = fraction(
        0.4, "Share of the others who do so after a second warning", source="EVIDENCE2 6", grade="C",
        plausible=(0.2, 0.6),
    )  # fmt: skip
    grievance_if_warned: float = fraction(
        0.6, "Factor on the grievance of a dismissal that comes after fair warnings", source="EVIDENCE2 6", grade="C",
        plausible=(0.4, 0.9),
    )  # fmt: skip
    p_call_warned: float = fraction(
        0.15, "Chance that someone who is warned calls service within a week, if not asked to",
        source="throttled customers: 5.4 % complained in three years; EVIDENCE2 10", grade="C", plausible=(0.05, 0.4),
    )  # fmt: skip
    warned: float = key(
        1.2, "Factor on the hazard of who has been warned",
        source="a contact makes people reconsider: x1.6 (Ascarza et al. 2016); a rule that is known less",
        grade="Assumption", plausible=(1.0, 1.6), ge=0.0, le=1000.0,
    )  # fmt: skip
    suspended: float = key(
        1.6, "Factor on the hazard of who has been suspended, during it and after",
        grade="Assumption: as for who is served less", plausible=(1.1, 3.0), ge=0.0, le=1000.0,
    )  # fmt: skip
    converts: float = fraction(
        0.2, "Share of the borrowers who are cut off that become customers who pay", source="EVIDENCE2 6", grade="C",
        plausible=(0.05, 0.4),
    )  # fmt: skip
    converts_within: float = key(
        180.0, "Days within which they do, each day as likely", unit="days", source="EVIDENCE2 6: six months",
        grade="C", ge=1.0, le=3650.0,
    )  # fmt: skip
