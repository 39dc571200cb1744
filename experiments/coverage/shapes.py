"""What a run's outcome may look like: shapes with a known mean, from formulas and from the simulator itself.

A shape is drawn as samples x runs. ``events`` are what is rare and dear, of the same size each: not 0 in the runs in
which it came. ``without`` gives the mean of the runs in which the events of these numbers did not come.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import i0

from wom_sim.outcomes.indicators import INDICATORS, REPUTATION, Indicator
from wom_sim.outcomes.units import MOVED, NEWS, rare_of
from wom_sim.world import trace as tr

HERE = Path(__file__).resolve().parent
POOL = HERE / "pool.parquet"
SIZES = {"large": 60, "middle": 12, "small": 3}
"""How many of 1,000 customers are let go in the simulator's runs, by the name of the pool."""
REPLICATIONS = 2_000
MONEY, COUNT, NET, CHANCE, DAY = "money", "count", "net count", "chance", "day"
_OF = {MONEY: "net_value", COUNT: "reached", NET: "extra_profitable", CHANCE: NEWS, DAY: "first_post_day"}
_INDICATORS = {i.name: i for i in INDICATORS}

Draw = Callable[[np.random.Generator, int, int], "Sample"]


class Sample(NamedTuple):
    """Outcomes and events, each samples x runs."""

    outcomes: np.ndarray
    events: tuple[np.ndarray, ...] = ()


@dataclass(frozen=True)
class Shape:
    """A distribution of one run. ``beyond``: known to be beyond what 10 runs can tell, so under no requirement."""

    name: str
    kind: str
    draw: Draw
    mean: float
    indicator: Indicator
    seen: float = 1.0
    chances: tuple[float, ...] = ()
    quiet: Callable[[tuple[int, ...]], float] | None = None
    beyond: bool = False

    def without(self, absent: tuple[int, ...]) -> float:
        """Return the mean of the runs in which these events did not come."""
        return self.quiet(absent) if self.quiet is not None and absent else self.mean


def shapes(pool: pd.DataFrame) -> list[Shape]:
    """Return every shape."""
    return [*_money(), *_counts(), *_nets(), *_chances(), *_pooled(pool)]


def _formula(name: str, kind: str, draw: Callable[..., Any], mean: float, **more: Any) -> Shape:
    """Return a shape whose values are ``draw(rng, size)``."""
    indicator = _INDICATORS[_OF[kind]]
    return Shape(name, kind, lambda rng, s, n: Sample(draw(rng, (s, n)) * 1.0), mean, indicator, **more)


def _money() -> Iterator[Shape]:
    yield _formula("normal", MONEY, lambda r, s: r.standard_normal(s), 0.0)
    yield _formula("uniform", MONEY, lambda r, s: r.random(s), 0.5)
    yield _formula("Student's t, 3 degrees", MONEY, lambda r, s: r.standard_t(3, s), 0.0)
    yield _formula("exponential gain", MONEY, lambda r, s: r.standard_exponential(s), 1.0)
    yield _formula("exponential loss", MONEY, lambda r, s: -r.standard_exponential(s), -1.0)
    for sigma in (0.5, 1.0, 1.5):
        mean, far = -float(np.exp(sigma**2 / 2)), sigma > 1.0
        yield _formula(
            f"log-normal loss, sigma {sigma}", MONEY, lambda r, s, k=sigma: -r.lognormal(0, k, s), mean, beyond=far
        )
    for p in (0.25, 0.1, 0.05):
        yield _disaster(f"disaster in {p:.0%} of runs", MONEY, p, lambda r, s: r.standard_normal(s), (0.0, -30.0))
    yield _formula(
        "disaster in 5 % of runs, nobody says when", MONEY,
        lambda r, s: r.standard_normal(s) - 30.0 * (r.random(s) < 0.05), -1.5, beyond=True,
    )  # fmt: skip


def _disaster(name: str, kind: str, p: float, usual: Callable[..., Any], sizes: tuple[float, float]) -> Shape:
    """Return a shape that is ``usual`` (mean ``sizes[0]``), and ``sizes[1]`` more with chance ``p``."""

    def draw(rng: np.random.Generator, samples: int, runs: int) -> Sample:
        struck = (rng.random((samples, runs)) < p) * sizes[1]
        return Sample(usual(rng, (samples, runs)) + struck, (struck,))

    mean = sizes[0] + p * sizes[1]
    return Shape(name, kind, draw, mean, _INDICATORS[_OF[kind]], 1.0, (p,), lambda absent: sizes[0])


def _counts() -> Iterator[Shape]:
    for p in (0.02, 0.1, 0.5):
        yield _formula(f"one person in {p:.0%} of runs", COUNT, lambda r, s, p=p: r.random(s) < p, p, seen=p)
    for mean in (0.2, 1.0, 5.0, 50.0):
        seen = 1.0 - float(np.exp(-mean))
        yield _formula(f"Poisson, mean {mean:g}", COUNT, lambda r, s, m=mean: r.poisson(m, s), mean, seen=seen)
    for mean, k in ((2.0, 0.2), (20.0, 0.5), (20.0, 2.0)):
        seen = 1.0 - (1.0 + mean / k) ** -k
        yield _formula(
            f"negative binomial, mean {mean:g}, k {k:g}", COUNT,
            lambda r, s, m=mean, k=k: r.poisson(r.gamma(k, m / k, s)), mean, seen=seen,
        )  # fmt: skip
    for r0 in (0.5, 0.8, 0.9):
        yield _formula(
            f"cascade of one, each tells {r0:g}", COUNT, lambda r, s, k=r0: _cascade(r, s, k), 1 / (1 - r0),
            beyond=r0 > 0.8,
        )  # fmt: skip
    yield _formula(
        "20 people (log-normal) in 20 % of runs", COUNT,
        lambda r, s: (r.random(s) < 0.2) * r.lognormal(3.0, 1.0, s), 0.2 * float(np.exp(3.5)), seen=0.2,
    )  # fmt: skip
    for p in (0.1, 0.05):
        name = f"20 people, and 1,000 more in {p:.0%}"
        yield _disaster(name, COUNT, p, lambda r, s: r.poisson(20, s), (20.0, 1000.0))


def _cascade(rng: np.random.Generator, size: tuple[int, int], told: float) -> np.ndarray:
    """Return how many know in the end where each tells Poisson(``told``) others."""
    new = total = np.ones(size, dtype=np.int64)
    while new.any():
        new = rng.poisson(told * new)
        total = total + new
    return total


def _nets() -> Iterator[Shape]:
    for lost, kept in ((0.1, 0.05), (1.0, 0.5), (5.0, 2.5)):

        def draw(rng: np.random.Generator, size: tuple[int, int], a: float = lost, b: float = kept) -> np.ndarray:
            return rng.poisson(a, size) - rng.poisson(b, size)

        none = float(np.exp(-lost - kept) * i0(2.0 * np.sqrt(lost * kept)))
        yield _formula(f"lost {lost:g}, kept {kept:g} (Poisson)", NET, draw, lost - kept, seen=1.0 - none)


def _chances() -> Iterator[Shape]:
    for p in (0.02, 0.05, 0.1, 0.3, 0.5):
        yield _formula(f"chance {p:.0%}", CHANCE, lambda r, s, p=p: r.random(s) < p, p)


# -- from the simulator --------------------------------------------------------------------------------------

_POOLED = {
    MONEY: ("net_value", "reputational_cost", "calls_hearers", "joins"),
    COUNT: ("reached", "talkers", "posts", "lost_profitable", "lost_to_contagion", "extra_calls"),
    NET: ("joins_lost", "extra_others"),
    CHANCE: (NEWS,),
    DAY: ("first_post_day",),
}
_POLICIES = ("bulk letter", "paid exit")


def _pooled(pool: pd.DataFrame) -> Iterator[Shape]:
    """Yield a shape for each indicator, policy and size of the simulator's runs, and for pairs of policies."""
    for (size, policy), runs in pool.groupby(["size", "policy"], sort=False):
        for kind, names in _POOLED.items():
            for name in names if policy in _POLICIES else ():
                if runs[name].max() > runs[name].min():
                    yield _drawn_from(f"{size}, {policy}: {name}", kind, _INDICATORS[name], runs)
    for size, runs in pool.groupby("size", sort=False):
        letter, case, paid = (one.reset_index(drop=True) for _, one in runs.groupby("policy", sort=False))
        pairs = {"letter less case": (letter, case), "case less paid": (case, paid)}
        for title, (one, other) in pairs.items():
            for kind, name in ((MONEY, "net_value"), (NET, "lost_profitable"), (NET, "reached")):
                yield _drawn_from(f"{size}, {title}: {name}", kind, _INDICATORS[name], one, other)


def _drawn_from(
    title: str, kind: str, indicator: Indicator, runs: pd.DataFrame, against: pd.DataFrame | None = None
) -> Shape:
    """Return the shape of drawing a run, or a pair of runs on the same luck, from a pool again and again."""
    runs = runs[runs[indicator.name].notna()]
    values = runs[indicator.name].to_numpy(dtype=float)
    parts = [] if kind == CHANCE else rare_of(runs, indicator, against)
    if against is not None:
        values = values - against[indicator.name].to_numpy(dtype=float)
        indicator = indicator._replace(unit=f"difference of {indicator.unit}")
    came = np.array([part != 0.0 for part in parts])

    def draw(rng: np.random.Generator, samples: int, n: int) -> Sample:
        at = rng.integers(0, len(values), (samples, n))
        return Sample(values[at], tuple(part[at] for part in parts))

    def without(absent: tuple[int, ...]) -> float:
        return float(values[~came[list(absent)].any(axis=0)].mean())

    seen = float((values != 0.0).mean())
    chances = tuple(float(each.mean()) for each in came)
    return Shape(title, kind, draw, float(values.mean()), indicator, seen, chances, without)


def make_pool() -> pd.DataFrame:
    """Return 2,000 runs of each policy of a small town, for three numbers of customers let go."""
    from wom_sim.scenario import load_scenario
    from wom_sim.study.compare import compare

    parts = []
    for size, limit in SIZES.items():
        town = ["population.customers=1000", "population.prospects=200"]
        sets = [*town, f"choose.limit={limit}", f"run.replications={REPLICATIONS}"]
        found = compare(load_scenario(HERE.parents[1] / "scenarios" / "first_look.toml", sets)).replications
        parts.append(found[found["policy"] != "keep"].assign(size=size))
    return kept_columns(pd.concat(parts, ignore_index=True))


def kept_columns(runs: pd.DataFrame) -> pd.DataFrame:
    """Return what the shapes are drawn from, in the smallest types that hold it to the cent."""
    names = dict.fromkeys([name for group in _POOLED.values() for name in group])
    lines = {*MOVED, *(tr.LEDGER_NAMES[k] for k in REPUTATION)}
    wanted = [i for i in INDICATORS if i.name in names or i.name in lines]
    return pd.DataFrame(
        {"size": runs["size"], "policy": runs["policy"]}
        | {i.name: runs[i.name].astype("float64" if "currency" in i.unit else "float32") for i in wanted}
    )[["size", "policy", *names, *(i.name for i in wanted if i.name not in names)]]
