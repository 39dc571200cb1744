"""Whether what is learned can be trusted: where true numbers lay in their intervals when worlds played the firm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from wom_sim.charts.page import MARGIN, Texts, finish, open_page, place, write
from wom_sim.charts.setting import PLAIN_SETTING, Setting
from wom_sim.charts.style import BOLD, FAINT, FAINT_INK, INK, OKABE_ITO, quiet
from wom_sim.charts.tables import check

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = ("world", "key", "place")
BINS = 10
MIDDLE = (0.05, 0.95)
"""Between these places a number lies within its 90 % interval."""
SURE = (0.85, 0.95)
"""As ``study.fit_words.SURE``, which charts cannot import; a test holds them together."""
COLOUR = OKABE_ITO["blue"]
_LEFT, _BELOW, _ABOVE = 0.85, 0.65, 0.4


class Bars(NamedTuple):
    """Share of the numbers in each bin, the ends of the band that chance allows, and the share within 90 %."""

    shares: list[float]
    low: float
    high: float
    covered: float
    worlds: int


def draw(table: pd.DataFrame, setting: Setting = PLAIN_SETTING) -> Figure:
    """Return a histogram of places in ten bins, with the band in which each bar lies by chance.

    Parameters
    ----------
    table
        Columns world: that played the firm; key: of a number that was learned of; place: where the true number lay
        in what would be learned of it, 0 to 1.
    setting
        Language, page.

    Raises
    ------
    ValueError
        When a column is missing, the table is empty, a place is missing, or two rows share world and key.
    """
    check(table, COLUMNS, ("world", "key"), finite=("place",))
    words, bars = setting.words, bars_of(table["place"].tolist(), int(table["world"].nunique()))
    told = {
        "worlds": words.count("chart.calibrated.worlds", bars.worlds),
        "numbers": words.count("chart.calibrated.numbers", int(table["key"].nunique())),
    }
    how = words.say("chart.calibrated.how", low=words.share(bars.low), high=words.share(bars.high))
    texts = Texts(finding(bars, setting), words.say("chart.calibrated.interval", **told), how)
    page = open_page(texts, setting, lambda page: page.top - page.bottom >= 2.6)
    bottom = page.bottom + _BELOW
    size = (page.width - _LEFT - MARGIN, page.top - _ABOVE - bottom)
    axes = place(page.figure, _LEFT, bottom, *size)
    _draw_bars(axes, bars, setting)
    write(page.figure, (MARGIN, page.top), words.say("chart.calibrated.upright"), BOLD)
    for at, anchor, name in ((0.0, "left", "low"), (0.5, "centre", "middle"), (1.0, "right", "high")):
        text = words.say(f"chart.calibrated.{name}")
        write(page.figure, (_LEFT + at * size[0], bottom - 0.06), text, FAINT, f"{anchor} top")
    write(page.figure, (_LEFT + size[0] / 2, bottom - 0.32), words.say("chart.calibrated.level"), BOLD, "centre top")
    return finish(page.figure, [_fact(k, share, setting) for k, share in enumerate(bars.shares)])


def bars_of(places: Sequence[float], worlds: int) -> Bars:
    """Return the shares of places in ten bins, and the band in which one lies by chance in 95 of 100 cases.

    Numbers of one world go together, so that each world counts once: the band is that of so many independent tries,
    which is the widest that it can be.

    >>> bars_of([0.02, 0.5, 0.5, 1.0], 200)
    Bars(shares=[0.25, 0.0, 0.0, 0.0, 0.0, 0.5, 0.0, 0.0, 0.0, 0.25], low=0.06, high=0.145, covered=0.5, worlds=200)
    """
    counts = [0] * BINS
    for where in places:
        counts[min(BINS - 1, max(0, int(where * BINS)))] += 1
    inside = sum(MIDDLE[0] <= where <= MIDDLE[1] for where in places) / len(places)
    low, high = chance_band(worlds, 1.0 / BINS)
    return Bars([count / len(places) for count in counts], low, high, inside, worlds)


def chance_band(tries: int, chance: float) -> tuple[float, float]:
    """Return between which shares of so many tries something of this chance comes true, in 95 of 100 cases.

    >>> chance_band(200, 0.1)
    (0.06, 0.145)
    """
    from scipy.stats import binom

    low, high = binom.ppf((0.025, 0.975), tries, chance)
    return float(low) / tries, float(high) / tries


def finding(bars: Bars, setting: Setting) -> str:
    """Return the chart's title: how often the truth lay within its 90 % interval, and what that says of intervals."""
    words, (low, high) = setting.words, SURE
    key = "narrow" if bars.covered < low else "wide" if bars.covered > high else "sure"
    return words.say(f"chart.calibrated.{key}", share=words.whole_share(bars.covered))


def _draw_bars(axes: Axes, bars: Bars, setting: Setting) -> None:
    """Draw the bars, the band of chance, and the ends of the 90 % interval."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    quiet(axes, "y")
    axes.set_xlim(0.0, 1.0)
    axes.set_xticks([])
    axes.set_ylim(0.0, 1.08 * max(*bars.shares, bars.high, 0.2))
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: setting.words.share(round(value, 3))))
    middles = [(k + 0.5) / BINS for k in range(BINS)]
    axes.bar(middles, bars.shares, 0.086, color=COLOUR, linewidth=0.0, zorder=2)
    band = axes.axhspan(bars.low, bars.high, facecolor="#C9C9C9", alpha=0.55, zorder=3, linewidth=0.0)
    band.set_hatch("//")
    band.set_edgecolor("#8C8C8C")
    axes.axhline(1.0 / BINS, color=INK, linewidth=1.6, linestyle=(0, (5, 3)), zorder=4)
    for end in MIDDLE:
        axes.axvline(end, color=FAINT_INK, linewidth=1.4, linestyle=(0, (1, 1.5)), zorder=4)


def _fact(number: int, share: float, setting: Setting) -> str:
    words = setting.words
    low, high = words.share(number / BINS), words.share((number + 1) / BINS)
    return words.say("chart.calibrated.fact", low=low, high=high, share=words.whole_share(share))
