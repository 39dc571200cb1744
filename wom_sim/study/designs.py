"""Designs: from factors to points. A point is a row of values, one for each factor, in a fixed order."""

from __future__ import annotations

import math
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wom_sim.scenario.distributions import ANY, Distribution
from wom_sim.scenario.errors import Fault, ScenarioError, visible
from wom_sim.scenario.overrides import slot_of
from wom_sim.scenario.ranges import limits_of
from wom_sim.scenario.tree import Node, origin_at, plain
from wom_sim.study.joint_draws import correlated, drawn_jointly
from wom_sim.study.point_table import read_points
from wom_sim.study.points import Points
from wom_sim.study.study_file import LARGEST, Factor, StudyFile

_DEFAULT_SEED = 2007
_SEEDS = 2**31 - 2


def points_of(said: StudyFile, base: Node, root: Node, folder: Path) -> Points:
    """Return the points of a study. ``base``: the scenario's tree; ``root``: the study's; ``folder``: its folder.

    Raises ScenarioError, with file, line and key, if the design cannot be made.
    """
    if said.design.file is not None:
        origin = origin_at(root, ("design", "file"))
        return read_points(Path(origin.file).parent / said.design.file, origin, base)
    factors = [_Axis(factor, base, root, number) for number, factor in enumerate(said.factors)]
    columns = tuple(factor.key for factor in said.factors)
    kind = said.design.kind
    if kind == "grid":
        levels = [axis.levels() for axis in factors]
        _check_size(math.prod(map(len, levels)), root)
        return Points(columns, list(product(*levels)))
    if kind == "one_at_a_time":
        return Points(columns, list(_one_at_a_time(factors)))
    seed = design_seed(said)
    joint = said.design.posterior
    unit = _sampled(said, len(factors) + (joint is not None), seed, root)
    if said.design.correlations:
        unit[:, : len(factors)] = _going_together(unit[:, : len(factors)], said, root)
    drawn = [axis.drawn(unit[:, number]) for number, axis in enumerate(factors)]
    rows: list[tuple[Any, ...]] = list(zip(*drawn, strict=True)) if drawn else [()] * len(unit)
    if joint is None:
        return Points(columns, rows, seed)
    learned, more = _learned(joint, unit[:, -1], root, (base, columns))
    return Points((*columns, *learned), [(*row, *draw) for row, draw in zip(rows, more, strict=True)], seed)


def _going_together(unit: NDArray[np.float64], said: StudyFile, root: Node) -> NDArray[np.float64]:
    """Return the points with the correlations that are asked for."""
    ranks = {pair.between: pair.rank for pair in said.design.correlations}
    try:
        return correlated(unit, [factor.key for factor in said.factors], ranks)
    except ValueError as error:
        raise _design_fault(root, str(error)) from None


def _learned(
    posterior: str, unit: NDArray[np.float64], root: Node, known: tuple[Node, tuple[str, ...]]
) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """Return keys and joint draws of ``design.posterior``. ``known``: the scenario, and the keys that are factors."""
    base, columns = known
    origin = origin_at(root, ("design", "posterior"))

    def fault(message: str) -> ScenarioError:
        return ScenarioError([Fault(origin.file, origin.line, "design.posterior", message=visible(message))])

    try:
        keys, rows = drawn_jointly(Path(origin.file).parent / posterior, unit)
    except ValueError as error:
        raise fault(str(error)) from None
    twice = [key for key in keys if key in columns]
    strange = [key for key in keys if slot_of(base, key)[0] is None]
    if twice or strange:
        what = (
            f"draws {twice[0]}, which is a factor as well" if twice else f"draws {strange[0]}, no key of the scenario"
        )
        raise fault(what)
    whole = [int in slot.kinds and float not in slot.kinds for slot in (slot_of(base, key)[0] for key in keys) if slot]
    return keys, [tuple(round(v) if w else v for v, w in zip(row, whole, strict=True)) for row in rows]


def design_seed(said: StudyFile) -> int:
    """Return the seed of a sampled design, 1 to 2^31 - 2: SALib takes 0 for "no seed"."""
    given = said.design.seed if said.design.seed is not None else said.seed
    return 1 + ((_DEFAULT_SEED if given is None else given) - 1) % _SEEDS


class _Axis:
    """A factor with what the scenario says of its key."""

    def __init__(self, factor: Factor, base: Node, root: Node, number: int) -> None:
        self.factor, self.root, self.number = factor, root, number
        slot, node = slot_of(base, factor.key)
        self.slot = slot
        kinds = slot.kinds if slot is not None else ()
        self.whole = factor.integer if factor.integer is not None else int in kinds and float not in kinds
        default = slot.default if slot is not None else None
        found = plain(node) if node is not None else None if default is ... else default
        self.now = found if isinstance(found, bool | int | float | str) else None

    def levels(self) -> list[Any]:
        """Return the values in a grid: those listed, or evenly spaced steps."""
        factor = self.factor
        if factor.values is not None:
            return list(factor.values)
        if factor.steps is None or factor.low is None:
            needed = "low and high" if factor.low is None else "low, high and steps"
            raise self._fault(f"needs values, or {needed}")
        return list(dict.fromkeys(self._from_unit(u) for u in np.linspace(0.0, 1.0, factor.steps)))

    def ends(self) -> list[Any]:
        """Return the values for one at a time: those listed, the steps, or low and high."""
        if self.factor.values is None and self.factor.steps is None and self.factor.low is not None:
            return [self._from_unit(0.0), self._from_unit(1.0)]
        return self.levels()

    def drawn(self, unit: NDArray[np.float64]) -> list[Any]:
        """Return the values for numbers in 0 to 1."""
        values = self.factor.values
        if self.factor.distribution is not None:
            return self._of_distribution(self.factor.distribution, unit)
        if values is not None:
            return [values[min(int(u * len(values)), len(values) - 1)] for u in unit]
        if self.factor.low is None:
            raise self._fault("needs values, or low and high")
        if self.whole and self.factor.scale == "linear":  # each whole number is as likely as the others
            low, high = math.ceil(self.factor.low), math.floor(self.factor.high or 0.0)
            return [low + min(int(u * (high - low + 1)), high - low) for u in unit]
        return [self._from_unit(float(u)) for u in unit]

    def _of_distribution(self, distribution: Distribution, unit: NDArray[np.float64]) -> list[Any]:
        limits = ANY if self.slot is None else limits_of(self.slot)
        outside = distribution.misfit(limits)
        if outside is not None:
            raise self._fault(f"distribution: has {outside:g}, allowed: {limits.low:g} to {limits.high:g}")
        drawn = distribution.at(np.clip(unit, 1e-9, 1.0 - 1e-9), limits)
        return [round(v) if self.whole else float(f"{v:.12g}") for v in drawn.tolist()]

    def _from_unit(self, u: float) -> float | int:
        low, high = self.factor.low or 0.0, self.factor.high or 0.0
        if self.factor.scale == "log":
            value = low if u <= 0.0 else high if u >= 1.0 else math.exp(math.log(low) + u * math.log(high / low))
        else:
            value = high if u >= 1.0 else low + u * (high - low)
        if self.whole:
            return min(max(round(value), math.ceil(low)), math.floor(high))
        return float(f"{value:.12g}")  # 100, not 100.00000000000004

    def _fault(self, message: str) -> ScenarioError:
        return _factor_fault(self.root, self.number, message)


def _one_at_a_time(axes: list[_Axis]) -> list[tuple[Any, ...]]:
    """Return the scenario as it is, then each factor at each of its other values, all others as they are."""
    now = tuple(axis.now for axis in axes)
    rows = [now]
    for number, axis in enumerate(axes):
        rows += [
            (*now[:number], value, *now[number + 1 :])
            for value in axis.ends()
            if type(value) is not type(now[number]) or value != now[number]
        ]
    return rows


def _sampled(said: StudyFile, factors: int, seed: int, root: Node) -> NDArray[np.float64]:
    """Return the points of a sampled design in the unit cube, a column a factor."""
    design, samples = said.design, said.design.samples or 1
    least = 2 if design.kind in ("sobol", "saltelli") else 1
    if factors < least:
        least_words = "one factor" if least == 1 else "two factors"
        why = ": with one there is nothing to share the variance with" if least > 1 and factors else ""
        raise _design_fault(root, f"kind = '{design.kind}' needs at least {least_words}{why}")
    for number, factor in enumerate(said.factors):
        if design.kind != "latin_hypercube" and factor.values is not None and len(factor.values) < 2:
            message = f"values: has one value; kind = '{design.kind}' needs two or more, to step from one to another"
            raise _factor_fault(root, number, message)
    sizes = {"latin_hypercube": 1, "morris": factors + 1}
    _check_size(samples * sizes.get(design.kind, (2 if design.second_order else 1) * factors + 2), root)
    problem = {"num_vars": factors, "names": [str(n) for n in range(factors)], "bounds": [[0.0, 1.0]] * factors}
    if design.kind == "latin_hypercube":
        from SALib.sample import latin

        drawn = latin.sample(problem, samples, seed=seed)
    elif design.kind == "morris":
        from SALib.sample import morris

        drawn = _by_pairs(morris.sample(problem, samples, num_levels=design.levels, seed=seed), said, seed)
    else:
        from SALib.sample import sobol

        drawn = sobol.sample(problem, samples, calc_second_order=design.second_order, seed=seed)
    return np.asarray(drawn, dtype=np.float64)


def _by_pairs(drawn: NDArray[np.float64], said: StudyFile, seed: int) -> NDArray[np.float64]:
    """Return Morris' trajectories in which a factor with a list of values steps between values of it.

    Levels of a grid that is laid over a list pass values over: of three words, four levels never step between the first
    two; of five numbers, they never come to the middle one. So each trajectory steps between two values of the list:
    words between any two, all pairs as often as each other; numbers by half of the list or more, as Morris' steps do.
    """
    found = drawn.reshape(-1, len(said.factors) + 1, len(said.factors)).copy()
    for number, factor in enumerate(said.factors):
        if factor.values is None:
            continue
        size, words = len(factor.values), any(isinstance(v, bool | str) for v in factor.values)
        least = 1 if words else max(1, size // 2)
        pairs = [(a, b) for a in range(size) for b in range(size) if abs(a - b) >= least]
        generator = np.random.default_rng([seed, number])
        order = [pair for _ in range(len(found) // len(pairs) + 1) for pair in generator.permutation(pairs).tolist()]
        for trajectory, (first, last) in zip(found, order, strict=False):
            before = trajectory[:, number] == trajectory[0, number]
            trajectory[:, number] = np.where(before, first + 0.5, last + 0.5) / size
    return found.reshape(drawn.shape)


def _check_size(points: int, root: Node) -> None:
    if points > LARGEST:
        raise _design_fault(root, f"makes {points:,} points, allowed: at most {LARGEST:,}")


def _factor_fault(root: Node, number: int, message: str) -> ScenarioError:
    origin = origin_at(root, ("factors", number))
    return ScenarioError([Fault(origin.file, origin.line, f"factors[{number}]", message=visible(message))])


def _design_fault(root: Node, message: str) -> ScenarioError:
    origin = origin_at(root, ("design",))
    return ScenarioError([Fault(origin.file, origin.line, "design", message=visible(message))])
