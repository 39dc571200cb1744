"""Tables of the charts of a study: response curves, Sobol indices, elementary effects; and which output is shown."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from wom_sim.outcomes.own import named
from wom_sim.present.material import Material, MissingError
from wom_sim.results.folder import read_json

LEADING = "net_value"
_MOST_LINES = 5


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


def interaction(found: Material) -> pd.DataFrame:
    """Return the mean at each level of the two factors that work together most; of each policy that uses them."""
    x, y, of_pair = _pair(found)
    cells = _cells(found, x, y)
    cells = cells[cells["y"].isin(_few(cells["y"])) & cells["policy"].isin(of_pair.index)]
    names = {"x_factor": "parameter", "x": "level", "y_factor": "other", "y": "other_level"}
    told = {name: cells["policy"].map(of_pair[name]) for name in ("interaction", "low", "high")}
    beyond = cells["policy"].map(of_pair["beyond_chance"]).astype(bool)
    return cells.rename(columns=names).assign(**told, beyond=beyond)[
        ["policy", "parameter", "level", "other", "other_level", "indicator", "label", "unit", "mean", "interaction",
         "low", "high", "beyond"]
    ]  # fmt: skip


def heatmap(found: Material) -> pd.DataFrame:
    """Return the mean in each cell of the two factors that work together most; of Saltelli's design what pairs make."""
    columns = ["policy", "across", "x", "up", "y", "indicator", "label", "unit", "mean", "sure"]
    if found.has("analysis/sobol_pairs.csv"):
        pairs = _named(found, "sobol_pairs", ("factor", "with", "second"), {}, ("beyond_chance",))
        sides = [pairs.rename(columns={"factor": a, "with": b}) for a, b in (("x", "y"), ("y", "x"))]
        both = pd.concat(sides, ignore_index=True).rename(columns={"second": "mean", "beyond_chance": "sure"})
        return both.assign(across="", up="", unit="share")[columns]
    x, y, _ = _pair(found)
    cells = _cells(found, x, y)
    unsure = (cells["low"] <= 0.0) & (cells["high"] >= 0.0)
    return cells.rename(columns={"x_factor": "across", "y_factor": "up"}).assign(sure=~unsure)[columns]


def _pair(found: Material) -> tuple[str, str, pd.DataFrame]:
    """Return the two factors whose interaction stands out most from chance, and the largest of them for each policy."""
    if not found.has("analysis/interactions.csv"):
        raise MissingError(f"needs analysis/interactions.csv ({found.left_out('interactions')})")
    columns = ("policy", "output", "factor", "with", "interaction", "low", "high", "se", "beyond_chance", "used")
    table = of_output(found, found.table("analysis/interactions.csv", *columns))
    table = table[(table["factor"] != "policy") & table["used"].astype(bool)]
    if table.empty:
        raise MissingError("analysis/interactions.csv has no pair of factors that a policy uses")
    size = (table["interaction"].abs() / table["se"]).fillna(0.0)
    order = pd.DataFrame({"unsure": ~table["beyond_chance"].astype(bool), "size": -size})
    ranked = table.loc[order.sort_values(["unsure", "size"], kind="stable").index]
    x, y = (str(ranked[name].iloc[0]) for name in ("factor", "with"))
    of_pair = ranked[(ranked["factor"] == x) & (ranked["with"] == y)]
    return x, y, of_pair.drop_duplicates("policy").set_index("policy")


def _cells(found: Material, x: str, y: str) -> pd.DataFrame:
    """Return the cells of a pair of factors in the map, the factor with more levels along the columns."""
    columns = ("x_factor", "x", "y_factor", "y", "mean", "low", "high")
    cells = _named(found, "map", columns, {})
    cells = cells[(cells["x_factor"] == x) & (cells["y_factor"] == y) & cells["mean"].notna()]
    if cells.empty:
        raise MissingError("analysis/map.csv has no cells of the pair of factors that work together")
    if cells["x"].nunique() < cells["y"].nunique():
        turned = {"x_factor": "y_factor", "y_factor": "x_factor", "x": "y", "y": "x"}
        return cells.rename(columns=turned)
    return cells


def _few(levels: pd.Series) -> list[object]:
    """Return the levels that have a line of their own: of many numbers the lowest, the middle, the highest."""
    every = list(dict.fromkeys(levels))
    numbers = pd.to_numeric(pd.Series(every), errors="coerce")
    if len(every) <= _MOST_LINES or numbers.isna().any():
        return every
    order = numbers.sort_values().index
    return [every[order[0]], every[order[len(order) // 2]], every[order[-1]]]


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
