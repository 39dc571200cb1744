"""Finished studies made by hand: a known function takes the place of the simulation."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import tomli_w

from wom_sim.study.analysis import Study, assemble

A, B = 7.0, 0.1
"""Ishigami's constants."""

G = (0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0)
"""Constants of Sobol's G function: the first factor matters most."""


def ishigami(x: np.ndarray) -> np.ndarray:
    return np.sin(x[:, 0]) + A * np.sin(x[:, 1]) ** 2 + B * x[:, 2] ** 4 * np.sin(x[:, 0])


def ishigami_indices() -> tuple[np.ndarray, np.ndarray]:
    """First and total order, in closed form (Homma & Saltelli 1996)."""
    first = 0.5 * (1.0 + B * math.pi**4 / 5.0) ** 2
    second = A**2 / 8.0
    both = B**2 * math.pi**8 * (1.0 / 18.0 - 1.0 / 50.0)
    variance = first + second + both
    return np.array([first, second, 0.0]) / variance, np.array([first + both, second, both]) / variance


def sobol_g(x: np.ndarray) -> np.ndarray:
    a = np.array(G)
    return np.prod((np.abs(4.0 * x - 2.0) + a) / (1.0 + a), axis=1)


def sobol_g_indices() -> tuple[np.ndarray, np.ndarray]:
    """First and total order, in closed form (Saltelli & Sobol 1995)."""
    own = 1.0 / (3.0 * (1.0 + np.array(G)) ** 2)
    variance = np.prod(1.0 + own) - 1.0
    others = np.array([np.prod(1.0 + np.delete(own, k)) for k in range(len(own))])
    return own / variance, own * others / variance


def saltelli(bounds: Sequence[tuple[float, float]], samples: int, pairs: bool = False) -> np.ndarray:
    from SALib.sample import sobol

    problem = {"num_vars": len(bounds), "names": [f"x{k}" for k in range(len(bounds))], "bounds": list(bounds)}
    return sobol.sample(problem, samples, calc_second_order=pairs, seed=7)


def uniform(bounds: Sequence[tuple[float, float]], samples: int, seed: int = 3) -> np.ndarray:
    low, high = np.array(bounds).T
    return low + (high - low) * np.random.default_rng(seed).random((samples, len(bounds)))


def parts(
    kind: str,
    x: np.ndarray | pd.DataFrame,
    outputs: dict[str, np.ndarray],
    factors: Sequence[dict] = (),
) -> tuple[dict, pd.DataFrame, pd.DataFrame]:
    """Study file, design and table; an output is an array of points, or of points x replications."""
    design = pd.DataFrame(x)
    design.columns = [f"x{k}" if isinstance(k, int) else k for k in design.columns]
    values = {name: np.asarray(v, float).reshape(len(design), -1) for name, v in outputs.items()}
    runs = max(v.shape[1] for v in values.values())
    point, replication = (a.ravel() for a in np.meshgrid(np.arange(len(design)), np.arange(runs), indexing="ij"))
    table = pd.DataFrame({"point": point, "policy": "letter", "replication": replication})
    for name, v in values.items():
        table[name] = np.broadcast_to(v, (len(design), runs)).ravel()
    design.insert(0, "point", np.arange(len(design)))
    asked = {"name": "made by hand", "seed": 5, "outputs": list(outputs), "design": {"kind": kind}}
    return asked | {"factors": list(factors)}, design, table


def study(kind: str, x, outputs: dict[str, np.ndarray], factors: Sequence[dict] = ()) -> Study:
    return assemble(*parts(kind, x, outputs, factors))


def write(folder: Path, asked: dict, design: pd.DataFrame, table: pd.DataFrame) -> Path:
    """The same as a folder that a study leaves behind."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "study.toml").write_text(tomli_w.dumps(asked))
    design.to_csv(folder / "design.csv", index=False)
    table.merge(design, on="point").to_parquet(folder / "table.parquet", index=False)
    return folder


def run_through(
    folder: Path, kind: str, bounds: Sequence[tuple[float, float]], x: np.ndarray, function: Callable
) -> Path:
    """A study of an analytic function as a folder, its value taken for the net value."""
    factors = [{"key": f"x{k}", "low": low, "high": high} for k, (low, high) in enumerate(bounds)]
    return write(folder, *parts(kind, x, {"net_value": function(x)}, factors))
