"""More replications for a result that is there: only the new ones are run, and the tables are written anew.

A replication is keyed by its number, so those added are the ones that a longer comparison would have had. The new
files are written into a folder beside the old ones, and take their place when all are complete. If that is cut
short, the next call finishes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from wom_sim.outcomes.receipts import stacked
from wom_sim.results.files import RUN, Stage
from wom_sim.results.folder import FolderError, opened
from wom_sim.results.provenance import check_unchanged
from wom_sim.scenario import Scenario
from wom_sim.study.compare import Comparison, Progress, Start, compare, departures_of
from wom_sim.study.cost import plan
from wom_sim.study.store import manifest, read_arrays, write_tables

_EVENTS = "events.parquet"
_RENEWED = {
    "scenario.toml", "summary.csv", "differences.csv", "departures.csv", "paired.csv", "risk.csv", "ledger.csv",
    "months.csv", "base.csv", "attribution.csv", "origins.parquet", "replications.parquet", "daily.parquet", "runs.npz",
    _EVENTS, RUN,
}  # fmt: skip
"""Files that follow from what is kept of each run, so that they can be written anew; charts as well."""
_KNOWN = {"scenario", "plan", "replications", "daily", "departures", "seconds", "origins", "base"}
_BY_MONTH = {"ledgers": 0, "receipts": 1}
"""What is kept of each run by month, and how many of the last entries are no month."""
_SILENT: Progress = lambda done, total, words: None  # noqa: E731
Pictures = Callable[[Comparison, Path], list[str]]


@dataclass(frozen=True)
class Earlier:
    """A complete result: its folder, the scenario as it was resolved, and its ``run.json``."""

    folder: Path
    scenario: Scenario
    manifest: dict[str, Any]

    @property
    def replications(self) -> int:
        """Return how many replications it has."""
        return self.scenario.run.replications

    def longer(self, more: int) -> Scenario:
        """Return its scenario with ``more`` replications."""
        return with_replications(self.scenario, self.replications + more)


def with_replications(scenario: Scenario, number: int) -> Scenario:
    """Return a scenario with another number of replications."""
    data = scenario.run.model_dump() | {"replications": number}
    return scenario.model_copy(update={"run": type(scenario.run).model_validate(data)})


def earlier(folder: Path) -> Earlier:
    """Return the complete result in ``folder``; one whose renewal was cut short is finished first.

    Raises
    ------
    FolderError
        If there is none, it was made by another version of the model, or a file that it was made with has changed.
    """
    found = opened(folder, ("comparison",))
    if "files" not in found.run or not found.has("replications.parquet"):
        raise FolderError(f"{folder} holds no result of compare to which replications can be added")
    scenario = found.scenario
    check_unchanged(found.run, scenario, folder)
    return Earlier(folder, scenario, dict(found.run))


def differing_keys(one: Scenario, other: Scenario) -> list[str]:
    """Return the keys in which two scenarios differ; who stated a number is no difference between them."""
    return list(differing(one, other))


def differing(one: Scenario, other: Scenario) -> dict[str, tuple[Any, Any]]:
    """Return the keys in which two scenarios differ, each with the value in both; None where one has no such key."""

    def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
        if isinstance(value, dict):
            for key, inner in value.items():
                yield from leaves(inner, f"{path}.{key}" if path else key)
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            yield path, len(value)
            for number, inner in enumerate(value):
                yield from leaves(inner, f"{path}[{number}]")
        else:
            yield path, value

    first, second = (dict(leaves(scenario.model_dump(mode="json"))) for scenario in (one, other))
    keys = list(dict.fromkeys((*first, *second)))
    keys = [key for key in keys if key != "worlds.known"]
    changed = [key for key in keys if key not in first or key not in second or first[key] != second[key]]
    return {key: (first.get(key), second.get(key)) for key in changed}


def add_replications(
    before: Earlier, more: int, pictures: Pictures, *, workers: int | None = None, progress: Progress = _SILENT
) -> tuple[Comparison, list[str]]:
    """Run ``more`` replications of an earlier result, and write its tables and charts anew over all of them.

    What is written is what one longer comparison would have written, but for times, command and the
    list ``added`` in ``run.json``. Until all is computed and written beside, the result stays as it was.

    Raises
    ------
    ValueError
        If what was kept of the earlier runs does not suffice, or memory does not.
    """
    longer, folder = before.longer(more), before.folder
    _check_files(before, longer.run.replications)
    logged = _EVENTS in before.manifest["files"]
    start = Start(before.replications, folder / _EVENTS if logged else None)
    engine = before.manifest["engine"]
    traced = "origins.parquet" in before.manifest["files"]
    with Stage(folder) as stage:
        events = stage.place / _EVENTS if logged else None
        new = compare(
            longer, engine=engine, workers=workers, progress=progress, events=events, attribution=traced, start=start
        )
        whole = added_to(before, new)
        files = write_tables(whole, stage.place) + pictures(whole, stage.place / "charts")
        files += [_EVENTS] if logged else []
        added = [*before.manifest.get("added", []), {"from": before.replications, "replications": more}]
        stage.finish(manifest(whole, files) | {"added": added})
    return whole, [*files, RUN]


def _check_files(before: Earlier, replications: int) -> None:
    """Raise ValueError if the result holds a table for which what is kept of each run does not suffice."""
    files = before.manifest["files"]
    fixed = [name for name in files if name not in _RENEWED and not name.startswith("charts/")]
    if fixed:
        raise ValueError(
            f"{before.folder} holds {', '.join(fixed)}, to which nothing can be added; compare anew with "
            f"--replications {replications}"
        )


def _one_behind_the_other(name: str, before: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Return an array of old and new runs; those of money may have different numbers of months."""
    if name in _BY_MONTH:
        return stacked([*before, *new], later=_BY_MONTH[name])
    return np.concatenate([before, new])


def added_to(before: Earlier, new: Comparison) -> Comparison:
    """Return the comparison over the runs of an earlier result and those that it lacked; nothing is written.

    Raises
    ------
    ValueError
        If what was kept of the earlier runs does not suffice.
    """
    arrays = _arrays(new)
    kept = read_arrays(before.folder)
    for name, by_policy in arrays.items():
        if set(kept.get(name, {})) != set(by_policy):
            raise ValueError(f"{before.folder}: {name} of the earlier runs was not kept, so nothing can be added to it")
    tables = {name: pd.read_parquet(before.folder / f"{name}.parquet") for name in _tables(new)}
    return _whole(kept, tables, before.manifest["seconds"], new)


def together(first: Comparison, more: Comparison) -> Comparison:
    """Return two comparisons as one: ``more`` holds the replications of its scenario that ``first`` lacks."""
    return _whole(_arrays(first), {name: getattr(first, name) for name in _tables(more)}, first.seconds, more)


def _arrays(comparison: Comparison) -> dict[str, dict[str, np.ndarray]]:
    """Return what a comparison keeps of each run as arrays, by field and policy."""
    held = {f.name: getattr(comparison, f.name) for f in fields(comparison) if f.name not in _KNOWN}
    return {name: by_policy for name, by_policy in held.items() if isinstance(by_policy, dict)}


def _tables(comparison: Comparison) -> list[str]:
    """Return the names of the tables that have rows of their own for each run."""
    return ["replications", "daily", *(["origins"] if comparison.origins is not None else [])]


def _whole(
    kept: dict[str, dict[str, np.ndarray]], tables: dict[str, pd.DataFrame], seconds: dict[str, float], new: Comparison
) -> Comparison:
    """Return a comparison with what was kept of earlier replications put before its own."""
    whole: dict[str, Any] = {
        name: {p: _one_behind_the_other(name, kept[name][p], a) for p, a in held.items()}
        for name, held in _arrays(new).items()
    }
    rows: dict[str, Any] = {
        name: pd.concat([table, getattr(new, name)], ignore_index=True) for name, table in tables.items()
    }
    return replace(
        new,
        plan=plan(new.scenario, new.plan.engine, new.plan.workers),
        departures=departures_of(whole["tallies"]),
        seconds={name: value + seconds.get(name, 0.0) for name, value in new.seconds.items()},
        **rows,
        **whole,
    )
