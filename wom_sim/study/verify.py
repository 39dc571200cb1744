"""A replication package held against itself and against this installation: whole, the same model, the same runs."""

from __future__ import annotations

import hashlib
import json
import math
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from wom_sim import __version__
from wom_sim.results.archive import MOST_BYTES, PackError, read_archive
from wom_sim.results.folder import FolderError, ResultFolder
from wom_sim.results.provenance import change_since
from wom_sim.results.seal import seal_of
from wom_sim.results.version import version_of
from wom_sim.scenario import Scenario, ScenarioError, fingerprint, load_scenario, to_toml
from wom_sim.scenario.inputs import content_of, inputs_of, with_inputs
from wom_sim.scenario.uncertain import with_values
from wom_sim.simulation import Result, simulate
from wom_sim.study.loading import load_study
from wom_sim.study.worlds import luck_of
from wom_sim.study.worlds_drawn import keys_drawn
from wom_sim.words import Words

PACK, RESULT, LOCK = "pack.json", "result", "environment.txt"
FORMAT = 1
SAME_TO = 1e-9
"""Relative difference up to which a number counts as the same: another processor may round its last digits apart."""


class Checked(NamedTuple):
    """What was found: runs in the pack, those made again, and the largest relative difference (0: to the last bit)."""

    scenario: str
    runs: int
    again: list[str]
    apart: float
    sha256: str


class NotEqualError(FolderError):
    """Runs that were made again are not those of the pack; the message says which and how."""


Tell = Callable[[str], None]


def check_made_here(found: ResultFolder, scenario: Scenario) -> None:
    """Raise FolderError where this installation would not make the runs of a result again."""
    if found.run:
        change = change_since(found.run, scenario, found.path)
        if change is not None:
            raise FolderError(f"{found.path}: its runs cannot be made again here: {change.say(Words())}")
        return
    from wom_sim.results.version import model_version
    from wom_sim.study.folder import open_manifest

    manifest = open_manifest(found.path)
    try:
        model, counts = manifest.meta("model"), manifest.counts()
    finally:
        manifest.close()
    if model != model_version():
        raise FolderError(f"{found.path}: its runs are of another version of the model ({model})")
    if counts.pending:
        raise FolderError(f"{found.path}: {counts.pending:,} runs of the study are pending; run it to its end first")


def verify(
    path: Path,
    *,
    runs: int = 5,
    inputs: Path | None = None,
    most_bytes: int = MOST_BYTES,
    tell: Tell = lambda words: None,
) -> Checked:
    """Check a replication package, make a sample of its runs again, and compare every indicator.

    Parameters
    ----------
    path : path
        What ``wom-sim pack`` wrote.
    runs : int
        How many runs to make again, spread over the table; 0 checks the files alone.
    inputs : path, optional
        The folder of the files that the scenario reads, where they are not in the pack.
    most_bytes : int
        What it may take when unpacked.
    tell : callable
        Called with what is done.

    Raises
    ------
    PackError
        If it is no pack, damaged, changed since, or made with another version of the model or of a plug-in; or if a
        file that it needs is not there or is another one.
    NotEqualError
        If a run is not what the table says.
    """
    with tempfile.TemporaryDirectory(prefix="wom_sim-pack-") as place:
        folder = Path(place)
        about = _checked(path, folder, read_archive(path, folder, most_bytes))
        tell(f"all {len(about['sha256'])} files are as they were packed")
        again, apart = [], 0.0
        table = _table(path, folder, about)
        if runs:
            scenario = _scenario(path, folder, about, inputs)
            for name, result, row in _runs((path, folder), about, scenario, table.iloc[_sample(len(table), runs)]):
                apart = max(apart, _apart(path, name, result, row))
                again.append(name)
                tell(f"{name}: equal")
        return Checked(str(about["scenario"]), len(table), again, apart, _file_hash(path))


def _checked(path: Path, folder: Path, hashes: Mapping[str, str]) -> dict[str, Any]:
    """Return the index of a pack that was unpacked, once every file is what it lists and nothing else is there."""
    try:
        about = json.loads((folder / PACK).read_text(encoding="utf-8"))
        listed = {str(name): str(value) for name, value in about["sha256"].items()}
        said = {key: value for key, value in about.items() if key != "sealed"}
    except (OSError, ValueError, KeyError, AttributeError, TypeError, RecursionError):
        raise PackError(f"{path}: has no {PACK} that can be read; allowed: what wom-sim pack wrote") from None
    if about.get("format") != FORMAT:
        raise PackError(f"{path}: is a pack of format {str(about.get('format'))[:20]}, allowed: {FORMAT}")
    if about.get("sealed") != seal_of(said):
        raise PackError(f"{path}: {PACK} is not as it was written: damaged, or changed since")
    there = {name: value for name, value in hashes.items() if name != PACK}
    for name in sorted(set(listed) | set(there)):
        if name not in there:
            raise PackError(f"{path}: {name} is missing")
        if name not in listed:
            raise PackError(f"{path}: {name[:80]!r} is not on its list; allowed: what wom-sim pack wrote")
        if there[name] != listed[name]:
            raise PackError(f"{path}: {name} is not as it was packed: damaged, or changed since")
    if about.get("kind") not in _TABLES:
        raise PackError(f"{path}: holds {str(about.get('kind'))[:40]!r}, allowed: {', '.join(_TABLES)}")
    return dict(about)


_TABLES = {"comparison": "replications.parquet", "worlds": "replications.parquet", "study": "table.parquet"}
"""The table of runs of each kind of result that can be packed."""


def _table(path: Path, folder: Path, about: Mapping[str, Any]) -> pd.DataFrame:
    """Return the table of runs."""
    try:
        table = pd.read_parquet(folder / RESULT / _TABLES[about["kind"]])
    except (OSError, ValueError) as error:
        raise PackError(f"{path}: its table of runs cannot be read: {error}") from None
    needed = {"policy", "replication"} | ({"world"} if about["kind"] == "worlds" else set())
    if table.empty or not needed <= set(table.columns):
        raise PackError(f"{path}: its table has no runs")
    return table


def _worlds(path: Path, folder: Path) -> pd.DataFrame:
    """Return the numbers that were drawn for each world, by its number."""
    try:
        return pd.read_parquet(folder / RESULT / "worlds.parquet").set_index("world")
    except (OSError, ValueError, KeyError) as error:
        raise PackError(f"{path}: its table of worlds cannot be read: {error}") from None


def _sample(number: int, runs: int) -> list[int]:
    """Return so many rows, spread evenly over a table; all where there are not so many.

    >>> _sample(10, 3), _sample(2, 5)
    ([1, 5, 8], [0, 1])
    """
    wanted = min(number, runs)
    return [(2 * k + 1) * number // (2 * wanted) for k in range(wanted)]


def _scenario(path: Path, folder: Path, about: Mapping[str, Any], inputs: Path | None) -> Scenario:
    """Return the scenario of a pack with the files that it reads, which is then what the unpacked folder says too.

    Raises PackError where it would be another one here, or a file is not there or not the same.
    """
    file = folder / RESULT / "scenario.toml"
    try:
        scenario = load_scenario(file, files=False, resolved=True)
    except ScenarioError as error:
        raise PackError(f"{path}: its scenario cannot be read by this installation:\n{error}") from None
    places = {}
    for key, named in inputs_of(scenario).items():
        noted = about.get("inputs", {}).get(key, {})
        tried = [folder / "inputs" / str(noted.get("file", named.name)), named]
        tried = [Path(inputs) / named.name, *tried] if inputs is not None else tried
        there = next((place for place in tried if content_of(place) == noted.get("sha256")), None)
        if there is None or noted.get("sha256") is None:
            said = f"needs {named.name} ({key}), which is not in it, or is another file now"
            raise PackError(f"{path}: {said}; give its folder with --inputs")
        places[key] = there
    scenario = with_inputs(scenario, places)
    if fingerprint(scenario) != about.get("fingerprint"):
        raise PackError(f"{path}: its scenario is read as another one by this version of wom_sim")
    if version_of(scenario) != about.get("model"):
        raise PackError(_other_model(path, about, version_of(scenario)))
    if places:
        file.write_text(to_toml(scenario), encoding="utf-8")
    return scenario


def _other_model(path: Path, about: Mapping[str, Any], here: str) -> str:
    made = f"wom_sim {about.get('wom_sim')}, model {about.get('model')}"
    ours = f"wom_sim {__version__}, model {here}"
    return (
        f"{path}: was made with {made}; here is {ours}, which makes other runs (the model, a plug-in, numpy or numba "
        f"differs). Install what its {LOCK} lists, or give --runs 0 to check the files alone"
    )


def _runs(
    places: tuple[Path, Path], about: Mapping[str, Any], scenario: Scenario, rows: pd.DataFrame
) -> Iterator[tuple[str, Result, Mapping[str, Any]]]:
    """Yield each run of some rows once more: what it is called, its result and its row; ``places``: pack and folder."""
    path, folder = places
    study = load_study(folder / RESULT / "study.toml") if about["kind"] == "study" else None
    worlds = _worlds(path, folder) if about["kind"] == "worlds" else None
    for row in rows.to_dict(orient="records"):
        at, luck = scenario, int(row["replication"])
        name = f"{row['policy']}, replication {row['replication']}"
        if study is not None:
            at, name = study.at(int(row["point"])), f"point {row['point']}, {name}"
        elif worlds is not None:
            world = int(row["world"])
            at, luck = _at_world(path, scenario, worlds, world), luck_of(world, luck)
            name = f"world {world}, {name}"
        yield name, simulate(at, str(row["policy"]), replication=luck, events=False), row


def _at_world(path: Path, scenario: Scenario, worlds: pd.DataFrame, world: int) -> Scenario:
    """Return the scenario with the numbers that were drawn for a world."""
    drawn = keys_drawn(worlds)
    if world not in worlds.index:
        raise PackError(f"{path}: its table of worlds has no world {world}")
    try:
        return with_values(scenario, {key: float(worlds.loc[world, key]) for key in drawn})
    except (ScenarioError, TypeError, ValueError) as error:
        raise PackError(f"{path}: the numbers of world {world} do not fit its scenario: {error}") from None


def _apart(path: Path, name: str, result: Result, row: Mapping[str, Any]) -> float:
    """Return the largest relative difference of a run's indicators to its row. Raises NotEqualError where it counts."""
    most = 0.0
    for indicator, now in result.measured.items():
        if indicator not in row:
            continue
        was = math.nan if row[indicator] is None else float(row[indicator])
        if math.isnan(was) and math.isnan(now):
            continue
        gap = abs(now - was) / max(abs(now), abs(was)) if now != was else 0.0
        if not gap <= SAME_TO:
            raise NotEqualError(f"{path}: {name}: {indicator} is {was!r} in the pack, and {now!r} when run again")
        most = max(most, gap)
    return most


def _file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
