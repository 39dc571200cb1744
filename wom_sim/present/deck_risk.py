"""The slides of a deck that say how bad it may get, and what holds over the possible worlds."""

from __future__ import annotations

import pandas as pd

from wom_sim._tables import ALL_POLICIES
from wom_sim.charts.exceedance import facts_of, risk_of
from wom_sim.present import deck_charts, tails
from wom_sim.present.deck_parts import NARROW, describe, notes, picture, under
from wom_sim.present.deck_stage import Stage
from wom_sim.present.deck_tables import write_table
from wom_sim.present.deck_text import write_texts, write_title
from wom_sim.present.story import Story
from wom_sim.present.tables import Cell
from wom_sim.words import sentence

MOST_POINTS = 60
"""Points of a curve: few enough to edit by hand."""


def risk(story: Story, stage: Stage) -> None:
    """Show how likely each net value is to be fallen short of, and how bad it may get."""
    found, say = story.found, story.words.say
    slide, title, area = stage.slide()
    said = story.risk_text() or [say("report.lead.alone")]
    write_title(title, said[0].rstrip("."))
    wide = area.width >= NARROW
    left, right = area.columns(0.42, 0.58) if wide else area.rows(0.5, 0.5)
    shown = found.options or found.policies
    risks = {p: risk_of(found.replications.loc[found.replications["policy"] == p, "net_value"]) for p in shown}
    one, unit = deck_charts.scale_of([v for each in risks.values() for v in each.ordered])
    curves = {p: _curve(each.ordered, one, story) for p, each in risks.items()}
    across = say(
        "deck.risk.axis", unit=say(f"deck.unit.{unit}", currency=found.scenario.currency), over=story.figures.over
    )
    titles = ({p: story.heading(p) for p in shown}, found.policies, (across, say("chart.exceedance.upright")))
    deck_charts.exceedance(slide, left, curves, titles)
    describe(slide, _facts(story, risks))
    full = tails.risk(story)
    known = "risk" in found.extra
    wanted = [say(f"report.risk.{m}") for m in ("policy", "median", "worst5" if known else "p05", "chance_loss")]
    kept = [n for n, head in enumerate(full.heads) if head in wanted]
    short = full._replace(
        heads=[full.heads[n] for n in kept], rows=[[Cell(row[n].text) for n in kept] for row in full.rows]
    )
    below = under(right, write_table(slide, right._replace(height=0.62 * right.height), short, story.words))
    open_ = [*said[1:], tails.warning(story)] if known else said[1:]
    write_texts(slide, below, open_, bullets=True, largest=16, words=story.words)
    sources = [("replications.parquet", "net_value"), ("summary.csv", "median, p05 (net_value)")]
    sources += [("risk.csv", "value (net_value: median, worst5)")] if known else []
    notes(slide, story, f"{say('deck.risk.curve')} {say('deck.risk.notes')}", *sources)


def _curve(values: list[float], one: float, story: Story) -> list[tuple[float, float]]:
    """Return points (net value, % of runs that end there or lower), at most ``MOST_POINTS``, the ends among them."""
    n = len(values)
    step = max(1, -(-n // MOST_POINTS))
    kept = sorted({*range(0, n, step), n - 1})
    return [(story.figures.scaled(values[k], one), 100.0 * (k + 1) / n) for k in kept]


def _facts(story: Story, risks: dict) -> str:
    """Return what the curves show, in words."""
    told = []
    for policy, each in risks.items():
        chance, tail = facts_of(each, story.words, story.found.scenario.currency, brief=False)
        told.append(f"{story.heading(policy)}: {chance}; {tail}.")
    return " ".join([story.words.say("chart.exceedance.upright") + ".", *told])


def worlds(story: Story, stage: Stage) -> None:
    """Show in how many worlds each policy is best, and what it forgoes where another is."""
    found, say, words = story.found, story.words.say, story.words
    verdicts = found.extra["verdicts"].sort_values(["share_best", "regret_mean"], ascending=[False, True])
    slide, title, area = stage.slide()
    top = verdicts.iloc[0]
    values = {"policy": story.policy(str(top["policy"])), "share": words.share(float(top["share_best"]))}
    key = "chart.verdicts.title" if float(top["share_best"]) < 1.0 else "chart.verdicts.always"
    head = sentence(say(key, regret=story.money(float(top["regret_worst"])), **values))
    even = len(verdicts) > 1 and len(set(verdicts["share_best"])) == 1
    write_title(title, say("chart.verdicts.even") if even else head)
    halves = area.columns(0.5, 0.5) if area.width >= NARROW else area.rows(0.5, 0.5)
    names = [p for p in found.policies if p in set(verdicts["policy"])]
    of = verdicts.set_index("policy")
    shares = {story.heading(p): 100.0 * float(of.loc[p, "share_best"]) for p in names}
    deck_charts.bars(slide, halves[0], shares, names, say("deck.worlds.best"))
    describe(slide, _listed(story, say("deck.worlds.best"), {p: words.share(of.loc[p, "share_best"]) for p in names}))
    regret = {p: float(of.loc[p, "regret_mean"]) for p in names}
    one, unit = deck_charts.scale_of(list(regret.values()))
    axis = say("deck.worlds.regret", unit=say(f"deck.unit.{unit}", currency=found.scenario.currency))
    scaled = {story.heading(p): story.figures.scaled(v, one) for p, v in regret.items()}
    deck_charts.bars(slide, halves[1], scaled, names, axis)
    describe(slide, _listed(story, say("chart.verdicts.regret_mean"), {p: story.money(v) for p, v in regret.items()}))
    columns = "share_best, share_best_low, share_best_high, regret_mean, regret_worst"
    notes(slide, story, f"{say('deck.worlds.notes')} {_intervals(story, of, names)}", ("verdicts.csv", columns))


def _listed(story: Story, what: str, told: dict[str, str]) -> str:
    return f"{what}. {'; '.join(f'{story.heading(p)}: {text}' for p, text in told.items())}."


def _intervals(story: Story, of: pd.DataFrame, names: list[str]) -> str:
    """Return the interval of each share, which bars do not show."""
    ends = ("share_best_low", "share_best_high")
    if any(end not in of for end in ends):
        return ""
    known = {p: [float(of.loc[p, end]) for end in ends] for p in names}
    told = {p: story.figures.interval(low, high, "chance") for p, (low, high) in known.items()}
    return _listed(story, story.words.say("chart.interval.worlds95"), told)


def swings(story: Story, stage: Stage) -> None:
    """Show how far each uncertain number swings the result: a picture, since no chart of the program is a tornado."""
    say, drivers = story.words.say, story.found.extra["drivers"]
    slide, title, area = stage.slide()
    own = drivers[drivers["policy"] != ALL_POLICIES]
    sure = own[own["swing_beyond_chance"].astype(bool)] if "swing_beyond_chance" in own else own
    if sure.empty:
        head = say("chart.tornado.nothing")
    else:
        widest = sure.loc[(sure["value_if_high"] - sure["value_if_low"]).abs().idxmax()]
        values = {"parameter": story.parameter(str(widest["parameter"])), "policy": story.policy(str(widest["policy"]))}
        head = say("deck.swings.title", **values)
    write_title(title, sentence(head))
    picture(slide, story, area, "tornado", story.decides())
    notes(slide, story, say("deck.swings.notes"), ("drivers.csv", "low, high, value_if_low, value_if_high"))


def has_worlds(story: Story) -> bool:
    """Return whether there are verdicts over drawn worlds to show."""
    known = story.found.extra.get("verdicts")
    return known is not None and not known.empty and {"regret_mean", "regret_worst"} <= set(known.columns)


def has_swings(story: Story) -> bool:
    """Return whether the drivers say what the result is at either end of a number's range."""
    known = story.found.extra.get("drivers")
    if known is None or not {"value_if_low", "value_if_high"} <= set(known.columns):
        return False
    return bool(known.loc[known["policy"] != ALL_POLICIES, "value_if_low"].notna().any())
