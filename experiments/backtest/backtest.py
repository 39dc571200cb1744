"""Score the simulator on real cases, beside a rule of one line; write docs/BACKTEST.md and docs/BACKTEST.csv.

    python experiments/backtest/backtest.py [--quick] [--only NAME ...] [--page] [--out FOLDER]

``--only`` takes the beginnings of names of cases (``observed/``) and runs those anew; forecasts of the others are kept
from before (``forecasts.json``). ``--page`` runs nothing. ``--quick`` takes 5 runs a case with fewer people, and writes
to results/backtest unless told where.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import scores as s
from backtest_page import page_of
from forecast import DEFAULTS, FULL, KEPT, QUICK, Draw, Effort, Forecast, asked, forecast, read, write
from null import Null, manner_of, null_of, written_to
from observed import FOLDS, ROOT, Case, CaseError, Observation, read_cases, triangle
from questions import Question

from wom_sim._files import write_text_atomically

Numbers = s.Numbers
Calibrate = Callable[[Sequence[Case]], Sequence[Draw]]
COLUMNS = (
    "case", "cluster", "fold", "question", "kind", "by_rule", "silent", "used", "grade", "manner", "written_to",
    "window",
    "unit", "log", "observed_low", "observed", "observed_high", "model", "model_low", "model_high", "never",
    "null_hard", "null_soft", "null_low", "null_high", "base_rate",
    "brier_model", "brier_softened", "brier_null_soft", "brier_null_hard", "brier_base_rate",
    "log_model", "log_softened", "log_null_soft", "log_null_hard", "log_base_rate",
    "crps_model", "crps_null_soft", "crps_null_hard",
    "interval_model", "interval_null_soft", "interval_null_hard",
)  # fmt: skip
"""Of the table, a row a case and question: what they mean stands on the page."""
SOFT = 0.8
"""A softened share of runs is .1 + .8 x share: what the soft null does to the hard one."""


def score(
    cases: Sequence[Case], draws: Sequence[Draw] = DEFAULTS, effort: Effort = FULL,
    known: Mapping[str, Forecast] | None = None,
) -> pd.DataFrame:
    """Return a row for each case and question: observed, forecast, null and their scores.

    ``draws`` are sets of parameters, as overrides with weights: a posterior, or the defaults alone. ``known`` are
    forecasts that were made already, by name of the case; the rest is run. ``base_rate`` is left empty, for ``rotate``.
    """
    rows: list[dict[str, Any]] = []
    for case in cases:
        given = known[case.name] if known is not None and case.name in known else forecast(case, draws, effort)
        rows += rows_of(case, given)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def the_defaults(cases: Sequence[Case]) -> Sequence[Draw]:
    """Calibrate nothing: the defaults are the only draw, whatever the cases say."""
    return DEFAULTS


def rotate(
    cases: Sequence[Case], calibrate: Calibrate = the_defaults, effort: Effort = FULL,
    known: Mapping[str, Forecast] | None = None,
) -> pd.DataFrame:
    """Return the scores of all cases, each with draws that were calibrated without its fold.

    ``calibrate`` takes the cases of the other two folds (those that may be used for it) and returns draws. ``known``
    may be given for the defaults only. The base rate of an event is its mean in the other folds.
    """
    parts = []
    for fold in FOLDS:
        scored = [case for case in cases if case.fold == fold]
        others = [case for case in cases if case.fold != fold]
        table = score(scored, calibrate([case for case in others if case.calibrate]), effort, known)
        parts.append(with_base_rate(table, others))
    return pd.concat([part for part in parts if len(part)], ignore_index=True)


def with_base_rate(table: pd.DataFrame, others: Sequence[Case]) -> pd.DataFrame:
    """Return scores with those of a forecast that knows of an event only how often it took place in other cases."""
    result = table.copy()
    for at, row in table[table["kind"] == "event"].iterrows():
        seen = [o.chance for case in others for o in case.outcome if o.question == row["question"]]
        rate = (sum(x for x in seen if x is not None) + 0.5) / (len(seen) + 1.0)
        result.loc[at, ["base_rate", "brier_base_rate", "log_base_rate"]] = (
            rate, s.brier(rate, row["observed"]), s.log_score(rate, row["observed"]),
        )  # fmt: skip
    return result


# -- a row -----------------------------------------------------------------------------------------------------


def rows_of(case: Case, given: Forecast) -> list[dict[str, Any]]:
    """Return the rows of a case."""
    written = written_to(case.stated, case.policy)
    rows = []
    for question in asked(case):
        outcome = case.outcome_of(question)
        row: dict[str, Any] = dict.fromkeys(COLUMNS, math.nan) | {
            "case": case.name, "cluster": case.cluster, "fold": case.fold, "question": question.name,
            "kind": question.kind, "by_rule": question.by_rule, "silent": bool(question.silent), "used": outcome.used,
            "grade": outcome.grade, "manner": manner_of(case.stated, case.policy), "written_to": written,
            "window": case.window, "unit": question.unit, "log": question.log,
        }  # fmt: skip
        null, values = null_of(question, written, case.window), given.runs[question.name]
        if question.kind == "event":
            assert outcome.chance is not None
            row |= event_scores(outcome.chance, (values, given.weights), null)
        else:
            if question.kind == "day":
                seen = outcome.happened(case.window)
                row["never"] = float(given.weights @ (values >= case.window))
            else:
                assert outcome.amount is not None
                points = triangle(outcome.amount)
                seen = Observation(points, np.full(len(points), 1.0 / len(points)))
            row |= number_scores(question, seen, (values, given.weights), null)
        rows.append(row)
    return rows


def event_scores(happened: float, runs: tuple[Numbers, Numbers], null: Null) -> dict[str, float]:
    """Return the columns of an event; ``runs`` are (1 or 0 a run, weights)."""
    said = {
        "model": s.chance_of(*runs),
        "softened": (1.0 - SOFT) / 2.0 + SOFT * float(runs[1] @ runs[0]),
        "null_soft": float(null.soft[0]),
        "null_hard": float(null.hard[0]),
    }
    row = {"observed": happened, "model": said["model"], "null_soft": said["null_soft"], "null_hard": said["null_hard"]}
    for name, p in said.items():
        row |= {f"brier_{name}": s.brier(p, happened), f"log_{name}": s.log_score(p, happened)}
    return row


def number_scores(
    question: Question, seen: Observation, runs: tuple[Numbers, Numbers], null: Null
) -> dict[str, float]:
    """Return the columns of a day or an amount; scores are of ln(1 + the number) where the question says so."""

    def scaled(x: Numbers) -> Numbers:
        return np.log1p(np.maximum(x, 0.0)) if question.log else x

    row = dict(zip(("observed_low", "observed", "observed_high"), _three(*seen), strict=True))
    row |= dict(zip(("model_low", "model", "model_high"), _three(*runs), strict=True))
    equal = {
        name: np.full(len(points), 1.0 / len(points)) for name, points in (("soft", null.soft), ("hard", null.hard))
    }
    row |= {"null_soft": _three(null.soft, equal["soft"])[1], "null_hard": _three(null.hard, equal["hard"])[1]}
    row["null_low"], row["null_high"] = s.quantiles(null.soft, equal["soft"])
    at = scaled(seen.values)
    for name, (points, weights) in {
        "model": runs, "null_soft": (null.soft, equal["soft"]), "null_hard": (null.hard, equal["hard"]),
    }.items():  # fmt: skip
        row[f"crps_{name}"] = s.crps(scaled(points), weights, at, seen.weights)
        row[f"interval_{name}"] = s.interval_score(*s.quantiles(scaled(points), weights), at, seen.weights)
    return row


def _three(points: Numbers, weights: Numbers) -> tuple[float, float, float]:
    """Return the bounds of the 80 % interval, and the median between them."""
    low, high = s.quantiles(points, weights)
    return low, s.quantiles(points, weights, 0.5)[0], high


# -- running and writing ---------------------------------------------------------------------------------------


def csv_of(table: pd.DataFrame) -> str:
    """Return the table as text, six digits; infinite scores say so."""
    return table.to_csv(index=False, float_format="%.6g", lineterminator="\n")


def refreshed(
    cases: Sequence[Case], known: dict[str, Forecast], effort: Effort, keep: Path | None
) -> dict[str, Forecast]:
    """Return forecasts of the cases, made anew with the defaults; each is kept as soon as it stands."""
    for case in cases:
        start = time.monotonic()
        known = known | {case.name: forecast(case, DEFAULTS, effort)}
        print(f"{case.name}: {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
        if keep is not None:
            write(known, keep)
    return known


def main() -> int:
    """Run what is asked for, keep its forecasts, and write table and page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="5 runs a case, fewer people")
    parser.add_argument("--only", nargs="*", default=[], metavar="NAME")
    parser.add_argument("--page", action="store_true", help="run nothing")
    parser.add_argument("--out", type=Path, metavar="FOLDER")
    given = parser.parse_args()
    try:
        cases = read_cases()
    except CaseError as error:
        print(error, file=sys.stderr)
        return 4
    meant = [c for c in cases if not given.only or c.name.startswith(tuple(given.only))]
    if not meant:
        print(f"--only: given {' '.join(given.only)}, allowed: {', '.join(c.name for c in cases)}", file=sys.stderr)
        return 4
    out = given.out or ROOT / ("results/backtest" if given.quick else "docs")
    effort, keep = (QUICK, None) if given.quick else (FULL, KEPT)
    known = {} if given.quick else read()
    if not given.page:
        known = refreshed(meant, known, effort, keep)
    publish(cases, known, out)
    print(f"{out / 'BACKTEST.md'} and BACKTEST.csv beside it", file=sys.stderr)
    return 0


def publish(cases: Sequence[Case], known: Mapping[str, Forecast], out: Path) -> None:
    """Write table and page of the cases of which there are forecasts; the page names the others."""
    run = [case for case in cases if case.name in known]
    table = rotate(run, known=known)
    out.mkdir(parents=True, exist_ok=True)
    write_text_atomically(out / "BACKTEST.csv", csv_of(table))
    write_text_atomically(out / "BACKTEST.md", page_of(table, cases, {c.name: len(known[c.name].weights) for c in run}))


if __name__ == "__main__":
    sys.exit(main())
