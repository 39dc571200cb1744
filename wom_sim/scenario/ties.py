"""What the file of ties of a scenario holds, or what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from wom_sim.scenario.errors import Fault, ScenarioError
from wom_sim.scenario.models import Scenario
from wom_sim.scenario.sections.network import MarketNetwork

if TYPE_CHECKING:
    from wom_sim.networks.graph_file import TiesRead
    from wom_sim.networks.tie_people import Whose
    from wom_sim.networks.tie_strength import Close


def tie_file_of(scenario: Scenario) -> str | None:
    """Return the file of ties of a scenario, of all or of those that are known; None where it has none."""
    return getattr(scenario.network, "path", None)


def close_by_weight(network: MarketNetwork) -> Close:
    """Return which known ties are close by their weight: as many of a person, as large a share, as in the market."""
    from wom_sim.networks.tie_strength import Close

    others = network.close + network.acquaintances
    return Close(max(1, network.close), network.close / others if others > 0.0 else 1.0)


def _whose(scenario: Scenario) -> Whose | None:
    """Return whose ties a file has, each customer of the firm's table by its row; None where there is no table."""
    from wom_sim.scenario.customers import table_of

    table = table_of(scenario)
    if table is None:
        return None
    import numpy as np

    from wom_sim.networks.tie_people import Whose

    return Whose(table.ids, np.arange(len(table), dtype=np.int64))


def ties_read(scenario: Scenario) -> TiesRead | None:
    """Return what was read of a scenario's file of ties; None where its ties come from elsewhere.

    Raises
    ------
    ScenarioError
        If the file cannot be used: with file, line, and what is allowed.
    """
    path, network, population = tie_file_of(scenario), scenario.network, scenario.population
    if path is None:
        return None
    from wom_sim.networks.graph_file import TieFileError, read
    from wom_sim.world.network import CLASS_NAMES

    try:
        people = population.customers + population.prospects
        close = close_by_weight(network) if isinstance(network, MarketNetwork) else None
        return read(path, people, CLASS_NAMES.index(network.tie), _whose(scenario), close)[1]
    except TieFileError as error:
        raise ScenarioError([Fault(str(error.file), error.line, message=error.words)]) from None


def people_of_ties(scenario: Scenario) -> list[str] | None:
    """Return the ids of a file of ties by the person that each became; empty where they are persons already.

    None where the ties come from no file. Raises ScenarioError as ``ties_read`` does.
    """
    path, network, population = tie_file_of(scenario), scenario.network, scenario.population
    if path is None or ties_read(scenario) is None:
        return None
    if population.file is not None:
        return []  # they are the firm's own customers, by its ids
    from wom_sim.networks.graph_file import people_of
    from wom_sim.world.network import CLASS_NAMES

    return people_of(path, population.customers + population.prospects, CLASS_NAMES.index(network.tie))


def ties_as_data(scenario: Scenario) -> dict[str, Any] | None:
    """Return the same as plain data with the name of the file; None also where the file can no longer be read."""
    try:
        found = ties_read(scenario)
    except ScenarioError:
        return None
    path = tie_file_of(scenario)
    if found is None or path is None:
        return None
    return {"file": Path(path).name, **found._asdict()}
