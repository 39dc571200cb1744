"""One simulated person for several people: how many are simulated, where that is refused, and what it costs.

A scenario states every count at full size. ``run.represents`` says for how many people each simulated person stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wom_sim.scenario.models import Scenario
    from wom_sim.scenario.sections.choose import Choose

FEWEST_PEOPLE = 200
"""Fewer simulated people are no market: a talker tells a dozen."""
FEWEST_CHOSEN, FEW_CHOSEN = 5, 20
"""Fewer simulated people to let go are refused; up to the second number, said to be few."""
MOST_ROUNDED = 0.05
"""By so much, as a share, whole people may miss the limit that is stated."""
WITHOUT_A_SIZE = (
    "market", "erdos_renyi", "watts_strogatz", "barabasi_albert", "powerlaw_cluster", "random_regular", "cliques",
    "path", "cycle", "empty",
)  # fmt: skip
"""Networks in which the ties of a person do not depend on how many people there are."""


def simulated(count: int, represents: int) -> int:
    """Return how many simulated people stand for ``count``.

    >>> simulated(1_000, 1), simulated(1_000, 30), simulated(0, 30)
    (1000, 33, 0)
    """
    return round(count / represents)


def simulated_people(scenario: Scenario) -> int:
    """Return how many people are simulated."""
    customers, prospects = scenario.population.customers, scenario.population.prospects
    return simulated(customers, scenario.run.represents) + simulated(prospects, scenario.run.represents)


def check_represents(scenario: Scenario) -> None:
    """Raise ValueError where a simulated person cannot stand for so many people; the message begins with the key."""
    k = scenario.run.represents
    fault = None if k == 1 else _fault(scenario, k)
    if fault is not None:
        raise ValueError(f"run.represents: given {k:,}, {fault}")


def fits(scenario: Scenario, represents: int) -> bool:
    """Return whether each simulated person of a scenario could stand for so many people."""
    return represents == 1 or _fault(scenario, represents) is None


def _fault(scenario: Scenario, k: int) -> str | None:
    """Return why simulated people cannot stand for ``k`` each, None if they can."""
    if getattr(scenario.network, "path", None) is not None:
        return "allowed with ties from a file: 1, because they are the ties of so many people, each of whom is one"
    if scenario.network.kind not in WITHOUT_A_SIZE:
        return f"allowed with network.kind = {scenario.network.kind!r}: 1, because a person's ties depend on its size"
    if any(choice.ids is not None for choice in _choices(scenario)):
        return "allowed with choose.ids: 1, because nobody in particular is simulated"
    people = scenario.population.customers + scenario.population.prospects
    if round(people / k) < FEWEST_PEOPLE:
        most = max(1, people // FEWEST_PEOPLE)
        left = f"which leaves {round(people / k)} people to simulate"
        return f"{left}; allowed: at least {FEWEST_PEOPLE}, so up to {most:,}"
    return next((fault for limit in sorted(set(_limits(scenario))) if (fault := _fault_of_limit(limit, k))), None)


def _fault_of_limit(limit: int, k: int) -> str | None:
    """Return why a limit of the chosen cannot be kept, None if it can."""
    few = simulated(limit, k)
    if limit == 0:
        return None
    most = max(1, limit // FEWEST_CHOSEN)
    if few < FEWEST_CHOSEN:
        return (
            f"which leaves {few} people to let go of choose.limit = {limit:,}; allowed: at least {FEWEST_CHOSEN}, so "
            f"up to {most:,}"
        )
    if abs(few * k - limit) > MOST_ROUNDED * limit:
        below = next((n for n in range(k, 1, -1) if limit % n == 0), 1)
        return (
            f"but {few} people who stand for {k:,} each are {few * k:,}, not choose.limit = {limit:,}; allowed: what "
            f"comes within {MOST_ROUNDED:.0%}, such as {below:,}"
        )
    return None


def limit_is_kept(limit: int, represents: int) -> bool:
    """Return whether simulated people, each standing for so many, come near enough to a limit of the chosen."""
    return represents == 1 or _fault_of_limit(limit, represents) is None


def _choices(scenario: Scenario) -> Iterator[Choose]:
    """Yield every choice of whom to let go: the scenario's, each policy's, and of what follows it."""
    yield scenario.choose
    for policy in scenario.policies:
        for step in (policy, policy.then):
            if step is not None and step.choose is not None:
                yield step.choose


def _limits(scenario: Scenario) -> Iterator[int]:
    """Yield every limit of the chosen, those that are searched among them."""
    for choice in _choices(scenario):
        if choice.limit is not None:
            yield choice.limit
    yield from scenario.search.levers().get("choose.limit", ())


def few_chosen(scenario: Scenario) -> int | None:
    """Return the fewest simulated people to let go under a limit, where they are few; None if nothing is lost."""
    k = scenario.run.represents
    least = min((simulated(limit, k) for limit in _limits(scenario) if limit > 0), default=FEW_CHOSEN)
    return least if k > 1 and least < FEW_CHOSEN else None
