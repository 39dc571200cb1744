"""A break-even in words: what will be run, what is to be known before, and the answer."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from wom_sim.scenario import Scenario
from wom_sim.scenario.axes import Axis
from wom_sim.scenario.figures import figures_for
from wom_sim.scenario.translation import words_for
from wom_sim.scenario.uncertain import central_values, with_values
from wom_sim.scenario.used import uses
from wom_sim.simulation import policy_of
from wom_sim.study.caveats import of_central
from wom_sim.study.cost import gib, plan, span
from wom_sim.study.points_beyond import beyond_in_short
from wom_sim.words import ENGLISH, Words
from wom_sim.words.figures import Figures

if TYPE_CHECKING:
    import pandas as pd

    from wom_sim.study.break_even import BreakEven, Question

Name = Callable[[str], str]
"""What a number of the scenario, or a policy, is called."""
_CENT = 0.01
"""An amount below it is told as nothing."""


def plan_in_words(scenario: Scenario, question: Question, workers: int | None, words: Words = ENGLISH) -> str:
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
    typed = words.number_typed
    ranges = [
        words.say("break_even.plan.axis", key=axis.key, low=typed(axis.low, "g"), high=typed(axis.high, "g"))
        for axis in question.axes
    ]
    return words.say(
        "break_even.plan.text", **_names(question, words), ranges=words.listed(ranges), who=planned.who(words),
        points=words.counted("point", number), runs=words.counted("replication", scenario.run.replications),
        workers=planned.workers, time=span(*planned.seconds, words), gib=gib(planned.bytes, words),
        available=gib(planned.available, words),
    )  # fmt: skip


def _names(question: Question, words: Words) -> dict[str, str]:
    """Return what both policies are called on the terminal."""
    return {"policy": words.policy_typed(question.policy), "against": words.policy_typed(question.against)}


def notes(scenario: Scenario, question: Question, words: Words = ENGLISH) -> Iterator[str]:
    """Yield what is to be known before: numbers that neither policy uses, distributions at their central values."""
    policies = [policy_of(scenario, name) for name in (question.policy, question.against)]
    for axis in question.axes:
        if not any(uses(scenario, policy, axis.key) for policy in policies):
            yield words.say("break_even.plan.unused", **_names(question, words), key=axis.key)
    keys = [axis.key for axis in question.axes]
    varies = words.say(f"caveat.varied_{'one' if len(keys) == 1 else 'many'}", keys=words.listed(keys))
    yield from of_central(central_values(scenario, keys), varies, words)


def in_words(found: BreakEven, lang: str = "en", number: Name = str, policy: Name = str) -> str:
    """Return the answer in a sentence or two, and how much of it is a guess.

    ``number``, ``policy``: what is written for the key of a number, and for a policy.

    Raises
    ------
    ValueError
        For a language that there is not.
    """
    told = _Telling(found, words_for(found.scenario, lang), number, policy)
    return " ".join(text for text in (told.answer(), told.guess()) if text)


class _Telling:
    """Tells an answer in one language."""

    def __init__(self, found: BreakEven, words: Words, number: Name, policy: Name) -> None:
        self.found, self.words, self.question = found, words, found.question
        self.number = number
        self.tell: Figures = figures_for(found.scenario, words)
        self.names = {"policy": policy(self.question.policy), "against": policy(self.question.against)}

    def say(self, key: str, **values: object) -> str:
        """Return a text of the catalogue with the names of both policies."""
        return self.words.say(f"break_even.{key}", **self.names, **values)

    def guess(self) -> str:
        """Say at how many points the model goes beyond what is known, with the first of them; "" if at none."""
        table = self.found.table
        guesses = table[table["beyond"].fillna("") != ""]
        if guesses.empty:
            return ""
        first = guesses.sort_values(["value", "value2"]).iloc[0]
        return self.words.say("beyond.points", k=len(guesses), n=len(table), what=self._beyond(first))

    def _beyond(self, row: pd.Series) -> str:
        """Return what lies beyond at a point, which the table says in English."""
        if self.words.lang == "en":
            return str(row["beyond"])
        axes, names = self.question.axes, (self.question.policy, self.question.against)
        values = {axis.key: float(row[name]) for axis, name in zip(axes, ("value", "value2"), strict=False)}
        within = with_values(self.found.scenario, values)
        return beyond_in_short(within, [policy_of(within, name) for name in names], self.words) or str(row["beyond"])

    def answer(self) -> str:
        """Return where the two are equal."""
        if len(self.question.axes) == 2:
            return self._map()
        axis = self.question.axes[0]
        if self.found.line.empty:
            return self._never(axis)
        parts = [self._one(row, axis) for row in self.found.line.to_dict("records")]
        return " ".join([*parts, self.say("over", over=self.tell.over)])

    def _one(self, row: dict[str, Any], axis: Axis) -> str:
        n = self.found.scenario.run.replications
        low, high = (self._end(row[end], axis) for end in ("low", "high"))
        interval = self.say("interval", low=low, high=high, n=n) if n > 1 else self.say("single")
        value, people = row["value"], self.tell.people
        between = axis.whole and value != round(value)
        place = self._told(value)
        if between:
            place = self.say("between", low=math.floor(value), high=math.ceil(value))
        said = self.say(
            "equal", number=self.number(axis.key), place=place, unit=self._unit(axis), interval=interval,
            side=self.say("above" if row["rises"] else "below"),
        )  # fmt: skip
        lost, joins = people(row["lost_profitable"]), people(row["joins_lost"])
        return f"{said} {self.say('there', lost=lost, joins=joins, told=people(row['let_go']))}"

    def _told(self, value: float) -> str:
        """Return a value of the number: beside its key in English as a scenario has it, else as any figure is told."""
        if self.number is str:
            return self.words.number_typed(value, ".4g")
        return self.tell.money(value) if self._is_money() else self.words.number(value)

    def _is_money(self) -> bool:
        """Return whether the number of a line is an amount; those of a map are told without units."""
        axes = self.question.axes
        return len(axes) == 1 and axes[0].unit.startswith("currency")

    def _unit(self, axis: Axis) -> str:
        """Return the unit of a number after its value; none for a share."""
        unit = axis.unit.partition(",")[0].replace("currency", self.found.scenario.currency)
        told = self.number is not str and unit == self.found.scenario.currency  # with the value
        return "" if told or not unit or unit.startswith("share") else f" {self.words.unit(unit)}"

    def _end(self, value: float, axis: Axis) -> str:
        if math.isinf(value):
            return self.say("end_below" if value < 0 else "end_above", n=f"{axis.low if value < 0 else axis.high:.4g}")
        return self._told(value)

    def _never(self, axis: Axis) -> str:
        table = self.found.table
        differences = table["difference"]
        nearest = table.loc[differences.abs().idxmin()]
        if (differences == 0.0).all():
            return self.say("same", number=self.number(axis.key))
        at = self._told(nearest["value"])
        if nearest["difference"] == 0.0:
            least = self.say("least_same", at=at)
        elif abs(nearest["difference"]) < _CENT:
            least = self.say("least_cent", over=self.tell.over, at=at)
        else:
            least = self.say("least", gap=self.tell.money(abs(nearest["difference"])), over=self.tell.over, at=at)
        doubt = self.say("not_sure") if "undecided" in set(table["verdict"]) else ""
        key = "always" if bool((differences >= 0).all()) else "never"
        low, high = f"{axis.low:g}", f"{axis.high:g}"
        return self.say(key, number=self.number(axis.key), low=low, high=high, doubt=doubt, least=least)

    def _map(self) -> str:
        found, counts = self.found, self.found.table["verdict"].value_counts()
        sides = {side: int(counts.get(side, 0)) for side in ("better", "worse", "undecided")}
        text = f"{self.say('over', over=self.tell.over)} {self.say('map', n=len(found.table), **sides)}"
        if found.line.empty:
            return f"{text} {self.say('map_nowhere')}"
        row, axes = found.line.iloc[(len(found.line) - 1) // 2], self.question.axes
        values = [self._told(row[name]) for name in ("value", "value2")]
        names = [self.number(axis.key) for axis in axes]
        first = {"first": names[0], "value": values[0], "second": names[1], "value2": values[1]}
        return f"{text} {self.say('map_line', **first)}"
