"""``run.represents`` in studies: a run of its own for each size, told at full size."""

import pytest
from small import two_policies
from test_sweep import write

from wom_sim import load_scenario, load_study, sweep
from wom_sim.study.levers import space_of
from wom_sim.study.replay import replay
from wom_sim.study.runs import planned

STUDY = """
name = "standing"
scenario = "scenario.toml"
replications = 2
[set]
"population.customers" = 6000
"population.prospects" = 900
"choose.limit" = 120
[[factors]]
key = "run.represents"
values = [1, 10]
"""


@pytest.fixture
def study(tmp_path):
    return write(tmp_path / "study", STUDY, two_policies(600, 90, 20))


def test_sizes_share_neither_runs_nor_people(study):
    rows = list(planned(load_study(study)))
    by_point = [[row for row in rows if row.point == point] for point in (0, 1)]
    assert not {row.key for row in by_point[0]} & {row.key for row in by_point[1]}
    assert not {row.world for row in by_point[0]} & {row.world for row in by_point[1]}


def test_both_sizes_are_told_at_full_size(study, tmp_path):
    found = sweep(study, out=tmp_path / "out", workers=1, where="threads")
    assert found.complete
    table = found.table
    told = table[table["policy"] != "keep"].groupby("run.represents")["told"].max()
    assert told.to_dict() == {1: 120.0, 10: 120.0}
    row = table[(table["policy"] != "keep") & (table["run.represents"] == 10)].iloc[0]
    again = replay(tmp_path / "out", f"{row['point']}/{row['policy']}/{row['replication']}")
    assert again.same is True
    assert again.result.measured["net_value"] == pytest.approx(row["net_value"])


def test_a_search_tries_no_limit_that_so_few_cannot_keep():
    town = "scenarios/first_look.toml"
    assert space_of(load_scenario(town)).levers["bulk letter"]["choose.limit"] == (15, 30, 60)
    assert space_of(load_scenario(town, ["run.represents=10"])).levers["bulk letter"]["choose.limit"] == (60,)
