"""Tables of the charts of a study: response curves, Sobol indices, elementary effects; and which output is shown."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from wom_sim.outcomes.own import named
from wom_sim.present.material import Material, MissingError
from wom_sim.results.folder import read_json

LEADING = "net_value"


def outputs_of(folder: Path) -> list[str]:
    """Return the outputs of the study in a folder, as its analysis names them; none where there is none."""
    index = folder / "analysis" / "analysis.json"
    return list(read_json(index).get("outputs", [])) if index.is_file() else []


def of_output(found: Material, table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the output that is shown: that asked for, or net value, or the first that was measured.

    Raises
    ------
    MissingError
        When the table does not have the output that was asked for.
    """
    if "output" not in table:
        return table
    outputs = list(dict.fromkeys(table["output"].astype(str)))
    if found.output and found.output not in outputs:
        raise MissingError(f"output: given {found.output!r}, allowed: {', '.join(outputs)}")
    wanted = found.output or (LEADING if LEADING in outputs else outputs[0])
    return table[table["output"] == wanted]


def unit_of(table: pd.DataFrame) -> str:
    """Return the unit of a table of one output."""
    indicator = named(str(table["output"].iloc[0]))
    return "" if indicator is None else indicator.unit


def response(found: Material) -> pd.DataFrame:
    """Return the mean of the output at each level of each factor; ``beyond``: whether the factor moves it for sure."""
    table = _named(found, "levels", ("factor", "level", "mean", "low", "high"), {"factor": "parameter"})
    if not found.has("analysis/effects.csv"):
        return table
    effects = of_output(found, found.table("analysis/effects.csv", "policy", "output", "factor"))
    if "beyond_chance" not in effects:  # of an older folder
        return table
    sure = effects.set_index(["policy", "factor"])["beyond_chance"].to_dict()
    rows = zip(table["policy"], table["parameter"], strict=True)
    return table.assign(beyond=[bool(sure.get(row, True)) for row in rows])


def sobol(found: Material) -> pd.DataFrame:
    """Return the shares of variance of each factor, first and total order, and which are beyond chance."""
    tested = ("first_beyond_chance", "total_beyond_chance", "sum_first", "used")
    return _named(found, "sobol", ("factor", *_ends("first"), *_ends("total")), {"factor": "parameter"}, tested)


def morris(found: Material) -> pd.DataFrame:
    """Return mu* and sigma of each factor that has both."""
    columns = ("factor", *_ends("mu_star"), *_ends("sigma"))
    table = _named(found, "morris", columns, {"factor": "parameter"}, ("used",))
    whole = table[table["mu_star"].notna() & table["sigma"].notna()]
    if whole.empty:
        raise MissingError("analysis/morris.csv has no factor with two steps that count")
    return whole


def _ends(name: str) -> tuple[str, str, str]:
    return name, f"{name}_low", f"{name}_high"


def _named(
    found: Material, file: str, columns: tuple[str, ...], names: dict[str, str], more: tuple[str, ...] = ()
) -> pd.DataFrame:
    """Return columns of a file of the analysis, for one output, with the name and the unit of that output.

    ``more``: columns that older folders do not have.
    """
    if not found.has(f"analysis/{file}.csv"):
        raise MissingError(f"needs analysis/{file}.csv ({found.left_out(file)})")
    table = of_output(found, found.table(f"analysis/{file}.csv", "policy", "output", *columns))
    output = str(table["output"].iloc[0])
    known = named(output)
    label = output if known is None else known.label
    kept = table[["policy", *columns, *(name for name in more if name in table)]].rename(columns=names)
    kept.insert(2, "indicator", output)
    return kept.assign(label=label, unit=unit_of(table))
