"""The frontier of value against risk as a table for the terminal."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from rich.table import Table

from wom_sim.words import ENGLISH, Words
from wom_sim.words.levers import AS_GIVEN

if TYPE_CHECKING:
    import pandas as pd

    from wom_sim.study.recommendation import Recommendation


def frontier_table(found: Recommendation, words: Words = ENGLISH) -> Table:
    """Return a row for each finalist: levers, value with interval, risks, and whether it is within the budget."""
    from wom_sim.scenario.figures import figures_on_terminal
    from wom_sim.study.recommend_words import heading, risk_text

    question, say = found.question, words.say
    tell = figures_on_terminal(question.scenario, words)
    shared = _shared(found)
    also = say("recommend.table.all", levers=", ".join(shared)) if shared else ""
    title = say("recommend.table.title", name=question.scenario.name, over=tell.over, n=words.exact(question.fresh))
    table = Table(title="\n".join(filter(None, (title, also))), padding=(0, 0))
    table.add_column(say("recommend.table.levers"), ratio=1)
    table.add_column(say("recommend.table.value"), justify="right")
    for measure in question.risks:
        table.add_column("\n".join(wrap(heading(measure, words.lang), 14)), justify="right")
    table.add_column(say("recommend.table.within"))
    table.add_column(say("recommend.table.frontier"))
    for _, row in found.frontier.iterrows():
        cells = [risk_text(row, measure, tell) for measure in question.risks]
        style = "bold" if row["best"] else ""
        table.add_row(
            _name(row, shared, words),
            tell.estimate(row["expected_net_value"], row["low"], row["high"]),
            *cells,
            _within(row, words),
            say("recommend.table.yes") if row["frontier"] else "",
            style=style,
        )
    return table


def _shared(found: Recommendation) -> list[str]:
    """Return the levers that all finalists have alike, to be told once."""
    levers = [text.split(", ") for text in found.frontier.loc[found.frontier["policy"] != "keep", "levers"]]
    return [lever for lever in levers[0] if all(lever in other for other in levers)] if len(levers) > 1 else []


def _name(row: pd.Series, shared: list[str], words: Words) -> str:
    """Return a candidate by its policy and the levers that are its own; in English these as they are typed."""
    policy, levers = words.policy_typed(row["policy"]), str(row["levers"])
    given = words.say("recommend.as_given") if levers == AS_GIVEN else levers
    own = ", ".join(lever for lever in given.split(", ") if lever not in shared)
    guess = words.say("recommend.table.guess") if row["beyond"] else ""
    same = words.say("recommend.table.same", alike=row["alike"]) if row["alike"] else ""
    name = f"{policy}: {own}" if own else policy
    return f"{name}{guess}{same}"


def _within(row: pd.Series, words: Words) -> str:
    if row["surely_feasible"]:
        return words.say("recommend.table.yes")
    return words.say("recommend.table.estimated" if row["feasible"] else "recommend.table.no")
