"""Who told whom: the tree of the story, grown from the firm outwards, on four days."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from wom_sim.charts.channels import LOOKS
from wom_sim.charts.legend import Sample, draw_legend, legend_height
from wom_sim.charts.page import MARGIN, Texts, finish, place, write
from wom_sim.charts.panels import GAP, Opening, lay_out
from wom_sim.charts.setting import PLAIN_SETTING, SIZES, Setting
from wom_sim.charts.style import BOLD, FAINT_INK, GRID, INK, Face, Look
from wom_sim.charts.tables import check, looks_for
from wom_sim.charts.typesetting import line_height, wrap
from wom_sim.charts.words import sentence

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = ("policy", "node", "parent", "channel", "day", "total", "steps")
DAYS = (1, 7, 30, 90)
MOST = 400
FIRM = "firm"
_PANEL = 2.0


class Node(NamedTuple):
    """A person or outlet in the tree: where it is, where its parent is, when it heard, by which channel."""

    place: tuple[float, float]
    parent: tuple[float, float]
    day: float
    channel: str
    outlet: bool


def draw(table: pd.DataFrame, setting: Setting = PLAIN_SETTING) -> Figure:
    """Return for each policy four small pictures of the same tree: what had grown by day 1, 7, 30 and 90.

    Parameters
    ----------
    table
        Columns policy; node: name of a person or outlet; parent: who told them, or "firm"; channel: "firm",
        "outlet", "post" or a class of tie; day: when; total, steps: how many people heard of it in all, and how many
        steps the longest chain has, drawn or not. At most 400 nodes a policy; the names of outlets begin with "outlet".
        If there, replication: which run of the policy it is.
    setting
        Language, page, order of policies.

    Raises
    ------
    ValueError
        When a column is missing, the table is empty, a day is missing, a channel is unknown, a policy has too
        many nodes, or two rows share policy and node.
    """
    check(table, COLUMNS, ("policy", "node"), finite=("day", "total", "steps"))
    words, looks = setting.words, looks_for(table, setting.order)
    for channel in dict.fromkeys(table["channel"]):
        if channel not in LOOKS:
            raise ValueError(f"column 'channel' holds '{channel}'; allowed: {', '.join(LOOKS)}")
    of = {p: table[table["policy"].astype(str) == p].sort_values(["day", "node"], kind="stable") for p in looks}
    for policy, rows in of.items():
        if len(rows) > MOST:
            raise ValueError(f"{len(rows)} nodes for policy '{policy}'; at most {MOST} can be seen")
    trees = {p: lay_tree(rows) for p, rows in of.items()}
    totals = {p: float(rows["total"].iloc[0]) for p, rows in of.items()}
    shown = {p: sum(not n.outlet for n in tree) for p, tree in trees.items()}
    drawn = "; ".join(_drawn(of[p], shown[p], setting) for p in trees)
    texts = Texts(finding(of, totals, setting), words.say("typical.each.spread"), f"{sentence(drawn)}.")
    return _draw_page(trees, looks, Opening(texts, setting))


def _drawn(rows: pd.DataFrame, shown: int, setting: Setting) -> str:
    """Return how many people of a policy are drawn, and of which run if that is known."""
    first, words = rows.iloc[0], setting.words
    of, policy = words.number(float(first["total"])), words.policy(first["policy"])
    said = {"n": words.number(shown), "of": of, "policy": policy}
    if "replication" in rows:
        return words.say("chart.cascade.drawn_of", replication=int(first["replication"]), **said)
    return words.say("chart.cascade.drawn", **said)


def finding(of: Mapping[str, pd.DataFrame], totals: Mapping[str, float], setting: Setting) -> str:
    """Return the chart's title: how many hear of it, and how far from the firm the tree reaches."""
    words = setting.words
    loudest = max(totals, key=lambda p: totals[p])
    if totals[loudest] <= 0.0:
        return words.say("chart.reached.nobody")
    steps = float(of[loudest]["steps"].iloc[0])
    return sentence(
        words.say(
            "chart.cascade.title",
            policy=words.policy(loudest),
            people=words.count("chart.people", totals[loudest]),
            steps=words.count("chart.steps_away", steps),
        )
    )


def lay_tree(rows: pd.DataFrame) -> list[Node]:
    """Return the nodes of a policy with their places: the firm in the middle, each step a ring further out.

    A branch has as much of the circle as it has leaves; a parent who is not drawn counts as the firm. The places
    depend on the table alone.
    """
    names = [str(node) for node in rows["node"]]
    known = set(names)
    parents = {
        n: (str(p) if str(p) in known and str(p) != n else FIRM) for n, p in zip(names, rows["parent"], strict=True)
    }
    children: dict[str, list[str]] = {}
    for name in names:
        children.setdefault(parents[name], []).append(name)
    depths = _depths(rows)
    leaves = {name: 0.0 for name in (FIRM, *names)}
    for name in sorted(names, key=lambda n: -depths.get(n, 1)):
        leaves[name] = max(1.0, leaves[name])
        leaves[parents[name]] += leaves[name]
    deepest = max(depths.values(), default=1)
    places: dict[str, tuple[float, float]] = {FIRM: (0.0, 0.0)}
    sectors = {FIRM: (0.0, 2.0 * math.pi)}
    waiting = [FIRM]
    while waiting:
        name = waiting.pop()
        start, width = sectors.pop(name)
        for child in children.get(name, ()):
            share = width * leaves[child] / max(1.0, sum(leaves[c] for c in children[name]))
            angle, radius = start + share / 2.0, depths[child] / deepest
            places[child] = (radius * math.sin(angle), radius * math.cos(angle))
            sectors[child] = (start, share)
            start += share
            waiting.append(child)
    return [
        Node(places[n], places[parents[n]], float(day), str(channel), n.startswith("outlet"))
        for n, day, channel in zip(names, rows["day"], rows["channel"], strict=True)
        if n in places
    ]


def _depths(rows: pd.DataFrame) -> dict[str, int]:
    """Return how many steps each node is from the firm; a ring of tellers without the firm starts at one."""
    parents = {str(n): str(p) for n, p in zip(rows["node"], rows["parent"], strict=True)}
    depths: dict[str, int] = {}
    for name in parents:
        path = []
        at = name
        while at in parents and at not in depths and at not in path:
            path.append(at)
            at = parents[at]
        base = depths.get(at, 0)
        for step, each in enumerate(reversed(path), start=1):
            depths[each] = base + step
    return depths


def _draw_page(trees: Mapping[str, list[Node]], looks: Mapping[str, Look], opening: Opening) -> Figure:
    """Return the page: a row of four pictures for each policy, with a legend of channels."""
    words = opening.setting.words
    channels = [c for c in LOOKS if any(n.channel == c for tree in trees.values() for n in tree)]
    told = {"firm": words.say("chart.cascade.told")}
    samples = [Sample(told.get(c, words.name("channel", c)), LOOKS[c], lined=False) for c in channels]
    if any(n.outlet for tree in trees.values() for n in tree):
        samples.append(Sample(words.say("chart.cascade.outlet"), Look("#FFFFFF", "-", "s", INK), lined=False))
    height = legend_height(samples, SIZES[opening.setting.size][0] - 2 * MARGIN)
    least = len(DAYS) * _PANEL + (len(DAYS) - 1) * GAP
    headings = {p: wrap(sentence(words.policy(p)), least, BOLD) for p in trees}
    named = max(map(len, headings.values())) * line_height() + 0.06
    grid = lay_out(opening, len(trees), 0.0, least, 1.45 + named + line_height() + height)
    draw_legend(grid.figure, (grid.left, grid.top), grid.figure.get_figwidth() - 0.6, samples)
    width = (grid.width - (len(DAYS) - 1) * GAP) / len(DAYS)
    lines = -(-len(trees) // grid.columns)
    high = grid.height - height / lines
    for index, (policy, tree) in enumerate(trees.items()):
        line, column = divmod(index, grid.columns)
        corner = grid.corner(column)
        top = grid.top - height - line * high
        write(grid.figure, (corner[0], top), headings[policy], Face(bold=True, ink=looks[policy].ink))
        size = min(width, high - named - line_height() - 0.12)
        for k, day in enumerate(DAYS):
            left = corner[0] + k * (width + GAP)
            heard = sum(n.day <= day and not n.outlet for n in tree)
            text = words.say("chart.cascade.panel", day=day, n=words.number(heard))
            write(grid.figure, (left, top - named), text, Face(ink=FAINT_INK))
            at = left + (width - size) / 2, top - named - line_height() - 0.05 - size
            _draw_tree(place(grid.figure, *at, size, size), tree, day)
    facts = []
    for policy, tree in trees.items():
        panels = [
            words.say("chart.cascade.panel", day=d, n=sum(n.day <= d and not n.outlet for n in tree)) for d in DAYS
        ]
        facts.append(f"{sentence(words.policy(policy))}: {'; '.join(panels)}.")
    return finish(grid.figure, facts)


def _draw_tree(axes: Axes, tree: list[Node], day: float) -> None:
    """Draw what has grown by a day, in colour; what is still to come, as faint dots."""
    from matplotlib.collections import LineCollection

    for side in axes.spines.values():
        side.set_visible(False)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_xlim(-1.06, 1.06)
    axes.set_ylim(-1.06, 1.06)
    later = [n for n in tree if n.day > day]
    axes.plot([n.place[0] for n in later], [n.place[1] for n in later], ".", color=GRID, markersize=3.0)
    now = [n for n in tree if n.day <= day]
    axes.add_collection(LineCollection([[n.parent, n.place] for n in now], colors=FAINT_INK, linewidths=0.5, alpha=0.6))
    small = 5.0 if len(tree) < 60 else 3.4
    for channel, look in LOOKS.items():
        those = [n for n in now if n.channel == channel]
        mark: Any = {"marker": look.marker, "markersize": small, "markeredgecolor": look.ink, "markeredgewidth": 0.5}
        axes.plot([n.place[0] for n in those], [n.place[1] for n in those], color=look.colour, linestyle="none", **mark)
    outlets = [n for n in now if n.outlet]
    axes.plot(
        [n.place[0] for n in outlets],
        [n.place[1] for n in outlets],
        "s",
        color="white",
        markeredgecolor=INK,
        markersize=8.0,
    )
    axes.plot([0.0], [0.0], "o", color=INK, markersize=6.0)
