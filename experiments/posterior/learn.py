"""From the runs of all cases to what they teach: weights of draws of the prior, and the draws that are shipped.

    python experiments/posterior/learn.py [--runs results/posterior] [--write]

For each case a forest of trees learns which answer (a report within days, weeks, months, in the trade press alone,
none) a draw leads to. What was observed is then as likely as the forest says, by a
margin for what no draw can explain. Cases that belong together count as one. The patterns bound how often waves and
drips become news, for the cases are on record because somebody reported them.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from prior import RULE, RULES, table
from scipy.special import ndtri

from wom_sim.results.version import model_version
from wom_sim.scenario.posterior_of_cases import DRAWS, WHICH

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "backtest"))

from observed import Case, read_cases  # noqa: E402
from questions import question_named  # noqa: E402

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

EDGES = (2.0, 5.0, 15.0, 61.0)
"""Days that part the answers: at once, within days, within two weeks, within two months, later."""
ELSE = 0.1
"""Chance that something happened in a case that has nothing to do with the model. Assumption."""
STRICT = 0.5
"""How far beyond a bound of a pattern a share may lie: standard deviation of its log odds. Assumption."""
TREES, LEAF = 500, 8
PRIOR_DRAWS = 2**15
SHIPPED = 1000
ROUNDED = 1e-5
PATTERNS = (
    (("wave 100", "wave 1000", "wave 10000"), 0.35, 0.85),
    (("drip by telephone", "drip in writing"), 0.03, 0.5),
    (("wave 10",), 0.0, 0.1),
    (("one person of note",), 0.6, 1.0),
)
"""Probes of pattern 12 whose mean share of national news lies between two bounds."""


@dataclass(frozen=True)
class Fact:
    """A fact of a case: which answer it got in the draws ``among``, how likely each is to be the true one, its weight.

    ``among`` are places among the draws that were run.
    """

    case: str
    what: str
    among: Whole
    led_to: Whole
    observed: Floats
    weight: float


def answers_of(runs: pd.DataFrame, window: int) -> Whole:
    """Return which answer each run gave: by days of the first national report, then the trade press alone, nothing."""
    national, press = runs["national"].to_numpy(), runs["press"].to_numpy()
    found = np.searchsorted(EDGES, national, side="right")
    never = national >= window
    return np.where(never, np.where(press < window, len(EDGES) + 1, len(EDGES) + 2), found).astype(np.int64)


def observed_of(case: Case) -> Floats:
    """Return how likely each of these answers is to have been the true one.

    Where nobody knows whether the trade press reported, either may be: both have the chance of the two together.
    """
    found = np.zeros(len(EDGES) + 3)
    question = question_named("national")
    assert question is not None
    outcome = case.outcome_of(question)
    national = 1.0 if outcome.chance is None else outcome.chance
    seen = outcome.happened(case.window)
    if outcome.day is None:  # no day is known: any counts, as below
        found[: len(EDGES) + 1] = national
    else:
        days, weights = seen
        came = days < case.window
        np.add.at(found, np.searchsorted(EDGES, days[came], side="right"), weights[came])
    press = next((o.chance for o in case.outcome if o.question == "reported"), None)
    if press is None:
        found[-2:] = 1.0 - national
    else:
        found[-2], found[-1] = max(0.0, press - national), 1.0 - max(press, national)
    return found


def facts_of(runs: pd.DataFrame, cases: Sequence[Case], numbers: Whole) -> list[Fact]:
    """Return the facts of all cases, run in the draws ``numbers``; those of a cluster share the weight of one case.

    Whether an authority acted is left out: the model has it act on the same posts as the press, so that it would count
    the same luck twice, and no draw makes it act as seldom as authorities do.
    """
    shared = pd.Series([case.cluster for case in cases]).value_counts()
    found = []
    for case in cases:
        mine = runs[runs["case"] == case.name].sort_values("draw")
        weight = 1.0 / float(shared[case.cluster])
        among = np.searchsorted(numbers, mine["draw"].to_numpy())
        found.append(Fact(case.name, "news", among, answers_of(mine, case.window), observed_of(case), weight))
    return found


def features(draws: pd.DataFrame) -> Floats:
    """Return draws as features: normal scores of the quantiles, and which rule it is."""
    rules = np.stack([(draws[RULE] == rule).to_numpy(float) for rule in RULES], axis=1)
    return np.hstack([ndtri(draws.drop(columns=[RULE]).to_numpy(dtype=float)), rules])


@dataclass(frozen=True)
class Emulated:
    """Chances of each answer of a fact: in the draws that were run, by trees that have not seen them, and in others."""

    run: Floats
    others: Floats


def emulate(fact: tuple[Whole, Whole, int], shown: Floats, others: Floats, seed: int) -> Emulated:
    """Return the chances of each answer, a little of each possible one, for nothing that was not seen is impossible.

    ``fact`` is (the places among the draws that were run, which answer each led to, how many answers there are).
    """
    from sklearn.ensemble import RandomForestClassifier

    forest = RandomForestClassifier(
        TREES, min_samples_leaf=LEAF, max_features=0.5, oob_score=True, random_state=seed
    )
    among, led_to, answers = fact
    if len(np.unique(led_to)) == 1:
        sure = np.eye(answers)[led_to[0]]
        return Emulated(np.tile(sure, (len(shown), 1)), np.tile(sure, (len(others), 1)))
    forest.fit(shown[among], led_to)
    here = forest.predict_proba(shown)
    here[among] = forest.oob_decision_function_
    full = np.zeros((len(shown), answers)), np.zeros((len(others), answers))
    for place, chances in zip(full, (here, forest.predict_proba(others)), strict=True):
        place[:, forest.classes_] = chances
    little = 1.0 / (len(shown) + answers)
    return Emulated(*((1.0 - answers * little) * each + little for each in full))


def log_of(fact: Fact, chances: Floats) -> Floats:
    """Return the logarithm of how likely what was observed is, in each draw."""
    likely = chances @ fact.observed
    return np.asarray(fact.weight * np.log((1.0 - ELSE) * likely + ELSE / len(fact.observed)))


def log_of_pattern(share: Floats, least: float, most: float) -> Floats:
    """Return how far shares lie beyond the bounds of a pattern, as the logarithm of a likelihood."""
    odds = np.log(np.clip(share, 1e-3, 1.0 - 1e-3) / (1.0 - np.clip(share, 1e-3, 1.0 - 1e-3)))
    low = math.log(max(least, 1e-3) / (1.0 - max(least, 1e-3)))
    high = math.log(min(most, 1.0 - 1e-3) / (1.0 - min(most, 1.0 - 1e-3)))
    beyond = np.maximum(low - odds, 0.0) + np.maximum(odds - high, 0.0)
    return np.asarray(-0.5 * (beyond / STRICT) ** 2)


class Taught:
    """What runs teach: log likelihoods of each fact and pattern, in the draws that were run and in many others."""

    def __init__(self, folder: Path, others: int = PRIOR_DRAWS) -> None:
        about = json.loads((folder / "prior.json").read_text(encoding="utf-8"))
        self.runs = pd.read_csv(folder / "runs.csv")
        self.numbers = numbers = np.sort(self.runs["draw"].unique())
        self.runs = self.runs[self.runs["draw"].isin(numbers)]
        self.draws = table(about["keys"], int(numbers.max()) + 1, about["seed"]).iloc[numbers].reset_index(drop=True)
        self.others = table(about["keys"], others, about["seed"] + 1)
        self.cases = read_cases()
        self.facts = facts_of(self.runs, self.cases, numbers)
        shown, asked = features(self.draws), features(self.others)
        self.emulated: list[Emulated] = []
        self.logs: list[tuple[Floats, Floats]] = []
        for number, fact in enumerate(self.facts):
            found = emulate((fact.among, fact.led_to, len(fact.observed)), shown, asked, number)
            self.emulated.append(found)
            self.logs.append((log_of(fact, found.run), log_of(fact, found.others)))
        self.patterns: list[tuple[Floats, Floats]] = []
        for names, least, most in PATTERNS:
            each = [self._share(name, shown, asked) for name in names]
            run, other = (np.mean([e[k] for e in each], axis=0) for k in (0, 1))
            self.patterns.append((log_of_pattern(run, least, most), log_of_pattern(other, least, most)))

    def _share(self, probe: str, shown: Floats, asked: Floats) -> tuple[Floats, Floats]:
        news = self.national(probe).astype(np.int64)
        found = emulate((np.arange(len(news)), news, 2), shown, asked, 77)
        return found.run[:, 1], found.others[:, 1]

    def of(self, name: str) -> tuple[pd.DataFrame, Whole]:
        """Return the runs of a case or probe by draw, and the places of their draws among those that were run."""
        mine = self.runs[self.runs["case"] == name].sort_values("draw")
        return mine, np.searchsorted(self.numbers, mine["draw"].to_numpy())

    def national(self, name: str) -> Floats:
        """Return whether (1 or 0) a national outlet reported a case or probe, in each draw; it is run in every draw."""
        mine, _ = self.of(name)
        window = 2.0 if name == "announced" else np.inf
        return (mine["national"].to_numpy() < window).astype(float)

    def weights(self, among_run: bool, without: Collection[str] = (), patterns: bool = True) -> Floats:
        """Return the weights (sum 1) of the draws, by all cases but those of some names."""
        k = 0 if among_run else 1
        total = sum(log[k] for fact, log in zip(self.facts, self.logs, strict=True) if fact.case not in without)
        if patterns:
            total = total + sum(log[k] for log in self.patterns)
        found = np.exp(total - np.max(total))
        return np.asarray(found / found.sum())


def worth(weights: Floats) -> float:
    """Return as how many draws of the same weight weighted ones count."""
    return float(1.0 / (weights**2).sum())


def resampled(draws: pd.DataFrame, weights: Floats, number: int) -> pd.DataFrame:
    """Return ``number`` draws, each as often as its weight says, in an order without meaning."""
    at = (np.arange(number) + 0.5) / number
    rows = np.searchsorted(np.cumsum(weights), at)
    order = np.random.default_rng(15).permutation(number)
    return draws.iloc[np.minimum(rows, len(draws) - 1)[order]].reset_index(drop=True)


def shipped(taught: Taught, number: int = SHIPPED) -> pd.DataFrame:
    """Return the draws that the package holds: which rule, and a quantile for each number."""
    found = resampled(taught.others, taught.weights(False), number)
    rules = found.pop(RULE).map({rule: number for number, rule in enumerate(RULES)})
    found = found.round(5).clip(ROUNDED, 1.0 - ROUNDED)
    found.insert(0, WHICH, rules.astype(float))
    return found


def main() -> None:
    """Print what was learned; with ``--write`` keep the draws where the package looks for them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=Path, default=Path("results/posterior"))
    parser.add_argument("--others", type=int, default=PRIOR_DRAWS)
    parser.add_argument("--write", action="store_true", help="keep the draws where the package looks for them")
    given = parser.parse_args()
    taught = Taught(given.runs, given.others)
    for name, patterns in (("cases", False), ("cases and patterns", True)):
        run, other = taught.weights(True, (), patterns), taught.weights(False, (), patterns)
        print(f"{name}: worth {worth(run):.0f} of {len(run)} draws that were run, {worth(other):.0f} of {len(other)}")
        for rule in RULES:
            here, there = (taught.draws[RULE] == rule).to_numpy(), (taught.others[RULE] == rule).to_numpy()
            print(f"  {rule:6} {run[here].sum():.3f} {other[there].sum():.3f}")
        keys = [c for c in taught.others.columns if c != RULE]
        mean = {k: float(other @ taught.others[k]) for k in keys}
        for key in sorted(keys, key=lambda k: -abs(mean[k] - 0.5))[:12]:
            print(f"  {key:50} mean quantile {mean[key]:.2f}")
    if given.write:
        about = {
            b"runs": str(len(taught.draws)).encode(), b"cases": ", ".join(c.name for c in taught.cases).encode(),
            b"model": model_version().encode(), b"worth": f"{worth(taught.weights(False)):.0f}".encode(),
        }  # fmt: skip
        rows = pa.Table.from_pandas(shipped(taught), preserve_index=False)
        pq.write_table(rows.replace_schema_metadata(about), DRAWS, compression="zstd")
        print(f"written: {DRAWS.name}, {rows.num_rows} draws of {rows.num_columns} numbers")


if __name__ == "__main__":
    main()
