"""What is worked out once is what would be worked out anew."""

from __future__ import annotations

import pandas as pd

from wom_sim import load_scenario
from wom_sim.outcomes.indicators import INDICATORS
from wom_sim.outcomes.paired import paired
from wom_sim.simulation import numbers_of, policies_of

NEWCOMER = (20.0, 0.01)


def test_numbers_are_those_of_their_own_scenario_policy_and_newcomer() -> None:
    mild = load_scenario("builtin:first_look", ["behaviour.leaving.beta=0.5"])
    harsh = load_scenario("builtin:first_look", ["behaviour.leaving.beta=2.0"])
    for scenario in (mild, harsh, mild):
        for policy in policies_of(scenario):
            for newcomer in (NEWCOMER, (30.0, 0.02)):
                found = numbers_of(scenario, policy, newcomer)
                assert found == numbers_of.__wrapped__(scenario, policy, newcomer)  # type: ignore[attr-defined]
                assert found.new_customer_profit == newcomer[0]
        assert found.beta == scenario.behaviour.leaving.beta


def test_numbers_stay_right_when_more_scenarios_come_than_are_kept() -> None:
    for k in range(1, 80):
        scenario = load_scenario("builtin:first_look", [f"run.days={k}"])
        assert numbers_of(scenario, policies_of(scenario)[0], NEWCOMER).days == k


def test_pairs_in_one_indicator_are_the_rows_of_the_whole_table() -> None:
    runs = pd.DataFrame(
        [
            {"policy": policy, "replication": k}
            | {i.name: float((3 * k + 7 * n) % 11 * s) for n, i in enumerate(INDICATORS)}
            for s, policy in enumerate(("keep", "letter", "offer"))
            for k in range(6)
        ]
    )
    whole = paired(runs)
    for name in ("net_value", "national_coverage"):
        rows = whole[whole["indicator"] == name].reset_index(drop=True)
        assert len(rows) == 3
        pd.testing.assert_frame_equal(paired(runs, name), rows)
