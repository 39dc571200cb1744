"""A break-even in words: what will be run, what is to be known before, and the answer."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from wom_sim.scenario import Scenario
from wom_sim.scenario.axes import Axis
from wom_sim.scenario.figures import figures_for
from wom_sim.scenario.uncertain import central_values
from wom_sim.scenario.used import uses
from wom_sim.simulation import policy_of
from wom_sim.study.caveats import of_central
from wom_sim.study.cost import counted, plan, span
from wom_sim.words import Words
from wom_sim.words.figures import Figures

if TYPE_CHECKING:
    from wom_sim.study.break_even import BreakEven, Question

_CENT = 0.01
"""An amount below it is told as nothing."""


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
    planned = plan(
        scenario.model_copy(update={"run": runs, "policies": policies or scenario.policies}), "compiled", workers
    )
    low, high = planned.seconds
    ranges = " and ".join(f"{axis.key} from {axis.low:g} to {axis.high:g}" for axis in question.axes)
    return (
        f"{question.policy} against {question.against}, {ranges}: {counted(number, 'point')} of "
        f"{counted(scenario.run.replications, 'replication')} with {planned.who()}, {planned.workers} at a "
        f"time: about {span(low, high)}, {planned.bytes / 2**30:.1f} GiB of memory "
        f"({planned.available / 2**30:.1f} available)."
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


def in_words(found: BreakEven) -> str:
    """Return the answer in a sentence or two, and how much of it is a guess."""
    return " ".join(text for text in (_answer_in_words(found), _guess_in_words(found.table)) if text)


def _guess_in_words(table: pd.DataFrame) -> str:
    """Say at how many points the model goes beyond what is known, with the first of them; "" if at none."""
    guesses = table[table["beyond"] != ""]
    if guesses.empty:
        return ""
    first, words = guesses.sort_values(["value", "value2"]).iloc[0], Words("en")
    return words.say("beyond.points", k=len(guesses), n=len(table), what=first["beyond"])


def _answer_in_words(found: BreakEven) -> str:
    question = found.question
    if len(question.axes) == 2:
        return _map_in_words(found)
    axis = question.axes[0]
    unit = axis.unit.partition(",")[0].replace("currency", found.scenario.currency)
    unit = "" if not unit or unit.startswith("share") else f" {unit}"
    if found.line.empty:
        return _never(found, axis)
    parts = [_one(row, question, axis, unit, found) for row in found.line.to_dict("records")]
    return " ".join([*parts, f"Money counts{_tell(found).over}."])


def _one(row: dict[str, Any], question: Question, axis: Axis, unit: str, found: BreakEven) -> str:
    n = found.scenario.run.replications
    ends = [_end(row[end], axis, end) for end in ("low", "high")]
    interval = f"95 % interval {ends[0]} to {ends[1]} over {n} replications" if n > 1 else "a single run: no interval"
    better = "below" if not row["rises"] else "above"
    value, people = row["value"], _tell(found).people
    lost = people(row["lost_profitable"])
    between = axis.whole and value != round(value)
    place = f"between {math.floor(value)} and {math.ceil(value)}" if between else f"{value:.4g}"
    return (
        f"{question.policy} is worth as much as {question.against} where {axis.key} is {place}{unit} "
        f"({interval}); {better} that it is better. There {lost} profitable "
        f"{'customer is' if lost == '1' else 'customers are'} lost and {people(row['joins_lost'])} "
        f"{'join' if people(row['joins_lost']) == '1' else 'joins'}, of {people(row['let_go'])} let go."
    )


def _tell(found: BreakEven) -> Figures:
    return figures_for(found.scenario)


def _end(value: float, axis: Axis, which: str) -> str:
    if math.isinf(value):
        return f"{'below ' if value < 0 else 'above '}{axis.low if value < 0 else axis.high:.4g}"
    return f"{value:.4g}"


def _never(found: BreakEven, axis: Axis) -> str:
    question, table = found.question, found.table
    verdicts_there = set(table["verdict"])
    nearest = table.loc[table["difference"].abs().idxmin()]
    better = bool((table["difference"] >= 0).all())
    tell, at = _tell(found), f"{nearest['value']:.4g}"
    way = "better" if better else "worse"
    if nearest["difference"] == 0.0:
        least = f"or worth the same, as at {at}"
    elif abs(nearest["difference"]) < _CENT:
        least = f"if only by less than a cent{tell.over} at {at}"
    else:
        least = f"by {tell.money(abs(nearest['difference']))} at least{tell.over} (at {at})"
    sure = "" if "undecided" not in verdicts_there else " on average, though not at every value beyond doubt"
    if (table["difference"] == 0.0).all():
        return f"{question.policy} and {question.against} are worth the same at every value of {axis.key}."
    return (
        f"There is no break-even between {axis.low:g} and {axis.high:g}: {question.policy} is {way} than "
        f"{question.against} throughout{sure}, {least}."
    )


def _map_in_words(found: BreakEven) -> str:
    question, counts = found.question, found.table["verdict"].value_counts()
    text = (
        f"Money counts{_tell(found).over}. "
        f"Of {len(found.table)} points, {question.policy} is better than {question.against} at "
        f"{counts.get('better', 0)}, worse at {counts.get('worse', 0)}, undecided at {counts.get('undecided', 0)}."
    )
    if found.line.empty:
        return f"{text} The mean difference is zero nowhere on this grid."
    row = found.line.iloc[(len(found.line) - 1) // 2]
    return (
        f"{text} They are equal, for example, where {question.axes[0].key} is {row['value']:.4g} and "
        f"{question.axes[1].key} is {row['value2']:.4g}; breakeven_line.csv has the line."
    )
