"""A recommendation in words: what is recommended, how sure that is, and what else was seen."""

from __future__ import annotations

import math

import pandas as pd

from wom_sim.scenario.axes import limits_at
from wom_sim.scenario.figures import figures_for
from wom_sim.scenario.tree import quoted
from wom_sim.scenario.used import uses
from wom_sim.study.budget import CHANCES
from wom_sim.study.levers import written
from wom_sim.study.recommend import Recommendation
from wom_sim.words import Words, sentence
from wom_sim.words.figures import Figures

HEADINGS = {
    "es95": "net value, worst 5 % of runs",
    "var95": "net value, 5 % of runs are below",
    "national": "national news",
    "loss": "chance of net loss",
    "lost": "profitable customers lost",
}
"""What each measure of risk is called where it is shown."""
_LOSSES = ("es95", "var95")
_CENT = 0.005
"""Less than this, in currency, is nothing."""


def words(found: Recommendation) -> str:
    """Return what is recommended and how sure it is, from figures on fresh luck alone."""
    table = found.frontier
    best = table[table["best"]].iloc[0]
    if not best["feasible"]:
        return " ".join([_nothing(best, found), _tried(found)])
    if best["policy"] == "keep":
        return " ".join([_keeping(table, found), _tried(found)])
    sentences = [
        _value(best, found), _selected(found), _same(best), at_the_edge(best, found), _guess(best, found),
        _risk(best, found),
        _rivals(table, found), _tried(found),
    ]  # fmt: skip
    return " ".join(sentence for sentence in sentences if sentence)


def _nothing(best: pd.Series, found: Recommendation) -> str:
    limits = " and ".join(budget.text for budget in found.question.budgets)
    text = f"Nothing that was re-run stays within the budget ({limits}), not even keeping everyone"
    if best["policy"] == "keep":
        return f"{text}, which comes nearest."
    value = f"worth {_tell(found).money(best['expected_net_value'])} more than that{_tell(found).over}"
    return f"{text}; {title(best)} comes nearest, {value}."


def title(row: pd.Series) -> str:
    """Return a candidate by name."""
    if row["policy"] == "keep":
        return "keeping everyone"
    return f"{row['policy']}" if row["levers"] == "as given" else f"{row['policy']} ({row['levers']})"


def _tell(found: Recommendation) -> Figures:
    return figures_for(found.question.scenario)


def _value(best: pd.Series, found: Recommendation) -> str:
    sure, worth = _interval(best, found), _tell(found).money(best["expected_net_value"])
    text = f"Recommended: {title(best)}, worth {worth} more than keeping everyone{_tell(found).over}"
    if best["n"] < 2:
        return f"{text} in a single run, which says nothing about chance."
    if math.isnan(best["low"]):
        return f"{text}, most of it in few of {best['n']} runs on fresh luck, too few for an interval."
    doubt = "" if best["low"] > 0 else ", which does not exclude that it is worth nothing"
    return f"{text} ({sure}{doubt})."


def _selected(found: Recommendation) -> str:
    """Say with which probability the best was picked, and what that took."""
    selected, promise = found.selected, found.question.promise
    if selected is None or promise is None:
        return ""
    number, ahead = Words("en").number, _tell(found).money(promise.indifference)
    among = f"among {number(selected.candidates)} candidates that differ and seemed to stay within the budget"
    took = f"{number(selected.runs)} runs"
    if selected.runs < selected.equal_runs:
        took += f", where as many for each as for the last would have been {number(selected.equal_runs)}"
    if not selected.kept:
        return (
            f"Not promised: after {took}, {among} more than one may still be the best; a larger --indifference decides "
            f"sooner."
        )
    share = Words("en").share(promise.probability)
    return f"Picked {among} so that the best is found in {share} of cases, if it leads by {ahead} or more: {took}."


def _same(best: pd.Series) -> str:
    """Say which other finalists come to the same in every run."""
    return f"Just the same, in every run: {best['alike']}." if best["alike"] else ""


def at_the_edge(best: pd.Series, found: Recommendation) -> str:
    """Say which levers of the best have the last value that was tried on one side, though the scenario allows more."""
    scenario, tried = found.question.scenario, found.tried
    policy = next((p for p in scenario.policies if p.name == best["policy"]), None)
    if policy is None:
        return ""
    own, edges = tried[tried["candidate"] == best["candidate"]].iloc[0], []
    idle = [part.split(" ")[0] for part in str(best["alike"]).split("; ")]
    for path, values in found.question.space.levers[policy.name].items():
        numbers = [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
        key = f"policies.{quoted(policy.name)}.{path}"
        if len(numbers) < 2 or path not in own or path in idle or not uses(scenario, policy, key):
            continue
        ends, limits, value = (min(numbers), max(numbers)), limits_at(scenario, key), float(own[path])
        if (value == ends[0] and value > limits[0]) or (value == ends[1] and value < limits[1]):
            edges.append(f"{path} {written(value)}")
    if not edges:
        return ""
    return f"At the edge of what was tried: {', '.join(edges)}; what lies beyond may be better."


def _guess(best: pd.Series, found: Recommendation) -> str:
    """Say that what is recommended goes beyond what is known of how people react, if it does."""
    if not best["beyond"]:
        return ""
    words = _tell(found).words
    return sentence(words.say("verdict.beyond", policy=words.policy_said(best["policy"]), what=best["beyond"]))


def _interval(row: pd.Series, found: Recommendation) -> str:
    interval = _tell(found).interval(row["low"], row["high"], "currency") or "none, most of it came in few runs"
    return f"95 % interval over {row['n']} runs on fresh luck: {interval}"


def _risk(best: pd.Series, found: Recommendation) -> str:
    question = found.question
    told = f"It makes national news in {_chance(best, 'national')}, and loses money in {_chance(best, 'loss')}"
    if not question.budgets:
        return f"{told}; no risk budget was given."
    limits = " and ".join(budget.text for budget in question.budgets)
    if best["surely_feasible"]:
        return f"{told}; it stays within the budget ({limits}), also at the far end of the intervals."
    return f"{told}; it stays within the budget ({limits}) as estimated, but the intervals reach beyond it."


def _chance(best: pd.Series, measure: str) -> str:
    share = Words("en").whole_share
    low, high = (share(float(best[f"{measure}_{end}"])) for end in ("low", "high"))
    return f"{share(float(best[measure]))} of the runs ({low} to {high})"


def _rivals(table: pd.DataFrame, found: Recommendation) -> str:
    """Say which feasible finalists the best is not told apart from, and by how much it leads the next."""
    others = table[table["feasible"] & ~table["best"]]
    if others.empty:
        return "Nothing else stayed within the budget."
    close = others[~others["told_apart"]]
    rival = (others if close.empty else close).iloc[0]
    behind = _tell(found).money(rival["behind_best"])
    ends = _tell(found).interval(rival["behind_low"], rival["behind_high"], "currency")
    interval = f"95 % interval {ends}" if ends else "most of it in few runs, too few for an interval"
    if close.empty:
        return f"The next best, {title(rival)}, is {behind} behind ({interval})."
    others_too = f" nor from {len(close) - 1} more" if len(close) > 1 else ""
    if all(abs(rival[f"behind_{end}"]) < _CENT for end in ("best", "low", "high")):
        return f"It is not told apart from {title(rival)}{others_too}: in every run it is worth just as much."
    return f"It is not told apart from {title(rival)}{others_too}: {behind} ahead ({interval})."


def _tried(found: Recommendation) -> str:
    question, table = found.question, found.frontier
    best = table[table["best"]].iloc[0]
    number = len(found.tried)
    how = "all" if number == question.space.size else f"{number:,} of {question.space.size:,}"
    text = f"Tried were {how} candidates" if how != "all" else f"All {number:,} candidates were tried"
    if best["policy"] == "keep" or math.isnan(best["value_in_search"]):
        return f"{text}."
    gap = best["value_in_search"] - best["expected_net_value"]
    money = _tell(found).money
    flattered = f", {money(gap)} more than now" if gap >= 0.5 else ""
    return f"{text}; the search, on other luck, had put this one at {money(best['value_in_search'])}{flattered}."


def _keeping(table: pd.DataFrame, found: Recommendation) -> str:
    others = table[table["policy"] != "keep"]
    same = _same(table[table["policy"] == "keep"].iloc[0])
    if others.empty:
        return f"Recommended: keeping everyone. {same}"
    feasible = others[others["feasible"]]
    if feasible.empty:
        limits = " and ".join(budget.text for budget in found.question.budgets)
        ahead = others.loc[others["expected_net_value"].idxmax()]
        return (
            f"Recommended: keeping everyone. Nothing else that was re-run stays within the budget ({limits}); without "
            f"it the best was {title(ahead)}, worth {_tell(found).money(ahead['expected_net_value'])} "
            f"({_interval(ahead, found)})."
        )
    rival = feasible.iloc[0]
    doubt = "" if rival["high"] < 0 else ", which does not exclude that it is worth as much"
    return (
        f"Recommended: keeping everyone. The best of the others, {title(rival)}, is worth "
        f"{_tell(found).money(rival['expected_net_value'])} against that{_tell(found).over} "
        f"({_interval(rival, found)}{doubt})." + (f" {same}" if same else "")
    )


def risk_text(row: pd.Series, measure: str, tell: Figures) -> str:
    """Return a measure of risk for a cell of a table; what the budget limits as a loss is shown as net value."""
    if measure in CHANCES:
        return tell.words.whole_share(float(row[measure]))
    if measure in _LOSSES:
        return tell.difference(0.0 - row[measure], "currency", brief=True)
    return tell.people(row[measure])
