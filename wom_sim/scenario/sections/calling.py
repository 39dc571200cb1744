"""``[behaviour.calling]``: calls to service, and what a fee or a repair does to them."""

from __future__ import annotations

from wom_sim.scenario.fields import Section, fraction, key


class Calling(Section):
    """Whether a call solves the matter; what a fee for each call, and repair of its cause, do to the calls."""

    unsolved: float = fraction(
        0.5,
        "Chance that a call about what the firm did solves nothing, so that the customer calls again, up to 7 times",
        source="Sprint: customers called twice as often until it was solved (CRM Magazine)", grade="A/C",
        plausible=(0.2, 0.7),
    )  # fmt: skip
    again_after: int = key(3, "Days until they call again", unit="days", grade="Assumption", ge=1, le=365)
    after_price: float = fraction(
        0.09,
        "Chance that who is told of a price, a fee or new terms calls service, against one who is dismissed",
        source="price rise of a utility: .03 call (.005-.10); dismissed: .35", grade="C", plausible=(0.015, 0.3),
    )  # fmt: skip

    repair_months: float = key(
        18.0, "Time constant of repair", unit="months", source="EVIDENCE 12", grade="A", plausible=(6.0, 36.0), gt=0.0
    )

    elasticity: float = key(
        0.6, "Elasticity of calls in their full price, which is time and fee", grade="Assumption", plausible=(0.2, 1.2),
        ge=0.0, le=10.0,
    )  # fmt: skip
    time_per_call: float = key(
        5.0, "What a call costs the customer in time and patience", unit="currency",
        grade="Assumption: a quarter of an hour at 20 an hour", plausible=(2.0, 15.0), gt=0.0,
    )  # fmt: skip
