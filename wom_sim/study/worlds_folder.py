"""A folder of a run over worlds: what was drawn, what is done, and going on where it was left.

Each world is a file in ``parts/`` as soon as it is done. At the end they become ``replications.parquet``; then the
tables and, last, ``run.json``. Where the folder holds a complete result, a new run over worlds, or one to which worlds
are added, is made in a folder within, and takes the place of the former one when it is complete.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import pandas as pd

from wom_sim._files import write_text_atomically
from wom_sim.results.errors import DamagedError
from wom_sim.results.files import NEXT, RUN, beginning, put_in_place, settle
from wom_sim.results.folder import FolderError, claim, kind_of, read_json
from wom_sim.results.lock import Writing
from wom_sim.results.provenance import change_since, check_unchanged, noted_inputs, versions
from wom_sim.scenario import Scenario, fingerprint, load_scenario, to_toml
from wom_sim.study.store import write_parquet
from wom_sim.study.worlds import Design, design, drawn_and_held, extended
from wom_sim.study.worlds_drawn import keys_drawn

STARTED, WORLDS, RUNS, PARTS = "started.json", "worlds.parquet", "replications.parquet", "parts"
_NAMED = 3


@dataclass
class WorldsFolder:
    """A folder, the scenario and the design that it holds. Use as a context: nobody else writes into it meanwhile.

    ``path``: where the result will be; ``place``: where it is made, a folder within if a complete one is there.
    """

    path: Path
    scenario: Scenario
    design: Design
    lock: Writing
    place: Path

    def __enter__(self) -> WorldsFolder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the next writer in."""
        self.lock.release()

    @classmethod
    def new(cls, path: Path, scenario: Scenario, worlds: int) -> WorldsFolder:
        """Return a folder that is begun anew; a complete result in it stays until the new one is complete."""
        found = design(scenario, worlds)
        claim(path, "worlds", again=True)
        with _released_on_error(Writing(path)) as lock:
            shutil.rmtree(path / NEXT, ignore_errors=True)
            place = path / NEXT if (path / RUN).is_file() else path
            place.mkdir(exist_ok=True)
            (place / STARTED).unlink(missing_ok=True)
            (place / RUNS).unlink(missing_ok=True)
            shutil.rmtree(place / PARTS, ignore_errors=True)
            folder = cls(path, scenario, found, lock, place)
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
        settle(path)
        found = kind_of(path)
        there = found is not None and found.name == "worlds"
        if not there:
            raise FolderError(f"{path} holds no run over worlds; begin one with --worlds N")
        with _released_on_error(Writing(path)) as lock:
            place = path / NEXT if (path / NEXT / STARTED).is_file() else path
            return cls(path, scenario, _design_in(place, scenario), lock, place)

    def add(self, more: int) -> None:
        """Draw another block of worlds."""
        self.design = extended(self.design, self.scenario, more)
        self._aside()
        self._begin()

    def _aside(self) -> None:
        """Go on in a folder within, with the runs that are done, where a complete result is here."""
        if self.place == self.path and (self.path / RUN).is_file():
            if not (self.path / RUNS).is_file():
                raise DamagedError(f"{self.path / RUNS}: is no file, so the runs that are done cannot be read")
            self.place = self.path / NEXT
            shutil.rmtree(self.place, ignore_errors=True)
            self.place.mkdir()
            try:
                shutil.copyfile(self.path / RUNS, self.place / RUNS)
            except OSError:
                shutil.rmtree(self.place, ignore_errors=True)  # nothing was begun in it
                raise

    def _begin(self) -> None:
        """Note what is begun; ``started.json`` comes last, and says that the folder can be gone on with."""
        started = {
            "kind": "worlds", "fingerprint": fingerprint(self.scenario), "inputs": noted_inputs(self.scenario),
            **versions(self.scenario),
        }  # fmt: skip
        with beginning(self.place, ["scenario.toml", WORLDS]):
            write_text_atomically(self.place / "scenario.toml", to_toml(self.scenario))
            write_parquet(self.place / WORLDS, self.design.worlds)
            write_text_atomically(self.place / STARTED, json.dumps(started, indent=2) + "\n")

    def keep(self, world: int, runs: pd.DataFrame) -> None:
        """Write the runs of one world."""
        (self.place / PARTS).mkdir(exist_ok=True)
        write_parquet(self.place / PARTS / f"world_{world:06d}.parquet", runs)

    def missing(self) -> list[int]:
        """Return the worlds that are not done."""
        done = self._done()
        return [int(world) for world in self.design.worlds["world"] if world not in done]

    def _done(self) -> set[int]:
        done = {int(part.stem.removeprefix("world_")) for part in (self.place / PARTS).glob("world_*.parquet")}
        if (self.place / RUNS).is_file():
            done |= set(pd.read_parquet(self.place / RUNS, columns=["world"])["world"].unique().tolist())
        return done

    def runs(self) -> pd.DataFrame:
        """Return all runs that are done, in the order of worlds, replications and policies."""
        kept = [pd.read_parquet(self.place / RUNS)] if (self.place / RUNS).is_file() else []
        kept += [pd.read_parquet(part) for part in sorted((self.place / PARTS).glob("world_*.parquet"))]
        table = pd.concat(kept, ignore_index=True)
        return table.sort_values("world", kind="stable", ignore_index=True)

    def gather(self) -> pd.DataFrame:
        """Make one table of all runs, write it, and remove the parts."""
        if self.place == self.path and (self.path / RUN).is_file():  # all is done, and is judged anew
            self._aside()
            self._begin()
        table = self.runs().drop_duplicates(["world", "replication", "policy"], ignore_index=True)
        write_parquet(self.place / RUNS, table)
        shutil.rmtree(self.place / PARTS, ignore_errors=True)
        return table

    def finish(self, manifest: dict[str, Any], files: list[str]) -> None:
        """Write ``run.json``: its presence says that all is there."""
        written = {"kind": "worlds", **manifest, "files": sorted(["scenario.toml", STARTED, WORLDS, RUNS, *files])}
        put_in_place(self.path, self.place, written)


@contextmanager
def _released_on_error(lock: Writing) -> Iterator[Writing]:
    """Hold a lock on, unless what is done first goes wrong."""
    try:
        yield lock
    except BaseException:
        lock.release()
        raise


def _design_in(place: Path, scenario: Scenario) -> Design:
    """Return the design of a run over worlds that was begun. Raises FolderError if it is not the same run now."""
    if not (place / STARTED).is_file() or not (place / WORLDS).is_file():
        raise FolderError(f"{place} holds no run over worlds; begin one with --worlds N")
    started = read_json(place / STARTED)
    change = change_since(started, scenario, place)
    if change is not None and change.why == "scenario":
        was = load_scenario(place / "scenario.toml", files=False, resolved=True)
        raise FolderError(
            f"{place} holds a run of another scenario ({was.name!r}, {was.run.replications} replications, seed "
            f"{was.run.seed}), or of the same one with other values: {place / 'scenario.toml'}"
        )
    check_unchanged(started, scenario, place)
    drawn, held = drawn_and_held(scenario)
    worlds = pd.read_parquet(place / WORLDS)
    now, then = {d.key for d in drawn}, set(keys_drawn(worlds))
    if now != then:
        changed = ", ".join(sorted(now ^ then)[:_NAMED])
        raise FolderError(
            f"{place / WORLDS} does not fit the scenario: it draws other numbers ({changed}), as where another file "
            f"states them; begin anew with --overwrite"
        )
    return Design(drawn, held, worlds)
