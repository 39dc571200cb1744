"""What identifies a run, and which runs can share people and ties."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from wom_sim import plugins
from wom_sim.results.version import model_version, plugin_version, plugins_of, uses_of
from wom_sim.scenario.inputs import content_of, without_known_ties
from wom_sim.scenario.models import Scenario
from wom_sim.scenario.sections.policies import Policy
from wom_sim.scenario.uncertain import ACCOUNT
from wom_sim.simulation import luck_seed, world_seed
from wom_sim.study.loading import Study

KEY_BYTES = 16
_NO_MATTER = {"name", "question", "story", "sources", "policies", "worlds", "verdict", "plugins"}
"""What a scenario says that changes no run of one policy."""


class Planned(NamedTuple):
    """A row of the table to be: where it stands, what identifies its run, and on which people and ties it is."""

    point: int
    policy: int
    replication: int
    key: bytes
    world: bytes


def planned(study: Study) -> Iterator[Planned]:
    """Yield every row of a study's table, in the order of the table: point, policy, replication.

    Rows whose scenario, policy and luck are the same have the same key: they are one run.
    """
    for point in range(len(study.points)):
        yield from _of_point(study, point, range(study.said.replications))


def planned_at(study: Study, point: int, policy: str, replication: int) -> Planned:
    """Return one row of a study's table."""
    wanted = study.policies.index(policy)
    rows = _of_point(study, point, range(replication, replication + 1))
    return next(row for row in rows if row.policy == wanted)


def _of_point(study: Study, point: int, replications: range) -> Iterator[Planned]:
    scenario = study.at(point)
    data = scenario.model_dump(mode="json")
    said = {name: value for name, value in data.items() if name not in _NO_MATTER}
    if plugged := scenario.plugins.of_runs():
        said["plugins"] = [plugged, plugins_of(scenario)]
    run = {"days": scenario.run.days, "represents": scenario.run.represents}
    shared = _digest(said | {"network": _network_of(data), "population": _population_of(data), "run": run})
    worlds = [world_key(scenario, data, r) for r in (range(1) if scenario.run.same_world else replications)]
    for number, policy in enumerate(study.policies_at(scenario)):
        head = _digest([shared, _policy_of(policy), model_version()])
        for n, r in enumerate(replications):
            world = worlds[0] if scenario.run.same_world else worlds[n]
            yield Planned(point, number, r, _key(head, scenario, r), world)


def _policy_of(policy: Policy) -> list[Any]:
    return [policy.model_dump(mode="json"), [plugin_version(use) for use in uses_of(policy)]]


def _key(head: str, scenario: Scenario, replication: int) -> bytes:
    seeds = f"{replication} {world_seed(scenario, replication)} {luck_seed(scenario, replication)}"
    return hashlib.sha256(f"{head} {seeds}".encode()).digest()[:KEY_BYTES]


def world_key(scenario: Scenario, data: dict[str, Any], replication: int) -> bytes:
    """Return what identifies people and ties; ``data`` is the scenario as plain data."""
    population = data["population"]
    segments = [{k: v for k, v in each.items() if k not in ACCOUNT} for each in population["segments"]]
    seed = world_seed(scenario, replication)
    of_people = _population_of(data) | {"segments": segments}
    said = [of_people, scenario.run.represents, _network_of(data), seed]
    if plugged := scenario.plugins.of_people():
        made = ((plugins.POPULATION, scenario.plugins.population), (plugins.NETWORK, scenario.plugins.network))
        said += [plugged, [plugin_version(name, kind) for kind, name in made if name is not None]]
    return bytes.fromhex(_digest(said))[:KEY_BYTES]


def _network_of(data: dict[str, Any]) -> dict[str, Any]:
    """Return what a scenario says of ties; of a graph file, its content."""
    network = without_known_ties(data["network"])
    return network | {"path": _content_at(network["path"])} if "path" in network else network


def _population_of(data: dict[str, Any]) -> dict[str, Any]:
    """Return what a scenario says of people; of a customer table, its content."""
    population: dict[str, Any] = data["population"]
    return population if population["file"] is None else population | {"file": _content_at(population["file"])}


def _content_at(name: str) -> str | None:
    path = Path(name)
    stamp = path.stat()
    return _content(path, stamp.st_mtime_ns, stamp.st_size)


@lru_cache(maxsize=64)
def _content(path: Path, changed: int, size: int) -> str | None:
    return content_of(path)


def _digest(data: Any) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
