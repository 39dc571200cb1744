"""A study whose runs need no simulation: each run's result follows from its key, so what is stored can be checked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from wom_sim.outcomes.indicators import INDICATORS
from wom_sim.study.folder import Store
from wom_sim.study.loading import Study, load_study
from wom_sim.study.manifest_queries import Due, Outcome

SCENARIO = """
name = "Invented"
[population]
customers = 100
[[policies]]
name = "letter"
use = "bulk_letter"
[[policies]]
name = "exit"
use = "paid_exit"
"""
STUDY = """
name = "invented"
scenario = "scenario.toml"
seed = 5
replications = {replications}
[[factors]]
key = "choose.limit"
values = {limits}
[[factors]]
key = "policies.exit.payment"
values = [10.0, 20.0]
"""


def write_study(folder: Path, replications: int = 2, limits: tuple[int, ...] = (1, 2)) -> Study:
    """Write the files of the study into a folder and load it. A run of "letter" serves two points."""
    folder.mkdir(exist_ok=True)
    (folder / "scenario.toml").write_text(SCENARIO)
    (folder / "study.toml").write_text(STUDY.format(replications=replications, limits=list(limits)))
    return load_study(folder / "study.toml")


def extended(study: Study, replications: int) -> Study:
    """Return the study with so many replications."""
    return replace(study, said=study.said.model_copy(update={"replications": replications}))


def value_of(key: bytes) -> np.ndarray:
    """Return the result of a run."""
    return np.random.default_rng(int.from_bytes(key[:8], "big")).random(len(INDICATORS))


def due(store: Store) -> list[Due]:
    """Return every run that is to be done."""
    found: list[Due] = []
    world = -1
    while (following := store.manifest.next_world(world)) is not None:
        world = following[0]
        found += list(store.manifest.due(world))
    return found


def do(store: Store, runs: list[Due], failing: bool = False) -> None:
    """Do runs, without acknowledging them."""
    for run in runs:
        store.add(Outcome(run.number, 0.01, "here", "ValueError: no" if failing else None), run.key, value_of(run.key))


def expected_table(store: Store) -> pd.DataFrame:
    """Return what the table must hold of the runs that are done, from their keys alone."""
    rows = store.manifest._db.execute(
        "SELECT plan.point, plan.policy, plan.replication, runs.key FROM plan JOIN runs USING (number) "
        "WHERE state = 'done' ORDER BY 1, 2, 3"
    ).fetchall()
    names = [indicator.name for indicator in INDICATORS]
    values = np.array([value_of(bytes(row[3])) for row in rows]).reshape(-1, len(names))
    table = pd.DataFrame(values, columns=names)
    table.insert(0, "point", [row[0] for row in rows])
    table.insert(1, "policy", [("letter", "exit")[row[1]] for row in rows])
    table.insert(2, "replication", [row[2] for row in rows])
    return table
