"""Screening by Morris: how much each factor matters, and how much that depends on where one is.

The usual picture is a plane of both measures. Names of factors collide on it as soon as there are several policies;
in rows each keeps its own line, and what the plane's diagonal shows is seen as well: there the dark bar is as long as
the pale one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from wom_sim.charts.factors import Measures, draw_factors
from wom_sim.charts.setting import PLAIN_SETTING, Setting

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


def _say(value: float, row: Mapping[Any, Any], setting: Setting) -> str:
    return setting.words.quantity(value, str(row["unit"]), setting.currency, brief=True)


MEASURES = Measures("morris", "mu_star", "sigma", _say)
COLUMNS = MEASURES.columns


def draw(table: pd.DataFrame, setting: Setting = PLAIN_SETTING) -> Figure:
    """Return bars of mu* (pale) and sigma (dark) for one output, the largest mu* first.

    Parameters
    ----------
    table
        Columns policy; parameter: key of the factor; indicator, label, unit: the output that was analysed; mu_star:
        mean size of the effect of moving the factor over its whole range; sigma: standard deviation of that effect;
        mu_star_low, mu_star_high, sigma_low, sigma_high: 95 % intervals, missing if there are none.
    setting
        Language, page, order of policies, currency.

    Raises
    ------
    ValueError
        When a column is missing, the table is empty, a number is missing, or two rows share policy and parameter.
    """
    return draw_factors(table, MEASURES, setting)
