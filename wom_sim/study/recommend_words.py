"""A recommendation in words: what is recommended, how sure that is, and what else was seen."""

from __future__ import annotations

import math

import pandas as pd

from wom_sim.study.budget import CHANCES
from wom_sim.study.recommend import Recommendation
from wom_sim.study.verdict import big, from_to


def words(found: Recommendation) -> str:
    """Return what is recommended and how sure it is, from figures on fresh luck alone."""
    table, question = found.frontier, found.question
    best = table[table["best"]].iloc[0]
    if not best["feasible"]:
        return " ".join([_nothing(best, found), _tried(found)])
    if best["policy"] == "keep":
        return " ".join([_keeping(table, found), _tried(found)])
    sentences = [_value(best, question.scenario.currency), _risk(best, found), _rivals(table), _tried(found)]
    return " ".join(sentence for sentence in sentences if sentence)


def _nothing(best: pd.Series, found: Recommendation) -> str:
    limits = " and ".join(budget.text for budget in found.question.budgets)
    text = f"Nothing that was re-run stays within the budget ({limits}), not even keeping everyone"
    if best["policy"] == "keep":
        return f"{text}, which comes nearest."
    value = f"worth {big(best['expected_net_value'])} {found.question.scenario.currency} more than that"
    return f"{text}; {title(best)} comes nearest, {value}."


def title(row: pd.Series) -> str:
    """Return a candidate by name."""
    if row["policy"] == "keep":
        return "keeping everyone"
    return f"{row['policy']}" if row["levers"] == "as given" else f"{row['policy']} ({row['levers']})"


def _value(best: pd.Series, currency: str) -> str:
    sure = _interval(best["low"], best["high"], best["n"])
    text = f"Recommended: {title(best)}, worth {big(best['expected_net_value'])} {currency} more than keeping everyone"
    if math.isnan(best["low"]):
        return f"{text} in a single run, which says nothing about chance."
    doubt = "" if best["low"] > 0 else ", which does not exclude that it is worth nothing"
    return f"{text} ({sure}{doubt})."


def _interval(low: float, high: float, runs: int) -> str:
    return f"95 % interval over {runs} runs on fresh luck: {from_to(low, high)}"


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
    low, high = 100 * best[f"{measure}_low"], 100 * best[f"{measure}_high"]
    return f"{100 * best[measure]:.2g} % of the runs ({low:.2g} to {high:.2g} %)"


def _rivals(table: pd.DataFrame) -> str:
    """Say which feasible finalists the best is not told apart from, and by how much it leads the next."""
    others = table[table["feasible"] & ~table["best"]]
    if others.empty:
        return "Nothing else stayed within the budget."
    close = others[~others["told_apart"]]
    if close.empty:
        rival = others.iloc[0]
        return (
            f"The next best, {title(rival)}, is {big(rival['behind_best'])} behind "
            f"(95 % interval {from_to(rival['behind_low'], rival['behind_high'])})."
        )
    rival = close.iloc[0]
    others_too = f" nor from {len(close) - 1} more" if len(close) > 1 else ""
    return (
        f"It is not told apart from {title(rival)}{others_too}: {big(rival['behind_best'])} ahead "
        f"(95 % interval {from_to(rival['behind_low'], rival['behind_high'])})."
    )


def _tried(found: Recommendation) -> str:
    question, table = found.question, found.frontier
    best = table[table["best"]].iloc[0]
    number = len(found.tried)
    how = "all" if number == question.space.size else f"{number:,} of {question.space.size:,}"
    text = f"Tried were {how} candidates" if how != "all" else f"All {number:,} candidates were tried"
    if best["policy"] == "keep" or math.isnan(best["value_in_search"]):
        return f"{text}."
    gap = best["value_in_search"] - best["expected_net_value"]
    flattered = f", {big(gap)} more than now" if gap >= 0.5 else ""
    return f"{text}; the search, on other luck, had put this one at {big(best['value_in_search'])}{flattered}."


def _keeping(table: pd.DataFrame, found: Recommendation) -> str:
    others = table[table["policy"] != "keep"]
    feasible = others[others["feasible"]]
    if feasible.empty:
        limits = " and ".join(budget.text for budget in found.question.budgets)
        ahead = others.loc[others["expected_net_value"].idxmax()]
        return (
            f"Recommended: keeping everyone. Nothing else that was re-run stays within the budget ({limits}); without "
            f"it the best was {title(ahead)}, worth {big(ahead['expected_net_value'])} "
            f"{found.question.scenario.currency} ({_interval(ahead['low'], ahead['high'], ahead['n'])})."
        )
    rival = feasible.iloc[0]
    doubt = "" if rival["high"] < 0 else ", which does not exclude that it is worth as much"
    return (
        f"Recommended: keeping everyone. The best of the others, {title(rival)}, is worth "
        f"{big(rival['expected_net_value'])} {found.question.scenario.currency} against that "
        f"({_interval(rival['low'], rival['high'], rival['n'])}{doubt})."
    )


def risk_text(row: pd.Series, measure: str) -> str:
    """Return a measure of risk for a cell of a table."""
    from wom_sim.study.verdict import brief

    return f"{100 * row[measure]:.2g} %" if measure in CHANCES else brief(row[measure])
