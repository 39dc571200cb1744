"""Break-even: for which values of a number, or of two, a policy is worth as much as another."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from wom_sim._notebook import Shown, ShowsItself
from wom_sim.outcomes.break_even import Zero, verdicts, zeros
from wom_sim.outcomes.indicators import INDICATORS
from wom_sim.outcomes.units import known, rare_names
from wom_sim.scenario import Scenario
from wom_sim.scenario.axes import Axis
from wom_sim.scenario.beyond import beyond, in_short
from wom_sim.scenario.uncertain import central_values, with_values
from wom_sim.scenario.used import uses
from wom_sim.simulation import policy_of
from wom_sim.study.break_even_words import in_words
from wom_sim.study.caveats import of_central
from wom_sim.study.execute import side_by_side
from wom_sim.study.plan import counted, plan, span
from wom_sim.study.settled import SettledRunner
from wom_sim.words import Words

TOLD = ("lost_profitable", "joins_lost", "reached", "let_go")
"""What is told of the policy at the break-even, beside money."""
Tell = Callable[[int, int, str], None]
_NET = next(i for i in INDICATORS if i.name == "net_value")
_RARE = "differs in "
"""Before the name of what may be rare and dear, in which the two policies differ in a run."""


@dataclass(frozen=True)
class Question:
    """What is asked: ``policy`` is held against ``against`` along one axis, or two."""

    policy: str
    against: str
    axes: tuple[Axis, ...]
    points: int


@dataclass(frozen=True)
class BreakEven(ShowsItself):
    """The answer. ``runs``: value, value2, replication, difference, and ``TOLD`` of the policy.

    ``table``: policy, parameter, value, second, value2, difference, low, high (95 % interval over replications on
    common luck), verdict, n, and in ``beyond`` what lies beyond the range for which it is known how people react.
    ``line``: value, low, high, rises and, with a second number, value2: where they are equal. With one number also
    the means of ``TOLD`` there.
    """

    scenario: Scenario
    question: Question
    runs: pd.DataFrame
    table: pd.DataFrame
    line: pd.DataFrame

    @property
    def answer(self) -> str:
        """Return the answer in a sentence or two."""
        return in_words(self)

    def _shown(self) -> Shown:
        """Return what it shows of itself in a notebook."""
        from wom_sim.study.shown import broken_even

        return broken_even(self)


def break_even(
    scenario: Scenario,
    question: Question,
    *,
    workers: int | None = None,
    progress: Tell = lambda done, total, words: None,
) -> BreakEven:
    """Return where a policy is worth as much as another.

    With one number, ``question.points`` values over its range are run, then more where the sign changes, by halving.
    With two, a grid of as many values each way. Every run of a replication has the same luck.

    Raises
    ------
    ValueError
        If there is no such policy, memory does not suffice, or a value does not fit the scenario.
    """
    search = _Search(scenario, question, workers, progress)
    axes = question.axes
    grid = [axis.values(question.points) for axis in axes]
    if len(axes) == 2:
        search.run([(a, b) for b in grid[1] for a in grid[0]])
        return search.answer()
    search.run([(a,) for a in grid[0]])
    for _ in range(_HALVINGS):
        between = search.between(axes[0])
        if not between:
            break
        search.run([(value,) for value in between])
    return search.answer()


_HALVINGS = 5


class _Search:
    """Runs points and remembers them."""

    def __init__(self, scenario: Scenario, question: Question, workers: int | None, progress: Tell) -> None:
        if question.policy == question.against:
            raise ValueError(f"{question.policy!r} cannot be held against itself")
        self.scenario, self.question, self._progress = scenario, question, progress
        self._names = (question.policy, question.against)
        for name in self._names:
            policy_of(scenario, name)
        self._workers = plan(scenario, "compiled", workers).workers
        self._runner = SettledRunner(scenario, [axis.key for axis in question.axes])
        self._rows: list[dict[str, Any]] = []
        self._done = 0
        self._runner.prepare()

    def run(self, points: list[tuple[float, ...]]) -> None:
        """Run both policies at each of the points, in every replication."""
        total = self._done + len(points)
        found: dict[int, list[dict[str, Any]]] = {}
        for number, rows in side_by_side(lambda k: self._at(points[k]), range(len(points)), self._workers):
            found[number] = rows
            self._done += 1
            said = ", ".join(f"{a.key} = {v:g}" for a, v in zip(self.question.axes, points[number], strict=True))
            self._progress(self._done, total, said)
        for number in sorted(found):
            self._rows += found[number]

    def _at(self, point: tuple[float, ...]) -> list[dict[str, Any]]:
        within = with_values(self.scenario, {a.key: v for a, v in zip(self.question.axes, point, strict=True)})
        policies = [policy_of(within, name) for name in self._names]
        runs = self._runner.run(within, policies, range(within.run.replications))
        rows = []
        for ours, theirs in zip(runs[::2], runs[1::2], strict=True):
            head = dict(zip(("value", "value2"), point, strict=False)) | {"replication": ours["replication"]}
            rare = {f"{_RARE}{name}": ours[name] - theirs[name] for name in rare_names(_NET)}
            gap = {"difference": ours["net_value"] - theirs["net_value"]}
            rows.append(head | gap | {name: ours[name] for name in TOLD} | rare)
        return rows

    def between(self, axis: Axis) -> list[float]:
        """Return the middles of the intervals in which the mean difference changes sign."""
        means = pd.DataFrame(self._rows).groupby("value")["difference"].mean()
        at, sign = means.index.to_numpy(), np.sign(means.to_numpy())
        middles = [axis.middle(at[k], at[k + 1]) for k in np.flatnonzero(sign[1:] * sign[:-1] < 0)]
        return [middle for middle in middles if middle not in set(at)]

    def answer(self) -> BreakEven:
        """Return what was found."""
        runs = pd.DataFrame(self._rows)
        keys = [name for name in ("value", "value2") if name in runs]
        runs = runs.sort_values([*keys[::-1], "replication"], kind="stable", ignore_index=True)
        table = _table(runs, keys, self.question)
        points = table[["value", "value2"][: len(self.question.axes)]].itertuples(index=False, name=None)
        table["beyond"] = [self._beyond(point) for point in points]
        told = runs[[name for name in runs if not name.startswith(_RARE)]]
        return BreakEven(self.scenario, self.question, told, table, self._line(runs))

    def _beyond(self, point: tuple[float, ...]) -> str:
        """Return what of a point lies beyond what is known of how people react, "" if nothing does."""
        within = with_values(self.scenario, {a.key: v for a, v in zip(self.question.axes, point, strict=True)})
        found = beyond(within, [policy_of(within, name) for name in self._names])
        words = Words("en")
        return words.listed([in_short(item, words, within.currency) for item in found])

    def _line(self, runs: pd.DataFrame) -> pd.DataFrame:
        seed = self.scenario.run.seed
        if "value2" not in runs:
            return pd.DataFrame([z._asdict() | _there(runs, z) for z in _zeros(runs, seed)], columns=_LINE + list(TOLD))
        rows = [
            {"value2": second, **zero._asdict()}
            for second, part in runs.groupby("value2", sort=True)
            for zero in _zeros(part, seed)
        ]
        return pd.DataFrame(rows, columns=["value2", *_LINE])


_LINE = ["value", "low", "high", "rises"]


def _zeros(runs: pd.DataFrame, seed: int) -> list[Zero]:
    wide = runs.pivot_table("difference", "value", "replication")
    return zeros(wide.index.to_numpy(dtype=float), wide.to_numpy(dtype=float), seed)


def _there(runs: pd.DataFrame, zero: Zero) -> dict[str, float]:
    """Return the means of ``TOLD`` where the policies are equal, straight between the points."""
    means = runs.groupby("value")[list(TOLD)].mean()
    return {name: float(np.interp(zero.value, means.index.to_numpy(), means[name].to_numpy())) for name in TOLD}


def _table(runs: pd.DataFrame, keys: list[str], question: Question) -> pd.DataFrame:
    """Return a row for each point, the columns of ``breakeven.csv``."""
    axes = question.axes
    rows = []
    for at, part in runs.groupby(keys, sort=False):
        rare = [part[name].to_numpy(dtype=float) for name in part if name.startswith(_RARE)]
        mean, low, high, _ = known(part["difference"].to_numpy(dtype=float), np.arange(len(part)), _NET, rare)
        second = {"second": axes[1].key, "value2": at[1]} if len(axes) > 1 else {"second": "", "value2": math.nan}
        rows.append(
            {
                "policy": question.policy, "parameter": axes[0].key, "value": at[0], **second, "difference": mean,
                "low": low, "high": high, "against": question.against, "n": len(part),
            }
        )  # fmt: skip
    table = pd.DataFrame(rows)
    table.insert(8, "verdict", verdicts(table["low"].to_numpy(), table["high"].to_numpy()))
    return table


# -- in words ------------------------------------------------------------------------------------------------


def plan_in_words(scenario: Scenario, question: Question, workers: int | None) -> str:
    """Return what will be run and what it takes; halving may come on top.

    Raises
    ------
    NotEnoughMemoryError
        If not even one run at a time fits.
    """
    number = math.prod(len(axis.values(question.points)) for axis in question.axes)
    policies = tuple(p for p in scenario.policies if p.name in (question.policy, question.against))
    runs = scenario.run.model_copy(update={"replications": scenario.run.replications * number})
    settled = plan(
        scenario.model_copy(update={"run": runs, "policies": policies or scenario.policies}), "compiled", workers
    )
    low, high = settled.seconds
    ranges = " and ".join(f"{axis.key} from {axis.low:g} to {axis.high:g}" for axis in question.axes)
    return (
        f"{question.policy} against {question.against}, {ranges}: {counted(number, 'point')} of "
        f"{counted(scenario.run.replications, 'replication')} with {settled.who()}, {settled.workers} at a "
        f"time: about {span(low, high)}, {settled.bytes / 2**30:.1f} GiB of memory "
        f"({settled.available / 2**30:.1f} available)."
    )


def notes(scenario: Scenario, question: Question) -> Iterator[str]:
    """Yield what is to be known before: numbers that neither policy uses, distributions at their central values."""
    policies = [policy_of(scenario, name) for name in (question.policy, question.against)]
    for axis in question.axes:
        if not any(uses(scenario, policy, axis.key) for policy in policies):
            yield f"Neither {question.policy} nor {question.against} uses {axis.key}: it changes no result."
    keys = [axis.key for axis in question.axes]
    are = "is" if len(keys) == 1 else "are"
    yield from of_central(central_values(scenario, keys), f"Only {' and '.join(keys)} {are} varied here")
