"""A small comparison on disk, with its events, made once."""

from __future__ import annotations

import pytest

from wom_sim import compare, load_scenario
from wom_sim.study.store import write_manifest, write_tables


@pytest.fixture(scope="session")
def small_results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("results") / "small"
    sets = [
        "population.customers=4000",
        "population.prospects=400",
        "choose.limit=12",
        "run.days=120",
        "run.replications=4",
    ]
    scenario = load_scenario("scenarios/first_look.toml", sets)
    folder.mkdir()
    found = compare(scenario, workers=1, events=folder / "events.parquet")
    write_manifest(found, folder, write_tables(found, folder))
    return folder
