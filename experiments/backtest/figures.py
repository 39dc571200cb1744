"""Figures of a case, kept between runs, so that one case can be run anew and the page written from all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
from cases import Case
from measures import Numbers

HERE = Path(__file__).parent
FIGURES = HERE / "figures.json"


class Figures(NamedTuple):
    """What a case gave: for each trial and fact a number a run, and under which circumstances."""

    customers: int
    prospects: int
    replications: int
    seconds: float
    values: list[list[Numbers]]


def fits(case: Case, figures: Figures) -> bool:
    """Whether figures answer the case's facts, one set each."""
    return [len(trial) for trial in figures.values] == [len(trial.facts) for trial in case.trials]


def read(path: Path = FIGURES) -> dict[str, Figures]:
    """Return the kept figures by file name of the case; none if there is no file. A missing day is null."""
    if not path.exists():
        return {}
    kept = json.loads(path.read_text(encoding="utf-8"))
    found = {}
    for name, entry in kept.items():
        values = [[np.array(fact, dtype=float) for fact in trial] for trial in entry.pop("values")]
        found[name] = Figures(**entry, values=values)
    return found


def write(figures: dict[str, Figures], path: Path = FIGURES) -> None:
    """Keep the figures, in the order of the case names, as text that can be read in a review."""
    plain = {name: entry._asdict() | {"values": _lists(entry.values)} for name, entry in sorted(figures.items())}
    path.write_text(json.dumps(plain, indent=1) + "\n", encoding="utf-8")


def _lists(values: list[list[Numbers]]) -> list[list[list[float | None]]]:
    return [[[None if np.isnan(x) else round(float(x), 6) for x in fact] for fact in trial] for trial in values]
