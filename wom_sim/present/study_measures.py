"""What decides by each measure, which choices are robust, what is worth knowing: tables and sentences of a study."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from wom_sim.charts.names import factor_name, factor_said
from wom_sim.present.tables import Cell, Table
from wom_sim.words import Words

if TYPE_CHECKING:
    from wom_sim.present.study_story import StudyStory

MOST = 12


class Measure(NamedTuple):
    """A measure of how much a factor matters: its table, its column, that which says whether it is beyond chance."""

    table: str
    column: str
    beyond: str
    share: bool


MEASURES = (
    Measure("sobol", "total", "total_beyond_chance", share=True),
    Measure("prcc", "prcc", "used", share=False),
    Measure("delta", "delta", "beyond_chance", share=False),
    Measure("pawn", "pawn", "beyond_chance", share=False),
    Measure("features", "score", "beyond_chance", share=True),
)


def measures(story: StudyStory) -> Table | None:
    """Return the factors by each measure of the study, of the first output, the largest over its policies.

    What is no more than chance shows stands in brackets. None where fewer than two measures were made.
    """
    say, words, output = story.words.say, story.words, story.found.outputs[0]
    columns: dict[Measure, pd.DataFrame] = {}
    for measure in MEASURES:
        table = story.found.tables.get(measure.table)
        mine = None if table is None else table[(table["output"] == output) & table[measure.column].notna()]
        if mine is not None and len(mine):
            top = mine.assign(size=mine[measure.column].abs()).sort_values("size", ascending=False, kind="stable")
            columns[measure] = top.drop_duplicates("factor").set_index("factor")
    if len(columns) < 2:
        return None
    shares = pd.DataFrame({m.column: t["size"] / (t["size"].max() or 1.0) for m, t in columns.items()})
    ranked = shares.max(axis=1).sort_values(ascending=False, kind="stable").index[:MOST]
    heads = [say("report.study.factor"), *(say(f"report.study.measure.{m.table}") for m in columns)]
    rows = []
    for key in ranked:
        cells = [Cell(factor_name(str(key), words), str(key))]
        for measure, table in columns.items():
            if key not in table.index:
                cells.append(Cell(""))
                continue
            row = table.loc[key]
            value = float(row[measure.column])
            text = words.share(value) if measure.share else words.number(round(value, 2))
            cells.append(Cell(text if bool(row[measure.beyond]) else f"({text})"))
        rows.append(cells)
    return Table(say("report.study.measures", label=story.label(output)), heads, rows)


def robust_table(story: StudyStory) -> Table | None:
    """Return the most robust choices: mean, worst, regret, share of worlds that meet the criteria; None without one."""
    table = story.found.tables.get("robust")
    if table is None:
        return None
    say, words, money = story.words.say, story.words, story.found.scenario.currency

    def told(value: float) -> str:
        return words.quantity(float(value), "currency", money)

    heads = [say(f"report.study.robust.{k}") for k in ("choice", "meets", "regret", "worst", "mean")]
    rows = []
    for row in table.head(MOST).to_dict("records"):
        share, low, high = (words.share(float(row[f"meets{end}"])) for end in ("", "_low", "_high"))
        rows.append(
            [
                Cell(story.story.heading(str(row["policy"])), _levers(row["levers"], words)),
                Cell(share, say("number.span", low=low, high=high)),
                Cell(told(row["regret_mean"]), say("report.study.robust.at_most", value=told(row["regret_most"]))),
                Cell(told(row["worst"])),
                Cell(told(row["mean"])),
            ]
        )
    return Table(say("report.study.robust.title", n=words.number(int(table["worlds"].iloc[0]))), heads, rows)


def _levers(text: object, words: Words) -> str:
    if not isinstance(text, str) or not text:
        return ""
    parts = (part.partition(" = ") for part in text.split("; "))
    return "; ".join(f"{factor_name(key, words)} {value}" for key, _, value in parts)


def robust_said(story: StudyStory) -> list[str]:
    """Return what is robust and what is worth knowing, in sentences."""
    say, words, money, said = story.words.say, story.words, story.found.scenario.currency, []
    robust, worth = (story.found.tables.get(name) for name in ("robust", "worth"))
    if robust is not None:
        row = robust.iloc[0]
        levers = _levers(row["levers"], words)
        name = story.story.policy(str(row["policy"]))
        choice = say("report.study.robust.with", policy=name, levers=levers) if levers else name
        regret = words.quantity(float(row["regret_mean"]), "currency", money)
        values = {"share": words.share(float(row["meets"])), "n": words.number(int(row["worlds"])), "regret": regret}
        said.append(say("report.study.robust.first", choice=choice, **values))
    if worth is not None:
        row, sure = worth.iloc[0], worth[worth["beyond_chance"].astype(bool)]
        if sure.empty:
            said.append(say("report.study.worth.nothing"))
        else:
            row = sure.iloc[0]
            ends = [words.quantity(float(row[name]), "currency", money) for name in ("evppi", "low", "high")]
            names = {"value": ends[0], "low": ends[1], "high": ends[2]}
            said.append(say("report.study.worth.first", factor=factor_said(row["factor"], words), **names))
    return said
