"""Which choice does well wherever one may be: regret and criteria over the points; what it is worth to know more."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wom_sim.outcomes.drivers import by_chance, knowing
from wom_sim.outcomes.splines import bases_by_value, bases_of
from wom_sim.outcomes.statistics import chance_interval, mean_interval
from wom_sim.outcomes.worlds import perfect_information, regrets, resampled
from wom_sim.scenario.used import is_choice
from wom_sim.study.analysis.classes import LEAST_POINTS
from wom_sim.study.analysis.sobol import independent_rows
from wom_sim.study.analysis.study import (
    KEEP,
    Factor,
    NotApplicableError,
    NothingFoundError,
    OtherDesignError,
    Study,
)
from wom_sim.words.said import Said

Floats = NDArray[np.float64]
MONEY = "net_value"
_RESAMPLES = 400
_LEAST_WORLDS = 5
_MOST_CHOICES = 400


class Choices(NamedTuple):
    """What can be chosen, and how each does in each world: ``money`` is worlds x choices.

    A choice is a policy with values of the factors that the firm sets; a world, one combination of all others.
    ``points``: the point of each world and choice.
    """

    names: list[tuple[str, str]]
    money: Floats
    points: NDArray[np.int64]
    worlds: pd.DataFrame


def choices_of(study: Study, output: str) -> Choices:
    """Return the choices of a study and how each does on an output in every world.

    Factors that are the firm's to set (``scenario.used.is_choice``) make choices where the design crosses them with all
    others; else every factor is part of the world, and the policies are the choices. Keeping everyone is among them.

    Raises
    ------
    NotApplicableError
        If there are too few worlds, or no world has a run of every choice.
    """
    if study.kind in ("morris", "one_at_a_time"):
        raise OtherDesignError(Said("analysis.together", what=Said("analysis.what.worlds"), kind=study.kind))
    points = independent_rows(study)
    levers = [f for f in study.varied if is_choice(f.key)]
    others = [f for f in study.varied if f not in levers]
    crossed = _crossed(study, levers, others, points) if levers and others else None
    settings, worlds = crossed if crossed is not None else (np.zeros(len(points), int), np.arange(len(points)))
    shown = levers if crossed is not None else []
    grid = np.full((worlds.max() + 1, settings.max() + 1), -1, dtype=np.int64)
    grid[worlds, settings] = points
    names, columns, at = [(KEEP, "")], [np.zeros(len(grid))], [grid[:, 0]]
    for policy in study.policies if study.reference == KEEP else [study.reference, *study.policies]:
        means = _means(study, policy, output)
        for setting in range(grid.shape[1]):
            if shown and not any(study.uses(policy, f.key) for f in shown) and setting:
                continue
            mine = grid[:, setting]
            names.append((policy, _said(study, [f for f in shown if study.uses(policy, f.key)], int(mine[0]))))
            columns.append(means[mine])
            at.append(mine)
    values = np.column_stack(columns)
    whole = np.asarray(~np.isnan(values).any(axis=1))
    if whole.sum() < _LEAST_WORLDS:
        raise NotApplicableError(Said("analysis.few_worlds", n=int(whole.sum()), least=_LEAST_WORLDS))
    if values.shape[1] > _MOST_CHOICES:
        raise NotApplicableError(Said("analysis.many_choices", n=values.shape[1], most=_MOST_CHOICES))
    if not whole.all():
        study.leave_out(Said("analysis.gaps", gone=int((~whole).sum()), worlds=len(whole)))
    kept = study.design.iloc[grid[whole, 0]][[f.key for f in (others if shown else study.varied)]]
    return Choices(names, values[whole], np.column_stack(at)[whole], kept.reset_index(drop=True))


def _means(study: Study, policy: str, output: str) -> Floats:
    runs = study.values(policy, output)
    seen = ~np.isnan(runs)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(seen, runs, 0.0).sum(axis=1) / np.where(seen.any(axis=1), seen.sum(axis=1), np.nan))


def _crossed(
    study: Study, levers: Sequence[Factor], others: Sequence[Factor], points: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]] | None:
    """Return for each point the number of its choice and of its world; None where they are not crossed."""
    found = []
    for factors in (levers, others):
        rows = pd.DataFrame({f.key: study.column(f).iloc[points].to_numpy() for f in factors})
        found.append(rows.groupby(list(rows), sort=False, dropna=False).ngroup().to_numpy())
    size = (found[0].max() + 1) * (found[1].max() + 1)
    pairs = len(set(zip(found[0].tolist(), found[1].tolist(), strict=True)))
    return (found[0], found[1]) if pairs == size == len(points) and found[1].max() + 1 >= _LEAST_WORLDS else None


def _said(study: Study, levers: Sequence[Factor], point: int) -> str:
    return "; ".join(f"{f.key} = {study.column(f).iloc[point]}" for f in levers)


# -- robustness ----------------------------------------------------------------------------------------------


def robust(study: Study) -> pd.DataFrame:
    """Return how well each choice does over all worlds of the study, the most robust first.

    ``mean``: of net value over the worlds; ``worst``: in the worst of them; ``worst_decile``: the mean of the worst
    tenth. ``regret_mean``, ``regret_p90``, ``regret_most``: what it falls short of the best choice of the world.
    ``meets``: the share of worlds in which it meets the study's criteria (``[[criteria]]`` of the study file; if there
    are none: net value of at least 0), a domain criterion. With 95 % intervals over the worlds. ``frontier``: no other
    choice is as good in mean, mean regret and share that meets, and better in one. Worlds count alike, as they are in
    the design; with few replications regret counts luck as if it could be known.

    Source: Savage 1951 for regret; Starr 1962 for the domain criterion; as in McPhail et al. 2018, "Robustness metrics:
    how are they calculated, when should they be used and why do they give different results?"

    Raises
    ------
    NotApplicableError
        If net value was not measured, or there are too few worlds.
    """
    if MONEY not in study.outputs:
        raise NotApplicableError(Said("analysis.regret", output=MONEY))
    found = choices_of(study, MONEY)
    short, meets = regrets(found.money), _meets(study, found)
    rows = []
    for k, (policy, levers) in enumerate(found.names):
        own, regret = found.money[:, k], short[:, k]
        worst = np.sort(own)[: max(1, round(len(own) / 10))]
        rows.append(
            {"policy": policy, "levers": levers}
            | dict(zip(("mean", "low", "high"), mean_interval(own), strict=True))
            | {"worst": own.min(), "worst_decile": worst.mean()}
            | dict(zip(("regret_mean", "regret_low", "regret_high"), mean_interval(regret, signed=False), strict=True))
            | {"regret_p90": float(np.quantile(regret, 0.9)), "regret_most": regret.max()}
            | dict(zip(("meets", "meets_low", "meets_high"), chance_interval(meets[:, k]), strict=True))
            | {"worlds": len(own)}
        )
    table = pd.DataFrame(rows)
    goals = table[["mean", "regret_mean", "meets"]].to_numpy() * np.array([1.0, -1.0, 1.0])
    table["frontier"] = [not bool(((goals >= g).all(axis=1) & (goals > g).any(axis=1)).any()) for g in goals]
    return table.sort_values(["meets", "regret_mean"], ascending=[False, True], kind="stable").reset_index(drop=True)


def _meets(study: Study, found: Choices) -> Floats:
    """Return in which worlds (rows) each choice (column) meets all criteria."""
    criteria = study.criteria or ((MONEY, ">=", 0.0),)
    compare: dict[str, Callable[[Floats, float], NDArray[np.bool_]]] = {">=": operator.ge, "<=": operator.le}
    meets = np.ones(found.money.shape, dtype=bool)
    for output, sign, limit in criteria:
        for k, (policy, _) in enumerate(found.names):
            means = np.zeros(len(study.design)) if policy == KEEP else _means(study, policy, output)
            meets[:, k] &= compare[sign](means[found.points[:, k]], limit)
    return meets.astype(np.float64)


# -- worth of knowing ----------------------------------------------------------------------------------------


def worth(study: Study) -> pd.DataFrame:
    """Return what it is worth to know each factor before choosing (EVPPI), and to know all of them (EVPI).

    Choices are those of ``robust``, each world counting alike, so that the worlds should be drawn as likely as they are
    (a hypercube, a table of draws). ``evppi`` has a 95 % interval and ``by_chance``, what the luckiest factor reaches
    in one case of twenty where none is worth anything; ``beyond_chance`` says whether it is above. A factor that is no
    number is taken by its values; one that the firm sets is known to it, and has no row. ``evpi``: what it is worth to
    know all factors; with few replications it counts luck as if it could be known. ``best``: the choice without
    knowing.

    Source: Strong, Oakley & Brennan 2014, as for worlds (``outcomes.drivers``).

    Raises
    ------
    NotApplicableError
        If net value was not measured, or there are too few worlds.
    """
    if MONEY not in study.outputs:
        raise NotApplicableError(Said("analysis.knowing", output=MONEY))
    found = choices_of(study, MONEY)
    if len(found.money) < LEAST_POINTS:
        raise NotApplicableError(Said("analysis.few_to_know", n=len(found.money), least=LEAST_POINTS))
    gaps = found.money - found.money[:, [int(np.argmax(found.money.mean(axis=0)))]]
    if np.ptp(gaps) == 0.0:
        raise NothingFoundError(Said("analysis.same_choices"))
    factors = [f for f in study.varied if f.key in found.worlds and not is_choice(f.key)]
    if not factors:
        raise NothingFoundError(Said("analysis.own_factors"))
    codes = [_coded(study, f, found) for f in factors]
    bases = [bases_of(x) if f.numeric else bases_by_value(x) for f, x in zip(factors, codes, strict=True)]
    chance, _ = by_chance(gaps, bases, study.seed)
    again = resampled(len(gaps), _RESAMPLES, study.seed)
    everything = perfect_information(found.money, again)
    best = " ".join(part for part in found.names[int(np.argmax(found.money.mean(axis=0)))] if part)
    rows = []
    for factor, x, basis in zip(factors, codes, bases, strict=True):
        used = any(study.uses(policy, factor.key) for policy in study.policies)
        known = knowing(gaps, x, basis, again)
        told = (known.value, known.low, max(known.high, chance)) if used else (0.0, 0.0, 0.0)
        rows.append(
            {"factor": factor.key} | dict(zip(("evppi", "low", "high"), told, strict=True))
            | {"by_chance": chance, "beyond_chance": used and known.value > chance, "used": used}
            | {"flips": known.flips if used else 0.0, "flip_at": known.flip_at if used and factor.numeric else np.nan}
            | dict(zip(("evpi", "evpi_low", "evpi_high"), everything, strict=True))
            | {"best": best, "worlds": len(gaps)}
        )  # fmt: skip
    order = pd.DataFrame(rows).sort_values("evppi", ascending=False, kind="stable")
    return order.reset_index(drop=True)


def _coded(study: Study, factor: Factor, found: Choices) -> Floats:
    """Return the values of a factor in each world; of what is no number, the number of its value."""
    return np.asarray(study.coded([factor])[found.points[:, 0], 0], dtype=np.float64)
