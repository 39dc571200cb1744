"""What the file of ties of a scenario holds, or what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from wom_sim.scenario.errors import Fault, ScenarioError
from wom_sim.scenario.models import GraphFile, Scenario

if TYPE_CHECKING:
    from wom_sim.networks.graph_file import TiesRead


def ties_read(scenario: Scenario) -> TiesRead | None:
    """Return what was read of a scenario's file of ties; None where its ties come from elsewhere.

    Raises
    ------
    ScenarioError
        If the file cannot be used: with file, line, and what is allowed.
    """
    network, population = scenario.network, scenario.population
    if not isinstance(network, GraphFile):
        return None
    from wom_sim.networks.graph_file import TieFileError, read
    from wom_sim.world.network import CLASS_NAMES

    try:
        people = population.customers + population.prospects
        return read(network.path, people, CLASS_NAMES.index(network.tie))[1]
    except TieFileError as error:
        raise ScenarioError([Fault(str(error.file), error.line, message=error.words)]) from None


def people_of_ties(scenario: Scenario) -> list[str] | None:
    """Return the ids of a file of ties by the person that each became; empty where they are persons already.

    None where the ties come from no file. Raises ScenarioError as ``ties_read`` does.
    """
    network, population = scenario.network, scenario.population
    if ties_read(scenario) is None or not isinstance(network, GraphFile):
        return None
    from wom_sim.networks.graph_file import people_of
    from wom_sim.world.network import CLASS_NAMES

    return people_of(network.path, population.customers + population.prospects, CLASS_NAMES.index(network.tie))


def ties_as_data(scenario: Scenario) -> dict[str, Any] | None:
    """Return the same as plain data with the name of the file; None also where the file can no longer be read."""
    try:
        found = ties_read(scenario)
    except ScenarioError:
        return None
    if found is None or not isinstance(scenario.network, GraphFile):
        return None
    return {"file": Path(scenario.network.path).name, **found._asdict()}
