"""A recommendation in words: what is recommended, how sure that is, and what else was seen.

Every word is the catalogue's (``recommend.*``), in the language that is asked for.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from wom_sim.scenario.axes import limits_at
from wom_sim.scenario.figures import figures_for
from wom_sim.scenario.translation import words_for
from wom_sim.scenario.tree import quoted
from wom_sim.scenario.used import uses
from wom_sim.study.budget import CHANCES
from wom_sim.study.levers import written
from wom_sim.study.points_beyond import beyond_in_short
from wom_sim.study.recommendation import Recommendation
from wom_sim.words import Words, sentence
from wom_sim.words.figures import Figures
from wom_sim.words.levers import AS_GIVEN

_LOSSES = ("es95", "var95")
_CENT = 0.005
"""Less than this, in currency, is nothing."""


def heading(measure: str, lang: str = "en") -> str:
    """Return what a measure of risk is called where it is shown."""
    return Words(lang).say(f"recommend.heading.{measure}")


def words(found: Recommendation, lang: str = "en") -> str:
    """Return what is recommended and how sure it is, from figures on fresh luck alone. Raises as ``sentences``."""
    return " ".join(sentences(found, lang))


def as_written(path: str, value: Any) -> str:
    """Return a lever as a scenario has it: ``notice_days 60``."""
    return f"{path} {written(value)}"


Lever = Callable[[str, Any], str]
"""What is written for a lever and its value."""


def sentences(found: Recommendation, lang: str = "en", lever: Lever = as_written) -> list[str]:
    """Return the same as ``words``, part by part: what it is worth, how sure that is, risk, rivals, what was tried.

    ``lever``: what is written for a lever of the best that is at the edge of what was tried.

    Raises
    ------
    ValueError
        For a language that there is not.
    """
    tell = _tell(found, lang)
    table = found.frontier
    best = table[table["best"]].iloc[0]
    if not best["feasible"]:
        return [_nothing(best, found, tell), _tried(found, tell)]
    if best["policy"] == "keep":
        return [_keeping(table, found, tell), _tried(found, tell)]
    said = [
        _value(best, tell), _wording(best, table, tell), _selected(found, tell), _same(best, tell),
        at_the_edge(best, found, lang, lever), _guess(best, found, tell), _risk(best, found, tell),
        _rivals(table, tell), _tried(found, tell),
    ]  # fmt: skip
    return [text for text in said if text]


def _tell(found: Recommendation, lang: str) -> Figures:
    scenario = found.question.scenario
    return replace(figures_for(scenario, words_for(scenario, lang)), joined=False)


def _limits(found: Recommendation, tell: Figures) -> str:
    return tell.words.say("recommend.and").join(budget.text for budget in found.question.budgets)


def _nothing(best: pd.Series, found: Recommendation, tell: Figures) -> str:
    say, limits = tell.words.say, _limits(found, tell)
    if best["policy"] == "keep":
        return say("recommend.nothing_keep", limits=limits)
    worth = tell.money(best["expected_net_value"])
    return say("recommend.nothing", limits=limits, best=title(best, tell.words), worth=worth, over=tell.over)


def title(row: pd.Series, words: Words) -> str:
    """Return a candidate by name."""
    if row["policy"] == "keep":
        return words.say("recommend.keep")
    name = words.policy(str(row["policy"]))
    return name if row["levers"] in (AS_GIVEN, "") else f"{name} ({row['levers']})"


def _value(best: pd.Series, tell: Figures) -> str:
    say, sure = tell.words.say, _interval(best, tell)
    worth = tell.money(best["expected_net_value"])
    text = say("recommend.value", best=title(best, tell.words), worth=worth, over=tell.over)
    if best["n"] < 2:
        return text + say("recommend.single")
    if math.isnan(best["low"]):
        return text + say("recommend.few", n=best["n"])
    doubt = "" if best["low"] > 0 else say("recommend.or_nothing")
    return f"{text} ({sure}{doubt})."


def _wording(best: pd.Series, table: pd.DataFrame, tell: Figures) -> str:
    """Say which finalist of higher value gives way, where that is worth no more and its wording is harder to defend."""
    leader = table[table["candidate"].astype(str) == str(best.get("instead_of", ""))]
    if leader.empty:
        return ""
    name, worth = title(leader.iloc[0], tell.words), tell.money(leader.iloc[0]["expected_net_value"])
    return tell.words.say("recommend.wording", leader=name, worth=worth)


def _selected(found: Recommendation, tell: Figures) -> str:
    """Say with which probability the best was picked, and what that took."""
    selected, promise = found.selected, found.question.promise
    if selected is None or promise is None:
        return ""
    say, number = tell.words.say, tell.words.number
    among = say("recommend.among", n=number(selected.candidates))
    took = say("recommend.took", n=number(selected.runs))
    if selected.runs < selected.equal_runs:
        took += say("recommend.instead_of", n=number(selected.equal_runs))
    if not selected.kept:
        return say("recommend.not_promised", took=took, among=among)
    share, ahead = tell.words.share(promise.probability), tell.money(promise.indifference)
    return say("recommend.promised", among=among, share=share, ahead=ahead, took=took)


def _same(best: pd.Series, tell: Figures) -> str:
    """Say which other finalists come to the same in every run."""
    return tell.words.say("recommend.same", alike=best["alike"]) if best["alike"] else ""


def at_the_edge(best: pd.Series, found: Recommendation, lang: str = "en", lever: Lever = as_written) -> str:
    """Say which levers of the best have the last value that was tried on one side, though the scenario allows more."""
    scenario, tried = found.question.scenario, found.tried
    policy = next((p for p in scenario.policies if p.name == best["policy"]), None)
    if policy is None:
        return ""
    edges: list[str] = []
    if "settings" in best:
        own = json.loads(str(best["settings"]))
    else:  # a search of an earlier version, whose best was always one that was tried
        own = tried[tried["candidate"] == best["candidate"]].iloc[0]
    idle = [part.split(" ")[0] for part in str(best["alike"]).split("; ")]
    for path, values in found.question.space.levers[policy.name].items():
        numbers = [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
        key = f"policies.{quoted(policy.name)}.{path}"
        if len(numbers) < 2 or path not in own or path in idle or not uses(scenario, policy, key):
            continue
        ends, limits, value = (min(numbers), max(numbers)), limits_at(scenario, key), float(own[path])
        if (value == ends[0] and value > limits[0]) or (value == ends[1] and value < limits[1]):
            edges.append(lever(path, value))
    if not edges:
        return ""
    return Words(lang).say("recommend.edge", edges=", ".join(edges))


def _guess(best: pd.Series, found: Recommendation, tell: Figures) -> str:
    """Say that what is recommended goes beyond what is known of how people react, if it does."""
    if not best["beyond"]:
        return ""
    words, scenario, what = tell.words, found.question.scenario, best["beyond"]
    candidate = None if words.lang == "en" else found.candidate(str(best["candidate"]))
    if candidate is not None:  # the table says it in English
        what = beyond_in_short(scenario, [candidate.policy(scenario)], words)
    return sentence(words.say("verdict.beyond", policy=words.policy_said(best["policy"]), what=what))


def _interval(row: pd.Series, tell: Figures) -> str:
    say = tell.words.say
    interval = tell.interval(row["low"], row["high"], "currency") or say("recommend.no_interval")
    return say("recommend.interval", n=row["n"], interval=interval)


def _risk(best: pd.Series, found: Recommendation, tell: Figures) -> str:
    say = tell.words.say
    told = say("recommend.risk", national=_chance(best, "national", tell), loss=_chance(best, "loss", tell))
    if not found.question.budgets:
        return told + say("recommend.no_budget")
    within = "recommend.surely_within" if best["surely_feasible"] else "recommend.within"
    return told + say(within, limits=_limits(found, tell))


def _chance(best: pd.Series, measure: str, tell: Figures) -> str:
    share = tell.words.whole_share
    low, high = (share(float(best[f"{measure}_{end}"])) for end in ("low", "high"))
    return tell.words.say("recommend.of_runs", share=share(float(best[measure])), low=low, high=high)


def _rivals(table: pd.DataFrame, tell: Figures) -> str:
    """Say which feasible finalists the best is not told apart from, and by how much it leads the next."""
    say = tell.words.say
    others = table[table["feasible"] & ~table["best"]]
    if others.empty:
        return say("recommend.nothing_else")
    close = others[~others["told_apart"]]
    rival = (others if close.empty else close).iloc[0]
    behind, name = tell.money(rival["behind_best"]), title(rival, tell.words)
    ends = tell.interval(rival["behind_low"], rival["behind_high"], "currency")
    interval = say("recommend.interval_of", ends=ends) if ends else say("recommend.interval_few")
    if close.empty:
        return say("recommend.next_best", rival=name, behind=behind, interval=interval)
    others_too = say("recommend.nor_more", n=len(close) - 1) if len(close) > 1 else ""
    if all(abs(rival[f"behind_{end}"]) < _CENT for end in ("best", "low", "high")):
        return say("recommend.just_as_much", rival=name, others=others_too)
    if rival["behind_best"] < 0.0:
        ahead = tell.money(0.0 - rival["behind_best"])
        return say("recommend.not_apart_below", rival=name, others=others_too, ahead=ahead)
    return say("recommend.not_apart", rival=name, others=others_too, behind=behind, interval=interval)


def _tried(found: Recommendation, tell: Figures) -> str:
    say, question, table = tell.words.say, found.question, found.frontier
    best = table[table["best"]].iloc[0]
    number, size = tell.words.exact(len(found.tried)), tell.words.exact(question.space.size)
    if number != size:
        text = say("recommend.tried", n=number, size=size)
    else:
        text = say("recommend.tried_one") if number == "1" else say("recommend.tried_all", n=number)
    if best["policy"] == "keep" or math.isnan(best["value_in_search"]):
        return f"{text}."
    gap = best["value_in_search"] - best["expected_net_value"]
    flattered = say("recommend.flattered", gap=tell.money(gap)) if gap >= 0.5 else ""
    return text + say("recommend.in_search", worth=tell.money(best["value_in_search"]), flattered=flattered)


def _keeping(table: pd.DataFrame, found: Recommendation, tell: Figures) -> str:
    say = tell.words.say
    others = table[table["policy"] != "keep"]
    same = _same(table[table["policy"] == "keep"].iloc[0], tell)
    if others.empty:
        return f"{say('recommend.keeping')} {same}".rstrip()
    feasible = others[others["feasible"]]
    if feasible.empty:
        ahead = others.loc[others["expected_net_value"].idxmax()]
        return say(
            "recommend.keeping_within", limits=_limits(found, tell), best=title(ahead, tell.words),
            worth=tell.money(ahead["expected_net_value"]), interval=_interval(ahead, tell),
        )  # fmt: skip
    rival = feasible.iloc[0]
    doubt = "" if rival["high"] < 0 else say("recommend.or_as_much")
    told = say(
        "recommend.keeping_against", rival=title(rival, tell.words), worth=tell.money(rival["expected_net_value"]),
        over=tell.over, interval=_interval(rival, tell), doubt=doubt,
    )  # fmt: skip
    return f"{told} {same}" if same else told


def risk_text(row: pd.Series | Mapping[Any, Any], measure: str, tell: Figures) -> str:
    """Return a measure of risk for a cell of a table; what the budget limits as a loss is shown as net value."""
    if measure in CHANCES:
        return tell.words.whole_share(float(row[measure]))
    if measure in _LOSSES:
        return tell.difference(0.0 - row[measure], "currency", brief=True)
    return tell.people(row[measure])
