"""Every replication as a dot: how often one policy is better than another when both have the same luck."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from wom_sim.charts.dumbbell import pair_name
from wom_sim.charts.page import Texts, box_of, finish
from wom_sim.charts.panels import Opening
from wom_sim.charts.rows import Named, Plan, numbers_width, row_page, write_number
from wom_sim.charts.setting import PLAIN_SETTING, Setting
from wom_sim.charts.style import BOLD, FAINT_INK, INK, Face, palette
from wom_sim.charts.tables import check, policies_in
from wom_sim.charts.values import value_axis
from wom_sim.charts.words import sentence

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = ("policy", "against", "replication", "unit", "better", "difference", "of")
OF = ("replications", "worlds")


class Pair(NamedTuple):
    """Two policies and their paired differences; ``wins``: in how many the first is better."""

    policy: str
    against: str
    values: list[float]
    wins: int
    ties: int


def draw(table: pd.DataFrame, setting: Setting = PLAIN_SETTING) -> Figure:
    """Return a strip of dots for each pair of policies, a dot a replication (or a world), and who wins how often.

    Parameters
    ----------
    table
        Columns policy; against; replication: its number; unit and better ("more" or "less") of the indicator;
        difference: the policy's value minus the other's, with the same luck; of: "replications" or "worlds".
    setting
        Language, page, order of policies, currency.

    Raises
    ------
    ValueError
        When a column is missing, the table is empty, a difference is missing, or two rows share pair and
        replication.
    """
    check(table, COLUMNS, ("policy", "against", "replication"), finite=("difference",))
    words, pairs = setting.words, pairs_of(table)
    of, unit = str(table["of"].iloc[0]), str(table["unit"].iloc[0])
    if of not in OF:
        raise ValueError(f"column 'of' holds '{of}'; allowed: {', '.join(map(repr, OF))}")
    looks = palette([*map(str, setting.order), *policies_in(table), *(pair.against for pair in pairs)])
    texts = Texts(finding(pairs, of, setting), words.say(f"chart.paired.{of}"), words.say("chart.paired.how"))
    alone = len({pair.policy for pair in pairs}) == 1
    names = [
        Named(
            sentence(pair_name(pair.policy, pair.against, setting, alone)), Face(bold=True, ink=looks[pair.against].ink)
        )
        for pair in pairs
    ]
    told = [words.say("chart.paired.of", wins=pair.wins, n=len(pair.values)) for pair in pairs]
    plan = Plan(narrowest=4.0, numbers=numbers_width(told, BOLD), below=0.35, row=0.5, tallest=1.15)
    first = words.policy(pairs[0].policy)
    text = words.say("chart.paired.heading_one", policy=first) if alone else words.say("chart.paired.heading")
    heading = Named(sentence(text), BOLD)
    figure, (axes,) = row_page(Opening(texts, setting), names, [heading], plan)
    value_axis(
        axes,
        list(table["difference"]),
        lambda value: words.signed_quantity(value, unit, setting.currency, brief=True),
        plain=True,
    )
    for i, (pair, text) in enumerate(zip(pairs, told, strict=True)):
        look = looks[pair.against]
        heights = heap(axes, pair.values, i)
        mark: Any = {"marker": look.marker, "markersize": 5.5, "markeredgecolor": look.ink, "markeredgewidth": 0.6}
        axes.plot(pair.values, heights, color=look.colour, linestyle="none", alpha=0.85, clip_on=False, **mark)
        middle = sorted(pair.values)[len(pair.values) // 2]
        axes.plot([middle, middle], [i + 0.12, i + 0.88], color=INK, linewidth=1.6, zorder=4)
        ink = INK if 2 * pair.wins != len(pair.values) else FAINT_INK
        write_number(axes, i + 0.5, text, plan, Face(bold=True, ink=ink))
    full = [sentence(pair_name(pair.policy, pair.against, setting, alone=False)) for pair in pairs]
    return finish(figure, [f"{name}: {text}." for name, text in zip(full, told, strict=True)])


def pairs_of(table: pd.DataFrame) -> list[Pair]:
    """Return the pairs of a table, the closest first, the differences by replication."""
    sign = -1.0 if str(table["better"].iloc[0]) == "less" else 1.0
    pairs = []
    for (policy, against), rows in table.groupby(["policy", "against"], sort=False):
        values = [float(v) for v in rows.sort_values("replication")["difference"]]
        wins, ties = sum(sign * v > 0.0 for v in values), sum(v == 0.0 for v in values)
        pairs.append(Pair(str(policy), str(against), values, wins, ties))
    return sorted(pairs, key=lambda pair: (sign * sum(pair.values) / len(pair.values), pair.policy, pair.against))


def finding(pairs: Sequence[Pair], of: str, setting: Setting) -> str:
    """Return the chart's title: the closest pair, and how often the first of it is better."""
    words = setting.words
    closest = min(pairs, key=lambda pair: abs(2 * pair.wins + pair.ties - len(pair.values)) / len(pair.values))
    values = {
        "first": words.policy(closest.policy), "second": words.policy(closest.against), "wins": closest.wins,
        "n": len(closest.values),
    }  # fmt: skip
    if closest.ties == len(closest.values):
        return sentence(words.say("chart.paired.same", **values))
    return sentence(words.say(f"chart.paired.title.{of}", **values))


def heap(axes: Axes, values: Sequence[float], row: int) -> list[float]:
    """Return the height of each dot in its row, so that dots of nearly the same value lie over each other."""
    box, size = box_of(axes), 0.085
    pitch = (box.top - box.bottom) / max(1.0, axes.get_ylim()[0])
    columns = [round(float(axes.transData.transform((v, 0.0))[0]) / box.figure.dpi / size) for v in values]
    most = max(columns.count(column) for column in set(columns))
    step = min(size / pitch, 0.76 / max(1, most))
    seen: dict[int, int] = {}
    heights = []
    for column in columns:
        k = seen[column] = seen.get(column, 0) + 1
        heights.append(row + 0.5 + step * ((k // 2) if k % 2 == 0 else -(k // 2)))
    return heights
