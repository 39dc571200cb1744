"""The monthly hazard of leaving by segment, time as a customer and season, fitted with lifelines.

A piecewise-exponential model with proportional hazards: constant within a piece of the time as a customer, times a
factor of the segment, times a factor of the month of the year. Chosen before Cox, whose baseline has no value beyond
the last departure and is a step at each, and before Weibull, whose hazard must rise or fall throughout. Time at risk
is cut at every border, so that late entry and censoring are exact. Where dates are not known, a departure is known to
the month alone, and its likelihood is that of an interval (complementary log-log of the month's chance).
Source: Friedman (1982), piecewise exponential models; Prentice & Gloeckler (1978), grouped survival data.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wom_sim.intake.history import BREAKS, History, months_at_end, pieces_at_end, slices

FEWEST = 10
"""Departures that each number of the model needs. Source: Peduzzi et al. (1995), ten events per variable."""
SEASON_MONTHS = 24
"""Months of history that a season needs: one year alone cannot tell a season from a trend. Assumption."""
OTHERS = ""
"""Segments with too few departures are taken together under this name, with customers of unknown segment."""
_LEAST = 1e-9
_CHI_SQUARE_11 = 19.675
"""95 % of a chi-square of 11 degrees of freedom."""
_HOW = "pip install 'wom_sim[churn]'"


class ChurnError(ValueError):
    """A churn model cannot be made; the message says why."""


class Levels(NamedTuple):
    """What the model tells apart: breaks of the time as a customer, segments, and whether months of the year."""

    breaks: tuple[float, ...]
    segments: tuple[str, ...]
    season: bool

    def places(self, names: NDArray[np.object_]) -> NDArray[np.int64]:
        """Return the place of each segment's name."""
        known = {name: k for k, name in enumerate(self.segments)}
        if OTHERS not in known and known:
            known[OTHERS] = 0
        return np.array([known.get(name, known[OTHERS]) for name in names.tolist()], dtype=np.int64)


class Number(NamedTuple):
    """A number of the model with its 95 % interval; ``section`` is tenure, segment or season."""

    section: str
    name: str
    value: float
    low: float
    high: float


class Fit(NamedTuple):
    """A fitted model: the hazard of a free month by (segment, piece, month of the year), and its numbers."""

    levels: Levels
    hazard: NDArray[np.float64]
    numbers: list[Number]
    covariance: NDArray[np.float64]
    log_likelihood: float


def check_installed() -> str:
    """Return the version of lifelines. Raises ChurnError, which says how to install it, where it is not there."""
    try:
        import lifelines
    except ImportError:
        raise ChurnError(f"a churn model needs the package lifelines, which is not installed: {_HOW}") from None
    return str(lifelines.__version__)


def levels_of(history: History, by_tenure: bool = True, breaks: Sequence[float] = BREAKS) -> Levels:
    """Return what a history can tell apart: each piece, segment and month with ``FEWEST`` departures or more.

    ``by_tenure``: False is the null model, the mean of each segment.
    """
    gone = history.of(history.left)
    counts = {str(name): 0 for name in np.unique(history.segment.astype(str))}
    for name in gone.segment.astype(str).tolist():
        counts[name] += 1
    ranked = sorted((name for name in counts if name != OTHERS), key=lambda name: (-counts[name], name))
    apart = [name for name in ranked if counts[name] >= FEWEST]
    rest = sum(counts.values()) - sum(counts[name] for name in apart)
    together = OTHERS in counts or len(apart) < len(ranked)
    while together and apart and rest < FEWEST:
        rest += counts[apart.pop()]
    segments = (*apart, OTHERS) if together or not apart else tuple(apart)
    if not by_tenure:
        return Levels((), segments, False)
    chosen: list[float] = []
    tenures = np.round(gone.end - gone.since, 9)
    for limit in breaks:
        low = chosen[-1] if chosen else -1.0
        if ((tenures > low) & (tenures <= limit)).sum() >= FEWEST and (tenures > limit).sum() >= FEWEST:
            chosen.append(limit)
    season = False
    if history.dated and -float(history.entry.min()) + float(history.end.max()) >= SEASON_MONTHS - 0.5:
        season = bool(np.bincount(months_at_end(gone), minlength=12).min() >= FEWEST)
    return Levels(tuple(chosen), segments, season)


def fit(history: History, levels: Levels) -> Fit:
    """Return the hazards of a history. Raises ChurnError where lifelines is lacking or finds no solution."""
    check_installed()
    rows = _cells(history, levels)
    pieces = [f"piece_{k}" for k in range(len(levels.breaks) + 1)]
    segments = [f"segment_{k}" for k in range(1, len(levels.segments))]
    months = [f"month_{k}" for k in range(1, 12)] if levels.season else []
    for kind, names in (("piece", pieces), ("segment", segments), ("month", months)):
        for name in names:
            rows[name] = (rows[kind] == int(name.split("_")[1])).astype(np.float64)
    columns = [*pieces, *segments, *months]
    start = np.log(rows["events"].sum() / max(_LEAST, float((rows["exposure"] * rows["count"]).sum())))
    coefficients, covariance, likelihood = _solve(
        rows, columns, len(pieces), start, exact=history.dated or history.window > 1.0
    )
    log_hazard = np.zeros((len(levels.segments), len(pieces), 12))
    log_hazard += coefficients[: len(pieces)][None, :, None]
    after = len(pieces) + len(segments)
    log_hazard += np.concatenate(([0.0], coefficients[len(pieces) : after]))[:, None, None]
    if levels.season:
        log_hazard += np.concatenate(([0.0], coefficients[after:]))[None, None, :]
    found = Fit(levels, np.exp(log_hazard), [], covariance, likelihood)
    return found._replace(numbers=_numbers(levels, coefficients, covariance))


def best(history: History) -> Fit:
    """Return the model of a history; with a season where it explains more than chance (likelihood ratio, 11 df)."""
    levels = levels_of(history)
    found = fit(history, levels)
    if not levels.season:
        return found
    without = fit(history, levels._replace(season=False))
    return found if 2.0 * (found.log_likelihood - without.log_likelihood) > _CHI_SQUARE_11 else without


def _cells(history: History, levels: Levels) -> pd.DataFrame:
    """Return months at risk and departures by (segment, piece, month); without dates one row for each length as well.

    ``count`` is the number of rows of this kind, ``exposure`` the months of one, ``events`` departures in all.
    """
    place = levels.places(history.segment)
    at_end, month_end = pieces_at_end(history, levels.breaks), months_at_end(history)
    exact, parts = history.dated or history.window > 1.0, []
    if not exact:
        # Within one month: a customer is in the piece in which they were last seen.
        there = np.zeros(len(history))
        for each in slices(history, (), False):
            there[each.who] += each.at_risk
        frame = pd.DataFrame(
            {"segment": place, "piece": at_end, "month": 0, "exposure": np.round(there, 6), "left": history.left}
        )
        grouped = frame[frame["exposure"] > 0.0].groupby(["segment", "piece", "month", "exposure", "left"])
        rows = grouped.size().rename("count").reset_index()
        return rows.assign(events=rows["count"] * rows["left"])
    for each in slices(history, levels.breaks, levels.season):
        at_risk = np.bincount(place[each.who], weights=each.at_risk, minlength=len(levels.segments))
        parts += [(k, each.piece, each.month, total) for k, total in enumerate(at_risk.tolist()) if total > 0.0]
    rows = pd.DataFrame(parts, columns=["segment", "piece", "month", "exposure"])
    rows = rows.groupby(["segment", "piece", "month"], as_index=False)["exposure"].sum()
    gone = pd.DataFrame({"segment": place, "piece": at_end, "month": month_end if levels.season else 0})[history.left]
    events = gone.groupby(["segment", "piece", "month"]).size().rename("events").reset_index()
    rows = rows.merge(events, how="outer", on=["segment", "piece", "month"]).fillna({"exposure": 0.0, "events": 0})
    # d departures in E months: the likelihood of d rows of E/d months, each with a departure.
    rows["left"] = rows["events"] > 0
    rows["count"] = rows["events"].clip(lower=1.0)
    return rows.assign(exposure=(rows["exposure"] / rows["count"]).clip(lower=_LEAST))


def _solve(
    rows: pd.DataFrame, columns: list[str], pieces: int, start: float, exact: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Return the exponential regression of rows by lifelines: coefficients, covariance, and log-likelihood."""
    import autograd.numpy as anp
    from lifelines.exceptions import ConvergenceError, StatError
    from lifelines.fitters import ParametricRegressionFitter

    class Monthly(ParametricRegressionFitter):  # type: ignore[misc]
        """A hazard that is constant within a row; as lifelines describes models of one's own."""

        _fitted_parameter_names = ["log_"]  # noqa: RUF012 - the interface of lifelines
        _KNOWN_MODEL = True

        def _cumulative_hazard(self, params: Any, months: Any, columns_of: Any) -> Any:
            return anp.exp(anp.dot(columns_of["log_"], params["log_"])) * months

        def _log_hazard(self, params: Any, months: Any, columns_of: Any) -> Any:
            return anp.dot(columns_of["log_"], params["log_"])

        def _survival_function(self, params: Any, months: Any, columns_of: Any) -> Any:
            # ``inf``, not seen to leave, has no gradient: it is taken out before, and 0 put in after.
            never = np.isinf(months)
            return anp.where(
                never, 0.0, anp.exp(-self._cumulative_hazard(params, np.where(never, 1.0, months), columns_of))
            )

        def _create_initial_point(self, times: Any, seen: Any, entries: Any, weights: Any, columns_of: Any) -> Any:
            # All pieces at the mean; lifelines divides columns by their standard deviation.
            scale = columns_of.std(0)["log_"].to_numpy()
            scale = np.where(scale < 1e-8, 1.0, scale)
            return {"log_": np.where(np.arange(len(columns)) < pieces, start, 0.0) * scale}

    used = rows[[*columns, "count", "exposure", "left"]].astype(np.float64)
    told: dict[str, Any] = {"weights_col": "count", "regressors": {"log_": columns}}
    model = Monthly()
    try:
        if exact:
            model.fit_right_censoring(used.assign(left=rows["left"].to_numpy()), "exposure", event_col="left", **told)
        else:
            left = rows["left"].to_numpy(dtype=bool)
            lower = np.where(left, 0.0, used["exposure"])
            upper = np.where(left, used["exposure"], np.inf)
            used = used.drop(columns=["exposure", "left"]).assign(lower=lower, upper=upper)
            model.fit_interval_censoring(used, "lower", "upper", **told)
    except (ConvergenceError, StatError, np.linalg.LinAlgError) as error:
        words = " ".join(str(error).split())[:200]
        raise ChurnError(f"lifelines finds no churn model of this history: {words}") from None
    index = [("log_", name) for name in columns]
    covariance = model.variance_matrix_.loc[index, index].to_numpy()
    return model.params_.loc[index].to_numpy(), covariance, float(model.log_likelihood_)


def _numbers(levels: Levels, coefficients: NDArray[np.float64], covariance: NDArray[np.float64]) -> list[Number]:
    """Return hazards by piece for the first segment in a mean month, and factors of segments and months of the year."""
    pieces, segments = len(levels.breaks) + 1, len(levels.segments)
    after, size = pieces + segments - 1, len(coefficients)
    found = []

    def number(section: str, name: str, value: Any, gradient: NDArray[np.float64]) -> Number:
        half = 1.96 * math.sqrt(max(0.0, float(gradient @ covariance @ gradient)))
        return Number(section, name, *(math.exp(value + each * half) for each in (0, -1, 1)))

    season, slope = 0.0, np.zeros(size)
    months = np.concatenate(([0.0], coefficients[after:])) if levels.season else np.zeros(0)
    if levels.season:
        season = float(np.log(np.exp(months).mean()))
        slope[after:] = np.exp(months[1:]) / np.exp(months).sum()
    limits = (0.0, *levels.breaks)
    for k in range(pieces):
        gradient = slope.copy()
        gradient[k] += 1.0
        upper = f"{limits[k + 1]:g}" if k + 1 < len(limits) else ""
        name = f"{limits[k]:g}-{upper}" if upper else f"{limits[k]:g}+"
        found.append(number("tenure", name, coefficients[k] + season, gradient))
    for k, name in enumerate(levels.segments):
        gradient = np.zeros(size)
        if k:
            gradient[pieces + k - 1] = 1.0
        found.append(number("segment", name, coefficients[pieces + k - 1] if k else 0.0, gradient))
    for k in range(len(months)):
        gradient = -slope
        if k:
            gradient[after + k - 1] += 1.0
        found.append(number("season", str(k + 1), months[k] - season, gradient))
    return found


def expected(history: History, found: Fit) -> NDArray[np.float64]:
    """Return the cumulated hazard of each customer over the time in which they are seen."""
    place, total = found.levels.places(history.segment), np.zeros(len(history))
    if not history.dated and history.window <= 1.0:
        at_end = pieces_at_end(history, found.levels.breaks)
        for each in slices(history, (), False):
            total[each.who] += each.at_risk * found.hazard[place[each.who], at_end[each.who], 0]
        return total
    for each in slices(history, found.levels.breaks, found.levels.season):
        total[each.who] += each.at_risk * found.hazard[place[each.who], each.piece, each.month]
    return total


def chance_now(found: Fit, tenure: NDArray[np.float64], segment: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return the chance to leave in a month without a contract, the mean over the months of the year; NaN: no tenure.

    Who has been a customer for exactly as long as a break is at the beginning of the next piece.
    """
    chance = (1.0 - np.exp(-found.hazard)).mean(axis=2)
    piece = np.searchsorted(np.asarray(found.levels.breaks), np.nan_to_num(tenure), side="right")
    values = chance[found.levels.places(segment), piece]
    return values if not found.levels.breaks else np.where(np.isnan(tenure), np.nan, values)


def concordance(seen: NDArray[np.float64], rate: NDArray[np.float64], left: NDArray[np.bool_]) -> float:
    """Return how often, of two customers, the one with the higher hazard left first (Harrell's C); ties count half."""
    from lifelines.utils import concordance_index

    try:
        return float(concordance_index(np.maximum(seen, 1e-9), -rate, left))
    except ZeroDivisionError:
        return float("nan")
