"""A hidden practice comes out as soon as it would if all were simulated for whom people stand."""

from dataclasses import replace

import numpy as np
import pytest
from firms import SCORES, setting_of

from wom_sim.policies.hidden import leak_day, with_leak
from wom_sim.policies.setting import Choice
from wom_sim.world.treatments import LEAK

USUAL = replace(SCORES, p_leak=0.3)


@pytest.mark.parametrize("seed", range(12))
def test_the_day_is_that_of_all_who_are_treated(seed):
    setting = setting_of("downgrade", seed=seed, scores=USUAL)
    few = np.arange(40) * 5
    all_of_them = np.repeat(few, 25)
    assert leak_day(replace(setting, represents=25), few) == leak_day(setting, all_of_them)


def test_who_learns_of_a_leak_learns_of_it_on_one_day():
    setting = setting_of("downgrade", scores=replace(SCORES, p_leak=1.0 - 1e-15), per_day=0.1, choose=Choice(limit=40))
    setting = replace(setting, represents=25)
    from wom_sim.policies.hidden import treated_in_secret
    from wom_sim.world.treatments import DOWNGRADE

    table = with_leak(setting, treated_in_secret(setting, DOWNGRADE))
    told = table["action"] == LEAK
    assert told.any()
    assert not table["apart"][told].any()
    assert set(table["apart"][~told].tolist()) == {np.float32(0.4)}
