"""What decides, and what would change the verdict, for a report and for slides: over drawn worlds, or in one."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from wom_sim._tables import ALL_POLICIES
from wom_sim.present import board_facts as board
from wom_sim.present import tables
from wom_sim.present.document import SAY, OnPage, OnSlide, Part, Picture, Section, Texts
from wom_sim.present.drawn import picture_of
from wom_sim.present.editable import Bars, scale_of
from wom_sim.present.next_steps import to_doubt
from wom_sim.present.story import Story
from wom_sim.present.tables import Table

_DRIVERS, _FEW_DRIVERS = 8, 5
_OF_A_BOARD = ("varied.policy", "decides.parameter", "decides.evppi", "decides.flips")
"""Columns of the numbers that decide which a board is shown: no grades, no statistics."""


def worlds(story: Story) -> Section:
    """Return in how many worlds each policy is best, and what it forgoes where another is."""
    found, say, words = story.found, story.words.say, story.words
    of = found.extra["verdicts"].set_index("policy")
    names = [p for p in found.policies if p in of.index]
    shares = {p: float(of.loc[p, "share_best"]) for p in names}
    told = _listed(story, say("deck.worlds.best"), {p: words.share(v) for p, v in shares.items()})
    best = Bars({story.heading(p): 100.0 * v for p, v in shares.items()}, names, say("deck.worlds.best"), told)
    regret = {p: float(of.loc[p, "regret_mean"]) for p in names}
    one, unit = scale_of(list(regret.values()))
    axis = say("deck.worlds.regret", unit=say(f"deck.unit.{unit}", currency=found.scenario.currency))
    told = _listed(story, say("chart.verdicts.regret_mean"), {p: story.money(v) for p, v in regret.items()})
    heights = {story.heading(p): story.figures.scaled(v, one) for p, v in regret.items()}
    columns = "share_best, share_best_low, share_best_high, regret_mean, regret_worst"
    return Section("worlds", "", [OnSlide(best), OnSlide(Bars(heights, names, axis, told))], _best_title(story),
                   f"{say('deck.worlds.notes')} {_intervals(story, of, names)}",
                   (("verdicts.csv", columns),))  # fmt: skip


def _best_title(story: Story) -> str:
    """Return in how many worlds which policy is best, and the most that it may forgo."""
    verdicts = story.found.extra["verdicts"].sort_values(["share_best", "regret_mean"], ascending=[False, True])
    if len(verdicts) > 1 and len(set(verdicts["share_best"])) == 1:
        return story.words.say("chart.verdicts.even")
    top = verdicts.iloc[0]
    share, regret = float(top["share_best"]), story.money(float(top["regret_worst"]))
    key = "chart.verdicts.title" if share < 1.0 else "chart.verdicts.always"
    return story.words.say(key, regret=regret, policy=story.policy(str(top["policy"])), share=story.words.share(share))


def _listed(story: Story, what: str, told: Mapping[str, str]) -> str:
    return f"{what}. {'; '.join(f'{story.heading(p)}: {text}' for p, text in told.items())}."


def _intervals(story: Story, of: pd.DataFrame, names: list[str]) -> str:
    """Return the interval of each share, which bars do not show."""
    ends = ("share_best_low", "share_best_high")
    if any(end not in of for end in ends):
        return ""
    known = {p: [float(of.loc[p, end]) for end in ends] for p in names}
    told = {p: story.figures.interval(low, high, "chance") for p, (low, high) in known.items()}
    return _listed(story, story.words.say("chart.interval.worlds95"), told)


def swings(story: Story) -> Section:
    """Return how far each uncertain number swings the result: a picture, since no program's chart is a tornado."""
    say, drivers = story.words.say, story.found.extra["drivers"]
    own = drivers[drivers["policy"] != ALL_POLICIES]
    sure = own[own["swing_beyond_chance"].astype(bool)] if "swing_beyond_chance" in own else own
    head = say("chart.tornado.nothing")
    if not sure.empty:
        widest = sure.loc[(sure["value_if_high"] - sure["value_if_low"]).abs().idxmax()]
        values = {"parameter": story.parameter(str(widest["parameter"])), "policy": story.policy(str(widest["policy"]))}
        head = say("deck.swings.title", **values)
    shown = OnSlide(Picture(picture_of(story, "tornado"), story.decides()))
    return Section("swings", "", [shown], head, say("deck.swings.notes"),
                   (("drivers.csv", "low, high, value_if_low, value_if_high"),))  # fmt: skip


def decides(story: Story) -> Section:
    """Return which of the uncertain numbers decide; that it cannot be said where no worlds were drawn."""
    say, drivers = story.words.say, tables.drivers(story)
    shown = (tables.verdicts(story), drivers, tables.drivers_of_each(story))
    parts: list[Part] = [OnPage(Texts(story.decides())), *(OnPage(each) for each in shown if each is not None)]
    heading = say("report.section.decides")
    if drivers is None:
        doubted = [say("deck.decides.text_none"), say("deck.decides.text_how"), *to_doubt(story)]
        parts.append(OnSlide(Texts(doubted, "list")))
        return Section("decides", heading, parts, say("deck.decides.title_none"), say("deck.decides.notes_none"),
                       (("scenario.toml", "behaviour"),))  # fmt: skip
    first = story.driver()
    title = say("deck.decides.title_chance") if first is None else say("deck.decides.title", parameter=first[0])
    few = drivers._replace(rows=drivers.rows[:_DRIVERS]).plain()
    parts += [OnSlide(few), OnSlide(Texts(story.decides()))]
    files = (("drivers.csv", "evppi, flips"), ("verdicts.csv", "share_best"))
    return Section("decides", heading, parts, title, say("deck.decides.notes"), files, slides=1)


def change(story: Story) -> Section:
    """Return what would change the verdict, and which uncertain numbers decide where worlds were drawn."""
    driver, drivers = story.driver(), _for_a_board(story)
    key = "deck.board.change.title" if driver is None else "deck.decides.title"
    title = story.words.say(key, parameter=driver[0] if driver else "")
    parts: list[Part] = [OnSlide(drivers)] if drivers is not None else []
    files = ("drivers.csv", "evppi, flips") if parts else ("summary.csv", "mean (net_value, lost_profitable)")
    parts.append(Texts(board.would_change(story), "list"))
    return Section("change", "", parts, title, story.words.say("deck.board.change.notes"), (files,), SAY, slides=1)


def _for_a_board(story: Story) -> Table | None:
    """Return what it is worth to know the numbers that decide, without grades, keys and statistics.

    None where no worlds were drawn, and where no number stands out: a table would say so once for each.
    """
    drivers = tables.drivers(story)
    if drivers is None or story.driver() is None:
        return None
    few = drivers._replace(rows=drivers.rows[:_FEW_DRIVERS]).plain()
    told = {story.words.say(f"report.{key}") for key in _OF_A_BOARD}
    kept = [head for head in few.heads if head in told]
    return few.named(kept) if len(kept) > 1 else few


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
