"""Does one factor do more where another is so? What the tables of a study say of it, in sentences."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from wom_sim.outcomes.indicators import INDICATORS
from wom_sim.study.analysis.interactions import POLICY
from wom_sim.words import Words, sentence
from wom_sim.words.levers import level_said

Row = Mapping[Any, Any]
_KNOWN = {indicator.name: indicator for indicator in INDICATORS}
_FEW = 3
"""So many interactions of a policy are told whether or not they are shown; of more those that are, else the largest."""
_MOST = 8


class Telling(NamedTuple):
    """How things are told: the language, the currency, what a factor is called; ``plain``: without standard errors."""

    words: Words
    currency: str
    name: Any
    plain: bool = False


def together(table: pd.DataFrame, output: str, telling: Telling) -> list[str]:
    """Return a sentence for each interaction of an output worth telling; ``table``: interactions.csv or regression.csv.

    Those beyond chance come first. Where none is, the largest is told, with its standard error, as not shown.
    """
    return [interaction_said(row, telling) for row in chosen(table, output)]


def chosen(table: pd.DataFrame, output: str) -> list[Row]:
    """Return the interactions of an output that are worth telling, those first that stand out most from chance."""
    mine = table[(table["output"] == output) & table["with"].notna() & table["used"].astype(bool)]
    mine = mine[mine["se"].notna()].rename(columns={"change": "interaction"})
    size = (mine["interaction"].abs() / mine["se"]).fillna(0.0)
    ranked = mine.assign(size=size).sort_values("size", ascending=False, kind="stable").to_dict("records")
    groups: dict[tuple[str, bool], list[Row]] = {}
    for row in ranked:
        groups.setdefault((str(row["policy"]), row["factor"] == POLICY), []).append(row)
    found = [row for rows in groups.values() for row in _of_group(rows)]
    return sorted(found, key=lambda row: (not row["beyond_chance"], -row["size"]))[:_MOST]


def _of_group(rows: Sequence[Row]) -> Sequence[Row]:
    """Return those beyond chance; where there is none the largest, of a few all."""
    sure = [row for row in rows if row["beyond_chance"]]
    return rows if len(rows) <= _FEW else sure or rows[:1]


def interaction_said(row: Row, telling: Telling) -> str:
    """Return an interaction as a sentence: what does more where, how much more, how sure that is."""
    words, output = telling.words, str(row["output"])
    indicator = _KNOWN.get(output)
    unit, direction = ("", "more") if indicator is None else (indicator.unit, indicator.direction)
    good = -1.0 if direction == "less" else 1.0
    first, last = (float(row.get(name, math.nan)) for name in ("effect_first", "effect_last"))
    gap, low, high = (float(row[name]) for name in ("interaction", "low", "high"))
    places = [row["with_from"], row["with_to"]]
    if good * gap < 0.0:  # told from the side where it does more
        gap, low, high, first, last, places = -gap, -high, -low, last, first, places[::-1]

    def signed(value: float) -> str:
        return words.signed_quantity(value, unit, telling.currency)

    known = math.isfinite(first) and math.isfinite(last)
    kind = "moves" if not direction or not known else _kind(good * first, good * last)
    said = words.say(
        f"report.study.together.{kind}",
        step=_step(row, telling),
        label=words.name("indicator", output, output if indicator is None else indicator.label),
        where=telling.name(str(row["with"])), level=_level(row["with"], places[1], telling),
        other=_level(row["with"], places[0], telling),
    )  # fmt: skip
    ends = words.say("number.span", low=signed(low), high=signed(high))
    effects = words.say("report.study.together.effects", last=signed(last), first=signed(first)) if known else ""
    plain = "" if not telling.plain else "_plain" if row["beyond_chance"] else "_chance"
    figures = words.say(
        f"report.study.together.figures{plain}", gap=signed(gap), effects=effects, ends=ends,
        se=signed(abs(float(row["se"]))).lstrip("+").strip(),
        shown=words.say(f"report.study.together.{'shown' if row['beyond_chance'] else 'not_shown'}"),
    )  # fmt: skip
    under = "" if row["factor"] == POLICY else words.say("report.study.together.under", policy=_policy(row, telling))
    return sentence(f"{under}{said}{figures}")


def _kind(first: float, last: float) -> str:
    """Return what is said, from the effects in the good direction, the second being the larger."""
    if first < 0.0 < last:
        return "turns"
    return "helps" if last > 0.0 else "harms_less"


def _policy(row: Row, telling: Telling) -> str:
    return telling.words.policy(str(row["policy"]))


def _step(row: Row, telling: Telling) -> str:
    """Return what is done: a factor at one level instead of another, or a policy instead of another."""
    words = telling.words
    if row["factor"] == POLICY:
        levels = {"to": words.policy(str(row["to"])), "from": words.policy(str(row["from"]))}
        return words.say("report.study.together.instead", **levels)
    levels = {end: _level(row["factor"], row[end], telling) for end in ("to", "from")}
    return words.say("report.study.together.step", factor=telling.name(str(row["factor"])), **levels)


def _level(key: Any, value: Any, telling: Telling) -> str:
    return level_said(str(key), value, telling.words, telling.currency)
