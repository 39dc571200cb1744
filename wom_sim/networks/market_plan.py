"""The numbers of a market network."""

from __future__ import annotations

from typing import NamedTuple


class MarketPlan(NamedTuple):
    """The numbers of a market network; see ``wom_sim.scenario.sections.network.MarketNetwork`` for their meaning."""

    people: int
    community: int
    town: int
    close: int
    close_rewired: float
    acquaintances: float
    acquaintances_spread: float
    far: float
    far_slots: int


def plan(people: int, community: int, town: int, close: int, rewired: float) -> MarketPlan:
    """Return a plan without acquaintances; towns are made of whole communities."""
    return MarketPlan(
        people, community, max(community, town // community * community), close, rewired, 0.0, 0.0, 0.0, 0
    )


def with_acquaintances(market: MarketPlan, mean: float, spread: float, far: float) -> MarketPlan:
    """Return the plan with ``mean`` acquaintances a person; a share ``far`` of them leads to other towns."""
    if market.people <= market.town:
        far = 0.0
    return market._replace(
        acquaintances=mean, acquaintances_spread=spread, far=far, far_slots=round(mean * far * market.town)
    )
