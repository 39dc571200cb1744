"""A folder of a run over worlds: what was drawn, what is done, and going on where it was left.

Each world is a file in ``parts/`` as soon as it is done. At the end they become ``replications.parquet``; then the
tables and, last, ``run.json``.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from wom_sim._files import write_text_atomically
from wom_sim.results.files import RUN, forget_shown, remove_result
from wom_sim.results.folder import FolderError, claim, kind_of, read_json
from wom_sim.results.provenance import change_since, check_unchanged, noted_inputs, versions
from wom_sim.scenario import Scenario, fingerprint, load_scenario, to_toml
from wom_sim.study.store import write_parquet
from wom_sim.study.worlds import Design, design, drawn_and_held, extended, keys_drawn

STARTED, WORLDS, RUNS, PARTS = "started.json", "worlds.parquet", "replications.parquet", "parts"
_NAMED = 3


@dataclass
class WorldsFolder:
    """A folder, the scenario and the design that it holds."""

    path: Path
    scenario: Scenario
    design: Design

    @classmethod
    def new(cls, path: Path, scenario: Scenario, worlds: int) -> WorldsFolder:
        """Return a folder that is begun anew; the result of another run over worlds in it is removed first."""
        found = design(scenario, worlds)
        claim(path, "worlds", again=True)
        remove_result(path)
        (path / RUNS).unlink(missing_ok=True)
        shutil.rmtree(path / PARTS, ignore_errors=True)
        folder = cls(path, scenario, found)
        write_text_atomically(path / "scenario.toml", to_toml(scenario))
        folder._begin()
        return folder

    @classmethod
    def opened(cls, path: Path, scenario: Scenario) -> WorldsFolder:
        """Return a folder that was begun before, of the same scenario and the same version of the model.

        Raises
        ------
        FolderError
            If it holds no run over worlds, or one of another scenario, seed, number of replications or model.
        """
        found = kind_of(path)
        if found is None or found.name != "worlds" or not (path / STARTED).is_file() or not (path / WORLDS).is_file():
            raise FolderError(f"{path} holds no run over worlds; begin one with --worlds N")
        started = read_json(path / STARTED)
        change = change_since(started, scenario, path)
        if change is not None and change.why == "scenario":
            was = load_scenario(path / "scenario.toml", files=False, resolved=True)
            raise FolderError(
                f"{path} holds a run of another scenario ({was.name!r}, {was.run.replications} replications, seed "
                f"{was.run.seed}), or of the same one with other values: {path / 'scenario.toml'}"
            )
        check_unchanged(started, scenario, path)
        drawn, held = drawn_and_held(scenario)
        worlds = pd.read_parquet(path / WORLDS)
        now, then = {d.key for d in drawn}, set(keys_drawn(worlds))
        if now != then:
            changed = ", ".join(sorted(now ^ then)[:_NAMED])
            raise FolderError(
                f"{path / WORLDS} does not fit the scenario: it draws other numbers ({changed}), as where another file "
                f"states them; begin anew with --overwrite"
            )
        return cls(path, scenario, Design(drawn, held, worlds))

    def add(self, more: int) -> None:
        """Draw another block of worlds."""
        self.design = extended(self.design, self.scenario, more)
        self._begin()

    def _begin(self) -> None:
        (self.path / RUN).unlink(missing_ok=True)
        forget_shown(self.path)
        write_parquet(self.path / WORLDS, self.design.worlds)
        started = {
            "kind": "worlds", "fingerprint": fingerprint(self.scenario), "inputs": noted_inputs(self.scenario),
            **versions(self.scenario),
        }  # fmt: skip
        write_text_atomically(self.path / STARTED, json.dumps(started, indent=2) + "\n")

    def keep(self, world: int, runs: pd.DataFrame) -> None:
        """Write the runs of one world."""
        (self.path / PARTS).mkdir(exist_ok=True)
        write_parquet(self.path / PARTS / f"world_{world:06d}.parquet", runs)

    def missing(self) -> list[int]:
        """Return the worlds that are not done."""
        done = self._done()
        return [int(world) for world in self.design.worlds["world"] if world not in done]

    def _done(self) -> set[int]:
        done = {int(part.stem.removeprefix("world_")) for part in (self.path / PARTS).glob("world_*.parquet")}
        if (self.path / RUNS).is_file():
            done |= set(pd.read_parquet(self.path / RUNS, columns=["world"])["world"].unique().tolist())
        return done

    def runs(self) -> pd.DataFrame:
        """Return all runs that are done, in the order of worlds, replications and policies."""
        kept = [pd.read_parquet(self.path / RUNS)] if (self.path / RUNS).is_file() else []
        kept += [pd.read_parquet(part) for part in sorted((self.path / PARTS).glob("world_*.parquet"))]
        table = pd.concat(kept, ignore_index=True)
        return table.sort_values("world", kind="stable", ignore_index=True)

    def gather(self) -> pd.DataFrame:
        """Make one table of all runs, write it, and remove the parts."""
        table = self.runs().drop_duplicates(["world", "replication", "policy"], ignore_index=True)
        write_parquet(self.path / RUNS, table)
        shutil.rmtree(self.path / PARTS, ignore_errors=True)
        return table

    def finish(self, manifest: dict[str, Any], files: list[str]) -> None:
        """Write ``run.json``: its presence says that all is there."""
        written = {"kind": "worlds", **manifest, "files": sorted(["scenario.toml", STARTED, WORLDS, RUNS, *files])}
        write_text_atomically(self.path / RUN, json.dumps(written, indent=2) + "\n")
