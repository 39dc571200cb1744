"""Each customer's monthly chance to leave from a history, and how well it forecasts what it was not fitted to.

The model (``hazard``) is fitted to all but the last months and held to those; without dates of leaving, to a part of
the customers and held to the others, which is out of sample and not out of time. Beside it stands the null model, the
mean of each segment. Where the model does not beat it, the mean is used.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from wom_sim.intake.hazard import (
    ChurnError,
    Fit,
    best,
    chance_now,
    check_installed,
    concordance,
    expected,
    fit,
    levels_of,
)
from wom_sim.intake.history import LOCKED, History
from wom_sim.populations.churn_file import ChurnRow

FEWEST_LEFT = 30
"""Departures in a history below which nothing is fitted. Assumption."""
FEWEST_HELD = 10
"""Departures in what a check is held to. Assumption."""
CHECK_MONTHS = 6
"""The last months that a model is held to, and at most a third of the history."""
_MOST_CHECKED = 50_000
"""Customers whose every month is checked."""
_HELD_PART = 0.3
"""Without dates, this share of the customers is held out."""
_Z = 1.959964
_KEY = b"wom_sim churn check"


class Check(NamedTuple):
    """How well a model fitted to one part of a history forecasts the other; ``months``: 0 out of sample.

    ``better``: mean Brier score of the null model less that of the model, with its 95 % interval over customers.
    ``leavers``: (observed, expected, lowest, highest that luck and the training explain).
    ``deciles``: the same for each tenth of the customers, after how many customers; the least likely to leave first.
    """

    months: float
    customers: int
    fitted_to: int
    brier: float
    brier_null: float
    better: tuple[float, float, float]
    concordance: float
    concordance_null: float
    leavers: tuple[float, float, float, float]
    deciles: list[tuple[int, float, float, float, float]]

    @property
    def beats_null(self) -> bool:
        """Whether the model is better than the mean of each segment by more than luck explains."""
        return self.better[1] > 0.0

    @property
    def drifted(self) -> bool:
        """Whether more or fewer left than luck explains: the past is no good guide to the last months."""
        observed, _, low, high = self.leavers
        return not low <= observed <= high


class Churn(NamedTuple):
    """What a history says of churn: the fit that is used, whether it is the null model, and the check."""

    used: Fit
    is_null: bool
    model: Fit
    check: Check
    history: History
    version: str


def learn(history: History, check_months: float = CHECK_MONTHS) -> Churn:
    """Return the churn of a history.

    Raises
    ------
    ChurnError
        If lifelines is not there, or the history is too small or says nothing.
    """
    version = check_installed()
    _check_history(history)
    past, held, months = _parts(history, check_months)
    checked = _check(past, held, months)
    model = best(history)
    null = fit(history, levels_of(history, by_tenure=False))
    beats = checked.beats_null
    return Churn(model if beats else null, not beats, model, checked, history, version)


def _check_history(history: History) -> None:
    """Raise ChurnError where a history cannot tell how fast customers leave."""
    customers, left = len(history), int(history.left.sum())
    unused = ", ".join(f"{count:,} {_UNUSED[reason]}" for reason, count in history.unused.items() if count)
    rows = f"the history has {customers:,} usable customers" + (f" (not usable: {unused})" if unused else "")
    if not customers:
        raise ChurnError(
            f"{rows}; churn needs for each how long they have been a customer: since, or tenure not below 0"
        )
    if not left:
        raise ChurnError(
            f"{rows}, none of whom has left; churn needs some who have: a column churned, or a date of leaving"
        )
    if left == customers:
        raise ChurnError(f"{rows}, all of whom have left; churn needs those who stayed as well")
    if left < FEWEST_LEFT:
        raise ChurnError(f"{rows}, {left:,} of whom have left; at least {FEWEST_LEFT} who left are needed")


_UNUSED = {
    "no_date": "have left on a day that is not known",
    "no_tenure": "have no since and no tenure",
    "impossible": "came after they left, or 100 years ago",
    "before": "left before the first day of the history",
}


def _parts(history: History, check_months: float) -> tuple[History, History, float]:
    """Return what a check is fitted to, what it is held to, and how many months that is (0: no dates)."""
    if history.dated:
        months = min(float(check_months), history.window / 3.0)
        past, held = history.until(-months), history.after(-months)
    else:
        months, held_out = 0.0, _held_out(len(history))
        past, held = history.of(~held_out), history.of(held_out)
    where = f"in the last {months:.3g} months" if history.dated else "among the customers held out"
    least = {
        "before them" if history.dated else "among the others": (past, 2 * FEWEST_HELD),
        where: (held, FEWEST_HELD),
    }
    for name, (part, fewest) in least.items():
        if int(part.left.sum()) < fewest:
            raise ChurnError(
                f"the check of the churn model needs at least {fewest} who left {name}, and there are "
                f"{int(part.left.sum())}; give a longer history"
                + (", or other --check-months" if history.dated else "")
            )
    return past, held, months


def _held_out(rows: int) -> NDArray[np.bool_]:
    """Return which rows are held out: a keyed hash of their number, so that the same table is split the same way."""
    return _lucks(rows) < _HELD_PART


def _lucks(rows: int) -> NDArray[np.float64]:
    """Return a number from 0 to 1 for each row, a keyed hash of its place."""
    digests = (hashlib.blake2b(str(k).encode(), key=_KEY, digest_size=8).digest() for k in range(rows))
    return np.array([int.from_bytes(each, "big") for each in digests], dtype=np.float64) / 2.0**64


def _check(past: History, held: History, months: float) -> Check:
    model, null = best(past), fit(past, levels_of(past, by_tenure=False))
    held, forecast = (held, held.whole()) if held.dated or held.window <= 1.0 else _month_by_month(held)
    hazards = [expected(forecast, each) for each in (model, null)]
    at_risk = hazards[1] > 0.0  # who came on the last day cannot have left
    chances = [1.0 - np.exp(-each[at_risk]) for each in hazards]
    left, fitted_to = held.left[at_risk], int(past.left.sum())
    briers = [(chance - left) ** 2 for chance in chances]
    apart = briers[1] - briers[0]
    half = _Z * float(apart.std(ddof=1)) / np.sqrt(len(apart))
    gain = float(apart.mean())
    # Order by the hazard while at risk, so that who came late is not thought safe.
    seen = (held.end - held.entry)[at_risk]
    rates = [each[at_risk] / np.maximum(1e-9, (forecast.end - forecast.entry)[at_risk]) for each in hazards]
    order = np.argsort(chances[0], kind="stable")
    deciles = [
        (len(tenth), *_calibration(chances[0][tenth], left[tenth], fitted_to))
        for tenth in np.array_split(order, 10)
        if len(tenth)
    ]
    return Check(
        months, int(at_risk.sum()), fitted_to, float(briers[0].mean()), float(briers[1].mean()),
        (gain, gain - half, gain + half), concordance(seen, rates[0], left), concordance(seen, rates[1], left),
        _calibration(chances[0], left, fitted_to), deciles,
    )  # fmt: skip


def _month_by_month(held: History) -> tuple[History, History]:
    """Return every month of every customer as a row of its own, and the same as if nobody had left in any.

    Who is seen until they leave is seen for the shorter the sooner they leave, so a forecast over that very time knows
    the answer, and a month taken from each would be one in which they left too often.
    """
    held = held.of(held.end > held.entry)
    checked = np.zeros(len(held), dtype=np.bool_)
    checked[np.argsort(_lucks(len(held)), kind="stable")[:_MOST_CHECKED]] = True
    held = held.of(checked)
    months = np.ceil(held.end - held.entry - 1e-9).astype(np.int64)
    whose = np.repeat(np.arange(len(held)), months)
    number = np.arange(len(whose)) - np.repeat(np.cumsum(months) - months, months)
    each = held.of(whose)
    entry, last = each.entry + number, number == months[whose] - 1
    end = np.where(last, each.end, entry + 1.0)
    month = replace(each, entry=entry, end=end, left=each.left & last)
    return month, replace(month, end=np.where(month.left, entry + 1.0, end), left=np.zeros(len(whose), dtype=bool))


def _calibration(
    chance: NDArray[np.float64], left: NDArray[np.bool_], fitted_to: int
) -> tuple[float, float, float, float]:
    """Return (observed, expected, low, high): 95 % of luck given the chances, and of the level that was fitted.

    The level rests on ``fitted_to`` departures, so its relative variance is at least one in so many.
    """
    mean = float(chance.sum())
    half = _Z * float(np.sqrt((chance * (1.0 - chance)).sum() + mean * mean / fitted_to))
    return float(left.sum()), mean, max(0.0, mean - half), mean + half


# -- what it means for each customer, and as a table ----------------------------------------------------------------


def with_churn(table: pa.Table, churn: Churn) -> pa.Table:
    """Return a customer table with a column ``churn``: the monthly chance of each who is there, null of who has left.

    A chance that rests on the time as a customer is the segment's mean where that time is not known.
    """
    tenure = table["tenure_months"].to_numpy().astype(np.float64)
    segment = np.array(["" if name is None else name for name in table["segment"].to_pylist()], dtype=object)
    values = chance_now(churn.used, tenure, segment)
    if np.isnan(values).any():
        null = fit(churn.history, levels_of(churn.history, by_tenure=False))
        values = np.where(np.isnan(values), chance_now(null, tenure, segment), values)
    gone = np.array([bool(value) for value in table["churned"].to_pylist()])
    return table.append_column("churn", pa.array(np.where(gone, np.nan, values), from_pandas=True))


def rows_of(churn: Churn) -> list[ChurnRow]:
    """Return all that is known of a churn model as the rows of ``churn_model.csv``."""
    history, check = churn.history, churn.check
    at_risk = float((history.end - history.entry).sum())
    about = {
        "used_model": float(not churn.is_null), "dated": float(history.dated), "window_months": history.window,
        "customers": len(history), "left": float(history.left.sum()), "months_at_risk": at_risk, "locked": LOCKED,
        "season": float(churn.model.levels.season), **{f"unused_{name}": n for name, n in history.unused.items()},
    }  # fmt: skip
    rows = [ChurnRow("about", name, float(value)) for name, value in about.items()]
    rows += [ChurnRow(each.section, each.name or "(others)", *each[2:]) for each in churn.model.numbers]
    null = churn.used if churn.is_null else fit(history, levels_of(history, by_tenure=False))
    levels = [each for each in null.numbers if each.section == "tenure"]
    for each in [each for each in null.numbers if each.section == "segment"]:
        place = null.levels.segments.index(each.name)
        value = float(null.hazard[place, 0, 0])
        low, high = (levels[0].low, levels[0].high) if place == 0 else _of_sum(null, place)
        rows.append(ChurnRow("segment_mean", each.name or "(others)", value, low, high))
    rows += [
        ChurnRow("check", "months", check.months), ChurnRow("check", "customers", float(check.customers)),
        ChurnRow("check", "fitted_to_left", float(check.fitted_to)),
        ChurnRow("check", "brier", check.brier), ChurnRow("check", "brier_null", check.brier_null),
        ChurnRow("check", "brier_better", *check.better), ChurnRow("check", "beats_null", float(check.beats_null)),
        ChurnRow("check", "concordance", check.concordance),
        ChurnRow("check", "concordance_null", check.concordance_null),
        ChurnRow("check", "leavers", *check.leavers[1:], check.leavers[0]),
        ChurnRow("check", "drifted", float(check.drifted)),
    ]  # fmt: skip
    rows += [
        ChurnRow("decile", str(k), mean, low, high, observed, float(customers))
        for k, (customers, observed, mean, low, high) in enumerate(check.deciles, start=1)
    ]
    return rows


def _of_sum(null: Fit, place: int) -> tuple[float, float]:
    """Return the 95 % interval of the hazard of a segment of the null model that is not the first."""
    variance = null.covariance[0, 0] + null.covariance[place, place] + 2.0 * null.covariance[0, place]
    value, half = float(np.log(null.hazard[place, 0, 0])), _Z * float(np.sqrt(max(0.0, variance)))
    return float(np.exp(value - half)), float(np.exp(value + half))
