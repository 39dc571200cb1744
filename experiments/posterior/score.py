"""The back-test at the posterior: each case foretold by what the cases of the other folds taught, beside the null rule.

    python experiments/posterior/score.py [--runs results/posterior]

A forecast is the runs of all draws of the prior, weighted by what the other cases say of each draw. The patterns are
left out here: their bounds were read off the same cases. Writes scores.csv.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from learn import Taught, worth
from prior import RULE, RULES

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "backtest"))

from backtest import score, with_base_rate  # noqa: E402
from forecast import Forecast  # noqa: E402
from observed import FOLDS, Case  # noqa: E402
from summary import Contest, contest, fresh, verdict  # noqa: E402

TABLE = HERE / "scores.csv"
ASKED = ("national", "reported", "authority", "churn_change", "posts", "reversal")
"""Questions that every run answered."""


def answered(case: Case) -> Case:
    """Return a case with the outcomes that the runs answer."""
    return case.model_copy(update={"outcome": tuple(o for o in case.outcome if o.question in ASKED)})


def forecast(taught: Taught, case: Case, weights: np.ndarray) -> Forecast:
    """Return what weighted draws say of a case."""
    mine, among = taught.of(case.name)
    national = mine["national"].to_numpy()
    values = {
        "national": (national < case.window).astype(float),
        "national_day": np.minimum(national, float(case.window)),
        "reported": (mine["press"].to_numpy() < case.window).astype(float),
        "authority": (mine["authority"].to_numpy() < case.window).astype(float),
        "churn_change": mine["churn_change"].to_numpy(), "posts": mine["posts"].to_numpy(),
        "reversal": np.zeros(len(mine)),
    }  # fmt: skip
    own = weights[among]
    return Forecast(values, own / own.sum())


def rotated(taught: Taught, rule: str | None = None) -> pd.DataFrame:
    """Return the scores of all cases, each foretold without its fold; ``rule``: as if one rule were known to hold."""
    parts = []
    for fold in FOLDS:
        scored = [answered(case) for case in taught.cases if case.fold == fold]
        others = [case for case in taught.cases if case.fold != fold]
        weights = taught.weights(True, {case.name for case in scored}, patterns=False)
        if rule is not None:
            weights = np.where(taught.draws[RULE] == rule, 1.0, 0.0)
            weights /= weights.sum()
        known = {case.name: forecast(taught, case, weights) for case in scored}
        print(f"fold {fold}: {len(scored)} cases, foretold by draws worth {worth(weights):.0f}")
        parts.append(with_base_rate(score(scored, known=known), others))
    return pd.concat(parts, ignore_index=True)


def comparisons(table: pd.DataFrame) -> Iterator[tuple[str, str, Contest, str]]:
    """Yield how the model compares with the null rule: what is asked, the score, both means, and who is ahead."""
    rows = fresh(table)
    for what, kind, scores in (
        ("national news", "national", ("brier", "log")), ("any press", "reported", ("brier", "log")),
        ("an authority acts", "authority", ("brier", "log")),
        ("day of national news", "national_day", ("crps", "interval")),
    ):  # fmt: skip
        mine = rows[rows["question"] == kind]
        for name in scores:
            found = contest(mine, f"{name}_model", f"{name}_null_soft")
            yield what, name, found, verdict(found)


def main() -> None:
    """Score, print and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=Path, default=Path("results/posterior"))
    given = parser.parse_args()
    taught = Taught(given.runs, 1024)
    parts = []
    for name in (None, *RULES):
        print("the posterior" if name is None else f"the rule {name}, nothing learned")
        table = rotated(taught, name)
        for what, name_of, found, words in comparisons(table):
            print(f"  {what:22} {name_of:8} {found.model:7.3f} null {found.rival:7.3f}  {words}")
        parts.append(table.assign(by="the posterior" if name is None else f"`{name}`, nothing learned"))
    pd.concat(parts).to_csv(TABLE, index=False, float_format="%.4g")


if __name__ == "__main__":
    main()
