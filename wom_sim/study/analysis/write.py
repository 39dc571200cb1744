"""The analysis of a study's folder: every table that applies, as CSV and Parquet, and why the others do not."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from wom_sim import __version__
from wom_sim._files import write_text_atomically
from wom_sim.study.analysis.boxes import boxes
from wom_sim.study.analysis.effects import effects, levels
from wom_sim.study.analysis.luck import luck
from wom_sim.study.analysis.maps import response_map, zero_line
from wom_sim.study.analysis.morris import morris
from wom_sim.study.analysis.points import points
from wom_sim.study.analysis.prcc import prcc
from wom_sim.study.analysis.sobol import sobol
from wom_sim.study.analysis.study import KEEP, NotApplicableError, Study, read
from wom_sim.study.store import write_parquet

FOLDER = "analysis"
INDEX = "analysis.json"
"""What was made and what was left out; written last, so its presence says that the analysis is complete."""


class Analysis(NamedTuple):
    """An analysis: the name of its files, how it is made, what it shows."""

    name: str
    make: Callable[[Study], pd.DataFrame]
    shows: str


ANALYSES = (
    Analysis("points", points, "every output at every point, with paired differences"),
    Analysis("levels", levels, "response curves: the output at each level of each factor"),
    Analysis("effects", effects, "tornado: how far each factor swings each output"),
    Analysis("luck", luck, "how much of what varies is luck"),
    Analysis("sobol", sobol, "shares of variance, first and total order"),
    Analysis("morris", morris, "elementary effects: mu* and sigma"),
    Analysis("prcc", prcc, "partial rank correlations"),
    Analysis("boxes", boxes, "in which worlds a policy does worst"),
    Analysis("map", response_map, "response maps over two factors"),
    Analysis("zero", zero_line, "where a map crosses zero"),
)

Progress = Callable[[str], None]


def analyse(folder: str | Path, reference: str = KEEP, tell: Progress = lambda words: None) -> list[Path]:
    """Write every table that applies into ``folder/analysis`` and return the files written.

    ``analysis.json`` says what each file shows, and why what is not there was left out. The same study gives the
    same bytes.

    Parameters
    ----------
    folder
        Of a study that has run: study.toml, design.csv, table.parquet.
    reference
        The policy to which all values are relative.
    tell
        Called with a few words when an analysis begins.

    Raises
    ------
    StudyError
        If the folder does not hold such a study.
    """
    study = read(folder, reference)
    place = Path(folder) / FOLDER
    place.mkdir(exist_ok=True)
    (place / INDEX).unlink(missing_ok=True)
    made: dict[str, str] = {}
    left_out: dict[str, str] = {}
    written: list[Path] = []
    for analysis in ANALYSES:
        tell(analysis.shows)
        paths = [place / f"{analysis.name}.{ending}" for ending in ("csv", "parquet")]
        try:
            table = analysis.make(study)
        except NotApplicableError as reason:
            left_out[analysis.name] = str(reason)
            for path in paths:
                path.unlink(missing_ok=True)
            continue
        write_text_atomically(paths[0], table.to_csv(index=False, lineterminator="\n"))
        write_parquet(paths[1], _plain(table))
        made[analysis.name] = analysis.shows
        written += paths
    write_text_atomically(place / INDEX, json.dumps(_index(study, made, left_out), indent=2) + "\n")
    return [*written, place / INDEX]


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose columns hold one type each, as Parquet needs: numbers and words together become words."""
    mixed = [name for name in table if table[name].dtype == object and len(set(table[name].map(type))) > 1]
    return table.assign(**{name: table[name].map(str) for name in mixed})


def _index(study: Study, made: dict[str, str], left_out: dict[str, str]) -> dict[str, object]:
    """Return what the analysis was made of."""
    return {
        "design": study.kind,
        "points": len(study.design),
        "runs": len(study.table),
        "policies": study.policies,
        "reference": study.reference,
        "outputs": list(study.outputs),
        "factors": [factor.key for factor in study.factors],
        "seed": study.seed,
        "wom_sim": __version__,
        "packages": {name: version(name) for name in ("SALib", "numpy", "pandas", "scipy")},
        "made": made,
        "left_out": left_out,
    }
