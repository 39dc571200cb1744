"""What a run's outcome may look like: shapes with a known mean, from formulas and from the simulator itself.

A shape is drawn as samples x runs. ``events`` are what is rare and dear, one column of the same size for each: not 0 in
the runs in which it came. ``without`` gives the mean of the runs in which the events of these numbers did not come.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from wom_sim.outcomes.indicators import INDICATORS, Indicator
from wom_sim.outcomes.units import LOST, NEWS

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
    """Values and events, each samples x runs."""

    values: np.ndarray
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
    quiet: Mapping[tuple[int, ...], float] | None = None
    beyond: bool = False

    def without(self, events: tuple[int, ...]) -> float:
        """Return the mean of the runs without these events."""
        return self.quiet[events] if self.quiet and events else self.mean


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
    hidden = _disaster("disaster in 5 % of runs, nobody says when", MONEY, 0.05, lambda r, s: r.standard_normal(s), (0, -30.0))
    yield Shape(
        hidden.name, MONEY, lambda r, s, n: hidden.draw(r, s, n)._replace(events=()), hidden.mean, hidden.indicator,
        beyond=True,
    )  # fmt: skip


def _disaster(name: str, kind: str, p: float, usual: Callable[..., Any], sizes: tuple[float, float]) -> Shape:
    """Return a shape that is ``usual`` (mean ``sizes[0]``), and ``sizes[1]`` more with chance ``p``."""

    def draw(rng: np.random.Generator, samples: int, runs: int) -> Sample:
        struck = (rng.random((samples, runs)) < p) * 1.0
        return Sample(usual(rng, (samples, runs)) + sizes[1] * struck, (struck,))

    mean = sizes[0] + p * sizes[1]
    return Shape(name, kind, draw, mean, _INDICATORS[_OF[kind]], 1.0, (p,), {(0,): sizes[0]})


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
        yield _disaster(f"20 people, and 1,000 more in {p:.0%}", COUNT, p, lambda r, s: r.poisson(20, s), (20.0, 1000.0))


def _cascade(rng: np.random.Generator, size: tuple[int, int], told: float) -> np.ndarray:
    """Return how many know in the end where each tells Poisson(``told``) others."""
    new = total = np.ones(size, dtype=np.int64)
    while new.any():
        new = rng.poisson(told * new)
        total = total + new
    return total


def _nets() -> Iterator[Shape]:
    for lost, kept in ((0.1, 0.05), (1.0, 0.5), (5.0, 2.5)):
        yield _formula(
            f"lost {lost:g}, kept {kept:g} (Poisson)", NET, lambda r, s, a=lost, b=kept: r.poisson(a, s) - r.poisson(b, s),
            lost - kept,
        )  # fmt: skip


def _chances() -> Iterator[Shape]:
    for p in (0.02, 0.05, 0.1, 0.3, 0.5):
        yield _formula(f"chance {p:.0%}", CHANCE, lambda r, s, p=p: r.random(s) < p, p)


# -- from the simulator --------------------------------------------------------------------------------------

_POOLED = {
    MONEY: ("net_value", "reputational_cost"),
    COUNT: ("reached", "talkers", "posts", "pickups", "lost_with_household", "lost_to_contagion", "extra_calls"),
    NET: ("extra_profitable", "joins_lost", "extra_others"),
    CHANCE: (NEWS,),
    DAY: ("first_post_day",),
}


def _pooled(pool: pd.DataFrame) -> Iterator[Shape]:
    """Yield a shape for each indicator, policy and size of the simulator's runs, and for pairs of policies."""
    for (size, policy), runs in pool.groupby(["size", "policy"], sort=False):
        for kind, names in _POOLED.items():
            for name in names:
                if runs[name].nunique() > 1:
                    yield _drawn_from(f"{size}, {policy}: {name}", kind, name, runs)
    for size, runs in pool.groupby("size", sort=False):
        letter, case = (runs[runs["policy"] == p].reset_index(drop=True) for p in ("bulk letter", "case by case"))
        gap = letter.drop(columns=["size", "policy"]) - case.drop(columns=["size", "policy"])
        for kind, name in ((MONEY, "net_value"), (NET, "extra_profitable"), (NET, "reached")):
            yield _drawn_from(f"{size}, letter less case: {name}", kind, name, gap, "difference")


def _drawn_from(title: str, kind: str, name: str, runs: pd.DataFrame, unit: str = "") -> Shape:
    """Return the shape of drawing a run from a pool again and again."""
    indicator = _INDICATORS[name]._replace(unit=unit) if unit else _INDICATORS[name]
    columns = (NEWS, LOST) if kind == MONEY else (NEWS,)
    known = runs[runs[name].notna()]
    values = known[name].to_numpy(dtype=float)
    events = [] if kind == CHANCE else [known[c].to_numpy(dtype=float) for c in columns if c != name]

    def draw(rng: np.random.Generator, samples: int, n: int) -> Sample:
        at = rng.integers(0, len(values), (samples, n))
        return Sample(values[at], tuple(event[at] for event in events))

    absent = [(0,), (1,), (0, 1)][: 3 if len(events) == 2 else len(events)]
    quiet = {
        which: float(values[np.all([events[k] == 0.0 for k in which], axis=0)].mean()) for which in absent
    }  # fmt: skip
    chances = tuple(float((event != 0.0).mean()) for event in events)
    return Shape(title, kind, draw, float(values.mean()), indicator, float((values != 0.0).mean()), chances, quiet)


def make_pool() -> pd.DataFrame:
    """Return 2,000 runs of each policy of a small town, for three numbers of customers let go."""
    from wom_sim.scenario import load_scenario
    from wom_sim.study import compare

    parts = []
    for size, limit in SIZES.items():
        town = ["population.customers=1000", "population.prospects=200"]
        sets = [*town, f"choose.limit={limit}", f"run.replications={REPLICATIONS}"]
        found = compare(load_scenario(HERE.parents[1] / "scenarios" / "first_look.toml", sets)).replications
        parts.append(found[found["policy"] != "keep"].assign(size=size))
    names = [name for group in _POOLED.values() for name in group]
    return pd.concat(parts, ignore_index=True)[["size", "policy", *names]]
