"""``[population]``: who they are, and the segments they are drawn from."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from wom_sim._tables import FIRM, PROSPECTS
from wom_sim.scenario.fields import Section, fraction, key


class Segment(Section):
    """A kind of customer. Spreads are standard deviations of the logarithm."""

    name: str = key(..., "Name of the segment", min_length=1)
    share: float = key(1.0, "Share of the customers", unit="share, 0 to 1", gt=0.0, le=1.0)
    revenue: float = key(
        60.0, "Mean revenue", unit="currency a month", source="Sprint postpaid Q2 2007", grade="A", ge=0.0
    )
    revenue_spread: float = key(
        1.0, "Spread of revenue", source="whale curve: top 20 % make 150-300 % of profit", grade="A/C", ge=0.0, le=4.0
    )
    account_cost: float = key(
        36.0, "Cost of an account before service calls, as the books charge it", unit="currency a month",
        source="24 margin on 55-60 (Entner 2007)", grade="A/C", ge=0.0,
    )  # fmt: skip
    account_avoidable: float = fraction(
        0.25, "Share of the cost of an account that goes when the customer goes; the rest is allocated and stays",
        source="a bank's current account: .2-.3 soon, .8 only without overhead (American Banker 2011)", grade="B/C",
        plausible=(0.05, 0.5),
    )  # fmt: skip
    variable_cost: float = key(
        0.0, "Variable cost, as a share of revenue", unit="share, 0 to 1", grade="Assumption", ge=0.0, lt=1.0
    )
    variable_avoidable: float = fraction(
        1.0, "Share of the variable cost that goes when the customer goes", grade="by its definition"
    )
    settles_to: float | None = key(
        None,
        "Service calls in the long run of who calls more or less than usual; if absent the mean of the segment, but at "
        "most that of all customers", unit="calls a month", ge=0.0,
    )  # fmt: skip
    settles_like: Literal["calls", "returns", "data", "nothing"] = key(
        "calls", "What makes these customers costly, and so how it settles (money.settling)"
    )
    calls: float = key(
        0.9, "Mean service calls", unit="calls a month", source="Sprint 2007: below 1", grade="A", ge=0.0
    )
    calls_follow_revenue: float = key(
        0.0, "Correlation of service calls with revenue (logs): heavy users call most", source="case documents",
        grade="S for the sign, no size", plausible=(0.0, 0.5), ge=-1.0, le=1.0,
    )  # fmt: skip
    calls_spread: float = key(
        1.08, "Spread of service calls", source="1,000 of 53 million call 40 times", grade="A/C", ge=0.0, le=4.0
    )
    churn: float = key(
        0.02, "Mean chance to leave, were there no contract", unit="a month", source="Sprint Q2 2007: 2.0 %", grade="A",
        ge=0.0, le=1.0,
    )  # fmt: skip
    churn_spread: float = key(
        1.1, "Spread of churn", source="naive contagion of churn: a factor 1.8 (Nitzan & Libai 2011)",
        grade="C, calibrated", plausible=(0.3, 1.2), ge=0.0, le=4.0,
    )  # fmt: skip
    under_contract: float = fraction(0.0, "Share whose contract still runs", grade="Assumption")
    contract_months: int = key(
        24, "Longest contract left; what is left is uniform", unit="months", grade="Assumption", ge=0, le=240
    )
    household_follows: float | None = key(
        None, "Chance that a customer of this segment leaves with somebody of the household who is let go; "
        "behaviour.leaving.household_follows if absent", unit="share, 0 to 1",
        source="by trade: shared telephone plans .41, insurance .25, shops .07, banks .05; 0 where the account is the "
        "household or the firm", grade="B/C", ge=0.0, le=1.0,
    )  # fmt: skip
    talkativeness_spread: float = key(
        0.7, "Spread of talkativeness, whose mean is 1", source="13 % tell more than 20", grade="A-/C", ge=0.0, le=4.0
    )
    commitment: float = fraction(0.4, "Mean commitment", grade="Assumption")
    advocates: float = fraction(0.1, "Share of advocates", grade="Assumption")
    credit_seekers: float = fraction(
        0.3, "Share of those with ten or more calls a month who call for credits", source="case documents", grade="S/C"
    )
    switching_cost: float = key(
        250.0, "Mean cost of switching, with the fee for ending early", unit="currency",
        source="fee 150-240, mean 170 (US PIRG 2005)", grade="A/C", ge=0.0,
    )  # fmt: skip
    surplus: float = key(
        150.0, "Mean worth of the relation to the customer", unit="currency", grade="Assumption", ge=0.0
    )
    surplus_of_seekers: float = key(
        1200.0, "Mean worth of the relation to a credit seeker, who refuses offers", unit="currency",
        source="case documents", grade="S/C", ge=0.0,
    )  # fmt: skip


class Population(Section):
    """Who they are."""

    customers: int = key(
        ..., "Customers of the firm; those of population.file if absent", unit="people", ge=0, le=500_000_000
    )
    prospects: int = key(0, "Others in the market, who may join", unit="people", ge=0, le=500_000_000)
    household_size: float = key(
        2.56, "Mean size of a household (1 to 6 people)", unit="people", source="US 2007", grade="B", ge=1.0, le=4.0
    )
    alike_in_household: float = fraction(
        0.4, "Share of the variance of revenue and churn that a household has in common", source="value assortativity",
        grade="A/C",
    )  # fmt: skip
    alike_in_community: float = fraction(
        0.3, "Share of the variance of revenue and churn that a community has in common",
        source="Moran's I of revenue .2 (Haenlein 2011)", grade="A/C, calibrated", plausible=(0.1, 0.5),
    )  # fmt: skip
    join: float = key(0.02, "Mean chance that a prospect joins", unit="a month", grade="Assumption", ge=0.0, le=1.0)
    file: str | None = key(
        None,
        "The firm's own customers: the folder that wom-sim import wrote, or the table in it, relative to the scenario. "
        "What it does not know of them is drawn from their segment", min_length=1,
    )  # fmt: skip
    fit: bool = key(
        False,
        "Segments take their numbers from the table: share, revenue and calls with spreads and correlation, cost of an "
        "account, advocates, contracts",
    )
    segments: tuple[Segment, ...] = key(
        (Segment(name="customers"),), "Kinds of customers; their shares add up to 1", min_length=1, max_length=250
    )

    @model_validator(mode="after")
    def _shares(self) -> Population:
        total = sum(s.share for s in self.segments)
        if abs(total - 1.0) > 1e-6:
            raise ValueError(f"segments: the shares add up to {total:g}, they must add up to 1")
        names = [s.name for s in self.segments]
        if len(set(names)) < len(names):
            raise ValueError("segments: each needs a name of its own")
        if reserved := {FIRM, PROSPECTS} & set(names):
            raise ValueError(f"segments: the name {min(reserved)} is reserved for rows of the ledger")
        if self.alike_in_household + self.alike_in_community > 1.0:
            raise ValueError("alike_in_household and alike_in_community add up to more than 1")
        if self.fit and self.file is None:
            raise ValueError("fit: given without population.file, to which segments could be fitted")
        if self.customers + self.prospects < 1:
            raise ValueError("customers and prospects: there must be at least one person")
        if self.customers + self.prospects > 500_000_000:
            raise ValueError("customers and prospects: at most 500 million people together")
        return self
