"""A package outside the repository with a plug-in of each kind, and several of each that misbehave."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SOURCE = """
import math
import numpy as np
import pandas as pd
from wom_sim.outcomes.own import OwnIndicator, Run
from wom_sim.simulation.made import OwnNetwork, OwnPopulation
from wom_sim.world.network import ACQUAINTANCE, from_edges


def busy(run: Run) -> float:
    most = run.numbers.get("busy from", 2.0)
    return float(sum(day.counts["talkers"] >= most for day in run.days()))


def channels(run: Run) -> float:
    heard = run.events[run.events["event"] == "heard"]
    return float(heard["channel"].nunique())


BUSY = OwnIndicator("busy_days", "day", "less", "days on which at least so many begin to talk", busy)
CHANNELS = OwnIndicator("ways_heard", "share", "", "channels through which people first heard", channels, events=True)


def louder(asked):
    people = asked.usual
    people["talkativeness"] *= np.where(asked.luck() < 0.5, asked.numbers.get("louder by", 2.0), 1.0)
    return people


def ring(asked):
    number, reach = len(asked.people), int(asked.numbers.get("reach", 2))
    who = np.repeat(np.arange(number), reach)
    step = np.tile(np.arange(1, reach + 1), number)
    return from_edges(number, who, (who + step) % number, np.full(len(who), ACQUAINTANCE))


def circle(asked):
    import networkx as nx
    return nx.cycle_graph(len(asked.people))


LOUDER = OwnPopulation("louder", "Assumption: for a test", louder)
RING = OwnNetwork("ring", "Assumption: for a test", ring)
CIRCLE = OwnNetwork("circle", "Assumption: for a test", circle)

# -- those that misbehave

TEXT = "an indicator"
RAISES = OwnIndicator("raises", "day", "less", "raises", lambda run: 1 / 0)
WORDS = OwnIndicator("words", "day", "less", "no number", lambda run: "many")
ENDLESS = OwnIndicator("endless", "day", "less", "no finite number", lambda run: math.inf)
UNIT = OwnIndicator("unit", "furlong", "less", "a unit that nobody knows", busy)
OTHER = OwnIndicator("another", "day", "less", "another name than its entry point", busy)
FEWER = OwnPopulation("fewer", "Assumption", lambda asked: asked.usual[:-1])
HASTY = OwnPopulation("hasty", "Assumption", lambda asked: _with(asked.usual, "churn", 2.0))
MOVED = OwnPopulation("moved", "Assumption", lambda asked: _with(asked.usual, "member", 0))
SMALL = OwnNetwork("small", "Assumption", lambda asked: from_edges(2, *np.array([[0], [1], [0]])))
NONE = OwnNetwork("none", "Assumption", lambda asked: None)


def _with(people, column, value):
    people[column] = value
    return people
"""
SHOWN = """
from matplotlib.figure import Figure
from wom_sim.charts.own import OwnChart
from wom_sim.present.own import OwnSection, Written


def talkers(table, setting):
    figure = Figure(figsize=(6, 4))
    axes = figure.add_subplot()
    axes.bar(list(table["policy"]), table["talkers"])
    axes.set_title(setting.words.name("indicator", "talkers"))
    return figure


def means(table):
    return table.groupby("policy", sort=False)["talkers"].mean().reset_index()


def loudest(found, words):
    runs = found.replications.groupby("policy")["talkers"].max()
    told = f"At most {words.people(float(runs.max()))} people talk <in any run>."
    return Written([told], {"Most talkers": runs.reset_index()})


CHART = OwnChart("talker_bars", "Who talks", "replications.parquet", talkers, means, "happens")
SECTION = OwnSection("loudest", {"en": "The loudest run", "nl": "De luidste run"}, loudest)
BLANK = OwnChart("blank", "Nothing", "replications.parquet", lambda table, setting: None)
BARE = OwnSection("bare", {"en": "Bare"}, lambda found, words: "one text")
"""
POINTS = """
[wom_sim.indicators]
busy_days = their_kit:BUSY
ways_heard = their_kit:CHANNELS
text = their_kit:TEXT
raises = their_kit:RAISES
words = their_kit:WORDS
endless = their_kit:ENDLESS
unit = their_kit:UNIT
other = their_kit:OTHER
gone = their_kit:NONE_SUCH
net_value = their_kit:BUSY
[wom_sim.populations]
louder = their_kit:LOUDER
fewer = their_kit:FEWER
hasty = their_kit:HASTY
moved = their_kit:MOVED
[wom_sim.networks]
ring = their_kit:RING
circle = their_kit:CIRCLE
small = their_kit:SMALL
none = their_kit:NONE
[wom_sim.charts]
talker_bars = their_charts:CHART
blank = their_charts:BLANK
[wom_sim.sections]
loudest = their_charts:SECTION
bare = their_charts:BARE
"""
PLUGGED = """
[plugins]
population = "louder"
network = "ring"
indicators = ["busy_days", "ways_heard"]
charts = ["talker_bars"]
sections = ["loudest"]
[[plugins.numbers]]
name = "reach"
value = 3.0
[[plugins.numbers]]
name = "louder by"
value = 1.5
"""
"""What a scenario says to use one of each kind."""
MODULES = ("their_kit", "their_charts")


def install(folder: Path, points: str = POINTS) -> None:
    """Put the package into a folder, with what an installer would write beside it."""
    (folder / "their_kit.py").write_text(SOURCE)
    (folder / "their_charts.py").write_text(SHOWN)
    info = folder / "their_kit-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: their_kit\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(points)


def forget() -> None:
    """Forget what was loaded of the package, so that another state of it can be."""
    from wom_sim.charts import own as charts
    from wom_sim.outcomes import own as indicators
    from wom_sim.present import own as sections
    from wom_sim.results import version
    from wom_sim.simulation import made, own_rules

    caches = (
        charts.own, indicators.own, indicators._others, sections.own, made._own, version.plugin_version,
        own_rules.own_rule, own_rules._compiled,
    )  # fmt: skip
    for found in caches:
        found.cache_clear()
    for name in MODULES:
        sys.modules.pop(name, None)


@contextmanager
def known(tmp_path: Path, monkeypatch) -> Iterator[Path]:
    """Make the package known to this process; yields the folder that others need on their path."""
    site = tmp_path / "kit"
    site.mkdir()
    install(site)
    monkeypatch.syspath_prepend(str(site))
    forget()
    yield site
    forget()
