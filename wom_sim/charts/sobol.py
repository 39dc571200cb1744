"""Which share of the variance each factor makes, alone and together with others: bars, a panel a policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from wom_sim.charts.factors import Measures, draw_factors
from wom_sim.charts.setting import PLAIN_SETTING, Setting

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


def _say(value: float, row: Mapping[Any, Any], setting: Setting) -> str:
    return setting.words.share(value)


def _note(rows: Sequence[Mapping[Any, Any]], setting: Setting) -> str:
    """Return what is not told as a number, and where first orders add up to more than all."""
    words, said = setting.words, []
    if any(not row.get(column, True) and row.get("used", True) for row in rows for column in TESTED):
        said.append(words.say("chart.sobol.chance"))
    above = {str(row["policy"]): row["sum_first"] for row in rows if row.get("sum_first", 0.0) > _MOST}
    for policy, total in above.items():
        said.append(words.say("chart.sobol.sum", sum=words.share(round(total, 2)), policy=words.policy(policy)))
    return " ".join(said)


_MOST = 1.0005
"""What is more than this is told as more than 100 %."""
TESTED = ("total_beyond_chance", "first_beyond_chance")
MEASURES = Measures("sobol", "total", "first", _say, most=_MOST, tested=TESTED, note=_note)
COLUMNS = MEASURES.columns


def draw(table: pd.DataFrame, setting: Setting = PLAIN_SETTING) -> Figure:
    """Return bars of total order (pale) and first order (dark) for one output, the largest total first.

    Parameters
    ----------
    table
        Columns policy; parameter: key of the factor; indicator, label, unit: the output that was analysed; first,
        total: shares of its variance; first_low, first_high, total_low, total_high: 95 % intervals, missing if
        there are none. Columns that may be missing: first_beyond_chance, total_beyond_chance; sum_first: what all first
        orders of the policy add up to; used: whether the policy uses the factor.
    setting
        Language, page, order of policies.

    Raises
    ------
    ValueError
        When a column is missing, the table is empty, a share is missing, or two rows share policy and parameter.
    """
    return draw_factors(table, MEASURES, setting)
