"""A scenario as text: TOML that loads to an equal scenario, and a fingerprint of what it says."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import tomli_w

from wom_sim.scenario.inputs import content_of, inputs_of, without_known_ties
from wom_sim.scenario.models import Scenario
from wom_sim.scenario.overrides import path_of
from wom_sim.scenario.posterior_of_cases import DRAWS, POSTERIOR
from wom_sim.scenario.sections.verdict import Verdict
from wom_sim.scenario.tree import grow


def to_toml(scenario: Scenario) -> str:
    """Return the scenario as TOML with every key written out, defaults too; keys without value are left out.

    A distribution stands where its number would. ``load_scenario`` of the text gives an equal scenario.
    """
    data = scenario.model_dump(mode="json", exclude_none=True)
    if not data["texts"]:
        del data["texts"]
    _put_distributions(data)
    for table in (data, *data["policies"]):
        ids_alone(table)
    # Line ends of TOML's multi-line text are not safe from change; a text with \r is written in one line.
    return tomli_w.dumps(data, multiline_strings="\\r" not in json.dumps(data))


def ids_alone(table: dict[str, Any]) -> None:
    """Reduce a choice by ``ids`` to them and ``observed_months``: no other key may stand beside ids."""
    choose = table.get("choose") or {}
    if choose.get("ids") is not None:
        table["choose"] = {name: choose[name] for name in ("ids", "observed_months") if name in choose}


def _put_distributions(data: dict[str, Any]) -> None:
    """Put the distributions where their numbers stand."""
    tree = grow({key: value for key, value in data.items() if key != "uncertain"}, "")
    for item in data.pop("uncertain"):
        path = path_of(tree, item["key"])
        assert path is not None, item["key"]
        place: Any = data
        for part in path[:-1]:
            place = place[part]
        place[path[-1]] = item["distribution"]


def fingerprint(scenario: Scenario) -> str:
    """Return 16 hex digits of the SHA-256 of all that the scenario says; the order of keys does not matter.

    Of a graph file or a customer table its content counts, not where it lies; if it cannot be read, its path does.
    """
    data = scenario.model_dump(mode="json")
    del data["texts"]  # in which languages a scenario is told changes nothing of what is
    del data["worlds"]["known"]  # who says a number does not change what comes of it
    if not data["worlds"]["doubt"]:
        del data["worlds"]["doubt"]
    if data["worlds"]["posterior"] is None:
        del data["worlds"]["posterior"]
    if data["worlds"]["draw_from"] == POSTERIOR:
        data["worlds"]["draw_from"] = content_of(DRAWS)
    else:
        del data["worlds"]["draw_from"]
    data["seen"] = [_asked(each) for each in data["seen"]]
    nothing = {"uncertain": [], "seen": [], "worlds": {"fixed": []}, "verdict": Verdict().model_dump()}
    for table, default in nothing.items():
        if data[table] == default:  # a scenario of plain numbers has the fingerprint that it always had
            del data[table]
    rate = data.pop("exchange")["per_dollar"]
    if rate not in (None, 1.0):  # where a rate is from, and what it converted, the amounts show themselves
        data["exchange"] = rate
    if data["run"]["represents"] == 1:  # nor does one where a person is a person
        del data["run"]["represents"]
    _leave_out_tables(data)
    del data["plugins"]
    if plugged := scenario.plugins.of_runs():
        data["plugins"] = plugged
    data["network"] = without_known_ties(data["network"])
    for key, path in inputs_of(scenario).items():
        table, _, name = key.partition(".")
        data[table][name] = content_of(path) or data[table][name]
    return hashlib.sha256(json.dumps(data, sort_keys=True, separators=(",", ":")).encode()).hexdigest()[:16]


def _asked(seen: dict[str, Any]) -> dict[str, Any]:
    """Return what is asked of a run: the number that was seen and its error change nothing that is simulated."""
    return {name: value for name, value in seen.items() if name not in ("value", "error")}


def _leave_out_tables(data: dict[str, Any]) -> None:
    """Remove what speaks of a customer table where there is none: such a scenario keeps its fingerprint."""
    if data["population"]["file"] is None:
        del data["population"]["file"], data["population"]["fit"]
    steps = [data, *data["policies"], *(policy["then"] for policy in data["policies"] if policy["then"])]
    for step in steps:
        if step["choose"] and step["choose"]["where"] is None:
            del step["choose"]["where"]
