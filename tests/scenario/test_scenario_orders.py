"""Orders of an adaptive policy: what each needs, and what may not be given with it."""

from __future__ import annotations

import pytest

from wom_sim.scenario import ScenarioError, load_scenario


@pytest.mark.parametrize(
    ("order", "message"),
    [
        ("{trigger='days', level=1, do='pay'}", "payment: missing"),
        ("{trigger='days', level=1, do='change_channel', payment=3}", "channel: missing"),
        ("{trigger='days', level=1, do='pause', payment=3}", "payment: given with do = 'pause'"),
    ],
)
def test_an_order_says_what_it_needs_and_no_more(small, order, message):
    with pytest.raises(ScenarioError, match=message):
        load_scenario(small, [f"policies[0].when=[{order}]"])
