"""Designs, point by point: steps, ends, seeds, and where in its range a sampled number falls."""

from __future__ import annotations

import math

import pytest
from small import TWO_POLICIES

from wom_sim.scenario import ScenarioError
from wom_sim.study.designs import design_seed
from wom_sim.study.loading import load_study

SCENARIO = TWO_POLICIES.format(customers=100, prospects=0, days=365, limit=30).replace("200.0", "50.0")


@pytest.fixture
def study(tmp_path):
    def made(design, *factors, **more):
        (tmp_path / "scenario.toml").write_text(SCENARIO)
        text = 'name = "small"\nscenario = "scenario.toml"\nreplications = 2\n'
        text += "".join(f"{name} = {value}\n" for name, value in more.items())
        text += f"[design]\n{design}\n" + "".join(f"[[factors]]\n{factor}\n" for factor in factors)
        (tmp_path / "study.toml").write_text(text)
        return load_study(tmp_path / "study.toml")

    return made


LIMIT, PAYMENT = 'key = "choose.limit"\n', 'key = "policies.exit.payment"\n'


def test_steps_are_even_factors_on_a_log_scale_and_whole_numbers_come_once(study):
    log = PAYMENT + 'low = 1\nhigh = 1000\nscale = "log"\nsteps = 4'
    found = study('kind = "grid"', log).points
    assert [row[0] for row in found.rows] == [1.0, 10.0, 100.0, 1000.0]
    whole = study('kind = "grid"', LIMIT + "low = 1\nhigh = 4\nsteps = 9").points
    assert [row[0] for row in whole.rows] == [1, 2, 3, 4]
    assert all(type(row[0]) is int for row in whole.rows)
    forced = study('kind = "grid"', PAYMENT + "low = 0.6\nhigh = 3.4\nsteps = 9\ninteger = true").points
    assert [row[0] for row in forced.rows] == [1, 2, 3]


def test_one_at_a_time_begins_with_the_scenario_as_it_is(study):
    found = study('kind = "one_at_a_time"', LIMIT + "values = [10, 30, 60]", PAYMENT + "low = 0\nhigh = 100").points
    assert found.rows == [(30, 50.0), (10, 50.0), (60, 50.0), (30, 0.0), (30, 100.0)]
    steps = study('kind = "one_at_a_time"', PAYMENT + "low = 0\nhigh = 100\nsteps = 5").points
    assert steps.rows == [(50.0,), (0.0,), (25.0,), (75.0,), (100.0,)]


@pytest.mark.parametrize(("given", "seed"), [(None, 2007), (1, 1), (2, 2), (0, 2**31 - 2), (2**31 - 2, 2**31 - 2),
                                             (2**31 - 1, 1)])  # fmt: skip
def test_the_seed_of_a_design(study, given, seed):
    more = {} if given is None else {"seed": given}
    made = study('kind = "latin_hypercube"\nsamples = 4', PAYMENT + "low = 0\nhigh = 1", **more)
    assert design_seed(made.said) == made.points.seed == seed
    own = study('kind = "latin_hypercube"\nsamples = 4\nseed = 9', PAYMENT + "low = 0\nhigh = 1", **more)
    assert own.points.seed == 9


def test_a_latin_hypercube_has_one_value_in_each_band(study):
    factors = [PAYMENT + "low = 0\nhigh = 80", LIMIT + "low = 1\nhigh = 4", 'key = "policies.letter.framing"\nvalues = '
               '["neutral", "blames"]', 'key = "money.cost_per_call"\nlow = 1\nhigh = 256\nscale = "log"']  # fmt: skip
    found = study('kind = "latin_hypercube"\nsamples = 8', *factors).points
    payment, limit, framing, cost = (list(column) for column in zip(*found.rows, strict=True))
    assert sorted(int(value // 10) for value in payment) == list(range(8))
    assert sorted(limit) == [1, 1, 2, 2, 3, 3, 4, 4], "each whole number as likely as the others"
    assert sorted(framing) == ["blames"] * 4 + ["neutral"] * 4
    assert sorted(int(math.log2(value)) for value in cost) == list(range(8))
    assert study('kind = "latin_hypercube"\nsamples = 8', *factors).points == found


@pytest.mark.parametrize(
    ("design", "factors", "said"),
    [
        ('kind = "grid"', [PAYMENT], r"factors\[0\]: needs values, or low and high$"),
        ('kind = "grid"', [LIMIT + "values = [1]", PAYMENT + "low = 0\nhigh = 1"],
         r"factors\[1\]: needs values, or low, high and steps"),
        ('kind = "grid"', [PAYMENT + "low = 0\nhigh = 1\nsteps = 9000", 'key = "money.cost_per_call"\nlow = 1\nhigh = '
                           '9\nsteps = 9000'], "design: makes 81,000,000 points, allowed: at most 10,000,000"),
        ('kind = "latin_hypercube"\nsamples = 4', [PAYMENT], r"factors\[0\]: needs values, or low and high"),
        ('kind = "saltelli"\nsamples = 4', [PAYMENT + "low = 0\nhigh = 1"],
         "kind = 'saltelli' needs at least two factors: with one there is nothing to share the variance with"),
        ('kind = "morris"\nsamples = 4', [PAYMENT + "values = [1.0]"],
         r"factors\[0\]: values: has one value; kind = 'morris' needs two or more, to step from one to another"),
    ],
)  # fmt: skip
def test_designs_that_cannot_be_made(study, design, factors, said):
    with pytest.raises(ScenarioError, match=said):
        study(design, *factors).points  # noqa: B018 - points are made when they are asked for
