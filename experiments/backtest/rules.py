"""Which rule of pick-up (``media.rule``) the cases bear out: the back-test by each, otherwise at the defaults.

    python experiments/backtest/rules.py [--runs 10]

Prints the mean scores of each kind of event over the cases that settled no default, beside the null rule, and writes
rules.csv, a row a rule and case. A few cases and few runs: a difference of less than .1 says little. Takes minutes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd
from backtest import score
from forecast import Draw, Effort
from observed import read_cases

RULES = ("level", "taste", "story")
TABLE = Path(__file__).with_name("rules.csv")
SHOWN = ("brier_model", "log_model", "brier_null_soft", "log_null_soft")


def scores(rule: str, runs: int) -> pd.DataFrame:
    """Return the rows of the events that are asked of each case, by one of the rules."""
    table = score(read_cases(), [Draw((f"media.rule={rule}",))], Effort(runs, 4))
    table.insert(0, "rule", rule)
    return table[table["kind"] == "event"]


def main() -> None:
    """Score all rules, print the means and write the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--rules", nargs="*", default=RULES, choices=RULES)
    given = parser.parse_args()
    parts = []
    for rule in given.rules:
        parts.append(scores(rule, given.runs))
        pd.concat(parts).to_csv(TABLE, index=False, float_format="%.4g")
        fresh = parts[-1][~parts[-1]["used"].astype(bool)]
        print(f"{rule}\n{fresh.groupby('question')[list(SHOWN)].mean().round(3).to_string()}\n", flush=True)


if __name__ == "__main__":
    main()
