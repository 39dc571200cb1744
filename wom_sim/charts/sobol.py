"""Which share of the variance each factor makes, alone and together with others: bars, a panel a policy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from wom_sim.charts.factors import Measures, draw_factors
from wom_sim.charts.setting import PLAIN_SETTING, Setting

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


def _say(value: float, row: Mapping[Any, Any], setting: Setting) -> str:
    return setting.words.share(value)


MEASURES = Measures("sobol", "total", "first", _say, most=1.0)
COLUMNS = MEASURES.columns


def draw(table: pd.DataFrame, setting: Setting = PLAIN_SETTING) -> Figure:
    """Return bars of total order (pale) and first order (dark) for one output, the largest total first.

    Parameters
    ----------
    table
        Columns policy; parameter: key of the factor; indicator, label, unit: the output that was analysed; first,
        total: shares of its variance; first_low, first_high, total_low, total_high: 95 % intervals, missing if
        there are none.
    setting
        Language, page, order of policies.

    Raises
    ------
    ValueError
        When a column is missing, the table is empty, a share is missing, or two rows share policy and parameter.
    """
    return draw_factors(table, MEASURES, setting)
