"""``[money]``: what things cost, and over which months money counts."""

from __future__ import annotations

import math

from pydantic import field_validator

from wom_sim.scenario.fields import Section, fraction, key
from wom_sim.scenario.sections.settling import Settling


class Handling(Section):
    """What it costs the firm to act on one customer, by channel."""

    letter: float = key(1.0, "A letter", unit="currency", grade="Assumption", ge=0.0)
    email: float = key(0.1, "An e-mail", unit="currency", grade="Assumption", ge=0.0)
    text: float = key(0.05, "A text message", unit="currency", grade="Assumption", ge=0.0)
    phone: float = key(
        30.0, "A telephone call by an agent", unit="currency", source="EVIDENCE 12: agent time", grade="C", ge=0.0
    )
    personal: float = key(60.0, "A personal talk", unit="currency", grade="Assumption", ge=0.0)
    review: float = key(15.0, "An individual review", unit="currency", grade="Assumption", ge=0.0)


class LastResort(Section):
    """The joint provider of last resort: service is free there, and one may come back."""

    price: float = key(
        3.0, "Price there, as a multiple", source="case documents: NoHopeLastResort", grade="S",
        calibrated=(1.0, "money.last_resort.seen"), ge=1.0, le=100.0,
    )  # fmt: skip
    seen: float = key(
        3.0, "Highest such price that anybody speaks of; beyond it, who would lose more by paying it than by going "
        "without brings nothing", source="case documents: NoHopeLastResort", grade="S", ge=1.0, le=100.0,
    )  # fmt: skip
    years: float = key(
        3.0, "Years until one may come back", unit="years", source="case documents", grade="S", ge=0.0, le=50.0
    )
    borne: float = fraction(
        1.0, "Share of the result with those whom it handed over that the firm bears", grade="Assumption: it is joint"
    )
    rehabilitated: float = fraction(
        0.3, "Share of those still there who come back, with the calls of an ordinary customer", grade="Assumption",
        plausible=(0.0, 0.8),
    )  # fmt: skip


NO_HORIZON = 1200
"""Months that stand for no horizon at all."""


class Money(Section):
    """What things cost."""

    cost_per_call: float = key(
        8.0, "Cost of a service call", unit="currency", source="4-20", grade="A/C", plausible=(4.0, 20.0), ge=0.0
    )
    income_per_call: float = key(
        0.0, "What a service call brings in by itself, as where calls are charged for everyone", unit="currency",
        source="Netherlands: often extra income per question (case documents)", grade="S", plausible=(0.0, 10.0),
        ge=0.0,
    )  # fmt: skip
    credit_per_call: float = key(
        2.0, "Credit that a credit seeker gets a call", unit="currency", source="0-10", grade="C",
        plausible=(0.0, 10.0), ge=0.0,
    )  # fmt: skip
    complaint_value: float = key(
        0.0, "What the complaints of a customer who complains all the time teach the firm; lost with who leaves",
        unit="currency a month", source="case documents: every complaint is a gift", grade="S, no size", ge=0.0,
    )  # fmt: skip
    credits_teach: float = key(
        0.0, "Rise of a credit seeker's credits in the long run, as a share of today's: credits teach to complain",
        source="case documents: 'companies get what they ask for'", grade="S, no size", ge=0.0, le=20.0,
    )  # fmt: skip
    credits_teach_months: float = key(
        18.0, "Time constant of that rise", unit="months", grade="Assumption: as long as a repair takes", gt=0.0
    )
    contact_avoidable: float = fraction(
        0.7, "Share of the cost of a service call that is spared with the call; the rest is allocated and stays",
        source="split of a bank's cost to serve; costs are sticky", grade="B/C", plausible=(0.4, 0.95),
    )  # fmt: skip
    contact_lag_months: int = key(
        3, "Months until a call that is not made is a cost that is spared: staff go later", unit="months",
        grade="Assumption", plausible=(0, 6), ge=0, le=60,
    )  # fmt: skip
    horizon_months: int = key(
        36,
        f"Months from the first act of a policy in which gains and harms count; inf, kept as {NO_HORIZON}: for ever",
        unit="months", grade="Assumption", endless=NO_HORIZON, ge=1, le=NO_HORIZON,
    )  # fmt: skip
    settling: Settling = Settling()
    discount: float = key(
        0.10, "Discount rate", unit="a year", source="8-15 %", grade="C", plausible=(0.08, 0.15), ge=0.0, le=10.0
    )
    profitable_above: float = key(0.0, "A customer is profitable above this profit", unit="currency a month")
    acquisition_cost: float = key(
        400.0, "Cost of winning a customer", unit="currency", source="350-450", grade="C", plausible=(350.0, 450.0),
        ge=0.0,
    )  # fmt: skip
    fees_collectable: float = fraction(
        1.0, "Share of waived fees that the firm would have collected", grade="Assumption, conservative"
    )
    guarantee_share: float = fraction(
        0.02, "Cost of a guarantee as a share of revenue", source="Fog Creek, case documents", grade="S",
        plausible=(0.005, 0.05),
    )  # fmt: skip
    handling: Handling = Handling()
    last_resort: LastResort = LastResort()

    @field_validator("horizon_months", mode="before")
    @classmethod
    def _for_ever(cls, given: object) -> object:
        return NO_HORIZON if given in ("inf", math.inf) else given

    @property
    def counted_months(self) -> float:
        """Return over how many months from a policy's first act money counts; infinite without a horizon."""
        return math.inf if self.horizon_months == NO_HORIZON else float(self.horizon_months)

    @property
    def net_cost_per_call(self) -> float:
        """Return what a call costs the firm, less what it brings in (currency); negative where it earns."""
        return self.cost_per_call - self.income_per_call

    @property
    def contact_cost(self) -> float:
        """Return what is spared with a call that is not made, less what it brings in (currency)."""
        return self.contact_avoidable * self.cost_per_call - self.income_per_call
